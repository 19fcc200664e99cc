//! The delays of the transitions after a response.

use serde::{Deserialize, Serialize};

use crate::emulator::random::Random;
use crate::emulator::settings::error::{SettingsError, wrong_field};
use crate::model::time::Millis;

/// The longest delay in milliseconds, about 24 days: a timer of JavaScript that is longer ends at once.
pub(in crate::emulator) const MAX_DELAY: u64 = (1 << 31) - 1;

/// How long transitions take.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    target_arch = "wasm32",
    derive(tsify::Tsify),
    tsify(type = "'instant' | 'recorded' | Partial<Delays>")
)]
pub enum Timing {
    /// No delay: a transition has ended by the next request. The response to the request that started it
    /// shows it as under way all the same.
    #[default]
    Instant,
    /// The delays measured on the real service: drawn from [`Delays::recorded`] with the seed.
    Recorded,
    /// Each delay separately. A delay that is left out is zero.
    #[serde(untagged)]
    Custom(Box<Delays>),
}

impl Timing {
    /// Reads a timing from JSON. The error names the delay that is wrong.
    pub fn from_json(text: &str) -> Result<Self, SettingsError> {
        serde_json::from_str(text).map_err(|error| {
            let field = serde_json::from_str(text).ok().and_then(|value| Self::wrong_delay(&value));
            SettingsError::Unreadable(field.unwrap_or_else(|| error.to_string()))
        })
    }

    /// Which delay of a timing cannot be read, and why.
    pub(super) fn wrong_delay(timing: &serde_json::Value) -> Option<String> {
        let Some(delays) = timing.as_object() else {
            return Some(format!(
                "timing is {timing}; allowed are \"instant\", \"recorded\", and an object of delays"
            ));
        };
        wrong_field::<Delays>(delays, None)
    }

    /// The delays of this timing.
    pub(in crate::emulator) fn delays(&self) -> Delays {
        match self {
            Self::Instant => Delays::instant(),
            Self::Recorded => Delays::recorded(),
            Self::Custom(delays) => **delays,
        }
    }
}

/// The smallest, the median and the largest value of a delay, in milliseconds.
/// In JSON, a list of the three, or one number for a fixed delay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "SpreadJson", into = "SpreadJson")]
#[cfg_attr(
    target_arch = "wasm32",
    derive(tsify::Tsify),
    tsify(type = "number | [min: number, median: number, max: number]")
)]
pub struct Spread {
    /// No delay is shorter.
    pub min: u64,
    /// Half of the delays are shorter.
    pub median: u64,
    /// No delay is longer.
    pub max: u64,
}

impl Spread {
    /// A delay that is always the same.
    pub const fn fixed(millis: u64) -> Self {
        Self { min: millis, median: millis, max: millis }
    }

    const fn new(min: u64, median: u64, max: u64) -> Self {
        Self { min, median, max }
    }

    /// Whether the smallest, the median and the largest value are in ascending order.
    pub(in crate::emulator) const fn is_ordered(self) -> bool {
        self.min <= self.median && self.median <= self.max
    }

    /// Draws a delay. Below the median the distribution is uniform; above it is a fourth power, so that
    /// most delays are near the median and a few are long, as was measured. The arithmetic is in integers:
    /// every platform draws the same.
    pub(in crate::emulator) fn draw(self, random: &mut Random) -> Millis {
        let drawn = random.next();
        let fraction = u128::from((drawn << 1) >> 32);
        let (from, to, share) = if drawn >> 63 == 0 {
            (self.min, self.median, fraction)
        } else {
            let square = fraction.wrapping_mul(fraction) >> 32;
            (self.median, self.max, square.wrapping_mul(square) >> 32)
        };
        let part = u128::from(to.saturating_sub(from)).wrapping_mul(share) >> 32;
        Millis(from.saturating_add(u64::try_from(part).unwrap_or(0)))
    }
}

/// The JSON of a [`Spread`].
#[derive(Clone, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a delay is a whole number of milliseconds, or [smallest, median, largest] of them"
)]
enum SpreadJson {
    Fixed(u64),
    Spread([u64; 3]),
}

impl From<SpreadJson> for Spread {
    fn from(json: SpreadJson) -> Self {
        match json {
            SpreadJson::Fixed(millis) => Self::fixed(millis),
            SpreadJson::Spread([min, median, max]) => Self { min, median, max },
        }
    }
}

impl From<Spread> for SpreadJson {
    fn from(spread: Spread) -> Self {
        if spread.min == spread.max {
            Self::Fixed(spread.min)
        } else {
            Self::Spread([spread.min, spread.median, spread.max])
        }
    }
}

