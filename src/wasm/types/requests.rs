//! The requests.

use tsify::Tsify;

use super::{FlexibleIpStatus, MacAddressType};

/// The order of a list. The date is that of the address in the pool, not that of its creation by you.
#[derive(Tsify)]
#[serde(rename_all = "snake_case")]
#[tsify(rename = "ListFlexibleIPsRequestOrderBy")]
pub enum ListFlexibleIpsRequestOrderBy {
    /// Oldest address first: the service's default.
    CreatedAtAsc,
    /// Youngest address first.
    CreatedAtDesc,
}

/// Asks for one page of a zone's flexible IPs. Filters of different fields must all match.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "ListFlexibleIPsRequest")]
pub struct ListFlexibleIpsRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The order of the list.
    #[tsify(optional, type = "ListFlexibleIPsRequestOrderBy")]
    pub order_by: Option<ListFlexibleIpsRequestOrderBy>,
    /// The number of the page, from 1.
    #[tsify(optional)]
    pub page: Option<u32>,
    /// The size of a page, 1 to 100; the client's `defaultPageSize` if absent, else the service's 20.
    #[tsify(optional)]
    pub page_size: Option<u32>,
    /// Only flexible IPs with any of these tags.
    #[tsify(optional, type = "readonly string[]")]
    pub tags: Option<Vec<String>>,
    /// Only flexible IPs with any of these statuses.
    #[tsify(optional, type = "readonly FlexibleIPStatus[]")]
    pub status: Option<Vec<FlexibleIpStatus>>,
    /// Only flexible IPs on any of these servers.
    #[tsify(optional, type = "readonly string[]")]
    pub server_ids: Option<Vec<String>>,
    /// Only flexible IPs of this Organization.
    #[tsify(optional)]
    pub organization_id: Option<String>,
    /// Only flexible IPs of this Project.
    #[tsify(optional)]
    pub project_id: Option<String>,
}

/// Asks for a new flexible IP. It is `ready` at once; with a server, `updating` until `attached`.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "CreateFlexibleIPRequest")]
pub struct CreateFlexibleIpRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The Project of the new flexible IP; the client's `defaultProjectId` if absent.
    #[tsify(optional)]
    pub project_id: Option<String>,
    /// Free text, at most 255 Unicode code points.
    #[tsify(optional)]
    pub description: Option<String>,
    /// Free labels.
    #[tsify(optional, type = "readonly string[]")]
    pub tags: Option<Vec<String>>,
    /// A server of the same zone to attach it to.
    #[tsify(optional)]
    pub server_id: Option<String>,
    /// The reverse DNS name, which must already resolve to the address.
    #[tsify(optional)]
    pub reverse: Option<String>,
    /// Whether it is an IPv6 /64 block instead of an IPv4 address.
    #[tsify(optional)]
    pub is_ipv6: Option<bool>,
}

/// Asks for one flexible IP.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "GetFlexibleIPRequest")]
pub struct GetFlexibleIpRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The id of the flexible IP.
    pub fip_id: String,
}

/// Changes a flexible IP. An absent field stays as it is; an empty one is cleared.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "UpdateFlexibleIPRequest")]
pub struct UpdateFlexibleIpRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The id of the flexible IP.
    pub fip_id: String,
    /// The new description, at most 255 Unicode code points.
    #[tsify(optional)]
    pub description: Option<String>,
    /// The new tags, which replace all others.
    #[tsify(optional, type = "readonly string[]")]
    pub tags: Option<Vec<String>>,
    /// The new reverse DNS name, which must already resolve to the address.
    #[tsify(optional)]
    pub reverse: Option<String>,
}

/// Deletes a flexible IP. One that is attached is detached first, which takes seconds.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "DeleteFlexibleIPRequest")]
pub struct DeleteFlexibleIpRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The id of the flexible IP.
    pub fip_id: String,
}

/// Attaches one flexible IP, or all members of one MAC group, to a server of their zone.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "AttachFlexibleIPRequest")]
pub struct AttachFlexibleIpRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The ids of the flexible IPs, at most 64. Several must be one MAC group.
    #[tsify(type = "readonly string[]")]
    pub fips_ids: Vec<String>,
    /// The id of the server.
    pub server_id: String,
}

