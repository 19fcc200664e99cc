//! A wait until flexible IPs are at rest, or gone.
//!
//! ```text
//! Started ─▶ poll ─▶ condition met? ─▶ Done
//!              ▲          │ no
//!              └── sleep ─┘      a poll that fails is an event, and does not end the wait
//! ```

use super::call_policy::CallPolicy;
use super::command::Command;
use super::event::Event;
use super::machine::{Input, Machine};
use super::outcome::{CallFailure, Outcome, Success};
use super::poll_result::{FailedRead, PollResult};
use super::poller::Poller;
use super::requests::{RequestOutcome, Requests};
use super::response::Response;
use super::small_map::SmallMap;
use super::status::{is_at_rest, is_refusal, is_stuck};
use super::tag::{BodyRef, Tag};
use super::wrong_zone::{Answer, WrongZone};
use crate::error::{Error, Failure, WaitFailure, WaitFailureReason};
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::time::Millis;
use crate::model::zone::Zone;
use crate::ops::arguments::Reader;
use crate::policy::backoff::RETRY_AFTER_MAX;
use crate::policy::poll_interval::{Transition, poll_interval};
use crate::wire::summary::Summary;

/// The total timeout of a wait or a move by default. The slowest attach that was recorded took 43 s.
pub const WAIT_TIMEOUT_DEFAULT: Millis = Millis(300_000);

/// A flexible IP that has been at rest elsewhere for so long does not come to the server.
const ELSEWHERE_MAX: Millis = Millis(5_000);

/// Permissions can be lost for two minutes. After that, refusals are final.
const REFUSALS_MAX: Millis = Millis(120_000);

/// The tag of the sleep between two polls.
const INTERVAL: Tag = 0;

/// What a wait waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// No transition is under way, of the flexible IPs and of their virtual MAC addresses.
    Rest,
    /// The same, on this server.
    RestOn(ServerId),
    /// The flexible IPs do not exist.
    Gone,
}

/// The checked arguments of a wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitRequest {
    /// The client's method.
    pub name: &'static str,
    /// The zone of the flexible IPs.
    pub zone: Zone,
    /// The flexible IPs to poll.
    pub ids: Vec<FlexibleIpId>,
    /// What to wait for.
    pub condition: Condition,
    /// Whether the result is a list.
    pub is_list: bool,
}

impl WaitRequest {
    /// Reads `{ zone?, fipId }`, or `{ zone?, fipsIds }` for a list.
    pub fn read(
        name: &'static str,
        condition: Condition,
        is_list: bool,
        reader: &mut Reader<'_>,
    ) -> Option<Self> {
        let zone = reader.zone();
        let ids = if is_list {
            reader.many_flexible_ip_ids("fipsIds")
        } else {
            reader.id("fipId").map(|id| vec![id])
        };
        Some(Self { name, zone: zone?, ids: ids?, condition, is_list })
    }
}

/// The machine of a wait.
pub struct WaitFlow {
    request: WaitRequest,
    requests: Requests,
    poller: Poller,
    began_at: Millis,
    /// The flexible IPs that do not meet the condition yet.
    pending: Vec<FlexibleIpId>,
    /// The number of polls so far.
    polls: u32,
    /// Since when a flexible IP has been at rest on another server than the asked one.
    elsewhere_since: Option<Millis>,
    /// Since when each poll has been refused.
    refused_since: Option<Millis>,
    /// Whether another zone has the flexible IPs that are gone, once that is asked.
    wrong_zone: Option<WrongZone>,
}

impl WaitFlow {
    /// A machine for this wait.
    pub fn new(request: WaitRequest, policy: CallPolicy) -> Self {
        let poller = Poller::new(request.zone.clone());
        let pending = request.ids.clone();
        let requests = Requests::new(policy);
        Self {
            request,
            requests,
            poller,
            began_at: Millis(0),
            pending,
            polls: 0,
            elsewhere_since: None,
            refused_since: None,
            wrong_zone: None,
        }
    }

    /// The same wait, with a state that the call has read before.
    pub(super) fn with_known(mut self, ip: Summary, body: BodyRef) -> Self {
        self.poller.add_known(ip, body);
        self
    }

