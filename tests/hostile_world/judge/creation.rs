//! Whether a creation made what it returned, once, and once for a key.

use super::super::reply::Shot;
use super::super::setup::Job;
use super::super::truth::*;
use super::{FALSE_SUCCESS, Judged};

impl Judged<'_> {
    pub(super) fn created(&mut self, named: &[Shot]) {
        let Job::Create { is_ipv6, project, key, .. } = &self.run.spec.job else { return };
        let [shot] = named else {
            return self.fault("a success whose response is not the API's", "create");
        };
        let slot = &self.world.service.slots[shot.slot];
        let order = shot.state.order;
        let marked =
            |state: &State| key.is_none_or(|key| state.tags.iter().any(|tag| tag.contains(key)));
        let holds = slot.is_ipv6 == *is_ipv6
            && slot.zone == self.run.spec.zone
            && slot.any(self.from, self.to, |state| {
                state.owner == Owner::Ours(*project)
                    && state.order == order
                    && !state.is_deleting
                    && marked(state)
            });
        if !holds {
            self.fault(FALSE_SUCCESS, "create: not the flexible IP that was asked for");
        }
        let made: Vec<&Effect> =
            self.effects().filter(|effect| effect.deed == Deed::Create).collect();
        let is_other = |effect: &&Effect| effect.slot != shot.slot && !self.is_undone(effect);
        if made.iter().any(is_other) && !self.shares_key() {
            self.fault("a creation made another flexible IP than the one it returned", "");
        }
        let is_its_own =
            made.iter().any(|effect| effect.slot == shot.slot && slot.at(effect.at).order == order);
        if key.is_none() && !is_its_own {
            self.fault(FALSE_SUCCESS, "create: the flexible IP was not made by this call");
        }
        if key.is_some() && is_its_own {
            self.second_for_key();
        }
    }

    /// Whether another call made something for the same key meanwhile. Calls of one client share their
    /// request, but for machines that is the work of the driver.
    fn shares_key(&self) -> bool {
        let Job::Create { key: Some(key), .. } = &self.run.spec.job else { return false };
        self.world.service.effects.iter().any(|effect| {
            let other = effect.origin.call().filter(|call| *call != self.call);
            effect.deed == Deed::Create
                && effect.at >= self.from
                && other.is_some_and(|other| {
                    let job = &self.world.runs[other].spec.job;
                    matches!(job, Job::Create { key: Some(other), .. } if other == key)
                })
        })
    }

    /// Whether an earlier call had made one for the same key that was there all the time.
    pub(super) fn second_for_key(&mut self) {
        let spec = &self.run.spec;
        let Job::Create { is_ipv6, project, key, .. } = &spec.job else { return };
        for earlier in self.world.service.effects.iter() {
            let Some(call) = earlier.origin.call().filter(|call| *call != self.call) else {
                continue;
            };
            let Job::Create { is_ipv6: other_ipv6, project: other_project, key: other_key, .. } =
                &self.world.runs[call].spec.job
            else {
                continue;
            };
            let is_same = other_key == key
                && other_ipv6 == is_ipv6
                && other_project == project
                && self.world.runs[call].spec.zone == spec.zone;
            if !is_same
                || earlier.deed != Deed::Create
                || earlier.at >= self.from
                || spec.skips_preflight
            {
                continue;
            }
            let slot = &self.world.service.slots[earlier.slot];
            let order = slot.at(earlier.at).order;
            let stays = |state: &State| {
                state.is_ours()
                    && state.order == order
                    && !state.is_deleting
                    && key.is_none_or(|key| state.tags.iter().any(|tag| tag.contains(key)))
            };
            if slot.all(self.from, self.to, stays) {
                let slot = earlier.slot;
                return self
                    .fault("a second flexible IP for one key", format!("IP{slot} was there"));
            }
        }
    }
}
