//! What the client's rules need to know of a flexible IP, read from an answer.

use super::calendar::stamp_seconds;
use super::value::Value;
use crate::model::id::{FlexibleIpId, MacId, ServerId, Uuid};

/// Where a flexible IP is, and which MAC group it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The flexible IP.
    pub id: FlexibleIpId,
    /// The word of its status, also one that this version does not know.
    pub status: String,
    /// The server that it is attached to.
    pub server_id: Option<ServerId>,
    /// The id of its virtual MAC address: the MAC group's.
    pub mac_id: Option<MacId>,
    /// The word of its virtual MAC address's status.
    pub mac_status: Option<String>,
    /// When it was last written, by the service's clock, in seconds since 1970.
    pub updated_at: Option<u64>,
    /// When this was read, by the same clock.
    pub read_at: Option<u64>,
}

/// How an answer spells the fields: the API's way, or that of the plain objects in JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `server_id`
    Wire,
    /// `serverId`
    Script,
}

impl Summary {
    /// Reads a flexible IP; an error names the field that is not as the API promises.
    pub fn read(ip: &Value, spelling: Spelling) -> Result<Self, &'static str> {
        let (server_id, mac_address) = match spelling {
            Spelling::Wire => ("server_id", "mac_address"),
            Spelling::Script => ("serverId", "macAddress"),
        };
        let mac = match ip.field(mac_address) {
            mac @ Some(Value::Object(_)) => mac,
            None | Some(Value::Null) => None,
            Some(_) => return Err(mac_address),
        };
        Ok(Self {
            id: optional_id(ip, "id", "id")?.ok_or("id")?,
            status: ip.text("status").ok_or("status")?.to_owned(),
            server_id: optional_id(ip, server_id, server_id)?,
            mac_id: mac.map_or(Ok(None), |mac| optional_id(mac, "id", mac_address))?,
            mac_status: mac.and_then(|mac| mac.text("status")).map(str::to_owned),
            updated_at: ip.text("updated_at").and_then(stamp_seconds),
            read_at: None,
        })
    }
}

/// Flexible IPs of an outline, which the facade writes: five lines each, an empty one for what is not
/// there. An error names the field that is not as the API promises.
pub fn read_outline(outline: &str) -> Result<Vec<Summary>, &'static str> {
    let mut ips = Vec::new();
    let mut lines = outline.split('\n').map(|line| (!line.is_empty()).then_some(line));
    while let Some(id) = lines.next() {
        let mut line = || lines.next().flatten();
        let (status, server, mac, mac_status) = (line(), line(), line(), line());
        ips.push(Summary {
            id: id_of(id, "id")?.ok_or("id")?,
            status: status.ok_or("status")?.to_owned(),
            server_id: id_of(server, "server_id")?,
            mac_id: id_of(mac, "mac_address")?,
            mac_status: mac_status.map(str::to_owned),
            updated_at: None,
            read_at: None,
        });
    }
    Ok(ips)
}

fn id_of<T: From<Uuid>>(
    text: Option<&str>,
    field: &'static str,
) -> Result<Option<T>, &'static str> {
    text.map(|text| Uuid::parse(text).map(T::from).ok_or(field)).transpose()
}

fn optional_id<T: From<Uuid>>(
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

    const IDS: [&str; 3] = [
        "3c715b98-e683-493a-9e62-000000000001",
        "3c715b98-e683-493a-9e62-000000000002",
        "3c715b98-e683-493a-9e62-000000000003",
    ];

    #[test]
    fn an_outline_says_what_its_flexible_ips_say() {
        let [ip, server, mac] = IDS;
        let bodies = [
            json!({ "id": ip, "status": "attached", "server_id": server,
                "mac_address": { "id": mac, "status": "used" } }),
            json!({ "id": ip, "status": "ready", "server_id": null, "mac_address": null }),
        ];
        let read = bodies.map(|body| Summary::read(&body.into(), Spelling::Wire).unwrap());
        let outline = format!("{ip}\nattached\n{server}\n{mac}\nused\n{ip}\nready\n\n\n");
        assert_eq!(read_outline(&outline).unwrap(), read);
    }

    #[test]
    fn what_an_outline_lacks_is_named() {
        let ip = IDS[0];
        assert_eq!(read_outline(""), Err("id"));
        assert_eq!(read_outline(&format!("{ip}\n\n\n\n")), Err("status"));
        assert_eq!(read_outline(&format!("{ip}\nready\n1\n\n")), Err("server_id"));
        assert_eq!(read_outline(&format!("{ip}\nready\n\n1\n")), Err("mac_address"));
        assert_eq!(read_outline(ip), Err("status"));
    }
}
