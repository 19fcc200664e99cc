//! Drives the machines against the service, on a clock that jumps to the next moment at which something
//! happens. The same seed gives the same world.

use std::collections::BTreeMap;

use flexip::error::Error;
use flexip::flow::response::{Body, Response};
use flexip::flow::{BodyRef, CallFailure, Command, Input, Machine, Outcome, SendRequest, Success, Tag};
use flexip::model::time::Millis;
use flexip::policy::budget::Budget;
use flexip::wire::http::ResponseHeaders;
use flexip::wire::retry_after;

use super::ask::{Ask, What};
use super::chance::Chance;
use super::machines;
use super::nasty::{Form, Kind, Nastiness, Plan, Sending};
use super::operations::Doing;
use super::reply::{Content, Reply, Shot};
use super::service::Service;
use super::setup::{CallSpec, Job, Seed};
use super::story::Story;
use super::truth::*;

/// The beginning of the virtual clock, in seconds since 1970.
const EPOCH: u64 = 1_772_020_800;

/// More requests than any call needs.
const REQUESTS_MAX: usize = 2500;

/// The time after the deadline in which a machine may still end.
const GRACE: Ms = 10;

#[derive(Clone, Debug)]
enum Due {
    Start(usize),
    Abort(usize),
    Page(usize),
    Work { call: usize, exchange: usize },
    Answer { call: usize, exchange: usize },
    Timeout { call: usize, exchange: usize },
    Wake { call: usize, number: usize },
    Other { zone: usize, kind: Kind, number: u64 },
}

/// A request, and what came of it.
pub(crate) struct Exchange {
    pub(crate) tag: Tag,
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) ask: Ask,
    pub(crate) sent_at: Ms,
    timeout: Ms,
    reads_body: bool,
    plan: Plan,
    reply: Option<Reply>,
    is_live: bool,
    /// What the machine received: the request id, and the status.
    pub(crate) received: Option<(String, u16)>,
}

pub(crate) type CallResult = Result<Success, CallFailure>;

pub(crate) struct Run {
    pub(crate) spec: CallSpec,
    machine: Option<Box<dyn Machine>>,
    pub(crate) began: Ms,
    pub(crate) exchanges: Vec<Exchange>,
    sleeps: Vec<(usize, Tag)>,
    sleep_numbers: usize,
    pub(crate) is_aborted: bool,
    /// The contents that a result can name.
    retained: Vec<(Tag, Content)>,
    pub(crate) delivered: Vec<Shot>,
    pub(crate) ended: Option<(Ms, CallResult)>,
    /// What the driver itself has seen to be wrong.
    pub(crate) faults: Vec<(&'static str, String)>,
}

pub(crate) struct World {
    pub(crate) number: u64,
    pub(crate) service: Service,
    pub(crate) runs: Vec<Run>,
    pub(crate) story: Story,
    pub(crate) requests: usize,
    nastiness: Nastiness,
    meddling: u64,
    budget: Budget,
    agenda: BTreeMap<(Ms, u64), Due>,
    numbers: u64,
    now: Ms,
}

impl World {
    /// Runs a world to its end.
    pub(crate) fn run(seed: &Seed, tells_story: bool) -> Self {
        let beginning = seed.begin();
        let mut world = Self {
            number: seed.number,
            service: beginning.service,
            runs: Vec::new(),
            story: Story::new(tells_story),
            requests: 0,
            nastiness: beginning.nastiness,
            meddling: beginning.meddling,
            budget: Budget::new(500),
            agenda: BTreeMap::new(),
            numbers: 0,
            now: 0,
        };
        for (number, (at, zone, kind)) in beginning.others.into_iter().enumerate() {
            world.schedule(at, Due::Other { zone, kind, number: number as u64 });
        }
        for spec in beginning.calls {
            if !machines::is_sensible(&spec.job) {
                continue;
            }
            let call = world.runs.len();
            world.schedule(spec.at, Due::Start(call));
            if let Some(after) = spec.abort_after {
                world.schedule(spec.at + after, Due::Abort(call));
            }
            world.runs.push(Run::new(spec));
        }
        let zones = world.runs.iter().map(|run| run.spec.zone).collect();
        world.story.beginning(&world.service, zones);
        while let Some(((at, _), due)) = world.agenda.pop_first() {
            world.now = at;
            world.service.advance(at);
            world.happen(due);
        }
        while let Some(at) = world.service.last_end() {
            world.service.advance(at);
        }
        world.story.end(&world.service);
        world
    }

