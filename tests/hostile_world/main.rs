//! The client's machines against a hostile service: whatever it does within its limits, a success is
//! true, a failure says what is known, and nothing is lost.
//!
//! | file | what it holds |
//! |---|---|
//! | `truth` | the true state of the service, with its history |
//! | `service`, `operations` | the model of the service: transitions, and the 11 operations |
//! | `ask`, `reply` | a request as it is read, a response as it is written |
//! | `nasty` | the kinds of nastiness, **with their limits** |
//! | `colleague` | what others do between two requests |
//! | `setup` | a world and its calls, from a seed |
//! | `machines` | the client's machines for the calls |
//! | `world`, `exchange`, `run` | drive the machines on a virtual clock |
//! | `judge`, `facts` | the invariants |
//! | `shrink`, `story` | a failing world, made small and readable |
//!
//! `FLEXIP_HOSTILE_REQUESTS` is the number of requests; `FLEXIP_HOSTILE_SEED` the first seed;
//! `FLEXIP_HOSTILE_STORY` prints one world, as a line of `seeds.txt` names it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test that panics has failed, which is what it is for"
)]

mod ask;
mod chance;
mod colleague;
mod exchange;
mod facts;
mod judge;
mod machines;
mod nasty;
mod operations;
mod reply;
mod run;
mod service;
mod setup;
mod shrink;
mod story;
mod truth;
mod world;

use std::collections::BTreeMap;

use judge::{Violation, judge};
use nasty::Kinds;
use setup::Seed;
use world::World;

const SEEDS: &str = include_str!("seeds.txt");

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// `seed kinds calls`: the kinds as a hexadecimal set, the calls by their numbers.
fn read_seed(line: &str) -> Seed {
    let mut words = line.split_whitespace();
    let number = words.next().unwrap().parse().unwrap();
    let kinds = words.next().map(|text| Kinds(u32::from_str_radix(text, 16).unwrap()));
    let calls = words.next().map(|text| {
        text.split(',').filter(|part| !part.is_empty()).map(|part| part.parse().unwrap()).collect()
    });
    let whole = Seed::of(number);
    Seed { number, kinds: kinds.unwrap_or(whole.kinds), calls }
}

fn write_seed(seed: &Seed) -> String {
    let calls: Vec<String> = seed.calls.iter().flatten().map(ToString::to_string).collect();
    format!("{} {:x} {}", seed.number, seed.kinds.0, calls.join(","))
}

/// The story of a world, with what is wrong with it.
fn story(seed: &Seed) -> String {
    let world = World::run(seed, true);
    let mut text = format!("seed {}: {:?}\n", write_seed(seed), seed.kinds.names());
    text.push_str(&world.story.text());
    for Violation { kind, call, text: about, .. } in judge(&world) {
        text.push_str(&format!("  => call {call}: {kind}: {}\n", story::short(&about)));
    }
    text
}

/// The worlds that broke an invariant with one method: how many, and the first few.
#[derive(Default)]
struct Broken {
    times: u64,
    seeds: Vec<Seed>,
}

/// So many worlds are made small for each invariant and method; the shortest story is printed.
const SHRUNK: usize = 4;

/// What the worlds of a run have sent, and what broke in them.
#[derive(Default)]
struct Tally {
    sent: u64,
    calls: u64,
    worlds: u64,
    found: BTreeMap<(&'static str, String), Broken>,
}

impl Tally {
    fn add(&mut self, seed: &Seed, world: &World) {
        self.sent += world.requests as u64;
        self.calls += world.runs.len() as u64;
        self.worlds += 1;
        for violation in judge(world) {
            let broken = self.found.entry((violation.kind, violation.job)).or_default();
            broken.times += 1;
            if broken.seeds.len() < SHRUNK {
                broken.seeds.push(seed.clone());
            }
        }
    }

