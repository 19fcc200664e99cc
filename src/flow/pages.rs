//! The pages of a list, read some at a time.

use super::calls::{CallSpec, Calls};
use super::reading::listed;
use super::response::Response;
use super::{Command, Tag};
use crate::error::Error;
use crate::model::time::Millis;
use crate::ops::list::Listing;
use crate::policy::page::{Next, PageWalk};
use crate::wire::route::Operation;
use crate::wire::summary::Summary;

pub(super) struct Pages {
    listing: Listing,
    walk: PageWalk,
    at_once: usize,
    waiting: usize,
    /// The tag of the first request; every request has its own, so that the answers can be kept.
    base: Tag,
    asked: Vec<u32>,
}

/// A page that has come.
pub(super) struct Page {
    /// What is on it.
    pub(super) ips: Vec<Summary>,
    /// The places of those that no page before had.
    pub(super) new: Vec<usize>,
}

impl Pages {
    pub(super) fn new(listing: Listing, at_once: usize, base: Tag) -> Self {
        let walk = PageWalk::new(listing.first, listing.size);
        Self { listing, walk, at_once, waiting: 0, base, asked: Vec::new() }
    }

    /// Sends what may be asked for now. Says whether all is read.
    pub(super) fn go(
        &mut self,
        calls: &mut Calls,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> bool {
        while self.waiting < self.at_once {
            match self.walk.step() {
                Next::Page(page) => {
                    let tag = self.base.saturating_add(self.asked.len());
                    self.asked.push(page);
                    self.waiting = self.waiting.saturating_add(1);
                    let (operation, request) =
                        (Operation::ListFlexibleIps, self.listing.page(page));
                    let what = CallSpec { operation, request, reads_body: true, once: false };
                    commands.push(calls.send(tag, what, now));
                }
                Next::Wait => return false,
                Next::End => return true,
            }
        }
        false
    }

    /// Takes a page.
    pub(super) fn on_answer(&mut self, tag: Tag, answer: Response) -> Result<Page, Error> {
        self.waiting = self.waiting.saturating_sub(1);
        let (total, ips) = listed(answer)?;
        let page = self.page_of(tag);
        let new = self.walk.on_page(page, total, &ips.iter().map(|ip| ip.id).collect::<Vec<_>>());
        Ok(Page { ips, new })
    }

    /// The page that was asked for under this tag.
    pub(super) fn page_of(&self, tag: Tag) -> u32 {
        self.asked.get(tag.wrapping_sub(self.base)).copied().unwrap_or(self.listing.first)
    }

    pub(super) const fn walk(&self) -> &PageWalk {
        &self.walk
    }
}
