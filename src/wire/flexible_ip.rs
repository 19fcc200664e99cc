//! Writes a flexible IP as a response of the service does.

use std::fmt::{Display, Write as _};

use super::date::{Precision, write_rfc3339};
use super::json::{write_separated, write_text};
use crate::model::flexible_ip::FlexibleIp;
use crate::model::mac::Mac;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;

/// The order of the keys in an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// That of the API's description.
    Described,
    /// Alphabetical.
    Alphabetical,
}

const DESCRIBED: [&str; 13] = [
    "id",
    "organization_id",
    "project_id",
    "description",
    "updated_at",
    "created_at",
    "status",
    "tags",
    "ip_address",
    "server_id",
    "reverse",
    "mac_address",
    "zone",
];

const ALPHABETICAL: [&str; 13] = [
    "created_at",
    "description",
    "id",
    "ip_address",
    "mac_address",
    "organization_id",
    "project_id",
    "reverse",
    "server_id",
    "status",
    "tags",
    "updated_at",
    "zone",
];

const MAC_DESCRIBED: [&str; 7] =
    ["id", "mac_address", "mac_type", "status", "updated_at", "created_at", "zone"];

const MAC_ALPHABETICAL: [&str; 7] =
    ["created_at", "id", "mac_address", "mac_type", "status", "updated_at", "zone"];

/// Writes the 13 fields of a flexible IP at the end of a text. Every field is present; one without
/// a value is `null`. A page has many of them, so no tree of values is made first.
///
/// A timestamp from `fresh_from` on was made by the request of this response, and is written in
/// nanoseconds. All others are written in microseconds, and so is `created_at`, which no request
/// makes. For a read, `fresh_from` is `None`.
pub fn write(out: &mut String, ip: &FlexibleIp, fresh_from: Option<Timestamp>, order: Order) {
    let keys = match order {
        Order::Described => &DESCRIBED,
        Order::Alphabetical => &ALPHABETICAL,
    };
    write_object(out, keys, |out, key| match key {
        "id" => write_quoted(out, &ip.id),
        "organization_id" => write_quoted(out, &ip.organization_id),
        "project_id" => write_quoted(out, &ip.project_id),
        "description" => write_text(out, &ip.description),
        "updated_at" => write_time(out, ip.updated_at, fresh_from),
        "created_at" => write_time(out, ip.created_at, None),
        "status" => write_text(out, ip.status.word()),
        "tags" => write_separated(out, ['[', ']'], &ip.tags, |out, tag| write_text(out, tag)),
        "ip_address" => write_quoted(out, &ip.network),
        "server_id" => match ip.server_id {
            Some(id) => write_quoted(out, &id),
            None => out.push_str("null"),
        },
        "reverse" => write_text(out, &ip.reverse),
        "mac_address" => match &ip.mac {
            Some(mac) => write_mac(out, mac, &ip.zone, fresh_from, order),
            None => out.push_str("null"),
        },
        _ => write_text(out, ip.zone.as_str()),
    });
}

fn write_mac(
    out: &mut String,
    mac: &Mac,
    zone: &Zone,
    fresh_from: Option<Timestamp>,
    order: Order,
) {
    let keys = match order {
        Order::Described => &MAC_DESCRIBED,
        Order::Alphabetical => &MAC_ALPHABETICAL,
    };
    write_object(out, keys, |out, key| match key {
        "id" => write_quoted(out, &mac.id),
        "mac_address" => write_quoted(out, &mac.bytes),
        "mac_type" => write_text(out, mac.mac_type.word()),
        "status" => write_text(out, mac.status.word()),
        "updated_at" => write_time(out, mac.updated_at, fresh_from),
        "created_at" => write_time(out, mac.created_at, fresh_from),
        _ => write_text(out, zone.as_str()),
    });
}

/// Writes an object. `value` writes the value of a key.
fn write_object(out: &mut String, keys: &[&str], value: impl Fn(&mut String, &str)) {
    write_separated(out, ['{', '}'], keys, |out, key| {
        out.push('"');
        out.push_str(key);
        out.push_str("\":");
        value(out, key);
    });
}

