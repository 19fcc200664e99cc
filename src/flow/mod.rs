//! What happens in which order, as machines without I/O.
//!
//! The contract is the same for all: **one input in, the steps that follow from it out**. A machine
//! reads no clock, sends nothing and sleeps never; it says what to do, and is told what came of it
//! and what time it is. The driver (`wasm::driver`) carries the steps out; tests carry them out by
//! hand, on a clock of their own.
//!
//! ```text
//!    Started, Aborted, Wanted          Answered { tag, outcome }, Woke { tag }
//!                │                                 │
//!                ▼                                 ▼
//!           ┌─────────┐   Send, Sleep, Cancel     ┌──────┐
//!           │ machine │ ────────────────────────▶ │ edge │
//!           └─────────┘ ◀──────────────────────── └──────┘
//!                │
//!                ▼
//!          Done(result)      after it the edge drops whatever is still on its way
//! ```
//!
//! | file | what it is |
//! |---|---|
//! | `settings` | the client's options and those of a call |
//! | `answer` | what came of a request, and whether it is the operation's success |
//! | `pairs` | a small map |
//! | `calls` | requests with their attempts: every machine sends through it |
//! | `reading` | several flexible IPs, read one by one |
//! | `pages` | the pages of a list |
//! | `look` | one look at several flexible IPs, with as few requests as will do |
//! | `operation` | **machine**: one operation, its preflight, its request, and what an unknown outcome did |
//! | `list` | **machine**: a list over all its pages |
//! | `wait` | **machine**: until flexible IPs have come to rest, or are gone |
//! | `relocate` | **machine**: flexible IPs to a server, wherever they are: attach and failover |

pub mod answer;
pub mod calls;
pub mod list;
pub mod look;
pub mod operation;
pub mod pages;
pub mod pairs;
pub mod reading;
pub mod relocate;
pub mod settings;
pub mod wait;

use crate::error::{Error, Failure};
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::time::Millis;
use crate::wire::http::Request;
use crate::wire::route::Operation;
use answer::Answer;

/// Tells the requests and sleeps of one machine apart.
pub type Tag = usize;

/// What the driver can run.
pub trait Machine {
    /// Takes an input and says what follows from it. `now` never goes back; where it counts from
    /// does not matter.
    fn on(&mut self, input: Input, now: Millis) -> Vec<Step>;
}

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
    /// The sleep with this tag is over.
    Woke {
        /// The sleep.
        tag: Tag,
    },
    /// Whoever reads the list takes another page.
    Wanted,
    /// The caller gave up.
    Aborted,
}

/// What a machine tells the edge.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Send this request, and tell what came of it under this tag.
    Send(Sending),
    /// Wait, and tell under this tag when it is over.
    Sleep {
        /// To tell it by.
        tag: Tag,
        /// How long.
        length: Millis,
    },
    /// Forget the request or the sleep with this tag.
    Cancel {
        /// The request or the sleep.
        tag: Tag,
    },
    /// A page of a list has come: hand these of its items over.
    Give {
        /// The answer that holds them.
        tag: Tag,
        /// Their places in it.
        items: Vec<usize>,
    },
    /// Tell whoever watches.
    Tell(Event),
    /// It is over.
    Done(Result<Finished, Failed>),
}

/// A request to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// To tell the answer by.
    pub tag: Tag,
    /// What it is.
    pub operation: Operation,
    /// What to send.
    pub request: Request,
    /// Whether the machine reads the body of a success. It always reads that of a refusal.
    pub reads_body: bool,
    /// How long to wait for the answer.
    pub timeout: Millis,
    /// The how manieth time it is sent, from 1.
    pub attempt: u32,
    /// Whether to ask for the credentials anew.
    pub renews_key: bool,
}

/// Where the body of a flexible IP is: in an answer that the edge keeps, or in a list in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The answer.
    pub tag: Tag,
    /// The place in its list, if it is one.
    pub item: Option<usize>,
}

/// A success. Bodies stay with the edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// What the result is.
    pub found: Found,
    /// How many times the operation's own request was sent.
    pub attempts: u32,
}

/// What a result is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The answer to this request.
    Answer(Tag),
    /// This flexible IP.
    Ip(Place),
    /// These flexible IPs.
    Ips(Vec<Place>),
    /// Nothing: it is gone, as was wanted.
    Nothing,
    /// What would be done.
    Plan(Vec<Action>),
}

/// Something that is done to a MAC group, or to a flexible IP without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What is done.
    pub operation: Operation,
    /// To which flexible IPs.
    pub ids: Vec<FlexibleIpId>,
    /// From which server, or to which.
    pub server: Option<ServerId>,
}

/// A failure, and what is known beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// What failed, and where.
    pub failure: Failure,
    /// What a wait saw last.
    pub last: Option<Place>,
    /// For each flexible IP that was to go somewhere, where it is.
    pub moves: Vec<Moved>,
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Self { failure, last: None, moves: Vec::new() }
    }
}

/// Where a flexible IP is that was to go somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// It.
    pub id: FlexibleIpId,
    /// Whether it is where it should be.
    pub arrived: bool,
    /// What it looked like when it was last seen.
    pub last: Option<Place>,
    /// Why it did not arrive.
    pub error: Option<Error>,
}

/// What is told to whoever watches, beside the requests and answers, of which the edge tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A request will be sent again.
    Retry {
        /// What failed.
        operation: Operation,
        /// How many attempts were made.
        attempts: u32,
        /// How long it waits before the next one.
        delay: Millis,
        /// Why.
        error: Error,
    },
    /// A wait has looked.
    Wait {
        /// How many flexible IPs it still waits for.
        pending: usize,
        /// One of them, and the word of its status if it was seen.
        first: Option<(FlexibleIpId, Option<String>)>,
        /// Since it began.
        elapsed: Millis,
        /// When it looks again.
        delay: Millis,
    },
    /// A look failed; the next one will tell.
    LookFailed {
        /// Why.
        error: Error,
        /// Since the wait began.
        elapsed: Millis,
    },
    /// A step of a move.
    Moving {
        /// The step.
        action: Action,
        /// How far it is.
        progress: Progress,
        /// Since the move began.
        elapsed: Millis,
    },
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It begins.
    Begun,
    /// It is done.
    Done,
    /// It failed.
    Failed,
}
