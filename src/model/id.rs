//! The ids: a type for each kind of resource, so that the compiler keeps them apart.

use std::fmt;

use super::to_text::ToText;

/// A UUID of any version, written in lower case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid([u8; 16]);

impl Uuid {
    /// Parses the hyphenated form, in either case.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        let mut digits = 0_usize;
        for (index, character) in text.bytes().enumerate() {
            if matches!(index, 8 | 13 | 18 | 23) {
                if character != b'-' {
                    return None;
                }
                continue;
            }
            let digit = char::from(character).to_digit(16)?;
            let byte = bytes.get_mut(digits >> 1)?;
            *byte = (*byte << 4) | u8::try_from(digit).ok()?;
            digits = digits.saturating_add(1);
        }
        (digits == 32 && text.len() == 36).then_some(Self(bytes))
    }

    /// The UUID of these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes of the UUID.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    fn characters(&self) -> [u8; 36] {
        let mut characters = [b'-'; 36];
        let mut places = characters.iter_mut();
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                places.next();
            }
            for digit in [byte >> 4, byte & 15] {
                if let Some(place) = places.next() {
                    *place = hex_digit(digit);
                }
            }
        }
        characters
    }
}

/// The hexadecimal digit of a number below 16, in lower case.
pub(super) const fn hex_digit(number: u8) -> u8 {
    number.wrapping_add(if number < 10 { b'0' } else { b'a' - 10 })
}

impl ToText for Uuid {
    fn write_to(&self, out: &mut String) {
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                out.push('-');
            }
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from(hex_digit(digit)));
            }
        }
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(str::from_utf8(&self.characters()).unwrap_or_default())
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

macro_rules! ids {
    ($( $(#[$attributes:meta])* $name:ident ),+ $(,)?) => { $(
        $(#[$attributes])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Parses the hyphenated form, in either case.
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::parse(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl ToText for $name {
            fn write_to(&self, out: &mut String) {
                self.0.write_to(out);
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, formatter)
            }
        }
    )+ };
}

ids! {
    /// The id of a flexible IP. It belongs to the pooled address and stays with it.
    FlexibleIpId,
    /// The id of a virtual MAC address. All members of a MAC group share it.
    MacId,
    /// The id of an Elastic Metal server.
    ServerId,
    /// The id of a Project.
    ProjectId,
    /// The id of an Organization.
    OrganizationId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_uuid_is_parsed_in_either_case_and_written_in_lower_case() {
        let uuid = Uuid::parse("7C715B98-e683-493a-9E62-109d684e4348").unwrap();
        assert_eq!(uuid.to_string(), "7c715b98-e683-493a-9e62-109d684e4348");
    }

    #[test]
    fn a_malformed_uuid_is_refused() {
        for text in [
            "",
            "7c715b98e683493a9e62109d684e4348",
            "7c715b98-e683-493a-9e62-109d684e434",
            "7c715b98-e683-493a-9e62-109d684e43480",
            "7c715b98-e683-493a-9e62_109d684e4348",
            "{7c715b98-e683-493a-9e62-109d684e434}",
            "../../../../iam/v1alpha1/api-keys?x=",
        ] {
            assert_eq!(Uuid::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_uuid_survives_a_round_trip(bytes: [u8; 16]) {
            let uuid = Uuid::from_bytes(bytes);
            prop_assert_eq!(Uuid::parse(&uuid.to_string()), Some(uuid));
            prop_assert_eq!(uuid.to_text(), uuid.to_string());
        }

        #[test]
        fn no_text_makes_the_parser_panic(text: String) {
            let _ = Uuid::parse(&text);
        }
    }
}
