//! Reports: plain objects from which the facade makes errors (`js/errors/report.ts`).

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use super::edge::Completion;
use super::events::id_texts;
use super::plain::{error_report, put, put_number, put_text};
use crate::error::{Error, Failure, WaitFailureReason};
use crate::flow::{BodyRef, CallFailure, MoveState, Resume, Tag};

/// The report of a failure, without a completion.
pub(super) fn failure(failure: &Failure, base_url: &str) -> Object {
    let object = error_report(&failure.error, &failure.to_string());
    put_context(&object, failure, base_url);
    object
}

/// The report of a machine's failure. `last` is the completion of the exchange that it is about,
/// `exchange` finds that of another request, and `body` the body of a flexible IP.
pub(super) fn flow_failure(
    failed: &CallFailure,
    base_url: &str,
    last: Option<&Completion>,
    exchange: &dyn Fn(Tag) -> Option<Completion>,
    body: &dyn Fn(BodyRef) -> JsValue,
) -> Object {
    let CallFailure { failure: what, last: last_body, moves, resume, read, .. } = failed;
    let report = failure(what, base_url);
    match &what.error {
        Error::Ambiguous(inner) => {
            put(&report, "inner", &inner_report(inner, what, base_url, last))
        }
        Error::WaitFailure(waited) => {
            put_text(&report, "fipId", &waited.id.to_string());
            if let Some(cause) = &failed.cause {
                let inner = failure(cause, base_url);
                put_completion(&inner, last);
                put(&report, "inner", &inner);
            }
            if let Some(body_ref) = last_body {
                put(&report, "last", &body(*body_ref));
            }
        }
        Error::IncompleteList(list) => {
            put_number(&report, "totalCount", list.total.into());
            let bodies: Array = read.iter().map(|body_ref| body(*body_ref)).collect();
            put(&report, "read", &bodies);
        }
        // The driver adds the reason of an abort.
        Error::Incomplete(_) if what.error.code() == "aborted" => {}
        Error::Incomplete(_) => {
            let first = moves.iter().find_map(|state| Some((state.failure.as_ref()?, state)));
            if let Some((cause, state)) = first {
                put(&report, "inner", &step_report(cause, state, base_url, exchange));
            }
        }
        // The last response is not about what is wrong with the arguments.
        Error::InvalidArguments(_) => {}
        _ => put_completion(&report, last),
    }
    if !moves.is_empty() || matches!(what.error, Error::Incomplete(_)) {
        let moves: Array = moves
            .iter()
            .map(|one| JsValue::from(move_state(one, base_url, exchange, body)))
            .collect();
        put(&report, "moves", &moves);
    }
    if let Some(resume) = resume {
        put(&report, "resume", &resume_request(resume));
    }
    report
}

/// The request that continues a move.
fn resume_request(resume: &Resume) -> Object {
    let request = Object::new();
    put_text(&request, "zone", resume.zone.as_str());
    put(&request, "fipsIds", &id_texts(&resume.ids));
    put_text(&request, "serverId", &resume.server.to_string());
    if resume.is_direct {
        put_text(&request, "strategy", "direct");
    }
    request
}

/// The state of one flexible IP of a move.
fn move_state(
    state: &MoveState,
    base_url: &str,
    exchange: &dyn Fn(Tag) -> Option<Completion>,
    body: &dyn Fn(BodyRef) -> JsValue,
) -> Object {
    let object = Object::new();
    put_text(&object, "fipId", &state.id.to_string());
    put(&object, "arrived", &JsValue::from_bool(state.arrived));
    put(&object, "returned", &JsValue::from_bool(state.returned));
    if let Some(body_ref) = state.last {
        put(&object, "last", &body(body_ref));
    }
    if let Some(cause) = &state.failure {
        put(&object, "error", &step_report(cause, state, base_url, exchange));
    }
    object
}

/// The report of why a flexible IP of a move did not arrive.
fn step_report(
    cause: &Failure,
    state: &MoveState,
    base_url: &str,
    exchange: &dyn Fn(Tag) -> Option<Completion>,
) -> Object {
    let report = failure(cause, base_url);
    let completion = state.exchange.and_then(exchange);
    if let Some(poll) = &state.cause {
        let inner = failure(poll, base_url);
        put_completion(&inner, completion.as_ref());
        put(&report, "inner", &inner);
    }
    let inner = match &cause.error {
        Error::WaitFailure(waited) => {
            put_text(&report, "fipId", &waited.id.to_string());
            match &waited.reason {
                WaitFailureReason::Gone(inner) => Some(inner),
                _ => None,
            }
        }
        Error::Ambiguous(inner) => Some(inner),
        _ => {
            put_completion(&report, completion.as_ref());
            None
        }
    };
    if let Some(inner) = inner {
        put(&report, "inner", &inner_report(inner, cause, base_url, completion.as_ref()));
    }
    report
}

/// The report of an error that caused another.
fn inner_report(
    error: &Error,
    what: &Failure,
    base_url: &str,
    completion: Option<&Completion>,
) -> Object {
    let inner = Failure { error: error.clone(), ..what.clone() };
    let report = failure(&inner, base_url);
    put_completion(&report, completion);
    report
}

/// Adds the operation, the attempts and the request.
fn put_context(object: &Object, failure: &Failure, base_url: &str) {
    put_text(object, "operation", failure.operation);
    put_number(object, "attempts", failure.attempts.into());
    if let Some((method, target)) = failure.sent_request() {
        put_text(object, "method", method);
        put_text(object, "url", &[base_url, target].concat());
    }
}

/// Adds the response, or what broke the exchange.
fn put_completion(object: &Object, completion: Option<&Completion>) {
    let Some(completion) = completion else { return };
    if completion.status() > 0 {
        put_number(object, "status", completion.status().into());
        put(object, "body", &completion.body());
        if let Some(id) = completion.request_id() {
            put_text(object, "requestId", &id);
        }
    } else if !completion.cause().is_undefined() {
        put(object, "cause", &completion.cause());
    }
}
