//! What can go wrong with a call: by the caller, the network, or the service.
//!
//! | file | what it holds |
//! |---|---|
//! | `problem` | a problem with one argument of a request |
//! | `refusal` | a response of the service that is not a success |
//! | `kind` | the kinds of refusals |
//!
//! An [`Error`] is the reason why a call failed. A [`Failure`] adds the operation and the request.

pub mod kind;
pub mod problem;
pub mod refusal;

use std::fmt;

use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::time::Millis;
use problem::Problem;
use refusal::Refusal;

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The caller's request breaks rules of the API, so it was not sent.
    /// Each problem names an argument and what is allowed.
    #[error("invalid argument(s): {}", Listed(.0))]
    InvalidArguments(Vec<Problem>),

    /// The client's options are wrong, so nothing was sent.
    #[error("invalid client options: {}", Listed(.0))]
    Configuration(Vec<Problem>),

    /// The service responded with a refusal.
    #[error("{0}")]
    Refused(Refusal),

    /// No response: the network failed, or the caller's `fetch`.
    /// Whether the service did the work is unknown.
    #[error("no answer: {0}")]
    Connection(String),

    /// No response within this time. Whether the service did the work is unknown.
    #[error("no answer within {} ms", .0.0)]
    Timeout(Millis),

    /// The request failed before it was sent, so the service did nothing.
    #[error("not sent: {}", .0.reason())]
    Unsent(Box<Error>),

    /// `fetch` was not called: the slot, the key or the time of the request came too late. It counts as
    /// no attempt.
    #[error("not sent: {}", .0.reason())]
    Withheld(Box<Error>),

    /// The response is a success, but its body is not what the API promises.
    #[error("the answer cannot be read: {0}")]
    Decode(String),

    /// The caller's `AbortSignal` ended the call.
    #[error("aborted")]
    Aborted,

    /// Whether the service did the work is unknown, a readback could not decide it, and a retry
    /// could do the work twice. Holds the error that left the outcome unknown.
    #[error("the outcome is unknown, and a retry could do the work twice: {0}")]
    Ambiguous(Box<Error>),

    /// A wait ended before its condition held.
    #[error("{0}")]
    WaitFailure(WaitFailure),

    /// A move ended before all flexible IPs were where they should be.
    #[error("{0}")]
    Incomplete(Incomplete),

    /// The pages of a list did not agree, however often they were read.
    #[error("{0}")]
    IncompleteList(IncompleteList),
}

/// A wait for a flexible IP that ended before its condition held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitFailure {
    /// The flexible IP.
    pub id: FlexibleIpId,
    /// Why the wait ended.
    pub reason: WaitFailureReason,
}

/// Why a wait ended before its condition held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaitFailureReason {
    /// The deadline passed: the length of the wait, and the last status if one was read.
    TimedOut(Millis, Option<String>),
    /// The flexible IP is in a status that no transition leaves: `error`, `locked`.
    Stuck(String),
    /// The flexible IP is on another server than the asked one, or on none: where it is.
    Misplaced(String),
    /// Every poll of this time was refused.
    Refused(Millis, Box<Error>),
    /// The flexible IP was deleted, never existed, or cannot be read with these credentials.
    Gone(Box<Error>),
    /// Its MAC group was read in different states for this long.
    Disagreement(Millis),
    /// The flexible IP is on this server, which the move has nothing to do with.
    Elsewhere(ServerId),
}

/// How many flexible IPs of a move are where they should be, and the first error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incomplete {
    /// The number of flexible IPs that are where they should be.
    pub arrived: usize,
    /// The number of flexible IPs of the move.
    pub total: usize,
    /// The number of flexible IPs that were attached back to the server that they came from.
    pub returned: usize,
    /// The first error.
    pub first_error: Box<Error>,
    /// Whether the same call may succeed later.
    pub is_retryable: bool,
}

/// How much of a list was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncompleteList {
    /// The number of different flexible IPs that were read.
    pub read: usize,
    /// The total that the last page stated.
    pub total: u32,
}

