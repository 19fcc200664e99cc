//! What the operation table does not say of the 11 operations: their arguments, what they give, and
//! how they may be refused, by any setting.

use serde_json::{Value, json};

use super::schemas;
use crate::model::limits::{
    DESCRIPTION_MAX, PAGE_MAX, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, SERVER_FLEXIBLE_IPS_MAX,
};
use crate::model::mac::MacType;
use crate::model::status::ListOrder;
use crate::wire::route::Operation;

/// What is said of an operation beside its row.
pub(super) struct Described {
    pub(super) summary: &'static str,
    pub(super) query: Vec<Value>,
    pub(super) body: Option<Value>,
    /// The schema of what it gives.
    pub(super) result: Option<Value>,
    /// The statuses of its refusals.
    pub(super) refusals: &'static [u16],
}

const LIST: &[u16] = &[400, 401, 404, 429];
const CREATE: &[u16] = &[400, 401, 403, 404, 412, 429, 500, 503];
const READ: &[u16] = &[400, 401, 403, 404, 410, 429];
const EDIT: &[u16] = &[400, 401, 403, 404, 409, 410, 423, 429];
const WRITE: &[u16] = &[400, 401, 403, 404, 409, 410, 412, 423, 429];
const ATTACH: &[u16] = &[400, 401, 403, 404, 409, 410, 412, 423, 429, 500];

pub(super) fn describe(operation: Operation) -> Described {
    match operation {
        Operation::ListFlexibleIps => Described {
            query: query(),
            result: Some(schemas::reference("FlexibleIPPage")),
            ..plain("Gives a page of the zone's flexible IPs.", LIST)
        },
        Operation::CreateFlexibleIp => gives_ip(
            "Takes a flexible IP from the zone's pool, and attaches it where a server is named.",
            Some(create()),
            CREATE,
        ),
        Operation::GetFlexibleIp => gives_ip("Gives one flexible IP.", None, READ),
        Operation::UpdateFlexibleIp => gives_ip(
            "Changes what is named; what is absent or null stays, what is empty is cleared.",
            Some(update()),
            EDIT,
        ),
        Operation::DeleteFlexibleIp => plain("Gives a flexible IP back to the pool.", EDIT),
        Operation::AttachFlexibleIp => gives_ips(
            "Attaches one flexible IP, or all of a MAC group, to a server of the zone.",
            json!({ "fips_ids": ids(), "server_id": id("The server.") }),
            ATTACH,
        ),
        Operation::DetachFlexibleIp => gives_ips(
            "Detaches one flexible IP, or all of a MAC group; what is not attached stays as it is.",
            json!({ "fips_ids": ids() }),
            WRITE,
        ),
        Operation::GenerateMacAddr => gives_ip(
            "Gives the flexible IP a new virtual MAC address; it leaves its MAC group.",
            Some(required(json!({ "mac_type": mac_type() }))),
            WRITE,
        ),
        Operation::DeleteMacAddr => {
            plain("Takes the virtual MAC address from the flexible IP alone.", WRITE)
        }
        Operation::DuplicateMacAddr => gives_ip(
            "Gives the flexible IP of the path the virtual MAC address of another one on its server.",
            Some(required(json!({ "duplicate_from_fip_id": id("Whose MAC address it is.") }))),
            WRITE,
        ),
        Operation::MoveMacAddr => gives_ip(
            "Moves the virtual MAC address from the flexible IP of the path to another; gives the other.",
            Some(required(json!({ "dst_fip_id": id("Who gets the MAC address.") }))),
            WRITE,
        ),
    }
}

const fn plain(summary: &'static str, refusals: &'static [u16]) -> Described {
    Described { summary, query: Vec::new(), body: None, result: None, refusals }
}

fn gives_ip(summary: &'static str, body: Option<Value>, refusals: &'static [u16]) -> Described {
    let result = Some(schemas::reference("FlexibleIP"));
    Described { body, result, ..plain(summary, refusals) }
}

fn gives_ips(summary: &'static str, fields: Value, refusals: &'static [u16]) -> Described {
    let result = Some(schemas::reference("FlexibleIPPage"));
    Described { body: Some(required(fields)), result, ..plain(summary, refusals) }
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
    let larger = format!("How many to a page; more than {PAGE_SIZE_MAX} count as {PAGE_SIZE_MAX}.");
    vec![
        one(
            "order_by",
            "By the date of the pooled address.",
            json!({ "type": "string", "enum": ListOrder::WORDS, "default": ListOrder::CreatedAtAsc.word() }),
        ),
        one(
            "page",
            "Which page, the first being 1.",
            json!({ "type": "integer", "format": "int32", "minimum": 1, "maximum": PAGE_MAX, "default": 1 }),
        ),
        one(
            "page_size",
            &larger,
            json!({
                "type": "integer", "format": "uint32", "minimum": 1, "maximum": u32::MAX,
                "default": PAGE_SIZE_DEFAULT,
            }),
        ),
        many("tags", "Only those with at least one of these tags.", json!({ "type": "string" })),
        many(
            "status",
            "Only those in one of these statuses.",
            schemas::reference("FlexibleIPStatus"),
        ),
        many("server_ids", "Only those of one of these servers.", uuid()),
        one("organization_id", "Only those of this Organization.", uuid()),
        one("project_id", "Only those of this Project.", uuid()),
    ]
}

fn create() -> Value {
    let mut fields = editable();
    if let Value::Object(fields) = &mut fields {
        let help = format!(
            "A server to attach it to, which has at most {SERVER_FLEXIBLE_IPS_MAX} of them."
        );
        fields.insert("project_id".to_owned(), id("The Project that holds it."));
        fields.insert(
            "server_id".to_owned(),
            json!({ "type": ["string", "null"], "format": "uuid", "description": help }),
        );
        fields.insert(
            "is_ipv6".to_owned(),
            json!({
                "type": ["boolean", "null"], "default": false,
                "description": "Whether it is an IPv6 block rather than an IPv4 address.",
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
            "type": ["string", "null"], "pattern": schemas::REVERSE, "maxLength": 253,
            "description": "Its reverse DNS name. One below .invalid does not resolve and is refused.",
        },
    })
}

/// A body with nothing but fields that must be there.
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

/// The types that may be asked for.
fn mac_type() -> Value {
    let words: Vec<&str> = MacType::ALL
        .iter()
        .filter(|mac_type| **mac_type != MacType::Unknown)
        .map(|mac_type| mac_type.word())
        .collect();
    json!({ "type": "string", "enum": words, "description": "The hypervisor that it is for." })
}
