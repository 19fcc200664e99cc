//! The emulator's behaviours, stated as data in `tests/behaviours/` (see the README there).
#![cfg(feature = "emulator")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test fails by a panic"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use flexip::emulator::{Completion, Emulator, FaultRule, Request, Response, Settings};
use flexip::model::id::{FlexibleIpId, ServerId, Uuid};
use flexip::model::status::Status;
use flexip::model::time::{Millis, Timestamp};
use flexip::model::zone::Zone;
use serde_json::Value;

const MIDNIGHT: Timestamp = Timestamp::from_millis(1_795_478_400_000);

#[test]
fn every_behaviour_holds() {
    let mut failures = Vec::new();
    let behaviours = behaviours();
    for behaviour in &behaviours {
        let mut run = Run::new(&behaviour["settings"]);
        if let Err(reason) = run.steps(&behaviour["steps"]) {
            failures.push(format!("{}\n    {reason}", behaviour["name"]));
        }
    }
    println!("{} behaviours, {} failures", behaviours.len(), failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_refusal_is_provoked_by_a_behaviour() {
    let mut provoked = BTreeSet::new();
    for behaviour in behaviours() {
        let mut run = Run::new(&behaviour["settings"]);
        let _ = run.steps(&behaviour["steps"]);
        provoked.extend(run.refusals);
    }
    let refusals = [
        (400, "invalid_arguments"),
        (401, "denied_authentication"),
        (403, "permissions_denied"),
        (403, "quotas_exceeded"),
        (404, "not_found"),
        (409, "transient_state"),
        (409, "already_exists"),
        (410, "expired"),
        (410, "resource_expired"),
        (412, "precondition_failed"),
        (423, "locked"),
        (500, ""),
        (501, "not_implemented"),
        (503, "out_of_stock"),
    ];
    for (status, word) in refusals {
        assert!(provoked.contains(&(status, word.to_owned())), "{status} {word}");
    }
}

#[test]
fn every_setting_is_set_by_a_behaviour() {
    let mut set: BTreeSet<String> = BTreeSet::new();
    for behaviour in behaviours() {
        set.extend(
            behaviour["settings"].as_object().into_iter().flatten().map(|(key, _)| key.clone()),
        );
    }
    let all = serde_json::to_value(Settings::default()).unwrap();
    // No response shows the length or the bytes of the journal.
    let unset: Vec<&String> =
        all.as_object().unwrap().keys().filter(|key| !set.contains(*key)).collect();
    assert_eq!(unset, ["journalBytes", "journalLimit"]);
}

#[test]
fn every_fault_is_injected_by_a_behaviour() {
    let mut injected = BTreeSet::new();
    for behaviour in behaviours() {
        let mut run = Run::new(&behaviour["settings"]);
        let _ = run.steps(&behaviour["steps"]);
        injected.extend(run.emulator.journal().filter_map(|entry| entry.fault));
    }
    let documented = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides/emulator.md"),
    );
    let documented = documented.unwrap();
    let all = [
        "status",
        "rateLimit",
        "rateGate",
        "delay",
        "dropBefore",
        "dropAfter",
        "resetBefore",
        "resetAfter",
        "truncate",
        "late",
        "tear",
        "flap",
        "repeatPage",
        "shiftPage",
        "wrongTotal",
        "portal",
        "reuse",
        "stale",
    ];
    for name in all {
        assert!(injected.contains(name), "{name} is in no behaviour");
        assert!(documented.contains(name), "{name} is not in the guide");
    }
}

fn behaviours() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/behaviours");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let read =
        |path| -> Value { serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() };
    let of_file = |path| read(path)["behaviours"].as_array().unwrap().clone();
    paths.into_iter().flat_map(of_file).collect()
}

const STEPS: [&str; 8] =
    ["send", "advance", "addServer", "removeServer", "fault", "forceStatus", "snapshot", "restore"];

type Outcome = Result<(), String>;

/// The run of one behaviour: an emulator, a clock, and the saved values.
struct Run {
    emulator: Emulator,
    now: Timestamp,
    saved: BTreeMap<String, String>,
    snapshots: BTreeMap<String, String>,
    /// Status and `type` of every refusal.
    refusals: BTreeSet<(u16, String)>,
}

