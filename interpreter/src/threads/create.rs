//! Making the state of a thread: value stack, mutator, registration with collector and transactions.

use crate::eval::checkpoint::Checkpoint;
use crate::outside::OutsideState;
use crate::raised::Unwind;
use crate::runtime::Runtime;
use crate::thread::{Thread, VALUE_STACK_WORDS};
use crate::types::cache::{MethodCache, ShapeCache};
use crate::value::Slot;
use gc_stm::{Mutator, RootFn, Tracer};
use std::cell::Cell;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use stm_core::{ThreadTicket, Transaction};

/// Identifiers look like the addresses that other Pythons give, and are never used again.
static IDENT: AtomicU64 = AtomicU64::new(0x7f00_0000_1000);

/// A fresh `thread.get_ident()`.
pub fn fresh_ident() -> u64 {
    IDENT.fetch_add(0x100, Ordering::Relaxed)
}

/// Native stack that recursion leaves alone: what a native may use between two checks.
const NATIVE_RESERVE: usize = 256 << 10;

/// A thread's value stack: address space, touched pages only cost memory.
pub struct ValueStack(*mut Slot);

impl ValueStack {
    fn new() -> io::Result<ValueStack> {
        // SAFETY: a fresh anonymous mapping.
        let p = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                VALUE_STACK_WORDS * 8,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if p == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(ValueStack(p.cast())) }
    }
}

impl Drop for ValueStack {
    fn drop(&mut self) {
        // SAFETY: our mapping; the thread has ended.
        unsafe { libc::munmap(self.0.cast(), VALUE_STACK_WORDS * 8) };
    }
}

unsafe fn trace(data: *const (), t: &mut Tracer) {
    // SAFETY: registered with the thread's address; the thread is stopped.
    unsafe { (*data.cast::<Thread>()).trace_roots(t) }
}

impl Thread {
    /// The state of the calling thread, inside and without a transaction. It has to be the only one of this OS thread.
    pub fn create(
        rt: &'static Runtime,
        ticket: ThreadTicket,
        ident: u64,
        is_main: bool,
    ) -> io::Result<Box<Thread>> {
        let stack = ValueStack::new()?;
        let (low, high) = crate::start::native_stack();
        let here = std::ptr::from_ref(&stack).addr();
        // The limit of the main thread's stack may be unlimited: then its base is no help.
        let low = low.max(here.saturating_sub(1 << 30));
        let mut th = Box::new(Thread {
            m: Mutator::new(&rt.heap, Transaction::new(ticket)),
            frame: std::ptr::null_mut(),
            // SAFETY: within the mapping; the words past the end are slack for frame headers.
            stack_end: unsafe { stack.0.add(VALUE_STACK_WORDS - 4096) },
            stack_base: stack.0,
            native_limit: low + NATIVE_RESERVE,
            depth: 0,
            loop_depth: 0,
            loop_mark: 0,
            called_by_loop: None,
            ticks: rt.ticks(),
            unwind: Cell::new(Unwind::Idle),
            exc: Default::default(),
            exc_info: [None; 3],
            ident,
            trace_func: None,
            profile_func: None,
            tracing: 0,
            use_tracing: false,
            dict: None,
            repr_guard: Vec::new(),
            checkpoint: Checkpoint::default(),
            outside: OutsideState::default(),
            method_cache: MethodCache::new(),
            shape_cache: ShapeCache::new(),
            signals_depth: is_main as i32,
            is_main,
            keep_traceback: Cell::new(false),
            collected: Cell::new(false),
            commit_actions: Vec::new(),
            last_wake: (0, 0),
            delivering: false,
            value_stack: stack,
            rt,
        });
        let here: *mut Thread = &mut *th;
        th.m.tx.set_user(here.cast());
        th.m.tx.enter();
        let roots = RootFn { data: std::ptr::from_ref(&*th).cast(), trace };
        // SAFETY: the thread stays in its box; the sources go when the mutator is dropped.
        unsafe {
            th.m.register(high);
            th.m.add_root_source(roots);
        }
        Ok(th)
    }
}
