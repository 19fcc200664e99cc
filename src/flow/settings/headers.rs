//! The options `headers` and `userAgentSuffix`.

use crate::error::problem::Reason;
use crate::model::parts::start_of;
use crate::model::to_text::text;
use crate::ops::arguments::{Reader, found, found_kind};
use crate::wire::value::{Unsupported, Value};

/// The headers that the client sets from its own options.
const RESERVED_HEADERS: [&str; 4] =
    ["x-auth-token", "x-session-token", "content-type", "user-agent"];

/// The headers of the connection: the platform sets them, and its `fetch` fails before it sends a request
/// that has one of them.
const CONNECTION_HEADERS: [&str; 5] =
    ["content-length", "expect", "keep-alive", "transfer-encoding", "upgrade"];

/// How many characters of a header's name a message repeats.
const SHOWN_NAME_MAX: usize = 60;

pub(super) fn read_headers(reader: &mut Reader<'_>) -> Vec<(String, String)> {
    let fields = match reader.argument("headers") {
        None => return Vec::new(),
        Some(Value::Object(fields)) => fields,
        Some(other) => {
            let help =
                text!("value must be an object of strings, or a Headers; ", found_kind(other));
            reader.refuse("headers", Reason::Format, help);
            return Vec::new();
        }
    };
    let mut headers = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        let field = text!("headers.", start_of(name, SHOWN_NAME_MAX));
        let lower = name.to_ascii_lowercase();
        let is_among = |names: &[&str]| names.contains(&lower.as_str());
        match value {
            _ if !is_header_name(name) => {
                reader.refuse(field, Reason::Format, "name must be that of an HTTP header");
            }
            _ if is_among(&RESERVED_HEADERS) => {
                reader.refuse(
                    field,
                    Reason::Constraint,
                    "the client sets this header from its own options",
                );
            }
            _ if is_among(&CONNECTION_HEADERS) => {
                reader.refuse(
                    field,
                    Reason::Constraint,
                    "the platform sets this header of the connection",
                );
            }
            _ if is_too_long(value) => reader.refuse(field, Reason::Constraint, TOO_LONG),
            Value::Text(value) if is_header_value(value) => {
                headers.push((name.clone(), value.clone()))
            }
            // The message does not repeat the value, which may be a secret.
            _ => reader.refuse(
                field,
                Reason::Format,
                "value must be a string of visible ASCII characters",
            ),
        }
    }
    headers
}

/// Reads what follows the library's name in the `User-Agent` header.
pub(super) fn read_user_agent_suffix(reader: &mut Reader<'_>) -> String {
    match reader.argument("userAgentSuffix") {
        Some(Value::Text(text)) if is_header_value(text) => text.clone(),
        None => String::new(),
        Some(other) => {
            let help = text!("value must be a string of visible ASCII characters; ", found(other));
            reader.refuse("userAgentSuffix", Reason::Format, help);
            String::new()
        }
    }
}

/// The longest value of a header, which is what most servers read of all headers together.
const VALUE_MAX: usize = 16_384;

/// The help for a value that is too long.
pub(super) const TOO_LONG: &str = "value must have at most 16384 characters";

/// Whether a text is longer than a header may be.
pub(super) fn is_too_long(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.len() > VALUE_MAX,
        Value::Unsupported(Unsupported::TooLong(_)) => true,
        _ => false,
    }
}

fn is_header_name(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}

fn is_header_value(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'))
}
