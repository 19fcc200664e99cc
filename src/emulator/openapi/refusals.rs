//! The error bodies, by status.

use serde_json::{Map, Value, json};

use crate::emulator::openapi::json_schema::{closed_object, one_of, schema};
use crate::model::status::Status;

/// For each status its meaning and the schemas of its bodies. A bare 429 has no body.
const STATUSES: [(u16, &str, &[&str]); 12] = [
    (400, "Arguments are wrong. The body names all of them.", &["InvalidArguments"]),
    (401, "The token is missing or unknown.", &["DeniedAuthentication"]),
    (
        403,
        "The resource is another tenant's or was deleted, or the quota is used up.",
        &["PermissionsDenied", "QuotasExceeded"],
    ),
    (404, "The resource does not exist.", &["NotFound"]),
    (
        409,
        "A transition is under way, or the resource exists already.",
        &["TransientState", "AlreadyExists"],
    ),
    (410, "The resource existed once.", &["Expired"]),
    (412, "Something else must be done first.", &["PreconditionFailed"]),
    (423, "The service has locked the resource.", &["Locked"]),
    (429, "Too many requests. Sent by faults only.", &[]),
    (500, "An unknown server, with the setting `unknownServer`.", &["InternalError"]),
    (501, "The emulator does not have this path or method.", &["NotImplemented"]),
    (503, "The zone's pool is exhausted.", &["OutOfStock"]),
];

/// The responses by status.
pub(super) fn responses() -> Value {
    let response = |(status, description, names): &(u16, &str, &[&str])| {
        let body = match names {
            [] => None,
            [name] => Some(schema(name)),
            names => {
                Some(json!({ "anyOf": names.iter().map(|name| schema(name)).collect::<Vec<_>>() }))
            }
        };
        let mut response = json!({ "description": description });
        if let (Some(schema), Value::Object(response)) = (body, &mut response) {
            let content = json!({ "application/json": { "schema": schema } });
            response.insert("content".to_owned(), content);
        }
        (status.to_string(), response)
    };
    Value::Object(STATUSES.iter().map(response).collect())
}

/// The schemas by name.
pub(super) fn schemas() -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let count = || json!({ "type": "integer", "minimum": 0 });
    let about = || json!({ "resource": text(), "resource_id": text() });
    let details =
        |fields: Value| json!({ "details": { "type": "array", "items": closed_object(fields) } });
    let argument = json!({
        "argument_name": text(),
        "reason": one_of(&["required", "format", "constraint", "unknown"]),
        "help_message": text(),
    });
    let quota = json!({ "resource": text(), "quota": count(), "current": count() });
    let permission = json!({ "resource": text(), "action": text() });
    let denied = json!({ "method": text(), "reason": text() });
    let state = json!({ "current_state": one_of(Status::WORDS) });
    let since = json!({ "expired_since": { "type": "string", "format": "date-time" } });
    let precondition = json!({ "precondition": text(), "help_message": text() });
    let help = json!({ "help_message": text() });
    let untyped = closed_object(json!({ "message": text() }));
    [
        ("InvalidArguments", typed(&["invalid_arguments"], [details(argument)])),
        ("DeniedAuthentication", typed(&["denied_authentication"], [denied])),
        ("PermissionsDenied", typed(&["permissions_denied"], [details(permission)])),
        ("QuotasExceeded", typed(&["quotas_exceeded"], [details(quota)])),
        ("NotFound", typed(&["not_found"], [about()])),
        ("TransientState", typed(&["transient_state"], [about(), state])),
        ("AlreadyExists", typed(&["already_exists"], [about(), help])),
        ("Expired", typed(&["expired", "resource_expired"], [about(), since])),
        ("PreconditionFailed", typed(&["precondition_failed"], [precondition])),
        ("Locked", typed(&["locked"], [about()])),
        ("InternalError", untyped),
        ("NotImplemented", typed(&["not_implemented"], [])),
        ("OutOfStock", typed(&["out_of_stock"], [json!({ "resource": text() })])),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
    .into_iter()
    .collect()
}

