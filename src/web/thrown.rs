//! What `fetch` threw. It may be any value, and reading it may throw, so only a text of it is kept.

use js_sys::{Array, JsString, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = String, catch)]
    fn string_of(value: &JsValue) -> Result<JsString, JsValue>;
}

/// How deep causes of causes are read, and how many errors of a list.
const DEPTH_MAX: u32 = 5;
const ERRORS_MAX: u32 = 10;

/// The codes that say that no request was sent.
const UNSENT: [&str; 6] = [
    "ECONNREFUSED",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ENETUNREACH",
    "UND_ERR_CONNECT_TIMEOUT",
    "ERR_INVALID_URL",
];

/// The message of what was thrown, with the message or the code of its cause.
pub(super) fn message_of(thrown: &JsValue) -> String {
    let cause = field(thrown, "cause");
    let because = cause.as_ref().and_then(|cause| text(cause, "message").or(text(cause, "code")));
    match because {
        Some(because) => [&text_of(thrown), ": ", &because].concat(),
        None => text_of(thrown),
    }
}

/// Whether an error says that no request was sent. Of several errors, one for each address, all must say so.
pub(super) fn is_unsent(thrown: &JsValue) -> bool {
    is_unsent_to(thrown, DEPTH_MAX)
}

fn is_unsent_to(thrown: &JsValue, depth: u32) -> bool {
    let Some(below) = depth.checked_sub(1) else { return false };
    let errors = field(thrown, "errors").and_then(|errors| errors.dyn_into::<Array>().ok());
    if let Some(errors) = errors.filter(|errors| errors.length() > 0) {
        let mut read = (0..errors.length().min(ERRORS_MAX)).map(|index| errors.get(index));
        return read.all(|error| is_unsent_to(&error, below));
    }
    match (text(thrown, "code"), field(thrown, "cause")) {
        (Some(code), _) => UNSENT.contains(&code.as_str()),
        (None, Some(cause)) => is_unsent_to(&cause, below),
        (None, None) => false,
    }
}

fn text_of(thrown: &JsValue) -> String {
    let written = || string_of(thrown).ok().map(String::from);
    let none = || "something that has no text".to_owned();
    text(thrown, "message").or_else(written).unwrap_or_else(none)
}

/// A text that is not empty.
fn text(value: &JsValue, name: &str) -> Option<String> {
    field(value, name)?.as_string().filter(|text| !text.is_empty())
}

/// A field of anything; none where there is none or where reading it throws.
fn field(value: &JsValue, name: &str) -> Option<JsValue> {
    let read = Reflect::get(value, &name.into()).ok()?;
    (!read.is_undefined()).then_some(read)
}
