//! A client who alone works on its flexible IPs, and so knows exactly what has to be there.

use std::collections::{BTreeMap, BTreeSet};

use flexip::error::Error;
use flexip::flow::calls::CallPolicy;
use flexip::flow::wait::Condition;
use flexip::model::id::FlexibleIpId;
use flexip::policy::budget::Budget;
use flexip::policy::random::Random;
use flexip::wire::route::Operation;
use flexip::wire::value::Value;
use serde_json::{Value as Json, json};

use super::Client;
use crate::support::scenario::{
    Held, defaults, ensure, failover, keyed, listing, operation, policy, waiting,
};
use crate::support::world::{Call, World};

/// What it was told of a flexible IP.
#[derive(Clone, Debug, Default)]
struct Known {
    server: Option<String>,
    mac: Option<String>,
    description: String,
    /// An outcome is unknown, and it has not looked since.
    doubtful: bool,
}

/// What it is doing.
#[derive(Clone, Debug)]
enum Doing {
    Create { server: Option<String> },
    Attach { ids: Vec<String>, server: String },
    Detach { ids: Vec<String> },
    Generate { id: String },
    Duplicate { from: String, to: String },
    Move { from: String, to: String },
    DeleteMac { id: String },
    Update { id: String, description: String },
    Delete { id: String },
    Read,
    List,
    Wait { id: String },
    Relocate { ids: Vec<String>, server: String },
}

pub(crate) struct Owner {
    name: usize,
    seed: u64,
    random: Random,
    budget: Budget,
    servers: Vec<String>,
    project: String,
    ips: BTreeMap<String, Known>,
    begun: u64,
    doing: Doing,
    pub(crate) doubtful_creates: usize,
}

impl Owner {
    pub(crate) fn new(name: usize, seed: u64, world: &mut World) -> Self {
        Self {
            name,
            seed,
            random: Random::new(seed * 1_000 + name as u64),
            budget: Budget::new(500),
            servers: vec![world.server(), world.server()],
            project: world.emulator.project_id().to_string(),
            ips: BTreeMap::new(),
            begun: 0,
            doing: Doing::Read,
            doubtful_creates: 0,
        }
    }

    pub(crate) fn knows(&self, id: &str) -> bool {
        self.ips.contains_key(id)
    }

    /// Whether the service, at rest, holds what this client was told.
    pub(crate) fn compare(&self, truth: &[Held], seed: u64) {
        for (id, known) in self.ips.iter().filter(|(_, known)| !known.doubtful) {
            let held = truth.iter().find(|ip| ip.id == *id);
            let held =
                held.unwrap_or_else(|| panic!("seed {seed}: {id} is lost, known as {known:?}"));
            let is = (&held.server, &held.mac, &held.description);
            let told = (&known.server, &known.mac, &known.description);
            assert_eq!(is, told, "seed {seed}, client {}, {id}: held, and told", self.name);
        }
    }

    fn policy(&mut self) -> CallPolicy {
        let seed = (self.random.fraction() * 1e9) as u64;
        CallPolicy { budget: self.budget.clone(), seed, ..policy() }
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        from.get((self.random.fraction() * from.len() as f64) as usize).cloned()
    }

