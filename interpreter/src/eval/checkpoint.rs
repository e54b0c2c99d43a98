//! Where a transaction restarts: saved frames and the thread state that goes with them (DESIGN §3, §9.1-3).
//!
//! A transaction begins at a bytecode boundary of some eval loop, its *owner*, and saves the top frame. Frames below are
//! saved when they are first entered again ([`enter_frame`]). An abort unwinds all Rust code up to the owner, undoes the
//! heap, copies the saved frames back (latest saved first, so that overlapping argument areas end up as the oldest
//! copy has them) and begins anew.
//!
//! # Invariants
//! C1. Every frame at or above `watermark` is either saved or younger than the transaction.
//! C2. State outside heap and frames that Python can see is in [`Fields`], stored back absolutely.
//! C3. `loop_depth` names the owner; 0: the transaction has no checkpoint and is inevitable until the next boundary.
//! C4. In solo and GIL mode nothing is saved: nothing can abort.

use super::frame::{FRAME_WORDS, Frame};
use super::run::Flow;
use crate::outside::{OutsideResult, Pending};
use crate::raised::{PyResult, Raised, Unwind};
use crate::thread::Thread;
use crate::value::{Slot, Value};
use gc_stm::Tracer;
use stm_core::{Conflict, Requests};

/// Words of undo log beyond which an atomic block gives up the possibility to be undone (PITFALLS 26): 32 MiB.
const UNDO_WORDS: usize = 4 << 20;

/// One saved frame: where it was, and its words from the first local to the stack top, in `Checkpoint::words`.
struct Saved {
    frame: *mut Frame,
    locals: *mut Slot,
    first: usize,
    len: usize,
}

/// Thread state that a restart puts back.
#[derive(Copy, Clone)]
struct Fields {
    frame: *mut Frame,
    depth: u32,
    exc_info: [Slot; 3],
    atomic: u32,
    signals: i32,
    tracing: u32,
    use_tracing: bool,
    trace_func: Slot,
    profile_func: Slot,
    dict: Slot,
}

/// See the module text.
#[derive(Default)]
pub struct Checkpoint {
    /// The owner; 0 for none.
    pub loop_depth: u32,
    watermark: usize,
    words: Vec<u64>,
    saved: Vec<Saved>,
    fields: Option<Fields>,
    results: Vec<OutsideResult>,
}

impl Checkpoint {
    /// Traces the saved copies: slots and value fields of the header, not the raw words.
    pub(crate) fn trace(&self, t: &mut Tracer) {
        for s in &self.saved {
            let w = &self.words[s.first..s.first + s.len];
            let header = (s.frame as usize - s.locals as usize) / 8;
            for v in &w[..header] {
                t.word(*v);
            }
            // SAFETY: the copy holds a whole header; reads are plain words.
            let f = unsafe { &*(w[header..].as_ptr() as *const Frame) };
            for v in [f.code, f.globals] {
                t.word(v.bits());
            }
            for v in [f.names, f.object, f.owner, f.exc[0], f.exc[1], f.exc[2]] {
                t.word(v.map_or(0, Value::bits));
            }
            let stack = (f.stack_base as usize - s.locals as usize) / 8;
            for v in &w[stack.min(w.len())..] {
                t.word(*v);
            }
        }
        if let Some(f) = &self.fields {
            for v in f.exc_info.iter().chain([&f.trace_func, &f.profile_func, &f.dict]) {
                t.word(v.map_or(0, Value::bits));
            }
        }
    }

    /// There is none any more (C3): what it has saved keeps nothing alive.
    pub(crate) fn disown(&mut self) {
        self.loop_depth = 0;
        self.watermark = 0;
        self.saved.clear();
    }

    fn save(&mut self, f: *mut Frame) {
        // SAFETY: a live frame whose `sp` is up to date (F1).
        unsafe {
            let locals = (*f).locals;
            let len = ((*f).sp as usize - locals as usize) / 8;
            let first = self.words.len();
            self.words.extend_from_slice(std::slice::from_raw_parts(locals as *const u64, len));
            self.saved.push(Saved { frame: f, locals, first, len });
        }
        self.watermark = f as usize;
    }

