//! A simulated world: an emulator, the machines of clients, a network between them, and a clock that
//! jumps from one scheduled action to the next. The same seed gives the same run.

use std::collections::BTreeMap;

use flexip::emulator::{Emulator, Request, Response as EmulatorResponse, Settings};
use flexip::error::Error;
use flexip::flow::response::{Body, Response};
use flexip::flow::{
    BodyReading, BodyRef, CallFailure, Command, Event, Input, Machine, Outcome, SendRequest,
    Success, Tag,
};
use flexip::model::time::{Millis, Timestamp};
use flexip::wire::route::Operation;
use flexip::wire::value::Value;

use super::network::{Network, Trouble};

const EPOCH: u64 = 1_795_478_400_000;

/// The most actions at one time. More of them mean that the clock does not advance.
const ACTIONS_AT_ONCE_MAX: u32 = 20_000;

/// A machine that was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Call(usize);

/// A change of the world that a test schedules.
pub(crate) type Change = Box<dyn FnOnce(&mut World)>;

/// What is scheduled.
enum Due {
    Arrive { call: usize, number: u64, request: SendRequest, trouble: Option<Trouble> },
    Response { call: usize, number: u64, outcome: Result<Response, Error> },
    Wake { call: usize, number: u64 },
    Change(Change),
}

/// A request that was sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) at: u64,
    pub(crate) operation: Operation,
    pub(crate) target: String,
    pub(crate) body: String,
    pub(crate) timeout: u64,
}

/// How a machine ended.
pub(crate) type CallResult = Result<Success, Box<CallFailure>>;

struct Run {
    machine: Box<dyn Machine>,
    began: u64,
    /// When the machine must have ended.
    deadline: u64,
    /// The requests and sleeps under way: tag, and whether the machine reads the body.
    pending: BTreeMap<u64, (Tag, BodyReading)>,
    /// The bodies that the machine may name in its result.
    retained: BTreeMap<Tag, Value>,
    last_body: Option<Body>,
    sent: Vec<Sent>,
    events: Vec<Event>,
    delivered: Vec<Value>,
    pending_max: usize,
    outcome: Option<(u64, CallResult)>,
}

/// A simulated world.
pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) network: Network,
    /// How long a request, and a response, travels, in milliseconds.
    pub(crate) latency: u64,
    now: u64,
    last_number: u64,
    runs: Vec<Run>,
    /// What is scheduled, by its time. Actions at one time are in an order drawn from the seed.
    schedule: BTreeMap<(u64, u64, u64), Due>,
}

impl World {
    pub(crate) fn new(settings: Settings) -> Self {
        let network = Network::new(settings.seed);
        let emulator = Emulator::new(settings).unwrap();
        let (runs, schedule) = (Vec::new(), BTreeMap::new());
        Self { emulator, network, latency: 10, now: 0, last_number: 0, runs, schedule }
    }

    pub(crate) const fn now(&self) -> u64 {
        self.now
    }

    pub(crate) const fn timestamp(&self) -> Timestamp {
        Timestamp::from_millis(EPOCH + self.now)
    }

    /// Starts a machine that must end within the total timeout.
    pub(crate) fn start(&mut self, machine: impl Machine + 'static, total_timeout: Millis) -> Call {
        let call = self.runs.len();
        self.runs.push(Run {
            machine: Box::new(machine),
            began: self.now,
            deadline: self.now + total_timeout.0,
            pending: BTreeMap::new(),
            retained: BTreeMap::new(),
            last_body: None,
            sent: Vec::new(),
            events: Vec::new(),
            delivered: Vec::new(),
            pending_max: 0,
            outcome: None,
        });
        self.on_input(call, Input::Started);
        Call(call)
    }

    /// Gives a machine an input of the caller: an abort, or the request for a page.
    pub(crate) fn input(&mut self, call: Call, input: Input) {
        self.on_input(call.0, input);
    }

    /// Schedules a change in this many milliseconds.
    pub(crate) fn after(&mut self, millis: u64, change: impl FnOnce(&mut Self) + 'static) {
        self.schedule(millis, Due::Change(Box::new(change)));
    }

