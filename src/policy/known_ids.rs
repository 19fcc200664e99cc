//! The flexible IPs that a walk has read, each with its position in the order of their first reading.

use crate::model::id::FlexibleIpId;

/// Known ids. A hash table with linear probing, because a `BTreeMap` would add 10 KB to the module, and
/// a sorted list would move thousands of entries for each new one.
#[derive(Clone, Debug, Default)]
pub(super) struct KnownIds {
    ids: Vec<FlexibleIpId>,
    /// For each slot, 0 if it is free, else the position of its id plus one. The length is a power of
    /// two and at least twice the number of ids.
    slots: Vec<u32>,
}

impl KnownIds {
    /// The number of ids.
    pub(super) const fn len(&self) -> usize {
        self.ids.len()
    }

    /// The position of an id, which is added if it is new.
    pub(super) fn position_of(&mut self, id: FlexibleIpId) -> usize {
        if self.slots.len() < self.ids.len().saturating_add(1).saturating_mul(2) {
            self.grow();
        }
        let slot = self.slot_of(id);
        match self.slots.get(slot).copied().unwrap_or_default() {
            0 => {
                self.ids.push(id);
                self.occupy(slot, self.ids.len());
                self.ids.len().saturating_sub(1)
            }
            taken => (taken as usize).saturating_sub(1),
        }
    }

    fn grow(&mut self) {
        let length = self.slots.len().max(32).saturating_mul(2);
        self.slots = vec![0; length];
        for index in 0..self.ids.len() {
            if let Some(id) = self.ids.get(index) {
                self.occupy(self.slot_of(*id), index.saturating_add(1));
            }
        }
    }

    fn occupy(&mut self, slot: usize, number: usize) {
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot = number as u32;
        }
    }

    /// The slot of an id, or the free one where it belongs.
    fn slot_of(&self, id: FlexibleIpId) -> usize {
        let last = self.slots.len().saturating_sub(1);
        let mut slot = hash(id) & last;
        loop {
            let taken = self.slots.get(slot).copied().unwrap_or_default() as usize;
            if taken == 0 || self.ids.get(taken.wrapping_sub(1)) == Some(&id) {
                return slot;
            }
            slot = slot.wrapping_add(1) & last;
        }
    }
}

/// Mixes all bytes of an id (FNV-1a).
fn hash(id: FlexibleIpId) -> usize {
    let mut hash = 0x811c_9dc5_u32;
    for byte in id.0.as_bytes() {
        hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    }
    (hash ^ (hash >> 15)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::Uuid;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_has_the_position_of_its_first_reading(numbers in prop::collection::vec(0_u16..400, 0..900)) {
            let mut known = KnownIds::default();
            let mut first: Vec<u16> = Vec::new();
            for number in numbers {
                let mut bytes = [7; 16];
                bytes[14..].copy_from_slice(&number.to_be_bytes());
                let expected = first.iter().position(|other| *other == number).unwrap_or(first.len());
                if expected == first.len() {
                    first.push(number);
                }
                prop_assert_eq!(known.position_of(FlexibleIpId(Uuid::from_bytes(bytes))), expected);
                prop_assert_eq!(known.len(), first.len());
            }
        }
    }
}
