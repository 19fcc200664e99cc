//! `GET /fips/{fip_id}`

use crate::emulator::http::refusal::Refusal;
use crate::emulator::service::call::Call;
use crate::emulator::service::success::Success;
use crate::emulator::settings::Settings;
use crate::emulator::world::state::State;

pub(super) fn serve(
    call: &Call<'_>,
    state: &State,
    settings: &Settings,
) -> Result<Success, Refusal> {
    if let Some(id) = call.fip_id
        && call.distortion.shows_past(id, &call.zone, state)
    {
        let existed = state.history.of(id).is_some_and(|past| past.before.is_some());
        return if existed {
            Ok(Success::PastIp(id))
        } else {
            Err(call.missing(id, state, settings))
        };
    }
    call.path_ip(state, settings).map(|(id, _)| Success::Ip(id))
}