    /// Advances the clock until this machine has ended.
    pub(crate) fn finish(&mut self, call: Call) -> CallResult {
        while self.outcome(call).is_none() {
            assert!(self.step(), "{call:?} never ends: {:?}", self.sent(call).last());
        }
        self.outcome(call).unwrap().clone()
    }

    /// Advances the clock until nothing is scheduled and the emulator is at rest.
    pub(crate) fn settle(&mut self) {
        while self.step() {}
        while let Some(at) = self.emulator.next_transition_at() {
            self.now = self.now.max(at.millis().saturating_sub(EPOCH));
            self.emulator.settle(self.timestamp());
        }
    }

    /// Advances the clock by this many milliseconds.
    pub(crate) fn pass(&mut self, millis: u64) {
        let until = self.now + millis;
        while self.schedule.first_key_value().is_some_and(|((at, ..), _)| *at <= until) {
            self.step();
        }
        self.now = until;
    }

    /// Advances the clock to the next scheduled time, and does all that is scheduled for it. Returns
    /// whether there was any.
    pub(crate) fn step(&mut self) -> bool {
        let mut count = 0;
        let Some(((at, ..), due)) = self.schedule.pop_first() else { return false };
        self.now = at;
        self.run_due(due);
        while let Some(entry) = self.schedule.first_entry().filter(|entry| entry.key().0 == at) {
            let due = entry.remove();
            count += 1;
            assert!(count < ACTIONS_AT_ONCE_MAX, "the clock does not advance from {at}");
            self.run_due(due);
        }
        true
    }

    fn run_due(&mut self, due: Due) {
        match due {
            Due::Arrive { call, number, request, trouble } => {
                let is_served = trouble.is_none_or(Trouble::reaches_service);
                let reply = is_served.then(|| self.serve(&request));
                if let Some(Trouble::DoneLater(millis)) = trouble {
                    let request = request.clone();
                    self.after(millis, move |world| {
                        world.serve(&request);
                    });
                }
                if let Some((delay, outcome)) = Trouble::apply(trouble, reply) {
                    let due = Due::Response { call, number, outcome };
                    self.schedule(delay + self.latency, due);
                }
            }
            Due::Response { call, number, outcome } => self.on_response(call, number, outcome),
            Due::Wake { call, number } => {
                if let Some((tag, _)) = self.run(call).pending.remove(&number) {
                    self.on_input(call, Input::Woke { tag });
                }
            }
            Due::Change(change) => change(self),
        }
    }

    /// Sends a request to the emulator without the network.
    pub(crate) fn handle(&mut self, method: &str, target: &str, body: &str) -> EmulatorResponse {
        let headers = vec![("X-Auth-Token".to_owned(), self.emulator.secret_key().to_owned())];
        let (method, target) = (method.to_owned(), target.to_owned());
        let request = Request { method, target, headers, body: body.as_bytes().to_vec() };
        self.emulator.handle(&request, self.timestamp())
    }

    fn serve(&mut self, sent: &SendRequest) -> EmulatorResponse {
        let request = &sent.request;
        let body = request.body.clone().unwrap_or_default();
        self.handle(request.method.as_str(), &request.target(), &body)
    }

    fn on_response(&mut self, call: usize, number: u64, outcome: Result<Response, Error>) {
        let run = self.run(call);
        let Some((tag, reading)) = run.pending.remove(&number) else { return };
        let outcome = outcome.map(|response| {
            run.last_body = Some(response.body.clone());
            match (&response.body, (200..300).contains(&response.status)) {
                (Body::Json(body), true) if reading != BodyReading::None => {
                    run.retained.insert(tag, body.clone());
                    response
                }
                (Body::Json(_), true) => Response { body: Body::Unread, ..response },
                _ => response,
            }
        });
        self.on_input(call, Input::Responded { tag, outcome });
    }

    fn on_input(&mut self, call: usize, input: Input) {
        let now = self.now;
        let run = self.run(call);
        if run.outcome.is_some() {
            return;
        }
        for command in run.machine.on(input, Millis(now)) {
            self.carry_out(call, command);
        }
    }

