//! What a machine asks of the driver.

use super::event::Event;
use super::outcome::{CallFailure, Success};
use super::tag::Tag;
use crate::model::time::Millis;
use crate::wire::http::Request;
use crate::wire::route::Operation;

/// What a machine asks of the driver.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    clippy::large_enum_variant,
    reason = "one command lives at a time, and its result ends the call"
)]
pub enum Command {
    /// Send this request, and answer with `Input::Responded`.
    Send(SendRequest),
    /// Sleep, and answer with `Input::Woke`.
    Sleep {
        /// The name of the sleep.
        tag: Tag,
        /// The length of the sleep.
        length: Millis,
    },
    /// Drop the request or the sleep with this tag, and the response that is retained for it.
    Cancel {
        /// The request or the sleep.
        tag: Tag,
    },
    /// Hand items of a list's page to the caller.
    DeliverPage {
        /// The request whose response holds them.
        tag: Tag,
        /// Their indices in the response's list.
        items: Vec<usize>,
    },
    /// Emit an event.
    Emit(Event),
    /// End the call with this result.
    Done(Result<Success, CallFailure>),
}

/// A request to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendRequest {
    /// The name of the request. All its attempts carry the same.
    pub tag: Tag,
    /// The operation. The question whether a server exists is one of another API, and is judged as
    /// the reading of a flexible IP.
    pub operation: Operation,
    /// The name of the operation in events.
    pub name: &'static str,
    /// What to send.
    pub request: Request,
    /// What the machine reads of the body of a success. It always reads the body of a refusal.
    pub reading: BodyReading,
    /// The longest time to wait for the response, from the sending on.
    pub timeout: Millis,
    /// The same without regard to the deadline, which a further caller can move.
    pub attempt_timeout: Millis,
    /// The time left for the call: waiting for a slot must not take longer.
    pub time_left: Millis,
    /// The number of this attempt, from 1.
    pub attempt: u32,
    /// Whether to ask the `secretKey` function for a new key.
    pub renews_key: bool,
}

/// What a machine reads of the body of a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyReading {
    /// Nothing: the body stays on the JavaScript side.
    None,
    /// The fields of its flexible IPs that the rules need.
    Outline,
    /// All of it.
    Whole,
}
