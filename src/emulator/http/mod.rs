//! The HTTP side of the emulator: what comes in, what goes out, and what is refused before the service
//! does any work.
//!
//! | file | contents |
//! |---|---|
//! | `exchange` | requests and responses as plain data |
//! | `check` | the checks of token, zone, id and body |
//! | `refusal` | every error body of the API |
//! | `render` | bodies and headers of responses |
//! | `plain` | plain requests and their responses as the bytes of HTTP/1.1 |

pub(in crate::emulator) mod check;
pub(in crate::emulator) mod exchange;
pub(in crate::emulator) mod plain;
pub(in crate::emulator) mod refusal;
pub(in crate::emulator) mod render;
