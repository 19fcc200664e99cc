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

use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::time::Millis;
use crate::model::to_text::{ToText, display_texts, join, write_text};
use problem::Problem;
use refusal::Refusal;

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.to_text())]
pub enum Error {
    /// The caller's request breaks rules of the API, so it was not sent.
    /// Each problem names an argument and what is allowed.
    InvalidArguments(Vec<Problem>),

    /// The client's options are wrong, so nothing was sent.
    Configuration(Vec<Problem>),

    /// The service responded with a refusal.
    Refused(Box<Refusal>),

    /// No response: the network failed, or the caller's `fetch`.
    /// Whether the service did the work is unknown.
    Connection(String),

    /// No response within this time. Whether the service did the work is unknown.
    Timeout(Millis),

    /// The request failed before it was sent, so the service did nothing.
    Unsent(Box<Error>),

    /// `fetch` was not called: the slot, the key or the time of the request came too late. It counts as
    /// no attempt.
    Withheld(Box<Error>),

    /// The response is a success, but its body is not what the API promises.
    Decode(String),

    /// The caller's `AbortSignal` ended the call.
    Aborted,

    /// Whether the service did the work is unknown, a readback could not decide it, and a retry
    /// could do the work twice. Holds the error that left the outcome unknown.
    Ambiguous(Box<Error>),

    /// A wait ended before its condition held.
    WaitFailure(Box<WaitFailure>),

    /// A move ended before all flexible IPs were where they should be.
    Incomplete(Box<Incomplete>),

    /// The pages of a list did not agree, however often they were read.
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
    /// If the time was up: the last failure before that.
    pub last: Option<Box<Error>>,
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

/// The message for people.
impl ToText for Error {
    fn write_to(&self, out: &mut String) {
        match self {
            Self::InvalidArguments(problems) => {
                write_text!(out, "invalid argument(s): ", join(problems, "; "));
            }
            Self::Configuration(problems) => {
                write_text!(out, "invalid client options: ", join(problems, "; "));
            }
            Self::Refused(refusal) => refusal.write_to(out),
            Self::Connection(reason) => write_text!(out, "no answer: ", reason),
            Self::Timeout(time) => write_text!(out, "no answer within ", time.0, " ms"),
            Self::Unsent(error) | Self::Withheld(error) => {
                write_text!(out, "not sent: ", error.reason());
            }
            Self::Decode(reason) => write_text!(out, "the answer cannot be read: ", reason),
            Self::Aborted => write_text!(out, "aborted"),
            Self::Ambiguous(error) => {
                write_text!(
                    out,
                    "the outcome is unknown, and a retry could do the work twice: ",
                    error
                );
            }
            Self::WaitFailure(failure) => failure.write_to(out),
            Self::Incomplete(incomplete) => incomplete.write_to(out),
            Self::IncompleteList(incomplete) => incomplete.write_to(out),
        }
    }
}

impl ToText for WaitFailure {
    fn write_to(&self, out: &mut String) {
        let id = self.id;
        match &self.reason {
            WaitFailureReason::TimedOut(time, Some(status)) => {
                write_text!(out, id, " is still ", status, " after ", time.0, " ms");
            }
            WaitFailureReason::TimedOut(time, None) => {
                write_text!(out, id, " could not be read within ", time.0, " ms");
            }
            WaitFailureReason::Stuck(status) => write_text!(out, id, " is stuck: ", status),
            WaitFailureReason::Misplaced(place) => write_text!(out, id, " is ", place),
            WaitFailureReason::Refused(time, error) => {
                write_text!(out, id, " could not be read for ", time.0, " ms: ", error);
            }
            WaitFailureReason::Gone(error) => write_text!(out, id, " is not there: ", error),
            WaitFailureReason::Disagreement(time) => {
                write_text!(out, "the MAC group of ", id);
                write_text!(out, " was in different states for ", time.0, " ms");
            }
            WaitFailureReason::Elsewhere(server) => {
                write_text!(out, id, " is on server ", server, ", and is left there");
            }
        }
    }
}

impl ToText for Incomplete {
    fn write_to(&self, out: &mut String) {
        let Self { arrived, total, returned, first_error, last, .. } = self;
        write_text!(out, arrived, " of ", total, " flexible IPs are where they should be");
        if *returned > 0 {
            write_text!(out, ", ", returned);
            write_text!(out, " were attached back to the server that they came from");
        }
        write_text!(out, ": ", first_error);
        if let Some(last) = last {
            write_text!(out, "; the last failure: ", last);
        }
    }
}

impl ToText for IncompleteList {
    fn write_to(&self, out: &mut String) {
        let Self { read, total } = self;
        write_text!(out, "the pages of the list do not agree: ", read);
        write_text!(out, " flexible IPs were read, and the last page states a total of ", total);
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
            other => other.to_text(),
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

impl ToText for Failure {
    fn write_to(&self, out: &mut String) {
        write_text!(out, self.operation, ": ", self.error);
        if let Error::Refused(refusal) = &self.error
            && let Some(id) = &refusal.request_id
        {
            write_text!(out, " (request id ", id, ")");
        }
    }
}

display_texts!(WaitFailure, Incomplete, IncompleteList, Failure);
