//! Replays a session row by row.

use std::collections::BTreeSet;

use flexip::emulator::{Emulator, FreshReverse, Request, Settings, Timing, UnknownServer};
use flexip::model::id::ServerId;
use flexip::model::time::{Millis, Timestamp};
use flexip::model::zone::Zone;
use serde_json::{Value, json};

use crate::compare::Mapping;
use crate::infer;
use crate::session::{Row, Session};

/// The outcome of a replay.
pub(crate) struct Outcome {
    pub(crate) seed: u64,
    /// The number of rows that agree.
    pub(crate) compared: usize,
    /// The rows that were not compared, or only in part, and why.
    pub(crate) notes: Vec<String>,
    /// The first row that differs, and how.
    pub(crate) difference: Option<String>,
    /// The requests and responses, for a replay over HTTP.
    pub(crate) run: Value,
}

/// Replays a session with one seed after another until every row agrees. Returns that outcome, or
/// the one with the most rows that agree.
pub(crate) fn replay_with_seeds(session: &Session, seeds: u64) -> Outcome {
    let mut best: Option<Outcome> = None;
    for seed in 1..=seeds {
        let outcome = Replay::new(session, seed).run();
        if best.as_ref().is_none_or(|best| outcome.compared > best.compared) {
            best = Some(outcome);
        }
        if best.as_ref().is_some_and(|best| best.difference.is_none()) {
            break;
        }
    }
    best.unwrap()
}

/// The start of every replay, in milliseconds since the epoch.
const START: u64 = 1_800_000_000_000;

struct Replay<'session> {
    session: &'session Session,
    seed: u64,
    emulator: Emulator,
    now: Timestamp,
    mapping: Mapping,
    /// The ids of IPs that other sessions had at the time.
    foreign: BTreeSet<String>,
    notes: Vec<String>,
    /// The servers that were added and the exchanges, in their order.
    steps: Vec<Value>,
}

impl<'session> Replay<'session> {
    fn new(session: &'session Session, seed: u64) -> Self {
        let mut replay = Self {
            session,
            seed,
            emulator: Emulator::new(settings(session, seed)).unwrap(),
            now: Timestamp::from_millis(START),
            mapping: Mapping::new(earlier_reverses(session)),
            foreign: foreign(session),
            notes: Vec::new(),
            steps: Vec::new(),
        };
        replay.add_earlier_servers();
        replay
    }

    fn run(mut self) -> Outcome {
        let (mut compared, mut difference) = (0, None);
        for row in &self.session.rows {
            if let Some(reason) = self.skip_reason(row) {
                self.note(row, &reason);
                continue;
            }
            if let Err(why) = self.replay_row(row) {
                difference = Some(format!("row {} {} {}: {why}", row.number, row.method, row.path));
                break;
            }
            compared += 1;
            let foreign = self.count_foreign(row);
            if row.method == "GET" && foreign > 0 {
                self.note(row, &format!("compared but for {foreign} IPs of other sessions"));
            }
        }
        let run = json!({
            "name": self.session.name,
            "startsAt": START,
            "settings": settings(self.session, self.seed),
            "steps": self.steps,
        });
        Outcome { seed: self.seed, compared, notes: self.notes, difference, run }
    }

    /// Sends the request of a row until the response agrees. After each response that does not, the
    /// emulator is restored, and the clock moves on to the next transition.
    fn replay_row(&mut self, row: &Row) -> Result<(), String> {
        self.now = self.now.after(Millis(1));
        let mut first = None;
        loop {
            let (before, mapping) =
                (self.emulator.snapshot(self.now).unwrap(), self.mapping.clone());
            let Err(why) = self.send(row) else { return Ok(()) };
            self.steps.pop();
            self.emulator.restore(&before).unwrap();
            self.mapping = mapping;
            self.emulator.settle(self.now);
            let why = first.get_or_insert(why);
            let Some(next) = self.emulator.next_transition_at() else { return Err(why.clone()) };
            self.now = self.now.max(next);
        }
    }

    fn send(&mut self, row: &Row) -> Result<(), String> {
        let body = infer::infer_body(self.session, row);
        let query = if row.query.is_empty() { String::new() } else { format!("?{}", row.query) };
        let request = Request {
            method: row.method.clone(),
            target: self.mapping.translate(&format!("{}{query}", row.path)),
            headers: vec![("X-Auth-Token".to_owned(), self.emulator.secret_key().to_owned())],
            body: match &body {
                Value::Null => Vec::new(),
                body => self.mapping.translate(&body.to_string()).into_bytes(),
            },
        };
        let reply = self.emulator.handle(&request, self.now);
        let text = String::from_utf8(reply.body).map_err(|error| error.to_string())?;
        self.steps.push(json!({
            "at": self.now.millis(),
            "method": request.method,
            "target": request.target,
            "body": String::from_utf8_lossy(&request.body),
            "status": reply.status,
            "headers": reply.headers,
            "answer": text,
        }));
        if reply.status != row.status {
            return Err(format!("{} against {} {text}", row.status, reply.status));
        }
        let ours: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if !row.is_flexible_ip() {
            return match (row.response["id"].as_str(), ours["id"].as_str()) {
                (Some(recorded), Some(ours)) => self.mapping.learn(recorded, ours),
                _ => Ok(()),
            };
        }
        let has_type = |(name, value): &(String, String)| {
            name.eq_ignore_ascii_case("content-type") && *value == row.content_type
        };
        if !reply.headers.iter().any(has_type) {
            return Err(format!("the type is not {}", row.content_type));
        }
        if row.is_create() {
            self.mapping.forget(&row.response, &ours);
        }
        self.mapping.compare_responses(&row.response, &ours, &self.foreign)
    }

