//! What a failed step of a move means.

use crate::error::Error;
use crate::error::kind::Kind;
use crate::model::time::Millis;
use crate::policy::retry::RetryClass;

/// After this many consecutive failures a group stops.
const FAILURES_MAX: u32 = 10;

/// After this many consecutive refusals of the way back a group stops.
const RETURNS_MAX: u32 = 3;

/// How long the service may refuse permissions that the credentials have: a change of permissions
/// reaches all of its parts within this time.
pub(super) const PERMISSIONS_SETTLE: Millis = Millis(120_000);

/// The interval before a failed or ineffective step is polled again, in milliseconds. It doubles with
/// each consecutive one.
pub(super) const FAILURE_INTERVAL: u64 = 100;

/// The interval after failures doubles so often at most.
const DOUBLINGS_MAX: u32 = 8;

/// The interval after it has doubled so often.
pub(super) fn doubled_interval(doublings: u32) -> Millis {
    Millis(FAILURE_INTERVAL << doublings.min(DOUBLINGS_MAX))
}

/// Whether a failed step may be repeated, after so many consecutive failures, the first of which is so
/// long ago. `is_doubted` says whether a refusal for lack of permissions is not believed at once: the
/// flexible IPs were taken off their server by this move, and there is time to attach them back later.
pub(super) fn may_repeat(error: &Error, failures: u32, failing: Millis, is_doubted: bool) -> bool {
    let kind = match error {
        Error::Refused(refused) => Some(refused.kind),
        _ => None,
    };
    if kind == Some(Kind::PermissionsDenied) && is_doubted {
        return failing < PERMISSIONS_SETTLE;
    }
    // A conflict is another change at the same moment. The next poll shows what it has done.
    let can_pass = kind == Some(Kind::Conflict) || !is_final(error);
    can_pass && failures < FAILURES_MAX
}

/// Whether the way back may be repeated: the server has just had the flexible IPs, and elsewhere they
/// would be on none.
pub(super) fn may_return(error: &Error, failures: u32) -> bool {
    matches!(error, Error::Refused(_)) && failures < RETURNS_MAX
}

/// Whether the service has said that it did not attach because of another change: the same may be so
/// until the deadline.
pub(super) const fn is_busy(error: &Error) -> bool {
    matches!(error, Error::Refused(refused) if matches!(refused.kind, Kind::Conflict | Kind::TransientState))
}

/// Whether the service refuses the request for good.
pub(super) fn is_final(error: &Error) -> bool {
    matches!(RetryClass::of(error), RetryClass::Final | RetryClass::Credentials)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::refusal::Refusal;
    use crate::wire::http::ResponseHeaders;
    use crate::wire::value::Value;
    use serde_json::json;

    fn refused(status: u16, type_word: &str) -> Error {
        let body = Value::from(json!({ "type": type_word, "message": "no" }));
        let headers = ResponseHeaders::default();
        Error::Refused(Box::new(Refusal::classify(status, &headers, Some(&body), "")))
    }

    #[test]
    fn a_lack_of_permissions_is_believed_at_once_only_while_nothing_was_detached() {
        let denied = refused(403, "permissions_denied");
        assert!(!may_repeat(&denied, 0, Millis(0), false));
        assert!(may_repeat(&denied, 0, Millis(0), true));
        assert!(may_repeat(&denied, 20, Millis(119_999), true));
        assert!(!may_repeat(&denied, 20, PERMISSIONS_SETTLE, true));
    }

    #[test]
    fn what_can_pass_by_itself_is_repeated_a_few_times() {
        let headers = ResponseHeaders::default();
        let foreign = Error::Refused(Box::new(Refusal::classify(403, &headers, None, "<html>")));
        let lost = Error::Connection(String::new());
        let passing = [409, 429, 500, 503].map(|status| refused(status, ""));
        for error in passing.into_iter().chain([foreign, lost]) {
            assert!(may_repeat(&error, 0, Millis(0), true), "{error}");
            assert!(!may_repeat(&error, FAILURES_MAX, Millis(0), true), "{error}");
        }
        assert!(!may_repeat(&refused(412, "precondition_failed"), 0, Millis(0), true));
    }
}
