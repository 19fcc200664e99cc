//! Client and emulator of the Scaleway Flexible IP API.

pub mod error;
pub mod model;
pub mod wire;
