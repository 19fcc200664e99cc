//! The emulator, the machines on their way, and the clock that jumps to whatever comes next.

use std::collections::BTreeMap;

use flexip::emulator::{Emulator, Ending, FaultRule, Reply, Request, Settings, Timing};
use flexip::error::Error;
use flexip::flow::answer::{Answer, Body};
use flexip::flow::calls::CallPolicy;
use flexip::flow::{Failed, Finished, Input, Machine, Sending, Step, Tag};
use flexip::model::time::{Millis, Timestamp};
use flexip::model::zone::Zone;
use flexip::policy::budget::Budget;
use flexip::policy::random::Random;
use flexip::policy::retry::RetryPolicy;
use flexip::wire::calendar::http_seconds;
use flexip::wire::http::AnswerHeaders;
use flexip::wire::value::Value;
use serde_json::Value as Json;

use crate::tenant::Tenant;

const BEGINNING: u64 = 1_795_478_400_000;
const TENANTS: usize = 3;
const TIMEOUT: Millis = Millis(2_000);
const TOTAL: Millis = Millis(60_000);

/// The ways to fail, each as likely as the others: 30 % of all calls.
const FAULTS: [&str; 9] = [
    r#"{"delay": 3000}"#,
    r#""dropBefore""#,
    r#""dropAfter""#,
    r#""rateLimit""#,
    r#"{"status": {"status": 500, "body": {"message": "internal error"}}}"#,
    r#"{"status": {"status": 503, "body": {"message": "upstream connect error or disconnect/reset before headers. reset reason: connection failure"}}}"#,
    r#"{"status": {"status": 503, "body": {"message": "no"}}}"#,
    r#"{"truncate": 20}"#,
    r#""garbage""#,
];

/// What happened, over all runs.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) requests: u32,
    pub(crate) faults: u32,
    pub(crate) succeeded: u32,
    pub(crate) refused: u32,
    pub(crate) ambiguous: u32,
    pub(crate) retried: u32,
    pub(crate) read_back: u32,
}

impl Told {
    pub(crate) fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.faults += other.faults;
        self.succeeded += other.succeeded;
        self.refused += other.refused;
        self.ambiguous += other.ambiguous;
        self.retried += other.retried;
        self.read_back += other.read_back;
    }
}

pub(crate) struct World {
    emulator: Emulator,
    now: u64,
    tenants: Vec<Tenant>,
    calls: Vec<Option<Running>>,
    /// What comes, by time and in the order in which it was begun.
    coming: BTreeMap<(u64, u64), (usize, Coming)>,
    begun: u64,
    random: Random,
    budget: Vec<Budget>,
    pub(crate) told: Told,
}

struct Running {
    machine: Box<dyn Machine>,
    began: u64,
    /// What came last under each tag.
    bodies: BTreeMap<Tag, Json>,
}

enum Coming {
    Arrives(Sending),
    Answers { tag: Tag, outcome: Result<Answer, Error>, body: Json },
    Wakes(Tag),
}

/// How a call ended: its result and the bodies that it may name.
pub(crate) struct Ended {
    pub(crate) result: Result<Finished, Failed>,
    pub(crate) bodies: BTreeMap<Tag, Json>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        // Half of the runs wait for the service; in the others everything is done at once.
        let timing = if seed % 2 == 0 { Timing::Instant } else { Timing::Recorded };
        let mut emulator = Emulator::new(Settings { seed, timing, ..Settings::default() }).unwrap();
        for fault in FAULTS {
            let rule = format!(r#"{{"probability": 0.039, "fault": {fault}}}"#);
            emulator.add_fault(FaultRule::from_json(&rule).unwrap()).unwrap();
        }
        let zone = Zone::parse("fr-par-1").unwrap();
        let servers: Vec<String> =
            (0..2).map(|_| emulator.add_server(&zone, "").unwrap().to_string()).collect();
        let project = emulator.project_id().to_string();
        let tenant = |number| Tenant::new(number, seed, project.clone(), servers.clone());
        Self {
            emulator,
            now: BEGINNING,
            tenants: (0..TENANTS).map(tenant).collect(),
            calls: (0..TENANTS).map(|_| None).collect(),
            coming: BTreeMap::new(),
            begun: 0,
            random: Random::new(seed),
            budget: (0..TENANTS).map(|_| Budget::new(500)).collect(),
            told: Told::default(),
        }
    }

