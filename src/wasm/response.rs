//! From the completion of an exchange to what a machine receives.

use super::edge::{Completion, Edge};
use super::value::read;
use crate::error::Error;
use crate::flow::BodyReading;
use crate::flow::response::{Body, Response};
use crate::model::time::Millis;
use crate::wire::http::ResponseHeaders;
use crate::wire::retry_after;
use crate::wire::value::Value;

/// The response of a completed exchange, or the error that stands for it. Of the body of a
/// success only as much is read as `reading` asks for.
pub(super) fn response_of(
    edge: &Edge,
    completion: &Completion,
    timeout: Millis,
    reading: BodyReading,
) -> Result<Response, Error> {
    // The numbers of `CompletionKind` in js/transport/completion.ts.
    let error = match completion.kind() {
        0 => return Ok(read_response(edge, completion, reading)),
        2 => Error::Timeout(completion.limit_ms().as_f64().map_or(timeout, |ms| Millis(ms as u64))),
        _ => Error::Connection(completion.text().as_string().unwrap_or_default()),
    };
    Err(if completion.withheld().is_truthy() {
        Error::Withheld(Box::new(error))
    } else if completion.unsent().is_truthy() {
        Error::Unsent(Box::new(error))
    } else {
        error
    })
}

fn read_response(edge: &Edge, completion: &Completion, reading: BodyReading) -> Response {
    let status = completion.status();
    let is_refusal = !(200..300).contains(&status);
    let json = completion.body();
    let body = if json.is_undefined() {
        let text = completion.text().as_string().unwrap_or_default();
        if text.trim().is_empty() { Body::Empty } else { Body::Text(text) }
    } else if is_refusal {
        Body::Json(read(&json).unwrap_or(Value::Null))
    } else {
        match reading {
            BodyReading::None => Body::Unread,
            BodyReading::Whole => Body::Json(read(&json).unwrap_or(Value::Null)),
            BodyReading::Outline => {
                let outline = edge.outline(&json).unwrap_or_default();
                Body::Json(read(&outline).unwrap_or(Value::Null))
            }
        }
    };
    let headers = if is_refusal {
        refusal_headers(completion)
    } else if reading != BodyReading::None {
        ResponseHeaders { date: completion.date(), ..ResponseHeaders::default() }
    } else {
        // No rule reads them; the facade has them.
        ResponseHeaders::default()
    };
    Response { status, headers, body }
}

fn refusal_headers(completion: &Completion) -> ResponseHeaders {
    let (millis, after) = (completion.header("retry-after-ms"), completion.header("retry-after"));
    let date = after.as_ref().and_then(|_| completion.header("date"));
    let retry_after = retry_after::read(millis.as_deref(), after.as_deref(), date.as_deref());
    ResponseHeaders { request_id: completion.request_id(), retry_after, date: None }
}
