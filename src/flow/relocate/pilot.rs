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
        let (mut first, mut is_waiting) = (None, false);
        for ip in ips {
            if group.ids.contains(&ip.id) {
                first = first.or(Some(ip));
                is_waiting |= !is_at_rest(ip);
            }
        }
        let is_attached = first.is_none_or(|ip| ip.server_id.is_some());
        (is_waiting || first.is_none(), is_attached, group.ids.len())
    };
    let mut best = None;
    for (index, group) in groups.iter().enumerate() {
        if group.is_moving() {
            let cost = cost(group);
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, index));
            }
        }
    }
    best.map(|(_, index)| index)
}
