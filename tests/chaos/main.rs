//! Several clients work at the same time while 30 % of their requests go wrong. Afterwards the state of
//! the emulator is the one that the results of their calls imply: nothing was done twice, nothing is
//! lost, and nothing exists that no result reported.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

#[path = "../support/mod.rs"]
mod support;

mod hostile;
mod owner;
mod sharer;

use std::collections::{BTreeMap, BTreeSet};

use flexip::emulator::Settings;
use owner::Owner;
use sharer::{Shared, Sharer};
use support::scenario::ActualIp;
use support::world::{Call, World};

const OWNERS: usize = 4;
const SHARERS: usize = 2;
/// The number of operations in one world.
const OPERATIONS: usize = 250;

/// The number of operations in all: `CHAOS_OPERATIONS`, or a default that is quick enough for each run.
fn operations() -> usize {
    let setting = std::env::var("CHAOS_OPERATIONS").ok();
    setting.and_then(|number| number.parse().ok()).unwrap_or(5_000)
}

/// The seed before that of the first world: `CHAOS_SEED` begins with the world that failed.
fn seed_before_first() -> u64 {
    let setting = std::env::var("CHAOS_SEED").ok();
    setting.and_then(|seed| seed.parse::<u64>().ok()).map_or(0, |seed| seed.saturating_sub(1))
}

/// The number of operations by result: `done`, or the code of the error.
type ResultCounts = BTreeMap<String, usize>;

trait Client {
    /// Begins the next operation.
    fn begin(&mut self, world: &mut World) -> Call;
    /// Takes the result of the operation. Returns `done`, or the code of the error.
    fn on_result(&mut self, call: Call, world: &mut World) -> String;
}

#[test]
fn the_state_is_the_one_that_the_results_of_all_calls_imply() {
    assert_invariants(0, |world| world.network.share = 0.3);
}

#[test]
fn the_state_is_the_one_that_the_results_imply_when_the_service_is_late_and_lies() {
    // The next operation of a client begins when the late work of its last one is done.
    let injected = assert_invariants(hostile::LATE_MAX + 1, |world| {
        world.network.share = 0.1;
        hostile::add_faults(world);
    });
    for (name, reason) in hostile::SWITCHED_OFF {
        println!("switched off: {name}, because {reason}");
    }
    let expected = hostile::names();
    let is_injected = |name: &String| injected.iter().any(|injected| name.starts_with(injected));
    assert!(expected.iter().all(is_injected), "{injected:?}");
}

/// Runs worlds, and asserts that the invariants hold in each. `make_hostile` changes a world once its servers and
/// its shared flexible IPs exist. Returns the names of the faults that the emulators injected.
fn assert_invariants(pause_min: u64, make_hostile: impl Fn(&mut World)) -> BTreeSet<&'static str> {
    let (mut counts, mut done, mut seed) = (ResultCounts::new(), 0, seed_before_first());
    let mut injected = BTreeSet::new();
    while done < operations() {
        seed += 1;
        injected.append(&mut run(seed, pause_min, &make_hostile, &mut counts));
        done += OPERATIONS;
    }
    let count = |word: &str| counts.get(word).copied().unwrap_or_default();
    println!("{done} operations: {counts:?}");
    // A run without successes, or without unknown outcomes, would prove nothing.
    assert!(count("done") * 10 > done * 6, "{counts:?}");
    assert!(count("ambiguous_result") > done / 1_000, "{counts:?}");
    // Each error says that the operation was not done, that its outcome is unknown, or where the flexible
    // IPs of a move are.
    let known = [
        "done",
        "ambiguous_result",
        "connection",
        "timeout",
        "decode",
        "internal_error",
        "unavailable",
        "too_many_requests",
        "transient_state",
        "conflict",
        "invalid_arguments",
        "precondition_failed",
        "permissions_denied",
        "wait",
        "incomplete",
        "unexpected_response",
    ];
    assert!(counts.keys().all(|word| known.contains(&word.as_str())), "{counts:?}");
    injected
}

/// All flexible IPs as the emulator has them, read without faults, so that the reading changes nothing.
fn actual_ips(world: &World) -> Vec<ActualIp> {
    let mut copy = World::new(Settings::default());
    copy.emulator.restore(&world.emulator.snapshot(world.timestamp()).unwrap()).unwrap();
    copy.emulator.clear_faults();
    copy.emulator.settle(world.timestamp());
    copy.actual_ips()
}

/// Runs one world to its end. Returns the names of the faults that the emulator injected.
fn run(
    seed: u64,
    pause_min: u64,
    make_hostile: impl Fn(&mut World),
    counts: &mut ResultCounts,
) -> BTreeSet<&'static str> {
    let mut world = if seed.is_multiple_of(2) { World::recorded(seed) } else { World::instant() };
    world.latency = 5 + seed % 40;
    let shared = Shared::new(&mut world, 4);
    let mut owners: Vec<Owner> =
        (0..OWNERS).map(|name| Owner::new(name, seed, &mut world)).collect();
    let mut sharers: Vec<Sharer> =
        (0..SHARERS).map(|name| Sharer::new(name, seed, &shared)).collect();
    make_hostile(&mut world);
    let mut injected = BTreeSet::new();
    let mut busy: Vec<(Option<Call>, u64)> = vec![(None, 0); OWNERS + SHARERS];
    let mut left = OPERATIONS;
    loop {
        for (index, (call, next)) in busy.iter_mut().enumerate() {
            let client: &mut dyn Client = match index.checked_sub(OWNERS) {
                None => &mut owners[index],
                Some(index) => &mut sharers[index],
            };
            if let Some(ended) = call.filter(|call| world.outcome(*call).is_some()) {
                *counts.entry(client.on_result(ended, &mut world)).or_default() += 1;
                // Some clients continue at once, others after all transitions.
                let pause = [0, 40, 700, 60_000][world.network.pick(4)].max(pause_min);
                (*call, *next) = (None, world.now() + pause);
                world.after(pause, |_| {});
            }
            if call.is_none() && left > 0 && *next <= world.now() {
                left -= 1;
                *call = Some(client.begin(&mut world));
            }
        }
        if left == 0 && busy.iter().all(|(call, _)| call.is_none()) {
            break;
        }
        injected.extend(world.emulator.journal().filter_map(|entry| entry.fault));
        world.emulator.clear_journal();
        let ended =
            busy.iter().flat_map(|(call, _)| call).any(|call| world.outcome(*call).is_some());
        assert!(ended || world.step(), "seed {seed}: a call never ends");
    }
    world.network.share = 0.0;
    world.emulator.clear_faults();
    world.settle();
    let actual = actual_ips(&world);
    for owner in &owners {
        owner.assert_state(&actual, seed);
    }
    shared.borrow().assert_state(&actual, seed);
    let known = |id: &str| owners.iter().any(|owner| owner.knows(id)) || shared.borrow().knows(id);
    let unreported: Vec<_> = actual.iter().filter(|ip| !known(&ip.id)).collect();
    let unknown: usize = owners.iter().map(|owner| owner.unknown_creates).sum();
    assert!(unreported.len() <= unknown, "seed {seed}: no result reported {unreported:?}");
    let mut keys = BTreeMap::new();
    for tag in actual.iter().flat_map(|ip| &ip.tags).filter(|tag| tag.starts_with("idem")) {
        *keys.entry(tag).or_insert(0) += 1;
    }
    assert!(keys.values().all(|count| *count == 1), "seed {seed}: created twice: {keys:?}");
    injected
}
