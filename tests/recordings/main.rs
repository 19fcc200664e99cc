//! Replays recorded sessions of the real service against the emulator, which must respond alike.
//!
//! Recorded ids are mapped to the emulator's as they occur. The clock moves on only if a row does
//! not agree yet. The order of attaches and the lengths of delays depend on the seed, so several
//! seeds are tried for each session.
//!
//! The sessions are not part of the project. They are read from the folder `FLEXIP_RECORDINGS`, or
//! from one beside the project. Without them the test is skipped.
#![cfg(feature = "emulator")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test that panics has failed, which is what it is for"
)]

mod compare;
mod infer;
mod replay;
mod session;

use std::path::PathBuf;

use session::Session;

/// The number of seeds to try for each session.
const SEEDS: u64 = 400;

fn folder() -> PathBuf {
    std::env::var_os("FLEXIP_RECORDINGS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/recordings")),
        PathBuf::from,
    )
}

#[test]
fn the_emulator_responds_to_every_recorded_session_as_the_service_did() {
    let sessions = Session::read_all(&folder());
    if sessions.is_empty() {
        println!("SKIPPED: no recorded sessions in {}", folder().display());
        return;
    }
    let mut failures = Vec::new();
    let mut runs = Vec::new();
    let (mut rows, mut compared) = (0, 0);
    for session in &sessions {
        let outcome = replay::replay_with_seeds(session, SEEDS);
        rows += session.rows.len();
        compared += outcome.compared;
        println!(
            "{}: {} of {} rows compared, seed {}",
            session.name,
            outcome.compared,
            session.rows.len(),
            outcome.seed
        );
        for note in &outcome.notes {
            println!("    {note}");
        }
        if let Some(difference) = outcome.difference {
            failures.push(format!("{}: {difference}", session.name));
        }
        runs.push(outcome.run);
    }
    // For tests/server/recordings.test.ts, which replays the runs over HTTP.
    if let Some(path) = std::env::var_os("FLEXIP_RUNS") {
        std::fs::write(path, serde_json::to_string(&runs).unwrap()).unwrap();
    }
    println!("{compared} of {rows} rows in {} sessions", sessions.len());
    assert!(failures.is_empty(), "{} sessions differ:\n{}", failures.len(), failures.join("\n"));
}
