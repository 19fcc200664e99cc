//! The methods of the emulator besides the handling of requests.
#![cfg(feature = "emulator")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test fails by a panic"
)]

use flexip::emulator::{
    Emulator, FaultRule, Population, Request, Secret, Settings, SettingsError, SnapshotError,
    Spread, Timing,
};
use flexip::model::id::{FlexibleIpId, ServerId};
use flexip::model::status::Status;
use flexip::model::time::{Millis, Timestamp};
use flexip::model::zone::Zone;
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp::from_millis(1_795_478_400_000);

fn emulator(settings: Settings) -> Emulator {
    Emulator::new(settings).unwrap()
}

fn recorded() -> Emulator {
    emulator(Settings { timing: Timing::Recorded, ..Settings::default() })
}

fn paris() -> Zone {
    Zone::parse("fr-par-1").unwrap()
}

fn send(emulator: &mut Emulator, line: &str, body: &Value, now: Timestamp) -> (u16, Value) {
    let (method, path) = line.split_once(' ').unwrap();
    let request = Request {
        method: method.to_owned(),
        target: format!("/flexible-ip/v1alpha1/zones/fr-par-1{path}"),
        headers: vec![("X-Auth-Token".to_owned(), emulator.secret_key().to_owned())],
        body: body.to_string().into_bytes(),
    };
    let response = emulator.handle(&request, now);
    (response.status, serde_json::from_slice(&response.body).unwrap_or(Value::Null))
}

fn create(emulator: &mut Emulator, server: Option<ServerId>) -> FlexibleIpId {
    let project = emulator.project_id().to_string();
    let body = json!({ "project_id": project, "server_id": server.map(|id| id.to_string()) });
    let (status, ip) = send(emulator, "POST /fips", &body, NOW);
    assert_eq!(status, 200, "{ip}");
    FlexibleIpId::parse(ip["id"].as_str().unwrap()).unwrap()
}

