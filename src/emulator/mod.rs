//! The Flexible IP API as a service in the same process. It is told the time and does no I/O.
//!
//! One request goes through, in this order: the journal opens; what is due by now happens; the
//! operation is found; a fault may strike; token, zone, id and body are checked; the service does
//! the work; the answer is rendered; the journal closes.
//!
//! | file | what it knows |
//! |---|---|
//! | `exchange` | requests and replies as plain data |
//! | `settings`, `choices`, `timing` | what can be set: every open question about the real service is a field |
//! | `state`, `held`, `pool` | what is held |
//! | `index`, `places` | how to find it: a page costs the page |
//! | `population` | what can be there from the start |
//! | `lifecycle`, `queue` | the legal transitions, and the only place where state moves by time |
//! | `check` | what is refused before the work |
//! | `service` | the work: a file for each operation |
//! | `refusal`, `render` | how refusals and answers look |
//! | `control` | servers, faults and the rest that no request does |
//! | `faults`, `journal`, `snapshot` | failures on order, what was asked, saving and restoring |
//! | `assumptions` | the page that lists what is not known |
//! | `openapi` | the description of it all, for other tools |
//! | `random`, `stored`, `memory` | seeded numbers; the model's nouns in a snapshot; room for many |
//!
//! It may use `model` and `wire` only: client and server must not share a mistake.

pub mod assumptions;
mod check;
mod choices;
mod control;
mod exchange;
mod faults;
mod held;
mod index;
mod journal;
mod lifecycle;
mod memory;
#[cfg(not(target_arch = "wasm32"))]
pub mod openapi;
mod places;
mod pool;
mod population;
mod queue;
mod random;
mod refusal;
mod render;
mod service;
mod settings;
mod snapshot;
mod state;
mod stored;
mod timing;

pub use choices::{
    ExpiredSpelling, FreshReverse, KeyOrder, Malformed, Missing, NoMac, Occupied, Oversized,
    Secret, UnknownServer,
};
pub use control::Server;
pub use exchange::{Ending, Reply, Request};
pub use faults::{Fault, FaultError, FaultRule, FaultStatus};
pub use journal::Entry;
pub use population::Population;
pub use settings::{Evidence, Settings, SettingsError};
pub use snapshot::SnapshotError;
pub use timing::{Delays, Spread, Timing};

use check::Credentials;
use faults::Faults;
use journal::Journal;
use random::Random;
use refusal::Refusal;
use service::{Answer, Call, elastic_metal};
use state::State;

use crate::model::time::Timestamp;
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

impl Emulator {
    /// A service that holds nothing yet.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        settings.check()?;
        let secret_key = match &settings.secret_key {
            Some(secret) => secret.0.clone(),
            None => Random::of(settings.seed, "secretKey", 0).uuid().to_string(),
        };
        let session_token = settings.session_token.as_ref().map(|secret| secret.0.clone());
        let mut state = State::new(&settings)?;
        population::populate(&mut state, &settings)?;
        Ok(Self {
            credentials: Credentials { secret_key, session_token },
            state,
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
        render::sign(&mut reply, &entry.request_id, now);
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
                let body = render::answer(&answer, fresh_from, &self.state, &self.settings);
                render::reply(found.operation.route().success, body, &self.settings)
            }
            Err(refusal) => render::refusal(&refusal, &self.settings),
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
            return render::reply(200, Some(Json::Object(facts.to_vec())), &self.settings);
        }
        let Some(visit) = elastic_metal::find(&request.method, path) else {
            entry.unmatched = true;
            let (method, path) = (request.method.clone(), path.to_owned());
            return render::refusal(&Refusal::NotImplemented { method, path }, &self.settings);
        };
        let served =
            self.admit(request).and_then(|()| check::body(&request.body)).and_then(|body| {
                elastic_metal::serve(visit, &body, &mut self.state, &self.settings, now)
            });
        match served {
            Ok(body) => render::reply(200, Some(body), &self.settings),
            Err(refusal) => render::refusal(&refusal, &self.settings),
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
}
