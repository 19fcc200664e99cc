//! Which pages of a list to request next.
//!
//! A list can change while its pages are read. When a flexible IP is deleted, the ones behind it move
//! up, and one of them can move from a page that is still to be read to a page that was read already.
//! Each page states the total number of items. A pass over the pages whose totals or items do not agree
//! is repeated. The walk finds each flexible IP that any of its passes has read.

use std::collections::BTreeMap;

use crate::model::id::FlexibleIpId;

/// The most passes, so that the walk over a list that keeps changing ends.
const PASSES_MAX: u32 = 5;

/// A walk over all pages of a list, from a first page on.
#[derive(Clone, Debug)]
pub struct PageWalk {
    first: u32,
    /// The number of items of a full page.
    size: u32,
    /// The number of this pass, from 1.
    pass: u32,
    /// The next page of this pass to request.
    next: u32,
    /// The number of requested pages that have not arrived.
    pending: u32,
    /// The total that the first page of this pass stated.
    total: Option<u32>,
    /// The last page of this pass, as far as it is known.
    last: u32,
    /// The number of items that this pass has read.
    read: u32,
    /// Whether the list changed during this pass: two totals differ, or an item came twice.
    has_changed: bool,
    /// The pass that last read each flexible IP.
    last_pass: BTreeMap<FlexibleIpId, u32>,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkStep {
    /// Request this page.
    Request(u32),
    /// Wait until a requested page arrives.
    Wait,
    /// The walk is over.
    End,
}

impl PageWalk {
    /// A walk that begins at page `first`, with `size` items per page.
    pub const fn new(first: u32, size: u32) -> Self {
        Self {
            first,
            size,
            pass: 1,
            next: first,
            pending: 0,
            total: None,
            last: u32::MAX,
            read: 0,
            has_changed: false,
            last_pass: BTreeMap::new(),
        }
    }

    /// Returns what to do next. A page that it returns counts as requested.
    pub fn next_step(&mut self) -> WalkStep {
        // The number of pages is unknown until the first one arrives.
        if self.total.is_none() && self.pending > 0 {
            return WalkStep::Wait;
        }
        if self.next <= self.last {
            let page = self.next;
            self.next = page.saturating_add(1);
            self.pending = self.pending.saturating_add(1);
            return WalkStep::Request(page);
        }
        if self.pending > 0 {
            return WalkStep::Wait;
        }
        if self.is_consistent() || self.pass >= PASSES_MAX {
            return WalkStep::End;
        }
        self.pass = self.pass.saturating_add(1);
        self.next = self.first;
        self.total = None;
        self.last = u32::MAX;
        self.read = 0;
        self.has_changed = false;
        self.next_step()
    }

    /// Takes a page that arrived: the total that it states, and its flexible IPs. Returns the indices of
    /// those that no page had before.
    pub fn on_page(&mut self, page: u32, total: u32, ids: &[FlexibleIpId]) -> Vec<usize> {
        self.pending = self.pending.saturating_sub(1);
        let count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        if *self.total.get_or_insert(total) != total {
            self.has_changed = true;
        }
        // A service with a smaller limit numbers its pages by that limit.
        if page == self.first
            && count < self.size
            && self.items_before(page).saturating_add(count) < total
        {
            self.size = count;
        }
        self.last = if count == 0 { page } else { total.div_ceil(self.size.max(1)) };
        self.read = self.read.saturating_add(count);
        let mut new = Vec::new();
        for (index, id) in ids.iter().enumerate() {
            match self.last_pass.insert(*id, self.pass) {
                None => new.push(index),
                Some(pass) => self.has_changed |= pass == self.pass,
            }
        }
        new
    }

    /// Whether a flexible IP is still in the list. If the last pass is consistent, those that it did not
    /// read are gone.
    pub fn is_listed(&self, id: FlexibleIpId) -> bool {
        !self.is_consistent() || self.last_pass.get(&id) == Some(&self.pass)
    }

    /// Whether the pages of this pass agree: one total, no item twice, and no item missing.
    fn is_consistent(&self) -> bool {
        let expected = self.total.unwrap_or_default().saturating_sub(self.items_before(self.first));
        !self.has_changed && self.read == expected
    }

