//! `StringIO`: a stream over text in memory.
//!
//! The text lies in a bytearray, four bytes a character.

use super::kinds_of_stream::TEXT_IO_BASE;
use super::newline::{self, LineEnds};
use super::state::{self, long};
use super::{arguments, bytesio, names};
use interpreter::kinds::kind;
use interpreter::layout::{PyTuple, PyUnicode};
use interpreter::native::{Args, BASETYPE, GetSetDef, HAS_DICT, MethodDef, TypeDef};
use interpreter::objects::{bytearray, exceptions as exc};
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Slot, Thread, Value, ops};

/// bytearray of code points.
const BUFFER: usize = 0;
/// In characters; may lie past the end.
const POS: usize = 1;
/// `__init__` has run.
const OK: usize = 2;
const CLOSED: usize = 3;
/// The newline argument, str or None.
const NEWLINE: usize = 4;
/// IncrementalNewlineDecoder or None.
const DECODER: usize = 5;
const SLOTS: usize = 6;

/// `StringIO`.
pub static STRING_IO: TypeDef = TypeDef {
    module: "_io",
    doc: Some("Text I/O implementation using an in-memory buffer."),
    base: Some(&TEXT_IO_BASE),
    flags: BASETYPE | HAS_DICT,
    slots: SlotTable {
        new: Some(|th, class, _| state::allocate(th, class, SLOTS, false)),
        init: Some(init),
        next: Some(next),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new("close", close, 0, 0, 0, "Close the IO object."),
        MethodDef::new("getvalue", getvalue, 0, 0, 0, "Retrieve the entire contents of the object."),
        MethodDef::new("read", read, 0, 1, 0, "Read at most n characters, returned as a string."),
        MethodDef::new("readline", readline, 0, 1, 0, "Read until newline or EOF."),
        MethodDef::new("tell", tell, 0, 0, 0, "Tell the current file position."),
        MethodDef::new("truncate", truncate, 0, 1, 0, "Truncate size to pos."),
        MethodDef::new("seek", seek, 1, 2, 0, "Change stream position."),
        MethodDef::new("write", write, 1, 1, 0, "Write string to file."),
        MethodDef::new("seekable", yes, 0, 0, 0, ""),
        MethodDef::new("readable", yes, 0, 0, 0, ""),
        MethodDef::new("writable", yes, 0, 0, 0, ""),
        MethodDef::new("__getstate__", getstate, 0, 0, 0, ""),
        MethodDef::new("__setstate__", setstate, 1, 1, 0, ""),
    ],
    getset: &[
        GetSetDef {
            name: "closed",
            get: |th, v| {
                initialized(th, v)?;
                state::is_set(th, v, CLOSED).map(Value::from_bool)
            },
            set: None,
            doc: "",
        },
        GetSetDef { name: "newlines", get: newlines, set: None, doc: "" },
        GetSetDef {
            name: "line_buffering",
            get: |th, v| open(th, v).map(|()| Value::FALSE),
            set: None,
            doc: "",
        },
    ],
    ..TypeDef::new("StringIO", kind::INSTANCE)
};

fn initialized(th: &mut Thread, v: Value) -> PyResult<()> {
    if !state::is_set(th, v, OK)? {
        return Err(th.value_error("I/O operation on uninitialized object"));
    }
    Ok(())
}

fn open(th: &mut Thread, v: Value) -> PyResult<()> {
    initialized(th, v)?;
    if state::is_set(th, v, CLOSED)? {
        return Err(th.value_error("I/O operation on closed file"));
    }
    Ok(())
}

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let [initial, nl] = args.bind(th, "__init__", ["initial_value", "newline"], 0)?;
    let nl = match nl {
        None => Some(b"\n".to_vec()),
        nl => arguments::text_or_none(th, nl, "__init__", 2)?,
    };
    start(th, v, initial, nl)
}

fn start(th: &mut Thread, v: Value, initial: Slot, nl: Option<Vec<u8>>) -> PyResult<()> {
    if !newline::is_legal(nl.as_deref()) {
        let n = String::from_utf8_lossy(nl.as_deref().unwrap_or_default()).into_owned();
        return Err(th.value_error(format!("illegal newline value: {n}")));
    }
    let initial = initial.filter(|i| !i.is_none());
    if let Some(i) = initial
        && !newline::is_unicode(initial)
    {
        let n = ops::type_name(i);
        return Err(th.type_error(format!("initial_value must be unicode or None, not {n}")));
    }
    state::set_flag(th, v, OK, false)?;
    let universal = nl.as_ref().is_none_or(Vec::is_empty);
    let decoder = if universal { newline::make(th, Value::NONE, nl.is_none())? } else { Value::NONE };
    let nl = nl.map(|n| th.intern(&n)).unwrap_or(Value::NONE);
    let empty = bytearray::new(th, &[])?;
    state::set(th, v, BUFFER, Some(empty))?;
    state::set(th, v, NEWLINE, Some(nl))?;
    state::set(th, v, DECODER, Some(decoder))?;
    state::set_number(th, v, POS, 0)?;
    if let Some(i) = initial {
        put(th, v, i)?;
        state::set_number(th, v, POS, 0)?;
    }
    state::set_flag(th, v, CLOSED, false)?;
    state::set_flag(th, v, OK, true)
}

