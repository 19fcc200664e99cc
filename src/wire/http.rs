//! Plain requests and answers: no sockets, no bindings.

use crate::model::time::Millis;

/// The methods that the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or starts an action.
    Post,
    /// Changes some fields.
    Patch,
    /// Takes away.
    Delete,
}

impl Method {
    /// Its name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "GET" => Some(Self::Get),
            "POST" => Some(Self::Post),
            "PATCH" => Some(Self::Patch),
            "DELETE" => Some(Self::Delete),
            _ => None,
        }
    }
}

/// What is to be sent, but for the base URL and the credentials, which only the edge knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path from the API's root, percent-encoded.
    pub path: String,
    /// The query without its question mark, percent-encoded; empty when there is none.
    pub query: String,
    /// A JSON body.
    pub body: Option<String>,
}

impl Request {
    /// Path and query, as they stand in a URL.
    pub fn target(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            [self.path.as_str(), "?", self.query.as_str()].concat()
        }
    }
}

/// The headers of an answer that mean something to the client's rooms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseHeaders {
    /// `X-Request-Id`: what the support asks for.
    pub request_id: Option<String>,
    /// `Retry-After` in any of its forms: how long to wait.
    pub retry_after: Option<Millis>,
    /// `Date`: when it was answered, by the service's clock, in seconds since 1970.
    pub date: Option<u64>,
}
