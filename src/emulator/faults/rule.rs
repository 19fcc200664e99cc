//! What a fault rule says, and what it may not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::gate;
use crate::model::id::FlexibleIpId;
use crate::model::zone::Zone;
use crate::wire::route::{Operation, Tail};

/// When to fail, and how. All conditions must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FaultRule {
    /// Only this operation, by its name in JavaScript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Only where the path names this zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Only where the path names this flexible IP. The paths of list, create, attach and detach name
    /// none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fip_id: Option<String>,
    /// Only from this matching call on, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<u32>,
    /// At most so many times. Without it, once where `nth` is given, else any number of times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// How likely it is for each call, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// What happens.
    pub fault: Fault,
}

/// What happens instead of the answer, or to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Fault {
    /// Another answer; the work is not done, unless it says `after`.
    Status(FaultStatus),
    /// 429 as the gateway sends it: no body, no type, no `Retry-After`. The work is not done.
    RateLimit,
    /// The same, whenever calls come faster than this.
    RateGate(RateGate),
    /// The answer comes so many milliseconds later.
    Delay(FaultDelay),
    /// The connection is closed without an answer, and the work is not done.
    DropBefore,
    /// The work is done, and the connection is closed without an answer.
    DropAfter,
    /// The connection is reset, and the work is not done.
    ResetBefore,
    /// The work is done, and the connection is reset.
    ResetAfter,
    /// The work is done, and only so many bytes of the answer's body arrive.
    Truncate(usize),
    /// The work is done, and the answer's body is no JSON.
    Garbage,
    /// The work is done, and the answer's body arrives piece by piece.
    Drip(Drip),
}

/// An answer of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(hashmap_as_object))]
pub struct FaultStatus {
    /// Its status.
    pub status: u16,
    /// Its body. A text is sent as it is, anything else as JSON.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional, type = "unknown"))]
    pub body: serde_json::Value,
    /// Its headers, such as `Retry-After`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub headers: BTreeMap<String, String>,
    /// Whether the work is done first. A request that is refused stays refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub after: bool,
}

/// A token bucket: it is full at first, and a call that finds it empty gets a bare 429.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct RateGate {
    /// How many calls it lets through in a second, in the long run.
    pub per_second: f64,
    /// How many calls it lets through at once.
    pub burst: u32,
}

/// Milliseconds, or a span of them to draw from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a delay is a number of milliseconds, or {min, max} of them")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum FaultDelay {
    /// Always as long.
    Fixed(u64),
    /// Drawn anew each time, from the seed.
    Jitter {
        /// The shortest.
        min: u64,
        /// The longest.
        max: u64,
    },
}

/// A body that comes slowly: a piece, of about the same size each, at the end of each share of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Drip {
    /// In how many pieces; no more than it has bytes.
    pub pieces: u32,
    /// Over how many milliseconds.
    pub over_ms: u64,
}

/// A rule that cannot be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FaultError {
    /// The text is no rule.
    #[error("the fault cannot be read: {0}")]
    Unreadable(String),
    /// There is no such operation.
    #[error("there is no operation {0:?}")]
    NoOperation(String),
    /// No flexible IPs are sold in this zone.
    #[error("no flexible IPs are sold in zone {0:?}")]
    NoZone(String),
    /// The id is none.
    #[error("fipId must be a UUID; found {0:?}")]
    NoId(String),
    /// The path of the operation has no id in it.
    #[error("the path of {0} names no flexible IP: a fault of it cannot have a fipId")]
    NoIdInPath(String),
    /// Calls are counted from 1.
    #[error("nth is counted from 1; found 0")]
    NoNth,
    /// The probability is not within 0 and 1.
    #[error("a probability is within 0 and 1: {0}")]
    NoProbability(f64),
    /// The status is no HTTP status of an answer.
    #[error("an answer's status is within 200 and 599: {0}")]
    NoStatus(u16),
    /// A status says that the work was not done.
    #[error("a 401 says that nobody was let in: it cannot come after the work")]
    DeniedAfter,
    /// The header is none.
    #[error("{0:?} is no header: a name has letters, digits and -, a value no control characters")]
    NoHeader(String),
    /// The gate lets nothing through, or more than can be counted.
    #[error("a gate's perSecond is above 0 and at most 1000000, its burst at least 1: {0}, {1}")]
    NoGate(f64, u32),
    /// The span of a delay ends before it begins.
    #[error("the max of a delay is not below its min: {0}, {1}")]
    NoSpan(u64, u64),
    /// There is no body in no pieces.
    #[error("a drip has at least 1 piece; found 0")]
    NoPieces,
}

impl FaultRule {
    /// Reads a rule from JSON.
    pub fn from_json(text: &str) -> Result<Self, FaultError> {
        serde_json::from_str(text).map_err(|error| FaultError::Unreadable(error.to_string()))
    }

    pub(super) fn check(&self) -> Result<(), FaultError> {
        self.check_conditions()?;
        self.fault.check()
    }

    fn check_conditions(&self) -> Result<(), FaultError> {
        let operation = self.operation.as_deref().map(|name| {
            Operation::named(name).ok_or_else(|| FaultError::NoOperation(name.to_owned()))
        });
        let operation = operation.transpose()?;
        if let Some(zone) = &self.zone
            && !Zone::parse(zone).is_some_and(|zone| zone.is_known())
        {
            return Err(FaultError::NoZone(zone.clone()));
        }
        if let Some(id) = &self.fip_id {
            if FlexibleIpId::parse(id).is_none() {
                return Err(FaultError::NoId(id.clone()));
            }
            if let Some(operation) = operation
                && matches!(operation.route().tail, Tail::Collection(_))
            {
                return Err(FaultError::NoIdInPath(operation.name().to_owned()));
            }
        }
        if self.nth == Some(0) {
            return Err(FaultError::NoNth);
        }
        match self.probability {
            Some(probability) if !(0.0..=1.0).contains(&probability) => {
                Err(FaultError::NoProbability(probability))
            }
            _ => Ok(()),
        }
    }
}

impl Fault {
    fn check(&self) -> Result<(), FaultError> {
        match self {
            Self::Status(answer) => answer.check(),
            Self::RateGate(gate) if !gate::can_be(gate) => {
                Err(FaultError::NoGate(gate.per_second, gate.burst))
            }
            Self::Delay(FaultDelay::Jitter { min, max }) if max < min => {
                Err(FaultError::NoSpan(*min, *max))
            }
            Self::Drip(Drip { pieces: 0, .. }) => Err(FaultError::NoPieces),
            _ => Ok(()),
        }
    }
}

impl FaultStatus {
    fn check(&self) -> Result<(), FaultError> {
        if !(200..=599).contains(&self.status) {
            return Err(FaultError::NoStatus(self.status));
        }
        // Whoever looks for work that is done again tells by the 401 that there was none.
        if self.after && self.status == 401 {
            return Err(FaultError::DeniedAfter);
        }
        let named = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        let valued = |value: &str| value.bytes().all(|byte| (b' '..0x7f).contains(&byte));
        match self.headers.iter().find(|(name, value)| !named(name) || !valued(value)) {
            Some((name, value)) => Err(FaultError::NoHeader(format!("{name}: {value}"))),
            None => Ok(()),
        }
    }
}
