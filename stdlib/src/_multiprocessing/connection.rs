//! `Connection`: objects and byte strings as messages on a descriptor.
//!
//! Objects are pickled before and unpickled after the operations outside transactions. What had come of a message when
//! a signal's handler raised is kept for the next call.

use super::message::{Status, body, framed, receive, send as send_bytes_of};
use crate::descriptors::{checked, close_at_commit};
use interpreter::buffer;
use interpreter::kinds::kind;
use interpreter::layout::{PyRecord, PyStr, Ref};
use interpreter::native::{Args, BASETYPE, BLOCKS, GetSetDef, KEYWORDS, MethodDef, TypeDef, WEAKREFS};
use interpreter::raised::{PyResult, Raised};
use interpreter::types::slots::SlotTable;
use interpreter::types::wrap_new;
use interpreter::{Thread, Value, import, ops};
use std::sync::Arc;

/// Descriptor, -1 once closed.
const FD: usize = 0;
const FLAGS: usize = 1;
/// str: the part of a message that came before a handler raised.
const PART: usize = 2;

const READABLE: i64 = 1;
const WRITABLE: i64 = 2;

/// `_multiprocessing.Connection`.
pub(super) static CONNECTION: TypeDef = TypeDef {
    module: "_multiprocessing",
    doc: Some(
        "Connection(handle, readable=True, writable=True)\n\nMessages on a descriptor, which is not copied and belongs to the connection from now on.",
    ),
    flags: BASETYPE | WEAKREFS,
    slots: SlotTable { new: Some(new), del: Some(del), repr: Some(repr), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new(
            "send_bytes",
            send_bytes,
            1,
            3,
            BLOCKS,
            "send the byte data from a readable buffer-like object",
        ),
        MethodDef::new("recv_bytes", recv_bytes, 0, 1, BLOCKS, "receive byte data as a string"),
        MethodDef::new(
            "recv_bytes_into",
            recv_bytes_into,
            1,
            2,
            BLOCKS,
            "receive byte data into a writeable buffer-like object\nreturns the number of bytes read",
        ),
        // Pickling runs Python code, which is not to be run again: no BLOCKS.
        MethodDef::new("send", send, 1, 1, 0, "send a (picklable) object"),
        MethodDef::new("recv", recv, 0, 0, BLOCKS, "receive a (picklable) object"),
        MethodDef::new(
            "poll",
            poll,
            0,
            1,
            BLOCKS | KEYWORDS,
            "whether there is any input available to be read",
        ),
        MethodDef::new("fileno", fileno, 0, 0, 0, "file descriptor or handle of the connection"),
        MethodDef::new("close", close, 0, 0, 0, "close the connection"),
    ],
    getset: &[
        GetSetDef { name: "closed", get: closed, set: None, doc: "True if the connection is closed" },
        GetSetDef {
            name: "readable",
            get: has::<READABLE>,
            set: None,
            doc: "True if the connection is readable",
        },
        GetSetDef {
            name: "writable",
            get: has::<WRITABLE>,
            set: None,
            doc: "True if the connection is writable",
        },
    ],
    ..TypeDef::new("Connection", kind::RECORD)
};

/// What an operation needs to know.
struct Connection {
    record: Ref<PyRecord>,
    fd: i32,
    flags: i64,
}

fn record(th: &mut Thread, v: Value) -> PyResult<Ref<PyRecord>> {
    v.payload::<PyRecord>().ok_or_else(|| th.type_error("a Connection is needed"))
}

fn connection(th: &mut Thread, v: Value) -> PyResult<Connection> {
    let record = record(th, v)?;
    let r = record.read(th)?;
    let number = |slot: usize| r.at(slot).get().and_then(ops::int_value).unwrap_or(-1);
    Ok(Connection { record, fd: number(FD) as i32, flags: number(FLAGS) })
}

fn reading(th: &mut Thread, v: Value) -> PyResult<Connection> {
    let c = connection(th, v)?;
    if c.flags & READABLE == 0 { Err(th.io_error_text("connection is write-only")) } else { Ok(c) }
}

fn writing(th: &mut Thread, v: Value) -> PyResult<Connection> {
    let c = connection(th, v)?;
    if c.flags & WRITABLE == 0 { Err(th.io_error_text("connection is read-only")) } else { Ok(c) }
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [handle, readable, writable] = args.bind(th, "Connection", ["handle", "readable", "writable"], 1)?;
    let fd = ops::int32_arg(th, handle.unwrap_or(Value::NONE))?;
    let mut flags = 0;
    for (given, flag) in [(readable, READABLE), (writable, WRITABLE)] {
        if given.map_or(Ok(true), |v| ops::is_true(th, v))? {
            flags |= flag;
        }
    }
    if fd < 0 {
        return Err(th.io_error_text(format!("invalid handle {fd}")));
    }
    if flags == 0 {
        return Err(th.value_error("either readable or writable must be true"));
    }
    let items = [th.int(i64::from(fd)), th.int(flags), Value::NONE].map(Some);
    let v = th.new_record(&CONNECTION, &items);
    th.m.register_finalizable(v.obj_unchecked());
    wrap_new(th, class, &CONNECTION, v)
}

