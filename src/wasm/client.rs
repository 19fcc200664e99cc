//! What the module `client` exports. The facade in `js/` is its only user.

use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use super::connection::Connection;
use super::driver::{Call, Run, run, start};
use super::edge::{Completion, Edge};
use super::plain::error_report;
use super::reports;
use super::value::read_argument;
use crate::error::field::{Problem as FieldProblem, Reason};
use crate::error::{Error, Failure};
use crate::flow::call_policy::CallPolicy;
use crate::flow::list::ListFlow;
use crate::flow::operation::OperationFlow;
use crate::flow::relocate::{RelocateFlow, Relocation};
use crate::flow::settings::{self, CallSettings};
use crate::flow::wait::{self, Condition, WaitFlow, WaitRequest};
use crate::flow::{Input, Machine};
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::ops::arguments::{Defaults, Reader};
use crate::ops::check;
use crate::ops::list::Listing;
use crate::wire::route::Operation;
use crate::wire::value::Value;

#[wasm_bindgen]
extern "C" {
    /// The options of a call, which may be anything.
    type Options;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn signal(this: &Options) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch, js_name = onEvent)]
    fn on_event(this: &Options) -> Result<JsValue, JsValue>;

    /// The caller's signal: an `AbortSignal`, or anything that behaves like one.
    type Signal;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn aborted(this: &Signal) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch, js_name = addEventListener)]
    fn add_event_listener(this: &Signal) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch, js_name = removeEventListener)]
    fn remove_event_listener(this: &Signal) -> Result<JsValue, JsValue>;
}

impl Signal {
    /// Whether it can be asked and listened to.
    fn is_usable(&self) -> bool {
        let is_function = |member: Result<JsValue, JsValue>| member.is_ok_and(|m| m.is_function());
        self.aborted().is_ok_and(|aborted| aborted.as_bool().is_some())
            && is_function(self.add_event_listener())
            && is_function(self.remove_event_listener())
    }
}

/// The client's core: it checks, sends and judges; the facade decodes.
#[wasm_bindgen]
pub struct ClientCore {
    connection: Rc<Connection>,
}

/// A list that is read page by page.
#[wasm_bindgen]
pub struct ListRun {
    promise: Promise,
    run: Option<Rc<Run>>,
}

#[wasm_bindgen]
impl ListRun {
    /// Resolves when every page was given, rejects with a report.
    #[wasm_bindgen(getter)]
    pub fn promise(&self) -> Promise {
        self.promise.clone()
    }

    /// Asks for another page.
    pub fn want(&self) {
        if let Some(run) = &self.run {
            run.tell(Input::PageRequested, None);
        }
    }

    /// Asks for nothing more, and drops what is on its way.
    pub fn stop(&self) {
        if let Some(run) = &self.run {
            run.stop();
        }
    }
}

/// A call, checked.
struct Prepared<T> {
    what: T,
    own: CallSettings,
    call: Call,
}

