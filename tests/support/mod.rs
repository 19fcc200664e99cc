//! What several tests share: a simulated world with its own clock, a network that fails, and scenarios.
#![allow(dead_code, reason = "no test uses everything")]

pub(crate) mod network;
pub(crate) mod scenario;
pub(crate) mod world;
