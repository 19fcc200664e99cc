//! Sets of places in a list's order, as bits: a million of them are 150 kB, and two of them are
//! intersected, counted and cut into pages in microseconds, where each IP would cost by itself.

use std::iter;

const WORDS: usize = 16;
const PLACES_IN_WORD: u32 = 64;
const PLACES_IN_BLOCK: u32 = 1024;

/// A set of places. Blocks without places are left out, so that a small set is small anywhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    len: usize,
    /// In the order of their numbers.
    blocks: Vec<Block>,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    number: u32,
    len: u32,
    words: [u64; WORDS],
}

impl Places {
    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Puts a place in.
    pub(super) fn insert(&mut self, place: u32) {
        let (number, within) = split(place);
        let at = self.blocks.binary_search_by_key(&number, |block| block.number);
        let at = at.unwrap_or_else(|at| {
            if self.blocks.is_empty() {
                // Most sets have one block, and Vec would begin with four.
                self.blocks.reserve_exact(1);
            }
            self.blocks.insert(at, Block { number, len: 0, words: [0; WORDS] });
            at
        });
        if self.blocks.get_mut(at).is_some_and(|block| block.set(within, true)) {
            self.len = self.len.saturating_add(1);
        }
    }

    /// Takes a place out.
    pub(super) fn remove(&mut self, place: u32) {
        let (number, within) = split(place);
        let Ok(at) = self.blocks.binary_search_by_key(&number, |block| block.number) else {
            return;
        };
        let Some(block) = self.blocks.get_mut(at) else { return };
        if block.set(within, false) {
            self.len = self.len.saturating_sub(1);
        }
        if block.len == 0 {
            self.blocks.remove(at);
        }
    }

    /// Leaves those that are in the other, too.
    pub(super) fn intersect(&mut self, other: &Self) {
        let mut rest = other.blocks.as_slice();
        self.blocks.retain_mut(|block| {
            let theirs = find(&mut rest, block.number);
            theirs.is_some_and(|theirs| block.join(theirs, |one, other| one & other) > 0)
        });
        self.recount();
    }

    /// Takes in those of the other.
    pub(super) fn unite(&mut self, other: &Self) {
        let mut rest = other.blocks.as_slice();
        let mut more = Vec::new();
        for block in &mut self.blocks {
            while let Some((first, later)) = rest.split_first()
                && first.number < block.number
            {
                more.push(*first);
                rest = later;
            }
            if let Some(theirs) = find(&mut rest, block.number) {
                block.join(theirs, |one, other| one | other);
            }
        }
        self.blocks.append(&mut more);
        self.blocks.extend_from_slice(rest);
        self.blocks.sort_by_key(|block| block.number);
        self.recount();
    }

    /// So many places after the first `skipped` ones, in their order.
    pub(super) fn slice(&self, mut skipped: usize, size: usize) -> Vec<u32> {
        let mut found = Vec::with_capacity(size.min(self.len));
        for block in &self.blocks {
            let len = usize::try_from(block.len).unwrap_or(usize::MAX);
            if skipped >= len {
                skipped = skipped.saturating_sub(len);
                continue;
            }
            let wanted = size.saturating_sub(found.len());
            if wanted == 0 {
                break;
            }
            found.extend(block.places().skip(skipped).take(wanted));
            skipped = 0;
        }
        found
    }

    fn recount(&mut self) {
        let counts = self.blocks.iter().map(|block| usize::try_from(block.len).unwrap_or(0));
        self.len = counts.sum();
    }
}

/// The block of that number, if it is there. `rest` then begins behind it.
fn find<'blocks>(rest: &mut &'blocks [Block], number: u32) -> Option<&'blocks Block> {
    // Of two dense sets the next block is the one; of a sparse one it is far away.
    if rest.first().is_some_and(|first| first.number < number) {
        let passed = rest.partition_point(|other| other.number < number);
        *rest = rest.get(passed..).unwrap_or_default();
    }
    let (first, later) = rest.split_first()?;
    if first.number != number {
        return None;
    }
    *rest = later;
    Some(first)
}

