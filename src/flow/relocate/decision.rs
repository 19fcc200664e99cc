//! The next step of a MAC group.

use super::request::{Relocation, Strategy};
use crate::error::WaitFailureReason;
use crate::flow::status::{is_at_rest, is_stuck};
use crate::model::id::{FlexibleIpId, ServerId};
use crate::wire::route::Operation;
use crate::wire::summary::Summary;

/// What to do next with a group.
pub(super) enum Decision {
    /// Poll again: a transition is under way.
    Wait,
    /// Poll again: the group was read in states that cannot be true together.
    Disagree(FlexibleIpId),
    /// Nothing: the group is on the target.
    Arrived,
    /// Nothing: the group is back on the server that it came from.
    Returned,
    /// Leave the group where it is, because of this flexible IP.
    Stop(FlexibleIpId, WaitFailureReason),
    /// Attach the group to this server, or detach it from this server.
    Send(Operation, ServerId),
}

impl Decision {
    /// Decides by one reading of the group. `outsider` is a flexible IP that was last read with the
    /// group's virtual MAC address and is not of the group. `origin` is the server that the group goes
    /// back to, because the target refused it.
    pub(super) fn of(
        relocation: &Relocation,
        origin: Option<ServerId>,
        group: &[&Summary],
        outsider: Option<FlexibleIpId>,
    ) -> Self {
        let Some(first) = group.first() else { return Self::Wait };
        if let Some(ip) = group.iter().find(|ip| is_stuck(ip)) {
            return Self::Stop(ip.id, WaitFailureReason::Stuck(ip.status.clone()));
        }
        if !group.iter().all(|ip| is_at_rest(ip)) {
            return Self::Wait;
        }
        let agrees = |ip: &&&Summary| ip.server_id == first.server_id && ip.mac_id == first.mac_id;
        if let Some(ip) = group.iter().find(|ip| !agrees(ip)) {
            return Self::Disagree(ip.id);
        }
        match (first.server_id, outsider) {
            (Some(server), _) if server == relocation.target => Self::Arrived,
            (_, Some(id)) => Self::Disagree(id),
            (server, None) => Self::from(server, relocation, origin, first.id),
        }
    }

    /// Decides for a whole group at rest on this server, or on none.
    fn from(
        server: Option<ServerId>,
        relocation: &Relocation,
        origin: Option<ServerId>,
        first: FlexibleIpId,
    ) -> Self {
        match server {
            Some(server) if origin == Some(server) => Self::Returned,
            Some(server) if origin.is_some() || !relocation.may_leave(server) => {
                Self::Stop(first, WaitFailureReason::Elsewhere(server))
            }
            Some(server) if relocation.strategy == Strategy::Detach => {
                Self::Send(Operation::DetachFlexibleIp, server)
            }
            _ => Self::Send(Operation::AttachFlexibleIp, origin.unwrap_or(relocation.target)),
        }
    }
}
