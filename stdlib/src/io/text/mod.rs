//! `TextIOWrapper`: text over a buffered stream of bytes.
//!
//! # Invariants
//! T1. `DECODED` holds the characters decoded and `USED` how many of them have been handed out; both are for reading.
//! T2. `PENDING` holds encoded text not yet given to the buffer; it is written before any read, seek, tell.
//! T3. While positions may be asked for, `SNAPSHOT` is the decoder's flags before the last chunk, and the bytes it was fed
//!     since: from these [`position`] finds a byte position for a position in the text.

mod construct;
mod position;
mod reading;
mod writing;

use super::arguments::{self, call};
use super::kinds_of_stream::TEXT_IO_BASE;
use super::names;
use super::state::{self, long};
use interpreter::kinds::kind;
use interpreter::name::Name;
use interpreter::native::{Args, BASETYPE, GetSetDef, HAS_DICT, MethodDef, TypeDef};
use interpreter::objects::exceptions as exc;
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Slot, Thread, Value, ops};

const BUFFER: usize = 0;
const ENCODING: usize = 1;
const ERRORS: usize = 2;
const ENCODER: usize = 3;
const DECODER: usize = 4;
/// The newline argument.
const NEWLINE: usize = 5;
const LINE_BUFFERING: usize = 6;
const SEEKABLE: usize = 7;
/// `tell` is allowed (iteration forbids it).
const TELLING: usize = 8;
const HAS_READ1: usize = 9;
const DECODED: usize = 10;
const USED: usize = 11;
const PENDING: usize = 12;
const SNAPSHOT: usize = 13;
const CHUNK: usize = 14;
/// Bytes per character of the last chunk: float.
const RATIO: usize = 15;
const OK: usize = 16;
const DETACHED: usize = 17;
const SLOTS: usize = 18;

/// `TextIOWrapper`.
pub static TEXT_IO_WRAPPER: TypeDef = TypeDef {
    module: "_io",
    doc: Some("Character and line based layer over a BufferedIOBase object, buffer."),
    base: Some(&TEXT_IO_BASE),
    flags: BASETYPE | HAS_DICT,
    slots: SlotTable {
        new: Some(|th, class, _| state::allocate(th, class, SLOTS, true)),
        init: Some(construct::init),
        repr: Some(repr),
        next: Some(reading::next),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new("detach", detach, 0, 0, 0, ""),
        MethodDef::new("write", writing::write, 1, 1, 0, ""),
        MethodDef::new("read", reading::read, 0, 1, 0, ""),
        MethodDef::new("readline", reading::readline, 0, 1, 0, ""),
        MethodDef::new("flush", writing::flush, 0, 0, 0, ""),
        MethodDef::new("close", close, 0, 0, 0, ""),
        MethodDef::new("fileno", |th, a| pass_on(th, a, &names::fileno), 0, 0, 0, ""),
        MethodDef::new("seekable", |th, a| pass_on(th, a, &names::seekable), 0, 0, 0, ""),
        MethodDef::new("readable", |th, a| pass_on(th, a, &names::readable), 0, 0, 0, ""),
        MethodDef::new("writable", |th, a| pass_on(th, a, &names::writable), 0, 0, 0, ""),
        MethodDef::new("isatty", |th, a| pass_on(th, a, &names::isatty), 0, 0, 0, ""),
        MethodDef::new("seek", position::seek, 1, 2, 0, ""),
        MethodDef::new("tell", position::tell, 0, 0, 0, ""),
        MethodDef::new("truncate", truncate, 0, 1, 0, ""),
    ],
    getset: &[
        GetSetDef { name: "encoding", get: |th, v| state::value(th, v, ENCODING), set: None, doc: "" },
        GetSetDef { name: "buffer", get: |th, v| state::value(th, v, BUFFER), set: None, doc: "" },
        GetSetDef {
            name: "line_buffering",
            get: |th, v| Ok(Value::from_bool(state::is_set(th, v, LINE_BUFFERING)?)),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "errors",
            get: |th, v| {
                if !state::is_set(th, v, DETACHED)? {
                    buffer(th, v)?;
                }
                state::value(th, v, ERRORS)
            },
            set: None,
            doc: "",
        },
        GetSetDef { name: "closed", get: closed, set: None, doc: "" },
        GetSetDef { name: "name", get: name, set: None, doc: "" },
        GetSetDef { name: "newlines", get: newlines, set: None, doc: "" },
        GetSetDef { name: "_CHUNK_SIZE", get: chunk_size, set: Some(set_chunk_size), doc: "" },
    ],
    ..TypeDef::new("TextIOWrapper", kind::INSTANCE)
};

