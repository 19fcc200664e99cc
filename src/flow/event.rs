//! What an `onEvent` listener receives from a machine. The driver adds an event for each request and
//! response.

use super::plan::{PlanStep, Progress};
use crate::error::Error;
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::wire::route::Operation;

/// An event of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A request will be retried; a step of a move, unless the next poll shows that it is done.
    Retry {
        /// The operation of the request.
        operation: Operation,
        /// The number of attempts so far.
        attempts: u32,
        /// The backoff before the next attempt.
        delay: Millis,
        /// Why the last attempt failed.
        error: Error,
    },
    /// A poll has not met the condition of a wait, or not ended a move.
    Wait {
        /// The number of flexible IPs that are still waited for.
        pending: usize,
        /// One of them, with its last known status.
        first: Option<(FlexibleIpId, Option<String>)>,
        /// The time since the call began.
        elapsed: Millis,
        /// The interval until the next poll.
        delay: Millis,
    },
    /// A poll failed, or a step's request that is too late to retry. The call goes on.
    PollFailed {
        /// Why.
        error: Error,
        /// The time since the call began.
        elapsed: Millis,
    },
    /// A step of a move made progress.
    Moving {
        /// The step.
        step: PlanStep,
        /// How far the step is.
        progress: Progress,
        /// The time since the move began.
        elapsed: Millis,
    },
}
