//! What came of a request, and whether it is the operation's success.

use crate::error::Error;
use crate::error::refused::Refused;
use crate::wire::http::ResponseHeaders;
use crate::wire::route::Operation;
use crate::wire::value::Value;

/// An answer, as far as a machine sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The headers that mean something.
    pub headers: ResponseHeaders,
    /// The body.
    pub body: Body,
}

/// The body of an answer. What its content type says does not matter: gateways say the wrong thing.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Nothing, or white space.
    Empty,
    /// JSON that was left with the edge, unread.
    Unread,
    /// JSON.
    Json(Value),
    /// Anything else.
    Text(String),
}

/// The success of an operation, or why it is none.
pub fn judge(operation: Operation, outcome: Result<Response, Error>) -> Result<Response, Error> {
    let answer = outcome?;
    let (json, text) = match &answer.body {
        Body::Json(json) => (Some(json), ""),
        Body::Text(text) => (None, text.as_str()),
        Body::Empty | Body::Unread => (None, ""),
    };
    if !(200..300).contains(&answer.status) {
        return Err(Error::Refused(Refused::classify(answer.status, &answer.headers, json, text)));
    }
    let wants_body = operation.route().success != 204;
    match answer.body {
        Body::Empty if wants_body => Err(Error::Decode("its body is empty".to_owned())),
        Body::Text(_) if wants_body => Err(Error::Decode("its body is not JSON".to_owned())),
        _ => Ok(answer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: Body) -> Result<Response, Error> {
        Ok(Response { status, headers: ResponseHeaders::default(), body })
    }

    #[test]
    fn a_success_without_the_promised_body_is_no_success() {
        let read =
            |body| judge(Operation::GetFlexibleIp, answer(200, body)).map_err(|error| error.code());
        assert!(read(Body::Unread).is_ok());
        assert_eq!(read(Body::Empty), Err("decode"));
        assert_eq!(read(Body::Text("<html>".to_owned())), Err("decode"));
    }

    #[test]
    fn a_deletion_needs_no_body() {
        for body in [Body::Empty, Body::Unread, Body::Text("gone".to_owned())] {
            assert!(judge(Operation::DeleteFlexibleIp, answer(204, body)).is_ok());
        }
    }

    #[test]
    fn a_redirection_is_no_success() {
        let judged = judge(Operation::GetFlexibleIp, answer(302, Body::Empty));
        assert_eq!(judged.map_err(|error| error.code()), Err("unexpected_response"));
    }
}
