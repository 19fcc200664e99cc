//! Begins the calls of a client, and makes results and errors of what they end with.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::future::poll_fn;
use std::rc::Rc;

use js_sys::{Math, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::driver::{Driver, Ended, Output, Progress, Sender};
use super::error::Error;
use super::fetch::Sending;
use super::options::{CallOptions, Listener, Options};
use super::results::{FlexibleIp, decode};
use super::secrets::Secrets;
use super::timers::Clock;
use crate::edge::{Call, Start, name_of, read_argument, user_agent};
use crate::error::problem::{Problem, Reason as ProblemReason};
use crate::error::{Error as Reason, Failure};
use crate::flow::response::{Body, Response, check_zone};
use crate::flow::settings::Settings;
use crate::flow::{Input, PlanStep};
use crate::policy::budget::Budget;
use crate::wire::http::{Method, Request, ResponseHeaders};

/// What the client changes: creations and deletions change lists, all changes change flexible IPs.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) of_lists: u32,
    pub(super) of_ips: u32,
}

/// Nothing, for reads.
pub(super) const READS: Changes = Changes { of_lists: 0, of_ips: 0 };
/// A change of flexible IPs.
pub(super) const CHANGES: Changes = Changes { of_lists: 0, of_ips: 1 };
/// A creation or a deletion.
pub(super) const CHANGES_LISTS: Changes = Changes { of_lists: 1, of_ips: 1 };

/// What all calls of a client share.
pub(super) struct Shared {
    settings: Settings,
    options: Options,
    /// The headers of every request, with the credentials.
    headers: Vec<(String, String)>,
    budget: Budget,
    clock: Rc<Clock>,
    /// How often a call began or ended that changes something.
    changes: Cell<Changes>,
    /// The idempotency keys of the creates that are under way, with their zones.
    creates: RefCell<BTreeSet<String>>,
}

/// The calls of a client, with the options of the calls.
#[derive(Clone)]
pub(super) struct Calls {
    shared: Rc<Shared>,
    /// The options of the calls, as a text; empty if there are none.
    own: Rc<str>,
    listeners: Vec<Listener>,
}

impl Calls {
    pub(super) fn new(options: Options) -> Result<Self, Error> {
        let settings =
            Settings::read(&read_argument(&text_of(&options)), true).map_err(|problems| {
                let error = Reason::Configuration(problems);
                Failure { error, operation: "Client", request: None, attempts: 0 }
            })?;
        let mut headers = vec![("Accept".to_owned(), "application/json".to_owned())];
        if !is_page() {
            headers
                .push(("User-Agent".to_owned(), user_agent(&settings).trim_ascii_end().to_owned()));
        }
        let shared = Shared {
            budget: Budget::new(settings.budget),
            headers,
            clock: Rc::default(),
            changes: Cell::default(),
            creates: RefCell::default(),
            settings,
            options,
        };
        let listeners = shared.options.on_event.iter().cloned().collect();
        Ok(Self { shared: Rc::new(shared), own: "".into(), listeners })
    }

    /// The same client with these options for its calls.
    pub(super) fn with(&self, options: &CallOptions) -> Self {
        let client = self.shared.options.on_event.iter();
        let listeners = client.chain(&options.on_event).cloned().collect();
        Self { shared: Rc::clone(&self.shared), own: text_of(options).into(), listeners }
    }

    /// Begins a call. `reads` is how a list is read.
    pub(super) fn begin(
        &self,
        method: &str,
        reads: &str,
        request: &impl Serialize,
    ) -> Result<Begun, Error> {
        let Shared { settings, budget, clock, .. } = &*self.shared;
        let name = name_of(method).unwrap_or_default();
        let request = text_of(request);
        let options = &self.own;
        let start = Start { client: 0, method, reads, request: &request, options, zone: "" };
        let call = Call::read(name, &start, settings).map_err(|invalid| *invalid)?;
        let creating = call.place().map(|place| self.reserve(name, place)).transpose()?;
        let seed = Math::floor(Math::random() * MAX_SEED);
        let (machine, own) = call.machine(settings, budget.clone(), seed);
        let sender = self.sender(own.headers);
        let mut driver = Driver::new(machine, sender, Rc::clone(clock), self.listeners.clone());
        driver.pass(Input::Started);
        Ok(Begun { name, driver, _creating: creating })
    }

