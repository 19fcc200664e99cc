//! The exports of the module `client` that send requests. Only `js/` uses them.

use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use super::connection::Connection;
use super::driver::{Call, Driver, run, start};
use super::edge::{Completion, Edge};
use super::plain::error_report;
use super::reports;
use super::value::read_argument;
use crate::error::problem::{Problem as FieldProblem, Reason};
use crate::error::{Error, Failure};
use crate::flow::call_policy::CallPolicy;
use crate::flow::create_and_attach::CreateAndAttachFlow;
use crate::flow::list::ListFlow;
use crate::flow::operation::OperationFlow;
use crate::flow::relocate::{RelocateFlow, Relocation};
use crate::flow::settings::{self, CallSettings};
use crate::flow::wait::{self, Condition, WaitFlow, WaitRequest};
use crate::flow::{Input, Leaving, Machine};
use crate::model::id::ServerId;
use crate::model::time::Millis;
use crate::ops::arguments::{Defaults, Reader};
use crate::ops::list::{Listing, check_search, check_walk};
use crate::ops::{CheckedRequest, check};
use crate::wire::route::Operation;
use crate::wire::value::Value;

#[wasm_bindgen]
extern "C" {
    /// The options of a call. They may be any object.
    type Options;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn signal(this: &Options) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch, js_name = onEvent)]
    fn on_event(this: &Options) -> Result<JsValue, JsValue>;

    /// The caller's signal: an `AbortSignal`, or an object with the same members.
    type Signal;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn aborted(this: &Signal) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch, js_name = addEventListener)]
    fn add_event_listener(this: &Signal) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch, js_name = removeEventListener)]
    fn remove_event_listener(this: &Signal) -> Result<JsValue, JsValue>;
}

impl Signal {
    /// Whether it has the members of an `AbortSignal` that the facade uses.
    fn is_usable(&self) -> bool {
        let is_function = |member: Result<JsValue, JsValue>| member.is_ok_and(|m| m.is_function());
        self.aborted().is_ok_and(|aborted| aborted.as_bool().is_some())
            && is_function(self.add_event_listener())
            && is_function(self.remove_event_listener())
    }
}

/// The core of a client: it checks requests, sends them and judges the responses. The facade decodes.
#[wasm_bindgen]
pub struct ClientCore {
    connection: Rc<Connection>,
}

/// A list that is read page by page.
#[wasm_bindgen]
pub struct PageWalk {
    promise: Promise,
    driver: Option<Rc<Driver>>,
}

#[wasm_bindgen]
impl PageWalk {
    /// Resolves after the last page, rejects with a report.
    #[wasm_bindgen(getter)]
    pub fn promise(&self) -> Promise {
        self.promise.clone()
    }

    /// Requests the next page. `has_changed` is whether the client has created or deleted a flexible IP
    /// since the last one, and `has_changed_ips` whether it has changed one.
    pub fn next(&self, has_changed: bool, has_changed_ips: bool) {
        if let Some(driver) = &self.driver {
            if has_changed {
                driver.on(Input::ListChanged, None);
            }
            if has_changed_ips {
                driver.on(Input::IpsChanged, None);
            }
            driver.on(Input::PageRequested, None);
        }
    }

    /// Ends the walk, and cancels the pending requests.
    pub fn stop(&self) {
        if let Some(driver) = &self.driver {
            driver.stop();
        }
    }
}

/// A call that several callers wait for.
#[wasm_bindgen]
pub struct SharedCall {
    promise: Promise,
    driver: Option<Rc<Driver>>,
}

#[wasm_bindgen]
impl SharedCall {
    /// Resolves with an outcome, or rejects with a report.
    #[wasm_bindgen(getter)]
    pub fn promise(&self) -> Promise {
        self.promise.clone()
    }

    /// Moves the deadline of the call: a further caller has more time.
    pub fn extend(&self, by_ms: f64) {
        if let Some(driver) = &self.driver {
            driver.extend(Millis(by_ms as u64));
        }
    }

    /// The report for a caller that stops waiting: after its total timeout, or at an abort if there is
    /// none. `undefined` if the call is over.
    pub fn leave(&self, timed_out_after_ms: Option<f64>) -> JsValue {
        let leaving =
            timed_out_after_ms.map_or(Leaving::Aborted, |ms| Leaving::TimedOut(Millis(ms as u64)));
        self.driver.as_ref().map_or(JsValue::UNDEFINED, |driver| driver.leave(leaving))
    }
}

/// A call whose request and options are valid.
struct Prepared<T> {
    request: T,
    settings: CallSettings,
    call: Call,
}

