//! Requests and replies as plain data: what an edge (a `fetch` function, a port) hands in and out.

use super::faults::Drip;

/// A request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The headers, in any case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long the edge waits before it hands the reply out, in milliseconds.
    pub delay_ms: u64,
    /// How slowly the body arrives, if it does not arrive at once.
    pub drip: Option<Drip>,
    /// How the connection ends.
    pub ending: Ending,
}

/// How the connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// As it should.
    Complete,
    /// It is closed before any of the reply.
    Dropped,
    /// It is reset before any of the reply.
    Reset,
    /// After the body, which is only the beginning of what was promised.
    Cut,
}

impl Reply {
    /// A reply with a JSON body; nothing is sent for an empty one.
    pub(super) fn json(status: u16, body: String) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: body.into_bytes(),
            delay_ms: 0,
            drip: None,
            ending: Ending::Complete,
        }
    }

    /// A reply without body, and without a type of it.
    pub(super) const fn bare(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            delay_ms: 0,
            drip: None,
            ending: Ending::Complete,
        }
    }
}
