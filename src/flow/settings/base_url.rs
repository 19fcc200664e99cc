//! The option `baseUrl`.

use crate::error::problem::Reason;
use crate::model::parts::split;
use crate::model::to_text::text;
use crate::ops::arguments::{Reader, found};
use crate::wire::value::Value;

/// The URL of the real service.
pub const SERVICE_URL: &str = "https://api.scaleway.com";

/// Reads the base URL, without a final slash.
pub(super) fn read_base_url(reader: &mut Reader<'_>) -> String {
    let text = match reader.argument("baseUrl") {
        None => return SERVICE_URL.to_owned(),
        Some(Value::Text(text)) => without_final_slashes(text),
        Some(other) => {
            let help = text!("value must be a string; ", found(other));
            reader.refuse("baseUrl", Reason::Format, help);
            return String::new();
        }
    };
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let authority = rest.map(|rest| split(rest, b'/').next().unwrap_or_default());
    let has_location = match authority {
        // In a page, a path of the page's own origin.
        None => text.starts_with('/') && !text.starts_with("//"),
        Some(authority) => !authority.is_empty() && authority.bytes().all(|byte| byte != b'@'),
    };
    let is_plain =
        text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#' | b'\\'));
    if !has_location || !is_plain {
        // The message does not repeat the value, which may hold a password.
        let help = "value must be an http or https URL, or a path of this origin, without user, query or fragment";
        reader.refuse("baseUrl", Reason::Format, help);
    }
    text.to_owned()
}

fn without_final_slashes(mut text: &str) -> &str {
    while let Some(rest) = text.strip_suffix('/') {
        text = rest;
    }
    text
}
