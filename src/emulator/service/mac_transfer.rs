//! The checks that duplicating and moving a MAC address share.

use crate::emulator::http::check::Arguments;
use crate::emulator::http::refusal::{Reason, Refusal};
use crate::emulator::service::call::Call;
use crate::emulator::settings::Settings;
use crate::emulator::settings::choices::Occupied;
use crate::emulator::world::records::IpRecord;
use crate::model::id::{FlexibleIpId, MacId};

/// The flexible IPs of the path and of the body's `argument`. Refuses them if they are the same.
pub(super) fn read_ids(
    call: &Call<'_>,
    argument: &str,
) -> Result<(FlexibleIpId, FlexibleIpId), Refusal> {
    let mut arguments = Arguments::new(&call.body);
    let other: FlexibleIpId = arguments.required_id(argument);
    if call.fip_id == Some(other) {
        arguments.refuse(argument, Reason::Constraint, "value must be another flexible IP");
    }
    arguments.finish()?;
    Ok((call.fip_id.ok_or(Refusal::InternalError)?, other))
}

/// The MAC address of `from`, if `to` can take it.
pub(super) fn transferable_mac(
    from: &IpRecord,
    to: &IpRecord,
    settings: &Settings,
) -> Result<MacId, Refusal> {
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