    fn schedule(&mut self, at: Ms, due: Due) {
        self.numbers += 1;
        self.agenda.insert((at, self.numbers), due);
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Start(call) => {
                let run = &mut self.runs[call];
                run.began = self.now;
                let seed = self.number ^ run.spec.number as u64;
                run.machine = Some(machines::machine(&run.spec, &self.budget, seed));
                self.story.call(self.now, &self.runs[call].spec);
                self.give(call, Input::Started);
                if matches!(self.runs[call].spec.job, Job::Pages { .. }) {
                    self.give(call, Input::PageRequested);
                }
            }
            Due::Abort(call) => {
                if self.runs[call].ended.is_none() {
                    self.story.line(self.now, || format!("call {} is aborted", self.runs[call].spec.number));
                    self.runs[call].is_aborted = true;
                    self.give(call, Input::Aborted);
                    let run = &mut self.runs[call];
                    if run.ended.is_none() {
                        run.fault("an abort did not end the call at once", String::new());
                    }
                }
            }
            Due::Page(call) => self.give(call, Input::PageRequested),
            Due::Work { call, exchange } => self.work(call, exchange),
            Due::Answer { call, exchange } => self.answer(call, exchange),
            Due::Timeout { call, exchange } => {
                let run = &mut self.runs[call];
                let this = &mut run.exchanges[exchange];
                if std::mem::take(&mut this.is_live) {
                    let (tag, timeout) = (this.tag, this.timeout);
                    let number = run.spec.number;
                    self.story.line(self.now, || format!("  call {number}: no response to request {exchange} within {timeout} ms"));
                    self.give(call, Input::Responded { tag, outcome: Err(Error::Timeout(Millis(timeout))) });
                }
            }
            Due::Wake { call, number } => {
                let run = &mut self.runs[call];
                if let Some(place) = run.sleeps.iter().position(|(sleep, _)| *sleep == number) {
                    let (_, tag) = run.sleeps.remove(place);
                    self.give(call, Input::Woke { tag });
                }
            }
            Due::Other { zone, kind, number } => self.other(zone, kind, number),
        }
    }

    fn other(&mut self, zone: usize, kind: Kind, number: u64) {
        let mut chance = Chance::new(self.number, 50_000 + number);
        match kind {
            Kind::PoolReuse => {
                if let Some(slot) = self.service.tenant_acts(zone, self.now, &mut chance) {
                    self.story.line(self.now, || format!("* another tenant: {:?}", slot));
                }
            }
            Kind::ServerRemoved => {
                let server = zone * 3 + chance.below(3) as usize;
                self.service.remove_server(server, self.now);
                self.story.line(self.now, || format!("* server S{server} is removed"));
            }
            _ => self.colleague(zone, &mut chance),
        }
    }

    fn colleague(&mut self, zone: usize, chance: &mut Chance) {
        let effects = self.service.effects.len();
        if let Some(ask) = self.service.colleague_acts(zone, self.now, chance)
            && self.service.effects.len() > effects
        {
            self.story.line(self.now, || format!("* a colleague: {}", super::story::ask(&ask)));
        }
    }

