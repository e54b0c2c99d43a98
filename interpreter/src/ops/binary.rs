//! Binary, in-place and unary operators, and coercion.

use super::{slots_of, type_name};
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::{BinaryFn, SlotTable, TernaryFn};
use crate::types::{is_subtype, type_of};
use crate::value::Value;

/// A binary operator: where its slots are, and its symbol for messages.
pub struct BinaryOp {
    pub slot: fn(&SlotTable) -> Option<BinaryFn>,
    pub inplace: fn(&SlotTable) -> Option<BinaryFn>,
    pub symbol: &'static str,
}

macro_rules! binary_ops {
    ($($name:ident = $slot:ident, $inplace:ident, $symbol:literal;)*) => {
        $( pub static $name: BinaryOp = BinaryOp { slot: |s| s.$slot, inplace: |s| s.$inplace, symbol: $symbol }; )*
    };
}

binary_ops! {
    ADD = add, iadd, "+";
    SUB = sub, isub, "-";
    MUL = mul, imul, "*";
    DIV = div, idiv, "/";
    REM = rem, irem, "%";
    LSHIFT = lshift, ilshift, "<<";
    RSHIFT = rshift, irshift, ">>";
    AND = and, iand, "&";
    XOR = xor, ixor, "^";
    OR = or, ior, "|";
    FLOORDIV = floordiv, ifloordiv, "//";
    TRUEDIV = truediv, itruediv, "/";
}

/// `divmod(a, b)`.
pub static DIVMOD: BinaryOp = BinaryOp { slot: |s| s.divmod, inplace: |_| None, symbol: "divmod()" };

/// Tries the number slots of both sides; NotImplemented if neither answers.
pub fn binary_number(th: &mut Thread, a: Value, b: Value, op: &BinaryOp) -> PyResult {
    let (ta, tb) = (type_of(a), type_of(b));
    let fa = (op.slot)(ta.slots());
    let mut fb = if ta == tb { None } else { (op.slot)(tb.slots()) };
    if let (Some(x), Some(y)) = (fa, fb)
        && x as usize == y as usize
    {
        fb = None;
    }
    if let Some(f) = fa {
        if let Some(g) = fb
            && is_subtype(tb, ta)
        {
            let r = g(th, a, b)?;
            if r != Value::NOT_IMPLEMENTED {
                return Ok(r);
            }
            fb = None;
        }
        let r = f(th, a, b)?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(r);
        }
    }
    if let Some(g) = fb {
        let r = g(th, a, b)?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(r);
        }
    }
    Ok(Value::NOT_IMPLEMENTED)
}

/// `a op b`.
pub fn binary(th: &mut Thread, a: Value, b: Value, op: &BinaryOp) -> PyResult {
    let r = binary_number(th, a, b, op)?;
    if r != Value::NOT_IMPLEMENTED {
        return Ok(r);
    }
    if std::ptr::eq(op, &ADD)
        && let Some(f) = slots_of(a).concat
    {
        return f(th, a, b);
    }
    if std::ptr::eq(op, &MUL) {
        if let Some(f) = slots_of(a).repeat {
            return f(th, a, b);
        }
        if let Some(f) = slots_of(b).repeat {
            return f(th, b, a);
        }
    }
    Err(unsupported(th, a, b, op.symbol))
}

/// `a op= b`.
pub fn inplace(th: &mut Thread, a: Value, b: Value, op: &BinaryOp) -> PyResult {
    if let Some(f) = (op.inplace)(slots_of(a)) {
        let r = f(th, a, b)?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(r);
        }
    }
    let r = binary_number(th, a, b, op)?;
    if r != Value::NOT_IMPLEMENTED {
        return Ok(r);
    }
    if std::ptr::eq(op, &ADD) {
        let s = slots_of(a);
        if let Some(f) = s.iconcat.or(s.concat) {
            return f(th, a, b);
        }
    }
    if std::ptr::eq(op, &MUL) {
        let s = slots_of(a);
        if let Some(f) = s.irepeat.or(s.repeat) {
            return f(th, a, b);
        }
        if let Some(f) = slots_of(b).repeat {
            return f(th, b, a);
        }
    }
    let symbol = format!("{}=", op.symbol);
    Err(unsupported(th, a, b, &symbol))
}

