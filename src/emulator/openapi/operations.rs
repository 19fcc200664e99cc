//! What the operation table does not contain: the arguments of the 11 operations, their results, and the
//! statuses with which they may be refused under any settings.

use serde_json::{Value, json};

use crate::emulator::openapi::json_schema::schema;
use crate::emulator::openapi::schemas::REVERSE;
use crate::model::limits::{
    DESCRIPTION_MAX, PAGE_MAX, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, SERVER_FLEXIBLE_IPS_MAX,
};
use crate::model::mac::MacType;
use crate::model::status::ListOrder;
use crate::wire::route::Operation;

/// The description of an operation.
pub(super) struct Description {
    pub(super) summary: &'static str,
    pub(super) query: Vec<Value>,
    pub(super) body: Option<Value>,
    /// The schema of the result.
    pub(super) result: Option<Value>,
    /// The statuses of the refusals.
    pub(super) refusals: &'static [u16],
}

const LIST: &[u16] = &[400, 401, 404, 429];
const CREATE: &[u16] = &[400, 401, 403, 404, 412, 429, 500, 503];
const READ: &[u16] = &[400, 401, 403, 404, 410, 429];
const EDIT: &[u16] = &[400, 401, 403, 404, 409, 410, 423, 429];
const WRITE: &[u16] = &[400, 401, 403, 404, 409, 410, 412, 423, 429];
const ATTACH: &[u16] = &[400, 401, 403, 404, 409, 410, 412, 423, 429, 500];

/// The description of an operation.
pub(super) fn describe(operation: Operation) -> Description {
    match operation {
        Operation::ListFlexibleIps => Description {
            query: query(),
            result: Some(schema("FlexibleIPPage")),
            ..without_result("Returns a page of the zone's flexible IPs.", LIST)
        },
        Operation::CreateFlexibleIp => with_ip(
            "Creates a flexible IP from the zone's pool, and attaches it if a server is named.",
            Some(create()),
            CREATE,
        ),
        Operation::GetFlexibleIp => with_ip("Returns a flexible IP.", None, READ),
        Operation::UpdateFlexibleIp => with_ip(
            "Changes fields. A field that is absent or null stays unchanged, an empty one is cleared.",
            Some(update()),
            EDIT,
        ),
        Operation::DeleteFlexibleIp => {
            without_result("Deletes a flexible IP. Its address goes back to the pool.", EDIT)
        }
        Operation::AttachFlexibleIp => with_ips(
            "Attaches one flexible IP, or all of a MAC group, to a server of the zone.",
            json!({ "fips_ids": ids(), "server_id": id("The server.") }),
            ATTACH,
        ),
        Operation::DetachFlexibleIp => with_ips(
            "Detaches one flexible IP, or all of a MAC group. One that is not attached stays unchanged.",
            json!({ "fips_ids": ids() }),
            WRITE,
        ),
        Operation::GenerateMacAddr => with_ip(
            "Generates a virtual MAC address for the flexible IP. It leaves its MAC group.",
            Some(required(json!({ "mac_type": mac_type() }))),
            WRITE,
        ),
        Operation::DeleteMacAddr => {
            without_result("Removes the virtual MAC address of this flexible IP only.", WRITE)
        }
        Operation::DuplicateMacAddr => with_ip(
            "Gives the flexible IP of the path the virtual MAC address of another one on the same server.",
            Some(required(
                json!({ "duplicate_from_fip_id": id("The flexible IP whose MAC address is duplicated.") }),
            )),
            WRITE,
        ),
        Operation::MoveMacAddr => with_ip(
            "Moves the virtual MAC address from the flexible IP of the path to another one. Returns the other one.",
            Some(required(
                json!({ "dst_fip_id": id("The flexible IP that gets the MAC address.") }),
            )),
            WRITE,
        ),
    }
}

const fn without_result(summary: &'static str, refusals: &'static [u16]) -> Description {
    Description { summary, query: Vec::new(), body: None, result: None, refusals }
}

fn with_ip(summary: &'static str, body: Option<Value>, refusals: &'static [u16]) -> Description {
    let result = Some(schema("FlexibleIP"));
    Description { body, result, ..without_result(summary, refusals) }
}

