//! A small map: entries in the order of their keys, found by halving. A `BTreeMap` of each kind that
//! is needed here would add 30 KB to the module. It suits keys that come in order, or few.

/// The map.
#[derive(Clone, Debug)]
pub struct SmallMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for SmallMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord + Copy, V> SmallMap<K, V> {
    /// The value of a key.
    pub fn get(&self, key: K) -> Option<&V> {
        let place = self.place(key).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// The value of a key, to change it.
    pub fn get_mut(&mut self, key: K) -> Option<&mut V> {
        let place = self.place(key).ok()?;
        self.0.get_mut(place).map(|(_, value)| value)
    }

    /// Sets the value of a key.
    pub fn insert(&mut self, key: K, value: V) {
        match self.place(key) {
            Ok(place) => {
                if let Some(slot) = self.0.get_mut(place) {
                    slot.1 = value;
                }
            }
            Err(place) => self.0.insert(place, (key, value)),
        }
    }

    /// Takes a key away, and gives its value.
    pub fn remove(&mut self, key: K) -> Option<V> {
        let place = self.place(key).ok()?;
        Some(self.0.remove(place).1)
    }

    /// Whether there is this key.
    pub fn has(&self, key: K) -> bool {
        self.place(key).is_ok()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries.
    pub fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        self.0.iter().map(|(key, value)| (*key, value))
    }

    fn place(&self, key: K) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.cmp(&key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_does_what_a_map_does(commands in prop::collection::vec((0_u8..20, prop::option::of(0_u8..9)), 0..60)) {
            let (mut small_map, mut map) = (SmallMap::default(), BTreeMap::new());
            for (key, value) in commands {
                match value {
                    Some(value) => {
                        small_map.insert(key, value);
                        map.insert(key, value);
                    }
                    None => prop_assert_eq!(small_map.remove(key), map.remove(&key)),
                }
                prop_assert_eq!(small_map.get(key), map.get(&key));
                prop_assert_eq!(small_map.get_mut(key).is_some(), small_map.has(key));
            }
            prop_assert_eq!(small_map.iter().collect::<Vec<_>>(), map.iter().map(|(k, v)| (*k, v)).collect::<Vec<_>>());
            prop_assert_eq!(small_map.is_empty(), map.is_empty());
        }
    }
}
