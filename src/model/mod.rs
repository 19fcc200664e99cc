//! The nouns of the Flexible IP API, valid by construction.
//!
//! Nothing here knows JSON, HTTP or time's passing: a value that exists is a valid one.
//!
//! | file | noun |
//! |---|---|
//! | `id` | the UUIDs, one type for each thing they name |
//! | `zone` | the availability zone |
//! | `network` | an address or a block of addresses |
//! | `mac` | the virtual MAC address: bytes, type, status |
//! | `status` | the status of a flexible IP, and the order of a list |
//! | `text` | what a description and a reverse may be |
//! | `limits` | the service's numbers |
//! | `time` | milliseconds and points in time, handed in from outside |
//! | `flexible_ip` | the flexible IP itself |

mod words;

pub mod flexible_ip;
pub mod id;
pub mod limits;
pub mod mac;
pub mod network;
pub mod status;
pub mod text;
pub mod time;
pub mod zone;
