//! What the operations ask for.

use tsify::Tsify;

use super::{FlexibleIpStatus, MacAddressType};

/// The order of a list. The date is the pooled address's, not that of your order.
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
    /// The order.
    #[tsify(optional, type = "ListFlexibleIPsRequestOrderBy")]
    pub order_by: Option<ListFlexibleIpsRequestOrderBy>,
    /// The page, from 1.
    #[tsify(optional)]
    pub page: Option<u32>,
    /// The size of a page, 1 to 100; the client's `defaultPageSize` if absent, else the service's 20.
    #[tsify(optional)]
    pub page_size: Option<u32>,
    /// Those that have any of these tags.
    #[tsify(optional)]
    pub tags: Option<Vec<String>>,
    /// Those in any of these states.
    #[tsify(optional, type = "FlexibleIPStatus[]")]
    pub status: Option<Vec<FlexibleIpStatus>>,
    /// Those on any of these servers.
    #[tsify(optional)]
    pub server_ids: Option<Vec<String>>,
    /// Those of this Organization.
    #[tsify(optional)]
    pub organization_id: Option<String>,
    /// Those of this Project.
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
    /// The Project that is to hold it; the client's `defaultProjectId` if absent.
    #[tsify(optional)]
    pub project_id: Option<String>,
    /// Free text, at most 255 Unicode code points.
    #[tsify(optional)]
    pub description: Option<String>,
    /// Free labels.
    #[tsify(optional)]
    pub tags: Option<Vec<String>>,
    /// A server of the same zone to attach it to.
    #[tsify(optional)]
    pub server_id: Option<String>,
    /// Its reverse DNS name, which must already resolve to the address.
    #[tsify(optional)]
    pub reverse: Option<String>,
    /// An IPv6 /64 block instead of an IPv4 address.
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
    /// The flexible IP.
    pub fip_id: String,
}

/// Asks for changes. What is absent stays as it is; what is empty is cleared.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "UpdateFlexibleIPRequest")]
pub struct UpdateFlexibleIpRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The flexible IP.
    pub fip_id: String,
    /// The new description, at most 255 Unicode code points.
    #[tsify(optional)]
    pub description: Option<String>,
    /// All its new tags.
    #[tsify(optional)]
    pub tags: Option<Vec<String>>,
    /// Its new reverse DNS name, which must already resolve to the address.
    #[tsify(optional)]
    pub reverse: Option<String>,
}

/// Gives a flexible IP back. One that is attached is detached first, which takes seconds.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "DeleteFlexibleIPRequest")]
pub struct DeleteFlexibleIpRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The flexible IP.
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
    /// The flexible IPs, at most 64. Several must be one MAC group.
    pub fips_ids: Vec<String>,
    /// The server.
    pub server_id: String,
}

/// Detaches one flexible IP, or all members of one MAC group. A member detached alone loses its MAC.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "DetachFlexibleIPRequest")]
pub struct DetachFlexibleIpRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The flexible IPs, at most 64. Several must be one MAC group.
    pub fips_ids: Vec<String>,
}

/// Gives a flexible IP a new virtual MAC address, which takes it out of any MAC group.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "GenerateMACAddrRequest")]
pub struct GenerateMacAddrRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The flexible IP.
    pub fip_id: String,
    /// The hypervisor: `vmware`, `xen` or `kvm`.
    #[tsify(type = "MACAddressType")]
    pub mac_type: MacAddressType,
}

/// Takes the virtual MAC address from a flexible IP, and the IP out of its MAC group.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "DeleteMACAddrRequest")]
pub struct DeleteMacAddrRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The flexible IP. Not the MAC address's id.
    pub fip_id: String,
}

/// Gives a flexible IP the virtual MAC address of another on the same server: they become a group.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "DuplicateMACAddrRequest")]
pub struct DuplicateMacAddrRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The flexible IP that gets the MAC address: the destination.
    pub fip_id: String,
    /// The flexible IP that has it: the source.
    pub duplicate_from_fip_id: String,
}

/// Takes the virtual MAC address from one flexible IP and gives it to another.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(rename = "MoveMACAddrRequest")]
pub struct MoveMacAddrRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The flexible IP that has the MAC address: the source.
    pub fip_id: String,
    /// The flexible IP that gets it: the destination.
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
    /// The flexible IPs, any number.
    pub fips_ids: Vec<String>,
}

/// Brings flexible IPs to a server, wherever they are.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
pub struct EnsureAttachedRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The flexible IPs, at most 64; MAC groups whole.
    pub fips_ids: Vec<String>,
    /// The server that they are to be attached to.
    pub server_id: String,
    /// How one leaves another server: `detach`, unless told otherwise, and then attach; or `direct`,
    /// attached to the new server at once, which nobody has recorded the service doing.
    #[tsify(optional, type = "'detach' | 'direct'")]
    pub strategy: Option<String>,
    /// Gives the steps, and changes nothing.
    #[tsify(optional)]
    pub dry_run: Option<bool>,
}

/// Moves the flexible IPs of a server to another.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
pub struct FailoverRequest {
    /// The zone; the client's `defaultZone` if absent.
    #[tsify(optional, type = "Zone")]
    pub zone: Option<String>,
    /// The server that they leave.
    pub from_server_id: String,
    /// The server that they go to.
    pub to_server_id: String,
    /// Only these, at most 64, wherever they are; MAC groups whole. All of the server's if absent.
    #[tsify(optional)]
    pub fips_ids: Option<Vec<String>>,
    /// How one leaves a server: `detach`, unless told otherwise, and then attach; or `direct`,
    /// attached to the new server at once, which nobody has recorded the service doing.
    #[tsify(optional, type = "'detach' | 'direct'")]
    pub strategy: Option<String>,
    /// Gives the steps, and changes nothing.
    #[tsify(optional)]
    pub dry_run: Option<bool>,
}
