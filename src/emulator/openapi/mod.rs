//! The OpenAPI description of the emulator, made from the operation table and the model's words and
//! limits. It is made on the host only: neither module carries it.
//!
//! | file | what it describes |
//! |---|---|
//! | `operations` | the 11 operations: arguments, and what may be refused |
//! | `beside` | what the emulator serves beside them |
//! | `schemas` | flexible IPs, MAC addresses, pages |
//! | `refusals` | error answers |

mod beside;
mod operations;
mod refusals;
mod schemas;

use serde_json::{Map, Value, json};

use crate::model::zone::KNOWN_ZONES;
use crate::wire::route::{ROUTES, Route, Tail};

/// The description, as `docs/openapi.json` has it.
pub fn page() -> String {
    let mut page = serde_json::to_string_pretty(&document()).unwrap_or_default();
    page.push('\n');
    page
}

/// The description.
pub fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "flexip emulator",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The Flexible IP API as flexip's emulator serves it. No document of Scaleway's.",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": "http://127.0.0.1:4010", "description": "npx flexip emulator" }],
        "security": [{ "secretKey": [] }, { "sessionToken": [] }],
        "tags": [
            { "name": "Flexible IPs", "description": "The 11 operations." },
            { "name": "Beside", "description": "What the emulator serves so that clients and tests get along." },
        ],
        "paths": paths(),
        "components": {
            "securitySchemes": {
                "secretKey": { "type": "apiKey", "in": "header", "name": "X-Auth-Token" },
                "sessionToken": { "type": "apiKey", "in": "header", "name": "X-Session-Token" },
            },
            "parameters": {
                "zone": {
                    "name": "zone", "in": "path", "required": true, "description": "The availability zone.",
                    "schema": { "type": "string", "enum": KNOWN_ZONES },
                },
                "fip_id": {
                    "name": "fip_id", "in": "path", "required": true, "description": "The flexible IP's id.",
                    "schema": { "type": "string", "format": "uuid" },
                },
                "server_id": {
                    "name": "server_id", "in": "path", "required": true, "description": "The server's id.",
                    "schema": { "type": "string" },
                },
            },
            "headers": {
                "X-Request-Id": { "description": "The number of the request, by which the journal knows it.",
                    "schema": { "type": "string", "format": "uuid" } },
            },
            "responses": refusals::responses(),
            "schemas": schemas::all(),
        },
    })
}

fn paths() -> Value {
    let mut paths = Map::new();
    for route in &ROUTES {
        add(&mut paths, &route.template(), route.method.as_str(), operation(route));
    }
    for (path, method, described) in beside::operations() {
        add(&mut paths, path, method, described);
    }
    Value::Object(paths)
}

fn add(paths: &mut Map<String, Value>, path: &str, method: &str, operation: Value) {
    let methods = paths.entry(path).or_insert_with(|| json!({}));
    if let Value::Object(methods) = methods {
        methods.insert(method.to_ascii_lowercase(), operation);
    }
}

/// An operation: what the table says of it, and what `operations` adds.
fn operation(route: &Route) -> Value {
    let described = operations::describe(route.operation);
    let mut parameters = vec![reference("parameters", "zone")];
    if matches!(route.tail, Tail::OneIp(_)) {
        parameters.push(reference("parameters", "fip_id"));
    }
    parameters.extend(described.query);
    let mut operation = json!({
        "operationId": operation_id(route),
        "tags": ["Flexible IPs"],
        "summary": described.summary,
        "parameters": parameters,
        "responses": responses(route.success, described.result, described.refusals),
    });
    if let (Some(body), Value::Object(operation)) = (described.body, &mut operation) {
        // An empty body is taken for an empty object.
        let required = body.get("required").is_some();
        let content = json!({ "application/json": { "schema": body } });
        let body = json!({ "required": required, "content": content });
        operation.insert("requestBody".to_owned(), body);
    }
    operation
}

/// The operation's name in the API's own description, which differs from JavaScript's in one letter.
fn operation_id(route: &Route) -> String {
    let mut letters = route.name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// The answers: the success, and the refusals by status.
fn responses(success: u16, result: Option<Value>, refused: &[u16]) -> Value {
    let headers = json!({ "X-Request-Id": reference("headers", "X-Request-Id") });
    let mut answer = json!({ "description": "It is done, or has begun.", "headers": headers });
    if let (Some(schema), Value::Object(answer)) = (result, &mut answer) {
        answer.insert("content".to_owned(), json!({ "application/json": { "schema": schema } }));
    }
    let refused = refused.iter().map(|status| {
        let status = status.to_string();
        let response = reference("responses", &status);
        (status, response)
    });
    Value::Object([(success.to_string(), answer)].into_iter().chain(refused).collect())
}

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}
