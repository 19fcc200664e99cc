//! A list over all its pages, either at once or page by page as the caller asks for them.
//!
//! ```text
//! all:     Started ─▶ Send, up to 4 pages at once ─▶ … ─▶ Done, with all items
//! by page: PageRequested ─▶ Send ─▶ DeliverPage, for each page ─▶ … ─▶ Done
//! ```

use std::collections::BTreeMap;

use super::call_policy::CallPolicy;
use super::command::Command;
use super::machine::{Input, Machine};
use super::outcome::{Outcome, Success};
use super::pages::Pages;
use super::requests::{RequestOutcome, Requests};
use super::response::Response;
use super::tag::{BodyRef, Tag};
use crate::error::{Error, Failure};
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::ops::list::Listing;
use crate::wire::route::Operation;

/// How many pages `.all()` requests at once: more would hit the gateway's rate limit.
pub const PAGES_AT_ONCE: usize = 4;

/// The machine of a list.
pub struct ListFlow {
    requests: Requests,
    pages: Pages,
    /// Whether the result is all items, or the caller asks for each page.
    reads_all: bool,
    /// Whether pages may be requested now.
    is_reading: bool,
    /// The items so far, in the order in which they were first read.
    items: Vec<(FlexibleIpId, BodyRef)>,
    /// The index of each flexible IP in `items`.
    indices: BTreeMap<FlexibleIpId, u32>,
}

impl ListFlow {
    /// A list whose result is all its items.
    pub fn all(listing: Listing, policy: CallPolicy) -> Self {
        Self::new(listing, policy, true)
    }

    /// A list that delivers a page for each `PageRequested`.
    pub fn by_page(listing: Listing, policy: CallPolicy) -> Self {
        Self::new(listing, policy, false)
    }

    fn new(listing: Listing, policy: CallPolicy, reads_all: bool) -> Self {
        let pages = Pages::new(listing, if reads_all { PAGES_AT_ONCE } else { 1 }, 0);
        Self {
            requests: Requests::new(policy),
            pages,
            reads_all,
            is_reading: reads_all,
            items: Vec::new(),
            indices: BTreeMap::new(),
        }
    }

    /// Requests the next pages, or ends the call when all are read.
    fn advance(&mut self, now: Millis, commands: &mut Vec<Command>) {
        if !self.is_reading || !self.pages.send_next(&mut self.requests, now, commands) {
            return;
        }
        let walk = self.pages.walk();
        let listed = self.items.iter().filter(|(id, _)| walk.is_listed(*id));
        let mut bodies: Vec<BodyRef> = listed.map(|(_, body)| *body).collect();
        // Pages arrive in any order; the result has the order of the list.
        bodies.sort_by_key(|body| (self.pages.page_of(body.tag), body.item));
        let outcome = Outcome::Ips(bodies);
        commands.push(Command::Done(Ok(Success { outcome, attempts: 1 })));
    }

    /// Adds an item. The last read of a flexible IP replaces an earlier one.
    fn add_item(&mut self, id: FlexibleIpId, body: BodyRef) {
        let new = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        let index = *self.indices.entry(id).or_insert(new);
        match self.items.get_mut(usize::try_from(index).unwrap_or(usize::MAX)) {
            Some((_, known)) => *known = body,
            None => self.items.push((id, body)),
        }
    }

    fn on_page(&mut self, tag: Tag, response: Response, now: Millis, commands: &mut Vec<Command>) {
        match self.pages.on_response(tag, response) {
            Ok(page) if self.reads_all => {
                for (item, ip) in page.ips.iter().enumerate() {
                    self.add_item(ip.id, BodyRef { tag, item: Some(item) });
                }
            }
            // A page of a repeated pass without new items is not delivered: the next page follows.
            Ok(page) if page.new.is_empty() && !page.ips.is_empty() => {}
            Ok(page) => {
                self.is_reading = false;
                commands.push(Command::DeliverPage { tag, items: page.new });
            }
            Err(error) => return commands.push(self.failure(error, tag)),
        }
        self.advance(now, commands);
    }

    fn failure(&self, error: Error, tag: Tag) -> Command {
        let request = self.requests.request(tag);
        let failure = Failure {
            error,
            operation: Operation::ListFlexibleIps.name(),
            request: request.map(|request| (request.method.as_str(), request.target())),
            attempts: self.requests.attempts(tag),
        };
        Command::Done(Err(failure.into()))
    }
}

impl Machine for ListFlow {
    fn on(&mut self, input: Input, now: Millis) -> Vec<Command> {
        let mut commands = Vec::new();
        match input {
            Input::Started => {
                self.requests.start_deadline(now);
                self.advance(now, &mut commands);
            }
            Input::PageRequested => {
                // The time that the caller spends between two pages does not count.
                self.requests.start_deadline(now);
                self.is_reading = true;
                self.advance(now, &mut commands);
            }
            Input::Aborted => commands.push(self.failure(Error::Aborted, 0)),
            other => match self.requests.on(other, now, &mut commands) {
                RequestOutcome::Pending => {}
                RequestOutcome::Response(tag, response) => {
                    self.on_page(tag, response, now, &mut commands);
                }
                RequestOutcome::Failed(tag, error) | RequestOutcome::Unknown(tag, error) => {
                    commands.push(self.failure(error, tag));
                }
            },
        }
        commands
    }
}
