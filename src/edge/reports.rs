//! Reports: JSON from which the facade makes errors (`js/errors/report.ts`).
//!
//! A response stays on the JavaScript side, so a report names it. `exchange` is the tag of a request, or
//! `"last"` for the exchange whose completion was the input. `last`, `read` and `resume` name bodies.

use crate::error::problem::Problem;
use crate::error::{Error, Failure, WaitFailureReason};
use crate::flow::{BodyRef, CallFailure, MoveState, Resume, Tag};
use crate::model::to_text::ToText;
use crate::ops::detach::id_texts;
use crate::wire::json::{ObjectWriter, write_list};

/// What precedes a report where another text could stand.
pub(super) fn refusal(report: ObjectWriter) -> String {
    ["!", &report.finish()].concat()
}

/// The report of an error, without its call and request.
pub(super) fn error_report(error: &Error, message: &str) -> ObjectWriter {
    let mut report = ObjectWriter::default();
    report.text("code", error.code());
    report.text("message", message);
    report.bool_or_null("retryable", Some(error.is_retryable()));
    if let Error::InvalidArguments(problems) | Error::Configuration(problems) = error {
        report.json("problems", &problems_json(problems));
    }
    report
}

/// The report of options that are invalid.
pub(super) fn configuration_report(problems: Vec<Problem>) -> ObjectWriter {
    let error = Error::Configuration(problems);
    error_report(&error, &error.to_text())
}

/// A list of problems.
pub(super) fn problems_json(problems: &[Problem]) -> String {
    write_list(problems, |problem| {
        let mut object = ObjectWriter::default();
        object.text("field", &problem.field);
        object.text("argumentName", &problem.argument_name());
        object.text("reason", problem.reason.word());
        object.text("helpMessage", &problem.help);
        object.text("severity", problem.severity.word());
        object.finish()
    })
}

/// The report of a failure, without an exchange.
pub(super) fn failure(failure: &Failure, base_url: &str) -> ObjectWriter {
    let mut report = error_report(&failure.error, &failure.to_text());
    report.text("operation", failure.operation);
    report.number("attempts", failure.attempts.into());
    if let Some((method, target)) = failure.sent_request() {
        report.text("method", method);
        report.text("url", &[base_url, target].concat());
    }
    report
}

/// The exchange that an error is about.
#[derive(Clone, Copy)]
enum Exchange {
    None,
    /// The one whose completion was the input.
    Last,
    Of(Tag),
}

impl Exchange {
    fn named(tag: Option<Tag>) -> Self {
        tag.map_or(Self::None, Self::Of)
    }

    fn write(self, report: &mut ObjectWriter) {
        match self {
            Self::None => {}
            Self::Last => report.text("exchange", "last"),
            Self::Of(tag) => report.number("exchange", tag as u64),
        }
    }
}

/// The report of a machine's failure.
pub(super) fn flow_failure(failed: &CallFailure, base_url: &str) -> ObjectWriter {
    let CallFailure { failure: what, last: last_body, moves, resume, read, .. } = failed;
    let exchange = failed.exchange.map_or(Exchange::Last, Exchange::Of);
    let mut report = failure(what, base_url);
    match &what.error {
        Error::Ambiguous(inner) => {
            report.json("inner", &inner_report(inner, what, base_url, exchange));
        }
        Error::WaitFailure(waited) => {
            report.text("fipId", &waited.id.to_text());
            if let Some(cause) = &failed.cause {
                report.json("inner", &exchange_report(cause, base_url, exchange));
            }
            if let Some(body_ref) = last_body {
                report.json("last", &body_ref_json(body_ref));
            }
        }
        Error::IncompleteList(list) => {
            report.number("totalCount", list.total.into());
            report.json("read", &write_list(read, body_ref_json));
        }
        // The facade adds the reason of an abort.
        Error::Incomplete(_) if what.error.code() == "aborted" => {}
        Error::Incomplete(_) => {
            let first = moves.iter().find_map(|state| Some((state.failure.as_ref()?, state)));
            if let Some((cause, state)) = first {
                report.json("inner", &step_report(cause, state, base_url));
            }
        }
        // The last response is not about what is wrong with the arguments.
        Error::InvalidArguments(_) => {}
        _ => exchange.write(&mut report),
    }
    if !moves.is_empty() || matches!(what.error, Error::Incomplete(_)) {
        report.json("moves", &write_list(moves, |state| move_state(state, base_url)));
    }
    if let Some(resume) = resume {
        report.json("resume", &resume_request(resume));
    }
    report
}

/// The request that continues a move.
fn resume_request(resume: &Resume) -> String {
    let mut request = ObjectWriter::default();
    request.text("zone", resume.zone.as_str());
    request.texts("fipsIds", &id_texts(&resume.ids));
    request.text("serverId", &resume.server.to_text());
    if resume.is_direct {
        request.text("strategy", "direct");
    }
    if resume.stays {
        request.text("onRefusal", "stay");
    }
    request.finish()
}

/// The state of one flexible IP of a move.
fn move_state(state: &MoveState, base_url: &str) -> String {
    let mut object = ObjectWriter::default();
    object.text("fipId", &state.id.to_text());
    object.bool_or_null("arrived", Some(state.arrived));
    object.bool_or_null("returned", Some(state.returned));
    if let Some(body_ref) = &state.last {
        object.json("last", &body_ref_json(body_ref));
    }
    if let Some(cause) = &state.failure {
        object.json("error", &step_report(cause, state, base_url));
    }
    object.finish()
}

/// The report of why a flexible IP of a move did not arrive.
fn step_report(cause: &Failure, state: &MoveState, base_url: &str) -> String {
    let mut report = failure(cause, base_url);
    let exchange = Exchange::named(state.exchange);
    let poll = state.cause.as_ref().map(|poll| exchange_report(poll, base_url, exchange));
    let inner = match &cause.error {
        Error::WaitFailure(waited) => {
            report.text("fipId", &waited.id.to_text());
            match &waited.reason {
                WaitFailureReason::Gone(inner) => Some(inner),
                _ => None,
            }
        }
        Error::Ambiguous(inner) => Some(inner),
        _ => {
            exchange.write(&mut report);
            None
        }
    };
    let inner = inner.map(|inner| inner_report(inner, cause, base_url, exchange));
    if let Some(inner) = inner.or(poll) {
        report.json("inner", &inner);
    }
    report.finish()
}

/// The report of an error that caused another.
fn inner_report(error: &Error, what: &Failure, base_url: &str, exchange: Exchange) -> String {
    let inner = Failure { error: error.clone(), ..what.clone() };
    exchange_report(&inner, base_url, exchange)
}

fn exchange_report(what: &Failure, base_url: &str, exchange: Exchange) -> String {
    let mut report = failure(what, base_url);
    exchange.write(&mut report);
    report.finish()
}

/// Where a body is.
pub(super) fn body_ref_json(body_ref: &BodyRef) -> String {
    let mut object = ObjectWriter::default();
    object.number("tag", body_ref.tag as u64);
    if let Some(item) = body_ref.item {
        object.number("item", item as u64);
    }
    object.finish()
}
