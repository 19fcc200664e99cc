//! A MAC group on its way, and what is next for it.

use super::request::{Relocation, Strategy};
use crate::error::{Error, WaitFailure, WaitFailureReason};
use crate::flow::PlanStep;
use crate::flow::wait::{is_busy, is_stuck};
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::time::Millis;
use crate::wire::route::Operation;
use crate::wire::summary::Summary;

/// A MAC group, or a flexible IP without one.
pub(super) struct Group {
    pub(super) ids: Vec<FlexibleIpId>,
    /// The request that is on its way.
    pub(super) doing: Option<PlanStep>,
    /// What was last begun, and when.
    pub(super) begun: Option<(Operation, Millis)>,
    /// Looks before this one are older than what was done last.
    pub(super) fresh_from: u32,
    /// How many requests in a row came to nothing.
    pub(super) failures: u32,
    /// How many requests in a row were accepted and changed nothing that could be seen.
    pub(super) fruitless: u32,
    /// Whether the next look decides on one more of them.
    pub(super) doubted: bool,
    pub(super) state: State,
}

#[derive(Clone, Debug)]
pub(super) enum State {
    Moving,
    Arrived,
    Stopped(Error),
}

/// What follows from where the members of a group are.
pub(super) enum Decision {
    Wait,
    Arrived,
    Stop(Error),
    Do(Operation, ServerId),
}

impl Decision {
    /// What follows from where the members of a group are.
    pub(super) fn of(relocation: &Relocation, members: &[&Summary]) -> Self {
        let to = Some(relocation.to);
        if let Some(ip) = members.iter().find(|ip| is_stuck(ip)) {
            let why = WaitFailureReason::Stuck(ip.status.clone());
            return Self::Stop(Error::WaitFailure(WaitFailure { id: ip.id, reason: why }));
        }
        if members.iter().any(|ip| is_busy(ip)) {
            return Self::Wait;
        }
        if members.iter().all(|ip| ip.server_id == to) {
            return Self::Arrived;
        }
        let elsewhere =
            members.iter().filter_map(|ip| ip.server_id).find(|server| Some(*server) != to);
        match (elsewhere, relocation.strategy) {
            (Some(server), Strategy::Detach) => Self::Do(Operation::DetachFlexibleIp, server),
            _ => Self::Do(Operation::AttachFlexibleIp, relocation.to),
        }
    }
}

impl Group {
    pub(super) fn new(id: FlexibleIpId) -> Self {
        Self {
            ids: vec![id],
            doing: None,
            begun: None,
            fresh_from: 0,
            failures: 0,
            fruitless: 0,
            doubted: false,
            state: State::Moving,
        }
    }

    pub(super) const fn is_moving(&self) -> bool {
        matches!(self.state, State::Moving)
    }

    pub(super) const fn has_arrived(&self) -> bool {
        matches!(self.state, State::Arrived)
    }

    pub(super) fn action(&self, operation: Operation, server: Option<ServerId>) -> PlanStep {
        PlanStep { operation, ids: self.ids.clone(), server }
    }
}

/// Whether the next look may show something else: the service is busy, or the answer was lost.
pub(super) fn is_worth_a_look(error: &Error) -> bool {
    match error {
        Error::Refused(refused) => refused.kind.is_retryable(),
        Error::Connection(_) | Error::Timeout(_) | Error::Unsent(_) | Error::Decode(_) => true,
        _ => false,
    }
}
