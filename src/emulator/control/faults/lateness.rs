//! The values of the fault `late`.

use serde::{Deserialize, Serialize};

use crate::emulator::control::faults::delay::FaultDelay;
use crate::emulator::control::faults::error::FaultError;
use crate::emulator::http::exchange::{Completion, Response};

/// Work that is done after its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Late {
    /// How many milliseconds after the request the work is done, by the emulator's clock.
    pub ms: FaultDelay,
    /// What the request gets at once. Status 504 if absent.
    #[serde(default)]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub with: LateResponse,
}

/// What a request gets whose work is done later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum LateResponse {
    /// A response with this status, from 500 to 599, and no body.
    Status(u16),
    /// The connection is closed without a response.
    Drop,
    /// The connection is reset without a response.
    Reset,
}

impl Default for LateResponse {
    fn default() -> Self {
        Self::Status(504)
    }
}

impl Late {
    pub(super) fn check(&self) -> Result<(), FaultError> {
        self.ms.check()?;
        match self.with {
            LateResponse::Status(status) if !(500..=599).contains(&status) => {
                Err(FaultError::NoLateStatus(status))
            }
            _ => Ok(()),
        }
    }

    /// The response before the work.
    pub(super) fn response(&self) -> Response {
        let (status, completion) = match self.with {
            LateResponse::Status(status) => (status, Completion::Complete),
            // The status is never sent.
            LateResponse::Drop => (503, Completion::Dropped),
            LateResponse::Reset => (503, Completion::Reset),
        };
        Response { completion, ..Response::bare(status) }
    }
}
