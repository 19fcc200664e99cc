//! The public TypeScript types. They are generated from these declarations, comments included.
//!
//! Requests and results have the official SDK's names and fields, so that code moves over by
//! changing an import. They are only declared here: requests are read with distrust by `value`,
//! results are decoded by the facade, and `plain` makes the rest field by field, because serde's way
//! to JavaScript would add an eighth to the module.

use tsify::Tsify;

mod requests;
mod results;

pub use requests::*;
pub use results::*;

/// A problem with one argument of a request, in the shape of the API's own `invalid_arguments`.
#[derive(Tsify)]
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

/// A request as it would be sent, without the credentials.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
pub struct BuiltRequest {
    /// The HTTP method.
    #[tsify(type = "'GET' | 'POST' | 'PATCH' | 'DELETE'")]
    pub method: &'static str,
    /// The whole URL.
    pub url: String,
    /// The headers, credentials left out.
    #[tsify(type = "Record<string, string>")]
    pub headers: std::collections::BTreeMap<String, String>,
    /// The JSON body.
    #[tsify(optional)]
    pub body: Option<String>,
}

/// An address, or a block of addresses.
#[derive(Tsify)]
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
