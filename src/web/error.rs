//! What a call fails with.

use super::requests::EnsureAttachedRequest;
use super::results::FlexibleIp;
use super::words::{MoveStrategy, OnRefusal};
use crate::error::problem::Problem;
use crate::error::{Error as Reason, Failure};
use crate::flow::Resume;
use crate::model::to_text::ToText;

/// What a call failed with: the reason, and what is known of the flexible IPs. It holds no credentials.
///
/// ```
/// # use flexip::web::{Error, Reason};
/// fn explain(error: &Error) -> String {
///     match error.reason() {
///         Reason::InvalidArguments(problems) => format!("{} problem(s)", problems.len()),
///         Reason::Refused(refusal) => format!("the service refused: {}", refusal.message),
///         _ if error.is_retryable() => "try again later".to_owned(),
///         _ => error.to_string(),
///     }
/// }
/// ```
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", .0.failure)]
pub struct Error(pub(super) Box<Known>);

/// What is known of a failed call.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) failure: Failure,
    pub(super) last: Option<FlexibleIp>,
    pub(super) read: Vec<FlexibleIp>,
    pub(super) moves: Vec<Moved>,
    pub(super) resume: Option<Resume>,
}

/// Where a flexible IP of a failed move is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Moved {
    /// The id of the flexible IP.
    pub fip_id: String,
    /// Whether it is on the target.
    pub arrived: bool,
    /// Whether it was attached back to the server that it came from, because the target refused it.
    pub returned: bool,
    /// Its last known state.
    pub last: Option<FlexibleIp>,
    /// Why its move stopped.
    pub reason: Option<Reason>,
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        let (last, read, moves, resume) = (None, Vec::new(), Vec::new(), None);
        Self(Box::new(Known { failure, last, read, moves, resume }))
    }
}

impl Error {
    /// Why the call failed.
    pub const fn reason(&self) -> &Reason {
        &self.0.failure.error
    }

    /// A stable word for programs, the `code` of the JavaScript error: `invalid_arguments`, `not_found`.
    pub fn code(&self) -> &'static str {
        self.reason().code()
    }

    /// Whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.reason().is_retryable()
    }

    /// The name of the client's method, as in the JavaScript package.
    pub const fn operation(&self) -> &'static str {
        self.0.failure.operation
    }

    /// The method, and the path and query, of the request that failed, if one was sent.
    pub fn request(&self) -> Option<(&'static str, &str)> {
        let (method, target) = self.0.failure.sent_request()?;
        Some((method, target))
    }

    /// The number of attempts of the request.
    pub const fn attempts(&self) -> u32 {
        self.0.failure.attempts
    }

    /// The id of the request that was refused, which Scaleway's support asks for.
    pub fn request_id(&self) -> Option<&str> {
        match self.reason() {
            Reason::Refused(refusal) => refusal.request_id.as_deref(),
            _ => None,
        }
    }

    /// The problems of a request or of options that were not sent.
    pub fn problems(&self) -> &[Problem] {
        match self.reason() {
            Reason::InvalidArguments(problems) | Reason::Configuration(problems) => problems,
            _ => &[],
        }
    }

    /// Of a wait: the last known state of the flexible IP that ended it.
    pub const fn last(&self) -> Option<&FlexibleIp> {
        self.0.last.as_ref()
    }

    /// Of a list that is not whole: the flexible IPs that were read. Empty for a stream, which has given them.
    pub fn read(&self) -> &[FlexibleIp] {
        &self.0.read
    }

    /// Of a move: where each of its flexible IPs is.
    pub fn moves(&self) -> &[Moved] {
        &self.0.moves
    }

    /// Of a move: the request of [`ensure_attached`](super::Client::ensure_attached) that continues it.
    pub fn resume(&self) -> Option<EnsureAttachedRequest> {
        let Resume { zone, ids, server, is_direct, stays } = self.0.resume.as_ref()?;
        Some(EnsureAttachedRequest {
            zone: Some(zone.as_str().to_owned()),
            fips_ids: ids.iter().map(ToText::to_text).collect(),
            server_id: server.to_text(),
            strategy: is_direct.then_some(MoveStrategy::Direct),
            on_refusal: stays.then_some(OnRefusal::Stay),
        })
    }
}
