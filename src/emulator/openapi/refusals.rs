//! Error answers: for each status the bodies that it may have.

use serde_json::{Map, Value, json};

use super::schemas::{reference, whole, words};
use crate::model::status::Status;

/// For each status: what it means, and the schemas of its bodies. A bare 429 has none.
const STATUSES: [(u16, &str, &[&str]); 12] = [
    (400, "Arguments are wrong: all of them are named.", &["InvalidArguments"]),
    (401, "The token is missing or unknown.", &["DeniedAuthentication"]),
    (
        403,
        "It is not yours, or not any more; or you have too many.",
        &["PermissionsDenied", "QuotasExceeded"],
    ),
    (404, "It is not there.", &["NotFound"]),
    (
        409,
        "The service is at work on it; or there is one already.",
        &["TransientState", "AlreadyExists"],
    ),
    (410, "It was there once.", &["Expired"]),
    (412, "Something else must be done first.", &["PreconditionFailed"]),
    (423, "The service has locked it.", &["Locked"]),
    (429, "Too many requests. Only where a fault asks for it.", &[]),
    (500, "An unknown server, where the setting `unknownServer` says so.", &["InternalError"]),
    (501, "The emulator does not have this path or method.", &["NotImplemented"]),
    (503, "The zone's pool is exhausted.", &["OutOfStock"]),
];

pub(super) fn responses() -> Value {
    let response = |(status, description, names): &(u16, &str, &[&str])| {
        let schema = match names {
            [] => None,
            [name] => Some(reference(name)),
            names => Some(
                json!({ "anyOf": names.iter().map(|name| reference(name)).collect::<Vec<_>>() }),
            ),
        };
        let mut response = json!({ "description": description });
        if let (Some(schema), Value::Object(response)) = (schema, &mut response) {
            let content = json!({ "application/json": { "schema": schema } });
            response.insert("content".to_owned(), content);
        }
        (status.to_string(), response)
    };
    Value::Object(STATUSES.iter().map(response).collect())
}

pub(super) fn schemas() -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let count = || json!({ "type": "integer", "minimum": 0 });
    let about = || json!({ "resource": text(), "resource_id": text() });
    let details = |fields: Value| json!({ "details": { "type": "array", "items": whole(fields) } });
    let argument = json!({
        "argument_name": text(),
        "reason": words(&["required", "format", "constraint", "unknown"]),
        "help_message": text(),
    });
    let quota = json!({ "resource": text(), "quota": count(), "current": count() });
    let permission = json!({ "resource": text(), "action": text() });
    let denied = json!({ "method": text(), "reason": text() });
    let state = json!({ "current_state": words(Status::WORDS) });
    let since = json!({ "expired_since": { "type": "string", "format": "date-time" } });
    let precondition = json!({ "precondition": text(), "help_message": text() });
    let help = json!({ "help_message": text() });
    let untyped = whole(json!({ "message": text() }));
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

/// A body with a type, a sentence, and more.
fn typed<const N: usize>(types: &[&str], more: [Value; N]) -> Value {
    let common = json!({ "type": words(types), "message": { "type": "string" } });
    let fields = [common].into_iter().chain(more).filter_map(|fields| match fields {
        Value::Object(fields) => Some(fields),
        _ => None,
    });
    whole(Value::Object(fields.flatten().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::choices::ExpiredSpelling;
    use crate::emulator::refusal::{Reason, Refusal};
    use crate::model::time::Timestamp;
    use std::collections::BTreeSet;

    /// One of each variant. The match below makes the compiler ask for a new one.
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

    /// The name of its schema.
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
    fn every_refusal_has_the_fields_that_are_described() {
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
