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
use super::poller::{PollResult, Poller};
use super::requests::{RequestOutcome, Requests};
use super::small_map::SmallMap;
use super::status::{is_in_transition, is_stuck};
use super::tag::{BodyRef, Tag};
use crate::error::{Error, Failure, WaitFailure, WaitFailureReason};
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::model::zone::Zone;
use crate::ops::arguments::Reader;
use crate::policy::poll_interval::{Transition, poll_interval};
use crate::wire::summary::Summary;

/// The total timeout of a wait or a move by default. The slowest attach that was recorded took 43 s.
pub const WAIT_TIMEOUT_DEFAULT: Millis = Millis(300_000);

/// The tag of the sleep between two polls.
const INTERVAL: Tag = 0;

/// What a wait waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// No transition is under way, of the flexible IPs and of their virtual MAC addresses.
    Rest,
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
}

impl WaitFlow {
    /// A machine for this wait.
    pub fn new(request: WaitRequest, policy: CallPolicy) -> Self {
        let poller = Poller::new(request.zone.clone());
        let pending = request.ids.clone();
        let requests = Requests::new(policy);
        Self { request, requests, poller, began_at: Millis(0), pending, polls: 0 }
    }

    fn poll(&mut self, now: Millis) -> Vec<Command> {
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
        let PollResult { ips, gone, failed } = result;
        if let Some(error) = &failed {
            let elapsed = self.elapsed(now);
            commands.push(Command::Emit(Event::PollFailed { error: error.clone(), elapsed }));
        }
        match self.request.condition {
            Condition::Gone => self.pending.retain(|id| !gone.has(*id)),
            Condition::Rest => {
                if let Some((id, error)) = gone.iter().next() {
                    let reason = WaitFailureReason::Gone(Box::new(error.clone()));
                    return commands.push(self.wait_failure(id, reason));
                }
                if let Some(ip) = ips.iter().map(|(_, (ip, _))| ip).find(|ip| is_stuck(ip)) {
                    let reason = WaitFailureReason::Stuck(ip.status.clone());
                    return commands.push(self.wait_failure(ip.id, reason));
                }
                let is_pending =
                    |id: &FlexibleIpId| ips.get(*id).is_none_or(|(ip, _)| is_in_transition(ip));
                self.pending = self.request.ids.iter().copied().filter(is_pending).collect();
            }
        }
        if self.pending.is_empty() {
            return commands.push(self.success(&ips));
        }
        self.sleep(failed, now, commands);
    }

    /// Sleeps until the next poll, or ends the wait at its deadline.
    fn sleep(&mut self, failed: Option<Error>, now: Millis, commands: &mut Vec<Command>) {
        let elapsed = self.elapsed(now);
        let id = self.pending.first().copied();
        let ip = id.and_then(|id| self.poller.last_known(id)).map(|(ip, _)| ip);
        let mut delay = poll_interval(self.transition(ip), elapsed, 0);
        if let Some(Error::Refused(refused)) = failed {
            delay = delay.max(refused.retry_after.unwrap_or_default());
        }
        let left = self.requests.time_left(now);
        let status = ip.map(|ip| ip.status.clone());
        if left == Millis(0) {
            let Some(id) = id else { return };
            let reason = WaitFailureReason::TimedOut(elapsed, status);
            return commands.push(self.wait_failure(id, reason));
        }
        // The last poll begins at the deadline.
        let delay = delay.min(left);
        let (pending, first) = (self.pending.len(), id.map(|id| (id, status)));
        commands.push(Command::Emit(Event::Wait { pending, first, elapsed, delay }));
        commands.push(Command::Sleep { tag: INTERVAL, length: delay });
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
            (Condition::Rest, false, Some(body)) => Outcome::Ip(*body),
            (Condition::Rest, _, _) => Outcome::Ips(bodies),
        };
        Command::Done(Ok(Success { outcome, attempts: self.polls }))
    }

    fn wait_failure(&self, id: FlexibleIpId, reason: WaitFailureReason) -> Command {
        let mut failure = self.failure(Error::WaitFailure(WaitFailure { id, reason }), None);
        failure.last = self.poller.last_known(id).map(|(_, body)| *body);
        Command::Done(Err(failure))
    }

    fn failure(&self, error: Error, tag: Option<Tag>) -> CallFailure {
        let request = tag.and_then(|tag| self.requests.request(tag));
        Failure {
            error,
            operation: self.request.name,
            request: request.map(|request| (request.method.as_str(), request.target())),
            attempts: self.polls,
        }
        .into()
    }

    const fn elapsed(&self, now: Millis) -> Millis {
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
                return self.poll(now);
            }
            Input::Woke { tag: INTERVAL } => return self.poll(now),
            Input::Aborted => return vec![Command::Done(Err(self.failure(Error::Aborted, None)))],
            other => {
                let (tag, outcome) = match self.requests.on(other, now, &mut commands) {
                    RequestOutcome::Pending => return commands,
                    RequestOutcome::Response(tag, response) => (tag, Ok(response)),
                    RequestOutcome::Failed(tag, error) | RequestOutcome::Unknown(tag, error) => {
                        (tag, Err(error))
                    }
                };
                match self.poller.on_response(tag, outcome, &mut self.requests, now, &mut commands)
                {
                    Ok(Some(result)) => self.on_poll(result, now, &mut commands),
                    Ok(None) => {}
                    Err(error) => {
                        commands.push(Command::Done(Err(self.failure(error, Some(tag)))));
                    }
                }
            }
        }
        commands
    }
}