    /// The number of items on the pages before this one.
    const fn items_before(&self, page: u32) -> u32 {
        page.saturating_sub(1).saturating_mul(self.size)
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that panics has failed")]
mod tests {
    use super::*;
    use crate::model::id::Uuid;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn id(number: u8) -> FlexibleIpId {
        FlexibleIpId(Uuid::from_bytes([number; 16]))
    }

    /// A page of a list, as the service pages it.
    fn page_of(list: &[u8], page: u32, size: u32) -> Vec<FlexibleIpId> {
        let before = ((page - 1) * size) as usize;
        list.iter().skip(before).take(size as usize).map(|number| id(*number)).collect()
    }

    /// Walks over a list that `change` changes before each page. Returns the flexible IPs in the order in
    /// which they were found, and the number of requested pages.
    fn walk(
        mut list: Vec<u8>,
        size: u32,
        mut change: impl FnMut(u32, &mut Vec<u8>),
    ) -> (Vec<FlexibleIpId>, u32) {
        let mut walk = PageWalk::new(1, size);
        let (mut found, mut requested) = (Vec::new(), 0);
        loop {
            match walk.next_step() {
                WalkStep::Request(page) => {
                    requested += 1;
                    change(requested, &mut list);
                    let ids = page_of(&list, page, size);
                    let new = walk.on_page(page, list.len() as u32, &ids);
                    found.extend(new.into_iter().map(|index| ids[index]));
                }
                WalkStep::Wait => panic!("no page is pending"),
                WalkStep::End => {
                    found.retain(|id| walk.is_listed(*id));
                    return (found, requested);
                }
            }
        }
    }

    #[test]
    fn a_list_that_does_not_change_is_read_in_one_pass() {
        for (length, pages) in [(0, 1), (1, 1), (10, 1), (11, 2), (20, 2), (25, 3)] {
            let (found, requested) = walk((0..length).collect(), 10, |_, _| {});
            assert_eq!((found.len(), requested), (usize::from(length), pages));
        }
    }

    #[test]
    fn an_ip_that_moves_to_a_page_that_was_read_already_is_found() {
        let (found, _) = walk((0..25).collect(), 10, |requested, list| {
            if requested == 2 {
                list.remove(0);
            }
        });
        let expected: BTreeSet<_> = (1..25).map(id).collect();
        assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), expected);
        assert_eq!(found.len(), expected.len());
    }

    #[test]
    fn further_pages_are_requested_after_the_first_page_has_arrived() {
        let mut walk = PageWalk::new(1, 10);
        assert_eq!(walk.next_step(), WalkStep::Request(1));
        assert_eq!(walk.next_step(), WalkStep::Wait);
        walk.on_page(1, 25, &(0..10).map(id).collect::<Vec<_>>());
        assert_eq!(
            [walk.next_step(), walk.next_step(), walk.next_step()],
            [WalkStep::Request(2), WalkStep::Request(3), WalkStep::Wait]
        );
    }

    #[test]
    fn a_walk_from_a_later_page_skips_the_pages_before_it() {
        let mut walk = PageWalk::new(3, 10);
        assert_eq!(walk.next_step(), WalkStep::Request(3));
        walk.on_page(3, 25, &(20..25).map(id).collect::<Vec<_>>());
        assert_eq!(walk.next_step(), WalkStep::End);
    }

    #[test]
    fn smaller_pages_than_requested_are_all_read() {
        let mut walk = PageWalk::new(1, 100);
        assert_eq!(walk.next_step(), WalkStep::Request(1));
        walk.on_page(1, 25, &(0..10).map(id).collect::<Vec<_>>());
        assert_eq!(
            [walk.next_step(), walk.next_step(), walk.next_step()],
            [WalkStep::Request(2), WalkStep::Request(3), WalkStep::Wait]
        );
    }

    #[test]
    fn the_walk_over_a_list_that_keeps_changing_ends() {
        let (_, requested) = walk((0..25).collect(), 10, |requested, list| {
            if requested % 2 == 0 {
                list.push(100 + requested as u8)
            } else if requested > 1 {
                list.pop().unwrap();
            }
        });
        assert!(requested <= 5 * 4, "{requested}");
    }

    proptest! {
        #[test]
        fn an_item_that_stays_in_the_list_is_found_once(
            length in 0_u8..60,
            size in 1_u32..12,
            removals in prop::collection::btree_map(1_u32..12, 0_u8..60, 0..4),
            additions in prop::collection::btree_map(1_u32..12, 0_usize..60, 0..4),
        ) {
            // At most one change comes before each page: two that cancel out would not change a total.
            let mut added = 100;
            let (found, _) = walk((0..length).collect(), size, |requested, list| {
                if let Some(removed) = removals.get(&requested) {
                    list.retain(|number| number != removed);
                } else if let Some(index) = additions.get(&requested) {
                    list.insert((*index).min(list.len()), added);
                    added += 1;
                }
            });
            let distinct: BTreeSet<_> = found.iter().copied().collect();
            prop_assert_eq!(distinct.len(), found.len());
            let unremoved = (0..length).filter(|number| !removals.values().any(|removed| removed == number));
            let lost: Vec<u8> = unremoved.filter(|number| !distinct.contains(&id(*number))).collect();
            // A removal and an addition in one pass can cancel out in the totals, and hide a lost item.
            if removals.is_empty() || additions.is_empty() {
                prop_assert_eq!(lost, Vec::<u8>::new());
            }
        }
    }
}
