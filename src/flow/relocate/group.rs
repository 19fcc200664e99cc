//! The state of a MAC group during a move.

use super::decision::Decision;
use crate::error::{Error, WaitFailure, WaitFailureReason};
use crate::flow::command::Command;
use crate::flow::event::Event;
use crate::flow::plan::{PlanStep, Progress};
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::time::Millis;
use crate::wire::route::Operation;

/// After this many consecutive failures a group stops.
pub(super) const FAILURES_MAX: u32 = 8;

/// A MAC group, or a flexible IP without one.
pub(super) struct Group {
    pub(super) ids: Vec<FlexibleIpId>,
    /// The step whose request is under way.
    pub(super) in_flight: Option<PlanStep>,
    /// The operation of the last request and the time of its response, if that was a success.
    pub(super) accepted: Option<(Operation, Millis)>,
    /// The first poll that began after the last response. Earlier polls may show older states.
    pub(super) first_fresh_poll: u32,
    /// The number of consecutive requests that failed.
    pub(super) failures: u32,
    /// The number of consecutive accepted requests after which a poll showed no change.
    pub(super) ineffective: u32,
    /// Whether a poll showed no change after the accepted request. If the next poll shows none either,
    /// the request is repeated.
    pub(super) is_unconfirmed: bool,
    pub(super) state: State,
}

#[derive(Clone, Debug)]
pub(super) enum State {
    Moving,
    Arrived,
    Stopped(Error),
}

impl Group {
    pub(super) fn new(id: FlexibleIpId) -> Self {
        Self {
            ids: vec![id],
            in_flight: None,
            accepted: None,
            first_fresh_poll: 0,
            failures: 0,
            ineffective: 0,
            is_unconfirmed: false,
            state: State::Moving,
        }
    }

    pub(super) const fn is_moving(&self) -> bool {
        matches!(self.state, State::Moving)
    }

    pub(super) const fn has_arrived(&self) -> bool {
        matches!(self.state, State::Arrived)
    }

    /// Why the group stopped.
    pub(super) fn error(&self) -> Option<Error> {
        match &self.state {
            State::Stopped(error) => Some(error.clone()),
            State::Moving | State::Arrived => None,
        }
    }

    pub(super) fn step(&self, operation: Operation, server: Option<ServerId>) -> PlanStep {
        PlanStep { operation, ids: self.ids.clone(), server }
    }

    /// Whether a poll with this number can decide the next step: no request is under way, and the poll
    /// is newer than the last response.
    pub(super) const fn is_decided_by(&self, poll: u32) -> bool {
        self.is_moving() && self.in_flight.is_none() && poll >= self.first_fresh_poll
    }

    /// Applies a decision. Returns the request to send: attach to or detach from this server.
    pub(super) fn on_decision(
        &mut self,
        decision: Decision,
        target: ServerId,
        elapsed: Millis,
        commands: &mut Vec<Command>,
    ) -> Option<(Operation, ServerId)> {
        match decision {
            Decision::Wait => self.is_unconfirmed = false,
            Decision::Arrived => {
                self.state = State::Arrived;
                if let Some((operation, _)) = self.accepted {
                    let step = self.step(operation, Some(target));
                    commands.push(moving(step, Progress::Done, elapsed));
                }
            }
            Decision::Stop(error) => self.state = State::Stopped(error),
            // The poll shows no change after the accepted request, but the service may have answered
            // it with an older state. A second poll confirms it before the request is repeated, and
            // the interval before that poll doubles with each repetition.
            Decision::Send(operation, _)
                if !self.is_unconfirmed && self.has_accepted(operation) =>
            {
                self.is_unconfirmed = true;
                self.ineffective = self.ineffective.saturating_add(1);
            }
            Decision::Send(operation, server) => {
                if !self.is_unconfirmed {
                    self.ineffective = 0;
                }
                self.is_unconfirmed = false;
                // A step that follows another one shows that the earlier step is done.
                if let Some((earlier, _)) = self.accepted.filter(|(other, _)| *other != operation) {
                    commands.push(moving(self.step(earlier, None), Progress::Done, elapsed));
                }
                let step = self.step(operation, Some(server));
                self.in_flight = Some(step.clone());
                commands.push(moving(step, Progress::Begun, elapsed));
                return Some((operation, server));
            }
        }
        None
    }

    /// Takes the end of the request under way. `next_poll` is the number of the next poll to begin.
    pub(super) fn on_response(
        &mut self,
        outcome: Result<(), Error>,
        next_poll: u32,
        elapsed: Millis,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        let step = self.in_flight.take();
        self.first_fresh_poll = next_poll;
        match outcome {
            Ok(()) => {
                self.accepted = step.map(|step| (step.operation, now));
                self.failures = 0;
            }
            // The next poll decides whether the request is repeated.
            Err(error) if is_temporary(&error) && self.failures < FAILURES_MAX => {
                self.accepted = None;
                self.failures = self.failures.saturating_add(1);
                commands.push(Command::Emit(Event::PollFailed { error, elapsed }));
            }
            Err(error) => {
                self.state = State::Stopped(error);
                commands.extend(step.map(|step| moving(step, Progress::Failed, elapsed)));
            }
        }
    }

    /// Stops the group because of one of its flexible IPs.
    pub(super) fn stop(&mut self, id: FlexibleIpId, reason: WaitFailureReason) {
        self.state = State::Stopped(Error::WaitFailure(WaitFailure { id, reason }));
    }

    fn has_accepted(&self, operation: Operation) -> bool {
        self.accepted.is_some_and(|(accepted, _)| accepted == operation)
    }
}

fn moving(step: PlanStep, progress: Progress, elapsed: Millis) -> Command {
    Command::Emit(Event::Moving { step, progress, elapsed })
}

/// Whether a move goes on after a failed request: the refusal is temporary, or the outcome is unknown.
fn is_temporary(error: &Error) -> bool {
    match error {
        Error::Refused(refused) => refused.kind.is_retryable(),
        Error::Connection(_) | Error::Timeout(_) | Error::Unsent(_) | Error::Decode(_) => true,
        _ => false,
    }
}
