//! The method and attribute tables of `file`, and the small methods.

use super::mode::Flags;
use super::state::{self, ENCODING, ERRORS, MODE, NAME, SOFTSPACE};
use super::{construct, finish, read, write};
use crate::layout::PyUnicode;
use crate::native::{Args, GetSetDef, MethodDef, VARIADIC, blocking_row as row};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

pub(super) static METHODS: &[MethodDef] = &[
    row(
        "read",
        read::read,
        0,
        1,
        "read([size]) -> at most size bytes, as a string: all of the file if size is negative or left out",
    ),
    row(
        "readline",
        read::readline,
        0,
        1,
        "readline([size]) -> the next line, as a string, with its end; '' at the end of the file",
    ),
    row(
        "readlines",
        read::readlines,
        0,
        1,
        "readlines([size]) -> list of the lines; size, if given, is about how many bytes to read",
    ),
    row(
        "readinto",
        read::readinto,
        0,
        1,
        "readinto(buffer) -> number of bytes read into the writable buffer",
    ),
    row(
        "write",
        write::write,
        0,
        1,
        "write(str) -> None. May be buffered: flush() or close() see to it that the file has it.",
    ),
    row(
        "writelines",
        write::writelines,
        1,
        1,
        "writelines(strings) -> None. Writes each string of the iterable.",
    ),
    row("flush", write::flush, 0, 0, "flush() -> None. Writes out the buffer."),
    row(
        "seek",
        construct::seek,
        0,
        2,
        "seek(offset[, whence]) -> None. Moves to a position: from the start (0), from here (1) or from the end (2).",
    ),
    row("tell", construct::tell, 0, 0, "tell() -> current position, an integer (may be a long)"),
    row(
        "truncate",
        construct::truncate,
        0,
        1,
        "truncate([size]) -> None. Cuts the file, or lengthens it; by default at the current position.",
    ),
    row(
        "close",
        finish::method,
        0,
        0,
        "close() -> None or exit status of the process behind a pipe. A closed file does no I/O; closing again is fine.",
    ),
    row("__exit__", finish::exit, 0, VARIADIC, "Closes the file."),
    MethodDef::new("__enter__", enter, 0, 0, 0, "The file itself."),
    MethodDef::new("fileno", fileno, 0, 0, 0, "fileno() -> descriptor of the file, an integer"),
    MethodDef::new("isatty", isatty, 0, 0, 0, "isatty() -> whether the file is a terminal"),
    MethodDef::new(
        "xreadlines",
        xreadlines,
        0,
        0,
        0,
        "xreadlines() -> the file itself, for old code: iterate over the file instead",
    ),
];

pub(super) static GETSET: &[GetSetDef] = &[
    GetSetDef { name: "closed", get: closed, set: None, doc: "True if the file is closed" },
    GetSetDef {
        name: "mode",
        get: |th, v| slot(th, v, MODE),
        set: Some(crate::native::read_only),
        doc: "Mode: 'r', 'U', 'w', 'a', perhaps with 'b' or '+'.",
    },
    GetSetDef {
        name: "name",
        get: |th, v| slot(th, v, NAME),
        set: Some(crate::native::read_only),
        doc: "file name",
    },
    GetSetDef {
        name: "encoding",
        get: |th, v| slot(th, v, ENCODING),
        set: Some(crate::native::read_only),
        doc: "Encoding in which unicode is printed.",
    },
    GetSetDef {
        name: "errors",
        get: |th, v| slot(th, v, ERRORS),
        set: Some(crate::native::read_only),
        doc: "What to do with characters the encoding lacks.",
    },
    GetSetDef { name: "newlines", get: newlines, set: None, doc: "Line ends seen (universal newlines)." },
    GetSetDef {
        name: "softspace",
        get: softspace,
        set: Some(set_softspace),
        doc: "Whether print is to write a blank first.",
    },
];

fn slot(th: &mut Thread, v: Value, i: usize) -> PyResult {
    let f = state::record(th, v)?;
    Ok(f.read(th)?.at(i).get().unwrap_or(Value::NONE))
}

fn closed(th: &mut Thread, v: Value) -> PyResult {
    let f = state::record(th, v)?;
    Ok(Value::from_bool(state::number(f.read(th)?, state::FD) < 0))
}

fn softspace(th: &mut Thread, v: Value) -> PyResult {
    slot(th, v, SOFTSPACE)
}

fn set_softspace(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let Some(x) = x else { return Err(th.type_error("can't delete softspace attribute")) };
    let n = ops::int32_arg(th, x)?;
    let f = state::record(th, v)?;
    state::set_number(f.write(th)?, SOFTSPACE, n as i64);
    Ok(())
}

fn newlines(th: &mut Thread, v: Value) -> PyResult {
    let f = state::record(th, v)?;
    let flags = state::flags(f.read(th)?);
    let seen: Vec<&[u8]> =
        [(Flags::SEEN_CR, &b"\r"[..]), (Flags::SEEN_LF, b"\n"), (Flags::SEEN_CRLF, b"\r\n")]
            .into_iter()
            .filter(|(bit, _)| flags.has(*bit))
            .map(|(_, s)| s)
            .collect();
    match seen[..] {
        [] => Ok(Value::NONE),
        [one] => th.try_str(one),
        [a, b] => {
            let items = [th.try_str(a)?, th.try_str(b)?];
            th.try_tuple(&items)
        }
        _ => {
            let items = [th.try_str(b"\r")?, th.try_str(b"\n")?, th.try_str(b"\r\n")?];
            th.try_tuple(&items)
        }
    }
}

pub(super) fn repr(th: &mut Thread, v: Value) -> PyResult {
    let f = state::record(th, v)?;
    let r = f.read(th)?;
    let state = if state::number(r, state::FD) < 0 { "closed" } else { "open" };
    let (name, mode) = (r.at(NAME).get().unwrap_or(Value::NONE), r.at(MODE).get().unwrap_or(Value::NONE));
    let mut out = format!("<{state} file ").into_bytes();
    if name.payload::<PyUnicode>().is_some() {
        let n = ops::repr(th, name)?;
        out.extend_from_slice(th.str_bytes(n));
    } else {
        let n = ops::repr(th, name)?;
        out.extend_from_slice(th.str_bytes(n));
    }
    out.extend_from_slice(b", mode '");
    out.extend_from_slice(th.str_bytes(mode));
    out.extend_from_slice(format!("' at {:#x}>", v.bits()).as_bytes());
    th.try_str(&out)
}

pub(super) fn iter(th: &mut Thread, v: Value) -> PyResult {
    let f = state::record(th, v)?;
    state::open_descriptor(th, f)?;
    Ok(v)
}

fn xreadlines(th: &mut Thread, args: Args<'_>) -> PyResult {
    iter(th, args.pos[0])
}

fn enter(th: &mut Thread, args: Args<'_>) -> PyResult {
    iter(th, args.pos[0])
}

fn fileno(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = state::record(th, args.pos[0])?;
    let fd = state::open_descriptor(th, f)?;
    Ok(th.int(fd as i64))
}

fn isatty(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = state::record(th, args.pos[0])?;
    let fd = state::open_descriptor(th, f)?;
    // SAFETY: plain system call.
    Ok(Value::from_bool(unsafe { libc::isatty(fd) } == 1))
}
