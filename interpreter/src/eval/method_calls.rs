//! Which LOAD_ATTRs only serve a call of a method: `x.name(...)` then needs no bound method object.
//!
//! LOAD_METHOD leaves two operands where LOAD_ATTR leaves one, so it is used only where the CALL_FUNCTION that takes its
//! result is known at translation: in a straight line, with nothing in between that jumps, is jumped to, or moves operands
//! about. The verifier checks what comes of it like any other bytecode.

use super::code::Decoded;
use smallvec::SmallVec;
use syntax::opcodes::Opcode as Op;

/// What becomes of an instruction.
#[derive(Copy, Clone, PartialEq, Eq)]
pub enum Role {
    Same,
    /// LOAD_ATTR is LOAD_METHOD.
    Load,
    /// CALL_FUNCTION is CALL_METHOD.
    Call,
}

/// An operand that no LOAD_ATTR has made.
const PLAIN: u32 = u32::MAX;

/// The role of each instruction, and how many operands more than the compiler counted may lie on the stack.
pub fn roles(decoded: &[Decoded], targets: &[bool]) -> (Vec<Role>, u32) {
    let mut out = vec![Role::Same; decoded.len()];
    let mut extra = 0;
    // The operands pushed since control last came from or went elsewhere: the number of the LOAD_ATTR, or PLAIN.
    let mut stack: SmallVec<[u32; 32]> = SmallVec::new();
    for (i, d) in decoded.iter().enumerate() {
        if targets[i] {
            stack.clear();
        }
        let Some((pops, pushes)) = Op::from_u8(d.op).and_then(|op| effect(op, d.arg as usize)) else {
            stack.clear();
            continue;
        };
        if d.op == Op::CALL_FUNCTION as u8
            && let Some(callee) = stack.len().checked_sub(pops)
            && stack[callee] != PLAIN
        {
            out[stack[callee] as usize] = Role::Load;
            out[i] = Role::Call;
        }
        stack.truncate(stack.len().saturating_sub(pops));
        for _ in 0..pushes {
            stack.push(if d.op == Op::LOAD_ATTR as u8 { i as u32 } else { PLAIN });
        }
        extra = extra.max(stack.iter().filter(|s| **s != PLAIN).count() as u32);
    }
    (out, extra)
}

/// Operands taken and left by instructions of plain expressions; none for all others.
fn effect(op: Op, n: usize) -> Option<(usize, usize)> {
    Some(match op {
        Op::LOAD_CONST
        | Op::LOAD_FAST
        | Op::LOAD_GLOBAL
        | Op::LOAD_NAME
        | Op::LOAD_CLOSURE
        | Op::LOAD_DEREF
        | Op::BUILD_MAP => (0, 1),
        Op::LOAD_ATTR
        | Op::UNARY_POSITIVE
        | Op::UNARY_NEGATIVE
        | Op::UNARY_NOT
        | Op::UNARY_CONVERT
        | Op::UNARY_INVERT
        | Op::SLICE_0 => (1, 1),
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
        | Op::COMPARE_OP
        | Op::SLICE_1
        | Op::SLICE_2 => (2, 1),
        Op::SLICE_3 => (3, 1),
        Op::STORE_MAP => (2, 0),
        Op::BUILD_TUPLE | Op::BUILD_LIST | Op::BUILD_SET | Op::BUILD_SLICE => (n, 1),
        Op::CALL_FUNCTION => ((n & 0xff) + 2 * (n >> 8) + 1, 1),
        Op::MAKE_FUNCTION => (n + 1, 1),
        Op::MAKE_CLOSURE => (n + 2, 1),
        _ => return None,
    })
}
