//! The client for front-ends in Rust, as WebAssembly in Node and in a browser, against the emulator behind an
//! injected `fetch`. The clock is a fake one.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "these are tests"
)]

#[path = "web/foreign.rs"]
mod foreign;
#[path = "web/guide.rs"]
mod guide;
#[path = "web/lists.rs"]
mod lists;
#[path = "web/operations.rs"]
mod operations;
#[path = "web/service.rs"]
mod service;
#[path = "web/sharing.rs"]
mod sharing;
#[path = "web/trouble.rs"]
mod trouble;
#[path = "web/waits.rs"]
mod waits;
