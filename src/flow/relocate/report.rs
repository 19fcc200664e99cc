//! The result of a move, and the event of each wait.

use super::group::Group;
use super::inventory::Inventory;
use super::request::{Relocation, Selection, Strategy};
use crate::error::{Error, Failure, Incomplete};
use crate::flow::command::Command;
use crate::flow::event::Event;
use crate::flow::outcome::{CallFailure, MoveState, Outcome, Resume, Success};
use crate::flow::poller::Poller;
use crate::flow::tag::BodyRef;
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::wire::summary::Summary;

/// What is known of a move.
pub(super) struct Report<'a> {
    pub(super) relocation: &'a Relocation,
    pub(super) groups: &'a [Group],
    pub(super) inventory: &'a Inventory,
    pub(super) poller: &'a Poller,
    /// The number of polls so far.
    pub(super) polls: u32,
    /// The number of attempts of all changes.
    pub(super) attempts: u32,
}

impl Report<'_> {
    /// The event of a wait of `delay` until the next poll.
    pub(super) fn wait(&self, elapsed: Millis, delay: Millis) -> Command {
        let (mut pending, mut first) = (0_usize, None);
        for group in self.groups {
            if group.is_moving() {
                pending = pending.saturating_add(group.ids.len());
                first = first.or_else(|| group.ids.first());
            }
        }
        let first = first.map(|id| (*id, self.last_status(*id)));
        Command::Emit(Event::Wait { pending, first, elapsed, delay })
    }

    /// The last known status of a flexible IP.
    pub(super) fn last_status(&self, id: FlexibleIpId) -> Option<String> {
        self.last_summary(id).map(|ip| ip.status.clone())
    }

    fn last_summary(&self, id: FlexibleIpId) -> Option<&Summary> {
        let polled = self.poller.last_known(id).map(|(ip, _)| ip);
        polled.or_else(|| self.inventory.ip(id))
    }

    /// The last body of a flexible IP.
    fn last_body(&self, id: FlexibleIpId) -> Option<BodyRef> {
        let polled = self.poller.last_known(id).map(|(_, body)| *body);
        polled.or_else(|| self.inventory.body(id))
    }

    /// The end of a move: all flexible IPs if no group has stopped, and `Incomplete` otherwise.
    pub(super) fn result(&self) -> Command {
        let mut bodies = Vec::new();
        for group in self.groups {
            if let Some(cause) = group.cause() {
                let last = cause.inner.as_ref().map(|last| Box::new(last.error.clone()));
                return self.incomplete(cause.failure.error.clone(), last);
            }
            for id in &group.ids {
                if let Some(body) = self.last_body(*id) {
                    bodies.push(body);
                }
            }
        }
        let outcome = Outcome::Ips(bodies);
        Command::Done(Ok(Success { outcome, attempts: self.polls }))
    }

    /// The end of a move of which not all groups have arrived.
    pub(super) fn incomplete(&self, first_error: Error, last: Option<Box<Error>>) -> Command {
        let (mut arrived, mut returned) = (0_usize, 0_usize);
        let mut moves = Vec::new();
        for group in self.groups {
            let (has_arrived, has_returned) = (group.has_arrived(), group.has_returned());
            // An abort during the way back ends a group that the target has refused.
            let cause = group.cause().or(group.refusal_of_target());
            for id in &group.ids {
                arrived = arrived.saturating_add(usize::from(has_arrived));
                returned = returned.saturating_add(usize::from(has_returned));
                moves.push(MoveState {
                    id: *id,
                    arrived: has_arrived,
                    returned: has_returned,
                    last: self.last_body(*id),
                    failure: cause.map(|cause| cause.failure.clone()),
                    exchange: cause.and_then(|cause| cause.exchange),
                    cause: cause.and_then(|cause| cause.inner.clone()),
                });
            }
        }
        let incomplete = Incomplete {
            arrived,
            returned,
            total: moves.len(),
            is_retryable: self.is_retryable(&first_error),
            first_error: Box::new(first_error),
            last,
        };
        let failure = Failure {
            error: Error::Incomplete(Box::new(incomplete)),
            attempts: self.attempts,
            ..failure_of(self.relocation, Error::Aborted)
        };
        let resume = self.resume();
        Command::Done(Err(CallFailure { moves, resume, ..failure.into() }))
    }

    /// Whether the same call can succeed. A failover that names no flexible IPs does not find those
    /// again that have left the source.
    fn is_retryable(&self, first_error: &Error) -> bool {
        let selects_by_source = self.relocation.selection == Selection::OnSource;
        !matches!(first_error, Error::Aborted)
            && self.groups.iter().filter(|group| !group.has_arrived()).all(|group| {
                group.cause().is_none_or(|cause| cause.failure.error.is_retryable())
                    && !(selects_by_source && group.changes > 0)
            })
    }

    fn resume(&self) -> Option<Resume> {
        let Relocation { zone, target, strategy, stays, .. } = self.relocation;
        // A MAC group of which a third server has a part is left there as a whole.
        let (mut on_third, mut macs_on_third) = (Vec::new(), Vec::new());
        for group in self.groups {
            for id in &group.ids {
                let Some(ip) = self.last_summary(*id) else { continue };
                if ip.server_id.is_some_and(|server| !self.relocation.may_leave(server)) {
                    on_third.push(*id);
                    macs_on_third.extend(ip.mac_id);
                }
            }
        }
        let mut ids = Vec::new();
        for group in self.groups {
            for id in &group.ids {
                let mac = self.last_summary(*id).and_then(|ip| ip.mac_id);
                let is_left_there =
                    on_third.contains(id) || mac.is_some_and(|mac| macs_on_third.contains(&mac));
                if group.is_left_over(*id) && !is_left_there {
                    ids.push(*id);
                }
            }
        }
        let (zone, server) = (zone.clone(), *target);
        let is_direct = *strategy == Strategy::Direct;
        (!ids.is_empty()).then_some(Resume { zone, ids, server, is_direct, stays: *stays })
    }
}

/// A failure of the move for which no request was sent.
pub(super) const fn failure_of(relocation: &Relocation, error: Error) -> Failure {
    Failure { error, operation: relocation.name, request: None, attempts: 0 }
}
