//! Which pages of a list to request next, and whether what was read is the whole list.
//!
//! A list can change while its pages are read. When a flexible IP is deleted, the ones behind it move
//! up, and one of them can move from a page that is still to be read to a page that was read already.
//! Each page states the total number of items. A pass over the pages is whole if its pages state one
//! total, no item came twice, and as many came as the total says. A pass that is not whole is followed
//! by another, up to a bound that `docs/guides/api.md` states.

use super::known_ids::KnownIds;
use crate::model::id::FlexibleIpId;

/// The most passes that find no new flexible IP.
const PASSES_WITHOUT_FINDS_MAX: u32 = 5;

/// A walk requests at most as many pages as this number of passes may request.
const PASSES_WORTH_MAX: u32 = 5;

/// A pass may request twice the pages that its total fills, and this many more.
const FURTHER_PAGES: u32 = 10;

/// A walk over all pages of a list, from a first page on.
#[derive(Clone, Debug)]
pub struct PageWalk {
    first: u32,
    /// The number of items per page that is asked for.
    size: u32,
    /// The number of the pass, from 1.
    number: u32,
    pass: Pass,
    passes_without_finds: u32,
    /// The number of pages that were requested, in all passes.
    requested: u32,
    /// The most pages to request. It follows from the first page.
    requests_max: u32,
    /// The total that the last page stated.
    last_total: u32,
    known: KnownIds,
    /// For each known flexible IP, the pass that last read it.
    read_by: Vec<u32>,
}

/// One pass over the pages.
#[derive(Clone, Debug)]
struct Pass {
    /// The number of items of a full page.
    size: u32,
    /// The next page to request.
    next: u32,
    requested: u32,
    /// The number of requested pages that have not arrived.
    pending: u32,
    /// The total that the first page of this pass stated.
    total: Option<u32>,
    /// The last page by the total that the last arrived page stated.
    last: u32,
    /// The first page without items.
    empty: u32,
    /// The number of items that arrived.
    read: u32,
    /// The number of different items that arrived.
    distinct: u32,
    /// Whether an item arrived that no pass had read before.
    has_found: bool,
    /// Whether the list changed: two totals differ, or an item came twice.
    has_changed: bool,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkStep {
    /// Request this page.
    Request(u32),
    /// Wait until a requested page arrives.
    Wait,
    /// The walk is over. [`PageWalk::is_whole`] says whether the list is whole.
    End,
}

/// One item of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalkItem {
    /// The position of its flexible IP in the order in which the walk first read them.
    pub position: usize,
    /// Whether no item before it was of this flexible IP.
    pub is_new: bool,
}

impl Pass {
    const fn new(first: u32, size: u32) -> Self {
        Self {
            size,
            next: first,
            requested: 0,
            pending: 0,
            total: None,
            last: u32::MAX,
            empty: u32::MAX,
            read: 0,
            distinct: 0,
            has_found: false,
            has_changed: false,
        }
    }

    /// The most pages that a pass over `items` requests.
    const fn requests_max(&self, items: u32) -> u32 {
        // A page size of 0 cannot be asked for.
        let size = if self.size == 0 { 1 } else { self.size };
        items.div_ceil(size).saturating_mul(2).saturating_add(FURTHER_PAGES)
    }

    /// Whether the pass may request its next page.
    fn has_next(&self) -> bool {
        // The total may be a lie, so the pages that brought something count as well.
        let items = self.total.unwrap_or_default().min(self.distinct);
        self.next <= self.last.min(self.empty) && self.requested < self.requests_max(items)
    }
}

impl PageWalk {
    /// A walk that begins at page `first`, with `size` items per page.
    pub fn new(first: u32, size: u32) -> Self {
        Self {
            first,
            size,
            number: 1,
            pass: Pass::new(first, size),
            passes_without_finds: 0,
            requested: 0,
            requests_max: u32::MAX,
            last_total: 0,
            known: KnownIds::default(),
            read_by: Vec::new(),
        }
    }

