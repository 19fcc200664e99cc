//! The snapshot: the whole state as JSON, and back.
//!
//! It contains flexible IPs, servers, fault rules and the states of the random numbers, so that a restored
//! emulator responds as the first one would have. It contains neither the settings, nor the journal, nor
//! secrets.

use serde::{Deserialize, Serialize};

use crate::emulator::control::faults::injector::Injector;
use crate::emulator::memory;
use crate::emulator::world::state::State;

/// The version of the format. It changes when an older snapshot cannot be read any more.
const VERSION: u32 = 1;

/// Why a snapshot is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// It is not JSON, or does not have the format of a snapshot.
    #[error("the snapshot cannot be read: {0}")]
    Unreadable(String),
    /// It has an unknown version.
    #[error("the snapshot is of version {0}, this emulator reads version 1")]
    OtherVersion(u32),
}

#[derive(Serialize)]
struct SnapshotToWrite<'emulator> {
    version: u32,
    state: &'emulator State,
    faults: &'emulator Injector,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Deserialize)]
struct SnapshotToRead {
    state: State,
    faults: Injector,
}

/// Writes a snapshot.
pub(in crate::emulator) fn write(state: &State, faults: &Injector) -> String {
    // It cannot fail: all keys are texts.
    serde_json::to_string(&SnapshotToWrite { version: VERSION, state, faults }).unwrap_or_default()
}

/// Reads a snapshot. Fails on another version, on JSON of another format, and on state that contradicts
/// itself.
pub(in crate::emulator) fn read(text: &str) -> Result<(State, Injector), SnapshotError> {
    let unreadable = |error: serde_json::Error| SnapshotError::Unreadable(error.to_string());
    let Version { version } = serde_json::from_str(text).map_err(unreadable)?;
    if version != VERSION {
        return Err(SnapshotError::OtherVersion(version));
    }
    // The state takes about as many bytes as its JSON.
    memory::reserve(text.len());
    let SnapshotToRead { mut state, mut faults } =
        serde_json::from_str(text).map_err(unreadable)?;
    faults.number();
    faults.check().map_err(|error| SnapshotError::Unreadable(error.to_string()))?;
    if !state.reindex() {
        let reason = "its flexible IPs are not those that its pool gave away".to_owned();
        return Err(SnapshotError::Unreadable(reason));
    }
    Ok((state, faults))
}
