//! Short ways to begin: a zone with servers and flexible IPs, and machines for it.

use flexip::emulator::Settings;
use flexip::error::Error;
use flexip::flow::calls::CallPolicy;
use flexip::flow::list::ListFlow;
use flexip::flow::operation::OperationFlow;
use flexip::flow::relocate::{RelocateFlow, Relocation};
use flexip::flow::wait::{Condition, WaitFlow, WaitRequest};
use flexip::model::id::FlexibleIpId;
use flexip::model::time::Millis;
use flexip::model::zone::Zone;
use flexip::ops::arguments::{Defaults, Reader};
use flexip::ops::{check, list};
use flexip::policy::budget::Budget;
use flexip::policy::retry::RetryPolicy;
use flexip::wire::route::Operation;
use flexip::wire::value::Value;
use serde_json::{Value as Json, json};

use super::world::{Call, CallResult, World};

pub(crate) const FIPS: &str = "/flexible-ip/v1alpha1/zones/fr-par-1/fips";

pub(crate) fn paris() -> Zone {
    Zone::parse("fr-par-1").unwrap()
}

pub(crate) fn defaults() -> Defaults {
    Defaults { zone: Some(paris()), ..Defaults::default() }
}

/// A policy with everything as it is when nobody says otherwise.
pub(crate) fn policy() -> CallPolicy {
    CallPolicy {
        retry: RetryPolicy::DEFAULT,
        timeout: Millis(30_000),
        total: Millis(120_000),
        renews_key: false,
        budget: Budget::new(500),
        seed: 1,
    }
}

pub(crate) fn within(total: u64) -> CallPolicy {
    CallPolicy { total: Millis(total), ..policy() }
}

pub(crate) fn once() -> CallPolicy {
    CallPolicy { retry: RetryPolicy::NEVER, ..policy() }
}

pub(crate) fn keyed(key: &str) -> Defaults {
    Defaults { idempotency_key: Some(key.to_owned()), ..defaults() }
}

/// A machine for an operation.
pub(crate) fn operation(
    operation: Operation,
    arguments: Json,
    defaults: &Defaults,
    policy: CallPolicy,
) -> OperationFlow {
    let (checked, problems) = check(operation, &Value::from(arguments), defaults);
    OperationFlow::new(checked.unwrap_or_else(|| panic!("{problems:?}")), false, policy)
}

pub(crate) fn waiting(ids: &[FlexibleIpId], until: Condition, policy: CallPolicy) -> WaitFlow {
    let (ids, many) = (ids.to_vec(), ids.len() > 1);
    WaitFlow::new(WaitRequest { name: "wait", zone: paris(), ids, until, many }, policy)
}

pub(crate) fn listing(arguments: Json, all: bool, policy: CallPolicy) -> ListFlow {
    let (listing, _) = list::check_walk(&Value::from(arguments), &defaults());
    let listing = listing.unwrap();
    if all { ListFlow::all(listing, policy) } else { ListFlow::by_page(listing, policy) }
}

pub(crate) fn ensure(arguments: Json, policy: CallPolicy) -> RelocateFlow {
    let (arguments, defaults) = (Value::from(arguments), defaults());
    let mut reader = Reader::new(&arguments, &defaults);
    RelocateFlow::new(Relocation::read_ensure(&mut reader).unwrap(), policy)
}

pub(crate) fn failover(
    arguments: Json,
    unfinished: Vec<FlexibleIpId>,
    policy: CallPolicy,
) -> RelocateFlow {
    let (arguments, defaults) = (Value::from(arguments), defaults());
    let mut reader = Reader::new(&arguments, &defaults);
    RelocateFlow::new(Relocation::read_failover(&mut reader, unfinished).unwrap(), policy)
}

/// What a call's error is; an error of no error otherwise.
#[track_caller]
pub(crate) fn error(outcome: CallResult) -> Error {
    outcome.expect_err("a failure was expected").failure.error
}

/// A flexible IP as the service holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) id: String,
    pub(crate) status: String,
    pub(crate) server: Option<String>,
    pub(crate) mac: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) description: String,
}

impl Held {
    pub(crate) fn read(ip: &Json) -> Self {
        let text = |value: &Json| value.as_str().map(str::to_owned);
        Self {
            id: text(&ip["id"]).unwrap(),
            status: text(&ip["status"]).unwrap(),
            server: text(&ip["server_id"]),
            mac: text(&ip["mac_address"]["id"]),
            tags: ip["tags"].as_array().unwrap().iter().filter_map(text).collect(),
            description: text(&ip["description"]).unwrap(),
        }
    }

    pub(crate) fn key(&self) -> FlexibleIpId {
        FlexibleIpId::parse(&self.id).unwrap()
    }
}

impl World {
    /// A world whose service is at once done with everything.
    pub(crate) fn instant() -> Self {
        Self::new(Settings::default())
    }

    /// A world whose service takes the time that was measured.
    pub(crate) fn recorded(seed: u64) -> Self {
        let timing = flexip::emulator::Timing::Recorded;
        Self::new(Settings { seed, timing, ..Settings::default() })
    }

    pub(crate) fn server(&mut self) -> String {
        self.emulator.add_server(&paris(), "").unwrap().to_string()
    }

    /// Asks the service past the network; gives the body of its success.
    #[track_caller]
    pub(crate) fn order(&mut self, method: &str, path: &str, body: Json) -> Json {
        let reply = self.ask(method, &[FIPS, path].concat(), &body.to_string());
        let text = String::from_utf8(reply.body).unwrap();
        assert!(reply.status < 300, "{method} {path}: {} {text}", reply.status);
        serde_json::from_str(&text).unwrap_or(Json::Null)
    }

    /// A flexible IP that is at rest, on a server if one is given.
    pub(crate) fn ip(&mut self, server: Option<&str>) -> FlexibleIpId {
        let project = self.emulator.project_id().to_string();
        let body = json!({ "project_id": project, "server_id": server });
        let ip = self.order("POST", "", body);
        self.rest();
        Held::read(&ip).key()
    }

    /// A MAC group of so many, at rest on a server.
    pub(crate) fn group(&mut self, server: &str, size: usize) -> Vec<FlexibleIpId> {
        let ids: Vec<FlexibleIpId> = (0..size).map(|_| self.ip(Some(server))).collect();
        self.order("POST", &format!("/{}/mac", ids[0]), json!({ "mac_type": "kvm" }));
        self.rest();
        for id in &ids[1..] {
            let body = json!({ "duplicate_from_fip_id": ids[0].to_string() });
            self.order("POST", &format!("/{id}/mac/duplicate"), body);
            self.rest();
        }
        ids
    }

    /// One flexible IP as the service holds it; nothing if it is gone.
    pub(crate) fn held(&mut self, id: FlexibleIpId) -> Option<Held> {
        self.truth().into_iter().find(|ip| ip.key() == id)
    }

    /// Everything that the service holds.
    pub(crate) fn truth(&mut self) -> Vec<Held> {
        let mut all = Vec::new();
        for page in 1.. {
            let list = self.order("GET", &format!("?page={page}&page_size=100"), Json::Null);
            let ips = list["flexible_ips"].as_array().unwrap();
            all.extend(ips.iter().map(Held::read));
            if ips.is_empty() {
                break;
            }
        }
        all
    }

    /// Runs an operation to its end.
    pub(crate) fn call(&mut self, name: Operation, arguments: Json) -> (Call, CallResult) {
        let machine = operation(name, arguments, &defaults(), policy());
        let call = self.start(machine, policy().total);
        let outcome = self.finish(call);
        (call, outcome)
    }
}
