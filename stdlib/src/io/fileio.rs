//! `FileIO`: a descriptor of the operating system.

use super::kinds_of_stream::{RAW_IO_BASE, writable};
use super::state::{self, long};
use super::{arguments, base, descriptor, names};
use interpreter::kinds::kind;
use interpreter::layout::{PyByteArray, PyStr, PyUnicode};
use interpreter::native::{Args, BASETYPE, BLOCKS, GetSetDef, HAS_DICT, MethodDef, TypeDef};
use interpreter::objects::{float, unicode};
use interpreter::raised::Raised;
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Slot, Thread, Value, buffer, ops};

/// The descriptor, -1 when closed.
const FD: usize = 0;
/// [`READ`], [`WRITE`], ...
const FLAGS: usize = 1;
const SLOTS: usize = 2;

const READ: i64 = 1;
const WRITE: i64 = 2;
const APPEND: i64 = 4;
const CLOSE_FD: i64 = 8;

/// `FileIO`.
pub static FILE_IO: TypeDef = TypeDef {
    module: "_io",
    doc: Some(
        "file(name: str[, mode: str]) -> file IO object\n\nOpen a file.  The mode can be 'r', 'w' or 'a' for reading (default),\nwriting or appending.  Add a '+' to the mode to allow simultaneous reading and writing.",
    ),
    base: Some(&RAW_IO_BASE),
    flags: BASETYPE | HAS_DICT,
    slots: SlotTable { new: Some(new), init: Some(init), repr: Some(repr), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new("read", read, 0, 1, BLOCKS, "read at most size bytes, returned as bytes."),
        MethodDef::new(
            "readall",
            |th, a| readall(th, a.pos[0]),
            0,
            0,
            BLOCKS,
            "read all data from the file, returned as bytes.",
        ),
        MethodDef::new("readinto", readinto, 0, 1, BLOCKS, "Same as RawIOBase.readinto()."),
        MethodDef::new("write", write, 0, 1, BLOCKS, "write bytes b to file, return number written."),
        MethodDef::new("seek", seek, 0, 2, BLOCKS, "Move to new file position and return the file position."),
        MethodDef::new(
            "tell",
            |th, a| seek_to(th, a.pos[0], 0, libc::SEEK_CUR),
            0,
            0,
            BLOCKS,
            "Current file position.",
        ),
        MethodDef::new(
            "truncate",
            truncate,
            0,
            1,
            BLOCKS,
            "Truncate the file to at most size bytes and return the truncated size.",
        ),
        MethodDef::new("close", close, 0, 0, 0, "Close the file."),
        MethodDef::new("seekable", seekable, 0, 0, BLOCKS, "True if file supports random-access."),
        MethodDef::new(
            "readable",
            |th, a| able(th, a.pos[0], READ),
            0,
            0,
            0,
            "True if file was opened in a read mode.",
        ),
        MethodDef::new(
            "writable",
            |th, a| able(th, a.pos[0], WRITE),
            0,
            0,
            0,
            "True if file was opened in a write mode.",
        ),
        MethodDef::new("fileno", fileno, 0, 0, 0, "Return the underlying file descriptor."),
        MethodDef::new("isatty", isatty, 0, 0, 0, "True if the file is connected to a tty device."),
    ],
    getset: &[
        GetSetDef {
            name: "closed",
            get: |th, v| Ok(Value::from_bool(state::number(th, v, FD)? < 0)),
            set: None,
            doc: "True if the file is closed",
        },
        GetSetDef {
            name: "closefd",
            get: |th, v| Ok(Value::from_bool(state::number(th, v, FLAGS)? & CLOSE_FD != 0)),
            set: None,
            doc: "True if the file descriptor will be closed",
        },
        GetSetDef {
            name: "mode",
            get: |th, v| {
                let m = mode(th, v)?;
                th.unicode_str(m)
            },
            set: None,
            doc: "String giving the file mode",
        },
    ],
    ..TypeDef::new("FileIO", kind::INSTANCE)
};

fn new(th: &mut Thread, class: Value, _: Args<'_>) -> PyResult {
    let v = state::allocate(th, class, SLOTS, true)?;
    state::set_number(th, v, FD, -1)?;
    Ok(v)
}

