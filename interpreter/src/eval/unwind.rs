//! Leaving blocks and frames: return, break, continue, and exceptions.
//!
//! What a `finally` suite interrupts is kept on the operand stack under it: a reason as a tagged int, with the return
//! value or jump target below; None; or an exception as traceback, value, class (top).

use super::frame::{Block, Frame, block, flag};
use super::generator;
use super::run::Flow;
use crate::layout::PyGenerator;
use crate::objects as o;
use crate::raised::{PyResult, Raised, Unwind};
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// Why a suite is left other than by an exception.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(i64)]
pub enum Why {
    Return = 8,
    Break = 16,
    Continue = 32,
    /// `__exit__` has swallowed the exception.
    Silenced = 128,
}

impl Why {
    fn from_int(n: i64) -> Option<Why> {
        [Why::Return, Why::Break, Why::Continue, Why::Silenced].into_iter().find(|w| *w as i64 == n)
    }
}

/// Pushes an operand on a saved frame.
///
/// # Safety
/// The frame is the top frame and has room (translation reserves it).
pub unsafe fn push(f: *mut Frame, v: Value) {
    // SAFETY: the caller's promise.
    unsafe {
        *(*f).sp = Some(v);
        (*f).sp = (*f).sp.add(1);
    }
}

/// Takes the top operand of a saved frame.
///
/// # Safety
/// The frame is the top frame and not empty.
pub unsafe fn pop(f: *mut Frame) -> Value {
    // SAFETY: the caller's promise.
    unsafe {
        (*f).sp = (*f).sp.sub(1);
        (*(*f).sp).unwrap_or(Value::NONE)
    }
}

unsafe fn pop_block(f: *mut Frame) -> Option<Block> {
    // SAFETY: the top frame.
    unsafe {
        if (*f).nblocks == 0 {
            return None;
        }
        (*f).nblocks -= 1;
        Some(*Frame::blocks(f).add((*f).nblocks as usize))
    }
}

/// Continues the top frame at instruction `target`.
///
/// # Safety
/// The frame is the top frame, the target was checked at translation.
pub unsafe fn jump_to(f: *mut Frame, target: usize) {
    // SAFETY: the caller's promise.
    unsafe { (*f).ip = (*(*f).rt).instructions.as_ptr().wrapping_add(target).wrapping_sub(1) }
}

/// Unwinds the blocks of the top frame for a return, break or continue. `None`: go on with the top frame.
pub fn leave_blocks(th: &mut Thread, why: Why, v: Value) -> PyResult<Option<Flow>> {
    let f = th.frame;
    // SAFETY: the top frame.
    unsafe {
        loop {
            if why == Why::Continue
                && (*f).nblocks > 0
                && (*Frame::blocks(f).add((*f).nblocks as usize - 1)).kind() == block::LOOP
            {
                jump_to(f, v.small_int_unchecked() as usize);
                return Ok(None);
            }
            let Some(b) = pop_block(f) else { break };
            (*f).sp = (*f).stack_base.add(b.depth());
            match b.kind() {
                block::LOOP if why == Why::Break => {
                    jump_to(f, b.handler() as usize);
                    return Ok(None);
                }
                block::FINALLY | block::WITH => {
                    if why != Why::Break {
                        push(f, v);
                    }
                    push(f, Value::int_unchecked(why as i64));
                    jump_to(f, b.handler() as usize);
                    return Ok(None);
                }
                _ => {}
            }
        }
    }
    if why == Why::Return {
        return Ok(return_value(th, v)?.map(Flow::Done));
    }
    Err(th.system_error("'break' or 'continue' outside a loop"))
}

/// END_FINALLY.
pub fn end_finally(th: &mut Thread) -> PyResult<Option<Flow>> {
    let f = th.frame;
    // SAFETY: the top frame; verify.rs guarantees the operands.
    unsafe {
        let v = pop(f);
        if v.is_none() {
            return Ok(None);
        }
        if let Some(n) = v.as_small_int() {
            return match Why::from_int(n) {
                Some(Why::Silenced) => Ok(None),
                Some(Why::Break) => leave_blocks(th, Why::Break, Value::NONE),
                Some(why) => {
                    let x = pop(f);
                    leave_blocks(th, why, x)
                }
                None => Err(th.system_error("'finally' pops bad exception")),
            };
        }
        let value = pop(f);
        let tb = pop(f);
        let tb = if tb.is_none() { None } else { Some(tb) };
        Err(th.raise_again(v, Some(value), tb))
    }
}

