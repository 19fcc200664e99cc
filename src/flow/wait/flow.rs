//! The machine of a wait.

use super::request::{Condition, WaitRequest};
use super::wrong_zone::{Answer, WrongZone};
use crate::error::Error;
use crate::flow::call_policy::CallPolicy;
use crate::flow::command::Command;
use crate::flow::event::Event;
use crate::flow::machine::{Input, Machine};
use crate::flow::poll_result::{FailedRead, PollResult};
use crate::flow::poller::Poller;
use crate::flow::requests::{RequestOutcome, Requests};
use crate::flow::response::Response;
use crate::flow::small_map::SmallMap;
use crate::flow::status::is_at_rest;
use crate::flow::tag::{BodyRef, Tag};
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::policy::backoff::RETRY_AFTER_MAX;
use crate::policy::poll_interval::{Transition, poll_interval};
use crate::wire::summary::Summary;

/// The tag of the sleep between two polls.
const INTERVAL: Tag = 0;

/// The machine of a wait.
pub struct WaitFlow {
    pub(super) request: WaitRequest,
    pub(super) requests: Requests,
    pub(super) poller: Poller,
    pub(super) began_at: Millis,
    /// The flexible IPs that do not meet the condition yet.
    pub(super) pending: Vec<FlexibleIpId>,
    /// The number of polls so far.
    pub(super) polls: u32,
    /// Since when a flexible IP has been at rest on another server than the asked one.
    pub(super) elsewhere_since: Option<Millis>,
    /// When the last poll was sent.
    pub(super) polled_at: Millis,
    /// Since when each poll has been refused.
    pub(super) refused_since: Option<Millis>,
    /// Whether another zone has the flexible IPs that are gone, once that is asked.
    pub(super) wrong_zone: Option<WrongZone>,
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
            polled_at: Millis(0),
            refused_since: None,
            wrong_zone: None,
        }
    }

    /// The same wait, with a state that the call has read before.
    pub(in crate::flow) fn with_known(mut self, ip: Summary, body: BodyRef) -> Self {
        self.poller.add_known(ip, body);
        self
    }

    /// The last known state of a flexible IP, with its body.
    pub(in crate::flow) fn last_known(&self, id: FlexibleIpId) -> Option<&(Summary, BodyRef)> {
        self.poller.last_known(id)
    }

    fn poll(&mut self, now: Millis, commands: &mut Vec<Command>) {
        self.polled_at = now;
        // A poll without time to be answered would only replace the last failure by a timeout.
        if self.requests.time_left(now) == Millis(0) {
            return commands.push(self.timed_out(now));
        }
        if let Some(question) = &mut self.wrong_zone {
            return question.poll(&mut self.requests, now, commands);
        }
        // A wait for rest polls all flexible IPs each time. That costs the same requests for pages,
        // and all results come from one poll.
        let ids = if self.request.condition == Condition::Gone {
            self.pending.clone()
        } else {
            self.request.ids.clone()
        };
        self.polls = self.polls.saturating_add(1);
        self.poller.begin(ids, &mut self.requests, now, commands);
    }

    fn on_poll(&mut self, result: PollResult, now: Millis, commands: &mut Vec<Command>) {
        if let Some(FailedRead { error, .. }) = &result.failed {
            let elapsed = self.elapsed(now);
            commands.push(Command::Emit(Event::PollFailed { error: error.clone(), elapsed }));
        }
        if self.request.condition == Condition::Gone {
            self.pending.retain(|id| !result.gone.has(*id));
        } else if let Some(command) = self.failure_of_poll(&result) {
            return commands.push(command);
        } else {
            self.pending.clear();
            for id in &self.request.ids {
                if result.ips.get(*id).is_none_or(|(ip, _)| !self.is_goal(ip)) {
                    self.pending.push(*id);
                }
            }
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
    pub(super) fn is_goal(&self, ip: &Summary) -> bool {
        is_at_rest(ip)
            && match self.request.condition {
                Condition::RestOn(server) => ip.server_id == Some(server),
                Condition::Rest | Condition::Gone => true,
            }
    }

    /// The condition is met. Ends the wait, unless flexible IPs that were never read are gone: another
    /// zone may have them.
    fn on_condition(
        &mut self,
        ips: &SmallMap<FlexibleIpId, (Summary, BodyRef)>,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        let mut unread = Vec::new();
        for id in &self.request.ids {
            if self.poller.last_known(*id).is_none() {
                unread.push(*id);
            }
        }
        if unread.is_empty() {
            return commands.push(self.success(ips));
        }
        let mut question = WrongZone::new(self.request.zone.clone(), unread, now);
        question.poll(&mut self.requests, now, commands);
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

    /// The flexible IP that the wait is about: the first that does not meet the condition. If the last
    /// poll failed, earlier ones show it.
    pub(super) fn first(&self) -> Option<FlexibleIpId> {
        let is_short = |id: &&FlexibleIpId| {
            self.poller.last_known(**id).is_none_or(|(ip, _)| {
                self.request.condition == Condition::Gone || !self.is_goal(ip)
            })
        };
        let short = self.pending.iter().find(is_short);
        short.or_else(|| self.pending.first()).or_else(|| self.request.ids.first()).copied()
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

    pub(super) const fn elapsed(&self, now: Millis) -> Millis {
        Millis(now.0.saturating_sub(self.began_at.0))
    }
}

impl Machine for WaitFlow {
    fn on(&mut self, input: Input, now: Millis) -> Vec<Command> {
        let mut commands = Vec::new();
        match input {
            Input::Started => {
                self.requests.start_deadline(now);
                self.began_at = now;
                self.poll(now, &mut commands);
            }
            Input::Woke { tag: INTERVAL } => self.poll(now, &mut commands),
            Input::Aborted => {
                commands.push(Command::Done(Err(self.plain_failure(Error::Aborted).into())));
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