/// Detaches one flexible IP, or all members of one MAC group. A member that is detached alone loses its
/// virtual MAC address.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "DetachFlexibleIPRequest")]
pub struct DetachFlexibleIpRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The ids of the flexible IPs, at most 64. Several must be one MAC group.
    #[tsify(type = "readonly string[]")]
    pub fips_ids: Vec<String>,
}

/// Gives a flexible IP a new virtual MAC address, which removes it from its MAC group.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "GenerateMACAddrRequest")]
pub struct GenerateMacAddrRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The id of the flexible IP.
    pub fip_id: String,
    /// The hypervisor: `vmware`, `xen` or `kvm`.
    #[tsify(type = "MACAddressType")]
    pub mac_type: MacAddressType,
}

/// Deletes the virtual MAC address of a flexible IP, which removes the IP from its MAC group.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "DeleteMACAddrRequest")]
pub struct DeleteMacAddrRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The id of the flexible IP, not of the MAC address.
    pub fip_id: String,
}

/// Gives a flexible IP the virtual MAC address of another on the same server. Both are then in one MAC
/// group.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "DuplicateMACAddrRequest")]
pub struct DuplicateMacAddrRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The id of the flexible IP that gets the MAC address: the destination.
    pub fip_id: String,
    /// The id of the flexible IP that has it: the source.
    pub duplicate_from_fip_id: String,
}

/// Moves the virtual MAC address of one flexible IP to another.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "MoveMACAddrRequest")]
pub struct MoveMacAddrRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The id of the flexible IP that has the MAC address: the source.
    pub fip_id: String,
    /// The id of the flexible IP that gets it: the destination.
    pub dst_fip_id: String,
}

/// Waits for several flexible IPs of one zone.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "WaitForFlexibleIPsRequest")]
pub struct WaitForFlexibleIpsRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The ids of the flexible IPs, any number of them.
    #[tsify(type = "readonly string[]")]
    pub fips_ids: Vec<String>,
}

/// Moves flexible IPs to a server, wherever they are.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
pub struct EnsureAttachedRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The ids of the flexible IPs, at most 64, with all members of each MAC group.
    #[tsify(type = "readonly string[]")]
    pub fips_ids: Vec<String>,
    /// The id of the target server.
    pub server_id: String,
    /// How a flexible IP leaves another server. `detach`, the default: it is detached, then attached.
    /// `direct`: it is attached to the target without a detach; no recording shows that the service
    /// allows this.
    #[tsify(optional, type = "'detach' | 'direct'")]
    pub strategy: Option<String>,
    /// What becomes of what was detached and the target refuses. `return`, the default: it is attached
    /// back to the server that it came from. `stay`: it stays on no server.
    #[tsify(optional, type = "'return' | 'stay'")]
    pub on_refusal: Option<String>,
    /// Returns the steps and changes nothing.
    #[tsify(optional)]
    pub dry_run: Option<bool>,
}

/// Moves the flexible IPs of one server to another.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
pub struct FailoverRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The id of the source server.
    pub from_server_id: String,
    /// The id of the target server.
    pub to_server_id: String,
    /// The ids of the flexible IPs to move, at most 64, with all members of each MAC group: those that are
    /// on the source or on no server. If absent, all flexible IPs of the source.
    #[tsify(optional, type = "readonly string[]")]
    pub fips_ids: Option<Vec<String>>,
    /// How a flexible IP leaves its server. `detach`, the default: it is detached, then attached.
    /// `direct`: it is attached to the target without a detach; no recording shows that the service
    /// allows this.
    #[tsify(optional, type = "'detach' | 'direct'")]
    pub strategy: Option<String>,
    /// What becomes of what was detached and the target refuses. `return`, the default: it is attached
    /// back to the server that it came from. `stay`: it stays on no server.
    #[tsify(optional, type = "'return' | 'stay'")]
    pub on_refusal: Option<String>,
    /// Returns the steps and changes nothing.
    #[tsify(optional)]
    pub dry_run: Option<bool>,
}
