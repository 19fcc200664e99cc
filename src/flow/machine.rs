//! The contract of all machines.

use super::command::Command;
use super::outcome::CallFailure;
use super::response::Response;
use super::tag::Tag;
use crate::error::Error;
use crate::model::time::Millis;

/// A state that a driver advances, input by input.
pub trait Machine {
    /// Takes an input and returns the commands that follow from it. `now` is a monotonic time; its
    /// origin does not matter.
    fn on(&mut self, input: Input, now: Millis) -> Vec<Command>;

    /// What one of several callers that wait for this call rejects with if it stops waiting now. The
    /// call goes on. `None` for a call that has one caller.
    fn on_leaving(&self, _leaving: Leaving, _now: Millis) -> Option<CallFailure> {
        None
    }
}

/// Why a caller stops waiting for a call that others wait for as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// Its signal was aborted.
    Aborted,
    /// Its own total timeout has passed, which was this long.
    TimedOut(Millis),
}

/// What the driver tells a machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The call begins.
    Started,
    /// An attempt of a request ended.
    Responded {
        /// The request.
        tag: Tag,
        /// The response, or why there is none.
        outcome: Result<Response, Error>,
    },
    /// A sleep is over.
    Woke {
        /// The sleep.
        tag: Tag,
    },
    /// The caller asks for the next page of a list.
    PageRequested,
    /// The same client created or deleted a flexible IP since the caller received the last page.
    ListChanged,
    /// The same client changed a flexible IP since the caller received the last page.
    IpsChanged,
    /// Another caller waits for the same result, so the deadline is later.
    Extended {
        /// By how much.
        by: Millis,
    },
    /// Of the requests under way, these wait for a slot or a key: `fetch` was not called yet. It comes
    /// before an abort, and before a caller leaves.
    Unsent {
        /// The requests.
        tags: Vec<Tag>,
    },
    /// The caller aborted the call.
    Aborted,
}
