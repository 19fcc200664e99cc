//! A list over all its pages, as fast as whoever reads it takes them.
//!
//! ```text
//! Started ─▶ [wait for Wanted] ─▶ [pages on their way] ─▶ Give ─▶ … ─▶ Done
//! ```

use std::collections::BTreeMap;

use super::answer::Answer;
use super::calls::{CallPolicy, Calls, News};
use super::pages::Pages;
use super::{Finished, Found, Input, Machine, Place, Step, Tag};
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
    found: Vec<(FlexibleIpId, Place)>,
    by_id: BTreeMap<FlexibleIpId, u32>,
}

impl ListFlow {
    /// Everything, some pages at once.
    pub fn all(listing: Listing, policy: CallPolicy) -> Self {
        Self::new(listing, policy, true)
    }

    /// A page for each `Wanted`.
    pub fn one_by_one(listing: Listing, policy: CallPolicy) -> Self {
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

    fn go(&mut self, now: Millis, steps: &mut Vec<Step>) {
        if !self.wanted || !self.pages.go(&mut self.calls, now, steps) {
            return;
        }
        let walk = self.pages.walk();
        let there = self.found.iter().filter(|(id, _)| walk.is_there(*id));
        let mut places: Vec<Place> = there.map(|(_, place)| *place).collect();
        // Pages come in any order; the list has the one that was asked for.
        places.sort_by_key(|place| (self.pages.page_of(place.tag), place.item));
        let found = Found::Ips(places);
        steps.push(Step::Done(Ok(Finished { found, attempts: 1 })));
    }

    /// What is seen twice is given as it was seen last.
    fn note(&mut self, id: FlexibleIpId, place: Place) {
        let new = u32::try_from(self.found.len()).unwrap_or(u32::MAX);
        let index = *self.by_id.entry(id).or_insert(new);
        match self.found.get_mut(usize::try_from(index).unwrap_or(usize::MAX)) {
            Some((_, found)) => *found = place,
            None => self.found.push((id, place)),
        }
    }

    fn on_page(&mut self, tag: Tag, answer: Answer, now: Millis, steps: &mut Vec<Step>) {
        match self.pages.on_answer(tag, answer) {
            Ok(page) if self.all => {
                for (item, ip) in page.ips.iter().enumerate() {
                    self.note(ip.id, Place { tag, item: Some(item) });
                }
            }
            // A page of a second pass that has nothing new is not worth a turn of the loop.
            Ok(page) if page.new.is_empty() && !page.ips.is_empty() => {}
            Ok(page) => {
                self.wanted = false;
                steps.push(Step::Give { tag, items: page.new });
            }
            Err(error) => return steps.push(self.failed(error, tag)),
        }
        self.go(now, steps);
    }

    fn failed(&self, error: Error, tag: Tag) -> Step {
        let request = self.calls.request(tag);
        let failure = Failure {
            error,
            operation: Operation::ListFlexibleIps.name(),
            request: request.map(|request| (request.method.as_str(), request.target())),
            attempts: self.calls.attempts(tag),
        };
        Step::Done(Err(failure.into()))
    }
}

impl Machine for ListFlow {
    fn on(&mut self, input: Input, now: Millis) -> Vec<Step> {
        let mut steps = Vec::new();
        match input {
            Input::Started => {
                self.calls.start(now);
                self.go(now, &mut steps);
            }
            Input::Wanted => {
                // What the loop does between two pages is not the service's time.
                self.calls.start(now);
                self.wanted = true;
                self.go(now, &mut steps);
            }
            Input::Aborted => steps.push(self.failed(Error::Aborted, 0)),
            other => match self.calls.on(other, now, &mut steps) {
                News::None => {}
                News::Answer(tag, answer) => self.on_page(tag, answer, now, &mut steps),
                News::Failed(tag, error) | News::Unknown(tag, error) => {
                    steps.push(self.failed(error, tag));
                }
            },
        }
        steps
    }
}
