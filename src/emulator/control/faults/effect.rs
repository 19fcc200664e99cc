//! What a fault does to a response.

use crate::emulator::control::faults::delay::FaultDelay;
use crate::emulator::control::faults::fault::{Fault, FaultStatus, has_no_body};
use crate::emulator::http::exchange::{Coding, Completion, Drip, Response};

impl Fault {
    /// The name of the fault `portal`.
    pub(in crate::emulator) const PORTAL: &'static str = "portal";

    /// The name of the fault, for the journal.
    pub(in crate::emulator) const fn name(&self) -> &'static str {
        match self {
            Self::Status(_) => "status",
            Self::RateLimit => "rateLimit",
            Self::RateGate(_) => "rateGate",
            Self::Delay(_) => "delay",
            Self::DropBefore => "dropBefore",
            Self::DropAfter => "dropAfter",
            Self::ResetBefore => "resetBefore",
            Self::ResetAfter => "resetAfter",
            Self::Truncate(_) => "truncate",
            Self::Garbage => "garbage",
            Self::Drip(_) => "drip",
            Self::Chunked(_) => "chunked",
            Self::Gzip => "gzip",
            Self::RetryAfter(_) => "retryAfter",
            Self::Late(_) => "late",
            Self::Tear(_) => "tear",
            Self::Flap(_) => "flap",
            Self::RepeatPage => "repeatPage",
            Self::ShiftPage(_) => "shiftPage",
            Self::WrongTotal(_) => "wrongTotal",
            Self::Portal(_) => Self::PORTAL,
            Self::Reuse => "reuse",
            Self::Stale(_) => "stale",
        }
    }

    /// The response in place of the work; `None` if the work is done.
    pub(in crate::emulator) fn replacement(&self) -> Option<Response> {
        // The status is never sent.
        let broken = |completion| Some(Response { completion, ..Response::bare(503) });
        match self {
            Self::Status(status) if !status.after => Some(status.response()),
            Self::RateLimit | Self::RateGate(_) => {
                let mut response = Response::bare(429);
                response.headers.push(("X-Envoy-Ratelimited".to_owned(), "true".to_owned()));
                Some(response)
            }
            Self::DropBefore => broken(Completion::Dropped),
            Self::ResetBefore => broken(Completion::Reset),
            Self::Portal(status) => Some(portal(*status)),
            Self::Late(late) => Some(late.response()),
            _ => None,
        }
    }

    /// Changes the response to work that was done.
    pub(in crate::emulator) fn apply(&self, response: &mut Response) {
        match self {
            Self::Status(status) if status.after && response.status < 400 => {
                *response = status.response();
            }
            Self::Delay(FaultDelay::Fixed(millis)) => response.delay_ms = *millis,
            Self::DropAfter => response.completion = Completion::Dropped,
            Self::ResetAfter => response.completion = Completion::Reset,
            Self::Truncate(bytes) if *bytes < response.body.len() => {
                response.body.truncate(*bytes);
                response.completion = Completion::Cut;
            }
            // A 204 has no body that could be garbage.
            Self::Garbage if !has_no_body(response.status) => {
                response.body = b"<html>\xff upstream".to_vec()
            }
            Self::Drip(Drip { pieces, over_ms }) if !response.body.is_empty() => {
                let most = u32::try_from(response.body.len()).unwrap_or(u32::MAX);
                response.drip = Some(Drip { pieces: most.min(*pieces), over_ms: *over_ms });
            }
            Self::Chunked(chunks) if !response.body.is_empty() => {
                let most = u32::try_from(response.body.len()).unwrap_or(u32::MAX);
                response.drip = Some(Drip { pieces: most.min(*chunks), over_ms: 0 });
                response.coding = Coding::Chunked;
            }
            Self::Gzip if !response.body.is_empty() => {
                response.headers.push(("Content-Encoding".to_owned(), "gzip".to_owned()));
                response.coding = Coding::Gzip;
            }
            _ => {}
        }
    }
}

