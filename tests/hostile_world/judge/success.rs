//! Whether the postcondition of a success held at some moment of its call.

use flexip::flow::Success;

use super::super::machines::mark;
use super::super::reply::Shot;
use super::super::setup::{CallSpec, Job};
use super::super::truth::*;
use super::{FALSE_SUCCESS, Judged, name};

impl Judged<'_> {
    pub(super) fn success(&mut self, success: &Success) {
        let Some(named) = self.run.named(&success.outcome) else {
            return self.fault(
                "a success whose response is not the API's",
                format!("{:?}", success.outcome),
            );
        };
        let named: Vec<Shot> = named.into_iter().cloned().collect();
        let named_ids: Vec<String> =
            named.iter().map(|shot| self.world.service.slots[shot.slot].id.clone()).collect();
        let CallSpec { job, number, zone, .. } = &self.run.spec;
        let holds = match job {
            Job::Get { id } => named_ids == [id.clone()],
            Job::ListAll { .. } | Job::Pages { .. } => {
                return self.list(&named);
            }
            Job::Create { .. } => return self.created(&named),
            Job::Update { id } => {
                let mark = mark(*number);
                self.was(id, |state| {
                    state.is_ours() && *state.description == *mark && state.tags.contains(&mark)
                })
            }
            Job::Delete { id } => {
                // One that never existed is as gone as one that was deleted.
                self.slot_of(id).is_none()
                    || self.was(id, |state| !state.is_ours() || state.is_deleting)
            }
            Job::Attach { ids, server } => {
                let server = self.server_of(server);
                ids.iter().all(|id| self.was(id, |state| state.is_ours() && state.serves(server)))
            }
            Job::Detach { ids } => ids.iter().all(|id| {
                self.was(id, |state| {
                    state.is_ours() && (state.server.is_none() || state.status == Status::Detaching)
                })
            }),
            Job::Generate { id, kind } => {
                let macs = &self.world.service.macs;
                let from = self.from;
                self.was(id, |state| {
                    state.is_ours()
                        && state
                            .mac
                            .is_some_and(|mac| macs[mac].created >= from && macs[mac].kind == *kind)
                })
            }
            Job::DeleteMac { id } => {
                let before = self.slot_of(id).and_then(|slot| slot.at(self.from).mac);
                self.was(id, |state| {
                    !state.is_ours()
                        || state.mac.is_none()
                        || state.mac != before
                        || state.mac_status == MacStatus::Deleting
                })
            }
            Job::Duplicate { id, from } => self.shares(id, from),
            Job::MoveMac { id, to } => {
                self.shares(to, id)
                    && self.was(id, |state| {
                        self.slot_of(to).is_some_and(|slot| {
                            slot.any(self.from, self.to, |to| {
                                to.mac.is_some() && to.mac != state.mac
                            })
                        })
                    })
            }
            Job::WaitRest { ids } => {
                ids.iter().all(|id| self.was(id, |state| state.is_ours() && state.is_at_rest()))
            }
            Job::WaitGone { ids } => {
                let stays: Vec<&Slot> = ids
                    .iter()
                    .filter_map(|id| self.slot_of(id))
                    .filter(|slot| slot.all(self.from, self.to, State::is_ours))
                    .collect();
                if stays.iter().any(|slot| slot.zone != *zone) {
                    return self.fault("a wait calls gone what is in another zone", name(job));
                }
                let service = &self.world.service;
                let has_pages =
                    service.slots.iter().filter(|slot| slot.zone == *zone).count() > 100;
                stays.is_empty() || (has_pages && self.is_swapped(*zone, None))
            }
            Job::Ensure { dry: true, .. } | Job::Failover { dry: true, .. } => {
                return self.dry();
            }
            Job::Ensure { ids, server, .. } | Job::Failover { ids: Some(ids), to: server, .. } => {
                let server = self.server_of(server);
                ids.iter().chain(&named_ids).all(|id| self.was(id, |state| state.rests_on(server)))
            }
            Job::Failover { from, to, ids: None, .. } => {
                let (from, to) = (self.server_of(from), self.server_of(to));
                if let Some(slot) = self.left_behind(from, to, *zone) {
                    return self.fault(FALSE_SUCCESS, format!("IP{slot} stayed on S{from}"));
                }
                named_ids.iter().all(|id| self.was(id, |state| state.rests_on(to)))
            }
        };
        if !holds {
            self.fault(FALSE_SUCCESS, name(job));
        }
        let is_shown = match job {
            Job::WaitRest { ids } => {
                named_ids.iter().eq(ids) && named.iter().all(|shot| shot.state.is_at_rest())
            }
            Job::Ensure { server, .. } | Job::Failover { to: server, .. } => {
                let server = self.server_of(server);
                named.iter().all(|shot| shot.state.rests_on(server))
            }
            _ => true,
        };
        if !is_shown {
            self.fault("a success returns what does not meet its postcondition", name(job));
        }
    }

    /// Whether two flexible IPs had one MAC address, each at some moment.
    pub(super) fn shares(&self, one: &str, other: &str) -> bool {
        self.slot_of(one).zip(self.slot_of(other)).is_some_and(|(one, other)| {
            one.during(self.from, self.to).any(|version| {
                let mac = version.state.mac;
                mac.is_some() && other.any(self.from, self.to, |state| state.mac == mac)
            })
        })
    }

    /// A flexible IP that was on the source from the beginning to the end of the call, never elsewhere.
    pub(super) fn left_behind(&self, from: usize, to: usize, zone: usize) -> Option<usize> {
        let slots = self.world.service.slots.iter().enumerate();
        let mut left = slots.filter(|(_, slot)| {
            slot.zone == zone
                && slot
                    .all(self.from, self.to, |state| state.is_ours() && state.server == Some(from))
                && !slot.any(self.from, self.to, |state| state.rests_on(to))
        });
        left.next().map(|(number, _)| number)
    }

    pub(super) fn dry(&mut self) {
        if self.run.exchanges.iter().any(|exchange| !exchange.ask.is_read()) {
            self.fault("a dry run sent a change", "");
        }
    }
}
