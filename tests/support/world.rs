//! A world: an emulator, clients' machines, a network between them, and a clock that jumps to the
//! next moment at which something happens. A day costs nothing, and the same seed is the same day.

use std::collections::BTreeMap;

use flexip::emulator::{Emulator, Request, Response as EmulatorResponse, Settings};
use flexip::error::Error;
use flexip::flow::response::{Body, Response};
use flexip::flow::{
    BodyRef, Command, Event, FlowError, Input, Machine, Outcome, SendRequest, Success, Tag,
};
use flexip::model::time::{Millis, Timestamp};
use flexip::wire::route::Operation;
use flexip::wire::value::Value;

use super::network::{Network, Trouble};

const EPOCH: u64 = 1_795_478_400_000;

/// So many things at one moment are no progress.
const MOMENT_MAX: u32 = 20_000;

/// A machine that was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Call(usize);

/// Something done to the world from outside.
pub(crate) type Deed = Box<dyn FnOnce(&mut World)>;

enum Due {
    Arrive { call: usize, number: u64, sending: SendRequest, trouble: Option<Trouble> },
    Response { call: usize, number: u64, outcome: Result<Response, Error> },
    Wake { call: usize, number: u64 },
    Deed(Deed),
}

/// A request as it was sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) at: u64,
    pub(crate) operation: Operation,
    pub(crate) target: String,
    pub(crate) body: String,
    pub(crate) timeout: u64,
}

/// What became of a machine.
pub(crate) type CallResult = Result<Success, Box<FlowError>>;

struct Run {
    machine: Box<dyn Machine>,
    began: u64,
    /// When it has to be over.
    deadline: u64,
    /// What is on its way: requests and sleeps, by the number that tells them apart.
    live: BTreeMap<u64, (Tag, bool)>,
    kept: BTreeMap<Tag, Value>,
    answer: Option<Body>,
    sent: Vec<Sent>,
    events: Vec<Event>,
    given: Vec<Value>,
    on_the_way_max: usize,
    outcome: Option<(u64, CallResult)>,
}

pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) network: Network,
    pub(crate) latency: u64,
    now: u64,
    numbers: u64,
    runs: Vec<Run>,
    /// What happens when; what happens at one moment comes in an order drawn from the seed.
    agenda: BTreeMap<(u64, u64, u64), Due>,
}

impl World {
    pub(crate) fn new(settings: Settings) -> Self {
        let network = Network::new(settings.seed);
        let emulator = Emulator::new(settings).unwrap();
        let (runs, agenda) = (Vec::new(), BTreeMap::new());
        Self { emulator, network, latency: 10, now: 0, numbers: 0, runs, agenda }
    }

    pub(crate) const fn now(&self) -> u64 {
        self.now
    }

    pub(crate) const fn timestamp(&self) -> Timestamp {
        Timestamp::from_millis(EPOCH + self.now)
    }

    /// Starts a machine that has to be over within so many milliseconds.
    pub(crate) fn start(&mut self, machine: impl Machine + 'static, total: Millis) -> Call {
        let call = self.runs.len();
        self.runs.push(Run {
            machine: Box::new(machine),
            began: self.now,
            deadline: self.now + total.0,
            live: BTreeMap::new(),
            kept: BTreeMap::new(),
            answer: None,
            sent: Vec::new(),
            events: Vec::new(),
            given: Vec::new(),
            on_the_way_max: 0,
            outcome: None,
        });
        self.tell(call, Input::Started);
        Call(call)
    }

    /// Tells a machine something from outside: that the caller gave up, or wants a page.
    pub(crate) fn input(&mut self, call: Call, input: Input) {
        self.tell(call.0, input);
    }

    /// Lets something happen in so many milliseconds.
    pub(crate) fn after(&mut self, millis: u64, deed: impl FnOnce(&mut Self) + 'static) {
        self.schedule(millis, Due::Deed(Box::new(deed)));
    }

