//! Events as plain objects. `js/transport/events.ts` declares their types.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use super::edge::Edge;
use super::plain::{error_report, put, put_number, put_text};
use crate::error::Error;
use crate::flow::{Event, PlanStep, Progress, SendRequest};
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::wire::route::Operation;

/// Emits an event.
pub(super) fn emit(edge: &Edge, on_event: &JsValue, event: &Event) {
    // The facade's `emit` catches what a listener throws.
    let _ = edge.emit(on_event, &event_of(event));
}

/// What the facade's events of an exchange need from the core: `ExchangeContext` in `js/transport/emit.ts`.
pub(super) fn exchange_context(send: &SendRequest, on_event: &JsValue) -> JsValue {
    let context = Object::new();
    put_text(&context, "operation", send.name);
    put_number(&context, "attempt", send.attempt.into());
    put(&context, "onEvent", on_event);
    context.into()
}

/// A step of a plan, as `MoveStep` declares it.
pub(super) fn plan_step(step: &PlanStep) -> Object {
    let object = Object::new();
    let word = if step.operation == Operation::DetachFlexibleIp { "detach" } else { "attach" };
    put_text(&object, "action", word);
    put(&object, "fipsIds", &id_texts(&step.ids));
    if let Some(server) = step.server {
        put_text(&object, "serverId", &server.to_string());
    }
    object
}

fn event_of(event: &Event) -> Object {
    match event {
        Event::Retry { operation, attempts, delay, error } => {
            let object = event_object("retry");
            put_text(&object, "operation", operation.name());
            put_number(&object, "attempts", (*attempts).into());
            put_millis(&object, "delayMs", *delay);
            put_error(&object, error);
            object
        }
        Event::Wait { pending, first, elapsed, delay } => {
            let object = event_object("wait");
            put_number(&object, "pending", *pending as f64);
            if let Some((id, status)) = first {
                put_text(&object, "fipId", &id.to_string());
                if let Some(status) = status {
                    put_text(&object, "status", status);
                }
            }
            put_millis(&object, "elapsedMs", *elapsed);
            put_millis(&object, "delayMs", *delay);
            object
        }
        Event::PollFailed { error, elapsed } => {
            let object = event_object("pollFailed");
            put_millis(&object, "elapsedMs", *elapsed);
            put_error(&object, error);
            object
        }
        Event::Moving { step: moving, progress, elapsed } => {
            let object = plan_step(moving);
            put_text(&object, "type", "step");
            let word = match progress {
                Progress::Begun => "begun",
                Progress::Done => "done",
                Progress::Failed => "failed",
            };
            put_text(&object, "progress", word);
            put_millis(&object, "elapsedMs", *elapsed);
            object
        }
    }
}

fn event_object(word: &str) -> Object {
    let object = Object::new();
    put_text(&object, "type", word);
    object
}

fn put_millis(object: &Object, name: &str, millis: Millis) {
    put_number(object, name, millis.0 as f64);
}

fn put_error(object: &Object, error: &Error) {
    put(object, "error", &error_report(error, &error.to_string()));
}

pub(super) fn id_texts(ids: &[FlexibleIpId]) -> Array {
    ids.iter().map(|id| JsValue::from_str(&id.to_string())).collect()
}