/// The mode string's flags for the stream and for `open(2)`.
fn parse_mode(th: &mut Thread, mode: &[u8]) -> PyResult<(i64, i32)> {
    let (mut flags, mut how, mut kinds, mut plus) = (0, 0, 0, 0);
    for c in mode {
        match c {
            b'r' => {
                kinds += 1;
                flags |= READ;
            }
            b'w' => {
                kinds += 1;
                flags |= WRITE;
                how |= libc::O_CREAT | libc::O_TRUNC;
            }
            b'a' => {
                kinds += 1;
                flags |= WRITE | APPEND;
                how |= libc::O_CREAT | libc::O_APPEND;
            }
            b'b' => {}
            b'+' => plus += 1,
            _ => {
                let m = String::from_utf8_lossy(mode).into_owned();
                return Err(th.value_error(format!("invalid mode: {m}")));
            }
        }
    }
    if kinds != 1 || plus > 1 {
        return Err(th.value_error("Must have exactly one of read/write/append mode and at most one plus"));
    }
    if plus == 1 {
        flags |= READ | WRITE;
    }
    how |= match (flags & READ != 0, flags & WRITE != 0) {
        (true, true) => libc::O_RDWR,
        (true, false) => libc::O_RDONLY,
        _ => libc::O_WRONLY,
    };
    Ok((flags, how))
}

/// The bytes of a file name.
pub fn path_bytes(th: &mut Thread, v: Value) -> PyResult<Vec<u8>> {
    let b = if let Some(s) = v.payload::<PyStr>() {
        s.get().bytes().to_vec()
    } else if v.payload::<PyByteArray>().is_some() {
        buffer::of(th, v)?.bytes().to_vec()
    } else {
        if v.payload::<PyUnicode>().is_none() && ops::slots_of(v).buffer.is_none() {
            let n = if v.is_none() { "NoneType".into() } else { ops::type_name(v) };
            return Err(th.type_error(format!("coercing to Unicode: need string or buffer, {n} found")));
        }
        let u = unicode::from_object(th, v)?;
        let encoding = th.new_str(interpreter::paths::filesystem_encoding().as_bytes());
        let s = ops::call_method(th, u, &names::encode, &[encoding])?;
        match s.payload::<PyStr>() {
            Some(s) => s.get().bytes().to_vec(),
            None => return Err(th.type_error("encoder failed to return bytes")),
        }
    };
    if b.contains(&0) {
        return Err(th.type_error("embedded NUL character"));
    }
    Ok(b)
}

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    if state::number(th, v, FD)? >= 0 {
        close_descriptor(th, v)?;
    }
    let [file, mode, closefd] = args.bind(th, "fileio", ["file", "mode", "closefd"], 1)?;
    let file = file.unwrap_or(Value::NONE);
    let mode = match mode {
        None => b"r".to_vec(),
        Some(m) => match arguments::text_or_none(th, Some(m), "fileio", 2) {
            Ok(Some(m)) => m,
            Ok(None) => return Err(th.type_error("fileio() argument 2 must be string, not None")),
            Err(e) => return Err(e),
        },
    };
    let closefd = arguments::int(th, closefd, 1)? != 0;
    if float::float_value(file).is_some() {
        return Err(th.type_error("integer argument expected, got float"));
    }
    let given = ops::exact_integer(file);
    if given.as_ref().is_some_and(|n| n.sign() == num_bigint::Sign::Minus) {
        return Err(th.value_error("negative file descriptor"));
    }
    let path = if given.is_none() { Some(path_bytes(th, file)?) } else { None };
    let (flags, how) = parse_mode(th, &mode)?;
    let fd = match (given, path) {
        (Some(n), _) => {
            let Ok(fd) = i32::try_from(&n) else {
                return Err(th.overflow_error("Python int too large to convert to C int"));
            };
            if th.outside(move || descriptor::stat(fd).err())? == Some(libc::EBADF) {
                return Err(th.os_error(libc::EBADF, None));
            }
            if let Err(e) = th.outside(move || descriptor::refuse_directory(fd))? {
                return Err(th.io_error(e, Some(file)));
            }
            fd
        }
        (None, Some(path)) => {
            if !closefd {
                return Err(th.value_error("Cannot use closefd=False with file name"));
            }
            match th.outside(move || descriptor::open(&path, how))? {
                Ok(fd) => fd,
                Err(e) => return Err(th.io_error(e, Some(file))),
            }
        }
        (None, None) => return Err(th.system_error("no file name")),
    };
    state::set_number(th, v, FD, i64::from(fd))?;
    state::set_number(th, v, FLAGS, flags | if closefd { CLOSE_FD } else { 0 })?;
    let n = names::name.get(th);
    ops::setattr(th, v, n, Some(file))?;
    if flags & APPEND != 0
        && let Err(e) = th.outside(move || descriptor::seek(fd, 0, libc::SEEK_END))?
    {
        close_descriptor(th, v)?;
        return Err(th.io_error(e, None));
    }
    Ok(())
}

