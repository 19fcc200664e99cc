//! `POST /fips/attach`: one flexible IP, or a whole MAC group.

use crate::emulator::http::check::Arguments;
use crate::emulator::http::refusal::Refusal;
use crate::emulator::service::call::{Call, refuse_busy};
use crate::emulator::service::mac_group::{refuse_foreign_members, refuse_partial_groups};
use crate::emulator::service::success::Success;
use crate::emulator::settings::Settings;
use crate::emulator::world::attach_queue;
use crate::emulator::world::records::JobKind;
use crate::emulator::world::state::State;
use crate::model::id::{FlexibleIpId, ServerId};

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Success, Refusal> {
    let mut arguments = Arguments::new(&call.body);
    let ids: Vec<FlexibleIpId> = arguments.required_ids("fips_ids");
    let server: ServerId = arguments.required_id("server_id");
    arguments.finish()?;
    let mut moving = Vec::with_capacity(ids.len());
    for id in &ids {
        let ip = call.ip(*id, state, settings)?;
        refuse_busy(*id, ip, settings.refuse_busy)?;
        match ip.server_id {
            Some(current) if current == server => {
                if settings.refuse_same_server {
                    return Err(Refusal::precondition(
                        "the flexible IP is attached to this server",
                    ));
                }
            }
            Some(_) if !settings.direct_reattach => {
                return Err(Refusal::precondition("the flexible IP is attached to another server"));
            }
            _ => moving.push(*id),
        }
    }
    refuse_partial_groups(&ids, state)?;
    refuse_foreign_members(&ids, state, settings)?;
    let is_assigned =
        |id: &FlexibleIpId| state.ips.get(id).and_then(|ip| ip.assigned_server()) == Some(server);
    let arriving = moving.iter().filter(|id| !is_assigned(id)).count();
    call.check_server(server, arriving, state, settings)?;

    if !moving.is_empty() {
        attach_queue::begin_attach(state, settings, &moving, JobKind::Attach, server, call.now);
    }
    for id in moving {
        state.touch(id, call.now);
        state.touch_mac(id, call.now);
    }
    Ok(Success::Ips(ids))
}
