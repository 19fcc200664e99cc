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

use crate::model::time::Millis;
use crate::wire::route::Operation;
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

    /// An answer of success came whose body is not what the API promises.
    #[error("the answer cannot be read: {0}")]
    Decode(String),

    /// The caller's signal ended the call.
    #[error("aborted")]
    Aborted,
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
            Self::Decode(_) => "decode",
            Self::Aborted => "aborted",
        }
    }

    /// Whether the same request could succeed later without any change.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::InvalidArguments(_) | Self::Configuration(_) | Self::Aborted => false,
            Self::Refused(refused) => refused.kind.is_retryable(),
            Self::Connection(_) | Self::Timeout(_) | Self::Decode(_) => true,
        }
    }
}

/// An error and where it happened. It holds no secret: credentials never come this far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub error: Error,
    /// The operation that was called.
    pub operation: Operation,
    /// Method and URL of the request, if there was one.
    pub request: Option<(&'static str, String)>,
    /// How many requests were sent for it.
    pub attempts: u32,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.operation.name(), self.error)?;
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
