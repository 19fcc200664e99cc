//! What a status, or a refusal, says about a flexible IP that a wait or a move polls.

use crate::error::Error;
use crate::error::kind::Kind;
use crate::policy::retry::RetryClass;
use crate::wire::summary::Summary;

/// Whether no transition of the flexible IP or of its virtual MAC address is under way. A status that
/// this version does not know is not rest, and neither is a reading whose status and server disagree.
pub(super) fn is_at_rest(ip: &Summary) -> bool {
    let agrees = match ip.status.as_str() {
        "ready" => ip.server_id.is_none(),
        "attached" => ip.server_id.is_some(),
        _ => false,
    };
    let is_mac_at_rest = match ip.mac_status.as_deref() {
        None => ip.mac_id.is_none(),
        Some(status) => matches!(status, "ready" | "used"),
    };
    agrees && is_mac_at_rest
}

/// Whether the flexible IP is in a status that no transition leaves.
pub(super) fn is_stuck(ip: &Summary) -> bool {
    matches!(ip.status.as_str(), "error" | "locked") || ip.mac_status.as_deref() == Some("error")
}

/// Whether no further poll can succeed: the credentials or the request itself were refused, or
/// nothing can be sent. Permissions can be lost for two minutes, so any other refusal is temporary.
pub(super) fn ends_polling(error: &Error) -> bool {
    match error {
        Error::Refused(refused) => match refused.kind {
            Kind::DeniedAuthentication => true,
            kind => kind == Kind::InvalidArguments && refused.is_typed,
        },
        other => RetryClass::of(other) == RetryClass::Final,
    }
}

/// Whether the error of a poll is a refusal by the API itself that a retry does not change. The pages of
/// gateways and portals say nothing about the flexible IP.
pub(super) fn is_refusal(error: &Error) -> bool {
    matches!(error, Error::Refused(refused) if refused.is_typed)
        && RetryClass::of(error) == RetryClass::Final
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::summary::Spelling;
    use serde_json::json;

    const ID: &str = "7c715b98-e683-493a-9e62-109d684e4348";

    fn ip(status: &str, has_server: bool, mac_status: Option<&str>) -> Summary {
        let mac = mac_status.map(|status| json!({ "id": ID, "status": status }));
        let server = has_server.then_some(ID);
        let ip = json!({ "id": ID, "status": status, "server_id": server, "mac_address": mac });
        Summary::read(&ip.into(), Spelling::SnakeCase).unwrap()
    }

    #[test]
    fn only_known_words_that_agree_with_the_server_are_rest() {
        for (status, has_server, mac, rests) in [
            ("ready", false, None, true),
            ("ready", false, Some("ready"), true),
            ("attached", true, None, true),
            ("attached", true, Some("used"), true),
            ("attached", true, Some("ready"), true),
            ("attached", false, None, false),
            ("ready", true, None, false),
            ("updating", true, None, false),
            ("detaching", true, Some("used"), false),
            ("provisioning", false, None, false),
            ("", false, None, false),
            ("unknown", true, None, false),
            ("attached", true, Some("updating"), false),
            ("attached", true, Some("deleting"), false),
            ("attached", true, Some("unknown"), false),
            ("attached", true, Some("migrating"), false),
            ("error", false, None, false),
        ] {
            assert_eq!(
                is_at_rest(&ip(status, has_server, mac)),
                rests,
                "{status} {has_server} {mac:?}"
            );
        }
    }

    #[test]
    fn a_mac_address_without_a_status_is_not_at_rest() {
        let torn = Summary { mac_status: None, ..ip("attached", true, Some("used")) };
        assert!(!is_at_rest(&torn));
    }

    #[test]
    fn an_error_or_a_lock_is_stuck_and_an_unknown_status_is_not() {
        for (status, mac, stuck) in [
            ("error", None, true),
            ("locked", None, true),
            ("attached", Some("error"), true),
            ("provisioning", None, false),
            ("attached", None, false),
        ] {
            assert_eq!(is_stuck(&ip(status, true, mac)), stuck, "{status} {mac:?}");
        }
    }
}
