//! Collects the items of an iterator with less code than `collect`, which reserves room for them first.

/// Collects into a vector.
pub trait Gather: Iterator + Sized {
    /// All items.
    fn gather(self) -> Vec<Self::Item> {
        let mut items = Vec::new();
        self.for_each(|item| items.push(item));
        items
    }

    /// All items, if each is there.
    fn gather_all<T>(self) -> Option<Vec<T>>
    where
        Self: Iterator<Item = Option<T>>,
    {
        let mut items = Vec::new();
        for item in self {
            items.push(item?);
        }
        Some(items)
    }
}

impl<I: Iterator> Gather for I {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_items_are_gathered_in_their_order() {
        assert_eq!((1..4).filter(|number| *number != 2).gather(), [1, 3]);
        assert_eq!([Some(2), Some(1)].into_iter().gather_all(), Some(vec![2, 1]));
        assert_eq!([Some(2), None, Some(1)].into_iter().gather_all(), None);
        assert_eq!(std::iter::empty::<Option<u8>>().gather_all(), Some(vec![]));
    }
}
