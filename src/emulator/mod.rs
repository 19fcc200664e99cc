//! The Flexible IP API as a service in the same process. It is told the time and does no I/O.
//!
//! One request goes through, in this order: the journal opens; what is due by now happens; the
//! operation is found; a fault may strike; token, zone, id and body are checked; the service does
//! the work; the answer is rendered; the journal closes.
//!
//! | file | what it knows |
//! |---|---|
//! | `exchange` | requests and replies as plain data |
//! | `settings`, `timing` | what can be set: every open question about the real service is a field |
//! | `state`, `index`, `pool` | what is held, and how to find it |
//! | `lifecycle` | the legal transitions, and the only place where state moves by time |
//! | `check`, `refusal` | what is refused before the work, and how a refusal looks |
//! | `service` | the work: a file for each operation |
//! | `faults`, `journal`, `snapshot` | failures on order, what was asked, saving and restoring |
//! | `assumptions` | the page that lists what is not known |
//! | `random`, `stored` | seeded numbers; the model's nouns in a snapshot |
//!
//! It may use `model` and `wire` only: client and server must not share a mistake.

pub mod assumptions;
mod check;
mod exchange;
mod faults;
mod index;
mod journal;
mod lifecycle;
mod pool;
mod random;
mod refusal;
mod service;
mod settings;
mod snapshot;
mod state;
mod stored;
mod timing;

pub use exchange::{Ending, Reply, Request};
pub use faults::{Fault, FaultError, FaultRule, FaultStatus};
pub use journal::Entry;
pub use settings::{
    Evidence, ExpiredSpelling, FreshReverse, KeyOrder, Malformed, Missing, NoMac, Occupied,
    Oversized, Secret, Settings, SettingsError, UnknownServer,
};
pub use snapshot::SnapshotError;
pub use timing::{Delays, Spread, Timing};

use check::Credentials;
use faults::Faults;
use journal::Journal;
use random::Random;
use refusal::Refusal;
use service::{Answer, Call, elastic_metal};
use state::State;

use crate::model::id::{FlexibleIpId, OrganizationId, ProjectId, ServerId, Uuid};
use crate::model::status::Status;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;
use crate::wire::date::http_date;
use crate::wire::flexible_ip;
use crate::wire::http::Method;
use crate::wire::json::Json;
use crate::wire::route;

/// The service.
pub struct Emulator {
    settings: Settings,
    credentials: Credentials,
    state: State,
    faults: Faults,
    journal: Journal,
}

/// A server that was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its id.
    pub id: ServerId,
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: Zone,
    /// Whether it is being deleted.
    pub leaving: bool,
}

