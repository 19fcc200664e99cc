//! Plain JavaScript objects, made field by field.

use js_sys::{Array, Object, Reflect};
use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::types;
use crate::error::Error;
use crate::error::problem::Problem;

/// Sets a field of a plain object, which does not throw.
pub(super) fn put(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// Sets a text.
pub(super) fn put_text(object: &Object, name: &str, text: &str) {
    put(object, name, &JsValue::from_str(text));
}

/// Sets a number.
pub(super) fn put_number(object: &Object, name: &str, number: f64) {
    put(object, name, &JsValue::from_f64(number));
}

/// A problem, as [`types::Problem`] declares it.
pub(super) fn problem(problem: &Problem) -> Ts<types::Problem> {
    let object = Object::new();
    put_text(&object, "field", &problem.field);
    put_text(&object, "argumentName", &problem.argument_name());
    put_text(&object, "reason", problem.reason.word());
    put_text(&object, "helpMessage", &problem.help);
    put_text(&object, "severity", problem.severity.word());
    Ts::new_unchecked(object.into())
}

/// Problems, one after another.
pub(super) fn problems(problems: &[Problem]) -> Vec<Ts<types::Problem>> {
    problems.iter().map(problem).collect()
}

/// The report of an error, without where it happened.
pub(super) fn error_report(error: &Error, message: &str) -> Object {
    let object = Object::new();
    put_text(&object, "code", error.code());
    put_text(&object, "message", message);
    put(&object, "retryable", &JsValue::from_bool(error.is_retryable()));
    if let Error::InvalidArguments(found) | Error::Configuration(found) = error {
        let found: Array = found.iter().map(|found| JsValue::from(problem(found))).collect();
        put(&object, "problems", &found);
    }
    object
}
