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
//! | `fetch` | one request: the injected `fetch`, its timer, its signal |
//! | `driver` | one machine: carries its steps out, settles its promise |
//! | `client` | what the module `client` exports |
//! | `emulator` | what the module `emulator` exports |

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "client")]
mod driver;
#[cfg(feature = "emulator")]
pub mod emulator;
#[cfg(feature = "client")]
mod fetch;
#[cfg(feature = "client")]
mod plain;
#[cfg(feature = "client")]
pub mod types;
#[cfg(feature = "client")]
mod value;
