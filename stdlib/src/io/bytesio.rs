//! `BytesIO`: a stream over bytes in memory.

use super::arguments;
use super::kinds_of_stream::{BUFFERED_IO_BASE, writable};
use super::state::{self, long};
use interpreter::kinds::kind;
use interpreter::layout::{PyTuple, PyUnicode};
use interpreter::native::{Args, BASETYPE, GetSetDef, HAS_DICT, MethodDef, TypeDef};
use interpreter::objects::{bytearray, dict, instance, list};
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Slot, Thread, Value, buffer, ops};

/// bytearray; none when closed.
const BUFFER: usize = 0;
/// May lie past the end.
const POS: usize = 1;
const SLOTS: usize = 2;

/// `BytesIO`.
pub static BYTES_IO: TypeDef = TypeDef {
    module: "_io",
    doc: Some(
        "BytesIO([buffer]) -> object\n\nCreate a buffered I/O implementation using an in-memory bytes\nbuffer, ready for reading and writing.",
    ),
    base: Some(&BUFFERED_IO_BASE),
    flags: BASETYPE | HAS_DICT,
    slots: SlotTable {
        new: Some(new),
        init: Some(init),
        iter: Some(iter),
        next: Some(next),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new("readable", yes, 0, 0, 0, "Returns True if the IO object can be read."),
        MethodDef::new("writable", yes, 0, 0, 0, "Returns True if the IO object can be written."),
        MethodDef::new("seekable", yes, 0, 0, 0, "Returns True if the IO object can be seeked."),
        MethodDef::new(
            "isatty",
            |th, a| open(th, a.pos[0]).map(|()| Value::FALSE),
            0,
            0,
            0,
            "Always returns False.",
        ),
        MethodDef::new("flush", |th, a| open(th, a.pos[0]).map(|()| Value::NONE), 0, 0, 0, "Does nothing."),
        MethodDef::new("close", close, 0, 0, 0, "Disable all I/O operations."),
        MethodDef::new("read", read, 0, 1, 0, "Read at most size bytes, returned as a bytes object."),
        MethodDef::new("read1", read1, 1, 1, 0, "Read at most size bytes, returned as a bytes object."),
        MethodDef::new("readinto", readinto, 1, 1, 0, "Read bytes into buffer."),
        MethodDef::new("readline", readline, 0, 1, 0, "Next line from the file, as a bytes object."),
        MethodDef::new("readlines", readlines, 0, 1, 0, "List of bytes objects, each a line from the file."),
        MethodDef::new("write", write, 1, 1, 0, "Write bytes to file."),
        MethodDef::new("writelines", writelines, 1, 1, 0, "Write bytes objects to the file."),
        MethodDef::new("tell", tell, 0, 0, 0, "Current file position, an integer."),
        MethodDef::new("seek", seek, 1, 2, 0, "Change stream position."),
        MethodDef::new("truncate", truncate, 0, 1, 0, "Truncate the file to at most size bytes."),
        MethodDef::new("getvalue", getvalue, 0, 0, 0, "Retrieve the entire contents of the BytesIO object."),
        MethodDef::new("__getstate__", getstate, 0, 0, 0, ""),
        MethodDef::new("__setstate__", setstate, 1, 1, 0, ""),
        MethodDef::new("__sizeof__", sizeof, 0, 0, 0, ""),
    ],
    getset: &[GetSetDef {
        name: "closed",
        get: |th, v| Ok(Value::from_bool(state::get(th, v, BUFFER)?.is_none())),
        set: None,
        doc: "True if the file is closed.",
    }],
    ..TypeDef::new("BytesIO", kind::INSTANCE)
};

fn new(th: &mut Thread, class: Value, _: Args<'_>) -> PyResult {
    let v = state::allocate(th, class, SLOTS, false)?;
    reset(th, v, &[])?;
    Ok(v)
}

fn reset(th: &mut Thread, v: Value, b: &[u8]) -> PyResult<()> {
    let b = bytearray::new(th, b)?;
    state::set(th, v, BUFFER, Some(b))?;
    state::set_number(th, v, POS, 0)
}

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let [initial] = args.bind(th, "BytesIO", ["initial_bytes"], 0)?;
    match initial.filter(|i| !i.is_none()) {
        Some(i) => {
            let b = exported(th, i)?;
            reset(th, v, &b)
        }
        None => reset(th, v, &[]),
    }
}

/// The bytes of an exporter; text is none.
fn exported(th: &mut Thread, v: Value) -> PyResult<Vec<u8>> {
    if v.payload::<PyUnicode>().is_some() {
        return Err(th.type_error("'unicode' does not have the buffer interface"));
    }
    Ok(buffer::of(th, v)?.bytes().to_vec())
}

