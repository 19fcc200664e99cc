//! The response to a request, and the check that it is a success.

use crate::error::Error;
use crate::error::refusal::Refusal;
use crate::model::parts::{split, start_of};
use crate::model::to_text::text;
use crate::wire::http::{Request, ResponseHeaders};
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

/// Returns the response if it is a success of the operation: a 2xx status with the body that the operation
/// promises, or 204 and no body. Other responses become `Refused` or `Decode`.
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
        let refusal = Refusal::classify(response.status, &response.headers, json, text);
        return Err(Error::Refused(Box::new(refusal)));
    }
    // Nothing but the status says that a deletion was accepted: gateways and portals answer with 200, with a
    // page or with nothing.
    let needs_body = operation.route().success != 204;
    match response.body {
        Body::Json(_) | Body::Unread | Body::Text(_) if !needs_body => {
            Err(Error::Decode("its body is not empty".to_owned()))
        }
        Body::Empty if !needs_body && response.status != 204 => {
            Err(Error::Decode(text!("its status is ", response.status, ", not 204")))
        }
        Body::Empty if needs_body => Err(Error::Decode("its body is empty".to_owned())),
        Body::Text(_) if needs_body => Err(Error::Decode("its body is not JSON".to_owned())),
        _ => Ok(response),
    }
}

/// Returns the response if it names no other zone than its request: a proxy or a cache can answer with
/// the flexible IPs of another. A body without a zone is accepted.
pub fn check_zone(request: &Request, response: Response) -> Result<Response, Error> {
    let asked = zone_of(&request.path);
    let other = match &response.body {
        Body::Json(body) => asked.and_then(|asked| other_zone(body, asked)),
        Body::Empty | Body::Unread | Body::Text(_) => None,
    };
    match (other, asked) {
        (Some(other), Some(asked)) => {
            let shown = start_of(other, ZONE_SHOWN_MAX);
            Err(Error::Decode(text!("its zone is ", shown, ", not ", asked)))
        }
        _ => Ok(response),
    }
}

/// The number of characters of a zone that a message repeats.
const ZONE_SHOWN_MAX: usize = 40;

/// The zone in a path of the API.
fn zone_of(path: &str) -> Option<&str> {
    let mut parts = split(path, b'/');
    parts.find(|part| *part == "zones")?;
    parts.next()
}

/// A zone that is not the asked one, of those that a flexible IP, a page, or the outline of a page names.
fn other_zone<'a>(body: &'a Value, asked: &str) -> Option<&'a str> {
    let list = |name| match body.field(name) {
        Some(Value::List(items)) => items.as_slice(),
        _ => &[],
    };
    let is_other = |zone: &&str| !zone.is_empty() && *zone != asked;
    let of_outline = || list("zones").iter().filter_map(Value::as_text).find(is_other);
    let of_items = || list("flexible_ips").iter().filter_map(|ip| ip.text("zone")).find(is_other);
    body.text("zone").filter(is_other).or_else(of_outline).or_else(of_items)
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
    fn a_deletion_succeeds_with_status_204_and_an_empty_body_only() {
        for operation in [Operation::DeleteFlexibleIp, Operation::DeleteMacAddr] {
            let check = |status, body| {
                check_response(operation, response(status, body)).map_err(|error| error.code())
            };
            assert!(check(204, Body::Empty).is_ok());
            for status in [200, 201, 202, 203, 205, 206, 299] {
                assert_eq!(check(status, Body::Empty).map(|_| ()), Err("decode"), "{status}");
            }
            for status in [200, 204] {
                for body in [Body::Unread, Body::Text("<html>".to_owned())] {
                    assert_eq!(check(status, body).map(|_| ()), Err("decode"));
                }
            }
        }
    }

    #[test]
    fn a_body_of_another_zone_is_not_accepted_and_one_without_a_zone_is() {
        use crate::wire::http::Method;
        let path = "/flexible-ip/v1alpha1/zones/fr-par-1/fips".to_owned();
        let request = Request { method: Method::Get, path, query: String::new(), body: None };
        let check = |json: serde_json::Value| {
            let response = response(200, Body::Json(json.into())).unwrap();
            check_zone(&request, response).map(|_| ()).map_err(|error| error.to_string())
        };
        let refused =
            Err("the answer cannot be read: its zone is nl-ams-1, not fr-par-1".to_owned());
        for ip in [serde_json::json!({}), serde_json::json!({ "zone": "" })] {
            assert_eq!(check(ip.clone()), Ok(()));
            assert_eq!(check(serde_json::json!({ "flexible_ips": [ip] })), Ok(()));
        }
        let (own, other) =
            (serde_json::json!({ "zone": "fr-par-1" }), serde_json::json!({ "zone": "nl-ams-1" }));
        assert_eq!(check(own.clone()), Ok(()));
        assert_eq!(check(other.clone()), refused);
        assert_eq!(check(serde_json::json!({ "flexible_ips": [own, other] })), refused);
        assert_eq!(
            check(serde_json::json!({ "flexible_ips": "", "zones": ["nl-ams-1"] })),
            refused
        );
    }

    #[test]
    fn a_redirection_is_not_a_success() {
        let checked = check_response(Operation::GetFlexibleIp, response(302, Body::Empty));
        assert_eq!(checked.map_err(|error| error.code()), Err("unexpected_response"));
    }
}
