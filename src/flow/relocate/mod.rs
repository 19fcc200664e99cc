//! Flexible IPs to a server, wherever they are now. This is `ensureAttached` and `failover`.
//!
//! Whole MAC groups move together, the groups in parallel. What happens next with a group follows
//! from where it was last seen, not from what was tried: so a request whose answer was lost needs no
//! care of its own, and a call that was cut off goes on where it stopped.
//!
//! ```text
//! Started ─▶ read the zone ─▶ plan ─▶ look ─▶ for each group, by where its members are:
//!                                      ▲        there ─────────────▶ arrived
//!                                      │        busy ──────────────▶ wait
//!                                      │        on no server ──────▶ attach
//!                                      │        on another server ─▶ detach (or attach: direct)
//!                                      └─ sleep ◀── until all have arrived or stopped ─▶ Done
//! ```
//!
//! | file | what it knows |
//! |---|---|
//! | `request` | what a move is asked to be |
//! | `inventory` | who is in the zone, and who of them moves with whom |
//! | `group` | a MAC group on its way, and what is next for it |
//! | `pace` | when to look next |
//! | `report` | how a move ends, and what is told of it meanwhile |

mod group;
mod inventory;
mod pace;
mod report;
mod request;

pub use request::{Relocation, Selection, Strategy};

use super::calls::{CallOutcome, CallPolicy, CallSpec, Calls};
use super::pages::Pages;
use super::poll::{Poll, PollResult};
use super::response::Response;
use super::{Command, Event, Input, Machine, Outcome, Progress, Success, Tag};
use crate::error::{Error, WaitFailure, WaitFailureReason};
use crate::model::limits::PAGE_SIZE_MAX;
use crate::model::time::Millis;
use crate::ops::attach::attach;
use crate::ops::detach::detach;
use crate::ops::list::Listing;
use crate::wire::http::Request;
use crate::wire::route::Operation;
use crate::wire::summary::Summary;
use group::{Decision, Group, State, is_worth_a_look};
use inventory::Inventory;

const SLEEP: Tag = 0;
/// The tags of the groups' own requests.
const GROUPS: Tag = 1;
/// The tags of the pages of the zone.
const ZONE: Tag = 10_000;
const PAGES_AT_ONCE: usize = 4;

/// After so many requests in a row that came to nothing, a group is left where it is.
const FAILURES_MAX: u32 = 8;
const FAILURE_PAUSE: u64 = 100;

/// While other answers are on their way, the first look waits for them so long.
const GATHERING: Millis = Millis(250);

/// The machine of a move.
pub struct RelocateFlow {
    relocation: Relocation,
    calls: Calls,
    pages: Pages,
    inventory: Inventory,
    groups: Vec<Group>,
    poll: Poll,
    /// The number of the look that is on its way, or was last.
    polls: u32,
    is_polling: bool,
    began: Millis,
    /// When something last arrived: the next in the server's queue begins then.
    progress: Millis,
    aborted: bool,
    /// Whether this is the last look, which only says where everything is.
    closing: bool,
}

impl RelocateFlow {
    /// A machine for this move.
    pub fn new(relocation: Relocation, policy: CallPolicy) -> Self {
        let operation = Operation::ListFlexibleIps;
        let path = operation.collection_path(&relocation.zone);
        let request =
            Request { method: operation.route().method, path, query: String::new(), body: None };
        let listing = Listing { request, first: 1, size: PAGE_SIZE_MAX };
        let poll = Poll::new(relocation.zone.clone());
        Self {
            relocation,
            calls: Calls::new(policy),
            pages: Pages::new(listing, PAGES_AT_ONCE, ZONE),
            inventory: Inventory::default(),
            groups: Vec::new(),
            poll,
            polls: 0,
            is_polling: false,
            began: Millis(0),
            progress: Millis(0),
            aborted: false,
            closing: false,
        }
    }

    /// The zone is read: who moves, and with whom.
    fn on_zone(&mut self, now: Millis, commands: &mut Vec<Command>) {
        match self.inventory.selected(&self.relocation) {
            Ok(groups) => self.groups = groups,
            Err(error) => return commands.push(self.failed(error, None)),
        }
        if self.relocation.dry_run {
            let plan = |group| self.inventory.plan(&self.relocation, group);
            let plan = self.groups.iter().flat_map(plan).collect();
            return commands
                .push(Command::Done(Ok(Success { found: Outcome::Plan(plan), attempts: 0 })));
        }
        if self.groups.is_empty() {
            return commands.push(self.done());
        }
        self.progress = now;
        let seen = std::mem::take(&mut self.inventory).into_ips();
        self.advance(&seen, 0, now, commands);
        self.next(now, commands);
    }

