//! Generators: their frame rests in the generator object and is copied to the value stack to run (PITFALLS 8).
//!
//! Every copy happens under the generator's write barrier, so that an abort puts it back as it was; the `running` state is
//! ordinary transactional data.

use super::frame::{Frame, flag};
use super::{push, unwind};
use crate::kinds::kind;
use crate::layout::*;
use crate::objects as o;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};
use std::cell::Cell;

/// States of a generator.
pub const CREATED: u32 = 0;
pub const SUSPENDED: u32 = 1;
pub const RUNNING: u32 = 2;
pub const FINISHED: u32 = 3;

/// Turns the frame just pushed for a generator function into a generator object.
pub fn from_frame(th: &mut Thread, f: *mut Frame) -> PyResult {
    // SAFETY: the top frame, just pushed.
    let rt = unsafe { &*(*f).rt };
    let nvalues = (rt.nlocals + rt.ncells + rt.nfree + rt.stack) as usize;
    let nwords = nvalues + rt.max_blocks as usize;
    let g: Ref<PyGenerator> =
        th.alloc_sized(o::generator::GENERATOR.class_bits(), PyGenerator::size_for(nwords))?;
    // SAFETY: fresh object; the top frame.
    unsafe {
        (*g.as_ptr()).nvalues = nvalues;
        (*g.as_ptr()).nwords = nwords;
        let u = g.unguarded();
        u.code.set(Some((*f).code));
        u.globals.set(Some((*f).globals));
        u.ip.set(u32::MAX);
        u.state.set(CREATED);
        let fast = (*f).fast_len();
        for i in 0..fast {
            u.values()[i].set(*(*f).locals.add(i));
        }
    }
    th.frame = {
        // SAFETY: the top frame.
        unsafe { (*f).prev }
    };
    th.depth -= 1;
    if rt.needs_close {
        th.m.register_finalizable(g.obj());
    }
    Ok(g.value())
}

/// Pushes the generator's frame; its results go to `ret`.
fn push_frame(th: &mut Thread, g: Ref<PyGenerator>, ret: *mut Slot, flags: u32) -> PyResult<*mut Frame> {
    let u = g.write(th)?;
    let (Some(code), Some(globals)) = (u.code.get(), u.globals.get()) else {
        return Err(th.stop_iteration());
    };
    // SAFETY: `code` is a code object.
    let rt = push::runtime(th, unsafe { code.cast_unchecked() })?;
    // SAFETY: one free slot is kept for the result.
    let locals = unsafe { push::stack_top(th).add(1) };
    if th.depth >= th.rt.recursion_limit()
        || (th.stack_end as usize) < locals as usize + (rt.frame_words() + 64) * 8
    {
        return Err(th.recursion_error(""));
    }
    let u = g.unguarded();
    let fast = (rt.nlocals + rt.ncells + rt.nfree) as usize;
    // SAFETY: room was checked.
    unsafe {
        for i in 0..fast {
            *locals.add(i) = u.values()[i].get();
        }
        let f = push::link(th, rt, code, globals, locals, ret, Some(g.value()), flags | flag::GENERATOR);
        let depth = u.depth.get() as usize;
        for i in 0..depth {
            *(*f).stack_base.add(i) = u.values()[fast + i].get();
        }
        (*f).sp = (*f).stack_base.add(depth);
        (*f).nblocks = u.nblocks.get();
        for i in 0..u.nblocks.get() as usize {
            (*Frame::blocks(f).add(i)).0 = u.block_words()[i].get();
        }
        if u.ip.get() != u32::MAX {
            (*f).ip = rt.instructions.as_ptr().add(u.ip.get() as usize);
        }
        (*f).object = u.frame_object.get();
        if let Some(fo) = (*f).object {
            o::frame::attach(th, fo, f);
        }
        if u.state.get() == SUSPENDED && u.exc.iter().any(|e| e.get().is_some()) {
            // The exception the generator was handling is visible again while it runs.
            (*f).exc = th.exc_info;
            (*f).flags |= flag::EXC_SAVED;
            th.exc_info = [u.exc[0].get(), u.exc[1].get(), u.exc[2].get()];
        }
        u.state.set(RUNNING);
        Ok(f)
    }
}

/// FOR_ITER over a generator: true if its frame was pushed, false if it is finished.
pub fn resume_for_loop(th: &mut Thread, g: Ref<PyGenerator>) -> PyResult<bool> {
    match check_state(th, g)? {
        FINISHED => Ok(false),
        state => {
            let ret = push::stack_top(th);
            let f = push_frame(th, g, ret, flag::FOR_ITER)?;
            if state == SUSPENDED {
                // SAFETY: the top frame, suspended at a yield: the expression's value is None.
                unsafe { unwind::push(f, Value::NONE) };
            }
            if th.use_tracing {
                super::trace::call_event(th)?;
            }
            Ok(true)
        }
    }
}

fn check_state(th: &mut Thread, g: Ref<PyGenerator>) -> PyResult<u32> {
    let s = g.read(th)?.state.get();
    if s == RUNNING {
        return Err(th.value_error("generator already executing"));
    }
    Ok(s)
}

/// What to resume a generator with.
pub enum Send {
    Value(Value),
    Throw(Value, Slot, Slot),
}

