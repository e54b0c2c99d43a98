//! `fcntl`: control of descriptors, locks on files.

use crate::constants::{add_all, c_constants};
use crate::descriptors::{checked, descriptor};
use interpreter::layout::{PyStr, PyUnicode};
use interpreter::native::{Args, BLOCKS, MethodDef, ModuleDef};
use interpreter::objects::module;
use interpreter::raised::{PyResult, Raised};
use interpreter::{Thread, Value, buffer, ops};

/// `fcntl`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "fcntl",
    doc: Some("Control of descriptors and of locks on files."),
    functions: &[
        MethodDef::new("fcntl", fcntl, 2, 3, BLOCKS, "fcntl(fd, op, [arg])"),
        MethodDef::new("ioctl", ioctl, 2, 4, BLOCKS, "ioctl(fd, op[, arg[, mutate_flag]])"),
        MethodDef::new("flock", flock, 2, 2, BLOCKS, "flock(fd, operation)"),
        MethodDef::new("lockf", lockf, 2, 5, BLOCKS, "lockf(fd, operation, length=0, start=0, whence=0)"),
    ],
    types: &[],
    init: Some(init),
};

/// Requests of `ioctl` on streams.
const STREAMS: &[(&str, i64)] = &[
    ("I_NREAD", 21249),
    ("I_PUSH", 21250),
    ("I_POP", 21251),
    ("I_LOOK", 21252),
    ("I_FLUSH", 21253),
    ("I_SRDOPT", 21254),
    ("I_GRDOPT", 21255),
    ("I_STR", 21256),
    ("I_SETSIG", 21257),
    ("I_GETSIG", 21258),
    ("I_FIND", 21259),
    ("I_LINK", 21260),
    ("I_UNLINK", 21261),
    ("I_PEEK", 21263),
    ("I_FDINSERT", 21264),
    ("I_SENDFD", 21265),
    ("I_SWROPT", 21267),
    ("I_GWROPT", 21268),
    ("I_LIST", 21269),
    ("I_PLINK", 21270),
    ("I_PUNLINK", 21271),
    ("I_CKBAND", 21277),
    ("I_GETBAND", 21278),
    ("I_ATMARK", 21279),
    ("I_SETCLTIME", 21280),
    ("I_GETCLTIME", 21281),
    ("I_CANPUT", 21282),
];

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    add_all(
        th,
        m,
        c_constants![
            LOCK_SH LOCK_EX LOCK_NB LOCK_UN F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK F_SETLK F_SETLKW
            F_GETOWN F_SETOWN F_RDLCK F_WRLCK F_UNLCK FD_CLOEXEC;
            "LOCK_MAND" = 32,
            "LOCK_READ" = 64,
            "LOCK_WRITE" = 128,
            "LOCK_RW" = 192,
            "F_GETLK64" = i64::from(libc::F_GETLK),
            "F_SETLK64" = i64::from(libc::F_SETLK),
            "F_SETLKW64" = i64::from(libc::F_SETLKW),
            "F_GETSIG" = 11,
            "F_SETSIG" = 10,
            "F_EXLCK" = 4,
            "F_SHLCK" = 8,
            "FASYNC" = i64::from(libc::O_ASYNC),
            "F_SETLEASE" = 1024,
            "F_GETLEASE" = 1025,
            "F_NOTIFY" = 1026,
            "DN_ACCESS" = 1,
            "DN_MODIFY" = 2,
            "DN_CREATE" = 4,
            "DN_DELETE" = 8,
            "DN_RENAME" = 16,
            "DN_ATTRIB" = 32,
        ],
    )?;
    module::add_int(th, m, "DN_MULTISHOT", 0x8000_0000)?;
    add_all(th, m, STREAMS)
}

/// IOError for an errno; an interrupted call lets signal handlers run first.
fn failed(th: &mut Thread, e: i32) -> Raised {
    if e == libc::EINTR
        && let Err(r) = th.native_poll()
    {
        return r;
    }
    th.io_error(e, None)
}

/// The longest argument that is passed by copy.
const COPY: usize = 1024;

fn text<'a>(th: &mut Thread, v: Value) -> PyResult<Option<&'a [u8]>> {
    if let Some(s) = v.payload::<PyStr>() {
        return Ok(Some(s.get().bytes()));
    }
    if v.payload::<PyUnicode>().is_some() {
        let s = interpreter::objects::unicode::encode_default(th, v)?;
        return Ok(Some(th.str_bytes(s)));
    }
    Ok(None)
}

fn fcntl(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = descriptor(th, args.pos[0])?;
    let op = ops::int32_arg(th, args.pos[1])?;
    if let Some(v) = args.get(2)
        && let Some(b) = text(th, v)?
    {
        if b.len() > COPY {
            return Err(th.value_error("fcntl string arg too long"));
        }
        let mut data = [0u8; COPY];
        data[..b.len()].copy_from_slice(b);
        let len = b.len();
        let r = th.outside(move || {
            let mut data = data;
            // SAFETY: as much room as any operation of the kernel needs.
            checked(unsafe { libc::fcntl(fd, op, data.as_mut_ptr()) }).map(|_| data)
        })?;
        return match r {
            Ok(data) => th.try_str(&data[..len]),
            Err(e) => Err(failed(th, e)),
        };
    }
    let n = match args.get(2) {
        Some(v) => ops::integer_arg(th, v)?,
        None => 0,
    };
    // SAFETY: a number for an argument.
    match th.outside(move || checked(unsafe { libc::fcntl(fd, op, n as libc::c_long) }))? {
        Ok(n) => Ok(th.int(n)),
        Err(e) => Err(failed(th, e)),
    }
}

