//! The fields of a flexible IP that the client's rules need.

use super::calendar::parse_timestamp;
use super::value::Value;
use crate::model::id::{FlexibleIpId, MacId, ProjectId, ServerId, Uuid};
use crate::model::parts::split;

/// The fields of a flexible IP that the client's rules need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The id of the flexible IP.
    pub id: FlexibleIpId,
    /// Its Project, if the field is readable. A list of the Project has the flexible IP.
    pub project_id: Option<ProjectId>,
    /// The API's word for its status, which may be one that this version does not know.
    pub status: String,
    /// The server that it is attached to.
    pub server_id: Option<ServerId>,
    /// The id of its virtual MAC address, which its MAC group shares.
    pub mac_id: Option<MacId>,
    /// The API's word for the status of its virtual MAC address.
    pub mac_status: Option<String>,
    /// The API's word for the type of its virtual MAC address. An outline of a list does not have it.
    pub mac_type: Option<String>,
    /// When the flexible IP was last written, by the service's clock, in seconds since 1970.
    pub updated_at: Option<u64>,
    /// When the flexible IP was read, by the same clock, in seconds since 1970.
    pub read_at: Option<u64>,
}

/// The spelling of the field names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `server_id`, as in the API's JSON.
    SnakeCase,
    /// `serverId`, as in the package's JavaScript objects.
    CamelCase,
}

impl Summary {
    /// Reads a flexible IP. `read_at` stays empty. An error is the name of a field that is missing
    /// or wrong.
    pub fn read(ip: &Value, spelling: Spelling) -> Result<Self, &'static str> {
        let (server_id, mac_address, mac_type) = match spelling {
            Spelling::SnakeCase => ("server_id", "mac_address", "mac_type"),
            Spelling::CamelCase => ("serverId", "macAddress", "macType"),
        };
        let mac = match ip.field(mac_address) {
            mac @ Some(Value::Object(_)) => mac,
            None | Some(Value::Null) => None,
            Some(_) => return Err(mac_address),
        };
        Ok(Self {
            id: read_id(ip, "id", "id")?.ok_or("id")?,
            project_id: ip.text("project_id").and_then(ProjectId::parse),
            status: ip.text("status").ok_or("status")?.to_owned(),
            server_id: read_id(ip, server_id, server_id)?,
            mac_id: mac.map_or(Ok(None), |mac| read_id(mac, "id", mac_address))?,
            mac_status: mac.and_then(|mac| mac.text("status")).map(str::to_owned),
            mac_type: mac.and_then(|mac| mac.text(mac_type)).map(str::to_owned),
            updated_at: ip.text("updated_at").and_then(parse_timestamp),
            read_at: None,
        })
    }
}

/// What ends a line of an outline: a character that JSON need not escape.
const LINE_END: u8 = 0x7f;

/// Reads an outline, the text that `js/` passes instead of a body with flexible IPs. Each flexible
/// IP has seven lines: id, Project, status, server, date of the last write, id and status of the MAC
/// address; an empty line is an absent value. An error is the name of a field that is missing or wrong.
pub fn read_outline(outline: &str) -> Result<Vec<Summary>, &'static str> {
    let mut ips = Vec::new();
    let mut lines = split(outline, LINE_END).map(|line| (!line.is_empty()).then_some(line));
    while let Some(id) = lines.next() {
        let mut line = || lines.next().flatten();
        let (project, status, server) = (line(), line(), line());
        let (updated_at, mac, mac_status) = (line(), line(), line());
        ips.push(Summary {
            id: parse_id(id, "id")?.ok_or("id")?,
            project_id: project.and_then(ProjectId::parse),
            status: status.ok_or("status")?.to_owned(),
            server_id: parse_id(server, "server_id")?,
            mac_id: parse_id(mac, "mac_address")?,
            mac_status: mac_status.map(str::to_owned),
            mac_type: None,
            updated_at: updated_at.and_then(parse_timestamp),
            read_at: None,
        });
    }
    Ok(ips)
}

fn parse_id<T: From<Uuid>>(
    text: Option<&str>,
    field: &'static str,
) -> Result<Option<T>, &'static str> {
    text.map(|text| Uuid::parse(text).map(T::from).ok_or(field)).transpose()
}

fn read_id<T: From<Uuid>>(
    object: &Value,
    name: &'static str,
    field: &'static str,
) -> Result<Option<T>, &'static str> {
    match object.field(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let uuid = value.as_text().and_then(Uuid::parse).ok_or(field)?;
            Ok(Some(T::from(uuid)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const IDS: [&str; 4] = [
        "3c715b98-e683-493a-9e62-000000000001",
        "3c715b98-e683-493a-9e62-000000000002",
        "3c715b98-e683-493a-9e62-000000000003",
        "3c715b98-e683-493a-9e62-000000000004",
    ];

    fn read_lines(lines: &str) -> Result<Vec<Summary>, &'static str> {
        read_outline(&lines.replace('\n', "\u{7f}"))
    }

    #[test]
    fn an_outline_is_read_like_its_flexible_ips() {
        let [ip, server, mac, project] = IDS;
        let bodies = [
            json!({ "id": ip, "project_id": project, "status": "attached", "server_id": server,
                "updated_at": "1970-01-01T00:00:05Z",
                "mac_address": { "id": mac, "status": "used" } }),
            json!({ "id": ip, "status": "ready", "server_id": null, "mac_address": null }),
        ];
        let read = bodies.map(|body| Summary::read(&body.into(), Spelling::SnakeCase).unwrap());
        let outline = format!(
            "{ip}\n{project}\nattached\n{server}\n1970-01-01T00:00:05Z\n{mac}\nused\n{ip}\n\nready\n\n\n\n"
        );
        assert_eq!(read_lines(&outline).unwrap(), read);
    }

    #[test]
    fn a_missing_or_wrong_field_of_an_outline_is_named() {
        let ip = IDS[0];
        assert_eq!(read_lines(""), Err("id"));
        assert_eq!(read_lines(&format!("{ip}\n\n\n\n\n\n")), Err("status"));
        assert_eq!(read_lines(&format!("{ip}\n\nready\n1\n\n\n")), Err("server_id"));
        assert_eq!(read_lines(&format!("{ip}\n\nready\n\n\n1\n")), Err("mac_address"));
        assert_eq!(read_lines(ip), Err("status"));
    }
}
