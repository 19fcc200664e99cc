//! The next step of a MAC group.

use super::request::{Relocation, Strategy};
use crate::error::{Error, WaitFailure, WaitFailureReason};
use crate::flow::status::{is_in_transition, is_stuck};
use crate::model::id::ServerId;
use crate::wire::route::Operation;
use crate::wire::summary::Summary;

/// What to do next with a group.
pub(super) enum Decision {
    /// Poll again: a transition is under way.
    Wait,
    /// Nothing: the group is on the target.
    Arrived,
    /// Leave the group where it is, because of this error.
    Stop(Error),
    /// Attach the group to this server, or detach it from this server.
    Send(Operation, ServerId),
}

impl Decision {
    /// Decides by the last known state of the group's flexible IPs.
    pub(super) fn of(relocation: &Relocation, ips: &[&Summary]) -> Self {
        let target = Some(relocation.target);
        if let Some(ip) = ips.iter().find(|ip| is_stuck(ip)) {
            let reason = WaitFailureReason::Stuck(ip.status.clone());
            return Self::Stop(Error::WaitFailure(WaitFailure { id: ip.id, reason }));
        }
        if ips.iter().any(|ip| is_in_transition(ip)) {
            return Self::Wait;
        }
        if ips.iter().all(|ip| ip.server_id == target) {
            return Self::Arrived;
        }
        let source = ips.iter().filter_map(|ip| ip.server_id).find(|id| Some(*id) != target);
        match (source, relocation.strategy) {
            (Some(source), Strategy::Detach) => Self::Send(Operation::DetachFlexibleIp, source),
            _ => Self::Send(Operation::AttachFlexibleIp, relocation.target),
        }
    }
}