fn open(th: &mut Thread, v: Value) -> PyResult<()> {
    if state::get(th, v, BUFFER)?.is_none() {
        return Err(th.value_error("I/O operation on closed file."));
    }
    Ok(())
}

fn yes(th: &mut Thread, args: Args<'_>) -> PyResult {
    open(th, args.pos[0])?;
    Ok(Value::TRUE)
}

fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    state::set(th, args.pos[0], BUFFER, None)?;
    Ok(Value::NONE)
}

/// The bytes from the position on.
fn rest<'a>(th: &mut Thread, v: Value) -> PyResult<&'a [u8]> {
    open(th, v)?;
    let b = state::bytes(th, v, BUFFER)?;
    let at = state::number(th, v, POS)? as usize;
    Ok(b.get(at..).unwrap_or(&[]))
}

/// Takes so many bytes (which are there) as a str.
fn take(th: &mut Thread, v: Value, n: usize) -> PyResult {
    let b = rest(th, v)?;
    let s = th.try_str(&b[..n.min(b.len())])?;
    let at = state::number(th, v, POS)?;
    state::set_number(th, v, POS, at + n as i64)?;
    Ok(s)
}

fn read(th: &mut Thread, args: Args<'_>) -> PyResult {
    open(th, args.pos[0])?;
    let n = arguments::size(th, args.get(1))?;
    let left = rest(th, args.pos[0])?.len();
    take(th, args.pos[0], if n < 0 { left } else { left.min(n as usize) })
}

fn read1(th: &mut Thread, args: Args<'_>) -> PyResult {
    read(th, args)
}

fn readinto(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    open(th, v)?;
    let target = writable(th, args.pos[1])?;
    let b = rest(th, v)?;
    let n = b.len().min(target.len);
    // The target may be memory that moves with our own: copy first.
    let b = b[..n].to_vec();
    target.write(th, 0, &b)?;
    let at = state::number(th, v, POS)?;
    state::set_number(th, v, POS, at + n as i64)?;
    long(th, n as i64)
}

/// Length of the line at the position.
fn line_length(th: &mut Thread, v: Value) -> PyResult<usize> {
    let b = rest(th, v)?;
    Ok(b.iter().position(|c| *c == b'\n').map_or(b.len(), |i| i + 1))
}

fn readline(th: &mut Thread, args: Args<'_>) -> PyResult {
    open(th, args.pos[0])?;
    let limit = arguments::size(th, args.get(1))?;
    let n = line_length(th, args.pos[0])?;
    take(th, args.pos[0], if limit < 0 { n } else { n.min(limit as usize) })
}

fn readlines(th: &mut Thread, args: Args<'_>) -> PyResult {
    open(th, args.pos[0])?;
    let hint = arguments::size(th, args.get(1))?;
    let out = th.new_list(&[])?;
    let mut total = 0;
    loop {
        let n = line_length(th, args.pos[0])?;
        if n == 0 {
            return Ok(out);
        }
        let line = take(th, args.pos[0], n)?;
        list::push(th, out, line)?;
        total += n as i64;
        if hint > 0 && total >= hint {
            return Ok(out);
        }
    }
}

fn iter(th: &mut Thread, v: Value) -> PyResult {
    open(th, v)?;
    Ok(v)
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    match line_length(th, v)? {
        0 => Ok(None),
        n => take(th, v, n).map(Some),
    }
}

/// Puts bytes at the position; a gap is filled with zeros.
fn put(th: &mut Thread, v: Value, b: &[u8]) -> PyResult<()> {
    if b.is_empty() {
        return Ok(());
    }
    let at = state::number(th, v, POS)? as usize;
    let s = state::storage(th, v, BUFFER)?;
    let len = s.read(th)?.len.get();
    if at.checked_add(b.len()).is_none_or(|n| n > isize::MAX as usize) {
        return Err(th.overflow_error("new buffer size too large"));
    }
    if at > len {
        let mut zeros: Vec<u8> = Vec::new();
        if zeros.try_reserve_exact(at - len).is_err() {
            return Err(th.memory_error());
        }
        zeros.resize(at - len, 0);
        bytearray::splice(th, s, len, 0, &zeros)?;
    }
    let covered = b.len().min(len.saturating_sub(at));
    bytearray::splice(th, s, at, covered, b)?;
    state::set_number(th, v, POS, (at + b.len()) as i64)
}

