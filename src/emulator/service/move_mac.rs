//! `POST /fips/{fip_id}/mac/move`: the path names the source, the body the destination, and the
//! answer is the destination. Done at once between IPs that are not attached, as was seen.

use super::duplicate_mac::{ends, mac_to_give};
use super::{Answer, Call, refuse_busy};
use crate::emulator::lifecycle::{self, Work};
use crate::emulator::refusal::Refusal;
use crate::emulator::settings::Settings;
use crate::emulator::state::State;

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Answer, Refusal> {
    let (source, destination) = ends(call, "dst_fip_id")?;
    let from = call.ip(source, state, settings)?;
    let to = call.ip(destination, state, settings)?;
    refuse_busy(source, from, settings.refuse_busy)?;
    refuse_busy(destination, to, settings.refuse_busy)?;
    let mac_id = mac_to_give(from, to, settings)?;
    let in_group = state.group_of(source).len() > 1;
    if from.server_id != to.server_id && (in_group || !settings.move_elsewhere) {
        return Err(Refusal::precondition("the flexible IPs must be attached to the same server"));
    }

    let attached = to.server_id.is_some();
    state.set_mac(destination, Some(mac_id));
    // The source was seen to keep its own date.
    state.set_mac(source, None);
    state.touch_mac(destination, call.now);
    state.touch(destination, call.now);
    if attached {
        lifecycle::begin(state, settings, destination, Work::MoveMac, call.now);
    }
    Ok(Answer::Ip(destination))
}
