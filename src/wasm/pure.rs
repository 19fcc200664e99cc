//! The exports that need no client and send nothing.

use js_sys::{Array, Object};
use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::client::{configuration_report, operation_named};
use super::plain::{problems as listed, put, put_text};
use super::reports;
use super::types::{BuiltRequest, FlexibleIp, ParsedIp, Problem};
use super::value::{read, read_argument};
use crate::error::problem::{Problem as FieldProblem, Reason};
use crate::error::{Error, Failure};
use crate::flow::settings::Settings;
use crate::model::network::Network;
use crate::model::zone::KNOWN_ZONES;
use crate::ops::arguments::found;
use crate::ops::{CheckedRequest, check, rules};
use crate::wire::summary::{Spelling, Summary};
use crate::wire::value::Value;

/// Checks a request. Returns all its problems, including warnings.
#[wasm_bindgen]
pub fn validate(
    operation: &JsValue,
    request: &JsValue,
    options: &JsValue,
) -> Result<Vec<Ts<Problem>>, JsValue> {
    let settings = offline_settings(options)?;
    let (_, problems) =
        check(operation_named(operation)?, &read_argument(request), &settings.defaults);
    Ok(listed(&problems))
}

/// Builds the request that would be sent, without credentials. Throws a report if it breaks a rule.
#[wasm_bindgen(js_name = buildRequest)]
pub fn build_request(
    operation: &JsValue,
    request: &JsValue,
    options: &JsValue,
) -> Result<Ts<BuiltRequest>, JsValue> {
    let settings = offline_settings(options)?;
    let operation = operation_named(operation)?;
    let (checked, problems) = check(operation, &read_argument(request), &settings.defaults);
    let Some(CheckedRequest { request, .. }) = checked else {
        let error = Error::InvalidArguments(problems);
        let failure = Failure { error, operation: operation.name(), request: None, attempts: 0 };
        return Err(reports::failure(&failure, &settings.base_url).into());
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
/// the same server. Returns no problem if so.
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

/// Parses an address or a block in any spelling; `undefined` for any other value.
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

/// The zones in which flexible IPs are sold.
#[wasm_bindgen]
pub fn zones() -> Vec<String> {
    KNOWN_ZONES.iter().map(|zone| (*zone).to_owned()).collect()
}

/// Throws a report if a value is not an address.
#[wasm_bindgen(js_name = checkAddress)]
pub fn check_address(address: &JsValue) -> Result<(), JsValue> {
    if address.as_string().is_some_and(|text| Network::parse(&text).is_some()) {
        return Ok(());
    }
    let value = read(address).unwrap_or(Value::Null);
    let help =
        ["value must be an IPv4 or IPv6 address, with or without a prefix; ", &found(&value)];
    let error = Error::InvalidArguments(vec![FieldProblem::error(
        "address",
        Reason::Format,
        help.concat(),
    )]);
    let failure = Failure { error, operation: "findByIp", request: None, attempts: 0 };
    Err(reports::failure(&failure, "").into())
}

/// The index of the first of `addresses` that is equal to `address` or a block that contains it.
#[wasm_bindgen(js_name = findIp)]
pub fn find_ip(address: &JsValue, addresses: &JsValue) -> Option<usize> {
    let wanted = Network::parse(&address.as_string()?)?;
    let addresses = addresses.dyn_ref::<Array>()?;
    let contains = |text: JsValue| {
        let network = text.as_string().and_then(|text| Network::parse(&text));
        network.is_some_and(|network| network.contains(&wanted))
    };
    addresses.iter().position(contains)
}

fn summary(field: &str, ip: &Ts<FlexibleIp>) -> Result<Summary, FieldProblem> {
    let value = read(&ip.js_value()).unwrap_or(Value::Null);
    Summary::read(&value, Spelling::CamelCase).map_err(|part| {
        let help = ["value must be a flexible IP; its ", part, " is not one's: ", &found(&value)];
        FieldProblem::error(field, Reason::Format, help.concat())
    })
}

fn offline_settings(options: &JsValue) -> Result<Settings, JsValue> {
    Settings::read(&read_argument(options), false).map_err(configuration_report)
}
