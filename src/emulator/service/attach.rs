//! `POST /fips/attach`: one IP, or a whole MAC group.

use std::collections::BTreeSet;

use super::{Answer, Call, refuse_busy};
use crate::emulator::check::Arguments;
use crate::emulator::lifecycle::Work;
use crate::emulator::queue;
use crate::emulator::refusal::Refusal;
use crate::emulator::settings::Settings;
use crate::emulator::state::State;
use crate::model::id::{FlexibleIpId, ServerId};

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Answer, Refusal> {
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
    refuse_split_groups(&ids, state)?;
    refuse_strangers(&ids, state, settings)?;
    let arriving = moving.iter().filter(|id| !is_at(**id, server, state)).count();
    call.server_takes(server, arriving, state, settings)?;

    if !moving.is_empty() {
        queue::begin_attach(state, settings, &moving, Work::Attach, server, call.now);
    }
    for id in moving {
        state.touch(id, call.now);
        state.touch_mac(id, call.now);
    }
    Ok(Answer::Ips(ids))
}

/// Whether an IP counts for a server already.
fn is_at(id: FlexibleIpId, server: ServerId, state: &State) -> bool {
    state.ips.get(&id).and_then(crate::emulator::held::Ip::place) == Some(server)
}

/// The members of a MAC group move together.
fn refuse_split_groups(ids: &[FlexibleIpId], state: &State) -> Result<(), Refusal> {
    for id in ids {
        if state.group_of(*id).iter().any(|member| !ids.contains(member)) {
            return Err(Refusal::precondition(
                "the flexible IPs of a MAC group must be attached together: name all of them",
            ));
        }
    }
    Ok(())
}

/// What moves together is a MAC group.
pub(super) fn refuse_strangers(
    ids: &[FlexibleIpId],
    state: &State,
    settings: &Settings,
) -> Result<(), Refusal> {
    let group: BTreeSet<FlexibleIpId> =
        ids.first().map(|id| state.group_of(*id)).unwrap_or_default();
    if settings.several_without_group || ids.iter().all(|id| group.contains(id)) {
        return Ok(());
    }
    Err(Refusal::precondition("the flexible IPs must belong to the same MAC group"))
}
