//! Reads an input of a machine, as `js/transport/driver.ts` writes it.

use crate::error::Error;
use crate::flow::response::{Body, Response};
use crate::flow::{Input, Tag};
use crate::model::gather::Gather;
use crate::model::time::Millis;
use crate::wire::calendar::parse_http_date;
use crate::wire::http::ResponseHeaders;
use crate::wire::retry_after;
use crate::wire::value::Value;

/// Reads an input. Anything else is no input.
pub(super) fn read_input(input: &mut Value) -> Option<Input> {
    let tag = number(input, "tag").map(|tag| tag as Tag);
    Some(match input.text("input")? {
        "started" => Input::Started,
        "responded" => Input::Responded { tag: tag?, outcome: read_outcome(input) },
        "woke" => Input::Woke { tag: tag? },
        "pageRequested" => Input::PageRequested,
        "listChanged" => Input::ListChanged,
        "ipsChanged" => Input::IpsChanged,
        "extended" => Input::Extended { by: Millis(number(input, "ms")? as u64) },
        "unsent" => Input::Unsent { tags: read_tags(input) },
        "aborted" => Input::Aborted,
        _ => return None,
    })
}

/// The tags of an input.
pub(super) fn read_tags(input: &Value) -> Vec<Tag> {
    let tags = input.field("tags").map(Value::items).unwrap_or_default();
    tags.iter().filter_map(as_number).map(|tag| tag as Tag).gather()
}

/// The response, or the error that stands for it.
fn read_outcome(input: &mut Value) -> Result<Response, Error> {
    let text = || input.text("text").unwrap_or_default().to_owned();
    let error = match input.text("kind") {
        Some("answered") => return Ok(read_response(input)),
        Some("timedOut") => {
            Error::Timeout(Millis(number(input, "limitMs").unwrap_or_default() as u64))
        }
        _ => Error::Connection(text()),
    };
    Err(if input.field("withheld").is_some() {
        Error::Withheld(Box::new(error))
    } else if input.field("unsent").is_some() {
        Error::Unsent(Box::new(error))
    } else {
        error
    })
}

fn read_response(input: &mut Value) -> Response {
    let status = number(input, "status").unwrap_or_default() as u16;
    let body = match (input.take("body"), input.text("text").unwrap_or_default()) {
        (Some(body), _) => Body::Json(body),
        (None, _) if input.field("unread").is_some() => Body::Unread,
        (None, text) if text.trim_ascii().is_empty() => Body::Empty,
        (None, text) => Body::Text(text.to_owned()),
    };
    // The facade leaves out the headers that no rule reads.
    let header = |name| input.text(name);
    let headers = response_headers(
        (200..300).contains(&status),
        header("requestId"),
        [header("retryAfterMs"), header("retryAfter"), header("date")],
    );
    Response { status, headers, body }
}

/// The headers that a rule reads: `X-Request-Id`, and `Retry-After-Ms`, `Retry-After` and `Date`.
pub(crate) fn response_headers(
    is_success: bool,
    request_id: Option<&str>,
    [retry_after_ms, retry_after, date]: [Option<&str>; 3],
) -> ResponseHeaders {
    ResponseHeaders {
        request_id: request_id.map(str::to_owned),
        retry_after: retry_after::read(retry_after_ms, retry_after, date),
        date: date.filter(|_| is_success).and_then(parse_http_date),
    }
}

fn number(input: &Value, name: &str) -> Option<f64> {
    as_number(input.field(name)?)
}

fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        _ => None,
    }
}
