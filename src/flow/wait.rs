//! Waits until flexible IPs have come to rest, or are gone.
//!
//! ```text
//! Started ─▶ look ─▶ all as wanted? ─▶ Done
//!              ▲          │ no
//!              └── sleep ─┘      a look that fails is an event, not the end
//! ```

use super::calls::{CallOutcome, CallPolicy, Calls};
use super::poll::{Poll, PollResult};
use super::small_map::SmallMap;
use super::{BodyRef, Command, Event, FlowError, Input, Machine, Outcome, Success, Tag};
use crate::error::{Error, Failure, WaitFailure, WaitFailureReason};
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::model::zone::Zone;
use crate::ops::arguments::Reader;
use crate::policy::poll_interval::{Transition, pause};
use crate::wire::summary::Summary;

/// How long a wait lasts at most when nobody says otherwise: the slowest attach seen took 43 s.
pub const TOTAL_DEFAULT: Millis = Millis(300_000);

const SLEEP: Tag = 0;

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// No transition is under way, neither of the IP nor of its virtual MAC address.
    Rest,
    /// The IP is gone.
    Gone,
}

/// A wait, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitRequest {
    /// The client's method.
    pub name: &'static str,
    /// Where.
    pub zone: Zone,
    /// For whom.
    pub ids: Vec<FlexibleIpId>,
    /// For what.
    pub until: Condition,
    /// Whether the result is a list.
    pub many: bool,
}

impl WaitRequest {
    /// Reads `{ zone?, fipId }`, or `{ zone?, fipsIds }` for many.
    pub fn read(
        name: &'static str,
        until: Condition,
        many: bool,
        reader: &mut Reader<'_>,
    ) -> Option<Self> {
        let zone = reader.zone();
        let ids = if many {
            reader.many_flexible_ip_ids("fipsIds")
        } else {
            reader.id("fipId").map(|id| vec![id])
        };
        Some(Self { name, zone: zone?, ids: ids?, until, many })
    }
}

/// The machine of a wait.
pub struct WaitFlow {
    waiting: WaitRequest,
    calls: Calls,
    poll: Poll,
    began: Millis,
    pending: Vec<FlexibleIpId>,
    polls: u32,
}

impl WaitFlow {
    /// A machine for this wait.
    pub fn new(waiting: WaitRequest, policy: CallPolicy) -> Self {
        let poll = Poll::new(waiting.zone.clone());
        let pending = waiting.ids.clone();
        let calls = Calls::new(policy);
        Self { waiting, calls, poll, began: Millis(0), pending, polls: 0 }
    }

    fn poll(&mut self, now: Millis) -> Vec<Command> {
        // Everybody is looked at every time: it costs the same page, and then all results are of one look.
        let ids = if self.waiting.until == Condition::Gone {
            self.pending.clone()
        } else {
            self.waiting.ids.clone()
        };
        self.polls = self.polls.saturating_add(1);
        self.poll.begin(ids, &mut self.calls, now)
    }

    fn on_seen(&mut self, seen: PollResult, now: Millis, commands: &mut Vec<Command>) {
        let PollResult { ips, gone, failed } = seen;
        if let Some(error) = &failed {
            let elapsed = self.elapsed(now);
            commands.push(Command::Emit(Event::PollFailed { error: error.clone(), elapsed }));
        }
        match self.waiting.until {
            Condition::Gone => self.pending.retain(|id| !gone.has(*id)),
            Condition::Rest => {
                if let Some((id, error)) = gone.iter().next() {
                    return commands
                        .push(self.ended(id, WaitFailureReason::Gone(Box::new(error.clone()))));
                }
                let stuck = ips.iter().map(|(_, (ip, _))| ip).find(|ip| is_stuck(ip));
                if let Some(ip) = stuck {
                    return commands
                        .push(self.ended(ip.id, WaitFailureReason::Stuck(ip.status.clone())));
                }
                let unseen_or_busy =
                    |id: &FlexibleIpId| ips.get(*id).is_none_or(|(ip, _)| is_busy(ip));
                self.pending = self.waiting.ids.iter().copied().filter(unseen_or_busy).collect();
            }
        }
        if self.pending.is_empty() {
            return commands.push(self.finished(&ips));
        }
        self.sleep(failed, now, commands);
    }

