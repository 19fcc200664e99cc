//! Zones with servers and flexible IPs, and machines that work on them.

use flexip::emulator::Settings;
use flexip::error::Error;
use flexip::flow::call_policy::CallPolicy;
use flexip::flow::list::ListFlow;
use flexip::flow::operation::OperationFlow;
use flexip::flow::relocate::{RelocateFlow, Relocation};
use flexip::flow::wait::{Condition, WaitFlow, WaitRequest};
use flexip::model::id::FlexibleIpId;
use flexip::model::time::Millis;
use flexip::model::zone::Zone;
use flexip::ops::arguments::{Defaults, Reader};
use flexip::ops::check;
use flexip::ops::list::check_walk;
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

/// The default policy.
pub(crate) fn policy() -> CallPolicy {
    CallPolicy {
        retry: RetryPolicy::DEFAULT,
        timeout: Millis(30_000),
        total_timeout: Millis(120_000),
        settling_time: None,
        renews_key: false,
        budget: Budget::new(500),
        seed: 1,
    }
}

/// The default policy with this total timeout, in milliseconds.
pub(crate) fn within(total_timeout: u64) -> CallPolicy {
    CallPolicy { total_timeout: Millis(total_timeout), ..policy() }
}

/// The default policy without retries.
pub(crate) fn without_retries() -> CallPolicy {
    CallPolicy { retry: RetryPolicy::NEVER, ..policy() }
}

/// Defaults with an idempotency key.
pub(crate) fn with_key(key: &str) -> Defaults {
    Defaults { idempotency_key: Some(key.to_owned()), ..defaults() }
}

/// The machine of an operation.
pub(crate) fn operation_flow(
    operation: Operation,
    arguments: Json,
    defaults: &Defaults,
    policy: CallPolicy,
) -> OperationFlow {
    let (checked, problems) = check(operation, &Value::from(arguments), defaults);
    OperationFlow::new(checked.unwrap_or_else(|| panic!("{problems:?}")), false, policy)
}

/// The machine of a wait.
pub(crate) fn wait_flow(
    ids: &[FlexibleIpId],
    condition: Condition,
    policy: CallPolicy,
) -> WaitFlow {
    let (ids, is_list) = (ids.to_vec(), ids.len() > 1);
    WaitFlow::new(WaitRequest { name: "wait", zone: paris(), ids, condition, is_list }, policy)
}

/// The machine of a list: of all items, or page by page.
pub(crate) fn list_flow(arguments: Json, all: bool, policy: CallPolicy) -> ListFlow {
    let (listing, _) = check_walk(&Value::from(arguments), &defaults());
    let listing = listing.unwrap();
    if all { ListFlow::all(listing, policy) } else { ListFlow::by_page(listing, policy) }
}

/// The machine of `ensureAttached`.
pub(crate) fn ensure_attached_flow(arguments: Json, policy: CallPolicy) -> RelocateFlow {
    let (arguments, defaults) = (Value::from(arguments), defaults());
    let mut reader = Reader::new(&arguments, &defaults);
    RelocateFlow::new(Relocation::read_ensure(&mut reader).unwrap(), policy)
}

/// The machine of `failover`.
pub(crate) fn failover_flow(
    arguments: Json,
    unfinished: Vec<FlexibleIpId>,
    policy: CallPolicy,
) -> RelocateFlow {
    let (arguments, defaults) = (Value::from(arguments), defaults());
    let mut reader = Reader::new(&arguments, &defaults);
    RelocateFlow::new(Relocation::read_failover(&mut reader, unfinished).unwrap(), policy)
}

/// The error of a call that must have failed.
#[track_caller]
pub(crate) fn error(outcome: CallResult) -> Error {
    outcome.expect_err("a failure was expected").failure.error
}

/// A flexible IP as the emulator has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ActualIp {
    pub(crate) id: String,
    pub(crate) status: String,
    pub(crate) server: Option<String>,
    pub(crate) mac: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) description: String,
}

impl ActualIp {
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

    pub(crate) fn flexible_ip_id(&self) -> FlexibleIpId {
        FlexibleIpId::parse(&self.id).unwrap()
    }
}

impl World {
    /// A world whose transitions take no time.
    pub(crate) fn instant() -> Self {
        Self::new(Settings::default())
    }

    /// A world whose transitions take as long as those of the real service in recordings.
    pub(crate) fn recorded(seed: u64) -> Self {
        let timing = flexip::emulator::Timing::Recorded;
        Self::new(Settings { seed, timing, ..Settings::default() })
    }

    /// Adds a server.
    pub(crate) fn add_server(&mut self) -> String {
        self.emulator.add_server(&paris(), "").unwrap().to_string()
    }

    /// Sends a request to the emulator without the network. It must succeed; returns its body.
    #[track_caller]
    pub(crate) fn request(&mut self, method: &str, path: &str, body: Json) -> Json {
        let reply = self.handle(method, &[FIPS, path].concat(), &body.to_string());
        let text = String::from_utf8(reply.body).unwrap();
        assert!(reply.status < 300, "{method} {path}: {} {text}", reply.status);
        serde_json::from_str(&text).unwrap_or(Json::Null)
    }

    /// Creates a flexible IP, attached to `server` if there is one, and waits until it is at rest.
    pub(crate) fn create_ip(&mut self, server: Option<&str>) -> FlexibleIpId {
        let project = self.emulator.project_id().to_string();
        let body = json!({ "project_id": project, "server_id": server });
        let ip = self.request("POST", "", body);
        self.settle();
        ActualIp::read(&ip).flexible_ip_id()
    }

    /// Creates a MAC group of `size` flexible IPs on a server, and waits until it is at rest.
    pub(crate) fn create_group(&mut self, server: &str, size: usize) -> Vec<FlexibleIpId> {
        let ids: Vec<FlexibleIpId> = (0..size).map(|_| self.create_ip(Some(server))).collect();
        self.request("POST", &format!("/{}/mac", ids[0]), json!({ "mac_type": "kvm" }));
        self.settle();
        for id in &ids[1..] {
            let body = json!({ "duplicate_from_fip_id": ids[0].to_string() });
            self.request("POST", &format!("/{id}/mac/duplicate"), body);
            self.settle();
        }
        ids
    }

    /// A flexible IP as the emulator has it; none if it is gone.
    pub(crate) fn actual_ip(&mut self, id: FlexibleIpId) -> Option<ActualIp> {
        self.actual_ips().into_iter().find(|ip| ip.flexible_ip_id() == id)
    }

    /// All flexible IPs as the emulator has them.
    pub(crate) fn actual_ips(&mut self) -> Vec<ActualIp> {
        let mut all = Vec::new();
        for page in 1.. {
            let list = self.request("GET", &format!("?page={page}&page_size=100"), Json::Null);
            let ips = list["flexible_ips"].as_array().unwrap();
            all.extend(ips.iter().map(ActualIp::read));
            if ips.is_empty() {
                break;
            }
        }
        all
    }

    /// Runs an operation to its end.
    pub(crate) fn call(&mut self, name: Operation, arguments: Json) -> (Call, CallResult) {
        let machine = operation_flow(name, arguments, &defaults(), policy());
        let call = self.start(machine, policy().total_timeout);
        let outcome = self.finish(call);
        (call, outcome)
    }
}