impl fmt::Display for WaitFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.id;
        match &self.reason {
            WaitFailureReason::TimedOut(time, Some(status)) => {
                write!(formatter, "{id} is still {status} after {} ms", time.0)
            }
            WaitFailureReason::TimedOut(time, None) => {
                write!(formatter, "{id} could not be read within {} ms", time.0)
            }
            WaitFailureReason::Stuck(status) => {
                write!(formatter, "{id} is stuck: {status}")
            }
            WaitFailureReason::Misplaced(place) => write!(formatter, "{id} is {place}"),
            WaitFailureReason::Refused(time, error) => {
                write!(formatter, "{id} could not be read for {} ms: {error}", time.0)
            }
            WaitFailureReason::Gone(error) => write!(formatter, "{id} is not there: {error}"),
            WaitFailureReason::Disagreement(time) => {
                write!(formatter, "the MAC group of {id} was in different states for {} ms", time.0)
            }
            WaitFailureReason::Elsewhere(server) => {
                write!(formatter, "{id} is on server {server}, and is left there")
            }
        }
    }
}

impl fmt::Display for Incomplete {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { arrived, total, returned, first_error, .. } = self;
        write!(formatter, "{arrived} of {total} flexible IPs are where they should be")?;
        if *returned > 0 {
            write!(formatter, ", {returned} were attached back to the server that they came from")?;
        }
        write!(formatter, ": {first_error}")
    }
}

impl fmt::Display for IncompleteList {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, total } = self;
        write!(
            formatter,
            "the pages of the list do not agree: {read} flexible IPs were read, and the last page states a total of {total}"
        )
    }
}

impl Error {
    /// A stable word for programs: the `code` of the JavaScript error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidArguments(_) => "invalid_arguments",
            Self::Configuration(_) => "configuration",
            Self::Refused(refusal) => refusal.kind.code(),
            Self::Connection(_) => "connection",
            Self::Timeout(_) => "timeout",
            Self::Unsent(error) | Self::Withheld(error) => error.code(),
            Self::Decode(_) => "decode",
            Self::Aborted => "aborted",
            Self::Ambiguous(_) => "ambiguous_result",
            Self::WaitFailure(_) => "wait",
            Self::Incomplete(incomplete) => match *incomplete.first_error {
                Self::Aborted => "aborted",
                _ => "incomplete",
            },
            Self::IncompleteList(_) => "incomplete_list",
        }
    }

    /// Why there is no response.
    fn reason(&self) -> String {
        match self {
            Self::Connection(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// Whether the API itself says that this flexible IP cannot be read. It may have been deleted,
    /// or the permissions of the key may have changed: a list decides.
    pub fn denies(&self, id: FlexibleIpId) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.denies(id))
    }

    /// Whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::InvalidArguments(_)
            | Self::Configuration(_)
            | Self::Aborted
            | Self::Ambiguous(_) => false,
            Self::Incomplete(incomplete) => incomplete.is_retryable,
            // A list that changed less, or a service that agrees with itself, can be read.
            Self::IncompleteList(_) => true,
            Self::WaitFailure(failure) => matches!(
                failure.reason,
                WaitFailureReason::TimedOut(..) | WaitFailureReason::Disagreement(_)
            ),
            Self::Refused(refusal) => refusal.kind.is_retryable(),
            Self::Connection(_)
            | Self::Timeout(_)
            | Self::Unsent(_)
            | Self::Withheld(_)
            | Self::Decode(_) => true,
        }
    }
}

/// An error, with the operation and the request. It holds no credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub error: Error,
    /// The name of the client's method that was called.
    pub operation: &'static str,
    /// The method, and the path and query, of the request that failed, if there is one.
    pub request: Option<(&'static str, String)>,
    /// The number of attempts of the request.
    pub attempts: u32,
}

impl Failure {
    /// The request that failed. One for which `fetch` was not called is no request to name.
    pub const fn sent_request(&self) -> Option<&(&'static str, String)> {
        match (&self.error, &self.request) {
            (Error::Withheld(_), _) | (_, None) => None,
            (_, Some(request)) => Some(request),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.operation, self.error)?;
        match &self.error {
            Error::Refused(Refusal { request_id: Some(id), .. }) => {
                write!(formatter, " (request id {id})")
            }
            _ => Ok(()),
        }
    }
}

/// Writes problems with semicolons between them.
struct Listed<'a>(&'a [Problem]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(formatter, "{separator}{problem}")?;
        }
        Ok(())
    }
}
