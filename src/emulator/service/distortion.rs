//! How a fault makes a read differ from the state.

use std::collections::BTreeSet;

use crate::emulator::world::state::State;
use crate::model::id::FlexibleIpId;
use crate::model::zone::Zone;

/// How a read differs from the state. The default is not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::emulator) struct Distortion {
    /// The flexible IPs that are shown as they were before their last change.
    pub(in crate::emulator) older: BTreeSet<FlexibleIpId>,
    /// Whether a page of a list has the items of the page before it.
    pub(in crate::emulator) repeats_page: bool,
    /// How many items later a page of a list begins.
    pub(in crate::emulator) shift: i32,
    /// What is added to the total count of a list.
    pub(in crate::emulator) total: i32,
}

impl Distortion {
    /// Whether a read of this zone shows the flexible IP as it was, or as absent if it did not exist.
    pub(super) fn shows_past(&self, id: FlexibleIpId, zone: &Zone, state: &State) -> bool {
        self.older.contains(&id) && state.pool.was_allocated(zone, id)
    }
}

/// Adds an offset. The sum is at least 0.
pub(super) fn offset(number: usize, offset: i32) -> usize {
    let distance = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
    if offset < 0 { number.saturating_sub(distance) } else { number.saturating_add(distance) }
}
