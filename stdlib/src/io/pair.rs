//! `BufferedRWPair`: a reader and a writer as one stream.

use super::arguments::{self, call};
use super::base::{self, Ability};
use super::buffered::{self, BUFFERED_READER, BUFFERED_WRITER, READER as READS, WRITER as WRITES};
use super::kinds_of_stream::BUFFERED_IO_BASE;
use super::{DEFAULT_BUFFER_SIZE, names, state};
use interpreter::kinds::kind;
use interpreter::name::Name;
use interpreter::native::{Args, BASETYPE, GetSetDef, HAS_DICT, MethodDef, TypeDef, VARIADIC};
use interpreter::objects::exceptions as exc;
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Thread, Value, ops, warnings};

const READER: usize = 0;
const WRITER: usize = 1;
const SLOTS: usize = 2;

/// `BufferedRWPair`.
pub static BUFFERED_RW_PAIR: TypeDef = TypeDef {
    module: "_io",
    doc: Some("A buffered reader and writer object together."),
    base: Some(&BUFFERED_IO_BASE),
    flags: BASETYPE | HAS_DICT,
    slots: SlotTable {
        new: Some(|th, class, _| state::allocate(th, class, SLOTS, true)),
        init: Some(init),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new("read", |th, a| pass(th, a, READER, &names::read), 0, VARIADIC, 0, ""),
        MethodDef::new("peek", |th, a| pass(th, a, READER, &names::peek), 0, VARIADIC, 0, ""),
        MethodDef::new("read1", |th, a| pass(th, a, READER, &names::read1), 0, VARIADIC, 0, ""),
        MethodDef::new("readinto", |th, a| pass(th, a, READER, &names::readinto), 0, VARIADIC, 0, ""),
        MethodDef::new("write", |th, a| pass(th, a, WRITER, &names::write), 0, VARIADIC, 0, ""),
        MethodDef::new("flush", |th, a| pass(th, a, WRITER, &names::flush), 0, VARIADIC, 0, ""),
        MethodDef::new("readable", |th, a| pass(th, a, READER, &names::readable), 0, VARIADIC, 0, ""),
        MethodDef::new("writable", |th, a| pass(th, a, WRITER, &names::writable), 0, VARIADIC, 0, ""),
        MethodDef::new("close", close, 0, 0, 0, ""),
        MethodDef::new("isatty", isatty, 0, 0, 0, ""),
    ],
    getset: &[GetSetDef { name: "closed", get: closed, set: None, doc: "" }],
    ..TypeDef::new("BufferedRWPair", kind::INSTANCE)
};

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    if !args.kw.is_empty() {
        return Err(th.type_error("BufferedRWPair does not take keyword arguments"));
    }
    let [reader, writer, size, max] =
        args.bind(th, "BufferedRWPair", ["reader", "writer", "buffer_size", "max_buffer_size"], 2)?;
    let (reader, writer) = (reader.unwrap_or(Value::NONE), writer.unwrap_or(Value::NONE));
    let size = match size {
        Some(s) => ops::integer_arg(th, s)?,
        None => DEFAULT_BUFFER_SIZE,
    };
    if max.is_some() {
        warnings::warn(th, &exc::DEPRECATION_WARNING, "max_buffer_size is deprecated", 1)?;
    }
    base::check(th, reader, Ability::Read)?;
    base::check(th, writer, Ability::Write)?;
    let r = make(th, &BUFFERED_READER, reader, size, READS)?;
    let w = make(th, &BUFFERED_WRITER, writer, size, WRITES)?;
    state::set(th, v, READER, Some(r))?;
    state::set(th, v, WRITER, Some(w))
}

fn make(th: &mut Thread, def: &TypeDef, raw: Value, size: i64, role: i64) -> PyResult {
    let Some(new) = def.slots.new else { return Err(th.system_error("no constructor")) };
    let b = new(th, def.class(), Args::positional(&[]))?;
    buffered::start(th, b, raw, size, role)?;
    Ok(b)
}

fn part(th: &mut Thread, v: Value, i: usize) -> PyResult {
    match state::get(th, v, i)? {
        Some(p) => Ok(p),
        None => Err(th.value_error("I/O operation on uninitialized object")),
    }
}

fn pass(th: &mut Thread, args: Args<'_>, i: usize, name: &Name) -> PyResult {
    let p = part(th, args.pos[0], i)?;
    call(th, p, name, &args.pos[1..])
}

fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (r, w) = (part(th, args.pos[0], READER)?, part(th, args.pos[0], WRITER)?);
    let first = match call(th, w, &names::close, &[]) {
        Ok(_) => None,
        Err(e) => Some(e.catch(th)?),
    };
    let x = call(th, r, &names::close, &[])?;
    match first {
        Some(c) => Err(th.reraise(c)),
        None => Ok(x),
    }
}

fn isatty(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (r, w) = (part(th, args.pos[0], READER)?, part(th, args.pos[0], WRITER)?);
    let t = call(th, w, &names::isatty, &[])?;
    if ops::is_true(th, t)? {
        return Ok(t);
    }
    call(th, r, &names::isatty, &[])
}

fn closed(th: &mut Thread, v: Value) -> PyResult {
    let w = part(th, v, WRITER)?;
    let c = arguments::is_true(th, w, &names::closed)?;
    Ok(Value::from_bool(c))
}
