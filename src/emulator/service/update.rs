//! `PATCH /fips/{fip_id}`: a field that is absent or `null` stays unchanged, an empty one is cleared.

use crate::emulator::http::check::Arguments;
use crate::emulator::http::refusal::Refusal;
use crate::emulator::service::call::{Call, refuse_busy};
use crate::emulator::service::success::Success;
use crate::emulator::settings::Settings;
use crate::emulator::world::state::State;

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Success, Refusal> {
    let mut arguments = Arguments::new(&call.body);
    let description = arguments.description();
    let tags = arguments.texts("tags");
    let reverse = arguments.reverse(settings);
    arguments.finish()?;
    let (id, ip) = call.path_ip(state, settings)?;
    refuse_busy(id, ip, settings.refuse_busy && settings.refuse_busy_update)?;

    state.edit(id, |ip| {
        ip.description = description.unwrap_or_else(|| std::mem::take(&mut ip.description));
        ip.tags = tags.unwrap_or_else(|| std::mem::take(&mut ip.tags));
        ip.reverse = reverse.or_else(|| ip.reverse.take());
    });
    // Both dates change even if nothing else does, as was recorded.
    state.touch(id, call.now);
    state.touch_mac(id, call.now);
    Ok(Success::Ip(id))
}
