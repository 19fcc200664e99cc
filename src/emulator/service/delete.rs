//! `DELETE /fips/{fip_id}`: gone at once, or detached first.

use super::{Answer, Call, refuse_busy};
use crate::emulator::lifecycle::{self, Work};
use crate::emulator::refusal::Refusal;
use crate::emulator::settings::Settings;
use crate::emulator::state::State;
use crate::model::status::Status;

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Answer, Refusal> {
    let (id, ip) = call.path_ip(state, settings)?;
    let work = ip.job.as_ref().map(|job| job.work);
    if matches!(work, Some(Work::Delete | Work::LeaveGroup | Work::EndOfMember)) {
        return Ok(Answer::Empty);
    }
    let refuse_updating = settings.refuse_busy && settings.refuse_busy_delete;
    refuse_busy(id, ip, refuse_updating && ip.status == Status::Updating)?;

    if ip.server_id.is_none() {
        state.release(id);
        return Ok(Answer::Empty);
    }
    let in_group = state.group_of(id).len() > 1;
    let work = if in_group { Work::LeaveGroup } else { Work::Delete };
    lifecycle::begin(state, settings, id, work, call.now);
    state.touch(id, call.now);
    state.touch_mac(id, call.now);
    Ok(Answer::Empty)
}
