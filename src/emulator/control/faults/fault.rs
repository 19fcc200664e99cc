//! What a fault is: a response in place of the service's, a delay, or a broken connection.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::emulator::control::faults::delay::{FaultDelay, check_millis};
use crate::emulator::control::faults::error::FaultError;
use crate::emulator::control::faults::flap::Flap;
use crate::emulator::control::faults::gate::RateGate;
use crate::emulator::control::faults::lateness::Late;
use crate::emulator::control::faults::reads::{Stale, Tear};
use crate::emulator::control::faults::retry_after::RetryAfter;
use crate::emulator::http::exchange::Drip;
use crate::wire::route::Operation;

/// What happens in place of the response, or to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Fault {
    /// Another response. The work is not done, unless `after` is set.
    Status(FaultStatus),
    /// 429 as the gateway sends it: no body, no `Content-Type`, no `Retry-After`. The work is not done.
    RateLimit,
    /// The same 429 for calls that come faster than this.
    RateGate(RateGate),
    /// The response is delayed.
    Delay(FaultDelay),
    /// The connection is closed without a response. The work is not done.
    DropBefore,
    /// The work is done. The connection is closed without a response.
    DropAfter,
    /// The connection is reset without a response. The work is not done.
    ResetBefore,
    /// The work is done. The connection is reset without a response.
    ResetAfter,
    /// The work is done. Only this many bytes of the response's body arrive.
    Truncate(usize),
    /// The work is done. The response's body is not JSON.
    Garbage,
    /// The work is done. The response's body arrives in pieces.
    Drip(Drip),
    /// The work is done. The response's body arrives in this many chunks, without a `Content-Length`.
    Chunked(u32),
    /// The work is done. The response's body is compressed with gzip, whatever the request accepts.
    Gzip,
    /// A refusal with this `Retry-After`. The work is not done.
    RetryAfter(RetryAfter),
    /// The response is an error now, and the work is done later. Only for operations that write.
    Late(Late),
    /// A list shows some flexible IPs as they were before their last change, and the others as they are.
    Tear(Tear),
    /// 403 `permissions_denied` for a time or a number of requests. The work is not done. `nth`, `times` and
    /// `probability` are about the first request of a flap; without `times` and `probability` there is one flap.
    Flap(Flap),
    /// A page of a list has the items of the page before it. The first page is unchanged.
    RepeatPage,
    /// A page of a list begins this many items later, or earlier if the number is negative.
    ShiftPage(i32),
    /// The `total_count` of a list is too high by this number, or too low if it is negative.
    WrongTotal(i32),
    /// A page of HTML with this status, such as that of a captive portal or a firewall. The work is not done.
    Portal(u16),
    /// The flexible IP is deleted, and its id goes to another tenant at once: no later create gets it.
    Reuse,
    /// The response to a read is that from before the last change of what it reads, as of a cache.
    Stale(Stale),
}

/// A response that a fault sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(hashmap_as_object))]
pub struct FaultStatus {
    /// The status.
    pub status: u16,
    /// The body. A text is sent as it is, any other value as JSON.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional, type = "unknown"))]
    pub body: serde_json::Value,
    /// The headers, such as `Retry-After`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub headers: BTreeMap<String, String>,
    /// Whether the work is done first. A request that the service refuses gets its refusal.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub after: bool,
}

impl Fault {
    /// Checks the numbers and texts.
    pub(super) fn check(&self) -> Result<(), FaultError> {
        match self {
            Self::Status(status) => status.check(),
            Self::RateGate(gate) if !gate.is_valid() => {
                Err(FaultError::NoGate(gate.per_second, gate.burst))
            }
            Self::Delay(delay) => delay.check(),
            Self::Drip(Drip { pieces: 0, .. }) => Err(FaultError::NoPieces),
            Self::Drip(drip) => check_millis(drip.over_ms),
            Self::Chunked(0) => Err(FaultError::NoChunks),
            Self::RetryAfter(after) => after.check(),
            Self::Late(late) => late.check(),
            Self::Tear(tear) => tear.check(),
            Self::Flap(flap) => flap.check(),
            Self::ShiftPage(0) | Self::WrongTotal(0) => Err(FaultError::NoOffset(self.name())),
            // A 1xx is not the end of a response, and these have no body.
            Self::Portal(0..200 | 204 | 205 | 304 | 600..) => Err(FaultError::NoPortal),
            _ => Ok(()),
        }
    }

    pub(super) const fn is_only_for_lists(&self) -> bool {
        matches!(self, Self::Tear(_) | Self::RepeatPage | Self::ShiftPage(_) | Self::WrongTotal(_))
    }

    /// The operations that the fault can be injected into, in words.
    pub(super) const fn operations(&self) -> &'static str {
        match self {
            Self::Late(_) => "operations that write",
            Self::Stale(_) => "operations that read",
            Self::Reuse => "deleteFlexibleIP",
            _ if self.is_only_for_lists() => "listFlexibleIPs",
            _ => "every operation",
        }
    }

    /// Whether the fault can be injected into an operation.
    pub(super) fn is_for(&self, operation: Operation) -> bool {
        match self {
            Self::Late(_) => operation.is_write(),
            _ if self.is_only_for_lists() => operation == Operation::ListFlexibleIps,
            Self::Stale(_) => !operation.is_write(),
            Self::Reuse => operation == Operation::DeleteFlexibleIp,
            _ => true,
        }
    }
}

/// Whether a response with this status has no body.
pub(super) const fn has_no_body(status: u16) -> bool {
    matches!(status, 204 | 205 | 304)
}

impl FaultStatus {
    fn check(&self) -> Result<(), FaultError> {
        if !(200..=599).contains(&self.status) {
            return Err(FaultError::NoStatus(self.status));
        }
        let is_empty = self.body.is_null() || self.body == "";
        if has_no_body(self.status) && !is_empty {
            return Err(FaultError::Bodiless(self.status));
        }
        // A 401 shows the client that the work was not done.
        if self.after && self.status == 401 {
            return Err(FaultError::DeniedAfter);
        }
        let is_name = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        let is_value = |value: &str| value.bytes().all(|byte| (b' '..0x7f).contains(&byte));
        match self.headers.iter().find(|(name, value)| !is_name(name) || !is_value(value)) {
            Some((name, value)) => Err(FaultError::NoHeader(format!("{name}: {value}"))),
            None => Ok(()),
        }
    }
}