    fn join(mut self, other: Self) -> Self {
        self.sent += other.sent;
        self.calls += other.calls;
        self.worlds += other.worlds;
        for (key, Broken { times, seeds }) in other.found {
            let broken = self.found.entry(key).or_default();
            broken.times += times;
            broken.seeds.extend(seeds);
        }
        self
    }
}

/// Runs worlds until they have sent so many requests, and fails with the smallest stories found.
fn run(requests: u64, first: u64, with: impl Fn(u64) -> Seed + Sync) {
    let began = Clock::start();
    let threads = std::thread::available_parallelism().map_or(1, |number| number.get() as u64);
    let part = &|thread: u64| {
        let mut tally = Tally::default();
        while tally.sent < requests / threads {
            let seed = with(first + thread + tally.worlds * threads);
            tally.add(&seed, &World::run(&seed, false));
        }
        tally
    };
    let tally = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads).map(|thread| scope.spawn(move || part(thread))).collect();
        parts.into_iter().map(|part| part.join().unwrap()).fold(Tally::default(), Tally::join)
    });
    let Tally { sent, calls, worlds, found } = tally;
    let rate = began.rate(sent);
    println!("{sent} requests of {calls} calls in {worlds} worlds, {rate} requests a second");
    let mut stories = String::new();
    for ((kind, job), Broken { times, seeds }) in &found {
        let small = seeds.iter().take(SHRUNK).map(|seed| shrink::shrink(seed, kind, job));
        let Some((small, text)) = small
            .map(|seed| {
                let text = story(&seed);
                (seed, text)
            })
            .min_by_key(|(_, text)| text.len())
        else {
            continue;
        };
        println!("{times:6} × {job}: {kind}: {} {:?}", write_seed(&small), small.kinds.names());
        stories.push_str(&format!("\n\n{job}: {kind}\n{text}"));
    }
    assert!(
        found.is_empty(),
        "{} invariants broken; add the seeds to seeds.txt{stories}",
        found.len()
    );
}

/// How fast the worlds run; nothing in them depends on it.
struct Clock(#[allow(clippy::disallowed_types, reason = "only for the report")] std::time::Instant);

impl Clock {
    #[allow(clippy::disallowed_methods, reason = "only for the report")]
    fn start() -> Self {
        Self(std::time::Instant::now())
    }

    fn rate(&self, sent: u64) -> u64 {
        (sent as f64 / self.0.elapsed().as_secs_f64()) as u64
    }
}

#[test]
fn a_seed_that_failed_once_holds() {
    let lines = SEEDS.lines().map(|line| line.split('#').next().unwrap().trim());
    let mut failed = Vec::new();
    for line in lines.filter(|line| !line.is_empty()) {
        let seed = read_seed(line);
        if !judge(&World::run(&seed, false)).is_empty() {
            failed.push(story(&seed));
        }
    }
    assert!(failed.is_empty(), "{} seeds fail:\n{}", failed.len(), failed.join("\n\n"));
}

#[test]
fn a_plain_world_runs_clean() {
    let plain = |number| Seed { kinds: Kinds::NONE, ..Seed::of(number) };
    run(number("FLEXIP_HOSTILE_REQUESTS", 200_000) / 10, 1, plain);
}

#[test]
fn a_success_is_true_and_a_failure_says_what_is_known() {
    if let Ok(line) = std::env::var("FLEXIP_HOSTILE_STORY") {
        println!("{}", story(&read_seed(&line)));
        return;
    }
    let first = number("FLEXIP_HOSTILE_SEED", 1);
    run(number("FLEXIP_HOSTILE_REQUESTS", 200_000), first, Seed::of);
}

#[test]
fn the_same_seed_gives_the_same_world() {
    for number in 1..30 {
        assert_eq!(story(&Seed::of(number)), story(&Seed::of(number)));
    }
}

#[test]
fn late_work_lands_within_the_settling_time_of_its_operation() {
    let mut late = 0;
    for number in 1..1500 {
        let world = World::run(&Seed::of(number), false);
        for effect in &world.service.effects {
            let truth::Origin::Call { call, exchange } = effect.origin else { continue };
            let exchange = &world.runs[call].exchanges[exchange];
            let Some(completed) = exchange.completed_at else { continue };
            let versions = &world.service.slots[effect.slot].versions;
            let begun = |version: &&truth::Version| {
                version.at == effect.at && version.origin == effect.origin && version.state.job != 0
            };
            let job = versions.iter().rfind(begun).map_or(0, |version| version.state.job);
            let ends =
                |version: &&truth::Version| version.at > effect.at && version.state.job != job;
            let end = versions.iter().filter(|_| job != 0).find(ends);
            let ended = end.map_or(effect.at, |version| version.at);
            late += u32::from(effect.at > completed);
            // A creation has landed when the flexible IP is there; its attach has a time to itself.
            let is_at_once = matches!(effect.deed, truth::Deed::Create | truth::Deed::Update);
            let landed = if is_at_once { effect.at } else { ended };
            assert!(landed <= completed + exchange.ask.settling(), "{effect:?} in {number}");
        }
    }
    assert!(late > 50, "only {late} works were late");
}

#[test]
fn what_a_response_shows_was_true_at_some_moment() {
    // A world with a story checks each response.
    for number in 1..1000 {
        World::run(&Seed::of(number), true);
    }
}
