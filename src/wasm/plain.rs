//! Plain JavaScript objects, written and read field by field.

use js_sys::{Array, Object, Reflect};
use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::types;
use crate::error::Error;
use crate::error::problem::Problem;

/// Sets a field. For a plain object, this does not throw.
pub(super) fn put(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// Sets a field to a text.
pub(super) fn put_text(object: &Object, name: &str, text: &str) {
    put(object, name, &JsValue::from_str(text));
}

/// Sets a field to a number.
pub(super) fn put_number(object: &Object, name: &str, number: f64) {
    put(object, name, &JsValue::from_f64(number));
}

/// Gets a field; `undefined` if there is none, or if reading it throws.
pub(super) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}

/// Gets an item of a list; `undefined` if there is none.
pub(super) fn item(list: &JsValue, index: usize) -> JsValue {
    u32::try_from(index)
        .ok()
        .and_then(|index| Reflect::get_u32(list, index).ok())
        .unwrap_or_default()
}

/// Makes a problem as [`types::Problem`] declares it.
pub(super) fn problem(problem: &Problem) -> Ts<types::Problem> {
    let object = Object::new();
    put_text(&object, "field", &problem.field);
    put_text(&object, "argumentName", &problem.argument_name());
    put_text(&object, "reason", problem.reason.word());
    put_text(&object, "helpMessage", &problem.help);
    put_text(&object, "severity", problem.severity.word());
    Ts::new_unchecked(object.into())
}

/// Makes a list of problems.
pub(super) fn problems(problems: &[Problem]) -> Vec<Ts<types::Problem>> {
    problems.iter().map(problem).collect()
}

/// Makes the report of an error, without its call and request.
pub(super) fn error_report(error: &Error, message: &str) -> Object {
    let object = Object::new();
    put_text(&object, "code", error.code());
    put_text(&object, "message", message);
    put(&object, "retryable", &JsValue::from_bool(error.is_retryable()));
    if let Error::InvalidArguments(list) | Error::Configuration(list) = error {
        let list: Array = list.iter().map(|one| JsValue::from(problem(one))).collect();
        put(&object, "problems", &list);
    }
    object
}
