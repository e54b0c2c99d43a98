//! `code`.

use crate::kinds::kind;
use crate::layout::*;
use crate::native::{Args, GetSetDef, TypeDef};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::lookup;
use crate::types::slots::{CmpOp, SlotTable};
use crate::value::Value;
use std::sync::atomic::{AtomicPtr, AtomicU32};

macro_rules! get {
    ($name:literal, |$c:ident, $th:ident| $e:expr) => {
        GetSetDef {
            name: $name,
            get: |$th, v| {
                let $c = as_code(v);
                Ok($e)
            },
            set: Some(crate::native::read_only),
            doc: "",
        }
    };
}

/// `code`.
pub static CODE: TypeDef = TypeDef {
    flags: 0,
    doc: Some(
        "code(argcount, nlocals, stacksize, flags, codestring, constants, names,\n      varnames, filename, name, firstlineno, lnotab[, freevars[, cellvars]])\n\nCreate a code object.  Not for the faint of heart.",
    ),
    slots: SlotTable {
        new: Some(new),
        repr: Some(repr),
        richcmp: Some(richcmp),
        hash: Some(hash),
        ..SlotTable::EMPTY
    },
    getset: &[
        get!("co_argcount", |c, th| th.int(c.argcount as i64)),
        get!("co_nlocals", |c, th| th.int(c.nlocals as i64)),
        get!("co_stacksize", |c, th| th.int(c.stacksize as i64)),
        get!("co_flags", |c, th| th.int(c.flags as i64)),
        get!("co_firstlineno", |c, th| th.int(c.firstlineno as i64)),
        get!("co_code", |c, _th| c.code),
        get!("co_consts", |c, _th| c.consts),
        get!("co_names", |c, _th| c.names),
        get!("co_varnames", |c, _th| c.varnames),
        get!("co_freevars", |c, _th| c.freevars),
        get!("co_cellvars", |c, _th| c.cellvars),
        get!("co_filename", |c, _th| c.filename),
        get!("co_name", |c, _th| c.name),
        get!("co_lnotab", |c, _th| c.lnotab),
    ],
    ..TypeDef::new("code", kind::CODE)
};

fn as_code<'a>(v: Value) -> &'a PyCode {
    match v.cast::<PyCode>() {
        Some(c) => c.get(),
        None => panic!("a code object's attribute was asked of something else"),
    }
}

/// What a code object is made of.
pub struct Fields {
    pub argcount: u32,
    pub nlocals: u32,
    pub stacksize: u32,
    pub flags: u32,
    pub firstlineno: i32,
    pub code: Value,
    pub consts: Value,
    pub names: Value,
    pub varnames: Value,
    pub freevars: Value,
    pub cellvars: Value,
    pub filename: Value,
    pub name: Value,
    pub lnotab: Value,
}

/// A new code object.
pub fn make(th: &Thread, f: Fields) -> Ref<PyCode> {
    let r: Ref<PyCode> = th.alloc_fixed(CODE.class_bits(), round16(size_of::<PyCode>()));
    // SAFETY: fresh object; everything after the header is written at once.
    unsafe {
        let p = r.as_ptr();
        macro_rules! put { ($($n:ident)*) => { $( std::ptr::addr_of_mut!((*p).$n).write(f.$n); )* } }
        put!(argcount nlocals stacksize flags firstlineno code consts names varnames freevars cellvars filename name lnotab);
        std::ptr::addr_of_mut!((*p).runtime).write(AtomicPtr::new(std::ptr::null_mut()));
        std::ptr::addr_of_mut!((*p).hotness).write(AtomicU32::new(0));
    }
    th.m.register_native(r.obj(), 512);
    r
}