    /// The last known state of a flexible IP, with its body.
    pub(super) fn last_known(&self, id: FlexibleIpId) -> Option<&(Summary, BodyRef)> {
        self.poller.last_known(id)
    }

    fn poll(&mut self, now: Millis) -> Vec<Command> {
        // A poll without time to be answered would only replace the last failure by a timeout.
        if self.requests.time_left(now) == Millis(0) {
            return vec![self.timed_out(now)];
        }
        if let Some(question) = &mut self.wrong_zone {
            return question.poll(&mut self.requests, now);
        }
        // A wait for rest polls all flexible IPs each time. That costs the same requests for pages,
        // and all results come from one poll.
        let ids = if self.request.condition == Condition::Gone {
            self.pending.clone()
        } else {
            self.request.ids.clone()
        };
        self.polls = self.polls.saturating_add(1);
        self.poller.begin(ids, &mut self.requests, now)
    }

    fn on_poll(&mut self, result: PollResult, now: Millis, commands: &mut Vec<Command>) {
        if let Some(FailedRead { error, .. }) = &result.failed {
            let elapsed = self.elapsed(now);
            commands.push(Command::Emit(Event::PollFailed { error: error.clone(), elapsed }));
        }
        if self.request.condition == Condition::Gone {
            self.pending.retain(|id| !result.gone.has(*id));
        } else if let Some(command) = self.failure_of_poll(&result, now) {
            return commands.push(command);
        } else {
            let is_pending =
                |id: &FlexibleIpId| result.ips.get(*id).is_none_or(|(ip, _)| !self.is_goal(ip));
            self.pending = self.request.ids.iter().copied().filter(is_pending).collect();
        }
        if self.pending.is_empty() {
            return self.on_condition(&result.ips, now, commands);
        }
        if let Some(command) = self.on_refusals(result.failed.as_ref(), now) {
            return commands.push(command);
        }
        let ip = self.pending.first().and_then(|id| self.poller.last_known(*id));
        let transition = self.transition(ip.map(|(ip, _)| ip));
        let delay = poll_interval(transition, self.elapsed(now), 0);
        self.sleep(delay, result.failed.as_ref(), now, commands);
    }

    /// Whether a flexible IP is where it is waited for.
    fn is_goal(&self, ip: &Summary) -> bool {
        is_at_rest(ip)
            && match self.request.condition {
                Condition::RestOn(server) => ip.server_id == Some(server),
                Condition::Rest | Condition::Gone => true,
            }
    }

    /// The failure of a wait for rest, if the poll shows that its condition cannot be met.
    fn failure_of_poll(&mut self, result: &PollResult, now: Millis) -> Option<Command> {
        if let Some((id, refusal)) = result.gone.iter().next() {
            let reason = WaitFailureReason::Gone(Box::new(refusal.error.clone()));
            return Some(self.wait_failure(id, reason, Some(refusal)));
        }
        for (_, (ip, _)) in result.ips.iter() {
            if is_stuck(ip) {
                let word =
                    if ip.mac_status.as_deref() == Some("error") { "error" } else { &ip.status };
                let reason = WaitFailureReason::Stuck(word.to_owned());
                return Some(self.wait_failure(ip.id, reason, None));
            }
            let is_elsewhere = is_at_rest(ip) && !self.is_goal(ip);
            self.elsewhere_since = is_elsewhere.then(|| self.elsewhere_since.unwrap_or(now));
            if since(self.elsewhere_since, now) >= ELSEWHERE_MAX {
                let reason = WaitFailureReason::Misplaced(self.place(ip));
                return Some(self.wait_failure(ip.id, reason, None));
            }
        }
        None
    }

    /// The failure of a wait whose polls are all refused.
    fn on_refusals(&mut self, failed: Option<&FailedRead>, now: Millis) -> Option<Command> {
        let refusal = failed.filter(|failed| is_refusal(&failed.error));
        self.refused_since = refusal.map(|_| self.refused_since.unwrap_or(now));
        let refusal = refusal.filter(|_| since(self.refused_since, now) >= REFUSALS_MAX)?;
        let id = self.first()?;
        let reason = WaitFailureReason::Refused(REFUSALS_MAX, Box::new(refusal.error.clone()));
        Some(self.wait_failure(id, reason, Some(refusal)))
    }

