//! How long to wait before a request is sent again.

use super::retry::RetryPolicy;
use crate::model::time::Millis;

/// Many clients that are told "too many requests" at once come back later, and further apart.
const THROTTLED_FACTOR: u64 = 20;

/// The longest wait that a server can ask for. What it asks beyond is cut: the caller decides.
pub const RETRY_AFTER_MAX: Millis = Millis(60_000);

/// Full jitter: anything up to a bound that doubles with every attempt.
/// `made` counts the attempts so far; `fraction` is a random number within 0 and 1.
/// What the server asked for is the least.
pub fn pause(
    policy: &RetryPolicy,
    made: u32,
    throttled: bool,
    asked: Option<Millis>,
    fraction: f64,
) -> Millis {
    let factor = if throttled { THROTTLED_FACTOR } else { 1 };
    let doubled = 1_u64.checked_shl(made.saturating_sub(1)).unwrap_or(u64::MAX);
    let base = policy.base_delay.0.saturating_mul(factor);
    let bound = base.saturating_mul(doubled).min(policy.max_delay.0);
    let drawn = (bound as f64 * fraction) as u64;
    let asked = asked.unwrap_or_default().min(RETRY_AFTER_MAX);
    Millis(drawn.max(asked.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy = RetryPolicy::DEFAULT;

    fn bound(made: u32, throttled: bool) -> u64 {
        pause(&POLICY, made, throttled, None, 1.0).0
    }

    #[test]
    fn the_bound_doubles_and_then_stays() {
        assert_eq!([1, 2, 3, 4].map(|made| bound(made, false)), [50, 100, 200, 400]);
        assert_eq!(bound(40, false), 20_000);
        assert_eq!(bound(400, false), 20_000);
    }

    #[test]
    fn too_many_requests_wait_longer() {
        assert_eq!([1, 2, 3].map(|made| bound(made, true)), [1_000, 2_000, 4_000]);
    }

    #[test]
    fn jitter_takes_the_whole_range() {
        assert_eq!(pause(&POLICY, 4, false, None, 0.0), Millis(0));
        assert_eq!(pause(&POLICY, 4, false, None, 0.5), Millis(200));
    }

    #[test]
    fn what_the_server_asked_for_is_the_least_and_is_cut_at_a_minute() {
        assert_eq!(pause(&POLICY, 1, false, Some(Millis(1_500)), 1.0), Millis(1_500));
        assert_eq!(pause(&POLICY, 1, true, Some(Millis(1)), 1.0), Millis(1_000));
        assert_eq!(pause(&POLICY, 1, true, Some(Millis(86_400_000)), 0.0), RETRY_AFTER_MAX);
    }
}
