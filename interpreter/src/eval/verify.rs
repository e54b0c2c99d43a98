//! Checks that bytecode keeps its stack discipline, whoever made it.
//!
//! An abstract interpretation over the translated instructions: at each of them the block stack and the kinds of the
//! operands are known, whichever way led there. What the compiler emits is accepted; code is refused if it could take an
//! operand that is not there, push beyond the frame, reach below the operands that belong to an open block (an unwind
//! would find them gone), run past the end, or meet END_FINALLY with anything but what an unwind left.
//!
//! # Model
//! Operands are [`Item::Value`], [`Item::None`] (the constant, as put before a `finally`), [`Item::Exception`] (the class
//! an `except` handler finds on top), or [`Item::Why`]: the one to three words that an unwind leaves for a `finally` or
//! `with` handler. Only END_FINALLY and WITH_CLEANUP may touch a `Why`. A pending `continue` in it remembers its target,
//! so each handler collects the targets that can be pending there ([`Verifier::pending`]).
//!
//! Checked by `eval/verify/tests` here, the whole library in `tests/python`, and random bytecode in `stress-tests`.

use super::code::{BadCode, CodeRuntime, own};
use super::frame::block;
use crate::value::Value;
use smallvec::SmallVec;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use syntax::opcodes::Opcode as Op;

/// What is known of an operand.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Item {
    Value,
    None,
    Exception,
    /// For the handler at this instruction.
    Why(u32),
}

/// An open block: its kind, handler, and how many operands belong to what is outside it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
struct Block {
    kind: u8,
    handler: u32,
    depth: u32,
}

/// What is known before an instruction.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct State {
    items: SmallVec<[Item; 16]>,
    blocks: SmallVec<[Block; 4]>,
}

/// The deepest nesting of blocks, as in CPython.
const MAX_BLOCKS: usize = 20;

impl State {
    fn words(&self) -> usize {
        self.items.iter().map(|i| if matches!(i, Item::Why(_)) { 3 } else { 1 }).sum()
    }

    /// The top `n` operands must be there, above what belongs to outer blocks, and no `Why`.
    fn need(&self, n: usize) -> Result<(), BadCode> {
        let floor = self.blocks.last().map_or(0, |b| b.depth as usize);
        let own = self.items.len().saturating_sub(floor);
        if own < n {
            return Err(BadCode("bytecode takes operands that are not there"));
        }
        self.plain(n)
    }

    /// The top `n` operands must be there (perhaps outside the block), and no `Why`.
    fn plain(&self, n: usize) -> Result<(), BadCode> {
        let len = self.items.len();
        if len < n || self.items[len - n..].iter().any(|i| matches!(i, Item::Why(_))) {
            return Err(BadCode("bytecode takes operands that are not there"));
        }
        Ok(())
    }

    fn replace(&mut self, pops: usize, pushes: usize) -> Result<(), BadCode> {
        self.need(pops)?;
        let keep = self.items.len() - pops;
        self.items.truncate(keep);
        self.items.extend(std::iter::repeat_n(Item::Value, pushes));
        Ok(())
    }

    /// As it is when the block is left by an unwind.
    fn outside(&self, b: &Block, below: usize) -> State {
        let depth = (b.depth as usize).min(self.items.len());
        State { items: self.items[..depth].into(), blocks: self.blocks[..below].into() }
    }
}

fn merge(a: Item, b: Item) -> Option<Item> {
    match (a, b) {
        _ if a == b => Some(a),
        (Item::None, w @ Item::Why(_)) | (w @ Item::Why(_), Item::None) => Some(w),
        (Item::Why(_), _) | (_, Item::Why(_)) => None,
        _ => Some(Item::Value),
    }
}

struct Verifier<'a> {
    rt: &'a CodeRuntime,
    /// Which instructions are jumped to.
    targets: Vec<bool>,
    /// States where ways may meet.
    known: BTreeMap<u32, State>,
    work: Vec<u32>,
    /// Targets of the `continue`s that may be pending at each `finally` or `with` handler.
    pending: BTreeMap<u32, BTreeSet<u32>>,
    pending_grew: bool,
}

/// Refuses code whose operand stack could leave its frame.
pub fn verify(rt: &CodeRuntime) -> Result<(), BadCode> {
    Verifier::run(rt).map(|_| ())
}

/// Whether a frame may be moved from one instruction to another.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Jump {
    /// Yes, after so many blocks have been closed.
    Leave(usize),
    /// The target expects an exception.
    Except,
    /// It would enter or leave a `finally`.
    Finally,
    /// It would enter a block.
    Block,
}

