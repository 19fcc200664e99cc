//! A client that shares its flexible IPs with no other client, so that it knows their exact state.

use std::collections::{BTreeMap, BTreeSet};

use flexip::error::Error;
use flexip::flow::call_policy::CallPolicy;
use flexip::flow::wait::Condition;
use flexip::model::id::FlexibleIpId;
use flexip::policy::budget::Budget;
use flexip::policy::random::Random;
use flexip::wire::route::Operation;
use flexip::wire::value::Value;
use serde_json::{Value as Json, json};

use super::{Client, actual_ips};
use crate::support::scenario::{
    ActualIp, defaults, ensure_attached_flow, failover_flow, list_flow, operation_flow, policy,
    wait_flow, with_key,
};
use crate::support::world::{Call, World};

/// The state of a flexible IP that the results of the calls imply.
#[derive(Clone, Debug, Default)]
struct Expected {
    server: Option<String>,
    mac: Option<String>,
    description: String,
    /// Whether the outcome of a call is unknown, and the state was not read since.
    is_in_doubt: bool,
}

/// An operation, with what is needed to apply its result.
#[derive(Clone, Debug)]
enum Task {
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
    ips: BTreeMap<String, Expected>,
    /// The number of operations that have begun.
    begun: u64,
    task: Task,
    /// The number of creates whose outcome is unknown.
    pub(crate) unknown_creates: usize,
}

impl Owner {
    pub(crate) fn new(name: usize, seed: u64, world: &mut World) -> Self {
        Self {
            name,
            seed,
            random: Random::new(seed * 1_000 + name as u64),
            budget: Budget::new(500),
            servers: vec![world.add_server(), world.add_server()],
            project: world.emulator.project_id().to_string(),
            ips: BTreeMap::new(),
            begun: 0,
            task: Task::Read,
            unknown_creates: 0,
        }
    }

    pub(crate) fn knows(&self, id: &str) -> bool {
        self.ips.contains_key(id)
    }

    /// Asserts that the emulator, at rest, has the expected state.
    pub(crate) fn assert_state(&self, actual: &[ActualIp], seed: u64) {
        for (id, known) in self.ips.iter().filter(|(_, known)| !known.is_in_doubt) {
            let ip = actual.iter().find(|ip| ip.id == *id);
            let ip = ip.unwrap_or_else(|| panic!("seed {seed}: {id} is lost: {known:?}"));
            let actual = (&ip.server, &ip.mac, &ip.description);
            let expected = (&known.server, &known.mac, &known.description);
            assert_eq!(actual, expected, "seed {seed}, client {}, {id}", self.name);
        }
    }

    fn policy(&mut self) -> CallPolicy {
        let seed = (self.random.fraction() * 1e9) as u64;
        CallPolicy { budget: self.budget.clone(), seed, ..policy() }
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        from.get((self.random.fraction() * from.len() as f64) as usize).cloned()
    }

