//! A request to one of the 11 operations, and the checks that several of them share.

use crate::emulator::http::refusal::{FLEXIBLE_IPS, Refusal};
use crate::emulator::service::distortion::Distortion;
use crate::emulator::settings::Settings;
use crate::emulator::settings::choices::{Missing, UnknownServer};
use crate::emulator::world::records::IpRecord;
use crate::emulator::world::state::State;
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::status::Status;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;
use crate::wire::route::Operation;
use crate::wire::value::Value;

/// A request whose token, zone, id and JSON syntax were checked.
pub(in crate::emulator) struct Call<'request> {
    pub(in crate::emulator) operation: Operation,
    pub(in crate::emulator) zone: Zone,
    /// The id in the path, if the operation's path has one.
    pub(in crate::emulator) fip_id: Option<FlexibleIpId>,
    pub(in crate::emulator) query: &'request str,
    pub(in crate::emulator) body: Value,
    pub(in crate::emulator) now: Timestamp,
    pub(in crate::emulator) distortion: Distortion,
}

impl Call<'_> {
    /// The flexible IP of the path, or the refusal if it does not exist.
    pub(super) fn path_ip<'state>(
        &self,
        state: &'state State,
        settings: &Settings,
    ) -> Result<(FlexibleIpId, &'state IpRecord), Refusal> {
        // The routes of all callers have an id in their path.
        let id = self.fip_id.ok_or(Refusal::InternalError)?;
        Ok((id, self.ip(id, state, settings)?))
    }

    /// A flexible IP of the path's zone, or the refusal if it does not exist.
    pub(super) fn ip<'state>(
        &self,
        id: FlexibleIpId,
        state: &'state State,
        settings: &Settings,
    ) -> Result<&'state IpRecord, Refusal> {
        if let Some(ip) = state.ips.get(&id).filter(|ip| ip.zone == self.zone) {
            return Ok(ip);
        }
        Err(self.missing(id, state, settings))
    }

    /// The refusal about a flexible IP that does not exist, or is another tenant's.
    pub(super) fn missing(&self, id: FlexibleIpId, state: &State, settings: &Settings) -> Refusal {
        let below_mac = matches!(
            self.operation,
            Operation::GenerateMacAddr
                | Operation::DeleteMacAddr
                | Operation::DuplicateMacAddr
                | Operation::MoveMacAddr
        );
        let missing = if state.pool.is_others(id) {
            Missing::PermissionsDenied
        } else if state.pool.was_allocated(&self.zone, id) {
            settings.gone_ip
        } else if below_mac {
            Missing::NotFound
        } else {
            settings.never_ip
        };
        let id = id.to_string();
        match missing {
            Missing::PermissionsDenied => Refusal::PermissionsDenied,
            Missing::NotFound => Refusal::NotFound { resource: FLEXIBLE_IPS, id },
            Missing::Expired => {
                Refusal::Expired { id, since: self.now, spelling: settings.expired_spelling }
            }
        }
    }

    /// Checks that a server exists in the path's zone, stays, and has capacity for `more` flexible IPs.
    pub(super) fn check_server(
        &self,
        server_id: ServerId,
        more: usize,
        state: &State,
        settings: &Settings,
    ) -> Result<(), Refusal> {
        let server = state.servers.get(&server_id).filter(|server| server.zone == self.zone);
        let Some(server) = server else {
            return Err(match settings.unknown_server {
                UnknownServer::InternalError => Refusal::InternalError,
                UnknownServer::NotFound => {
                    Refusal::NotFound { resource: "server", id: server_id.to_string() }
                }
            });
        };
        if server.gone_at.is_some() {
            return Err(Refusal::precondition("the server is being deleted"));
        }
        let current = state.index.assigned_to(server_id).len();
        let quota = settings.server_limit;
        if current.saturating_add(more) > quota {
            let resource = settings.server_limit_name.clone();
            return Err(Refusal::QuotasExceeded { resource, quota, current });
        }
        Ok(())
    }
}

/// Refuses a write to a flexible IP that is locked and, if `refuse_transient` is set, to one with a
/// transition under way.
pub(super) fn refuse_busy(
    id: FlexibleIpId,
    ip: &IpRecord,
    refuse_transient: bool,
) -> Result<(), Refusal> {
    match ip.status {
        Status::Locked => Err(Refusal::Locked { id: id.to_string() }),
        state if state.is_transient() && refuse_transient => {
            Err(Refusal::TransientState { id: id.to_string(), state })
        }
        _ => Ok(()),
    }
}
