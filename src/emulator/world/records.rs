//! The records of the emulated service, as plain data.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::id::{FlexibleIpId, MacId, ProjectId, ServerId};
use crate::model::mac::{MacBytes, MacType};
use crate::model::network::Network;
use crate::model::status::Status;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;

/// A flexible IP that belongs to a Project.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct IpRecord {
    pub(in crate::emulator) zone: Zone,
    pub(in crate::emulator) network: Network,
    pub(in crate::emulator) created_at: Timestamp,
    pub(in crate::emulator) project_id: ProjectId,
    pub(in crate::emulator) description: String,
    pub(in crate::emulator) tags: Vec<String>,
    /// The reverse that was set. Without one, reads show [`default_reverse`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::emulator) reverse: Option<String>,
    pub(in crate::emulator) updated_at: Timestamp,
    pub(in crate::emulator) status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::emulator) server_id: Option<ServerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::emulator) mac_id: Option<MacId>,
    /// Whether it is as the population made it: a snapshot leaves it out.
    #[serde(skip)]
    pub(in crate::emulator) is_populated: bool,
    /// The transition that is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::emulator) job: Option<Job>,
}

impl IpRecord {
    /// The server that it is attached to or is being attached to.
    pub(in crate::emulator) fn assigned_server(&self) -> Option<ServerId> {
        self.job.as_ref().and_then(|job| job.target).or(self.server_id)
    }

    /// The reverse that reads show.
    pub(in crate::emulator) fn reverse(&self) -> String {
        self.reverse.clone().unwrap_or_else(|| default_reverse(self.network))
    }
}

/// The reverse of an address for which none was set, in the form that the service was seen to use.
pub(in crate::emulator) fn default_reverse(network: Network) -> String {
    let name = network.address().to_string().replace(['.', ':'], "-");
    [&name, ".rev.poneytelecom.eu."].concat()
}

/// The first three bytes that every KVM address of the service was seen to have.
pub(in crate::emulator) const KVM_PREFIX: [u8; 3] = [0x52, 0x54, 0x00];

/// A virtual MAC address and the flexible IPs that carry it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct MacGroup {
    /// Whether it is as the population made it: a snapshot leaves it out.
    #[serde(skip)]
    pub(in crate::emulator) is_populated: bool,
    pub(in crate::emulator) bytes: MacBytes,
    pub(in crate::emulator) mac_type: MacType,
    pub(in crate::emulator) created_at: Timestamp,
    pub(in crate::emulator) updated_at: Timestamp,
    pub(in crate::emulator) members: BTreeSet<FlexibleIpId>,
}

/// An Elastic Metal server.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct ServerRecord {
    pub(in crate::emulator) zone: Zone,
    pub(in crate::emulator) name: String,
    /// When its deletion ends, if it is being deleted.
    #[serde(rename = "leaves_at")]
    pub(in crate::emulator) gone_at: Option<Timestamp>,
}

/// What a population was made from, besides the seed, the Projects and the blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct Populated {
    /// How many flexible IPs each zone got, in the order in which the zones were filled.
    pub(super) zones: Vec<(Zone, u32)>,
    /// How many flexible IPs shared a server.
    pub(super) capacity: u32,
}

impl Populated {
    /// The number of flexible IPs.
    pub(super) fn total(&self) -> u32 {
        self.zones.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }
}

/// A transition that is under way on a flexible IP.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct Job {
    #[serde(rename = "work")]
    pub(in crate::emulator) kind: JobKind,
    /// When it ends.
    pub(in crate::emulator) due: Timestamp,
    /// The server that the flexible IP is being attached to.
    pub(in crate::emulator) target: Option<ServerId>,
    /// The flexible IP that the MAC address is duplicated from.
    pub(in crate::emulator) source: Option<FlexibleIpId>,
}

/// What a job does. `transitions` has a row for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emulator) enum JobKind {
    /// Attaches a new flexible IP to the server that its create names.
    Create,
    Attach,
    GenerateMac,
    DuplicateMac,
    MoveMac,
    DeleteMac,
    Detach,
    /// Waits between the removal of the server and the detaching that follows from it.
    LoseServer,
    /// Detaches from a server that was removed.
    #[serde(rename = "detachLost")]
    DetachFromLostServer,
    /// Deletes an attached flexible IP without a MAC group.
    Delete,
    /// The first part of deleting an attached member of a MAC group: it loses its MAC address.
    LeaveGroup,
    /// The second part.
    #[serde(rename = "endOfMember")]
    DeleteMember,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_reverse_is_spelled_as_the_services() {
        let reverse = |text| default_reverse(Network::parse(text).unwrap());
        assert_eq!(reverse("195.154.148.225"), "195-154-148-225.rev.poneytelecom.eu.");
        assert_eq!(reverse("2001:bc8:702:6b7::/64"), "2001-bc8-702-6b7--.rev.poneytelecom.eu.");
    }
}
