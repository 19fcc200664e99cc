//! The backoff before a retry.

use super::retry::RetryPolicy;
use crate::model::time::Millis;

/// The backoff after 429 is longer by this factor, so that many throttled clients spread out.
const THROTTLED_FACTOR: u64 = 20;

/// The longest `Retry-After` that is obeyed. A longer one is cut to this.
pub const RETRY_AFTER_MAX: Millis = Millis(60_000);

/// Returns the backoff before the next attempt, with full jitter: a random part of a bound that doubles
/// with each attempt, and at least `retry_after`.
///
/// `attempts` is the number of attempts so far, `is_throttled` whether the service asked for fewer
/// requests, and `fraction` a random number from 0 to 1.
pub fn backoff_delay(
    policy: &RetryPolicy,
    attempts: u32,
    is_throttled: bool,
    retry_after: Option<Millis>,
    fraction: f64,
) -> Millis {
    let factor = if is_throttled { THROTTLED_FACTOR } else { 1 };
    let doubled = 1_u64.checked_shl(attempts.saturating_sub(1)).unwrap_or(u64::MAX);
    let base = policy.base_delay.0.saturating_mul(factor);
    let bound = base.saturating_mul(doubled).min(policy.max_delay.0);
    let drawn = (bound as f64 * fraction) as u64;
    let least = retry_after.unwrap_or_default().min(RETRY_AFTER_MAX);
    Millis(drawn.max(least.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy = RetryPolicy::DEFAULT;

    fn bound(attempts: u32, is_throttled: bool) -> u64 {
        backoff_delay(&POLICY, attempts, is_throttled, None, 1.0).0
    }

    #[test]
    fn the_bound_doubles_up_to_the_longest_delay() {
        assert_eq!([1, 2, 3, 4].map(|attempts| bound(attempts, false)), [50, 100, 200, 400]);
        assert_eq!(bound(40, false), 20_000);
        assert_eq!(bound(400, false), 20_000);
    }

    #[test]
    fn throttled_requests_have_a_longer_backoff() {
        assert_eq!([1, 2, 3].map(|attempts| bound(attempts, true)), [1_000, 2_000, 4_000]);
    }

    #[test]
    fn jitter_covers_the_whole_range() {
        assert_eq!(backoff_delay(&POLICY, 4, false, None, 0.0), Millis(0));
        assert_eq!(backoff_delay(&POLICY, 4, false, None, 0.5), Millis(200));
    }

    #[test]
    fn retry_after_is_the_least_delay_and_is_cut_at_a_minute() {
        assert_eq!(backoff_delay(&POLICY, 1, false, Some(Millis(1_500)), 1.0), Millis(1_500));
        assert_eq!(backoff_delay(&POLICY, 1, true, Some(Millis(1)), 1.0), Millis(1_000));
        assert_eq!(backoff_delay(&POLICY, 1, true, Some(Millis(86_400_000)), 0.0), RETRY_AFTER_MAX);
    }
}
