//! The options `secretKey` and `sessionToken`. Only the JavaScript side keeps their values.

use super::headers::{TOO_LONG, is_too_long};
use crate::error::problem::Reason;
use crate::model::to_text::text;
use crate::ops::arguments::{Reader, found_kind};
use crate::wire::value::{Unsupported, Value};

/// Checks a credential: a text, or for `secretKey` also a function that returns one. Returns whether
/// the option is set.
pub(super) fn check_credential(reader: &mut Reader<'_>, name: &'static str) -> bool {
    match reader.argument(name) {
        None => return false,
        Some(value) if is_too_long(value) => reader.refuse(name, Reason::Constraint, TOO_LONG),
        Some(Value::Text(text)) if is_credential(text) => {}
        Some(Value::Unsupported(Unsupported::Kind(kind)))
            if kind == "function" && name == "secretKey" => {}
        // The message does not repeat the value, which may be a key with a stray newline.
        Some(Value::Text(_)) => {
            reader.refuse(
                name,
                Reason::Format,
                "value must be visible ASCII characters without spaces",
            );
        }
        Some(other) => {
            let help = text!("value must be a string; ", found_kind(other));
            reader.refuse(name, Reason::Format, help);
        }
    }
    true
}

/// Whether a text can be a credential: visible ASCII only, since it becomes a header as it is.
pub fn is_credential(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}
