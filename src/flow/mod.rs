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
//! | `small_map` | a small map |
//! | `calls` | requests with their attempts: every machine sends through it |
//! | `reading` | several flexible IPs, read one by one |
//! | `pages` | the pages of a list |
//! | `poll` | one look at several flexible IPs, with as few requests as will do |
//! | `operation` | **machine**: one operation, its preflight, its request, and what an unknown outcome did |
//! | `list` | **machine**: a list over all its pages |
//! | `wait` | **machine**: until flexible IPs have come to rest, or are gone |
//! | `relocate` | **machine**: flexible IPs to a server, wherever they are: attach and failover |

pub mod calls;
pub mod list;
pub mod operation;
pub mod pages;
pub mod poll;
pub mod reading;
pub mod relocate;
pub mod response;
pub mod settings;
pub mod small_map;
pub mod wait;

use crate::error::{Error, Failure};
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::time::Millis;
use crate::wire::http::Request;
use crate::wire::route::Operation;
use response::Response;

/// Tells the requests and sleeps of one machine apart.
pub type Tag = usize;

/// What the driver can run.
pub trait Machine {
    /// Takes an input and says what follows from it. `now` never goes back; where it counts from
    /// does not matter.
    fn on(&mut self, input: Input, now: Millis) -> Vec<Command>;
}

/// What the edge tells a machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Begin.
    Started,
    /// What came of the request with this tag.
    Responded {
        /// The request.
        tag: Tag,
        /// The answer, or why there is none.
        outcome: Result<Response, Error>,
    },
    /// The sleep with this tag is over.
    Woke {
        /// The sleep.
        tag: Tag,
    },
    /// Whoever reads the list takes another page.
    PageRequested,
    /// The caller gave up.
    Aborted,
}

/// What a machine tells the edge.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Send this request, and tell what came of it under this tag.
    Send(SendRequest),
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
    DeliverPage {
        /// The answer that holds them.
        tag: Tag,
        /// Their places in it.
        items: Vec<usize>,
    },
    /// Tell whoever watches.
    Emit(Event),
    /// It is over.
    Done(Result<Success, FlowError>),
}

/// A request to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendRequest {
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
pub struct BodyRef {
    /// The answer.
    pub tag: Tag,
    /// The place in its list, if it is one.
    pub item: Option<usize>,
}

/// A success. Bodies stay with the edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Success {
    /// What the result is.
    pub found: Outcome,
    /// How many times the operation's own request was sent.
    pub attempts: u32,
}

/// What a result is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The answer to this request.
    Response(Tag),
    /// This flexible IP.
    Ip(BodyRef),
    /// These flexible IPs.
    Ips(Vec<BodyRef>),
    /// Nothing: it is gone, as was wanted.
    Nothing,
    /// What would be done.
    Plan(Vec<PlanStep>),
}

/// Something that is done to a MAC group, or to a flexible IP without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanStep {
    /// What is done.
    pub operation: Operation,
    /// To which flexible IPs.
    pub ids: Vec<FlexibleIpId>,
    /// From which server, or to which.
    pub server: Option<ServerId>,
}

/// A failure, and what is known beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowError {
    /// What failed, and where.
    pub failure: Failure,
    /// What a wait saw last.
    pub last: Option<BodyRef>,
    /// For each flexible IP that was to go somewhere, where it is.
    pub moves: Vec<MoveState>,
}

impl From<Failure> for FlowError {
    fn from(failure: Failure) -> Self {
        Self { failure, last: None, moves: Vec::new() }
    }
}

/// Where a flexible IP is that was to go somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveState {
    /// It.
    pub id: FlexibleIpId,
    /// Whether it is where it should be.
    pub arrived: bool,
    /// What it looked like when it was last seen.
    pub last: Option<BodyRef>,
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
    PollFailed {
        /// Why.
        error: Error,
        /// Since the wait began.
        elapsed: Millis,
    },
    /// A step of a move.
    Moving {
        /// The step.
        action: PlanStep,
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
