//! Events as JSON. `js/transport/events.ts` declares their types.

use super::reports::error_report;
use crate::error::Error;
use crate::flow::{Event, PlanStep, Progress};
use crate::model::to_text::ToText;
use crate::ops::detach::id_texts;
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;

/// Writes an event.
pub(super) fn event_json(event: &Event) -> String {
    let mut object = ObjectWriter::default();
    match event {
        Event::Retry { operation, attempts, delay, error } => {
            object.text("type", "retry");
            object.text("operation", operation.name());
            object.number("attempts", (*attempts).into());
            object.number("delayMs", delay.0);
            write_error(&mut object, error);
        }
        Event::Wait { pending, first, elapsed, delay } => {
            object.text("type", "wait");
            object.number("pending", *pending as u64);
            if let Some((id, status)) = first {
                object.text("fipId", &id.to_text());
                if let Some(status) = status {
                    object.text("status", status);
                }
            }
            object.number("elapsedMs", elapsed.0);
            object.number("delayMs", delay.0);
        }
        Event::PollFailed { error, elapsed } => {
            object.text("type", "pollFailed");
            object.number("elapsedMs", elapsed.0);
            write_error(&mut object, error);
        }
        Event::Moving { step, progress, elapsed } => {
            write_step(&mut object, step);
            object.text("type", "step");
            object.text(
                "progress",
                match progress {
                    Progress::Begun => "begun",
                    Progress::Done => "done",
                    Progress::Failed => "failed",
                },
            );
            object.number("elapsedMs", elapsed.0);
        }
    }
    object.finish()
}

/// Writes a step of a plan, as `MoveStep` declares it.
pub(super) fn step_json(step: &PlanStep) -> String {
    let mut object = ObjectWriter::default();
    write_step(&mut object, step);
    object.finish()
}

fn write_step(object: &mut ObjectWriter, step: &PlanStep) {
    let is_detach = step.operation == Operation::DetachFlexibleIp;
    object.text("action", if is_detach { "detach" } else { "attach" });
    object.texts("fipsIds", &id_texts(&step.ids));
    if let Some(server) = step.server {
        object.text("serverId", &server.to_text());
    }
}

fn write_error(object: &mut ObjectWriter, error: &Error) {
    object.json("error", &error_report(error, &error.to_text()).finish());
}