/// Ends the top frame. What its caller gets depends on the frame's flags. `Some`: the entry frame has returned.
pub fn return_value(th: &mut Thread, v: Value) -> PyResult<Slot> {
    if th.use_tracing {
        super::trace::return_event(th, Some(v))?;
    }
    let f = th.frame;
    // SAFETY: the top frame.
    let flags = unsafe { (*f).flags };
    if flags & (flag::INIT | flag::GENERATOR) == 0 {
        // SAFETY: the top frame.
        let ret = unsafe { (*f).ret };
        pop_frame(th);
        return deliver(th, ret, v, flags);
    }
    if flags & flag::INIT != 0 {
        if !v.is_none() {
            let n = crate::ops::type_name(v);
            return Err(th.type_error(format!("__init__() should return None, not '{n}'")));
        }
        // SAFETY: the top frame; construct() put the instance there.
        let (ret, inst) = unsafe { ((*f).ret, (*f).names.unwrap_or(Value::NONE)) };
        pop_frame(th);
        return deliver(th, ret, inst, flags);
    }
    generator::finished(th)
}

/// Hands a result to the frame below, or out of the loop.
#[inline(always)]
fn deliver(th: &mut Thread, ret: *mut Slot, v: Value, flags: u32) -> PyResult<Slot> {
    if flags & flag::ENTRY != 0 {
        return Ok(Some(v));
    }
    super::checkpoint::enter_frame(th);
    // SAFETY: the frame below is live, `ret` is its next operand.
    unsafe {
        *ret = Some(v);
        (*th.frame).sp = ret.add(1);
    }
    Ok(None)
}

/// Takes the top frame off.
#[inline(always)]
pub fn pop_frame(th: &mut Thread) {
    let f = th.frame;
    // SAFETY: the top frame.
    unsafe {
        if (*f).flags & flag::EXC_SAVED != 0 {
            th.exc_info = (*f).exc;
        }
        if (*f).object.is_some() {
            o::frame::detach(th, f);
        }
        th.frame = (*f).prev;
    }
    th.depth -= 1;
}

/// Deals with an unwind raised by the top frame or below the eval loop.
pub fn unwind(th: &mut Thread, r: Raised) -> PyResult<Flow> {
    match th.unwinding() {
        Unwind::Exception => exception(th, r),
        Unwind::Abort | Unwind::Retry | Unwind::Outside => super::checkpoint::restart(th, r),
        Unwind::Exit | Unwind::Idle => Err(r),
    }
}

/// Finds the handler of the exception in flight, popping frames up to the entry frame.
fn exception(th: &mut Thread, r: Raised) -> PyResult<Flow> {
    let mut r = r;
    loop {
        let f = th.frame;
        o::traceback::add_frame(th, f)?;
        if th.use_tracing {
            r = super::trace::exception_event(th, r);
            if th.unwinding() != Unwind::Exception {
                return super::checkpoint::restart(th, r);
            }
        }
        // SAFETY: the top frame.
        unsafe {
            while let Some(b) = pop_block(f) {
                (*f).sp = (*f).stack_base.add(b.depth());
                if b.kind() == block::LOOP {
                    continue;
                }
                let mut c = r.catch(th)?;
                if b.kind() != block::FINALLY {
                    c = o::exceptions::normalize(th, c)?;
                }
                save_exc_info(th, f);
                th.exc_info = [Some(c.class), c.value, c.traceback];
                push(f, c.traceback.unwrap_or(Value::NONE));
                push(f, c.value.unwrap_or(Value::NONE));
                push(f, c.class);
                jump_to(f, b.handler() as usize);
                return Ok(Flow::Reload);
            }
            let flags = (*f).flags;
            if th.use_tracing {
                super::trace::return_event(th, None)?;
            }
            if flags & flag::GENERATOR != 0 {
                if let Some(g) = (*f).owner.and_then(|g| g.cast::<PyGenerator>()) {
                    generator::mark_finished(th, g)?;
                }
                pop_frame(th);
                if flags & flag::FOR_ITER != 0 {
                    super::checkpoint::enter_frame(th);
                    let stop = o::exceptions::STOP_ITERATION.class();
                    if th.exception_matches(stop) {
                        r.catch(th)?;
                        generator::end_for_loop(th);
                        return Ok(Flow::Reload);
                    }
                    continue;
                }
            } else {
                pop_frame(th);
            }
            if flags & flag::ENTRY != 0 {
                return Err(r);
            }
            super::checkpoint::enter_frame(th);
        }
    }
}

/// Keeps the caller's handled exception in the frame the first time the frame handles one.
///
/// # Safety
/// `f` is the top frame.
pub unsafe fn save_exc_info(th: &mut Thread, f: *mut Frame) {
    // SAFETY: the caller's promise.
    unsafe {
        if (*f).flags & flag::EXC_SAVED == 0 {
            (*f).exc = th.exc_info;
            (*f).flags |= flag::EXC_SAVED;
        }
    }
}
