//! A list over all its pages, as fast as whoever reads it takes them.
//!
//! ```text
//! Started ─▶ [wait for Wanted] ─▶ [pages on their way] ─▶ Give ─▶ … ─▶ Done
//! ```

use std::collections::BTreeMap;

use super::calls::{CallOutcome, CallPolicy, Calls};
use super::pages::Pages;
use super::response::Response;
use super::{BodyRef, Command, Input, Machine, Outcome, Success, Tag};
use crate::error::{Error, Failure};
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::ops::list::Listing;
use crate::wire::route::Operation;

/// How many pages `.all()` asks for at once: more would run into the gateway's limit of requests.
pub const PAGES_AT_ONCE: usize = 4;

/// The machine of a list.
pub struct ListFlow {
    calls: Calls,
    pages: Pages,
    /// Whether everything is wanted at once, or a page at a time.
    all: bool,
    wanted: bool,
    found: Vec<(FlexibleIpId, BodyRef)>,
    by_id: BTreeMap<FlexibleIpId, u32>,
}

impl ListFlow {
    /// Everything, some pages at once.
    pub fn all(listing: Listing, policy: CallPolicy) -> Self {
        Self::new(listing, policy, true)
    }

    /// A page for each `PageRequested`.
    pub fn by_page(listing: Listing, policy: CallPolicy) -> Self {
        Self::new(listing, policy, false)
    }

    fn new(listing: Listing, policy: CallPolicy, all: bool) -> Self {
        let pages = Pages::new(listing, if all { PAGES_AT_ONCE } else { 1 }, 0);
        Self {
            calls: Calls::new(policy),
            pages,
            all,
            wanted: all,
            found: Vec::new(),
            by_id: BTreeMap::new(),
        }
    }

    fn go(&mut self, now: Millis, commands: &mut Vec<Command>) {
        if !self.wanted || !self.pages.go(&mut self.calls, now, commands) {
            return;
        }
        let walk = self.pages.walk();
        let there = self.found.iter().filter(|(id, _)| walk.is_there(*id));
        let mut places: Vec<BodyRef> = there.map(|(_, place)| *place).collect();
        // Pages come in any order; the list has the one that was asked for.
        places.sort_by_key(|place| (self.pages.page_of(place.tag), place.item));
        let found = Outcome::Ips(places);
        commands.push(Command::Done(Ok(Success { found, attempts: 1 })));
    }

    /// What is seen twice is given as it was seen last.
    fn note(&mut self, id: FlexibleIpId, place: BodyRef) {
        let new = u32::try_from(self.found.len()).unwrap_or(u32::MAX);
        let index = *self.by_id.entry(id).or_insert(new);
        match self.found.get_mut(usize::try_from(index).unwrap_or(usize::MAX)) {
            Some((_, found)) => *found = place,
            None => self.found.push((id, place)),
        }
    }

    fn on_page(&mut self, tag: Tag, answer: Response, now: Millis, commands: &mut Vec<Command>) {
        match self.pages.on_answer(tag, answer) {
            Ok(page) if self.all => {
                for (item, ip) in page.ips.iter().enumerate() {
                    self.note(ip.id, BodyRef { tag, item: Some(item) });
                }
            }
            // A page of a second pass that has nothing new is not worth a turn of the loop.
            Ok(page) if page.new.is_empty() && !page.ips.is_empty() => {}
            Ok(page) => {
                self.wanted = false;
                commands.push(Command::DeliverPage { tag, items: page.new });
            }
            Err(error) => return commands.push(self.failed(error, tag)),
        }
        self.go(now, commands);
    }

    fn failed(&self, error: Error, tag: Tag) -> Command {
        let request = self.calls.request(tag);
        let failure = Failure {
            error,
            operation: Operation::ListFlexibleIps.name(),
            request: request.map(|request| (request.method.as_str(), request.target())),
            attempts: self.calls.attempts(tag),
        };
        Command::Done(Err(failure.into()))
    }
}

impl Machine for ListFlow {
    fn on(&mut self, input: Input, now: Millis) -> Vec<Command> {
        let mut commands = Vec::new();
        match input {
            Input::Started => {
                self.calls.start(now);
                self.go(now, &mut commands);
            }
            Input::PageRequested => {
                // What the loop does between two pages is not the service's time.
                self.calls.start(now);
                self.wanted = true;
                self.go(now, &mut commands);
            }
            Input::Aborted => commands.push(self.failed(Error::Aborted, 0)),
            other => match self.calls.on(other, now, &mut commands) {
                CallOutcome::None => {}
                CallOutcome::Response(tag, answer) => self.on_page(tag, answer, now, &mut commands),
                CallOutcome::Failed(tag, error) | CallOutcome::Unknown(tag, error) => {
                    commands.push(self.failed(error, tag));
                }
            },
        }
        commands
    }
}
