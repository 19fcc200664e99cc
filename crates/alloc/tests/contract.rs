//! The contract of an allocator, with the memory of the host.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test that panics has failed, which is what it is for"
)]

#[path = "support/world.rs"]
mod world;

use flexip_alloc::PAGE;
use proptest::prelude::*;
use world::{HostPages, Step, World};

const ALLOCATE: u8 = 0;
const RESIZE: u8 = 1;
const FREE: u8 = 2;

fn step(action: u8, block: u8, size: u32) -> Step {
    Step { action, block, size, align: 3 }
}

/// Small sizes mostly, with their neighbours of powers of two; a block of several pages now and then.
fn sizes() -> impl Strategy<Value = u32> {
    prop_oneof![
        8 => 0_u32..200,
        4 => (0_u32..18, 0_u32..3).prop_map(|(power, beside)| (1 << power) + beside - 1),
        1 => 0_u32..300_000,
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let alignments = prop_oneof![9 => 0_u8..5, 1 => 0_u8..17];
    let step = (0_u8..3, any::<u8>(), sizes(), alignments)
        .prop_map(|(action, block, size, align)| Step { action, block, size, align });
    prop::collection::vec(step, 0..200)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn blocks_are_aligned_keep_their_bytes_and_never_overlap(steps in steps()) {
        let pages = HostPages::up_to(usize::MAX);
        let mut world = World::new(&pages);
        steps.into_iter().for_each(|step| world.step(step));
    }

    #[test]
    fn what_finds_no_memory_is_refused_and_leaves_the_other_blocks_as_they_are(
        steps in steps(),
        pages in 0_usize..12,
    ) {
        let pages = HostPages::up_to(pages * PAGE);
        let mut world = World::new(&pages);
        steps.into_iter().for_each(|step| world.step(step));
    }
}

#[test]
fn a_block_that_was_freed_is_used_again() {
    let pages = HostPages::up_to(PAGE);
    let mut world = World::new(&pages);
    for (size, next) in [(1, 16), (17, 32), (100, 128), (3_000, 2_049)] {
        world.step(step(ALLOCATE, 0, size));
        let starts = world.starts();
        world.step(step(FREE, 0, 0));
        world.step(step(ALLOCATE, 0, next));
        assert_eq!(world.starts(), starts, "{size}");
        world.step(step(FREE, 0, 0));
    }
}

#[test]
fn a_block_that_grows_within_its_power_of_two_stays_where_it_is() {
    let pages = HostPages::up_to(PAGE);
    let mut world = World::new(&pages);
    world.step(step(ALLOCATE, 0, 33));
    let starts = world.starts();
    world.step(step(RESIZE, 0, 64));
    assert_eq!(world.starts(), starts);
    world.step(step(RESIZE, 0, 65));
    assert_ne!(world.starts(), starts);
}

#[test]
fn a_page_is_halved_until_it_is_used_up() {
    let pages = HostPages::up_to(PAGE);
    let mut world = World::new(&pages);
    for _ in 0..64 {
        world.step(step(ALLOCATE, 0, 1_024));
    }
    assert_eq!(world.starts().len(), 64);
}
