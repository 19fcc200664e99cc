//! Waits until flexible IPs have come to rest, or are gone.
//!
//! ```text
//! Started ─▶ look ─▶ all as wanted? ─▶ Done
//!              ▲          │ no
//!              └── sleep ─┘      a look that fails is an event, not the end
//! ```

use super::calls::{CallPolicy, Calls, News};
use super::look::{Look, Seen};
use super::pairs::Pairs;
use super::{Event, Failed, Finished, Found, Input, Machine, Place, Step, Tag};
use crate::error::{Error, Failure, Waited, WaitedWhy};
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::model::zone::Zone;
use crate::ops::arguments::Reader;
use crate::policy::poll::{Pace, pause};
use crate::wire::summary::Summary;

/// How long a wait lasts at most when nobody says otherwise: the slowest attach seen took 43 s.
pub const TOTAL_DEFAULT: Millis = Millis(300_000);

const SLEEP: Tag = 0;

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// No transition is under way, neither of the IP nor of its virtual MAC address.
    Rest,
    /// The IP is gone.
    Gone,
}

/// A wait, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The client's method.
    pub name: &'static str,
    /// Where.
    pub zone: Zone,
    /// For whom.
    pub ids: Vec<FlexibleIpId>,
    /// For what.
    pub until: Until,
    /// Whether the result is a list.
    pub many: bool,
}

impl Waiting {
    /// Reads `{ zone?, fipId }`, or `{ zone?, fipsIds }` for many.
    pub fn read(
        name: &'static str,
        until: Until,
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
    waiting: Waiting,
    calls: Calls,
    look: Look,
    began: Millis,
    pending: Vec<FlexibleIpId>,
    looks: u32,
}

impl WaitFlow {
    /// A machine for this wait.
    pub fn new(waiting: Waiting, policy: CallPolicy) -> Self {
        let look = Look::new(waiting.zone.clone());
        let pending = waiting.ids.clone();
        let calls = Calls::new(policy);
        Self { waiting, calls, look, began: Millis(0), pending, looks: 0 }
    }

    fn look(&mut self, now: Millis) -> Vec<Step> {
        // Everybody is looked at every time: it costs the same page, and then all results are of one look.
        let ids = if self.waiting.until == Until::Gone {
            self.pending.clone()
        } else {
            self.waiting.ids.clone()
        };
        self.looks = self.looks.saturating_add(1);
        self.look.begin(ids, &mut self.calls, now)
    }

    fn on_seen(&mut self, seen: Seen, now: Millis, steps: &mut Vec<Step>) {
        let Seen { ips, gone, failed } = seen;
        if let Some(error) = &failed {
            let elapsed = self.elapsed(now);
            steps.push(Step::Tell(Event::LookFailed { error: error.clone(), elapsed }));
        }
        match self.waiting.until {
            Until::Gone => self.pending.retain(|id| !gone.has(*id)),
            Until::Rest => {
                if let Some((id, error)) = gone.iter().next() {
                    return steps.push(self.ended(id, WaitedWhy::Gone(Box::new(error.clone()))));
                }
                let stuck = ips.iter().map(|(_, (ip, _))| ip).find(|ip| is_stuck(ip));
                if let Some(ip) = stuck {
                    return steps.push(self.ended(ip.id, WaitedWhy::Stuck(ip.status.clone())));
                }
                let unseen_or_busy =
                    |id: &FlexibleIpId| ips.get(*id).is_none_or(|(ip, _)| is_busy(ip));
                self.pending = self.waiting.ids.iter().copied().filter(unseen_or_busy).collect();
            }
        }
        if self.pending.is_empty() {
            return steps.push(self.finished(&ips));
        }
        self.sleep(failed, now, steps);
    }

    fn sleep(&mut self, failed: Option<Error>, now: Millis, steps: &mut Vec<Step>) {
        let elapsed = self.elapsed(now);
        let first = self.pending.first().copied();
        let seen = first.and_then(|id| self.look.last(id)).map(|(ip, _)| ip);
        let mut length = pause(self.pace(seen), elapsed, 0);
        if let Some(Error::Refused(refused)) = failed {
            length = length.max(refused.retry_after.unwrap_or_default());
        }
        let left = self.calls.deadline().0.saturating_sub(now.0);
        if left == 0 {
            let Some(id) = first else { return };
            let status = seen.map(|ip| ip.status.clone());
            return steps.push(self.ended(id, WaitedWhy::TimeUp(elapsed, status)));
        }
        let status = seen.map(|ip| ip.status.clone());
        let told = first.map(|id| (id, status));
        // The last look comes when the time is up.
        let delay = Millis(length.0.min(left));
        let pending = self.pending.len();
        steps.push(Step::Tell(Event::Wait { pending, first: told, elapsed, delay }));
        steps.push(Step::Sleep { tag: SLEEP, length: delay });
    }

    fn pace(&self, seen: Option<&Summary>) -> Pace {
        match seen {
            Some(ip) if ip.status == "detaching" || self.waiting.until == Until::Gone => {
                Pace::Detach
            }
            Some(ip) if ip.status == "updating" && ip.server_id.is_none() => Pace::Attach,
            Some(_) => Pace::Mac,
            None => Pace::Unknown,
        }
    }

    fn finished(&self, ips: &Pairs<FlexibleIpId, (Summary, Place)>) -> Step {
        let places = self.waiting.ids.iter().filter_map(|id| ips.get(*id)).map(|(_, place)| *place);
        let places: Vec<Place> = places.collect();
        let found = match (self.waiting.until, self.waiting.many, places.first()) {
            (Until::Gone, _, _) => Found::Nothing,
            (Until::Rest, false, Some(place)) => Found::Ip(*place),
            (Until::Rest, _, _) => Found::Ips(places),
        };
        Step::Done(Ok(Finished { found, attempts: self.looks }))
    }

    fn ended(&self, id: FlexibleIpId, why: WaitedWhy) -> Step {
        let mut failed = self.failed(Error::Waited(Waited { id, why }), None);
        failed.last = self.look.last(id).map(|(_, place)| *place);
        Step::Done(Err(failed))
    }

    fn failed(&self, error: Error, tag: Option<Tag>) -> Failed {
        let request = tag.and_then(|tag| self.calls.request(tag));
        Failure {
            error,
            operation: self.waiting.name,
            request: request.map(|request| (request.method.as_str(), request.target())),
            attempts: self.looks,
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
    fn on(&mut self, input: Input, now: Millis) -> Vec<Step> {
        let mut steps = Vec::new();
        match input {
            Input::Started => {
                self.calls.start(now);
                self.began = now;
                return self.look(now);
            }
            Input::Woke { tag: SLEEP } => return self.look(now),
            Input::Aborted => return vec![Step::Done(Err(self.failed(Error::Aborted, None)))],
            other => {
                let (tag, outcome) = match self.calls.on(other, now, &mut steps) {
                    News::None => return steps,
                    News::Answer(tag, answer) => (tag, Ok(answer)),
                    News::Failed(tag, error) | News::Unknown(tag, error) => (tag, Err(error)),
                };
                match self.look.on_answer(tag, outcome, &mut self.calls, now, &mut steps) {
                    Ok(Some(seen)) => self.on_seen(seen, now, &mut steps),
                    Ok(None) => {}
                    Err(error) => steps.push(Step::Done(Err(self.failed(error, Some(tag))))),
                }
            }
        }
        steps
    }
}
