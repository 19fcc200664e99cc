//! Clients that work at once while the network fails on 30 % of their calls. What the service holds
//! afterwards is what they were told: nothing twice, nothing lost, nothing that nobody reported.
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

mod owner;
mod sharer;

use std::collections::BTreeMap;

use owner::Owner;
use sharer::{Shared, Sharer};
use support::world::{Call, World};

const OWNERS: usize = 4;
const SHARERS: usize = 2;
/// Operations of one world.
const OPERATIONS: usize = 250;

/// How many operations in all: `CHAOS_OPERATIONS`, or few enough for every day.
fn operations() -> usize {
    let given = std::env::var("CHAOS_OPERATIONS").ok();
    given.and_then(|number| number.parse().ok()).unwrap_or(5_000)
}

/// How the operations ended, by the words of their errors.
type Ends = BTreeMap<String, usize>;

trait Client {
    /// Begins its next operation.
    fn begin(&mut self, world: &mut World) -> Call;
    /// Takes what came of it; gives the word for how it ended.
    fn end(&mut self, call: Call, world: &mut World) -> String;
}

#[test]
fn what_the_service_holds_is_what_the_clients_were_told() {
    let (mut ends, mut done, mut seed) = (Ends::new(), 0, 0);
    while done < operations() {
        seed += 1;
        done += run(seed, &mut ends);
    }
    let count = |word: &str| ends.get(word).copied().unwrap_or_default();
    println!("{done} operations: {ends:?}");
    // A run in which nothing succeeds, or nothing is in doubt, shows nothing.
    assert!(count("done") * 10 > done * 6, "{ends:?}");
    assert!(count("ambiguous_result") > done / 1_000, "{ends:?}");
    // Every error is of those that say that it was not done, that it is unknown, or who is where.
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
    ];
    assert!(ends.keys().all(|word| known.contains(&word.as_str())), "{ends:?}");
}

/// One world to its end; gives how many operations there were.
fn run(seed: u64, ends: &mut Ends) -> usize {
    let mut world = if seed.is_multiple_of(2) { World::recorded(seed) } else { World::instant() };
    world.latency = 5 + seed % 40;
    let shared = Shared::new(&mut world, 4);
    let mut owners: Vec<Owner> =
        (0..OWNERS).map(|name| Owner::new(name, seed, &mut world)).collect();
    let mut sharers: Vec<Sharer> =
        (0..SHARERS).map(|name| Sharer::new(name, seed, &shared)).collect();
    world.network.share = 0.3;
    let mut busy: Vec<(Option<Call>, u64)> = vec![(None, 0); OWNERS + SHARERS];
    let mut left = OPERATIONS;
    loop {
        for (place, (call, next)) in busy.iter_mut().enumerate() {
            let client: &mut dyn Client = match place.checked_sub(OWNERS) {
                None => &mut owners[place],
                Some(place) => &mut sharers[place],
            };
            if let Some(ended) = call.filter(|call| world.outcome(*call).is_some()) {
                *ends.entry(client.end(ended, &mut world)).or_default() += 1;
                // Some go on at once, some when everything has come to rest.
                let pause = [0, 40, 700, 60_000][world.network.pick(4)];
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
        let ended =
            busy.iter().flat_map(|(call, _)| call).any(|call| world.outcome(*call).is_some());
        assert!(ended || world.step(), "seed {seed}: nothing will ever happen");
    }
    world.network.share = 0.0;
    world.rest();
    let truth = world.truth();
    for owner in &owners {
        owner.compare(&truth, seed);
    }
    shared.borrow().compare(&truth, seed);
    let known = |id: &str| owners.iter().any(|owner| owner.knows(id)) || shared.borrow().knows(id);
    let strangers: Vec<_> = truth.iter().filter(|ip| !known(&ip.id)).collect();
    let doubts: usize = owners.iter().map(|owner| owner.doubtful_creates).sum();
    assert!(strangers.len() <= doubts, "seed {seed}: nobody reported {strangers:?}");
    let mut keys = BTreeMap::new();
    for tag in truth.iter().flat_map(|ip| &ip.tags).filter(|tag| tag.starts_with("idem")) {
        *keys.entry(tag).or_insert(0) += 1;
    }
    assert!(keys.values().all(|count| *count == 1), "seed {seed}: created twice: {keys:?}");
    OPERATIONS
}