/// The descriptor and the flags of an open stream.
fn open_state(th: &mut Thread, v: Value) -> PyResult<(i32, i64)> {
    let (fd, flags) = (state::number(th, v, FD)?, state::number(th, v, FLAGS)?);
    if fd < 0 {
        return Err(closed_error(th));
    }
    Ok((fd as i32, flags))
}

fn closed_error(th: &mut Thread) -> Raised {
    th.value_error("I/O operation on closed file")
}

fn open_for(th: &mut Thread, v: Value, flag: i64) -> PyResult<i32> {
    let (fd, flags) = open_state(th, v)?;
    if flags & flag == 0 {
        let what = if flag == READ { "reading" } else { "writing" };
        return Err(th.value_error(format!("File not open for {what}")));
    }
    Ok(fd)
}

fn failed(th: &mut Thread, e: i32) -> PyResult {
    match e {
        // What would block is None, not an error.
        libc::EAGAIN => Ok(Value::NONE),
        libc::ENOMEM => Err(th.memory_error()),
        _ => Err(th.io_error(e, None)),
    }
}

fn read(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let fd = open_for(th, v, READ)?;
    let n = arguments::size(th, args.get(1))?;
    if n < 0 {
        return readall(th, v);
    }
    match th.outside(move || descriptor::read(fd, n as usize))? {
        Ok(b) => th.try_str(&b),
        Err(e) => failed(th, e),
    }
}

fn readall(th: &mut Thread, v: Value) -> PyResult {
    let fd = open_for(th, v, READ)?;
    let most = th.m.heap().room();
    let (b, e) = th.outside(move || descriptor::read_all(fd, most))?;
    if e != 0 && (b.is_empty() || e != libc::EAGAIN) {
        return failed(th, e);
    }
    th.try_str(&b)
}

fn readinto(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = open_for(th, args.pos[0], READ)?;
    if args.len() < 2 {
        return Err(th.type_error("function takes exactly 1 argument (0 given)"));
    }
    let room = writable(th, args.pos[1])?.len;
    match th.outside(move || descriptor::read(fd, room))? {
        Ok(b) => {
            let target = writable(th, args.pos[1])?;
            let n = b.len().min(target.len);
            target.write(th, 0, &b[..n])?;
            long(th, n as i64)
        }
        Err(e) => failed(th, e),
    }
}

/// One read for a buffered stream; none if it would block.
pub fn read_once(th: &mut Thread, v: Value, n: usize) -> PyResult<Option<Vec<u8>>> {
    loop {
        let fd = open_for(th, v, READ)?;
        match th.outside(move || descriptor::read(fd, n))? {
            Ok(b) => return Ok(Some(b)),
            Err(libc::EAGAIN) => return Ok(None),
            Err(libc::EINTR) => th.native_poll()?,
            Err(e) => return Err(th.io_error(e, None)),
        }
    }
}

fn write(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = open_for(th, args.pos[0], WRITE)?;
    let Some(b) = args.get(1) else {
        return Err(th.type_error("function takes exactly 1 argument (0 given)"));
    };
    let b = buffer::argument(th, b, "write", 1)?.bytes().to_vec();
    match th.outside(move || descriptor::write(fd, &b))? {
        Ok(n) => long(th, n as i64),
        Err(e) => failed(th, e),
    }
}

fn seek_to(th: &mut Thread, v: Value, at: i64, whence: i32) -> PyResult {
    let (fd, _) = open_state(th, v)?;
    match th.outside(move || descriptor::seek(fd, at, whence))? {
        Ok(n) => long(th, n),
        Err(e) => Err(th.io_error(e, None)),
    }
}

