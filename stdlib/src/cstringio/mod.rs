//! `cStringIO`: files in memory, one kind for reading and one for writing.
//!
//! The bytes of a writer lie in a bytearray, the bytes of a reader in a str; both are records of contents, place
//! and a "closed" mark.

/// The rows that readers and writers share, with the two that differ and those that only one has.
macro_rules! file_methods {
    ($seek:path, $truncate:path $(, $more:expr)* $(,)?) => {
        &[
            MethodDef::new("flush", flush, 0, 0, 0, "flush(): does nothing."),
            MethodDef::new("getvalue", getvalue, 0, 1, 0, "getvalue([use_pos]) -- Get the string value."),
            MethodDef::new("isatty", isatty, 0, 0, 0, "isatty(): always returns 0"),
            MethodDef::new("read", read, 0, 1, 0, "read([s]) -- Read s characters, or the rest of the string"),
            MethodDef::new("readline", readline, 0, 1, 0, "readline() -- Read one line"),
            MethodDef::new("readlines", readlines, 0, 1, 0, "readlines() -- Read all lines"),
            MethodDef::new("reset", reset, 0, 0, 0, "reset() -- Reset the file position to the beginning"),
            MethodDef::new("tell", tell, 0, 0, 0, "tell() -- get the current position."),
            MethodDef::new("truncate", $truncate, 0, 1, 0, "truncate(): truncate the file at the current position."),
            MethodDef::new("seek", $seek, 1, 2, 0, "seek(position)       -- set the current position"),
            MethodDef::new("close", close, 0, 0, 0, "close(): explicitly release resources held."),
            $($more),*
        ]
    };
}

mod reader;
mod writer;

use interpreter::layout::{PyRecord, Ref};
use interpreter::native::{Args, MethodDef, ModuleDef};
use interpreter::{PyResult, Slot, Thread, Value, objects as o, ops};

/// `cStringIO`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "cStringIO",
    doc: Some("A simple fast partial StringIO replacement."),
    functions: &[MethodDef::new(
        "StringIO",
        string_io,
        0,
        1,
        0,
        "StringIO([s]) -- Return a StringIO-like stream for reading or writing",
    )],
    types: &[&reader::STRING_I, &writer::STRING_O],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    for (name, class, own) in [
        ("InputType", reader::STRING_I.class(), "StringI"),
        ("OutputType", writer::STRING_O.class(), "StringO"),
    ] {
        let name = th.intern(name.as_bytes());
        ops::setattr(th, m, name, Some(class))?;
        let own = th.intern(own.as_bytes());
        if ops::getattr_opt(th, m, own)?.is_some() {
            ops::setattr(th, m, own, None)?;
        }
    }
    Ok(())
}

fn string_io(th: &mut Thread, args: Args<'_>) -> PyResult {
    match args.get(0) {
        None => writer::make(th),
        Some(v) => {
            let b = interpreter::buffer::argument(th, v, "StringIO", 1)?;
            let s = o::str::from_bytes(th, b.bytes())?;
            let s = if v.cast::<interpreter::layout::PyStr>().is_some() { v } else { s };
            Ok(th.new_record(&reader::STRING_I, &[Some(s), Value::from_small_int(0), Some(Value::FALSE)]))
        }
    }
}

/// True for readers of a str.
pub(crate) fn is_reader(v: Value) -> bool {
    v.cast::<PyRecord>().is_some_and(|r| gc_stm::class(r.obj()) == reader::STRING_I.class_bits())
}

/// The str that a reader reads, and the place where it is.
pub(crate) fn reader_contents(th: &mut Thread, v: Value) -> PyResult<(Value, usize)> {
    let (r, _, place) = view(th, v)?;
    Ok((r.unguarded().at(CONTENTS).get().unwrap_or(Value::NONE), place))
}

/// Moves a reader.
pub(crate) fn move_reader(th: &mut Thread, v: Value, place: usize) -> PyResult<()> {
    let r = open(th, v)?;
    move_to(th, r, place)
}

const CONTENTS: usize = 0;
const PLACE: usize = 1;
const CLOSED: usize = 2;

/// The record of an open file.
fn open(th: &mut Thread, v: Value) -> PyResult<Ref<PyRecord>> {
    let Some(r) = v.cast::<PyRecord>() else { return Err(th.type_error("a StringIO object is required")) };
    if r.write(th)?.at(CLOSED).get() == Some(Value::TRUE) {
        return Err(th.value_error("I/O operation on closed file"));
    }
    Ok(r)
}

/// The contents and the place of an open file; valid until the next commit point.
fn view<'a>(th: &mut Thread, v: Value) -> PyResult<(Ref<PyRecord>, &'a [u8], usize)> {
    let r = open(th, v)?;
    let c = r.unguarded().at(CONTENTS).get().unwrap_or(Value::NONE);
    let place = r.unguarded().at(PLACE).get().and_then(Value::as_small_int).unwrap_or(0) as usize;
    let b = match c.cast::<interpreter::layout::PyStr>() {
        Some(s) => s.get().bytes(),
        None => o::bytearray::view(th, c)?,
    };
    Ok((r, b, place))
}

