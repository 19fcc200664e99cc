//! An emulator, a clock, and a tenant that remembers the ids of its flexible IPs and servers.

use flexip::emulator::{Emulator, FaultRule, Request, Settings};
use flexip::model::id::{FlexibleIpId, ServerId};
use flexip::model::status::Status;
use flexip::model::time::{Millis, Timestamp};
use flexip::model::zone::Zone;
use serde_json::{Value, json};

use crate::operation::Operation;

pub(crate) struct World {
    emulator: Emulator,
    now: Timestamp,
    ips: Vec<String>,
    servers: Vec<String>,
    /// The text of every response.
    pub(crate) transcript: Vec<String>,
}

/// Status and body. For operations that are not requests, the status is 0.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl World {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            emulator: Emulator::new(settings).unwrap(),
            now: Timestamp::from_millis(1_795_478_400_000),
            ips: Vec::new(),
            servers: Vec::new(),
            transcript: Vec::new(),
        }
    }

    /// Another emulator with the same state.
    pub(crate) fn restored(&self, settings: Settings) -> Self {
        let mut other = Self::new(settings);
        other.emulator.restore(&self.snapshot()).unwrap();
        other.now = self.now;
        other.ips.clone_from(&self.ips);
        other.servers.clone_from(&self.servers);
        other
    }

    pub(crate) fn snapshot(&self) -> String {
        self.emulator.snapshot(self.now).unwrap()
    }

    /// Replaces the state, with the clock, by that of a snapshot. Returns why it is refused.
    pub(crate) fn restore(&mut self, snapshot: &str) -> Result<(), String> {
        self.now = self.emulator.restore(snapshot).map_err(|error| error.to_string())?;
        Ok(())
    }

    /// Whether the state is possible. Fails with the invariant that is broken.
    pub(crate) fn check_invariants(&self) -> Result<(), String> {
        self.emulator.check_invariants(self.now).map_err(|error| error.to_string())
    }

    pub(crate) fn add_fault(&mut self, fault: &str) {
        self.emulator.add_fault(FaultRule::from_json(fault).unwrap()).unwrap();
    }

    /// Forces a status, unless it contradicts whether the flexible IP has a server.
    pub(crate) fn force_status(&mut self, number: usize, status: Status) {
        if let Some(id) = self.ips.get(number).and_then(|id| FlexibleIpId::parse(id)) {
            let _ = self.emulator.force_status(id, status, self.now);
        }
    }

    pub(crate) fn apply(&mut self, operation: &Operation) -> Response {
        let unknown = "7c715b98-e683-493a-9e62-109d684e4348".to_owned();
        let ip = |number: &usize| self.ips.get(*number).unwrap_or(&unknown).clone();
        let server = |number: &usize| self.servers.get(*number).unwrap_or(&unknown).clone();
        let (method, path, body) = match operation {
            Operation::AddServer => {
                let zone = Zone::parse("fr-par-1").unwrap();
                self.servers.push(self.emulator.add_server(&zone, "").unwrap().to_string());
                return Response { status: 0, body: Value::Null };
            }
            Operation::RemoveServer(number) => {
                let id = ServerId::parse(&server(number)).unwrap();
                self.emulator.remove_server(id, self.now);
                return Response { status: 0, body: Value::Null };
            }
            Operation::Advance(millis) => {
                self.now = self.now.after(Millis(*millis));
                return Response { status: 0, body: Value::Null };
            }
            Operation::Create { server: number, is_ipv6, description } => {
                let project = self.emulator.project_id().to_string();
                let server = number.as_ref().map(server);
                let body = json!({ "project_id": project, "server_id": server, "is_ipv6": is_ipv6, "description": description });
                ("POST", String::new(), body)
            }
            Operation::Get(number) => ("GET", format!("/{}", ip(number)), Value::Null),
            Operation::Update { ip: number, description, tags } => {
                let body = json!({ "description": description, "tags": tags });
                ("PATCH", format!("/{}", ip(number)), body)
            }
            Operation::Delete(number) => ("DELETE", format!("/{}", ip(number)), Value::Null),
            Operation::Attach { ips, server: number } => {
                let ips: Vec<String> = ips.iter().map(ip).collect();
                (
                    "POST",
                    "/attach".to_owned(),
                    json!({ "fips_ids": ips, "server_id": server(number) }),
                )
            }
            Operation::Detach(ips) => {
                let ips: Vec<String> = ips.iter().map(ip).collect();
                ("POST", "/detach".to_owned(), json!({ "fips_ids": ips }))
            }
            Operation::GenerateMac(number) => {
                ("POST", format!("/{}/mac", ip(number)), json!({ "mac_type": "kvm" }))
            }
            Operation::DeleteMac(number) => ("DELETE", format!("/{}/mac", ip(number)), Value::Null),
            Operation::DuplicateMac { to, from } => {
                let body = json!({ "duplicate_from_fip_id": ip(from) });
                ("POST", format!("/{}/mac/duplicate", ip(to)), body)
            }
            Operation::MoveMac { from, to } => {
                ("POST", format!("/{}/mac/move", ip(from)), json!({ "dst_fip_id": ip(to) }))
            }
        };
        let response = self.send(method, &path, &body);
        if let (Operation::Create { .. }, Some(id)) = (operation, response.body["id"].as_str()) {
            self.ips.push(id.to_owned());
        }
        response
    }

    /// Applies an operation with a fault injected into its request.
    pub(crate) fn apply_with_fault(&mut self, operation: &Operation, fault: &str) -> Response {
        let rule = FaultRule::from_json(&format!(r#"{{"fault": {fault}}}"#)).unwrap();
        self.emulator.add_fault(rule).unwrap();
        let response = self.apply(operation);
        self.emulator.clear_faults();
        response
    }

    pub(crate) fn clear_faults(&mut self) {
        self.emulator.clear_faults();
    }

    /// Takes over the flexible IPs that were read, and the servers that exist.
    pub(crate) fn adopt(&mut self, ips: &[Value]) {
        self.ips = ips.iter().filter_map(|ip| ip["id"].as_str().map(str::to_owned)).collect();
        self.servers = self.emulator.servers().map(|server| server.id.to_string()).collect();
    }

    /// Copies the ids of the flexible IPs from another world, since a lost response contains none.
    pub(crate) fn copy_ids(&mut self, other: &Self) {
        self.ips.clone_from(&other.ips);
    }

    /// Whether a transition is due that was not carried out yet.
    pub(crate) fn is_due(&self) -> bool {
        self.emulator.next_transition_at().is_some_and(|next| next <= self.now)
    }

    /// Moves the clock by `millis`, or to the next transition if it is earlier. Returns the remaining
    /// milliseconds.
    pub(crate) fn advance_at_most(&mut self, millis: u64) -> u64 {
        let end = self.now.after(Millis(millis));
        let next = self.emulator.next_transition_at().filter(|next| *next < end);
        self.now = next.unwrap_or(end).max(self.now);
        self.emulator.settle(self.now);
        end.since(self.now).0
    }

    /// The id of a server, by its number.
    pub(crate) fn server(&self, number: usize) -> Option<&str> {
        self.servers.get(number).map(String::as_str)
    }

    /// All flexible IPs, read in pages of 3.
    pub(crate) fn all_ips(&mut self) -> Vec<Value> {
        let mut all = Vec::new();
        for page in 1.. {
            let list = self.send("GET", &format!("?page={page}&page_size=3"), &Value::Null).body;
            let ips = list["flexible_ips"].as_array().unwrap().clone();
            if ips.is_empty() {
                assert_eq!(list["total_count"], all.len());
                break;
            }
            all.extend(ips);
        }
        all
    }

    /// Whether a server exists.
    pub(crate) fn has_server(&self, id: &str) -> bool {
        self.emulator.servers().any(|server| server.id.to_string() == id)
    }

    /// Moves the clock to the next transition. Returns whether there is one.
    pub(crate) fn advance_to_next_transition(&mut self) -> bool {
        let next = self.emulator.next_transition_at();
        self.now = self.now.max(next.unwrap_or_default());
        self.emulator.settle(self.now);
        next.is_some()
    }

    fn send(&mut self, method: &str, path: &str, body: &Value) -> Response {
        let request = Request {
            method: method.to_owned(),
            target: format!("/flexible-ip/v1alpha1/zones/fr-par-1/fips{path}"),
            headers: vec![("X-Auth-Token".to_owned(), self.emulator.secret_key().to_owned())],
            body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
        };
        let response = self.emulator.handle(&request, self.now);
        // After a fault the body can be any bytes.
        let text = String::from_utf8_lossy(&response.body).into_owned();
        self.transcript
            .push(format!("{method} {path} {} {:?} {text}", response.status, response.headers));
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Response { status: response.status, body }
    }
}
