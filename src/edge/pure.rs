//! The functions that need no client and send nothing. A report follows `!`.

use super::reports::{configuration_report, failure, problems_json, refusal};
use super::value::{read_argument, read_value};
use crate::error::problem::{Problem, Reason};
use crate::error::{Error, Failure};
use crate::flow::settings::Settings;
use crate::model::zone::KNOWN_ZONES;
use crate::ops::arguments::found;
use crate::ops::{CheckedRequest, check, rules};
use crate::wire::json::{ObjectWriter, write_list, write_text};
use crate::wire::route::Operation;
use crate::wire::summary::{Spelling, Summary};
use crate::wire::value::Value;

/// An operation with the outcome of the check of its request, and the settings.
type Checked = (Operation, Option<CheckedRequest>, Vec<Problem>, Settings);

/// Checks a request. Returns all its problems as JSON, including warnings.
pub fn validate(operation: &str, request: &str, options: &str) -> String {
    match check_offline(operation, request, options) {
        Ok((_, _, problems, _)) => problems_json(&problems),
        Err(report) => refusal(report),
    }
}

/// Builds the request that would be sent, without credentials, as JSON.
pub fn build_request(operation: &str, request: &str, options: &str) -> String {
    let (operation, checked, problems, settings) = match check_offline(operation, request, options)
    {
        Ok(checked) => checked,
        Err(report) => return refusal(report),
    };
    let Some(CheckedRequest { request, .. }) = checked else {
        return refusal(invalid_arguments(operation.name(), problems, &settings.base_url));
    };
    let mut headers = ObjectWriter::default();
    headers.text("Accept", "application/json");
    for (name, value) in &settings.headers {
        headers.text(name, value);
    }
    if request.body.is_some() {
        headers.text("Content-Type", "application/json");
    }
    let mut built = ObjectWriter::default();
    built.text("method", request.method.as_str());
    built.text("url", &[settings.base_url.as_str(), &request.target()].concat());
    built.json("headers", &headers.finish());
    if let Some(body) = &request.body {
        built.text("body", body);
    }
    built.finish()
}

/// Whether the MAC address of `source` may be duplicated to `destination`: both must be attached to the
/// same server. Returns a list of problems as JSON, which is empty if so.
pub fn check_same_server(source: &str, destination: &str) -> String {
    let problem = match (summary("source", source), summary("destination", destination)) {
        (Ok(source), Ok(destination)) => rules::same_server(&source, &destination),
        (Err(problem), _) | (_, Err(problem)) => Some(problem),
    };
    problems_json(problem.as_slice())
}

/// The zones in which flexible IPs are sold, as JSON.
pub fn zones() -> String {
    write_list(KNOWN_ZONES, |zone| {
        let mut json = String::new();
        write_text(&mut json, zone);
        json
    })
}

/// The report of a value that is not an address.
pub fn refuse_address(address: &str) -> String {
    let value = if address.is_empty() { Value::Null } else { read_value(address) };
    let help =
        ["value must be an IPv4 or IPv6 address, with or without a prefix; ", &found(&value)];
    let problem = Problem::error("address", Reason::Format, help.concat());
    refusal(invalid_arguments("findByIp", vec![problem], ""))
}

fn check_offline(operation: &str, request: &str, options: &str) -> Result<Checked, ObjectWriter> {
    let settings = Settings::read(&read_argument(options), false).map_err(configuration_report)?;
    let operation = operation_named(operation)?;
    let (checked, problems) = check(operation, &read_argument(request), &settings.defaults);
    Ok((operation, checked, problems, settings))
}

fn invalid_arguments(
    operation: &'static str,
    problems: Vec<Problem>,
    base_url: &str,
) -> ObjectWriter {
    let error = Error::InvalidArguments(problems);
    failure(&Failure { error, operation, request: None, attempts: 0 }, base_url)
}

fn summary(field: &str, ip: &str) -> Result<Summary, Problem> {
    let value = if ip.is_empty() { Value::Null } else { read_value(ip) };
    Summary::read(&value, Spelling::CamelCase).map_err(|part| {
        let help = ["value must be a flexible IP; its ", part, " is not one's: ", &found(&value)];
        Problem::error(field, Reason::Format, help.concat())
    })
}

/// The operation of this name.
fn operation_named(name: &str) -> Result<Operation, ObjectWriter> {
    Operation::named(name).ok_or_else(|| {
        let help = "there is no such operation";
        configuration_report(vec![Problem::error("operation", Reason::Unknown, help)])
    })
}