/// Characters from `from` on, at most `n`.
fn characters(th: &mut Thread, v: Value, from: usize, n: usize) -> PyResult<Vec<u32>> {
    let b = state::bytes(th, v, BUFFER)?;
    let count = b.len() / 4;
    let from = from.min(count);
    let to = from.saturating_add(n).min(count);
    Ok(b[from * 4..to * 4].chunks_exact(4).map(|c| u32::from_ne_bytes([c[0], c[1], c[2], c[3]])).collect())
}

fn position(th: &mut Thread, v: Value) -> PyResult<usize> {
    Ok(state::number(th, v, POS)? as usize)
}

/// Puts text at the position, line ends translated; a gap is filled with zeros.
fn put(th: &mut Thread, v: Value, text: Value) -> PyResult<()> {
    let decoder = state::value(th, v, DECODER)?;
    let text = if decoder.is_none() { text } else { newline::decode(th, decoder, text, true)? };
    let mut s = newline::code_points(text);
    let nl = state::value(th, v, NEWLINE)?;
    let nl: &[u8] = th.str_bytes(nl);
    if nl.first() == Some(&b'\r') {
        s = s
            .into_iter()
            .flat_map(|c| if c == 10 { nl.iter().map(|b| u32::from(*b)).collect() } else { vec![c] })
            .collect();
    }
    put_raw(th, v, &s)
}

fn put_raw(th: &mut Thread, v: Value, s: &[u32]) -> PyResult<()> {
    if s.is_empty() {
        return Ok(());
    }
    let at = position(th, v)?;
    let Some(end) = at.checked_add(s.len()).filter(|n| *n <= isize::MAX as usize / 8) else {
        return Err(th.overflow_error("new position too large"));
    };
    let b = state::storage(th, v, BUFFER)?;
    let len = b.read(th)?.len.get();
    if at * 4 > len {
        let mut zeros: Vec<u8> = Vec::new();
        if zeros.try_reserve_exact(at * 4 - len).is_err() {
            return Err(th.memory_error());
        }
        zeros.resize(at * 4 - len, 0);
        bytearray::splice(th, b, len, 0, &zeros)?;
    }
    let bytes: Vec<u8> = s.iter().flat_map(|c| c.to_ne_bytes()).collect();
    let covered = bytes.len().min(len.saturating_sub(at * 4));
    bytearray::splice(th, b, at * 4, covered, &bytes)?;
    state::set_number(th, v, POS, end as i64)
}

fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    state::set_flag(th, v, CLOSED, true)?;
    let empty = bytearray::new(th, &[])?;
    state::set(th, v, BUFFER, Some(empty))?;
    Ok(Value::NONE)
}

fn yes(th: &mut Thread, args: Args<'_>) -> PyResult {
    open(th, args.pos[0])?;
    Ok(Value::TRUE)
}

fn getvalue(th: &mut Thread, args: Args<'_>) -> PyResult {
    open(th, args.pos[0])?;
    let s = characters(th, args.pos[0], 0, usize::MAX)?;
    th.unicode_from(&s)
}

fn read(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    open(th, v)?;
    let n = arguments::size(th, args.get(1))?;
    let at = position(th, v)?;
    let s = characters(th, v, at, if n < 0 { usize::MAX } else { n as usize })?;
    state::set_number(th, v, POS, (at + s.len()) as i64)?;
    th.unicode_from(&s)
}

fn line(th: &mut Thread, v: Value, limit: i64) -> PyResult {
    let at = position(th, v)?;
    let nl = state::value(th, v, NEWLINE)?;
    let ends = if nl.is_none() {
        LineEnds::Translated
    } else {
        match th.str_bytes(nl) {
            b"" => LineEnds::Universal,
            b => LineEnds::Exactly(b.to_vec()),
        }
    };
    // Most lines are short: look at growing pieces.
    let mut window = 256usize;
    let (mut s, n) = loop {
        let s = characters(th, v, at, window)?;
        let whole = s.len() < window;
        match ends.find(&s) {
            // At the edge of the piece CR may turn out to be CRLF.
            Ok(n) if n < s.len() || whole => break (s, n),
            Err(_) if whole => {
                let n = s.len();
                break (s, n);
            }
            _ if limit >= 0 && window > limit as usize => {
                let n = ends.find(&s).unwrap_or(s.len());
                break (s, n);
            }
            _ => window = window.saturating_mul(4),
        }
    };
    s.truncate(if limit >= 0 { n.min(limit as usize) } else { n });
    state::set_number(th, v, POS, (at + s.len()) as i64)?;
    th.unicode_from(&s)
}

