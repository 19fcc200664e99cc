//! An allocator with everything that it has given out, and checks of its contract after each step.

use std::alloc::{GlobalAlloc, Layout, alloc, dealloc};
use std::cell::RefCell;

use flexip_alloc::{Allocator, PAGE, Pages};

/// The largest alignment, size and number of blocks that a step makes.
const ALIGNMENTS: usize = 17;
const BLOCKS_MAX: usize = 64;

/// Pages of the host, up to a limit.
pub(crate) struct HostPages {
    limit: usize,
    parts: RefCell<Vec<(*mut u8, Layout)>>,
}

impl HostPages {
    pub(crate) fn up_to(limit: usize) -> Self {
        Self { limit, parts: RefCell::default() }
    }

    fn bytes(&self) -> usize {
        self.parts.borrow().iter().map(|(_, layout)| layout.size()).sum()
    }
}

// SAFETY: each part is allocated for this call, aligned to a page, and freed only on drop.
unsafe impl Pages for &HostPages {
    fn grow(&self, bytes: usize) -> *mut u8 {
        assert!(bytes > 0 && bytes.is_multiple_of(PAGE), "{bytes} are not pages");
        if self.bytes() + bytes > self.limit {
            return std::ptr::null_mut();
        }
        let layout = Layout::from_size_align(bytes, PAGE).unwrap();
        // SAFETY: the size is not zero.
        let part = unsafe { alloc(layout) };
        self.parts.borrow_mut().push((part, layout));
        part
    }
}

impl Drop for HostPages {
    fn drop(&mut self) {
        for (part, layout) in self.parts.take() {
            // SAFETY: the part is from `alloc` with this layout.
            unsafe { dealloc(part, layout) };
        }
    }
}

/// A block in use. Each of its bytes is its mark.
struct Block {
    start: *mut u8,
    layout: Layout,
    mark: u8,
}

impl Block {
    fn fill(&self) {
        // SAFETY: the allocator gave out so many bytes.
        unsafe { self.start.write_bytes(self.mark, self.layout.size()) };
    }

    fn assert_is_whole(&self, size: usize) {
        // SAFETY: `fill` has written so many bytes.
        let bytes = unsafe { std::slice::from_raw_parts(self.start, size) };
        assert!(bytes.iter().all(|byte| *byte == self.mark), "a block of {size} bytes has changed");
    }

    /// The bytes of the power of two that the allocator sets aside for it.
    fn reserved(&self) -> usize {
        self.layout.size().max(self.layout.align()).max(16).next_power_of_two()
    }
}

/// A step of a program: what it does with which of its blocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) action: u8,
    pub(crate) block: u8,
    pub(crate) size: u32,
    pub(crate) align: u8,
}

pub(crate) struct World<'a> {
    allocator: Allocator<&'a HostPages>,
    pages: &'a HostPages,
    blocks: Vec<Block>,
    marks: u8,
    /// For each power of two, the most blocks in use at once.
    most: [usize; 33],
}

impl<'a> World<'a> {
    pub(crate) fn new(pages: &'a HostPages) -> Self {
        Self {
            allocator: Allocator::new(pages),
            pages,
            blocks: Vec::new(),
            marks: 0,
            most: [0; 33],
        }
    }

    pub(crate) fn step(&mut self, step: Step) {
        let index = usize::from(step.block) % self.blocks.len().max(1);
        match step.action % 3 {
            0 if self.blocks.len() < BLOCKS_MAX => self.allocate(step),
            1 if !self.blocks.is_empty() => self.resize(index, step.size as usize),
            _ if !self.blocks.is_empty() => self.free(index),
            _ => {}
        }
        self.assert_memory_is_bounded();
    }

    fn allocate(&mut self, step: Step) {
        let align = 1 << (usize::from(step.align) % ALIGNMENTS);
        let layout = Layout::from_size_align(step.size.max(1) as usize, align).unwrap();
        // SAFETY: the size is not zero.
        let start = unsafe { self.allocator.alloc(layout) };
        if start.is_null() {
            return self.assert_is_full(&layout);
        }
        self.add(start, layout);
    }

    fn resize(&mut self, index: usize, size: usize) {
        let size = size.max(1);
        let block = self.blocks.swap_remove(index);
        let layout = Layout::from_size_align(size, block.layout.align()).unwrap();
        // SAFETY: the block is in use with this layout, and the size is not zero.
        let start = unsafe { self.allocator.realloc(block.start, block.layout, size) };
        if start.is_null() {
            self.assert_is_full(&layout);
            block.assert_is_whole(block.layout.size());
            return self.blocks.push(block);
        }
        Block { start, ..block }.assert_is_whole(block.layout.size().min(size));
        self.add(start, layout);
    }

    fn free(&mut self, index: usize) {
        let block = self.blocks.swap_remove(index);
        block.assert_is_whole(block.layout.size());
        // SAFETY: the block is in use with this layout, and no more used.
        unsafe { self.allocator.dealloc(block.start, block.layout) };
    }

    fn add(&mut self, start: *mut u8, layout: Layout) {
        assert_eq!(
            start.addr() % layout.align(),
            0,
            "a block is not aligned to {}",
            layout.align()
        );
        let end = start.addr() + layout.size();
        assert!(
            self.pages
                .parts
                .borrow()
                .iter()
                .any(|(part, whole)| part.addr() <= start.addr()
                    && end <= part.addr() + whole.size()),
            "a block is outside the memory"
        );
        let overlaps = |other: &Block| {
            start.addr() < other.start.addr() + other.layout.size() && other.start.addr() < end
        };
        assert!(!self.blocks.iter().any(overlaps), "two blocks overlap");
        self.marks = self.marks.wrapping_add(1);
        let block = Block { start, layout, mark: self.marks };
        block.fill();
        self.blocks.push(block);
        for class in 0..self.most.len() {
            let in_use = self.blocks.iter().filter(|block| block.reserved() == 1 << class).count();
            self.most[class] = self.most[class].max(in_use);
        }
    }

    /// Nothing is refused while there is room for it.
    fn assert_is_full(&self, layout: &Layout) {
        let size = layout.size().max(layout.align()).max(PAGE).next_power_of_two();
        assert!(
            layout.align() > PAGE || self.pages.bytes() + size > self.pages.limit,
            "{layout:?} was refused"
        );
    }

    fn assert_memory_is_bounded(&self) {
        let most: usize = self.most.iter().enumerate().map(|(class, most)| most << class).sum();
        let bytes = self.pages.bytes();
        assert!(bytes <= most + 2 * PAGE, "{bytes} bytes of memory for at most {most}");
    }

    /// Where each block in use begins.
    #[allow(dead_code, reason = "the fuzz target has no use for it")]
    pub(crate) fn starts(&self) -> Vec<usize> {
        self.blocks.iter().map(|block| block.start.addr()).collect()
    }
}