    /// Lets the tenants make so many calls.
    pub(crate) fn run(&mut self, operations: usize) {
        let mut left = operations;
        loop {
            for tenant in 0..TENANTS {
                while self.calls[tenant].is_none() && left > 0 {
                    left -= 1;
                    self.begin(tenant);
                }
            }
            let Some(((at, _), (tenant, coming))) = self.coming.pop_first() else { break };
            self.now = at;
            self.happen(tenant, coming);
        }
        assert!(self.calls.iter().all(Option::is_none), "a call never ended");
    }

    fn begin(&mut self, tenant: usize) {
        let policy = CallPolicy {
            retry: RetryPolicy::DEFAULT,
            timeout: TIMEOUT,
            total: TOTAL,
            renews_key: false,
            budget: self.budget[tenant].clone(),
            seed: self.now ^ tenant as u64,
        };
        let machine = self.tenants[tenant].next_call(policy);
        let running = Running { machine, began: self.now, bodies: BTreeMap::new() };
        self.calls[tenant] = Some(running);
        self.tell(tenant, Input::Started);
    }

    fn happen(&mut self, tenant: usize, coming: Coming) {
        match coming {
            Coming::Arrives(sending) => self.arrive(tenant, &sending),
            Coming::Wakes(tag) => self.tell(tenant, Input::Woke { tag }),
            Coming::Answers { tag, outcome, body } => {
                if let Some(running) = &mut self.calls[tenant] {
                    running.bodies.insert(tag, body);
                    self.tell(tenant, Input::Answered { tag, outcome });
                }
            }
        }
    }

    fn tell(&mut self, tenant: usize, input: Input) {
        let now = Millis(self.now);
        let Some(running) = &mut self.calls[tenant] else { return };
        assert!(self.now <= running.began + TOTAL.0 + 1, "a call takes longer than it may");
        for step in running.machine.on(input, now) {
            match step {
                Step::Send(sending) => {
                    self.told.requests += 1;
                    self.told.retried += u32::from(sending.attempt > 1);
                    self.told.read_back += u32::from(sending.tag >= 1_000 && sending.tag < 2_000);
                    let latency = 10 + (self.random.fraction() * 60.0) as u64;
                    self.schedule(tenant, latency, Coming::Arrives(sending));
                }
                Step::Sleep { tag, length } => self.schedule(tenant, length.0, Coming::Wakes(tag)),
                Step::Cancel { tag } => self.coming.retain(|_, (other, coming)| {
                    *other != tenant || coming.tag() != tag || matches!(coming, Coming::Arrives(_))
                }),
                Step::Give { .. } | Step::Tell(_) => {}
                Step::Done(result) => return self.end(tenant, result),
            }
        }
    }

    /// A request reaches the service, also one whose client has given up meanwhile.
    fn arrive(&mut self, tenant: usize, sending: &Sending) {
        let reply = self.handle(
            sending.request.method.as_str(),
            &sending.request.target(),
            sending.request.body.as_deref(),
        );
        let way = 10 + (self.random.fraction() * 60.0) as u64 + reply.delay_ms;
        let late = way > sending.timeout.0;
        let body = serde_json::from_slice(&reply.body).unwrap_or(Json::Null);
        let outcome =
            if late { Err(Error::Timeout(sending.timeout)) } else { outcome(&reply, sending) };
        let tag = sending.tag;
        self.schedule(tenant, way.min(sending.timeout.0), Coming::Answers { tag, outcome, body });
    }

