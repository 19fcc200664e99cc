//! A map for few keys, or for keys that are inserted in order.

/// A map whose entries are sorted by key and found by binary search. `BTreeMap`s instead would add
/// 30 KB to the WebAssembly module. Inserting a key in the middle moves all entries behind it.
///
/// The values are boxed, so that the code which moves entries is the same for all types of values, and is in the
/// module once for each type of keys.
#[derive(Clone, Debug)]
pub struct SmallMap<K, V>(Vec<(K, Box<V>)>);

impl<K, V> Default for SmallMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord + Copy, V> SmallMap<K, V> {
    /// The value of a key.
    pub fn get(&self, key: K) -> Option<&V> {
        let index = self.index_of(key).ok()?;
        self.0.get(index).map(|(_, value)| &**value)
    }

    /// A mutable reference to the value of a key.
    pub fn get_mut(&mut self, key: K) -> Option<&mut V> {
        let index = self.index_of(key).ok()?;
        self.0.get_mut(index).map(|(_, value)| &mut **value)
    }

    /// Inserts or replaces the value of a key.
    pub fn insert(&mut self, key: K, value: V) {
        match self.index_of(key) {
            Ok(index) => {
                if let Some(slot) = self.0.get_mut(index) {
                    *slot.1 = value;
                }
            }
            Err(index) => self.0.insert(index, (key, Box::new(value))),
        }
    }

    /// Removes a key and returns its value.
    pub fn remove(&mut self, key: K) -> Option<V> {
        let index = self.index_of(key).ok()?;
        Some(*self.0.remove(index).1)
    }

    /// Whether the map has this key.
    pub fn has(&self, key: K) -> bool {
        self.index_of(key).is_ok()
    }

    /// Whether the map has no entries.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        self.0.iter().map(|(key, value)| (*key, &**value))
    }

    fn index_of(&self, key: K) -> Result<usize, usize> {
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
        fn it_behaves_as_a_btree_map(commands in prop::collection::vec((0_u8..20, prop::option::of(0_u8..9)), 0..60)) {
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