/// Moves an open file, which the caller has looked at in this transaction, to a place.
fn move_to(th: &Thread, r: Ref<PyRecord>, place: usize) -> PyResult<()> {
    r.write(th)?.at(PLACE).set(Value::from_small_int(place as i64));
    Ok(())
}

fn count(th: &mut Thread, v: Slot) -> PyResult<Option<usize>> {
    match v {
        None => Ok(None),
        Some(v) => Ok(usize::try_from(ops::integer_arg(th, v)?).ok()),
    }
}

fn read(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = count(th, args.get(1))?;
    let (r, b, place) = view(th, args.pos[0])?;
    let rest = b.get(place..).unwrap_or(b"");
    let part = &rest[..n.unwrap_or(usize::MAX).min(rest.len())];
    move_to(th, r, place + part.len())?;
    o::str::from_bytes(th, part)
}

/// The next line, at most `most` bytes of it.
fn next_line(th: &mut Thread, v: Value, most: Option<usize>) -> PyResult {
    let (r, b, place) = view(th, v)?;
    let rest = b.get(place..).unwrap_or(b"");
    let n = memchr::memchr(b'\n', rest).map_or(rest.len(), |p| p + 1);
    let n = n.min(most.unwrap_or(usize::MAX));
    move_to(th, r, place + n)?;
    o::str::from_bytes(th, &rest[..n])
}

fn readline(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = count(th, args.get(1))?;
    next_line(th, args.pos[0], n)
}

fn readlines(th: &mut Thread, args: Args<'_>) -> PyResult {
    let hint = count(th, args.get(1))?.unwrap_or(0);
    let out = th.m.root_vec();
    let mut total = 0;
    loop {
        let line = next_line(th, args.pos[0], None)?;
        let n = th.str_bytes(line).len();
        if n == 0 {
            break;
        }
        out.push(line.bits());
        total += n;
        if hint > 0 && total >= hint {
            break;
        }
    }
    th.new_list(ops::values(&out))
}

fn iterate(_: &mut Thread, v: Value) -> PyResult {
    Ok(v)
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let line = next_line(th, v, None)?;
    Ok(if th.str_bytes(line).is_empty() { None } else { Some(line) })
}

fn getvalue(th: &mut Thread, args: Args<'_>) -> PyResult {
    let to_place = match args.get(1) {
        Some(v) => ops::is_true(th, v)?,
        None => false,
    };
    let (_, b, place) = view(th, args.pos[0])?;
    o::str::from_bytes(th, if to_place { &b[..place.min(b.len())] } else { b })
}

fn isatty(th: &mut Thread, args: Args<'_>) -> PyResult {
    open(th, args.pos[0])?;
    Ok(Value::FALSE)
}

fn flush(th: &mut Thread, args: Args<'_>) -> PyResult {
    open(th, args.pos[0])?;
    Ok(Value::NONE)
}

fn tell(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (_, _, place) = view(th, args.pos[0])?;
    Ok(th.int(place as i64))
}

fn reset(th: &mut Thread, args: Args<'_>) -> PyResult {
    let r = open(th, args.pos[0])?;
    move_to(th, r, 0)?;
    Ok(Value::NONE)
}

fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    if let Some(r) = args.pos[0].cast::<PyRecord>() {
        let s = r.write(th)?;
        s.at(CLOSED).set(Some(Value::TRUE));
        s.at(CONTENTS).set(None);
    }
    Ok(Value::NONE)
}

fn closed(th: &mut Thread, v: Value) -> PyResult {
    match v.cast::<PyRecord>() {
        Some(r) => Ok(r.read(th)?.at(CLOSED).get().unwrap_or(Value::TRUE)),
        None => Ok(Value::TRUE),
    }
}

/// `seek(offset[, whence])`: the place it means, not below zero.
fn seek_place(th: &mut Thread, args: &Args<'_>) -> PyResult<(Ref<PyRecord>, usize)> {
    let offset = ops::integer_arg(th, args.pos[1])?;
    let whence = match args.get(2) {
        Some(w) => ops::int32_arg(th, w)?,
        None => 0,
    };
    let (r, b, place) = view(th, args.pos[0])?;
    let base = match whence {
        1 => place as i64,
        2 => b.len() as i64,
        _ => 0,
    };
    Ok((r, base.saturating_add(offset).max(0) as usize))
}

/// `truncate([size])`: the file, what it holds, and how much of that stays.
fn truncate_length<'a>(th: &mut Thread, args: &Args<'_>) -> PyResult<(Ref<PyRecord>, &'a [u8], usize)> {
    let size = match args.get(1) {
        Some(v) => Some(ops::integer_arg(th, v)?),
        None => None,
    };
    if size.is_some_and(|s| s < 0) {
        return Err(th.io_error(libc::EINVAL, None));
    }
    let (r, b, place) = view(th, args.pos[0])?;
    let n = size.map_or(place, |s| s as usize).min(b.len());
    Ok((r, b, n))
}
