//! The results.

use tsify::Tsify;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const ZONE: &str = r"
/** An availability zone. Flexible IPs are sold in the six named ones; each can be attached in its own zone only. */
export type Zone = 'fr-par-1' | 'fr-par-2' | 'nl-ams-1' | 'nl-ams-2' | 'pl-waw-2' | 'pl-waw-3' | (string & {});
";

/// The status of a flexible IP. `updating` and `detaching` are transitions and end by themselves.
#[derive(Tsify)]
#[serde(rename_all = "snake_case")]
#[tsify(rename = "FlexibleIPStatus")]
pub enum FlexibleIpStatus {
    /// The API's placeholder for no status.
    Unknown,
    /// Not attached; can be attached.
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

/// The status of a virtual MAC address. `updating` and `deleting` are transitions and end by themselves.
#[derive(Tsify)]
#[serde(rename_all = "snake_case")]
#[tsify(rename = "MACAddressStatus")]
pub enum MacAddressStatus {
    /// The API's placeholder for no status.
    Unknown,
    /// On a flexible IP that is not attached.
    Ready,
    /// Being written.
    Updating,
    /// On an attached flexible IP.
    Used,
    /// An operation on it failed.
    Error,
    /// Being deleted.
    Deleting,
}

/// The hypervisor that a virtual MAC address is for.
#[derive(Tsify)]
#[serde(rename_all = "snake_case")]
#[tsify(rename = "MACAddressType")]
pub enum MacAddressType {
    /// Unknown. No request may name it.
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
    /// The id of the MAC address, which its whole MAC group shares. It is not the id of a flexible IP.
    pub id: String,
    /// Six bytes in lower case, such as `52:54:00:12:34:56`.
    pub mac_address: String,
    /// The hypervisor that it is for.
    #[tsify(type = "MACAddressType")]
    pub mac_type: MacAddressType,
    /// The status.
    #[tsify(type = "MACAddressStatus")]
    pub status: MacAddressStatus,
    /// When it was last written, to the millisecond; `exactTimes` gives the exact text.
    #[tsify(optional, type = "Date")]
    pub updated_at: Option<()>,
    /// When it was created, to the millisecond; `exactTimes` gives the exact text.
    #[tsify(optional, type = "Date")]
    pub created_at: Option<()>,
    /// The zone.
    #[tsify(type = "Zone")]
    pub zone: String,
}

/// A public IPv4 address or IPv6 /64 block. It belongs to a Project, and is attached to at most one server.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "FlexibleIP")]
pub struct FlexibleIp {
    /// The id. It belongs to the address in the pool: after a delete, a later create can return the same
    /// address with the same id.
    pub id: String,
    /// The id of the Organization that it belongs to.
    pub organization_id: String,
    /// The id of the Project that it belongs to.
    pub project_id: String,
    /// Free text.
    pub description: String,
    /// Free labels.
    pub tags: Vec<String>,
    /// When it was last written, to the millisecond; `exactTimes` gives the exact text.
    #[tsify(optional, type = "Date")]
    pub updated_at: Option<()>,
    /// When the address was added to the pool, long before you created the flexible IP, to the
    /// millisecond; `exactTimes` gives the exact text.
    #[tsify(optional, type = "Date")]
    pub created_at: Option<()>,
    /// The status.
    #[tsify(type = "FlexibleIPStatus")]
    pub status: FlexibleIpStatus,
    /// The address: IPv4 without a prefix (`195.154.148.225`), IPv6 as a block (`2001:bc8:702:6b7::/64`).
    pub ip_address: String,
    /// The virtual MAC address, if it has one.
    #[tsify(optional, type = "MACAddress")]
    pub mac_address: Option<()>,
    /// The id of the server that it is attached to, or is being detached from. Absent otherwise, never null.
    #[tsify(optional)]
    pub server_id: Option<String>,
    /// The reverse DNS name; empty if cleared. For an IPv6 block, that of its first address.
    pub reverse: String,
    /// The zone.
    #[tsify(type = "Zone")]
    pub zone: String,
}

/// One page of a list.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "ListFlexibleIPsResponse")]
pub struct ListFlexibleIpsResponse {
    /// The number of flexible IPs on all pages.
    pub total_count: u32,
    /// The flexible IPs of this page.
    #[tsify(type = "FlexibleIP[]")]
    pub flexible_ips: Vec<FlexibleIp>,
}

/// The flexible IPs that are being attached. They are `updating`, and not on the server yet.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "AttachFlexibleIPsResponse")]
pub struct AttachFlexibleIpsResponse {
    /// The number of flexible IPs.
    pub total_count: u32,
    /// The flexible IPs.
    #[tsify(type = "FlexibleIP[]")]
    pub flexible_ips: Vec<FlexibleIp>,
}

/// The flexible IPs that are being detached. Those that were not attached are as they were.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "DetachFlexibleIPsResponse")]
pub struct DetachFlexibleIpsResponse {
    /// The number of flexible IPs.
    pub total_count: u32,
    /// The flexible IPs.
    #[tsify(type = "FlexibleIP[]")]
    pub flexible_ips: Vec<FlexibleIp>,
}

/// A step of a move, as `dryRun` gives it.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
pub struct MoveStep {
    /// The action of this step.
    #[tsify(type = "'attach' | 'detach'")]
    pub action: String,
    /// The ids of the MAC group, or the id of the one flexible IP.
    pub fips_ids: Vec<String>,
    /// The id of the server that they are attached to or detached from.
    #[tsify(optional)]
    pub server_id: Option<String>,
}
