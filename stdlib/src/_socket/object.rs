//! `_socket.socket`: the record of a socket, how one is made, and how it is closed.

use super::errors::{failed, raise};
use super::wait::Failure;
use super::{connect, options, transfer};
use crate::descriptors::{checked, close_at_commit, errno};
use interpreter::kinds::kind;
use interpreter::layout::{PyRecord, Ref};
use interpreter::native::{
    Args, BASETYPE, BLOCKS, GetSetDef, KEYWORDS, MethodDef, TypeDef, WEAKREFS, blocking_row as row,
};
use interpreter::objects::float::float_value;
use interpreter::raised::PyResult;
use interpreter::types::slots::SlotTable;
use interpreter::types::{is_instance_of, wrap_new};
use interpreter::{Slot, Thread, Value, ops};
use std::sync::atomic::{AtomicU64, Ordering};

/// Descriptor, -1 before it is opened and once it is closed.
const FD: usize = 0;
const FAMILY: usize = 1;
const KIND: usize = 2;
const PROTOCOL: usize = 3;
/// Seconds as a float; negative: wait without end, 0: never.
const TIMEOUT: usize = 4;
/// How many owners share it, see [`super::owners`].
const OWNERS: usize = 5;

/// `_socket.socket`.
pub(super) static SOCKET: TypeDef = TypeDef {
    module: "_socket",
    flags: BASETYPE | WEAKREFS,
    doc: Some(
        "socket([family[, type[, proto]]]) -> socket object\n\nOne end of a connection over the network. The family is an AF_ constant (AF_INET unless given), the type a SOCK_\nconstant (SOCK_STREAM unless given), the protocol 0 unless there is a choice.",
    ),
    slots: SlotTable {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        del: Some(del),
        ..SlotTable::EMPTY
    },
    methods: &[
        row(
            "accept",
            connect::accept,
            0,
            0,
            "accept() -> (socket object, address info)\n\nWaits for a connection and accepts it.",
        ),
        row("bind", connect::bind, 1, 1, "bind(address)\n\nGives the socket a local address."),
        row("close", close, 0, 0, "close()\n\nCloses the socket; it cannot be used any more."),
        row(
            "connect",
            connect::connect,
            1,
            1,
            "connect(address)\n\nConnects the socket to a remote address.",
        ),
        row(
            "connect_ex",
            connect::connect_ex,
            1,
            1,
            "connect_ex(address) -> errno\n\nAs connect, but gives an error number instead of raising.",
        ),
        row("dup", dup, 0, 0, "dup() -> socket object\n\nA socket for a copy of the descriptor."),
        row("fileno", fileno, 0, 0, "fileno() -> integer\n\nThe socket's descriptor."),
        row("getpeername", connect::getpeername, 0, 0, "getpeername() -> address info"),
        row("getsockname", connect::getsockname, 0, 0, "getsockname() -> address info"),
        row(
            "getsockopt",
            options::getsockopt,
            2,
            3,
            "getsockopt(level, option[, buffersize]) -> value\n\nAn option as an integer, or as a string if a buffer size is given.",
        ),
        row(
            "gettimeout",
            options::gettimeout,
            0,
            0,
            "gettimeout() -> timeout\n\nSeconds as a float, or None.",
        ),
        row("listen", connect::listen, 1, 1, "listen(backlog)\n\nLets the socket accept connections."),
        row("makefile", connect::makefile, 0, 2, "makefile([mode[, buffersize]]) -> file object"),
        row(
            "recv",
            transfer::recv,
            1,
            2,
            "recv(buffersize[, flags]) -> data\n\nWaits for data; empty at the end.",
        ),
        MethodDef::new(
            "recv_into",
            transfer::recv_into,
            0,
            3,
            BLOCKS | KEYWORDS,
            "recv_into(buffer, [nbytes[, flags]]) -> nbytes_read\n\nAs recv, into a buffer.",
        ),
        row("recvfrom", transfer::recvfrom, 1, 2, "recvfrom(buffersize[, flags]) -> (data, address info)"),
        MethodDef::new(
            "recvfrom_into",
            transfer::recvfrom_into,
            0,
            3,
            BLOCKS | KEYWORDS,
            "recvfrom_into(buffer[, nbytes[, flags]]) -> (nbytes, address info)",
        ),
        row(
            "send",
            transfer::send,
            1,
            2,
            "send(data[, flags]) -> count\n\nSends data, perhaps not all of it.",
        ),
        row("sendall", transfer::sendall, 1, 2, "sendall(data[, flags])\n\nSends all data."),
        row(
            "sendto",
            transfer::sendto,
            0,
            interpreter::native::VARIADIC,
            "sendto(data[, flags], address) -> count",
        ),
        row("setblocking", options::setblocking, 1, 1, "setblocking(flag)"),
        row("setsockopt", options::setsockopt, 3, 3, "setsockopt(level, option, value)"),
        row("settimeout", options::settimeout, 1, 1, "settimeout(timeout)\n\nSeconds, or None for no limit."),
        row("shutdown", connect::shutdown, 1, 1, "shutdown(flag)\n\nEnds reading, writing, or both."),
        MethodDef::new("_reuse", reuse, 0, 0, 0, "One more owner."),
        MethodDef::new("_drop", drop_owner, 0, 0, BLOCKS, "One owner less; the last one closes."),
    ],
    getset: &[
        GetSetDef {
            name: "family",
            get: member::<FAMILY>,
            set: Some(interpreter::native::read_only),
            doc: "the socket family",
        },
        GetSetDef {
            name: "type",
            get: member::<KIND>,
            set: Some(interpreter::native::read_only),
            doc: "the socket type",
        },
        GetSetDef {
            name: "proto",
            get: member::<PROTOCOL>,
            set: Some(interpreter::native::read_only),
            doc: "the socket protocol",
        },
        GetSetDef {
            name: "timeout",
            get: member::<TIMEOUT>,
            set: Some(interpreter::native::read_only),
            doc: "the socket timeout",
        },
    ],
    ..TypeDef::new("socket", kind::RECORD)
};

