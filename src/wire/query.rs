//! Query strings: absent stays absent, lists are repeated keys.

use std::borrow::Cow;

use super::path::{decode, encode_into};

/// Builds a query string.
#[derive(Debug, Default)]
pub struct Query(String);

impl Query {
    /// Adds a pair.
    pub fn push(&mut self, key: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        encode_into(&mut self.0, key);
        self.0.push('=');
        encode_into(&mut self.0, value);
    }

    /// The query without its question mark.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// The pairs of a query string, decoded, in order; `+` is a space.
/// A pair that is not well-formed is kept as it stands.
pub fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(key), decoded(value))
    })
}

fn decoded(part: &str) -> String {
    let spaced: Cow<'_, str> =
        if part.contains('+') { part.replace('+', " ").into() } else { part.into() };
    match decode(&spaced) {
        Some(text) => text.into_owned(),
        None => spaced.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_list_is_a_repeated_key() {
        let mut query = Query::default();
        query.push("tags", "a&b");
        query.push("tags", "");
        assert_eq!(query.into_string(), "tags=a%26b&tags=");
    }

    proptest! {
        #[test]
        fn pairs_are_read_as_they_were_written(written: Vec<(String, String)>) {
            let mut query = Query::default();
            for (key, value) in &written {
                query.push(key, value);
            }
            prop_assert_eq!(pairs(&query.into_string()).collect::<Vec<_>>(), written);
        }

        #[test]
        fn no_query_makes_the_reader_panic(query: String) {
            pairs(&query).for_each(drop);
        }
    }
}
