//! Which pages of a list to read, and whether the list stood still meanwhile.
//!
//! A page is a window of a list that others change. When an IP goes, those behind it move up, and
//! one of them slips from a page that is still to be read into one that was read already. Its total
//! tells: a pass whose pages do not agree is made again, and what any pass saw was there.

use std::collections::BTreeMap;

use crate::model::id::FlexibleIpId;

/// How many passes at most: a list that never stands still must not be read for ever.
const PASSES_MAX: u32 = 5;

/// A walk over all pages from a first one on.
#[derive(Clone, Debug)]
pub struct PageWalk {
    first: u32,
    size: u32,
    pass: u32,
    next: u32,
    waiting: u32,
    total: Option<u32>,
    last: u32,
    /// How many items this pass has read.
    read: u32,
    disturbed: bool,
    /// Everybody seen so far, and the pass that saw them last.
    seen: BTreeMap<FlexibleIpId, u32>,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Ask for this page.
    Page(u32),
    /// Nothing before another page has come.
    Wait,
    /// Everything is read.
    End,
}

impl PageWalk {
    /// A walk that begins at page `first`, with pages of this size.
    pub const fn new(first: u32, size: u32) -> Self {
        Self {
            first,
            size,
            pass: 1,
            next: first,
            waiting: 0,
            total: None,
            last: u32::MAX,
            read: 0,
            disturbed: false,
            seen: BTreeMap::new(),
        }
    }

    /// What to do next. A page that is named counts as asked for.
    pub fn step(&mut self) -> Next {
        // Before the first page has come nobody knows how many there are.
        if self.total.is_none() && self.waiting > 0 {
            return Next::Wait;
        }
        if self.next <= self.last {
            let page = self.next;
            self.next = page.saturating_add(1);
            self.waiting = self.waiting.saturating_add(1);
            return Next::Page(page);
        }
        if self.waiting > 0 {
            return Next::Wait;
        }
        if self.is_whole() || self.pass >= PASSES_MAX {
            return Next::End;
        }
        self.pass = self.pass.saturating_add(1);
        self.next = self.first;
        self.total = None;
        self.last = u32::MAX;
        self.read = 0;
        self.disturbed = false;
        self.step()
    }

    /// Takes a page that has come. Gives which of its items are new, by their place.
    pub fn on_page(&mut self, page: u32, total: u32, ids: &[FlexibleIpId]) -> Vec<usize> {
        self.waiting = self.waiting.saturating_sub(1);
        let count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        if *self.total.get_or_insert(total) != total {
            self.disturbed = true;
        }
        // A service that gives smaller pages than asked for counts them by its own size.
        if page == self.first
            && count < self.size
            && self.before(page).saturating_add(count) < total
        {
            self.size = count;
        }
        self.last = if count == 0 { page } else { total.div_ceil(self.size.max(1)) };
        self.read = self.read.saturating_add(count);
        let mut new = Vec::new();
        for (place, id) in ids.iter().enumerate() {
            match self.seen.insert(*id, self.pass) {
                None => new.push(place),
                Some(pass) => self.disturbed |= pass == self.pass,
            }
        }
        new
    }

    /// Whether this IP is there: one that the last pass did not see is gone, if that pass can be
    /// trusted.
    pub fn is_there(&self, id: FlexibleIpId) -> bool {
        !self.is_whole() || self.seen.get(&id) == Some(&self.pass)
    }

    /// Whether the pages of this pass agree: one total, nothing twice, nothing missing.
    fn is_whole(&self) -> bool {
        let promised = self.total.unwrap_or_default().saturating_sub(self.before(self.first));
        !self.disturbed && self.read == promised
    }

