//! What happens in which order, as machines without I/O.
//!
//! The contract is the same for all: **one input in, the steps that follow from it out**. A machine
//! reads no clock, sends nothing and sleeps never; it says what to do, and is told what came of it.
//! The driver (`wasm::driver`) carries the steps out; tests carry them out by hand.
//!
//! ```text
//!             Started                    Answered { tag, outcome }
//!                │                                 │
//!                ▼                                 ▼
//!           ┌─────────┐   Send { tag, request }   ┌──────┐
//!           │ machine │ ────────────────────────▶ │ edge │
//!           └─────────┘ ◀──────────────────────── └──────┘
//!                │
//!                ▼
//!          Done(result)      after it the edge drops whatever is still on its way
//! ```
//!
//! | file | machine |
//! |---|---|
//! | `answer` | what came of a request, and whether it is the operation's success |
//! | `operation` | one operation: its preflight, then its request |

pub mod answer;
pub mod operation;

use crate::error::{Error, Failure};
use crate::wire::http::Request;
use answer::Answer;

/// Tells the requests of one machine apart.
pub type Tag = usize;

/// What the edge tells a machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Begin.
    Started,
    /// What came of the request with this tag.
    Answered {
        /// The request.
        tag: Tag,
        /// The answer, or why there is none.
        outcome: Result<Answer, Error>,
    },
}

/// What a machine tells the edge.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Send this request, and tell what came of it under this tag.
    Send {
        /// To tell the answer by.
        tag: Tag,
        /// What to send.
        request: Request,
        /// Whether the machine reads the body of a success. It always reads that of a refusal.
        reads_body: bool,
    },
    /// It is over.
    Done(Result<Finished, Failure>),
}

/// A success. The body stays with the edge, under the tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The request whose answer is the result.
    pub tag: Tag,
    /// How many times the operation's own request was sent.
    pub attempts: u32,
}