#[wasm_bindgen]
impl ClientCore {
    /// Takes the client's options. Throws a report when they cannot work.
    /// `edge` sends, sleeps and listens; `names_itself` is whether to send a `User-Agent`, which a
    /// page must not: it would need a preflight.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, edge: Edge, names_itself: bool) -> Result<ClientCore, JsValue> {
        let connection = Connection::new(options, edge, names_itself).map_err(configuration)?;
        Ok(Self { connection: Rc::new(connection) })
    }

    /// Tells how something ended that was begun.
    pub fn ended(&self, number: u32, ending: Completion) {
        self.connection.begun().tell(number, ending);
    }

    /// Calls an operation, or `createAndAttach`, which is a creation that must name a server. The
    /// promise gives an outcome, or rejects with a report.
    pub fn call(&self, operation: &str, request: &JsValue, options: &JsValue) -> Promise {
        let attaches = operation == "createAndAttach";
        let operation = if attaches { Ok(Operation::CreateFlexibleIp) } else { named(operation) };
        let operation = match operation {
            Ok(operation) => operation,
            Err(thrown) => return Promise::reject(&thrown),
        };
        let prepared = self.prepare(operation.name(), options, |own, defaults| {
            let refused = |field: &str, reason, help: &str| {
                (None, vec![FieldProblem::error(field, reason, help)])
            };
            if own.idempotency_key.is_some() && operation != Operation::CreateFlexibleIp {
                let help = "only a creation takes a key: nothing else could be made twice";
                return refused("idempotencyKey", Reason::Constraint, help);
            }
            let request = read_argument(request);
            if attaches && matches!(request.field("serverId"), None | Some(Value::Null)) {
                return refused("serverId", Reason::Required, "value is required: a UUID");
            }
            let idempotency_key = own.idempotency_key.clone();
            check(operation, &request, &Defaults { idempotency_key, ..defaults.clone() })
        });
        self.run(prepared, settings::TOTAL_TIMEOUT_DEFAULT, |checked, own, policy| {
            Box::new(OperationFlow::new(checked, own.skip_preflight, policy))
        })
    }

    /// Reads all pages of a list, some at once.
    #[wasm_bindgen(js_name = listAll)]
    pub fn list_all(&self, request: &JsValue, options: &JsValue) -> Promise {
        let prepared = self.prepare(LIST, options, |_, defaults| listing(request, defaults));
        self.run(prepared, settings::TOTAL_TIMEOUT_DEFAULT, |listing, _, policy| {
            Box::new(ListFlow::all(listing, policy))
        })
    }

    /// Reads a list page by page: each is given to `on_page` after it was asked for.
    #[wasm_bindgen(js_name = listPages)]
    pub fn list_pages(&self, request: &JsValue, options: &JsValue, on_page: Function) -> ListRun {
        let prepared = self.prepare(LIST, options, |_, defaults| listing(request, defaults));
        match prepared {
            Ok(Prepared { what, own, mut call }) => {
                call.on_page = Some(on_page);
                let policy = self.connection.policy(&own, settings::TOTAL_TIMEOUT_DEFAULT);
                let (promise, run) = start(call, Box::new(ListFlow::by_page(what, policy)));
                ListRun { promise, run }
            }
            Err(report) => ListRun { promise: Promise::reject(&report), run: None },
        }
    }

    /// Waits: `what` is the client's method.
    pub fn wait(&self, what: &str, request: &JsValue, options: &JsValue) -> Promise {
        let (name, until, many) = match what {
            "waitUntilDeleted" => ("waitUntilDeleted", Condition::Gone, false),
            "waitForFlexibleIPs" => ("waitForFlexibleIPs", Condition::Rest, true),
            _ => ("waitForFlexibleIP", Condition::Rest, false),
        };
        let prepared = self.prepare(name, options, |_, defaults| {
            read_with(request, defaults, |reader| WaitRequest::read(name, until, many, reader))
        });
        self.run(prepared, wait::WAIT_TIMEOUT_DEFAULT, |waiting, _, policy| {
            Box::new(WaitFlow::new(waiting, policy))
        })
    }

    /// Brings flexible IPs to a server: `what` is the client's method. `unfinished` are those that an
    /// earlier failover left on no server.
    pub fn relocate(
        &self,
        what: &str,
        request: &JsValue,
        options: &JsValue,
        unfinished: &JsValue,
    ) -> Promise {
        let is_failover = what == "failover";
        let name = if is_failover { "failover" } else { "ensureAttached" };
        let prepared = self.prepare(name, options, |_, defaults| {
            read_with(request, defaults, |reader| {
                if is_failover {
                    let left = read_argument(unfinished);
                    let left =
                        left.items().iter().filter_map(|id| FlexibleIpId::parse(id.as_text()?));
                    Relocation::read_failover(reader, left.collect())
                } else {
                    Relocation::read_ensure(reader)
                }
            })
        });
        self.run(prepared, wait::WAIT_TIMEOUT_DEFAULT, |relocation, _, policy| {
            Box::new(RelocateFlow::new(relocation, policy))
        })
    }

    fn run<T>(
        &self,
        prepared: Result<Prepared<T>, JsValue>,
        total: Millis,
        machine: impl FnOnce(T, &CallSettings, CallPolicy) -> Box<dyn Machine>,
    ) -> Promise {
        match prepared {
            Ok(Prepared { what, own, call }) => {
                let policy = self.connection.policy(&own, total);
                run(call, machine(what, &own, policy))
            }
            Err(report) => Promise::reject(&report),
        }
    }

    fn prepare<T>(
        &self,
        name: &'static str,
        options: &JsValue,
        read: impl FnOnce(&CallSettings, &Defaults) -> (Option<T>, Vec<FieldProblem>),
    ) -> Result<Prepared<T>, JsValue> {
        let (own, call) = self.opened(name, options)?;
        let (what, problems) = read(&own, &self.connection.settings.defaults);
        match what {
            Some(what) => Ok(Prepared { what, own, call }),
            None => Err(self.refusal(name, problems)),
        }
    }

    /// What does not depend on the kind of call: in `prepare` the module would have it four times.
    fn opened(
        &self,
        name: &'static str,
        options: &JsValue,
    ) -> Result<(CallSettings, Call), JsValue> {
        let (own, signal, on_event) =
            call_settings(options).map_err(|problems| self.refusal(name, problems))?;
        let (connection, headers) = (Rc::clone(&self.connection), own.headers.clone());
        Ok((own, Call { connection, headers, signal, on_event, on_page: None }))
    }

    fn refusal(&self, name: &'static str, problems: Vec<FieldProblem>) -> JsValue {
        let error = Error::InvalidArguments(problems);
        let failure = Failure { error, operation: name, request: None, attempts: 0 };
        reports::failure(&failure, self.connection.base_url()).into()
    }
}

const LIST: &str = "listFlexibleIPs";

/// Reads a request that is no operation of the API's own.
fn read_with<T>(
    request: &JsValue,
    defaults: &Defaults,
    read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
) -> (Option<T>, Vec<FieldProblem>) {
    let request = read_argument(request);
    let mut reader = Reader::new(&request, defaults);
    let what = read(&mut reader);
    let (passed, problems) = reader.finish();
    (what.filter(|_| passed), problems)
}

fn listing(request: &JsValue, defaults: &Defaults) -> (Option<Listing>, Vec<FieldProblem>) {
    crate::ops::list::all_pages(&read_argument(request), defaults)
}

pub(super) fn named(operation: &str) -> Result<Operation, JsValue> {
    Operation::named(operation).ok_or_else(|| JsValue::from_str("there is no such operation"))
}

/// The options of a call, its signal and its watcher.
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

/// The report of options that cannot work.
pub(super) fn configuration(problems: Vec<FieldProblem>) -> JsValue {
    let error = Error::Configuration(problems);
    error_report(&error, &error.to_string()).into()
}