/// What an operation needs to know of a socket.
#[derive(Copy, Clone)]
pub(super) struct Socket {
    pub fd: i32,
    pub family: i32,
    pub kind: i32,
    pub protocol: i32,
    pub timeout: f64,
}

fn record(th: &mut Thread, v: Value) -> PyResult<Ref<PyRecord>> {
    match v.payload::<PyRecord>() {
        Some(r) if is_instance_of(v, &SOCKET) => Ok(r),
        _ => Err(th.type_error("a socket object is needed")),
    }
}

fn number(r: &PyRecord, slot: usize) -> i32 {
    r.at(slot).get().and_then(Value::as_small_int).unwrap_or(-1) as i32
}

/// The socket in `v`.
pub(super) fn socket(th: &mut Thread, v: Value) -> PyResult<Socket> {
    let record = record(th, v)?;
    let r = record.read(th)?;
    Ok(Socket {
        fd: number(r, FD),
        family: number(r, FAMILY),
        kind: number(r, KIND),
        protocol: number(r, PROTOCOL),
        timeout: r.at(TIMEOUT).get().and_then(float_value).unwrap_or(-1.0),
    })
}

/// Bits of the timeout of new sockets: changed outside transactions only.
static DEFAULT_TIMEOUT: AtomicU64 = AtomicU64::new((-1.0f64).to_bits());

fn default_timeout() -> f64 {
    f64::from_bits(DEFAULT_TIMEOUT.load(Ordering::Acquire))
}

/// Whether the kernel lets calls on the descriptor wait.
pub(super) fn set_blocking(fd: i32, wait: bool) {
    let mut on: libc::c_int = (!wait).into();
    // SAFETY: plain system call with a number to read.
    unsafe { libc::ioctl(fd, libc::FIONBIO as _, &mut on) };
}

fn bare(th: &mut Thread) -> Value {
    let (n, zero, t) = (Value::int_unchecked(-1), Value::int_unchecked(0), th.float(-1.0));
    let v = th.new_record(&SOCKET, &[Some(n), Some(zero), Some(zero), Some(zero), Some(t), Some(zero)]);
    th.m.register_finalizable(v.obj_unchecked());
    v
}

/// Puts an open descriptor into a socket, with the timeout of new sockets.
fn fill(th: &mut Thread, r: Ref<PyRecord>, fd: i32, [family, kind, protocol]: [i32; 3]) -> PyResult<()> {
    let limit = default_timeout();
    let t = th.float(limit);
    let w = r.write(th)?;
    for (slot, n) in [(FD, fd), (FAMILY, family), (KIND, kind), (PROTOCOL, protocol)] {
        w.at(slot).set(Some(Value::int_unchecked(i64::from(n))));
    }
    w.at(TIMEOUT).set(Some(t));
    if limit >= 0.0 {
        set_blocking(fd, false);
    }
    Ok(())
}

/// A new socket for an open descriptor.
pub(super) fn make(th: &mut Thread, fd: i32, what: [i32; 3]) -> PyResult {
    let v = bare(th);
    let r = record(th, v)?;
    fill(th, r, fd, what)?;
    Ok(v)
}

/// Changes the timeout.
pub(super) fn set_timeout(th: &mut Thread, v: Value, seconds: f64) -> PyResult<()> {
    let t = th.float(seconds);
    let r = record(th, v)?;
    r.write(th)?.at(TIMEOUT).set(Some(t));
    Ok(())
}

fn new(th: &mut Thread, class: Value, _: Args<'_>) -> PyResult {
    let v = bare(th);
    wrap_new(th, class, &SOCKET, v)
}

