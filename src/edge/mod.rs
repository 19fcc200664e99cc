//! The client's calls as texts: what the facade passes, and what it receives.
//!
//! JavaScript keeps its own objects (signals, responses, promises), and this room keeps none of them. A call
//! that is one request crosses the edge once, with [`Core::plain`]. Any other is a machine of `flow` under a
//! number: [`Core::pass`] gives it an input and returns the commands that follow. A machine that is done is
//! dropped. `js/transport/` has the other side, and `wasm` exports these functions.
//!
//! | file | what it does |
//! |---|---|
//! | `core` | the functions that the facade calls |
//! | `value` | reads the text of a JavaScript value |
//! | `clients` | the settings of clients that were used lately |
//! | `start` | what the facade passes with a call |
//! | `call` | a call whose arguments are valid, and its machine |
//! | `method` | from a method of the client and its arguments to a machine |
//! | `input` | reads the text of an input |
//! | `commands`, `events`, `reports` | write commands, events and errors as JSON |
//! | `pure` | the functions that need no client and send nothing |

mod call;
mod clients;
mod commands;
mod core;
mod events;
mod input;
mod method;
pub mod pure;
mod reports;
mod start;
mod value;

/// The same for a driver in Rust (`web`): calls as texts, machines and their inputs as values.
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub(crate) use self::{
    call::Call, core::user_agent, input::response_headers, method::name_of, value::read_argument,
};
pub use core::Core;
pub use start::{Moment, Start};

#[cfg(test)]
mod tests;
