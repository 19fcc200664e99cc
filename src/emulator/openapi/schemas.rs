//! The schemas of successful results. Every field is always present.

use serde_json::{Map, Value, json};

use crate::emulator::openapi::json_schema::{closed_object, one_of, schema};
use crate::model::mac::{MacStatus, MacType};
use crate::model::status::Status;
use crate::model::zone::KNOWN_ZONES;

/// The pattern of what `model::text::is_reverse` accepts, without its limit of the length.
pub(super) const REVERSE: &str =
    r"^([A-Za-z0-9_][A-Za-z0-9_-]{0,62}(\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\.?)?$";

/// The schemas by name.
pub(super) fn schemas() -> Map<String, Value> {
    let mut all = Map::new();
    all.insert("FlexibleIP".to_owned(), flexible_ip());
    all.insert("MACAddress".to_owned(), mac_address());
    all.insert("FlexibleIPStatus".to_owned(), one_of(Status::WORDS));
    all.insert("MACAddressStatus".to_owned(), one_of(MacStatus::WORDS));
    all.insert("MACAddressType".to_owned(), one_of(MacType::WORDS));
    all.insert(
        "FlexibleIPPage".to_owned(),
        closed_object(json!({
            "total_count": { "type": "integer", "minimum": 0, "format": "uint32",
                "description": "The number of flexible IPs on all pages." },
            "flexible_ips": { "type": "array", "items": schema("FlexibleIP") },
        })),
    );
    all.insert(
        "Server".to_owned(),
        closed_object(json!({
            "id": uuid("The server's id."),
            "organization_id": uuid("The Organization."),
            "project_id": { "type": ["string", "null"], "format": "uuid" },
            "name": { "type": "string" },
            "status": one_of(&["delivering", "ready", "deleting"]),
            "offer_id": uuid("The offer's id."),
            "offer_name": { "type": "string" },
            "zone": zone(),
        })),
    );
    all.insert(
        "Offer".to_owned(),
        closed_object(json!({
            "id": uuid("The offer's id."),
            "name": { "type": "string" },
            "stock": one_of(&["available"]),
            "enable": { "type": "boolean" },
            "zone": zone(),
        })),
    );
    all
}

fn flexible_ip() -> Value {
    closed_object(json!({
        "id": uuid("The id of the pooled address. It stays the same when the tenant changes."),
        "organization_id": uuid("The Organization that it belongs to."),
        "project_id": uuid("The Project that it belongs to."),
        "description": { "type": "string" },
        "tags": { "type": "array", "items": { "type": "string" } },
        "created_at": date("When the pooled address was created, long before the flexible IP."),
        "updated_at": date("When it was last changed."),
        "status": schema("FlexibleIPStatus"),
        "ip_address": { "type": "string", "description": "A bare IPv4 address, or an IPv6 block." },
        "mac_address": { "anyOf": [schema("MACAddress"), { "type": "null" }] },
        "server_id": { "type": ["string", "null"], "format": "uuid",
            "description": "The server that it is attached to or is being detached from." },
        "reverse": { "type": "string", "description": "The reverse DNS name." },
        "zone": zone(),
    }))
}

fn mac_address() -> Value {
    closed_object(json!({
        "id": uuid("The id of the MAC address. The flexible IPs of a MAC group share it."),
        "mac_address": { "type": "string", "pattern": "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$" },
        "mac_type": schema("MACAddressType"),
        "status": schema("MACAddressStatus"),
        "created_at": date("When it was generated."),
        "updated_at": date("When it, or a flexible IP of its MAC group, was last changed."),
        "zone": zone(),
    }))
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
