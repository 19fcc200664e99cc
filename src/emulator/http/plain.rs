//! Plain requests and their responses as the bytes of HTTP/1.1, for a server that reads and writes them itself.
//! A response is written once, into one place: no header of it is a text by itself.

use crate::emulator::http::exchange::{Request, Response};
use crate::emulator::http::render::headers_of_all;
use crate::model::time::Timestamp;
use crate::model::to_text::write_text;
use crate::wire::date::http_date;

/// The response to a plain request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainResponse {
    /// The status.
    pub status: u16,
    /// Where the body begins.
    pub body_at: usize,
    /// The whole response.
    pub bytes: Vec<u8>,
}

/// Reads a request. The server has checked that its head has the one usual form; `head_length` are the bytes of
/// the head without its last empty line.
pub(in crate::emulator) fn read(mut bytes: Vec<u8>, head_length: usize) -> Option<Request> {
    let body = bytes.split_off(head_length.checked_add(2).filter(|at| *at <= bytes.len())?);
    let head = str::from_utf8(bytes.get(..head_length)?).ok()?;
    let (method, rest) = head.split_once(' ')?;
    let (target, rest) = rest.split_once(' ')?;
    let mut headers = Vec::with_capacity(8);
    for line in rest.strip_prefix("HTTP/1.1\r\n")?.lines() {
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_owned(), value.strip_prefix(' ')?.to_owned()));
    }
    Some(Request { method: method.to_owned(), target: target.to_owned(), headers, body })
}

/// Writes a response as `node:http` does, on a connection that stays open for some seconds.
pub(in crate::emulator) fn write(
    response: &Response,
    request_id: &str,
    keep_alive_s: u32,
    now: Timestamp,
) -> PlainResponse {
    let Response { status, headers, body, .. } = response;
    let mut head = String::with_capacity(body.len().saturating_add(HEAD_BYTES));
    write_text!(&mut head, "HTTP/1.1 ", *status, " ", reason(*status), "\r\n");
    for (name, value) in headers {
        write_text!(&mut head, name, ": ", value, "\r\n");
    }
    for (name, value) in headers_of_all(request_id, &http_date(now)) {
        write_text!(&mut head, name, ": ", value, "\r\n");
    }
    if *status != 204 {
        write_text!(&mut head, "Content-Length: ", body.len(), "\r\n");
    }
    write_text!(&mut head, "Connection: keep-alive\r\nKeep-Alive: timeout=", keep_alive_s);
    head.push_str("\r\n\r\n");
    let mut bytes = head.into_bytes();
    let body_at = bytes.len();
    if *status != 204 {
        bytes.extend_from_slice(body);
    }
    PlainResponse { status: *status, body_at, bytes }
}

/// More than the length of a head.
const HEAD_BYTES: usize = 640;

/// The reason phrase of a status that the emulator has without faults, as `node:http` writes it.
const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        410 => "Gone",
        412 => "Precondition Failed",
        423 => "Locked",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEAD: &str = "PATCH /fips?a=b%20c HTTP/1.1\r\nHost: localhost\r\nX-Note: a: b,  c\r\n";

    fn read_text(head: &str, body: &str) -> Option<Request> {
        read([head, "\r\n", body].concat().into_bytes(), head.len())
    }

    #[test]
    fn a_request_is_read_into_its_parts() {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let expected = Request {
            method: "PATCH".to_owned(),
            target: "/fips?a=b%20c".to_owned(),
            headers: vec![header("Host", "localhost"), header("X-Note", "a: b,  c")],
            body: b"{\r\n\r\n}".to_vec(),
        };
        assert_eq!(read_text(HEAD, "{\r\n\r\n}"), Some(expected));
    }

    #[test]
    fn a_request_of_another_form_is_not_read() {
        for head in [
            "",
            "GET",
            "GET /",
            "GET / HTTP/1.0\r\n",
            "GET / HTTP/1.1\r\nX\r\n",
            "GET / HTTP/1.1\r\nX:y\r\n",
        ] {
            assert_eq!(read_text(head, ""), None, "{head}");
        }
        assert_eq!(read(HEAD.into(), HEAD.len()), None);
        assert_eq!(read(HEAD.into(), usize::MAX), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>, head_length in 0_usize..100) {
            let _ = read(bytes, head_length);
        }
    }

    #[test]
    fn a_response_has_the_length_of_its_body_unless_it_cannot_have_one() {
        for (status, body) in [(200, "{}"), (204, "")] {
            let response = Response::json(status, body.to_owned());
            let PlainResponse { status: written, body_at, bytes } =
                write(&response, "id", 60, Timestamp::default());
            let (head, rest) = bytes.split_at(body_at);
            let head = str::from_utf8(head).unwrap();
            assert_eq!((written, rest), (status, body.as_bytes()));
            assert_eq!(head.contains("Content-Length: 2\r\n"), status == 200, "{head}");
            assert!(head.ends_with("\r\nConnection: keep-alive\r\nKeep-Alive: timeout=60\r\n\r\n"));
        }
    }
}