/// Resumes a generator from native code. `None`: it has finished.
pub fn resume(th: &mut Thread, g: Ref<PyGenerator>, send: Send) -> PyResult<Slot> {
    let state = check_state(th, g)?;
    if state == FINISHED {
        if let Send::Throw(c, v, t) = send {
            return Err(th.raise_with_traceback(c, v, t));
        }
        return Ok(None);
    }
    if let (CREATED, Send::Value(v)) = (state, &send)
        && !v.is_none()
    {
        return Err(th.type_error("can't send non-None value to a just-started generator"));
    }
    th.check_native_stack()?;
    let ret = push::stack_top(th);
    let f = push_frame(th, g, ret, flag::ENTRY)?;
    let r = match send {
        Send::Value(v) => {
            if state == SUSPENDED {
                // SAFETY: the top frame, suspended at a yield.
                unsafe { unwind::push(f, v) };
            }
            match called(th) {
                Ok(()) => super::run::run(th),
                Err(e) => super::run::run_raised(th, e),
            }
        }
        Send::Throw(c, v, t) => {
            if state == CREATED {
                // Nothing has run: the exception passes at the def line.
                mark_finished(th, g)?;
                let e = th.raise_with_traceback(c, v, t);
                o::traceback::add_frame(th, f)?;
                unwind::pop_frame(th);
                return Err(e);
            }
            let e = match called(th) {
                Ok(()) => th.raise_with_traceback(c, v, t),
                Err(e) => e,
            };
            super::run::run_raised(th, e)
        }
    };
    let v = r?;
    if g.read(th)?.state.get() == FINISHED { Ok(None) } else { Ok(Some(v)) }
}

/// The "call" event of a resumed generator.
fn called(th: &mut Thread) -> PyResult<()> {
    if th.use_tracing { super::trace::call_event(th) } else { Ok(()) }
}

/// YIELD_VALUE of the top frame. `Some`: the entry frame has yielded.
pub fn yield_value(th: &mut Thread, v: Value) -> PyResult<Slot> {
    if th.use_tracing {
        super::trace::return_event(th, Some(v))?;
    }
    let f = th.frame;
    // SAFETY: the top frame of a generator.
    unsafe {
        let Some(g) = (*f).owner.and_then(|g| g.cast::<PyGenerator>()) else {
            return Err(th.system_error("yield outside a generator"));
        };
        let u = g.write(th)?;
        let rt = &*(*f).rt;
        let fast = (*f).fast_len();
        let depth = (*f).depth();
        let values: &[Cell<Slot>] = u.values();
        for i in 0..fast {
            values[i].set(*(*f).locals.add(i));
        }
        for i in 0..depth {
            values[fast + i].set(*(*f).stack_base.add(i));
        }
        for s in &values[fast + depth..] {
            s.set(None);
        }
        u.depth.set(depth as u32);
        u.nblocks.set((*f).nblocks);
        for i in 0..(*f).nblocks as usize {
            u.block_words()[i].set((*Frame::blocks(f).add(i)).0);
        }
        u.ip.set(((*f).ip as usize - rt.instructions.as_ptr() as usize) as u32 / 8);
        u.state.set(SUSPENDED);
        if (*f).flags & flag::EXC_SAVED != 0 {
            for (c, e) in u.exc.iter().zip(th.exc_info) {
                c.set(e);
            }
        } else {
            u.exc.iter().for_each(|c| c.set(None));
        }
        u.frame_object.set((*f).object);
        let (flags, ret) = ((*f).flags, (*f).ret);
        if flags & flag::EXC_SAVED != 0 {
            th.exc_info = (*f).exc;
        }
        if let Some(fo) = (*f).object {
            o::frame::suspend(th, fo, f);
        }
        th.frame = (*f).prev;
        th.depth -= 1;
        if flags & flag::ENTRY != 0 {
            return Ok(Some(v));
        }
        super::checkpoint::enter_frame(th);
        *ret = Some(v);
        (*th.frame).sp = ret.add(1);
    }
    Ok(None)
}

/// Marks a generator as finished and lets go of its values.
pub fn mark_finished(th: &mut Thread, g: Ref<PyGenerator>) -> PyResult<()> {
    let u = g.write(th)?;
    u.state.set(FINISHED);
    u.frame_object.set(None);
    u.exc.iter().for_each(|c| c.set(None));
    u.values().iter().for_each(|c| c.set(None));
    u.depth.set(0);
    u.nblocks.set(0);
    Ok(())
}

/// The top frame, a generator's, has returned.
pub fn finished(th: &mut Thread) -> PyResult<Slot> {
    let f = th.frame;
    // SAFETY: the top frame.
    let (flags, owner) = unsafe { ((*f).flags, (*f).owner) };
    if let Some(g) = owner.and_then(|g| g.cast::<PyGenerator>()) {
        mark_finished(th, g)?;
    }
    unwind::pop_frame(th);
    if flags & flag::ENTRY != 0 {
        return Ok(Some(Value::NONE));
    }
    super::checkpoint::enter_frame(th);
    end_for_loop(th);
    Ok(None)
}

/// The frame now on top is at a FOR_ITER whose generator is exhausted: drop the iterator and jump.
pub fn end_for_loop(th: &mut Thread) {
    let f = th.frame;
    // SAFETY: the top frame; its current instruction is the FOR_ITER that resumed the generator.
    unsafe {
        let w = (*(*f).ip).load(std::sync::atomic::Ordering::Relaxed);
        unwind::pop(f);
        unwind::jump_to(f, (w >> 32) as usize);
    }
}

/// True for generator objects.
pub fn is_generator(v: Value) -> bool {
    v.kind() == kind::GENERATOR.index()
}
