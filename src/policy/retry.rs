//! Whether a failed request may be retried.

use super::budget::Cost;
use crate::error::Error;
use crate::error::{kind::Kind, refusal::Refusal};
use crate::model::time::Millis;

/// How often and after which backoff a request is retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The most attempts of a request, including the first.
    pub max_attempts: u32,
    /// The longest first backoff. It doubles with each attempt.
    pub base_delay: Millis,
    /// The longest backoff.
    pub max_delay: Millis,
}

impl RetryPolicy {
    /// Three retries. If a third of all responses is lost, 99 of 100 requests still succeed.
    pub const DEFAULT: Self =
        Self { max_attempts: 4, base_delay: Millis(50), max_delay: Millis(20_000) };

    /// No retries.
    pub const NEVER: Self = Self { max_attempts: 1, ..Self::DEFAULT };
}

/// What an error says about a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryClass {
    /// The request was not done, and a retry would fail too.
    Final,
    /// The request was not done, and a retry may succeed.
    NotDone(Cost),
    /// It is unknown whether the request was done.
    Unknown,
    /// The response is not the API's, so it proves nothing: a read has failed, and whether a change
    /// was made is unknown.
    Unproven,
    /// The credentials were refused. A retry with a new key may succeed.
    Credentials,
}

impl RetryClass {
    /// Classifies the error of an attempt.
    pub fn of(error: &Error) -> Self {
        match error {
            Error::Connection(_) | Error::Timeout(_) | Error::Decode(_) => Self::Unknown,
            Error::Unsent(_) | Error::Withheld(_) => Self::NotDone(Cost::Failed),
            Error::Refused(refused) => Self::of_refusal(refused),
            Error::InvalidArguments(_)
            | Error::Configuration(_)
            | Error::Aborted
            | Error::Ambiguous(_)
            | Error::WaitFailure(_)
            | Error::Incomplete(_)
            | Error::IncompleteList(_) => Self::Final,
        }
    }

    fn of_refusal(refused: &Refusal) -> Self {
        match refused.kind {
            // A page of a firewall or a portal says nothing about the work.
            Kind::TooManyRequests | Kind::DeniedAuthentication if refused.is_foreign => {
                Self::Unproven
            }
            Kind::TooManyRequests => Self::NotDone(Cost::Throttled),
            Kind::TransientState => Self::NotDone(Cost::Failed),
            Kind::Unavailable if is_unreached(refused) => Self::NotDone(Cost::Failed),
            Kind::Unavailable | Kind::InternalError | Kind::RequestTimeout => Self::Unknown,
            Kind::DeniedAuthentication => Self::Credentials,
            Kind::Unexpected => Self::Unproven,
            _ => Self::Final,
        }
    }
}

/// Whether a change that failed with this error may have been made.
pub fn leaves_in_doubt(error: &Error) -> bool {
    matches!(RetryClass::of(error), RetryClass::Unknown | RetryClass::Unproven)
}

/// Whether the gateway says that the request did not reach the service. Other 503 responses can come
/// after the service received it.
fn is_unreached(refused: &Refusal) -> bool {
    refused.status == 503
        && !refused.is_foreign
        && ["connection failure", "no healthy upstream", "overflow"]
            .iter()
            .any(|reason| contains(&refused.message, reason))
}

/// Does the same as `text.contains(part)`, which would add 2 KB to the WebAssembly module.
fn contains(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, kind: Kind, message: &str) -> Error {
        let message = message.to_owned();
        Error::Refused(Box::new(Refusal {
            kind,
            status,
            message,
            request_id: None,
            retry_after: None,
            is_typed: true,
            is_foreign: false,
            resource: None,
            resource_id: None,
        }))
    }

    #[test]
    fn only_requests_that_were_certainly_not_done_are_retried_without_a_readback() {
        let of = |status, kind, message: &str| RetryClass::of(&refused(status, kind, message));
        assert_eq!(of(429, Kind::TooManyRequests, ""), RetryClass::NotDone(Cost::Throttled));
        assert_eq!(of(409, Kind::TransientState, ""), RetryClass::NotDone(Cost::Failed));
        let before = "upstream connect error or disconnect/reset before headers. reset reason: connection failure, ...";
        assert_eq!(of(503, Kind::Unavailable, before), RetryClass::NotDone(Cost::Failed));
        let after = "upstream connect error or disconnect/reset before headers. reset reason: connection termination";
        assert_eq!(of(503, Kind::Unavailable, after), RetryClass::Unknown);
        assert_eq!(of(504, Kind::Unavailable, before), RetryClass::Unknown);
        assert_eq!(of(500, Kind::InternalError, ""), RetryClass::Unknown);
        assert_eq!(of(408, Kind::RequestTimeout, ""), RetryClass::Unknown);
        assert_eq!(of(401, Kind::DeniedAuthentication, ""), RetryClass::Credentials);
        for kind in
            [Kind::InvalidArguments, Kind::PermissionsDenied, Kind::Conflict, Kind::OutOfStock]
        {
            assert_eq!(of(400, kind, ""), RetryClass::Final);
        }
    }

    #[test]
    fn without_a_readable_response_the_outcome_is_unknown() {
        for error in [
            Error::Connection(String::new()),
            Error::Timeout(Millis(1)),
            Error::Decode(String::new()),
        ] {
            assert_eq!(RetryClass::of(&error), RetryClass::Unknown);
        }
        let unsent = Error::Unsent(Box::new(Error::Connection(String::new())));
        assert_eq!(RetryClass::of(&unsent), RetryClass::NotDone(Cost::Failed));
        let withheld = Error::Withheld(Box::new(Error::Connection(String::new())));
        assert_eq!(RetryClass::of(&withheld), RetryClass::NotDone(Cost::Failed));
        assert_eq!(RetryClass::of(&Error::Aborted), RetryClass::Final);
    }
}
