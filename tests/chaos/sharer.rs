//! Clients who work on the same flexible IPs. Nobody can say in which order; but everything that is
//! there was reported by somebody.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use flexip::error::Error;
use flexip::flow::calls::CallPolicy;
use flexip::policy::budget::Budget;
use flexip::policy::random::Random;
use flexip::wire::route::Operation;
use serde_json::json;

use super::Client;
use crate::support::scenario::{Held, defaults, operation, policy};
use crate::support::world::{Call, World};

/// What was reported of a flexible IP.
#[derive(Default)]
struct Reported {
    servers: BTreeSet<Option<String>>,
    macs: BTreeSet<Option<String>>,
    any_mac: bool,
}

pub(crate) struct Shared {
    servers: Vec<String>,
    ips: BTreeMap<String, Reported>,
}

impl Shared {
    pub(crate) fn new(world: &mut World, number: usize) -> Rc<RefCell<Self>> {
        let servers = vec![world.server(), world.server()];
        let mut ips = BTreeMap::new();
        for _ in 0..number {
            let none = || BTreeSet::from([None]);
            let reported = Reported { servers: none(), macs: none(), ..Reported::default() };
            ips.insert(world.ip(None).to_string(), reported);
        }
        Rc::new(RefCell::new(Self { servers, ips }))
    }

    pub(crate) fn knows(&self, id: &str) -> bool {
        self.ips.contains_key(id)
    }

    pub(crate) fn compare(&self, truth: &[Held], seed: u64) {
        for (id, reported) in &self.ips {
            let held = truth.iter().find(|ip| ip.id == *id);
            let held = held.unwrap_or_else(|| panic!("seed {seed}: {id} is lost"));
            assert!(reported.servers.contains(&held.server), "seed {seed}: attached: {held:?}");
            let mac = reported.any_mac || reported.macs.contains(&held.mac);
            assert!(mac, "seed {seed}: nobody reported this MAC: {held:?}");
        }
    }
}

pub(crate) struct Sharer {
    shared: Rc<RefCell<Shared>>,
    random: Random,
    budget: Budget,
    doing: (Operation, String, String),
}

impl Sharer {
    pub(crate) fn new(name: usize, seed: u64, shared: &Rc<RefCell<Shared>>) -> Self {
        Self {
            shared: Rc::clone(shared),
            random: Random::new(seed * 1_000 + 500 + name as u64),
            budget: Budget::new(500),
            doing: (Operation::GetFlexibleIp, String::new(), String::new()),
        }
    }

    fn pick(&mut self, number: usize) -> usize {
        (self.random.fraction() * number as f64) as usize
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
        self.doing = (name, id, server);
        let seed = (self.random.fraction() * 1e9) as u64;
        let policy = CallPolicy { budget: self.budget.clone(), seed, ..policy() };
        let total = policy.total;
        world.start(operation(name, arguments, &defaults(), policy), total)
    }

    fn end(&mut self, call: Call, world: &mut World) -> String {
        let (name, id, server) = self.doing.clone();
        let outcome = world.outcome(call).unwrap().clone();
        let error = outcome.err().map(|failed| failed.failure.error);
        if matches!(error, None | Some(Error::Ambiguous(_))) {
            let mut shared = self.shared.borrow_mut();
            let reported = shared.ips.get_mut(&id).unwrap();
            match name {
                Operation::AttachFlexibleIp => drop(reported.servers.insert(Some(server))),
                Operation::DetachFlexibleIp => drop(reported.servers.insert(None)),
                Operation::DeleteMacAddr => drop(reported.macs.insert(None)),
                Operation::GenerateMacAddr if error.is_some() => reported.any_mac = true,
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
