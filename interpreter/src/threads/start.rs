//! Starting threads and what they do.
//!
//! `start_new_thread` makes the OS thread at once, so that it can say if that fails, but lets it go only when its
//! transaction has committed: the new thread must see what its starter did, and an abort must be able to take it back
//! (DESIGN §9.18). Function and arguments travel in a heap object made old (PITFALLS 6), which is a root meanwhile.
//!
//! # Invariants
//! S1. The new thread runs nothing before its starter's transaction has committed and solo mode has ended.
//! S2. A start that is dropped unreleased (abort) ends the OS thread without a trace.

use super::{create, error, live};
use crate::layout::PyTuple;
use crate::native::Args;
use crate::objects as o;
use crate::ops;
use crate::panics;
use crate::raised::{Caught, PyResult, Raised, Unwind};
use crate::runtime::Runtime;
use crate::thread::Thread;
use crate::value::Value;
use gc_stm::Tracer;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use stm_core::{Requests, ThreadTicket};

/// Native stack of new threads unless `thread.stack_size` says otherwise.
const NATIVE_STACK: usize = 16 << 20;
/// What `thread.stack_size` was given; 0: the default.
static STACK_SIZE: AtomicUsize = AtomicUsize::new(0);
/// The least it takes.
const LEAST_STACK: usize = 32 << 10;
/// What a thread gets at least, whatever was asked for: the eval loop's own frames are large.
const USABLE_STACK: usize = 1 << 20;

/// What threads that have not yet begun are to run.
static WAITING: Mutex<Vec<(u64, Value)>> = Mutex::new(Vec::new());

/// Shows the collector what waits to be run.
pub(crate) fn trace_roots(t: &mut Tracer) {
    for (_, v) in WAITING.lock().iter() {
        t.word(v.bits());
    }
}

/// `thread.stack_size()`.
pub fn stack_size() -> usize {
    STACK_SIZE.load(Ordering::Relaxed)
}

/// Sets it; false if that is too small.
pub fn set_stack_size(n: usize) -> bool {
    if n != 0 && n < LEAST_STACK {
        return false;
    }
    STACK_SIZE.store(n, Ordering::Relaxed);
    true
}

/// A started OS thread that waits to be let go.
struct Waiting {
    ident: u64,
    go: Option<mpsc::Sender<()>>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.go.is_some() {
            take(self.ident);
        }
    }
}

/// The task of a thread, taken off the table.
fn take(ident: u64) -> Option<Value> {
    let mut waiting = WAITING.lock();
    let i = waiting.iter().position(|(n, _)| *n == ident)?;
    Some(waiting.swap_remove(i).1)
}

/// Starts a thread that calls `f(*args, **kwargs)`, once the running transaction has committed; its identifier.
pub fn start(th: &mut Thread, f: Value, args: Value, kwargs: Value) -> PyResult<u64> {
    let task = th.new_tuple(&[f, args, kwargs]);
    let ident = create::fresh_ident();
    let stm = th.m.tx.stm().clone();
    let ticket = stm.reserve_thread();
    let (go, begin) = mpsc::channel();
    let rt = th.rt;
    let size = match stack_size() {
        0 => NATIVE_STACK,
        n => n.max(USABLE_STACK),
    };
    let spawned = std::thread::Builder::new().stack_size(size).spawn(move || {
        panics::fatal(|| main(rt, ticket, ident, begin));
        gc_stm::clear_dead_stack();
    });
    if spawned.is_err() {
        return Err(error::raise(th, "can't start new thread"));
    }
    th.m.make_old_now(task.obj_unchecked());
    WAITING.lock().push((ident, task));
    let mut waiting = Waiting { ident, go: Some(go) };
    th.at_commit(move |th| {
        if th.m.leave_solo().is_err() {
            eprintln!("pypy-stm: no address space for a second thread");
            return;
        }
        if let Some(go) = waiting.go.take() {
            live::count_start();
            if go.send(()).is_err() {
                live::count_end();
                take(waiting.ident);
            }
        }
    });
    Ok(ident)
}

