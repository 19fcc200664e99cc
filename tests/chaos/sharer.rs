//! Clients that work on the same flexible IPs. The order of their operations is unknown, but the final
//! state of each flexible IP is one that a result reported.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use flexip::error::Error;
use flexip::flow::call_policy::CallPolicy;
use flexip::policy::budget::Budget;
use flexip::policy::random::Random;
use flexip::wire::route::Operation;
use serde_json::json;

use super::Client;
use crate::support::scenario::{ActualIp, defaults, operation_flow, policy};
use crate::support::world::{Call, World};

/// The states of a flexible IP that results reported.
#[derive(Default)]
struct Reported {
    servers: BTreeSet<Option<String>>,
    macs: BTreeSet<Option<String>>,
    /// Whether the outcome of a generate is unknown, so that any MAC address is possible.
    is_any_mac_possible: bool,
}

pub(crate) struct Shared {
    servers: Vec<String>,
    ips: BTreeMap<String, Reported>,
}

impl Shared {
    pub(crate) fn new(world: &mut World, count: usize) -> Rc<RefCell<Self>> {
        let servers = vec![world.add_server(), world.add_server()];
        let mut ips = BTreeMap::new();
        for _ in 0..count {
            let none = || BTreeSet::from([None]);
            let reported = Reported { servers: none(), macs: none(), ..Reported::default() };
            ips.insert(world.create_ip(None).to_string(), reported);
        }
        Rc::new(RefCell::new(Self { servers, ips }))
    }

    pub(crate) fn knows(&self, id: &str) -> bool {
        self.ips.contains_key(id)
    }

    pub(crate) fn assert_state(&self, actual: &[ActualIp], seed: u64) {
        for (id, reported) in &self.ips {
            let ip = actual.iter().find(|ip| ip.id == *id);
            let ip = ip.unwrap_or_else(|| panic!("seed {seed}: {id} is lost"));
            assert!(
                reported.servers.contains(&ip.server),
                "seed {seed}: no result reported this server: {ip:?}"
            );
            let is_mac_reported = reported.is_any_mac_possible || reported.macs.contains(&ip.mac);
            assert!(is_mac_reported, "seed {seed}: no result reported this MAC address: {ip:?}");
        }
    }
}

pub(crate) struct Sharer {
    shared: Rc<RefCell<Shared>>,
    random: Random,
    budget: Budget,
    /// The operation under way, its flexible IP, and its server.
    task: (Operation, String, String),
}

impl Sharer {
    pub(crate) fn new(name: usize, seed: u64, shared: &Rc<RefCell<Shared>>) -> Self {
        Self {
            shared: Rc::clone(shared),
            random: Random::new(seed * 1_000 + 500 + name as u64),
            budget: Budget::new(500),
            task: (Operation::GetFlexibleIp, String::new(), String::new()),
        }
    }

    fn pick(&mut self, count: usize) -> usize {
        (self.random.fraction() * count as f64) as usize
    }
}

impl Client for Sharer {
    fn begin(&mut self, world: &mut World) -> Call {
        let (ips, servers): (Vec<String>, Vec<String>) = {
            let shared = self.shared.borrow();
            (shared.ips.keys().cloned().collect(), shared.servers.clone())
        };
        let id = ips[self.pick(ips.len())].clone();
        let server = servers[self.pick(2)].clone();
        let (name, arguments) = match self.pick(20) {
            0..=6 => (Operation::AttachFlexibleIp, json!({ "fipsIds": [id], "serverId": server })),
            7..=12 => (Operation::DetachFlexibleIp, json!({ "fipsIds": [id] })),
            13..=16 => (Operation::GenerateMacAddr, json!({ "fipId": id, "macType": "kvm" })),
            17 => (Operation::DeleteMacAddr, json!({ "fipId": id })),
            _ => (Operation::GetFlexibleIp, json!({ "fipId": id })),
        };
        self.task = (name, id, server);
        let seed = (self.random.fraction() * 1e9) as u64;
        let policy = CallPolicy { budget: self.budget.clone(), seed, ..policy() };
        let total = policy.total_timeout;
        world.start(operation_flow(name, arguments, &defaults(), policy), total)
    }

    fn on_result(&mut self, call: Call, world: &mut World) -> String {
        let (name, id, server) = self.task.clone();
        let result = world.outcome(call).unwrap().clone();
        let error = result.err().map(|failed| failed.failure.error);
        if matches!(error, None | Some(Error::Ambiguous(_))) {
            let mut shared = self.shared.borrow_mut();
            let reported = shared.ips.get_mut(&id).unwrap();
            match name {
                Operation::AttachFlexibleIp => drop(reported.servers.insert(Some(server))),
                Operation::DetachFlexibleIp => drop(reported.servers.insert(None)),
                Operation::DeleteMacAddr => drop(reported.macs.insert(None)),
                Operation::GenerateMacAddr if error.is_some() => {
                    reported.is_any_mac_possible = true
                }
                Operation::GenerateMacAddr => {
                    let bodies = world.bodies(call);
                    let mac = bodies.last().and_then(|ip| ip.field("mac_address"));
                    let mac = mac.and_then(|mac| mac.text("id")).map(str::to_owned);
                    reported.macs.insert(mac);
                }
                _ => {}
            }
        }
        error.map_or("done", |error| error.code()).to_owned()
    }
}
