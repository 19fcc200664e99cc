//! Durations and points in time. Nothing here reads a clock.

/// A duration, or a time on the driver's clock, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millis(pub u64);

/// A point in time in nanoseconds since the Unix epoch, the precision that the service writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(u64);

const NANOS_IN_MILLI: u64 = 1_000_000;
const NANOS_IN_MICRO: u64 = 1_000;

impl Timestamp {
    /// The point in time this many nanoseconds after the epoch.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// The point in time this many milliseconds after the epoch.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(NANOS_IN_MILLI))
    }

    /// The nanoseconds since the epoch.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// The whole milliseconds since the epoch.
    pub const fn millis(self) -> u64 {
        self.0 / NANOS_IN_MILLI
    }

    /// The timestamp rounded half up to microseconds, which is how the service stores it.
    pub const fn rounded_to_micros(self) -> Self {
        let micros = self.0.saturating_add(NANOS_IN_MICRO / 2) / NANOS_IN_MICRO;
        Self(micros.saturating_mul(NANOS_IN_MICRO))
    }

    /// The point in time `span` later.
    pub const fn after(self, span: Millis) -> Self {
        Self(self.0.saturating_add(span.0.saturating_mul(NANOS_IN_MILLI)))
    }

    /// The time since `earlier` in whole milliseconds; 0 if `earlier` is later.
    pub const fn since(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0) / NANOS_IN_MILLI)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_is_rounded_half_up_to_the_microsecond() {
        // Recorded: …527908821 in the response to a write, …527909 in the next read.
        assert_eq!(Timestamp::from_nanos(1_527_908_821).rounded_to_micros().nanos(), 1_527_909_000);
        assert_eq!(Timestamp::from_nanos(1_500).rounded_to_micros().nanos(), 2_000);
        assert_eq!(Timestamp::from_nanos(1_499).rounded_to_micros().nanos(), 1_000);
    }
}
