//! The population in a snapshot: how many flexible IPs it made, and not the flexible IPs themselves, as long as
//! they are as it made them. A million of them would be 300 MB of JSON.

use std::mem;

use crate::emulator::settings::error::SettingsError;
use crate::emulator::settings::population::MAX_POPULATION;
use crate::emulator::world::populate::make;
use crate::emulator::world::state::State;

/// Adds what a snapshot left out to a state that was read: the flexible IPs and MAC groups that are as the
/// population made them. Those that were changed are in the state, those that were deleted are free in the pool.
pub(in crate::emulator) fn add_unchanged(state: &mut State) -> Result<(), SettingsError> {
    let Some(populated) = &state.populated else { return Ok(()) };
    let most = MAX_POPULATION.min(state.pool.allocated());
    if populated.total() > most {
        return Err(SettingsError::OverPopulation { total: populated.total(), most });
    }
    let mut made = make(&mut state.emptied(), populated)?;
    let changed = mem::take(&mut state.ips);
    let groups = mem::take(&mut state.groups);
    let gone = state.pool.gone();
    made.ips.retain(|(id, _)| !gone.contains(id) && !changed.contains_key(id));
    state.ips = made.ips.into_iter().chain(changed).collect();
    made.groups.retain(|(mac_id, group)| {
        let carries = |id| state.ips.get(id).is_some_and(|ip| ip.mac_id == Some(*mac_id));
        !groups.contains_key(mac_id) && group.members.iter().all(carries)
    });
    state.groups = made.groups.into_iter().chain(groups).collect();
    Ok(())
}
