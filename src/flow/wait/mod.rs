//! A wait until flexible IPs are at rest, or gone.
//!
//! ```text
//! Started ─▶ poll ─▶ condition met? ─▶ Done
//!              ▲          │ no
//!              └── sleep ─┘      a poll that fails is an event, and does not end the wait
//! ```
//!
//! | file | what it does |
//! |---|---|
//! | `request` | the arguments of a wait |
//! | `flow` | the machine: polls, and sleeps between them |
//! | `end` | its result, and its failures |
//! | `wrong_zone` | asks whether another zone has a flexible IP that is gone |

mod end;
mod flow;
mod request;
mod wrong_zone;

use crate::model::time::Millis;

pub use flow::WaitFlow;
pub use request::{Condition, WaitRequest};

/// The total timeout of a wait or a move by default. The slowest attach that was recorded took 43 s.
pub const WAIT_TIMEOUT_DEFAULT: Millis = Millis(300_000);
