//! Which flexible IPs carry which virtual MAC address, as far as a move has read. A poll that fails in
//! part does not read all of them, so earlier readings count until a later one replaces them.

use crate::flow::small_map::SmallMap;
use crate::model::id::{FlexibleIpId, MacId};
use crate::wire::summary::Summary;

/// The virtual MAC addresses that were last read.
#[derive(Default)]
pub(super) struct Membership {
    macs: SmallMap<FlexibleIpId, MacId>,
}

impl Membership {
    /// Takes what was read.
    pub(super) fn note(&mut self, ip: &Summary) {
        match ip.mac_id {
            Some(mac) => self.macs.insert(ip.id, mac),
            None => self.forget(ip.id),
        }
    }

    /// Drops a flexible IP that is gone.
    pub(super) fn forget(&mut self, id: FlexibleIpId) {
        self.macs.remove(id);
    }

    /// Whether two flexible IPs carry one virtual MAC address.
    pub(super) fn are_together(&self, one: FlexibleIpId, other: FlexibleIpId) -> bool {
        self.macs.get(one).is_some_and(|mac| self.macs.get(other) == Some(mac))
    }

    /// A flexible IP that carries the virtual MAC address of these and is none of them.
    pub(super) fn outsider(&self, group: &[FlexibleIpId]) -> Option<FlexibleIpId> {
        let first = *group.first()?;
        let is_outsider = |id: &FlexibleIpId| !group.contains(id) && self.are_together(first, *id);
        self.macs.iter().map(|(id, _)| id).find(is_outsider)
    }
}
