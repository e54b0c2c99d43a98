//! `_IOBase`: what all streams have in common.

use super::arguments::{self, call};
use super::{names, state};
use interpreter::kinds::kind;
use interpreter::layout::PyStr;
use interpreter::native::{Args, BASETYPE, GetSetDef, HAS_DICT, MethodDef, TypeDef, VARIADIC, WEAKREFS};
use interpreter::objects::{exceptions as exc, instance, list};
use interpreter::ops;
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Slot, Thread, Value};

/// `_IOBase`.
pub static IO_BASE: TypeDef = TypeDef {
    module: "_io",
    doc: Some("The abstract base class for all I/O classes, acting on streams of bytes."),
    flags: BASETYPE | HAS_DICT | WEAKREFS,
    slots: SlotTable {
        new: Some(|th, class, _| state::allocate(th, class, 0, true)),
        init: Some(|_, _, _| Ok(())),
        del: Some(del),
        iter: Some(iter),
        next: Some(next),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new(
            "seek",
            |th, _| arguments::unsupported(th, "seek"),
            0,
            VARIADIC,
            0,
            "Change stream position.",
        ),
        MethodDef::new("tell", tell, 0, 0, 0, "Return current stream position."),
        MethodDef::new(
            "truncate",
            |th, _| arguments::unsupported(th, "truncate"),
            0,
            VARIADIC,
            0,
            "Truncate file to size bytes.",
        ),
        MethodDef::new("flush", flush, 0, 0, 0, "Flush write buffers, if applicable."),
        MethodDef::new("close", close, 0, 0, 0, "Flush and close the IO object."),
        MethodDef::new("seekable", no, 0, 0, 0, "Return whether object supports random access."),
        MethodDef::new("readable", no, 0, 0, 0, "Return whether object was opened for reading."),
        MethodDef::new("writable", no, 0, 0, 0, "Return whether object was opened for writing."),
        MethodDef::new(
            "_checkClosed",
            |th, a| check_closed(th, a.pos[0]).map(|()| Value::NONE),
            0,
            VARIADIC,
            0,
            "",
        ),
        MethodDef::new(
            "_checkSeekable",
            |th, a| check(th, a.pos[0], Ability::Seek).map(|()| Value::TRUE),
            0,
            VARIADIC,
            0,
            "",
        ),
        MethodDef::new(
            "_checkReadable",
            |th, a| check(th, a.pos[0], Ability::Read).map(|()| Value::TRUE),
            0,
            VARIADIC,
            0,
            "",
        ),
        MethodDef::new(
            "_checkWritable",
            |th, a| check(th, a.pos[0], Ability::Write).map(|()| Value::TRUE),
            0,
            VARIADIC,
            0,
            "",
        ),
        MethodDef::new(
            "fileno",
            |th, _| arguments::unsupported(th, "fileno"),
            0,
            VARIADIC,
            0,
            "Returns underlying file descriptor if one exists.",
        ),
        MethodDef::new("isatty", isatty, 0, 0, 0, "Return whether this is an 'interactive' stream."),
        MethodDef::new("__enter__", enter, 0, 0, 0, ""),
        MethodDef::new("__exit__", |th, a| call(th, a.pos[0], &names::close, &[]), 0, VARIADIC, 0, ""),
        MethodDef::new("readline", readline, 0, 1, 0, "Read and return a line from the stream."),
        MethodDef::new("readlines", readlines, 0, 1, 0, "Return a list of lines from the stream."),
        MethodDef::new("writelines", writelines, 1, 1, 0, ""),
    ],
    getset: &[GetSetDef {
        name: "closed",
        get: |th, v| own_closed(th, v).map(Value::from_bool),
        set: None,
        doc: "",
    }],
    ..TypeDef::new("_IOBase", kind::INSTANCE)
};

fn no(_: &mut Thread, _: Args<'_>) -> PyResult {
    Ok(Value::FALSE)
}

/// Whether `_IOBase.close` has closed the stream: the attribute it leaves.
fn own_closed(th: &mut Thread, v: Value) -> PyResult<bool> {
    let n = names::__IOBase_closed.get(th);
    Ok(instance::get_own_attribute(th, v, n)?.is_some())
}

/// Raises ValueError if the stream says that it is closed.
pub fn check_closed(th: &mut Thread, v: Value) -> PyResult<()> {
    if arguments::is_true(th, v, &names::closed)? {
        return Err(th.value_error("I/O operation on closed file."));
    }
    Ok(())
}

/// What a stream may be able to do.
#[derive(Copy, Clone)]
pub enum Ability {
    Seek,
    Read,
    Write,
}

