//! The public TypeScript types. They are generated from these declarations, comments included.
//!
//! Requests and results have the official SDK's names and fields, so that code moves over by
//! changing an import. Requests are read with distrust by `value`, and results are decoded by the
//! facade; here they are only declared. The reports are also made here.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use crate::error::Failure;
use crate::error::field::Problem as FieldProblem;

mod requests;
mod results;

pub use requests::*;
pub use results::*;

/// A problem with one argument of a request, in the shape of the API's own `invalid_arguments`.
#[derive(Tsify, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The argument as you wrote it, with its place in a list: `fipsIds[1]`.
    pub field: String,
    /// The argument as the API writes it: `fips_ids`.
    pub argument_name: String,
    /// What is wrong: missing, badly written, not allowed, or no such argument.
    #[tsify(type = "'required' | 'format' | 'constraint' | 'unknown'")]
    pub reason: &'static str,
    /// What was found and what is allowed.
    pub help_message: String,
    /// An error stops the request; a warning does not.
    #[tsify(type = "'error' | 'warning'")]
    pub severity: &'static str,
}

impl From<&FieldProblem> for Problem {
    fn from(problem: &FieldProblem) -> Self {
        Self {
            field: problem.field.clone(),
            argument_name: problem.argument_name(),
            reason: problem.reason.word(),
            help_message: problem.help.clone(),
            severity: problem.severity.word(),
        }
    }
}

/// A request as it would be sent, without the credentials.
#[derive(Tsify, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BuiltRequest {
    /// The HTTP method.
    #[tsify(type = "'GET' | 'POST' | 'PATCH' | 'DELETE'")]
    pub method: &'static str,
    /// The whole URL.
    pub url: String,
    /// The headers, credentials left out.
    #[serde(skip_serializing)]
    #[tsify(type = "Record<string, string>")]
    pub headers: (),
    /// The JSON body.
    #[tsify(optional)]
    pub body: Option<String>,
}

/// An address, or a block of addresses.
#[derive(Tsify, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParsedIp {
    /// 4 or 6.
    #[tsify(type = "4 | 6")]
    pub family: u8,
    /// The address in its shortest spelling, without the prefix.
    pub address: String,
    /// How many leading bits are fixed: 32 for an IPv4 flexible IP, 64 for an IPv6 one.
    pub prefix_length: u8,
    /// As the service writes it: IPv4 bare, IPv6 with its prefix.
    pub text: String,
}

/// What the facade makes a `FlexipError` of.
#[derive(Tsify, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FailureReport {
    /// The stable word for programs.
    pub code: &'static str,
    /// For people.
    pub message: String,
    /// The operation's name.
    pub operation: &'static str,
    /// The method of the request that failed.
    #[tsify(optional)]
    pub method: Option<&'static str>,
    /// Its URL.
    #[tsify(optional)]
    pub url: Option<String>,
    /// How many requests were sent for the operation itself.
    pub attempts: u32,
    /// Whether the same request could succeed later.
    pub retryable: bool,
    /// The problems found before anything was sent.
    #[tsify(optional)]
    pub problems: Option<Vec<Problem>>,
}

impl FailureReport {
    /// Reports a failure of a request to this place.
    pub(super) fn new(failure: &Failure, base_url: &str) -> Self {
        use crate::error::Error;
        let problems = match &failure.error {
            Error::InvalidArguments(problems) | Error::Configuration(problems) => {
                Some(problems.iter().map(Problem::from).collect())
            }
            _ => None,
        };
        let (method, url) = match &failure.request {
            Some((method, target)) => (Some(*method), Some([base_url, target].concat())),
            None => (None, None),
        };
        Self {
            code: failure.error.code(),
            message: failure.to_string(),
            operation: failure.operation.name(),
            method,
            url,
            attempts: failure.attempts,
            retryable: failure.error.is_retryable(),
            problems,
        }
    }
}

/// A plain object. Nothing declared here fails to become one; if it did, there would be nothing.
pub(super) fn plain<T: Tsify + Serialize>(value: T) -> JsValue
where
    <T as Tsify>::JsType: AsRef<JsValue> + JsCast,
{
    value.into_ts().map_or(JsValue::UNDEFINED, |ts: Ts<T>| ts.js_value())
}
