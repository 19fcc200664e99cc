//! The snapshot: the whole state as JSON, and back.
//!
//! It contains flexible IPs, servers, fault rules and the states of the random numbers, so that a restored
//! emulator responds as the first one would have. It contains neither the settings, nor the journal, nor
//! secrets.

use serde::{Deserialize, Serialize};

use crate::emulator::control::faults::injector::Injector;
use crate::emulator::memory;
use crate::emulator::world::state::State;
use crate::emulator::world::{invariants, populated};
use crate::model::time::Timestamp;

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
    /// It is longer than the maximum.
    #[error("a snapshot has at most 500000000 bytes; this one has {0}")]
    TooLong(usize),
    /// There is not enough memory for it.
    #[error("there is no memory here for a snapshot of {0} bytes")]
    NoMemory(usize),
    /// It breaks a rule that is true of every state.
    #[error("the snapshot breaks the rule that {name}: {what}")]
    Broken {
        /// The rule.
        name: &'static str,
        /// What breaks it.
        what: String,
    },
}

#[derive(Serialize)]
struct SnapshotToWrite<'emulator> {
    version: u32,
    at: Timestamp,
    state: &'emulator State,
    faults: &'emulator Injector,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// A snapshot that was read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct Snapshot {
    #[serde(rename = "version")]
    _version: u32,
    /// When it was taken.
    pub(in crate::emulator) at: Timestamp,
    pub(in crate::emulator) state: State,
    pub(in crate::emulator) faults: Injector,
}

/// Writes a snapshot. Fails if it would be longer than [`MAX_BYTES`].
pub(in crate::emulator) fn write(
    state: &State,
    faults: &Injector,
    at: Timestamp,
) -> Result<String, SnapshotError> {
    let snapshot = SnapshotToWrite { version: VERSION, at, state, faults };
    let unreadable = |error: serde_json::Error| SnapshotError::Unreadable(error.to_string());
    // Counted first, since the memory would end before the text does.
    let mut length = Length(0);
    serde_json::to_writer(&mut length, &snapshot).map_err(unreadable)?;
    let Length(bytes) = length;
    check_length(bytes)?;
    if !memory::reserve(bytes) {
        return Err(SnapshotError::NoMemory(bytes));
    }
    let mut text = Vec::with_capacity(bytes);
    serde_json::to_writer(&mut text, &snapshot).map_err(unreadable)?;
    String::from_utf8(text).map_err(|error| SnapshotError::Unreadable(error.to_string()))
}

/// The longest snapshot: a string of JavaScript has no room for much more.
const MAX_BYTES: usize = 500_000_000;

const fn check_length(bytes: usize) -> Result<(), SnapshotError> {
    if bytes > MAX_BYTES { Err(SnapshotError::TooLong(bytes)) } else { Ok(()) }
}

/// Counts the bytes that are written.
struct Length(usize);

impl std::io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Reads a snapshot. Fails on another version, on JSON of another format, and on state that breaks an invariant.
pub(in crate::emulator) fn read(text: &str) -> Result<Snapshot, SnapshotError> {
    let unreadable = |error: serde_json::Error| SnapshotError::Unreadable(error.to_string());
    check_length(text.len())?;
    let Version { version } = serde_json::from_str(text).map_err(unreadable)?;
    if version != VERSION {
        return Err(SnapshotError::OtherVersion(version));
    }
    // The state takes about as many bytes as its JSON.
    if !memory::reserve(text.len()) {
        return Err(SnapshotError::NoMemory(text.len()));
    }
    let mut snapshot: Snapshot = serde_json::from_str(text).map_err(unreadable)?;
    snapshot.faults.complete();
    populated::add_unchanged(&mut snapshot.state)
        .map_err(|error| SnapshotError::Unreadable(error.to_string()))?;
    if !snapshot.state.reindex() {
        let reason = "its flexible IPs are not those that its pool gave away".to_owned();
        return Err(SnapshotError::Unreadable(reason));
    }
    check(&snapshot.state, &snapshot.faults, snapshot.at)?;
    Ok(snapshot)
}

/// Checks every invariant of a state at a time. Fails with the name of the first that is broken.
pub(in crate::emulator) fn check(
    state: &State,
    faults: &Injector,
    at: Timestamp,
) -> Result<(), SnapshotError> {
    faults.check(at).map_err(|error| SnapshotError::Unreadable(error.to_string()))?;
    if faults.needs_history() && state.history.is_off() {
        let name = "the past is recorded while a fault rule needs it";
        return Err(SnapshotError::Broken { name, what: "it is not".to_owned() });
    }
    invariants::check(state, at).map_err(|(name, what)| SnapshotError::Broken { name, what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_over_500_000_000_bytes_is_refused_with_both_numbers() {
        assert_eq!(check_length(500_000_000), Ok(()));
        let refusal = check_length(500_000_001).map_err(|error| error.to_string());
        let sentence = "a snapshot has at most 500000000 bytes; this one has 500000001";
        assert_eq!(refusal, Err(sentence.to_owned()));
    }
}
