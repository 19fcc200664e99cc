//! What the operations give.

use tsify::Tsify;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const ZONE: &str = r"
/** An availability zone. Flexible IPs are sold in the six named ones; each can be attached in its own zone only. */
export type Zone = 'fr-par-1' | 'fr-par-2' | 'nl-ams-1' | 'nl-ams-2' | 'pl-waw-2' | 'pl-waw-3' | (string & {});
";

/// What a flexible IP is doing. `updating` and `detaching` pass by themselves.
#[derive(Tsify)]
#[serde(rename_all = "snake_case")]
#[tsify(rename = "FlexibleIPStatus")]
pub enum FlexibleIpStatus {
    /// Not a status of the service's own.
    Unknown,
    /// Not attached, free to be.
    Ready,
    /// Being attached, or its virtual MAC address is being written.
    Updating,
    /// Attached to a server.
    Attached,
    /// An operation on it failed.
    Error,
    /// Being detached.
    Detaching,
    /// Locked by the service.
    Locked,
}

/// What a virtual MAC address is doing. `updating` and `deleting` pass by themselves.
#[derive(Tsify)]
#[serde(rename_all = "snake_case")]
#[tsify(rename = "MACAddressStatus")]
pub enum MacAddressStatus {
    /// Not a status of the service's own.
    Unknown,
    /// On a flexible IP that is not attached.
    Ready,
    /// Being written.
    Updating,
    /// On an attached flexible IP.
    Used,
    /// An operation on it failed.
    Error,
    /// Being taken away.
    Deleting,
}

/// The hypervisor that a virtual MAC address is for.
#[derive(Tsify)]
#[serde(rename_all = "snake_case")]
#[tsify(rename = "MACAddressType")]
pub enum MacAddressType {
    /// Not said; no request may ask for it.
    UnknownType,
    /// VMware ESXi.
    Vmware,
    /// Xen.
    Xen,
    /// KVM.
    Kvm,
}

/// A virtual MAC address. Flexible IPs that carry the same one are a MAC group.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "MACAddress")]
pub struct MacAddress {
    /// The id of the MAC address itself, shared by its whole group. It is not a flexible IP's id.
    pub id: String,
    /// Six bytes in lower case: `52:54:00:12:34:56`.
    pub mac_address: String,
    /// The hypervisor that it is for.
    #[tsify(type = "MACAddressType")]
    pub mac_type: MacAddressType,
    /// What it is doing.
    #[tsify(type = "MACAddressStatus")]
    pub status: MacAddressStatus,
    /// When it was last written, to the millisecond; `exactTimes` gives the exact text.
    #[tsify(optional, type = "Date")]
    pub updated_at: Option<()>,
    /// When it was made, to the millisecond; `exactTimes` gives the exact text.
    #[tsify(optional, type = "Date")]
    pub created_at: Option<()>,
    /// Its zone.
    #[tsify(type = "Zone")]
    pub zone: String,
}

/// A public IPv4 address or IPv6 /64 block, held by a Project, attached to at most one server.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "FlexibleIP")]
pub struct FlexibleIp {
    /// Its id. It belongs to the pooled address: given back and bought again, it is the same.
    pub id: String,
    /// The Organization that holds it.
    pub organization_id: String,
    /// The Project that holds it.
    pub project_id: String,
    /// Free text.
    pub description: String,
    /// Free labels.
    pub tags: Vec<String>,
    /// When it was last written, to the millisecond; `exactTimes` gives the exact text.
    #[tsify(optional, type = "Date")]
    pub updated_at: Option<()>,
    /// When the pooled address came to be, long before you ordered it, to the millisecond;
    /// `exactTimes` gives the exact text.
    #[tsify(optional, type = "Date")]
    pub created_at: Option<()>,
    /// What it is doing.
    #[tsify(type = "FlexibleIPStatus")]
    pub status: FlexibleIpStatus,
    /// IPv4 bare (`195.154.148.225`), IPv6 as a block (`2001:bc8:702:6b7::/64`).
    pub ip_address: String,
    /// Its virtual MAC address, if it has one.
    #[tsify(optional, type = "MACAddress")]
    pub mac_address: Option<()>,
    /// The server that it is attached to, or is being detached from. Absent otherwise, never null.
    #[tsify(optional)]
    pub server_id: Option<String>,
    /// Its reverse DNS name; empty when cleared. Of an IPv6 block: of its first address.
    pub reverse: String,
    /// Its zone.
    #[tsify(type = "Zone")]
    pub zone: String,
}

/// One page of a list.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "ListFlexibleIPsResponse")]
pub struct ListFlexibleIpsResponse {
    /// How many there are on all pages.
    pub total_count: u32,
    /// Those on this page.
    #[tsify(type = "FlexibleIP[]")]
    pub flexible_ips: Vec<FlexibleIp>,
}

/// The flexible IPs that are being attached: `updating`, and not yet on the server.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "AttachFlexibleIPsResponse")]
pub struct AttachFlexibleIpsResponse {
    /// How many.
    pub total_count: u32,
    /// They.
    #[tsify(type = "FlexibleIP[]")]
    pub flexible_ips: Vec<FlexibleIp>,
}

/// The flexible IPs that are being detached; those that were not attached come back as they are.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "DetachFlexibleIPsResponse")]
pub struct DetachFlexibleIpsResponse {
    /// How many.
    pub total_count: u32,
    /// They.
    #[tsify(type = "FlexibleIP[]")]
    pub flexible_ips: Vec<FlexibleIp>,
}

/// A step of a move, as `dryRun` gives it.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
pub struct MoveStep {
    /// What is done.
    #[tsify(type = "'attach' | 'detach'")]
    pub action: String,
    /// The MAC group, or the one flexible IP.
    pub fips_ids: Vec<String>,
    /// The server that they leave, or go to.
    #[tsify(optional)]
    pub server_id: Option<String>,
}