    fn schedule(&mut self, tenant: usize, after: u64, coming: Coming) {
        self.begun += 1;
        self.coming.insert((self.now + after, self.begun), (tenant, coming));
    }

    fn end(&mut self, tenant: usize, result: Result<Finished, Failed>) {
        let Some(running) = self.calls[tenant].take() else { return };
        // Its requests go on to the service; their answers have nobody to come to.
        self.coming
            .retain(|_, (other, coming)| *other != tenant || matches!(coming, Coming::Arrives(_)));
        match &result {
            Ok(_) => self.told.succeeded += 1,
            Err(failed) if failed.failure.error.code() == "ambiguous_result" => {
                self.told.ambiguous += 1
            }
            Err(_) => self.told.refused += 1,
        }
        self.tenants[tenant].take(Ended { result, bodies: running.bodies });
    }

    fn handle(&mut self, method: &str, target: &str, body: Option<&str>) -> Reply {
        let request = Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: vec![("X-Auth-Token".to_owned(), self.emulator.secret_key().to_owned())],
            body: body.unwrap_or_default().as_bytes().to_vec(),
        };
        let reply = self.emulator.handle(&request, Timestamp::from_millis(self.now));
        self.told.faults +=
            u32::from(self.emulator.journal().last().is_some_and(|entry| entry.fault.is_some()));
        reply
    }

    /// What the service holds must be what the tenants were told.
    pub(crate) fn compare(&mut self) {
        self.emulator.clear_faults();
        while let Some(at) = self.emulator.next_transition_at() {
            self.now = self.now.max(at.millis() + 1);
            self.emulator.settle(Timestamp::from_millis(self.now));
        }
        let mut held = Vec::new();
        for page in 1.. {
            let target =
                format!("/flexible-ip/v1alpha1/zones/fr-par-1/fips?page_size=100&page={page}");
            let reply = self.handle("GET", &target, None);
            let body: Json = serde_json::from_slice(&reply.body).unwrap();
            let ips = body["flexible_ips"].as_array().unwrap().clone();
            if ips.is_empty() {
                break;
            }
            held.extend(ips);
        }
        for tenant in &self.tenants {
            let everybody = |id: &str| {
                let of = |tenant: &Tenant| format!("tenant {}:\n{}", tenant.number, tenant.of(id));
                self.tenants.iter().map(of).collect::<Vec<_>>().join("\n")
            };
            tenant.compare(&held, &everybody);
        }
        let claimed: usize = self.tenants.iter().map(|tenant| tenant.claimed(&held)).sum();
        assert_eq!(claimed, held.len(), "somebody made what nobody was told of");
    }
}

impl Coming {
    const fn tag(&self) -> Tag {
        match self {
            Self::Arrives(sending) => sending.tag,
            Self::Answers { tag, .. } | Self::Wakes(tag) => *tag,
        }
    }
}

/// What a reply means to a machine: as the edge reads it.
fn outcome(reply: &Reply, sending: &Sending) -> Result<Answer, Error> {
    if reply.ending != Ending::Complete {
        return Err(Error::Connection("the connection was reset".to_owned()));
    }
    let refused = !(200..300).contains(&reply.status);
    let date = reply.headers.iter().find(|(name, _)| name == "Date");
    let date = date.and_then(|(_, date)| http_seconds(date));
    let headers = AnswerHeaders { date, ..AnswerHeaders::default() };
    let body = match serde_json::from_slice::<Json>(&reply.body) {
        Ok(json) if refused || sending.reads_body => Body::Json(Value::from(json)),
        Ok(_) => Body::Unread,
        Err(_) if reply.body.is_empty() => Body::Empty,
        Err(_) => Body::Text(String::from_utf8_lossy(&reply.body).into_owned()),
    };
    Ok(Answer { status: reply.status, headers, body })
}
