//! The pages of a list, several at once.

use super::command::Command;
use super::reads::{ids_of, list_page, parse_page};
use super::requests::Requests;
use super::response::Response;
use super::tag::Tag;
use crate::error::{Error, IncompleteList};
use crate::model::time::Millis;
use crate::ops::list::Listing;
use crate::policy::page_walk::{PageWalk, WalkItem, WalkStep};
use crate::wire::summary::Summary;

pub(super) struct Pages {
    listing: Listing,
    walk: PageWalk,
    /// The most requests at once.
    at_once: usize,
    /// The number of requests without a response.
    pending: usize,
    /// The tag of the first request. Each request has its own tag, so that its response can be
    /// retained.
    first_tag: Tag,
    /// The page of each request, in the order of the tags.
    requested: Vec<u32>,
}

/// A page that was read.
pub(super) struct Page {
    /// Its flexible IPs.
    pub(super) ips: Vec<Summary>,
    /// For each of them, its position in the walk.
    pub(super) items: Vec<WalkItem>,
}

impl Pages {
    pub(super) fn new(listing: Listing, at_once: usize, first_tag: Tag) -> Self {
        let walk = PageWalk::new(listing.first, listing.size);
        Self { listing, walk, at_once, pending: 0, first_tag, requested: Vec::new() }
    }

    /// Requests the next pages, as many as may be requested now. Returns whether the walk is over;
    /// [`Pages::incompleteness`] says whether it read the whole list.
    pub(super) fn send_next(
        &mut self,
        requests: &mut Requests,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> bool {
        while self.pending < self.at_once {
            match self.walk.next_step() {
                WalkStep::Request(page) => {
                    let tag = self.first_tag.saturating_add(self.requested.len());
                    self.requested.push(page);
                    self.pending = self.pending.saturating_add(1);
                    commands.push(requests.send(tag, list_page(&self.listing, page), now));
                }
                WalkStep::Wait => return false,
                WalkStep::End => return true,
            }
        }
        false
    }

    /// Takes the response to the request of a page.
    pub(super) fn on_response(&mut self, tag: Tag, response: Response) -> Result<Page, Error> {
        self.pending = self.pending.saturating_sub(1);
        let (total, ips) = parse_page(response)?;
        let page = self.page_of(tag);
        Ok(Page { items: self.walk.on_page(page, total, &ids_of(&ips)), ips })
    }

    /// The list is known to have changed since the last page arrived.
    pub(super) fn on_change(&mut self) {
        self.walk.on_change();
    }

    /// Flexible IPs are known to have changed since the last page arrived. They can have come into a list
    /// with a filter, and others can have left it.
    pub(super) fn on_change_of_ips(&mut self) {
        if self.listing.is_filtered_by_state() {
            self.walk.on_change();
        }
    }

    /// The error of a walk that is over and did not read the whole list.
    pub(super) fn incompleteness(&self) -> Option<Error> {
        let (read, total) = (self.walk.found(), self.walk.last_total());
        let is_whole = self.walk.is_whole();
        (!is_whole).then_some(Error::IncompleteList(IncompleteList { read, total }))
    }

    /// The number of the page that this request asked for.
    pub(super) fn page_of(&self, tag: Tag) -> u32 {
        let index = tag.wrapping_sub(self.first_tag);
        self.requested.get(index).copied().unwrap_or(self.listing.first)
    }

    /// The number of pages that were requested.
    pub(super) const fn requested(&self) -> usize {
        self.requested.len()
    }

    pub(super) const fn walk(&self) -> &PageWalk {
        &self.walk
    }
}