    /// How many items stand on the pages before this one.
    const fn before(&self, page: u32) -> u32 {
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

    /// A page of a list, as the service cuts it.
    fn cut(list: &[u8], page: u32, size: u32) -> Vec<FlexibleIpId> {
        let before = ((page - 1) * size) as usize;
        list.iter().skip(before).take(size as usize).map(|number| id(*number)).collect()
    }

    /// Walks over a list that `change` changes before every page; gives what was found, in order.
    fn walk(
        mut list: Vec<u8>,
        size: u32,
        mut change: impl FnMut(u32, &mut Vec<u8>),
    ) -> (Vec<FlexibleIpId>, u32) {
        let mut walk = PageWalk::new(1, size);
        let (mut found, mut asked) = (Vec::new(), 0);
        loop {
            match walk.step() {
                Next::Page(page) => {
                    asked += 1;
                    change(asked, &mut list);
                    let ids = cut(&list, page, size);
                    let new = walk.on_page(page, list.len() as u32, &ids);
                    found.extend(new.into_iter().map(|place| ids[place]));
                }
                Next::Wait => panic!("nothing is on its way"),
                Next::End => {
                    found.retain(|id| walk.is_there(*id));
                    return (found, asked);
                }
            }
        }
    }

    #[test]
    fn a_list_that_stands_still_costs_its_pages_and_no_more() {
        for (length, pages) in [(0, 1), (1, 1), (10, 1), (11, 2), (20, 2), (25, 3)] {
            let (found, asked) = walk((0..length).collect(), 10, |_, _| {});
            assert_eq!((found.len(), asked), (usize::from(length), pages));
        }
    }

    #[test]
    fn an_ip_that_slips_to_a_page_read_before_is_found_all_the_same() {
        let (found, _) = walk((0..25).collect(), 10, |asked, list| {
            if asked == 2 {
                list.remove(0);
            }
        });
        let expected: BTreeSet<_> = (1..25).map(id).collect();
        assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), expected);
        assert_eq!(found.len(), expected.len());
    }

    #[test]
    fn pages_that_are_on_their_way_together_are_asked_for_once_the_first_has_come() {
        let mut walk = PageWalk::new(1, 10);
        assert_eq!(walk.step(), Next::Page(1));
        assert_eq!(walk.step(), Next::Wait);
        walk.on_page(1, 25, &(0..10).map(id).collect::<Vec<_>>());
        assert_eq!(
            [walk.step(), walk.step(), walk.step()],
            [Next::Page(2), Next::Page(3), Next::Wait]
        );
    }

    #[test]
    fn a_walk_from_a_later_page_reads_nothing_before_it() {
        let mut walk = PageWalk::new(3, 10);
        assert_eq!(walk.step(), Next::Page(3));
        walk.on_page(3, 25, &(20..25).map(id).collect::<Vec<_>>());
        assert_eq!(walk.step(), Next::End);
    }

    #[test]
    fn a_service_that_gives_smaller_pages_is_followed() {
        let mut walk = PageWalk::new(1, 100);
        assert_eq!(walk.step(), Next::Page(1));
        walk.on_page(1, 25, &(0..10).map(id).collect::<Vec<_>>());
        assert_eq!(
            [walk.step(), walk.step(), walk.step()],
            [Next::Page(2), Next::Page(3), Next::Wait]
        );
    }

    #[test]
    fn a_list_that_never_stands_still_is_not_read_for_ever() {
        let (_, asked) = walk((0..25).collect(), 10, |asked, list| {
            if asked % 2 == 0 {
                list.push(100 + asked as u8)
            } else if asked > 1 {
                list.pop().unwrap();
            }
        });
        assert!(asked <= 5 * 4, "{asked}");
    }

    proptest! {
        #[test]
        fn what_was_there_throughout_is_found_once(
            length in 0_u8..60,
            size in 1_u32..12,
            removals in prop::collection::btree_map(1_u32..12, 0_u8..60, 0..4),
            additions in prop::collection::btree_map(1_u32..12, 0_usize..60, 0..4),
        ) {
            // One change moves the total or is alone: what comes and goes between the same two pages
            // leaves no trace in any total.
            let mut added = 100;
            let (found, _) = walk((0..length).collect(), size, |asked, list| {
                if let Some(gone) = removals.get(&asked) {
                    list.retain(|number| number != gone);
                } else if let Some(place) = additions.get(&asked) {
                    list.insert((*place).min(list.len()), added);
                    added += 1;
                }
            });
            let distinct: BTreeSet<_> = found.iter().copied().collect();
            prop_assert_eq!(distinct.len(), found.len());
            let throughout = (0..length).filter(|number| !removals.values().any(|gone| gone == number));
            let lost: Vec<u8> = throughout.filter(|number| !distinct.contains(&id(*number))).collect();
            // A removal and an addition between different pages can balance each other within a pass.
            if removals.is_empty() || additions.is_empty() {
                prop_assert_eq!(lost, Vec::<u8>::new());
            }
        }
    }
}
