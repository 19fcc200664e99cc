//! The exchanges of a world: what is sent, what the service does, and what comes back.

use flexip::error::Error;
use flexip::flow::response::{Body, Response};
use flexip::flow::{BodyReading, Input, SendRequest};
use flexip::wire::http::ResponseHeaders;
use flexip::wire::retry_after;

use super::ask::{Ask, What};
use super::chance::Chance;
use super::nasty::{Form, Kind, Sending};
use super::operations::Doing;
use super::reply::{Content, Reply, Shot};
use super::run::Exchange;
use super::service::Service;
use super::story;
use super::truth::*;
use super::world::{Due, World};

/// The beginning of the virtual clock, in seconds since 1970.
const EPOCH: u64 = 1_772_020_800;

/// More requests than any call needs.
const REQUESTS_MAX: usize = 2500;

impl World {
    pub(super) fn send(&mut self, call: usize, request: SendRequest) {
        let now = self.now;
        let run = &mut self.runs[call];
        let SendRequest { tag, request, reading, timeout, .. } = request;
        let (method, target) = (request.method.as_str(), request.target());
        let exchange = run.exchanges.len();
        if run.is_aborted {
            run.fault("a request was sent after the abort", format!("{method} {target}"));
        }
        if exchange == REQUESTS_MAX {
            run.fault("a call sends without end", format!("{method} {target}"));
        }
        if exchange >= REQUESTS_MAX {
            return;
        }
        self.requests += 1;
        let ask = Ask::read(method, &target, request.body.as_deref().unwrap_or_default());
        let part = (run.spec.number as u64 + 1) * 100_003 + exchange as u64;
        let sending = Sending { ask: &ask, now, timeout: timeout.0 };
        let plan = self.nastiness.plan(&sending, &mut Chance::new(self.number, part));
        let number = run.spec.number;
        self.story.line(now, || {
            let body = request.body.as_deref().unwrap_or_default();
            format!(
                "  call {number} sends request {exchange}: {method} {} {}",
                story::short(&target),
                story::short(body)
            )
        });
        for other in run.exchanges.iter_mut().filter(|other| other.tag == tag) {
            other.is_live = false;
        }
        let (work_at, answer_at) = (plan.work_at, plan.answer_at);
        run.exchanges.push(Exchange {
            tag,
            method,
            target,
            ask,
            sent_at: now,
            timeout: timeout.0,
            reads_body: reading != BodyReading::None,
            plan,
            reply: None,
            is_live: true,
            completed_at: None,
            received: None,
        });
        if let Some(at) = work_at {
            self.schedule(at, Due::Work { call, exchange });
        }
        if let Some(at) = answer_at {
            self.schedule(at, Due::Answer { call, exchange });
        }
        self.schedule(now + timeout.0, Due::Timeout { call, exchange });
    }

    pub(super) fn work(&mut self, call: usize, exchange: usize) {
        let this = &self.runs[call].exchanges[exchange];
        let mut ask = this.ask.clone();
        if let (Some(Kind::IgnoredFilter), What::List(filter)) = (this.plan.kind, &mut ask.what) {
            filter.tags.clear();
        }
        if let (Some(Kind::RepeatedPage), What::List(filter)) = (this.plan.kind, &mut ask.what) {
            filter.page = 1;
        }
        let number = self.runs[call].spec.number;
        let origin = Origin::Call { call, exchange };
        let doing = Doing { at: self.now, origin, latest: this.plan.latest };
        let effects = self.service.effects.len();
        let reply = self.service.perform(&ask, doing);
        if !ask.is_read() {
            let count = self.service.effects.len() - effects;
            let status = reply.status;
            self.story.line(self.now, || {
                format!("    the service does request {exchange} of call {number}: {status}, {count} effects")
            });
        }
        self.runs[call].exchanges[exchange].reply = Some(reply);
    }

