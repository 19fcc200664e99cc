//! Polls several flexible IPs of a zone with as few requests as possible.
//!
//! A poll of one flexible IP reads that one. A poll of several reads the pages of the zone's list that
//! showed them in the last poll, or its first page. If flexible IPs are missing, further pages follow.
//! Those that are on no page are read one by one. If such a read is refused, `absence` finds out
//! whether the flexible IP is gone.

use super::absence::AbsenceCheck;
use super::command::Command;
use super::poll_result::{FailedRead, PollResult};
use super::reads::{get_ip, ids_of, list_of_zone, list_page, parse_ip, parse_page};
use super::requests::{RequestSpec, Requests};
use super::response::Response;
use super::small_map::SmallMap;
use super::status::ends_polling;
use super::tag::{BodyRef, Tag};
use crate::error::Error;
use crate::model::id::FlexibleIpId;
use crate::model::limits::PAGE_SIZE_MAX;
use crate::model::time::Millis;
use crate::model::zone::Zone;
use crate::ops::list::Listing;
use crate::wire::summary::Summary;

/// The tag of the first request. Each request has its own tag, so that its response can be retained.
const FIRST_TAG: Tag = 100_000;

/// How many further pages a poll reads at once.
const PAGES_AT_ONCE: usize = 4;

/// Polls, one after another.
pub(super) struct Poller {
    zone: Zone,
    listing: Listing,
    /// The pages that showed polled flexible IPs in the last poll.
    known_pages: Vec<u32>,
    next_tag: Tag,
    /// The last known state of each flexible IP, with its body.
    last_known: SmallMap<FlexibleIpId, (Summary, BodyRef)>,
    /// The requests whose responses are retained.
    retained: Vec<Tag>,
    /// The last request that failed.
    last_failure: Option<FailedRead>,
    /// The refusals of the flexible IPs that are gone.
    refusals: Vec<Tag>,
    /// The poll that is under way.
    poll: Poll,
}

/// What a request reads.
#[derive(Clone, Copy)]
enum Target {
    Ip(FlexibleIpId),
    Page(u32),
    /// A page of a walk of the absence check.
    WalkPage(u32),
}

#[derive(Default)]
struct Poll {
    ids: Vec<FlexibleIpId>,
    /// The requests without a response.
    pending: SmallMap<Tag, Target>,
    requested_pages: Vec<u32>,
    /// The number of pages of the list.
    page_count: u32,
    /// Whether the poll reads flexible IPs one by one. No further requests follow those reads.
    reads_one_by_one: bool,
    absence: AbsenceCheck,
    result: PollResult,
}

impl Poller {
    pub(super) fn new(zone: Zone) -> Self {
        Self::with_tags(zone, FIRST_TAG)
    }

    /// Polls whose requests have tags from this one on.
    pub(super) fn with_tags(zone: Zone, first_tag: Tag) -> Self {
        let listing = list_of_zone(&zone);
        Self {
            zone,
            listing,
            known_pages: Vec::new(),
            next_tag: first_tag,
            last_known: SmallMap::default(),
            retained: Vec::new(),
            last_failure: None,
            refusals: Vec::new(),
            poll: Poll::default(),
        }
    }

    /// Begins a poll of these flexible IPs.
    pub(super) fn begin(
        &mut self,
        ids: Vec<FlexibleIpId>,
        requests: &mut Requests,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        if ids.len() == 1 {
            self.poll = Poll { ids, ..Poll::default() };
            return self.read_one_by_one(requests, now, commands);
        }
        self.begin_pages(ids, requests, now, commands);
    }

    /// Begins a poll of these flexible IPs that reads pages, also for one. Its result has the others of
    /// the pages too.
    pub(super) fn begin_pages(
        &mut self,
        ids: Vec<FlexibleIpId>,
        requests: &mut Requests,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        self.poll = Poll { ids, ..Poll::default() };
        let mut pages = std::mem::take(&mut self.known_pages);
        if pages.is_empty() {
            pages.push(1);
        }
        for page in &pages {
            self.read_page(*page, requests, now, commands);
        }
    }

    /// Whether this request belongs to the poll that is under way.
    pub(super) fn is_pending(&self, tag: Tag) -> bool {
        self.poll.pending.has(tag)
    }

    /// The last known state of a flexible IP, with its body.
    pub(super) fn last_known(&self, id: FlexibleIpId) -> Option<&(Summary, BodyRef)> {
        self.last_known.get(id)
    }

    /// Adds a state that another request of the call has read.
    pub(super) fn add_known(&mut self, ip: Summary, body: BodyRef) {
        self.last_known.insert(ip.id, (ip, body));
    }

    /// The last request that failed, of all polls.
    pub(super) const fn last_failure(&self) -> Option<&FailedRead> {
        self.last_failure.as_ref()
    }

    /// Ends the poll and cancels its requests.
    pub(super) fn cancel(&mut self, commands: &mut Vec<Command>) {
        let pending = std::mem::take(&mut self.poll.pending);
        for (tag, _) in pending.iter() {
            commands.push(Command::Cancel { tag });
        }
    }

