//! What can be wrong with settings.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Which field of an object cannot be read as one of `T`, and why. `always` is a field that every `T` needs.
pub(in crate::emulator) fn wrong_field<T: DeserializeOwned>(
    fields: &Map<String, Value>,
    always: Option<(&str, Value)>,
) -> Option<String> {
    fields.iter().find_map(|(name, value)| {
        let mut alone = Map::new();
        alone.extend(always.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        alone.insert(name.clone(), value.clone());
        let error = serde_json::from_value::<T>(Value::Object(alone)).err()?;
        Some(format!("{name}: {error}"))
    })
}

/// Why settings are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The text is not JSON, or has an unknown field or a value of the wrong type.
    #[error("the settings cannot be read: {0}")]
    Unreadable(String),
    /// An id is not a UUID.
    #[error("{field} is no UUID: {text:?}")]
    NoUuid {
        /// The setting.
        field: &'static str,
        /// Its value.
        text: String,
    },
    /// A setting names a zone without flexible IPs.
    #[error("{0:?} is no zone with flexible IPs")]
    NoZone(String),
    /// A block is not a network with a prefix, or it is of the other address family.
    #[error("{0:?} is no block of addresses of that family")]
    NoBlock(String),
    /// Two blocks have addresses in common.
    #[error("the blocks {0} and {1} overlap: an address can be in one block only")]
    Overlap(String, String),
    /// The population is larger than the maximum.
    #[error("population is {total}, the most is {most}")]
    OverPopulation {
        /// The population that was set.
        total: u32,
        /// The maximum.
        most: u32,
    },
    /// There is not enough memory for the population.
    #[error("there is no memory here for a population of {0}")]
    NoMemory(usize),
    /// The population of a zone is larger than its pool.
    #[error("population is larger than the pool of {0}: give it larger blocks")]
    NoRoom(String),
    /// The smallest, the median and the largest value of a delay are not in ascending order.
    #[error("the delay {0} has its smallest, median and largest in another order")]
    UnorderedDelay(&'static str),
    /// A delay is longer than the maximum.
    #[error("the delay {name} is {millis} ms long, the longest is {most}")]
    LongDelay {
        /// The delay.
        name: &'static str,
        /// Its largest value.
        millis: u64,
        /// The maximum.
        most: u64,
    },
    /// A percentage is over 100.
    #[error("attachDisorder is over 100: {0}")]
    NoPercentage(u8),
    /// A secret is short, or no header can carry it.
    #[error(
        "{0} must have 4 or more visible ASCII characters, and no space at its beginning or end; leave it out for the default"
    )]
    NoSecret(&'static str),
    /// A secret is too long for the head of a request.
    #[error("{0} has at most 4096 characters; this one has {1}")]
    LongSecret(&'static str, usize),
}