    fn sleep(&mut self, failed: Option<Error>, now: Millis, commands: &mut Vec<Command>) {
        let elapsed = self.elapsed(now);
        let first = self.pending.first().copied();
        let seen = first.and_then(|id| self.poll.last(id)).map(|(ip, _)| ip);
        let mut length = pause(self.pace(seen), elapsed, 0);
        if let Some(Error::Refused(refused)) = failed {
            length = length.max(refused.retry_after.unwrap_or_default());
        }
        let left = self.calls.deadline().0.saturating_sub(now.0);
        if left == 0 {
            let Some(id) = first else { return };
            let status = seen.map(|ip| ip.status.clone());
            return commands.push(self.ended(id, WaitFailureReason::TimedOut(elapsed, status)));
        }
        let status = seen.map(|ip| ip.status.clone());
        let told = first.map(|id| (id, status));
        // The last look comes when the time is up.
        let delay = Millis(length.0.min(left));
        let pending = self.pending.len();
        commands.push(Command::Emit(Event::Wait { pending, first: told, elapsed, delay }));
        commands.push(Command::Sleep { tag: SLEEP, length: delay });
    }

    fn pace(&self, seen: Option<&Summary>) -> Transition {
        match seen {
            Some(ip) if ip.status == "detaching" || self.waiting.until == Condition::Gone => {
                Transition::Detach
            }
            Some(ip) if ip.status == "updating" && ip.server_id.is_none() => Transition::Attach,
            Some(_) => Transition::Mac,
            None => Transition::Unknown,
        }
    }

    fn finished(&self, ips: &SmallMap<FlexibleIpId, (Summary, BodyRef)>) -> Command {
        let places = self.waiting.ids.iter().filter_map(|id| ips.get(*id)).map(|(_, place)| *place);
        let places: Vec<BodyRef> = places.collect();
        let found = match (self.waiting.until, self.waiting.many, places.first()) {
            (Condition::Gone, _, _) => Outcome::Nothing,
            (Condition::Rest, false, Some(place)) => Outcome::Ip(*place),
            (Condition::Rest, _, _) => Outcome::Ips(places),
        };
        Command::Done(Ok(Success { found, attempts: self.polls }))
    }

    fn ended(&self, id: FlexibleIpId, why: WaitFailureReason) -> Command {
        let mut failed = self.failed(Error::WaitFailure(WaitFailure { id, reason: why }), None);
        failed.last = self.poll.last(id).map(|(_, place)| *place);
        Command::Done(Err(failed))
    }

    fn failed(&self, error: Error, tag: Option<Tag>) -> FlowError {
        let request = tag.and_then(|tag| self.calls.request(tag));
        Failure {
            error,
            operation: self.waiting.name,
            request: request.map(|request| (request.method.as_str(), request.target())),
            attempts: self.polls,
        }
        .into()
    }

    const fn elapsed(&self, now: Millis) -> Millis {
        Millis(now.0.saturating_sub(self.began.0))
    }
}

/// Whether a transition is under way.
pub(super) fn is_busy(ip: &Summary) -> bool {
    matches!(ip.status.as_str(), "updating" | "detaching")
        || matches!(ip.mac_status.as_deref(), Some("updating" | "deleting"))
}

/// Whether nothing will happen any more by itself, though something should.
pub(super) fn is_stuck(ip: &Summary) -> bool {
    matches!(ip.status.as_str(), "error" | "locked") || ip.mac_status.as_deref() == Some("error")
}

impl Machine for WaitFlow {
    fn on(&mut self, input: Input, now: Millis) -> Vec<Command> {
        let mut commands = Vec::new();
        match input {
            Input::Started => {
                self.calls.start(now);
                self.began = now;
                return self.poll(now);
            }
            Input::Woke { tag: SLEEP } => return self.poll(now),
            Input::Aborted => return vec![Command::Done(Err(self.failed(Error::Aborted, None)))],
            other => {
                let (tag, outcome) = match self.calls.on(other, now, &mut commands) {
                    CallOutcome::None => return commands,
                    CallOutcome::Response(tag, answer) => (tag, Ok(answer)),
                    CallOutcome::Failed(tag, error) | CallOutcome::Unknown(tag, error) => {
                        (tag, Err(error))
                    }
                };
                match self.poll.on_answer(tag, outcome, &mut self.calls, now, &mut commands) {
                    Ok(Some(seen)) => self.on_seen(seen, now, &mut commands),
                    Ok(None) => {}
                    Err(error) => commands.push(Command::Done(Err(self.failed(error, Some(tag))))),
                }
            }
        }
        commands
    }
}
