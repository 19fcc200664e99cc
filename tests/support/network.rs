//! The simulated network between a client and the emulator, and its faults.

use flexip::emulator::{Completion, Response as EmulatorResponse};
use flexip::error::Error;
use flexip::flow::response::{Body, Response};
use flexip::policy::random::Random;
use flexip::wire::calendar::parse_http_date;
use flexip::wire::http::ResponseHeaders;
use flexip::wire::retry_after;
use flexip::wire::value::Value;

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The response is late by this many milliseconds.
    Late(u64),
    /// The request is lost.
    RequestLost,
    /// The work is done, and the connection is reset before the response.
    ResponseLost,
    /// The work is done, and no response ever comes.
    NoResponse,
    /// The work is not done, and a response with this status and no body comes.
    Rejected(u16),
    /// The gateway responds that it did not reach the service.
    Unreached,
    /// The work is done, and a response with this status and no body comes.
    DoneThenStatus(u16),
    /// The gateway gives up with a 504, and the work is done this many milliseconds later.
    DoneLater(u64),
    /// The work is done, and the response is cut off.
    Cut,
    /// The work is done, and the body of the response is not JSON.
    Garbage,
}

/// A network in which a share of all requests goes wrong.
pub(crate) struct Network {
    pub(crate) random: Random,
    /// The share of requests that go wrong, from 0 to 1.
    pub(crate) share: f64,
    /// What happens to the next requests, one by one. Chance decides about those after them.
    pub(crate) next: Vec<Option<Trouble>>,
}

impl Network {
    pub(crate) fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), share: 0.0, next: Vec::new() }
    }

    /// A random index of `count` items.
    pub(crate) fn pick(&mut self, count: usize) -> usize {
        ((self.random.fraction() * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// What goes wrong with the next request.
    pub(crate) fn next_trouble(&mut self) -> Option<Trouble> {
        if !self.next.is_empty() {
            return self.next.remove(0);
        }
        if self.random.fraction() >= self.share {
            return None;
        }
        Some(match self.pick(14) {
            0 => Trouble::Late(200),
            1 => Trouble::Late(45_000),
            2 => Trouble::RequestLost,
            3 | 4 => Trouble::ResponseLost,
            5 => Trouble::NoResponse,
            6 => Trouble::Rejected(429),
            7 => Trouble::Rejected(500),
            8 => Trouble::Rejected(503),
            9 => Trouble::Unreached,
            10 => Trouble::DoneThenStatus(500),
            11 => Trouble::DoneThenStatus(503),
            12 => Trouble::Cut,
            _ => Trouble::Garbage,
        })
    }
}

impl Trouble {
    /// Whether the request reaches the service.
    pub(crate) const fn reaches_service(self) -> bool {
        !matches!(
            self,
            Self::RequestLost | Self::Rejected(_) | Self::Unreached | Self::DoneLater(_)
        )
    }

    /// What the client receives, after how many milliseconds; none if no response comes.
    pub(crate) fn apply(
        trouble: Option<Self>,
        reply: Option<EmulatorResponse>,
    ) -> Option<(u64, Result<Response, Error>)> {
        let reset = || Some((0, Err(Error::Connection("connection reset".to_owned()))));
        let bare = |status, text: &str| {
            let body = if text.is_empty() { Body::Empty } else { Body::Text(text.to_owned()) };
            Some((0, Ok(Response { status, headers: ResponseHeaders::default(), body })))
        };
        match trouble {
            Some(Self::NoResponse) => None,
            Some(Self::RequestLost | Self::ResponseLost | Self::Cut) => reset(),
            Some(Self::Rejected(status) | Self::DoneThenStatus(status)) => bare(status, ""),
            Some(Self::DoneLater(_)) => bare(504, "upstream request timeout"),
            Some(Self::Unreached) => bare(
                503,
                "upstream connect error or disconnect/reset before headers. reset reason: connection failure",
            ),
            Some(Self::Garbage) => bare(reply?.status, "<html>\u{fffd} upstream"),
            None | Some(Self::Late(_)) => {
                let reply = reply?;
                let late = if let Some(Self::Late(millis)) = trouble { millis } else { 0 };
                let delay = reply.delay_ms.saturating_add(late);
                Some((
                    delay,
                    if reply.completion == Completion::Complete {
                        Ok(parse(&reply))
                    } else {
                        reset()?.1
                    },
                ))
            }
        }
    }
}

/// Reads a response as the JavaScript side of the client does.
fn parse(reply: &EmulatorResponse) -> Response {
    let header = |name: &str| {
        let mut headers = reply.headers.iter();
        let header = headers.find(|(other, _)| other.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    };
    let retry_after =
        retry_after::read(header("retry-after-ms"), header("retry-after"), header("date"));
    let headers = ResponseHeaders {
        request_id: header("x-request-id").map(str::to_owned),
        retry_after,
        date: header("date").and_then(parse_http_date),
    };
    let text = String::from_utf8_lossy(&reply.body);
    let body = match serde_json::from_str::<serde_json::Value>(&text) {
        _ if text.trim().is_empty() => Body::Empty,
        Ok(json) => Body::Json(Value::from(json)),
        Err(_) => Body::Text(text.into_owned()),
    };
    Response { status: reply.status, headers, body }
}
