//! A delay in a fault.

use serde::{Deserialize, Serialize};

use crate::emulator::control::faults::error::FaultError;
use crate::emulator::settings::timing::MAX_DELAY;

/// A number of milliseconds, or a range to draw it from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a delay is a number of milliseconds, or {min, max} of them")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum FaultDelay {
    /// Always the same.
    Fixed(u64),
    /// Drawn for each injection, with the seed.
    Jitter {
        /// The shortest.
        min: u64,
        /// The longest.
        max: u64,
    },
}

/// Checks that a timer can wait so many milliseconds.
pub(super) const fn check_millis(millis: u64) -> Result<(), FaultError> {
    if millis > MAX_DELAY { Err(FaultError::LongDelay(millis)) } else { Ok(()) }
}

impl FaultDelay {
    /// The milliseconds. The injector draws a range to a number.
    pub(in crate::emulator) const fn millis(self) -> u64 {
        match self {
            Self::Fixed(millis) | Self::Jitter { min: millis, .. } => millis,
        }
    }

    pub(super) const fn check(self) -> Result<(), FaultError> {
        match self {
            Self::Jitter { min, max } if max < min => Err(FaultError::NoSpan(min, max)),
            Self::Fixed(longest) | Self::Jitter { max: longest, .. } => check_millis(longest),
        }
    }
}
