//! What the module `client` exports. The facade in `js/` is its only user.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::driver::{Call, run, set};
use super::fetch::Signal;
use super::types::{BuiltRequest, FailureReport, FlexibleIp, ParsedIp, Problem, plain};
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

/// Where requests go, and with what.
pub(super) struct Connection {
    settings: Settings,
    fetch: Option<Function>,
    /// The headers of every request. They hold the key, so they are only ever copied.
    headers: Object,
    secret_function: Option<Function>,
    /// What must not stand in a message.
    secrets: RefCell<Vec<String>>,
}

/// What the library calls itself.
const USER_AGENT: &str = concat!("flexip/", env!("CARGO_PKG_VERSION"));

/// How many keys that a function gave are remembered, to be kept out of messages.
const REMEMBERED_KEYS: usize = 4;

impl Connection {
    fn new(options: &JsValue, names_itself: bool) -> Result<Self, Vec<FieldProblem>> {
        let settings = Settings::read(&read_argument(options), true)?;
        let option = |name: &str| {
            Reflect::get(options, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
        };
        let headers = Object::new();
        let mut secrets = Vec::new();
        set(&headers, "Accept", "application/json");
        if names_itself {
            let user_agent = [USER_AGENT, " ", &settings.user_agent_suffix].concat();
            set(&headers, "User-Agent", user_agent.trim_end());
        }
        for (name, value) in &settings.headers {
            set(&headers, name, value);
        }
        for (name, header) in [("secretKey", "X-Auth-Token"), ("sessionToken", "X-Session-Token")] {
            if let Some(secret) = option(name).as_string() {
                set(&headers, header, &secret);
                secrets.push(secret);
            }
        }
        Ok(Self {
            settings,
            fetch: option("fetch").dyn_into().ok(),
            headers,
            secret_function: option("secretKey").dyn_into().ok(),
            secrets: RefCell::new(secrets),
        })
    }

    pub(super) fn base_url(&self) -> &str {
        &self.settings.base_url
    }

    /// The `fetch` that was handed in, or the one that is here now.
    pub(super) fn fetch(&self) -> Option<Function> {
        self.fetch.clone().or_else(|| {
            Reflect::get(&js_sys::global(), &JsValue::from_str("fetch")).ok()?.dyn_into().ok()
        })
    }

    pub(super) fn headers(&self) -> Object {
        Object::assign(&Object::new(), &self.headers)
    }

    pub(super) fn secret_function(&self) -> Option<&Function> {
        self.secret_function.as_ref()
    }

    pub(super) fn secrets(&self) -> Vec<String> {
        self.secrets.borrow().clone()
    }

    /// Keeps a key that the function gave out of messages.
    pub(super) fn remember(&self, key: String) {
        let mut secrets = self.secrets.borrow_mut();
        if !secrets.contains(&key) {
            if secrets.len() >= REMEMBERED_KEYS {
                secrets.remove(0);
            }
            secrets.push(key);
        }
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
    /// `names_itself` is whether to send a `User-Agent`; in a page it would need a preflight.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, names_itself: bool) -> Result<ClientCore, JsValue> {
        let connection = Connection::new(options, names_itself).map_err(configuration)?;
        Ok(Self { connection: Rc::new(connection) })
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
        plain(FailureReport::new(&failure, self.connection.base_url()))
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
        return Err(plain(FailureReport::new(&failure, &settings.base_url)));
    };
    let mut headers = std::collections::BTreeMap::new();
    headers.insert("Accept".to_owned(), "application/json".to_owned());
    headers.extend(settings.headers.iter().cloned());
    if request.body.is_some() {
        headers.insert("Content-Type".to_owned(), "application/json".to_owned());
    }
    let built = BuiltRequest {
        method: request.method.as_str(),
        url: [settings.base_url.as_str(), &request.target()].concat(),
        headers,
        body: request.body,
    };
    built.into_ts().map_err(|error| JsError::from(error).into())
}

/// Whether the MAC address of `source` may be duplicated to `destination`: both must be attached to
/// the same server. No problem means yes.
#[wasm_bindgen(js_name = checkSameServer)]
pub fn check_same_server(source: &Ts<FlexibleIp>, destination: &Ts<FlexibleIp>) -> Vec<Ts<Problem>> {
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
    let parsed = ParsedIp {
        family: if network.is_ipv6() { 6 } else { 4 },
        address: network.address().to_string(),
        prefix_length: network.prefix(),
        text: network.to_string(),
    };
    parsed.into_ts().ok()
}

fn named(operation: &str) -> Result<Operation, JsValue> {
    Operation::named(operation).ok_or_else(|| JsValue::from_str("there is no such operation"))
}

fn listed(problems: &[FieldProblem]) -> Vec<Ts<Problem>> {
    problems.iter().filter_map(|problem| Problem::from(problem).into_ts().ok()).collect()
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

fn call_settings(options: &JsValue) -> Result<(CallSettings, Option<Signal>), Vec<FieldProblem>> {
    let settings = CallSettings::read(&read_argument(options))?;
    let signal = Reflect::get(options, &JsValue::from_str("signal")).unwrap_or(JsValue::UNDEFINED);
    if signal.is_undefined() || signal.is_null() {
        return Ok((settings, None));
    }
    let signal: Signal = signal.unchecked_into();
    if signal.is_usable() {
        return Ok((settings, Some(signal)));
    }
    Err(vec![FieldProblem::error("signal", Reason::Format, "value must be an AbortSignal")])
}

/// The report of options that cannot work. It names no operation: none was called.
fn configuration(problems: Vec<FieldProblem>) -> JsValue {
    let error = Error::Configuration(problems);
    let message = error.to_string();
    let failure =
        Failure { error, operation: Operation::ListFlexibleIps, request: None, attempts: 0 };
    plain(FailureReport { operation: "", message, ..FailureReport::new(&failure, "") })
}
