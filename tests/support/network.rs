//! The way between a client and the emulator, and what can happen on it.

use flexip::emulator::{Completion, Response as EmulatorResponse};
use flexip::error::Error;
use flexip::flow::response::{Body, Response};
use flexip::policy::random::Random;
use flexip::wire::calendar::http_seconds;
use flexip::wire::http::ResponseHeaders;
use flexip::wire::retry_after;
use flexip::wire::value::Value;

/// What happens to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The answer is late by so many milliseconds.
    Late(u64),
    /// The request gets lost.
    LostBefore,
    /// The work is done, and the answer gets lost: nothing comes, or the connection is reset.
    LostAfter,
    /// The work is done, and the client never hears of it.
    Silent,
    /// A status without a body, and the work is not done.
    Instead(u16),
    /// The gateway says that it did not reach the service.
    NotReached,
    /// The work is done, and this status comes.
    After(u16),
    /// The work is done, and only the beginning of the answer comes.
    Cut,
    /// The work is done, and what comes is no JSON.
    Garbage,
}

/// A network that fails for a share of all calls.
pub(crate) struct Network {
    pub(crate) random: Random,
    pub(crate) share: f64,
    /// What happens to the next calls; before chance has its turn.
    pub(crate) next: Vec<Option<Trouble>>,
}

impl Network {
    pub(crate) fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), share: 0.0, next: Vec::new() }
    }

    pub(crate) fn pick(&mut self, number: usize) -> usize {
        ((self.random.fraction() * number as f64) as usize).min(number.saturating_sub(1))
    }

    /// What happens to a call.
    pub(crate) fn strike(&mut self) -> Option<Trouble> {
        if !self.next.is_empty() {
            return self.next.remove(0);
        }
        if self.random.fraction() >= self.share {
            return None;
        }
        Some(match self.pick(14) {
            0 => Trouble::Late(200),
            1 => Trouble::Late(45_000),
            2 => Trouble::LostBefore,
            3 | 4 => Trouble::LostAfter,
            5 => Trouble::Silent,
            6 => Trouble::Instead(429),
            7 => Trouble::Instead(500),
            8 => Trouble::Instead(503),
            9 => Trouble::NotReached,
            10 => Trouble::After(500),
            11 => Trouble::After(503),
            12 => Trouble::Cut,
            _ => Trouble::Garbage,
        })
    }
}

impl Trouble {
    /// Whether the request comes to the service.
    pub(crate) const fn reaches(self) -> bool {
        !matches!(self, Self::LostBefore | Self::Instead(_) | Self::NotReached)
    }

    /// What the client gets: after how long, and what. Nothing at all is a silence.
    pub(crate) fn spoil(
        trouble: Option<Self>,
        reply: Option<EmulatorResponse>,
    ) -> Option<(u64, Result<Response, Error>)> {
        let reset = || Some((0, Err(Error::Connection("connection reset".to_owned()))));
        let bare = |status, text: &str| {
            let body = if text.is_empty() { Body::Empty } else { Body::Text(text.to_owned()) };
            Some((0, Ok(Response { status, headers: ResponseHeaders::default(), body })))
        };
        match trouble {
            Some(Self::Silent) => None,
            Some(Self::LostBefore | Self::LostAfter | Self::Cut) => reset(),
            Some(Self::Instead(status) | Self::After(status)) => bare(status, ""),
            Some(Self::NotReached) => bare(
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
                        Ok(read(&reply))
                    } else {
                        reset()?.1
                    },
                ))
            }
        }
    }
}

/// An answer, as the edge reads it.
fn read(reply: &EmulatorResponse) -> Response {
    let header = |name: &str| {
        let found = reply.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    };
    let asked = retry_after::read(header("retry-after-ms"), header("retry-after"), header("date"));
    let headers = ResponseHeaders {
        request_id: header("x-request-id").map(str::to_owned),
        retry_after: asked,
        date: header("date").and_then(http_seconds),
    };
    let text = String::from_utf8_lossy(&reply.body);
    let body = match serde_json::from_str::<serde_json::Value>(&text) {
        _ if text.trim().is_empty() => Body::Empty,
        Ok(json) => Body::Json(Value::from(json)),
        Err(_) => Body::Text(text.into_owned()),
    };
    Response { status: reply.status, headers, body }
}