#[wasm_bindgen]
impl ClientCore {
    /// Reads the client's options. Throws a report if they are invalid. `edge` sends, sleeps and
    /// listens. `sends_user_agent` is whether requests carry a `User-Agent`: a page must not send one,
    /// because it would cause a CORS preflight.
    #[wasm_bindgen(constructor)]
    pub fn new(
        options: &JsValue,
        edge: Edge,
        sends_user_agent: bool,
    ) -> Result<ClientCore, JsValue> {
        let connection =
            Connection::new(options, edge, sends_user_agent).map_err(configuration_report)?;
        Ok(Self { connection: Rc::new(connection) })
    }

    /// Completes an exchange, a sleep or the listening for an abort.
    pub fn complete(&self, number: u32, completion: Completion) {
        self.connection.pending().complete(number, completion);
    }

    /// Calls an operation. The promise resolves with an outcome, or rejects with a report.
    pub fn call(&self, operation: &JsValue, request: &JsValue, options: &JsValue) -> Promise {
        match self.start_call(operation, request, options, None) {
            Ok((promise, _)) => promise,
            Err(thrown) => Promise::reject(&thrown),
        }
    }

    /// What calls that create with the same idempotency key share: the key with its zone, what is
    /// asked for, and the total timeout in milliseconds. `undefined` for a call without a key,
    /// and for one that is refused.
    pub fn sharing(
        &self,
        operation: &JsValue,
        request: &JsValue,
        options: &JsValue,
    ) -> Option<Vec<String>> {
        let Prepared { request: (request, server), settings, .. } =
            self.prepare_call(operation, request, options).ok()?;
        let policy = self.connection.policy(&settings, total_timeout_default(server));
        let content = [operation.as_string()?, request.request.body?].concat();
        Some(vec![request.lookup?.request.target(), content, policy.total_timeout.0.to_string()])
    }

    /// Starts a call for several callers. `own` has the `signal` and the `onEvent` of all of them.
    pub fn share(
        &self,
        operation: &JsValue,
        request: &JsValue,
        options: &JsValue,
        own: &JsValue,
    ) -> SharedCall {
        match self.start_call(operation, request, options, Some(own.unchecked_ref())) {
            Ok((promise, driver)) => SharedCall { promise, driver },
            Err(thrown) => SharedCall { promise: Promise::reject(&thrown), driver: None },
        }
    }

    /// Reads all pages of a list, several at once, for the client's method of this name. `zone` replaces
    /// the zone of the request.
    #[wasm_bindgen(js_name = listAll)]
    pub fn list_all(
        &self,
        method: &JsValue,
        request: &JsValue,
        options: &JsValue,
        zone: &JsValue,
    ) -> Promise {
        let (name, zone) = (list_method(method), zone.as_string());
        let prepared =
            self.prepare(name, options, |_, defaults| listing(name, request, zone, defaults));
        self.run(prepared, settings::TOTAL_TIMEOUT_DEFAULT, |listing, _, policy| {
            Box::new(ListFlow::all(listing, policy).named(name))
        })
    }

    /// Starts to read a list page by page, for the client's method of this name. `on_page` receives each
    /// page after it was requested. For `findByIp` the total timeout counts for all pages together.
    #[wasm_bindgen(js_name = listPages)]
    pub fn list_pages(
        &self,
        method: &JsValue,
        request: &JsValue,
        options: &JsValue,
        on_page: Function,
    ) -> PageWalk {
        let name = list_method(method);
        let prepared =
            self.prepare(name, options, |_, defaults| listing(name, request, None, defaults));
        match prepared {
            Ok(Prepared { request, settings, mut call }) => {
                call.on_page = Some(on_page);
                let policy = self.connection.policy(&settings, settings::TOTAL_TIMEOUT_DEFAULT);
                let flow = if name == LIST {
                    ListFlow::by_page(request, policy)
                } else {
                    ListFlow::by_page_in_one_call(request, policy)
                };
                let (promise, driver) = start(call, Box::new(flow.named(name)));
                PageWalk { promise, driver }
            }
            Err(report) => PageWalk { promise: Promise::reject(&report), driver: None },
        }
    }

    /// Waits. `method` is the client's method.
    pub fn wait(&self, method: &JsValue, request: &JsValue, options: &JsValue) -> Promise {
        let (name, condition, many) = match method.as_string().unwrap_or_default().as_str() {
            "waitUntilDeleted" => ("waitUntilDeleted", Condition::Gone, false),
            "waitForFlexibleIPs" => ("waitForFlexibleIPs", Condition::Rest, true),
            _ => ("waitForFlexibleIP", Condition::Rest, false),
        };
        let prepared = self.prepare(name, options, |_, defaults| {
            read_with(request, defaults, |reader| WaitRequest::read(name, condition, many, reader))
        });
        self.run(prepared, wait::WAIT_TIMEOUT_DEFAULT, |request, _, policy| {
            Box::new(WaitFlow::new(request, policy))
        })
    }

