//! When the system has no more memory for what the runtime keeps outside the heap.
//!
//! The heap has limits of its own, and what a program asks for by size (a buffer to read into, a string to format) is
//! allocated in a way that can fail: both end in `MemoryError`. What is left are the runtime's small structures, whose
//! growth nobody can answer for. Rust would end the process by SIGABRT, which looks like a crash. Here it ends with a line
//! that says why and status 70.
//!
//! A request that can fail and one that cannot look the same to an allocator. So small ones end the process at once; after a
//! large one has failed, SIGABRT does, as that is what follows if the caller had no answer.

use std::alloc::{GlobalAlloc, Layout, System};

/// From here on a request may be one that the caller can do without.
const LARGE: usize = 1 << 20;

/// Exit status after an internal error (`EX_SOFTWARE`).
const STATUS: i32 = 70;

/// The system's allocator, but for what happens when it fails.
pub struct Allocator;

// SAFETY: all memory is the system allocator's, which keeps the contract.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's contract is the system allocator's, here and below.
        checked(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        checked(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, start: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        checked(unsafe { System.realloc(start, layout, size) }, size)
    }

    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(start, layout) }
    }
}

#[inline(always)]
fn checked(start: *mut u8, size: usize) -> *mut u8 {
    if start.is_null() {
        failed(size);
    }
    start
}

#[cold]
#[inline(never)]
fn failed(size: usize) {
    if size < LARGE {
        end_process(libc::SIGABRT);
    }
    // SAFETY: an integer-sized action; the handler makes system calls only.
    unsafe { libc::signal(libc::SIGABRT, end_process as extern "C" fn(i32) as usize) };
}

extern "C" fn end_process(_: i32) {
    let line = b"Fatal Python error: out of memory\n";
    // SAFETY: plain system calls; `_exit` runs nothing that could allocate.
    unsafe {
        libc::write(2, line.as_ptr().cast(), line.len());
        libc::_exit(STATUS)
    }
}
