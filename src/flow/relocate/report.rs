//! The result of a move, and the event of each wait.

use super::group::Group;
use crate::error::{Error, Failure, Incomplete};
use crate::flow::command::Command;
use crate::flow::event::Event;
use crate::flow::outcome::{CallFailure, MoveState, Outcome, Success};
use crate::flow::poller::Poller;
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::wire::http::Request;

/// What is known of a move.
pub(super) struct Report<'a> {
    /// The client's method.
    pub(super) name: &'static str,
    pub(super) groups: &'a [Group],
    pub(super) poller: &'a Poller,
    /// The number of polls so far.
    pub(super) polls: u32,
}

impl Report<'_> {
    /// The event of a wait of `delay` until the next poll.
    pub(super) fn wait(&self, elapsed: Millis, delay: Millis) -> Command {
        let moving = self.groups.iter().filter(|group| group.is_moving());
        let ids: Vec<FlexibleIpId> = moving.flat_map(|group| group.ids.iter().copied()).collect();
        let status = |id| self.poller.last_known(id).map(|(ip, _)| ip.status.clone());
        let first = ids.first().map(|id| (*id, status(*id)));
        Command::Emit(Event::Wait { pending: ids.len(), first, elapsed, delay })
    }

    /// The end of a move: all flexible IPs if no group has stopped, and `Incomplete` otherwise.
    pub(super) fn result(&self) -> Command {
        let Some(first) = self.groups.iter().find_map(Group::error) else {
            let ids = self.groups.iter().flat_map(|group| &group.ids);
            let bodies = ids.filter_map(|id| self.poller.last_known(*id)).map(|(_, body)| *body);
            let outcome = Outcome::Ips(bodies.collect());
            return Command::Done(Ok(Success { outcome, attempts: self.polls }));
        };
        let arrived = self.groups.iter().filter(|group| group.has_arrived());
        let arrived = arrived.map(|group| group.ids.len()).sum();
        let total = self.groups.iter().map(|group| group.ids.len()).sum();
        self.failure(
            Error::Incomplete(Incomplete { arrived, total, first_error: Box::new(first) }),
            None,
        )
    }

    /// A failure with the last known state of each flexible IP. `request` is the request that failed.
    pub(super) fn failure(&self, error: Error, request: Option<&Request>) -> Command {
        let failure = Failure {
            error,
            operation: self.name,
            request: request.map(|request| (request.method.as_str(), request.target())),
            attempts: self.polls,
        };
        let moves = self.groups.iter().flat_map(|group| {
            group.ids.iter().map(|id| MoveState {
                id: *id,
                arrived: group.has_arrived(),
                exchange: None,
                last: self.poller.last_known(*id).map(|(_, body)| *body),
                error: group.error(),
            })
        });
        Command::Done(Err(CallFailure { moves: moves.collect(), ..failure.into() }))
    }
}
