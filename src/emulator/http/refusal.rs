//! The refusals of the service: one variant for each error body.

use crate::emulator::settings::choices::ExpiredSpelling;
use crate::model::status::Status;
use crate::model::time::Timestamp;
use crate::wire::date::{Precision, rfc3339};
use crate::wire::json::Json;

/// The name of flexible IPs in error bodies, as recorded.
pub(in crate::emulator) const FLEXIBLE_IPS: &str = "flexible_ips";

/// Why an argument is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::emulator) enum Reason {
    Required,
    Format,
    Constraint,
    Unknown,
}

impl Reason {
    const fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Format => "format",
            Self::Constraint => "constraint",
            Self::Unknown => "unknown",
        }
    }
}

/// An argument that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::emulator) struct BadArgument {
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) reason: Reason,
    pub(in crate::emulator) help: String,
}

/// A response that is not a success. Unless a variant says otherwise, its body was recorded on this or
/// another API of the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::emulator) enum Refusal {
    /// 400: all arguments that are wrong.
    InvalidArguments(Vec<BadArgument>),
    /// 401: the token is missing or unknown.
    DeniedAuthentication { method: &'static str, reason: &'static str },
    /// 403: the resource is another tenant's, or was deleted.
    PermissionsDenied,
    /// 403: the quota is used up.
    QuotasExceeded { resource: String, quota: usize, current: usize },
    /// 404: the resource does not exist.
    NotFound { resource: &'static str, id: String },
    /// 409: a transition of the resource is under way.
    TransientState { id: String, state: Status },
    /// 409: the resource exists already.
    AlreadyExists { resource: &'static str, id: String, help: &'static str },
    /// 410: the resource existed once. Never recorded; the SDKs read it.
    Expired { id: String, since: Timestamp, spelling: ExpiredSpelling },
    /// 412: something else must be done first.
    PreconditionFailed { precondition: &'static str, help: String },
    /// 423: the service has locked the resource. Never recorded; the SDKs read it.
    Locked { id: String },
    /// 500: recorded in 2022, for servers of another product.
    InternalError,
    /// 501: the API does not have this path or method. The service has no such body.
    NotImplemented { method: String, path: String },
    /// 503: the pool has no address left.
    OutOfStock { resource: &'static str },
}

impl Refusal {
    /// The refusal of a single argument.
    pub(in crate::emulator) fn argument(
        name: &str,
        reason: Reason,
        help: impl Into<String>,
    ) -> Self {
        Self::InvalidArguments(vec![BadArgument {
            name: name.to_owned(),
            reason,
            help: help.into(),
        }])
    }

    /// The refusal because something else must be done first.
    pub(in crate::emulator) fn precondition(help: impl Into<String>) -> Self {
        Self::PreconditionFailed { precondition: "resource_not_usable", help: help.into() }
    }

    /// The HTTP status.
    pub(in crate::emulator) const fn status(&self) -> u16 {
        match self {
            Self::InvalidArguments(_) => 400,
            Self::DeniedAuthentication { .. } => 401,
            Self::PermissionsDenied | Self::QuotasExceeded { .. } => 403,
            Self::NotFound { .. } => 404,
            Self::TransientState { .. } | Self::AlreadyExists { .. } => 409,
            Self::Expired { .. } => 410,
            Self::PreconditionFailed { .. } => 412,
            Self::Locked { .. } => 423,
            Self::InternalError => 500,
            Self::NotImplemented { .. } => 501,
            Self::OutOfStock { .. } => 503,
        }
    }

    /// The JSON body.
    pub(in crate::emulator) fn body(&self) -> Json {
        match self {
            Self::InvalidArguments(arguments) => typed(
                "invalid_arguments",
                "invalid argument(s)",
                [("details", Json::List(arguments.iter().map(argument).collect()))],
            ),
            Self::DeniedAuthentication { method, reason } => typed(
                "denied_authentication",
                "authentication is denied",
                [("method", Json::text(method)), ("reason", Json::text(reason))],
            ),
            Self::PermissionsDenied => {
                // Recorded for reads; that writes have the same action is an assumption.
                let detail = Json::Object(vec![
                    ("resource", Json::text("flexible-ip")),
                    ("action", Json::text("read")),
                ]);
                let details = [("details", Json::List(vec![detail]))];
                typed("permissions_denied", "insufficient permissions", details)
            }
            Self::QuotasExceeded { resource, quota, current } => {
                let detail = Json::Object(vec![
                    ("resource", Json::text(resource)),
                    ("quota", count(*quota)),
                    ("current", count(*current)),
                ]);
                let details = [("details", Json::List(vec![detail]))];
                typed("quotas_exceeded", "quota(s) exceeded for this resource", details)
            }
            Self::NotFound { resource, id } => {
                typed("not_found", "resource is not found", about(resource, id))
            }
            Self::TransientState { id, state } => {
                let [resource, id] = about(FLEXIBLE_IPS, id);
                let state = ("current_state", Json::text(state.word()));
                typed("transient_state", "resource is in a transient state", [resource, id, state])
            }
            Self::AlreadyExists { resource, id, help } => {
                let [resource, id] = about(resource, id);
                let help = ("help_message", Json::text(help));
                typed("already_exists", "resource already exists", [resource, id, help])
            }
            Self::Expired { id, since, spelling } => {
                let [resource, id] = about(FLEXIBLE_IPS, id);
                let since = ("expired_since", Json::Text(rfc3339(*since, Precision::Micros)));
                let word = match spelling {
                    ExpiredSpelling::Expired => "expired",
                    ExpiredSpelling::ResourceExpired => "resource_expired",
                };
                typed(word, "resource is expired", [resource, id, since])
            }
            Self::PreconditionFailed { precondition, help } => typed(
                "precondition_failed",
                "precondition is not respected",
                [("precondition", Json::text(precondition)), ("help_message", Json::text(help))],
            ),
            Self::Locked { id } => typed("locked", "resource is locked", about(FLEXIBLE_IPS, id)),
            Self::InternalError => Json::Object(vec![("message", Json::text("internal error"))]),
            Self::NotImplemented { method, path } => {
                let message = format!("the emulator has no {method} {path}");
                typed("not_implemented", &message, [])
            }
            Self::OutOfStock { resource } => typed(
                "out_of_stock",
                "resource is out of stock",
                [("resource", Json::text(resource))],
            ),
        }
    }
}

fn typed<const N: usize>(word: &str, message: &str, more: [(&'static str, Json); N]) -> Json {
    let mut fields = vec![("type", Json::text(word)), ("message", Json::text(message))];
    fields.extend(more);
    Json::Object(fields)
}

fn about(resource: &str, id: &str) -> [(&'static str, Json); 2] {
    [("resource", Json::text(resource)), ("resource_id", Json::text(id))]
}

fn argument(argument: &BadArgument) -> Json {
    Json::Object(vec![
        ("argument_name", Json::text(&argument.name)),
        ("reason", Json::text(argument.reason.word())),
        ("help_message", Json::text(&argument.help)),
    ])
}

fn count(count: usize) -> Json {
    Json::Integer(u64::try_from(count).unwrap_or(u64::MAX))
}