    /// Moves every group on by what look number `polls` saw.
    fn advance(&mut self, seen: &[Summary], polls: u32, now: Millis, commands: &mut Vec<Command>) {
        for place in 0..self.groups.len() {
            let Some(group) = self.groups.get(place) else { continue };
            if !group.is_moving() || group.doing.is_some() || polls < group.fresh_from {
                continue;
            }
            // Who was not seen this time will be the next.
            let members: Option<Vec<&Summary>> =
                group.ids.iter().map(|id| seen.iter().find(|ip| ip.id == *id)).collect();
            let Some(members) = members else { continue };
            let next = Decision::of(&self.relocation, &members);
            self.carry_out(place, next, now, commands);
        }
    }

    fn carry_out(
        &mut self,
        place: usize,
        next: Decision,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        let elapsed = self.elapsed(now);
        let Some(group) = self.groups.get_mut(place) else { return };
        match next {
            Decision::Wait => group.doubted = false,
            Decision::Arrived => {
                group.state = State::Arrived;
                self.progress = now;
                if let Some((operation, _)) = group.begun {
                    let action = group.action(operation, Some(self.relocation.to));
                    commands.push(Command::Emit(Event::Moving {
                        action,
                        progress: Progress::Done,
                        elapsed,
                    }));
                }
            }
            Decision::Stop(error) => group.state = State::Stopped(error),
            // What was read may be older than what was done; and if not, nobody is asked in a row.
            Decision::Do(operation, _)
                if !group.doubted && group.begun.is_some_and(|(before, _)| before == operation) =>
            {
                group.doubted = true;
                group.fruitless = group.fruitless.saturating_add(1);
            }
            Decision::Do(operation, server) => {
                if !group.doubted {
                    group.fruitless = 0;
                }
                group.doubted = false;
                // What was begun before has been seen to end: a detach that is followed by an attach.
                if let Some((before, _)) = group.begun.filter(|(before, _)| *before != operation) {
                    let action = group.action(before, None);
                    commands.push(Command::Emit(Event::Moving {
                        action,
                        progress: Progress::Done,
                        elapsed,
                    }));
                }
                let action = group.action(operation, Some(server));
                group.doing = Some(action.clone());
                commands.push(Command::Emit(Event::Moving {
                    action,
                    progress: Progress::Begun,
                    elapsed,
                }));
                let request = if operation == Operation::DetachFlexibleIp {
                    detach(self.relocation.zone.clone(), &group.ids)
                } else {
                    attach(self.relocation.zone.clone(), &group.ids, server)
                };
                let request = request.request;
                let what = CallSpec { operation, request, reads_body: false, once: false };
                commands.push(self.calls.send(GROUPS.saturating_add(place), what, now));
            }
        }
    }

    /// What came of a group's own request.
    fn on_group(
        &mut self,
        place: usize,
        outcome: Result<(), Error>,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        let elapsed = self.elapsed(now);
        let polls = self.polls;
        if let Some(group) = self.groups.get_mut(place) {
            let done = group.doing.take();
            group.fresh_from = polls.saturating_add(1);
            match outcome {
                Ok(()) => {
                    group.begun = done.map(|action| (action.operation, now));
                    group.failures = 0;
                }
                // The service is still at work on it, or nobody knows: the next look tells.
                Err(error) if is_worth_a_look(&error) && group.failures < FAILURES_MAX => {
                    group.begun = None;
                    group.failures = group.failures.saturating_add(1);
                    commands.push(Command::Emit(Event::PollFailed { error, elapsed }));
                }
                Err(error) => {
                    group.state = State::Stopped(error);
                    if let Some(action) = done {
                        commands.push(Command::Emit(Event::Moving {
                            action,
                            progress: Progress::Failed,
                            elapsed,
                        }));
                    }
                }
            }
        }
        if self.aborted {
            return self.stop_when_quiet(commands);
        }
        // The look on its way began before this answer: it says nothing of this group.
        if self.is_polling {
            return;
        }
        commands.push(Command::Cancel { tag: SLEEP });
        self.next(now, commands);
    }

    /// What follows when nothing is left to be decided: another look, or the end.
    fn next(&mut self, now: Millis, commands: &mut Vec<Command>) {
        let moving = || self.groups.iter().filter(|group| group.is_moving());
        if moving().any(|group| group.doing.is_some())
            && !moving().any(|group| group.doing.is_none())
        {
            return;
        }
        if moving().next().is_none() {
            if self.groups.iter().all(|group| group.has_arrived()) && !self.has_unread() {
                return commands.push(self.done());
            }
            // Where everything is now: for the result, or for the report of what failed.
            self.closing = true;
            return self.poll(now, commands);
        }
        if now >= self.calls.deadline() {
            return self.time_is_up(now, commands);
        }
        let mut length = self.pause(now);
        if length == Millis(0) && moving().any(|group| group.doing.is_some()) {
            length = GATHERING;
        }
        if length == Millis(0) {
            return self.poll(now, commands);
        }
        let left = self.calls.deadline().0.saturating_sub(now.0);
        let length = Millis(length.0.min(left));
        self.tell_wait(length, now, commands);
        commands.push(Command::Sleep { tag: SLEEP, length });
    }

