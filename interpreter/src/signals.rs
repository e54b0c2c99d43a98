//! Signals as Python sees them: noted by the C handler, taken at a poll by a thread that may handle them.
//!
//! # Invariants
//! G1. [`on_signal`] is async-signal-safe: it touches atomics and one descriptor only.
//! G2. A noted signal is taken by [`deliver`] alone, which runs at polls outside atomic blocks, right after a commit: a
//!     restart does not lose it (PITFALLS 10).
//! G3. What Python code a signal runs is the business of module `signal`, which registers one function here.

use crate::raised::PyResult;
use crate::thread::Thread;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU64, Ordering};
use stm_core::{Requests, ThreadRecord};

/// Signal numbers are below this.
pub const COUNT: usize = 65;

static PENDING: AtomicBool = AtomicBool::new(false);
static TRIPPED: [AtomicBool; COUNT] = [const { AtomicBool::new(false) }; COUNT];
/// Descriptor that gets a zero byte per signal; -1: none.
static WAKEUP: AtomicI32 = AtomicI32::new(-1);
/// Record of the thread that handles signals.
static MAIN: AtomicPtr<ThreadRecord> = AtomicPtr::new(std::ptr::null_mut());
/// The OS thread of that record.
static MAIN_THREAD: AtomicU64 = AtomicU64::new(0);
/// Records of other threads that may handle signals.
static ENABLED: [AtomicPtr<ThreadRecord>; 64] = [const { AtomicPtr::new(std::ptr::null_mut()) }; 64];
static HOOK: OnceLock<Hook> = OnceLock::new();

/// Runs the Python handler of a signal.
pub type Hook = fn(&mut Thread, i32) -> PyResult<()>;

/// True if a signal waits and this thread may take it.
#[inline]
pub fn pending(th: &Thread) -> bool {
    PENDING.load(Ordering::Relaxed) && th.signals_depth > 0
}

/// True if a signal waits for anybody.
#[inline]
pub fn waiting() -> bool {
    PENDING.load(Ordering::Relaxed)
}

/// Names the thread that handles signals: the calling one.
pub fn set_main(th: &Thread) {
    MAIN.store(std::ptr::from_ref(th.m.tx.record()).cast_mut(), Ordering::Release);
    // SAFETY: no preconditions.
    MAIN_THREAD.store(unsafe { libc::pthread_self() } as u64, Ordering::Release);
}

/// Lets the calling thread handle signals, once more. Not undone by an abort: the transaction becomes inevitable.
pub fn enable(th: &mut Thread) -> PyResult<()> {
    th.become_inevitable()?;
    th.signals_depth += 1;
    let record = std::ptr::from_ref(th.m.tx.record()).cast_mut();
    if !th.is_main && th.signals_depth == 1 {
        // With all places taken the thread still sees signals at polls it makes for other reasons.
        for place in &ENABLED {
            let free = std::ptr::null_mut();
            if place.compare_exchange(free, record, Ordering::AcqRel, Ordering::Relaxed).is_ok() {
                break;
            }
        }
    }
    if waiting() {
        th.m.tx.record().request_own(Requests::SIGNAL);
    }
    Ok(())
}

/// Takes one [`enable`] back; false if there is none.
pub fn disable(th: &mut Thread) -> PyResult<bool> {
    if th.signals_depth <= 0 {
        return Ok(false);
    }
    th.become_inevitable()?;
    th.signals_depth -= 1;
    if th.signals_depth == 0 {
        forget_thread(th);
    }
    Ok(true)
}

/// The calling thread is not to be told of signals any more.
pub fn forget_thread(th: &Thread) {
    let record = std::ptr::from_ref(th.m.tx.record()).cast_mut();
    for place in &ENABLED {
        // Fails where another thread is named.
        let _ = place.compare_exchange(record, std::ptr::null_mut(), Ordering::AcqRel, Ordering::Relaxed);
    }
}

/// Sets what runs Python handlers; the first call counts.
pub fn set_hook(hook: Hook) {
    let _ = HOOK.set(hook);
}

/// Sets the descriptor that is written to at every signal; the old one.
pub fn set_wakeup(fd: i32) -> i32 {
    WAKEUP.swap(fd, Ordering::AcqRel)
}

/// Notes that a signal has arrived, as if from the C handler.
pub fn trip(signal: i32) {
    if let Some(t) = TRIPPED.get(signal as usize) {
        t.store(true, Ordering::Release);
    }
    PENDING.store(true, Ordering::Release);
    for who in std::iter::once(&MAIN).chain(&ENABLED) {
        let record = who.load(Ordering::Acquire);
        if !record.is_null() {
            // SAFETY: records live as long as the runtime.
            unsafe { (*record).request_poll(Requests::SIGNAL) };
        }
    }
}

/// `thread.interrupt_main`: as if SIGINT had come, ending the main thread's system call where a handler is installed.
pub fn interrupt_main() {
    trip(libc::SIGINT);
    let main = MAIN_THREAD.load(Ordering::Acquire);
    // SAFETY: asks for the disposition; the main thread lives as long as the process.
    unsafe {
        let mut now: libc::sigaction = std::mem::zeroed();
        if main != 0
            && libc::sigaction(libc::SIGINT, std::ptr::null(), &mut now) == 0
            && now.sa_sigaction == on_signal as extern "C" fn(i32) as usize
        {
            libc::pthread_kill(main as libc::pthread_t, libc::SIGINT);
        }
    }
}

/// The C handler. Whichever thread the system chose, the main one's system call is to end with EINTR.
pub extern "C" fn on_signal(signal: i32) {
    // SAFETY: errno is the thread's own; it is put back as it was.
    unsafe {
        let saved = *libc::__errno_location();
        let main = MAIN_THREAD.load(Ordering::Acquire);
        if main != 0 && main != libc::pthread_self() as u64 && !is_fault(signal) {
            libc::pthread_kill(main as libc::pthread_t, signal);
            *libc::__errno_location() = saved;
            return;
        }
        trip(signal);
        let fd = WAKEUP.load(Ordering::Acquire);
        if fd >= 0 {
            libc::write(fd, [0u8].as_ptr().cast(), 1);
        }
        *libc::__errno_location() = saved;
    }
}

/// Signals about what the thread itself did.
fn is_fault(signal: i32) -> bool {
    matches!(signal, libc::SIGSEGV | libc::SIGBUS | libc::SIGFPE | libc::SIGILL)
}

/// Forgets what has arrived (in a forked child).
pub fn forget() {
    PENDING.store(false, Ordering::Release);
    for place in &ENABLED {
        place.store(std::ptr::null_mut(), Ordering::Release);
    }
    for t in &TRIPPED {
        t.store(false, Ordering::Release);
    }
}

/// Runs the handlers of the signals that have arrived. A handler's exception ends it; the rest stay pending.
pub fn deliver(th: &mut Thread) -> PyResult<()> {
    if th.signals_depth <= 0 || !PENDING.swap(false, Ordering::AcqRel) {
        return Ok(());
    }
    let Some(hook) = HOOK.get() else { return Ok(()) };
    for n in 1..COUNT {
        if TRIPPED[n].swap(false, Ordering::AcqRel)
            && let Err(e) = hook(th, n as i32)
        {
            if TRIPPED.iter().any(|t| t.load(Ordering::Acquire)) {
                PENDING.store(true, Ordering::Release);
                th.m.tx.record().request_own(Requests::SIGNAL);
            }
            return Err(e);
        }
    }
    Ok(())
}
