//! `POST /fips/{fip_id}/mac/duplicate`: the path names the destination, the body the source. Both
//! are one MAC group from then on.

use super::{Answer, Call, refuse_busy};
use crate::emulator::check::Arguments;
use crate::emulator::choices::Occupied;
use crate::emulator::held::Ip;
use crate::emulator::lifecycle;
use crate::emulator::refusal::{Reason, Refusal};
use crate::emulator::settings::Settings;
use crate::emulator::state::State;
use crate::model::id::{FlexibleIpId, MacId};

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Answer, Refusal> {
    let (destination, source) = ends(call, "duplicate_from_fip_id")?;
    let to = call.ip(destination, state, settings)?;
    let from = call.ip(source, state, settings)?;
    refuse_busy(destination, to, settings.refuse_busy)?;
    refuse_busy(source, from, settings.refuse_busy)?;
    if to.server_id.is_none() || to.server_id != from.server_id {
        let help = "the flexible IPs must be attached to the same server";
        return Err(Refusal::precondition(help));
    }
    let mac_id = mac_to_give(from, to, settings)?;

    state.set_mac(destination, Some(mac_id));
    state.touch_mac(destination, call.now);
    state.touch(destination, call.now);
    lifecycle::begin_duplicate(state, settings, destination, source, call.now);
    Ok(Answer::Ip(destination))
}

/// The IP of the path and the one that the body names: never the same.
pub(super) fn ends(
    call: &Call<'_>,
    argument: &str,
) -> Result<(FlexibleIpId, FlexibleIpId), Refusal> {
    let mut arguments = Arguments::new(&call.body);
    let named: FlexibleIpId = arguments.required_id(argument);
    if call.fip_id == Some(named) {
        arguments.refuse(argument, Reason::Constraint, "value must be another flexible IP");
    }
    arguments.finish()?;
    Ok((call.fip_id.ok_or(Refusal::InternalError)?, named))
}

/// The MAC address of one IP, if the other can take it.
pub(super) fn mac_to_give(from: &Ip, to: &Ip, settings: &Settings) -> Result<MacId, Refusal> {
    let Some(mac_id) = from.mac_id else {
        return Err(Refusal::precondition("the flexible IP has no virtual MAC address"));
    };
    let Some(present) = to.mac_id else { return Ok(mac_id) };
    let help = "the destination has a virtual MAC address already";
    match settings.occupied_destination {
        Occupied::Replace => Ok(mac_id),
        Occupied::PreconditionFailed => Err(Refusal::precondition(help)),
        Occupied::AlreadyExists => {
            Err(Refusal::AlreadyExists { resource: "mac_address", id: present.to_string(), help })
        }
    }
}