/// For changes of `f_lineno`: see [`Jump`].
pub fn jump(rt: &CodeRuntime, from: usize, to: usize) -> Jump {
    let Ok(states) = all_states(rt) else { return Jump::Block };
    let first = rt.instructions[to].load(Ordering::Relaxed) as u8;
    if first == Op::DUP_TOP as u8 || first == Op::POP_TOP as u8 {
        return Jump::Except;
    }
    let (Some(a), Some(b)) = (states.get(&(from as u32)), states.get(&(to as u32))) else {
        return Jump::Block;
    };
    let why = |s: &State| s.items.iter().rev().find(|i| matches!(i, Item::Why(_))).copied();
    if why(a) != why(b) {
        return Jump::Finally;
    }
    if b.blocks.len() > a.blocks.len() || a.blocks[..b.blocks.len()] != b.blocks[..] {
        return Jump::Block;
    }
    let leave = a.blocks.len() - b.blocks.len();
    // With the outermost `with` that is left goes its __exit__.
    let depth = match a.blocks.get(b.blocks.len()) {
        Some(out) => (out.depth as usize).saturating_sub(usize::from(out.kind == block::WITH)),
        None => a.items.len(),
    };
    let same = b.items.len() == depth
        && a.items[..depth].iter().zip(&b.items).all(|(x, y)| merge(*x, *y) == Some(*y));
    if same { Jump::Leave(leave) } else { Jump::Block }
}

/// The state before every instruction that can be reached.
fn all_states(rt: &CodeRuntime) -> Result<BTreeMap<u32, State>, BadCode> {
    let v = Verifier::run(rt)?;
    let mut out = v.known.clone();
    let mut again = Verifier {
        rt,
        targets: v.targets,
        known: v.known.clone(),
        work: Vec::new(),
        pending: v.pending,
        pending_grew: false,
    };
    for (at, s) in v.known {
        again.walk(at, s, &mut |i, s| {
            out.entry(i).or_insert_with(|| s.clone());
        })?;
    }
    Ok(out)
}

