//! Proxies: every operation goes to the referent, or raises ReferenceError once that has died.

use super::{referent, target};
use crate::kinds::kind;
use crate::native::{Args, MethodDef, NO_NEW, TypeDef};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::{CmpOp, SlotTable};
use crate::types::type_of;
use crate::value::{Slot, Value};

/// `weakproxy`.
pub static PROXY: TypeDef =
    TypeDef { slots: SLOTS, methods: METHODS, flags: NO_NEW, ..TypeDef::new("weakproxy", kind::WEAKREF) };

/// `weakcallableproxy`.
pub static CALLABLE_PROXY: TypeDef = TypeDef {
    slots: SlotTable { call: Some(call), ..SLOTS },
    methods: METHODS,
    flags: NO_NEW,
    ..TypeDef::new("weakcallableproxy", kind::WEAKREF)
};

const METHODS: &[MethodDef] = &[MethodDef::new("__unicode__", unicode, 0, 0, 0, "")];

/// What `v` stands for: the referent of a proxy, anything else itself.
pub fn unwrap(th: &mut Thread, v: Value) -> PyResult {
    let t = type_of(v).value();
    if t != PROXY.class() && t != CALLABLE_PROXY.class() {
        return Ok(v);
    }
    match referent(th, v)? {
        Some(v) => Ok(v),
        None => Err(th.reference_error("weakly-referenced object no longer exists")),
    }
}

macro_rules! binary {
    ($op:ident) => {
        Some(|th, a, b| {
            let (a, b) = (unwrap(th, a)?, unwrap(th, b)?);
            ops::binary(th, a, b, &ops::$op)
        })
    };
}

macro_rules! inplace {
    ($op:ident) => {
        Some(|th, a, b| {
            let (a, b) = (unwrap(th, a)?, unwrap(th, b)?);
            ops::inplace(th, a, b, &ops::$op)
        })
    };
}

/// A conversion through the referent's own slot, with CPython's words where there is none.
macro_rules! convert {
    ($slot:ident, $what:literal) => {
        Some(|th, a| {
            let v = unwrap(th, a)?;
            match ops::slots_of(v).$slot {
                Some(f) => f(th, v),
                None => {
                    let n = ops::type_name(v);
                    Err(th.type_error(format!($what, n)))
                }
            }
        })
    };
}

const SLOTS: SlotTable = SlotTable {
    repr: Some(repr),
    str: Some(|th, v| {
        let v = unwrap(th, v)?;
        ops::str(th, v)
    }),
    hash: Some(crate::objects::list::unhashable),
    getattr: Some(|th, v, name| {
        let v = unwrap(th, v)?;
        ops::getattr(th, v, name)
    }),
    setattr: Some(|th, v, name, x| {
        let v = unwrap(th, v)?;
        ops::setattr(th, v, name, x)
    }),
    richcmp: Some(richcmp),
    cmp: Some(|th, a, b| {
        let (a, b) = (unwrap(th, a)?, unwrap(th, b)?);
        ops::cmp(th, a, b)
    }),
    iter: Some(|th, v| {
        let v = unwrap(th, v)?;
        ops::iter(th, v)
    }),
    next: Some(next),
    add: binary!(ADD),
    sub: binary!(SUB),
    mul: binary!(MUL),
    div: binary!(DIV),
    rem: binary!(REM),
    divmod: binary!(DIVMOD),
    pow: Some(|th, a, b, c| {
        let (a, b, c) = (unwrap(th, a)?, unwrap(th, b)?, unwrap(th, c)?);
        ops::power(th, a, b, c)
    }),
    lshift: binary!(LSHIFT),
    rshift: binary!(RSHIFT),
    and: binary!(AND),
    xor: binary!(XOR),
    or: binary!(OR),
    floordiv: binary!(FLOORDIV),
    truediv: binary!(TRUEDIV),
    iadd: inplace!(ADD),
    isub: inplace!(SUB),
    imul: inplace!(MUL),
    idiv: inplace!(DIV),
    irem: inplace!(REM),
    ipow: Some(|th, a, b, _| {
        let (a, b) = (unwrap(th, a)?, unwrap(th, b)?);
        ops::inplace_power(th, a, b)
    }),
    ilshift: inplace!(LSHIFT),
    irshift: inplace!(RSHIFT),
    iand: inplace!(AND),
    ixor: inplace!(XOR),
    ior: inplace!(OR),
    ifloordiv: inplace!(FLOORDIV),
    itruediv: inplace!(TRUEDIV),
    neg: Some(|th, v| {
        let v = unwrap(th, v)?;
        ops::negative(th, v)
    }),
    pos: Some(|th, v| {
        let v = unwrap(th, v)?;
        ops::positive(th, v)
    }),
    abs: Some(|th, v| {
        let v = unwrap(th, v)?;
        ops::absolute(th, v)
    }),
    invert: Some(|th, v| {
        let v = unwrap(th, v)?;
        ops::invert(th, v)
    }),
    nonzero: Some(|th, v| {
        let v = unwrap(th, v)?;
        ops::is_true(th, v)
    }),
    int: convert!(int, "int() argument must be a string or a number, not '{}'"),
    long: convert!(long, "long() argument must be a string or a number, not '{}'"),
    float: convert!(float, "a float is required, not {}"),
    index: Some(|th, v| {
        let v = unwrap(th, v)?;
        ops::index(th, v)
    }),
    len: Some(|th, v| {
        let v = unwrap(th, v)?;
        ops::len(th, v)
    }),
    getitem: Some(|th, v, k| {
        let (v, k) = (unwrap(th, v)?, unwrap(th, k)?);
        ops::getitem(th, v, k)
    }),
    setitem: Some(|th, v, k, x| {
        let v = unwrap(th, v)?;
        ops::setitem(th, v, k, x)
    }),
    contains: Some(|th, v, x| {
        let v = unwrap(th, v)?;
        ops::contains(th, v, x)
    }),
    getslice: Some(|th, v, i, j| {
        let v = unwrap(th, v)?;
        let (i, j) = (th.int(i), th.int(j));
        ops::get_slice(th, v, Some(i), Some(j))
    }),
    setslice: Some(|th, v, i, j, x| {
        let v = unwrap(th, v)?;
        let (i, j) = (th.int(i), th.int(j));
        ops::set_slice(th, v, Some(i), Some(j), x)
    }),
    ..SlotTable::EMPTY
};

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let v = unwrap(th, v)?;
    ops::next(th, v)
}

fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    let (a, b) = (unwrap(th, a)?, unwrap(th, b)?);
    ops::rich_compare(th, a, b, op)
}

fn call(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    let v = unwrap(th, v)?;
    ops::call_args(th, v, args)
}

fn unicode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = unwrap(th, args.pos[0])?;
    ops::call_method(th, v, &crate::names::__unicode__, &[])
}

/// Shows itself, even when the referent is dead.
fn repr(th: &mut Thread, w: Value) -> PyResult {
    let v = target(w).unwrap_or(Value::NONE);
    let t = super::full_name(type_of(v));
    Ok(th.new_str(format!("<weakproxy at {:#x} to {t} at {:#x}>", w.bits(), v.bits()).as_bytes()))
}
