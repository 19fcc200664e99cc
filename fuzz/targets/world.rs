//! The start state of the fuzz targets: two servers and three flexible IPs, two of them in a MAC group. It is
//! created once and restored before each input.
#![allow(dead_code, reason = "each target uses a part")]

use std::cell::RefCell;
use std::sync::OnceLock;

use flexip::emulator::{Emulator, FaultRule, Request, Response, Settings, Timing};
use flexip::model::time::{Millis, Timestamp};
use flexip::model::zone::Zone;

pub const ROOT: &str = "/flexible-ip/v1alpha1/zones/fr-par-1/fips";
pub const NOW: Timestamp = Timestamp::from_millis(1_795_478_400_000);

/// When the start state is complete, and snapshots are taken.
pub fn end() -> Timestamp {
    NOW.after(Millis(300_000))
}

pub struct Start(OnceLock<(String, Vec<String>)>);

thread_local! {
    /// The emulator, and whether it has the start state.
    static EMULATOR: RefCell<Option<(Emulator, bool)>> = const { RefCell::new(None) };
}

pub fn settings() -> Settings {
    Settings {
        require_token: false,
        journal_limit: 2,
        timing: Timing::Recorded,
        ..Settings::default()
    }
}

impl Start {
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    fn get(&self) -> &(String, Vec<String>) {
        self.0.get_or_init(|| {
            let mut emulator = Emulator::new(settings()).unwrap();
            let zone = Zone::parse("fr-par-1").unwrap();
            let mut ids: Vec<String> = ["web", "db"]
                .map(|name| emulator.add_server(&zone, name).unwrap().to_string())
                .to_vec();
            let project = emulator.project_id().to_string();
            for _ in 0..3 {
                let body = format!(r#"{{"project_id":"{project}","server_id":"{}"}}"#, ids[0]);
                let created = send(&mut emulator, "POST", "", &body, NOW);
                ids.push(created["id"].as_str().unwrap().to_owned());
            }
            let later = NOW.after(Millis(100_000));
            send(&mut emulator, "POST", &format!("/{}/mac", ids[2]), r#"{"mac_type":"kvm"}"#, later);
            let later = later.after(Millis(100_000));
            let from = format!(r#"{{"duplicate_from_fip_id":"{}"}}"#, ids[2]);
            send(&mut emulator, "POST", &format!("/{}/mac/duplicate", ids[3]), &from, later);
            emulator.settle(later.after(Millis(100_000)));
            let rule = r#"{"fipId":"00000000-0000-4000-8000-000000000000","fault":{"rateGate":{"perSecond":2,"burst":3}}}"#;
            emulator.add_fault(FaultRule::from_json(rule).unwrap()).unwrap();
            ids[4] = project;
            (emulator.snapshot(end()).unwrap(), ids)
        })
    }

    pub fn snapshot(&self) -> &str {
        &self.get().0
    }

    pub fn ids(&self) -> &[String] {
        &self.get().1
    }

    /// Runs `act` with an emulator in the start state. If `act` returns [`Changed::Yes`], the start state is
    /// restored before the next run; this takes longer than most inputs.
    pub fn with(&self, act: impl FnOnce(&mut Emulator) -> Changed) {
        EMULATOR.with_borrow_mut(|slot| {
            let fresh = || (Emulator::new(settings()).unwrap(), false);
            let (emulator, is_at_start) = slot.get_or_insert_with(fresh);
            if !*is_at_start {
                emulator.restore(self.snapshot()).unwrap();
            }
            *is_at_start = act(emulator) == Changed::No;
        });
    }
}

#[derive(PartialEq, Eq)]
pub enum Changed {
    Yes,
    No,
}

impl Changed {
    /// Whether a request may have changed the state: reads and refused requests do not.
    pub fn by(request: &Request, response: &Response) -> Self {
        if request.method == "GET" || response.status >= 300 { Self::No } else { Self::Yes }
    }
}

pub fn send(
    emulator: &mut Emulator,
    method: &str,
    tail: &str,
    body: &str,
    now: Timestamp,
) -> serde_json::Value {
    let request = Request {
        method: method.to_owned(),
        target: format!("{ROOT}{tail}"),
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    };
    serde_json::from_slice(&emulator.handle(&request, now).body).unwrap_or_default()
}

/// Checks that flexible IPs can still be listed.
pub fn is_usable(emulator: &mut Emulator) {
    let list = send(emulator, "GET", "?page_size=1", "", NOW);
    assert!(list["total_count"].is_u64(), "{list}");
}

/// Sends every operation for the first flexible IPs, then carries out everything that is due.
pub fn works_through_everything(emulator: &mut Emulator) {
    let listed = send(emulator, "GET", "", "", NOW);
    let servers: Vec<String> = emulator.servers().map(|server| server.id.to_string()).collect();
    let server = servers.last().cloned().unwrap_or_default();
    let ids: Vec<&str> = listed["flexible_ips"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|ip| ip["id"].as_str())
        .collect();
    let all = serde_json::json!({ "fips_ids": ids, "server_id": server }).to_string();
    for (first, id) in ids.iter().take(4).enumerate() {
        let other = ids[(first + 1) % ids.len()];
        send(emulator, "POST", &format!("/{id}/mac"), r#"{"mac_type":"kvm"}"#, NOW);
        let give =
            serde_json::json!({ "dst_fip_id": other, "duplicate_from_fip_id": other }).to_string();
        send(emulator, "POST", &format!("/{id}/mac/duplicate"), &give, NOW);
        send(emulator, "POST", &format!("/{id}/mac/move"), &give, NOW);
        send(emulator, "PATCH", &format!("/{id}"), r#"{"description":"x","reverse":"a.b"}"#, NOW);
        let one = serde_json::json!({ "fips_ids": [id], "server_id": server }).to_string();
        send(emulator, "POST", "/detach", &one, NOW);
        settle(emulator);
        send(emulator, "POST", "/attach", &one, NOW);
        settle(emulator);
        send(emulator, "DELETE", &format!("/{id}/mac"), "", NOW);
    }
    send(emulator, "POST", "/attach", &all, NOW);
    send(
        emulator,
        "POST",
        "",
        &serde_json::json!({ "project_id": emulator.project_id().to_string() }).to_string(),
        NOW,
    );
    if let Some(id) = ids.first() {
        send(emulator, "DELETE", &format!("/{id}"), "", NOW);
    }
    settle(emulator);
}

/// Carries out everything that is due. Panics after more steps than a valid state needs.
fn settle(emulator: &mut Emulator) {
    for _ in 0..64 {
        let Some(next) = emulator.next_transition_at() else { return };
        emulator.settle(next);
    }
    panic!("it never comes to rest");
}
