//! The setting for how many flexible IPs exist from the start.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::emulator::settings::error::SettingsError;
use crate::model::zone::{KNOWN_ZONES, Zone};

/// More do not fit into the memory of WebAssembly.
pub(in crate::emulator) const MAX_POPULATION: u32 = 4_000_000;

const ZONES: u32 = KNOWN_ZONES.len() as u32;

/// How many flexible IPs exist from the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "population is a number, or an object with a number for each zone")]
#[cfg_attr(
    target_arch = "wasm32",
    derive(tsify::Tsify),
    tsify(type = "number | Record<string, number>")
)]
pub enum Population {
    /// The number in all zones together, spread evenly.
    Total(u32),
    /// The number in each of these zones.
    Zones(BTreeMap<String, u32>),
}

impl Population {
    /// The number in each zone.
    ///
    /// Fails if they are more than [`MAX_POPULATION`] together, or if a zone is unknown.
    pub(in crate::emulator) fn by_zone(&self) -> Result<Vec<(Zone, u32)>, SettingsError> {
        let counts: Vec<(&str, u32)> = match self {
            Self::Zones(zones) => {
                zones.iter().map(|(name, count)| (name.as_str(), *count)).collect()
            }
            Self::Total(total) => {
                // The remainder goes to the first zones.
                let extra = |number| u32::from(number < total % ZONES);
                let counts = (0..ZONES).map(|number| (total / ZONES).saturating_add(extra(number)));
                KNOWN_ZONES.iter().copied().zip(counts).collect()
            }
        };
        let total = counts.iter().fold(0_u32, |sum, (_, count)| sum.saturating_add(*count));
        if total > MAX_POPULATION {
            return Err(SettingsError::OverPopulation { total, most: MAX_POPULATION });
        }
        let zone = |name| Zone::parse(name).filter(Zone::is_known);
        let known = |(name, count)| {
            zone(name)
                .map(|zone| (zone, count))
                .ok_or_else(|| SettingsError::NoZone(name.to_owned()))
        };
        counts.into_iter().map(known).collect()
    }
}
