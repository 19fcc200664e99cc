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

use super::calls::{CallPolicy, Calls, News, ToSend};
use super::look::{Look, Seen};
use super::pages::Pages;
use super::wait::{is_busy, is_stuck};
use super::{Action, Event, Failed, Finished, Found, Input, Machine, Moved, Progress, Step, Tag};
use crate::error::field::{Problem, Reason};
use crate::error::{Error, Failure, Incomplete, Waited, WaitedWhy};
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::limits::PAGE_SIZE_MAX;
use crate::model::time::Millis;
use crate::model::zone::Zone;
use crate::ops::arguments::Reader;
use crate::ops::attach::attach;
use crate::ops::detach::detach;
use crate::ops::list::Listing;
use crate::policy::poll::{Pace, pause};
use crate::wire::http::Request;
use crate::wire::route::Operation;
use crate::wire::summary::Summary;

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

/// Who is to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// These.
    Ids(Vec<FlexibleIpId>),
    /// Those on this server, and these if they are on none.
    On(ServerId, Vec<FlexibleIpId>),
}

/// How an IP leaves a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// It is detached, and attached when it is free: what was seen to work.
    Detach,
    /// It is attached to the new server at once.
    Direct,
}

/// A move, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relocation {
    /// The client's method.
    pub name: &'static str,
    /// Where.
    pub zone: Zone,
    /// Who.
    pub who: Who,
    /// Whereto.
    pub to: ServerId,
    /// How.
    pub strategy: Strategy,
    /// Whether only to say what would be done.
    pub dry_run: bool,
}

impl Relocation {
    /// Reads `{ zone?, fipsIds, serverId, strategy? }`.
    pub fn read_ensure(reader: &mut Reader<'_>) -> Option<Self> {
        let zone = reader.zone();
        let ids = reader.flexible_ip_ids("fipsIds");
        let to: Option<ServerId> = reader.id("serverId");
        let (strategy, dry_run) = Self::read_how(reader);
        Some(Self {
            name: "ensureAttached",
            zone: zone?,
            who: Who::Ids(ids?),
            to: to?,
            strategy,
            dry_run,
        })
    }

    /// Reads `{ zone?, fromServerId, toServerId, fipsIds?, strategy?, dryRun? }`. `unfinished` are
    /// those that an earlier try left on no server.
    pub fn read_failover(reader: &mut Reader<'_>, unfinished: Vec<FlexibleIpId>) -> Option<Self> {
        let zone = reader.zone();
        let from: Option<ServerId> = reader.id("fromServerId");
        let to: Option<ServerId> = reader.id("toServerId");
        if from.is_some() && from == to {
            reader.refuse(
                "toServerId",
                Reason::Constraint,
                "value must be another server than fromServerId",
            );
        }
        let named = reader.argument("fipsIds").is_some();
        let ids = if named { reader.flexible_ip_ids("fipsIds") } else { Some(unfinished) };
        let (strategy, dry_run) = Self::read_how(reader);
        let ids = ids?;
        let who = if named { Who::Ids(ids) } else { Who::On(from?, ids) };
        from?;
        Some(Self { name: "failover", zone: zone?, who, to: to?, strategy, dry_run })
    }

    fn read_how(reader: &mut Reader<'_>) -> (Strategy, bool) {
        let direct = reader.optional_word("strategy", &["detach", "direct"]) == Some("direct");
        let strategy = if direct { Strategy::Direct } else { Strategy::Detach };
        (strategy, reader.boolean("dryRun").unwrap_or_default())
    }
}

/// The machine of a move.
pub struct RelocateFlow {
    relocation: Relocation,
    calls: Calls,
    pages: Pages,
    zone_read: Vec<Summary>,
    groups: Vec<Group>,
    look: Look,
    /// The number of the look that is on its way, or was last.
    looks: u32,
    looking: bool,
    began: Millis,
    /// When something last arrived: the next in the server's queue begins then.
    progress: Millis,
    aborted: bool,
    /// Whether this is the last look, which only says where everything is.
    closing: bool,
}

