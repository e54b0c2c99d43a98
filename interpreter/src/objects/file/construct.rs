//! Opening files.

use super::FILE;
use super::job::errno;
use super::mode::{self, Flags};
use super::state::*;
use super::stream;
use crate::layout::{PyRecord, PyStr, PyUnicode, Ref};
use crate::native::Args;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::wrap_new;
use crate::value::Value;
use std::ffi::CString;

/// A file that is not open yet.
fn bare(th: &mut Thread) -> Ref<PyRecord> {
    let zero = Some(Value::int_unchecked(0));
    let mut slots = [zero; SLOTS];
    slots[FD] = Some(Value::int_unchecked(-1));
    slots[NAME] = Some(th.new_str(b"<uninitialized file>"));
    slots[MODE] = slots[NAME];
    slots[BUFFER] = None;
    slots[ENCODING] = Some(Value::NONE);
    slots[ERRORS] = Some(Value::NONE);
    let v = th.new_record(&FILE, &slots);
    th.m.register_finalizable(v.obj_unchecked());
    // SAFETY: just made as a record.
    unsafe { v.cast_unchecked() }
}

pub(super) fn new(th: &mut Thread, class: Value, _args: Args<'_>) -> PyResult {
    let f = bare(th);
    wrap_new(th, class, &FILE, f.value())
}

pub(super) fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let [name, mode, buffering] = args.bind(th, "file", ["name", "mode", "buffering"], 1)?;
    let f = record(th, v)?;
    let name = name.unwrap_or(Value::NONE);
    // The name is the first to be refused.
    crate::paths::c_path(th, name, "file", 1)?;
    let mode = match mode {
        None => th.new_str(b"r"),
        Some(m) if m.payload::<PyUnicode>().is_some() => super::super::unicode::encode_default(th, m)?,
        Some(m) if m.payload::<PyStr>().is_some() => m,
        Some(m) => {
            let n = if m.is_none() { String::from("None") } else { ops::type_name(m) };
            return Err(th.type_error(format!("file() argument 2 must be string, not {n}")));
        }
    };
    if th.str_bytes(mode).contains(&0) {
        return Err(th.type_error("file() argument 2 must be string without null bytes, not str"));
    }
    let buffering = match buffering {
        Some(b) => ops::int32_arg(th, b)?,
        None => -1,
    };
    open_into(th, f, name, mode, buffering)
}

/// `open(name, mode, buffering)` for natives.
pub fn open(th: &mut Thread, name: Value, mode: &[u8], buffering: i32) -> PyResult {
    let f = bare(th);
    let mode = th.new_str(mode);
    open_into(th, f, name, mode, buffering)?;
    Ok(f.value())
}

fn open_into(th: &mut Thread, f: Record, name: Value, mode: Value, buffering: i32) -> PyResult<()> {
    let path = crate::paths::c_path(th, name, "file", 1)?;
    let (flags, extra) = mode::parse(th, th.str_bytes(mode))?;
    if number(f.read(th)?, FD) >= 0 {
        // `__init__` again: the old file is closed.
        super::finish::close(th, f)?;
    }
    let how = flags.open_flags() | extra;
    let opened = th.outside(move || open_path(&path, how))?;
    let fd = match opened {
        Ok(fd) => fd,
        Err(e) => return Err(th.io_error(e, Some(name))),
    };
    fill(th, f, fd, name, mode, flags, buffering)
}

/// The descriptor, or an errno; directories are refused as `fopen` users expect.
fn open_path(path: &CString, how: i32) -> Result<i32, i32> {
    let fd = loop {
        // SAFETY: a terminated path.
        let fd = unsafe { libc::open(path.as_ptr(), how, 0o666) };
        if fd >= 0 {
            break fd;
        }
        let e = errno();
        if e != libc::EINTR || crate::signals::waiting() {
            return Err(e);
        }
    };
    if is_directory(fd) {
        // SAFETY: just opened here.
        unsafe { libc::close(fd) };
        return Err(libc::EISDIR);
    }
    if how & libc::O_APPEND != 0 {
        // SAFETY: plain system call; fails harmlessly on pipes.
        unsafe { libc::lseek(fd, 0, libc::SEEK_END) };
    }
    Ok(fd)
}

fn is_directory(fd: i32) -> bool {
    // SAFETY: a zeroed stat is valid, and the call fills it.
    unsafe {
        let mut st: libc::stat = std::mem::zeroed();
        libc::fstat(fd, &mut st) == 0 && st.st_mode & libc::S_IFMT == libc::S_IFDIR
    }
}

