//! The reports that the facade makes errors of.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use super::edge::Completion;
use super::plain::{error_report, put, put_number, put_text};
use crate::error::{Error, Failure, WaitFailureReason};
use crate::flow::{BodyRef, CallFailure, MoveState};

/// The report of a failure before anything was sent.
pub(super) fn failure(failure: &Failure, base_url: &str) -> Object {
    let object = error_report(&failure.error, &failure.to_string());
    put_context(&object, failure, base_url);
    object
}

/// The report of a machine's failure. `last` is the ending that led to it, `lost` the one that left a
/// doubt, `body` finds the body of a flexible IP.
pub(super) fn failed(
    failed: &CallFailure,
    base_url: &str,
    last: Option<&Completion>,
    lost: Option<&Completion>,
    body: &dyn Fn(BodyRef) -> JsValue,
) -> Object {
    let CallFailure { failure: what, last: seen, moves } = failed;
    let report = failure(what, base_url);
    match &what.error {
        Error::Ambiguous(inner) => {
            put(&report, "inner", &inner_report(inner, what, base_url, lost))
        }
        Error::WaitFailure(waited) => {
            put_text(&report, "fipId", &waited.id.to_string());
            if let WaitFailureReason::Gone(inner) = &waited.why {
                put(&report, "inner", &inner_report(inner, what, base_url, last));
            }
            if let Some(place) = seen {
                put(&report, "last", &body(*place));
            }
        }
        Error::Incomplete(_) => {}
        _ => put_ending(&report, last),
    }
    if !moves.is_empty() {
        let moves: Array =
            moves.iter().map(|one| JsValue::from(moved(one, what, base_url, body))).collect();
        put(&report, "moves", &moves);
    }
    report
}

fn moved(
    moved: &MoveState,
    what: &Failure,
    base_url: &str,
    body: &dyn Fn(BodyRef) -> JsValue,
) -> Object {
    let told = Object::new();
    put_text(&told, "fipId", &moved.id.to_string());
    put(&told, "arrived", &JsValue::from_bool(moved.arrived));
    if let Some(place) = moved.last {
        put(&told, "last", &body(place));
    }
    if let Some(error) = &moved.error {
        put(&told, "error", &inner_report(error, what, base_url, None));
    }
    told
}

/// The report of an error that led to another.
fn inner_report(
    error: &Error,
    what: &Failure,
    base_url: &str,
    ending: Option<&Completion>,
) -> Object {
    let inner = Failure { error: error.clone(), ..what.clone() };
    let report = failure(&inner, base_url);
    put_ending(&report, ending);
    report
}

fn put_context(object: &Object, failure: &Failure, base_url: &str) {
    put_text(object, "operation", failure.operation);
    put_number(object, "attempts", failure.attempts.into());
    if let Some((method, target)) = &failure.request {
        put_text(object, "method", method);
        put_text(object, "url", &[base_url, target].concat());
    }
}

/// What the answer said, or what broke the exchange.
fn put_ending(object: &Object, ending: Option<&Completion>) {
    let Some(ending) = ending else { return };
    if ending.status() > 0 {
        put_number(object, "status", ending.status().into());
        put(object, "body", &ending.body());
        if let Some(id) = ending.request_id() {
            put_text(object, "requestId", &id);
        }
    } else if !ending.cause().is_undefined() {
        put(object, "cause", &ending.cause());
    }
}
