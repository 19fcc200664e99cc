//! Texts made of parts, without `core::fmt`, which would make the client's module larger.

/// What can be written as a part of a text.
pub trait ToText {
    /// Writes it at the end of a text.
    fn write_to(&self, out: &mut String);

    /// It alone, as a text.
    fn to_text(&self) -> String {
        let mut text = String::new();
        self.write_to(&mut text);
        text
    }
}

/// Writes parts at the end of a text.
macro_rules! write_text {
    ($out:expr, $($part:expr),+ $(,)?) => {{
        $( $crate::model::to_text::ToText::write_to(&$part, $out); )+
    }};
}

/// Joins parts to a text: `text!("there are ", count, " of them")`.
macro_rules! text {
    ($($part:expr),+ $(,)?) => {{
        let mut text = String::new();
        $crate::model::to_text::write_text!(&mut text, $($part),+);
        text
    }};
}

pub(crate) use {text, write_text};

/// Implements `Display` with the text.
macro_rules! display_texts {
    ($($type:ty),+) => { $(
        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.to_text())
            }
        }
    )+ };
}

pub(crate) use display_texts;

/// Joins texts, with a separator between them.
pub fn join<T: ToText>(texts: &[T], separator: &str) -> String {
    let mut joined = String::new();
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            separator.write_to(&mut joined);
        }
        text.write_to(&mut joined);
    }
    joined
}

impl ToText for str {
    // One copy, however many parts there are.
    #[inline(never)]
    fn write_to(&self, out: &mut String) {
        out.push_str(self);
    }
}

impl ToText for String {
    fn write_to(&self, out: &mut String) {
        self.as_str().write_to(out);
    }
}

impl<T: ToText + ?Sized> ToText for &T {
    fn write_to(&self, out: &mut String) {
        (**self).write_to(out);
    }
}

impl<T: ToText> ToText for Box<T> {
    fn write_to(&self, out: &mut String) {
        (**self).write_to(out);
    }
}

impl ToText for u64 {
    #[inline(never)]
    fn write_to(&self, out: &mut String) {
        let (tens, ones) = (self / 10, self % 10);
        if tens > 0 {
            tens.write_to(out);
        }
        out.push(char::from(b'0' | ones as u8));
    }
}

macro_rules! smaller_numbers {
    ($($number:ty),+) => { $(
        impl ToText for $number {
            fn write_to(&self, out: &mut String) {
                (*self as u64).write_to(out);
            }
        }
    )+ };
}

// None of them loses a bit in 64.
smaller_numbers!(u8, u16, u32, usize);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_is_its_parts_one_after_the_other() {
        let word = "words".to_owned();
        assert_eq!(text!("3 ", word, ", ", 7_u8, &&word, Box::new(0_u32)), "3 words, 7words0");
    }

    #[test]
    fn texts_are_joined_with_the_separator_between_them_only() {
        assert_eq!(join::<&str>(&[], ", "), "");
        assert_eq!(join(&["a"], ", "), "a");
        assert_eq!(join(&["a".to_owned(), String::new(), "c".to_owned()], ", "), "a, , c");
    }

    #[test]
    fn the_smallest_and_the_largest_number_have_all_their_digits() {
        assert_eq!(text!(0_u64, " ", u64::MAX), "0 18446744073709551615");
    }

    proptest! {
        #[test]
        fn a_number_is_written_as_the_standard_library_writes_it(number: u64) {
            prop_assert_eq!(number.to_text(), number.to_string());
        }
    }
}
