//! The built-in type `bool`: two constants that are ints.

use crate::kinds::kind;
use crate::native::{Args, TypeDef};
use crate::objects::number;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::Value;

/// `bool`.
pub static BOOL: TypeDef = TypeDef {
    base: Some(&super::int::INT),
    flags: 0,
    doc: Some(
        "bool(x) -> bool\n\nThe truth value of x. True and False are the only instances; the class cannot be subclassed.",
    ),
    slots: SlotTable {
        new: Some(new),
        repr: Some(repr),
        str: Some(repr),
        and: Some(and),
        or: Some(or),
        xor: Some(xor),
        ..SlotTable::EMPTY
    },
    ..TypeDef::new("bool", kind::INT)
};

fn new(th: &mut Thread, _class: Value, args: Args<'_>) -> PyResult {
    match number::one_argument(th, args, "bool")? {
        Some(x) => Ok(Value::from_bool(ops::is_true(th, x)?)),
        None => Ok(Value::FALSE),
    }
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    Ok(th.intern(if v == Value::TRUE { b"True" } else { b"False" }))
}

/// Applies a logical operation to two bools; ints are the business of int.
fn logic(th: &mut Thread, a: Value, b: Value, f: fn(bool, bool) -> bool, op: &ops::BinaryOp) -> PyResult {
    if a.is_bool() && b.is_bool() {
        return Ok(Value::from_bool(f(a == Value::TRUE, b == Value::TRUE)));
    }
    match (op.slot)(&super::int::INT.slots) {
        Some(g) => g(th, a, b),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn and(th: &mut Thread, a: Value, b: Value) -> PyResult {
    logic(th, a, b, |x, y| x & y, &ops::AND)
}

fn or(th: &mut Thread, a: Value, b: Value) -> PyResult {
    logic(th, a, b, |x, y| x | y, &ops::OR)
}

fn xor(th: &mut Thread, a: Value, b: Value) -> PyResult {
    logic(th, a, b, |x, y| x ^ y, &ops::XOR)
}