/// The OS thread.
fn main(rt: &'static Runtime, ticket: ThreadTicket, ident: u64, begin: mpsc::Receiver<()>) {
    if begin.recv().is_err() {
        return;
    }
    crate::gil::acquire_first(rt);
    match Thread::create(rt, ticket, ident, false) {
        Ok(mut th) => {
            live::add(&th);
            begin_python(&mut th);
            if let Some(task) = take(ident).and_then(|t| t.cast::<PyTuple>()) {
                let (f, args, kwargs) = (task.get().items()[0], task.get().items()[1], task.get().items()[2]);
                run(&mut th, f, args, kwargs);
            }
            end(th);
        }
        Err(e) => {
            take(ident);
            eprintln!("pypy-stm: cannot run a new thread: {e}");
        }
    }
    live::count_end();
    crate::gil::release_last(rt);
}

/// The first transaction: inevitable until the first bytecode boundary, since there is nothing to restart from.
pub fn begin_python(th: &mut Thread) {
    th.m.begin_inevitable();
    th.checkpoint.loop_depth = 0;
    th.m.tx.record().request_own(Requests::COMMIT);
}

fn run(th: &mut Thread, f: Value, args: Value, kwargs: Value) {
    let r = panics::guarded(th, |th| call(th, f, args, kwargs));
    if let Err(e) = r
        && let Err(e) = report(th, f, e)
    {
        drop_unwind(th, e);
    }
    if let Err(e) = super::local::forget(th) {
        drop_unwind(th, e);
    }
    if super::fork::threads_flush()
        && let Err(e) = o::file::flush_all(th)
    {
        drop_unwind(th, e);
    }
}

fn call(th: &mut Thread, f: Value, args: Value, kwargs: Value) -> PyResult {
    let kw = th.m.root_vec();
    if let Some(d) = kwargs.payload::<crate::layout::PyDict>() {
        let mut at = 0;
        while let Some(e) = o::dict::next_entry(th, d, &mut at)? {
            kw.push(e.0.bits());
            kw.push(e.1.bits());
        }
    }
    let pos = match args.payload::<PyTuple>() {
        Some(t) => t.get().items(),
        None => &[],
    };
    ops::call_args(th, f, Args { callee: f, pos, kw: ops::values(&kw) })
}

/// Prints what ended the thread, but not for SystemExit.
fn report(th: &mut Thread, f: Value, e: Raised) -> PyResult<()> {
    if th.unwinding() == Unwind::Exit {
        return Err(e);
    }
    let c: Caught = e.catch(th)?;
    if o::exceptions::class_matches(th, c.class, o::exceptions::SYSTEM_EXIT.class()) {
        return Ok(());
    }
    let what = match ops::repr(th, f) {
        Ok(s) => th.str_bytes(s).to_vec(),
        Err(e) => {
            e.catch(th)?;
            b"<unprintable function>".to_vec()
        }
    };
    let mut text = b"Unhandled exception in thread started by ".to_vec();
    text.extend_from_slice(&what);
    text.push(b'\n');
    o::traceback::print::write_stderr(th, &text)?;
    o::traceback::print::report(th, c)
}

/// Nobody is left to tell.
fn drop_unwind(th: &mut Thread, e: Raised) {
    if e.catch(th).is_err() {
        th.unwind.set(Unwind::Idle);
    }
}

/// The last commit; then the thread is gone.
fn end(mut th: Box<Thread>) {
    th.m.tx.set_atomic_depth(0);
    if th.m.tx.is_live()
        && let Err(e) = th.end_transaction()
    {
        drop_unwind(&mut th, e);
        th.m.abort();
    }
    th.run_commit_actions();
    crate::signals::forget_thread(&th);
    live::remove(&th);
    th.m.detach();
}
