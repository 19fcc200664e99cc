//! What can be done with the emulator besides sending it requests.
//!
//! | file | contents |
//! |---|---|
//! | `operations` | the methods: servers, statuses, faults, journal, snapshots |
//! | `server` | a server as `servers()` returns it |
//! | `faults` | rules for failures on order |
//! | `injection` | what is done when a fault is injected |
//! | `journal` | the requests that the emulator received, without secrets |
//! | `redaction` | takes secrets out of texts |
//! | `snapshot` | the whole state as JSON, and back |

pub(in crate::emulator) mod faults;
mod injection;
pub(in crate::emulator) mod journal;
pub(in crate::emulator) mod operations;
pub(in crate::emulator) mod redaction;
pub(in crate::emulator) mod server;
pub(in crate::emulator) mod snapshot;