fn with_ips(summary: &'static str, fields: Value, refusals: &'static [u16]) -> Description {
    let result = Some(schema("FlexibleIPPage"));
    Description { body: Some(required(fields)), result, ..without_result(summary, refusals) }
}

fn query() -> Vec<Value> {
    let one = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "query", "description": description, "schema": schema });
    let many = |name: &str, description: &str, items: Value| {
        let schema = json!({ "type": "array", "items": items });
        json!({
            "name": name, "in": "query", "description": description, "schema": schema,
            "style": "form", "explode": true, "allowEmptyValue": true,
        })
    };
    let uuid = || json!({ "type": "string", "format": "uuid" });
    let page_size = format!(
        "The number of flexible IPs per page. More than {PAGE_SIZE_MAX} count as {PAGE_SIZE_MAX}."
    );
    vec![
        one(
            "order_by",
            "The order, by the date of the pooled address.",
            json!({ "type": "string", "enum": ListOrder::WORDS, "default": ListOrder::CreatedAtAsc.word() }),
        ),
        one(
            "page",
            "The number of the page, from 1.",
            json!({ "type": "integer", "format": "int32", "minimum": 1, "maximum": PAGE_MAX, "default": 1 }),
        ),
        one(
            "page_size",
            &page_size,
            json!({
                "type": "integer", "format": "uint32", "minimum": 1, "maximum": u32::MAX,
                "default": PAGE_SIZE_DEFAULT,
            }),
        ),
        many(
            "tags",
            "Only flexible IPs with at least one of these tags.",
            json!({ "type": "string" }),
        ),
        many("status", "Only flexible IPs in one of these statuses.", schema("FlexibleIPStatus")),
        many("server_ids", "Only flexible IPs of one of these servers.", uuid()),
        one("organization_id", "Only flexible IPs of this Organization.", uuid()),
        one("project_id", "Only flexible IPs of this Project.", uuid()),
    ]
}

fn create() -> Value {
    let mut fields = editable();
    if let Value::Object(fields) = &mut fields {
        let help = format!(
            "The server to attach it to. A server has at most {SERVER_FLEXIBLE_IPS_MAX} flexible IPs."
        );
        fields.insert("project_id".to_owned(), id("The Project that it belongs to."));
        fields.insert(
            "server_id".to_owned(),
            json!({ "type": ["string", "null"], "format": "uuid", "description": help }),
        );
        fields.insert(
            "is_ipv6".to_owned(),
            json!({
                "type": ["boolean", "null"], "default": false,
                "description": "Whether to create an IPv6 block instead of an IPv4 address.",
            }),
        );
    }
    json!({ "type": "object", "properties": fields, "required": ["project_id"] })
}

fn update() -> Value {
    json!({ "type": "object", "properties": editable() })
}

fn editable() -> Value {
    json!({
        "description": {
            "type": ["string", "null"], "maxLength": DESCRIPTION_MAX, "description": "Free text.",
        },
        "tags": {
            "type": ["array", "null"], "items": { "type": "string" }, "description": "Free labels.",
        },
        "reverse": {
            "type": ["string", "null"], "pattern": REVERSE, "maxLength": 253,
            "description": "The reverse DNS name. A name under .invalid does not resolve and is refused.",
        },
    })
}

/// A body whose fields are all required.
fn required(fields: Value) -> Value {
    let names: Vec<&String> = fields.as_object().into_iter().flat_map(|map| map.keys()).collect();
    json!({ "type": "object", "required": names, "properties": fields })
}

fn id(description: &str) -> Value {
    json!({ "type": "string", "format": "uuid", "description": description })
}

fn ids() -> Value {
    json!({
        "type": "array", "items": { "type": "string", "format": "uuid" }, "minItems": 1,
        "description": "One flexible IP, or all of a MAC group.",
    })
}

/// The types that can be generated.
fn mac_type() -> Value {
    let words: Vec<&str> = MacType::ALL
        .iter()
        .filter(|mac_type| **mac_type != MacType::Unknown)
        .map(|mac_type| mac_type.word())
        .collect();
    json!({ "type": "string", "enum": words, "description": "The hypervisor that the address is for." })
}
