//! The availability zone.

use std::fmt;

use super::parts::split;
use super::to_text::ToText;

/// The zones where flexible IPs are known to be sold.
pub const KNOWN_ZONES: &[&str] =
    &["fr-par-1", "fr-par-2", "nl-ams-1", "nl-ams-2", "pl-waw-2", "pl-waw-3"];

/// An availability zone, written like `fr-par-1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Zone(String);

impl Zone {
    /// Parses two letters, three letters and a number of one or two digits, with hyphens between
    /// them. The zone need not be a known one: see [`Zone::is_known`].
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = split(text, b'-');
        let (country, city, number) = (parts.next()?, parts.next()?, parts.next()?);
        let letters = |part: &str, length| {
            part.len() == length && part.bytes().all(|byte| byte.is_ascii_lowercase())
        };
        let well_formed = letters(country, 2)
            && letters(city, 3)
            && matches!(number.len(), 1 | 2)
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && parts.next().is_none();
        well_formed.then(|| Self(text.to_owned()))
    }

    /// Whether flexible IPs are known to be sold in the zone.
    pub fn is_known(&self) -> bool {
        KNOWN_ZONES.contains(&self.as_str())
    }

    /// The zone as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ToText for Zone {
    fn write_to(&self, out: &mut String) {
        self.0.write_to(out);
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_six_zones_are_known() {
        for text in KNOWN_ZONES {
            assert!(Zone::parse(text).unwrap().is_known(), "{text}");
        }
    }

    #[test]
    fn a_well_formed_zone_need_not_be_known() {
        assert!(!Zone::parse("it-mil-1").unwrap().is_known());
    }

    #[test]
    fn a_malformed_zone_is_refused() {
        for text in
            ["", "mars-1", "fr-par", "fr-par-", "FR-PAR-1", "fr-par-1/..", "fr-par-1-2", "fr-par-x"]
        {
            assert_eq!(Zone::parse(text), None, "{text}");
        }
    }
}
