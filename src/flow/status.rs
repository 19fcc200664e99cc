//! What a status, or a refusal, says about a flexible IP that a wait or a move polls.

use crate::error::Error;
use crate::error::kind::Kind;
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

/// Whether a transition of the flexible IP or of its virtual MAC address is under way.
pub(super) fn is_in_transition(ip: &Summary) -> bool {
    matches!(ip.status.as_str(), "updating" | "detaching")
        || matches!(ip.mac_status.as_deref(), Some("updating" | "deleting"))
}

/// Whether the flexible IP is in a status that no transition leaves.
pub(super) fn is_stuck(ip: &Summary) -> bool {
    matches!(ip.status.as_str(), "error" | "locked") || ip.mac_status.as_deref() == Some("error")
}

/// Whether the refusal of a read says that the flexible IP does not exist: the service answers 403
/// for one that was deleted.
pub(super) fn is_gone(error: &Error) -> bool {
    let Error::Refused(refused) = error else { return false };
    matches!(refused.kind, Kind::PermissionsDenied | Kind::NotFound)
}
