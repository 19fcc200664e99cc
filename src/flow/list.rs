//! A list over all its pages, either at once or page by page as the caller asks for them.
//!
//! ```text
//! all:     Started ─▶ Send, up to 4 pages at once ─▶ … ─▶ Done, with all items
//! by page: PageRequested ─▶ Send ─▶ DeliverPage, for each page ─▶ … ─▶ Done
//! ```
//!
//! Pages that do not agree are read again. A list that is still not whole fails with
//! [`Error::IncompleteList`].

use super::call_policy::CallPolicy;
use super::command::Command;
use super::machine::{Input, Machine};
use super::outcome::{CallFailure, Outcome, Success};
use super::pages::{Page, Pages};
use super::requests::{RequestOutcome, Requests};
use super::response::Response;
use super::tag::{BodyRef, Tag};
use crate::error::{Error, Failure};
use crate::model::time::Millis;
use crate::ops::list::Listing;
use crate::wire::route::Operation;

/// How many pages `.all()` requests at once: more would hit the gateway's rate limit.
pub const PAGES_AT_ONCE: usize = 4;

/// What the caller receives, and for what the total timeout counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Delivery {
    /// All items as the result of the call.
    All,
    /// A page for each `PageRequested`. The total timeout counts for each page: the time that the
    /// caller spends between two pages does not count.
    ByPage,
    /// A page for each `PageRequested`. The total timeout counts for all pages together.
    ByPageInOneCall,
}

/// The machine of a list.
pub struct ListFlow {
    requests: Requests,
    pages: Pages,
    delivery: Delivery,
    /// The client's method, for errors.
    name: &'static str,
    /// Whether pages may be requested now.
    is_reading: bool,
    /// The last known body of each flexible IP, by its position in the walk. Empty if pages are
    /// delivered.
    bodies: Vec<BodyRef>,
}

impl ListFlow {
    /// A list whose result is all its items.
    pub fn all(listing: Listing, policy: CallPolicy) -> Self {
        Self::new(listing, Delivery::All, policy)
    }

    /// A list that delivers a page for each `PageRequested`.
    pub fn by_page(listing: Listing, policy: CallPolicy) -> Self {
        Self::new(listing, Delivery::ByPage, policy)
    }

    /// The same for one call that reads page after page: the total timeout counts for all of them.
    pub fn by_page_in_one_call(listing: Listing, policy: CallPolicy) -> Self {
        Self::new(listing, Delivery::ByPageInOneCall, policy)
    }

    fn new(listing: Listing, delivery: Delivery, policy: CallPolicy) -> Self {
        let reads_all = delivery == Delivery::All;
        Self {
            requests: Requests::new(policy),
            pages: Pages::new(listing, if reads_all { PAGES_AT_ONCE } else { 1 }, 0),
            delivery,
            name: Operation::ListFlexibleIps.name(),
            is_reading: reads_all,
            bodies: Vec::new(),
        }
    }

    /// The same for another method of the client.
    pub fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// Requests the next pages, or ends the call when the walk is over.
    fn advance(&mut self, now: Millis, commands: &mut Vec<Command>) {
        if !self.is_reading || !self.pages.send_next(&mut self.requests, now, commands) {
            return;
        }
        let error = self.pages.incompleteness();
        let walk = self.pages.walk();
        let is_listed = |position| error.is_some() || walk.was_read_by_last_pass(position);
        let mut bodies: Vec<BodyRef> = Vec::new();
        for (position, body) in self.bodies.iter().enumerate() {
            if is_listed(position) {
                bodies.push(*body);
            }
        }
        // Pages arrive in any order; the result has the order of the list.
        bodies.sort_by_key(|body| (self.pages.page_of(body.tag), body.item));
        commands.push(Command::Done(match error {
            None => Ok(Success { outcome: Outcome::Ips(bodies), attempts: 1 }),
            Some(error) => {
                let attempts = u32::try_from(self.pages.requested()).unwrap_or(u32::MAX);
                let failure = Failure { error, operation: self.name, request: None, attempts };
                Err(CallFailure { read: bodies, ..failure.into() })
            }
        }));
    }

    /// Keeps the bodies of a page for the result. The last read of a flexible IP replaces an earlier one.
    fn retain(&mut self, tag: Tag, page: &Page) {
        for (item, found) in page.items.iter().enumerate() {
            let body = BodyRef { tag, item: Some(item) };
            match self.bodies.get_mut(found.position) {
                Some(known) => *known = body,
                None => self.bodies.push(body),
            }
        }
    }

    fn on_page(&mut self, tag: Tag, response: Response, now: Millis, commands: &mut Vec<Command>) {
        let page = match self.pages.on_response(tag, response) {
            Ok(page) => page,
            Err(error) => return commands.push(self.failure(error, Some(tag))),
        };
        if self.delivery == Delivery::All {
            self.retain(tag, &page);
        } else {
            let mut items = Vec::new();
            for (index, item) in page.items.iter().enumerate() {
                if item.is_new {
                    items.push(index);
                }
            }
            // After the first page, a page without new items is not delivered: the next one follows.
            if items.is_empty() && self.pages.requested() > 1 {
                commands.push(Command::Cancel { tag });
            } else {
                self.is_reading = false;
                commands.push(Command::DeliverPage { tag, items });
            }
        }
        self.advance(now, commands);
    }

    /// A failure. `tag` is the tag of the request that failed.
    fn failure(&self, error: Error, tag: Option<Tag>) -> Command {
        let request = tag.and_then(|tag| self.requests.request(tag));
        let failure = Failure {
            error,
            operation: self.name,
            request: request.map(|request| (request.method.as_str(), request.target())),
            attempts: tag.map_or(0, |tag| self.requests.attempts(tag)),
        };
        Command::Done(Err(CallFailure { exchange: tag, ..failure.into() }))
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
                if self.delivery == Delivery::ByPage {
                    self.requests.start_deadline(now);
                }
                self.is_reading = true;
                self.advance(now, &mut commands);
            }
            Input::ListChanged => self.pages.on_change(),
            Input::IpsChanged => self.pages.on_change_of_ips(),
            Input::Aborted => {
                self.requests.abort();
                commands.push(self.failure(Error::Aborted, None));
            }
            other => match self.requests.on(other, now, &mut commands) {
                RequestOutcome::Pending => {}
                RequestOutcome::Response(tag, response) => {
                    self.on_page(tag, response, now, &mut commands);
                }
                RequestOutcome::Failed(tag, error) | RequestOutcome::Unknown(tag, error) => {
                    commands.push(self.failure(error, Some(tag)));
                }
            },
        }
        commands
    }
}
