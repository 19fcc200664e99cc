//! Whether another zone has flexible IPs that are absent from the zone of a request.
//!
//! The API answers for an id of another zone as for one that was deleted. A wait for a deletion that
//! has never read its flexible IP therefore polls the other zones, until each has shown its absence. A
//! zone whose answers are foreign pages is left out in the end: a proxy may serve one zone
//! only, and the flexible IP is absent from the zone that the caller named.

use crate::error::Error;
use crate::error::kind::Kind;
use crate::error::problem::{Problem, Reason};
use crate::flow::command::Command;
use crate::flow::poll_result::FailedRead;
use crate::flow::poller::Poller;
use crate::flow::requests::Requests;
use crate::flow::response::Response;
use crate::flow::tag::Tag;
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::model::to_text::text;
use crate::model::zone::{KNOWN_ZONES, Zone};

/// The tag of the first request of the first zone, and the distance to that of the next zone.
const TAGS: Tag = 1_000_000;

/// After so many polls without an answer of any zone, no zone is expected to answer.
const POLLS_MIN: u32 = 3;

/// A zone that has not answered for so long, and so many polls, is left out.
const SILENCE_MAX: Millis = Millis(30_000);
const SILENT_POLLS: u32 = 8;

/// The shortest and the longest interval between two polls, in milliseconds.
const INTERVAL_MIN: u64 = 100;
const INTERVAL_MAX: u64 = 2_000;

pub(super) struct WrongZone {
    asked: Zone,
    ids: Vec<FlexibleIpId>,
    /// The zones that have not shown the absence of all flexible IPs.
    zones: Vec<OtherZone>,
    /// The number of zones whose poll is under way.
    pending: usize,
    polls: u32,
    began_at: Millis,
    last_failure: Option<FailedRead>,
}

struct OtherZone {
    zone: Zone,
    poller: Poller,
    /// Whether the zone is the API's: an answer was its own, or none came. Then it must be heard.
    has_answered: bool,
}

/// Whether the answer is a page or a refusal that is not the API's.
fn is_foreign(error: &Error) -> bool {
    match error {
        Error::Decode(_) => true,
        Error::Refused(refused) => !refused.is_typed && refused.kind == Kind::Unexpected,
        _ => false,
    }
}

/// What is known after a response.
pub(super) enum Answer {
    /// Polls are under way.
    Pending,
    /// Poll again after this interval.
    PollLater(Millis),
    /// No other zone has the flexible IPs.
    Absent,
    /// Another zone has one: an error that names it.
    Found(Error),
}

impl WrongZone {
    pub(super) fn new(asked: Zone, ids: Vec<FlexibleIpId>, now: Millis) -> Self {
        let mut zones = Vec::new();
        for zone in KNOWN_ZONES.iter().filter_map(|zone| Zone::parse(zone)) {
            if zone != asked {
                let first_tag = zones.len().saturating_add(1).saturating_mul(TAGS);
                let poller = Poller::with_tags(zone.clone(), first_tag);
                zones.push(OtherZone { zone, poller, has_answered: false });
            }
        }
        Self { asked, ids, zones, pending: 0, polls: 0, began_at: now, last_failure: None }
    }

    /// Polls each zone that is left.
    pub(super) fn poll(
        &mut self,
        requests: &mut Requests,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        self.polls = self.polls.saturating_add(1);
        self.pending = self.zones.len();
        for zone in &mut self.zones {
            zone.poller.begin(self.ids.clone(), requests, now, commands);
        }
    }

    pub(super) const fn last_failure(&self) -> Option<&FailedRead> {
        self.last_failure.as_ref()
    }

    /// Takes the end of a request. An error means that no further poll can succeed.
    pub(super) fn on_response(
        &mut self,
        tag: Tag,
        outcome: Result<Response, Error>,
        requests: &mut Requests,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> Result<Answer, Error> {
        let index = self.zones.iter().position(|zone| zone.poller.is_pending(tag));
        let Some((index, zone)) = index.and_then(|index| Some((index, self.zones.get_mut(index)?)))
        else {
            return Ok(Answer::Pending);
        };
        let result = zone.poller.on_response(tag, outcome, requests, now, commands)?;
        let Some(result) = result else { return Ok(Answer::Pending) };
        if let Some((id, _)) = result.ips.iter().next() {
            return Ok(Answer::Found(self.is_in(id, index)));
        }
        self.pending = self.pending.saturating_sub(1);
        if let Some(failed) = result.failed {
            zone.has_answered |= !is_foreign(&failed.error);
            self.last_failure = Some(failed);
        } else {
            self.zones.remove(index);
        }
        Ok(if self.pending > 0 { Answer::Pending } else { self.after_polls(now) })
    }

    /// What follows when the polls of all zones have ended.
    fn after_polls(&mut self, now: Millis) -> Answer {
        let count = KNOWN_ZONES.len().saturating_sub(1);
        let is_silent = |zone: &OtherZone| !zone.has_answered;
        let elapsed = now.0.saturating_sub(self.began_at.0);
        if self.polls >= POLLS_MIN && self.zones.len() >= count && self.zones.iter().all(is_silent)
        {
            return Answer::Absent;
        }
        if elapsed >= SILENCE_MAX.0 && self.polls >= SILENT_POLLS {
            self.zones.retain(|zone| zone.has_answered);
        }
        if self.zones.is_empty() {
            return Answer::Absent;
        }
        Answer::PollLater(Millis((elapsed >> 1).clamp(INTERVAL_MIN, INTERVAL_MAX)))
    }

    fn is_in(&self, id: FlexibleIpId, index: usize) -> Error {
        let zone = self.zones.get(index).map_or("", |zone| zone.zone.as_str());
        let help = text!(id, " is in zone ", zone, ", and the request is for zone ", self.asked);
        Error::InvalidArguments(vec![Problem::error("zone", Reason::Constraint, help)])
    }
}
