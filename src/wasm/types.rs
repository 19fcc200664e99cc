//! The public TypeScript types, which are generated from these declarations with their comments.
//!
//! Requests and results have the names and fields of the official SDK, so that code can be moved by
//! changing an import. The types are only declared here: `value` reads requests, the facade decodes
//! results, and `plain` writes the other objects, because serde would make the module an eighth larger.

use tsify::Tsify;

mod requests;
mod results;

pub use requests::*;
pub use results::*;

/// A problem with one argument of a request, in the shape of the API's own `invalid_arguments`.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The argument as the caller wrote it, with its index in a list: `fipsIds[1]`.
    pub field: String,
    /// The argument as the API writes it: `fips_ids`.
    pub argument_name: String,
    /// What is wrong: the argument is missing, malformed, not allowed, or does not exist.
    #[tsify(type = "'required' | 'format' | 'constraint' | 'unknown'")]
    pub reason: &'static str,
    /// What was found and what is allowed.
    pub help_message: String,
    /// An error stops the request; a warning does not.
    #[tsify(type = "'error' | 'warning'")]
    pub severity: &'static str,
}

/// A request that would be sent, without the credentials.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
pub struct BuiltRequest {
    /// The HTTP method.
    #[tsify(type = "'GET' | 'POST' | 'PATCH' | 'DELETE'")]
    pub method: &'static str,
    /// The whole URL.
    pub url: String,
    /// The headers, without the credentials.
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
    /// The number of bits of the prefix: 32 for an IPv4 flexible IP, 64 for an IPv6 one.
    pub prefix_length: u8,
    /// The address as the service writes it: IPv4 without a prefix, IPv6 with one.
    pub text: String,
}