fn ioctl(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = descriptor(th, args.pos[0])?;
    // Operation codes use all 32 bits: both signs are accepted.
    let op = match ops::exact_integer(args.pos[1]) {
        Some(n) => match i64::try_from(&n) {
            Ok(n) => n as u32,
            Err(_) => return Err(th.overflow_error("Python int too large to convert to C long")),
        },
        None => ops::integer_arg(th, args.pos[1])? as u32,
    };
    let mutate = match args.get(3) {
        Some(v) => ops::is_true(th, v)?,
        None => true,
    };
    let Some(v) = args.get(2) else { return number(th, fd, op, 0) };
    let read_write = text(th, v)?.is_none()
        && match ops::slots_of(v).buffer {
            Some(get) => !get(th, v)?.readonly,
            None => false,
        };
    if read_write && mutate {
        let content = match ops::slots_of(v).buffer {
            Some(get) => get(th, v)?.bytes().to_vec(),
            None => Vec::new(),
        };
        let len = content.len();
        let (n, data) = exchange(th, fd, op, content)?;
        buffer::store(th, v, 0, &data[..len])?;
        return Ok(th.int(n));
    }
    let bytes = match text(th, v)? {
        Some(b) => Some(b.to_vec()),
        None if read_write => match ops::slots_of(v).buffer {
            Some(get) => Some(get(th, v)?.bytes().to_vec()),
            None => None,
        },
        None => None,
    };
    if let Some(b) = bytes {
        if b.len() > COPY {
            return Err(th.value_error("ioctl string arg too long"));
        }
        let len = b.len();
        let (_, data) = exchange(th, fd, op, b)?;
        return th.try_str(&data[..len]);
    }
    if ops::exact_integer(v).is_none() && ops::slots_of(v).int.is_none() {
        return Err(th.type_error("ioctl requires a file or file descriptor, an integer and optionally an integer or buffer argument"));
    }
    let n = ops::integer_arg(th, v)?;
    number(th, fd, op, n)
}

fn number(th: &mut Thread, fd: i32, op: u32, n: i64) -> PyResult {
    // SAFETY: a number for an argument.
    match th.outside(move || checked(unsafe { libc::ioctl(fd, op as libc::c_ulong, n as libc::c_int) }))? {
        Ok(n) => Ok(th.int(n)),
        Err(e) => Err(failed(th, e)),
    }
}

/// An operation that reads and writes memory: the result and what the memory holds afterwards.
fn exchange(th: &mut Thread, fd: i32, op: u32, mut data: Vec<u8>) -> PyResult<(i64, Vec<u8>)> {
    data.resize(data.len().max(COPY) + 1, 0);
    let r = th.outside(move || {
        let mut data = data;
        // SAFETY: as much room as any operation of the kernel needs.
        checked(unsafe { libc::ioctl(fd, op as libc::c_ulong, data.as_mut_ptr()) }).map(|n| (n, data))
    })?;
    r.map_err(|e| failed(th, e))
}

fn flock(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = descriptor(th, args.pos[0])?;
    let op = ops::int32_arg(th, args.pos[1])?;
    // SAFETY: plain system call.
    match th.outside(move || checked(unsafe { libc::flock(fd, op) }))? {
        Ok(_) => Ok(Value::NONE),
        Err(e) => Err(failed(th, e)),
    }
}

fn lockf(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = descriptor(th, args.pos[0])?;
    let op = ops::int32_arg(th, args.pos[1])?;
    let kind = match op & !libc::LOCK_NB {
        libc::LOCK_UN => libc::F_UNLCK,
        libc::LOCK_SH => libc::F_RDLCK,
        libc::LOCK_EX => libc::F_WRLCK,
        _ => return Err(th.value_error("unrecognized flock argument")),
    };
    let mut numbers = [0i64; 3];
    for (i, n) in numbers.iter_mut().enumerate() {
        if let Some(v) = args.get(i + 2) {
            *n = ops::integer_arg(th, v)?;
        }
    }
    let [len, start, whence] = numbers;
    let command = if op & libc::LOCK_NB != 0 { libc::F_SETLK } else { libc::F_SETLKW };
    let r = th.outside(move || {
        // SAFETY: a filled struct.
        unsafe {
            let mut l: libc::flock = std::mem::zeroed();
            l.l_type = kind as libc::c_short;
            l.l_len = len;
            l.l_start = start;
            l.l_whence = whence as libc::c_short;
            checked(libc::fcntl(fd, command, &l))
        }
    })?;
    match r {
        Ok(_) => Ok(Value::NONE),
        Err(e) => Err(failed(th, e)),
    }
}
