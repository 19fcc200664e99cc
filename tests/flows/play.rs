//! Plays a machine against scripted responses on a simulated clock. Unlike the emulator, a script can
//! answer with anything.

use std::collections::BTreeMap;

use flexip::error::Error;
use flexip::flow::response::{Body, Response};
use flexip::flow::{CallFailure, Command, Event, Input, Machine, SendRequest, Success};
use flexip::model::time::Millis;
use flexip::wire::http::ResponseHeaders;
use serde_json::{Value as Json, json};

pub(crate) const ID: &str = "7c715b98-e683-493a-9e62-109d684e4348";
pub(crate) const OTHER_ID: &str = "7c715b98-e683-493a-9e62-109d684e4349";
pub(crate) const PROJECT: &str = "22222222-e683-493a-9e62-109d684e4348";
pub(crate) const SERVER: &str = "11111111-e683-493a-9e62-109d684e4348";
pub(crate) const OTHER_SERVER: &str = "11111111-e683-493a-9e62-109d684e4349";

/// How long a response takes, in milliseconds.
const LATENCY: u64 = 10;

pub(crate) type Answer = Result<Response, Error>;

/// What a machine did.
pub(crate) struct Played {
    /// When it ended, in milliseconds.
    pub(crate) at: u64,
    pub(crate) outcome: Result<Success, Box<CallFailure>>,
    /// When each request was sent, its method and target, and its timeout.
    pub(crate) sent: Vec<(u64, String, u64)>,
    pub(crate) events: Vec<Event>,
}

impl Played {
    #[track_caller]
    pub(crate) fn error(&self) -> String {
        self.outcome.as_ref().expect_err("a failure was expected").failure.error.to_string()
    }

    pub(crate) fn count(&self, part: &str) -> usize {
        self.sent.iter().filter(|(_, target, _)| target.contains(part)).count()
    }
}

/// Plays a machine until it ends. `answer` receives each request and the time at which it was sent.
pub(crate) fn play(
    machine: impl Machine,
    answer: impl FnMut(&SendRequest, u64) -> Answer,
) -> Played {
    play_with_abort(machine, None, answer)
}

/// The same, with an abort at this time.
pub(crate) fn play_with_abort(
    mut machine: impl Machine,
    abort_at: Option<u64>,
    mut answer: impl FnMut(&SendRequest, u64) -> Answer,
) -> Played {
    let mut due = BTreeMap::from([((0, 0), Input::Started)]);
    if let Some(at) = abort_at {
        due.insert((at, 1), Input::Aborted);
    }
    let (mut sent, mut events, mut number) = (Vec::new(), Vec::new(), 1);
    loop {
        let ((now, _), input) = due.pop_first().expect("the machine never ends");
        for command in machine.on(input, Millis(now)) {
            number += 1;
            match command {
                Command::Send(request) => {
                    let target = [request.request.method.as_str(), " ", &request.request.target()];
                    sent.push((now, target.concat(), request.timeout.0));
                    assert!(sent.len() < 10_000, "too many requests");
                    let in_time = LATENCY < request.timeout.0;
                    let outcome =
                        if in_time { answer(&request, now) } else { Err(Error::Timeout(request.timeout)) };
                    let at = now + LATENCY.min(request.timeout.0);
                    due.insert((at, number), Input::Responded { tag: request.tag, outcome });
                }
                Command::Sleep { tag, length } => {
                    due.insert((now + length.0, number), Input::Woke { tag });
                }
                Command::Emit(event) => events.push(event),
                Command::Cancel { tag: cancelled } => due.retain(|_, input| {
                    !matches!(input, Input::Responded { tag, .. } | Input::Woke { tag } if *tag == cancelled)
                }),
                Command::DeliverPage { .. } => {}
                Command::Done(outcome) => {
                    return Played { at: now, outcome: outcome.map_err(Box::new), sent, events };
                }
            }
        }
    }
}

/// A response with a JSON body.
pub(crate) fn json_of(status: u16, body: Json) -> Answer {
    Ok(Response { status, headers: ResponseHeaders::default(), body: Body::Json(body.into()) })
}

/// A response with another body.
pub(crate) fn text_of(status: u16, text: &str) -> Answer {
    Ok(Response { status, headers: ResponseHeaders::default(), body: Body::Text(text.to_owned()) })
}

/// A flexible IP in a status, on a server.
pub(crate) fn ip_of(status: &str, server: Option<&str>) -> Json {
    json!({ "id": ID, "project_id": PROJECT, "status": status, "server_id": server, "zone": "fr-par-1" })
}

/// A page of a list.
pub(crate) fn list_of(total: u32, ips: &[Json]) -> Answer {
    json_of(200, json!({ "total_count": total, "flexible_ips": ips }))
}

/// The refusal that the API gives for a flexible IP that was deleted, or without permissions.
pub(crate) fn denied() -> Answer {
    json_of(
        403,
        json!({ "details": [{ "action": "read", "resource": "flexible-ip" }],
            "message": "insufficient permissions", "type": "permissions_denied" }),
    )
}

/// Whether a request reads a list.
pub(crate) fn is_list(request: &SendRequest) -> bool {
    request.operation.name() == "listFlexibleIPs"
}
