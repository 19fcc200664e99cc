//! The recorded sessions of the real service, replayed against the emulator.
//!
//! Ids are mapped as they appear, and the clock moves on only when a row needs it to: what the
//! service showed must be one of the emulator's own runs, in every row. Its order of attaches and the
//! lengths of its delays come from the seed, so a few seeds are tried for each session.
//!
//! The sessions are not part of the project. They are looked for beside it, or where
//! `FLEXIP_RECORDINGS` says, and without them there is nothing to show.
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

/// How many seeds a session has to come about.
const SEEDS: u64 = 400;

fn folder() -> PathBuf {
    std::env::var_os("FLEXIP_RECORDINGS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/recordings")),
        PathBuf::from,
    )
}

#[test]
fn every_recorded_session_is_one_of_the_emulators_runs() {
    let sessions = Session::read_all(&folder());
    if sessions.is_empty() {
        println!("SKIPPED: no recorded sessions in {}", folder().display());
        return;
    }
    let mut failures = Vec::new();
    let mut runs = Vec::new();
    let (mut rows, mut compared) = (0, 0);
    for session in &sessions {
        let outcome = replay::best_of(session, SEEDS);
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
    // For tests/server/recordings.test.ts, which does the same over HTTP.
    if let Some(path) = std::env::var_os("FLEXIP_RUNS") {
        std::fs::write(path, serde_json::to_string(&runs).unwrap()).unwrap();
    }
    println!("{compared} of {rows} rows in {} sessions", sessions.len());
    assert!(failures.is_empty(), "{} sessions differ:\n{}", failures.len(), failures.join("\n"));
}
