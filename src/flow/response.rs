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

impl Response {
    /// The JSON of the body; `null` for another body.
    pub fn into_json(self) -> Value {
        match self.body {
            Body::Json(json) => json,
            Body::Empty | Body::Unread | Body::Text(_) => Value::Null,
        }
    }
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
    // A deletion has an empty body: a page with status 200 comes from a captive portal or a firewall.
    let needs_body = operation.route().success != 204;
    match response.body {
        Body::Json(_) | Body::Unread | Body::Text(_) if !needs_body => {
            Err(Error::Decode("its body is not empty".to_owned()))
        }
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
    fn a_deletion_succeeds_with_an_empty_body_only() {
        for status in [200, 204] {
            let check = |body| check_response(Operation::DeleteFlexibleIp, response(status, body));
            assert!(check(Body::Empty).is_ok());
            for body in [Body::Unread, Body::Text("<html>".to_owned())] {
                assert_eq!(check(body).map_err(|error| error.code()), Err("decode"));
            }
        }
    }

    #[test]
    fn a_redirection_is_not_a_success() {
        let checked = check_response(Operation::GetFlexibleIp, response(302, Body::Empty));
        assert_eq!(checked.map_err(|error| error.code()), Err("unexpected_response"));
    }
}
