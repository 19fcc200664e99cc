//! The OpenAPI description of the emulator, generated from the operation table and from the words and limits
//! of the model. It is generated on the host only: no WebAssembly module contains it.
//!
//! | file | contents |
//! |---|---|
//! | `operations` | the 11 operations: arguments and refusals |
//! | `extras` | the other operations that the emulator serves |
//! | `schemas` | flexible IPs, MAC addresses, pages, servers |
//! | `refusals` | error bodies |
//! | `responses` | the responses of one operation |
//! | `json_schema` | references and building blocks of schemas |

mod extras;
mod json_schema;
mod operations;
mod refusals;
mod responses;
mod schemas;

use serde_json::{Map, Value, json};

use crate::emulator::openapi::json_schema::component;
use crate::emulator::openapi::responses::responses;
use crate::model::zone::KNOWN_ZONES;
use crate::wire::route::{ROUTES, Route, Tail};

/// The text of `docs/openapi.json`.
pub fn page() -> String {
    let mut page = serde_json::to_string_pretty(&document()).unwrap_or_default();
    page.push('\n');
    page
}

/// The description as JSON.
pub fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "flexip emulator",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The Flexible IP API as flexip's emulator serves it. It is not a document of Scaleway.",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": "http://127.0.0.1:4010", "description": "npx flexip emulator" }],
        "security": [{ "secretKey": [] }, { "sessionToken": [] }],
        "tags": [
            { "name": "Flexible IPs", "description": "The 11 operations." },
            { "name": "Beside", "description": "Further operations that clients and tests need." },
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
                "X-Request-Id": { "description": "The id of the request, which the journal contains too.",
                    "schema": { "type": "string", "format": "uuid" } },
            },
            "responses": refusals::responses(),
            "schemas": components(),
        },
    })
}

/// The schemas of results and of error bodies.
fn components() -> Value {
    let mut all = schemas::schemas();
    all.extend(refusals::schemas());
    Value::Object(all)
}

fn paths() -> Value {
    let mut paths = Map::new();
    for route in &ROUTES {
        add(&mut paths, &route.template(), route.method.as_str(), operation(route));
    }
    for (path, method, described) in extras::operations() {
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

/// An operation, from its row in the table and from `operations`.
fn operation(route: &Route) -> Value {
    let described = operations::describe(route.operation);
    let mut parameters = vec![component("parameters", "zone")];
    if matches!(route.tail, Tail::OneIp(_)) {
        parameters.push(component("parameters", "fip_id"));
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
        // An empty body counts as an empty object.
        let required = body.get("required").is_some();
        let content = json!({ "application/json": { "schema": body } });
        let body = json!({ "required": required, "content": content });
        operation.insert("requestBody".to_owned(), body);
    }
    operation
}

/// The operation's name in the API's description: the name in JavaScript with a capital letter.
fn operation_id(route: &Route) -> String {
    let mut letters = route.name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
