//! When to look next.

use super::group::Group;
use super::{FAILURE_PAUSE, FAILURES_MAX, RelocateFlow};
use crate::model::time::Millis;
use crate::policy::poll_interval::{Transition, pause};
use crate::wire::route::Operation;

impl RelocateFlow {
    /// How long until the next look: not before the first of them could be ready.
    pub(super) fn pause(&self, now: Millis) -> Millis {
        let moving =
            || self.groups.iter().filter(|group| group.is_moving() && group.doing.is_none());
        let attaching = moving()
            .filter(|group| matches!(group.begun, Some((Operation::AttachFlexibleIp, _))))
            .count();
        let of_group = |group: &Group| {
            let Some((operation, at)) = group.begun else {
                let doubled = FAILURE_PAUSE.checked_shl(group.failures).unwrap_or(u64::MAX);
                return pause(Transition::Unknown, self.elapsed(now), 0).max(Millis(doubled));
            };
            if group.doubted {
                let doublings = group.fruitless.min(FAILURES_MAX);
                return Millis(FAILURE_PAUSE.checked_shl(doublings).unwrap_or(u64::MAX));
            }
            if group.fresh_from > self.polls {
                // Not looked at since: a service that is quick is done already.
                return Millis(0);
            }
            match operation {
                Operation::AttachFlexibleIp => {
                    let since = now.0.saturating_sub(at.max(self.progress).0);
                    pause(Transition::Attach, Millis(since), attaching.saturating_sub(1))
                }
                _ => pause(Transition::Detach, Millis(now.0.saturating_sub(at.0)), 0),
            }
        };
        moving().map(of_group).min().unwrap_or_default()
    }
}
