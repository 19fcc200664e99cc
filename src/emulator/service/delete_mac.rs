//! `DELETE /fips/{fip_id}/mac`: the flexible IP leaves its MAC group, at once if it is not attached.

use crate::emulator::http::refusal::Refusal;
use crate::emulator::service::call::{Call, refuse_busy};
use crate::emulator::service::success::Success;
use crate::emulator::settings::Settings;
use crate::emulator::settings::choices::NoMac;
use crate::emulator::world::lifecycle;
use crate::emulator::world::records::JobKind;
use crate::emulator::world::state::State;

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Success, Refusal> {
    let (id, ip) = call.path_ip(state, settings)?;
    refuse_busy(id, ip, settings.refuse_busy)?;
    if ip.mac_id.is_none() {
        return match settings.delete_no_mac {
            NoMac::Nothing => Ok(Success::Empty),
            NoMac::PreconditionFailed => {
                Err(Refusal::precondition("the flexible IP has no virtual MAC address"))
            }
        };
    }

    let attached = ip.server_id.is_some();
    state.touch_mac(id, call.now);
    state.touch(id, call.now);
    if attached {
        lifecycle::begin(state, settings, id, JobKind::DeleteMac, call.now);
    } else {
        state.set_mac(id, None);
    }
    Ok(Success::Empty)
}