    /// Those of its MAC group, itself among them.
    fn group(&self, id: &str) -> Vec<String> {
        let mac = &self.ips[id].mac;
        let is_of = |other: &str, known: &Known| other == id || mac.is_some() && known.mac == *mac;
        self.ips
            .iter()
            .filter(|(other, known)| is_of(other, known))
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// Looks, past the network, at what is in doubt and has come to rest.
    fn poll(&mut self, world: &mut World) {
        if !self.ips.values().any(|known| known.doubtful) {
            return;
        }
        // Ids come back from the pool: what is gone may be somebody else's by now.
        let own = format!("owner:{}", self.name);
        let truth: Vec<Held> =
            world.truth().into_iter().filter(|ip| ip.tags.contains(&own)).collect();
        let busy = |ip: &Held| matches!(ip.status.as_str(), "updating" | "detaching");
        self.ips.retain(|id, known| {
            let held = truth.iter().find(|ip| ip.id == *id);
            match held {
                None => return !known.doubtful,
                Some(ip) if known.doubtful && !busy(ip) => {
                    let (server, mac) = (ip.server.clone(), ip.mac.clone());
                    *known =
                        Known { server, mac, description: ip.description.clone(), doubtful: false };
                }
                Some(_) => {}
            }
            true
        });
    }

    fn choose(&mut self) -> Doing {
        let sure: Vec<String> = self
            .ips
            .iter()
            .filter(|(_, known)| !known.doubtful)
            .map(|(id, _)| id.clone())
            .collect();
        let server = self.pick(&self.servers.clone()).unwrap();
        let (Some(id), Some(other)) = (self.pick(&sure), self.pick(&sure)) else {
            return Doing::Create { server: None };
        };
        let is_whole = |ids: &[String]| ids.iter().all(|id| sure.contains(id));
        let of = |id: &str| self.ips[id].clone();
        let (one, two) = (of(&id), of(&other));
        match (self.random.fraction() * 22.0) as u32 {
            0..=2 if sure.len() < 8 => {
                let is_attached = self.random.fraction() < 0.3;
                Doing::Create { server: is_attached.then_some(server) }
            }
            0..=5 if is_whole(&self.group(&id)) => Doing::Attach { ids: self.group(&id), server },
            6 | 7 if is_whole(&self.group(&id)) => Doing::Detach { ids: self.group(&id) },
            8 | 9 => Doing::Generate { id },
            10 | 11
                if one.server.is_some()
                    && one.server == two.server
                    && one.mac.is_some()
                    && two.mac.is_none() =>
            {
                Doing::Duplicate { from: id, to: other }
            }
            12 | 13 if one.mac.is_some() && two.mac.is_none() && self.group(&id).len() == 1 => {
                Doing::Move { from: id, to: other }
            }
            14 => Doing::DeleteMac { id },
            15 => Doing::Update { id, description: format!("{}", self.begun) },
            16 if sure.len() > 3 => Doing::Delete { id },
            17 => Doing::List,
            18 => Doing::Wait { id },
            19 | 20 if is_whole(&sure) && sure.len() == self.ips.len() => {
                Doing::Relocate { ids: sure, server }
            }
            _ => Doing::Read,
        }
    }

    fn start(&mut self, world: &mut World, name: Operation, arguments: Json) -> Call {
        let policy = self.policy();
        let total = policy.total;
        world.start(operation(name, arguments, &defaults(), policy), total)
    }

    /// It is told that it was done.
    fn on_done(&mut self, bodies: &[Value]) {
        let mac = |ip: Option<&Value>| {
            let ip = ip.and_then(|ip| ip.field("mac_address"));
            ip.and_then(|mac| mac.text("id")).map(str::to_owned)
        };
        let last = bodies.last();
        match self.doing.clone() {
            Doing::Create { server } => {
                let id = last.and_then(|ip| ip.text("id")).unwrap().to_owned();
                let description = self.begun.to_string();
                let known = Known { server, description, ..Known::default() };
                assert!(self.ips.insert(id.clone(), known).is_none(), "{id} was given twice");
            }
            Doing::Attach { ids, server } | Doing::Relocate { ids, server } => {
                // One of an unknown creation may have moved along.
                let told = |id: &String| bodies.iter().any(|ip| ip.text("id") == Some(id));
                assert!(ids.iter().all(told), "seed {}: {ids:?}", self.seed);
                ids.iter().for_each(|id| self.known(id).server = Some(server.clone()));
            }
            Doing::Detach { ids } => ids.iter().for_each(|id| self.known(id).server = None),
            Doing::Generate { id } => {
                let new = mac(last);
                assert!(new.is_some() && new != self.known(&id).mac, "{id} has no new MAC");
                self.known(&id).mac = new;
            }
            Doing::Duplicate { from, to } => self.known(&to).mac = self.ips[&from].mac.clone(),
            Doing::Move { from, to } => self.known(&to).mac = self.known(&from).mac.take(),
            Doing::DeleteMac { id } => self.known(&id).mac = None,
            Doing::Update { id, description } => self.known(&id).description = description,
            Doing::Delete { id } => drop(self.ips.remove(&id)),
            Doing::List => {
                let listed: BTreeSet<&str> = bodies.iter().filter_map(|ip| ip.text("id")).collect();
                assert_eq!(listed.len(), bodies.len(), "listed twice");
                for (id, known) in self.ips.iter().filter(|(_, known)| !known.doubtful) {
                    assert!(listed.contains(id.as_str()), "{id} is not listed: {known:?}");
                }
            }
            Doing::Wait { id } => {
                let (told, known) = (last.unwrap(), &self.ips[&id]);
                assert_eq!(
                    told.text("server_id"),
                    known.server.as_deref(),
                    "seed {} {id}",
                    self.seed
                );
                assert_eq!(mac(last), known.mac, "seed {} {id}", self.seed);
            }
            Doing::Read => {}
        }
    }

    fn known(&mut self, id: &str) -> &mut Known {
        self.ips.get_mut(id).unwrap()
    }

    /// It is told that nobody knows.
    fn on_doubt(&mut self) {
        let ids = match self.doing.clone() {
            Doing::Create { .. } => {
                self.doubtful_creates += 1;
                Vec::new()
            }
            Doing::Attach { ids, .. } | Doing::Detach { ids } | Doing::Relocate { ids, .. } => ids,
            Doing::Duplicate { from, to } | Doing::Move { from, to } => vec![from, to],
            Doing::Generate { id }
            | Doing::DeleteMac { id }
            | Doing::Update { id, .. }
            | Doing::Delete { id } => vec![id],
            Doing::List | Doing::Read | Doing::Wait { .. } => panic!("a read is never in doubt"),
        };
        ids.iter().for_each(|id| self.known(id).doubtful = true);
    }
}

impl Client for Owner {
    fn begin(&mut self, world: &mut World) -> Call {
        self.begun += 1;
        self.poll(world);
        self.doing = self.choose();
        let first = self.ips.keys().next().cloned();
        match self.doing.clone() {
            Doing::Create { server } => {
                let has_key = self.random.fraction() < 0.5;
                let key = format!("{}-{}", self.name, self.begun);
                let defaults = if has_key { keyed(&key) } else { defaults() };
                let arguments = json!({ "projectId": self.project, "serverId": server, "description": self.begun.to_string(), "tags": [format!("owner:{}", self.name)] });
                let policy = self.policy();
                let total = policy.total;
                world.start(
                    operation(Operation::CreateFlexibleIp, arguments, &defaults, policy),
                    total,
                )
            }
            Doing::Attach { ids, server } => {
                let arguments = json!({ "fipsIds": ids, "serverId": server });
                self.start(world, Operation::AttachFlexibleIp, arguments)
            }
            Doing::Detach { ids } => {
                self.start(world, Operation::DetachFlexibleIp, json!({ "fipsIds": ids }))
            }
            Doing::Generate { id } => {
                let arguments = json!({ "fipId": id, "macType": "kvm" });
                self.start(world, Operation::GenerateMacAddr, arguments)
            }
            Doing::Duplicate { from, to } => {
                let arguments = json!({ "fipId": to, "duplicateFromFipId": from });
                self.start(world, Operation::DuplicateMacAddr, arguments)
            }
            Doing::Move { from, to } => {
                let arguments = json!({ "fipId": from, "dstFipId": to });
                self.start(world, Operation::MoveMacAddr, arguments)
            }
            Doing::DeleteMac { id } => {
                self.start(world, Operation::DeleteMacAddr, json!({ "fipId": id }))
            }
            Doing::Update { id, description } => {
                let arguments = json!({ "fipId": id, "description": description });
                self.start(world, Operation::UpdateFlexibleIp, arguments)
            }
            Doing::Delete { id } => {
                self.start(world, Operation::DeleteFlexibleIp, json!({ "fipId": id }))
            }
            Doing::Read => match first {
                Some(id) => self.start(world, Operation::GetFlexibleIp, json!({ "fipId": id })),
                None => self.start(world, Operation::ListFlexibleIps, json!({})),
            },
            Doing::List => {
                let policy = self.policy();
                let total = policy.total;
                world.start(listing(json!({ "pageSize": 5 }), true, policy), total)
            }
            Doing::Wait { id } => {
                let ids = [FlexibleIpId::parse(&id).unwrap()];
                let policy = self.policy();
                let total = policy.total;
                world.start(waiting(&ids, Condition::Rest, policy), total)
            }
            Doing::Relocate { ids, server } => {
                let policy = self.policy();
                let total = policy.total;
                let other = self.servers.iter().find(|other| **other != server).unwrap();
                // Who is on its way to the one that fails, or leaving it, is not seen on it.
                let truth = world.truth();
                let is_there = |ip: &Held| {
                    ids.contains(&ip.id)
                        && ip.server.as_ref() == Some(other)
                        && ip.status == "attached"
                };
                let all_there = truth.iter().filter(|ip| is_there(ip)).count() == ids.len();
                let machine = if all_there {
                    let arguments = json!({ "fromServerId": other, "toServerId": server });
                    failover(arguments, Vec::new(), policy)
                } else {
                    ensure(json!({ "fipsIds": ids, "serverId": server }), policy)
                };
                world.start(machine, total)
            }
        }
    }

    fn end(&mut self, call: Call, world: &mut World) -> String {
        let outcome = world.outcome(call).unwrap().clone();
        let Err(failed) = outcome else {
            let bodies = world.bodies(call);
            self.on_done(&bodies);
            return "done".to_owned();
        };
        let error = failed.failure.error;
        match &error {
            Error::Ambiguous(_) => self.on_doubt(),
            // The others say that it was not done; a move says who is where.
            _ if matches!(self.doing, Doing::Relocate { .. }) => self.on_doubt(),
            _ => {}
        }
        error.code().to_owned()
    }
}
