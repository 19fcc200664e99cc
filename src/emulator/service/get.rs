//! `GET /fips/{fip_id}`

use super::{Answer, Call};
use crate::emulator::refusal::Refusal;
use crate::emulator::settings::Settings;
use crate::emulator::state::State;

pub(super) fn serve(
    call: &Call<'_>,
    state: &State,
    settings: &Settings,
) -> Result<Answer, Refusal> {
    call.path_ip(state, settings).map(|(id, _)| Answer::Ip(id))
}
