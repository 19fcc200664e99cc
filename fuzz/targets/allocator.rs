//! Any order of allocations, resizes and frees, with the contract of an allocator checked after each.
#![no_main]

#[path = "../../crates/alloc/tests/support/world.rs"]
mod allocations;

use allocations::{HostPages, Step, World};
use flexip_alloc::PAGE;
use libfuzzer_sys::fuzz_target;

// The first byte is the number of pages that there are. Then four bytes for each step.
fuzz_target!(|bytes: &[u8]| {
    let Some((&pages, rest)) = bytes.split_first() else { return };
    let pages = HostPages::up_to(usize::from(pages) * PAGE);
    let mut world = World::new(&pages);
    for step in rest.chunks_exact(4) {
        // Each bit length is as likely as the others.
        let size = (u32::from(step[2]) << 10 | 0x3ff) >> (step[3] & 31).min(18);
        world.step(Step { action: step[0], block: step[1], size, align: step[3] >> 5 | step[0] >> 4 });
    }
});
