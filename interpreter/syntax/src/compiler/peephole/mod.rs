//! The peephole pass over finished bytecode, rule for rule that of 2.7.
//!
//! It rewrites in place and leaves `NOP`s, then squeezes them out and moves line table and jump targets along.
//! A rule only fires when its instructions belong to one basic block, so no jump lands inside. Constants it makes are
//! appended to the table; those no longer used stay. `run` counts the constants loaded just before an instruction.
//! It leaves alone: code with a line table entry of 255, code over 32,700 bytes, and code that does not end in `RETURN_VALUE`.

mod fold;
mod format;
mod numbers;
mod repr;
mod sequences;

use crate::code::Const;
use crate::opcodes::{Opcode, Operand};

const MAX_CODE: usize = 32_700;

/// Optimizes code, constants and line table in place.
pub(super) fn optimize(code: &mut Vec<u8>, consts: &mut Vec<Const>, names: &[Box<[u8]>], lnotab: &mut [u8]) {
    if lnotab.contains(&255) || code.len() > MAX_CODE || code.last() != Some(&(Opcode::RETURN_VALUE as u8)) {
        return;
    }
    let mut pass = Pass { code: code.clone(), blocks: block_numbers(code), consts, names };
    if pass.rewrite().is_some() {
        *code = compact(pass.code, lnotab);
    }
}

/// The opcode at an offset; bytes that are none count as `NOP`, which the assembler never emits.
fn opcode_at(code: &[u8], i: usize) -> Opcode {
    code.get(i).and_then(|&b| Opcode::from_u8(b)).unwrap_or(Opcode::NOP)
}

fn arg_at(code: &[u8], i: usize) -> usize {
    match code.get(i + 1..i + 3) {
        Some(&[low, high]) => usize::from(u16::from_le_bytes([low, high])),
        _ => 0,
    }
}

fn jump_target(code: &[u8], i: usize) -> usize {
    let arg = arg_at(code, i);
    if opcode_at(code, i).operand() == Operand::JumpForward { arg + i + 3 } else { arg }
}

/// The number of the basic block of each byte.
fn block_numbers(code: &[u8]) -> Vec<u32> {
    let mut blocks = vec![0; code.len()];
    let mut i = 0;
    while i < code.len() {
        let op = opcode_at(code, i);
        if matches!(op.operand(), Operand::JumpForward | Operand::JumpAbsolute)
            && let Some(block) = blocks.get_mut(jump_target(code, i))
        {
            *block = 1;
        }
        i += op.size();
    }
    let mut number = 0;
    for block in &mut blocks {
        number += *block;
        *block = number;
    }
    blocks
}

fn is_unconditional(op: Opcode) -> bool {
    matches!(op, Opcode::JUMP_ABSOLUTE | Opcode::JUMP_FORWARD)
}

fn is_conditional(op: Opcode) -> bool {
    matches!(
        op,
        Opcode::POP_JUMP_IF_FALSE
            | Opcode::POP_JUMP_IF_TRUE
            | Opcode::JUMP_IF_FALSE_OR_POP
            | Opcode::JUMP_IF_TRUE_OR_POP
    )
}

fn jumps_on_true(op: Opcode) -> bool {
    matches!(op, Opcode::POP_JUMP_IF_TRUE | Opcode::JUMP_IF_TRUE_OR_POP)
}

struct Pass<'a> {
    code: Vec<u8>,
    blocks: Vec<u32>,
    consts: &'a mut Vec<Const>,
    names: &'a [Box<[u8]>],
}

