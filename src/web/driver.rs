//! Drives one machine: carries out its commands, and passes it the inputs. It decides nothing.
//!
//! It has all exchanges and sleeps that are under way, and nothing else has them: dropping it ends them.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use serde_json::Value as Json;

use super::error::{Error, Known, Moved};
use super::fetch::{Reply, ReplyBody, exchange};
use super::options::Listener;
use super::results::{FlexibleIp, decode};
use super::timers::{Clock, Sleep};
use crate::error::Error as Reason;
use crate::flow::response::{Body, Response};
use crate::flow::{
    BodyReading, BodyRef, CallFailure, Command, Event, Input, Machine, Outcome, PlanStep,
    SendRequest, Success, Tag,
};
use crate::model::time::Millis;
use crate::model::to_text::ToText;
use crate::wire::http::Request;
use crate::wire::value::Value;

/// What a call's exchanges are sent with.
pub(super) type Sender = Box<dyn Fn(&SendRequest) -> super::fetch::Sending>;

/// What a driver reports to the caller.
pub(super) enum Progress {
    /// A page of a list: its total, and its items.
    Page(Json, Vec<Json>),
    /// The call is over.
    Done(Result<Ended, Error>),
}

/// A call that succeeded.
pub(super) struct Ended {
    pub(super) result: Output,
    /// The number of attempts of the last request.
    pub(super) attempts: u32,
    /// The request that was sent last.
    pub(super) request: Option<Request>,
}

/// What the caller of a successful call receives, as JSON.
pub(super) enum Output {
    Body(Json),
    Ips(Vec<Json>),
    Plan(Vec<PlanStep>),
}

/// An exchange or a sleep that is under way.
struct Pending {
    tag: Tag,
    work: Pin<Box<dyn Future<Output = Completion>>>,
}

enum Completion {
    Woke { by: Millis },
    Responded { reading: BodyReading, by: Option<Millis>, outcome: Result<Reply, Reason> },
}

pub(super) struct Driver {
    machine: Box<dyn Machine>,
    sender: Sender,
    clock: Rc<Clock>,
    listeners: Vec<Listener>,
    pending: Vec<Pending>,
    /// The bodies of successes, which the machine refers to by the tags of their requests.
    bodies: BTreeMap<Tag, Json>,
    sent: Option<Request>,
    /// The latest end of a sleep or of a timeout: the time is not before it, even if the host's clock stands
    /// still. Else a machine that waits for a moment would sleep again and again.
    earliest: Millis,
    progress: VecDeque<Progress>,
}

impl Driver {
    pub(super) fn new(
        machine: Box<dyn Machine>,
        sender: Sender,
        clock: Rc<Clock>,
        listeners: Vec<Listener>,
    ) -> Self {
        Self {
            machine,
            sender,
            clock,
            listeners,
            pending: Vec::new(),
            bodies: BTreeMap::new(),
            sent: None,
            earliest: Millis(0),
            progress: VecDeque::new(),
        }
    }

    /// Passes an input, and carries out the commands that follow.
    pub(super) fn pass(&mut self, input: Input) {
        let now = self.now();
        for command in self.machine.on(input, now) {
            self.carry_out(command, now);
        }
    }

