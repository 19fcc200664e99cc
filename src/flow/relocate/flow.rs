//! The machine of a move.

use super::decision::Decision;
use super::group::Group;
use super::interval::{FAILURE_INTERVAL, Moment, next_interval};
use super::inventory::Inventory;
use super::report::Report;
use super::request::Relocation;
use crate::error::{Error, WaitFailureReason};
use crate::flow::call_policy::CallPolicy;
use crate::flow::command::Command;
use crate::flow::event::Event;
use crate::flow::machine::{Input, Machine};
use crate::flow::outcome::{Outcome, Success};
use crate::flow::pages::Pages;
use crate::flow::poller::{PollResult, Poller};
use crate::flow::reads::list_of_zone;
use crate::flow::requests::{RequestOutcome, RequestSpec, Requests};
use crate::flow::response::Response;
use crate::flow::tag::Tag;
use crate::model::id::ServerId;
use crate::model::time::Millis;
use crate::ops::attach::attach;
use crate::ops::detach::detach;
use crate::wire::route::Operation;
use crate::wire::summary::Summary;

/// The tag of the sleep between two polls.
const INTERVAL: Tag = 0;
/// The tag of the first group's request; the tags of the other groups follow it.
const FIRST_GROUP: Tag = 1;
/// The tag of the first page of the zone; the tags of the other pages follow it.
const FIRST_PAGE: Tag = 10_000;

const PAGES_AT_ONCE: usize = 4;

/// The machine of a move.
pub struct RelocateFlow {
    relocation: Relocation,
    requests: Requests,
    pages: Pages,
    inventory: Inventory,
    groups: Vec<Group>,
    poller: Poller,
    /// The number of polls that have begun. It is also the number of the last one.
    polls: u32,
    is_polling: bool,
    began_at: Millis,
    /// When a group last arrived.
    last_arrival: Millis,
    is_aborted: bool,
    /// Whether all groups have arrived or stopped. The last poll reads the states for the result.
    is_closing: bool,
}

impl RelocateFlow {
    /// A machine for this move.
    pub fn new(relocation: Relocation, policy: CallPolicy) -> Self {
        let listing = list_of_zone(&relocation.zone);
        let poller = Poller::new(relocation.zone.clone());
        Self {
            relocation,
            requests: Requests::new(policy),
            pages: Pages::new(listing, PAGES_AT_ONCE, FIRST_PAGE),
            inventory: Inventory::default(),
            groups: Vec::new(),
            poller,
            polls: 0,
            is_polling: false,
            began_at: Millis(0),
            last_arrival: Millis(0),
            is_aborted: false,
            is_closing: false,
        }
    }

    /// The whole zone is read: selects the groups, and returns the plan or begins to move them.
    fn on_inventory(&mut self, now: Millis, commands: &mut Vec<Command>) {
        if let Some(error) = self.pages.incompleteness() {
            return commands.push(self.failure(error, None));
        }
        match self.inventory.select(&self.relocation) {
            Ok(groups) => self.groups = groups,
            Err(error) => return commands.push(self.failure(error, None)),
        }
        if self.relocation.is_dry_run {
            let plan = |group| self.inventory.plan(&self.relocation, group);
            let outcome = Outcome::Plan(self.groups.iter().flat_map(plan).collect());
            return commands.push(Command::Done(Ok(Success { outcome, attempts: 0 })));
        }
        if self.groups.is_empty() {
            return commands.push(self.report().result());
        }
        self.last_arrival = now;
        let ips = std::mem::take(&mut self.inventory).into_ips();
        self.advance(&ips, 0, now, commands);
        self.wait_or_finish(now, commands);
    }

    /// Decides the next step of each group by the flexible IPs that a poll has read. The inventory
    /// counts as poll 0.
    fn advance(&mut self, ips: &[Summary], poll: u32, now: Millis, commands: &mut Vec<Command>) {
        let elapsed = self.elapsed(now);
        for (index, group) in self.groups.iter_mut().enumerate() {
            if !group.is_decided_by(poll) {
                continue;
            }
            // A group of which the poll has not read all flexible IPs waits for the next poll.
            let members: Option<Vec<&Summary>> =
                group.ids.iter().map(|id| ips.iter().find(|ip| ip.id == *id)).collect();
            let Some(members) = members else { continue };
            let decision = Decision::of(&self.relocation, &members);
            let request = group.on_decision(decision, self.relocation.target, elapsed, commands);
            if group.has_arrived() {
                self.last_arrival = now;
            }
            if let Some((operation, server)) = request {
                let spec = step_request(&self.relocation, group, operation, server);
                commands.push(self.requests.send(FIRST_GROUP.saturating_add(index), spec, now));
            }
        }
    }

