//! What each operation does to the state, and what it answers.

use std::rc::Rc;

use serde_json::Value as Json;

use super::ask::{Ask, Filter, What};
use super::reply::{Content, Reply, Shot};
use super::service::{Service, Then};
use super::truth::*;

/// When and for what an operation is done.
#[derive(Clone, Copy)]
pub(crate) struct Doing {
    pub(crate) at: Ms,
    pub(crate) origin: Origin,
    /// The moment at which all of it has landed.
    pub(crate) latest: Ms,
}

type Done = Result<Content, Reply>;

impl Service {
    /// Does the work of a request that changes something, or reads one thing, at one moment.
    pub(crate) fn perform(&mut self, ask: &Ask, doing: Doing) -> Reply {
        self.advance(doing.at);
        let zone = ask.zone;
        let done = match &ask.what {
            What::List(filter) => Ok(self.list(zone, filter, |slot| Some(slot.now()))),
            What::Get { id } => self.visible(zone, id, "read").map(|slot| self.shot(slot)),
            What::Create { project, server, is_ipv6, json } => {
                self.create(zone, project, server.as_deref(), *is_ipv6, json, doing)
            }
            What::Update { id, json } => self.update(zone, id, json, doing),
            What::Delete { id } => self.delete(zone, id, doing),
            What::Attach { ids, server } => self.attach(zone, ids, server, doing),
            What::Detach { ids } => self.detach(zone, ids, doing),
            What::Generate { id, kind } => self.generate(zone, id, kind, doing),
            What::DeleteMac { id } => self.delete_mac(zone, id, doing),
            What::Duplicate { id, from } => self.duplicate(zone, id, from, doing),
            What::MoveMac { id, to } => self.move_mac(zone, id, to, doing),
            What::Server { id } => match self.server(zone, id) {
                Some(server) => Ok(Content::Server(server)),
                None => Err(Reply::missing("server", id)),
            },
            What::Malformed(argument) => Err(Reply::invalid(argument)),
        };
        match done {
            Ok(Content::Empty) => Reply::new(204, Content::Empty),
            Ok(content) => Reply::new(200, content),
            Err(refusal) => refusal,
        }
    }

    /// A page of a list; `state` says which state of a slot is shown.
    pub(crate) fn list<'a>(
        &'a self,
        zone: usize,
        filter: &Filter,
        mut state: impl FnMut(&'a Slot) -> Option<&'a State>,
    ) -> Content {
        let mut all: Vec<Shot> = Vec::new();
        for (number, slot) in self.slots.iter().enumerate() {
            if slot.zone != zone {
                continue;
            }
            if let Some(state) = state(slot).filter(|state| self.matches(filter, state)) {
                all.push(Shot { slot: number, state: state.clone() });
            }
        }
        if filter.is_descending {
            all.reverse();
        }
        let total = all.len();
        let skipped = (filter.page - 1).saturating_mul(filter.size);
        let items = all.into_iter().skip(skipped).take(filter.size).collect();
        Content::Ips { items, total }
    }

    /// Whether a list with this filter shows a flexible IP in this state.
    pub(crate) fn matches(&self, filter: &Filter, state: &State) -> bool {
        let Owner::Ours(project) = state.owner else { return false };
        let server = || state.server.map(|server| &self.servers[server].id);
        (filter.tags.is_empty() || filter.tags.iter().any(|tag| state.tags.contains(tag)))
            && (filter.status.is_empty()
                || filter.status.iter().any(|word| word == state.status.word()))
            && (filter.servers.is_empty() || server().is_some_and(|id| filter.servers.contains(id)))
            && filter.project.as_ref().is_none_or(|id| id == PROJECTS[usize::from(project)])
            && filter.organization.as_ref().is_none_or(|id| id == ORGANIZATION)
    }

    fn shot(&self, slot: usize) -> Content {
        Content::Ip(Box::new(Shot { slot, state: self.slots[slot].now().clone() }))
    }

    fn visible(&self, zone: usize, id: &str, action: &'static str) -> Result<usize, Reply> {
        let slot = self.slot(zone, id).filter(|slot| self.slots[*slot].now().is_ours());
        slot.ok_or_else(|| Reply::denied(action))
    }

    /// A flexible IP that a MAC operation is about.
    fn resting(&self, zone: usize, id: &str) -> Result<usize, Reply> {
        if self.slot(zone, id).is_none() {
            return Err(Reply::missing("flexible_ips", id));
        }
        let slot = self.visible(zone, id, "write")?;
        self.at_rest(slot)
    }

    fn at_rest(&self, slot: usize) -> Result<usize, Reply> {
        let state = self.slots[slot].now();
        if matches!(state.status, Status::Ready | Status::Attached) && state.job == 0 {
            Ok(slot)
        } else {
            Err(Reply::transient(&self.slots[slot].id, state))
        }
    }

