//! Starting the runtime: heap, transactions, the main thread, the built-in types.

use crate::runtime::{Runtime, Settings};
use crate::thread::Thread;
use crate::threads::stress::Stress;
use crate::threads::{create, live};
use gc_stm::{Heap, HeapConfig, RootFn, Tracer};
use std::io;
use stm_core::{Mode, Stm, StmConfig};

/// Makes the runtime and the main thread, which then runs its first transaction.
pub fn start(settings: Settings, mut heap: HeapConfig) -> io::Result<Box<Thread>> {
    crate::panics::install();
    Stress::from_environment().configure(&mut heap);
    gc_stm::register_kinds(crate::kinds::KINDS)
        .map_err(|_| io::Error::other("the kinds of objects are registered already"))?;
    let heap = Heap::new(heap)?;
    let mode = if settings.gil {
        Mode::Gil
    } else if settings.force_stm {
        Mode::AlwaysStm
    } else {
        Mode::Stm
    };
    let mut config =
        StmConfig { heap_base: heap.heap_base(), heap_len: heap.heap_len(), mode, ..Default::default() };
    if settings.segments > 0 {
        config.segments = settings.segments;
    }
    let stm = Stm::new(config)?;
    let rt = Runtime::create(heap.clone(), stm.clone(), settings).map_err(io::Error::other)?;
    // SAFETY: the runtime is never dropped.
    unsafe {
        heap.add_root_source(RootFn { data: (rt as *const Runtime).cast(), trace: trace_runtime });
    }
    let mut th = Thread::create(rt, stm.reserve_thread(), create::fresh_ident(), true)?;
    live::add(&th);
    crate::threads::start::begin_python(&mut th);
    Ok(th)
}

unsafe fn trace_runtime(data: *const (), t: &mut Tracer) {
    // SAFETY: registered with the runtime, which lives for ever.
    unsafe { (*data.cast::<Runtime>()).trace_roots(t) }
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