impl<'a> Verifier<'a> {
    fn run(rt: &'a CodeRuntime) -> Result<Verifier<'a>, BadCode> {
        let mut v = Verifier {
            rt,
            targets: targets(rt),
            known: BTreeMap::new(),
            work: Vec::new(),
            pending: BTreeMap::new(),
            pending_grew: true,
        };
        // Each round may find further pending targets; there are finitely many.
        while std::mem::take(&mut v.pending_grew) {
            v.known.clear();
            v.reach(0, &State::default())?;
            while let Some(at) = v.work.pop() {
                let s = v.known[&at].clone();
                v.walk(at, s, &mut |_, _| {})?;
            }
        }
        Ok(v)
    }

    /// Notes that instruction `to` can be reached in a state.
    fn reach(&mut self, to: u32, s: &State) -> Result<(), BadCode> {
        if to as usize >= self.rt.instructions.len() {
            return Err(BadCode("bytecode runs past its end"));
        }
        if s.words() > self.rt.stack as usize {
            return Err(BadCode("bytecode needs more stack than it declares"));
        }
        match self.known.get_mut(&to) {
            None => {
                self.known.insert(to, s.clone());
                self.work.push(to);
            }
            Some(old) => {
                if old.blocks != s.blocks || old.items.len() != s.items.len() {
                    return Err(BadCode("bytecode reaches one place with different stacks"));
                }
                let mut changed = false;
                for (a, b) in old.items.iter_mut().zip(&s.items) {
                    let Some(m) = merge(*a, *b) else {
                        return Err(BadCode("bytecode reaches one place with different stacks"));
                    };
                    changed |= m != *a;
                    *a = m;
                }
                if changed {
                    self.work.push(to);
                }
            }
        }
        Ok(())
    }

    /// Follows straight-line code from an instruction, up to the next one whose state is known by itself.
    fn walk(&mut self, from: u32, mut s: State, see: &mut dyn FnMut(u32, &State)) -> Result<(), BadCode> {
        let mut at = from;
        loop {
            see(at, &s);
            let Some(next) = self.step(at, &mut s)? else { return Ok(()) };
            if next as usize >= self.rt.instructions.len() {
                return Err(BadCode("bytecode runs past its end"));
            }
            if s.words() > self.rt.stack as usize {
                return Err(BadCode("bytecode needs more stack than it declares"));
            }
            // A place reached by jumps, too: their states must agree.
            if self.targets[next as usize] {
                return self.reach(next, &s);
            }
            at = next;
        }
    }

    /// `continue` with a target, in a state: where it leads.
    fn continue_from(&mut self, s: &State, target: u32) -> Result<(), BadCode> {
        let mut here = s.clone();
        while let Some(b) = here.blocks.last().copied() {
            if b.kind == block::LOOP {
                return self.reach(target, &here);
            }
            here = here.outside(&b, here.blocks.len() - 1);
            if b.kind == block::FINALLY || b.kind == block::WITH {
                if self.pending.entry(b.handler).or_default().insert(target) {
                    self.pending_grew = true;
                }
                return Ok(());
            }
        }
        // No loop: SystemError at run time.
        Ok(())
    }

    fn constant(&self, i: usize) -> Item {
        if self.rt.consts.get().items().get(i) == Some(&Value::NONE) { Item::None } else { Item::Value }
    }

    /// Applies one instruction. The result is the next one in line, if control can get there.
    fn step(&mut self, at: u32, s: &mut State) -> Result<Option<u32>, BadCode> {
        let w = self.rt.instructions[at as usize].load(Ordering::Relaxed);
        let (op, arg) = (w as u8, (w >> 32) as u32);
        let n = arg as usize;
        let next = Some(at + 1);
        match op {
            own::LOAD_FAST_PAIR => {
                s.replace(0, 2)?;
                return Ok(Some(at + 2));
            }
            own::LOAD_FAST_CONST => {
                s.replace(0, 1)?;
                s.items.push(self.constant(n));
                return Ok(Some(at + 2));
            }
            own::STORE_LOAD_FAST => {
                s.replace(1, 1)?;
                return Ok(Some(at + 2));
            }
            own::COMPARE_JUMP_FALSE | own::COMPARE_JUMP_TRUE => {
                s.replace(2, 0)?;
                self.reach(arg, s)?;
                return Ok(Some(at + 2));
            }
            own::LOAD_METHOD => {
                s.replace(1, 2)?;
                return Ok(next);
            }
            own::CALL_METHOD => {
                s.replace((n & 0xff) + 2 * (n >> 8) + 2, 1)?;
                return Ok(next);
            }
            _ => {}
        }
        let Some(op) = Op::from_u8(op) else { return Err(BadCode("unknown opcode")) };
        match op {
            Op::STOP_CODE
            | Op::NOP
            | Op::PRINT_NEWLINE
            | Op::DELETE_NAME
            | Op::DELETE_GLOBAL
            | Op::DELETE_FAST => {}
            Op::POP_TOP
            | Op::PRINT_EXPR
            | Op::PRINT_ITEM
            | Op::PRINT_NEWLINE_TO
            | Op::IMPORT_STAR
            | Op::STORE_FAST
            | Op::STORE_NAME
            | Op::STORE_GLOBAL
            | Op::STORE_DEREF
            | Op::DELETE_ATTR
            | Op::DELETE_SLICE_0 => s.replace(1, 0)?,
            Op::PRINT_ITEM_TO
            | Op::DELETE_SUBSCR
            | Op::DELETE_SLICE_1
            | Op::DELETE_SLICE_2
            | Op::STORE_ATTR
            | Op::STORE_SLICE_0 => s.replace(2, 0)?,
            Op::STORE_SUBSCR | Op::STORE_SLICE_1 | Op::STORE_SLICE_2 | Op::DELETE_SLICE_3 | Op::EXEC_STMT => {
                s.replace(3, 0)?
            }
            Op::STORE_SLICE_3 => s.replace(4, 0)?,
            Op::ROT_TWO | Op::ROT_THREE | Op::ROT_FOUR => {
                let n = match op {
                    Op::ROT_TWO => 2,
                    Op::ROT_THREE => 3,
                    _ => 4,
                };
                s.need(n)?;
                let len = s.items.len();
                s.items[len - n..].rotate_right(1);
            }
            Op::DUP_TOP => {
                s.need(1)?;
                let top = s.items[s.items.len() - 1];
                s.items.push(top);
            }
            Op::DUP_TOPX => {
                if !(1..=5).contains(&n) {
                    return Err(BadCode("bytecode operand out of range"));
                }
                s.need(n)?;
                let len = s.items.len();
                let top: SmallVec<[Item; 8]> = s.items[len - n..].into();
                s.items.extend(top);
            }
            Op::UNARY_POSITIVE
            | Op::UNARY_NEGATIVE
            | Op::UNARY_NOT
            | Op::UNARY_CONVERT
            | Op::UNARY_INVERT
            | Op::GET_ITER
            | Op::LOAD_ATTR
            | Op::SLICE_0
            | Op::YIELD_VALUE => s.replace(1, 1)?,
            Op::BINARY_POWER
            | Op::BINARY_MULTIPLY
            | Op::BINARY_DIVIDE
            | Op::BINARY_MODULO
            | Op::BINARY_ADD
            | Op::BINARY_SUBTRACT
            | Op::BINARY_SUBSCR
            | Op::BINARY_FLOOR_DIVIDE
            | Op::BINARY_TRUE_DIVIDE
            | Op::BINARY_LSHIFT
            | Op::BINARY_RSHIFT
            | Op::BINARY_AND
            | Op::BINARY_XOR
            | Op::BINARY_OR
            | Op::INPLACE_POWER
            | Op::INPLACE_MULTIPLY
            | Op::INPLACE_DIVIDE
            | Op::INPLACE_MODULO
            | Op::INPLACE_ADD
            | Op::INPLACE_SUBTRACT
            | Op::INPLACE_FLOOR_DIVIDE
            | Op::INPLACE_TRUE_DIVIDE
            | Op::INPLACE_LSHIFT
            | Op::INPLACE_RSHIFT
            | Op::INPLACE_AND
            | Op::INPLACE_XOR
            | Op::INPLACE_OR
            | Op::COMPARE_OP
            | Op::SLICE_1
            | Op::SLICE_2
            | Op::IMPORT_NAME => s.replace(2, 1)?,
            Op::SLICE_3 | Op::BUILD_CLASS => s.replace(3, 1)?,
            // These look at a container further down.
            Op::STORE_MAP => {
                s.plain(3)?;
                s.replace(2, 0)?;
            }
            Op::MAP_ADD => {
                s.plain(n.saturating_add(2))?;
                s.need(2)?;
                if n == 0 {
                    return Err(BadCode("bytecode operand out of range"));
                }
                s.replace(2, 0)?;
            }
            Op::LIST_APPEND | Op::SET_ADD => {
                s.plain(n.saturating_add(1))?;
                if n == 0 {
                    return Err(BadCode("bytecode operand out of range"));
                }
                s.replace(1, 0)?;
            }
            Op::LOAD_CONST => {
                let c = self.constant(n);
                s.items.push(c);
            }
            Op::LOAD_FAST
            | Op::LOAD_GLOBAL
            | Op::LOAD_NAME
            | Op::LOAD_LOCALS
            | Op::LOAD_CLOSURE
            | Op::LOAD_DEREF
            | Op::BUILD_MAP => s.replace(0, 1)?,
            Op::IMPORT_FROM => {
                s.plain(1)?;
                s.replace(0, 1)?;
            }
            Op::BUILD_TUPLE | Op::BUILD_LIST | Op::BUILD_SET => s.replace(n, 1)?,
            Op::BUILD_SLICE => {
                if n != 2 && n != 3 {
                    return Err(BadCode("bytecode operand out of range"));
                }
                s.replace(n, 1)?;
            }
            Op::UNPACK_SEQUENCE => {
                if n > self.rt.stack as usize {
                    return Err(BadCode("bytecode needs more stack than it declares"));
                }
                s.replace(1, n)?;
            }
            Op::CALL_FUNCTION => s.replace((n & 0xff) + 2 * (n >> 8) + 1, 1)?,
            Op::CALL_FUNCTION_VAR | Op::CALL_FUNCTION_KW => s.replace((n & 0xff) + 2 * (n >> 8) + 2, 1)?,
            Op::CALL_FUNCTION_VAR_KW => s.replace((n & 0xff) + 2 * (n >> 8) + 3, 1)?,
            Op::MAKE_FUNCTION => s.replace(n.saturating_add(1), 1)?,
            Op::MAKE_CLOSURE => s.replace(n.saturating_add(2), 1)?,
            Op::FOR_ITER => {
                s.need(1)?;
                let mut done = s.clone();
                done.replace(1, 0)?;
                self.reach(arg, &done)?;
                s.items.push(Item::Value);
            }
            Op::JUMP_FORWARD | Op::JUMP_ABSOLUTE => {
                self.reach(arg, s)?;
                return Ok(None);
            }
            Op::POP_JUMP_IF_FALSE | Op::POP_JUMP_IF_TRUE => {
                s.replace(1, 0)?;
                self.reach(arg, s)?;
            }
            Op::JUMP_IF_FALSE_OR_POP | Op::JUMP_IF_TRUE_OR_POP => {
                s.need(1)?;
                self.reach(arg, s)?;
                s.replace(1, 0)?;
            }
            Op::SETUP_LOOP => {
                // Where `break` leads.
                self.reach(arg, s)?;
                open_block(s, block::LOOP, arg)?;
            }
            Op::SETUP_EXCEPT => {
                let mut h = s.clone();
                h.items.extend([Item::Value, Item::Value, Item::Exception]);
                self.reach(arg, &h)?;
                open_block(s, block::EXCEPT, arg)?;
            }
            Op::SETUP_FINALLY => {
                let mut h = s.clone();
                h.items.push(Item::Why(arg));
                self.reach(arg, &h)?;
                open_block(s, block::FINALLY, arg)?;
            }
            Op::SETUP_WITH => {
                // The manager becomes its __exit__; what __enter__ gives lies inside the block.
                s.replace(1, 1)?;
                let mut h = s.clone();
                h.items.push(Item::Why(arg));
                self.reach(arg, &h)?;
                open_block(s, block::WITH, arg)?;
                s.items.push(Item::Value);
            }
            Op::POP_BLOCK => {
                if s.blocks.pop().is_none() {
                    return Err(BadCode("bytecode leaves a block that is not open"));
                }
            }
            Op::WITH_CLEANUP => {
                let floor = s.blocks.last().map_or(0, |b| b.depth as usize);
                match s.items.pop() {
                    Some(top @ (Item::Why(_) | Item::None)) if s.items.len() > floor => {
                        s.replace(1, 0)?;
                        s.items.push(top);
                    }
                    _ => return Err(BadCode("WITH_CLEANUP without a with block")),
                }
            }
            Op::END_FINALLY => {
                let floor = s.blocks.last().map_or(0, |b| b.depth as usize);
                if s.items.len() <= floor {
                    return Err(BadCode("END_FINALLY without a finally block"));
                }
                match s.items.pop() {
                    Some(Item::None) => {}
                    Some(Item::Why(h)) => {
                        let targets: Vec<u32> =
                            self.pending.get(&h).map(|t| t.iter().copied().collect()).unwrap_or_default();
                        for t in targets {
                            self.continue_from(s, t)?;
                        }
                    }
                    // An exception no handler took: raised again.
                    Some(Item::Exception) => {
                        s.need(2)?;
                        return Ok(None);
                    }
                    _ => return Err(BadCode("END_FINALLY without a finally block")),
                }
            }
            Op::CONTINUE_LOOP => {
                self.continue_from(s, arg)?;
                return Ok(None);
            }
            Op::BREAK_LOOP => return Ok(None),
            Op::RETURN_VALUE => {
                s.need(1)?;
                return Ok(None);
            }
            Op::RAISE_VARARGS => {
                if n > 3 {
                    return Err(BadCode("bytecode operand out of range"));
                }
                s.need(n)?;
                return Ok(None);
            }
            Op::EXTENDED_ARG => return Err(BadCode("stray EXTENDED_ARG")),
        }
        Ok(next)
    }
}

/// Which instructions are jumped to.
fn targets(rt: &CodeRuntime) -> Vec<bool> {
    let mut out = vec![false; rt.instructions.len()];
    for w in &rt.instructions {
        let w = w.load(Ordering::Relaxed);
        let jumps = match w as u8 {
            own::COMPARE_JUMP_FALSE | own::COMPARE_JUMP_TRUE => true,
            op => matches!(
                Op::from_u8(op),
                Some(
                    Op::JUMP_FORWARD
                        | Op::JUMP_ABSOLUTE
                        | Op::FOR_ITER
                        | Op::SETUP_LOOP
                        | Op::SETUP_EXCEPT
                        | Op::SETUP_FINALLY
                        | Op::SETUP_WITH
                        | Op::CONTINUE_LOOP
                        | Op::POP_JUMP_IF_FALSE
                        | Op::POP_JUMP_IF_TRUE
                        | Op::JUMP_IF_FALSE_OR_POP
                        | Op::JUMP_IF_TRUE_OR_POP
                )
            ),
        };
        if jumps && let Some(t) = out.get_mut((w >> 32) as usize) {
            *t = true;
        }
    }
    out
}

fn open_block(s: &mut State, kind: u8, handler: u32) -> Result<(), BadCode> {
    if s.blocks.len() >= MAX_BLOCKS {
        return Err(BadCode("too many nested blocks"));
    }
    // Depths are in words at run time: a Why below has some two or three, known only to the frame; here operands count.
    s.blocks.push(Block { kind, handler, depth: s.items.len() as u32 });
    Ok(())
}
