//! The API's dialect: how requests and answers look on the wire, for client and emulator alike.
//!
//! It is the one room that both halves share, so recordings of the real service test it.
//! Nothing here judges: whether an answer is worth another try is for `error` and `policy`.
//!
//! | file | what it writes or reads |
//! |---|---|
//! | `route` | **the operation table**: method, path, success and idempotency of the 11 operations |
//! | `http` | plain requests and answers |
//! | `path`, `query` | percent-encoding, both ways |
//! | `json` | writing JSON |
//! | `value` | reading untrusted values: JSON bodies, and what JavaScript hands over |
//! | `date` | dates in answers and headers (emulator only) |
//! | `flexible_ip` | the 13 fields of a flexible IP, written (emulator only) |
//! | `summary` | what the rules of the client need to know of one |
//! | `refusal` | error bodies |
//! | `calendar` | the dates of answers, read |
//! | `retry_after` | how long an answer asks to wait |

pub mod calendar;
#[cfg(feature = "emulator")]
pub mod date;
#[cfg(feature = "emulator")]
pub mod flexible_ip;
pub mod http;
pub mod json;
pub mod path;
pub mod query;
pub mod refusal;
pub mod retry_after;
pub mod route;
pub mod summary;
pub mod value;
