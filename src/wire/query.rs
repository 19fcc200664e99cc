//! Query strings. A list is a repeated key.

use std::borrow::Cow;

use super::path::{decode, encode_into};

/// Builds a query string.
#[derive(Debug, Default)]
pub struct Query(String);

impl Query {
    /// Adds a parameter.
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

/// Parses a query string into its keys and values, decoded and in order. A `+` is a space.
/// A key or value whose encoding is malformed is returned as it is.
pub fn parse(query: &str) -> impl Iterator<Item = (String, String)> {
    query.split('&').filter(|part| !part.is_empty()).map(|part| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        (decode_part(key), decode_part(value))
    })
}

fn decode_part(part: &str) -> String {
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
        fn every_query_survives_a_round_trip(written: Vec<(String, String)>) {
            let mut query = Query::default();
            for (key, value) in &written {
                query.push(key, value);
            }
            prop_assert_eq!(parse(&query.into_string()).collect::<Vec<_>>(), written);
        }

        #[test]
        fn no_query_makes_the_parser_panic(query: String) {
            parse(&query).for_each(drop);
        }
    }
}
