//! The flexible IP.

use super::id::{FlexibleIpId, OrganizationId, ProjectId, ServerId};
use super::mac::Mac;
use super::network::Network;
use super::status::Status;
use super::time::Timestamp;
use super::zone::Zone;

/// A public IPv4 address or IPv6 block (`/64`). A Project holds it, and it is attached to at most
/// one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlexibleIp {
    /// The id of the pooled address, which may have had other owners before.
    pub id: FlexibleIpId,
    /// The Organization that holds it.
    pub organization_id: OrganizationId,
    /// The Project that holds it.
    pub project_id: ProjectId,
    /// Free text of at most 255 code points.
    pub description: String,
    /// The tags.
    pub tags: Vec<String>,
    /// When the pooled address was created, which is before it was ordered.
    pub created_at: Timestamp,
    /// When the flexible IP was last written.
    pub updated_at: Timestamp,
    /// The status.
    pub status: Status,
    /// The address or the block.
    pub network: Network,
    /// The virtual MAC address.
    pub mac: Option<Mac>,
    /// The server that it is attached to or being detached from.
    pub server_id: Option<ServerId>,
    /// The reverse DNS name; empty if it was cleared.
    pub reverse: String,
    /// The zone whose servers it can be attached to.
    pub zone: Zone,
}