/// A MAC group, or a flexible IP without one.
struct Group {
    ids: Vec<FlexibleIpId>,
    /// The request that is on its way.
    doing: Option<Action>,
    /// What was last begun, and when.
    begun: Option<(Operation, Millis)>,
    /// Looks before this one are older than what was done last.
    fresh_from: u32,
    /// How many requests in a row came to nothing.
    failures: u32,
    state: State,
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    Moving,
    Arrived,
    Stopped(Error),
}

impl RelocateFlow {
    /// A machine for this move.
    pub fn new(relocation: Relocation, policy: CallPolicy) -> Self {
        let operation = Operation::ListFlexibleIps;
        let path = operation.collection_path(&relocation.zone);
        let request =
            Request { method: operation.route().method, path, query: String::new(), body: None };
        let listing = Listing { request, first: 1, size: PAGE_SIZE_MAX };
        let look = Look::new(relocation.zone.clone());
        Self {
            relocation,
            calls: Calls::new(policy),
            pages: Pages::new(listing, PAGES_AT_ONCE, ZONE),
            zone_read: Vec::new(),
            groups: Vec::new(),
            look,
            looks: 0,
            looking: false,
            began: Millis(0),
            progress: Millis(0),
            aborted: false,
            closing: false,
        }
    }

    /// The zone is read: who moves, and with whom.
    fn on_zone(&mut self, now: Millis, steps: &mut Vec<Step>) {
        let ids = match self.selected() {
            Ok(ids) => ids,
            Err(error) => return steps.push(self.failed(error, None)),
        };
        for id in ids {
            let mac = self.in_zone(id).and_then(|ip| ip.mac_id);
            let of = |group: &Group| self.in_zone(*group.ids.first()?)?.mac_id;
            let place = self.groups.iter().position(|group| mac.is_some() && of(group) == mac);
            match place.and_then(|place| self.groups.get_mut(place)) {
                Some(group) => group.ids.push(id),
                None => self.groups.push(Group::new(id)),
            }
        }
        if self.relocation.dry_run {
            let plan = self.groups.iter().flat_map(|group| self.plan(group)).collect();
            return steps.push(Step::Done(Ok(Finished { found: Found::Plan(plan), attempts: 0 })));
        }
        if self.groups.is_empty() {
            return steps.push(self.done());
        }
        self.progress = now;
        let seen = std::mem::take(&mut self.zone_read);
        self.advance(&seen, 0, now, steps);
        self.next(now, steps);
    }

    /// Those who move: whole MAC groups, or an error that says who is missing.
    fn selected(&self) -> Result<Vec<FlexibleIpId>, Error> {
        let ids = match &self.relocation.who {
            Who::Ids(ids) => ids.clone(),
            Who::On(server, unfinished) => {
                let on = |ip: &&Summary| {
                    ip.server_id == Some(*server)
                        || (ip.server_id.is_none() && unfinished.contains(&ip.id))
                };
                return Ok(self.zone_read.iter().filter(on).map(|ip| ip.id).collect());
            }
        };
        let mut problems = Vec::new();
        for (place, id) in ids.iter().enumerate() {
            let field = format!("fipsIds[{place}]");
            let Some(ip) = self.in_zone(*id) else {
                let help = format!("there is no flexible IP {id} in zone {}", self.relocation.zone);
                problems.push(Problem::error(field, Reason::Constraint, help));
                continue;
            };
            let left_out = |other: &&Summary| {
                ip.mac_id.is_some() && other.mac_id == ip.mac_id && !ids.contains(&other.id)
            };
            if let Some(other) = self.zone_read.iter().find(left_out) {
                let help =
                    format!("{id} is of one MAC group with {}, which must move with it", other.id);
                problems.push(Problem::error(field, Reason::Constraint, help));
            }
        }
        if problems.is_empty() { Ok(ids) } else { Err(Error::InvalidArguments(problems)) }
    }

