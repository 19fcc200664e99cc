//! Requests and response headers as plain data.

use crate::model::time::Millis;
use crate::model::to_text::text;

/// The HTTP methods that the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads a resource.
    Get,
    /// Creates a resource, or starts an action.
    Post,
    /// Changes some fields of a resource.
    Patch,
    /// Deletes a resource.
    Delete,
}

impl Method {
    /// The name of the method in a request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// The method of this name, if the API uses it.
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

/// A request without base URL and credentials: only the edge knows those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// The path after the base URL, percent-encoded.
    pub path: String,
    /// The query without its question mark, percent-encoded; empty if there is none.
    pub query: String,
    /// The JSON body, if there is one.
    pub body: Option<String>,
}

impl Request {
    /// The path and the query, as in a URL.
    pub fn target(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            text!(self.path.as_str(), "?", self.query.as_str())
        }
    }
}

/// The headers of a response that the client uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseHeaders {
    /// `X-Request-Id`, which Scaleway's support asks for.
    pub request_id: Option<String>,
    /// The wait of `retry-after-ms` or `Retry-After`.
    pub retry_after: Option<Millis>,
    /// `Date`: the time of the response by the service's clock, in seconds since 1970.
    pub date: Option<u64>,
}