    fn restore_frames(&self) {
        for s in self.saved.iter().rev() {
            // SAFETY: the words lie where they were copied from; nothing above is in use any more.
            unsafe {
                std::ptr::copy_nonoverlapping(self.words[s.first..].as_ptr(), s.locals as *mut u64, s.len);
            }
        }
    }
}

/// To be called when a frame becomes the top one again, before it changes (C1).
#[inline(always)]
pub fn enter_frame(th: &mut Thread) {
    let f = th.frame;
    if (f as usize) < th.checkpoint.watermark && !f.is_null() {
        th.checkpoint.save(f);
    }
}

impl Thread {
    /// Records the checkpoint of the transaction that has just begun. The top frame is saved and at a boundary.
    pub fn take_checkpoint(&mut self) {
        if self.m.tx.is_solo() {
            self.checkpoint.loop_depth = self.loop_depth;
            self.checkpoint.watermark = 0;
            return;
        }
        self.collected.set(false);
        let cp = &mut self.checkpoint;
        cp.words.clear();
        cp.saved.clear();
        cp.watermark = 0;
        cp.loop_depth = self.loop_depth;
        cp.fields = Some(Fields {
            frame: self.frame,
            depth: self.depth,
            exc_info: self.exc_info,
            atomic: self.m.tx.atomic_depth(),
            signals: self.signals_depth,
            tracing: self.tracing,
            use_tracing: self.use_tracing,
            trace_func: self.trace_func,
            profile_func: self.profile_func,
            dict: self.dict,
        });
        cp.results.clone_from(&self.outside.results);
        if !self.frame.is_null() {
            cp.save(self.frame);
        }
    }

    /// Commits at a bytecode boundary and begins the next transaction; nothing inside `atomic`.
    pub fn commit_here(&mut self) -> PyResult<()> {
        if self.m.tx.atomic_depth() > 0 {
            return Ok(());
        }
        self.commit_now()?;
        self.take_checkpoint();
        Ok(())
    }

    fn commit_now(&mut self) -> PyResult<()> {
        if !self.commit_actions.is_empty() || (!self.m.tx.is_solo() && self.m.tx.could_enter_solo()) {
            self.end_transaction()?;
            self.m.tx.try_enter_solo();
            self.m.begin();
            return Ok(());
        }
        match self.m.commit_and_begin() {
            Ok(()) => Ok(()),
            Err(c) => Err(self.conflict(c)),
        }
    }

    /// Collects at a bytecode boundary.
    pub fn collect_here(&mut self) -> PyResult<()> {
        if self.m.tx.atomic_depth() == 0 {
            self.commit_now()?;
        }
        self.m.safepoint_collect();
        if self.m.tx.atomic_depth() == 0 {
            self.take_checkpoint();
        }
        if self.m.take_memory_exhausted() {
            return Err(self.memory_error());
        }
        crate::dead::deliver(self).map(|_| ())
    }

    /// The transaction has run for its time slice.
    pub fn end_of_slice(&mut self) -> PyResult<()> {
        // What could not be delivered where the collection was.
        crate::dead::deliver(self)?;
        if self.m.tx.atomic_depth() > 0 {
            if self.m.tx.undo_len() > UNDO_WORDS {
                self.become_inevitable()?;
            }
            // At the end of the block, or a thread that is nearly always inside one would never let others run.
            self.m.tx.defer(Requests::TICK);
            return Ok(());
        }
        if self.m.tx.is_solo() {
            return crate::gil::tick(self);
        }
        // Length alone does not end a transaction in a nested loop (PITFALLS 21).
        if self.at_owner_loop() || self.checkpoint.loop_depth == 0 { self.commit_here() } else { Ok(()) }
    }

