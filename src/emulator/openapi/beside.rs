//! What the emulator serves beside the 11 operations: as much of Elastic Metal as flexible IPs need,
//! and what the Go SDK asks about the platform.

use serde_json::{Value, json};

use super::schemas::{reference, whole};
use super::{reference as component, responses};

pub(super) fn operations() -> [(&'static str, &'static str, Value); 5] {
    let server = || Some(reference("Server"));
    let (zone, id) = (component("parameters", "zone"), component("parameters", "server_id"));
    let name = json!({ "type": ["string", "null"], "description": "Any name." });
    let body = json!({ "type": "object", "properties": { "name": name } });
    let text = || json!({ "type": "string" });
    let platform = whole(json!({ "platform": text(), "partition": text(), "domain": text() }));
    let page = whole(json!({
        "total_count": { "type": "integer", "minimum": 0 },
        "servers": { "type": "array", "items": reference("Server") },
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
                "summary": "Adds a server, which flexible IPs of its zone can be attached to.",
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
                "summary": "Gives the servers of a zone, all on one page.",
                "parameters": [zone],
                "responses": responses(200, Some(page), &[400, 401, 404]),
            }),
        ),
        (
            one,
            "GET",
            json!({
                "operationId": "GetServer",
                "tags": ["Beside"],
                "summary": "Gives a server.",
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
            "/metadata",
            "GET",
            json!({
                "operationId": "GetMetadata",
                "tags": ["Beside"],
                "summary": "Says what platform this is.",
                "security": [],
                "responses": responses(200, Some(platform), &[]),
            }),
        ),
    ]
}
