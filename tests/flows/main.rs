//! The machines of the client, run against the emulator on a simulated clock.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

#[path = "../support/mod.rs"]
mod support;

mod absence;
mod create_and_attach;
mod lists;
mod move_doubts;
mod move_refusals;
mod moves;
mod moving;
mod operations;
mod play;
mod retries;
mod waits;
