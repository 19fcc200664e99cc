//! Whether the target of a move exists. To attach to a server that does not exist would leave the
//! flexible IPs on no server.

use crate::error::Error;
use crate::error::kind::Kind;
use crate::flow::command::BodyReading;
use crate::flow::requests::RequestSpec;
use crate::flow::response::{Body, Response};
use crate::model::id::ServerId;
use crate::model::to_text::{ToText, text};
use crate::model::zone::Zone;
use crate::wire::http::{Method, Request};
use crate::wire::route::Operation;

/// What is known of the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The response to the question is awaited.
    Asked,
    /// It exists.
    Exists,
    /// The Elastic Metal API says that it does not exist in this zone.
    Absent,
    /// There is no response that says anything: the first group that moves will show it.
    Unknown,
}

impl Target {
    /// Judges the response to the question.
    pub(super) fn of(outcome: &Result<Response, Error>, target: ServerId) -> Self {
        match outcome {
            Ok(Response { body: Body::Json(body), .. })
                if body.text("id").and_then(ServerId::parse) == Some(target)
                    && body.text("status") != Some("deleting") =>
            {
                Self::Exists
            }
            Err(Error::Refused(refused))
                if refused.kind == Kind::NotFound
                    && refused.is_typed
                    && refused.resource_id.as_deref().and_then(ServerId::parse) == Some(target) =>
            {
                Self::Absent
            }
            _ => Self::Unknown,
        }
    }
}

/// The question whether the server exists, to the Elastic Metal API.
pub(super) fn question(zone: &Zone, server: ServerId) -> RequestSpec {
    let id = server.to_text();
    let path = text!("/baremetal/v1/zones/", zone.as_str(), "/servers/", id);
    let request = Request { method: Method::Get, path, query: String::new(), body: None };
    RequestSpec {
        name: "getServer",
        reading: BodyReading::Outline,
        is_single_attempt: true,
        ..RequestSpec::new(Operation::GetFlexibleIp, request)
    }
}