impl Pass<'_> {
    fn op(&self, i: usize) -> Opcode {
        opcode_at(&self.code, i)
    }

    fn arg(&self, i: usize) -> usize {
        arg_at(&self.code, i)
    }

    fn set(&mut self, i: usize, op: Opcode) {
        self.code[i] = op as u8;
    }

    fn set_arg(&mut self, i: usize, arg: usize) {
        self.code[i + 1..i + 3].copy_from_slice(&(arg as u16).to_le_bytes());
    }

    fn nops(&mut self, i: usize, n: usize) {
        self.code[i..i + n].fill(Opcode::NOP as u8);
    }

    /// Whether `n` bytes from `i` lie in one basic block.
    fn one_block(&self, i: usize, n: usize) -> bool {
        self.blocks.get(i + n - 1).is_some_and(|last| *last == self.blocks[i])
    }

    fn constant(&self, i: usize) -> Option<&Const> {
        self.consts.get(self.arg(i))
    }

    /// Puts a new constant over the end of `n` bytes from `i`.
    fn replace_by_constant(&mut self, i: usize, n: usize, value: Const) {
        self.nops(i, n - 3);
        self.set(i + n - 3, Opcode::LOAD_CONST);
        self.set_arg(i + n - 3, self.consts.len());
        self.consts.push(value);
    }

    /// Goes over the code once. `None` means that the code must stay as it was.
    fn rewrite(&mut self) -> Option<()> {
        let mut i = 0;
        let mut run = 0;
        while i < self.code.len() {
            let last_run = std::mem::take(&mut run);
            let op = self.op(i);
            use Opcode as O;
            match op {
                O::UNARY_NOT if self.op(i + 1) == O::POP_JUMP_IF_FALSE && self.one_block(i, 4) => {
                    let target = self.arg(i + 1);
                    self.set(i, O::POP_JUMP_IF_TRUE);
                    self.set_arg(i, target);
                    self.set(i + 3, O::NOP);
                    continue;
                }
                O::COMPARE_OP => {
                    let comparison = self.arg(i);
                    if (6..=9).contains(&comparison) && self.op(i + 3) == O::UNARY_NOT && self.one_block(i, 4)
                    {
                        self.set_arg(i, comparison ^ 1);
                        self.set(i + 3, O::NOP);
                    }
                }
                O::LOAD_NAME | O::LOAD_GLOBAL
                    if self.names.get(self.arg(i)).is_some_and(|n| **n == *b"None") =>
                {
                    let none =
                        self.consts.iter().position(|c| matches!(c, Const::None)).unwrap_or_else(|| {
                            self.consts.push(Const::None);
                            self.consts.len() - 1
                        });
                    self.set(i, O::LOAD_CONST);
                    self.set_arg(i, none);
                    run = last_run + 1;
                }
                O::LOAD_CONST => {
                    run = last_run + 1;
                    if self.op(i + 3) == O::POP_JUMP_IF_FALSE
                        && self.one_block(i, 6)
                        && self.constant(i).is_some_and(Const::is_true)
                    {
                        self.nops(i, 6);
                        run = 0;
                    }
                }
                O::BUILD_TUPLE | O::BUILD_LIST => run = self.sequence(i, op, last_run),
                O::BINARY_POWER
                | O::BINARY_MULTIPLY
                | O::BINARY_TRUE_DIVIDE
                | O::BINARY_FLOOR_DIVIDE
                | O::BINARY_MODULO
                | O::BINARY_ADD
                | O::BINARY_SUBTRACT
                | O::BINARY_SUBSCR
                | O::BINARY_LSHIFT
                | O::BINARY_RSHIFT
                | O::BINARY_AND
                | O::BINARY_XOR
                | O::BINARY_OR => {
                    if last_run >= 2
                        && i >= 6
                        && self.one_block(i - 6, 7)
                        && let (Some(left), Some(right)) = (self.constant(i - 6), self.constant(i - 3))
                        && let Some(value) = fold::binary(op, left, right)
                    {
                        self.replace_by_constant(i - 6, 7, value);
                        run = 1;
                    }
                }
                O::UNARY_NEGATIVE | O::UNARY_CONVERT | O::UNARY_INVERT => {
                    if last_run >= 1
                        && i >= 3
                        && self.one_block(i - 3, 4)
                        && let Some(operand) = self.constant(i - 3)
                        && let Some(value) = fold::unary(op, operand)
                    {
                        self.replace_by_constant(i - 3, 4, value);
                        run = 1;
                    }
                }
                O::JUMP_IF_FALSE_OR_POP | O::JUMP_IF_TRUE_OR_POP => {
                    let target = jump_target(&self.code, i);
                    let there = self.op(target);
                    if is_conditional(there) {
                        if jumps_on_true(there) == jumps_on_true(op) {
                            // The second jump is taken whenever this one is: go there at once.
                            let further = self.arg(target);
                            self.set(i, there);
                            self.set_arg(i, further);
                        } else {
                            // The second jump is never taken then: go past it, and pop as it would.
                            self.set(
                                i,
                                if jumps_on_true(op) { O::POP_JUMP_IF_TRUE } else { O::POP_JUMP_IF_FALSE },
                            );
                            self.set_arg(i, target + 3);
                        }
                        continue;
                    }
                    self.thread_jump(i, op);
                }
                O::POP_JUMP_IF_FALSE
                | O::POP_JUMP_IF_TRUE
                | O::FOR_ITER
                | O::JUMP_FORWARD
                | O::JUMP_ABSOLUTE
                | O::CONTINUE_LOOP
                | O::SETUP_LOOP
                | O::SETUP_EXCEPT
                | O::SETUP_FINALLY
                | O::SETUP_WITH => self.thread_jump(i, op),
                O::EXTENDED_ARG => return None,
                O::RETURN_VALUE if i + 4 < self.code.len() => {
                    if self.op(i + 4) == O::RETURN_VALUE && self.one_block(i, 5) {
                        self.nops(i + 1, 4);
                    } else if is_unconditional(self.op(i + 1)) && self.one_block(i, 4) {
                        self.nops(i + 1, 3);
                    }
                }
                _ => {}
            }
            i += self.op(i).size();
        }
        Some(())
    }

    /// Folds a tuple of constants, or a list of them that is only searched; removes a tuple that is unpacked at once.
    fn sequence(&mut self, i: usize, op: Opcode, last_run: usize) -> usize {
        let n = self.arg(i);
        if n <= last_run && 3 * n <= i {
            let start = i - 3 * n;
            let foldable = if op == Opcode::BUILD_TUPLE {
                self.one_block(start, 3 * (n + 1))
            } else {
                self.op(i + 3) == Opcode::COMPARE_OP
                    && self.one_block(start, 3 * (n + 2))
                    && matches!(self.arg(i + 3), 6 | 7)
            };
            if foldable {
                let items: Option<Box<[Const]>> =
                    (0..n).map(|k| self.constant(start + 3 * k).cloned()).collect();
                if let Some(items) = items {
                    self.replace_by_constant(start, 3 * (n + 1), Const::Tuple(items));
                    return 1;
                }
            }
        }
        if self.op(i + 3) == Opcode::UNPACK_SEQUENCE
            && self.one_block(i, 6)
            && n == self.arg(i + 3)
            && (1..=3).contains(&n)
        {
            self.nops(i, 6);
            match n {
                2 => self.set(i, Opcode::ROT_TWO),
                3 => {
                    self.set(i, Opcode::ROT_THREE);
                    self.set(i + 1, Opcode::ROT_TWO);
                }
                _ => {}
            }
        }
        0
    }

    /// Sends a jump to a jump where that one goes; makes a jump to a return a return.
    fn thread_jump(&mut self, i: usize, mut op: Opcode) {
        let target = jump_target(&self.code, i);
        let there = self.op(target);
        if is_unconditional(op) && there == Opcode::RETURN_VALUE {
            self.set(i, Opcode::RETURN_VALUE);
            self.nops(i + 1, 2);
            return;
        }
        if !is_unconditional(there) {
            return;
        }
        let mut arg = jump_target(&self.code, target);
        if op == Opcode::JUMP_FORWARD {
            // Only this one can go backwards.
            op = Opcode::JUMP_ABSOLUTE;
        }
        if op.operand() == Operand::JumpForward {
            let Some(distance) = arg.checked_sub(i + 3) else { return };
            arg = distance;
        }
        self.set(i, op);
        self.set_arg(i, arg);
    }
}