    /// Moves flexible IPs to a server. `method` is the client's method.
    pub fn relocate(&self, method: &JsValue, request: &JsValue, options: &JsValue) -> Promise {
        let is_failover = is_word(method, "failover");
        let name = if is_failover { "failover" } else { "ensureAttached" };
        let prepared = self.prepare(name, options, |_, defaults| {
            read_with(request, defaults, |reader| {
                if is_failover {
                    Relocation::read_failover(reader)
                } else {
                    Relocation::read_ensure(reader)
                }
            })
        });
        self.run(prepared, wait::WAIT_TIMEOUT_DEFAULT, |relocation, _, policy| {
            Box::new(RelocateFlow::new(relocation, policy))
        })
    }

    /// Starts a call. `own` replaces the caller's signal and listener.
    fn start_call(
        &self,
        operation: &JsValue,
        request: &JsValue,
        options: &JsValue,
        own: Option<&Options>,
    ) -> Result<(Promise, Option<Rc<Driver>>), JsValue> {
        let Prepared { request: (request, server), settings, mut call } =
            self.prepare_call(operation, request, options)?;
        if let Some(own) = own {
            call.signal = own.signal()?;
            call.on_event = own.on_event()?;
        }
        let skip = settings.skip_preflight;
        let total = total_timeout_default(server);
        let policy = self.connection.policy(&settings, total);
        Ok(match server {
            Some(server) => {
                start(call, Box::new(CreateAndAttachFlow::new(request, server, skip, policy)))
            }
            None => start(call, Box::new(OperationFlow::new(request, skip, policy))),
        })
    }

    /// Reads the request and the options of an operation, or of `createAndAttach`.
    fn prepare_call(
        &self,
        operation: &JsValue,
        request: &JsValue,
        options: &JsValue,
    ) -> Result<Prepared<(CheckedRequest, Option<ServerId>)>, JsValue> {
        let attaches = is_word(operation, CREATE_AND_ATTACH);
        let operation =
            if attaches { Operation::CreateFlexibleIp } else { operation_named(operation)? };
        let name = if attaches { CREATE_AND_ATTACH } else { operation.name() };
        self.prepare(name, options, |settings, defaults| {
            if settings.idempotency_key.is_some() && operation != Operation::CreateFlexibleIp {
                let help = "only a creation takes a key: nothing else could be made twice";
                return refused("idempotencyKey", Reason::Constraint, help);
            }
            let request = read_argument(request);
            let lacks_server = matches!(request.field("serverId"), None | Some(Value::Null));
            if attaches && lacks_server && matches!(request, Value::Object(_)) {
                return refused("serverId", Reason::Required, "value is required: a UUID");
            }
            let server = request.text("serverId").and_then(ServerId::parse).filter(|_| attaches);
            let (checked, problems) = check_operation(operation, &request, settings, defaults);
            (checked.map(|checked| (checked, server)), problems)
        })
    }

    /// Runs the machine of a call. `total` is the default of its total timeout.
    fn run<T>(
        &self,
        prepared: Result<Prepared<T>, JsValue>,
        total: Millis,
        machine: impl FnOnce(T, &CallSettings, CallPolicy) -> Box<dyn Machine>,
    ) -> Promise {
        match prepared {
            Ok(Prepared { request, settings, call }) => {
                let policy = self.connection.policy(&settings, total);
                run(call, machine(request, &settings, policy))
            }
            Err(report) => Promise::reject(&report),
        }
    }

    /// Reads the options and the request of a call. Fails with a report.
    fn prepare<T>(
        &self,
        name: &'static str,
        options: &JsValue,
        read: impl FnOnce(&CallSettings, &Defaults) -> (Option<T>, Vec<FieldProblem>),
    ) -> Result<Prepared<T>, JsValue> {
        let (settings, call) = self.read_options(name, options)?;
        let (request, problems) = read(&settings, &self.connection.settings.defaults);
        match request {
            Some(request) => Ok(Prepared { request, settings, call }),
            None => Err(self.invalid_arguments(name, problems)),
        }
    }

