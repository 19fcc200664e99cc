//! How a move ends, and what is told of it meanwhile.

use super::RelocateFlow;
use super::group::{Group, State};
use crate::error::{Error, Failure, Incomplete, WaitFailure, WaitFailureReason};
use crate::flow::{Command, Event, FlowError, MoveState, Outcome, Success, Tag};
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;

impl RelocateFlow {
    pub(super) fn tell_wait(&self, delay: Millis, now: Millis, commands: &mut Vec<Command>) {
        let moving = self.groups.iter().filter(|group| group.is_moving());
        let ids: Vec<FlexibleIpId> = moving.flat_map(|group| group.ids.iter().copied()).collect();
        let status = |id: FlexibleIpId| self.poll.last(id).map(|(ip, _)| ip.status.clone());
        let first = ids.first().map(|id| (*id, status(*id)));
        let elapsed = self.elapsed(now);
        commands.push(Command::Emit(Event::Wait { pending: ids.len(), first, elapsed, delay }));
    }

    pub(super) fn time_is_up(&mut self, now: Millis, commands: &mut Vec<Command>) {
        let elapsed = self.elapsed(now);
        let poll = &self.poll;
        for group in self.groups.iter_mut().filter(|group| group.is_moving()) {
            let Some(id) = group.ids.first().copied() else { continue };
            let why = WaitFailureReason::TimedOut(
                elapsed,
                poll.last(id).map(|(ip, _)| ip.status.clone()),
            );
            group.state = State::Stopped(Error::WaitFailure(WaitFailure { id, reason: why }));
        }
        commands.push(self.done());
    }

    /// The caller gave up: what is on its way is not cut off, so that it is known.
    pub(super) fn stop_when_quiet(&mut self, commands: &mut Vec<Command>) {
        if self.groups.iter().all(|group| group.doing.is_none()) {
            commands.push(self.failed(Error::Aborted, None));
        }
    }

    pub(super) fn done(&self) -> Command {
        let stopped = |group: &Group| match &group.state {
            State::Stopped(error) => Some(error.clone()),
            State::Moving | State::Arrived => None,
        };
        let Some(first) = self.groups.iter().find_map(stopped) else {
            let ids = self.groups.iter().flat_map(|group| &group.ids);
            let places =
                ids.filter_map(|id| self.poll.last(*id)).map(|(_, place)| *place).collect();
            return Command::Done(Ok(Success {
                found: Outcome::Ips(places),
                attempts: self.polls,
            }));
        };
        let arrived = self.groups.iter().filter(|group| group.has_arrived());
        let arrived = arrived.map(|group| group.ids.len()).sum();
        let all = self.groups.iter().map(|group| group.ids.len()).sum();
        self.failed(
            Error::Incomplete(Incomplete { arrived, total: all, first_error: Box::new(first) }),
            None,
        )
    }

    /// A failure, with where everybody is as far as that is known.
    pub(super) fn failed(&self, error: Error, tag: Option<Tag>) -> Command {
        let request = tag.and_then(|tag| self.calls.request(tag));
        let failure = Failure {
            error,
            operation: self.relocation.name,
            request: request.map(|request| (request.method.as_str(), request.target())),
            attempts: self.polls,
        };
        let moves = self.groups.iter().flat_map(|group| {
            group.ids.iter().map(|id| MoveState {
                id: *id,
                arrived: group.has_arrived(),
                last: self.poll.last(*id).map(|(_, place)| *place),
                error: match &group.state {
                    State::Stopped(error) => Some(error.clone()),
                    State::Moving | State::Arrived => None,
                },
            })
        });
        Command::Done(Err(FlowError { failure, last: None, moves: moves.collect() }))
    }
}
