//! The responses of an operation.

use serde_json::{Value, json};

use crate::emulator::openapi::json_schema::component;

/// The responses by status: the success with the schema of its body, and the refusals.
pub(super) fn responses(success: u16, body: Option<Value>, refusals: &[u16]) -> Value {
    let headers = json!({ "X-Request-Id": component("headers", "X-Request-Id") });
    let mut response = json!({ "description": "The work is done, or a transition has begun.", "headers": headers });
    if let (Some(schema), Value::Object(response)) = (body, &mut response) {
        response.insert("content".to_owned(), json!({ "application/json": { "schema": schema } }));
    }
    let refusals = refusals.iter().map(|status| {
        let status = status.to_string();
        let response = component("responses", &status);
        (status, response)
    });
    Value::Object([(success.to_string(), response)].into_iter().chain(refusals).collect())
}