    /// Lets time pass until this machine has ended.
    pub(crate) fn finish(&mut self, call: Call) -> CallResult {
        while self.outcome(call).is_none() {
            assert!(self.step(), "{call:?} waits for nothing: {:?}", self.sent(call).last());
        }
        self.outcome(call).unwrap().clone()
    }

    /// Lets everything that is on its way happen, and the service come to rest.
    pub(crate) fn rest(&mut self) {
        while self.step() {}
        while let Some(at) = self.emulator.next_transition_at() {
            self.now = self.now.max(at.millis().saturating_sub(EPOCH));
            self.emulator.settle(self.timestamp());
        }
    }

    /// Lets so much time pass.
    pub(crate) fn pass(&mut self, millis: u64) {
        let until = self.now + millis;
        while self.agenda.first_key_value().is_some_and(|((at, ..), _)| *at <= until) {
            self.step();
        }
        self.now = until;
    }

    /// Lets the next thing happen; says whether there was one.
    pub(crate) fn step(&mut self) -> bool {
        let mut moment = 0;
        let Some(((at, ..), due)) = self.agenda.pop_first() else { return false };
        self.now = at;
        self.happen(due);
        while let Some(entry) = self.agenda.first_entry().filter(|entry| entry.key().0 == at) {
            let due = entry.remove();
            moment += 1;
            assert!(moment < MOMENT_MAX, "time stands still at {at}");
            self.happen(due);
        }
        true
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Arrive { call, number, sending, trouble } => {
                let reaches = trouble.is_none_or(Trouble::reaches);
                let reply = reaches.then(|| self.serve(&sending));
                if let Some((delay, outcome)) = Trouble::spoil(trouble, reply) {
                    let due = Due::Response { call, number, outcome };
                    self.schedule(delay + self.latency, due);
                }
            }
            Due::Response { call, number, outcome } => self.answered(call, number, outcome),
            Due::Wake { call, number } => {
                if let Some((tag, _)) = self.run(call).live.remove(&number) {
                    self.tell(call, Input::Woke { tag });
                }
            }
            Due::Deed(deed) => deed(self),
        }
    }

    /// Asks the emulator, past the network.
    pub(crate) fn ask(&mut self, method: &str, target: &str, body: &str) -> EmulatorResponse {
        let headers = vec![("X-Auth-Token".to_owned(), self.emulator.secret_key().to_owned())];
        let (method, target) = (method.to_owned(), target.to_owned());
        let request = Request { method, target, headers, body: body.as_bytes().to_vec() };
        self.emulator.handle(&request, self.timestamp())
    }

    fn serve(&mut self, sending: &SendRequest) -> EmulatorResponse {
        let request = &sending.request;
        let body = request.body.clone().unwrap_or_default();
        self.ask(request.method.as_str(), &request.target(), &body)
    }

    fn answered(&mut self, call: usize, number: u64, outcome: Result<Response, Error>) {
        let run = self.run(call);
        let Some((tag, reads_body)) = run.live.remove(&number) else { return };
        let outcome = outcome.map(|answer| {
            run.answer = Some(answer.body.clone());
            match (&answer.body, (200..300).contains(&answer.status)) {
                (Body::Json(body), true) if reads_body => {
                    run.kept.insert(tag, body.clone());
                    answer
                }
                (Body::Json(_), true) => Response { body: Body::Unread, ..answer },
                _ => answer,
            }
        });
        self.tell(call, Input::Responded { tag, outcome });
    }

    fn tell(&mut self, call: usize, input: Input) {
        let now = self.now;
        let run = self.run(call);
        if run.outcome.is_some() {
            return;
        }
        for step in run.machine.on(input, Millis(now)) {
            self.carry_out(call, step);
        }
    }

    fn carry_out(&mut self, call: usize, step: Command) {
        let now = self.now;
        let run = &mut self.runs[call];
        if run.outcome.is_some() {
            return;
        }
        match step {
            Command::Send(sending) => self.send(call, sending),
            Command::Sleep { tag, length } => {
                let number = self.number();
                self.run(call).live.insert(number, (tag, false));
                self.schedule(length.0, Due::Wake { call, number });
            }
            Command::Cancel { tag } => {
                run.kept.remove(&tag);
                run.live.retain(|_, (other, _)| *other != tag);
            }
            Command::DeliverPage { tag, items } => {
                let list = run.kept.remove(&tag).unwrap();
                let ips = list.field("flexible_ips").unwrap().items();
                run.given.extend(items.into_iter().map(|item| ips[item].clone()));
            }
            Command::Emit(event) => run.events.push(event),
            Command::Done(outcome) => {
                assert!(now <= run.deadline + 10, "{now} is past {}", run.deadline);
                run.live.clear();
                run.outcome = Some((now, outcome.map_err(Box::new)));
            }
        }
    }

    fn send(&mut self, call: usize, sending: SendRequest) {
        let (number, latency, now) = (self.number(), self.latency, self.now);
        let trouble = self.network.strike();
        let run = self.run(call);
        run.live.insert(number, (sending.tag, sending.reads_body));
        let request = &sending.request;
        run.sent.push(Sent {
            at: now - run.began,
            operation: sending.operation,
            target: request.target(),
            body: request.body.clone().unwrap_or_default(),
            timeout: sending.timeout.0,
        });
        run.on_the_way_max = run.on_the_way_max.max(run.live.len());
        let timeout = sending.timeout;
        self.schedule(latency, Due::Arrive { call, number, sending, trouble });
        let outcome = Err(Error::Timeout(timeout));
        self.schedule(timeout.0, Due::Response { call, number, outcome });
    }

    fn schedule(&mut self, millis: u64, due: Due) {
        let number = self.number();
        let lot = (self.network.random.fraction() * 1e9) as u64;
        self.agenda.insert((self.now + millis, lot, number), due);
    }

    const fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn run(&mut self, call: usize) -> &mut Run {
        &mut self.runs[call]
    }

    pub(crate) fn outcome(&self, call: Call) -> Option<&CallResult> {
        self.runs[call.0].outcome.as_ref().map(|(_, outcome)| outcome)
    }

    /// How long it took.
    pub(crate) fn took(&self, call: Call) -> u64 {
        self.runs[call.0].outcome.as_ref().unwrap().0 - self.runs[call.0].began
    }

    pub(crate) fn sent(&self, call: Call) -> &[Sent] {
        &self.runs[call.0].sent
    }

    pub(crate) fn events(&self, call: Call) -> &[Event] {
        &self.runs[call.0].events
    }

    /// The items of the pages that were handed over.
    pub(crate) fn given(&self, call: Call) -> &[Value] {
        &self.runs[call.0].given
    }

    /// How many requests and sleeps were on their way at once.
    pub(crate) fn at_once(&self, call: Call) -> usize {
        self.runs[call.0].on_the_way_max
    }

    /// A body that a result names.
    pub(crate) fn body(&self, call: Call, place: BodyRef) -> Value {
        let kept = &self.runs[call.0].kept;
        let body = kept.get(&place.tag).expect("a result names an answer that was forgotten");
        match place.item {
            None => body.clone(),
            Some(item) => body.field("flexible_ips").unwrap().items()[item].clone(),
        }
    }

    /// The bodies of a result.
    pub(crate) fn bodies(&self, call: Call) -> Vec<Value> {
        match &self.outcome(call).unwrap().as_ref().unwrap().found {
            Outcome::Response(_) => match &self.runs[call.0].answer {
                Some(Body::Json(body)) => match body.field("flexible_ips") {
                    Some(ips) => ips.items().to_vec(),
                    None => vec![body.clone()],
                },
                _ => Vec::new(),
            },
            Outcome::Ip(place) => vec![self.body(call, *place)],
            Outcome::Ips(places) => places.iter().map(|place| self.body(call, *place)).collect(),
            Outcome::Nothing | Outcome::Plan(_) => Vec::new(),
        }
    }
}