    pub(super) fn answer(&mut self, call: usize, exchange: usize) {
        let now = self.now;
        if !self.runs[call].exchanges[exchange].is_live {
            return;
        }
        let mut chance = Chance::new(
            self.number,
            (self.runs[call].spec.number as u64 + 1) * 1_000_003 + exchange as u64,
        );
        if chance.percent(self.meddling) {
            let zone = self.runs[call].spec.zone;
            self.colleague(zone, &mut chance);
        }
        let this = &mut self.runs[call].exchanges[exchange];
        this.is_live = false;
        this.completed_at = Some(now);
        let mut reply = this.reply.clone();
        let sent = this.sent_at;
        if let (Some(Kind::Torn), What::List(filter)) = (this.plan.kind, &this.ask.what) {
            let content = self.service.list(this.ask.zone, filter, |slot| {
                let moment = chance.between(sent, now);
                Some(slot.at(moment))
            });
            reply = Some(Reply::new(200, content));
        }
        if let (
            Some(Kind::LyingTotal),
            Some(Reply { content: Content::Ips { items, total }, .. }),
        ) = (this.plan.kind, &mut reply)
        {
            let lies = [*total + 1, *total + 3, *total * 10 + 7, items.len().saturating_sub(1)];
            *total = chance.pick(&lies).unwrap_or(0);
        }
        let this = &mut self.runs[call].exchanges[exchange];
        let request_id = format!("{}-{call}-{exchange}", self.number);
        let (content, outcome) = match &this.plan.form {
            Form::Served => match reply {
                Some(reply) => respond(&self.service, this, reply, &request_id, now),
                None => (Content::Empty, lost("connection reset")),
            },
            Form::Instead(reply) => {
                let reply = reply.clone();
                respond(&self.service, this, reply, &request_id, now)
            }
            Form::Lost => (Content::Empty, lost("connection reset")),
            Form::Unsent => (
                Content::Empty,
                Err(Error::Unsent(Box::new(Error::Connection("connection refused".to_owned())))),
            ),
            Form::Cut => match reply {
                Some(Reply { status: 200, .. }) if chance.percent(50) => {
                    let reply = Reply::new(200, Content::Text("{\"id\":\"f1f1"));
                    respond(&self.service, this, reply, &request_id, now)
                }
                _ => (Content::Empty, lost("the body was cut")),
            },
        };
        let tag = this.tag;
        if self.story.is_on() {
            self.assert_true(&content, sent);
        }
        let run = &mut self.runs[call];
        run.retained.retain(|(other, _)| *other != tag);
        self.story.answer(
            now,
            run.spec.number,
            exchange,
            &run.exchanges[exchange].plan,
            &outcome,
            &content,
            &self.service,
        );
        run.retained.push((tag, content));
        self.give(call, Input::Responded { tag, outcome });
    }

    /// The first limit of the world: what a response shows was true at some moment of its exchange.
    fn assert_true(&self, content: &Content, sent_at: Ms) {
        let shots = match content {
            Content::Ip(shot) => std::slice::from_ref(&**shot),
            Content::Ips { items, .. } => items,
            _ => &[],
        };
        for Shot { slot, state } in shots {
            let is_true = self.service.slots[*slot].any(sent_at, self.now, |was| was == state);
            assert!(is_true, "IP{slot} was never {state:?}");
        }
    }
}

fn lost(why: &str) -> Result<Response, Error> {
    Err(Error::Connection(why.to_owned()))
}

fn respond(
    service: &Service,
    exchange: &mut Exchange,
    reply: Reply,
    request_id: &str,
    now: Ms,
) -> (Content, Result<Response, Error>) {
    let is_success = (200..300).contains(&reply.status);
    let body = match &reply.content {
        Content::Empty => Body::Empty,
        Content::Text(text) => Body::Text((*text).to_owned()),
        // The facade decodes what the machine does not read, and refuses what is not a flexible IP.
        Content::Ip(_) | Content::Ips { .. } if is_success && !exchange.reads_body => Body::Unread,
        _ if is_success && !exchange.reads_body => Body::Text("{}".to_owned()),
        _ => reply.json(service).map_or(Body::Empty, Body::Json),
    };
    exchange.received = Some((request_id.to_owned(), reply.status));
    let headers = ResponseHeaders {
        request_id: Some(request_id.to_owned()),
        retry_after: reply.retry_after.and_then(|text| retry_after::read(None, Some(text), None)),
        date: Some(EPOCH + now / 1000),
    };
    (reply.content, Ok(Response { status: reply.status, headers, body }))
}
