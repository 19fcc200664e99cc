//! `POST /fips/{fip_id}/mac/move`: the path names the source, the body the destination. The response is the
//! destination. Between flexible IPs that are not attached the move is done at once, as was recorded.

use crate::emulator::http::refusal::Refusal;
use crate::emulator::service::call::{Call, refuse_busy};
use crate::emulator::service::mac_transfer::{read_ids, transferable_mac};
use crate::emulator::service::success::Success;
use crate::emulator::settings::Settings;
use crate::emulator::world::lifecycle;
use crate::emulator::world::records::JobKind;
use crate::emulator::world::state::State;

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Success, Refusal> {
    let (source, destination) = read_ids(call, "dst_fip_id")?;
    let from = call.ip(source, state, settings)?;
    let to = call.ip(destination, state, settings)?;
    refuse_busy(source, from, settings.refuse_busy)?;
    refuse_busy(destination, to, settings.refuse_busy)?;
    let mac_id = transferable_mac(from, to, settings)?;
    let in_group = state.group_of(source).len() > 1;
    // A group goes to one server, also while it is being attached.
    let would_split = in_group && from.assigned_server() != to.assigned_server();
    let is_elsewhere = from.server_id != to.server_id;
    if would_split || (is_elsewhere && (in_group || !settings.move_elsewhere)) {
        return Err(Refusal::precondition("the flexible IPs must be attached to the same server"));
    }

    let attached = to.server_id.is_some();
    state.set_mac(destination, Some(mac_id));
    // The source keeps its date, as was recorded.
    state.set_mac(source, None);
    state.touch_mac(destination, call.now);
    state.touch(destination, call.now);
    if attached {
        lifecycle::begin(state, settings, destination, JobKind::MoveMac, call.now);
    }
    Ok(Success::Ip(destination))
}