/// A position: no floats.
fn position(th: &mut Thread, v: Value) -> PyResult<i64> {
    if float::float_value(v).is_some() {
        return Err(th.type_error("an integer is required"));
    }
    ops::integer_arg(th, v)
}

fn seek(th: &mut Thread, args: Args<'_>) -> PyResult {
    open_state(th, args.pos[0])?;
    let Some(at) = args.get(1) else {
        return Err(th.type_error("seek() takes at least 1 argument (0 given)"));
    };
    let whence = arguments::int(th, args.get(2), 0)?;
    let at = position(th, at)?;
    seek_to(th, args.pos[0], at, whence as i32)
}

fn truncate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let fd = open_for(th, v, WRITE)?;
    let size = match args.get(1).filter(|s| !s.is_none()) {
        Some(s) => s,
        None => seek_to(th, v, 0, libc::SEEK_CUR)?,
    };
    let n = position(th, size)?;
    match th.outside(move || descriptor::truncate(fd, n))? {
        Ok(()) => Ok(size),
        Err(e) => Err(th.io_error(e, None)),
    }
}

fn close_descriptor(th: &mut Thread, v: Value) -> PyResult<()> {
    let (fd, flags) = (state::number(th, v, FD)?, state::number(th, v, FLAGS)?);
    if fd < 0 {
        return Ok(());
    }
    if flags & CLOSE_FD == 0 {
        return state::set_number(th, v, FD, -1);
    }
    let r = th.outside(move || descriptor::close(fd as i32))?;
    state::set_number(th, v, FD, -1)?;
    match r {
        Ok(()) => Ok(()),
        Err(e) => Err(th.io_error(e, None)),
    }
}

fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    // The base class flushes; its error is told once the descriptor is closed.
    let flushed = match base::close(th, args) {
        Ok(_) => None,
        Err(e) => Some(e.catch(th)?),
    };
    close_descriptor(th, args.pos[0])?;
    match flushed {
        Some(c) => Err(th.reraise(c)),
        None => Ok(Value::NONE),
    }
}

fn seekable(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (fd, _) = open_state(th, args.pos[0])?;
    let r = th.outside(move || descriptor::seek(fd, 0, libc::SEEK_CUR).is_ok())?;
    Ok(Value::from_bool(r))
}

fn able(th: &mut Thread, v: Value, flag: i64) -> PyResult {
    let (_, flags) = open_state(th, v)?;
    Ok(Value::from_bool(flags & flag != 0))
}

fn fileno(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (fd, _) = open_state(th, args.pos[0])?;
    Ok(th.int(i64::from(fd)))
}

fn isatty(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (fd, _) = open_state(th, args.pos[0])?;
    Ok(Value::from_bool(descriptor::is_terminal(fd)))
}

fn mode(th: &mut Thread, v: Value) -> PyResult<&'static str> {
    let f = state::number(th, v, FLAGS)?;
    Ok(match (f & READ != 0, f & WRITE != 0, f & APPEND != 0) {
        (true, true, true) => "ab+",
        (false, _, true) => "ab",
        (true, true, _) => "rb+",
        (true, false, _) => "rb",
        _ => "wb",
    })
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let fd = state::number(th, v, FD)?;
    if fd < 0 {
        return Ok(th.new_str(b"<_io.FileIO [closed]>"));
    }
    let m = mode(th, v)?;
    let n = names::name.get(th);
    let name: Slot = ops::getattr_opt(th, v, n)?;
    let middle = match name {
        Some(n) => format!("name={}", th.repr_text(n)?),
        None => format!("fd={fd}"),
    };
    th.try_str(format!("<_io.FileIO {middle} mode='{m}'>").as_bytes())
}

/// Where the file system likes buffers of another size: that size.
pub fn block_size(th: &mut Thread, v: Value) -> PyResult<i64> {
    let (fd, _) = open_state(th, v)?;
    let n = th.outside(move || descriptor::stat(fd).map_or(0, |s| s.st_blksize))?;
    Ok(n)
}

/// The exact type's fast paths may be used.
pub fn is_exact(v: Value) -> bool {
    v.is_obj() && interpreter::types::type_of(v).value() == FILE_IO.class()
}
