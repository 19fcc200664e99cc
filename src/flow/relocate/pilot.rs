//! Which group goes first while the target is not known to exist.

use super::group::Group;
use crate::flow::status::is_at_rest;
use crate::wire::summary::Summary;

/// Chooses the group that goes first: one at rest, best on no server, where it cannot lose one, and
/// best a small one. A group that has begun remains the first until it has stopped.
pub(super) fn choose_pilot(
    groups: &[Group],
    pilot: Option<usize>,
    ips: &[Summary],
) -> Option<usize> {
    let has_begun = |group: &Group| group.is_moving() && group.changes > 0;
    if pilot.and_then(|index| groups.get(index)).is_some_and(has_begun) {
        return pilot;
    }
    let cost = |group: &Group| {
        let is_member = |ip: &&Summary| group.ids.contains(&ip.id);
        let mut members = ips.iter().filter(is_member);
        let first = ips.iter().find(is_member);
        let is_waiting = first.is_none() || members.any(|ip| !is_at_rest(ip));
        (is_waiting, first.is_none_or(|ip| ip.server_id.is_some()), group.ids.len())
    };
    let moving = groups.iter().enumerate().filter(|(_, group)| group.is_moving());
    moving.min_by_key(|(_, group)| cost(group)).map(|(index, _)| index)
}