    /// An IP as it was when the zone was read.
    fn in_zone(&self, id: FlexibleIpId) -> Option<&Summary> {
        self.zone_read.iter().find(|ip| ip.id == id)
    }

    fn plan(&self, group: &Group) -> Vec<Action> {
        let servers: Vec<Option<ServerId>> =
            group.ids.iter().map(|id| self.in_zone(*id).and_then(|ip| ip.server_id)).collect();
        let to = Some(self.relocation.to);
        if servers.iter().all(|server| *server == to) {
            return Vec::new();
        }
        let mut plan = Vec::new();
        let elsewhere = servers.iter().flatten().find(|server| Some(**server) != to).copied();
        if elsewhere.is_some() && self.relocation.strategy == Strategy::Detach {
            plan.push(group.action(Operation::DetachFlexibleIp, elsewhere));
        }
        plan.push(group.action(Operation::AttachFlexibleIp, to));
        plan
    }

    /// Moves every group on by what look number `looks` saw.
    fn advance(&mut self, seen: &[Summary], looks: u32, now: Millis, steps: &mut Vec<Step>) {
        for place in 0..self.groups.len() {
            let Some(group) = self.groups.get(place) else { continue };
            if group.state != State::Moving || group.doing.is_some() || looks < group.fresh_from {
                continue;
            }
            // Who was not seen this time will be the next.
            let members: Option<Vec<&Summary>> =
                group.ids.iter().map(|id| seen.iter().find(|ip| ip.id == *id)).collect();
            let Some(members) = members else { continue };
            let next = self.decide(&members);
            self.carry_out(place, next, now, steps);
        }
    }

    fn decide(&self, members: &[&Summary]) -> Decision {
        let to = Some(self.relocation.to);
        if let Some(ip) = members.iter().find(|ip| is_stuck(ip)) {
            let why = WaitedWhy::Stuck(ip.status.clone());
            return Decision::Stop(Error::Waited(Waited { id: ip.id, why }));
        }
        if members.iter().any(|ip| is_busy(ip)) {
            return Decision::Wait;
        }
        if members.iter().all(|ip| ip.server_id == to) {
            return Decision::Arrived;
        }
        let elsewhere =
            members.iter().filter_map(|ip| ip.server_id).find(|server| Some(*server) != to);
        match (elsewhere, self.relocation.strategy) {
            (Some(server), Strategy::Detach) => Decision::Do(Operation::DetachFlexibleIp, server),
            _ => Decision::Do(Operation::AttachFlexibleIp, self.relocation.to),
        }
    }