fn readline(th: &mut Thread, args: Args<'_>) -> PyResult {
    open(th, args.pos[0])?;
    let limit = arguments::size(th, args.get(1))?;
    line(th, args.pos[0], limit)
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    open(th, v)?;
    let exact = interpreter::types::type_of(v).value() == STRING_IO.class();
    let l = if exact { line(th, v, -1)? } else { arguments::call(th, v, &names::readline, &[])? };
    match l.payload::<PyUnicode>() {
        Some(u) if u.len == 0 => Ok(None),
        Some(_) => Ok(Some(l)),
        None => {
            let n = ops::type_name(l);
            Err(th.raise_def(
                &exc::IO_ERROR,
                format!("readline() should have returned an str object, not '{n}'"),
            ))
        }
    }
}

fn tell(th: &mut Thread, args: Args<'_>) -> PyResult {
    open(th, args.pos[0])?;
    let n = state::number(th, args.pos[0], POS)?;
    long(th, n)
}

fn truncate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    open(th, v)?;
    let size = match args.get(1).filter(|s| !s.is_none()) {
        Some(s) => {
            let n = arguments::size(th, Some(s))?;
            if n < 0 {
                return Err(th.value_error(format!("Negative size value {n}")));
            }
            n
        }
        None => state::number(th, v, POS)?,
    };
    let b = state::storage(th, v, BUFFER)?;
    let len = b.read(th)?.len.get();
    let keep = (size as usize).saturating_mul(4);
    if keep < len {
        bytearray::splice(th, b, keep, len - keep, &[])?;
    }
    long(th, size)
}

fn seek(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    open(th, v)?;
    let to = ops::index_i64(th, args.pos[1], Some(&exc::OVERFLOW_ERROR))?;
    let whence = arguments::int(th, args.get(2), 0)?;
    let to = match whence {
        0 if to < 0 => return Err(th.value_error(format!("Negative seek position {to}"))),
        0 => to.min(1 << 61),
        1 | 2 if to != 0 => return Err(th.io_error_text("Can't do nonzero cur-relative seeks")),
        1 => state::number(th, v, POS)?,
        2 => state::bytes(th, v, BUFFER)?.len() as i64 / 4,
        _ => return Err(th.value_error(format!("Invalid whence ({whence}, should be 0, 1 or 2)"))),
    };
    state::set_number(th, v, POS, to)?;
    long(th, to)
}

fn write(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (v, text) = (args.pos[0], args.pos[1]);
    initialized(th, v)?;
    let Some(u) = text.payload::<PyUnicode>() else {
        let n = ops::type_name(text);
        return Err(th.type_error(format!("unicode argument expected, got '{n}'")));
    };
    open(th, v)?;
    put(th, v, text)?;
    long(th, u.len as i64)
}

fn newlines(th: &mut Thread, v: Value) -> PyResult {
    open(th, v)?;
    let d = state::value(th, v, DECODER)?;
    if d.is_none() { Ok(d) } else { newline::newlines(th, d) }
}

fn getstate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let value = getvalue(th, args)?;
    let (nl, at) = (state::value(th, v, NEWLINE)?, state::number(th, v, POS)?);
    let (at, d) = (th.int(at), bytesio::attributes(th, v)?);
    th.try_tuple(&[value, nl, at, d])
}

fn setstate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (v, s) = (args.pos[0], args.pos[1]);
    if state::is_set(th, v, CLOSED)? {
        return Err(th.value_error("I/O operation on closed file"));
    }
    let Some(t) = s.payload::<PyTuple>().filter(|t| t.len >= 4) else {
        let n = ops::type_name(s);
        return Err(th.type_error(format!("_io.StringIO.__setstate__ argument should be 4-tuple, got {n}")));
    };
    let items = t.get().items();
    let nl = arguments::text_or_none(th, Some(items[1]), "__init__", 2)?;
    start(th, v, Some(items[0]), nl)?;
    // The text was translated when it was written; it is taken as it is.
    let empty = bytearray::new(th, &[])?;
    state::set(th, v, BUFFER, Some(empty))?;
    state::set_number(th, v, POS, 0)?;
    put_raw(th, v, &newline::code_points(items[0]))?;
    let at = match ops::exact_integer(items[2]) {
        Some(n) => i64::try_from(&n).unwrap_or(i64::MAX),
        None => {
            let n = ops::type_name(items[2]);
            return Err(th.type_error(format!("third item of state must be an integer, got {n}")));
        }
    };
    if at < 0 {
        return Err(th.value_error("position value cannot be negative"));
    }
    state::set_number(th, v, POS, at.min(1 << 61))?;
    bytesio::restore_attributes(th, v, items[3], "fourth")?;
    Ok(Value::NONE)
}
