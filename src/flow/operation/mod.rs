//! One operation: its preflight, its request, and its readbacks.
//!
//! | file | what it holds |
//! |---|---|
//! | `flow` | the machine: preflight, request, response |
//! | `doubt` | an outcome that is unknown, and the tags of the machine |
//! | `readback` | what follows a lost response |

mod doubt;
mod flow;
mod readback;

pub use flow::{OperationFlow, is_plain};

#[cfg(test)]
mod tests;
