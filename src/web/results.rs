//! The results, as they are decoded from the API's JSON.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

use super::words::{FlexibleIpStatus, MacAddressStatus, MacAddressType};

/// A flexible IP: a public IPv4 address, or an IPv6 block.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FlexibleIp {
    /// The id of the pooled address.
    #[serde(deserialize_with = "word")]
    pub id: String,
    /// The Organization that holds it.
    pub organization_id: String,
    /// The Project that holds it.
    pub project_id: String,
    /// Free text.
    pub description: String,
    /// The tags.
    pub tags: Vec<String>,
    /// The status.
    #[serde(deserialize_with = "word")]
    pub status: FlexibleIpStatus,
    /// The IPv4 address, or the IPv6 block with its prefix.
    #[serde(deserialize_with = "word")]
    pub ip_address: String,
    /// The reverse DNS name; empty if there is none.
    pub reverse: String,
    /// The zone. Empty in some responses of 2022.
    #[serde(default)]
    pub zone: String,
    /// The virtual MAC address.
    #[serde(default)]
    pub mac_address: Option<MacAddress>,
    /// The server that it is attached to or being detached from.
    #[serde(default, deserialize_with = "word_or_none")]
    pub server_id: Option<String>,
    /// When the pooled address was created, as the API writes it: a date of RFC 3339, to the nanosecond.
    #[serde(default)]
    pub created_at: Option<String>,
    /// When the flexible IP was last written, in the same form.
    #[serde(default)]
    pub updated_at: Option<String>,
}

/// A virtual MAC address. Flexible IPs that carry the same one are a MAC group.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MacAddress {
    /// The id, which the whole group shares.
    pub id: String,
    /// The address, such as `52:54:00:12:34:56`.
    pub mac_address: String,
    /// The hypervisor that it is for.
    pub mac_type: MacAddressType,
    /// The status.
    pub status: MacAddressStatus,
    /// The zone. Empty in some responses of 2022.
    #[serde(default)]
    pub zone: String,
    /// When it was generated, as the API writes it.
    #[serde(default)]
    pub created_at: Option<String>,
    /// When it was last written, as the API writes it.
    #[serde(default)]
    pub updated_at: Option<String>,
}

/// A page of a list, or the flexible IPs that an attach or a detach was about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Page {
    /// The number of flexible IPs in the whole list, as the service states it.
    pub total_count: u32,
    /// The flexible IPs of the page.
    pub flexible_ips: Vec<FlexibleIp>,
}

/// An empty id of a server is none.
fn word_or_none<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(value)?.filter(|word| !word.is_empty()))
}

/// A text that cannot be empty.
fn word<'de, D: Deserializer<'de>, T: From<String>>(value: D) -> Result<T, D::Error> {
    match String::deserialize(value)? {
        word if word.is_empty() => Err(D::Error::custom("a field is empty that cannot be")),
        word => Ok(word.into()),
    }
}

/// Decodes a result. An error says which field is not what the API promises.
pub(super) fn decode<T: DeserializeOwned>(body: serde_json::Value) -> Result<T, String> {
    serde_json::from_value(body).map_err(|error| error.to_string())
}
