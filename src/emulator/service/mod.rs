//! What the operations do: a file each, by the names of the client's.
//!
//! | file | what it does |
//! |---|---|
//! | `list` `create` `get` `update` `delete` | with flexible IPs |
//! | `attach` `detach` | with their servers |
//! | `generate_mac` `delete_mac` `duplicate_mac` `move_mac` | with their virtual MAC addresses |
//! | `elastic_metal` | the servers themselves, as little of them as the above needs |

mod attach;
mod create;
mod delete;
mod delete_mac;
mod detach;
mod duplicate_mac;
pub(super) mod elastic_metal;
mod generate_mac;
mod get;
mod list;
mod move_mac;
mod update;

use super::choices::{Missing, UnknownServer};
use super::held::Ip;
use super::refusal::{FLEXIBLE_IPS, Refusal};
use super::settings::Settings;
use super::state::State;
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::status::Status;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;
use crate::wire::route::Operation;
use crate::wire::value::Value;

/// A request whose envelope was checked.
pub(super) struct Call<'request> {
    pub(super) operation: Operation,
    pub(super) zone: Zone,
    /// The id in the path, of operations that have one.
    pub(super) fip_id: Option<FlexibleIpId>,
    pub(super) query: &'request str,
    pub(super) body: Value,
    pub(super) now: Timestamp,
}

/// What an operation answers, to be rendered.
pub(super) enum Answer {
    /// One flexible IP.
    Ip(FlexibleIpId),
    /// One that was just created: it shows this reverse once, whatever reads show.
    Created(FlexibleIpId, String),
    /// Those that were asked for.
    Ips(Vec<FlexibleIpId>),
    /// Some of a list, and how many there are in all.
    Page(Vec<FlexibleIpId>, usize),
    /// Nothing.
    Empty,
}

/// Carries out an operation.
pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Answer, Refusal> {
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

impl Call<'_> {
    /// The IP of the path, or why there is none.
    fn path_ip<'state>(
        &self,
        state: &'state State,
        settings: &Settings,
    ) -> Result<(FlexibleIpId, &'state Ip), Refusal> {
        // The route has an id in its path, or it would not have come here.
        let id = self.fip_id.ok_or(Refusal::InternalError)?;
        Ok((id, self.ip(id, state, settings)?))
    }

    /// An IP of this zone, or why there is none.
    fn ip<'state>(
        &self,
        id: FlexibleIpId,
        state: &'state State,
        settings: &Settings,
    ) -> Result<&'state Ip, Refusal> {
        if let Some(ip) = state.ips.get(&id).filter(|ip| ip.zone == self.zone) {
            return Ok(ip);
        }
        let below_mac = matches!(
            self.operation,
            Operation::GenerateMacAddr
                | Operation::DeleteMacAddr
                | Operation::DuplicateMacAddr
                | Operation::MoveMacAddr
        );
        let missing = if state.pool.knows(&self.zone, id) {
            settings.gone_ip
        } else if below_mac {
            Missing::NotFound
        } else {
            settings.never_ip
        };
        let id = id.to_string();
        Err(match missing {
            Missing::PermissionsDenied => Refusal::PermissionsDenied,
            Missing::NotFound => Refusal::NotFound { resource: FLEXIBLE_IPS, id },
            Missing::Expired => {
                Refusal::Expired { id, since: self.now, spelling: settings.expired_spelling }
            }
        })
    }

    /// Whether a server of this zone can be attached to, with so many IPs more.
    fn server_takes(
        &self,
        server: ServerId,
        more: usize,
        state: &State,
        settings: &Settings,
    ) -> Result<(), Refusal> {
        let machine = state.machines.get(&server).filter(|machine| machine.zone == self.zone);
        let Some(machine) = machine else {
            return Err(match settings.unknown_server {
                UnknownServer::InternalError => Refusal::InternalError,
                UnknownServer::NotFound => {
                    Refusal::NotFound { resource: "server", id: server.to_string() }
                }
            });
        };
        if machine.leaves_at.is_some() {
            return Err(Refusal::precondition("the server is being deleted"));
        }
        let current = state.index.at_server(server).len();
        let quota = settings.server_limit;
        if current.saturating_add(more) > quota {
            let resource = settings.server_limit_name.clone();
            return Err(Refusal::QuotasExceeded { resource, quota, current });
        }
        Ok(())
    }
}

/// Refuses a write to an IP that the service is at work on, or has locked.
fn refuse_busy(id: FlexibleIpId, ip: &Ip, refuse_transient: bool) -> Result<(), Refusal> {
    match ip.status {
        Status::Locked => Err(Refusal::Locked { id: id.to_string() }),
        state if state.is_transient() && refuse_transient => {
            Err(Refusal::TransientState { id: id.to_string(), state })
        }
        _ => Ok(()),
    }
}
