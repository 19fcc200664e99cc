//! Enumerations that the API writes as words.

/// Declares an enum whose variants each have one word on the wire.
macro_rules! words {
    (
        $(#[$attributes:meta])*
        pub enum $name:ident { $( $(#[$variant_attributes:meta])* $variant:ident = $word:literal, )+ }
    ) => {
        $(#[$attributes])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $( $(#[$variant_attributes])* $variant, )+ }

        impl $name {
            /// Every variant, in the API's order.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// Every word, in the API's order.
            pub const WORDS: &'static [&'static str] = &[ $( $word, )+ ];

            /// The word on the wire.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }

            /// The variant of this word, if there is one.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )+ _ => None }
            }
        }
    };
}

pub(crate) use words;
