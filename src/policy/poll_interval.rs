//! The interval between two polls of a transition.
//!
//! The durations come from recordings of the service. An attach takes at least 1.6 s, and 2.9 s in the
//! median; the attaches of one server run one after another. A detach takes about 5 s, and a virtual MAC
//! address at least 0.85 s. Before the shortest duration has passed, a few polls are enough. After it,
//! the interval is 5 % of the elapsed time, and 100 ms at least: that is how late a poll can be.

use crate::model::time::Millis;

/// A transition that is polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// The transition is unknown.
    Unknown,
    /// A virtual MAC address is being written.
    Mac,
    /// An attach.
    Attach,
    /// A detach.
    Detach,
}

impl Transition {
    /// The shortest duration in the recordings, in milliseconds.
    const fn shortest_duration(self) -> u64 {
        match self {
            Self::Unknown => 0,
            Self::Mac => 850,
            Self::Attach => 1_600,
            Self::Detach => 5_000,
        }
    }
}

/// The shortest, the first and the longest interval, in milliseconds.
const INTERVAL_MIN: u64 = 100;
const INTERVAL_FIRST: u64 = 250;
const INTERVAL_MAX: u64 = 2_000;
/// After the shortest duration, the interval is the elapsed time divided by this.
const ELAPSED_DIVISOR: u64 = 20;

/// Returns the interval until the next poll. `elapsed` is the time since the transition began, and
/// `ahead` the number of transitions that the same server completes first.
pub fn poll_interval(transition: Transition, elapsed: Millis, ahead: usize) -> Millis {
    let turns = u64::try_from(ahead).unwrap_or(u64::MAX).saturating_add(1);
    let shortest = transition.shortest_duration().saturating_mul(turns);
    let rest = shortest.saturating_sub(elapsed.0);
    Millis(if rest > 0 {
        // A transition may be shorter than any recorded one, so some polls come earlier. Their
        // intervals grow, and the last one ends at the shortest recorded duration.
        let next = elapsed.0.saturating_mul(2).clamp(INTERVAL_FIRST, INTERVAL_MAX);
        if rest < next.saturating_add(INTERVAL_MIN) { rest } else { next }
    } else {
        (elapsed.0 / ELAPSED_DIVISOR).clamp(INTERVAL_MIN, INTERVAL_MAX)
    })
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that panics has failed")]
mod tests {
    use super::*;

    /// The times of the polls in the first `within` milliseconds; the first poll is at 0.
    fn polls(transition: Transition, within: u64) -> Vec<u64> {
        let mut polls = vec![0];
        loop {
            let last = *polls.last().unwrap();
            let next = last + poll_interval(transition, Millis(last), 0).0;
            if next > within {
                return polls;
            }
            polls.push(next);
        }
    }

    #[test]
    fn a_transition_is_polled_rarely_before_its_shortest_recorded_duration() {
        assert_eq!(polls(Transition::Attach, 1_900), [0, 250, 750, 1_600, 1_700, 1_800, 1_900]);
        assert_eq!(polls(Transition::Detach, 5_300), [0, 250, 750, 2_250, 4_250, 5_000, 5_250]);
    }

    #[test]
    fn a_poll_is_at_most_a_twentieth_late() {
        for pair in polls(Transition::Attach, 43_000).windows(2).filter(|pair| pair[0] >= 2_000) {
            assert!(pair[1] - pair[0] <= pair[0] / 20, "{pair:?}");
        }
    }

    #[test]
    fn a_transition_in_a_queue_is_polled_later() {
        assert_eq!(poll_interval(Transition::Attach, Millis(1_600), 3), Millis(2_000));
        assert_eq!(poll_interval(Transition::Attach, Millis(1_600), 0), Millis(100));
    }

    #[test]
    fn no_interval_is_longer_than_two_seconds() {
        assert_eq!(poll_interval(Transition::Unknown, Millis(u64::MAX), usize::MAX), Millis(2_000));
        assert_eq!(poll_interval(Transition::Attach, Millis(1_000_000), 0), Millis(2_000));
    }
}