fn write(th: &mut Thread, args: Args<'_>) -> PyResult {
    open(th, args.pos[0])?;
    let b = exported(th, args.pos[1])?;
    open(th, args.pos[0])?;
    put(th, args.pos[0], &b)?;
    long(th, b.len() as i64)
}

fn writelines(th: &mut Thread, args: Args<'_>) -> PyResult {
    open(th, args.pos[0])?;
    let it = ops::iter(th, args.pos[1])?;
    while let Some(line) = ops::next(th, it)? {
        let b = exported(th, line)?;
        open(th, args.pos[0])?;
        put(th, args.pos[0], &b)?;
    }
    Ok(Value::NONE)
}

fn tell(th: &mut Thread, args: Args<'_>) -> PyResult {
    open(th, args.pos[0])?;
    let n = state::number(th, args.pos[0], POS)?;
    long(th, n)
}

fn seek(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let to = ops::index_i64(th, args.pos[1], Some(&interpreter::objects::exceptions::OVERFLOW_ERROR))?;
    let whence = arguments::int(th, args.get(2), 0)?;
    open(th, v)?;
    if to < 0 && whence == 0 {
        return Err(th.value_error(format!("negative seek value {to}")));
    }
    let base = match whence {
        0 => 0,
        1 => state::number(th, v, POS)?,
        2 => state::bytes(th, v, BUFFER)?.len() as i64,
        _ => return Err(th.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
    };
    let Some(to) = base.checked_add(to).filter(|n| *n <= 1 << 61) else {
        return Err(th.overflow_error("new position too large"));
    };
    let to = to.max(0);
    state::set_number(th, v, POS, to)?;
    long(th, to)
}

fn truncate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    open(th, v)?;
    let size = match args.get(1).filter(|s| !s.is_none()) {
        Some(s) => {
            let n = arguments::size(th, Some(s))?;
            if n < 0 {
                return Err(th.value_error(format!("negative size value {n}")));
            }
            n
        }
        None => state::number(th, v, POS)?,
    };
    let s = state::storage(th, v, BUFFER)?;
    let len = s.read(th)?.len.get();
    if (size as usize) < len {
        bytearray::splice(th, s, size as usize, len - size as usize, &[])?;
    }
    long(th, size)
}

fn getvalue(th: &mut Thread, args: Args<'_>) -> PyResult {
    open(th, args.pos[0])?;
    let b = state::bytes(th, args.pos[0], BUFFER)?;
    th.try_str(b)
}

/// A copy of the instance's attributes, or None.
pub fn attributes(th: &mut Thread, v: Value) -> PyResult {
    let d = instance::dict_of(th, v)?;
    if ops::len(th, d)? == 0 {
        return Ok(Value::NONE);
    }
    dict::copy_plain(th, d)
}

/// Adds the attributes of a pickle.
pub fn restore_attributes(th: &mut Thread, v: Value, d: Value, which: &str) -> PyResult<()> {
    if d.is_none() {
        return Ok(());
    }
    if !dict::is_dict(d) {
        let n = ops::type_name(d);
        return Err(th.type_error(format!("{which} item of state should be a dict, got a {n}")));
    }
    let own = instance::dict_of(th, v)?;
    ops::call_method(th, own, &interpreter::names::update, &[d])?;
    Ok(())
}

fn getstate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let value = getvalue(th, args)?;
    let at = state::number(th, v, POS)?;
    let (at, d) = (th.int(at), attributes(th, v)?);
    th.try_tuple(&[value, at, d])
}

fn setstate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (v, s) = (args.pos[0], args.pos[1]);
    open(th, v)?;
    let Some(t) = s.payload::<PyTuple>().filter(|t| t.len >= 3) else {
        let n = ops::type_name(s);
        return Err(th.type_error(format!("_io.BytesIO.__setstate__ argument should be 3-tuple, got {n}")));
    };
    let items = t.get().items();
    let b = exported(th, items[0])?;
    reset(th, v, &b)?;
    let at = match ops::exact_integer(items[1]) {
        Some(n) => i64::try_from(&n).unwrap_or(i64::MAX),
        None => {
            let n = ops::type_name(items[1]);
            return Err(th.type_error(format!("second item of state must be an integer, not {n}")));
        }
    };
    if at < 0 {
        return Err(th.value_error("position value cannot be negative"));
    }
    state::set_number(th, v, POS, at.min(1 << 61))?;
    restore_attributes(th, v, items[2], "third")?;
    Ok(Value::NONE)
}

fn sizeof(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = match state::get(th, args.pos[0], BUFFER)? {
        Some(_) => state::bytes(th, args.pos[0], BUFFER)?.len(),
        None => 0,
    };
    Ok(th.int(n as i64 + 96))
}