    /// Advances the call until there is something to report.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Progress> {
        loop {
            if let Some(progress) = self.progress.pop_front() {
                return Poll::Ready(progress);
            }
            let completed = self.pending.iter_mut().enumerate().find_map(|(place, pending)| {
                match pending.work.as_mut().poll(context) {
                    Poll::Ready(completion) => Some((place, completion)),
                    Poll::Pending => None,
                }
            });
            let Some((place, completion)) = completed else { return Poll::Pending };
            let Pending { tag, .. } = self.pending.swap_remove(place);
            self.complete(tag, completion);
        }
    }

    fn now(&self) -> Millis {
        self.clock.now().max(self.earliest)
    }

    fn complete(&mut self, tag: Tag, completion: Completion) {
        match completion {
            Completion::Woke { by } => {
                self.earliest = self.earliest.max(by);
                self.pass(Input::Woke { tag });
            }
            Completion::Responded { reading, by, outcome } => {
                self.earliest = self.earliest.max(by.unwrap_or_default());
                let outcome = outcome.map(|reply| self.respond(tag, reading, reply));
                self.pass(Input::Responded { tag, outcome });
            }
        }
    }

    /// The response as the machine sees it. The body of a success is retained.
    fn respond(&mut self, tag: Tag, reading: BodyReading, reply: Reply) -> Response {
        let Reply { status, headers, body } = reply;
        let is_success = (200..300).contains(&status);
        let body = match body {
            ReplyBody::Empty => Body::Empty,
            ReplyBody::Text(text) => Body::Text(text),
            ReplyBody::Json(json) if is_success => {
                let seen = match reading {
                    BodyReading::None => Body::Unread,
                    BodyReading::Outline => Body::Json(outline(json.clone())),
                    BodyReading::Whole => Body::Json(json.clone().into()),
                };
                self.bodies.insert(tag, json);
                seen
            }
            ReplyBody::Json(json) => Body::Json(json.into()),
        };
        Response { status, headers, body }
    }

    fn carry_out(&mut self, command: Command, now: Millis) {
        match command {
            Command::Send(send) => self.send(send, now),
            Command::Sleep { tag, length } => {
                let by = Millis(now.0.saturating_add(length.0));
                let sleep = Sleep::new(length);
                let work = Box::pin(async move {
                    sleep.await;
                    Completion::Woke { by }
                });
                self.start(Pending { tag, work });
            }
            Command::Cancel { tag } => {
                self.bodies.remove(&tag);
                self.pending.retain(|pending| pending.tag != tag);
            }
            Command::DeliverPage { tag, items } => {
                let page = self.bodies.remove(&tag).unwrap_or_default();
                let ips = items.iter().filter_map(|item| page.get("flexible_ips")?.get(item));
                let ips = ips.cloned().collect();
                let total = page.get("total_count").cloned().unwrap_or_default();
                self.progress.push_back(Progress::Page(total, ips));
            }
            Command::Emit(event) => self.emit(&event),
            Command::Done(done) => {
                let result = match done {
                    Ok(success) => Ok(self.ended(success)),
                    Err(failed) => Err(self.failed(failed)),
                };
                self.pending.clear();
                self.bodies.clear();
                self.progress.push_back(Progress::Done(result));
            }
        }
    }

    fn send(&mut self, send: SendRequest, now: Millis) {
        let SendRequest { tag, reading, .. } = send;
        self.sent = Some(send.request.clone());
        let sending = (self.sender)(&send);
        let work = Box::pin(async move {
            let outcome = exchange(sending, send).await;
            let by = match outcome {
                Err(Reason::Timeout(limit)) => Some(Millis(now.0.saturating_add(limit.0))),
                _ => None,
            };
            Completion::Responded { reading, by, outcome }
        });
        self.start(Pending { tag, work });
    }

    fn start(&mut self, pending: Pending) {
        self.pending.retain(|other| other.tag != pending.tag);
        self.pending.push(pending);
    }

    fn emit(&self, event: &Event) {
        for listener in &self.listeners {
            listener.emit(event);
        }
    }

    fn ended(&mut self, Success { outcome, attempts }: Success) -> Ended {
        let result = match outcome {
            Outcome::Response(tag) => Output::Body(self.bodies.remove(&tag).unwrap_or_default()),
            Outcome::Ip(body) => Output::Body(self.body(body).cloned().unwrap_or_default()),
            Outcome::Ips(bodies) => {
                Output::Ips(bodies.iter().filter_map(|body| self.body(*body)).cloned().collect())
            }
            Outcome::Nothing => Output::Body(Json::Null),
            Outcome::Plan(plan) => Output::Plan(plan),
        };
        Ended { result, attempts, request: self.sent.take() }
    }

    fn failed(&self, failed: CallFailure) -> Error {
        let ip = |body: Option<BodyRef>| -> Option<FlexibleIp> {
            decode(self.body(body?)?.clone()).ok()
        };
        let CallFailure { failure, last, moves, resume, read, .. } = failed;
        let moves = moves.into_iter().map(|state| Moved {
            fip_id: state.id.to_text(),
            arrived: state.arrived,
            returned: state.returned,
            last: ip(state.last),
            reason: state.failure.map(|failure| failure.error),
        });
        Error(Box::new(Known {
            failure,
            last: ip(last),
            read: read.into_iter().filter_map(|body| ip(Some(body))).collect(),
            moves: moves.collect(),
            resume,
        }))
    }

    /// The body of a flexible IP.
    fn body(&self, BodyRef { tag, item }: BodyRef) -> Option<&Json> {
        let body = self.bodies.get(&tag)?;
        match item {
            None => Some(body),
            Some(item) => body.get("flexible_ips")?.get(item),
        }
    }
}

/// The fields of a body as the rules read them: an empty status is no status, and an empty id none.
fn outline(mut body: Json) -> Value {
    if let Some(ips) = body.get_mut("flexible_ips").and_then(Json::as_array_mut) {
        ips.iter_mut().for_each(without_empty);
    } else {
        without_empty(&mut body);
    }
    body.into()
}

fn without_empty(ip: &mut Json) {
    let clear = |value: Option<&mut Json>| {
        if let Some(value) = value.filter(|value| value.as_str() == Some("")) {
            *value = Json::Null;
        }
    };
    clear(ip.get_mut("status"));
    clear(ip.get_mut("server_id"));
    clear(ip.get_mut("mac_address").and_then(|mac| mac.get_mut("id")));
}
