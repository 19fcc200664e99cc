//! When a fault is injected: the conditions of a rule.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::emulator::control::faults::error::FaultError;
use crate::emulator::control::faults::fault::Fault;
use crate::emulator::settings::error::wrong_field;
use crate::model::id::FlexibleIpId;
use crate::model::zone::Zone;
use crate::wire::path::decode;
use crate::wire::route::{Matched, Operation, Tail};

/// When a fault is injected, and which. All conditions must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FaultRule {
    /// Only into this operation, by its name in JavaScript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Only where the path names this zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Only where the path names this flexible IP. The paths of list, create, attach and detach name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fip_id: Option<String>,
    /// Only from this matching call on, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<u32>,
    /// At most this many times. Without it, once if `nth` is set, else any number of times. A flap counts once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// The probability for each matching call, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// What happens.
    pub fault: Fault,
}

impl FaultRule {
    /// Reads a rule from JSON. Does not check it.
    pub fn from_json(text: &str) -> Result<Self, FaultError> {
        serde_json::from_str(text).map_err(|error| {
            let fields: Option<Map<String, Value>> = serde_json::from_str(text).ok();
            let always = Some(("fault", Value::from("garbage")));
            let wrong = fields.and_then(|fields| wrong_field::<Self>(&fields, always));
            FaultError::Unreadable(wrong.unwrap_or_else(|| error.to_string()))
        })
    }

    /// The length of the rule as JSON, in bytes.
    pub(super) fn json_bytes(&self) -> usize {
        serde_json::to_string(self).map_or(0, |json| json.len())
    }

    /// Reads a list of rules from JSON, and checks them. An error names the line and the column, or the
    /// number of the rule.
    pub fn list_from_json(text: &str) -> Result<Vec<Self>, FaultError> {
        let rules: Vec<Self> = serde_json::from_str(text)
            .map_err(|error| FaultError::Unreadable(error.to_string()))?;
        for (number, rule) in (1..).zip(&rules) {
            rule.check().map_err(|error| FaultError::InList(number, Box::new(error)))?;
        }
        Ok(rules)
    }

    /// Checks the conditions and the fault.
    pub(super) fn check(&self) -> Result<(), FaultError> {
        self.check_conditions()?;
        self.fault.check()
    }

    fn check_conditions(&self) -> Result<(), FaultError> {
        let operation = self.operation.as_deref().map(|name| {
            Operation::named(name).ok_or_else(|| FaultError::NoOperation(name.to_owned()))
        });
        let operation = operation.transpose()?;
        if let Some(operation) = operation.filter(|operation| !self.fault.is_for(*operation)) {
            return Err(FaultError::NoEffect(
                self.fault.name(),
                operation.name(),
                self.fault.operations(),
            ));
        }
        if let Some(zone) = &self.zone
            && !Zone::parse(zone).is_some_and(|zone| zone.is_known())
        {
            return Err(FaultError::NoZone(zone.clone()));
        }
        if let Some(id) = &self.fip_id {
            if FlexibleIpId::parse(id).is_none() {
                return Err(FaultError::NoId(id.clone()));
            }
            let list = Some(Operation::ListFlexibleIps);
            let operation = operation.or(list.filter(|_| self.fault.is_only_for_lists()));
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

    /// How many injections the rule makes if it has no `times`.
    pub(super) fn default_times(&self) -> u32 {
        let is_single_flap = matches!(self.fault, Fault::Flap(_)) && self.probability.is_none();
        if self.nth.is_some() || is_single_flap { 1 } else { u32::MAX }
    }

    /// Whether the rule matches a call. Zone and id are compared by value, whatever their spelling in the
    /// path.
    pub(super) fn matches(&self, call: &Matched<'_>) -> bool {
        let zone =
            |zone: &String| decode(call.zone).is_some_and(|decoded| decoded == zone.as_str());
        let id = |id: &String| {
            let decoded = call.fip_id.and_then(decode);
            decoded.is_some_and(|decoded| FlexibleIpId::parse(&decoded) == FlexibleIpId::parse(id))
        };
        self.fault.is_for(call.operation)
            && self.operation.as_ref().is_none_or(|name| name == call.operation.name())
            && self.zone.as_ref().is_none_or(zone)
            && self.fip_id.as_ref().is_none_or(id)
    }
}
