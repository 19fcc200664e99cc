//! The work of the operations, one file for each. The files have the same names as the client's in `ops`.
//!
//! | file | contents |
//! |---|---|
//! | `list` `create` `get` `update` `delete` | operations on flexible IPs |
//! | `attach` `detach` | operations on flexible IPs and servers |
//! | `generate_mac` `delete_mac` `duplicate_mac` `move_mac` | operations on virtual MAC addresses |
//! | `mac_transfer`, `mac_group` | checks that two of them share |
//! | `call`, `success` | the request to an operation, and the result of one that succeeds |
//! | `distortion` | how a fault makes a read differ from the state |
//! | `elastic_metal` | the part of the Elastic Metal API that flexible IPs need |
//! | `api_key` | the part of the IAM API that the `scw` command needs |

pub(super) mod api_key;
mod attach;
pub(in crate::emulator) mod call;
mod create;
mod delete;
mod delete_mac;
mod detach;
pub(in crate::emulator) mod distortion;
mod duplicate_mac;
pub(super) mod elastic_metal;
mod generate_mac;
mod get;
mod list;
mod mac_group;
mod mac_transfer;
mod move_mac;
pub(in crate::emulator) mod success;
mod update;

use crate::emulator::http::refusal::Refusal;
use crate::emulator::service::call::Call;
use crate::emulator::service::success::Success;
use crate::emulator::settings::Settings;
use crate::emulator::world::state::State;
use crate::wire::route::Operation;

/// Does the work of an operation. A refusal leaves the state unchanged.
pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Success, Refusal> {
    match call.operation {
        Operation::ListFlexibleIps => list::serve(call, state, settings),
        Operation::CreateFlexibleIp => create::serve(call, state, settings),
        Operation::GetFlexibleIp => get::serve(call, state, settings),
        Operation::UpdateFlexibleIp => update::serve(call, state, settings),
        Operation::DeleteFlexibleIp => delete::serve(call, state, settings),
        Operation::AttachFlexibleIp => attach::serve(call, state, settings),
        Operation::DetachFlexibleIp => detach::serve(call, state, settings),
        Operation::GenerateMacAddr => generate_mac::serve(call, state, settings),
        Operation::DeleteMacAddr => delete_mac::serve(call, state, settings),
        Operation::DuplicateMacAddr => duplicate_mac::serve(call, state, settings),
        Operation::MoveMacAddr => move_mac::serve(call, state, settings),
    }
}
