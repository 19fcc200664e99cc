//! One look at several flexible IPs of a zone, with as few requests as will do: one of them is read
//! by itself, several by one page of the zone's list. Where a page does not show them all, further
//! pages do; who is on none of them is read alone, and may be gone.

use super::calls::{CallSpec, Calls};
use super::operation::is_gone;
use super::reading::{listed, one_ip, read_one};
use super::response::Response;
use super::small_map::SmallMap;
use super::{BodyRef, Command, Tag};
use crate::error::Error;
use crate::model::id::FlexibleIpId;
use crate::model::limits::PAGE_SIZE_MAX;
use crate::model::time::Millis;
use crate::model::zone::Zone;
use crate::ops::list::Listing;
use crate::policy::retry::{RetryClass, retry_class};
use crate::wire::http::Request;
use crate::wire::route::Operation;
use crate::wire::summary::Summary;

/// The tag of the first request. Every request has its own, so that what was seen can be kept.
const FIRST: Tag = 100_000;

/// Looks, one after another.
pub(super) struct Poll {
    zone: Zone,
    listing: Listing,
    /// The pages that showed somebody the last time.
    known: Vec<u32>,
    next: Tag,
    /// What everybody looked like when last seen.
    last: SmallMap<FlexibleIpId, (Summary, BodyRef)>,
    /// The answers that are kept.
    kept: Vec<Tag>,
    round: Round,
}

#[derive(Clone, Copy)]
enum Ask {
    One(FlexibleIpId),
    Page(u32),
}

#[derive(Default)]
struct Round {
    wanted: Vec<FlexibleIpId>,
    waiting: SmallMap<Tag, Ask>,
    asked: Vec<u32>,
    pages: u32,
    singles: bool,
    seen: PollResult,
}

/// What a look saw.
#[derive(Clone, Debug, Default)]
pub(super) struct PollResult {
    /// Those that are there.
    pub(super) ips: SmallMap<FlexibleIpId, (Summary, BodyRef)>,
    /// Those that are not.
    pub(super) gone: SmallMap<FlexibleIpId, Error>,
    /// What failed, so that some are neither. Another look may tell.
    pub(super) failed: Option<Error>,
}

impl Poll {
    pub(super) fn new(zone: Zone) -> Self {
        let operation = Operation::ListFlexibleIps;
        let path = operation.collection_path(&zone);
        let request =
            Request { method: operation.route().method, path, query: String::new(), body: None };
        let listing = Listing { request, first: 1, size: PAGE_SIZE_MAX };
        Self {
            zone,
            listing,
            known: Vec::new(),
            next: FIRST,
            last: SmallMap::default(),
            kept: Vec::new(),
            round: Round::default(),
        }
    }

    /// Begins a look at these.
    pub(super) fn begin(
        &mut self,
        ids: Vec<FlexibleIpId>,
        calls: &mut Calls,
        now: Millis,
    ) -> Vec<Command> {
        self.round = Round { wanted: ids, ..Round::default() };
        if self.round.wanted.len() == 1 {
            return self.ask_alone(calls, now);
        }
        let pages = std::mem::take(&mut self.known);
        let pages = if pages.is_empty() { vec![1] } else { pages };
        pages.into_iter().map(|page| self.ask_page(page, calls, now)).collect()
    }

    /// Whether this is a request of the look.
    pub(super) fn is_waiting_for(&self, tag: Tag) -> bool {
        self.round.waiting.has(tag)
    }

    /// What this one looked like when last seen, and where its body is.
    pub(super) fn last(&self, id: FlexibleIpId) -> Option<&(Summary, BodyRef)> {
        self.last.get(id)
    }

    /// Ends the look: what is on its way is dropped.
    pub(super) fn cancel(&mut self) -> Vec<Command> {
        let waiting = std::mem::take(&mut self.round.waiting);
        waiting.iter().map(|(tag, _)| Command::Cancel { tag }).collect()
    }

