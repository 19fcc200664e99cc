//! Writes a flexible IP as a response of the service does.

use super::date::{Precision, rfc3339};
use super::json::Json;
use crate::model::flexible_ip::FlexibleIp;
use crate::model::mac::Mac;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;

/// Writes the 13 fields of a flexible IP, in the order of the API's description. Every field is
/// present; one without a value is `null`.
///
/// A timestamp from `fresh_from` on was made by the request of this response, and is written in
/// nanoseconds. All others are written in microseconds, and so is `created_at`, which no request
/// makes. For a read, `fresh_from` is `None`.
pub fn write(ip: &FlexibleIp, fresh_from: Option<Timestamp>) -> Json {
    let timestamp = |at: Timestamp| {
        let is_fresh = fresh_from.is_some_and(|fresh_from| at >= fresh_from);
        Json::Text(rfc3339(at, if is_fresh { Precision::Nanos } else { Precision::Micros }))
    };
    Json::Object(vec![
        ("id", Json::text(ip.id)),
        ("organization_id", Json::text(ip.organization_id)),
        ("project_id", Json::text(ip.project_id)),
        ("description", Json::text(&ip.description)),
        ("updated_at", timestamp(ip.updated_at)),
        ("created_at", Json::Text(rfc3339(ip.created_at, Precision::Micros))),
        ("status", Json::text(ip.status.word())),
        ("tags", Json::texts(&ip.tags)),
        ("ip_address", Json::text(ip.network)),
        ("server_id", Json::text_or_null(ip.server_id)),
        ("reverse", Json::text(&ip.reverse)),
        (
            "mac_address",
            ip.mac.as_ref().map_or(Json::Null, |mac| write_mac(mac, &ip.zone, timestamp)),
        ),
        ("zone", Json::text(&ip.zone)),
    ])
}

fn write_mac(mac: &Mac, zone: &Zone, timestamp: impl Fn(Timestamp) -> Json) -> Json {
    Json::Object(vec![
        ("id", Json::text(mac.id)),
        ("mac_address", Json::text(mac.bytes)),
        ("mac_type", Json::text(mac.mac_type.word())),
        ("status", Json::text(mac.status.word())),
        ("updated_at", timestamp(mac.updated_at)),
        ("created_at", timestamp(mac.created_at)),
        ("zone", Json::text(zone)),
    ])
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

    #[test]
    fn every_field_is_present_and_one_without_a_value_is_null() {
        assert_eq!(
            write(&ip(), None).write(),
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
        let mut ip = ip();
        ip.mac = Some(Mac {
            id: MacId(Uuid::from_bytes([4; 16])),
            bytes: MacBytes([0x52, 0x54, 0, 1, 2, 3]),
            mac_type: MacType::Kvm,
            status: MacStatus::Used,
            created_at: Timestamp::from_nanos(1_500),
            updated_at: Timestamp::from_nanos(2_001),
        });
        let text = write(&ip, Some(Timestamp::from_nanos(2_001))).write();
        assert_eq!(text.matches("T00:00:00.000002001Z").count(), 2);
        assert!(text.contains(r#""created_at":"1970-01-01T00:00:00.000001Z","status":"ready""#));
        assert!(text.contains(r#""created_at":"1970-01-01T00:00:00.000002Z","zone":"#));
    }
}
