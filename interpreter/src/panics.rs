//! What becomes of a Rust panic: a fault of the runtime, never of the program (PITFALLS 30).
//!
//! A panic in native code ends the bytecode it belongs to and is raised there as `SystemError`, so that `finally` suites
//! run, locks are given back and other threads go on. The net is spread once per eval loop ([`run`]), not per call:
//! nothing is paid until a panic happens. What the bytecode wrote before stays written; it goes through the barriers,
//! so an abort still takes it back.
//!
//! # Invariants
//! X1. A panic inside the heap or the transaction protocol (crates `gc-stm`, `stm-core`) leaves nothing to go on with: the hook
//!     prints it and ends the process with status 70, before anything unwinds.
//! X2. Where no eval loop is active, [`fatal`] does the same.
//! X3. After [`run`] has caught a panic, the top frame is one of that loop's own and the depths are what they were when
//!     it was: natives and frames that were being made above it are gone.

use crate::eval::frame::{Frame, flag};
use crate::raised::{PyResult, Raised, Unwind};
use crate::thread::Thread;
use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

/// Exit status after an internal error (`EX_SOFTWARE`).
const STATUS: i32 = 70;

thread_local! {
    /// Text and place of the panic being unwound in this thread.
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Makes panics silent until they are caught, and those that cannot be survived end the process.
pub fn install() {
    std::panic::set_hook(Box::new(note));
}

fn note(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(String::new, |l| format!(" ({}:{})", l.file(), l.line()));
    let text = format!("{}{place}", text_of(info.payload()));
    if std::env::var_os("RUST_BACKTRACE").is_some_and(|v| !v.is_empty() && v != "0") {
        eprintln!("{text}\n{}", std::backtrace::Backtrace::force_capture());
    }
    if info.location().is_some_and(|l| is_of_the_heap(l.file())) {
        end_process(&text);
    }
    LAST.with(|last| *last.borrow_mut() = text);
}

fn text_of(payload: &(dyn Any + Send)) -> &str {
    match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "panic",
    }
}

fn is_of_the_heap(file: &str) -> bool {
    ["gc-stm/src/", "stm-core/src/"]
        .iter()
        .any(|folder| file.starts_with(folder) || file.contains(&format!("/{folder}")))
}

fn end_process(text: &str) -> ! {
    let line = format!("Fatal Python error: internal error: {text}\n");
    // SAFETY: plain system calls; `_exit` runs nothing that could depend on what is broken.
    unsafe {
        libc::write(2, line.as_ptr().cast(), line.len());
        libc::_exit(STATUS)
    }
}

/// Runs what no eval loop surrounds, such as the main function of a thread. A panic ends the process.
pub fn fatal<T>(body: impl FnOnce() -> T) -> T {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(result) => result,
        Err(_) => LAST.with(|last| end_process(&last.borrow())),
    }
}

/// Runs `body`; a panic in it is raised as `SystemError`. The frames above the top one of now are dropped, so `body` may
/// be what an eval loop does or anything that leaves the frame stack as it was.
#[inline(always)]
pub fn run<T>(th: &mut Thread, entry: Entry, body: impl FnOnce(&mut Thread) -> PyResult<T>) -> PyResult<T> {
    match catch_unwind(AssertUnwindSafe(|| body(&mut *th))) {
        Ok(result) => result,
        Err(_) => Err(entry.recover(th)),
    }
}

/// As [`run`], outside any eval loop.
pub fn guarded<T>(th: &mut Thread, body: impl FnOnce(&mut Thread) -> PyResult<T>) -> PyResult<T> {
    let entry = Entry::of(th);
    run(th, entry, body)
}

/// Where an eval loop began: its entry frame and the depths that went with it.
#[derive(Copy, Clone)]
pub struct Entry {
    frame: *mut Frame,
    depth: u32,
    loop_depth: u32,
    tracing: u32,
    guards: usize,
}

impl Entry {
    /// The loop that is about to run the top frame.
    pub fn of(th: &Thread) -> Entry {
        Entry {
            frame: th.frame,
            depth: th.depth,
            loop_depth: th.loop_depth,
            tracing: th.tracing,
            guards: th.repr_guard.len(),
        }
    }

    /// Cuts off what the panic interrupted above this loop's frames, and raises.
    #[cold]
    #[inline(never)]
    fn recover(self, th: &mut Thread) -> Raised {
        let mut own = 0;
        let mut top = th.frame;
        let mut f = top;
        while !f.is_null() && f != self.frame {
            // SAFETY: the chain of live frames.
            unsafe {
                own += 1;
                let entered = (*f).flags & flag::ENTRY != 0;
                f = (*f).prev;
                if entered {
                    // Made for a nested loop that never ran.
                    (top, own) = (f, 0);
                }
            }
        }
        th.frame = top;
        th.depth = self.depth + own;
        th.loop_depth = self.loop_depth;
        th.tracing = self.tracing;
        th.repr_guard.truncate(self.guards);
        th.outside.pending = None;
        if matches!(th.unwinding(), Unwind::Abort | Unwind::Retry) {
            // The restart undoes what was half done.
            return th.start_unwind(Unwind::Abort);
        }
        let text = LAST.with(|last| std::mem::take(&mut *last.borrow_mut()));
        th.system_error(format!("internal error: {text}"))
    }
}

#[cfg(test)]
mod tests {
    use super::is_of_the_heap;

    #[test]
    fn places() {
        assert!(is_of_the_heap("gc-stm/src/heap.rs") && is_of_the_heap("/somewhere/stm-core/src/lib.rs"));
        assert!(!is_of_the_heap("interpreter/src/ops/mod.rs") && !is_of_the_heap("stdlib/src/lib.rs"));
    }
}
