//! The runtime form of a code object: one 64-bit word per instruction, made at the first execution.
//!
//! Word: opcode in bits 0..8, cache index in bits 8..32, operand in bits 32..64. Jump operands are instruction
//! numbers. `EXTENDED_ARG` is folded into its instruction; two common pairs are fused into opcodes of our own. Caches
//! are one word each: 0 is empty, bit 0 set is a packed entry, else a reference to a `CacheRecord` (PITFALLS 7).
//!
//! Code objects may come from anywhere (`marshal`, `new.code`): [`CodeRuntime::translate`] checks every operand, and
//! [`super::verify`] the stack discipline, so that no bytecode can touch memory outside its frame.

use super::method_calls::{self, Role};
use crate::layout::{PyCode, PyStr, PyTuple, Ref};
use crate::value::Value;
use gc_stm::Tracer;
use std::sync::atomic::{AtomicU64, Ordering};
use syntax::opcodes::Opcode as Op;

/// Opcodes of our own, beyond Python's.
pub mod own {
    /// COMPARE_OP then POP_JUMP_IF_FALSE: operand is the target, cache field the comparison.
    pub const COMPARE_JUMP_FALSE: u8 = 160;
    /// COMPARE_OP then POP_JUMP_IF_TRUE.
    pub const COMPARE_JUMP_TRUE: u8 = 161;
    /// LOAD_FAST twice: operands in the two halves.
    pub const LOAD_FAST_PAIR: u8 = 162;
    /// LOAD_FAST then LOAD_CONST.
    pub const LOAD_FAST_CONST: u8 = 163;
    /// STORE_FAST then LOAD_FAST.
    pub const STORE_LOAD_FAST: u8 = 164;
    /// LOAD_ATTR for a call: see `eval/method.rs`.
    pub const LOAD_METHOD: u8 = 165;
    /// CALL_FUNCTION of what LOAD_METHOD has found.
    pub const CALL_METHOD: u8 = 166;
}

/// See the module text.
pub struct CodeRuntime {
    pub instructions: Box<[AtomicU64]>,
    pub caches: Box<[AtomicU64]>,
    /// Byte offset in `co_code` of each instruction.
    pub offsets: Box<[u32]>,
    /// Which instructions begin a source line.
    pub line_starts: Box<[bool]>,
    pub consts: Ref<PyTuple>,
    pub names: Ref<PyTuple>,
    pub nlocals: u32,
    pub ncells: u32,
    pub nfree: u32,
    /// Block-stack words.
    pub max_blocks: u32,
    /// Operand-stack words.
    pub stack: u32,
    pub argcount: u32,
    pub flags: u32,
    /// For each cell: the argument it is initialised from, or `u32::MAX`.
    pub cell_args: Box<[u32]>,
    /// Called with exactly `argcount` positional arguments the frame can be laid down at once: no cells are to be made, no
    /// further arguments to be collected.
    pub simple: bool,
    /// May be suspended inside a `try` or `with`: its generator runs cleanup when it dies.
    pub needs_close: bool,
    /// Instruction words that are jump targets (fusing stops there); also loop heads.
    pub first_line: i32,
}

/// Locals, cells and stack a frame may have: far beyond what the compiler makes, and safe to add up.
const MAX_WORDS: u32 = 1 << 24;

