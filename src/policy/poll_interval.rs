//! When to look again at something that takes its time.
//!
//! How long the service took was measured on recorded sessions: an attach 1.6 s at least and 2.9 s
//! in the median, one after another on one server; a detach about 5 s; a MAC address 0.85 s at
//! least. Before the earliest end that was ever seen a few looks are enough; after it, a look costs
//! the more the longer one waits: 5 % of the time that has passed.

use crate::model::time::Millis;

/// What is waited for, by the shortest time that it was seen to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// Nobody knows what is going on.
    Unknown,
    /// A virtual MAC address is being written.
    Mac,
    /// An attach.
    Attach,
    /// A detach.
    Detach,
}

impl Transition {
    const fn earliest(self) -> u64 {
        match self {
            Self::Unknown => 0,
            Self::Mac => 850,
            Self::Attach => 1_600,
            Self::Detach => 5_000,
        }
    }
}

const SHORTEST: u64 = 100;
const FIRST: u64 = 250;
const LONGEST: u64 = 2_000;
/// The share of the time that has passed: one twentieth.
const SHARE: u64 = 20;

/// How long to wait until the next look. `elapsed` is since it began; `ahead` is how many others
/// the same server has to take first.
pub fn pause(pace: Transition, elapsed: Millis, ahead: usize) -> Millis {
    let turns = u64::try_from(ahead).unwrap_or(u64::MAX).saturating_add(1);
    let earliest = pace.earliest().saturating_mul(turns);
    let rest = earliest.saturating_sub(elapsed.0);
    Millis(if rest > 0 {
        // The service may have become faster: the looks grow apart, and the last of them comes just
        // when the first end was ever seen.
        let next = elapsed.0.saturating_mul(2).clamp(FIRST, LONGEST);
        if rest < next.saturating_add(SHORTEST) { rest } else { next }
    } else {
        (elapsed.0 / SHARE).clamp(SHORTEST, LONGEST)
    })
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that panics has failed")]
mod tests {
    use super::*;

    /// The moments of the looks within so many milliseconds, the first at once.
    fn polls(pace: Transition, within: u64) -> Vec<u64> {
        let mut polls = vec![0];
        loop {
            let last = *polls.last().unwrap();
            let next = last + pause(pace, Millis(last), 0).0;
            if next > within {
                return polls;
            }
            polls.push(next);
        }
    }

    #[test]
    fn an_attach_is_looked_at_rarely_before_the_earliest_end_that_was_seen() {
        assert_eq!(polls(Transition::Attach, 1_900), [0, 250, 750, 1_600, 1_700, 1_800, 1_900]);
        assert_eq!(polls(Transition::Detach, 5_300), [0, 250, 750, 2_250, 4_250, 5_000, 5_250]);
    }

    #[test]
    fn a_look_is_late_by_a_twentieth_at_the_most() {
        for pair in polls(Transition::Attach, 43_000).windows(2).filter(|pair| pair[0] >= 2_000) {
            assert!(pair[1] - pair[0] <= pair[0] / 20, "{pair:?}");
        }
    }

    #[test]
    fn whoever_waits_in_a_queue_is_looked_at_later() {
        assert_eq!(pause(Transition::Attach, Millis(1_600), 3), Millis(2_000));
        assert_eq!(pause(Transition::Attach, Millis(1_600), 0), Millis(100));
    }

    #[test]
    fn no_wait_is_longer_than_two_seconds() {
        assert_eq!(pause(Transition::Unknown, Millis(u64::MAX), usize::MAX), Millis(2_000));
        assert_eq!(pause(Transition::Attach, Millis(1_000_000), 0), Millis(2_000));
    }
}
