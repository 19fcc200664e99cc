//! The request of a wait.

use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::zone::Zone;
use crate::ops::arguments::Reader;

/// What a wait waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// No transition is under way, of the flexible IPs and of their virtual MAC addresses.
    Rest,
    /// The same, on this server.
    RestOn(ServerId),
    /// The flexible IPs do not exist.
    Gone,
}

/// The checked arguments of a wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitRequest {
    /// The client's method.
    pub name: &'static str,
    /// The zone of the flexible IPs.
    pub zone: Zone,
    /// The flexible IPs to poll.
    pub ids: Vec<FlexibleIpId>,
    /// What to wait for.
    pub condition: Condition,
    /// Whether the result is a list.
    pub is_list: bool,
}

impl WaitRequest {
    /// Reads `{ zone?, fipId }`, or `{ zone?, fipsIds }` for a list.
    pub fn read(
        name: &'static str,
        condition: Condition,
        is_list: bool,
        reader: &mut Reader<'_>,
    ) -> Option<Self> {
        let zone = reader.zone();
        let ids = if is_list {
            reader.many_flexible_ip_ids("fipsIds")
        } else {
            reader.id("fipId").map(|id| vec![id])
        };
        Some(Self { name, zone: zone?, ids: ids?, condition, is_list })
    }
}