/// Why a code object cannot be run.
#[derive(Debug)]
pub struct BadCode(pub &'static str);

pub(super) struct Decoded {
    pub offset: u32,
    pub op: u8,
    pub arg: u32,
}

impl CodeRuntime {
    /// Translates and checks a code object.
    pub fn translate(c: &PyCode) -> Result<CodeRuntime, BadCode> {
        let code = c.code.cast::<PyStr>().ok_or(BadCode("co_code is not a string"))?;
        let tuple = |v: Value| v.cast::<PyTuple>().ok_or(BadCode("code object field is not a tuple"));
        let (consts, names, varnames) = (tuple(c.consts)?, tuple(c.names)?, tuple(c.varnames)?);
        let (free, cells) = (tuple(c.freevars)?, tuple(c.cellvars)?);
        let bytes = code.get().bytes();
        if [names, varnames, free, cells]
            .iter()
            .any(|t| t.get().items().iter().any(|n| n.cast::<PyStr>().is_none()))
        {
            return Err(BadCode("name in a code object is not a string"));
        }
        let is = |f: u32| usize::from(c.flags & f != 0);
        let parameters =
            c.argcount as usize + is(syntax::code::flags::VARARGS) + is(syntax::code::flags::VARKEYWORDS);
        if parameters > c.nlocals as usize {
            return Err(BadCode("code object has more parameters than locals"));
        }
        if c.nlocals > MAX_WORDS || c.stacksize > MAX_WORDS || cells.len.max(free.len) > MAX_WORDS as usize {
            return Err(BadCode("code object needs too large a frame"));
        }
        let (mut decoded, index_of) = decode(bytes)?;
        let nslots = cells.len + free.len;
        let mut targets = vec![false; decoded.len() + 1];
        let mut max_blocks = 0u32;
        for i in 0..decoded.len() {
            let d = &mut decoded[i];
            let Some(op) = Op::from_u8(d.op) else { return Err(BadCode("unknown opcode")) };
            let limit = match op {
                Op::LOAD_CONST => consts.len,
                Op::LOAD_FAST | Op::STORE_FAST | Op::DELETE_FAST => (c.nlocals as usize).min(varnames.len),
                Op::LOAD_CLOSURE | Op::LOAD_DEREF | Op::STORE_DEREF => nslots,
                Op::STORE_NAME
                | Op::DELETE_NAME
                | Op::STORE_ATTR
                | Op::DELETE_ATTR
                | Op::STORE_GLOBAL
                | Op::DELETE_GLOBAL
                | Op::LOAD_NAME
                | Op::LOAD_ATTR
                | Op::IMPORT_NAME
                | Op::IMPORT_FROM
                | Op::LOAD_GLOBAL => names.len,
                Op::COMPARE_OP => 11,
                _ => usize::MAX,
            };
            if d.arg as usize >= limit {
                return Err(BadCode("bytecode operand out of range"));
            }
            let target = match op {
                Op::JUMP_FORWARD
                | Op::FOR_ITER
                | Op::SETUP_LOOP
                | Op::SETUP_EXCEPT
                | Op::SETUP_FINALLY
                | Op::SETUP_WITH => Some(d.offset as usize + 3 + d.arg as usize),
                Op::JUMP_ABSOLUTE
                | Op::JUMP_IF_FALSE_OR_POP
                | Op::JUMP_IF_TRUE_OR_POP
                | Op::POP_JUMP_IF_FALSE
                | Op::POP_JUMP_IF_TRUE
                | Op::CONTINUE_LOOP => Some(d.arg as usize),
                _ => None,
            };
            if let Some(t) = target {
                let t = *index_of.get(t).unwrap_or(&u32::MAX);
                if t == u32::MAX {
                    return Err(BadCode("jump into the middle of an instruction"));
                }
                d.arg = t;
                targets[t as usize] = true;
            }
            if matches!(op, Op::SETUP_LOOP | Op::SETUP_EXCEPT | Op::SETUP_FINALLY | Op::SETUP_WITH) {
                max_blocks += 1;
            }
        }
        // Code that cannot be reached may run past the end; the rest is the verifier's business.
        if decoded.is_empty() {
            return Err(BadCode("bytecode runs past its end"));
        }
        let starts_line = line_starts(c, &decoded);
        let (roles, extra) = method_calls::roles(&decoded, &targets);
        let (words, ncaches) = emit(&decoded, &targets, &starts_line, &roles);
        let ncell_args = cell_args(c, cells, varnames);
        let simple = c.flags
            & (syntax::code::flags::VARARGS
                | syntax::code::flags::VARKEYWORDS
                | syntax::code::flags::GENERATOR)
            == 0
            && c.flags & syntax::code::flags::NEWLOCALS != 0
            && c.flags & syntax::code::flags::OPTIMIZED != 0
            && cells.len == 0;
        Ok(CodeRuntime {
            instructions: words.into_iter().map(AtomicU64::new).collect(),
            caches: (0..ncaches).map(|_| AtomicU64::new(0)).collect(),
            offsets: decoded.iter().map(|d| d.offset).collect(),
            line_starts: starts_line.into(),
            consts,
            names,
            nlocals: c.nlocals,
            ncells: cells.len as u32,
            nfree: free.len as u32,
            max_blocks: max_blocks.min(20),
            stack: c.stacksize + 4 + extra,
            argcount: c.argcount,
            flags: c.flags,
            cell_args: ncell_args,
            simple,
            needs_close: decoded.iter().any(|d| {
                matches!(Op::from_u8(d.op), Some(Op::SETUP_FINALLY | Op::SETUP_WITH | Op::SETUP_EXCEPT))
            }),
            first_line: c.firstlineno,
        })
    }

    pub(crate) fn trace(&self, t: &mut Tracer) {
        for c in &self.caches {
            let w = c.load(Ordering::Relaxed);
            if w & 1 == 0 {
                t.word(w);
            }
        }
    }

    /// Words a frame needs beyond its arguments.
    #[inline(always)]
    pub fn frame_words(&self) -> usize {
        (self.nlocals + self.ncells + self.nfree + self.max_blocks + self.stack) as usize
            + super::frame::FRAME_WORDS
    }

    /// The instruction at a byte offset, if one starts there.
    pub fn index_of_offset(&self, offset: u32) -> Option<usize> {
        self.offsets.binary_search(&offset).ok()
    }
}

/// Splits `co_code` into instructions; the second result maps byte offsets to instruction numbers.
fn decode(bytes: &[u8]) -> Result<(Vec<Decoded>, Vec<u32>), BadCode> {
    let mut out = Vec::new();
    let mut index_of = vec![u32::MAX; bytes.len() + 1];
    let mut i = 0;
    let mut extended: Option<(u32, usize)> = None;
    while i < bytes.len() {
        let op = bytes[i];
        let start = extended.map_or(i, |e| e.1);
        index_of[i] = out.len() as u32;
        index_of[start] = out.len() as u32;
        let mut arg = 0u32;
        let at = i;
        if op >= syntax::opcodes::HAVE_ARGUMENT {
            let (Some(lo), Some(hi)) = (bytes.get(i + 1), bytes.get(i + 2)) else {
                return Err(BadCode("bytecode is cut off"));
            };
            arg = *lo as u32 | (*hi as u32) << 8;
            i += 3;
        } else {
            i += 1;
        }
        if op == Op::EXTENDED_ARG as u8 {
            if extended.is_some() {
                return Err(BadCode("EXTENDED_ARG twice"));
            }
            extended = Some((arg << 16, at));
            continue;
        }
        if let Some((high, _)) = extended.take() {
            arg |= high;
        }
        out.push(Decoded { offset: at as u32, op, arg });
    }
    if extended.is_some() {
        return Err(BadCode("bytecode is cut off"));
    }
    Ok((out, index_of))
}

/// Which instructions start a source line; the first one does.
fn line_starts(c: &PyCode, decoded: &[Decoded]) -> Vec<bool> {
    let mut out = vec![false; decoded.len()];
    if let Some(first) = out.first_mut() {
        *first = true;
    }
    let Some(t) = c.lnotab.cast::<PyStr>() else { return out };
    let (mut at, mut i) = (0u32, 0);
    for p in t.get().bytes().chunks_exact(2) {
        at = at.saturating_add(p[0] as u32);
        // An instruction begins at its EXTENDED_ARG prefix, before its own offset.
        while i < decoded.len() && decoded[i].offset < at {
            i += 1;
        }
        if p[1] != 0 && i < out.len() {
            out[i] = true;
        }
    }
    out
}

fn cell_args(c: &PyCode, cells: Ref<PyTuple>, varnames: Ref<PyTuple>) -> Box<[u32]> {
    let mut nargs = c.argcount as usize;
    for f in [syntax::code::flags::VARARGS, syntax::code::flags::VARKEYWORDS] {
        if c.flags & f != 0 {
            nargs += 1;
        }
    }
    let names = varnames.get().items();
    let text = |v: Value| v.cast::<PyStr>().map(|s| s.get().bytes().to_vec());
    cells
        .get()
        .items()
        .iter()
        .map(|n| names.iter().take(nargs).position(|a| text(*a) == text(*n)).map_or(u32::MAX, |i| i as u32))
        .collect()
}

/// Instruction words, one per decoded instruction (the second half of a fused pair stays in place, unreached), and
/// the number of caches.
fn emit(decoded: &[Decoded], targets: &[bool], starts_line: &[bool], roles: &[Role]) -> (Vec<u64>, u32) {
    let mut words = Vec::with_capacity(decoded.len());
    let mut caches = 0u32;
    for (i, d) in decoded.iter().enumerate() {
        let next = decoded.get(i + 1).filter(|_| !targets[i + 1] && !starts_line[i + 1]);
        let fused = next.and_then(|n| fuse(d, n));
        if let Some(w) = fused {
            words.push(w);
            continue;
        }
        let cached = matches!(
            Op::from_u8(d.op),
            Some(
                Op::LOAD_GLOBAL
                    | Op::STORE_GLOBAL
                    | Op::LOAD_NAME
                    | Op::STORE_NAME
                    | Op::LOAD_ATTR
                    | Op::STORE_ATTR
            )
        );
        let cache = if cached && caches < 0xff_ffff {
            caches += 1;
            caches - 1
        } else {
            0
        };
        let op = match roles[i] {
            Role::Same => d.op,
            Role::Load => own::LOAD_METHOD,
            Role::Call => own::CALL_METHOD,
        };
        words.push(op as u64 | (cache as u64) << 8 | (d.arg as u64) << 32);
    }
    (words, caches.max(1))
}

fn fuse(a: &Decoded, b: &Decoded) -> Option<u64> {
    let word = |op: u8, aux: u32, arg: u32| op as u64 | (aux as u64) << 8 | (arg as u64) << 32;
    match (Op::from_u8(a.op)?, Op::from_u8(b.op)?) {
        (Op::COMPARE_OP, Op::POP_JUMP_IF_FALSE) => Some(word(own::COMPARE_JUMP_FALSE, a.arg, b.arg)),
        (Op::COMPARE_OP, Op::POP_JUMP_IF_TRUE) => Some(word(own::COMPARE_JUMP_TRUE, a.arg, b.arg)),
        (Op::LOAD_FAST, Op::LOAD_FAST) if a.arg < 1 << 24 => Some(word(own::LOAD_FAST_PAIR, a.arg, b.arg)),
        (Op::LOAD_FAST, Op::LOAD_CONST) if a.arg < 1 << 24 => Some(word(own::LOAD_FAST_CONST, a.arg, b.arg)),
        (Op::STORE_FAST, Op::LOAD_FAST) if a.arg < 1 << 24 => Some(word(own::STORE_LOAD_FAST, a.arg, b.arg)),
        _ => None,
    }
}

/// The runtime form of a code object, made if need be.
pub fn runtime_of(c: Ref<PyCode>) -> Result<&'static CodeRuntime, BadCode> {
    let p = c.get().runtime.load(Ordering::Acquire);
    if !p.is_null() {
        // SAFETY: set once, freed with the code object, which runs on somebody's stack.
        return Ok(unsafe { &*p });
    }
    make_runtime(c)
}

#[cold]
fn make_runtime(c: Ref<PyCode>) -> Result<&'static CodeRuntime, BadCode> {
    let rt = CodeRuntime::translate(c.get())?;
    super::verify::verify(&rt)?;
    let p = Box::into_raw(Box::new(rt));
    match c.get().runtime.compare_exchange(std::ptr::null_mut(), p, Ordering::AcqRel, Ordering::Acquire) {
        // SAFETY: as above.
        Ok(_) => Ok(unsafe { &*p }),
        Err(other) => {
            // SAFETY: nobody else has seen the one that lost.
            drop(unsafe { Box::from_raw(p) });
            // SAFETY: as above.
            Ok(unsafe { &*other })
        }
    }
}

/// The line of a byte offset, from `co_lnotab`.
pub fn line_of(c: &PyCode, offset: i32) -> i32 {
    let mut line = c.firstlineno;
    let Some(t) = c.lnotab.cast::<PyStr>() else { return line };
    let mut at = 0i32;
    for p in t.get().bytes().chunks_exact(2) {
        at += p[0] as i32;
        if at > offset {
            break;
        }
        line += p[1] as i32;
    }
    line
}
