//! `POST /fips/detach`: one IP, or a whole MAC group. One member alone loses the MAC address.

use super::attach::refuse_strangers;
use super::{Answer, Call, refuse_busy};
use crate::emulator::check::Arguments;
use crate::emulator::lifecycle;
use crate::emulator::refusal::Refusal;
use crate::emulator::settings::Settings;
use crate::emulator::state::State;
use crate::model::id::FlexibleIpId;

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Answer, Refusal> {
    let mut arguments = Arguments::new(&call.body);
    let ids: Vec<FlexibleIpId> = arguments.required_ids("fips_ids");
    arguments.finish()?;
    let mut leaving = Vec::with_capacity(ids.len());
    for id in &ids {
        let ip = call.ip(*id, state, settings)?;
        refuse_busy(*id, ip, settings.refuse_busy)?;
        // What is detached already stays as it is, as was seen.
        if ip.server_id.is_some() {
            leaving.push(*id);
        }
    }
    refuse_strangers(&ids, state, settings)?;

    for id in &leaving {
        let stays = state.group_of(*id).iter().any(|member| !ids.contains(member));
        if stays {
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
    Ok(Answer::Ips(ids))
}
