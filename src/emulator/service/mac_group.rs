//! The checks that attach and detach have for MAC groups.

use std::collections::BTreeSet;

use crate::emulator::http::refusal::Refusal;
use crate::emulator::settings::Settings;
use crate::emulator::world::state::State;
use crate::model::id::FlexibleIpId;

/// Refuses a part of a MAC group: its members must be attached together.
pub(super) fn refuse_partial_groups(ids: &[FlexibleIpId], state: &State) -> Result<(), Refusal> {
    for id in ids {
        if state.group_of(*id).iter().any(|member| !ids.contains(member)) {
            return Err(Refusal::precondition(
                "the flexible IPs of a MAC group must be attached together: name all of them",
            ));
        }
    }
    Ok(())
}

/// Refuses several flexible IPs that are not of one MAC group, unless the settings allow them.
pub(super) fn refuse_foreign_members(
    ids: &[FlexibleIpId],
    state: &State,
    settings: &Settings,
) -> Result<(), Refusal> {
    let group: BTreeSet<FlexibleIpId> =
        ids.first().map(|id| state.group_of(*id)).unwrap_or_default();
    if settings.several_without_group || ids.iter().all(|id| group.contains(id)) {
        return Ok(());
    }
    Err(Refusal::precondition("the flexible IPs must belong to the same MAC group"))
}