    fn create(
        &mut self,
        zone: usize,
        project: &str,
        server: Option<&str>,
        is_ipv6: bool,
        json: &Json,
        doing: Doing,
    ) -> Done {
        let Some(project) = PROJECTS.iter().position(|id| *id == project) else {
            return Err(Reply::denied("create"));
        };
        let server = match server {
            None => None,
            Some(id) => Some(self.server(zone, id).ok_or_else(Reply::internal)?),
        };
        if server.is_some_and(|server| self.taken(server) >= PLACES) {
            return Err(Reply::precondition("the server has no place left"));
        }
        let free = |slot: &Slot| {
            slot.zone == zone && slot.is_ipv6 == is_ipv6 && slot.now().owner == Owner::Pool
        };
        let slot = self.slots.iter().position(free).ok_or_else(Reply::out_of_stock)?;
        let Doing { at, origin, .. } = doing;
        self.note(at, origin, slot, Deed::Create);
        self.change(slot, at, origin, |state| {
            (state.owner, state.order) = (Owner::Ours(project as u8), state.order + 1);
            state.status = if server.is_some() { Status::Updating } else { Status::Ready };
            state.goal = server;
            state.write(json);
        });
        if let Some(server) = server {
            // The deed is the creation; the attach is a part of it.
            let doing = Doing { latest: doing.latest + 50_000, ..doing };
            self.begin_attach(slot, server, doing);
        }
        Ok(self.shot(slot))
    }

    fn update(&mut self, zone: usize, id: &str, json: &Json, doing: Doing) -> Done {
        let slot = self.visible(zone, id, "write")?;
        self.note(doing.at, doing.origin, slot, Deed::Update);
        self.change(slot, doing.at, doing.origin, |state| state.write(json));
        Ok(self.shot(slot))
    }

    fn delete(&mut self, zone: usize, id: &str, doing: Doing) -> Done {
        let slot = self.visible(zone, id, "delete")?;
        let state = self.slots[slot].now().clone();
        let Doing { at, origin, latest } = doing;
        if state.status == Status::Locked || state.job != 0 {
            return Err(Reply::transient(id, &state));
        }
        self.note(at, origin, slot, Deed::Delete);
        if state.server.is_none() {
            self.release(slot, at, origin);
        } else {
            let end = (at + self.chance.between(5000, 21_000)).min(latest.max(at));
            self.transit(slot, at, origin, (end, Then::Deleted), |state| {
                (state.status, state.is_deleting) = (Status::Detaching, true);
            });
        }
        Ok(Content::Empty)
    }

    fn begin_attach(&mut self, slot: usize, server: usize, doing: Doing) {
        let Doing { at, origin, latest } = doing;
        let start = self.servers[server].busy_until.max(at);
        let end = (start + self.chance.between(1600, 9000)).min(latest.max(at));
        self.servers[server].busy_until = end;
        let is_strange = self.rules.has_unknown_words && self.chance.percent(30);
        self.transit(slot, at, origin, (end, Then::Attached { server }), |state| {
            state.status = if is_strange { Status::Migrating } else { Status::Updating };
            (state.server, state.goal) = (None, Some(server));
            state.mac_status = MacStatus::Updating;
        });
    }

    /// The flexible IPs that a change of server names, each once, all at rest.
    fn named(&self, zone: usize, ids: &[String]) -> Result<Vec<usize>, Reply> {
        let mut slots = Vec::with_capacity(ids.len());
        for id in ids {
            let slot = self.visible(zone, id, "write")?;
            self.at_rest(slot)?;
            if !slots.contains(&slot) {
                slots.push(slot);
            }
        }
        if slots.is_empty() { Err(Reply::invalid("fips_ids")) } else { Ok(slots) }
    }

    fn shots(&self, slots: &[usize]) -> Content {
        let shot = |slot: &usize| Shot { slot: *slot, state: self.slots[*slot].now().clone() };
        Content::Ips { items: slots.iter().map(shot).collect(), total: slots.len() }
    }

    fn attach(&mut self, zone: usize, ids: &[String], server: &str, doing: Doing) -> Done {
        let target = self.server(zone, server).ok_or_else(|| Reply::missing("server", server))?;
        let slots = self.named(zone, ids)?;
        let there = |slot: usize| self.slots[slot].now().server == Some(target);
        let moving: Vec<usize> = slots.iter().copied().filter(|slot| !there(*slot)).collect();
        if self.taken(target) + moving.len() > PLACES {
            return Err(Reply::precondition("the server has no place left"));
        }
        for slot in &moving {
            let state = self.slots[*slot].now();
            if state.server.is_some() && !self.rules.attaches_directly {
                return Err(Reply::precondition("the flexible IP is attached to another server"));
            }
            let members = state.mac.map(|mac| self.members(mac)).unwrap_or_default();
            if members.iter().any(|member| !slots.contains(member) && !there(*member)) {
                return Err(Reply::precondition("all flexible IPs of the MAC address must move"));
            }
        }
        for slot in moving {
            self.note(doing.at, doing.origin, slot, Deed::Attach { server: target });
            self.begin_attach(slot, target, doing);
        }
        Ok(self.shots(&slots))
    }

