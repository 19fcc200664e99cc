//! The others: another process with our key, other tenants, and the end of servers.

use serde_json::json;

use super::ask::{Ask, What};
use super::chance::Chance;
use super::operations::Doing;
use super::service::Service;
use super::truth::*;

impl Service {
    /// Another process does something with the flexible IPs of a zone; returns what, for the story.
    pub(crate) fn colleague_acts(
        &mut self,
        zone: usize,
        at: Ms,
        chance: &mut Chance,
    ) -> Option<Ask> {
        let ours: Vec<usize> = (0..self.slots.len())
            .filter(|slot| self.slots[*slot].zone == zone && self.slots[*slot].now().is_ours())
            .collect();
        let healthy = |server: &usize| {
            self.servers[*server].zone == zone && self.servers[*server].removed_at.is_none()
        };
        let servers: Vec<usize> = (0..self.servers.len()).filter(healthy).collect();
        let id = |service: &Self, slot: usize| service.slots[slot].id.clone();
        let slot = chance.pick(&ours)?;
        let other = chance.pick(&ours)?;
        let server = self.servers[chance.pick(&servers)?].id.clone();
        // A colleague knows the groups, and mostly moves them as a whole.
        let mac = self.slots[slot].now().mac.filter(|_| chance.percent(85));
        let whole = mac.map_or_else(|| vec![slot], |mac| self.members(mac));
        let ids: Vec<String> = whole.iter().map(|slot| id(self, *slot)).collect();
        let what = match chance.below(12) {
            0..=2 => What::Attach { ids, server },
            3 | 4 => What::Detach { ids },
            5 => What::Delete { id: id(self, slot) },
            6 => What::Generate { id: id(self, slot), kind: "kvm".to_owned() },
            7 => What::DeleteMac { id: id(self, slot) },
            8 => What::Duplicate { id: id(self, slot), from: id(self, other) },
            9 => What::MoveMac { id: id(self, slot), to: id(self, other) },
            10 => What::Update {
                id: id(self, slot),
                json: json!({ "description": "by a colleague" }),
            },
            _ => What::Create {
                project: PROJECTS[0].to_owned(),
                server: None,
                is_ipv6: chance.percent(20),
                json: json!({ "description": "of a colleague" }),
            },
        };
        let ask = Ask { zone, what };
        let latest = at + ask.settling();
        self.perform(&ask, Doing { at, origin: Origin::Colleague, latest });
        Some(ask)
    }

    /// Another tenant buys an address of the pool, or gives one back.
    pub(crate) fn tenant_acts(
        &mut self,
        zone: usize,
        at: Ms,
        chance: &mut Chance,
    ) -> Option<usize> {
        self.advance(at);
        let is_pooled = chance.percent(65);
        let wanted = if is_pooled { Owner::Pool } else { Owner::Tenant };
        let slots: Vec<usize> = (0..self.slots.len())
            .filter(|slot| {
                self.slots[*slot].zone == zone && self.slots[*slot].now().owner == wanted
            })
            .collect();
        let slot = chance.pick(&slots)?;
        if is_pooled {
            self.change(slot, at, Origin::Tenant, |state| {
                (state.owner, state.order) = (Owner::Tenant, state.order + 1);
            });
        } else {
            self.release(slot, at, Origin::Tenant);
        }
        Some(slot)
    }
}