    /// Returns what to do next. A page that it returns counts as requested.
    pub fn next_step(&mut self) -> WalkStep {
        // The number of pages is unknown until the first one arrives.
        if self.pass.total.is_none() && self.pass.pending > 0 {
            return WalkStep::Wait;
        }
        let may_request = self.requested < self.requests_max;
        if may_request && self.pass.has_next() {
            return self.request();
        }
        if self.pass.pending > 0 {
            return WalkStep::Wait;
        }
        if self.is_whole() || self.passes_without_finds >= PASSES_WITHOUT_FINDS_MAX {
            return WalkStep::End;
        }
        if !self.pass.has_found {
            self.passes_without_finds = self.passes_without_finds.saturating_add(1);
        }
        if !may_request || self.passes_without_finds >= PASSES_WITHOUT_FINDS_MAX {
            return WalkStep::End;
        }
        self.number = self.number.saturating_add(1);
        self.pass = Pass::new(self.first, self.size);
        self.request()
    }

    const fn request(&mut self) -> WalkStep {
        let page = self.pass.next;
        self.pass.next = page.saturating_add(1);
        self.pass.pending = self.pass.pending.saturating_add(1);
        self.pass.requested = self.pass.requested.saturating_add(1);
        self.requested = self.requested.saturating_add(1);
        WalkStep::Request(page)
    }

    /// Takes a page that arrived: the total that it states, and its flexible IPs.
    pub fn on_page(&mut self, page: u32, total: u32, ids: &[FlexibleIpId]) -> Vec<WalkItem> {
        let before = self.items_before(page);
        let pass = &mut self.pass;
        let count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        pass.pending = pass.pending.saturating_sub(1);
        // A service with another page size numbers its pages by that size. Only the last page of a list
        // may be short.
        let is_short = count < pass.size && before.saturating_add(count) != total;
        if page == self.first && count > 0 && (is_short || count > pass.size) {
            pass.size = count;
        }
        if *pass.total.get_or_insert(total) != total {
            pass.has_changed = true;
        }
        if self.requests_max == u32::MAX {
            self.requests_max = pass.requests_max(total).saturating_mul(PASSES_WORTH_MAX);
        }
        self.last_total = total;
        pass.last = total.div_ceil(pass.size.max(1));
        if count == 0 {
            pass.empty = pass.empty.min(page);
        }
        pass.read = pass.read.saturating_add(count);
        let mut items = Vec::new();
        for id in ids {
            items.push(self.on_item(*id));
        }
        items
    }

    fn on_item(&mut self, id: FlexibleIpId) -> WalkItem {
        let known = self.known.len();
        let position = self.known.position_of(id);
        let is_new = position == known;
        if is_new {
            self.read_by.push(0);
            self.pass.has_found = true;
        }
        if let Some(read_by) = self.read_by.get_mut(position) {
            if *read_by == self.number {
                self.pass.has_changed = true;
            } else {
                self.pass.distinct = self.pass.distinct.saturating_add(1);
            }
            *read_by = self.number;
        }
        WalkItem { position, is_new }
    }

    /// The list is known to have changed since the last page arrived. If pages of this pass are still to
    /// come, they cannot make it whole: a flexible IP that was created and one that was deleted cancel
    /// out in the total.
    pub fn on_change(&mut self) {
        self.pass.has_changed |= self.pass.requested > 0 && self.pass.has_next();
    }

    /// Whether the last pass read the whole list: its pages state one total, no item came twice, and
    /// none is missing.
    pub fn is_whole(&self) -> bool {
        let Some(total) = self.pass.total else { return false };
        let expected = total.saturating_sub(self.items_before(self.first));
        self.pass.pending == 0 && !self.pass.has_changed && self.pass.read == expected
    }

    /// Whether a flexible IP may be in the list: the last pass read it, or is not whole and shows nothing.
    pub fn is_listed(&self, id: FlexibleIpId) -> bool {
        let position = self.known.find(id);
        !self.is_whole() || position.is_some_and(|position| self.was_read_by_last_pass(position))
    }

    /// Whether the last pass read the flexible IP at this position.
    pub fn was_read_by_last_pass(&self, position: usize) -> bool {
        self.read_by.get(position) == Some(&self.number)
    }

    /// The number of different flexible IPs that were read.
    pub const fn found(&self) -> usize {
        self.known.len()
    }

    /// The total that the last page stated.
    pub const fn last_total(&self) -> u32 {
        self.last_total
    }

    /// The number of items on the pages before this one.
    const fn items_before(&self, page: u32) -> u32 {
        page.saturating_sub(1).saturating_mul(self.pass.size)
    }
}

#[cfg(test)]
mod tests;
