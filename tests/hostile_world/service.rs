//! The model of the service: its state, and the transitions that end by themselves. It shares no code
//! with the emulator, so that both cannot have the same mistake.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::chance::Chance;
use super::truth::*;

/// What is unknown about the real service; each world has its own answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Whether a flexible IP may be attached elsewhere without a detach.
    pub(crate) attaches_directly: bool,
    /// Whether the deletion of a MAC address takes time on a server.
    pub(crate) deletes_macs_slowly: bool,
    /// Whether a transition has a status that the API's description does not have.
    pub(crate) has_unknown_words: bool,
    /// How many of a hundred transitions end stuck.
    pub(crate) stuck: u64,
}

/// What the end of a transition does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Then {
    Attached { server: usize },
    Detached,
    Deleted,
    MacEnded,
    MacRemoved,
    ServerGone { server: usize },
}

pub(crate) struct Service {
    pub(crate) rules: Rules,
    pub(crate) slots: Vec<Slot>,
    pub(crate) servers: Vec<Server>,
    pub(crate) macs: Vec<Mac>,
    pub(crate) effects: Vec<Effect>,
    jobs: BTreeMap<(Ms, u32), (usize, Then)>,
    numbers: u32,
    pub(crate) chance: Chance,
}

/// A UUID that says what it names, and its number.
pub(crate) fn uuid(kind: &str, number: usize) -> String {
    format!("{kind}-0000-4000-8000-{number:012x}")
}

pub(crate) const IP: &str = "f1f1f1f1";
pub(crate) const SERVER: &str = "5e5e5e5e";
const MAC: &str = "acacacac";

fn pooled(reverse: &str) -> State {
    State {
        owner: Owner::Pool,
        order: 0,
        status: Status::Ready,
        server: None,
        goal: None,
        is_deleting: false,
        mac: None,
        mac_status: MacStatus::Ready,
        tags: Rc::new([]),
        description: Rc::from(""),
        reverse: Rc::from(reverse),
        updated: 0,
        job: 0,
    }
}

impl Service {
    pub(crate) fn new(rules: Rules, chance: Chance) -> Self {
        Self {
            rules,
            slots: Vec::new(),
            servers: Vec::new(),
            macs: Vec::new(),
            effects: Vec::new(),
            jobs: BTreeMap::new(),
            numbers: 0,
            chance,
        }
    }

    /// Adds an address to the pool of a zone.
    pub(crate) fn add_slot(&mut self, zone: usize, is_ipv6: bool) -> usize {
        let number = self.slots.len();
        let (high, low) = (number / 200, number % 200 + 10);
        let (address, reverse) = if is_ipv6 {
            (
                format!("2001:bc8:702:{number:x}::/64"),
                format!("2001-bc8-702-{number:x}--.rev.poneytelecom.eu."),
            )
        } else {
            (
                format!("51.159.{}.{low}", 77 + high),
                format!("51-159-{}-{low}.rev.poneytelecom.eu.", 77 + high),
            )
        };
        self.slots.push(Slot {
            zone,
            id: uuid(IP, number),
            address,
            is_ipv6,
            created: format!(
                "2024-08-{:02}T{:02}:{:02}:44.473875Z",
                1 + number / 1440 % 28,
                number / 60 % 24,
                number % 60
            ),
            versions: vec![Version { at: 0, origin: Origin::Service, state: pooled(&reverse) }],
        });
        number
    }

    pub(crate) fn add_server(&mut self, zone: usize) -> usize {
        let number = self.servers.len();
        let id = uuid(SERVER, number);
        self.servers.push(Server { zone, id, removed_at: None, busy_until: 0 });
        number
    }

    pub(crate) fn add_mac(&mut self, kind: &str, at: Ms) -> usize {
        let number = self.macs.len();
        let kind = ["vmware", "xen"].into_iter().find(|name| *name == kind).unwrap_or("kvm");
        let start = match kind {
            "vmware" => "00:50:56",
            "xen" => "00:16:3e",
            _ => "52:54:00",
        };
        let address = format!("{start}:{:02x}:00:{:02x}", number / 256 % 128, number % 256);
        self.macs.push(Mac { id: uuid(MAC, number), address, kind, created: at, updated: at });
        number
    }

    /// Sets a state as it is at the beginning.
    pub(crate) fn begin(&mut self, slot: usize, with: impl FnOnce(&mut State)) {
        with(&mut self.slots[slot].versions[0].state);
    }

    pub(crate) fn slot(&self, zone: usize, id: &str) -> Option<usize> {
        let number = usize::from_str_radix(id.get(24..)?, 16).ok()?;
        self.slots.get(number).filter(|slot| slot.zone == zone && slot.id == id).map(|_| number)
    }

    /// A server of a zone that exists now.
    pub(crate) fn server(&self, zone: usize, id: &str) -> Option<usize> {
        let number = usize::from_str_radix(id.get(24..)?, 16).ok()?;
        let server = self.servers.get(number)?;
        (server.zone == zone && server.id == id && server.removed_at.is_none()).then_some(number)
    }

