//! An allocator with little code, for one thread.
//!
//! A block has a power of two bytes. Blocks that are free are in a list for each size. If the list of
//! a size is empty, a larger free block is halved until one of the size is there; if there is none
//! either, the memory grows. Halves are not joined again. So the memory never exceeds, by more than
//! two pages, what the blocks of each size held when they were most.
//!
//! The rest of flexip forbids `unsafe`. This crate cannot do without it: an allocator makes pointers.
#![no_std]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::ptr::{self, null_mut};

#[cfg(target_arch = "wasm32")]
mod wasm;
#[cfg(target_arch = "wasm32")]
pub use wasm::WasmPages;

/// The bytes of a page of WebAssembly, and the size of the largest block that is halved.
pub const PAGE: usize = 1 << PAGE_CLASS;
const PAGE_CLASS: usize = 16;

/// A block of class `n` has `1 << n` bytes. The smallest has room for a link.
const SMALLEST_CLASS: usize = 4;
const CLASSES: usize = 32;

/// Where the memory comes from.
///
/// # Safety
///
/// `grow` returns null, or the address of this many bytes more, which nothing else uses and which are
/// there as long as the allocator. The address is a multiple of [`PAGE`].
pub unsafe trait Pages {
    /// Adds memory. `bytes` is a multiple of [`PAGE`].
    fn grow(&self, bytes: usize) -> *mut u8;
}

/// The allocator. It must be used by one thread only, so it is not `Sync`.
#[derive(Debug)]
pub struct Allocator<P> {
    /// For each class, the first of its free blocks. Each block begins with a link to the next.
    free: [Cell<*mut u8>; CLASSES],
    pages: P,
}

impl<P: Pages> Allocator<P> {
    /// An allocator without memory.
    pub const fn new(pages: P) -> Self {
        Self { free: [const { Cell::new(null_mut()) }; CLASSES], pages }
    }

    /// A free block of a class, or null.
    fn take(&self, class: usize) -> *mut u8 {
        let block = self.pop(class);
        if !block.is_null() {
            return block;
        }
        if class >= PAGE_CLASS {
            return 1_usize
                .checked_shl(class as u32)
                .map_or(null_mut(), |size| self.pages.grow(size));
        }
        let larger = class.wrapping_add(1);
        let block = self.take(larger);
        if !block.is_null() {
            // SAFETY: the block is of the class above, so its second half is inside it, and free.
            unsafe { self.push(class, block.wrapping_add(1 << class)) };
        }
        block
    }

    fn pop(&self, class: usize) -> *mut u8 {
        let Some(first) = self.free.get(class) else { return null_mut() };
        let block = first.get();
        if !block.is_null() {
            // SAFETY: blocks in a list are free, and `push` wrote a link at the start of each.
            first.set(unsafe { block.cast::<*mut u8>().read() });
        }
        block
    }

    /// # Safety
    ///
    /// The block is one of this class of this allocator, and is not used any more.
    unsafe fn push(&self, class: usize, block: *mut u8) {
        if let Some(first) = self.free.get(class) {
            // SAFETY: the block is free, and has room for a link, for which it is aligned: blocks are
            // aligned to their size, up to a page.
            unsafe { block.cast::<*mut u8>().write(first.get()) };
            first.set(block);
        }
    }
}

/// The class of the smallest block for so many bytes, aligned to their size. There is none for an
/// alignment of more than a page.
fn class_of(size: usize, align: usize) -> Option<usize> {
    let size = size.max(align);
    let class = (usize::BITS.wrapping_sub(size.saturating_sub(1).leading_zeros()) as usize)
        .max(SMALLEST_CLASS);
    (class < CLASSES && align <= PAGE).then_some(class)
}

// SAFETY: a block of a class is at least as large as the layout's size and aligned to its alignment.
// It leaves its list when it is given out, and is put into it again by `dealloc` only, so no two blocks
// in use overlap. `dealloc` and `realloc` are given the layout of the allocation, and so find its class.
unsafe impl<P: Pages> GlobalAlloc for Allocator<P> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        class_of(layout.size(), layout.align()).map_or(null_mut(), |class| self.take(class))
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(class) = class_of(layout.size(), layout.align()) {
            // SAFETY: the caller has the block from `alloc` with this layout, and uses it no more.
            unsafe { self.push(class, block) };
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let (old, new) = (class_of(layout.size(), layout.align()), class_of(size, layout.align()));
        if old == new {
            return block;
        }
        let moved = new.map_or(null_mut(), |class| self.take(class));
        if !moved.is_null() {
            // SAFETY: both blocks have so many bytes, and they are two different blocks in use.
            unsafe { ptr::copy_nonoverlapping(block, moved, layout.size().min(size)) };
            // SAFETY: the caller has the block from `alloc` with this layout, and uses only the new one.
            unsafe { self.dealloc(block, layout) };
        }
        moved
    }
}
