//! Looking at the frames of other threads: `sys._current_frames`, and frame objects that have changed hands.
//!
//! A frame on another thread's value stack may not be read as it runs, and refers to objects that nobody else may see yet
//! (PITFALLS 9). So whoever wants to look makes its transaction exclusive: every other one ends, and none begins before
//! the look is over. Then, with the world stopped, what those threads have on their stacks is made old, and copied.
//!
//! # Invariants
//! G1. A foreign frame is read only within [`Mutator::look_at_others`](gc_stm::Mutator::look_at_others).
//! G2. What is copied lies in a root vector before the world goes on.
//!
//! Checked by `tests/python/test_threads.py`.

use super::live;
use crate::eval::frame::Frame;
use crate::layout::*;
use crate::objects::frame;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};
use gc_stm::RootVec;
use std::time::Duration;

/// A copied frame: where its values begin in the roots, and its plain fields.
struct Copied {
    first: usize,
    values: usize,
    lasti: i32,
    line: i32,
}

/// Places in the roots, from `Copied::first` on: these, then locals, cells and free variables.
const CODE: usize = 0;
const GLOBALS: usize = 1;
const NAMES: usize = 2;
const OBJECT: usize = 3;
const VALUES: usize = 4;

/// The stack of one thread, top first.
struct Stack {
    ident: u64,
    frames: Vec<Copied>,
}

impl Copied {
    /// # Safety
    /// `f` is a live frame of a thread that is stopped with its frames up to date.
    unsafe fn of(f: *mut Frame, roots: &RootVec) -> Copied {
        // SAFETY: the caller's promise.
        let f = unsafe { &*f };
        let first = roots.len();
        let names = f.namespace();
        for v in [Some(f.code), Some(f.globals), names, f.object] {
            roots.push(v.map_or(0, Value::bits));
        }
        for i in 0..f.fast_len() {
            // SAFETY: F2 (frame.rs).
            roots.push(unsafe { *f.locals.add(i) }.unwrap_or(Value::UNBOUND).bits());
        }
        Copied { first, values: f.fast_len(), lasti: f.last_offset(), line: f.line() }
    }

    fn slot(&self, roots: &RootVec, i: usize) -> Slot {
        roots.get(self.first + i).and_then(Value::from_bits)
    }

    /// Puts the copy into the frame's object, or a new one, whose `f_back` is `back`.
    fn into_object(&self, th: &mut Thread, roots: &RootVec, ident: u64, back: Slot) -> PyResult {
        let values: Vec<Value> =
            (0..self.values).map(|i| self.slot(roots, VALUES + i).unwrap_or(Value::UNBOUND)).collect();
        let values = th.try_tuple(&values)?;
        let r = match self.slot(roots, OBJECT).and_then(Value::cast::<PyFrame>) {
            Some(r) => r,
            None => {
                let class = frame::FRAME.class_bits();
                let r: Ref<PyFrame> = th.alloc_fixed(class, round16(size_of::<PyFrame>()));
                let u = r.unguarded();
                u.code.set(self.slot(roots, CODE));
                u.globals.set(self.slot(roots, GLOBALS));
                u.locals.set(self.slot(roots, NAMES));
                u.owner.set(ident);
                r
            }
        };
        let u = r.write(th)?;
        u.values.set(Some(values));
        u.back.set(back);
        u.lasti.set(self.lasti);
        u.lineno.set(self.line);
        Ok(r.value())
    }
}

/// Copies the stacks of the other threads, or of one of them.
fn copy(th: &mut Thread, only: Option<u64>) -> PyResult<(RootVec, Vec<Stack>)> {
    if let Err(c) = th.m.tx.enter_exclusive() {
        return Err(th.conflict(c));
    }
    th.commit_soon();
    let roots = th.m.root_vec();
    let me: *const Thread = th;
    loop {
        let looked = th.m.look_at_others(|| {
            let mut stacks = Vec::new();
            live::for_each(|other| {
                // SAFETY: live threads, stopped.
                let (ident, mut f) = unsafe { ((*other).ident, (*other).frame) };
                if std::ptr::eq(other, me) || only.is_some_and(|n| n != ident) {
                    return;
                }
                let mut frames = Vec::new();
                while !f.is_null() {
                    // SAFETY: G1; the chain of live frames.
                    unsafe {
                        frames.push(Copied::of(f, &roots));
                        f = (*f).prev;
                    }
                }
                stacks.push(Stack { ident, frames });
            });
            stacks
        });
        if let Some(stacks) = looked {
            return Ok((roots, stacks));
        }
        // A thread is on its way to the gate.
        std::thread::sleep(Duration::from_micros(20));
    }
}

/// The objects of copied frames, the one on top last made.
fn objects(th: &mut Thread, roots: &RootVec, stack: &Stack) -> PyResult<Slot> {
    let mut back: Slot = None;
    for f in stack.frames.iter().rev() {
        back = Some(f.into_object(th, roots, stack.ident, back)?);
    }
    Ok(back)
}

/// The top frames of the other threads, with their identifiers: copies.
pub fn top_frames(th: &mut Thread) -> PyResult<Vec<(u64, Value)>> {
    if th.m.tx.stm().threads() == 1 {
        return Ok(Vec::new());
    }
    let (roots, stacks) = copy(th, None)?;
    let kept = th.m.root_vec();
    let mut all = Vec::new();
    for stack in &stacks {
        if let Some(top) = objects(th, &roots, stack)? {
            kept.push(top.bits());
            all.push((stack.ident, top));
        }
    }
    Ok(all)
}

/// Brings an object of another thread's live frame up to date.
pub fn refresh(th: &mut Thread, owner: u64) -> PyResult<()> {
    let (roots, stacks) = copy(th, Some(owner))?;
    for stack in &stacks {
        objects(th, &roots, stack)?;
    }
    Ok(())
}
