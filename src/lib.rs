//! Client and emulator of the Scaleway Flexible IP API.

pub mod model;
pub mod wire;