/// The page of a captive portal. A redirect leads to a name that never resolves.
fn portal(status: u16) -> Response {
    let mut headers = vec![("Content-Type".to_owned(), "text/html; charset=utf-8".to_owned())];
    if (300..400).contains(&status) {
        headers.push(("Location".to_owned(), "http://portal.invalid/login".to_owned()));
    }
    let page = "<!DOCTYPE html><title>Sign in</title><p>Sign in to use this network.";
    Response { headers, body: page.as_bytes().to_vec(), ..Response::bare(status) }
}

impl FaultStatus {
    fn response(&self) -> Response {
        let text = match &self.body {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => text.clone(),
            body => body.to_string(),
        };
        let mut response = if text.is_empty() {
            Response::bare(self.status)
        } else {
            Response::json(self.status, text)
        };
        response.headers.extend(self.headers.clone());
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::control::faults::rule::FaultRule;

    fn fault(json: &str) -> Fault {
        FaultRule::from_json(&format!(r#"{{"fault": {json}}}"#)).unwrap().fault
    }

    #[test]
    fn a_status_has_the_body_and_headers_of_its_rule() {
        let status = r#"{"status": {"status": 503, "body": {"message": "no"}, "headers": {"Retry-After": "2"}}}"#;
        let response = fault(status).replacement().unwrap();
        assert_eq!(
            (response.status, response.body.as_slice()),
            (503, br#"{"message":"no"}"#.as_slice())
        );
        assert!(response.headers.contains(&("Retry-After".to_owned(), "2".to_owned())));
    }

    #[test]
    fn a_bare_429_has_neither_body_nor_type() {
        for limit in [r#""rateLimit""#, r#"{"rateGate": {"perSecond": 1, "burst": 1}}"#] {
            let response = fault(limit).replacement().unwrap();
            assert_eq!(response.headers, [("X-Envoy-Ratelimited".to_owned(), "true".to_owned())]);
            assert!(response.body.is_empty());
        }
    }

    #[test]
    fn a_status_after_the_work_replaces_a_success_and_no_refusal() {
        let after = fault(r#"{"status": {"status": 502, "after": true}}"#);
        assert_eq!(after.replacement(), None);
        let applied = |status| {
            let mut response = Response::json(status, "{}".to_owned());
            after.apply(&mut response);
            response.status
        };
        assert_eq!((applied(200), applied(404)), (502, 404));
    }

    #[test]
    fn a_response_without_a_body_gets_none() {
        let mut response = Response::json(204, String::new());
        for json in
            [r#""garbage""#, r#"{"truncate": 0}"#, r#"{"drip": {"pieces": 2, "overMs": 1}}"#]
        {
            fault(json).apply(&mut response);
        }
        assert_eq!(response, Response::json(204, String::new()));
    }

    #[test]
    fn a_body_can_be_chunked_or_compressed_and_an_empty_one_is_left_alone() {
        let applied = |json: &str, body: &str| {
            let mut response = Response::json(200, body.to_owned());
            fault(json).apply(&mut response);
            let is_gzip = response.headers.iter().any(|(_, value)| value == "gzip");
            (response.coding, response.drip.map(|drip| drip.pieces), is_gzip)
        };
        let chunked = r#"{"chunked": 3}"#;
        assert_eq!(applied(chunked, "{    }"), (Coding::Chunked, Some(3), false));
        assert_eq!(applied(chunked, "{}"), (Coding::Chunked, Some(2), false));
        assert_eq!(applied(chunked, ""), (Coding::Identity, None, false));
        assert_eq!(applied(r#""gzip""#, "{}"), (Coding::Gzip, None, true));
        assert_eq!(applied(r#""gzip""#, ""), (Coding::Identity, None, false));
    }

    #[test]
    fn a_drip_has_no_more_pieces_than_the_body_has_bytes() {
        let drip = fault(r#"{"drip": {"pieces": 9, "overMs": 100}}"#);
        let dripped = |body: &str| {
            let mut response = Response::json(200, body.to_owned());
            drip.apply(&mut response);
            response.drip.map(|drip| drip.pieces)
        };
        assert_eq!([dripped(""), dripped("{}"), dripped("{      }")], [None, Some(2), Some(8)]);
    }
}