impl Run {
    fn new(settings: &Value) -> Self {
        let settings = match settings {
            Value::Null => Settings::default(),
            settings => Settings::from_json(&settings.to_string()).unwrap(),
        };
        let emulator = Emulator::new(settings).unwrap();
        let saved = BTreeMap::from([
            ("project".to_owned(), emulator.project_id().to_string()),
            ("organization".to_owned(), emulator.organization_id().to_string()),
            ("secret".to_owned(), emulator.secret_key().to_owned()),
        ]);
        Self {
            emulator,
            now: MIDNIGHT,
            saved,
            snapshots: BTreeMap::new(),
            refusals: BTreeSet::new(),
        }
    }

    fn steps(&mut self, steps: &Value) -> Outcome {
        for (index, step) in steps.as_array().unwrap().iter().enumerate() {
            self.step(step).map_err(|reason| format!("step {}: {reason}", index + 1))?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Value) -> Outcome {
        let kind = STEPS.iter().find(|kind| !step[**kind].is_null()).unwrap();
        let argument = self.fill(&step[*kind]);
        let text = argument.as_str().unwrap_or_default();
        match *kind {
            "send" => return self.send(text, step),
            "advance" => self.now = self.now.after(Millis(argument.as_u64().unwrap())),
            "addServer" => {
                let server = self.emulator.add_server(&Zone::parse(text).unwrap(), "server");
                self.save(step["save"].as_str().unwrap(), server.unwrap().to_string());
            }
            "removeServer" => {
                assert!(self.emulator.remove_server(ServerId::parse(text).unwrap(), self.now));
            }
            "fault" => {
                self.emulator
                    .add_fault(FaultRule::from_json(&argument.to_string()).unwrap())
                    .unwrap();
            }
            "forceStatus" => {
                let id = FlexibleIpId::parse(argument[0].as_str().unwrap()).unwrap();
                let status = Status::parse(argument[1].as_str().unwrap()).unwrap();
                assert!(self.emulator.force_status(id, status, self.now).unwrap());
            }
            "snapshot" => {
                self.snapshots.insert(text.to_owned(), self.emulator.snapshot(self.now).unwrap());
            }
            "restore" => {
                self.now = self.emulator.restore(&self.snapshots[text]).unwrap();
            }
            other => panic!("no step {other}"),
        }
        Ok(())
    }

    fn send(&mut self, line: &str, step: &Value) -> Outcome {
        let (method, path) = line.split_once(' ').unwrap();
        let zone = step["zone"].as_str().unwrap_or("fr-par-1");
        let target = match path.strip_prefix("/fips") {
            Some(rest) => format!("/flexible-ip/v1alpha1/zones/{zone}/fips{rest}"),
            None => path.to_owned(),
        };
        let sent = match (self.fill(&step["body"]), step["text"].as_str()) {
            (_, Some(text)) => text.as_bytes().to_vec(),
            (Value::Null, None) => Vec::new(),
            (body, None) => body.to_string().into_bytes(),
        };
        let request =
            Request { method: method.to_owned(), target, headers: self.headers(step), body: sent };
        let response = self.emulator.handle(&request, self.now);
        let text = String::from_utf8_lossy(&response.body).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        if response.status >= 400 {
            let word = body["type"].as_str().unwrap_or_default();
            self.refusals.insert((response.status, word.to_owned()));
        }
        self.check(step, &response, &text, &body)
            .map_err(|reason| format!("{line}: {reason}\n    {text}"))?;
        for (name, path) in step["save"].as_object().into_iter().flatten() {
            let pointer = format!("/{}", path.as_str().unwrap().replace('.', "/"));
            let value = body.pointer(&pointer).and_then(Value::as_str);
            self.save(name, value.ok_or_else(|| format!("no {pointer} in {text}"))?.to_owned());
        }
        Ok(())
    }

    fn headers(&self, step: &Value) -> Vec<(String, String)> {
        let set = self.fill(&step["headers"]);
        let set = set.as_object().cloned().unwrap_or_default();
        let mut headers = Vec::new();
        if !set.keys().any(|name| name.eq_ignore_ascii_case("X-Auth-Token")) {
            headers.push(("X-Auth-Token".to_owned(), self.saved["secret"].clone()));
        }
        headers.extend(
            set.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))),
        );
        headers
    }

    fn check(&self, step: &Value, response: &Response, text: &str, body: &Value) -> Outcome {
        let completion = match response.completion {
            Completion::Complete => Value::Null,
            Completion::Dropped => "dropped".into(),
            Completion::Reset => "reset".into(),
            Completion::Cut => "cut".into(),
        };
        expect_same("delivery", &step["delivery"], &completion)?;
        if matches!(response.completion, Completion::Dropped | Completion::Reset) {
            return Ok(());
        }
        expect_same("status", &step["status"], &response.status.into())?;
        expect_same(
            "delayMs",
            &step["delayMs"].as_u64().unwrap_or(0).into(),
            &response.delay_ms.into(),
        )?;
        if let Some(expected) = self.fill(&step["expectText"]).as_str()
            && expected != text
        {
            return Err(format!("the body is not {expected}"));
        }
        for (name, expected) in step["expectHeaders"].as_object().into_iter().flatten() {
            let header = response.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            let value = header.map(|(_, value)| Value::from(value.as_str()));
            expect_match(name, expected, value.as_ref())?;
        }
        match self.fill(&step["expect"]) {
            Value::Null => Ok(()),
            expected => expect_match("body", &expected, Some(body)),
        }
    }

    fn save(&mut self, name: &str, value: String) {
        self.saved.insert(name.to_owned(), value);
    }

    /// A value in which each `$name` is replaced by the value that was saved under the name.
    fn fill(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                // Longest names first: `$ips` begins with `$ip`.
                let mut names: Vec<_> = self.saved.iter().collect();
                names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
                let fill = |text: String, (name, value): (&String, &String)| {
                    text.replace(&format!("${name}"), value)
                };
                names.into_iter().fold(text.clone(), fill).into()
            }
            Value::Array(items) => items.iter().map(|item| self.fill(item)).collect(),
            Value::Object(fields) => {
                let fill = |(name, value): (&String, &Value)| (name.clone(), self.fill(value));
                Value::Object(fields.iter().map(fill).collect())
            }
            other => other.clone(),
        }
    }
}