    /// Takes the end of a request of the poll. Returns the result after the last one, and an error if
    /// no further poll can succeed.
    pub(super) fn on_response(
        &mut self,
        tag: Tag,
        outcome: Result<Response, Error>,
        requests: &mut Requests,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> Result<Option<PollResult>, Error> {
        let Some(target) = self.poll.pending.remove(tag) else { return Ok(None) };
        let read = outcome.and_then(|response| self.on_read(tag, target, response));
        if let Err(error) = read {
            self.on_failure(target, FailedRead { error, tag })?;
        }
        if self.poll.pending.is_empty() {
            self.read_missing(requests, now, commands);
        }
        if self.poll.pending.is_empty() {
            self.check_absence(requests, now, commands);
        }
        if !self.poll.pending.is_empty() {
            return Ok(None);
        }
        let result = std::mem::take(&mut self.poll.result);
        for (id, ip) in result.ips.iter() {
            self.last_known.insert(id, ip.clone());
        }
        for (_, refusal) in result.gone.iter() {
            self.refusals.push(refusal.tag);
        }
        if let Some(failed) = &result.failed {
            // A read that the deadline cut off says less than an earlier failure.
            let is_cut_off = matches!(failed.error, Error::Timeout(_))
                && requests.time_left(now) == Millis(0)
                && self.last_failure.is_some();
            if !is_cut_off {
                self.last_failure = Some(failed.clone());
            }
        }
        self.drop_outdated(requests, commands);
        Ok(Some(result))
    }

    /// Drops the responses that hold no last known state and no failure that a result may name.
    fn drop_outdated(&mut self, requests: &mut Requests, commands: &mut Vec<Command>) {
        let Self { retained, last_known, last_failure, refusals, .. } = self;
        retained.retain(|tag| {
            let is_needed = last_known.iter().any(|(_, (_, body))| body.tag == *tag)
                || last_failure.as_ref().is_some_and(|failure| failure.tag == *tag)
                || refusals.contains(tag);
            if !is_needed {
                requests.forget(*tag);
                commands.push(Command::Cancel { tag: *tag });
            }
            is_needed
        });
    }

    fn on_read(&mut self, tag: Tag, target: Target, response: Response) -> Result<(), Error> {
        let page = match target {
            Target::Page(page) => Some(page),
            Target::WalkPage(_) => None,
            Target::Ip(id) => {
                let ip = parse_ip(response)?;
                if ip.id != id {
                    return Err(Error::Decode("it is another flexible IP".to_owned()));
                }
                self.poll.result.ips.insert(id, (ip, BodyRef { tag, item: None }));
                return Ok(());
            }
        };
        let (total, ips) = parse_page(response)?;
        if let Target::WalkPage(page) = target {
            self.poll.absence.on_page(page, total, &ids_of(&ips));
        } else {
            self.poll.page_count = total.div_ceil(PAGE_SIZE_MAX);
        }
        for (item, ip) in ips.into_iter().enumerate() {
            if self.poll.ids.contains(&ip.id) {
                if let Some(page) = page.filter(|page| !self.known_pages.contains(page)) {
                    self.known_pages.push(page);
                }
                self.poll.result.ips.insert(ip.id, (ip, BodyRef { tag, item: Some(item) }));
            } else {
                self.poll.result.others.push(ip);
            }
        }
        Ok(())
    }

    fn on_failure(&mut self, target: Target, failure: FailedRead) -> Result<(), Error> {
        match target {
            Target::Ip(id) if failure.error.denies(id) => {
                let project = self.last_known(id).and_then(|(ip, _)| ip.project_id);
                self.poll.absence.add(id, project, failure);
                return Ok(());
            }
            _ if ends_polling(&failure.error) => return Err(failure.error),
            Target::WalkPage(_) => self.poll.absence.on_failure(),
            _ => {}
        }
        self.poll.result.failed = Some(failure);
        Ok(())
    }

    /// Requests the pages that show whether the flexible IPs are gone whose reads were refused.
    fn check_absence(&mut self, requests: &mut Requests, now: Millis, commands: &mut Vec<Command>) {
        let Poll { absence, result, .. } = &mut self.poll;
        for (page, spec) in absence.next_pages(&self.zone, result) {
            self.send(Target::WalkPage(page), spec, requests, now, commands);
        }
    }

    /// Reads further pages, and then one by one, while flexible IPs are missing.
    fn read_missing(&mut self, requests: &mut Requests, now: Millis, commands: &mut Vec<Command>) {
        let Poll { ids, result, requested_pages, page_count, reads_one_by_one, .. } = &self.poll;
        let is_missing = ids.iter().any(|id| !result.ips.has(*id) && !result.gone.has(*id));
        if !is_missing || result.failed.is_some() || *reads_one_by_one {
            return;
        }
        let mut pages = Vec::new();
        for page in 1..=*page_count {
            if pages.len() < PAGES_AT_ONCE && !requested_pages.contains(&page) {
                pages.push(page);
            }
        }
        if pages.is_empty() {
            return self.read_one_by_one(requests, now, commands);
        }
        for page in pages {
            self.read_page(page, requests, now, commands);
        }
    }

    fn read_page(
        &mut self,
        page: u32,
        requests: &mut Requests,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        self.poll.requested_pages.push(page);
        let spec = list_page(&self.listing, page);
        self.send(Target::Page(page), spec, requests, now, commands);
    }

    fn read_one_by_one(
        &mut self,
        requests: &mut Requests,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        self.poll.reads_one_by_one = true;
        for id in self.poll.ids.clone() {
            if !self.poll.result.ips.has(id) {
                let spec = get_ip(&self.zone, id);
                self.send(Target::Ip(id), spec, requests, now, commands);
            }
        }
    }

    fn send(
        &mut self,
        target: Target,
        spec: RequestSpec,
        requests: &mut Requests,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        let tag = self.next_tag;
        self.next_tag = tag.saturating_add(1);
        self.retained.push(tag);
        self.poll.pending.insert(tag, target);
        // The next poll takes the place of a retry.
        let spec = RequestSpec { is_single_attempt: true, ..spec };
        commands.push(requests.send(tag, spec, now));
    }
}
