//! Reserving memory in one step. WebAssembly's memory otherwise grows in steps of 64 kB, and at each step
//! the JavaScript engine may collect garbage: a million flexible IPs took 76 s that way.

use std::hint::black_box;

/// Lets the allocator reserve this many bytes. Returns whether they are available.
pub(super) fn reserve(bytes: usize) -> bool {
    let mut reserved: Vec<u8> = Vec::new();
    let is_available = reserved.try_reserve_exact(bytes).is_ok();
    // The memory is freed at once: the allocator keeps it for later allocations.
    black_box(&mut reserved);
    is_available
}