impl Block {
    /// Says whether that changed anything.
    fn set(&mut self, within: u32, present: bool) -> bool {
        let word = usize::try_from(within / PLACES_IN_WORD).ok();
        let Some(word) = word.and_then(|word| self.words.get_mut(word)) else { return false };
        let bit = 1_u64 << (within % PLACES_IN_WORD);
        if (*word & bit != 0) == present {
            return false;
        }
        *word ^= bit;
        self.len = if present { self.len.saturating_add(1) } else { self.len.saturating_sub(1) };
        true
    }

    /// Says how many there are then.
    fn join(&mut self, other: &Self, join: impl Fn(u64, u64) -> u64) -> u32 {
        self.len = 0;
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word = join(*word, *other);
            self.len = self.len.saturating_add(word.count_ones());
        }
        self.len
    }

    fn places(&self) -> impl Iterator<Item = u32> {
        let first = self.number.saturating_mul(PLACES_IN_BLOCK);
        let starts =
            (0_u32..).map(move |word| first.saturating_add(word.saturating_mul(PLACES_IN_WORD)));
        self.words.iter().zip(starts).flat_map(|(word, start)| {
            let rest = |word: u64| (word != 0).then_some(word);
            // Each leaves the lowest bit of the last one out.
            let words =
                iter::successors(rest(*word), move |word| rest(word & word.wrapping_sub(1)));
            words.map(move |word| start.saturating_add(word.trailing_zeros()))
        })
    }
}

const fn split(place: u32) -> (u32, u32) {
    (place / PLACES_IN_BLOCK, place % PLACES_IN_BLOCK)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::btree_set;
    use proptest::prelude::*;

    use super::*;

    /// Near each other and far apart, at the ends too.
    fn places() -> impl Strategy<Value = BTreeSet<u32>> {
        btree_set(prop_oneof![0..600_u32, 100_000..100_300_u32, u32::MAX - 300..=u32::MAX], 0..400)
    }

    fn of(places: &BTreeSet<u32>) -> Places {
        let mut set = Places::default();
        places.iter().rev().for_each(|place| set.insert(*place));
        set
    }

    fn same(set: &Places, expected: impl IntoIterator<Item = u32>) -> Result<(), TestCaseError> {
        let expected: Vec<u32> = expected.into_iter().collect();
        prop_assert_eq!(set.len(), expected.len());
        prop_assert_eq!(set.slice(0, usize::MAX), expected);
        Ok(())
    }

    proptest! {
        #[test]
        fn sets_do_as_those_of_the_standard_library(one in places(), other in places()) {
            let (ours, theirs) = (of(&one), of(&other));
            let (mut both, mut either, mut left) = (ours.clone(), ours.clone(), ours);
            both.intersect(&theirs);
            same(&both, one.intersection(&other).copied())?;
            either.unite(&theirs);
            same(&either, one.union(&other).copied())?;
            other.iter().for_each(|place| left.remove(*place));
            same(&left, one.difference(&other).copied())?;
            prop_assert!(left.blocks.iter().all(|block| block.len > 0));
        }

        #[test]
        fn a_slice_is_that_of_the_list(all in places(), skipped in 0..500_usize, size in 0..100_usize) {
            let expected: Vec<u32> = all.iter().copied().skip(skipped).take(size).collect();
            prop_assert_eq!(of(&all).slice(skipped, size), expected);
        }
    }

    #[test]
    fn what_is_put_in_twice_is_there_once() {
        let mut set = Places::default();
        set.insert(7);
        set.insert(7);
        assert_eq!(set.len(), 1);
        set.remove(7);
        set.remove(7);
        assert_eq!((set.len(), set.blocks.len()), (0, 0));
    }
}