fn fill(
    th: &mut Thread,
    f: Record,
    fd: i32,
    name: Value,
    mode: Value,
    flags: Flags,
    buffering: i32,
) -> PyResult<()> {
    let (flags, size) = match buffering {
        0 => (flags.with(Flags::UNBUFFERED), 1),
        1 => (flags.with(Flags::BY_LINE), DEFAULT_SIZE),
        n if n > 1 => (flags, n as usize),
        // SAFETY: plain system call.
        _ if flags.has(Flags::WRITE) && unsafe { libc::isatty(fd) } == 1 => {
            (flags.with(Flags::BY_LINE), DEFAULT_SIZE)
        }
        _ => (flags, DEFAULT_SIZE),
    };
    let r = f.write(th)?;
    set_number(r, FD, fd as i64);
    r.at(NAME).set(Some(name));
    r.at(MODE).set(Some(mode));
    set_number(r, FLAGS, flags.0);
    set_number(r, START, 0);
    set_number(r, END, 0);
    set_number(r, SIZE, size as i64);
    set_number(r, SOFTSPACE, 0);
    r.at(BUFFER).set(None);
    r.at(ENCODING).set(Some(Value::NONE));
    r.at(ERRORS).set(Some(Value::NONE));
    set_number(r, CHILD, 0);
    Ok(())
}

/// How a file made of a descriptor behaves.
#[derive(Copy, Clone, Default)]
pub struct Extras {
    /// Closing the object leaves the descriptor open.
    pub keep_open: bool,
    /// Process to wait for at close.
    pub child: i32,
}

/// A file object for an open descriptor (`os.fdopen`, `popen`, the standard streams).
pub fn from_descriptor(
    th: &mut Thread,
    fd: i32,
    name: &[u8],
    mode: &[u8],
    buffering: i32,
    extras: Extras,
) -> PyResult {
    let (mut flags, _) = mode::parse(th, mode)?;
    if extras.keep_open {
        flags = flags.with(Flags::KEEP_OPEN);
    }
    let f = bare(th);
    let (name, mode) = (th.new_str(name), th.new_str(mode));
    fill(th, f, fd, name, mode, flags, buffering)?;
    set_number(f.write(th)?, CHILD, extras.child as i64);
    Ok(f.value())
}

/// Sets `encoding` and `errors` of a standard stream.
pub fn set_encoding(th: &mut Thread, v: Value, encoding: Value, errors: Value) -> PyResult<()> {
    let f = record(th, v)?;
    let r = f.write(th)?;
    r.at(ENCODING).set(Some(encoding));
    r.at(ERRORS).set(Some(errors));
    Ok(())
}

/// Moves the position; buffered bytes are written or dropped first.
pub(super) fn seek(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = record(th, args.pos[0])?;
    open_descriptor(th, f)?;
    let Some(offset) = args.get(1) else {
        return Err(th.type_error("seek() takes at least 1 argument (0 given)"));
    };
    let whence = match args.get(2) {
        Some(w) => ops::int32_arg(th, w)?,
        None => 0,
    };
    let offset = {
        let v = offset;
        if super::super::float::float_value(v).is_some() {
            ops::integer_arg(th, v)?
        } else {
            ops::index_i64(th, v, Some(&crate::objects::exceptions::OVERFLOW_ERROR))?
        }
    };
    // Buffered bytes leave first; a relative position counts from where Python is, not from what was read ahead.
    let fd = open_descriptor(th, f)?;
    stream::flush(th, f, &[])?;
    th.outside.replayable = false;
    let e = th.outside(move || {
        // SAFETY: plain system call.
        if unsafe { libc::lseek(fd, offset, whence) } < 0 { errno() } else { 0 }
    })?;
    let r = f.write(th)?;
    set_number(r, FLAGS, flags(r).without(Flags::SKIP_LF | Flags::ITERATING).0);
    if e != 0 { Err(th.io_error(e, None)) } else { Ok(Value::NONE) }
}

/// `file.tell()`.
pub(super) fn tell(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = record(th, args.pos[0])?;
    let fd = open_descriptor(th, f)?;
    // SAFETY: plain system call.
    let at = unsafe { libc::lseek(fd, 0, libc::SEEK_CUR) };
    if at < 0 {
        let e = errno();
        return Err(th.io_error(e, None));
    }
    let r = f.read(th)?;
    let fl = flags(r);
    let n = number(r, END) - number(r, START);
    let mut at = if fl.has(Flags::WRITING) { at + n } else { at - n };
    if fl.has(Flags::SKIP_LF) && buffered(r).first() == Some(&b'\n') {
        at += 1;
        let r = f.write(th)?;
        set_number(r, START, number(r, START) + 1);
        set_number(r, FLAGS, fl.without(Flags::SKIP_LF).with(Flags::SEEN_CRLF).0);
    }
    Ok(th.int(at))
}

/// `file.truncate([size])`: the position stays.
pub(super) fn truncate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = record(th, args.pos[0])?;
    let fd = open_descriptor(th, f)?;
    if !flags(f.read(th)?).has(Flags::WRITE) {
        return Err(th.io_error_text("File not open for writing"));
    }
    let size = match args.get(1) {
        Some(v) => Some(ops::integer_arg(th, v)?),
        None => None,
    };
    stream::flush(th, f, &[])?;
    th.outside.replayable = false;
    let e = th.outside(move || {
        // SAFETY: plain system calls.
        unsafe {
            let size = match size {
                Some(n) => n,
                None => match libc::lseek(fd, 0, libc::SEEK_CUR) {
                    n if n < 0 => return errno(),
                    n => n,
                },
            };
            if libc::ftruncate(fd, size) < 0 { errno() } else { 0 }
        }
    })?;
    if e != 0 { Err(th.io_error(e, None)) } else { Ok(Value::NONE) }
}