    /// Takes the end of a group's request.
    fn on_group_response(
        &mut self,
        index: usize,
        outcome: Result<(), Error>,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        let (elapsed, next_poll) = (self.elapsed(now), self.polls.saturating_add(1));
        if let Some(group) = self.groups.get_mut(index) {
            group.on_response(outcome, next_poll, elapsed, now, commands);
        }
        if self.is_aborted {
            return self.finish_abort(commands);
        }
        // A poll under way continues. It began before this response, so it cannot decide this group.
        if self.is_polling {
            return;
        }
        commands.push(Command::Cancel { tag: INTERVAL });
        self.wait_or_finish(now, commands);
    }

    /// Sleeps until the next poll, begins it, or ends the move. While each moving group has a request
    /// under way, there is nothing to poll.
    fn wait_or_finish(&mut self, now: Millis, commands: &mut Vec<Command>) {
        let moving = || self.groups.iter().filter(|group| group.is_moving());
        if moving().next().is_none() {
            if self.groups.iter().all(Group::has_arrived) && !self.has_unpolled() {
                return commands.push(self.report().result());
            }
            self.is_closing = true;
            return self.poll(now, commands);
        }
        if moving().all(|group| group.in_flight.is_some()) {
            return;
        }
        if now >= self.requests.deadline() {
            return self.stop_at_deadline(now, commands);
        }
        let moment = Moment {
            now,
            elapsed: self.elapsed(now),
            last_arrival: self.last_arrival,
            polls: self.polls,
        };
        let interval = next_interval(&self.groups, &moment);
        if interval == Millis(0) {
            return self.poll(now, commands);
        }
        let length = interval.min(self.requests.time_left(now));
        commands.push(self.report().wait(moment.elapsed, length));
        commands.push(Command::Sleep { tag: INTERVAL, length });
    }

    /// Whether no poll has read a flexible IP yet, so that its body is only in the inventory.
    fn has_unpolled(&self) -> bool {
        let mut ids = self.groups.iter().flat_map(|group| &group.ids);
        ids.any(|id| self.poller.last_known(*id).is_none())
    }

    fn poll(&mut self, now: Millis, commands: &mut Vec<Command>) {
        self.polls = self.polls.saturating_add(1);
        self.is_polling = true;
        let ids = self.groups.iter().flat_map(|group| group.ids.iter().copied()).collect();
        commands.extend(self.poller.begin(ids, &mut self.requests, now));
    }

    fn on_poll(&mut self, result: PollResult, now: Millis, commands: &mut Vec<Command>) {
        self.is_polling = false;
        if self.is_closing {
            return self.close(result.failed, now, commands);
        }
        let elapsed = self.elapsed(now);
        if let Some(error) = result.failed {
            commands.push(Command::Emit(Event::PollFailed { error, elapsed }));
        }
        for group in self.groups.iter_mut().filter(|group| group.is_moving()) {
            let gone = group.ids.iter().find_map(|id| Some((*id, result.gone.get(*id)?.clone())));
            if let Some((id, error)) = gone {
                group.stop(id, WaitFailureReason::Gone(Box::new(error)));
            }
        }
        let ips: Vec<Summary> = result.ips.iter().map(|(_, (ip, _))| ip.clone()).collect();
        self.advance(&ips, self.polls, now, commands);
        self.wait_or_finish(now, commands);
    }

    /// Ends the move after the last poll. If all groups have arrived, the result needs a body of each
    /// flexible IP, so a poll that failed is repeated until the deadline.
    fn close(&mut self, failed: Option<Error>, now: Millis, commands: &mut Vec<Command>) {
        let needs_bodies = self.groups.iter().all(Group::has_arrived) && self.has_unpolled();
        commands.push(match failed {
            Some(error) if needs_bodies => {
                if now.0.saturating_add(FAILURE_INTERVAL) < self.requests.deadline().0 {
                    Command::Sleep { tag: INTERVAL, length: Millis(FAILURE_INTERVAL) }
                } else {
                    self.failure(error, None)
                }
            }
            _ => self.report().result(),
        });
    }