    /// Reads the options of a call. Not part of `prepare`, which is generic: the module would contain
    /// it four times.
    fn read_options(
        &self,
        name: &'static str,
        options: &JsValue,
    ) -> Result<(CallSettings, Call), JsValue> {
        let (settings, signal, on_event) =
            call_settings(options).map_err(|problems| self.invalid_arguments(name, problems))?;
        let (connection, headers) = (Rc::clone(&self.connection), settings.headers.clone());
        Ok((settings, Call { connection, headers, signal, on_event, on_page: None }))
    }

    fn invalid_arguments(&self, name: &'static str, problems: Vec<FieldProblem>) -> JsValue {
        let error = Error::InvalidArguments(problems);
        let failure = Failure { error, operation: name, request: None, attempts: 0 };
        reports::failure(&failure, self.connection.base_url()).into()
    }
}

const LIST: &str = "listFlexibleIPs";
const LIST_ALL_ZONES: &str = "listAllZones";
const FIND_BY_IP: &str = "findByIp";
const CREATE_AND_ATTACH: &str = "createAndAttach";

/// The client's method that reads a list.
fn list_method(method: &JsValue) -> &'static str {
    [LIST_ALL_ZONES, FIND_BY_IP].into_iter().find(|name| is_word(method, name)).unwrap_or(LIST)
}

/// The total timeout of a call if none is set: longer for one that waits on a server.
const fn total_timeout_default(server: Option<ServerId>) -> Millis {
    match server {
        Some(_) => wait::WAIT_TIMEOUT_DEFAULT,
        None => settings::TOTAL_TIMEOUT_DEFAULT,
    }
}

/// The refusal of one argument.
fn refused<T>(field: &str, reason: Reason, help: &str) -> (Option<T>, Vec<FieldProblem>) {
    (None, vec![FieldProblem::error(field, reason, help)])
}

fn check_operation(
    operation: Operation,
    request: &Value,
    settings: &CallSettings,
    defaults: &Defaults,
) -> (Option<CheckedRequest>, Vec<FieldProblem>) {
    let idempotency_key = settings.idempotency_key.clone();
    check(operation, request, &Defaults { idempotency_key, ..defaults.clone() })
}

/// Reads the request of a method that is not one operation of the API. `None` if it has an error.
fn read_with<T>(
    request: &JsValue,
    defaults: &Defaults,
    read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
) -> (Option<T>, Vec<FieldProblem>) {
    let request = read_argument(request);
    let mut reader = Reader::new(&request, defaults);
    let value = read(&mut reader);
    let (passed, problems) = reader.finish();
    (value.filter(|_| passed), problems)
}

/// Reads the request of a method that reads a list. `zone` replaces its zone.
fn listing(
    name: &str,
    request: &JsValue,
    zone: Option<String>,
    defaults: &Defaults,
) -> (Option<Listing>, Vec<FieldProblem>) {
    let mut request = read_argument(request);
    if let (Some(zone), Value::Object(fields)) = (zone, &mut request) {
        fields.retain(|(name, _)| name != "zone");
        fields.push(("zone".to_owned(), Value::Text(zone)));
    }
    if name == LIST { check_walk(&request, defaults) } else { check_search(&request, defaults) }
}

/// The operation of this name. Throws a report if there is none.
pub(super) fn operation_named(operation: &JsValue) -> Result<Operation, JsValue> {
    operation.as_string().and_then(|name| Operation::named(&name)).ok_or_else(|| {
        let help = "there is no such operation";
        configuration_report(vec![FieldProblem::error("operation", Reason::Unknown, help)])
    })
}

/// Whether a value is this word.
fn is_word(value: &JsValue, word: &str) -> bool {
    value.as_string().is_some_and(|text| text == word)
}

/// Reads the options of a call: its settings, its signal and its listener.
fn call_settings(options: &JsValue) -> Result<(CallSettings, JsValue, JsValue), Vec<FieldProblem>> {
    let settings = CallSettings::read(&read_argument(options))?;
    if !options.is_object() {
        return Ok((settings, JsValue::UNDEFINED, JsValue::UNDEFINED));
    }
    let options: &Options = options.unchecked_ref();
    let on_event = options.on_event().unwrap_or_default();
    match options.signal() {
        Ok(signal) if signal.is_undefined() || signal.unchecked_ref::<Signal>().is_usable() => {
            Ok((settings, signal, on_event))
        }
        _ => {
            Err(vec![FieldProblem::error("signal", Reason::Format, "value must be an AbortSignal")])
        }
    }
}

/// The report of invalid options.
pub(super) fn configuration_report(problems: Vec<FieldProblem>) -> JsValue {
    let error = Error::Configuration(problems);
    error_report(&error, &error.to_string()).into()
}
