//! How the API writes requests and responses, for client and emulator alike.
//!
//! Both halves share this room, so recordings of the real service test it. It decides nothing:
//! whether to retry after a response is up to `error` and `policy`.
//!
//! | file | what it holds |
//! |---|---|
//! | `route` | **the operation table**: method, path and success of the 11 operations |
//! | `http` | requests and response headers as plain data |
//! | `path`, `query` | percent-encoding, both ways |
//! | `json` | writes JSON |
//! | `value` | untrusted values: parsed JSON bodies, and values from JavaScript |
//! | `date` | writes the dates of bodies and headers (emulator only) |
//! | `flexible_ip` | writes the 13 fields of a flexible IP (emulator only) |
//! | `summary` | the fields of a flexible IP that the client's rules need |
//! | `refusal` | reads the bodies of refusals |
//! | `calendar` | parses the dates of responses |
//! | `retry_after` | reads how long a response asks to wait |

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
