//! The 11 operations of the API, as the client sends them: arguments checked, then encoded.
//!
//! Each operation has a file, which reads its arguments, applies its rules and builds its request.
//!
//! | file | what it holds |
//! |---|---|
//! | `check` | the entry: from an operation and its arguments to a request, or to every problem |
//! | `checked_request` | a request that passed every check that needs no network |
//! | `arguments` | reads what the caller passed, and collects every problem |
//! | `rules` | the rules between several flexible IPs |
//! | `lookup` | finds the flexible IP that carries an idempotency key |
//! | `readback` | whether a request was carried out whose response was lost |

pub mod arguments;
pub mod attach;
mod check;
mod checked_request;
pub mod create;
pub mod delete;
pub mod delete_mac;
pub mod detach;
pub mod duplicate_mac;
pub mod generate_mac;
pub mod get;
pub mod list;
pub mod lookup;
pub mod move_mac;
pub mod readback;
pub mod rules;
#[cfg(test)]
pub(crate) mod testing;
pub mod update;

pub use check::check;
pub use checked_request::CheckedRequest;
