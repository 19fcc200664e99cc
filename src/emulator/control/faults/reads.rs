//! The values of the faults `tear` and `stale`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::emulator::control::faults::error::FaultError;
use crate::emulator::random::Random;
use crate::emulator::world::state::State;
use crate::model::id::FlexibleIpId;
use crate::model::time::Timestamp;

/// Which flexible IPs of a list are shown as they were just before their last change. Only changes since the
/// rule was added are known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Tear {
    /// These, by their ids. Without them, chance decides for each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub fips_ids: Option<Vec<String>>,
    /// The probability for each flexible IP, from 0 to 1. 0.5 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub share: Option<f64>,
    /// Only those that changed within so many milliseconds before the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub within_ms: Option<u64>,
}

/// A response from a cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Stale {
    /// Whether the cache also responds to a request that forbids it by `Cache-Control: no-store` or `no-cache`, or
    /// by `Pragma: no-cache`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub even_no_store: bool,
}

impl Tear {
    pub(super) fn check(&self) -> Result<(), FaultError> {
        let mut ids = self.fips_ids.iter().flatten();
        if let Some(id) = ids.find(|id| FlexibleIpId::parse(id).is_none()) {
            return Err(FaultError::NoTearId(id.clone()));
        }
        match self.share {
            Some(share) if !(0.0..=1.0).contains(&share) => Err(FaultError::NoProbability(share)),
            Some(_) if self.fips_ids.is_some() => Err(FaultError::NoTear),
            _ => Ok(()),
        }
    }

    pub(super) fn older(
        &self,
        state: &State,
        mut random: Random,
        now: Timestamp,
    ) -> BTreeSet<FlexibleIpId> {
        let chosen: Option<BTreeSet<FlexibleIpId>> = self
            .fips_ids
            .as_ref()
            .map(|ids| ids.iter().filter_map(|id| FlexibleIpId::parse(id)).collect());
        let share = self.share.unwrap_or(0.5);
        let mut older = BTreeSet::new();
        for (id, past) in state.history.changed() {
            let is_chosen = match &chosen {
                Some(chosen) => chosen.contains(&id),
                None => random.fraction() < share,
            };
            let is_recent = self.within_ms.is_none_or(|within| now.since(past.at).0 <= within);
            if is_chosen && is_recent {
                older.insert(id);
            }
        }
        older
    }
}

impl Stale {
    /// Whether the cache may respond to a request with these headers.
    pub(super) fn serves(self, headers: &[(String, String)]) -> bool {
        let forbids = |(name, value): &(String, String)| {
            let has = |directive: &str| directives(value).iter().any(|other| other == directive);
            match name.to_ascii_lowercase().as_str() {
                "cache-control" => has("no-store") || has("no-cache"),
                "pragma" => has("no-cache"),
                _ => false,
            }
        };
        self.even_no_store || !headers.iter().any(forbids)
    }
}

/// The names of the directives in a header, in small letters. What is in quotation marks is an argument.
fn directives(value: &str) -> Vec<String> {
    let unquoted: String = value.split('"').step_by(2).collect();
    let names = unquoted.to_ascii_lowercase();
    let name = |directive: &str| directive.split('=').next().unwrap_or_default().trim().to_owned();
    names.split(',').map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_directive_forbids_the_cache() {
        let serves = |name: &str, value: &str| {
            Stale::default().serves(&[(name.to_owned(), value.to_owned())])
        };
        for value in ["no-store", "max-age=0, No-Cache", "no-cache=\"a\"", " no-store ,x"] {
            assert!(!serves("Cache-Control", value), "{value}");
        }
        for value in ["no-storex", "xno-cache", "max-age=0", "x=no-store", "x=\"a, no-store, b\""] {
            assert!(serves("Cache-Control", value), "{value}");
        }
        assert!(!serves("pragma", "NO-CACHE") && serves("Pragma", "no-store, no-cached"));
        assert!(serves("X-Cache-Control", "no-store"));
    }
}
