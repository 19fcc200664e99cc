//! `DELETE /fips/{fip_id}`: the flexible IP is deleted at once, or detached first if it is attached.

use crate::emulator::http::refusal::Refusal;
use crate::emulator::service::call::{Call, refuse_busy};
use crate::emulator::service::success::Success;
use crate::emulator::settings::Settings;
use crate::emulator::world::lifecycle;
use crate::emulator::world::records::JobKind;
use crate::emulator::world::state::State;
use crate::model::status::Status;

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Success, Refusal> {
    let (id, ip) = call.path_ip(state, settings)?;
    let job = ip.job.as_ref().map(|job| job.kind);
    if matches!(job, Some(JobKind::Delete | JobKind::LeaveGroup | JobKind::DeleteMember)) {
        return Ok(Success::Empty);
    }
    let refuse_updating = settings.refuse_busy && settings.refuse_busy_delete;
    refuse_busy(id, ip, refuse_updating && ip.status == Status::Updating)?;

    if ip.server_id.is_none() {
        state.release(id);
        return Ok(Success::Empty);
    }
    let in_group = state.group_of(id).len() > 1;
    let kind = if in_group { JobKind::LeaveGroup } else { JobKind::Delete };
    lifecycle::begin(state, settings, id, kind, call.now);
    state.touch(id, call.now);
    state.touch_mac(id, call.now);
    Ok(Success::Empty)
}
