//! How a fault makes a read differ from the state.

use crate::emulator::control::faults::fault::Fault;
use crate::emulator::random::Random;
use crate::emulator::service::distortion::Distortion;
use crate::emulator::world::state::State;
use crate::model::id::FlexibleIpId;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;

/// What the response to a read depends on besides its fault.
pub(in crate::emulator) struct Read<'emulator> {
    pub(in crate::emulator) state: &'emulator State,
    pub(in crate::emulator) headers: &'emulator [(String, String)],
    /// The zone of the path, if it is valid.
    pub(in crate::emulator) zone: Option<Zone>,
    pub(in crate::emulator) fip_id: Option<FlexibleIpId>,
    pub(in crate::emulator) now: Timestamp,
}

impl Fault {
    /// Whether the fault needs the states before the last changes.
    pub(in crate::emulator) const fn needs_history(&self) -> bool {
        matches!(self, Self::Tear(_) | Self::Stale(_))
    }

    /// Whether the fault leaves this request alone, since its headers forbid a cache.
    pub(in crate::emulator) fn is_forbidden(&self, headers: &[(String, String)]) -> bool {
        matches!(self, Self::Stale(stale) if !stale.serves(headers))
    }

    /// How the response to a read differs from the state.
    pub(in crate::emulator) fn distortion(&self, random: Random, read: &Read<'_>) -> Distortion {
        let Read { state, now, .. } = read;
        let none = Distortion::default();
        match self {
            Self::Tear(tear) => Distortion { older: tear.older(state, random, *now), ..none },
            Self::Stale(stale) if stale.serves(read.headers) => {
                let is_read = |id: FlexibleIpId| match (read.fip_id, &read.zone) {
                    (Some(read), _) => id == read,
                    (None, Some(zone)) => state.pool.was_allocated(zone, id),
                    (None, None) => false,
                };
                Distortion { older: state.history.last_changed(is_read), ..none }
            }
            Self::RepeatPage => Distortion { repeats_page: true, ..none },
            Self::ShiftPage(shift) => Distortion { shift: *shift, ..none },
            Self::WrongTotal(total) => Distortion { total: *total, ..none },
            _ => none,
        }
    }
}