/// A body with a `type`, a `message` and more fields.
fn typed<const N: usize>(types: &[&str], more: [Value; N]) -> Value {
    let common = json!({ "type": one_of(types), "message": { "type": "string" } });
    let fields = [common].into_iter().chain(more).filter_map(|fields| match fields {
        Value::Object(fields) => Some(fields),
        _ => None,
    });
    closed_object(Value::Object(fields.flatten().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::http::refusal::{Reason, Refusal};
    use crate::emulator::settings::choices::ExpiredSpelling;
    use crate::model::time::Timestamp;
    use std::collections::BTreeSet;

    /// One of each variant. The match below fails to compile without a new one.
    fn refusals() -> Vec<Refusal> {
        let id = || "7c715b98-e683-493a-9e62-109d684e4348".to_owned();
        let (since, spelling) = (Timestamp::from_nanos(0), ExpiredSpelling::Expired);
        let (quota, current) = (1, 1);
        vec![
            Refusal::argument("zone", Reason::Unknown, "help"),
            Refusal::DeniedAuthentication { method: "jwt", reason: "not_found" },
            Refusal::PermissionsDenied,
            Refusal::QuotasExceeded { resource: id(), quota, current },
            Refusal::NotFound { resource: "server", id: id() },
            Refusal::TransientState { id: id(), state: Status::Updating },
            Refusal::AlreadyExists { resource: "mac_address", id: id(), help: "help" },
            Refusal::Expired { id: id(), since, spelling },
            Refusal::precondition("help"),
            Refusal::Locked { id: id() },
            Refusal::InternalError,
            Refusal::NotImplemented { method: "PUT".to_owned(), path: "/".to_owned() },
            Refusal::OutOfStock { resource: "flexible_ips" },
        ]
    }

    /// The name of a refusal's schema.
    const fn name(refusal: &Refusal) -> &'static str {
        match refusal {
            Refusal::InvalidArguments(_) => "InvalidArguments",
            Refusal::DeniedAuthentication { .. } => "DeniedAuthentication",
            Refusal::PermissionsDenied => "PermissionsDenied",
            Refusal::QuotasExceeded { .. } => "QuotasExceeded",
            Refusal::NotFound { .. } => "NotFound",
            Refusal::TransientState { .. } => "TransientState",
            Refusal::AlreadyExists { .. } => "AlreadyExists",
            Refusal::Expired { .. } => "Expired",
            Refusal::PreconditionFailed { .. } => "PreconditionFailed",
            Refusal::Locked { .. } => "Locked",
            Refusal::InternalError => "InternalError",
            Refusal::NotImplemented { .. } => "NotImplemented",
            Refusal::OutOfStock { .. } => "OutOfStock",
        }
    }

    fn keys(value: &Value) -> BTreeSet<&String> {
        value.as_object().unwrap().keys().collect()
    }

    #[test]
    fn every_refusal_is_described_under_its_status() {
        let schemas = schemas();
        let described: BTreeSet<&str> = schemas.keys().map(String::as_str).collect();
        assert_eq!(refusals().iter().map(name).collect::<BTreeSet<_>>(), described);
        for refusal in &refusals() {
            let (.., names) =
                STATUSES.iter().find(|(status, ..)| *status == refusal.status()).unwrap();
            assert!(names.contains(&name(refusal)), "{refusal:?}");
        }
    }

    #[test]
    fn every_refusal_has_the_described_fields() {
        let schemas = schemas();
        for refusal in &refusals() {
            let body: Value = serde_json::from_str(&refusal.body().write()).unwrap();
            let properties = &schemas[name(refusal)]["properties"];
            assert_eq!(keys(&body), keys(properties), "{refusal:?}");
            if let Some(word) = body["type"].as_str() {
                let words = properties["type"]["enum"].as_array().unwrap();
                assert!(words.iter().any(|known| known == word), "{word}");
            }
            if let Some(detail) = body["details"].get(0) {
                assert_eq!(keys(detail), keys(&properties["details"]["items"]["properties"]));
            }
        }
    }
}
