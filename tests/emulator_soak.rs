//! Eight hours of traffic in manual time: the size of the state does not grow.
#![cfg(feature = "emulator")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by a panic"
)]

use flexip::emulator::{Emulator, Request, Settings};
use flexip::model::time::{Millis, Timestamp};
use flexip::model::zone::Zone;
use serde_json::{Value, json};

const START: Timestamp = Timestamp::from_millis(1_795_478_400_000);
const ROUNDS: u64 = 360;
/// The time between two steps of a round, which is longer than any transition takes.
const PAUSE: Millis = Millis(10_000);
const WARM_UP: u64 = 60;

struct Tenant {
    emulator: Emulator,
    now: Timestamp,
    server: String,
}

impl Tenant {
    fn send(&mut self, method: &str, path: &str, body: &Value) -> Value {
        let request = Request {
            method: method.to_owned(),
            target: format!("/flexible-ip/v1alpha1/zones/fr-par-1/fips{path}"),
            headers: vec![("X-Auth-Token".to_owned(), self.emulator.secret_key().to_owned())],
            body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
        };
        let response = self.emulator.handle(&request, self.now);
        assert!(
            response.status < 300,
            "{method} {path}: {}",
            String::from_utf8_lossy(&response.body)
        );
        serde_json::from_slice(&response.body).unwrap_or(Value::Null)
    }

    fn wait(&mut self) {
        self.now = self.now.after(PAUSE);
        self.emulator.settle(self.now);
    }

    /// Creates two flexible IPs, uses them, and deletes them.
    fn round(&mut self, number: u64) {
        let project = self.emulator.project_id().to_string();
        let ids: Vec<Value> = (0..2)
            .map(|_| {
                let body = json!({ "project_id": project, "tags": [format!("round-{number}")] });
                self.send("POST", "", &body)["id"].clone()
            })
            .collect();
        self.wait();
        // One attach of both would need a MAC group.
        for id in &ids {
            let body = json!({ "fips_ids": [id], "server_id": self.server });
            self.send("POST", "/attach", &body);
            self.wait();
        }
        let first = ids[0].as_str().unwrap();
        self.send("POST", &format!("/{first}/mac"), &json!({ "mac_type": "kvm" }));
        self.wait();
        self.send("DELETE", &format!("/{first}/mac"), &Value::Null);
        self.wait();
        for id in &ids {
            self.send("POST", "/detach", &json!({ "fips_ids": [id] }));
            self.wait();
        }
        for id in &ids {
            self.send("DELETE", &format!("/{}", id.as_str().unwrap()), &Value::Null);
        }
        self.wait();
        assert_eq!(self.send("GET", "", &Value::Null)["total_count"], 0);
    }
}

#[test]
fn the_state_does_not_grow_in_eight_hours_of_traffic() {
    let mut emulator = Emulator::new(Settings::default()).unwrap();
    let server = emulator.add_server(&Zone::parse("fr-par-1").unwrap(), "").unwrap().to_string();
    let mut tenant = Tenant { emulator, now: START, server };
    for number in 0..WARM_UP {
        tenant.round(number);
    }
    let (warm, entries) =
        (tenant.emulator.snapshot(tenant.now).unwrap().len(), tenant.emulator.journal().count());
    for number in WARM_UP..ROUNDS {
        tenant.round(number);
    }
    let (end, entries_at_end) =
        (tenant.emulator.snapshot(tenant.now).unwrap().len(), tenant.emulator.journal().count());
    println!("snapshot {warm} -> {end} bytes, journal {entries} -> {entries_at_end} entries");
    assert!(tenant.now >= START.after(Millis(8 * 3_600_000)));
    // Counters may have a few more digits.
    assert!(end <= warm + 64, "{warm} bytes after {WARM_UP} rounds, {end} after {ROUNDS}");
    assert!(entries_at_end <= Settings::default().journal_limit);
}
