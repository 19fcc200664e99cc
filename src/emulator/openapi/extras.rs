//! The operations that the emulator serves in addition to the 11: the part of Elastic Metal that flexible IPs
//! need, the platform's metadata, which the Go SDK reads, and the API key, which `scw` reads.

use serde_json::{Value, json};

use crate::emulator::openapi::json_schema::{closed_object, component, schema};
use crate::emulator::openapi::responses::responses;

/// Path, method and description of each.
pub(super) fn operations() -> [(&'static str, &'static str, Value); 8] {
    let server = || Some(schema("Server"));
    let (zone, id) = (component("parameters", "zone"), component("parameters", "server_id"));
    let name = json!({ "type": ["string", "null"], "description": "Any name." });
    let body = json!({ "type": "object", "properties": { "name": name } });
    let text = || json!({ "type": "string" });
    let platform =
        closed_object(json!({ "platform": text(), "partition": text(), "domain": text() }));
    let page = |name: &str, item: &str| {
        Some(closed_object(json!({
            "total_count": { "type": "integer", "minimum": 0 },
            name: { "type": "array", "items": schema(item) },
        })))
    };
    let path_text = |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 } });
    let api_key = closed_object(json!({
        "access_key": text(),
        "secret_key": { "type": "null" },
        "default_project_id": { "type": ["string", "null"], "format": "uuid" },
        "expires_at": { "type": "null" },
    }));
    let all = "/baremetal/v1/zones/{zone}/servers";
    let one = "/baremetal/v1/zones/{zone}/servers/{server_id}";
    [
        (
            all,
            "POST",
            json!({
                "operationId": "CreateServer",
                "tags": ["Beside"],
                "summary": "Creates a server. Flexible IPs of its zone can be attached to it.",
                "parameters": [zone],
                "requestBody": { "content": { "application/json": { "schema": body } } },
                "responses": responses(200, server(), &[400, 401, 404]),
            }),
        ),
        (
            all,
            "GET",
            json!({
                "operationId": "ListServers",
                "tags": ["Beside"],
                "summary": "Returns the servers of a zone, all on one page.",
                "parameters": [zone],
                "responses": responses(200, page("servers", "Server"), &[400, 401, 404]),
            }),
        ),
        (
            one,
            "GET",
            json!({
                "operationId": "GetServer",
                "tags": ["Beside"],
                "summary": "Returns a server.",
                "parameters": [zone, id],
                "responses": responses(200, server(), &[400, 401, 404]),
            }),
        ),
        (
            one,
            "DELETE",
            json!({
                "operationId": "DeleteServer",
                "tags": ["Beside"],
                "summary": "Deletes a server. Its flexible IPs are detached a little later.",
                "parameters": [zone, id],
                "responses": responses(200, server(), &[400, 401, 404]),
            }),
        ),
        (
            "/baremetal/v1/zones/{zone}/offers",
            "GET",
            json!({
                "operationId": "ListOffers",
                "tags": ["Beside"],
                "summary": "Returns the only offer, which every server has.",
                "parameters": [zone],
                "responses": responses(200, page("offers", "Offer"), &[400, 401, 404]),
            }),
        ),
        (
            "/baremetal/v1/zones/{zone}/offers/{offer_id}",
            "GET",
            json!({
                "operationId": "GetOffer",
                "tags": ["Beside"],
                "summary": "Returns an offer.",
                "parameters": [zone, path_text("offer_id")],
                "responses": responses(200, Some(schema("Offer")), &[400, 401, 404]),
            }),
        ),
        (
            "/iam/v1alpha1/api-keys/{access_key}",
            "GET",
            json!({
                "operationId": "GetAPIKey",
                "tags": ["Beside"],
                "summary": "Returns an API key, which never expires.",
                "parameters": [path_text("access_key")],
                "responses": responses(200, Some(api_key), &[401]),
            }),
        ),
        (
            "/metadata",
            "GET",
            json!({
                "operationId": "GetMetadata",
                "tags": ["Beside"],
                "summary": "Returns the platform's metadata.",
                "security": [],
                "responses": responses(200, Some(platform), &[]),
            }),
        ),
    ]
}
