//! `POST /fips/{fip_id}/mac/duplicate`: the path names the destination, the body the source. Both are in one
//! MAC group from then on.

use crate::emulator::http::refusal::Refusal;
use crate::emulator::service::call::{Call, refuse_busy};
use crate::emulator::service::mac_transfer::{read_ids, transferable_mac};
use crate::emulator::service::success::Success;
use crate::emulator::settings::Settings;
use crate::emulator::world::lifecycle;
use crate::emulator::world::state::State;

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Success, Refusal> {
    let (destination, source) = read_ids(call, "duplicate_from_fip_id")?;
    let to = call.ip(destination, state, settings)?;
    let from = call.ip(source, state, settings)?;
    refuse_busy(destination, to, settings.refuse_busy)?;
    refuse_busy(source, from, settings.refuse_busy)?;
    if to.server_id.is_none() || to.server_id != from.server_id {
        let help = "the flexible IPs must be attached to the same server";
        return Err(Refusal::precondition(help));
    }
    let mac_id = transferable_mac(from, to, settings)?;

    state.set_mac(destination, Some(mac_id));
    state.touch_mac(destination, call.now);
    state.touch(destination, call.now);
    lifecycle::begin_duplicate(state, settings, destination, source, call.now);
    Ok(Success::Ip(destination))
}
