//! From source text to code objects on the heap.

use crate::eval::Mode;
use crate::layout::{PyCode, Ref};
use crate::objects as o;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use syntax::code::{CodeObject, Const};

/// Compiles source. `inherited`: future flags of the surrounding code; `utf8`: the bytes are UTF-8 whatever a coding
/// line says (they come from a unicode object).
pub fn compile(th: &mut Thread, source: &[u8], filename: &[u8], mode: Mode, inherited: u32, utf8: bool) -> PyResult<Ref<PyCode>> {
    let code = compile_plain(th, source, filename, mode, inherited, utf8)?;
    to_heap(th, &code)
}

/// A code object of the compiler as a heap object, with names and identifier-like strings interned.
pub fn to_heap(th: &mut Thread, c: &CodeObject) -> PyResult<Ref<PyCode>> {
    // Everything is made old at the end of start-up anyway; nothing here runs Python.
    let names = |th: &mut Thread, v: &[Box<[u8]>]| {
        let items: Vec<Value> = v.iter().map(|n| th.intern(n)).collect();
        th.try_tuple(&items)
    };
    let consts: Vec<Value> = c.consts.iter().map(|k| constant(th, k)).collect::<PyResult<_>>()?;
    let consts = th.try_tuple(&consts)?;
    let fields = o::code::Fields {
        argcount: c.argcount.max(0) as u32,
        nlocals: c.nlocals.max(0) as u32,
        stacksize: c.stacksize.max(0) as u32,
        flags: c.flags,
        firstlineno: c.firstlineno,
        code: th.try_str(&c.code)?,
        consts,
        names: names(th, &c.names)?,
        varnames: names(th, &c.varnames)?,
        freevars: names(th, &c.freevars)?,
        cellvars: names(th, &c.cellvars)?,
        filename: th.intern(&c.filename),
        name: th.intern(&c.name),
        lnotab: th.try_str(&c.lnotab)?,
    };
    Ok(o::code::make(th, fields))
}

/// A constant as a value.
pub fn constant(th: &mut Thread, k: &Const) -> PyResult {
    Ok(match k {
        Const::None => Value::NONE,
        Const::True => Value::TRUE,
        Const::False => Value::FALSE,
        Const::Ellipsis => Value::ELLIPSIS,
        Const::StopIteration => o::exceptions::STOP_ITERATION.class(),
        Const::Int(n) => th.int(*n),
        Const::Long(n) => th.long(n)?,
        Const::Float(x) => th.float(*x),
        Const::Complex(re, im) => th.complex(*re, *im),
        Const::Str { bytes, interned: true } => th.intern(bytes),
        Const::Str { bytes, interned: false } => th.try_str(bytes)?,
        Const::Unicode(cs) => th.unicode_from(cs)?,
        Const::Tuple(items) => {
            let items: Vec<Value> = items.iter().map(|k| constant(th, k)).collect::<PyResult<_>>()?;
            th.try_tuple(&items)?
        }
        Const::FrozenSet(items) => {
            let items: Vec<Value> = items.iter().map(|k| constant(th, k)).collect::<PyResult<_>>()?;
            o::set::frozen_from_values(th, &items)?
        }
        Const::Code(c) => to_heap(th, c)?.value(),
    })
}