    fn carry_out(&mut self, call: usize, command: Command) {
        let now = self.now;
        let run = &mut self.runs[call];
        if run.outcome.is_some() {
            return;
        }
        match command {
            Command::Send(request) => self.send(call, request),
            Command::Sleep { tag, length } => {
                let number = self.next_number();
                self.run(call).pending.insert(number, (tag, BodyReading::None));
                self.schedule(length.0, Due::Wake { call, number });
            }
            Command::Cancel { tag } => {
                run.retained.remove(&tag);
                run.pending.retain(|_, (other, _)| *other != tag);
            }
            Command::DeliverPage { tag, items } => {
                let list = run.retained.remove(&tag).unwrap();
                let ips = list.field("flexible_ips").unwrap().items();
                run.delivered.extend(items.into_iter().map(|item| ips[item].clone()));
            }
            Command::Emit(event) => run.events.push(event),
            Command::Done(outcome) => {
                assert!(now <= run.deadline + 10, "{now} is past {}", run.deadline);
                run.pending.clear();
                run.outcome = Some((now, outcome.map_err(Box::new)));
            }
        }
    }

    fn send(&mut self, call: usize, sent: SendRequest) {
        let (number, latency, now) = (self.next_number(), self.latency, self.now);
        let trouble = self.network.next_trouble();
        let run = self.run(call);
        run.pending.insert(number, (sent.tag, sent.reading));
        let request = &sent.request;
        run.sent.push(Sent {
            at: now - run.began,
            operation: sent.operation,
            target: request.target(),
            body: request.body.clone().unwrap_or_default(),
            timeout: sent.timeout.0,
        });
        run.pending_max = run.pending_max.max(run.pending.len());
        let timeout = sent.timeout;
        self.schedule(latency, Due::Arrive { call, number, request: sent, trouble });
        let outcome = Err(Error::Timeout(timeout));
        self.schedule(timeout.0, Due::Response { call, number, outcome });
    }

    fn schedule(&mut self, millis: u64, due: Due) {
        let number = self.next_number();
        let order = (self.network.random.fraction() * 1e9) as u64;
        self.schedule.insert((self.now + millis, order, number), due);
    }

    const fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    fn run(&mut self, call: usize) -> &mut Run {
        &mut self.runs[call]
    }

    pub(crate) fn outcome(&self, call: Call) -> Option<&CallResult> {
        self.runs[call.0].outcome.as_ref().map(|(_, outcome)| outcome)
    }

    /// How long the call took, in milliseconds.
    pub(crate) fn took(&self, call: Call) -> u64 {
        self.runs[call.0].outcome.as_ref().unwrap().0 - self.runs[call.0].began
    }

    pub(crate) fn sent(&self, call: Call) -> &[Sent] {
        &self.runs[call.0].sent
    }

    pub(crate) fn events(&self, call: Call) -> &[Event] {
        &self.runs[call.0].events
    }

    /// The items of the delivered pages.
    pub(crate) fn delivered(&self, call: Call) -> &[Value] {
        &self.runs[call.0].delivered
    }

    /// The most requests and sleeps of the call at once.
    pub(crate) fn pending_max(&self, call: Call) -> usize {
        self.runs[call.0].pending_max
    }

    /// The body that a result names.
    pub(crate) fn body(&self, call: Call, body: BodyRef) -> Value {
        let retained = &self.runs[call.0].retained;
        let response = retained.get(&body.tag).expect("a result names a body that was dropped");
        match body.item {
            None => response.clone(),
            Some(item) => response.field("flexible_ips").unwrap().items()[item].clone(),
        }
    }

    /// The bodies that the result of a call names.
    pub(crate) fn bodies(&self, call: Call) -> Vec<Value> {
        match &self.outcome(call).unwrap().as_ref().unwrap().outcome {
            Outcome::Response(_) => match &self.runs[call.0].last_body {
                Some(Body::Json(body)) => match body.field("flexible_ips") {
                    Some(ips) => ips.items().to_vec(),
                    None => vec![body.clone()],
                },
                _ => Vec::new(),
            },
            Outcome::Ip(body) => vec![self.body(call, *body)],
            Outcome::Ips(bodies) => bodies.iter().map(|body| self.body(call, *body)).collect(),
            Outcome::Nothing | Outcome::Plan(_) => Vec::new(),
        }
    }
}