fn status_of(emulator: &mut Emulator, id: FlexibleIpId, now: Timestamp) -> String {
    let (_, ip) = send(emulator, &format!("GET /fips/{id}"), &Value::Null, now);
    ip["status"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_ids_of_organization_project_and_servers_follow_from_the_seed() {
    let ids = |seed| {
        let mut emulator = emulator(Settings { seed, ..Settings::default() });
        let server = emulator.add_server(&paris(), "").unwrap();
        let secret = emulator.secret_key().to_owned();
        (emulator.organization_id(), emulator.project_id(), secret, server)
    };
    assert_eq!(ids(1), ids(1));
    let (one, other) = (ids(1), ids(2));
    assert!(one.0 != other.0 && one.1 != other.1 && one.2 != other.2 && one.3 != other.3);
}

#[test]
fn the_secret_key_is_shown_nowhere() {
    let settings = Settings {
        secret_key: Some(Secret::new("s3cret-of-mine")),
        session_token: Some(Secret::new("t0ken-of-mine")),
        ..Settings::default()
    };
    let mut emulator = emulator(settings.clone());
    let request = Request {
        method: "GET".to_owned(),
        target: "/nowhere?key=s3cret-of-mine&token=t0ken-of-mine".to_owned(),
        headers: vec![("authorization".to_owned(), "Bearer s3cret-of-mine".to_owned())],
        body: b"s3cret-of-mine".to_vec(),
    };
    let response = emulator.handle(&request, NOW);
    create(&mut emulator, None);
    let entries: Vec<_> = emulator.journal().collect();
    for text in [
        serde_json::to_string(&entries).unwrap(),
        emulator.snapshot(NOW).unwrap(),
        format!("{settings:?}"),
        String::from_utf8(response.body).unwrap(),
    ] {
        assert!(!text.contains("s3cret") && !text.contains("t0ken"), "{text}");
    }
}

#[test]
fn a_target_in_a_log_has_no_secret_and_the_same_response() {
    for key in ["7c715b98-e683-493a-9e62-109d684e4348", "a-key-of-mine", "fips"] {
        let secret_key = Some(Secret::new(key));
        let mut emulator = emulator(Settings { secret_key, ..Settings::default() });
        let id = create(&mut emulator, None).to_string();
        let encoded: String = key.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let fips = "/flexible-ip/v1alpha1/zones/fr-par-1/fips";
        for spelled in [key, &encoded, &format!("x{key}")] {
            for target in [
                format!("{fips}/{spelled}"),
                format!("{fips}/{spelled}/mac"),
                format!("{fips}/{id}?key={spelled}"),
                format!("/flexible-ip/v1alpha1/zones/{spelled}/fips/{id}"),
                format!("/flexible-ip/v1alpha1/zones/{spelled}/fips/{id}/{spelled}"),
                format!("/baremetal/v1/zones/fr-par-1/servers/{spelled}"),
                format!("/{spelled}"),
            ] {
                let clean = emulator.target_for_log(&target);
                // A key that is a word of the API is no secret there.
                let secret = if key == "fips" { "xfips" } else { key };
                assert!(!clean.contains(secret), "{clean}");
                assert!(!clean.contains(&encoded) || key == "fips", "{clean}");
                let mut status = |target: &str| {
                    let headers = vec![("X-Auth-Token".to_owned(), key.to_owned())];
                    let (method, target) = ("DELETE".to_owned(), target.to_owned());
                    let body = Vec::new();
                    let before = emulator.snapshot(NOW).unwrap();
                    let request = Request { method, target, headers, body };
                    let status = emulator.handle(&request, NOW).status;
                    emulator.restore(&before).unwrap();
                    status
                };
                assert_eq!(status(&target), status(&clean), "{target} {clean}");
            }
        }
        let plain = format!("{fips}/{id}/mac/duplicate");
        assert_eq!(emulator.target_for_log(&plain), plain);
    }
}

#[test]
fn a_key_is_ones_own_unless_it_follows_from_the_seed() {
    let with_key =
        |secret_key: Option<Secret>| emulator(Settings { secret_key, ..Settings::default() });
    let known = with_key(None).secret_key().to_owned();
    assert!(!with_key(None).has_own_key());
    assert!(!with_key(Some(Secret::new(known))).has_own_key());
    assert!(with_key(Some(Secret::new("a-key-of-mine"))).has_own_key());
}

#[test]
fn late_work_is_refused_when_its_bodies_have_too_many_bytes() {
    let mut emulator = emulator(Settings::default());
    let rule = r#"{"operation": "createFlexibleIP", "fault": {"late": {"ms": 1000}}}"#;
    emulator.add_fault(FaultRule::from_json(rule).unwrap()).unwrap();
    let body = json!({ "description": "x".repeat(1 << 20) });
    let statuses: Vec<u16> =
        (0..17).map(|_| send(&mut emulator, "POST /fips", &body, NOW).0).collect();
    assert_eq!(statuses[..15], [504; 15]);
    assert_eq!(statuses[16], 503);
    let (_, refusal) = send(&mut emulator, "POST /fips", &body, NOW);
    assert_eq!(refusal["type"], "emulator_limit");
    assert!(emulator.snapshot(NOW).unwrap().len() < 17 << 20);
}

#[test]
fn late_work_has_a_body_without_the_secret_key_and_does_the_same() {
    let key = "7c715b98-e683-493a-9e62-109d684e4348";
    let settings = Settings { secret_key: Some(Secret::new(key)), ..Settings::default() };
    let mut emulator = emulator(settings);
    let rule = r#"{"fault": {"late": {"ms": 300}}}"#;
    emulator.add_fault(FaultRule::from_json(rule).unwrap()).unwrap();
    let project = emulator.project_id().to_string();
    let bodies = [
        json!({ "project_id": project, "description": "first", "secret": key }),
        json!({ "project_id": project, "tags": ["second"], "nested": { "name": [key] } }),
        json!({ "project_id": project, "server_id": key }),
        json!({ "project_id": project, "is_ipv6": key }),
        json!({ "project_id": key, "server_id": [key], "is_ipv6": { "x": key } }),
        json!([key]),
        json!(key),
    ];
    for body in &bodies {
        assert_eq!(send(&mut emulator, "POST /fips", body, NOW).0, 504, "{body}");
    }
    emulator.clear_faults();
    assert!(!emulator.snapshot(NOW).unwrap().contains(key));
    let due = NOW.after(Millis(300));
    let list = send(&mut emulator, "GET /fips", &Value::Null, due).1;
    assert_eq!(list["total_count"], 2, "{list}");
    assert!(list.to_string().contains("first") && list.to_string().contains("second"), "{list}");
}

#[test]
fn what_late_work_leaves_in_the_state_stays_in_its_body() {
    let key = "a-key-of-mine";
    let settings = Settings { secret_key: Some(Secret::new(key)), ..Settings::default() };
    let mut emulator = emulator(settings);
    let rule = r#"{"times": 1, "fault": {"late": {"ms": 300}}}"#;
    emulator.add_fault(FaultRule::from_json(rule).unwrap()).unwrap();
    let project = emulator.project_id().to_string();
    let body = json!({ "project_id": project, "description": key, "tags": [key] });
    send(&mut emulator, "POST /fips", &body, NOW);
    let list = send(&mut emulator, "GET /fips", &Value::Null, NOW.after(Millis(300))).1;
    let ip = &list["flexible_ips"][0];
    assert_eq!((&ip["description"], &ip["tags"]), (&json!(key), &json!([key])), "{list}");
}

#[test]
fn requests_of_different_runs_have_different_ids_also_after_a_snapshot_is_restored() {
    let mut emulator = emulator(Settings::default());
    let start = emulator.snapshot(NOW).unwrap();
    for run in [0, 2, 3, 40] {
        emulator.begin_run(run);
        emulator.restore(&start).unwrap();
        for _ in 0..5 {
            send(&mut emulator, "GET /fips", &Value::Null, NOW);
        }
    }
    let ids: Vec<&str> = emulator.journal().map(|entry| entry.request_id.as_str()).collect();
    let different: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert_eq!((ids.len(), different.len()), (20, 20));
}

#[test]
fn the_journal_has_every_request_and_how_it_ended() {
    let mut emulator = recorded();
    let rule = r#"{"operation": "listFlexibleIPs", "nth": 2, "fault": "dropAfter"}"#;
    emulator.add_fault(FaultRule::from_json(rule).unwrap()).unwrap();
    send(&mut emulator, "GET /fips?page=1", &Value::Null, NOW);
    send(&mut emulator, "GET /fips", &Value::Null, NOW);
    send(&mut emulator, "GET /ips", &Value::Null, NOW.after(Millis(5)));
    let entries: Vec<_> = emulator.journal().cloned().collect();
    let noted: Vec<_> = entries
        .iter()
        .map(|entry| (entry.number, entry.operation, entry.status, entry.unmatched, entry.fault))
        .collect();
    assert_eq!(
        noted,
        [
            (1, Some("listFlexibleIPs"), Some(200), false, None),
            (2, Some("listFlexibleIPs"), None, false, Some("dropAfter")),
            (3, None, Some(501), true, None),
        ]
    );
    assert_eq!(entries[0].target, "/flexible-ip/v1alpha1/zones/fr-par-1/fips?page=1");
    assert_eq!(entries[2].at, NOW.millis() + 5);
    emulator.clear_journal();
    assert_eq!(emulator.journal().count(), 0);
}

#[test]
fn the_journal_has_the_rule_of_a_fault_and_the_delay_of_the_response() {
    let mut emulator = recorded();
    let rules = [
        r#"{"zone": "nl-ams-1", "fault": "garbage"}"#,
        r#"{"nth": 1, "fault": {"delay": {"min": 7, "max": 7}}}"#,
        r#"{"nth": 2, "fault": {"drip": {"pieces": 2, "overMs": 90}}}"#,
        r#"{"nth": 3, "fault": "resetAfter"}"#,
    ];
    for rule in rules {
        emulator.add_fault(FaultRule::from_json(rule).unwrap()).unwrap();
    }
    for _ in 0..4 {
        send(&mut emulator, "GET /fips", &Value::Null, NOW);
    }
    let noted: Vec<_> = emulator
        .journal()
        .map(|entry| (entry.fault, entry.rule, entry.duration_ms, entry.status))
        .collect();
    assert_eq!(
        noted,
        [
            (Some("delay"), Some(2), 7, Some(200)),
            (Some("drip"), Some(3), 90, Some(200)),
            (Some("resetAfter"), Some(4), 0, None),
            (None, None, 0, Some(200)),
        ]
    );
}

#[test]
fn the_journal_has_each_fault_that_was_injected_but_not_a_cache_that_was_forbidden() {
    let mut emulator = recorded();
    let rules = [
        r#"{"fault": {"late": {"ms": 5, "with": "drop"}}}"#,
        r#"{"nth": 1, "fault": {"flap": {"calls": 1}}}"#,
        r#"{"nth": 2, "fault": {"portal": 403}}"#,
        r#"{"fault": {"stale": {}}}"#,
    ];
    for rule in rules {
        emulator.add_fault(FaultRule::from_json(rule).unwrap()).unwrap();
    }
    send(&mut emulator, "POST /fips", &Value::Null, NOW);
    for _ in 0..3 {
        send(&mut emulator, "GET /fips", &Value::Null, NOW);
    }
    let headers = vec![
        ("X-Auth-Token".to_owned(), emulator.secret_key().to_owned()),
        ("cache-control".to_owned(), "max-age=0, No-Cache".to_owned()),
    ];
    let target = "/flexible-ip/v1alpha1/zones/fr-par-1/fips".to_owned();
    let request = Request { method: "GET".to_owned(), target, headers, body: Vec::new() };
    emulator.handle(&request, NOW);
    let noted: Vec<_> =
        emulator.journal().map(|entry| (entry.fault, entry.rule, entry.status)).collect();
    assert_eq!(
        noted,
        [
            (Some("late"), Some(1), None),
            (Some("flap"), Some(2), Some(403)),
            (Some("portal"), Some(3), Some(403)),
            (Some("stale"), Some(4), Some(200)),
            (None, None, Some(200)),
        ]
    );
}

#[test]
fn late_work_counts_as_the_next_transition_and_outlives_its_rule() {
    let mut emulator = emulator(Settings::default());
    let rule = r#"{"operation": "createFlexibleIP", "fault": {"late": {"ms": 300}}}"#;
    emulator.add_fault(FaultRule::from_json(rule).unwrap()).unwrap();
    let body = json!({ "project_id": emulator.project_id().to_string() });
    assert_eq!(send(&mut emulator, "POST /fips", &body, NOW).0, 504);
    emulator.clear_faults();
    let due = NOW.after(Millis(300));
    assert_eq!(emulator.next_transition_at(), Some(due));
    emulator.settle(due);
    assert_eq!(emulator.next_transition_at(), None);
    assert_eq!(send(&mut emulator, "GET /fips", &Value::Null, due).1["total_count"], 1);
}

#[test]
fn a_random_tear_is_the_same_after_a_snapshot_and_shows_old_and_new_states() {
    let mut first = emulator(Settings::default());
    first.add_fault(FaultRule::from_json(r#"{"fault": {"tear": {}}}"#).unwrap()).unwrap();
    for _ in 0..15 {
        create(&mut first, None);
    }
    let mut second = emulator(Settings::default());
    second.restore(&first.snapshot(NOW).unwrap()).unwrap();
    let mut counts = Vec::new();
    for _ in 0..5 {
        let list = send(&mut first, "GET /fips", &Value::Null, NOW).1;
        assert_eq!(list, send(&mut second, "GET /fips", &Value::Null, NOW).1);
        // Before its creation a flexible IP was not in the list.
        counts.push(list["total_count"].as_u64().unwrap());
    }
    assert!(counts.iter().any(|count| (1..15).contains(count)), "{counts:?}");
}

#[test]
fn a_snapshot_has_nothing_of_faults_that_no_rule_injects() {
    let mut emulator = recorded();
    create(&mut emulator, None);
    let snapshot = emulator.snapshot(NOW).unwrap();
    for field in ["late", "history", "others"] {
        assert!(!snapshot.contains(&format!("\"{field}\":")), "{field}");
    }
}

#[test]
fn a_snapshot_with_an_invalid_fault_is_refused() {
    let mut emulator = recorded();
    emulator.add_fault(FaultRule::from_json(r#"{"nth": 3, "fault": "garbage"}"#).unwrap()).unwrap();
    let broken = emulator.snapshot(NOW).unwrap().replace(r#""nth":3"#, r#""nth":0"#);
    let refused = emulator.restore(&broken).unwrap_err();
    assert!(refused.to_string().contains("nth is counted from 1"), "{refused}");
}

#[test]
fn a_request_has_the_same_id_in_the_journal_and_in_the_response() {
    let mut emulator = recorded();
    let request =
        Request { method: "GET".to_owned(), target: "/".to_owned(), ..Request::default() };
    let response = emulator.handle(&request, NOW);
    let header = response.headers.iter().find(|(name, _)| name == "X-Request-Id").unwrap();
    assert_eq!(header.1, emulator.journal().next().unwrap().request_id);
}

#[test]
fn faults_can_be_cleared() {
    let mut emulator = recorded();
    emulator.add_fault(FaultRule::from_json(r#"{"fault": "rateLimit"}"#).unwrap()).unwrap();
    assert_eq!(send(&mut emulator, "GET /fips", &Value::Null, NOW).0, 429);
    emulator.clear_faults();
    assert_eq!(send(&mut emulator, "GET /fips", &Value::Null, NOW).0, 200);
}

#[test]
fn the_next_transition_is_known_and_settling_twice_changes_nothing() {
    let mut emulator = recorded();
    assert_eq!(emulator.next_transition_at(), None);
    let server = emulator.add_server(&paris(), "web").unwrap();
    let ip = create(&mut emulator, Some(server));
    let next = emulator.next_transition_at().unwrap();
    assert!(next > NOW.after(Millis(1_700)) && next < NOW.after(Millis(42_600)));
    let before = Timestamp::from_nanos(next.nanos() - 1);
    assert_eq!(status_of(&mut emulator, ip, before), "updating");
    emulator.settle(next);
    let settled = emulator.snapshot(NOW).unwrap();
    emulator.settle(next);
    assert_eq!(emulator.snapshot(NOW).unwrap(), settled);
    assert_eq!(emulator.next_transition_at(), None);
    assert_eq!(status_of(&mut emulator, ip, next), "attached");
}

#[test]
fn the_timing_can_be_changed() {
    let mut emulator = recorded();
    let server = emulator.add_server(&paris(), "").unwrap();
    emulator.set_timing(Timing::Instant).unwrap();
    let ip = create(&mut emulator, Some(server));
    assert_eq!(status_of(&mut emulator, ip, NOW), "attached");
    let mut delays = flexip::emulator::Delays::instant();
    delays.delete = Spread { min: 2, median: 1, max: 3 };
    let wrong = emulator.set_timing(Timing::Custom(Box::new(delays)));
    assert_eq!(wrong, Err(SettingsError::UnorderedDelay("delete")));
}

#[test]
fn servers_can_be_added_and_removed() {
    let mut emulator = recorded();
    let id = emulator.add_server(&paris(), "web").unwrap();
    assert_eq!(emulator.add_server(&Zone::parse("it-mil-1").unwrap(), "web"), None);
    let server = emulator.servers().next().unwrap();
    assert_eq!((server.id, server.name.as_str(), server.is_deleting), (id, "web", false));
    assert!(emulator.remove_server(id, NOW));
    assert!(!emulator.remove_server(id, NOW), "it is being removed already");
    assert!(emulator.servers().next().unwrap().is_deleting);
    emulator.settle(NOW.after(Millis(60_000)));
    assert_eq!(emulator.servers().count(), 0);
    assert!(!emulator.remove_server(id, NOW));
}

#[test]
fn a_forced_status_cancels_the_transition() {
    let mut emulator = recorded();
    let server = emulator.add_server(&paris(), "").unwrap();
    let ip = create(&mut emulator, Some(server));
    assert!(emulator.force_status(ip, Status::Error, NOW).unwrap());
    assert_eq!(status_of(&mut emulator, ip, NOW.after(Millis(60_000))), "error");
    let other = FlexibleIpId::parse("7c715b98-e683-493a-9e62-109d684e4348").unwrap();
    assert!(!emulator.force_status(other, Status::Locked, NOW).unwrap());
}

#[test]
fn a_locked_ip_stays_locked_when_its_server_is_removed() {
    let mut emulator = emulator(Settings::default());
    let server = emulator.add_server(&paris(), "").unwrap();
    let ip = create(&mut emulator, Some(server));
    assert!(emulator.force_status(ip, Status::Locked, NOW).unwrap());
    assert!(emulator.remove_server(server, NOW));
    assert_eq!(status_of(&mut emulator, ip, NOW), "locked");
}

#[test]
fn an_emulator_that_restores_a_snapshot_retains_its_key_and_settings() {
    let mut first = recorded();
    let server = first.add_server(&paris(), "web").unwrap();
    let ip = create(&mut first, Some(server));
    first.add_fault(FaultRule::from_json(r#"{"nth": 2, "fault": "rateLimit"}"#).unwrap()).unwrap();
    let settings =
        Settings { seed: 2, secret_key: Some(Secret::new("my own")), ..Settings::default() };
    let mut second = emulator(settings);
    second.restore(&first.snapshot(NOW).unwrap()).unwrap();
    assert_eq!(second.secret_key(), "my own");
    assert_eq!(second.project_id(), first.project_id());
    assert_eq!(second.next_transition_at(), first.next_transition_at());
    assert_eq!(status_of(&mut second, ip, NOW), "updating");
    assert_eq!(
        send(&mut second, "GET /fips", &Value::Null, NOW).0,
        429,
        "a snapshot has the faults"
    );
    // An address in use is not allocated again.
    assert_ne!(create(&mut second, None), ip);
}

#[test]
fn an_invalid_snapshot_is_refused_and_changes_nothing() {
    let mut emulator = recorded();
    let ip = create(&mut emulator, None);
    assert_eq!(emulator.restore(r#"{"version": 2}"#), Err(SnapshotError::OtherVersion(2)));
    let cut = emulator.snapshot(NOW).unwrap();
    let unreadable = emulator.restore(&cut[..cut.len() / 2]);
    assert!(matches!(unreadable, Err(SnapshotError::Unreadable(_))));
    // The pool never allocated that many addresses, and to count to the number would take too long.
    let inflated = cut.replace("\"grown\":1,", "\"grown\":4000000000,");
    assert_ne!(inflated, cut);
    let unreadable = emulator.restore(&inflated);
    assert!(
        matches!(unreadable, Err(SnapshotError::Unreadable(reason)) if reason.contains("pool"))
    );
    assert_eq!(status_of(&mut emulator, ip, NOW), "ready");
}

#[test]
fn a_snapshot_has_only_numbers_that_doubles_hold_exactly() {
    let mut emulator = recorded();
    let server = emulator.add_server(&paris(), "").unwrap();
    let ip = create(&mut emulator, Some(server));
    send(&mut emulator, &format!("POST /fips/{ip}/mac"), &json!({ "mac_type": "kvm" }), NOW);
    fn assert_exact(value: &Value) {
        match value {
            Value::Number(number) => {
                assert!(number.as_f64().unwrap().abs() <= 9_007_199_254_740_991.0, "{number}");
            }
            Value::Array(items) => items.iter().for_each(assert_exact),
            Value::Object(fields) => fields.values().for_each(assert_exact),
            _ => {}
        }
    }
    assert_exact(&serde_json::from_str(&emulator.snapshot(NOW).unwrap()).unwrap());
}

/// All flexible IPs of Paris, read in pages.
fn all(emulator: &mut Emulator) -> Vec<Value> {
    let pages = 1..=40;
    let page = |page| {
        let line = format!("GET /fips?page_size=100&page={page}");
        send(emulator, &line, &Value::Null, NOW).1["flexible_ips"].as_array().unwrap().clone()
    };
    pages.flat_map(page).collect()
}

#[test]
fn a_snapshot_of_a_population_has_only_what_changed() {
    let settings = Settings {
        population: Population::Zones([("fr-par-1".to_owned(), 2_000)].into()),
        ..Settings::default()
    };
    let mut first = emulator(settings);
    let whole = all(&mut first);
    let untouched = first.snapshot(NOW).unwrap().len();
    assert!(untouched < 12 * 2_000, "{untouched} bytes");

    let of = |status: &str| -> Vec<String> {
        let ids = whole.iter().filter(|ip| ip["status"] == status);
        ids.map(|ip| ip["id"].as_str().unwrap().to_owned()).collect()
    };
    let (ready, attached) = (of("ready"), of("attached"));
    let detached = json!({ "fips_ids": [attached[0]] });
    for (line, body) in [
        (format!("DELETE /fips/{}", ready[0]), Value::Null),
        (format!("PATCH /fips/{}", ready[1]), json!({ "tags": ["mine"] })),
        (format!("POST /fips/{}/mac", ready[2]), json!({ "mac_type": "kvm" })),
        ("POST /fips/detach".to_owned(), detached),
        (format!("DELETE /fips/{}/mac", attached[1]), Value::Null),
        (format!("DELETE /fips/{}", attached[2]), Value::Null),
    ] {
        let (status, answer) = send(&mut first, &line, &body, NOW);
        assert!((200..300).contains(&status), "{line}: {answer}");
    }
    create(&mut first, None);
    let snapshot = first.snapshot(NOW).unwrap();
    assert!(snapshot.len() < untouched + 4_000, "{} bytes", snapshot.len());
    // Another emulator, with another population and other limits.
    let mut second = emulator(Settings { seed: 5, server_limit: 2, ..Settings::default() });
    second.restore(&snapshot).unwrap();
    assert_eq!(second.snapshot(NOW).unwrap(), snapshot);
    let key = second.secret_key().to_owned();
    assert_ne!(key, first.secret_key());
    assert_eq!(all(&mut second), all(&mut first));
    // What is left out must be there: a population cannot be larger than its pool.
    let larger = snapshot.replace("[\"fr-par-1\",2000]", "[\"fr-par-1\",4000000]");
    assert_ne!(larger, snapshot);
    let refused = second.restore(&larger).unwrap_err().to_string();
    assert!(refused.contains("population is 4000000"), "{refused}");
}
