//! Whether a request may be sent again, by what is known of the last time.

use super::budget::Cost;
use crate::error::Error;
use crate::error::kind::Kind;
use crate::error::refusal::Refusal;
use crate::model::time::Millis;

/// How often and how patiently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many times a request is sent at most, the first included.
    pub max_attempts: u32,
    /// The bound of the first wait; it doubles with every attempt.
    pub base_delay: Millis,
    /// The longest wait.
    pub max_delay: Millis,
}

impl RetryPolicy {
    /// Three retries: with a third of all answers lost, 99 of 100 calls still succeed.
    pub const DEFAULT: Self =
        Self { max_attempts: 4, base_delay: Millis(50), max_delay: Millis(20_000) };

    /// Everything is sent once.
    pub const NEVER: Self = Self { max_attempts: 1, ..Self::DEFAULT };
}

/// What an error says of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryClass {
    /// It was not done, and trying again will not help.
    Final,
    /// It was not done, and it may be another time.
    NotDone(Cost),
    /// Nobody knows whether it was done.
    Unknown,
    /// The credentials were refused; others may do.
    Credentials,
}

/// What this error says of the work.
pub fn retry_class(error: &Error) -> RetryClass {
    match error {
        Error::Connection(_) | Error::Timeout(_) | Error::Decode(_) => RetryClass::Unknown,
        Error::Unsent(_) => RetryClass::NotDone(Cost::Failed),
        Error::Refused(refused) => of_refusal(refused),
        Error::InvalidArguments(_)
        | Error::Configuration(_)
        | Error::Aborted
        | Error::Ambiguous(_)
        | Error::WaitFailure(_)
        | Error::Incomplete(_) => RetryClass::Final,
    }
}

fn of_refusal(refused: &Refusal) -> RetryClass {
    match refused.kind {
        Kind::TooManyRequests => RetryClass::NotDone(Cost::Throttled),
        Kind::TransientState => RetryClass::NotDone(Cost::Failed),
        Kind::Unavailable if never_arrived(refused) => RetryClass::NotDone(Cost::Failed),
        Kind::Unavailable | Kind::InternalError | Kind::RequestTimeout => RetryClass::Unknown,
        Kind::DeniedAuthentication => RetryClass::Credentials,
        _ => RetryClass::Final,
    }
}

/// Whether the gateway says that it did not reach the service. Its other 503 could come after.
fn never_arrived(refused: &Refusal) -> bool {
    refused.status == 503
        && ["connection failure", "no healthy upstream", "overflow"]
            .iter()
            .any(|reason| contains(&refused.message, reason))
}

/// As `text.contains(part)`, which would bring a searcher of 2 KB.
fn contains(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, kind: Kind, message: &str) -> Error {
        let message = message.to_owned();
        Error::Refused(Refusal { kind, status, message, request_id: None, retry_after: None })
    }

    #[test]
    fn only_what_surely_was_not_done_is_simply_done_again() {
        let of = |status, kind, message: &str| retry_class(&refused(status, kind, message));
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
    fn without_an_answer_that_can_be_read_nobody_knows() {
        for error in [
            Error::Connection(String::new()),
            Error::Timeout(Millis(1)),
            Error::Decode(String::new()),
        ] {
            assert_eq!(retry_class(&error), RetryClass::Unknown);
        }
        let unsent = Error::Unsent(Box::new(Error::Connection(String::new())));
        assert_eq!(retry_class(&unsent), RetryClass::NotDone(Cost::Failed));
        assert_eq!(retry_class(&Error::Aborted), RetryClass::Final);
    }
}