    /// A nested eval loop returns to native code: if the running transaction began inside it, its checkpoint is
    /// gone; what follows is inevitable until the next boundary (PITFALLS 21).
    pub(crate) fn leave_loop(&mut self) -> PyResult<()> {
        if self.m.tx.is_solo() || self.checkpoint.loop_depth != self.loop_depth {
            return Ok(());
        }
        let r = if self.m.tx.atomic_depth() > 0 || self.m.tx.is_inevitable() {
            self.m.tx.become_inevitable()
        } else {
            self.end_transaction()?;
            self.m.begin_inevitable();
            Ok(())
        };
        if let Err(c) = r {
            return Err(self.conflict(c));
        }
        self.checkpoint.disown();
        self.m.tx.record().request_own(Requests::COMMIT);
        Ok(())
    }
}

/// Answers an abort, a retry or an outside request, if this loop owns the checkpoint.
pub fn restart(th: &mut Thread, r: Raised) -> PyResult<Flow> {
    if th.checkpoint.loop_depth != th.loop_depth {
        return Err(r);
    }
    let why = th.unwinding();
    th.unwind.set(Unwind::Idle);
    match why {
        Unwind::Abort => abort(th),
        Unwind::Retry => {
            step_back(th);
            if let Err(e) = th.end_transaction() {
                return again(th, e);
            }
            th.m.tx.wait_for_conflict();
            th.outside.taken = 0;
            th.m.begin();
            th.take_checkpoint();
        }
        Unwind::Outside => {
            step_back(th);
            let Some(op) = th.outside.pending.take() else {
                return Err(th.system_error("no outside operation"));
            };
            if let Err(e) = th.end_transaction() {
                return again(th, e);
            }
            match op {
                Pending::Run(op) => {
                    th.m.tx.leave();
                    let result = op();
                    th.m.tx.enter();
                    th.outside.results.push(result);
                }
                Pending::Sleep(s) => th.sleep(s),
                Pending::Commit => th.outside.results.push(std::sync::Arc::new(())),
            }
            th.outside.taken = 0;
            th.m.begin();
            th.take_checkpoint();
        }
        _ => return Err(r),
    }
    Ok(Flow::Reload)
}

/// The commit before a retry was refused: the transaction has been wounded.
fn again(th: &mut Thread, _r: Raised) -> PyResult<Flow> {
    th.unwind.set(Unwind::Idle);
    abort(th);
    Ok(Flow::Reload)
}

/// The current instruction of the top frame will be executed again.
fn step_back(th: &mut Thread) {
    // SAFETY: the top frame.
    unsafe { (*th.frame).ip = (*th.frame).ip.wrapping_sub(1) };
}

/// Undoes the transaction and puts the thread back to its checkpoint.
fn abort(th: &mut Thread) {
    th.m.abort();
    if let Some(f) = th.checkpoint.fields {
        th.frame = f.frame;
        th.depth = f.depth;
        th.exc_info = f.exc_info;
        th.m.tx.set_atomic_depth(f.atomic);
        th.signals_depth = f.signals;
        th.tracing = f.tracing;
        th.use_tracing = f.use_tracing;
        th.trace_func = f.trace_func;
        th.profile_func = f.profile_func;
        th.dict = f.dict;
    }
    th.checkpoint.restore_frames();
    th.outside.results.clone_from(&th.checkpoint.results);
    th.outside.taken = 0;
    th.outside.pending = None;
    th.commit_actions.clear();
    th.exc.iter().for_each(|c| c.set(None));
    th.repr_guard.clear();
    th.m.begin();
}

impl Thread {
    /// Makes the running transaction one that cannot abort; an abort may come first.
    pub fn become_inevitable(&mut self) -> PyResult<()> {
        match self.m.tx.become_inevitable() {
            Ok(()) => Ok(()),
            Err(c) => Err(self.conflict(c)),
        }
    }

    /// Commits; the thread then holds nothing until it begins again.
    pub(crate) fn end_transaction(&mut self) -> PyResult<()> {
        match self.m.commit() {
            Ok(()) => {
                if !self.commit_actions.is_empty() {
                    self.run_commit_actions();
                }
                Ok(())
            }
            Err(c @ (Conflict::Abort | Conflict::Retry)) => Err(self.conflict(c)),
        }
    }
}

const _: () = assert!(FRAME_WORDS > 0);