/// Up to three C ints, with what they are if not given.
fn numbers(th: &mut Thread, given: [Slot; 3], default: [i32; 3]) -> PyResult<[i32; 3]> {
    let mut out = default;
    for (n, v) in out.iter_mut().zip(given) {
        if let Some(v) = v {
            *n = ops::int32_arg(th, v)?;
        }
    }
    Ok(out)
}

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let given = args.bind(th, "socket", ["family", "type", "proto"], 0)?;
    let what = numbers(th, given, [libc::AF_INET, libc::SOCK_STREAM, 0])?;
    let [family, kind, protocol] = what;
    // SAFETY: plain system call.
    match th.outside(move || checked(unsafe { libc::socket(family, kind, protocol) }))? {
        Ok(fd) => {
            let r = record(th, v)?;
            fill(th, r, fd as i32, what)
        }
        Err(e) => Err(failed(th, e)),
    }
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let s = socket(th, v)?;
    let text = format!(
        "<socket object, fd={}, family={}, type={}, protocol={}>",
        s.fd, s.family, s.kind, s.protocol
    );
    th.try_str(text.as_bytes())
}

fn member<const I: usize>(th: &mut Thread, v: Value) -> PyResult {
    let r = record(th, v)?;
    Ok(r.read(th)?.at(I).get().unwrap_or(Value::NONE))
}

/// Closes the descriptor once the transaction has committed: the record says at once that it is closed.
fn shut(th: &mut Thread, r: Ref<PyRecord>) -> PyResult<()> {
    let fd = number(r.read(th)?, FD);
    if fd < 0 {
        return Ok(());
    }
    r.write(th)?.at(FD).set(Some(Value::int_unchecked(-1)));
    close_at_commit(th, fd);
    Ok(())
}

fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    let r = record(th, args.pos[0])?;
    shut(th, r)?;
    Ok(Value::NONE)
}

fn del(th: &mut Thread, v: Value) -> PyResult<()> {
    let r = record(th, v)?;
    shut(th, r)
}

fn add_owner(th: &mut Thread, r: Ref<PyRecord>, n: i32) -> PyResult<i32> {
    let now = number(r.read(th)?, OWNERS).saturating_add(n);
    r.write(th)?.at(OWNERS).set(Some(Value::int_unchecked(i64::from(now))));
    Ok(now)
}

fn reuse(th: &mut Thread, args: Args<'_>) -> PyResult {
    let r = record(th, args.pos[0])?;
    add_owner(th, r, 1)?;
    Ok(Value::NONE)
}

fn drop_owner(th: &mut Thread, args: Args<'_>) -> PyResult {
    let r = record(th, args.pos[0])?;
    if add_owner(th, r, -1)? <= 0 {
        shut(th, r)?;
    }
    Ok(Value::NONE)
}

fn fileno(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = socket(th, args.pos[0])?;
    Ok(th.int(i64::from(s.fd)))
}

/// A copy of a descriptor.
pub(super) fn copy(th: &mut Thread, fd: i32) -> PyResult<i32> {
    // SAFETY: plain system call.
    match th.outside(move || checked(unsafe { libc::dup(fd) }))? {
        Ok(n) => Ok(n as i32),
        Err(e) => Err(failed(th, e)),
    }
}

fn dup(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = socket(th, args.pos[0])?;
    let fd = copy(th, s.fd)?;
    make(th, fd, [s.family, s.kind, s.protocol])
}

pub(super) fn fromfd(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = ops::int32_arg(th, args.pos[0])?;
    let what = numbers(th, [args.get(1), args.get(2), args.get(3)], [0; 3])?;
    let fd = copy(th, fd)?;
    make(th, fd, what)
}

pub(super) fn socketpair(th: &mut Thread, args: Args<'_>) -> PyResult {
    let given = [args.get(0), args.get(1), args.get(2)];
    let what = numbers(th, given, [libc::AF_UNIX, libc::SOCK_STREAM, 0])?;
    let [family, kind, protocol] = what;
    let made = th.outside(move || {
        let mut ends = [0i32; 2];
        // SAFETY: room for two descriptors.
        match unsafe { libc::socketpair(family, kind, protocol, ends.as_mut_ptr()) } {
            0 => Ok(ends),
            _ => Err(Failure::Errno(errno())),
        }
    })?;
    match made {
        Ok([a, b]) => {
            let items = [make(th, a, what)?, make(th, b, what)?];
            th.try_tuple(&items)
        }
        Err(f) => Err(raise(th, f)),
    }
}

pub(super) fn getdefaulttimeout(th: &mut Thread, _: Args<'_>) -> PyResult {
    let t = default_timeout();
    if t < 0.0 { Ok(Value::NONE) } else { Ok(th.float(t)) }
}

pub(super) fn setdefaulttimeout(th: &mut Thread, args: Args<'_>) -> PyResult {
    let t = options::timeout_arg(th, args.pos[0])?;
    th.outside(move || DEFAULT_TIMEOUT.store(t.to_bits(), Ordering::Release))?;
    Ok(Value::NONE)
}
