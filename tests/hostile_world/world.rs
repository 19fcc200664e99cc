//! Drives the machines against the service, on a clock that jumps to the next moment at which something
//! happens. The same seed gives the same world.

use std::collections::BTreeMap;

use flexip::error::Error;
use flexip::flow::{Command, Input, Tag};
use flexip::model::time::Millis;
use flexip::policy::budget::Budget;

use super::ask::{Ask, What};
use super::chance::Chance;
use super::machines;
use super::nasty::{Kind, Nastiness};
use super::operations::Doing;
use super::reply::{Content, Shot};
use super::run::Run;
use super::service::Service;
use super::setup::{CallSpec, Job, Seed};
use super::story::Story;
use super::truth::*;

/// The time after the deadline in which a machine may still end.
const GRACE: Ms = 10;

#[derive(Clone, Debug)]
pub(super) enum Due {
    Start(usize),
    Abort(usize),
    Page(usize),
    Work { call: usize, exchange: usize },
    Answer { call: usize, exchange: usize },
    Timeout { call: usize, exchange: usize },
    Wake { call: usize, number: usize },
    Other { zone: usize, kind: Kind, number: u64 },
}

pub(crate) struct World {
    pub(crate) number: u64,
    pub(crate) service: Service,
    pub(crate) runs: Vec<Run>,
    pub(crate) story: Story,
    pub(crate) requests: usize,
    pub(super) nastiness: Nastiness,
    pub(super) meddling: u64,
    budget: Budget,
    agenda: BTreeMap<(Ms, u64), Due>,
    numbers: u64,
    pub(super) now: Ms,
}

impl World {
    /// Runs a world to its end.
    pub(crate) fn run(seed: &Seed, has_story: bool) -> Self {
        let beginning = seed.begin();
        let mut world = Self {
            number: seed.number,
            service: beginning.service,
            runs: Vec::new(),
            story: Story::new(has_story),
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

    pub(super) fn schedule(&mut self, at: Ms, due: Due) {
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
                    self.story.line(self.now, || {
                        format!("call {} is aborted", self.runs[call].spec.number)
                    });
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
                    this.completed_at = Some(self.now);
                    let (tag, timeout) = (this.tag, this.timeout);
                    let number = run.spec.number;
                    self.story.line(self.now, || {
                        format!(
                            "  call {number}: no response to request {exchange} within {timeout} ms"
                        )
                    });
                    self.give(
                        call,
                        Input::Responded { tag, outcome: Err(Error::Timeout(Millis(timeout))) },
                    );
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

    pub(super) fn colleague(&mut self, zone: usize, chance: &mut Chance) {
        let effects = self.service.effects.len();
        if let Some(ask) = self.service.colleague_acts(zone, self.now, chance)
            && self.service.effects.len() > effects
        {
            self.story.line(self.now, || format!("* a colleague: {}", super::story::ask(&ask)));
        }
    }

    pub(super) fn give(&mut self, call: usize, input: Input) {
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
                        failure
                            .moves
                            .iter()
                            .map(|state| (state.id, state.arrived))
                            .collect::<Vec<_>>(),
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
        let Some((_, Content::Ips { items: all, .. })) =
            place.map(|place| run.retained.remove(place))
        else {
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
                self.service
                    .perform(&ask, Doing { at: self.now, origin: Origin::Colleague, latest });
                self.story.line(self.now, || format!("* the caller: {}", super::story::ask(&ask)));
            }
        }
        let pause = chance.below(40);
        self.schedule(self.now + pause, Due::Page(call));
    }
}
