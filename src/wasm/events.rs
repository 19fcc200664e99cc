//! What is told to whoever watches, as plain objects. `js/events.ts` declares their shapes.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use super::edge::Edge;
use super::plain::{error_report, put, put_number, put_text};
use crate::error::Error;
use crate::flow::{Event, PlanStep, Progress, SendRequest};
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::wire::route::Operation;

/// Tells an event.
pub(super) fn tell(edge: &Edge, on_event: &JsValue, event: &Event) {
    // A watcher that throws is the facade's business.
    let _ = edge.tell(on_event, &object(event));
}

/// What the facade tells of an exchange beside what it sees itself.
pub(super) fn watched(sending: &SendRequest, on_event: &JsValue) -> JsValue {
    let watched = Object::new();
    put_text(&watched, "operation", sending.operation.name());
    put_number(&watched, "attempt", sending.attempt.into());
    put(&watched, "onEvent", on_event);
    watched.into()
}

/// An action.
pub(super) fn action(action: &PlanStep) -> Object {
    let told = Object::new();
    let word = if action.operation == Operation::DetachFlexibleIp { "detach" } else { "attach" };
    put_text(&told, "action", word);
    put(&told, "fipsIds", &ids(&action.ids));
    if let Some(server) = action.server {
        put_text(&told, "serverId", &server.to_string());
    }
    told
}

fn object(event: &Event) -> Object {
    match event {
        Event::Retry { operation, attempts, delay, error } => {
            let told = typed("retry");
            put_text(&told, "operation", operation.name());
            put_number(&told, "attempts", (*attempts).into());
            put_millis(&told, "delayMs", *delay);
            put_error(&told, error);
            told
        }
        Event::Wait { pending, first, elapsed, delay } => {
            let told = typed("wait");
            put_number(&told, "pending", *pending as f64);
            if let Some((id, status)) = first {
                put_text(&told, "fipId", &id.to_string());
                if let Some(status) = status {
                    put_text(&told, "status", status);
                }
            }
            put_millis(&told, "elapsedMs", *elapsed);
            put_millis(&told, "delayMs", *delay);
            told
        }
        Event::PollFailed { error, elapsed } => {
            let told = typed("lookFailed");
            put_millis(&told, "elapsedMs", *elapsed);
            put_error(&told, error);
            told
        }
        Event::Moving { step: moving, progress, elapsed } => {
            let told = action(moving);
            put_text(&told, "type", "step");
            let word = match progress {
                Progress::Begun => "begun",
                Progress::Done => "done",
                Progress::Failed => "failed",
            };
            put_text(&told, "progress", word);
            put_millis(&told, "elapsedMs", *elapsed);
            told
        }
    }
}

fn typed(word: &str) -> Object {
    let told = Object::new();
    put_text(&told, "type", word);
    told
}

fn put_millis(object: &Object, name: &str, millis: Millis) {
    put_number(object, name, millis.0 as f64);
}

fn put_error(object: &Object, error: &Error) {
    put(object, "error", &error_report(error, &error.to_string()));
}

fn ids(ids: &[FlexibleIpId]) -> Array {
    ids.iter().map(|id| JsValue::from_str(&id.to_string())).collect()
}
