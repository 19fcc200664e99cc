//! Infers the body of a request that was recorded without one from the recorded responses.

use serde_json::{Value, json};

use crate::session::{Row, Session};

/// The body of a row's request: the recorded one, or an inferred one.
pub(crate) fn infer_body(session: &Session, row: &Row) -> Value {
    if !row.request.is_null() || matches!(row.method.as_str(), "GET" | "DELETE") {
        return row.request.clone();
    }
    let response = &row.response;
    let ids: Vec<&Value> = row.ips().iter().map(|ip| &ip["id"]).collect();
    match (row.method.as_str(), row.segments().get(2..).unwrap_or_default()) {
        ("POST", []) => json!({
            "project_id": response["project_id"],
            "description": response["description"],
            "tags": response["tags"],
            "is_ipv6": response["ip_address"].as_str().is_some_and(|ip| ip.contains(':')),
            "server_id": later_server(session, row, &response["id"]),
        }),
        ("PATCH", [_]) => json!({
            "description": response["description"],
            "tags": response["tags"],
        }),
        ("POST", ["attach"]) => {
            let server = ids.first().map_or(Value::Null, |id| later_server(session, row, id));
            json!({ "fips_ids": ids, "server_id": server })
        }
        ("POST", ["detach"]) => json!({ "fips_ids": ids }),
        ("POST", [_, "mac"]) => json!({ "mac_type": response["mac_address"]["mac_type"] }),
        ("POST", [path, "mac", "duplicate"]) => {
            json!({ "duplicate_from_fip_id": earlier_carrier(session, row, path) })
        }
        ("POST", [_, "mac", "move"]) => json!({ "dst_fip_id": response["id"] }),
        _ => Value::Null,
    }
}

/// The server to which an IP is attached that is `updating` in this row.
fn later_server(session: &Session, row: &Row, id: &Value) -> Value {
    let updating = row.ips().iter().any(|ip| ip["id"] == *id && ip["status"] == "updating");
    let later = session.rows.iter().skip_while(|other| other.number <= row.number);
    later
        .flat_map(Row::ips)
        .find(|ip| updating && ip["id"] == *id && ip["server_id"].is_string())
        .map_or(Value::Null, |ip| ip["server_id"].clone())
}

/// An IP other than the path's that carried the same MAC address earlier.
fn earlier_carrier(session: &Session, row: &Row, path: &str) -> Value {
    let mac_id = &row.response["mac_address"]["id"];
    let earlier = session.rows.iter().take_while(|other| other.number < row.number);
    earlier
        .flat_map(Row::ips)
        .find(|ip| ip["id"] != path && ip["mac_address"]["id"] == *mac_id)
        .map_or(Value::Null, |ip| ip["id"].clone())
}
