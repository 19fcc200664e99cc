//! Reads the arguments of a request, and collects every problem instead of stopping at the first.
//!
//! | file | what it holds |
//! |---|---|
//! | `reader` | the reader: the arguments, and the problems found in them |
//! | `primitives` | its methods for UUIDs, words, strings, numbers, booleans and lists |
//! | `domain` | its methods for the API's nouns: zone, Project, flexible IPs, description, reverse, tags |
//! | `defaults` | the client's values for arguments that a request leaves out |
//! | `field` | an argument that can be absent, null, or a value |
//! | `messages` | the words for a value in an error message |
//! | `nearest` | the known name that a misspelled one is closest to |

mod defaults;
mod domain;
mod field;
mod messages;
mod nearest;
mod primitives;
mod reader;

pub use defaults::Defaults;
pub use field::Field;
pub(crate) use messages::{found, found_kind};
pub use reader::Reader;