/// Raises IOError if the stream does not say True when asked.
pub fn check(th: &mut Thread, v: Value, a: Ability) -> PyResult<()> {
    let (name, word) = match a {
        Ability::Seek => (&names::seekable, "seekable"),
        Ability::Read => (&names::readable, "readable"),
        Ability::Write => (&names::writable, "writable"),
    };
    if call(th, v, name, &[])? == Value::TRUE {
        return Ok(());
    }
    Err(th.io_error_text(format!("File or stream is not {word}.")))
}

fn tell(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (zero, one) = (th.int(0), th.int(1));
    call(th, args.pos[0], &names::seek, &[zero, one])
}

fn flush(th: &mut Thread, args: Args<'_>) -> PyResult {
    if own_closed(th, args.pos[0])? {
        return Err(th.value_error("I/O operation on closed file."));
    }
    Ok(Value::NONE)
}

/// `_IOBase.close`: flushes and remembers.
pub fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    if own_closed(th, v)? {
        return Ok(Value::NONE);
    }
    let flushed = match call(th, v, &names::flush, &[]) {
        Ok(_) => None,
        Err(e) => Some(e.catch(th)?),
    };
    let n = names::__IOBase_closed.get(th);
    instance::set_own_attribute(th, v, n, Some(Value::TRUE))?;
    match flushed {
        Some(c) => Err(th.reraise(c)),
        None => Ok(Value::NONE),
    }
}

/// A dying stream is closed; errors have nobody to go to.
fn del(th: &mut Thread, v: Value) -> PyResult<()> {
    let closed = match arguments::is_true(th, v, &names::closed) {
        Ok(c) => c,
        Err(e) => {
            e.catch(th)?;
            return Ok(());
        }
    };
    if !closed && let Err(e) = call(th, v, &names::close, &[]) {
        e.catch(th)?;
    }
    Ok(())
}

fn isatty(th: &mut Thread, args: Args<'_>) -> PyResult {
    check_closed(th, args.pos[0])?;
    Ok(Value::FALSE)
}

fn enter(th: &mut Thread, args: Args<'_>) -> PyResult {
    check_closed(th, args.pos[0])?;
    Ok(args.pos[0])
}

fn iter(th: &mut Thread, v: Value) -> PyResult {
    check_closed(th, v)?;
    Ok(v)
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let line = call(th, v, &names::readline, &[])?;
    if ops::len(th, line)? == 0 { Ok(None) } else { Ok(Some(line)) }
}

fn readline(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let limit = arguments::size(th, args.get(1))?;
    let n = names::peek.get(th);
    let has_peek = ops::getattr_opt(th, v, n)?.is_some();
    let mut out: Vec<u8> = Vec::new();
    while limit < 0 || (out.len() as i64) < limit {
        let mut ahead = 1;
        if has_peek {
            let one = th.int(1);
            let p = arguments::call_retrying(th, v, &names::peek, &[one])?;
            let p = arguments::expect_bytes(
                th,
                p,
                |n| format!("peek() should have returned a bytes object, not '{n}'"),
                true,
            )?;
            if !p.is_empty() {
                let max = if limit < 0 { p.len() } else { p.len().min((limit as usize) - out.len()) };
                ahead = p[..max].iter().position(|c| *c == b'\n').map_or(max, |i| i + 1);
            }
        }
        let ahead = th.int(ahead as i64);
        let b = arguments::call_retrying(th, v, &names::read, &[ahead])?;
        let b = arguments::expect_bytes(
            th,
            b,
            |n| format!("read() should have returned a bytes object, not '{n}'"),
            true,
        )?;
        if b.is_empty() {
            break;
        }
        out.extend_from_slice(b);
        if out.last() == Some(&b'\n') {
            break;
        }
    }
    th.try_str(&out)
}

fn readlines(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let hint = arguments::size(th, args.get(1))?;
    let out = th.new_list(&[])?;
    let it = ops::iter(th, v)?;
    let mut total = 0usize;
    while let Some(line) = ops::next(th, it)? {
        list::push(th, out, line)?;
        if hint > 0 {
            total += ops::len(th, line)?;
            if total as i64 > hint {
                break;
            }
        }
    }
    Ok(out)
}

fn writelines(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    check_closed(th, v)?;
    let it = ops::iter(th, args.pos[1])?;
    while let Some(line) = ops::next(th, it)? {
        arguments::call_retrying(th, v, &names::write, &[line])?;
    }
    Ok(Value::NONE)
}

/// The next line for iteration, checked to be bytes.
pub fn next_line(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let line = call(th, v, &names::readline, &[])?;
    match line.payload::<PyStr>() {
        Some(s) if s.len == 0 => Ok(None),
        Some(_) => Ok(Some(line)),
        None => {
            let n = ops::type_name(line);
            Err(th.raise_def(
                &exc::IO_ERROR,
                format!("readline() should have returned a str object, not '{n}'"),
            ))
        }
    }
}