    /// The flexible IPs of the same MAC group, this one included.
    fn group(&self, id: &str) -> Vec<String> {
        let mac = &self.ips[id].mac;
        let is_member =
            |other: &str, known: &Expected| other == id || mac.is_some() && known.mac == *mac;
        self.ips
            .iter()
            .filter(|(other, known)| is_member(other, known))
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// Reads the flexible IPs that are in doubt and at rest, without the network.
    fn resolve_doubts(&mut self, world: &mut World) {
        if !self.ips.values().any(|known| known.is_in_doubt) {
            return;
        }
        // The id of a deleted flexible IP returns to the pool, and may belong to another client by now.
        let own = format!("owner:{}", self.name);
        let actual: Vec<ActualIp> =
            actual_ips(world).into_iter().filter(|ip| ip.tags.contains(&own)).collect();
        let is_in_transition =
            |ip: &ActualIp| matches!(ip.status.as_str(), "updating" | "detaching");
        self.ips.retain(|id, known| {
            match actual.iter().find(|ip| ip.id == *id) {
                None => return !known.is_in_doubt,
                Some(ip) if known.is_in_doubt && !is_in_transition(ip) => {
                    let (server, mac) = (ip.server.clone(), ip.mac.clone());
                    *known = Expected {
                        server,
                        mac,
                        description: ip.description.clone(),
                        is_in_doubt: false,
                    };
                }
                Some(_) => {}
            }
            true
        });
    }

    fn choose(&mut self) -> Task {
        let certain: Vec<String> = self
            .ips
            .iter()
            .filter(|(_, known)| !known.is_in_doubt)
            .map(|(id, _)| id.clone())
            .collect();
        let server = self.pick(&self.servers.clone()).unwrap();
        let (Some(id), Some(other)) = (self.pick(&certain), self.pick(&certain)) else {
            return Task::Create { server: None };
        };
        let is_whole = |ids: &[String]| ids.iter().all(|id| certain.contains(id));
        let expected = |id: &str| self.ips[id].clone();
        let (one, two) = (expected(&id), expected(&other));
        match (self.random.fraction() * 22.0) as u32 {
            0..=2 if certain.len() < 8 => {
                let is_attached = self.random.fraction() < 0.3;
                Task::Create { server: is_attached.then_some(server) }
            }
            0..=5 if is_whole(&self.group(&id)) => Task::Attach { ids: self.group(&id), server },
            6 | 7 if is_whole(&self.group(&id)) => Task::Detach { ids: self.group(&id) },
            8 | 9 => Task::Generate { id },
            10 | 11
                if one.server.is_some()
                    && one.server == two.server
                    && one.mac.is_some()
                    && two.mac.is_none() =>
            {
                Task::Duplicate { from: id, to: other }
            }
            12 | 13 if one.mac.is_some() && two.mac.is_none() && self.group(&id).len() == 1 => {
                Task::Move { from: id, to: other }
            }
            14 => Task::DeleteMac { id },
            15 => Task::Update { id, description: format!("{}", self.begun) },
            16 if certain.len() > 3 => Task::Delete { id },
            17 => Task::List,
            18 => Task::Wait { id },
            19 | 20 if is_whole(&certain) && certain.len() == self.ips.len() => {
                Task::Relocate { ids: certain, server }
            }
            _ => Task::Read,
        }
    }

    fn start(&mut self, world: &mut World, name: Operation, arguments: Json) -> Call {
        let policy = self.policy();
        let total = policy.total_timeout;
        world.start(operation_flow(name, arguments, &defaults(), policy), total)
    }

    /// Applies a success.
    fn on_success(&mut self, bodies: &[Value]) {
        let mac = |ip: Option<&Value>| {
            let ip = ip.and_then(|ip| ip.field("mac_address"));
            ip.and_then(|mac| mac.text("id")).map(str::to_owned)
        };
        let last = bodies.last();
        match self.task.clone() {
            Task::Create { server } => {
                let id = last.and_then(|ip| ip.text("id")).unwrap().to_owned();
                let description = self.begun.to_string();
                let known = Expected { server, description, ..Expected::default() };
                assert!(self.ips.insert(id.clone(), known).is_none(), "{id} was created twice");
            }
            Task::Attach { ids, server } | Task::Relocate { ids, server } => {
                // The result may also have a flexible IP of a create whose outcome is unknown.
                let is_in_result = |id: &String| bodies.iter().any(|ip| ip.text("id") == Some(id));
                assert!(ids.iter().all(is_in_result), "seed {}: {ids:?}", self.seed);
                ids.iter().for_each(|id| self.known(id).server = Some(server.clone()));
            }
            Task::Detach { ids } => ids.iter().for_each(|id| self.known(id).server = None),
            Task::Generate { id } => {
                let new = mac(last);
                assert!(new.is_some() && new != self.known(&id).mac, "{id} has no new MAC");
                self.known(&id).mac = new;
            }
            Task::Duplicate { from, to } => self.known(&to).mac = self.ips[&from].mac.clone(),
            Task::Move { from, to } => self.known(&to).mac = self.known(&from).mac.take(),
            Task::DeleteMac { id } => self.known(&id).mac = None,
            Task::Update { id, description } => self.known(&id).description = description,
            Task::Delete { id } => drop(self.ips.remove(&id)),
            Task::List => {
                let listed: BTreeSet<&str> = bodies.iter().filter_map(|ip| ip.text("id")).collect();
                assert_eq!(listed.len(), bodies.len(), "listed twice");
                for (id, known) in self.ips.iter().filter(|(_, known)| !known.is_in_doubt) {
                    assert!(listed.contains(id.as_str()), "{id} is not listed: {known:?}");
                }
            }
            Task::Wait { id } => {
                let (ip, known) = (last.unwrap(), &self.ips[&id]);
                assert_eq!(
                    ip.text("server_id"),
                    known.server.as_deref(),
                    "seed {} {id}",
                    self.seed
                );
                assert_eq!(mac(last), known.mac, "seed {} {id}", self.seed);
            }
            Task::Read => {}
        }
    }

    fn known(&mut self, id: &str) -> &mut Expected {
        self.ips.get_mut(id).unwrap()
    }

    /// Applies an unknown outcome.
    fn on_unknown(&mut self) {
        let ids = match self.task.clone() {
            Task::Create { .. } => {
                self.unknown_creates += 1;
                Vec::new()
            }
            Task::Attach { ids, .. } | Task::Detach { ids } | Task::Relocate { ids, .. } => ids,
            Task::Duplicate { from, to } | Task::Move { from, to } => vec![from, to],
            Task::Generate { id }
            | Task::DeleteMac { id }
            | Task::Update { id, .. }
            | Task::Delete { id } => vec![id],
            Task::List | Task::Read | Task::Wait { .. } => panic!("a read is never in doubt"),
        };
        ids.iter().for_each(|id| self.known(id).is_in_doubt = true);
    }
}

impl Client for Owner {
    fn begin(&mut self, world: &mut World) -> Call {
        self.begun += 1;
        self.resolve_doubts(world);
        self.task = self.choose();
        let first = self.ips.keys().next().cloned();
        match self.task.clone() {
            Task::Create { server } => {
                let has_key = self.random.fraction() < 0.5;
                let key = format!("{}-{}", self.name, self.begun);
                let defaults = if has_key { with_key(&key) } else { defaults() };
                let arguments = json!({ "projectId": self.project, "serverId": server, "description": self.begun.to_string(), "tags": [format!("owner:{}", self.name)] });
                let policy = self.policy();
                let total = policy.total_timeout;
                world.start(
                    operation_flow(Operation::CreateFlexibleIp, arguments, &defaults, policy),
                    total,
                )
            }
            Task::Attach { ids, server } => {
                let arguments = json!({ "fipsIds": ids, "serverId": server });
                self.start(world, Operation::AttachFlexibleIp, arguments)
            }
            Task::Detach { ids } => {
                self.start(world, Operation::DetachFlexibleIp, json!({ "fipsIds": ids }))
            }
            Task::Generate { id } => {
                let arguments = json!({ "fipId": id, "macType": "kvm" });
                self.start(world, Operation::GenerateMacAddr, arguments)
            }
            Task::Duplicate { from, to } => {
                let arguments = json!({ "fipId": to, "duplicateFromFipId": from });
                self.start(world, Operation::DuplicateMacAddr, arguments)
            }
            Task::Move { from, to } => {
                let arguments = json!({ "fipId": from, "dstFipId": to });
                self.start(world, Operation::MoveMacAddr, arguments)
            }
            Task::DeleteMac { id } => {
                self.start(world, Operation::DeleteMacAddr, json!({ "fipId": id }))
            }
            Task::Update { id, description } => {
                let arguments = json!({ "fipId": id, "description": description });
                self.start(world, Operation::UpdateFlexibleIp, arguments)
            }
            Task::Delete { id } => {
                self.start(world, Operation::DeleteFlexibleIp, json!({ "fipId": id }))
            }
            Task::Read => match first {
                Some(id) => self.start(world, Operation::GetFlexibleIp, json!({ "fipId": id })),
                None => self.start(world, Operation::ListFlexibleIps, json!({})),
            },
            Task::List => {
                let policy = self.policy();
                let total = policy.total_timeout;
                world.start(list_flow(json!({ "pageSize": 5 }), true, policy), total)
            }
            Task::Wait { id } => {
                let ids = [FlexibleIpId::parse(&id).unwrap()];
                let policy = self.policy();
                let total = policy.total_timeout;
                world.start(wait_flow(&ids, Condition::Rest, policy), total)
            }
            Task::Relocate { ids, server } => {
                let policy = self.policy();
                let total = policy.total_timeout;
                let source = self.servers.iter().find(|other| **other != server).unwrap();
                // A failover does not select flexible IPs that are being attached to the source, or
                // detached from it.
                let actual = actual_ips(world);
                let is_on_source = |ip: &ActualIp| {
                    ids.contains(&ip.id)
                        && ip.server.as_ref() == Some(source)
                        && ip.status == "attached"
                };
                let are_all_on_source =
                    actual.iter().filter(|ip| is_on_source(ip)).count() == ids.len();
                let machine = if are_all_on_source {
                    let arguments = json!({ "fromServerId": source, "toServerId": server });
                    failover_flow(arguments, policy)
                } else {
                    ensure_attached_flow(json!({ "fipsIds": ids, "serverId": server }), policy)
                };
                world.start(machine, total)
            }
        }
    }

    fn on_result(&mut self, call: Call, world: &mut World) -> String {
        let result = world.outcome(call).unwrap().clone();
        let Err(failed) = result else {
            let bodies = world.bodies(call);
            self.on_success(&bodies);
            return "done".to_owned();
        };
        let error = failed.failure.error;
        match &error {
            Error::Ambiguous(_) => self.on_unknown(),
            // A failed move says where each flexible IP is; it may still be under way.
            _ if matches!(self.task, Task::Relocate { .. }) => self.on_unknown(),
            // All other errors mean that the operation was not done.
            _ => {}
        }
        error.code().to_owned()
    }
}