fn expect_same(what: &str, expected: &Value, found: &Value) -> Outcome {
    if expected == found { Ok(()) } else { Err(format!("{what} is {found}, not {expected}")) }
}

/// Checks that a value is as expected. An object may have further fields.
fn expect_match(what: &str, expected: &Value, found: Option<&Value>) -> Outcome {
    let nothing = Value::Null;
    match (expected, found.unwrap_or(&nothing)) {
        (Value::Object(fields), Value::Object(found)) => fields
            .iter()
            .try_for_each(|(name, expected)| expect_match(name, expected, found.get(name))),
        (Value::Array(items), Value::Array(found)) if items.len() == found.len() => items
            .iter()
            .zip(found)
            .try_for_each(|(expected, found)| expect_match(what, expected, Some(found))),
        (Value::String(pattern), value) if pattern.starts_with('<') => {
            let fits = fits(pattern, found.map(|_| value));
            if fits { Ok(()) } else { Err(format!("{what} is {value}, not {pattern}")) }
        }
        (expected, value) => expect_same(what, expected, value),
    }
}

fn fits(pattern: &str, found: Option<&Value>) -> bool {
    let text = found.and_then(Value::as_str);
    let inner = pattern.trim_start_matches('<').trim_end_matches('>');
    match inner.split_once(' ') {
        Some(("begins", start)) => text.is_some_and(|text| text.starts_with(start)),
        Some(("not", other)) => text.is_some_and(|text| text != other),
        Some(("rounded", date)) => text.is_some_and(|text| *text == rounded(date)),
        _ => match inner {
            "absent" => found.is_none(),
            "any" => found.is_some_and(|value| !value.is_null()),
            "uuid" => text.is_some_and(|text| Uuid::parse(text).is_some()),
            "micros" => text.is_some_and(|text| text.len() == "2026-11-24T00:00:00.123456Z".len()),
            "nanos" => {
                text.is_some_and(|text| text.len() == "2026-11-24T00:00:00.123456789Z".len())
            }
            _ => panic!("no pattern {pattern}"),
        },
    }
}

/// A date with nine digits, rounded half up to six. In these runs the rounding never carries into the seconds.
fn rounded(date: &str) -> String {
    let (seconds, fraction) = date.trim_end_matches('Z').split_once('.').unwrap();
    let nanos: u64 = fraction.parse().unwrap();
    format!("{seconds}.{:06}Z", (nanos + 500) / 1_000)
}
