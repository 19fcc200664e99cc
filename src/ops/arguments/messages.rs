//! The words for a value in an error message.

use crate::model::parts::start_of;
use crate::model::to_text::text;
use crate::wire::value::{Unsupported, Value};

/// Describes a value of the wrong kind: `found null`, `found the string "x"`.
pub(crate) fn found(value: &Value) -> String {
    match value {
        Value::Unsupported(Unsupported::Threw(thrown)) => {
            text!("reading it threw ", quoted(thrown))
        }
        Value::Unsupported(Unsupported::LoneSurrogate) => {
            "found a string that is not valid Unicode".to_owned()
        }
        Value::Unsupported(Unsupported::TooLong(units)) => {
            text!("found a string of ", units, " UTF-16 units")
        }
        Value::Unsupported(Unsupported::TooMany(items)) => text!("found ", items, " items"),
        Value::Text(text) => text!("found the string ", quoted(text)),
        Value::Null => "found null".to_owned(),
        Value::Unsupported(Unsupported::Kind(name)) if name == "Promise" => {
            "found a Promise: await it first".to_owned()
        }
        Value::Unsupported(Unsupported::Kind(name)) if is_class(name) => {
            let article = if matches!(name.as_bytes(), [b'A' | b'E' | b'I' | b'O', ..]) {
                "an "
            } else {
                "a "
            };
            text!("found ", article, shortened(name))
        }
        other => text!("found a value of type ", other.kind()),
    }
}

/// Whether a kind is the name of a class, and not a result of `typeof`.
fn is_class(kind: &str) -> bool {
    kind.as_bytes().first().is_some_and(u8::is_ascii_uppercase)
}

/// The same without the value's text, which may be a secret.
pub(crate) fn found_kind(value: &Value) -> String {
    match value {
        Value::Text(_) | Value::Unsupported(Unsupported::Threw(_)) => {
            text!("found a value of type ", value.kind())
        }
        other => found(other),
    }
}

/// A number for a message. A fraction is not written out: the formatting of floats would make the
/// WebAssembly module larger.
pub(super) fn whole(number: f64) -> String {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= LARGEST {
        text!(if number < 0.0 { "-" } else { "" }, number.abs() as u64)
    } else {
        "a number that is not whole".to_owned()
    }
}

/// A string in quotes, shortened to 60 characters.
pub(super) fn quoted(text: &str) -> String {
    text!("\"", shortened(text), "\"")
}

/// The first 60 characters of a string, with an ellipsis if there are more.
pub(super) fn shortened(text: &str) -> String {
    const SHOWN: usize = 60;
    let shown = start_of(text, SHOWN);
    text!(shown, if shown.len() < text.len() { "…" } else { "" })
}
