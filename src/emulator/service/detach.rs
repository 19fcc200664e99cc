//! `POST /fips/detach`: one flexible IP, or a MAC group. If members of the group are left out, those that are
//! detached lose the MAC address.

use crate::emulator::http::check::Arguments;
use crate::emulator::http::refusal::Refusal;
use crate::emulator::service::call::{Call, refuse_busy};
use crate::emulator::service::mac_group::refuse_foreign_members;
use crate::emulator::service::success::Success;
use crate::emulator::settings::Settings;
use crate::emulator::world::lifecycle;
use crate::emulator::world::state::State;
use crate::model::id::FlexibleIpId;

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Success, Refusal> {
    let mut arguments = Arguments::new(&call.body);
    let ids: Vec<FlexibleIpId> = arguments.required_ids("fips_ids");
    arguments.finish()?;
    let mut leaving = Vec::with_capacity(ids.len());
    for id in &ids {
        let ip = call.ip(*id, state, settings)?;
        refuse_busy(*id, ip, settings.refuse_busy)?;
        // One that is not attached stays unchanged, as was recorded.
        if ip.server_id.is_some() {
            leaving.push(*id);
        }
    }
    refuse_foreign_members(&ids, state, settings)?;

    for id in &leaving {
        let leaves_group = state.group_of(*id).iter().any(|member| !ids.contains(member));
        if leaves_group {
            state.touch_mac(*id, call.now);
            state.set_mac(*id, None);
        }
    }
    if !leaving.is_empty() {
        lifecycle::begin_detach(state, settings, &leaving, call.now);
    }
    for id in leaving {
        state.touch(id, call.now);
        state.touch_mac(id, call.now);
    }
    Ok(Success::Ips(ids))
}