/// Squeezes out the `NOP`s; line table and jumps follow.
fn compact(code: Vec<u8>, lnotab: &mut [u8]) -> Vec<u8> {
    let mut new_offset = vec![0; code.len()];
    let (mut i, mut nops) = (0, 0);
    while i < code.len() {
        new_offset[i] = i - nops;
        let op = opcode_at(&code, i);
        nops += usize::from(op == Opcode::NOP);
        i += op.size();
    }
    let moved = |offset: usize| new_offset.get(offset).copied().unwrap_or(0);
    let (mut offset, mut last) = (0, 0);
    for pair in lnotab.chunks_exact_mut(2) {
        offset += usize::from(pair[0]);
        let new = moved(offset);
        pair[0] = (new as u8).wrapping_sub(last as u8);
        last = new;
    }
    let mut out = Vec::with_capacity(code.len() - nops);
    let mut i = 0;
    while i < code.len() {
        let op = opcode_at(&code, i);
        let size = op.size();
        if op != Opcode::NOP {
            out.push(code[i]);
            if op.has_argument() {
                let arg = match op.operand() {
                    Operand::JumpAbsolute => moved(arg_at(&code, i)),
                    Operand::JumpForward => moved(jump_target(&code, i)).wrapping_sub(new_offset[i] + 3),
                    _ => arg_at(&code, i),
                };
                out.extend_from_slice(&(arg as u16).to_le_bytes());
            }
        }
        i += size;
    }
    out
}
