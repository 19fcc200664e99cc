//! The flexible IP itself.

use super::id::{FlexibleIpId, OrganizationId, ProjectId, ServerId};
use super::mac::Mac;
use super::network::Network;
use super::status::Status;
use super::time::Timestamp;
use super::zone::Zone;

/// A public address (IPv4) or block (IPv6 /64), held by a Project and attached to at most one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlexibleIp {
    /// Its id: the pooled address's, so it may have had other owners before.
    pub id: FlexibleIpId,
    /// The Organization that holds it.
    pub organization_id: OrganizationId,
    /// The Project that holds it.
    pub project_id: ProjectId,
    /// Free text, at most 255 code points.
    pub description: String,
    /// Free labels.
    pub tags: Vec<String>,
    /// When the pooled address came to be: long before you ordered it.
    pub created_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
    /// What it is doing.
    pub status: Status,
    /// The address, or the block.
    pub network: Network,
    /// Its virtual MAC address.
    pub mac: Option<Mac>,
    /// The server it is attached to, or is being detached from.
    pub server_id: Option<ServerId>,
    /// Its reverse DNS name; empty when cleared.
    pub reverse: String,
    /// Where it can be attached.
    pub zone: Zone,
}
