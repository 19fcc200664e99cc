//! Requests and responses as plain data. Whatever carries them, a `fetch` function or an HTTP server,
//! converts from and to these types.

use serde::{Deserialize, Serialize};

/// A request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The headers, with names in any case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A response, and how it is delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long the response is held back, in milliseconds.
    pub delay_ms: u64,
    /// How the body arrives in pieces; `None` if it arrives at once.
    pub drip: Option<Drip>,
    /// How the body is coded on a connection.
    pub coding: Coding,
    /// How the exchange ends.
    pub completion: Completion,
}

/// How a body is coded on a connection. A `fetch` decodes it again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Coding {
    /// The bytes as they are, with their `Content-Length`.
    #[default]
    Identity,
    /// In chunks without a `Content-Length`.
    Chunked,
    /// Compressed with gzip.
    Gzip,
}

/// How an exchange ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// With the whole response.
    Complete,
    /// The connection is closed before the response begins.
    Dropped,
    /// The connection is reset before the response begins.
    Reset,
    /// The connection is closed after `body`, which is shorter than what was announced.
    Cut,
}

/// A body that arrives slowly: in pieces of about the same size, at equal intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Drip {
    /// The number of pieces, at most the number of bytes.
    pub pieces: u32,
    /// The time until the last piece, in milliseconds.
    pub over_ms: u64,
}

impl Response {
    /// A response with `Content-Type: application/json`. `body` may be empty.
    pub(in crate::emulator) fn json(status: u16, body: String) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: body.into_bytes(),
            delay_ms: 0,
            drip: None,
            coding: Coding::Identity,
            completion: Completion::Complete,
        }
    }

    /// A response without body and without `Content-Type`.
    pub(in crate::emulator) const fn bare(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            delay_ms: 0,
            drip: None,
            coding: Coding::Identity,
            completion: Completion::Complete,
        }
    }
}