    /// Stops all groups that still move, and ends the move.
    fn stop_at_deadline(&mut self, now: Millis, commands: &mut Vec<Command>) {
        let elapsed = self.elapsed(now);
        for group in self.groups.iter_mut().filter(|group| group.is_moving()) {
            let Some(id) = group.ids.first().copied() else { continue };
            let status = self.poller.last_known(id).map(|(ip, _)| ip.status.clone());
            group.stop(id, WaitFailureReason::TimedOut(elapsed, status));
        }
        commands.push(self.report().result());
    }

    /// Cancels the poll, the interval and the backoffs. Requests under way are not cancelled, so that
    /// their outcomes are known.
    fn on_abort(&mut self, commands: &mut Vec<Command>) {
        self.is_aborted = true;
        commands.extend(self.poller.cancel());
        commands.push(Command::Cancel { tag: INTERVAL });
        for (index, group) in self.groups.iter_mut().enumerate() {
            let tag = FIRST_GROUP.saturating_add(index);
            if self.requests.is_backing_off(tag) {
                group.in_flight = None;
                commands.push(Command::Cancel { tag });
            }
        }
        self.finish_abort(commands);
    }

    /// Ends an aborted move once no group's request is under way.
    fn finish_abort(&self, commands: &mut Vec<Command>) {
        if self.groups.iter().all(|group| group.in_flight.is_none()) {
            commands.push(self.failure(Error::Aborted, None));
        }
    }

    fn on_request_end(
        &mut self,
        tag: Tag,
        outcome: Result<Response, Error>,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        if self.poller.is_pending(tag) {
            match self.poller.on_response(tag, outcome, &mut self.requests, now, commands) {
                Ok(Some(result)) => self.on_poll(result, now, commands),
                Ok(None) => {}
                // The states of earlier polls are worth more than the error of the last one.
                Err(_) if self.is_closing && !self.has_unpolled() => {
                    commands.push(self.report().result());
                }
                Err(error) => commands.push(self.failure(error, Some(tag))),
            }
        } else if tag >= FIRST_PAGE {
            match outcome.and_then(|response| self.pages.on_response(tag, response)) {
                Ok(page) => {
                    self.inventory.add(page.ips);
                    if self.pages.send_next(&mut self.requests, now, commands) {
                        self.on_inventory(now, commands);
                    }
                }
                Err(error) => commands.push(self.failure(error, Some(tag))),
            }
        } else {
            let index = tag.saturating_sub(FIRST_GROUP);
            self.on_group_response(index, outcome.map(|_| ()), now, commands);
        }
    }

    const fn report(&self) -> Report<'_> {
        Report {
            name: self.relocation.name,
            groups: self.groups.as_slice(),
            poller: &self.poller,
            polls: self.polls,
        }
    }

    /// A failure. `tag` is the tag of the request that failed.
    fn failure(&self, error: Error, tag: Option<Tag>) -> Command {
        self.report().failure(error, tag.and_then(|tag| self.requests.request(tag)))
    }

    const fn elapsed(&self, now: Millis) -> Millis {
        Millis(now.0.saturating_sub(self.began_at.0))
    }
}

/// The request of a group's step.
fn step_request(
    relocation: &Relocation,
    group: &Group,
    operation: Operation,
    server: ServerId,
) -> RequestSpec {
    let zone = relocation.zone.clone();
    let checked = if operation == Operation::DetachFlexibleIp {
        detach(zone, &group.ids)
    } else {
        attach(zone, &group.ids, server)
    };
    RequestSpec::new(operation, checked.request)
}

impl Machine for RelocateFlow {
    fn on(&mut self, input: Input, now: Millis) -> Vec<Command> {
        let mut commands = Vec::new();
        match input {
            Input::Started => {
                self.requests.start_deadline(now);
                self.began_at = now;
                self.pages.send_next(&mut self.requests, now, &mut commands);
            }
            Input::Aborted => self.on_abort(&mut commands),
            Input::Woke { tag: INTERVAL } => self.poll(now, &mut commands),
            other => match self.requests.on(other, now, &mut commands) {
                RequestOutcome::Pending => {}
                RequestOutcome::Response(tag, response) => {
                    self.on_request_end(tag, Ok(response), now, &mut commands);
                }
                RequestOutcome::Failed(tag, error) | RequestOutcome::Unknown(tag, error) => {
                    self.on_request_end(tag, Err(error), now, &mut commands);
                }
            },
        }
        commands
    }
}