    fn work(&mut self, call: usize, exchange: usize) {
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

    fn answer(&mut self, call: usize, exchange: usize) {
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
        let mut reply = this.reply.clone();
        let sent = this.sent_at;
        if let (Some(Kind::Torn), What::List(filter)) = (this.plan.kind, &this.ask.what) {
            let content = self.service.list(this.ask.zone, filter, |slot| {
                let moment = chance.between(sent, now);
                Some(slot.at(moment))
            });
            reply = Some(Reply::new(200, content));
        }
        if let (Some(Kind::LyingTotal), Some(Reply { content: Content::Ips { items, total }, .. })) =
            (this.plan.kind, &mut reply)
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
        let run = &mut self.runs[call];
        run.retained.retain(|(other, _)| *other != tag);
        self.story.answer(now, run.spec.number, exchange, &run.exchanges[exchange].plan, &outcome, &content, &self.service);
        run.retained.push((tag, content));
        self.give(call, Input::Responded { tag, outcome });
    }

    fn give(&mut self, call: usize, input: Input) {
        let run = &mut self.runs[call];
        if run.ended.is_some() {
            return;
        }
        let Some(machine) = &mut run.machine else { return };
        for command in machine.on(input, Millis(self.now)) {
            self.carry_out(call, command);
        }
    }

    fn carry_out(&mut self, call: usize, command: Command) {
        let now = self.now;
        let run = &mut self.runs[call];
        if run.ended.is_some() {
            return;
        }
        match command {
            Command::Send(request) => self.send(call, request),
            Command::Sleep { tag, length } => {
                run.sleep_numbers += 1;
                let number = run.sleep_numbers;
                run.sleeps.push((number, tag));
                self.schedule(now.saturating_add(length.0), Due::Wake { call, number });
            }
            Command::Cancel { tag } => {
                run.sleeps.retain(|(_, other)| *other != tag);
                run.retained.retain(|(other, _)| *other != tag);
                for exchange in run.exchanges.iter_mut().filter(|exchange| exchange.tag == tag) {
                    exchange.is_live = false;
                }
            }
            Command::DeliverPage { tag, items } => self.deliver(call, tag, &items),
            Command::Emit(_) => {}
            Command::Done(result) => {
                let late = now.saturating_sub(run.began + run.spec.total);
                // The time that a caller spends between two pages does not count.
                if late > GRACE && !matches!(run.spec.job, Job::Pages { .. }) {
                    run.fault("a call ended after its total time", format!("{late} ms late"));
                }
                let number = run.spec.number;
                self.story.line(now, || match &result {
                    Ok(success) => format!("call {number} SUCCEEDS: {:?}", success.outcome),
                    Err(failure) => format!(
                        "call {number} FAILS: {} | moves: {:?}",
                        failure.failure,
                        failure.moves.iter().map(|state| (state.id, state.arrived)).collect::<Vec<_>>(),
                    ),
                });
                for exchange in &mut run.exchanges {
                    exchange.is_live = false;
                }
                run.sleeps.clear();
                run.machine = None;
                let follower = run.spec.follower(&result);
                run.ended = Some((now, result));
                if let Some(spec) = follower {
                    let at = now + 70_000 * (spec.number as u64 % 2);
                    let call = self.runs.len();
                    self.runs.push(Run::new(CallSpec { at, ..spec }));
                    self.schedule(at, Due::Start(call));
                }
            }
        }
    }

    fn deliver(&mut self, call: usize, tag: Tag, items: &[usize]) {
        let run = &mut self.runs[call];
        let place = run.retained.iter().position(|(other, _)| *other == tag);
        let Some((_, Content::Ips { items: all, .. })) = place.map(|place| run.retained.remove(place)) else {
            run.fault("a page was delivered that was not read", String::new());
            return;
        };
        let shots: Vec<Shot> = items.iter().filter_map(|item| all.get(*item)).cloned().collect();
        run.delivered.extend(shots.iter().cloned());
        let zone = run.spec.zone;
        let mut chance = Chance::new(self.number, 70_000 + run.exchanges.len() as u64);
        if matches!(run.spec.job, Job::Pages { deletes: true, .. }) {
            for shot in shots.iter().filter(|_| chance.percent(60)) {
                let id = self.service.slots[shot.slot].id.clone();
                let ask = Ask { zone, what: What::Delete { id } };
                let latest = self.now + 45_000;
                self.service.perform(&ask, Doing { at: self.now, origin: Origin::Colleague, latest });
                self.story.line(self.now, || format!("* the caller: {}", super::story::ask(&ask)));
            }
        }
        let pause = chance.below(40);
        self.schedule(self.now + pause, Due::Page(call));
    }

    fn send(&mut self, call: usize, request: SendRequest) {
        let now = self.now;
        let run = &mut self.runs[call];
        let SendRequest { tag, request, reads_body, timeout, .. } = request;
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
            format!("  call {number} sends request {exchange}: {method} {} {}", super::story::short(&target), super::story::short(body))
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
            reads_body,
            plan,
            reply: None,
            is_live: true,
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
        _ if is_success && !exchange.reads_body => Body::Unread,
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

/// The number of the call that goes on with a move: it is not one of the world's own.
const FOLLOWERS: usize = 1000;

impl CallSpec {
    /// The call that goes on with a move that ended on its way, in another process.
    fn follower(&self, result: &CallResult) -> Option<Self> {
        let (Job::Ensure { server, direct, .. } | Job::Failover { to: server, direct, .. }) = &self.job else {
            return None;
        };
        let failure = result.as_ref().err()?;
        if failure.moves.is_empty() || self.number >= FOLLOWERS {
            return None;
        }
        let ids = failure.moves.iter().map(|state| state.id.to_string()).collect();
        let (server, direct) = (server.clone(), *direct);
        let job = Job::Ensure { ids, server, direct, dry: false };
        let (number, total) = (FOLLOWERS + self.number, 120_000);
        Some(Self { number, job, total, abort_after: None, ..self.clone() })
    }
}

impl Run {
    fn new(spec: CallSpec) -> Self {
        Self {
            began: spec.at,
            spec,
            machine: None,
            exchanges: Vec::new(),
            sleeps: Vec::new(),
            sleep_numbers: 0,
            is_aborted: false,
            retained: Vec::new(),
            delivered: Vec::new(),
            ended: None,
            faults: Vec::new(),
        }
    }

    fn fault(&mut self, kind: &'static str, text: String) {
        self.faults.push((kind, text));
    }

    fn shot(&self, place: &BodyRef) -> Option<&Shot> {
        let (_, content) = self.retained.iter().find(|(tag, _)| *tag == place.tag)?;
        match (content, place.item) {
            (Content::Ip(shot), None) => Some(shot),
            (Content::Ips { items, .. }, Some(item)) => items.get(item),
            _ => None,
        }
    }

    /// The content of the response that a success names.
    pub(crate) fn content(&self, tag: Tag) -> Option<&Content> {
        self.retained.iter().find(|(other, _)| *other == tag).map(|(_, content)| content)
    }

    /// The flexible IPs that a success names; none if it names one that no response holds.
    pub(crate) fn named(&self, outcome: &Outcome) -> Option<Vec<&Shot>> {
        match outcome {
            Outcome::Response(tag) => Some(match self.content(*tag)? {
                Content::Ip(shot) => vec![shot],
                Content::Ips { items, .. } => items.iter().collect(),
                Content::Empty => Vec::new(),
                _ => return None,
            }),
            Outcome::Ip(place) => Some(vec![self.shot(place)?]),
            Outcome::Ips(places) => places.iter().map(|place| self.shot(place)).collect(),
            Outcome::Nothing | Outcome::Plan(_) => Some(Vec::new()),
        }
    }
}
