//! Operations on constants. `None` means: leave it to run time, where it may raise.

use super::{format, numbers, repr, sequences};
use crate::code::Const;
use crate::opcodes::Opcode as O;

/// The longest sequence worth a constant.
const MAX_SEQUENCE: usize = 20;

/// `left op right`.
pub(super) fn binary(op: O, left: &Const, right: &Const) -> Option<Const> {
    let value = match op {
        O::BINARY_SUBSCR => sequences::subscript(left, right),
        O::BINARY_ADD => numbers::binary(op, left, right).or_else(|| sequences::concatenate(left, right)),
        O::BINARY_MULTIPLY => numbers::binary(op, left, right)
            .or_else(|| sequences::repeat(left, right, MAX_SEQUENCE))
            .or_else(|| sequences::repeat(right, left, MAX_SEQUENCE)),
        O::BINARY_MODULO => numbers::binary(op, left, right).or_else(|| format::percent(left, right)),
        _ => numbers::binary(op, left, right),
    }?;
    (sequences::len(&value).unwrap_or(0) <= MAX_SEQUENCE).then_some(value)
}

/// `op operand`.
pub(super) fn unary(op: O, operand: &Const) -> Option<Const> {
    match op {
        // The sign of a zero would be lost in the table of constants.
        O::UNARY_NEGATIVE if operand.is_true() => numbers::negative(operand),
        O::UNARY_INVERT => numbers::invert(operand),
        O::UNARY_CONVERT => Some(repr::string(repr::repr(operand)?.as_bytes())),
        _ => None,
    }
}
