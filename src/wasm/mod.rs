//! The edge: the only room that knows JavaScript.
//!
//! It binds `fetch`, timers and signals to the machines in `flow`, and makes no decision of its own.
//! Nothing here may panic or throw through Rust: a promise would never settle. So every call into
//! JavaScript that can throw is declared with `catch`.
//!
//! | file | what it binds |
//! |---|---|
//! | `value` | what JavaScript hands over, read with distrust |
//! | `types` | the public TypeScript types: requests, results |
//! | `plain` | plain objects for JavaScript, made field by field |
//! | `edge` | the facade's exchanges, sleeps and signals, and what an answer means to a machine |
//! | `driver` | one machine: carries its steps out, settles its promise |
//! | `events`, `reports` | what watchers are told, and what errors are made of |
//! | `connection` | where requests go, and with what |
//! | `client`, `pure` | what the module `client` exports |
//! | `emulator` | what the module `emulator` exports |

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "client")]
mod connection;
#[cfg(feature = "client")]
mod driver;
#[cfg(feature = "client")]
mod edge;
#[cfg(feature = "emulator")]
pub mod emulator;
#[cfg(feature = "client")]
mod events;
#[cfg(feature = "client")]
mod plain;
#[cfg(feature = "client")]
pub mod pure;
#[cfg(feature = "client")]
mod reports;
#[cfg(feature = "client")]
pub mod types;
#[cfg(feature = "client")]
mod value;
