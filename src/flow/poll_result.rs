//! The result of a poll.

use super::small_map::SmallMap;
use super::tag::{BodyRef, Tag};
use crate::error::Error;
use crate::model::id::FlexibleIpId;
use crate::wire::summary::Summary;

/// The result of a poll.
#[derive(Clone, Debug, Default)]
pub(super) struct PollResult {
    /// The flexible IPs that exist, with their bodies.
    pub(super) ips: SmallMap<FlexibleIpId, (Summary, BodyRef)>,
    /// The flexible IPs that do not exist: their reads were refused, and the zone's list does not have
    /// them.
    pub(super) gone: SmallMap<FlexibleIpId, FailedRead>,
    /// The other flexible IPs of the pages that were read.
    pub(super) others: Vec<Summary>,
    /// Why a request failed, so that some flexible IPs are in neither map. Another poll may succeed.
    pub(super) failed: Option<FailedRead>,
}

/// The bodies of these flexible IPs, as far as they were read.
pub(super) fn bodies_of(
    ips: &SmallMap<FlexibleIpId, (Summary, BodyRef)>,
    ids: &[FlexibleIpId],
) -> Vec<BodyRef> {
    let mut bodies = Vec::new();
    for id in ids {
        if let Some((_, body)) = ips.get(*id) {
            bodies.push(*body);
        }
    }
    bodies
}

/// A request of a poll, or of a step of a move, that failed. Its response is retained while it is the
/// last one, or the refusal of a flexible IP that is gone.
#[derive(Clone, Debug)]
pub(super) struct FailedRead {
    pub(super) error: Error,
    pub(super) tag: Tag,
}
