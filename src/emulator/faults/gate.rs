//! A rate gate as the time when its bucket is full again: a whole number, so nothing is rounded away.

use super::rule::RateGate;
use crate::model::time::Timestamp;

const SECOND: f64 = 1e9;
const FASTEST: f64 = 1e6;

/// Whether there can be such a gate.
pub(super) fn can_be(gate: &RateGate) -> bool {
    gate.per_second > 0.0 && gate.per_second <= FASTEST && gate.burst > 0
}

/// Takes a token if there is one, and says whether there was. `full_at` is when the bucket is full.
pub(super) fn lets_through(gate: &RateGate, full_at: &mut Timestamp, now: Timestamp) -> bool {
    let token = (SECOND / gate.per_second) as u64;
    let from = full_at.nanos().max(now.nanos());
    let room = token.saturating_mul(u64::from(gate.burst.saturating_sub(1)));
    let passes = from <= now.nanos().saturating_add(room);
    if passes {
        *full_at = Timestamp::from_nanos(from.saturating_add(token));
    }
    passes
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows has failed")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn passed(gate: RateGate, at_ms: &[u64]) -> Vec<bool> {
        let mut full_at = Timestamp::default();
        let at = at_ms.iter().map(|at| Timestamp::from_millis(*at));
        at.map(|now| lets_through(&gate, &mut full_at, now)).collect()
    }

    #[test]
    fn a_burst_passes_and_then_one_for_each_share_of_a_second() {
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
        fn no_window_lets_more_through_than_burst_and_rate(
            per_second in 1_u32..50, burst in 1_u32..10, steps in proptest::collection::vec(0_u64..400, 1..80),
        ) {
            let mut now = 1_000_000;
            let at: Vec<u64> = steps.iter().map(|step| { now += step; now }).collect();
            let passed = passed(RateGate { per_second: f64::from(per_second), burst }, &at);
            let let_in: Vec<u64> = at.iter().zip(&passed).filter(|(_, passed)| **passed).map(|(at, _)| *at).collect();
            for (first, begin) in let_in.iter().enumerate() {
                for (last, end) in let_in.iter().enumerate().skip(first) {
                    let most = u64::from(burst) + (end - begin) * u64::from(per_second) / 1_000 + 1;
                    prop_assert!((last - first + 1) as u64 <= most);
                }
            }
            // And nobody is turned away for nothing: a call after a whole share of silence passes.
            for (place, pair) in at.windows(2).enumerate() {
                if (pair[1] - pair[0]) * u64::from(per_second) >= 1_001 {
                    prop_assert!(passed[place + 1]);
                }
            }
        }
    }
}
