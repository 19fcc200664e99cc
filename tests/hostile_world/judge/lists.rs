//! Whether a list has everything that was there all the time.

use super::super::reply::Shot;
use super::super::setup::{CallSpec, Job};
use super::super::truth::*;
use super::{Judged, name};

impl Judged<'_> {
    pub(super) fn list(&mut self, named: &[Shot]) {
        let CallSpec { job, zone, .. } = &self.run.spec;
        let (shots, status) = match job {
            Job::ListAll { status, .. } => (named, *status),
            _ => (self.run.delivered.as_slice(), None),
        };
        let mut listed: Vec<usize> = shots.iter().map(|shot| shot.slot).collect();
        listed.sort_unstable();
        if listed.windows(2).any(|two| two[0] == two[1]) && status.is_none() {
            self.fault("a list with an item twice", name(job));
        }
        // Between two pages one item can go and another come, so that a third changes its page while the
        // total stays the same. No reader of such pages can know of it.
        let pages =
            self.run.exchanges.iter().filter(|exchange| exchange.received.is_some()).count();
        let is_swapped = pages > 1 && self.is_swapped(*zone, status);
        for (number, slot) in self.world.service.slots.iter().enumerate() {
            let matches = |state: &State| {
                state.is_ours() && status.is_none_or(|word| state.status.word() == word)
            };
            if slot.zone == *zone
                && !is_swapped
                && slot.all(self.from, self.to, matches)
                && listed.binary_search(&number).is_err()
            {
                self.fault(
                    "a list without an item that was there all the time",
                    format!("IP{number}"),
                );
                return;
            }
        }
    }

    /// Whether during the call one flexible IP left the list and another came into it.
    pub(super) fn is_swapped(&self, zone: usize, status: Option<&str>) -> bool {
        let matches = |state: &State| {
            state.is_ours() && status.is_none_or(|word| state.status.word() == word)
        };
        let (mut came, mut went) = (false, false);
        for slot in self.world.service.slots.iter().filter(|slot| slot.zone == zone) {
            let states: Vec<bool> =
                slot.during(self.from, self.to).map(|version| matches(&version.state)).collect();
            came |= states.windows(2).any(|two| !two[0] && two[1]);
            went |= states.windows(2).any(|two| two[0] && !two[1]);
        }
        came && went
    }
}
