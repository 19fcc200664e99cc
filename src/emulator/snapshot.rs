//! All that the emulator holds, as a JSON text, and back.
//!
//! It holds flexible IPs, servers, faults and what the next random numbers will be: an emulator that
//! was restored answers as the first one would have. It holds neither the settings, nor the journal,
//! nor any secret.

use serde::{Deserialize, Serialize};

use super::faults::Faults;
use super::memory;
use super::state::State;

/// The version that is written. One that cannot be read any more gets a new number.
const VERSION: u32 = 1;

/// A text that is no snapshot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// It is not JSON, or not of the shape.
    #[error("the snapshot cannot be read: {0}")]
    Unreadable(String),
    /// It is of a version that this emulator does not know.
    #[error("the snapshot is of version {0}, this emulator reads version 1")]
    OtherVersion(u32),
}

#[derive(Serialize)]
struct Written<'emulator> {
    version: u32,
    state: &'emulator State,
    faults: &'emulator Faults,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Deserialize)]
struct Read {
    state: State,
    faults: Faults,
}

/// Writes a snapshot.
pub(super) fn write(state: &State, faults: &Faults) -> String {
    // Nothing in it can fail to be written: all keys are texts.
    serde_json::to_string(&Written { version: VERSION, state, faults }).unwrap_or_default()
}

/// Reads a snapshot.
pub(super) fn read(text: &str) -> Result<(State, Faults), SnapshotError> {
    let unreadable = |error: serde_json::Error| SnapshotError::Unreadable(error.to_string());
    let Version { version } = serde_json::from_str(text).map_err(unreadable)?;
    if version != VERSION {
        return Err(SnapshotError::OtherVersion(version));
    }
    // What is held is about as long as its text.
    memory::reserve(text.len());
    let Read { mut state, faults } = serde_json::from_str(text).map_err(unreadable)?;
    if !state.reindex() {
        let reason = "its flexible IPs are not those that its pool gave away".to_owned();
        return Err(SnapshotError::Unreadable(reason));
    }
    Ok((state, faults))
}