    /// Whether somebody was never looked at: their body is still in the answers of the zone.
    fn has_unread(&self) -> bool {
        let mut ids = self.groups.iter().flat_map(|group| &group.ids);
        ids.any(|id| self.poll.last(*id).is_none())
    }

    fn poll(&mut self, now: Millis, commands: &mut Vec<Command>) {
        self.polls = self.polls.saturating_add(1);
        self.is_polling = true;
        let ids = self.groups.iter().flat_map(|group| group.ids.iter().copied()).collect();
        commands.extend(self.poll.begin(ids, &mut self.calls, now));
    }

    fn on_seen(&mut self, seen: PollResult, now: Millis, commands: &mut Vec<Command>) {
        self.is_polling = false;
        if self.closing {
            return self.close(seen.failed, now, commands);
        }
        let elapsed = self.elapsed(now);
        if let Some(error) = seen.failed {
            commands.push(Command::Emit(Event::PollFailed { error, elapsed }));
        }
        for group in self.groups.iter_mut().filter(|group| group.is_moving()) {
            let gone = group.ids.iter().find_map(|id| Some((*id, seen.gone.get(*id)?.clone())));
            if let Some((id, error)) = gone {
                let why = WaitFailureReason::Gone(Box::new(error));
                group.state = State::Stopped(Error::WaitFailure(WaitFailure { id, reason: why }));
            }
        }
        let ips: Vec<Summary> = seen.ips.iter().map(|(_, (ip, _))| ip.clone()).collect();
        self.advance(&ips, self.polls, now, commands);
        self.next(now, commands);
    }

    /// The last look has come. Where all have arrived, it is the result: one that failed is made again.
    fn close(&mut self, failed: Option<Error>, now: Millis, commands: &mut Vec<Command>) {
        let is_result = self.groups.iter().all(|group| matches!(group.state, State::Arrived));
        commands.push(match failed {
            Some(error) if is_result && self.has_unread() => {
                if now.0.saturating_add(FAILURE_PAUSE) < self.calls.deadline().0 {
                    Command::Sleep { tag: SLEEP, length: Millis(FAILURE_PAUSE) }
                } else {
                    self.failed(error, None)
                }
            }
            _ => self.done(),
        });
    }

    const fn elapsed(&self, now: Millis) -> Millis {
        Millis(now.0.saturating_sub(self.began.0))
    }

    fn on_news(
        &mut self,
        tag: Tag,
        outcome: Result<Response, Error>,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        if self.poll.is_waiting_for(tag) {
            match self.poll.on_answer(tag, outcome, &mut self.calls, now, commands) {
                Ok(Some(seen)) => self.on_seen(seen, now, commands),
                Ok(None) => {}
                // The report is worth more than the reason why it is not the newest.
                Err(_) if self.closing && !self.has_unread() => commands.push(self.done()),
                Err(error) => commands.push(self.failed(error, Some(tag))),
            }
        } else if tag >= ZONE {
            match outcome.and_then(|answer| self.pages.on_answer(tag, answer)) {
                Ok(page) => {
                    self.inventory.take(page.ips);
                    if self.pages.go(&mut self.calls, now, commands) {
                        self.on_zone(now, commands);
                    }
                }
                Err(error) => commands.push(self.failed(error, Some(tag))),
            }
        } else {
            self.on_group(tag.saturating_sub(GROUPS), outcome.map(|_| ()), now, commands);
        }
    }
}

impl Machine for RelocateFlow {
    fn on(&mut self, input: Input, now: Millis) -> Vec<Command> {
        let mut commands = Vec::new();
        match input {
            Input::Started => {
                self.calls.start(now);
                self.began = now;
                self.pages.go(&mut self.calls, now, &mut commands);
            }
            Input::Aborted => {
                self.aborted = true;
                commands.extend(self.poll.cancel());
                commands.push(Command::Cancel { tag: SLEEP });
                for (place, group) in self.groups.iter_mut().enumerate() {
                    let tag = GROUPS.saturating_add(place);
                    if self.calls.is_asleep(tag) {
                        group.doing = None;
                        commands.push(Command::Cancel { tag });
                    }
                }
                self.stop_when_quiet(&mut commands);
            }
            Input::Woke { tag: SLEEP } => self.poll(now, &mut commands),
            other => match self.calls.on(other, now, &mut commands) {
                CallOutcome::None => {}
                CallOutcome::Response(tag, answer) => {
                    self.on_news(tag, Ok(answer), now, &mut commands)
                }
                CallOutcome::Failed(tag, error) | CallOutcome::Unknown(tag, error) => {
                    self.on_news(tag, Err(error), now, &mut commands);
                }
            },
        }
        commands
    }
}
