//! Starting the runtime: heap, transactions, the main thread, the built-in types.

use crate::eval::checkpoint::Checkpoint;
use crate::eval::poll::TICKS;
use crate::outside::OutsideState;
use crate::raised::Unwind;
use crate::runtime::{Runtime, Settings};
use crate::thread::{Thread, VALUE_STACK_WORDS};
use crate::types::cache::MethodCache;
use crate::value::Slot;
use gc_stm::{Heap, HeapConfig, Mutator, RootFn, Tracer};
use std::cell::Cell;
use std::io;
use stm_core::{Mode, Stm, StmConfig, ThreadTicket, Transaction};

/// Native stack that must stay free for unwinding and for natives that do not recurse.
const NATIVE_RESERVE: usize = 256 << 10;

/// Makes the runtime and the main thread, which then runs its first transaction.
pub fn start(settings: Settings, heap: HeapConfig) -> io::Result<Box<Thread>> {
    gc_stm::register_kinds(crate::kinds::KINDS).map_err(|_| io::Error::other("the kinds of objects are registered already"))?;
    let heap = Heap::new(heap)?;
    let mode = if settings.gil {
        Mode::Gil
    } else if settings.force_stm {
        Mode::AlwaysStm
    } else {
        Mode::Stm
    };
    let mut config = StmConfig { heap_base: heap.heap_base(), heap_len: heap.heap_len(), mode, ..Default::default() };
    if settings.segments > 0 {
        config.segments = settings.segments;
    }
    let stm = Stm::new(config)?;
    let rt = Runtime::create(heap.clone(), stm.clone(), settings).map_err(io::Error::other)?;
    // SAFETY: the runtime is never dropped.
    unsafe {
        heap.add_root_source(RootFn { data: (rt as *const Runtime).cast(), trace: trace_runtime });
    }
    let mut th = new_thread(rt, stm.reserve_thread(), native_limit_of_main())?;
    th.is_main = true;
    th.signals_depth = 1;
    Ok(th)
}

unsafe fn trace_runtime(data: *const (), t: &mut Tracer) {
    // SAFETY: registered with the runtime, which lives for ever.
    unsafe { (*data.cast::<Runtime>()).trace_roots(t) }
}

unsafe fn trace_thread(data: *const (), t: &mut Tracer) {
    // SAFETY: registered with a thread that unregisters when it is dropped.
    unsafe { (*data.cast::<Thread>()).trace_roots(t) }
}

/// Makes the state of the calling OS thread and begins its first transaction. `native_limit`: lowest usable address of
/// its native stack.
pub fn new_thread(rt: &'static Runtime, ticket: ThreadTicket, native_limit: usize) -> io::Result<Box<Thread>> {
    let stack = map_stack()?;
    let mut th = Box::new(Thread {
        m: Mutator::new(&rt.heap, Transaction::new(ticket)),
        frame: std::ptr::null_mut(),
        stack_end: stack.wrapping_add(VALUE_STACK_WORDS - 4096),
        stack_base: stack,
        native_limit: native_limit + NATIVE_RESERVE,
        depth: 0,
        loop_depth: 0,
        ticks: TICKS,
        unwind: Cell::new(Unwind::Idle),
        exc: [Cell::new(None), Cell::new(None), Cell::new(None)],
        exc_info: [None; 3],
        ident: 0,
        trace_func: None,
        profile_func: None,
        tracing: 0,
        use_tracing: false,
        dict: None,
        repr_guard: Vec::new(),
        checkpoint: Checkpoint::default(),
        outside: OutsideState::default(),
        method_cache: MethodCache::new(),
        signals_depth: 0,
        is_main: false,
        rt,
    });
    // SAFETY: pthread_self has no preconditions.
    th.ident = unsafe { libc::pthread_self() } as u64;
    let me: *const Thread = &*th;
    let base = stack_base_of_caller();
    th.m.tx.set_user(me.cast_mut().cast());
    th.m.tx.enter();
    // SAFETY: the box is not moved out of before it is dropped.
    unsafe {
        th.m.register(base);
        th.m.add_root_source(RootFn { data: me.cast(), trace: trace_thread });
    }
    th.m.begin();
    th.take_checkpoint();
    Ok(th)
}

fn map_stack() -> io::Result<*mut Slot> {
    // SAFETY: a fresh private mapping; pages cost memory only once touched.
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
    if p == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(p.cast()) }
}

impl Drop for Thread {
    fn drop(&mut self) {
        // SAFETY: mapped by `map_stack`; the thread is gone.
        unsafe { libc::munmap(self.stack_base.cast(), VALUE_STACK_WORDS * 8) };
    }
}

/// Bounds of the calling thread's native stack: (lowest address, one past the highest).
pub fn native_stack() -> (usize, usize) {
    // SAFETY: plain pthread calls on local storage.
    unsafe {
        let mut attr = std::mem::zeroed::<libc::pthread_attr_t>();
        let (mut addr, mut size) = (std::ptr::null_mut(), 0);
        if libc::pthread_getattr_np(libc::pthread_self(), &mut attr) != 0 {
            let here = std::ptr::from_ref(&attr).addr();
            return (here - (1 << 20), here + 4096);
        }
        libc::pthread_attr_getstack(&attr, &mut addr, &mut size);
        libc::pthread_attr_destroy(&mut attr);
        (addr as usize, addr as usize + size)
    }
}

fn native_limit_of_main() -> usize {
    native_stack().0
}

fn stack_base_of_caller() -> usize {
    native_stack().1
}