fn shut(th: &mut Thread, c: &Connection) -> PyResult<()> {
    if c.fd >= 0 {
        let none = th.int(-1);
        c.record.write(th)?.at(FD).set(Some(none));
        close_at_commit(th, c.fd);
    }
    Ok(())
}

fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    let c = connection(th, args.pos[0])?;
    shut(th, &c)?;
    Ok(Value::NONE)
}

fn del(th: &mut Thread, v: Value) -> PyResult<()> {
    let c = connection(th, v)?;
    shut(th, &c)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let c = connection(th, v)?;
    let mode = match (c.flags & READABLE != 0, c.flags & WRITABLE != 0) {
        (true, true) => "read-write",
        (true, false) => "read-only",
        _ => "write-only",
    };
    th.try_str(format!("<{mode} Connection, handle {}>", c.fd).as_bytes())
}

fn closed(th: &mut Thread, v: Value) -> PyResult {
    let c = connection(th, v)?;
    Ok(Value::from_bool(c.fd < 0))
}

fn has<const FLAG: i64>(th: &mut Thread, v: Value) -> PyResult {
    let c = connection(th, v)?;
    Ok(Value::from_bool(c.flags & FLAG != 0))
}

fn fileno(th: &mut Thread, args: Args<'_>) -> PyResult {
    let c = connection(th, args.pos[0])?;
    if c.fd < 0 { Err(th.io_error_text("handle is invalid")) } else { Ok(th.int(i64::from(c.fd))) }
}

fn failed(th: &mut Thread, e: i32) -> Raised {
    if e == libc::EINTR
        && let Err(r) = th.native_poll()
    {
        return r;
    }
    th.io_error(e, None)
}

/// Sends one message.
fn transmit(th: &mut Thread, c: &Connection, data: &[u8]) -> PyResult {
    let Some(all) = framed(data) else {
        return Err(th.value_error("string too long"));
    };
    let all: Arc<Vec<u8>> = Arc::new(all);
    let fd = c.fd;
    let mut done = 0;
    loop {
        let part = all.clone();
        let (n, status) = th.outside(move || send_bytes_of(fd, &part, done))?;
        done = n;
        match status {
            Status::Done => return Ok(Value::NONE),
            Status::Interrupted => th.native_poll()?,
            Status::Errno(e) => return Err(failed(th, e)),
            _ => return Err(th.io_error_text("bad message length")),
        }
    }
}

/// Receives one message of at most `most` bytes; with its length in front.
fn incoming(th: &mut Thread, c: &Connection, most: usize) -> PyResult<Arc<Vec<u8>>> {
    let fd = c.fd;
    let mut have = match c.record.read(th)?.at(PART).get().and_then(|p| p.cast::<PyStr>()) {
        Some(s) => s.get().bytes().to_vec(),
        None => Vec::new(),
    };
    let kept = !have.is_empty();
    loop {
        let so_far = std::mem::take(&mut have);
        let (message, status) = th.outside(move || {
            let (m, s) = receive(fd, so_far, most);
            (Arc::new(m), s)
        })?;
        match status {
            Status::Interrupted => {
                if let Err(e) = th.native_poll() {
                    let part = th.try_str(&message)?;
                    c.record.write(th)?.at(PART).set(Some(part));
                    return Err(e);
                }
                have = message.to_vec();
                continue;
            }
            _ if kept => c.record.write(th)?.at(PART).set(None),
            _ => {}
        }
        return match status {
            Status::Done => Ok(message),
            Status::End => Err(th.raise(interpreter::objects::exceptions::EOF_ERROR.class(), None)),
            Status::EarlyEnd => Err(th.io_error_text("got end of file during message")),
            Status::Errno(e) => Err(failed(th, e)),
            Status::BadLength | Status::Interrupted => {
                // What follows cannot be told from the message.
                if c.flags & WRITABLE != 0 {
                    let flags = th.int(WRITABLE);
                    c.record.write(th)?.at(FLAGS).set(Some(flags));
                } else {
                    shut(th, c)?;
                }
                Err(th.io_error_text("bad message length"))
            }
        };
    }
}