    fn detach(&mut self, zone: usize, ids: &[String], doing: Doing) -> Done {
        let Doing { at, origin, latest } = doing;
        let slots = self.named(zone, ids)?;
        let split: Vec<usize> = slots
            .iter()
            .copied()
            .filter(|slot| {
                let mac = self.slots[*slot].now().mac;
                let members = mac.map(|mac| self.members(mac)).unwrap_or_default();
                members.iter().any(|member| !slots.contains(member))
            })
            .collect();
        for slot in &slots {
            let state = self.slots[*slot].now();
            if state.server.is_none() {
                continue;
            }
            if let Some(mac) = state.mac.filter(|_| split.contains(slot)) {
                self.note(at, origin, *slot, Deed::LoseMac { mac });
            }
            self.note(at, origin, *slot, Deed::Detach);
            let end = (at + self.chance.between(1500, 8500)).min(latest.max(at));
            let loses = split.contains(slot);
            self.transit(*slot, at, origin, (end, Then::Detached), |state| {
                state.status = Status::Detaching;
                if loses {
                    state.mac = None;
                }
            });
        }
        Ok(self.shots(&slots))
    }

    /// A change of the MAC address: at once on no server, after a little time on one.
    fn begin_mac(&mut self, slot: usize, mac: usize, doing: Doing, longest: Ms) {
        let Doing { at, origin, latest } = doing;
        self.macs[mac].updated = at;
        if self.slots[slot].now().server.is_none() {
            return self.change(slot, at, origin, |state| {
                state.mac = Some(mac);
                state.rest();
            });
        }
        let end = (at + self.chance.between(700, longest)).min(latest.max(at));
        self.transit(slot, at, origin, (end, Then::MacEnded), |state| {
            (state.status, state.mac) = (Status::Updating, Some(mac));
            state.mac_status = MacStatus::Updating;
        });
    }

    fn generate(&mut self, zone: usize, id: &str, kind: &str, doing: Doing) -> Done {
        if !["vmware", "xen", "kvm"].contains(&kind) {
            return Err(Reply::invalid("mac_type"));
        }
        let slot = self.resting(zone, id)?;
        let mac = self.add_mac(kind, doing.at);
        self.note(doing.at, doing.origin, slot, Deed::Generate { mac });
        self.begin_mac(slot, mac, doing, 3100);
        Ok(self.shot(slot))
    }

    fn delete_mac(&mut self, zone: usize, id: &str, doing: Doing) -> Done {
        let slot = self.resting(zone, id)?;
        let Doing { at, origin, latest } = doing;
        let state = self.slots[slot].now();
        let Some(mac) = state.mac else {
            return Err(Reply::precondition("the flexible IP has no MAC address"));
        };
        let is_slow = state.server.is_some() && self.rules.deletes_macs_slowly;
        self.note(at, origin, slot, Deed::DeleteMac { mac });
        if is_slow {
            let end = (at + self.chance.between(700, 3100)).min(latest.max(at));
            self.transit(slot, at, origin, (end, Then::MacRemoved), |state| {
                (state.status, state.mac_status) = (Status::Updating, MacStatus::Deleting);
            });
        } else {
            self.change(slot, at, origin, |state| state.mac = None);
        }
        Ok(Content::Empty)
    }

    fn duplicate(&mut self, zone: usize, id: &str, from: &str, doing: Doing) -> Done {
        let (slot, from) = (self.resting(zone, id)?, self.resting(zone, from)?);
        let (to, source) = (self.slots[slot].now(), self.slots[from].now());
        let Some(mac) = source.mac.filter(|_| source.server == to.server && slot != from) else {
            return Err(Reply::precondition("both flexible IPs must be on one server"));
        };
        if to.mac != Some(mac) {
            self.note(doing.at, doing.origin, slot, Deed::Duplicate { mac });
            self.begin_mac(slot, mac, doing, 5800);
        }
        Ok(self.shot(slot))
    }

    fn move_mac(&mut self, zone: usize, id: &str, to: &str, doing: Doing) -> Done {
        let (from, slot) = (self.resting(zone, id)?, self.resting(zone, to)?);
        let (source, to) = (self.slots[from].now(), self.slots[slot].now());
        let fits = source.server == to.server && to.mac.is_none() && slot != from;
        let Some(mac) = source.mac.filter(|_| fits) else {
            return Err(Reply::precondition("the MAC address cannot move there"));
        };
        self.note(doing.at, doing.origin, slot, Deed::MoveMac { mac });
        let origin = doing.origin;
        self.change(from, doing.at, origin, |state| state.mac = None);
        self.begin_mac(slot, mac, doing, 3100);
        Ok(self.shot(slot))
    }
}

impl State {
    /// Writes what a body names; absent and null leave a field as it is.
    fn write(&mut self, json: &Json) {
        if let Some(tags) = json["tags"].as_array() {
            self.tags = tags.iter().filter_map(|tag| tag.as_str().map(str::to_owned)).collect();
        }
        if let Some(text) = json["description"].as_str() {
            self.description = Rc::from(text);
        }
        if let Some(text) = json["reverse"].as_str() {
            self.reverse = Rc::from(text);
        }
    }
}
