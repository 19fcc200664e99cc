//! Sets of list positions, as bits. A million positions take 150 kB. Two sets are intersected, counted
//! and sliced into pages in microseconds, without a step for each flexible IP.

use std::iter;

const WORDS: usize = 16;
const POSITIONS_IN_WORD: u32 = 64;
const POSITIONS_IN_BLOCK: u32 = 1024;

/// A set of positions. Blocks without positions are left out, so that a small set takes little memory
/// whatever its positions are.
#[derive(Clone, Debug, Default)]
pub(in crate::emulator) struct PositionSet {
    len: usize,
    /// Sorted by number.
    blocks: Vec<Block>,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    number: u32,
    len: u32,
    words: [u64; WORDS],
}

impl PositionSet {
    /// The number of positions.
    pub(in crate::emulator) const fn len(&self) -> usize {
        self.len
    }

    /// Adds a position.
    pub(in crate::emulator) fn insert(&mut self, position: u32) {
        let (number, within) = split(position);
        // Most positions are added in their order.
        let last = self.blocks.len().saturating_sub(1);
        let is_last = self.blocks.last().is_some_and(|block| block.number == number);
        let search = || self.blocks.binary_search_by_key(&number, |block| block.number);
        let at = if is_last { Ok(last) } else { search() };
        let at = at.unwrap_or_else(|at| {
            if self.blocks.is_empty() {
                // Most sets have one block; Vec would reserve four.
                self.blocks.reserve_exact(1);
            }
            self.blocks.insert(at, Block { number, len: 0, words: [0; WORDS] });
            at
        });
        if self.blocks.get_mut(at).is_some_and(|block| block.set(within, true)) {
            self.len = self.len.saturating_add(1);
        }
    }

    /// Removes a position.
    pub(in crate::emulator) fn remove(&mut self, position: u32) {
        let (number, within) = split(position);
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

    /// Removes a position. Returns whether none is left.
    pub(in crate::emulator) fn is_empty_without(&mut self, position: u32) -> bool {
        self.remove(position);
        self.len == 0
    }

    /// Keeps the positions that the other set has too.
    pub(in crate::emulator) fn intersect(&mut self, other: &Self) {
        let mut rest = other.blocks.as_slice();
        self.blocks.retain_mut(|block| {
            let theirs = find(&mut rest, block.number);
            theirs.is_some_and(|theirs| block.join(theirs, |one, other| one & other) > 0)
        });
        self.recount();
    }

    /// Adds the positions of the other set.
    pub(in crate::emulator) fn unite(&mut self, other: &Self) {
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

    /// At most `size` positions after the first `skipped`, in ascending order.
    pub(in crate::emulator) fn slice(&self, mut skipped: usize, size: usize) -> Vec<u32> {
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
            found.extend(block.positions().skip(skipped).take(wanted));
            skipped = 0;
        }
        found
    }

    fn recount(&mut self) {
        let counts = self.blocks.iter().map(|block| usize::try_from(block.len).unwrap_or(0));
        self.len = counts.sum();
    }
}

/// The block of this number, if there is one. `rest` begins after it then.
fn find<'blocks>(rest: &mut &'blocks [Block], number: u32) -> Option<&'blocks Block> {
    // In a dense set the wanted block is the next one; in a sparse set it may be far away.
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
    /// Sets a bit. Returns whether it changed.
    fn set(&mut self, within: u32, present: bool) -> bool {
        let word = usize::try_from(within / POSITIONS_IN_WORD).ok();
        let Some(word) = word.and_then(|word| self.words.get_mut(word)) else { return false };
        let bit = 1_u64 << (within % POSITIONS_IN_WORD);
        if (*word & bit != 0) == present {
            return false;
        }
        *word ^= bit;
        self.len = if present { self.len.saturating_add(1) } else { self.len.saturating_sub(1) };
        true
    }

    /// Combines with another block word by word. Returns the number of positions afterwards.
    fn join(&mut self, other: &Self, join: impl Fn(u64, u64) -> u64) -> u32 {
        self.len = 0;
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word = join(*word, *other);
            self.len = self.len.saturating_add(word.count_ones());
        }
        self.len
    }

    fn positions(&self) -> impl Iterator<Item = u32> {
        let first = self.number.saturating_mul(POSITIONS_IN_BLOCK);
        let starts =
            (0_u32..).map(move |word| first.saturating_add(word.saturating_mul(POSITIONS_IN_WORD)));
        self.words.iter().zip(starts).flat_map(|(word, start)| {
            let rest = |word: u64| (word != 0).then_some(word);
            // Each word is the one before without its lowest bit.
            let words =
                iter::successors(rest(*word), move |word| rest(word & word.wrapping_sub(1)));
            words.map(move |word| start.saturating_add(word.trailing_zeros()))
        })
    }
}

const fn split(position: u32) -> (u32, u32) {
    (position / POSITIONS_IN_BLOCK, position % POSITIONS_IN_BLOCK)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::btree_set;
    use proptest::prelude::*;

    use super::*;

    /// Positions near each other, far apart, and at the end of the range.
    fn positions() -> impl Strategy<Value = BTreeSet<u32>> {
        btree_set(prop_oneof![0..600_u32, 100_000..100_300_u32, u32::MAX - 300..=u32::MAX], 0..400)
    }

    fn of(positions: &BTreeSet<u32>) -> PositionSet {
        let mut set = PositionSet::default();
        positions.iter().rev().for_each(|position| set.insert(*position));
        set
    }

    fn same(
        set: &PositionSet,
        expected: impl IntoIterator<Item = u32>,
    ) -> Result<(), TestCaseError> {
        let expected: Vec<u32> = expected.into_iter().collect();
        prop_assert_eq!(set.len(), expected.len());
        prop_assert_eq!(set.slice(0, usize::MAX), expected);
        Ok(())
    }

    proptest! {
        #[test]
        fn sets_behave_as_those_of_the_standard_library(one in positions(), other in positions()) {
            let (ours, theirs) = (of(&one), of(&other));
            let (mut both, mut either, mut left) = (ours.clone(), ours.clone(), ours);
            both.intersect(&theirs);
            same(&both, one.intersection(&other).copied())?;
            either.unite(&theirs);
            same(&either, one.union(&other).copied())?;
            other.iter().for_each(|position| left.remove(*position));
            same(&left, one.difference(&other).copied())?;
            prop_assert!(left.blocks.iter().all(|block| block.len > 0));
        }

        #[test]
        fn a_slice_is_the_same_as_of_a_list(all in positions(), skipped in 0..500_usize, size in 0..100_usize) {
            let expected: Vec<u32> = all.iter().copied().skip(skipped).take(size).collect();
            prop_assert_eq!(of(&all).slice(skipped, size), expected);
        }
    }

    #[test]
    fn a_position_that_is_added_twice_counts_once() {
        let mut set = PositionSet::default();
        set.insert(7);
        set.insert(7);
        assert_eq!(set.len(), 1);
        set.remove(7);
        set.remove(7);
        assert_eq!((set.len(), set.blocks.len()), (0, 0));
    }
}
