//! Enumerations that the API writes as words.

/// Declares an enum whose variants each have a word in the API's JSON.
macro_rules! words {
    (
        $(#[$attributes:meta])*
        pub enum $name:ident { $( $(#[$variant_attributes:meta])* $variant:ident = $word:literal, )+ }
    ) => {
        $(#[$attributes])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $( $(#[$variant_attributes])* $variant, )+ }

        impl $name {
            /// Every variant, in the order of the API's description.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// Every word, in the order of the API's description.
            pub const WORDS: &'static [&'static str] = &[ $( $word, )+ ];

            /// The API's word for the variant.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }

            /// The variant for this word, if there is one.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )+ _ => None }
            }
        }
    };
}

pub(crate) use words;