    /// Two creates with one key at the same time could both find nothing, and both create.
    fn reserve(&self, operation: &'static str, place: String) -> Result<Creating, Error> {
        let is_free = match self.shared.creates.try_borrow_mut() {
            Ok(mut creates) => creates.insert(place.clone()),
            Err(_) => false,
        };
        if is_free {
            return Ok(Creating { shared: Rc::clone(&self.shared), place });
        }
        let help = "a create with this key is under way: wait for its result";
        let problem = Problem::error("idempotencyKey", ProblemReason::Constraint, help);
        let error = Reason::InvalidArguments(vec![problem]);
        Err(Failure { error, operation, request: None, attempts: 0 }.into())
    }

    fn sender(&self, own: Vec<(String, String)>) -> Sender {
        let shared = Rc::clone(&self.shared);
        Box::new(move |_| {
            let Shared { settings, options, headers, .. } = &*shared;
            let credential = |name: &str, value: &Option<String>| {
                value.clone().map(|value| (name.to_owned(), value))
            };
            let mut all = headers.clone();
            all.extend(settings.headers.iter().chain(&own).cloned());
            all.extend(credential("X-Auth-Token", &options.secret_key));
            all.extend(credential("X-Session-Token", &options.session_token));
            Sending {
                base_url: settings.base_url.clone(),
                headers: all,
                fetch: options.fetch.clone(),
                secrets: shared.secrets().with(&own),
            }
        })
    }

    /// A call of a method, from its beginning to its end.
    pub(super) async fn run(
        &self,
        method: &str,
        reads: &str,
        request: &impl Serialize,
        changes: Changes,
    ) -> Result<Finished<'_>, Error> {
        let _changing = Changing::begin(Rc::clone(&self.shared), changes);
        let mut begun = self.begin(method, reads, request)?;
        loop {
            // A call that is not a walk has no pages.
            if let Progress::Done(done) = poll_fn(|context| begun.driver.poll(context)).await {
                return Ok(Finished { calls: self, name: begun.name, ended: done? });
            }
        }
    }

    /// How often a call began or ended that changes something.
    pub(super) fn changes(&self) -> Changes {
        self.shared.changes.get()
    }

    /// Decodes a body. After a change its outcome is unknown if that fails.
    pub(super) fn decoded<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        request: Option<&Request>,
        attempts: u32,
        body: Json,
    ) -> Result<T, Error> {
        decode(body).map_err(|reason| {
            let decode = Reason::Decode(self.shared.secrets().clean(&reason));
            undecodable(operation, request, attempts, decode).into()
        })
    }
}

impl Shared {
    fn secrets(&self) -> Secrets {
        let Options { secret_key, session_token, .. } = &self.options;
        let credentials = [secret_key, session_token].into_iter().flatten().map(String::as_str);
        Secrets::new(credentials, &self.settings.headers)
    }
}

/// A call that has begun.
pub(super) struct Begun {
    pub(super) name: &'static str,
    pub(super) driver: Driver,
    _creating: Option<Creating>,
}

/// A call that succeeded.
pub(super) struct Finished<'a> {
    calls: &'a Calls,
    name: &'static str,
    ended: Ended,
}

