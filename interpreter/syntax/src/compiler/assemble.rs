//! From basic blocks to a code object: block order, jump offsets, bytes, line table.

use super::peephole;
use super::stack_depth::stack_depth;
use super::unit::{Instruction, Unit};
use crate::ast::Ident;
use crate::code::{CodeObject, Const, flags};
use crate::error::Result;
use crate::opcodes::{Opcode, Operand};
use crate::symtable::{Block, BlockType};

/// Makes the code object of a finished unit. `returns_none` tells whether falling off the end gives `None`.
pub(super) fn assemble(
    mut unit: Unit,
    block: &Block,
    filename: &[u8],
    future: u32,
    returns_none: bool,
) -> Result<CodeObject> {
    if !unit.blocks[unit.current.0].returns {
        unit.split();
        if returns_none {
            let none = unit.consts.index_of(Const::None);
            unit.emit(Opcode::LOAD_CONST, none as u32, None);
        }
        unit.emit(Opcode::RETURN_VALUE, 0, None);
    }
    if unit.firstlineno == 0 {
        unit.firstlineno = unit.blocks[0].instructions.first().map_or(1, |i| i.lineno);
    }
    let order = block_order(&unit);
    resolve_jumps(&mut unit, &order);
    let (mut code, mut lnotab) = write_code(&unit, &order);
    let stacksize = stack_depth(&unit);
    let flags = code_flags(&unit, block, future);
    let names = bytes_of(unit.names.items());
    let mut consts = unit.consts.into_items();
    peephole::optimize(&mut code, &mut consts, &names, &mut lnotab);
    Ok(CodeObject {
        argcount: unit.argcount,
        nlocals: unit.varnames.len() as i32,
        stacksize,
        flags,
        code,
        consts,
        names,
        varnames: bytes_of(unit.varnames.items()),
        freevars: bytes_of(unit.freevars.items()),
        cellvars: bytes_of(unit.cellvars.items()),
        filename: filename.into(),
        name: unit.name.as_bytes().into(),
        firstlineno: unit.firstlineno,
        lnotab,
    })
}

fn bytes_of(names: &[Ident]) -> Vec<Box<[u8]>> {
    names.iter().map(|n| n.as_bytes().into()).collect()
}

fn code_flags(unit: &Unit, block: &Block, future: u32) -> u32 {
    let mut bits = future;
    let mut set = |condition: bool, flag: u32| {
        if condition {
            bits |= flag;
        }
    };
    set(block.kind != BlockType::Module, flags::NEWLOCALS);
    if block.kind == BlockType::Function {
        set(block.unoptimized == 0, flags::OPTIMIZED);
        set(block.nested, flags::NESTED);
        set(block.generator, flags::GENERATOR);
        set(block.varargs, flags::VARARGS);
        set(block.varkeywords, flags::VARKEYWORDS);
    }
    set(unit.freevars.len() == 0 && unit.cellvars.len() == 0, flags::NOFREE);
    bits
}

/// Reverse postorder of a depth-first walk: what follows in the text first, then jump targets.
fn block_order(unit: &Unit) -> Vec<usize> {
    let mut seen = vec![false; unit.blocks.len()];
    let mut postorder = Vec::with_capacity(unit.blocks.len());
    // A block, and the edge to look at next: 0 is the following block, i + 1 the target of instruction i.
    let mut path = vec![(0, 0)];
    seen[0] = true;
    while let Some((block, edge)) = path.last_mut() {
        let data = &unit.blocks[*block];
        let target = match *edge {
            0 => data.next,
            i if i <= data.instructions.len() => data.instructions[i - 1].target,
            _ => {
                postorder.push(*block);
                path.pop();
                continue;
            }
        };
        *edge += 1;
        if let Some(target) = target
            && !seen[target.0]
        {
            seen[target.0] = true;
            path.push((target.0, 0));
        }
    }
    postorder.reverse();
    postorder
}

fn size(instruction: &Instruction) -> usize {
    if instruction.op.has_argument() && instruction.arg > 0xffff { 6 } else { instruction.op.size() }
}

/// Sets the operands of jumps. A jump that grows an `EXTENDED_ARG` moves others: repeat until their number is stable.
fn resolve_jumps(unit: &mut Unit, order: &[usize]) {
    let mut offsets = vec![0; unit.blocks.len()];
    let mut extended = 0;
    loop {
        let mut total = 0;
        for &block in order {
            offsets[block] = total;
            total += unit.blocks[block].instructions.iter().map(size).sum::<usize>();
        }
        let last_extended = std::mem::replace(&mut extended, 0);
        for (block, data) in unit.blocks.iter_mut().enumerate() {
            let mut offset = offsets[block];
            for instruction in &mut data.instructions {
                offset += size(instruction);
                let Some(target) = instruction.target else { continue };
                let target = offsets[target.0];
                instruction.arg = match instruction.op.operand() {
                    Operand::JumpForward => target.wrapping_sub(offset) as u32,
                    _ => target as u32,
                };
                extended += usize::from(instruction.arg > 0xffff);
            }
        }
        if extended == last_extended {
            return;
        }
    }
}

fn write_code(unit: &Unit, order: &[usize]) -> (Vec<u8>, Vec<u8>) {
    let mut code = Vec::new();
    let mut lines = LineTable { bytes: Vec::new(), offset: 0, lineno: unit.firstlineno };
    for &block in order {
        for instruction in &unit.blocks[block].instructions {
            if instruction.lineno != 0 {
                lines.note(code.len(), instruction.lineno);
            }
            if instruction.op.has_argument() {
                if instruction.arg > 0xffff {
                    code.push(Opcode::EXTENDED_ARG as u8);
                    code.extend_from_slice(&((instruction.arg >> 16) as u16).to_le_bytes());
                }
                code.push(instruction.op as u8);
                code.extend_from_slice(&(instruction.arg as u16).to_le_bytes());
            } else {
                code.push(instruction.op as u8);
            }
        }
    }
    (code, lines.bytes)
}

/// `co_lnotab`: pairs of increments of offset and line.
struct LineTable {
    bytes: Vec<u8>,
    offset: usize,
    lineno: i32,
}

impl LineTable {
    fn note(&mut self, offset: usize, lineno: i32) {
        let mut d_offset = offset - self.offset;
        let mut d_line = lineno.wrapping_sub(self.lineno);
        if d_offset == 0 && d_line == 0 {
            return;
        }
        if d_offset > 255 {
            for _ in 0..d_offset / 255 {
                self.bytes.extend_from_slice(&[255, 0]);
            }
            d_offset %= 255;
        }
        if d_line > 255 {
            self.bytes.extend_from_slice(&[d_offset as u8, 255]);
            for _ in 1..d_line / 255 {
                self.bytes.extend_from_slice(&[0, 255]);
            }
            d_offset = 0;
            d_line %= 255;
        }
        // A line that goes back cannot be told; its low byte is what 2.7 writes.
        self.bytes.extend_from_slice(&[d_offset as u8, d_line as u8]);
        self.lineno = lineno;
        self.offset = offset;
    }
}
