//! The rate gate of a fault: a token bucket, stored as the time when it is full again. That is a whole
//! number, so nothing is lost to rounding.

use serde::{Deserialize, Serialize};

use crate::model::time::Timestamp;

const NANOS_PER_SECOND: f64 = 1e9;
const MAX_PER_SECOND: f64 = 1e6;
const MIN_PER_SECOND: f64 = 1e-6;

/// A token bucket. It is full at first. A call that finds it empty gets a bare 429.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct RateGate {
    /// How many calls per second pass in the long run.
    pub per_second: f64,
    /// How many calls pass at once.
    pub burst: u32,
}

impl RateGate {
    /// Whether the numbers are in their ranges.
    pub(super) fn is_valid(&self) -> bool {
        (MIN_PER_SECOND..=MAX_PER_SECOND).contains(&self.per_second) && self.burst > 0
    }

    /// Takes a token. Returns whether there was one. `full_at` is the state of the bucket: the time when
    /// it is full again.
    pub(super) fn take_token(&self, full_at: &mut Timestamp, now: Timestamp) -> bool {
        let token = self.token();
        let from = full_at.nanos().max(now.nanos());
        let capacity = token.saturating_mul(u64::from(self.burst.saturating_sub(1)));
        let passes = from <= now.nanos().saturating_add(capacity);
        if passes {
            *full_at = Timestamp::from_nanos(from.saturating_add(token));
        }
        passes
    }

    /// The latest time at which a bucket can be full again that lost its last token by `at`.
    pub(super) fn latest_full(&self, at: Timestamp) -> Timestamp {
        let whole = self.token().saturating_mul(u64::from(self.burst));
        Timestamp::from_nanos(at.nanos().saturating_add(whole))
    }

    /// The time until the next token, in nanoseconds.
    fn token(&self) -> u64 {
        (NANOS_PER_SECOND / self.per_second) as u64
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows has failed")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn passed(gate: RateGate, at_ms: &[u64]) -> Vec<bool> {
        let mut full_at = Timestamp::default();
        let at = at_ms.iter().map(|at| Timestamp::from_millis(*at));
        at.map(|now| gate.take_token(&mut full_at, now)).collect()
    }

    #[test]
    fn a_burst_passes_and_then_calls_at_the_rate() {
        let gate = RateGate { per_second: 2.0, burst: 3 };
        let passed =
            passed(gate, &[0, 0, 0, 0, 499, 500, 500, 1_000, 1_499, 9_000, 9_000, 9_000, 9_000]);
        assert_eq!(
            passed,
            [true, true, true, false, false, true, false, true, false, true, true, true, false]
        );
    }

    proptest! {
        #[test]
        fn in_no_window_more_calls_pass_than_burst_and_rate_allow(
            per_second in 1_u32..50, burst in 1_u32..10, steps in proptest::collection::vec(0_u64..400, 1..80),
        ) {
            let mut now = 1_000_000;
            let at: Vec<u64> = steps.iter().map(|step| { now += step; now }).collect();
            let passed = passed(RateGate { per_second: f64::from(per_second), burst }, &at);
            let accepted: Vec<u64> = at.iter().zip(&passed).filter(|(_, passed)| **passed).map(|(at, _)| *at).collect();
            for (first, begin) in accepted.iter().enumerate() {
                for (last, end) in accepted.iter().enumerate().skip(first) {
                    let most = u64::from(burst) + (end - begin) * u64::from(per_second) / 1_000 + 1;
                    prop_assert!((last - first + 1) as u64 <= most);
                }
            }
            // A call passes if the one before was at least one interval of the rate ago.
            for (index, pair) in at.windows(2).enumerate() {
                if (pair[1] - pair[0]) * u64::from(per_second) >= 1_001 {
                    prop_assert!(passed[index + 1]);
                }
            }
        }
    }
}
