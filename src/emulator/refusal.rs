//! What the service answers instead of doing the thing: one variant for each error body.

use super::choices::ExpiredSpelling;
use crate::model::status::Status;
use crate::model::time::Timestamp;
use crate::wire::date::{Precision, rfc3339};
use crate::wire::json::Json;

/// What the error bodies call flexible IPs: the word seen on the wire.
pub(super) const FLEXIBLE_IPS: &str = "flexible_ips";

/// Why an argument is refused, in the service's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
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

/// One argument that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadArgument {
    pub(super) name: String,
    pub(super) reason: Reason,
    pub(super) help: String,
}

/// An answer that is no success. Unless a variant says otherwise, its body was seen on this or
/// another of the provider's APIs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// 400: every argument that is wrong, at once.
    InvalidArguments(Vec<BadArgument>),
    /// 401: no or another secret key.
    DeniedAuthentication { method: &'static str, reason: &'static str },
    /// 403: not yours, or not any more.
    PermissionsDenied,
    /// 403: as many as you may have.
    QuotasExceeded { resource: String, quota: usize, current: usize },
    /// 404
    NotFound { resource: &'static str, id: String },
    /// 409: it is at work on the resource.
    TransientState { id: String, state: Status },
    /// 409: there is one already.
    AlreadyExists { resource: &'static str, id: String, help: &'static str },
    /// 410: it was there once. Never seen on the wire; the SDKs read it.
    Expired { id: String, since: Timestamp, spelling: ExpiredSpelling },
    /// 412: something else must be done first.
    PreconditionFailed { precondition: &'static str, help: String },
    /// 423: the service has locked the resource. Never seen on the wire; the SDKs read it.
    Locked { id: String },
    /// 500: seen in 2022, for servers of another product.
    InternalError,
    /// 501: the emulator's own, for what the API does not have.
    NotImplemented { method: String, path: String },
    /// 503: the pool has no address left.
    OutOfStock { resource: &'static str },
}

impl Refusal {
    /// The refusal of a single argument.
    pub(super) fn argument(name: &str, reason: Reason, help: impl Into<String>) -> Self {
        Self::InvalidArguments(vec![BadArgument {
            name: name.to_owned(),
            reason,
            help: help.into(),
        }])
    }

    /// The refusal of what needs something else to be done first.
    pub(super) fn precondition(help: impl Into<String>) -> Self {
        Self::PreconditionFailed { precondition: "resource_not_usable", help: help.into() }
    }

    /// Its status.
    pub(super) const fn status(&self) -> u16 {
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

    /// Its body.
    pub(super) fn body(&self) -> Json {
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
                // Reads were seen to name this action; that writes name it too is a guess.
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
