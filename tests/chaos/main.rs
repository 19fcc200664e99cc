//! Several clients at once, a service of which nearly every third call fails in one of nine ways, and
//! a clock that jumps. After each run the service holds what the clients were told, no more and no less.
//!
//! `CHAOS_OPERATIONS` is how many operations there are in all: 5,000 every day, 100,000 in
//! `npm run test:full`.
#![cfg(all(not(target_arch = "wasm32"), feature = "emulator"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

mod tenant;
mod world;

use world::World;

const OPERATIONS_IN_A_RUN: usize = 100;

fn operations() -> usize {
    std::env::var("CHAOS_OPERATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(5_000)
}

#[test]
fn what_the_clients_were_told_is_what_the_service_holds() {
    let runs = operations().div_ceil(OPERATIONS_IN_A_RUN);
    let mut told = world::Told::default();
    for seed in 0..runs as u64 {
        let mut world = World::new(seed);
        world.run(OPERATIONS_IN_A_RUN);
        world.compare();
        told.add(&world.told);
    }
    println!("{runs} runs: {told:?}");
    // The faults were met, and so was everything that they lead to.
    assert!(told.faults * 5 > told.requests, "{told:?}");
    assert!(told.succeeded > told.refused, "{told:?}");
    assert!(told.ambiguous > 0 && told.retried > 0 && told.read_back > 0, "{told:?}");
}