    /// The addresses of ours that carry a MAC address now.
    pub(crate) fn members(&self, mac: usize) -> Vec<usize> {
        (0..self.slots.len()).filter(|slot| self.slots[*slot].now().mac == Some(mac)).collect()
    }

    /// The number of flexible IPs that are on a server or on the way to it.
    pub(crate) fn taken(&self, server: usize) -> usize {
        let places = |slot: &&Slot| {
            let state = slot.now();
            state.server == Some(server) || state.goal == Some(server)
        };
        self.slots.iter().filter(places).count()
    }

    pub(crate) fn change(
        &mut self,
        slot: usize,
        at: Ms,
        origin: Origin,
        with: impl FnOnce(&mut State),
    ) {
        let slot = &mut self.slots[slot];
        let mut state = slot.now().clone();
        with(&mut state);
        state.updated = at;
        slot.versions.push(Version { at, origin, state });
    }

    pub(crate) fn note(&mut self, at: Ms, origin: Origin, slot: usize, deed: Deed) {
        self.effects.push(Effect { at, origin, slot, deed });
    }

    /// Begins a transition: the change now, and what ends it.
    pub(crate) fn transit(
        &mut self,
        slot: usize,
        at: Ms,
        origin: Origin,
        (end, then): (Ms, Then),
        with: impl FnOnce(&mut State),
    ) {
        self.numbers += 1;
        let job = self.numbers;
        self.change(slot, at, origin, |state| {
            state.job = job;
            with(state);
        });
        self.jobs.insert((end, job), (slot, then));
    }

    /// Lets all transitions end that end by now.
    pub(crate) fn advance(&mut self, now: Ms) {
        while let Some(entry) = self.jobs.first_entry().filter(|entry| entry.key().0 <= now) {
            let (at, job) = *entry.key();
            let (slot, then) = entry.remove();
            self.end(at, job, slot, then);
        }
    }

    /// When the last transition under way ends.
    pub(crate) fn last_end(&self) -> Option<Ms> {
        self.jobs.last_key_value().map(|((at, _), _)| *at)
    }

    fn end(&mut self, at: Ms, job: u32, slot: usize, then: Then) {
        if let Then::ServerGone { server } = then {
            return self.leave_removed(at, server);
        }
        if self.slots[slot].now().job != job {
            return;
        }
        let is_removed =
            |server: usize, service: &Self| service.servers[server].removed_at.is_some();
        let stuck = self.chance.percent(self.rules.stuck).then(|| self.chance.below(3));
        match then {
            Then::Attached { server } => {
                let server = Some(server).filter(|server| !is_removed(*server, self));
                self.change(slot, at, Origin::Service, |state| {
                    (state.server, state.goal, state.job) = (server, None, 0);
                    state.rest();
                    if let Some(way) = stuck {
                        state.stick(way);
                    }
                });
            }
            Then::Detached => self.change(slot, at, Origin::Service, |state| {
                (state.server, state.job) = (None, 0);
                state.rest();
                if let Some(way) = stuck {
                    state.stick(way);
                }
            }),
            Then::Deleted => self.release(slot, at, Origin::Service),
            Then::MacEnded | Then::MacRemoved => self.change(slot, at, Origin::Service, |state| {
                state.job = 0;
                if matches!(then, Then::MacRemoved) {
                    state.mac = None;
                }
                state.rest();
            }),
            Then::ServerGone { .. } => {}
        }
    }

    /// Gives an address back to the pool.
    pub(crate) fn release(&mut self, slot: usize, at: Ms, origin: Origin) {
        let order = self.slots[slot].now().order;
        let fresh = State { order, ..self.slots[slot].versions[0].state.clone() };
        let reverse = Rc::clone(&fresh.reverse);
        self.change(slot, at, origin, |state| *state = State { order, ..pooled(&reverse) });
    }

    /// Removes a server: what is on it is detached a little later.
    pub(crate) fn remove_server(&mut self, server: usize, at: Ms) {
        if self.servers[server].removed_at.is_none() {
            self.servers[server].removed_at = Some(at);
            self.numbers += 1;
            self.jobs.insert((at + 2500, self.numbers), (0, Then::ServerGone { server }));
        }
    }

    fn leave_removed(&mut self, at: Ms, server: usize) {
        for slot in 0..self.slots.len() {
            let state = self.slots[slot].now();
            if state.server == Some(server) && state.status == Status::Attached {
                let end = at + self.chance.between(5300, 8500);
                self.transit(slot, at, Origin::Service, (end, Then::Detached), |state| {
                    state.status = Status::Detaching;
                });
            }
        }
    }
}

impl State {
    /// Comes to rest where it is.
    pub(crate) fn rest(&mut self) {
        let is_attached = self.server.is_some();
        self.status = if is_attached { Status::Attached } else { Status::Ready };
        self.mac_status = if is_attached { MacStatus::Used } else { MacStatus::Ready };
    }

    fn stick(&mut self, way: u64) {
        match way {
            0 => self.status = Status::Error,
            1 => self.status = Status::Locked,
            _ => self.mac_status = MacStatus::Error,
        }
    }
}
