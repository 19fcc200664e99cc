//! What can go wrong, by who is at fault.
//!
//! | file | what it holds |
//! |---|---|
//! | `field` | a problem with one argument of a request |
//! | `refused` | an answer of the service that is not a success |
//!
//! An [`Error`] says what went wrong with one call; a [`Failure`] adds where.

pub mod field;
pub mod refused;

use std::fmt;

use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use field::Problem;
use refused::Refused;

/// Why a call did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The caller's request breaks rules of the API. It was not sent.
    /// Each problem names its argument and says what is allowed.
    #[error("invalid argument(s): {}", Listed(.0))]
    InvalidArguments(Vec<Problem>),

    /// The client was set up with something that cannot work. Nothing was sent.
    #[error("the client's options do not work: {}", Listed(.0))]
    Configuration(Vec<Problem>),

    /// The service answered, and the answer is no.
    #[error("{0}")]
    Refused(Refused),

    /// No answer came: the network, or the `fetch` that was handed in, failed.
    /// Whether the service did the work is unknown.
    #[error("no answer: {0}")]
    Connection(String),

    /// No answer came in time. Whether the service did the work is unknown.
    #[error("no answer within {} ms", .0.0)]
    Timeout(Millis),

    /// It failed before anything was sent: surely nothing was done.
    #[error("{0}")]
    Unsent(Box<Error>),

    /// An answer of success came whose body is not what the API promises.
    #[error("the answer cannot be read: {0}")]
    Decode(String),

    /// The caller's signal ended the call.
    #[error("aborted")]
    Aborted,

    /// Nobody knows whether the service did the work, and nothing that can be read tells. Doing it
    /// again could do it twice. It holds what left the doubt.
    #[error("whether it was done is unknown, and doing it again could do it twice: {0}")]
    Ambiguous(Box<Error>),

    /// What was waited for did not come.
    #[error("{0}")]
    WaitFailure(WaitFailure),

    /// Some of the flexible IPs are not where they should be.
    #[error("{0}")]
    Incomplete(Incomplete),
}

/// Why a wait ended without what was waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitFailure {
    /// The flexible IP.
    pub id: FlexibleIpId,
    /// Why.
    pub why: WaitFailureReason,
}

/// Why a wait ended without what was waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaitFailureReason {
    /// The time was up; the words of its status by then, if it was seen at all.
    TimeUp(Millis, Option<String>),
    /// It came to rest in a status in which nothing moves any more: `error`, `locked`.
    Stuck(String),
    /// It is gone: deleted, or never there, or not for these credentials.
    Gone(Box<Error>),
}

/// How many flexible IPs are where they should be, and what went wrong first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incomplete {
    /// How many are.
    pub arrived: usize,
    /// How many should be.
    pub all: usize,
    /// What went wrong first.
    pub first: Box<Error>,
}

impl fmt::Display for WaitFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.id;
        match &self.why {
            WaitFailureReason::TimeUp(time, Some(status)) => {
                write!(formatter, "{id} is still {status} after {} ms", time.0)
            }
            WaitFailureReason::TimeUp(time, None) => {
                write!(formatter, "{id} could not be read within {} ms", time.0)
            }
            WaitFailureReason::Stuck(status) => write!(formatter, "{id} came to rest as {status}"),
            WaitFailureReason::Gone(error) => write!(formatter, "{id} is not there: {error}"),
        }
    }
}

impl fmt::Display for Incomplete {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { arrived, all, first } = self;
        write!(formatter, "{arrived} of {all} flexible IPs are where they should be: {first}")
    }
}

impl Error {
    /// A stable word for programs: the `code` of the JavaScript error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidArguments(_) => "invalid_arguments",
            Self::Configuration(_) => "configuration",
            Self::Refused(refused) => refused.kind.code(),
            Self::Connection(_) => "connection",
            Self::Timeout(_) => "timeout",
            Self::Unsent(error) => error.code(),
            Self::Decode(_) => "decode",
            Self::Aborted => "aborted",
            Self::Ambiguous(_) => "ambiguous_result",
            Self::WaitFailure(_) => "wait",
            Self::Incomplete(_) => "incomplete",
        }
    }

    /// Whether the same request could succeed later without any change.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::InvalidArguments(_)
            | Self::Configuration(_)
            | Self::Aborted
            | Self::Ambiguous(_) => false,
            // The call reads where everything is, and goes on from there.
            Self::Incomplete(_) => true,
            Self::WaitFailure(waited) => matches!(waited.why, WaitFailureReason::TimeUp(..)),
            Self::Refused(refused) => refused.kind.is_retryable(),
            Self::Connection(_) | Self::Timeout(_) | Self::Unsent(_) | Self::Decode(_) => true,
        }
    }
}

/// An error and where it happened. It holds no secret: credentials never come this far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub error: Error,
    /// What was called: the name of the client's method.
    pub operation: &'static str,
    /// Method and URL of the request, if there was one.
    pub request: Option<(&'static str, String)>,
    /// How many requests were sent for it.
    pub attempts: u32,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.operation, self.error)?;
        match &self.error {
            Error::Refused(Refused { request_id: Some(id), .. }) => {
                write!(formatter, " (request id {id})")
            }
            _ => Ok(()),
        }
    }
}

/// Problems, one after another.
struct Listed<'a>(&'a [Problem]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, problem) in self.0.iter().enumerate() {
            let separator = if place == 0 { "" } else { "; " };
            write!(formatter, "{separator}{problem}")?;
        }
        Ok(())
    }
}
