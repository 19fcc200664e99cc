//! `POST /fips/{fip_id}/mac`: the flexible IP gets a new MAC address, at once if it is not attached. A member
//! of a MAC group leaves the group.

use crate::emulator::http::check::Arguments;
use crate::emulator::http::refusal::{Reason, Refusal};
use crate::emulator::service::call::{Call, refuse_busy};
use crate::emulator::service::success::Success;
use crate::emulator::settings::Settings;
use crate::emulator::world::lifecycle;
use crate::emulator::world::records::{JobKind, KVM_PREFIX};
use crate::emulator::world::state::State;
use crate::model::mac::MacType;

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Success, Refusal> {
    let mut arguments = Arguments::new(&call.body);
    let mac_type = mac_type(&mut arguments, settings);
    arguments.finish()?;
    let (id, ip) = call.path_ip(state, settings)?;
    refuse_busy(id, ip, settings.refuse_busy)?;
    if ip.network.is_ipv6() && !settings.mac_on_ipv6 {
        return Err(Refusal::precondition("an IPv6 flexible IP has no virtual MAC address"));
    }

    let attached = ip.server_id.is_some();
    let prefix = match mac_type {
        MacType::Vmware => settings.vmware_prefix,
        MacType::Xen => settings.xen_prefix,
        MacType::Kvm | MacType::Unknown => KVM_PREFIX,
    };
    let mac_id = state.create_mac(prefix, mac_type, call.now);
    state.set_mac(id, Some(mac_id));
    state.touch_mac(id, call.now);
    state.touch(id, call.now);
    if attached {
        lifecycle::begin(state, settings, id, JobKind::GenerateMac, call.now);
    }
    Ok(Success::Ip(id))
}

/// Reads the type. If it is refused, the result is a placeholder.
fn mac_type(arguments: &mut Arguments<'_>, settings: &Settings) -> MacType {
    const NAME: &str = "mac_type";
    let Some(word) = arguments.required_text(NAME) else { return MacType::Kvm };
    match MacType::parse(&word) {
        Some(MacType::Unknown) if settings.refuse_unknown_mac_type => {
            arguments.refuse(NAME, Reason::Unknown, "value must name a hypervisor");
        }
        Some(MacType::Unknown) => {}
        Some(mac_type) => return mac_type,
        None => {
            arguments.refuse(NAME, Reason::Constraint, "value must be one of vmware, xen, kvm");
        }
    }
    MacType::Kvm
}
