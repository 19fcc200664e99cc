//! What the flexible IPs were before their last change, for the faults that show older states. It is
//! recorded only while a fault rule needs it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::emulator::world::records::{IpRecord, MacGroup};
use crate::model::id::FlexibleIpId;
use crate::model::time::Timestamp;

/// A flexible IP as it was, with its MAC address.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct PastIp {
    pub(in crate::emulator) ip: IpRecord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::emulator) mac: Option<MacGroup>,
}

/// The state before the last change of a flexible IP.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct Past {
    /// The number of the change.
    change: u64,
    /// When the change was made.
    pub(in crate::emulator) at: Timestamp,
    /// None if the flexible IP did not exist.
    pub(in crate::emulator) before: Option<PastIp>,
}

/// The states before the last changes. A change is one write, or what ends at one moment.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct History {
    is_on: bool,
    change: u64,
    at: Timestamp,
    past: BTreeMap<FlexibleIpId, Past>,
}

impl History {
    /// Whether nothing is recorded.
    pub(in crate::emulator) const fn is_off(&self) -> bool {
        !self.is_on
    }

    /// Begins to record. Earlier states are unknown.
    pub(in crate::emulator) const fn record(&mut self) {
        self.is_on = true;
    }

    /// Ends the recording and removes what was recorded.
    pub(in crate::emulator) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Begins a change.
    pub(in crate::emulator) const fn begin_change(&mut self, at: Timestamp) {
        if self.is_on {
            self.change = self.change.saturating_add(1);
            self.at = at;
        }
    }

    /// Records what a flexible IP was before the change that has begun, unless the change did so already.
    pub(in crate::emulator) fn remember(
        &mut self,
        id: FlexibleIpId,
        before: impl FnOnce() -> Option<PastIp>,
    ) {
        if self.is_off() || self.past.get(&id).is_some_and(|past| past.change == self.change) {
            return;
        }
        self.past.insert(id, Past { change: self.change, at: self.at, before: before() });
    }

    /// What a flexible IP was; `None` if no change of it was recorded.
    pub(in crate::emulator) fn of(&self, id: FlexibleIpId) -> Option<&Past> {
        self.past.get(&id)
    }

    /// The flexible IPs with a recorded change, in the order of their ids.
    pub(in crate::emulator) fn changed(&self) -> impl Iterator<Item = (FlexibleIpId, &Past)> {
        self.past.iter().map(|(id, past)| (*id, past))
    }

    /// The flexible IPs as they were, of those that existed.
    pub(super) fn records(&self) -> impl Iterator<Item = &PastIp> {
        self.past.values().filter_map(|past| past.before.as_ref())
    }

    /// The time of the last change.
    pub(super) const fn last_at(&self) -> Timestamp {
        self.at
    }

    /// Whether no change has a number or a date after the last, and nothing was recorded while nothing was to
    /// be.
    pub(super) fn is_consistent(&self) -> bool {
        let is_fine = |past: &Past| past.change <= self.change && past.at <= self.at;
        let is_empty = self.past.is_empty() && self.change == 0 && self.at == Timestamp::default();
        self.past.values().all(is_fine) && (self.is_on || is_empty)
    }

    /// The flexible IPs among these that the latest change of any of them changed.
    pub(in crate::emulator) fn last_changed(
        &self,
        among: impl Fn(FlexibleIpId) -> bool,
    ) -> BTreeSet<FlexibleIpId> {
        let of_zone = || self.past.iter().filter(|(id, _)| among(**id));
        let last = of_zone().map(|(_, past)| past.change).max();
        of_zone().filter(|(_, past)| Some(past.change) == last).map(|(id, _)| *id).collect()
    }
}