impl Emulator {
    /// A service that holds nothing yet.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        settings.check()?;
        let secret_key = match &settings.secret_key {
            Some(secret) => secret.0.clone(),
            None => Random::of(settings.seed, "secretKey", 0).uuid().to_string(),
        };
        let session_token = settings.session_token.as_ref().map(|secret| secret.0.clone());
        Ok(Self {
            credentials: Credentials { secret_key, session_token },
            state: State::new(&settings)?,
            faults: Faults::default(),
            journal: Journal::new(settings.journal_limit),
            settings,
        })
    }

    /// Answers a request. `now` should never be earlier than it was.
    pub fn handle(&mut self, request: &Request, now: Timestamp) -> Reply {
        let mut entry = self.open(request, now);
        self.settle(now);
        let mut reply = self.answer(request, now, &mut entry);
        self.sign(&mut reply, &entry, now);
        self.journal.close(entry, &reply);
        reply
    }

    /// Lets happen what is due by `now`. Every request does so first; it is for those who look at
    /// the state in between.
    pub fn settle(&mut self, now: Timestamp) {
        lifecycle::settle(&mut self.state, &self.settings, now);
    }

    /// When something happens next by itself, if anything does.
    pub fn next_transition_at(&self) -> Option<Timestamp> {
        self.state.index.agenda.first().map(|(at, _)| *at)
    }

    /// The secret key that requests must carry.
    pub fn secret_key(&self) -> &str {
        &self.credentials.secret_key
    }

    /// The default Project.
    pub fn project_id(&self) -> ProjectId {
        let nil = ProjectId(Uuid::from_bytes([0; 16]));
        self.state.projects.first().copied().unwrap_or(nil)
    }

    /// The Organization.
    pub const fn organization_id(&self) -> OrganizationId {
        self.state.organization_id
    }

    /// Sets how long transitions take, from the next one on.
    pub fn set_timing(&mut self, timing: Timing) -> Result<(), SettingsError> {
        let settings = Settings { timing, ..self.settings.clone() };
        settings.check()?;
        self.settings = settings;
        Ok(())
    }

    /// Adds an Elastic Metal server; nothing in a zone without flexible IPs.
    pub fn add_server(&mut self, zone: &Zone, name: &str) -> Option<ServerId> {
        zone.is_known().then(|| self.state.add_machine(zone.clone(), name.to_owned()))
    }

    /// Deletes a server: its IPs are detached a little later, and stay yours. Says whether there was
    /// one to delete.
    pub fn remove_server(&mut self, id: ServerId, now: Timestamp) -> bool {
        self.settle(now);
        let present = self.state.machines.get(&id).is_some_and(|server| server.leaves_at.is_none());
        if present {
            lifecycle::begin_removal(&mut self.state, &self.settings, id, now);
        }
        present
    }

    /// The servers, in the order of their ids.
    pub fn servers(&self) -> impl Iterator<Item = Server> {
        self.state.machines.iter().map(|(id, machine)| Server {
            id: *id,
            name: machine.name.clone(),
            zone: machine.zone.clone(),
            leaving: machine.leaves_at.is_some(),
        })
    }

    /// Puts an IP into a status that no request leads to, such as `locked` or `error`, and ends what
    /// the service was doing to it. Says whether there is such an IP.
    pub fn force_status(&mut self, id: FlexibleIpId, status: Status, now: Timestamp) -> bool {
        self.settle(now);
        let present = self.state.ips.contains_key(&id);
        self.state.edit(id, |ip| {
            ip.status = status;
            ip.job = None;
        });
        present
    }

    /// Adds a fault.
    pub fn add_fault(&mut self, rule: FaultRule) -> Result<(), FaultError> {
        self.faults.add(rule, self.state.seed)
    }

    /// Forgets all faults.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// The latest requests, oldest first, without secrets.
    pub fn journal(&self) -> impl Iterator<Item = &Entry> {
        self.journal.entries()
    }

    /// Forgets the requests so far.
    pub fn clear_journal(&mut self) {
        self.journal.clear();
    }

    /// All that is held, as a JSON text: neither settings, nor journal, nor secrets.
    pub fn snapshot(&self) -> String {
        snapshot::write(&self.state, &self.faults)
    }

    /// Holds what a snapshot says, and nothing else. The settings, the secret key and the journal
    /// stay; ids and random numbers go on as where the snapshot was taken.
    pub fn restore(&mut self, text: &str) -> Result<(), SnapshotError> {
        (self.state, self.faults) = snapshot::read(text)?;
        Ok(())
    }

    fn open(&mut self, request: &Request, now: Timestamp) -> Entry {
        self.state.requests = self.state.requests.saturating_add(1);
        let number = self.state.requests;
        let request_id = Random::of(self.state.seed, "request", number).uuid().to_string();
        let token = self.credentials.session_token.as_deref();
        let secrets: Vec<&str> = [self.secret_key()].into_iter().chain(token).collect();
        Entry::open(request, number, request_id, now, &secrets)
    }

    /// Finds what is asked for, and asks the faults first.
    fn answer(&mut self, request: &Request, now: Timestamp, entry: &mut Entry) -> Reply {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let found = Method::parse(&request.method).and_then(|method| route::find(method, path));
        let Some(found) = found else { return self.answer_beside(request, path, now, entry) };
        entry.name(found.operation);
        let fault = self.faults.strike(found.operation);
        entry.fault = fault.as_ref().map(Fault::name);
        if let Some(reply) = fault.as_ref().and_then(Fault::instead) {
            return reply;
        }
        let fresh_from = self.state.next_stamp();
        let answer = self.serve(request, found, query, now);
        let mut reply = match answer {
            Ok(answer) => {
                let body = self.render(&answer, fresh_from);
                self.reply(found.operation.route().success, body)
            }
            Err(refusal) => self.refuse(&refusal),
        };
        if let Some(fault) = fault {
            fault.spoil(&mut reply);
        }
        reply
    }

    /// What is no operation of this API: the servers, and what the Go SDK asks about the platform.
    fn answer_beside(
        &mut self,
        request: &Request,
        path: &str,
        now: Timestamp,
        entry: &mut Entry,
    ) -> Reply {
        if request.method == "GET" && path == "/metadata" {
            // Values from the Go SDK's own test; the spelling of the keys was never seen.
            let facts = [("platform", "external"), ("partition", "scw"), ("domain", "scw.eu")];
            let facts = facts.map(|(key, value)| (key, Json::text(value)));
            return self.reply(200, Some(Json::Object(facts.to_vec())));
        }
        let Some(visit) = elastic_metal::find(&request.method, path) else {
            entry.unmatched = true;
            let (method, path) = (request.method.clone(), path.to_owned());
            return self.refuse(&Refusal::NotImplemented { method, path });
        };
        let served =
            self.admit(request).and_then(|()| check::body(&request.body)).and_then(|body| {
                elastic_metal::serve(visit, &body, &mut self.state, &self.settings, now)
            });
        match served {
            Ok(body) => self.reply(200, Some(body)),
            Err(refusal) => self.refuse(&refusal),
        }
    }

    /// Checks the envelope, and lets the operation do its work.
    fn serve(
        &mut self,
        request: &Request,
        found: route::Matched<'_>,
        query: &str,
        now: Timestamp,
    ) -> Result<Answer, Refusal> {
        self.admit(request)?;
        let zone = check::zone(found.zone, &self.settings)?;
        let fip_id = found.fip_id.map(|id| check::fip_id(id, &self.settings)).transpose()?;
        // Clients of old send bodies with GET and DELETE; nobody reads them.
        let body = match found.operation.route().method {
            Method::Post | Method::Patch => check::body(&request.body)?,
            Method::Get | Method::Delete => check::body(&[])?,
        };
        let call = Call { operation: found.operation, zone, fip_id, query, body, now };
        service::serve(&call, &mut self.state, &self.settings)
    }

    fn admit(&self, request: &Request) -> Result<(), Refusal> {
        if self.settings.require_token { self.credentials.admit(&request.headers) } else { Ok(()) }
    }

    fn render(&self, answer: &Answer, fresh_from: Timestamp) -> Option<Json> {
        let show = |id: &FlexibleIpId, fresh_from| {
            let ip = self.state.view(*id, &self.settings);
            ip.map(|ip| flexible_ip::write(&ip, fresh_from))
        };
        let many = |ids: &[FlexibleIpId], total: usize, fresh_from| {
            let ips = ids.iter().filter_map(|id| show(id, fresh_from)).collect();
            Some(Json::Object(vec![
                ("total_count", Json::Integer(u64::try_from(total).unwrap_or(u64::MAX))),
                ("flexible_ips", Json::List(ips)),
            ]))
        };
        match answer {
            Answer::Ip(id) => show(id, Some(fresh_from)),
            Answer::Created(id, reverse) => {
                let mut ip = self.state.view(*id, &self.settings)?;
                ip.reverse.clone_from(reverse);
                Some(flexible_ip::write(&ip, Some(fresh_from)))
            }
            Answer::Ips(ids) => many(ids, ids.len(), Some(fresh_from)),
            Answer::Page(ids, total) => many(ids, *total, None),
            Answer::Empty => None,
        }
    }

    fn refuse(&self, refusal: &Refusal) -> Reply {
        self.reply(refusal.status(), Some(refusal.body()))
    }

    /// A reply, its keys in the order that is set.
    fn reply(&self, status: u16, body: Option<Json>) -> Reply {
        let body = body.map(|mut body| {
            if self.settings.key_order == KeyOrder::Alphabetical {
                sort_keys(&mut body);
            }
            body.write()
        });
        Reply::json(status, body.unwrap_or_default())
    }

    /// The headers that were seen on every answer. A 429 comes from the gateway, before the service.
    fn sign(&self, reply: &mut Reply, entry: &Entry, now: Timestamp) {
        let mut add = |name: &str, value: &str| {
            reply.headers.push((name.to_owned(), value.to_owned()));
        };
        add("Date", &http_date(now));
        add("Server", "Scaleway API Gateway (fr-par-2;edge03)");
        add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        add("Strict-Transport-Security", "max-age=63072000");
        add("X-Content-Type-Options", "nosniff");
        add("X-Frame-Options", "DENY");
        add("X-Request-Id", &entry.request_id);
    }
}

fn sort_keys(json: &mut Json) {
    match json {
        Json::Object(fields) => {
            fields.sort_by_key(|(key, _)| *key);
            fields.iter_mut().for_each(|(_, value)| sort_keys(value));
        }
        Json::List(items) => items.iter_mut().for_each(sort_keys),
        Json::Null | Json::Bool(_) | Json::Integer(_) | Json::Text(_) => {}
    }
}
