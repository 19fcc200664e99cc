//! The UUIDs, one type for each thing they name, so that none is passed for another.

use std::fmt;

/// A UUID of any version, written in lower case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid([u8; 16]);

impl Uuid {
    /// Reads the hyphenated form, in either case.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        let mut digits = 0_usize;
        for (place, character) in text.bytes().enumerate() {
            if matches!(place, 8 | 13 | 18 | 23) {
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

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::with_capacity(36);
        for (place, byte) in self.0.iter().enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            for digit in [byte >> 4, byte & 15] {
                text.extend(DIGITS.get(usize::from(digit)).copied().map(char::from));
            }
        }
        formatter.write_str(&text)
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
            /// Reads the hyphenated form, in either case.
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::parse(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
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
    /// Names a flexible IP. It belongs to the pooled address, not to one order of it.
    FlexibleIpId,
    /// Names a virtual MAC address. All members of a MAC group share it.
    MacId,
    /// Names an Elastic Metal server.
    ServerId,
    /// Names a Project.
    ProjectId,
    /// Names an Organization.
    OrganizationId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_uuid_is_read_in_either_case_and_written_in_lower() {
        let uuid = Uuid::parse("7C715B98-e683-493a-9E62-109d684e4348").unwrap();
        assert_eq!(uuid.to_string(), "7c715b98-e683-493a-9e62-109d684e4348");
    }

    #[test]
    fn what_only_resembles_a_uuid_is_refused() {
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
        fn every_uuid_is_read_as_it_was_written(bytes: [u8; 16]) {
            let uuid = Uuid::from_bytes(bytes);
            prop_assert_eq!(Uuid::parse(&uuid.to_string()), Some(uuid));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text: String) {
            let _ = Uuid::parse(&text);
        }
    }
}