    /// The condition is met. Ends the wait, unless flexible IPs that were never read are gone: another
    /// zone may have them.
    fn on_condition(
        &mut self,
        ips: &SmallMap<FlexibleIpId, (Summary, BodyRef)>,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        let unread = |id: &FlexibleIpId| self.poller.last_known(*id).is_none();
        let unread: Vec<FlexibleIpId> = self.request.ids.iter().copied().filter(unread).collect();
        if unread.is_empty() {
            return commands.push(self.success(ips));
        }
        let mut question = WrongZone::new(self.request.zone.clone(), unread, now);
        commands.extend(question.poll(&mut self.requests, now));
        self.wrong_zone = Some(question);
    }

    /// Takes the response of another zone.
    fn on_other_zone(
        &mut self,
        tag: Tag,
        outcome: Result<Response, Error>,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        let Some(question) = &mut self.wrong_zone else { return };
        let answer = question.on_response(tag, outcome, &mut self.requests, now, commands);
        let failed = question.last_failure().cloned();
        commands.push(match answer {
            Ok(Answer::Pending) => return,
            Ok(Answer::Absent) => self.success(&SmallMap::default()),
            Ok(Answer::Found(error)) => Command::Done(Err(self.plain_failure(error).into())),
            Err(error) => self.failed(error, tag),
            Ok(Answer::PollLater(delay)) => {
                if let Some(command) = self.on_refusals(failed.as_ref(), now) {
                    return commands.push(command);
                }
                return self.sleep(delay, failed.as_ref(), now, commands);
            }
        });
    }

    /// Sleeps until the next poll, or ends the wait. A failed poll may ask for a longer interval.
    fn sleep(
        &self,
        mut delay: Millis,
        failed: Option<&FailedRead>,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        if let Some(FailedRead { error: Error::Refused(refused), .. }) = failed {
            delay = delay.max(refused.retry_after.unwrap_or_default().min(RETRY_AFTER_MAX));
        }
        let delay = self.within_deadline(delay, now);
        if delay == Millis(0) {
            return commands.push(self.timed_out(now));
        }
        let status = |id| self.poller.last_known(id).map(|(ip, _)| ip.status.clone());
        let first = self.first().map(|id| (id, status(id)));
        let (pending, elapsed) = (self.pending.len().max(1), self.elapsed(now));
        commands.push(Command::Emit(Event::Wait { pending, first, elapsed, delay }));
        commands.push(Command::Sleep { tag: INTERVAL, length: delay });
    }

    /// The flexible IP that the wait is about: the first that does not meet the condition.
    fn first(&self) -> Option<FlexibleIpId> {
        self.pending.first().or_else(|| self.request.ids.first()).copied()
    }

    /// Shortens an interval so that a poll begins while it has time for its response: a second, or a
    /// quarter of the total timeout. Further polls follow until a quarter of that is left. After them
    /// the wait sleeps until its deadline.
    fn within_deadline(&self, delay: Millis, now: Millis) -> Millis {
        let left = self.requests.time_left(now).0;
        let reserve = (self.requests.policy().total_timeout.0 >> 2).min(1_000);
        let reserve = if left > reserve { reserve } else { reserve >> 2 };
        match left.saturating_sub(reserve.max(1)) {
            0 => Millis(left),
            until_reserve => Millis(delay.0.min(until_reserve)),
        }
    }

    /// The transition that the last known state of a flexible IP is in.
    fn transition(&self, last_known: Option<&Summary>) -> Transition {
        match last_known {
            Some(ip) if ip.status == "detaching" || self.request.condition == Condition::Gone => {
                Transition::Detach
            }
            Some(ip) if ip.status == "updating" && ip.server_id.is_none() => Transition::Attach,
            Some(_) => Transition::Mac,
            None => Transition::Unknown,
        }
    }

    fn success(&self, ips: &SmallMap<FlexibleIpId, (Summary, BodyRef)>) -> Command {
        let bodies = self.request.ids.iter().filter_map(|id| ips.get(*id)).map(|(_, body)| *body);
        let bodies: Vec<BodyRef> = bodies.collect();
        let outcome = match (self.request.condition, self.request.is_list, bodies.first()) {
            (Condition::Gone, _, _) => Outcome::Nothing,
            (_, false, Some(body)) => Outcome::Ip(*body),
            _ => Outcome::Ips(bodies),
        };
        Command::Done(Ok(Success { outcome, attempts: self.polls }))
    }

