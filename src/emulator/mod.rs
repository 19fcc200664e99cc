//! The Flexible IP API as a service in the same process. The time is an argument; there is no I/O.
//!
//! A request is handled in this order: the journal opens an entry; everything that is due by now happens;
//! the operation is found; a fault may be injected; token, zone, id and body are checked; the operation does
//! its work; the response is rendered; the journal closes the entry.
//!
//! | file or folder | contents |
//! |---|---|
//! | `settings` | everything that can be set: every open question about the real service is a setting |
//! | `http` | requests, responses, refusals, and the checks before the work |
//! | `world` | flexible IPs, MAC groups, servers, and how they change with time |
//! | `service` | the work of the operations, one file for each |
//! | `control` | servers, faults, journal, snapshots: what can be done besides requests |
//! | `openapi` | the OpenAPI description of it all |
//! | `random` | seeded random numbers |
//! | `model_serde`, `decimal` | serde for the types of `model` and for large numbers |
//! | `memory` | reserving memory for many flexible IPs |
//!
//! `settings` is the lowest folder; `http` and `world` use it, `service` uses these, `control` and this file
//! use all of them. The room may use `model` and `wire` only, so that client and server cannot share a
//! mistake.

mod control;
mod decimal;
mod http;
mod memory;
mod model_serde;
#[cfg(not(target_arch = "wasm32"))]
pub mod openapi;
mod random;
mod service;
mod settings;
mod world;

pub use control::faults::delay::FaultDelay;
pub use control::faults::error::FaultError;
pub use control::faults::fault::{Fault, FaultStatus};
pub use control::faults::flap::Flap;
pub use control::faults::gate::RateGate;
pub use control::faults::injector::ListedFault;
pub use control::faults::lateness::{Late, LateResponse};
pub use control::faults::reads::{Stale, Tear};
pub use control::faults::retry_after::{RetryAfter, RetryAfterForm};
pub use control::faults::rule::FaultRule;
pub use control::journal::JournalEntry;
pub use control::operations::ImpossibleStatus;
pub use control::server::Server;
pub use control::snapshot::SnapshotError;
pub use http::exchange::{Coding, Completion, Drip, Request, Response};
pub use http::plain::PlainResponse;
pub use settings::assumptions;
pub use settings::choices::{
    ExpiredSpelling, FreshReverse, KeyOrder, Malformed, Missing, NoMac, Occupied, Oversized,
    Secret, UnknownServer,
};
pub use settings::error::SettingsError;
pub use settings::population::Population;
pub use settings::timing::{Delays, Spread, Timing};
pub use settings::{Evidence, Settings};

use control::faults::injector::Injector;
use control::journal::Journal;
use control::redaction::OwnSecrets;
use http::check::{self, Credentials};
use http::plain;
use http::refusal::Refusal;
use http::render;
use random::Random;
use service::api_key;
use service::call::Call;
use service::distortion::Distortion;
use service::elastic_metal;
use service::success::Success;
use world::late;
use world::state::State;
use world::{lifecycle, populate};

use crate::model::time::Timestamp;
use crate::wire::http::Method;
use crate::wire::json::Json;
use crate::wire::route;

/// The emulated service.
pub struct Emulator {
    settings: Settings,
    credentials: Credentials,
    /// The secrets of the credentials, for the journal and the log.
    own_secrets: OwnSecrets,
    state: State,
    faults: Injector,
    journal: Journal,
    /// Which run of a state on the disk this is; 0 for the first. Requests of different runs have different ids.
    run: u32,
}