macro_rules! delays {
    ($( $(#[doc = $doc:literal])+ $name:ident: $recorded:expr, )+) => {
        /// The delay of each transition.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", default, deny_unknown_fields)]
        #[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
        pub struct Delays {
            $( $(#[doc = $doc])+ pub $name: Spread, )+
        }

        impl Delays {
            /// No delay at all.
            pub const fn instant() -> Self {
                Self { $( $name: Spread::fixed(0), )+ }
            }

            /// The delays measured on the real service, or estimated where none was measured.
            pub const fn recorded() -> Self {
                Self { $( $name: $recorded, )+ }
            }

            /// Every delay with its name in Rust and its doc comment.
            pub(in crate::emulator) const fn named(&self) -> [(&'static str, &'static [&'static str], Spread); DELAYS] {
                [ $( (stringify!($name), &[$($doc),+], self.$name), )+ ]
            }
        }

        /// The number of delays.
        const DELAYS: usize = [$( stringify!($name) ),+].len();
    };
}

delays! {
    /// From attach to `attached`. Measured on 23 attaches.
    attach: Spread::new(1_600, 2_900, 28_000),
    /// From create with a server to `attached`. Measured on 61 creates.
    create: Spread::new(1_700, 7_500, 42_600),
    /// Between the ends of two attaches to one server, which are served one after the other. Measured.
    between_attaches: Spread::new(2_000, 4_000, 13_000),
    /// From generating a MAC address on an attached flexible IP to `attached`. Measured on 8.
    generate_mac: Spread::new(850, 950, 3_100),
    /// From duplicating a MAC address to `attached`. Measured on 16.
    duplicate_mac: Spread::new(700, 1_000, 5_800),
    /// From moving a MAC address to an attached flexible IP to `attached`. Unknown: as for duplicating.
    move_mac: Spread::new(700, 1_000, 5_800),
    /// From deleting the MAC address of an attached flexible IP to `attached`. Unknown: as for generating.
    delete_mac: Spread::new(850, 950, 3_100),
    /// From detach to `ready`. Unknown: as for the detaching after the removal of a server.
    detach: Spread::new(5_300, 6_500, 8_500),
    /// From the removal of a server to `detaching` on its flexible IPs. Measured once.
    server_removal: Spread::fixed(2_500),
    /// From that `detaching` to `ready`. Measured.
    server_detach: Spread::new(5_300, 6_500, 8_500),
    /// From deleting an attached flexible IP until it is gone. Measured.
    delete: Spread::new(5_000, 5_000, 21_000),
    /// From deleting an attached member of a MAC group to the loss of its MAC address. Measured once.
    group_delete: Spread::new(2_000, 2_200, 4_000),
    /// From that loss until it is gone. Measured: 5 to 15 s together with `groupDelete`.
    group_release: Spread::new(3_000, 4_000, 11_000),
    /// From the removal of a server until it is gone. Measured: within one poll of 5 s.
    server_delete: Spread::fixed(5_000),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recorded_spread_is_ordered() {
        for (name, _, spread) in Delays::recorded().named() {
            assert!(spread.is_ordered(), "{name}");
        }
    }

    #[test]
    fn drawn_delays_have_the_measured_smallest_median_and_largest() {
        for (name, _, spread) in Delays::recorded().named() {
            let mut random = Random::new(1);
            let mut drawn: Vec<u64> = (0..10_000).map(|_| spread.draw(&mut random).0).collect();
            drawn.sort_unstable();
            for (drawn, wanted) in
                [(drawn[0], spread.min), (drawn[5_000], spread.median), (drawn[9_999], spread.max)]
            {
                assert!(drawn.abs_diff(wanted) * 10 <= wanted, "{name}: {drawn} for {wanted}");
            }
        }
    }

    #[test]
    fn a_timing_is_a_word_or_delays_in_milliseconds() {
        let read = |text| serde_json::from_str::<Timing>(text).unwrap();
        assert_eq!(read("\"instant\""), Timing::Instant);
        assert_eq!(read("\"recorded\""), Timing::Recorded);
        let custom = read(r#"{"attach": 3000, "detach": [1, 2, 3]}"#);
        assert_eq!(
            custom,
            Timing::Custom(Box::new(Delays {
                attach: Spread::fixed(3_000),
                detach: Spread::new(1, 2, 3),
                ..Delays::instant()
            }))
        );
        let again = serde_json::to_string(&custom).unwrap();
        assert_eq!(read(&again), custom);
        assert!(serde_json::from_str::<Timing>(r#"{"atach": 3000}"#).is_err());
    }
}
