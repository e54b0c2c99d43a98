//! `f_lineno = n`: a trace function makes its frame go on at another line.
//!
//! Allowed only from a "line" event, and only to a line where the code, as verified, has no more open blocks than are
//! open now and, once those that are left are closed, the same operands.

use super::{as_frame, live};
use crate::eval::code::line_of;
use crate::eval::frame::{Frame, block, flag};
use crate::eval::unwind;
use crate::eval::verify::{self, Jump};
use crate::layout::PyCode;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};
use std::sync::atomic::Ordering;
use syntax::opcodes::Opcode as Op;

/// The setter.
pub fn set_lineno(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let r = as_frame(th, v)?;
    let Some(line) = x.filter(|x| x.is_tagged_int() || x.is_bool()).and_then(ops::int_value) else {
        return Err(th.value_error("lineno must be an integer"));
    };
    let traced = r.read(th)?.trace.get().is_some_and(|t| !t.is_none());
    let Some(f) = live(th, r)? else {
        return Err(th.value_error(if traced {
            "can only jump from a 'line' trace event"
        } else {
            "f_lineno can only be set by a trace function"
        }));
    };
    // SAFETY: a live frame of this thread; the runtime form lives with its code.
    let (flags, rt, last) = unsafe { ((*f).flags, &*(*f).rt, (*f).last_offset()) };
    if flags & flag::TRACED == 0 {
        if last < 0 {
            return Err(th.value_error("can't jump from the 'call' trace event of a new frame"));
        }
        if !traced {
            return Err(th.value_error("f_lineno can only be set by a trace function"));
        }
        let at = rt.index_of_offset(last as u32);
        let op = at.and_then(|i| Op::from_u8(rt.instructions[i].load(Ordering::Relaxed) as u8));
        return Err(th.value_error(if op == Some(Op::YIELD_VALUE) {
            "can't jump from a yield statement"
        } else {
            "can only jump from a 'line' trace event"
        }));
    }
    // SAFETY: as above.
    let Some(c) = (unsafe { (*f).code }).cast::<PyCode>() else { return Ok(()) };
    if line < i64::from(c.firstlineno) {
        return Err(th.value_error(format!("line {line} comes before the current code block")));
    }
    let starts = |i: &usize| rt.line_starts[*i] && i64::from(line_of(c.get(), rt.offsets[*i] as i32)) >= line;
    let Some(target) = (0..rt.offsets.len()).find(starts) else {
        return Err(th.value_error(format!("line {line} comes after the current code block")));
    };
    // SAFETY: as above.
    let here = unsafe { (*f).ip.offset_from(rt.instructions.as_ptr()) } as usize;
    match verify::jump(rt, here, target) {
        Jump::Leave(blocks) => {
            // SAFETY: the frame whose line event runs; the verifier knows its state there.
            unsafe {
                leave(f, blocks, target);
                (*f).reported_line = line as i32;
            }
            Ok(())
        }
        Jump::Except => Err(th.value_error("can't jump to 'except' line as there's no exception")),
        Jump::Finally => Err(th.value_error("can't jump into or out of a 'finally' block")),
        Jump::Block => Err(th.value_error("can't jump into the middle of a block")),
    }
}

/// Closes blocks and moves to an instruction.
///
/// # Safety
/// `f` is live, has that many blocks, and its operands outside them are what `target` expects.
unsafe fn leave(f: *mut Frame, blocks: usize, target: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        for _ in 0..blocks.min((*f).nblocks as usize) {
            (*f).nblocks -= 1;
            let b = *Frame::blocks(f).add((*f).nblocks as usize);
            (*f).sp = (*f).stack_base.add(b.depth().saturating_sub(usize::from(b.kind() == block::WITH)));
        }
        unwind::jump_to(f, target);
        // The line jumped to is not reported.
        (*f).trace_line = target as i32;
    }
}
