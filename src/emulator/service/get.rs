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
    call.path_ip(state, settings).map(|(id, _)| Success::Ip(id))
}
