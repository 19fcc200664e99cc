//! What the module `client` exports. The facade in `js/` is its only user.

use std::rc::Rc;

use js_sys::{Function, Object, Promise};
use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::driver::{Call, run};
use super::fetch::{Ending, Exchanges};
use super::plain::{error_report, problems as listed, put, put_text, report};
use super::types::{BuiltRequest, FlexibleIp, ParsedIp, Problem};
use super::value::{read, read_argument};
use crate::error::field::{Problem as FieldProblem, Reason};
use crate::error::{Error, Failure};
use crate::flow::operation::OperationFlow;
use crate::model::network::Network;

use crate::ops::arguments::found;
use crate::ops::settings::{CallSettings, Settings};
use crate::ops::{Checked, check, rules};
use crate::wire::route::Operation;
use crate::wire::summary::{Spelling, Summary};
use crate::wire::value::Value;

#[wasm_bindgen]
extern "C" {
    /// The options of a call, which may be anything.
    type Options;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn signal(this: &Options) -> Result<JsValue, JsValue>;

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

/// Where requests go, and with what. The credentials stay with the facade.
pub(super) struct Connection {
    settings: Settings,
    /// The facade's exchange, which adds the credentials and calls `fetch`.
    exchange: Function,
    /// The headers of every request.
    headers: Object,
    exchanges: Exchanges,
}

/// What the library calls itself.
const USER_AGENT: &str = concat!("flexip/", env!("CARGO_PKG_VERSION"));

impl Connection {
    fn new(
        options: &JsValue,
        exchange: Function,
        names_itself: bool,
    ) -> Result<Self, Vec<FieldProblem>> {
        let settings = Settings::read(&read_argument(options), true)?;
        let headers = Object::new();
        put_text(&headers, "Accept", "application/json");
        if names_itself {
            let user_agent = [USER_AGENT, " ", &settings.user_agent_suffix].concat();
            put_text(&headers, "User-Agent", user_agent.trim_end());
        }
        for (name, value) in &settings.headers {
            put_text(&headers, name, value);
        }
        Ok(Self { settings, exchange, headers, exchanges: Exchanges::default() })
    }

    pub(super) fn base_url(&self) -> &str {
        &self.settings.base_url
    }

    pub(super) fn exchanges(&self) -> &Exchanges {
        &self.exchanges
    }

    pub(super) fn exchange(&self) -> &Function {
        &self.exchange
    }

    pub(super) fn headers(&self) -> &Object {
        &self.headers
    }
}

/// The client's core: it checks, sends and judges; the facade decodes.
#[wasm_bindgen]
pub struct ClientCore {
    connection: Rc<Connection>,
}

#[wasm_bindgen]
impl ClientCore {
    /// Takes the client's options. Throws a report when they cannot work.
    /// `exchange` sends; `names_itself` is whether to send a `User-Agent`, which a page must not:
    /// it would need a preflight.
    #[wasm_bindgen(constructor)]
    pub fn new(
        options: &JsValue,
        exchange: Function,
        names_itself: bool,
    ) -> Result<ClientCore, JsValue> {
        let connection = Connection::new(options, exchange, names_itself).map_err(configuration)?;
        Ok(Self { connection: Rc::new(connection) })
    }

    /// Tells how an exchange ended.
    pub fn ended(&self, exchange: u32, ending: Ending) {
        self.connection.exchanges.tell(exchange, ending);
    }

    /// Calls an operation. The promise gives an outcome, or rejects with a report.
    pub fn call(&self, operation: &str, request: &JsValue, options: &JsValue) -> Promise {
        match self.prepare(operation, request, options) {
            Ok((call, machine)) => run(call, machine),
            Err(report) => Promise::reject(&report),
        }
    }

    fn prepare(
        &self,
        operation: &str,
        request: &JsValue,
        options: &JsValue,
    ) -> Result<(Call, OperationFlow), JsValue> {
        let operation = named(operation)?;
        let refuse = |problems| self.refused(operation, problems);
        let settings = &self.connection.settings;
        let (checked, problems) = check(operation, &read_argument(request), &settings.defaults);
        let checked = checked.ok_or_else(|| refuse(problems))?;
        let (own, signal) = call_settings(options).map_err(refuse)?;
        let call = Call {
            connection: Rc::clone(&self.connection),
            headers: own.headers,
            timeout: own.timeout.unwrap_or(settings.timeout),
            signal,
        };
        Ok((call, OperationFlow::new(checked, own.skip_preflight)))
    }

    fn refused(&self, operation: Operation, problems: Vec<FieldProblem>) -> JsValue {
        let error = Error::InvalidArguments(problems);
        let failure = Failure { error, operation, request: None, attempts: 0 };
        report(&failure, self.connection.base_url()).into()
    }
}

/// Every problem of a request, warnings included. Nothing is sent.
#[wasm_bindgen]
pub fn validate(
    operation: &str,
    request: &JsValue,
    options: &JsValue,
) -> Result<Vec<Ts<Problem>>, JsValue> {
    let settings = offline_settings(options)?;
    let (_, problems) = check(named(operation)?, &read_argument(request), &settings.defaults);
    Ok(listed(&problems))
}

/// The request as it would be sent, without credentials. Throws a report when it would not be.
#[wasm_bindgen(js_name = buildRequest)]
pub fn build_request(
    operation: &str,
    request: &JsValue,
    options: &JsValue,
) -> Result<Ts<BuiltRequest>, JsValue> {
    let settings = offline_settings(options)?;
    let operation = named(operation)?;
    let (checked, problems) = check(operation, &read_argument(request), &settings.defaults);
    let Some(Checked { request, .. }) = checked else {
        let error = Error::InvalidArguments(problems);
        let failure = Failure { error, operation, request: None, attempts: 0 };
        return Err(report(&failure, &settings.base_url).into());
    };
    let headers = Object::new();
    put_text(&headers, "Accept", "application/json");
    for (name, value) in &settings.headers {
        put_text(&headers, name, value);
    }
    if request.body.is_some() {
        put_text(&headers, "Content-Type", "application/json");
    }
    let url = [settings.base_url.as_str(), &request.target()].concat();
    let built = Object::new();
    put_text(&built, "method", request.method.as_str());
    put_text(&built, "url", &url);
    put(&built, "headers", &headers);
    if let Some(body) = &request.body {
        put_text(&built, "body", body);
    }
    Ok(Ts::new_unchecked(built.into()))
}

/// Whether the MAC address of `source` may be duplicated to `destination`: both must be attached to
/// the same server. No problem means yes.
#[wasm_bindgen(js_name = checkSameServer)]
pub fn check_same_server(
    source: &Ts<FlexibleIp>,
    destination: &Ts<FlexibleIp>,
) -> Vec<Ts<Problem>> {
    let summaries = (summary("source", source), summary("destination", destination));
    let problem = match summaries {
        (Ok(source), Ok(destination)) => rules::same_server(&source, &destination),
        (Err(problem), _) | (_, Err(problem)) => Some(problem),
    };
    listed(problem.as_slice())
}

/// Reads an address or a block in any spelling; `undefined` if it is none.
#[wasm_bindgen(js_name = parseIp)]
pub fn parse_ip(text: &JsValue) -> Option<Ts<ParsedIp>> {
    let network = Network::parse(&text.as_string()?)?;
    let parsed = Object::new();
    put(&parsed, "family", &JsValue::from_f64(if network.is_ipv6() { 6.0 } else { 4.0 }));
    put_text(&parsed, "address", &network.address().to_string());
    put(&parsed, "prefixLength", &JsValue::from_f64(network.prefix().into()));
    put_text(&parsed, "text", &network.to_string());
    Some(Ts::new_unchecked(parsed.into()))
}

fn named(operation: &str) -> Result<Operation, JsValue> {
    Operation::named(operation).ok_or_else(|| JsValue::from_str("there is no such operation"))
}

fn summary(field: &str, ip: &Ts<FlexibleIp>) -> Result<Summary, FieldProblem> {
    let value = read(&ip.js_value()).unwrap_or(Value::Null);
    Summary::read(&value, Spelling::Script).map_err(|part| {
        let help = ["value must be a flexible IP; its ", part, " is not one's: ", &found(&value)];
        FieldProblem::error(field, Reason::Format, help.concat())
    })
}

fn offline_settings(options: &JsValue) -> Result<Settings, JsValue> {
    Settings::read(&read_argument(options), false).map_err(configuration)
}

/// The options of a call, and its signal.
fn call_settings(options: &JsValue) -> Result<(CallSettings, JsValue), Vec<FieldProblem>> {
    let settings = CallSettings::read(&read_argument(options))?;
    if !options.is_object() {
        return Ok((settings, JsValue::UNDEFINED));
    }
    let options: &Options = options.unchecked_ref();
    match options.signal() {
        Ok(signal) if signal.is_undefined() || signal.unchecked_ref::<Signal>().is_usable() => {
            Ok((settings, signal))
        }
        _ => {
            Err(vec![FieldProblem::error("signal", Reason::Format, "value must be an AbortSignal")])
        }
    }
}

/// The report of options that cannot work.
fn configuration(problems: Vec<FieldProblem>) -> JsValue {
    let error = Error::Configuration(problems);
    error_report(&error, &error.to_string()).into()
}
