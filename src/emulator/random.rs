//! Seeded random numbers: SplitMix64. It is small, the same on every platform, and good enough for ids
//! and delays.

use serde::{Deserialize, Serialize};

use crate::emulator::decimal;
use crate::model::id::Uuid;

/// A stream of random numbers. It follows from its seed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Random {
    #[serde(with = "decimal")]
    state: u64,
}

impl Random {
    /// The stream of a seed.
    pub(super) const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The stream of one numbered thing under a seed. It does not depend on other streams.
    pub(super) fn of(seed: u64, thing: &str, number: u64) -> Self {
        Self::of_parts(seed, [thing, ""], number)
    }

    /// As `of`, for a thing whose name has two parts. They are not joined first.
    pub(super) fn of_parts(seed: u64, thing: [&str; 2], number: u64) -> Self {
        // FNV-1a, then one step of the generator to spread the bits.
        let hash =
            thing.into_iter().flat_map(str::bytes).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            });
        let mut mixed = Self::new(seed ^ hash);
        let state = mixed.next().wrapping_add(number.wrapping_mul(0xd134_2543_de82_ef95));
        Self { state }
    }

    /// The next 64 bits.
    pub(super) const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 if `bound` is 0.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.next()).wrapping_mul(u128::from(bound));
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number from 0, and below 1.
    pub(super) fn fraction(&mut self) -> f64 {
        // An f64 holds 53 bits exactly.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The next 16 bytes.
    pub(super) fn bytes(&mut self) -> [u8; 16] {
        let wide = (u128::from(self.next()) << 64) | u128::from(self.next());
        wide.to_be_bytes()
    }

    /// A UUID of version 4.
    pub(super) fn uuid(&mut self) -> Uuid {
        let mut bytes = self.bytes();
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        Uuid::from_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_that_of_the_published_algorithm() {
        // The first outputs of the reference implementation for the seed 1234567.
        let mut random = Random::new(1_234_567);
        let drawn = [random.next(), random.next(), random.next()];
        assert_eq!(
            drawn,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn streams_differ_by_seed_name_and_number() {
        let uuid = |seed, thing, number| Random::of(seed, thing, number).uuid();
        assert_eq!(uuid(1, "server", 0), uuid(1, "server", 0));
        for other in [uuid(2, "server", 0), uuid(1, "project", 0), uuid(1, "server", 1)] {
            assert_ne!(uuid(1, "server", 0), other);
        }
    }

    #[test]
    fn a_number_stays_below_its_bound() {
        let mut random = Random::new(7);
        assert!((0..1_000).all(|_| random.below(10) < 10));
        assert_eq!(random.below(0), 0);
    }

    #[test]
    fn a_uuid_has_version_4() {
        let text = Random::new(3).uuid().to_string();
        let digit = |index| text.chars().nth(index).unwrap();
        assert_eq!(digit(14), '4');
        assert!(matches!(digit(19), '8' | '9' | 'a' | 'b'), "{text}");
    }
}
