//! `PATCH /fips/{fip_id}`: what is absent or `null` stays, what is empty is cleared.

use super::{Answer, Call, refuse_busy};
use crate::emulator::check::Arguments;
use crate::emulator::refusal::Refusal;
use crate::emulator::settings::Settings;
use crate::emulator::state::State;

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Answer, Refusal> {
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
    // Both were seen to move, also when nothing changes.
    state.touch(id, call.now);
    state.touch_mac(id, call.now);
    Ok(Answer::Ip(id))
}