    /// The failure at the deadline. Its cause is the last poll that failed.
    fn timed_out(&self, now: Millis) -> Command {
        let Some(id) = self.first() else { return self.success(&SmallMap::default()) };
        let ip = self.poller.last_known(id).map(|(ip, _)| ip);
        let reason = match (self.request.condition, ip) {
            (Condition::RestOn(_), Some(ip)) => WaitFailureReason::Misplaced(self.place(ip)),
            _ => WaitFailureReason::TimedOut(self.elapsed(now), ip.map(|ip| ip.status.clone())),
        };
        let question = self.wrong_zone.as_ref();
        let cause = question.map_or_else(|| self.poller.last_failure(), WrongZone::last_failure);
        self.wait_failure(id, reason, cause)
    }

    /// Where a flexible IP is that is not on the asked server.
    fn place(&self, ip: &Summary) -> String {
        let server = |id: Option<ServerId>| match id {
            Some(id) => ["server ", &id.to_string()].concat(),
            None => "no server".to_owned(),
        };
        let asked = match self.request.condition {
            Condition::RestOn(server) => Some(server),
            Condition::Rest | Condition::Gone => None,
        };
        let still = if is_at_rest(ip) { "at rest as " } else { "still " };
        [still, &ip.status, " on ", &server(ip.server_id), ", not on ", &server(asked)].concat()
    }

    fn wait_failure(
        &self,
        id: FlexibleIpId,
        reason: WaitFailureReason,
        cause: Option<&FailedRead>,
    ) -> Command {
        let error = Error::WaitFailure(WaitFailure { id, reason });
        let last = self.poller.last_known(id).map(|(_, body)| *body);
        Command::Done(Err(CallFailure {
            exchange: cause.map(|cause| cause.tag),
            cause: cause.map(|cause| Box::new(self.failure(cause.error.clone(), cause.tag))),
            last,
            ..self.plain_failure(error).into()
        }))
    }

    /// The failure of a call that a request has ended.
    fn failed(&self, error: Error, tag: Tag) -> Command {
        let failure = Failure { attempts: self.polls, ..self.failure(error, tag) };
        Command::Done(Err(CallFailure { exchange: Some(tag), ..failure.into() }))
    }

    /// The failure of a request.
    fn failure(&self, error: Error, tag: Tag) -> Failure {
        let request = self.requests.request(tag);
        Failure {
            request: request.map(|request| (request.method.as_str(), request.target())),
            attempts: self.requests.attempts(tag),
            ..self.plain_failure(error)
        }
    }

    const fn plain_failure(&self, error: Error) -> Failure {
        Failure { error, operation: self.request.name, request: None, attempts: self.polls }
    }

    fn on_request_end(
        &mut self,
        tag: Tag,
        outcome: Result<Response, Error>,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        if self.wrong_zone.is_some() {
            return self.on_other_zone(tag, outcome, now, commands);
        }
        match self.poller.on_response(tag, outcome, &mut self.requests, now, commands) {
            Ok(Some(result)) => self.on_poll(result, now, commands),
            Ok(None) => {}
            Err(error) => commands.push(self.failed(error, tag)),
        }
    }

    const fn elapsed(&self, now: Millis) -> Millis {
        Millis(now.0.saturating_sub(self.began_at.0))
    }
}

/// The time since a moment; none is no time.
fn since(moment: Option<Millis>, now: Millis) -> Millis {
    Millis(now.0.saturating_sub(moment.unwrap_or(now).0))
}

impl Machine for WaitFlow {
    fn on(&mut self, input: Input, now: Millis) -> Vec<Command> {
        let mut commands = Vec::new();
        match input {
            Input::Started => {
                self.requests.start_deadline(now);
                self.began_at = now;
                return self.poll(now);
            }
            Input::Woke { tag: INTERVAL } => return self.poll(now),
            Input::Aborted => {
                return vec![Command::Done(Err(self.plain_failure(Error::Aborted).into()))];
            }
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