#[cold]
fn unsupported(th: &mut Thread, a: Value, b: Value, symbol: &str) -> crate::raised::Raised {
    let (x, y) = (type_name(a), type_name(b));
    th.type_error(format!("unsupported operand type(s) for {symbol}: '{x}' and '{y}'"))
}

/// `pow(a, b, c)`; `c` None for two arguments.
pub fn power(th: &mut Thread, a: Value, b: Value, c: Value) -> PyResult {
    let (ta, tb) = (type_of(a), type_of(b));
    let fa = ta.slots().pow;
    let mut fb = if ta == tb { None } else { tb.slots().pow };
    if let (Some(x), Some(y)) = (fa, fb)
        && x as usize == y as usize
    {
        fb = None;
    }
    let mut order: [Option<TernaryFn>; 3] = [fa, fb, None];
    if fa.is_some() && fb.is_some() && is_subtype(tb, ta) {
        order.swap(0, 1);
    }
    if !c.is_none() && type_of(c) != ta && type_of(c) != tb {
        order[2] = type_of(c).slots().pow;
    }
    for f in order.into_iter().flatten() {
        let r = f(th, a, b, c)?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(r);
        }
    }
    let (x, y) = (type_name(a), type_name(b));
    Err(if c.is_none() {
        th.type_error(format!("unsupported operand type(s) for ** or pow(): '{x}' and '{y}'"))
    } else {
        let z = type_name(c);
        th.type_error(format!("unsupported operand type(s) for pow(): '{x}', '{y}', '{z}'"))
    })
}

/// `a **= b`.
pub fn inplace_power(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if let Some(f) = slots_of(a).ipow {
        let r = f(th, a, b, Value::NONE)?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(r);
        }
    }
    power(th, a, b, Value::NONE)
}

/// `-a`.
pub fn negative(th: &mut Thread, a: Value) -> PyResult {
    match slots_of(a).neg {
        Some(f) => f(th, a),
        None => Err(bad_unary(th, a, "-")),
    }
}

/// `+a`.
pub fn positive(th: &mut Thread, a: Value) -> PyResult {
    match slots_of(a).pos {
        Some(f) => f(th, a),
        None => Err(bad_unary(th, a, "+")),
    }
}

/// `~a`.
pub fn invert(th: &mut Thread, a: Value) -> PyResult {
    match slots_of(a).invert {
        Some(f) => f(th, a),
        None => Err(bad_unary(th, a, "~")),
    }
}

/// `abs(a)`.
pub fn absolute(th: &mut Thread, a: Value) -> PyResult {
    match slots_of(a).abs {
        Some(f) => f(th, a),
        None => {
            let n = type_name(a);
            Err(th.type_error(format!("bad operand type for abs(): '{n}'")))
        }
    }
}

#[cold]
fn bad_unary(th: &mut Thread, a: Value, symbol: &str) -> crate::raised::Raised {
    let n = type_name(a);
    th.type_error(format!("bad operand type for unary {symbol}: '{n}'"))
}

/// Coerces two operands to a common type; none if they do not coerce.
pub fn coerce(th: &mut Thread, a: Value, b: Value) -> PyResult<Option<(Value, Value)>> {
    let (ta, tb) = (type_of(a), type_of(b));
    // Values of one built-in type that is no number (nor has operators of its own) are common enough as they are.
    let s = ta.slots();
    let built_in = ta.unguarded().flags.get() & crate::types::flag::HEAP == 0;
    if ta == tb && built_in && s.coerce.is_none() && s.sub.is_none() && s.rem.is_none() {
        return Ok(Some((a, b)));
    }
    if let Some(f) = ta.slots().coerce
        && let Some(r) = f(th, a, b)?
    {
        return Ok(Some(r));
    }
    if let Some(f) = tb.slots().coerce
        && let Some((y, x)) = f(th, b, a)?
    {
        return Ok(Some((x, y)));
    }
    Ok(None)
}
