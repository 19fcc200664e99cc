//! What a failed step of a move means.

use crate::error::Error;
use crate::error::kind::Kind;
use crate::model::time::Millis;
use crate::policy::retry::RetryClass;

/// After this many consecutive failures a group stops.
pub(super) const FAILURES_MAX: u32 = 8;

/// How long the service may refuse permissions that the credentials have: a change of permissions
/// reaches all of its parts within this time.
pub(super) const PERMISSIONS_SETTLE: Millis = Millis(120_000);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The next poll decides whether the request is repeated.
    Repeat,
    /// The service refuses the step.
    Refused,
    /// Nothing is known of the step, and repetitions have failed too.
    Unknown,
}

/// Judges a failed step after so many consecutive failures, the first of which is so long ago.
/// `is_detached` says whether the flexible IPs were taken off their server by this move: then a
/// refusal for lack of permissions is not believed at once.
pub(super) fn judge(error: &Error, failures: u32, failing: Millis, is_detached: bool) -> Verdict {
    let kind = match error {
        Error::Refused(refused) => Some(refused.kind),
        _ => None,
    };
    if kind == Some(Kind::PermissionsDenied) && is_detached && failing < PERMISSIONS_SETTLE {
        return Verdict::Repeat;
    }
    // A conflict is another change at the same moment. The next poll shows what came of it.
    let is_final = kind != Some(Kind::Conflict)
        && matches!(RetryClass::of(error), RetryClass::Final | RetryClass::Credentials);
    if !is_final && failures < FAILURES_MAX {
        return Verdict::Repeat;
    }
    if kind.is_some_and(|kind| kind != Kind::Unexpected) {
        Verdict::Refused
    } else {
        Verdict::Unknown
    }
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
        Error::Refused(Refusal::classify(status, &headers, Some(&body), ""))
    }

    #[test]
    fn a_lack_of_permissions_is_believed_at_once_only_while_nothing_was_detached() {
        let denied = refused(403, "permissions_denied");
        assert_eq!(judge(&denied, 0, Millis(0), false), Verdict::Refused);
        assert_eq!(judge(&denied, 0, Millis(0), true), Verdict::Repeat);
        assert_eq!(judge(&denied, 20, PERMISSIONS_SETTLE, true), Verdict::Refused);
    }

    #[test]
    fn what_can_pass_by_itself_is_repeated_a_few_times() {
        for status in [409, 429, 500, 503] {
            assert_eq!(
                judge(&refused(status, ""), 0, Millis(0), true),
                Verdict::Repeat,
                "{status}"
            );
            let last = judge(&refused(status, ""), FAILURES_MAX, Millis(0), true);
            assert_eq!(last, Verdict::Refused, "{status}");
        }
        assert_eq!(
            judge(&refused(412, "precondition_failed"), 0, Millis(0), true),
            Verdict::Refused
        );
    }

    #[test]
    fn a_step_without_a_response_of_the_api_is_not_refused() {
        let headers = ResponseHeaders::default();
        let foreign = Error::Refused(Refusal::classify(403, &headers, None, "<html>"));
        for lost in [Error::Connection(String::new()), foreign] {
            assert_eq!(judge(&lost, 0, Millis(0), true), Verdict::Repeat);
            assert_eq!(judge(&lost, FAILURES_MAX, Millis(0), true), Verdict::Unknown);
        }
    }
}
