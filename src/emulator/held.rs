//! What the emulated service holds, one by one.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::lifecycle::Job;
use super::pool::default_reverse;
use crate::model::id::{FlexibleIpId, MacId, ProjectId, ServerId};
use crate::model::mac::{MacBytes, MacType};
use crate::model::network::Network;
use crate::model::status::Status;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;

/// A flexible IP that has a tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Ip {
    pub(super) zone: Zone,
    pub(super) network: Network,
    pub(super) created_at: Timestamp,
    pub(super) project_id: ProjectId,
    pub(super) description: String,
    pub(super) tags: Vec<String>,
    /// Nothing is the address's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reverse: Option<String>,
    pub(super) updated_at: Timestamp,
    pub(super) status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) server_id: Option<ServerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) mac_id: Option<MacId>,
    /// What the service is doing to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) job: Option<Job>,
}

impl Ip {
    /// The server that it is at, or on its way to.
    pub(super) fn place(&self) -> Option<ServerId> {
        self.job.as_ref().and_then(|job| job.target).or(self.server_id)
    }

    /// Its reverse, as reads show it.
    pub(super) fn reverse(&self) -> String {
        self.reverse.clone().unwrap_or_else(|| default_reverse(self.network))
    }
}

/// The service's own prefix, seen on each of its KVM addresses.
pub(super) const KVM_PREFIX: [u8; 3] = [0x52, 0x54, 0x00];

/// A virtual MAC address and who carries it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) bytes: MacBytes,
    pub(super) mac_type: MacType,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) members: BTreeSet<FlexibleIpId>,
}

/// An Elastic Metal server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Machine {
    pub(super) zone: Zone,
    pub(super) name: String,
    /// When it will be gone, if it is being deleted.
    pub(super) leaves_at: Option<Timestamp>,
}
