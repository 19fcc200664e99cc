//! What the tests of several rooms share: a world with a clock of its own, a network that fails, and
//! short ways to begin.
#![allow(dead_code, reason = "each test takes what it needs of it")]

pub(crate) mod network;
pub(crate) mod scenario;
pub(crate) mod world;
