//! What answers hold when all is well. Every field is always there.

use serde_json::{Map, Value, json};

use super::refusals;
use crate::model::mac::{MacStatus, MacType};
use crate::model::status::Status;
use crate::model::zone::KNOWN_ZONES;

/// What `model::text::is_reverse` takes, but for its length.
pub(super) const REVERSE: &str =
    r"^([A-Za-z0-9_][A-Za-z0-9_-]{0,62}(\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\.?)?$";

pub(super) fn reference(name: &str) -> Value {
    super::reference("schemas", name)
}

pub(super) fn all() -> Value {
    let mut all = Map::new();
    all.insert("FlexibleIP".to_owned(), flexible_ip());
    all.insert("MACAddress".to_owned(), mac_address());
    all.insert("FlexibleIPStatus".to_owned(), words(Status::WORDS));
    all.insert("MACAddressStatus".to_owned(), words(MacStatus::WORDS));
    all.insert("MACAddressType".to_owned(), words(MacType::WORDS));
    all.insert(
        "FlexibleIPPage".to_owned(),
        whole(json!({
            "total_count": { "type": "integer", "minimum": 0, "format": "uint32",
                "description": "How many there are in all." },
            "flexible_ips": { "type": "array", "items": reference("FlexibleIP") },
        })),
    );
    all.insert(
        "Server".to_owned(),
        whole(json!({
            "id": uuid("Its id."),
            "organization_id": uuid("The Organization."),
            "project_id": { "type": ["string", "null"], "format": "uuid" },
            "name": { "type": "string" },
            "status": words(&["delivering", "ready", "deleting"]),
            "zone": zone(),
        })),
    );
    all.extend(refusals::schemas());
    Value::Object(all)
}

fn flexible_ip() -> Value {
    whole(json!({
        "id": uuid("The pooled address's id: it stays when the tenant changes."),
        "organization_id": uuid("The Organization that holds it."),
        "project_id": uuid("The Project that holds it."),
        "description": { "type": "string" },
        "tags": { "type": "array", "items": { "type": "string" } },
        "created_at": date("When the pooled address came to be, long before the order."),
        "updated_at": date("When it was last written."),
        "status": reference("FlexibleIPStatus"),
        "ip_address": { "type": "string", "description": "A bare IPv4 address, or an IPv6 block." },
        "mac_address": { "anyOf": [reference("MACAddress"), { "type": "null" }] },
        "server_id": { "type": ["string", "null"], "format": "uuid",
            "description": "The server that it is attached to, or is leaving." },
        "reverse": { "type": "string", "description": "Its reverse DNS name." },
        "zone": zone(),
    }))
}

fn mac_address() -> Value {
    whole(json!({
        "id": uuid("The MAC address's own id, which a MAC group shares."),
        "mac_address": { "type": "string", "pattern": "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$" },
        "mac_type": reference("MACAddressType"),
        "status": reference("MACAddressStatus"),
        "created_at": date("When it was made."),
        "updated_at": date("When it, or a flexible IP of its group, was last written."),
        "zone": zone(),
    }))
}

/// An object that has all of its fields, and no others.
pub(super) fn whole(fields: Value) -> Value {
    let names: Vec<&String> = fields.as_object().into_iter().flat_map(|map| map.keys()).collect();
    json!({ "type": "object", "required": names, "properties": fields, "additionalProperties": false })
}

pub(super) fn words(words: &[&str]) -> Value {
    json!({ "type": "string", "enum": words })
}

fn uuid(description: &str) -> Value {
    json!({ "type": "string", "format": "uuid", "description": description })
}

fn date(description: &str) -> Value {
    json!({ "type": "string", "format": "date-time", "description": description })
}

fn zone() -> Value {
    json!({ "type": "string", "enum": KNOWN_ZONES })
}
