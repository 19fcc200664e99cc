//! Takes texts apart. The searches of `str` are made for long texts, and have more code.

/// The texts before and after the first of this sign of ASCII.
pub fn split_once(text: &str, sign: u8) -> Option<(&str, &str)> {
    let place = text.bytes().position(|byte| byte == sign)?;
    Some((text.get(..place)?, text.get(place.saturating_add(1)..)?))
}

/// The texts between the signs of this kind of ASCII.
pub const fn split(text: &str, sign: u8) -> Parts<'_> {
    Parts { rest: Some(text), sign }
}

/// Iterates over the parts of a text.
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    rest: Option<&'a str>,
    sign: u8,
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.rest.take()?;
        match split_once(text, self.sign) {
            Some((part, rest)) => {
                self.rest = Some(rest);
                Some(part)
            }
            None => Some(text),
        }
    }
}

/// The first characters of a text; the whole text if it has no more.
pub fn start_of(text: &str, characters: usize) -> &str {
    let end = text.char_indices().nth(characters).map(|(end, _)| end);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_is_split_as_by_the_standard_library(text in "[a/é]{0,12}") {
            prop_assert_eq!(split_once(&text, b'/'), text.split_once('/'));
            prop_assert!(split(&text, b'/').eq(text.split('/')));
        }

        #[test]
        fn the_start_of_a_text_has_so_many_characters(text: String, characters in 0_usize..40) {
            let start: String = text.chars().take(characters).collect();
            prop_assert_eq!(start_of(&text, characters), start);
        }
    }
}