fn new(th: &mut Thread, _class: Value, args: Args<'_>) -> PyResult {
    if args.len() < 12 || args.len() > 14 || !args.kw.is_empty() {
        let n = args.len();
        let (w, b) = if n < 12 { ("at least", 12) } else { ("at most", 14) };
        return Err(th.type_error(format!("code() takes {w} {b} arguments ({n} given)")));
    }
    let mut ints = [0i64; 4];
    for (i, x) in ints.iter_mut().enumerate() {
        *x = ops::integer_arg(th, args.pos[i])?;
    }
    let first = ops::integer_arg(th, args.pos[10])?;
    if ints[0] < 0 {
        return Err(th.value_error("code: argcount must not be negative"));
    }
    if ints[1] < 0 {
        return Err(th.value_error("code: nlocals must not be negative"));
    }
    let limit = 1 << 16;
    if ints[..3].iter().any(|n| *n > limit) || ints[2] < 0 {
        return Err(th.value_error("code: argument out of range"));
    }
    let empty = th.new_tuple(&[]);
    let tuple = |th: &mut Thread, i: usize| match args.get(i) {
        None => Ok(empty),
        Some(v) => match v.payload::<PyTuple>() {
            Some(t) => Ok(t.value()),
            None => {
                let n = ops::type_name(v);
                Err(th.type_error(format!("code() argument {} must be tuple, not {n}", i + 1)))
            }
        },
    };
    let string = |th: &mut Thread, i: usize| match args.pos[i].payload::<PyStr>() {
        Some(s) => Ok(s.value()),
        None => {
            let n = ops::type_name(args.pos[i]);
            Err(th.type_error(format!("code() argument {} must be string, not {n}", i + 1)))
        }
    };
    let (consts, names, varnames) = (tuple(th, 5)?, tuple(th, 6)?, tuple(th, 7)?);
    let (freevars, cellvars) = (tuple(th, 12)?, tuple(th, 13)?);
    let names = interned_names(th, names)?;
    let varnames = interned_names(th, varnames)?;
    let freevars = interned_names(th, freevars)?;
    let cellvars = interned_names(th, cellvars)?;
    if varnames.cast::<PyTuple>().is_none_or(|t| (t.len as i64) < ints[1] || ints[0] > ints[1]) {
        return Err(th.value_error("code: varnames is too small"));
    }
    let f = Fields {
        argcount: ints[0] as u32,
        nlocals: ints[1] as u32,
        stacksize: ints[2] as u32,
        flags: ints[3] as u32,
        firstlineno: first as i32,
        code: string(th, 4)?,
        consts,
        names,
        varnames,
        freevars,
        cellvars,
        filename: string(th, 8)?,
        name: string(th, 9)?,
        lnotab: string(th, 11)?,
    };
    Ok(make(th, f).value())
}

/// A tuple of names with every name interned, as the eval loop expects.
pub fn interned_names(th: &mut Thread, t: Value) -> PyResult {
    let Some(tup) = t.cast::<PyTuple>() else { return Ok(t) };
    let mut out: Vec<Value> = Vec::with_capacity(tup.len);
    for v in tup.get().items() {
        match v.payload::<PyStr>() {
            Some(s) => out.push(crate::objects::str::intern_value(th, s.value())),
            None => {
                let n = ops::type_name(*v);
                return Err(th.type_error(format!("name tuples must contain only strings, not '{n}'")));
            }
        }
    }
    th.try_tuple(&out)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let c = as_code(v);
    let (n, f) = (lookup::text(th, c.name), lookup::text(th, c.filename));
    Ok(th.new_str(
        format!("<code object {n} at {:#x}, file \"{f}\", line {}>", v.bits(), c.firstlineno).as_bytes(),
    ))
}

fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    let (Some(x), Some(y)) = (a.cast::<PyCode>(), b.cast::<PyCode>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if !matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (x, y) = (x.get(), y.get());
    let mut eq = x.argcount == y.argcount
        && x.nlocals == y.nlocals
        && x.flags == y.flags
        && x.firstlineno == y.firstlineno;
    for (p, q) in [
        (x.name, y.name),
        (x.code, y.code),
        (x.consts, y.consts),
        (x.names, y.names),
        (x.varnames, y.varnames),
        (x.freevars, y.freevars),
        (x.cellvars, y.cellvars),
    ] {
        eq = eq && same(th, p, q)?;
    }
    Ok(Value::from_bool(eq == (op == CmpOp::Eq)))
}

/// Equality that tells 0 from 0.0 and -0.0 apart in constants.
fn same(th: &mut Thread, a: Value, b: Value) -> PyResult<bool> {
    if crate::types::type_of(a) != crate::types::type_of(b) {
        return Ok(false);
    }
    if let (Some(x), Some(y)) = (a.cast::<PyTuple>(), b.cast::<PyTuple>()) {
        if x.len != y.len {
            return Ok(false);
        }
        for (p, q) in x.get().items().iter().zip(y.get().items()) {
            if !same(th, *p, *q)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    if let (Some(x), Some(y)) = (crate::objects::float::float_value(a), crate::objects::float::float_value(b))
    {
        return Ok(x.to_bits() == y.to_bits());
    }
    ops::equal(th, a, b)
}

fn hash(th: &mut Thread, v: Value) -> PyResult<i64> {
    let c = as_code(v);
    let mut h = c.argcount as i64 ^ c.nlocals as i64 ^ c.flags as i64;
    for x in [c.name, c.code, c.names, c.varnames, c.freevars, c.cellvars] {
        h ^= ops::hash(th, x)?;
    }
    Ok(if h == -1 { -2 } else { h })
}