    /// Why a row cannot be compared, if it cannot.
    fn skip_reason(&self, row: &Row) -> Option<String> {
        let path_ip = row.path_ip().filter(|id| self.foreign.contains(*id));
        if path_ip.is_some() {
            return Some("an IP of another session".to_owned());
        }
        if !row.is_flexible_ip() && !row.is_server() {
            return Some("not of this API".to_owned());
        }
        if !row.is_flexible_ip() && row.status >= 300 {
            return Some("refusals of the servers' API are not compared".to_owned());
        }
        if row.path.ends_with("/detach") && row.status == 500 {
            return Some("until 2022-06 the service failed to detach a detached IP".to_owned());
        }
        None
    }

    fn count_foreign(&self, row: &Row) -> usize {
        let foreign = |ip: &&&Value| ip["id"].as_str().is_some_and(|id| self.foreign.contains(id));
        row.ips().iter().filter(foreign).count()
    }

    fn note(&mut self, row: &Row, reason: &str) {
        let query = if row.query.is_empty() { "" } else { "?" };
        self.notes.push(format!(
            "row {} {} {}{query}{}: {reason}",
            row.number, row.method, row.path, row.query
        ));
    }

    /// Adds the servers that the session uses but did not order.
    fn add_earlier_servers(&mut self) {
        let ordered: BTreeSet<&str> = self
            .session
            .rows
            .iter()
            .filter(|row| row.is_server() && row.method == "POST")
            .filter_map(|row| row.response["id"].as_str())
            .collect();
        for row in self.session.rows.iter().filter(|row| row.status == 200) {
            let requested = row.request["server_id"].as_str();
            let shown = row.ips().into_iter().filter_map(|ip| ip["server_id"].as_str());
            let servers: Vec<&str> = requested.into_iter().chain(shown).collect();
            for server in servers {
                if ordered.contains(server) || self.mapping.ours(server).is_some() {
                    continue;
                }
                let zone = row.segments().first().copied().and_then(Zone::parse).unwrap();
                let ours: ServerId = self.emulator.add_server(&zone, server).unwrap();
                let added = json!({ "zone": zone.to_string(), "name": server });
                self.steps.push(json!({ "addServer": added, "id": ours.to_string() }));
                self.mapping.learn(server, &ours.to_string()).unwrap();
            }
        }
    }
}

/// The settings for the owner of the session and for the service's behaviour at the time.
fn settings(session: &Session, seed: u64) -> Settings {
    let mut projects = session.values_of("project_id");
    let project_id = (!projects.is_empty()).then(|| projects.remove(0));
    let failed = |row: &Row| row.status == 500 && !row.path.ends_with("/detach");
    let read_empty =
        |row: &Row| row.method == "GET" && row.ips().iter().any(|ip| ip["reverse"] == "");
    Settings {
        seed,
        timing: Timing::Recorded,
        organization_id: session.values_of("organization_id").first().cloned(),
        project_id,
        projects,
        unknown_server: if session.rows.iter().any(failed) {
            UnknownServer::InternalError
        } else {
            UnknownServer::NotFound
        },
        fresh_reverse: if session.rows.iter().any(read_empty) {
            FreshReverse::Empty
        } else {
            FreshReverse::Default
        },
        ..Settings::default()
    }
}

/// The ids of IPs that the session shows but did not create: other sessions had them.
fn foreign(session: &Session) -> BTreeSet<String> {
    let id = |ip: &Value| ip["id"].as_str().map(str::to_owned);
    let created = session.rows.iter().filter(|row| row.is_create());
    let own: BTreeSet<String> = created.filter_map(|row| id(&row.response)).collect();
    let shown = session.rows.iter().flat_map(Row::ips).filter_map(id);
    shown.filter(|id| !own.contains(id)).collect()
}

/// The reverses that no request of the session set: earlier owners of the addresses did.
fn earlier_reverses(session: &Session) -> BTreeSet<String> {
    let requested: BTreeSet<&str> =
        session.rows.iter().filter_map(|row| row.request["reverse"].as_str()).collect();
    let mut earlier: BTreeSet<String> = session.values_of("reverse").into_iter().collect();
    earlier.retain(|reverse| {
        let is_default = reverse.ends_with(".rev.poneytelecom.eu.");
        !reverse.is_empty() && !is_default && !requested.contains(reverse.as_str())
    });
    earlier
}