impl Emulator {
    /// A service with the population of the settings. Fails if the settings are invalid.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        settings.check()?;
        let secret_key = match &settings.secret_key {
            Some(secret) => secret.0.clone(),
            None => known_key(settings.seed),
        };
        let session_token = settings.session_token.as_ref().map(|secret| secret.0.clone());
        let mut state = State::new(&settings)?;
        populate::populate(&mut state, &settings)?;
        let secrets = [secret_key.as_str()].into_iter().chain(session_token.as_deref());
        Ok(Self {
            own_secrets: OwnSecrets::new(secrets),
            credentials: Credentials { secret_key, session_token },
            state,
            faults: Injector::default(),
            journal: Journal::new(settings.journal_limit, settings.journal_bytes),
            run: 0,
            settings,
        })
    }

    /// Handles a request. `now` should not be earlier than in any call before.
    pub fn handle(&mut self, request: &Request, now: Timestamp) -> Response {
        self.exchange(request.clone(), now, |response, entry| {
            let mut response = response;
            // A portal is not the service.
            if entry.fault != Some(Fault::PORTAL) {
                render::add_headers(&mut response, &entry.request_id, now);
            }
            response
        })
    }

    /// As `handle`, for a server that reads and writes plain requests itself. The request is given as the bytes
    /// that it arrived in; `head_length` are those before its last empty line. The connection stays open for
    /// `keep_alive_s` seconds. `None` if the request is not a plain one.
    ///
    /// Only without fault rules: how a fault delivers a response is not in the bytes.
    pub fn handle_plain(
        &mut self,
        request: Vec<u8>,
        head_length: usize,
        keep_alive_s: u32,
        now: Timestamp,
    ) -> Option<PlainResponse> {
        let request = plain::read(request, head_length)?;
        Some(self.exchange(request, now, |response, entry| {
            plain::write(&response, &entry.request_id, keep_alive_s, now)
        }))
    }

    fn exchange<T>(
        &mut self,
        request: Request,
        now: Timestamp,
        finish: impl FnOnce(Response, &JournalEntry) -> T,
    ) -> T {
        let mut entry = self.open(now);
        self.settle(now);
        let response = self.respond(&request, now, &mut entry);
        entry.respond(&response);
        let finished = finish(response, &entry);
        self.journal.close(entry, request, &self.own_secrets);
        finished
    }

    /// Carries out everything that is due by `now`. Every request does so first; call it before reading the
    /// state without a request.
    pub fn settle(&mut self, now: Timestamp) {
        while let Some(work) = late::take_due(&mut self.state.late, now) {
            lifecycle::settle(&mut self.state, &self.settings, work.due);
            self.do_late(&work);
        }
        lifecycle::settle(&mut self.state, &self.settings, now);
    }

    /// The time of the next transition that ends without a request, or of the next work that a fault made late,
    /// if there is one.
    pub fn next_transition_at(&self) -> Option<Timestamp> {
        let transition = self.state.index.agenda.first().map(|(at, _)| *at);
        let late = self.state.late.iter().map(|work| work.due).min();
        transition.into_iter().chain(late).min()
    }

    fn open(&mut self, now: Timestamp) -> JournalEntry {
        self.state.requests = self.state.requests.saturating_add(1);
        let number = self.state.requests;
        let seed = match self.run {
            0 => self.state.seed,
            run => Random::of(self.state.seed, "run", u64::from(run)).next(),
        };
        let request_id = Random::of(seed, "request", number).uuid().to_string();
        JournalEntry::open(number, request_id, now)
    }

    /// Finds the operation, injects a fault if one is due, and lets the operation do its work.
    fn respond(&mut self, request: &Request, now: Timestamp, entry: &mut JournalEntry) -> Response {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let matched = Method::parse(&request.method).and_then(|method| route::find(method, path));
        let Some(matched) = matched else {
            return self.respond_outside_api(request, path, now, entry);
        };
        entry.set_operation(matched.operation);
        let injection = self.faults.inject(&matched, now);
        let injection =
            injection.filter(|injection| !injection.fault.is_forbidden(&request.headers));
        entry.rule = injection.as_ref().map(|injection| injection.rule);
        entry.fault = injection.as_ref().map(|injection| injection.fault.name());
        if let Some(injection) = &injection
            && let Some(response) = self.replacement(&injection.fault, request, path, now)
        {
            return response;
        }
        let written_since = self.state.next_stamp();
        let operation = matched.operation;
        let distortion = self.distortion(injection.as_ref(), &matched, request, now);
        let fault = injection.map(|injection| injection.fault);
        let result = self
            .authenticate(request)
            .and_then(|()| self.work(&matched, query, &request.body, distortion, now));
        if result.is_ok() && fault == Some(Fault::Reuse) {
            let id = matched.fip_id.and_then(|id| check::fip_id(id, &self.settings).ok());
            id.into_iter().for_each(|id| self.state.pool.give_to_other(id));
        }
        let mut response = match result {
            Ok(success) => {
                let body = success.body(written_since, &self.state, &self.settings);
                Response::json(operation.route().success, body.unwrap_or_default())
            }
            Err(refusal) => render::refusal(&refusal, &self.settings),
        };
        if let Some(fault) = fault {
            fault.apply(&mut response);
        }
        response
    }

    /// Handles a request outside the Flexible IP API: the Elastic Metal servers, the platform's metadata, which
    /// the Go SDK reads, and the API key, which `scw` reads.
    fn respond_outside_api(
        &mut self,
        request: &Request,
        path: &str,
        now: Timestamp,
        entry: &mut JournalEntry,
    ) -> Response {
        if request.method == "GET" && path == "/metadata" {
            // The values are from the Go SDK's tests; the spelling of the keys was never recorded.
            let facts = [("platform", "external"), ("partition", "scw"), ("domain", "scw.eu")];
            let facts = facts.map(|(key, value)| (key, Json::text(value)));
            return render::response(200, Some(Json::Object(facts.to_vec())), &self.settings);
        }
        if let Some(access_key) = api_key::find(&request.method, path) {
            return match self.authenticate(request) {
                Ok(()) => {
                    let body = api_key::read(access_key, &self.state);
                    render::response(200, Some(body), &self.settings)
                }
                Err(refusal) => render::refusal(&refusal, &self.settings),
            };
        }
        let Some(server_request) = elastic_metal::find(&request.method, path) else {
            entry.unmatched = true;
            let (method, path) = (request.method.clone(), path.to_owned());
            return render::refusal(&Refusal::NotImplemented { method, path }, &self.settings);
        };
        let result =
            self.authenticate(request).and_then(|()| check::body(&request.body)).and_then(|body| {
                self.state.history.begin_change(now);
                elastic_metal::serve(server_request, &body, &mut self.state, &self.settings, now)
            });
        match result {
            Ok(body) => render::response(200, Some(body), &self.settings),
            Err(refusal) => render::refusal(&refusal, &self.settings),
        }
    }

    /// Checks zone, id and body, and lets the operation do its work.
    fn work(
        &mut self,
        matched: &route::Matched<'_>,
        query: &str,
        body: &[u8],
        distortion: Distortion,
        now: Timestamp,
    ) -> Result<Success, Refusal> {
        let zone = check::zone(matched.zone, &self.settings)?;
        let fip_id = matched.fip_id.map(|id| check::fip_id(id, &self.settings)).transpose()?;
        // Older clients send bodies with GET and DELETE. They are not read.
        let body = match matched.operation.route().method {
            Method::Post | Method::Patch => check::body(body)?,
            Method::Get | Method::Delete => check::body(&[])?,
        };
        let operation = matched.operation;
        if operation.is_write() {
            self.state.history.begin_change(now);
        }
        let call = Call { operation, zone, fip_id, query, body, now, distortion };
        service::serve(&call, &mut self.state, &self.settings)
    }

    /// Whether the secret key was set, and is not the one that follows from the seed, which is public.
    pub fn has_own_key(&self) -> bool {
        self.credentials.secret_key != known_key(self.settings.seed)
    }

    fn authenticate(&self, request: &Request) -> Result<(), Refusal> {
        if self.settings.require_token {
            self.credentials.authenticate(&request.headers)
        } else {
            Ok(())
        }
    }
}

/// The secret key that follows from the seed.
fn known_key(seed: u64) -> String {
    Random::of(seed, "secretKey", 0).uuid().to_string()
}
