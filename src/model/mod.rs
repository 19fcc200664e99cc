//! The nouns of the Flexible IP API, valid by construction.
//!
//! A value that exists is valid. This room knows neither JSON nor HTTP, and reads no clock.
//!
//! | file | what it holds |
//! |---|---|
//! | `id` | the ids, a type for each kind of resource |
//! | `zone` | the availability zone |
//! | `network` | an address or a block of addresses |
//! | `mac` | the virtual MAC address: bytes, type, status |
//! | `status` | the status of a flexible IP, and the order of a list |
//! | `text` | the rules for a description and a reverse |
//! | `gather` | collects items |
//! | `parts` | parts of a text |
//! | `to_text` | texts made of parts |
//! | `limits` | the limits of the service |
//! | `time` | durations and points in time |
//! | `flexible_ip` | the flexible IP |
//! | `words` | the macro for enumerations that the API writes as words |

mod words;

pub mod flexible_ip;
pub mod gather;
pub mod id;
pub mod limits;
pub mod mac;
pub mod network;
pub mod parts;
pub mod status;
pub mod text;
pub mod time;
pub mod to_text;
pub mod zone;
