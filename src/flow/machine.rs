//! The contract of all machines.

use super::command::Command;
use super::response::Response;
use super::tag::Tag;
use crate::error::Error;
use crate::model::time::Millis;

/// A state that a driver advances, input by input.
pub trait Machine {
    /// Takes an input and returns the commands that follow from it. `now` is a monotonic time; its
    /// origin does not matter.
    fn on(&mut self, input: Input, now: Millis) -> Vec<Command>;
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
    /// Another caller waits for the same result, so the deadline is later.
    Extended {
        /// By how much.
        by: Millis,
    },
    /// The caller aborted the call.
    Aborted,
}
