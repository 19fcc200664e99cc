//! A world as it is at the beginning, and the calls that are made in it: both follow from a seed.

use super::chance::Chance;
use super::nasty::{Kind, Kinds, Nastiness};
use super::service::{IP, Rules, SERVER, Service, uuid};
use super::truth::*;

/// What a call asks for. Flexible IPs and servers are named by their ids, also such that do not exist.
#[derive(Clone, Debug)]
pub(crate) enum Job {
    Get { id: String },
    ListAll { size: u32, status: Option<&'static str> },
    Pages { size: u32, deletes: bool },
    Create { server: Option<String>, is_ipv6: bool, project: u8, key: Option<&'static str> },
    Update { id: String },
    Delete { id: String },
    Attach { ids: Vec<String>, server: String },
    Detach { ids: Vec<String> },
    Generate { id: String, kind: &'static str },
    DeleteMac { id: String },
    Duplicate { id: String, from: String },
    MoveMac { id: String, to: String },
    WaitRest { ids: Vec<String> },
    WaitGone { ids: Vec<String> },
    Ensure { ids: Vec<String>, server: String, direct: bool, dry: bool },
    Failover { from: String, to: String, ids: Option<Vec<String>>, direct: bool, dry: bool },
}

#[derive(Clone, Debug)]
pub(crate) struct CallSpec {
    /// The number of the call in its world: it stays when other calls are left out.
    pub(crate) number: usize,
    pub(crate) at: Ms,
    pub(crate) zone: usize,
    pub(crate) job: Job,
    pub(crate) timeout: Ms,
    pub(crate) total: Ms,
    pub(crate) retries: bool,
    pub(crate) skips_preflight: bool,
    /// How long after its beginning the call is aborted.
    pub(crate) abort_after: Option<Ms>,
}

/// A world that can be built again.
#[derive(Clone, Debug)]
pub(crate) struct Seed {
    pub(crate) number: u64,
    pub(crate) kinds: Kinds,
    /// The calls that are made, by their numbers; none stands for all.
    pub(crate) calls: Option<Vec<usize>>,
}

pub(crate) struct Beginning {
    pub(crate) service: Service,
    pub(crate) nastiness: Nastiness,
    pub(crate) calls: Vec<CallSpec>,
    /// When others act, and in which zone.
    pub(crate) others: Vec<(Ms, usize, Kind)>,
    /// How many of a hundred exchanges are followed by a colleague's change.
    pub(crate) meddling: u64,
}

impl Seed {
    /// The world of a number: most have some kinds of nastiness, few have none or all.
    pub(crate) fn of(number: u64) -> Self {
        let mut chance = Chance::new(number, 1);
        let kinds = match chance.below(20) {
            0 => Kinds::NONE,
            1..=3 => Kinds::ALL,
            4..=9 => Kinds((1 << chance.below(21)) | (1 << chance.below(21))),
            _ => Kinds((chance.next() as u32) & Kinds::ALL.0),
        };
        Self { number, kinds, calls: None }
    }

    pub(crate) fn begin(&self) -> Beginning {
        let mut chance = Chance::new(self.number, 2);
        let kinds = self.kinds;
        let rules = Rules {
            attaches_directly: chance.percent(70),
            deletes_macs_slowly: chance.percent(50),
            has_unknown_words: kinds.has(Kind::UnknownWord),
            stuck: if kinds.has(Kind::Stuck) { 6 } else { 0 },
        };
        let mut service = Service::new(rules, Chance::new(self.number, 3));
        populate(&mut service, &mut chance);
        let flap = chance.below(60_000);
        let flap = (flap, flap + chance.between(100, 120_000));
        let rate = [10, 25, 50][chance.below(3) as usize];
        let number = 1 + chance.below(7) as usize;
        let calls = (0..number)
            .map(|number| {
                call(&service, number, &mut Chance::new(self.number, 100 + number as u64))
            })
            .filter(|call| self.calls.as_ref().is_none_or(|calls| calls.contains(&call.number)))
            .collect();
        let mut others = Vec::new();
        for (kind, most) in [(Kind::Colleague, 12), (Kind::PoolReuse, 20), (Kind::ServerRemoved, 2)]
        {
            let times = chance.below(most);
            for _ in 0..times {
                let (at, zone) = (chance.below(90_000), usize::from(chance.percent(15)));
                if kinds.has(kind) {
                    others.push((at, zone, kind));
                }
            }
        }
        let meddling =
            if kinds.has(Kind::Colleague) { [0, 5, 25][chance.below(3) as usize] } else { 0 };
        Beginning { service, nastiness: Nastiness { kinds, rate, flap }, calls, others, meddling }
    }
}

fn populate(service: &mut Service, chance: &mut Chance) {
    for zone in 0..ZONES.len() {
        let servers: Vec<usize> = (0..3).map(|_| service.add_server(zone)).collect();
        let number = chance.between(2, 7);
        for _ in 0..number {
            let slot = service.add_slot(zone, chance.percent(20));
            let server = chance.pick(&servers).filter(|_| chance.percent(75));
            let project = u8::from(chance.percent(15));
            ours(service, slot, project, server);
        }
        for owner in [Owner::Tenant, Owner::Pool, Owner::Pool, Owner::Pool, Owner::Pool] {
            let slot = service.add_slot(zone, owner == Owner::Pool && chance.percent(30));
            service.begin(slot, |state| state.owner = owner);
        }
    }
    // A crowded server, or a zone of several pages.
    match chance.below(80) {
        0 => {
            let most = PLACES - service.taken(1);
            for _ in 0..most - (chance.below(5) as usize).min(most) {
                let slot = service.add_slot(0, false);
                ours(service, slot, 0, Some(1));
            }
        }
        1 => {
            for _ in 0..110 {
                let slot = service.add_slot(0, false);
                ours(service, slot, 0, None);
            }
        }
        _ => {}
    }
    for server in 0..service.servers.len() {
        let on: Vec<usize> = (0..service.slots.len())
            .filter(|slot| service.slots[*slot].now().server == Some(server))
            .collect();
        let alone: Vec<usize> = (0..service.slots.len())
            .filter(|slot| {
                let state = service.slots[*slot].now();
                state.is_ours() && state.server.is_none() && state.mac.is_none()
            })
            .collect();
        if let Some(slot) = chance.pick(&alone).filter(|_| chance.percent(20)) {
            let mac = service.add_mac("kvm", 0);
            service
                .begin(slot, |state| (state.mac, state.mac_status) = (Some(mac), MacStatus::Ready));
        }
        if !on.is_empty() && chance.percent(60) {
            let mac = service.add_mac("kvm", 0);
            let size = 1 + chance.below(on.len().min(4) as u64) as usize;
            for slot in on.into_iter().take(size) {
                service.begin(slot, |state| {
                    (state.mac, state.mac_status) = (Some(mac), MacStatus::Used)
                });
            }
        }
    }
}

fn ours(service: &mut Service, slot: usize, project: u8, server: Option<usize>) {
    service.begin(slot, |state| {
        (state.owner, state.order, state.server) = (Owner::Ours(project), 1, server);
        state.rest();
    });
}

/// What calls can name: mostly what is there.
struct Names<'a> {
    service: &'a Service,
    zone: usize,
}

impl Names<'_> {
    fn ip(&self, chance: &mut Chance) -> String {
        let is_ours = chance.percent(92);
        let slots: Vec<usize> = (0..self.service.slots.len())
            .filter(|slot| {
                let slot = &self.service.slots[*slot];
                slot.zone == self.zone && slot.now().is_ours() == is_ours
            })
            .collect();
        match chance.pick(&slots) {
            Some(slot) if is_ours || chance.percent(70) => self.service.slots[slot].id.clone(),
            _ => uuid(IP, 9000 + chance.below(3) as usize),
        }
    }

    /// The flexible IP and all others of its MAC group.
    fn group(&self, id: &str) -> Vec<String> {
        let service = self.service;
        let mac = service.slot(self.zone, id).and_then(|slot| service.slots[slot].now().mac);
        match mac {
            Some(mac) => {
                service.members(mac).iter().map(|slot| service.slots[*slot].id.clone()).collect()
            }
            None => vec![id.to_owned()],
        }
    }

    /// A flexible IP with a MAC address, and another on the same server; any two if there are none.
    fn neighbours(&self, chance: &mut Chance) -> (String, String) {
        let slots = &self.service.slots;
        let ours = |slot: &usize| slots[*slot].zone == self.zone && slots[*slot].now().is_ours();
        let all: Vec<usize> = (0..slots.len()).filter(ours).collect();
        let with: Vec<usize> =
            all.iter().copied().filter(|slot| slots[*slot].now().mac.is_some()).collect();
        let Some(source) = chance.pick(&with).filter(|_| chance.percent(85)) else {
            return (self.ip(chance), self.ip(chance));
        };
        let server = slots[source].now().server;
        let near: Vec<usize> = all
            .into_iter()
            .filter(|slot| *slot != source && slots[*slot].now().server == server)
            .collect();
        match chance.pick(&near) {
            Some(slot) => (slots[source].id.clone(), slots[slot].id.clone()),
            None => (slots[source].id.clone(), self.ip(chance)),
        }
    }

    fn groups(&self, chance: &mut Chance) -> Vec<String> {
        let mut ids = Vec::new();
        for _ in 0..=chance.below(3) {
            for id in self.group(&self.ip(chance)) {
                if !ids.contains(&id) && ids.len() < 30 {
                    ids.push(id);
                }
            }
        }
        if chance.percent(8) {
            ids.truncate(1);
        }
        ids
    }

    fn server(&self, chance: &mut Chance) -> String {
        let wanted = if chance.percent(95) { self.zone } else { 1 - self.zone };
        let number = wanted * 3 + chance.below(3) as usize;
        if chance.percent(95) {
            self.service.servers[number].id.clone()
        } else {
            uuid(SERVER, 9000)
        }
    }
}

fn call(service: &Service, number: usize, chance: &mut Chance) -> CallSpec {
    let zone = usize::from(chance.percent(8));
    let names = Names { service, zone };
    let kind = ["kvm", "xen", "vmware"][chance.below(3) as usize];
    let one = names.ip(chance);
    let job = match chance.below(28) {
        26 => Job::MoveMac { id: one, to: names.ip(chance) },
        27 => Job::Detach { ids: names.group(&one) },
        0 => Job::Get { id: one },
        1 => {
            let status = [None, None, Some("attached"), Some("ready")][chance.below(4) as usize];
            Job::ListAll { size: [2, 3, 100][chance.below(3) as usize], status }
        }
        2 => Job::Pages { size: 1 + chance.below(4) as u32, deletes: chance.percent(40) },
        3..=6 => Job::Create {
            server: Some(names.server(chance)).filter(|_| chance.percent(40)),
            is_ipv6: chance.percent(25),
            project: u8::from(chance.percent(20)),
            key: [None, Some("key-a"), Some("key-a"), Some("key-b")][chance.below(4) as usize],
        },
        7 => Job::Update { id: one },
        8 | 9 => Job::Delete { id: one },
        10 | 11 => Job::Attach { ids: names.group(&one), server: names.server(chance) },
        12 => Job::Detach { ids: names.group(&one) },
        13 | 14 => Job::Generate { id: one, kind },
        15 => Job::DeleteMac { id: one },
        16 => {
            let (from, id) = names.neighbours(chance);
            Job::Duplicate { id, from }
        }
        17 => {
            let (id, to) = names.neighbours(chance);
            Job::MoveMac { id, to }
        }
        18 => Job::WaitRest { ids: names.groups(chance) },
        19 | 20 => Job::WaitGone { ids: vec![one] },
        21 | 22 => Job::Ensure {
            ids: names.groups(chance),
            server: names.server(chance),
            direct: chance.percent(40),
            dry: chance.percent(6),
        },
        _ => {
            let (from, to) = (names.server(chance), names.server(chance));
            let ids = Some(names.groups(chance)).filter(|_| chance.percent(20));
            if from == to {
                Job::Ensure {
                    ids: names.groups(chance),
                    server: to,
                    direct: chance.percent(40),
                    dry: false,
                }
            } else {
                Job::Failover { from, to, ids, direct: chance.percent(40), dry: chance.percent(6) }
            }
        }
    };
    let at = chance.below(2) * chance.below(100_000);
    CallSpec {
        number,
        at,
        zone: if matches!(job, Job::WaitGone { .. }) && chance.percent(5) {
            1 - zone
        } else {
            zone
        },
        job,
        timeout: [30_000, 30_000, 5000, 400][chance.below(4) as usize],
        total: [120_000, 120_000, 300_000, 8000, 1500][chance.below(5) as usize],
        retries: chance.percent(80),
        skips_preflight: chance.percent(10),
        abort_after: Some(chance.below(chance.clone().below(9000) + 1))
            .filter(|_| chance.percent(12)),
    }
}
