//! The edge: the only room that knows JavaScript.
//!
//! It connects `fetch`, timers and signals with the machines of `flow`, and decides nothing. Nothing here
//! may panic, and no exception may pass through Rust: a promise would never settle. So every call into
//! JavaScript that can throw is declared with `catch`.
//!
//! | file | what it does |
//! |---|---|
//! | `value` | reads any JavaScript value |
//! | `types` | the public TypeScript types: requests, results |
//! | `plain` | plain JavaScript objects, written and read field by field |
//! | `edge` | the bindings to `js/transport/edge.ts`: exchanges, sleeps, signals, listeners |
//! | `pending` | the exchanges, sleeps and listenings that have not completed |
//! | `response` | from a completion to the response that a machine receives |
//! | `driver` | drives one machine: carries out its commands, settles its promise |
//! | `events`, `reports` | the plain objects of events and errors |
//! | `connection` | what all calls of a client share |
//! | `client`, `pure` | the exports of the module `client` |
//! | `emulator` | the exports of the module `emulator` |

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
mod pending;
#[cfg(feature = "client")]
mod plain;
#[cfg(feature = "client")]
pub mod pure;
#[cfg(feature = "client")]
mod reports;
#[cfg(feature = "client")]
mod response;
#[cfg(feature = "client")]
pub mod types;
#[cfg(feature = "client")]
mod value;
