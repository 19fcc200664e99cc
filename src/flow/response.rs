//! The response to a request, and the check that it is a success.

use crate::error::Error;
use crate::error::refusal::Refusal;
use crate::wire::http::ResponseHeaders;
use crate::wire::route::Operation;
use crate::wire::value::Value;

/// What a machine sees of a response.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The headers that the client uses.
    pub headers: ResponseHeaders,
    /// The body.
    pub body: Body,
}

/// The body of a response. The `Content-Type` is ignored, since gateways send wrong ones.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Nothing, or white space.
    Empty,
    /// JSON that stays on the JavaScript side.
    Unread,
    /// JSON.
    Json(Value),
    /// Anything else.
    Text(String),
}

/// Returns the response if it is a success of the operation: a 2xx status, with a body if the
/// operation promises one. Other responses become `Refused` or `Decode`.
pub fn check_response(
    operation: Operation,
    outcome: Result<Response, Error>,
) -> Result<Response, Error> {
    let response = outcome?;
    let (json, text) = match &response.body {
        Body::Json(json) => (Some(json), ""),
        Body::Text(text) => (None, text.as_str()),
        Body::Empty | Body::Unread => (None, ""),
    };
    if !(200..300).contains(&response.status) {
        return Err(Error::Refused(Refusal::classify(
            response.status,
            &response.headers,
            json,
            text,
        )));
    }
    let needs_body = operation.route().success != 204;
    match response.body {
        Body::Empty if needs_body => Err(Error::Decode("its body is empty".to_owned())),
        Body::Text(_) if needs_body => Err(Error::Decode("its body is not JSON".to_owned())),
        _ => Ok(response),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, body: Body) -> Result<Response, Error> {
        Ok(Response { status, headers: ResponseHeaders::default(), body })
    }

    #[test]
    fn a_success_without_the_promised_body_is_an_error() {
        let read = |body| {
            check_response(Operation::GetFlexibleIp, response(200, body))
                .map_err(|error| error.code())
        };
        assert!(read(Body::Unread).is_ok());
        assert_eq!(read(Body::Empty), Err("decode"));
        assert_eq!(read(Body::Text("<html>".to_owned())), Err("decode"));
    }

    #[test]
    fn a_deletion_needs_no_body() {
        for body in [Body::Empty, Body::Unread, Body::Text("gone".to_owned())] {
            assert!(check_response(Operation::DeleteFlexibleIp, response(204, body)).is_ok());
        }
    }

    #[test]
    fn a_redirection_is_not_a_success() {
        let checked = check_response(Operation::GetFlexibleIp, response(302, Body::Empty));
        assert_eq!(checked.map_err(|error| error.code()), Err("unexpected_response"));
    }
}
