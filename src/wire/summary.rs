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