    fn carry_out(&mut self, place: usize, next: Decision, now: Millis, steps: &mut Vec<Step>) {
        let elapsed = self.elapsed(now);
        let Some(group) = self.groups.get_mut(place) else { return };
        match next {
            Decision::Wait => {}
            Decision::Arrived => {
                group.state = State::Arrived;
                self.progress = now;
                if let Some((operation, _)) = group.begun {
                    let action = group.action(operation, Some(self.relocation.to));
                    steps.push(Step::Tell(Event::Moving {
                        action,
                        progress: Progress::Done,
                        elapsed,
                    }));
                }
            }
            Decision::Stop(error) => group.state = State::Stopped(error),
            Decision::Do(operation, server) => {
                // What was begun before has been seen to end: a detach that is followed by an attach.
                if let Some((before, _)) = group.begun.filter(|(before, _)| *before != operation) {
                    let action = group.action(before, None);
                    steps.push(Step::Tell(Event::Moving {
                        action,
                        progress: Progress::Done,
                        elapsed,
                    }));
                }
                let action = group.action(operation, Some(server));
                group.doing = Some(action.clone());
                steps.push(Step::Tell(Event::Moving {
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
                let what = ToSend { operation, request, reads_body: false, once: false };
                steps.push(self.calls.send(GROUPS.saturating_add(place), what, now));
            }
        }
    }

    /// What came of a group's own request.
    fn on_group(
        &mut self,
        place: usize,
        outcome: Result<(), Error>,
        now: Millis,
        steps: &mut Vec<Step>,
    ) {
        let elapsed = self.elapsed(now);
        let looks = self.looks;
        if let Some(group) = self.groups.get_mut(place) {
            let done = group.doing.take();
            group.fresh_from = looks.saturating_add(1);
            match outcome {
                Ok(()) => {
                    group.begun = done.map(|action| (action.operation, now));
                    group.failures = 0;
                }
                // The service is still at work on it, or nobody knows: the next look tells.
                Err(error) if is_worth_a_look(&error) && group.failures < FAILURES_MAX => {
                    group.begun = None;
                    group.failures = group.failures.saturating_add(1);
                    steps.push(Step::Tell(Event::LookFailed { error, elapsed }));
                }
                Err(error) => {
                    group.state = State::Stopped(error);
                    if let Some(action) = done {
                        steps.push(Step::Tell(Event::Moving {
                            action,
                            progress: Progress::Failed,
                            elapsed,
                        }));
                    }
                }
            }
        }
        if self.aborted {
            return self.stop_when_quiet(steps);
        }
        // The look on its way began before this answer: it says nothing of this group.
        if self.looking {
            return;
        }
        steps.push(Step::Cancel { tag: SLEEP });
        self.next(now, steps);
    }

    /// What follows when nothing is left to be decided: another look, or the end.
    fn next(&mut self, now: Millis, steps: &mut Vec<Step>) {
        let moving = || self.groups.iter().filter(|group| group.state == State::Moving);
        if moving().any(|group| group.doing.is_some())
            && !moving().any(|group| group.doing.is_none())
        {
            return;
        }
        if moving().next().is_none() {
            if self.groups.iter().all(|group| group.state == State::Arrived) && !self.has_unread() {
                return steps.push(self.done());
            }
            // Where everything is now: for the result, or for the report of what failed.
            self.closing = true;
            return self.look(now, steps);
        }
        if now >= self.calls.deadline() {
            return self.time_is_up(now, steps);
        }
        let mut length = self.pause(now);
        if length == Millis(0) && moving().any(|group| group.doing.is_some()) {
            length = GATHERING;
        }
        if length == Millis(0) {
            return self.look(now, steps);
        }
        let left = self.calls.deadline().0.saturating_sub(now.0);
        let length = Millis(length.0.min(left));
        self.tell_wait(length, now, steps);
        steps.push(Step::Sleep { tag: SLEEP, length });
    }

    /// Whether somebody was never looked at: their body is still in the answers of the zone.
    fn has_unread(&self) -> bool {
        let mut ids = self.groups.iter().flat_map(|group| &group.ids);
        ids.any(|id| self.look.last(*id).is_none())
    }

    fn look(&mut self, now: Millis, steps: &mut Vec<Step>) {
        self.looks = self.looks.saturating_add(1);
        self.looking = true;
        let ids = self.groups.iter().flat_map(|group| group.ids.iter().copied()).collect();
        steps.extend(self.look.begin(ids, &mut self.calls, now));
    }

    fn on_seen(&mut self, seen: Seen, now: Millis, steps: &mut Vec<Step>) {
        self.looking = false;
        if self.closing {
            return steps.push(self.done());
        }
        let elapsed = self.elapsed(now);
        if let Some(error) = seen.failed {
            steps.push(Step::Tell(Event::LookFailed { error, elapsed }));
        }
        for group in self.groups.iter_mut().filter(|group| group.state == State::Moving) {
            let gone = group.ids.iter().find_map(|id| Some((*id, seen.gone.get(*id)?.clone())));
            if let Some((id, error)) = gone {
                let why = WaitedWhy::Gone(Box::new(error));
                group.state = State::Stopped(Error::Waited(Waited { id, why }));
            }
        }
        let ips: Vec<Summary> = seen.ips.iter().map(|(_, (ip, _))| ip.clone()).collect();
        self.advance(&ips, self.looks, now, steps);
        self.next(now, steps);
    }

    /// How long until the next look: not before the first of them could be ready.
    fn pause(&self, now: Millis) -> Millis {
        let moving = || {
            self.groups.iter().filter(|group| group.state == State::Moving && group.doing.is_none())
        };
        let attaching = moving()
            .filter(|group| matches!(group.begun, Some((Operation::AttachFlexibleIp, _))))
            .count();
        let of_group = |group: &Group| {
            let Some((operation, at)) = group.begun else {
                let doubled = FAILURE_PAUSE.checked_shl(group.failures).unwrap_or(u64::MAX);
                return pause(Pace::Unknown, self.elapsed(now), 0).max(Millis(doubled));
            };
            if group.fresh_from > self.looks {
                // Not looked at since: a service that is quick is done already.
                return Millis(0);
            }
            match operation {
                Operation::AttachFlexibleIp => {
                    let since = now.0.saturating_sub(at.max(self.progress).0);
                    pause(Pace::Attach, Millis(since), attaching.saturating_sub(1))
                }
                _ => pause(Pace::Detach, Millis(now.0.saturating_sub(at.0)), 0),
            }
        };
        moving().map(of_group).min().unwrap_or_default()
    }

    fn tell_wait(&self, delay: Millis, now: Millis, steps: &mut Vec<Step>) {
        let moving = self.groups.iter().filter(|group| group.state == State::Moving);
        let ids: Vec<FlexibleIpId> = moving.flat_map(|group| group.ids.iter().copied()).collect();
        let status = |id: FlexibleIpId| self.look.last(id).map(|(ip, _)| ip.status.clone());
        let first = ids.first().map(|id| (*id, status(*id)));
        let elapsed = self.elapsed(now);
        steps.push(Step::Tell(Event::Wait { pending: ids.len(), first, elapsed, delay }));
    }

    fn time_is_up(&mut self, now: Millis, steps: &mut Vec<Step>) {
        let elapsed = self.elapsed(now);
        let look = &self.look;
        for group in self.groups.iter_mut().filter(|group| group.state == State::Moving) {
            let Some(id) = group.ids.first().copied() else { continue };
            let why = WaitedWhy::TimeUp(elapsed, look.last(id).map(|(ip, _)| ip.status.clone()));
            group.state = State::Stopped(Error::Waited(Waited { id, why }));
        }
        steps.push(self.done());
    }

    /// The caller gave up: what is on its way is not cut off, so that it is known.
    fn stop_when_quiet(&mut self, steps: &mut Vec<Step>) {
        if self.groups.iter().all(|group| group.doing.is_none()) {
            steps.push(self.failed(Error::Aborted, None));
        }
    }

    fn done(&self) -> Step {
        let stopped = |group: &Group| match &group.state {
            State::Stopped(error) => Some(error.clone()),
            State::Moving | State::Arrived => None,
        };
        let Some(first) = self.groups.iter().find_map(stopped) else {
            let ids = self.groups.iter().flat_map(|group| &group.ids);
            let places =
                ids.filter_map(|id| self.look.last(*id)).map(|(_, place)| *place).collect();
            return Step::Done(Ok(Finished { found: Found::Ips(places), attempts: self.looks }));
        };
        let arrived = self.groups.iter().filter(|group| group.state == State::Arrived);
        let arrived = arrived.map(|group| group.ids.len()).sum();
        let all = self.groups.iter().map(|group| group.ids.len()).sum();
        self.failed(Error::Incomplete(Incomplete { arrived, all, first: Box::new(first) }), None)
    }

    /// A failure, with where everybody is as far as that is known.
    fn failed(&self, error: Error, tag: Option<Tag>) -> Step {
        let request = tag.and_then(|tag| self.calls.request(tag));
        let failure = Failure {
            error,
            operation: self.relocation.name,
            request: request.map(|request| (request.method.as_str(), request.target())),
            attempts: self.looks,
        };
        let moves = self.groups.iter().flat_map(|group| {
            group.ids.iter().map(|id| Moved {
                id: *id,
                arrived: group.state == State::Arrived,
                last: self.look.last(*id).map(|(_, place)| *place),
                error: match &group.state {
                    State::Stopped(error) => Some(error.clone()),
                    State::Moving | State::Arrived => None,
                },
            })
        });
        Step::Done(Err(Failed { failure, last: None, moves: moves.collect() }))
    }

    const fn elapsed(&self, now: Millis) -> Millis {
        Millis(now.0.saturating_sub(self.began.0))
    }

    fn on_news(
        &mut self,
        tag: Tag,
        outcome: Result<super::answer::Answer, Error>,
        now: Millis,
        steps: &mut Vec<Step>,
    ) {
        if self.look.is_waiting_for(tag) {
            match self.look.on_answer(tag, outcome, &mut self.calls, now, steps) {
                Ok(Some(seen)) => self.on_seen(seen, now, steps),
                Ok(None) => {}
                // The report is worth more than the reason why it is not the newest.
                Err(_) if self.closing => steps.push(self.done()),
                Err(error) => steps.push(self.failed(error, Some(tag))),
            }
        } else if tag >= ZONE {
            match outcome.and_then(|answer| self.pages.on_answer(tag, answer)) {
                Ok(page) => {
                    for ip in page.ips {
                        self.zone_read.retain(|other| other.id != ip.id);
                        self.zone_read.push(ip);
                    }
                    if self.pages.go(&mut self.calls, now, steps) {
                        self.on_zone(now, steps);
                    }
                }
                Err(error) => steps.push(self.failed(error, Some(tag))),
            }
        } else {
            self.on_group(tag.saturating_sub(GROUPS), outcome.map(|_| ()), now, steps);
        }
    }
}

/// What follows from where the members of a group are.
enum Decision {
    Wait,
    Arrived,
    Stop(Error),
    Do(Operation, ServerId),
}

impl Group {
    fn new(id: FlexibleIpId) -> Self {
        Self {
            ids: vec![id],
            doing: None,
            begun: None,
            fresh_from: 0,
            failures: 0,
            state: State::Moving,
        }
    }

    fn action(&self, operation: Operation, server: Option<ServerId>) -> Action {
        Action { operation, ids: self.ids.clone(), server }
    }
}

/// Whether the next look may show something else: the service is busy, or the answer was lost.
fn is_worth_a_look(error: &Error) -> bool {
    match error {
        Error::Refused(refused) => refused.kind.is_retryable(),
        Error::Connection(_) | Error::Timeout(_) | Error::Unsent(_) | Error::Decode(_) => true,
        _ => false,
    }
}

impl Machine for RelocateFlow {
    fn on(&mut self, input: Input, now: Millis) -> Vec<Step> {
        let mut steps = Vec::new();
        match input {
            Input::Started => {
                self.calls.start(now);
                self.began = now;
                self.pages.go(&mut self.calls, now, &mut steps);
            }
            Input::Aborted => {
                self.aborted = true;
                steps.extend(self.look.cancel());
                steps.push(Step::Cancel { tag: SLEEP });
                for (place, group) in self.groups.iter_mut().enumerate() {
                    let tag = GROUPS.saturating_add(place);
                    if self.calls.is_asleep(tag) {
                        group.doing = None;
                        steps.push(Step::Cancel { tag });
                    }
                }
                self.stop_when_quiet(&mut steps);
            }
            Input::Woke { tag: SLEEP } => self.look(now, &mut steps),
            other => match self.calls.on(other, now, &mut steps) {
                News::None => {}
                News::Answer(tag, answer) => self.on_news(tag, Ok(answer), now, &mut steps),
                News::Failed(tag, error) | News::Unknown(tag, error) => {
                    self.on_news(tag, Err(error), now, &mut steps);
                }
            },
        }
        steps
    }
}
