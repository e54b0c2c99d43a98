//! Frames on the value stack.
//!
//! ```text
//!   caller's operand stack ... callable | arg0 arg1 ... | further locals | cells, free vars | Frame | blocks | operand stack ->
//!                              ret      | locals (arguments are not copied)                 |
//! ```
//! A Python-to-Python call lays the callee's frame over the arguments the caller pushed. Returning stores the
//! result at `ret` and makes `ret + 1` the caller's stack top.
//!
//! # Invariants
//! F1. `sp` is up to date whenever anything but the eval loop's own fast paths can run.
//! F2. Slots from `locals` to the frame header, and from `stack_base` to `sp`, hold values or nothing: the collector
//!     traces exactly these and the header's value fields.
//! F3. A frame below the checkpoint's watermark is saved (`checkpoint.rs`, `enter_frame`) before it runs or changes.

use super::code::CodeRuntime;
use crate::value::{Slot, Value};
use gc_stm::Tracer;
use std::sync::atomic::AtomicU64;

/// What to do with a frame's result.
pub mod flag {
    /// The nested eval loop that pushed this frame returns when it ends.
    pub const ENTRY: u32 = 1;
    /// `__init__`: the result must be None, the instance is already at `ret`.
    pub const INIT: u32 = 2;
    /// The frame belongs to the generator in `owner`.
    pub const GENERATOR: u32 = 4;
    /// A generator resumed by FOR_ITER: its values are pushed after the iterator, its end leaves the loop.
    pub const FOR_ITER: u32 = 8;
    /// The frame keeps its variables in a dict (module, class body, exec).
    pub const NAMESPACE: u32 = 16;
    /// exc holds the caller's handled exception, to be put back at the end.
    pub const EXC_SAVED: u32 = 32;
    /// The result is dropped (import, exec).
    pub const DISCARD: u32 = 64;
    /// A trace function runs for a line of this frame: it may set `f_lineno`.
    pub const TRACED: u32 = 128;
}

/// One Python frame; see the module text for what surrounds it.
#[repr(C)]
pub struct Frame {
    pub prev: *mut Frame,
    /// First local.
    pub locals: *mut Slot,
    /// First slot of the operand stack.
    pub stack_base: *mut Slot,
    /// One past the last operand.
    pub sp: *mut Slot,
    /// Where the result goes.
    pub ret: *mut Slot,
    pub rt: *const CodeRuntime,
    /// The instruction being executed; execution resumes after it.
    pub ip: *const AtomicU64,
    pub flags: u32,
    pub nblocks: u32,
    /// Instruction last looked at for a line event, or -1.
    pub trace_line: i32,
    /// Line last reported to a trace function; 0 if none was since the frame was pushed.
    pub reported_line: i32,
    pub code: Value,
    pub globals: Value,
    /// Dict (or mapping) of names for NAMESPACE frames; the instance for INIT frames, which have no such dict.
    pub names: Slot,
    /// The frame object, once somebody looked.
    pub object: Slot,
    /// Function being run (keeps defaults and closure alive) or generator.
    pub owner: Slot,
    /// `sys.exc_info` of the caller.
    pub exc: [Slot; 3],
}

/// Words in a frame header.
pub const FRAME_WORDS: usize = size_of::<Frame>() / 8;
const _: () = assert!(size_of::<Frame>().is_multiple_of(8));

/// An entry of the block stack, packed in a word: kind 8, operand depth 24, handler 32.
#[derive(Copy, Clone)]
pub struct Block(pub u64);

/// Kinds of block.
pub mod block {
    pub const LOOP: u8 = 1;
    pub const EXCEPT: u8 = 2;
    pub const FINALLY: u8 = 3;
    pub const WITH: u8 = 4;
}

impl Block {
    pub fn new(kind: u8, depth: usize, handler: u32) -> Block {
        Block(kind as u64 | ((depth as u64 & 0xff_ffff) << 8) | ((handler as u64) << 32))
    }
    pub fn kind(self) -> u8 {
        self.0 as u8
    }
    pub fn depth(self) -> usize {
        ((self.0 >> 8) & 0xff_ffff) as usize
    }
    pub fn handler(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

impl Frame {
    /// The dict (or mapping) of names, if there is one.
    pub fn namespace(&self) -> Slot {
        if self.flags & flag::NAMESPACE != 0 { self.names } else { None }
    }

    /// Block-stack words lie between the header and the operand stack.
    #[inline(always)]
    pub fn blocks(this: *mut Frame) -> *mut Block {
        // SAFETY: pointer arithmetic within the value stack.
        unsafe { this.add(1) as *mut Block }
    }

    /// Slots from the first local to the header: locals, cells, free variables.
    #[inline(always)]
    pub fn fast_len(&self) -> usize {
        (self as *const Frame as usize - self.locals as usize) / 8
    }

    /// Number of the instruction being executed; -1 before the first.
    pub fn index(&self) -> isize {
        // SAFETY: the runtime form lives while its code object is on this frame.
        (self.ip as isize - unsafe { (*self.rt).instructions.as_ptr() } as isize) / 8
    }

    /// `f_lasti`.
    pub fn last_offset(&self) -> i32 {
        let i = self.index();
        // SAFETY: as above.
        if i < 0 { -1 } else { unsafe { &(*self.rt).offsets }.get(i as usize).map_or(-1, |o| *o as i32) }
    }

    /// The current line.
    pub fn line(&self) -> i32 {
        match self.code.cast::<crate::layout::PyCode>() {
            Some(c) => super::code::line_of(c.get(), self.last_offset()),
            None => 0,
        }
    }

    /// Operands on the stack.
    #[inline(always)]
    pub fn depth(&self) -> usize {
        (self.sp as usize - self.stack_base as usize) / 8
    }

    /// # Safety
    /// The frame is live and F1, F2 hold.
    pub unsafe fn trace(&self, t: &mut Tracer) {
        for v in [self.code, self.globals] {
            t.word(v.bits());
        }
        for s in [self.names, self.object, self.owner, self.exc[0], self.exc[1], self.exc[2]] {
            t.word(s.map_or(0, Value::bits));
        }
        let mut p = self.locals as *const u64;
        while (p as usize) < self as *const Frame as usize {
            // SAFETY: F2.
            unsafe {
                t.word(*p);
                p = p.add(1);
            }
        }
        let mut p = self.stack_base as *const u64;
        while (p as usize) < self.sp as usize {
            // SAFETY: F2.
            unsafe {
                t.word(*p);
                p = p.add(1);
            }
        }
    }
}