    /// Takes an answer of the look. Gives what it saw, once that is all; an error ends everything.
    pub(super) fn on_answer(
        &mut self,
        tag: Tag,
        outcome: Result<Response, Error>,
        calls: &mut Calls,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> Result<Option<PollResult>, Error> {
        let Some(ask) = self.round.waiting.remove(tag) else { return Ok(None) };
        let taken = outcome.and_then(|answer| self.take(tag, ask, answer));
        if let Err(error) = taken {
            self.on_failed(ask, error)?;
        }
        if !self.round.waiting.is_empty() {
            return Ok(None);
        }
        commands.extend(self.go_on(calls, now));
        if !self.round.waiting.is_empty() {
            return Ok(None);
        }
        let seen = std::mem::take(&mut self.round.seen);
        for (id, ip) in seen.ips.iter() {
            self.last.insert(id, ip.clone());
        }
        self.forget(calls, commands);
        Ok(Some(seen))
    }

    /// Forgets the answers that show nobody's last state.
    fn forget(&mut self, calls: &mut Calls, commands: &mut Vec<Command>) {
        let last = &self.last;
        self.kept.retain(|tag| {
            let needed = last.iter().any(|(_, (_, place))| place.tag == *tag);
            if !needed {
                calls.forget(*tag);
                commands.push(Command::Cancel { tag: *tag });
            }
            needed
        });
    }

    fn take(&mut self, tag: Tag, ask: Ask, answer: Response) -> Result<(), Error> {
        self.kept.push(tag);
        let Ask::Page(page) = ask else {
            let summary = one_ip(answer)?;
            self.round.seen.ips.insert(summary.id, (summary, BodyRef { tag, item: None }));
            return Ok(());
        };
        let (total, ips) = listed(answer)?;
        self.round.pages = total.div_ceil(PAGE_SIZE_MAX);
        for (item, ip) in ips.into_iter().enumerate() {
            if self.round.wanted.contains(&ip.id) {
                if !self.known.contains(&page) {
                    self.known.push(page);
                }
                self.round.seen.ips.insert(ip.id, (ip, BodyRef { tag, item: Some(item) }));
            }
        }
        Ok(())
    }

    fn on_failed(&mut self, ask: Ask, error: Error) -> Result<(), Error> {
        match ask {
            Ask::One(id) if is_gone(&error) => {
                self.round.seen.gone.insert(id, error);
            }
            _ if matches!(retry_class(&error), RetryClass::Unknown | RetryClass::NotDone(_)) => {
                self.round.seen.failed = Some(error);
            }
            _ => return Err(error),
        }
        Ok(())
    }

    /// Further requests, if the look has not seen everybody.
    fn go_on(&mut self, calls: &mut Calls, now: Millis) -> Vec<Command> {
        let Round { wanted, seen, asked, pages, singles, .. } = &self.round;
        let missing = wanted.iter().any(|id| !seen.ips.has(*id) && !seen.gone.has(*id));
        if !missing || seen.failed.is_some() || *singles {
            return Vec::new();
        }
        let further: Vec<u32> = (1..=*pages).filter(|page| !asked.contains(page)).take(4).collect();
        if further.is_empty() {
            return self.ask_alone(calls, now);
        }
        further.into_iter().map(|page| self.ask_page(page, calls, now)).collect()
    }

    fn ask_page(&mut self, page: u32, calls: &mut Calls, now: Millis) -> Command {
        self.round.asked.push(page);
        let tag = self.tag(Ask::Page(page));
        let (operation, request) = (Operation::ListFlexibleIps, self.listing.page(page));
        calls.send(tag, CallSpec { operation, request, reads_body: true, once: true }, now)
    }

    fn ask_alone(&mut self, calls: &mut Calls, now: Millis) -> Vec<Command> {
        self.round.singles = true;
        let mut commands = Vec::new();
        for id in self.round.wanted.clone() {
            if !self.round.seen.ips.has(id) {
                let tag = self.tag(Ask::One(id));
                commands.push(calls.send(tag, read_one(&self.zone, id, true), now));
            }
        }
        commands
    }

    fn tag(&mut self, ask: Ask) -> Tag {
        let tag = self.next;
        self.next = tag.saturating_add(1);
        self.round.waiting.insert(tag, ask);
        tag
    }
}
