//! The delays of the emulator's transitions, compared with those measured on the real service.
#![cfg(feature = "emulator")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test fails by a panic"
)]

use std::collections::BTreeMap;

use flexip::emulator::{Emulator, Request, Settings, Timing};
use flexip::model::time::{Millis, Timestamp};
use flexip::model::zone::Zone;
use serde_json::{Value, json};

const MIDNIGHT: Timestamp = Timestamp::from_millis(1_795_478_400_000);
const IPS: usize = 10_000;

struct World {
    emulator: Emulator,
    now: Timestamp,
}

impl World {
    fn new() -> Self {
        let settings = Settings { timing: Timing::Recorded, ..Settings::default() };
        Self { emulator: Emulator::new(settings).unwrap(), now: MIDNIGHT }
    }

    fn server(&mut self) -> String {
        self.emulator.add_server(&Zone::parse("fr-par-1").unwrap(), "").unwrap().to_string()
    }

    fn send(&mut self, method: &str, path: &str, body: &Value) -> Value {
        let request = Request {
            method: method.to_owned(),
            target: format!("/flexible-ip/v1alpha1/zones/fr-par-1/fips{path}"),
            headers: vec![("X-Auth-Token".to_owned(), self.emulator.secret_key().to_owned())],
            body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
        };
        let response = self.emulator.handle(&request, self.now);
        assert!(response.status < 300, "{}", String::from_utf8_lossy(&response.body));
        serde_json::from_slice(&response.body).unwrap_or(Value::Null)
    }

    fn create(&mut self, server: Option<&str>) -> String {
        let project = self.emulator.project_id().to_string();
        let body = json!({ "project_id": project, "server_id": server });
        self.send("POST", "", &body)["id"].as_str().unwrap().to_owned()
    }

    /// All flexible IPs by id.
    fn all(&mut self) -> BTreeMap<String, Value> {
        let mut all = BTreeMap::new();
        for page in 1.. {
            let list = self.send("GET", &format!("?page={page}&page_size=100"), &Value::Null);
            let ips = list["flexible_ips"].as_array().unwrap();
            if ips.is_empty() {
                break;
            }
            all.extend(ips.iter().map(|ip| (ip["id"].as_str().unwrap().to_owned(), ip.clone())));
        }
        all
    }

    /// The seconds from `asked_at` until each flexible IP was attached, by the dates that the emulator wrote.
    /// The delays of the real service were measured in the same way.
    fn attach_times(&mut self, asked_at: Timestamp) -> Vec<f64> {
        self.now = self.now.after(Millis(100_000));
        let all = self.all();
        assert_eq!(all.len(), IPS);
        let seconds = |ip: &Value| {
            assert_eq!(ip["status"], "attached");
            let date = ip["updated_at"].as_str().unwrap();
            let clock = date.split_once('T').unwrap().1.trim_end_matches('Z');
            let parts: Vec<f64> = clock.split(':').map(|part| part.parse().unwrap()).collect();
            parts[0] * 3_600.0 + parts[1] * 60.0 + parts[2]
                - asked_at.since(MIDNIGHT).0 as f64 / 1_000.0
        };
        let mut times: Vec<f64> = all.values().map(seconds).collect();
        times.sort_unstable_by(f64::total_cmp);
        times
    }
}

/// Asserts that the smallest, the median and the largest are within a tenth of the measured values.
#[track_caller]
fn assert_spread(times: &[f64], measured: [f64; 3]) {
    let found = [times[0], times[times.len() / 2], times[times.len() - 1]];
    println!("smallest, median, largest: {found:.3?} s, measured {measured:?} s");
    for (found, measured) in found.into_iter().zip(measured) {
        assert!((found - measured).abs() <= measured / 10.0, "{found} s for {measured} s");
    }
}

#[test]
fn attaches_take_as_long_as_was_measured() {
    let mut world = World::new();
    let ips: Vec<String> = (0..IPS).map(|_| world.create(None)).collect();
    world.now = world.now.after(Millis(60_000));
    let asked_at = world.now;
    for ip in &ips {
        let server = world.server();
        world.send("POST", "/attach", &json!({ "fips_ids": [ip], "server_id": server }));
    }
    assert_spread(&world.attach_times(asked_at), [1.6, 2.9, 28.0]);
}

#[test]
fn creates_with_a_server_take_as_long_as_was_measured() {
    let mut world = World::new();
    for _ in 0..IPS {
        let server = world.server();
        world.create(Some(&server));
    }
    assert_spread(&world.attach_times(MIDNIGHT), [1.7, 7.5, 42.6]);
}

#[test]
fn attaches_to_one_server_end_seconds_apart_and_not_always_in_order() {
    let (mut gaps, mut disordered) = (Vec::new(), 0);
    for _ in 0..300 {
        let mut world = World::new();
        world.emulator = {
            let seed = gaps.len() as u64;
            let settings = Settings { seed, timing: Timing::Recorded, ..Settings::default() };
            Emulator::new(settings).unwrap()
        };
        let server = world.server();
        let ips: Vec<String> = (0..3).map(|_| world.create(Some(&server))).collect();
        let mut attached = Vec::new();
        while let Some(next) = world.emulator.next_transition_at() {
            world.now = next;
            let all = world.all();
            let new: Vec<usize> = (0..3)
                .filter(|ip| all[&ips[*ip]]["status"] == "attached")
                .filter(|ip| attached.iter().all(|(earlier, _)| earlier != ip))
                .collect();
            assert_eq!(new.len(), 1, "one after the other");
            attached.push((new[0], next));
        }
        gaps.extend(attached.windows(2).map(|pair| pair[1].1.since(pair[0].1).0));
        disordered += usize::from(!attached.is_sorted_by_key(|(ip, _)| *ip));
    }
    assert!(gaps.iter().all(|gap| (2_000..=13_000).contains(gap)), "{gaps:?}");
    println!("{disordered} of 300 runs are not in the order of the requests");
    assert!((30..150).contains(&disordered), "{disordered}");
}

#[test]
fn the_flexible_ips_of_one_detach_are_detached_at_the_same_moment() {
    let mut world = World::new();
    let server = world.server();
    let ips: Vec<String> = (0..4).map(|_| world.create(Some(&server))).collect();
    world.now = world.now.after(Millis(300_000));
    world.send("POST", &format!("/{}/mac", ips[0]), &json!({ "mac_type": "kvm" }));
    for other in &ips[1..] {
        world.now = world.now.after(Millis(10_000));
        let from = json!({ "duplicate_from_fip_id": ips[0] });
        world.send("POST", &format!("/{other}/mac/duplicate"), &from);
    }
    world.now = world.now.after(Millis(10_000));
    world.send("POST", "/detach", &json!({ "fips_ids": ips }));
    world.now = world.emulator.next_transition_at().unwrap();
    for ip in world.all().values() {
        assert_eq!(ip["status"], "ready", "{ip}");
    }
}