/// The buffer of an initialized stream.
fn buffer(th: &mut Thread, v: Value) -> PyResult {
    if !state::is_set(th, v, OK)? {
        return Err(if state::is_set(th, v, DETACHED)? {
            th.value_error("underlying buffer has been detached")
        } else {
            th.value_error("I/O operation on uninitialized object")
        });
    }
    state::value(th, v, BUFFER)
}

/// The buffer of an open stream.
fn open(th: &mut Thread, v: Value) -> PyResult {
    let b = buffer(th, v)?;
    if arguments::is_true(th, b, &names::closed)? {
        return Err(th.value_error("I/O operation on closed file."));
    }
    Ok(b)
}

fn pass_on(th: &mut Thread, args: Args<'_>, name: &Name) -> PyResult {
    let b = buffer(th, args.pos[0])?;
    call(th, b, name, &[])
}

fn detach(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let b = buffer(th, v)?;
    call(th, v, &names::flush, &[])?;
    state::set(th, v, BUFFER, None)?;
    state::set_flag(th, v, DETACHED, true)?;
    state::set_flag(th, v, OK, false)?;
    Ok(b)
}

fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let b = buffer(th, v)?;
    if arguments::is_true(th, b, &names::closed)? {
        return Ok(Value::NONE);
    }
    arguments::flush_then_close(th, v, b)
}

fn truncate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let b = buffer(th, v)?;
    call(th, v, &names::flush, &[])?;
    call(th, b, &names::truncate, &args.pos[1..])
}

fn closed(th: &mut Thread, v: Value) -> PyResult {
    let b = buffer(th, v)?;
    ops::getattr_name(th, b, &names::closed)
}

fn name(th: &mut Thread, v: Value) -> PyResult {
    let b = buffer(th, v)?;
    ops::getattr_name(th, b, &names::name)
}

fn newlines(th: &mut Thread, v: Value) -> PyResult {
    buffer(th, v)?;
    let d = state::value(th, v, DECODER)?;
    if d.is_none() {
        return Ok(d);
    }
    let n = names::newlines.get(th);
    Ok(ops::getattr_opt(th, d, n)?.unwrap_or(Value::NONE))
}

fn chunk_size(th: &mut Thread, v: Value) -> PyResult {
    buffer(th, v)?;
    let n = state::number(th, v, CHUNK)?;
    long(th, n)
}

fn set_chunk_size(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    buffer(th, v)?;
    let Some(x) = x else { return Err(th.attribute_error("cannot delete attribute")) };
    let n = ops::index_i64(th, x, Some(&exc::VALUE_ERROR))?;
    if n <= 0 {
        return Err(th.value_error("a strictly positive integer is required"));
    }
    state::set_number(th, v, CHUNK, n.min(1 << 60))
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    if !state::is_set(th, v, OK)? && !state::is_set(th, v, DETACHED)? {
        return Err(th.value_error("I/O operation on uninitialized object"));
    }
    let mut out = String::from("<_io.TextIOWrapper");
    match ops::getattr_name(th, v, &names::name) {
        Ok(n) => {
            out.push_str(" name=");
            out.push_str(&th.repr_text(n)?);
        }
        Err(e) => {
            let c = e.catch(th)?;
            if !exc::class_matches(th, c.class, exc::EXCEPTION.class()) {
                return Err(th.reraise(c));
            }
        }
    }
    let e = state::value(th, v, ENCODING)?;
    out.push_str(" encoding=");
    out.push_str(&th.repr_text(e)?);
    out.push('>');
    th.try_str(out.as_bytes())
}
