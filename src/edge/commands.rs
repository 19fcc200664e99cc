//! Commands as JSON. `js/transport/driver.ts` carries them out.

use super::events::{event_json, step_json};
use super::reports::{body_ref_json, flow_failure};
use crate::flow::{BodyReading, CallFailure, Command, Outcome, SendRequest, Success};
use crate::model::to_text::ToText;
use crate::wire::json::{ObjectWriter, write_list};

/// Writes a command. An event that has no listener is left out.
pub(super) fn command_json(command: &Command, base_url: &str, listens: bool) -> Option<String> {
    let mut object = ObjectWriter::default();
    match command {
        Command::Send(send) => write_send(&mut object, send, base_url),
        Command::Sleep { tag, length } => {
            object.text("do", "sleep");
            object.number("tag", *tag as u64);
            object.number("ms", length.0);
        }
        Command::Cancel { tag } => {
            object.text("do", "cancel");
            object.number("tag", *tag as u64);
        }
        Command::DeliverPage { tag, items } => {
            object.text("do", "page");
            object.number("tag", *tag as u64);
            object.json("items", &write_list(items, ToText::to_text));
        }
        Command::Emit(_) if !listens => return None,
        Command::Emit(event) => {
            object.text("do", "emit");
            object.json("event", &event_json(event));
        }
        Command::Done(Ok(success)) => write_success(&mut object, success),
        Command::Done(Err(failed)) => write_failure(&mut object, failed, base_url),
    }
    Some(object.finish())
}

fn write_send(object: &mut ObjectWriter, send: &SendRequest, base_url: &str) {
    object.text("do", "send");
    object.number("tag", send.tag as u64);
    object.text("operation", send.name);
    object.text("method", send.request.method.as_str());
    object.text("url", &[base_url, &send.request.target()].concat());
    if let Some(body) = &send.request.body {
        object.text("body", body);
    }
    object.text(
        "reading",
        match send.reading {
            BodyReading::None => "none",
            BodyReading::Outline => "outline",
            BodyReading::Whole => "whole",
        },
    );
    object.number("timeoutMs", send.attempt_timeout.0);
    object.number("timeLeftMs", send.time_left.0);
    object.number("attempt", send.attempt.into());
    object.bool_or_null("renewsKey", Some(send.renews_key));
}

fn write_success(object: &mut ObjectWriter, success: &Success) {
    object.text("do", "resolve");
    object.number("attempts", success.attempts.into());
    match &success.outcome {
        Outcome::Response(_) | Outcome::Nothing => {}
        Outcome::Ip(body_ref) => object.json("ip", &body_ref_json(body_ref)),
        Outcome::Ips(body_refs) => object.json("ips", &write_list(body_refs, body_ref_json)),
        Outcome::Plan(plan) => object.json("plan", &write_list(plan, step_json)),
    }
}

fn write_failure(object: &mut ObjectWriter, failed: &CallFailure, base_url: &str) {
    object.text("do", "reject");
    object.json("report", &flow_failure(failed, base_url).finish());
}