/// Writes a value whose text needs no escape.
fn write_quoted(out: &mut String, value: &impl Display) {
    out.push('"');
    // Writing into a text cannot fail.
    let _ = write!(out, "{value}");
    out.push('"');
}

fn write_time(out: &mut String, at: Timestamp, fresh_from: Option<Timestamp>) {
    let is_fresh = fresh_from.is_some_and(|fresh_from| at >= fresh_from);
    out.push('"');
    write_rfc3339(out, at, if is_fresh { Precision::Nanos } else { Precision::Micros });
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::{FlexibleIpId, MacId, OrganizationId, ProjectId, Uuid};
    use crate::model::mac::{MacBytes, MacStatus, MacType};
    use crate::model::network::Network;
    use crate::model::status::Status;

    fn ip() -> FlexibleIp {
        FlexibleIp {
            id: FlexibleIpId(Uuid::from_bytes([1; 16])),
            organization_id: OrganizationId(Uuid::from_bytes([2; 16])),
            project_id: ProjectId(Uuid::from_bytes([3; 16])),
            description: "it's \"here\"".to_owned(),
            tags: Vec::new(),
            created_at: Timestamp::from_nanos(1_000),
            updated_at: Timestamp::from_nanos(2_001),
            status: Status::Ready,
            network: Network::parse("2001:bc8:702:6b7::/64").unwrap(),
            mac: None,
            server_id: None,
            reverse: String::new(),
            zone: Zone::parse("fr-par-1").unwrap(),
        }
    }

    fn written(ip: &FlexibleIp, fresh_from: Option<Timestamp>, order: Order) -> String {
        let mut out = String::new();
        write(&mut out, ip, fresh_from, order);
        out
    }

    fn with_mac() -> FlexibleIp {
        let mac = Mac {
            id: MacId(Uuid::from_bytes([4; 16])),
            bytes: MacBytes([0x52, 0x54, 0, 1, 2, 3]),
            mac_type: MacType::Kvm,
            status: MacStatus::Used,
            created_at: Timestamp::from_nanos(1_500),
            updated_at: Timestamp::from_nanos(2_001),
        };
        FlexibleIp { mac: Some(mac), ..ip() }
    }

    #[test]
    fn both_orders_have_the_same_fields_and_one_is_alphabetical() {
        let read = |order| {
            let text = written(&with_mac(), None, order);
            serde_json::from_str::<serde_json::Value>(&text).unwrap()
        };
        assert_eq!(read(Order::Described), read(Order::Alphabetical));
        assert!(ALPHABETICAL.is_sorted() && MAC_ALPHABETICAL.is_sorted());
    }

    #[test]
    fn every_field_is_present_and_one_without_a_value_is_null() {
        assert_eq!(
            written(&ip(), None, Order::Described),
            concat!(
                r#"{"id":"01010101-0101-0101-0101-010101010101","#,
                r#""organization_id":"02020202-0202-0202-0202-020202020202","#,
                r#""project_id":"03030303-0303-0303-0303-030303030303","#,
                r#""description":"it's \"here\"","updated_at":"1970-01-01T00:00:00.000002Z","#,
                r#""created_at":"1970-01-01T00:00:00.000001Z","status":"ready","tags":[],"#,
                r#""ip_address":"2001:bc8:702:6b7::/64","server_id":null,"reverse":"","#,
                r#""mac_address":null,"zone":"fr-par-1"}"#,
            )
        );
    }

    #[test]
    fn only_timestamps_that_the_request_made_show_nanoseconds() {
        let ip = with_mac();
        let text = written(&ip, Some(Timestamp::from_nanos(2_001)), Order::Described);
        assert_eq!(text.matches("T00:00:00.000002001Z").count(), 2);
        assert!(text.contains(r#""created_at":"1970-01-01T00:00:00.000001Z","status":"ready""#));
        assert!(text.contains(r#""created_at":"1970-01-01T00:00:00.000002Z","zone":"#));
    }
}
