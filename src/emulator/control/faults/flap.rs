//! The values of the fault `flap`, and how long a flap lasts.

use serde::{Deserialize, Serialize};

use crate::emulator::control::faults::delay::check_millis;
use crate::emulator::control::faults::error::FaultError;
use crate::model::time::{Millis, Timestamp};

/// How long permissions are refused: for a time, or for a number of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Flap {
    /// For this many milliseconds from the first refusal, by the emulator's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub for_ms: Option<u64>,
    /// For this many matching requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub calls: Option<u32>,
}

/// The rest of a flap that has begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FlapRest {
    until: Timestamp,
    calls: u32,
}

impl FlapRest {
    /// Whether no flap was ever begun by calls, and none is under way.
    pub(super) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether this can be what is left at `at` of a flap.
    pub(super) fn is_rest_of(&self, flap: Flap, at: Timestamp) -> bool {
        match flap.calls {
            Some(calls) => self.calls < calls && self.until == Timestamp::default(),
            None => {
                let longest = Millis(flap.for_ms.unwrap_or_default());
                self.calls == 0 && self.until <= at.after(longest)
            }
        }
    }

    /// Whether the flap refuses one more call. Counts it.
    pub(super) const fn takes_call(&mut self, now: Timestamp) -> bool {
        let is_under_way = self.calls > 0 || now.nanos() < self.until.nanos();
        self.calls = self.calls.saturating_sub(1);
        is_under_way
    }

    /// Begins a flap with a first call.
    pub(super) fn begin(&mut self, flap: Flap, now: Timestamp) {
        self.until =
            flap.for_ms.map_or_else(Timestamp::default, |length| now.after(Millis(length)));
        self.calls = flap.calls.unwrap_or_default().saturating_sub(1);
    }
}

impl Flap {
    pub(super) fn check(&self) -> Result<(), FaultError> {
        match (self.for_ms, self.calls) {
            (Some(millis @ 1..), None) => check_millis(millis),
            (None, Some(1..)) => Ok(()),
            _ => Err(FaultError::NoFlap),
        }
    }
}
