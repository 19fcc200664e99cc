//! The options `headers` and `userAgentSuffix`.

use crate::error::problem::Reason;
use crate::model::parts::start_of;
use crate::model::to_text::text;
use crate::ops::arguments::{Reader, found, found_kind};
use crate::wire::value::Value;

/// The headers that the client sets from its own options.
const RESERVED_HEADERS: [&str; 4] =
    ["x-auth-token", "x-session-token", "content-type", "user-agent"];

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
        match value {
            _ if !is_header_name(name) => {
                reader.refuse(field, Reason::Format, "name must be that of an HTTP header");
            }
            _ if RESERVED_HEADERS.contains(&name.to_ascii_lowercase().as_str()) => {
                reader.refuse(
                    field,
                    Reason::Constraint,
                    "the client sets this header from its own options",
                );
            }
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

fn is_header_name(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}

fn is_header_value(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'))
}