fn pickle(th: &mut Thread, function: &str, args: &[Value]) -> PyResult {
    let m = import::import(th, "cPickle")?;
    let name = th.intern(function.as_bytes());
    let f = ops::getattr(th, m, name)?;
    ops::call(th, f, args)
}

fn send(th: &mut Thread, args: Args<'_>) -> PyResult {
    let c = writing(th, args.pos[0])?;
    let protocol = th.int(2);
    let text = pickle(th, "dumps", &[args.pos[1], protocol])?;
    transmit(th, &c, th.str_bytes(text))
}

fn recv(th: &mut Thread, args: Args<'_>) -> PyResult {
    let c = reading(th, args.pos[0])?;
    let m = incoming(th, &c, usize::MAX)?;
    let text = th.try_str(body(&m))?;
    pickle(th, "loads", &[text])
}

fn send_bytes(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[1];
    let data = if v.payload::<PyStr>().is_some()
        || v.payload::<interpreter::layout::PyUnicode>().is_some()
        || ops::slots_of(v).buffer.is_some()
    {
        buffer::argument(th, v, "send_bytes", 1)?.bytes().to_vec()
    } else {
        let n = if v.is_none() { String::from("None") } else { ops::type_name(v) };
        return Err(th.type_error(format!("argument 1 must be string or read-only buffer, not {n}")));
    };
    let offset = args.get(2).map_or(Ok(0), |v| ops::integer_arg(th, v))?;
    let size = args.get(3).map(|v| ops::integer_arg(th, v)).transpose()?;
    let c = writing(th, args.pos[0])?;
    let Ok(offset) = usize::try_from(offset) else {
        return Err(th.value_error("offset is negative"));
    };
    let Some(rest) = data.get(offset..) else {
        return Err(th.value_error("buffer length < offset"));
    };
    let part = match size {
        None => rest,
        Some(n) if n < 0 => return Err(th.value_error("size is negative")),
        Some(n) => match rest.get(..n as usize) {
            Some(p) => p,
            None => return Err(th.value_error("buffer length < offset + size")),
        },
    };
    transmit(th, &c, part)
}

fn recv_bytes(th: &mut Thread, args: Args<'_>) -> PyResult {
    let c = reading(th, args.pos[0])?;
    let most = match args.get(1) {
        Some(v) => match usize::try_from(ops::integer_arg(th, v)?) {
            Ok(n) => n,
            Err(_) => return Err(th.value_error("maxlength < 0")),
        },
        None => usize::MAX,
    };
    let m = incoming(th, &c, most)?;
    th.try_str(body(&m))
}

fn recv_bytes_into(th: &mut Thread, args: Args<'_>) -> PyResult {
    let to = args.pos[1];
    let room = match ops::slots_of(to).buffer {
        Some(get) => Some(get(th, to)?).filter(|b| !b.readonly).map(|b| b.len),
        None => None,
    };
    let Some(room) = room else {
        let n = if to.is_none() { String::from("None") } else { ops::type_name(to) };
        return Err(th.type_error(format!("argument 1 must be read-write buffer, not {n}")));
    };
    let offset = args.get(2).map_or(Ok(0), |v| ops::integer_arg(th, v))?;
    let c = reading(th, args.pos[0])?;
    let Ok(offset) = usize::try_from(offset) else {
        return Err(th.value_error("negative offset"));
    };
    if offset > room {
        return Err(th.value_error("offset too large"));
    }
    let m = incoming(th, &c, usize::MAX)?;
    let data = body(&m);
    if data.len() > room - offset {
        let module = import::import(th, "multiprocessing")?;
        let name = th.intern(b"BufferTooShort");
        let class = ops::getattr(th, module, name)?;
        let text = th.try_str(data)?;
        return Err(th.raise(class, Some(text)));
    }
    buffer::store(th, to, offset, data)?;
    Ok(th.int(data.len() as i64))
}

fn poll(th: &mut Thread, args: Args<'_>) -> PyResult {
    let c = reading(th, args.pos[0])?;
    let [timeout] = args.skip(1).bind(th, "poll", ["timeout"], 0)?;
    let ms = match timeout {
        None => 0,
        Some(t) if t.is_none() => -1,
        Some(t) => (ops::float_arg(th, t)?.max(0.0) * 1000.0 + 0.5).min(f64::from(i32::MAX)) as i32,
    };
    let fd = c.fd;
    let ready = th.outside(move || {
        let mut p = libc::pollfd { fd, events: libc::POLLIN | libc::POLLPRI, revents: 0 };
        // SAFETY: one entry.
        checked(unsafe { libc::poll(&mut p, 1, ms) })
    })?;
    match ready {
        Ok(n) => Ok(Value::from_bool(n > 0)),
        Err(e) => Err(failed(th, e)),
    }
}
