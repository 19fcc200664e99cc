//! The interval until the next poll of a move.

use super::group::Group;
use super::refusal::{FAILURE_INTERVAL, doubled_interval};
use crate::model::time::Millis;
use crate::policy::poll_interval::{Transition, poll_interval};
use crate::wire::route::Operation;

/// If requests of other groups are under way, a poll that could begin now waits for this long, so that
/// one poll can serve them all.
const GATHERING_INTERVAL: Millis = Millis(250);

/// Where a move stands when it asks for the interval.
pub(super) struct Standing {
    pub(super) now: Millis,
    /// The time since the move began.
    pub(super) elapsed: Millis,
    /// When a group last arrived. The service works on one attach of a server at a time, so the next
    /// one begins then.
    pub(super) last_arrival: Millis,
    /// The number of polls so far.
    pub(super) polls: u32,
}

/// Returns the time until the first group can have made progress.
pub(super) fn next_interval(groups: &[Group], standing: &Standing) -> Millis {
    let (mut waiting, mut attaching, mut is_any_in_flight) = (Vec::new(), 0_usize, false);
    for group in groups {
        if group.is_moving() && group.in_flight.is_some() {
            is_any_in_flight = true;
        } else if group.is_moving() && !group.is_held {
            let is_attaching = matches!(group.accepted, Some((Operation::AttachFlexibleIp, _)));
            attaching = attaching.saturating_add(usize::from(is_attaching));
            waiting.push(group);
        }
    }
    let mut interval = None;
    for group in waiting {
        let next = group_interval(group, attaching, standing);
        interval = Some(interval.map_or(next, |shortest: Millis| shortest.min(next)));
    }
    let interval = interval.unwrap_or_default();
    if interval == Millis(0) && is_any_in_flight { GATHERING_INTERVAL } else { interval }
}

/// `attaching` is the number of groups that wait for an attach.
fn group_interval(group: &Group, attaching: usize, standing: &Standing) -> Millis {
    let Some((operation, accepted_at)) = group.accepted else {
        // The target refused the group, which is on no server: each moment counts.
        if group.failures == 0 && group.destination_of_return().is_some() {
            let is_polled = group.first_fresh_poll <= standing.polls;
            return Millis(if is_polled { FAILURE_INTERVAL } else { 0 });
        }
        let Some(doublings) = group.failures.checked_sub(1) else {
            return poll_interval(Transition::Unknown, standing.elapsed, 0);
        };
        let backoff = Millis(group.repeats_at.0.saturating_sub(standing.now.0));
        return doubled_interval(doublings).max(backoff);
    };
    if group.is_unconfirmed {
        return doubled_interval(group.ineffective);
    }
    if group.first_fresh_poll > standing.polls {
        // No poll has begun since the request was accepted. The first one begins at once.
        return Millis(0);
    }
    let since = |at: Millis| Millis(standing.now.0.saturating_sub(at.0));
    match operation {
        Operation::AttachFlexibleIp => {
            let elapsed = since(accepted_at.max(standing.last_arrival));
            poll_interval(Transition::Attach, elapsed, attaching.saturating_sub(1))
        }
        _ => poll_interval(Transition::Detach, since(accepted_at), 0),
    }
}
