//! `DELETE /fips/{fip_id}/mac`: the IP leaves its MAC group, at once where it is not attached.

use super::{Answer, Call, refuse_busy};
use crate::emulator::choices::NoMac;
use crate::emulator::lifecycle::{self, Work};
use crate::emulator::refusal::Refusal;
use crate::emulator::settings::Settings;
use crate::emulator::state::State;

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Answer, Refusal> {
    let (id, ip) = call.path_ip(state, settings)?;
    refuse_busy(id, ip, settings.refuse_busy)?;
    if ip.mac_id.is_none() {
        return match settings.delete_no_mac {
            NoMac::Nothing => Ok(Answer::Empty),
            NoMac::PreconditionFailed => {
                Err(Refusal::precondition("the flexible IP has no virtual MAC address"))
            }
        };
    }

    let attached = ip.server_id.is_some();
    state.touch_mac(id, call.now);
    state.touch(id, call.now);
    if attached {
        lifecycle::begin(state, settings, id, Work::DeleteMac, call.now);
    } else {
        state.set_mac(id, None);
    }
    Ok(Answer::Empty)
}
