//! The memory of a WebAssembly module.

use core::arch::wasm32::memory_grow;
use core::ptr::{null_mut, with_exposed_provenance_mut};

use crate::{Allocator, PAGE, Pages};

#[cfg(target_feature = "atomics")]
compile_error!("the allocator is for modules without threads");

/// The pages of the module's memory.
#[derive(Clone, Copy, Debug)]
pub struct WasmPages;

// SAFETY: `memory.grow` adds pages at the end of the memory, which stay there. Other code that grows
// the memory gets other pages.
unsafe impl Pages for WasmPages {
    fn grow(&self, bytes: usize) -> *mut u8 {
        match memory_grow(0, bytes / PAGE) {
            usize::MAX => null_mut(),
            page => with_exposed_provenance_mut(page.wrapping_mul(PAGE)),
        }
    }
}

// SAFETY: in a module without threads, only one thread uses it.
unsafe impl Sync for Allocator<WasmPages> {}