impl Finished<'_> {
    /// The result, from the body of the response.
    pub(super) fn body<T: DeserializeOwned>(self) -> Result<T, Error> {
        let Self { calls, name, ended: Ended { result, attempts, request } } = self;
        let body = match result {
            Output::Body(body) => body,
            // An attach or a detach whose response was lost: the flexible IPs as they were read back.
            Output::Ips(ips) => page_of(ips.len().into(), ips),
            Output::Plan(_) => Json::Null,
        };
        calls.decoded(name, request.as_ref(), attempts, body)
    }

    /// The flexible IPs.
    pub(super) fn ips(self) -> Result<Vec<FlexibleIp>, Error> {
        let Self { calls, name, ended: Ended { result, attempts, request } } = self;
        let ips = match result {
            Output::Ips(ips) => ips,
            Output::Body(_) | Output::Plan(_) => Vec::new(),
        };
        calls.decoded(name, request.as_ref(), attempts, Json::Array(ips))
    }

    /// The steps of a plan.
    pub(super) fn plan(self) -> Vec<PlanStep> {
        match self.ended.result {
            Output::Plan(plan) => plan,
            Output::Ips(_) | Output::Body(_) => Vec::new(),
        }
    }

    /// The same, if the response to a read is what its request names: caches and proxies can answer with
    /// another flexible IP, or with those of another zone. The machine checks the responses that it reads.
    pub(super) fn checked(self) -> Result<Self, Error> {
        let Ended { result, attempts, request } = &self.ended;
        let (Output::Body(body), Some(request)) = (result, request) else { return Ok(self) };
        let undecodable = |error| undecodable(self.name, Some(request), *attempts, error);
        let (headers, seen) = (ResponseHeaders::default(), Body::Json(body.clone().into()));
        check_zone(request, Response { status: 200, headers, body: seen }).map_err(undecodable)?;
        let is_about = |id: &str| request.path.ends_with(&["/", &id.to_lowercase()].concat());
        match body.get("id").and_then(Json::as_str) {
            Some(id) if !is_about(id) => {
                Err(undecodable(Reason::Decode("it is about another flexible IP".to_owned()))
                    .into())
            }
            _ => Ok(self),
        }
    }
}

/// A page as the API writes it.
pub(super) fn page_of(total: Json, ips: Vec<Json>) -> Json {
    let fields = [("total_count", total), ("flexible_ips", Json::Array(ips))];
    Json::Object(fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect())
}

/// The failure of a response that cannot be read.
fn undecodable(
    operation: &'static str,
    request: Option<&Request>,
    attempts: u32,
    error: Reason,
) -> Failure {
    let is_read = request.is_none_or(|request| request.method == Method::Get);
    let error = if is_read { error } else { Reason::Ambiguous(Box::new(error)) };
    let request = request.map(|request| (request.method.as_str(), request.target()));
    Failure { error, operation, request, attempts }
}

/// Counts a change at its beginning and at its end, also if its future is dropped.
struct Changing {
    shared: Rc<Shared>,
    changes: Changes,
}

impl Changing {
    fn begin(shared: Rc<Shared>, changes: Changes) -> Self {
        let changing = Self { shared, changes };
        changing.count();
        changing
    }

    fn count(&self) {
        let Changes { of_lists, of_ips } = self.shared.changes.get();
        self.shared.changes.set(Changes {
            of_lists: of_lists.wrapping_add(self.changes.of_lists),
            of_ips: of_ips.wrapping_add(self.changes.of_ips),
        });
    }
}

impl Drop for Changing {
    fn drop(&mut self) {
        self.count();
    }
}

/// A create with an idempotency key that is under way.
struct Creating {
    shared: Rc<Shared>,
    place: String,
}

impl Drop for Creating {
    fn drop(&mut self) {
        if let Ok(mut creates) = self.shared.creates.try_borrow_mut() {
            creates.remove(&self.place);
        }
    }
}

/// The number of different seeds of the jitter: those that a number of JavaScript holds.
const MAX_SEED: f64 = 9_007_199_254_740_992.0;

/// The text of an argument, as `edge` reads it: JSON. Every argument here can be written.
fn text_of(argument: &impl Serialize) -> String {
    serde_json::to_string(argument).unwrap_or_default()
}

/// Whether this runs in a page or one of its workers, where a `User-Agent` header would cause a CORS preflight.
fn is_page() -> bool {
    let has = |name: &str| Reflect::has(&js_sys::global(), &name.into()).unwrap_or_default();
    has("document") || has("WorkerGlobalScope")
}
