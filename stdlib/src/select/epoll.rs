//! `select.epoll`: a record whose slot is the descriptor, -1 once closed.

use super::failed;
use crate::descriptors::{checked, close_at_commit, descriptor};
use interpreter::kinds::kind;
use interpreter::layout::{PyRecord, Ref};
use interpreter::native::{Args, BLOCKS, CLASS, GetSetDef, KEYWORDS, MethodDef, TypeDef};
use interpreter::objects::exceptions;
use interpreter::raised::PyResult;
use interpreter::types::slots::SlotTable;
use interpreter::types::wrap_new;
use interpreter::{Thread, Value, ops};

/// `select.epoll`.
pub(super) static EPOLL: TypeDef = TypeDef {
    module: "select",
    doc: Some("select.epoll([sizehint=-1])\n\nWaits for events of many descriptors."),
    slots: SlotTable { new: Some(new), del: Some(del), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new(
            "fromfd",
            fromfd,
            1,
            1,
            CLASS,
            "fromfd(fd) -> epoll\n\nAn epoll object for a descriptor.",
        ),
        MethodDef::new("close", close, 0, 0, 0, "close() -> None"),
        MethodDef::new("fileno", fileno, 0, 0, 0, "fileno() -> int"),
        MethodDef::new("register", register, 1, 2, KEYWORDS, "register(fd[, eventmask]) -> None"),
        MethodDef::new("modify", modify, 2, 2, KEYWORDS, "modify(fd, eventmask) -> None"),
        MethodDef::new("unregister", unregister, 1, 1, KEYWORDS, "unregister(fd) -> None"),
        MethodDef::new(
            "poll",
            poll,
            0,
            2,
            KEYWORDS | BLOCKS,
            "poll([timeout=-1[, maxevents=-1]]) -> [(fd, events), (...)]",
        ),
    ],
    getset: &[GetSetDef {
        name: "closed",
        get: closed,
        set: None,
        doc: "True if the epoll handler is closed",
    }],
    ..TypeDef::new("epoll", kind::RECORD)
};

fn make(th: &mut Thread, class: Value, fd: i32) -> PyResult {
    let n = th.int(i64::from(fd));
    let v = th.new_record(&EPOLL, &[Some(n)]);
    th.m.register_finalizable(v.obj_unchecked());
    wrap_new(th, class, &EPOLL, v)
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [hint] = args.bind(th, "epoll", ["sizehint"], 0)?;
    let hint = match hint {
        Some(v) => ops::int32_arg(th, v)?,
        None => -1,
    };
    // The hint means nothing any more, but a bad one was always refused.
    let size = if hint == -1 { 1023 } else { hint };
    if size < 1 {
        return Err(th.value_error(format!("sizehint must be greater zero, got {size}")));
    }
    // SAFETY: plain system call.
    match th.outside(move || checked(unsafe { libc::epoll_create(size) }))? {
        Ok(fd) => make(th, class, fd as i32),
        Err(e) => Err(th.io_error(e, None)),
    }
}

fn fromfd(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = ops::int32_arg(th, args.pos[1])?;
    make(th, args.pos[0], fd)
}

fn record(th: &mut Thread, v: Value) -> PyResult<Ref<PyRecord>> {
    match v.payload::<PyRecord>() {
        Some(r) => Ok(r),
        None => Err(th.type_error("an epoll object is needed")),
    }
}

fn fd_of(th: &mut Thread, r: Ref<PyRecord>) -> PyResult<i32> {
    Ok(r.read(th)?.at(0).get().and_then(Value::as_small_int).unwrap_or(-1) as i32)
}

fn open(th: &mut Thread, v: Value) -> PyResult<i32> {
    let r = record(th, v)?;
    match fd_of(th, r)? {
        n if n < 0 => Err(th.value_error("I/O operation on closed epoll fd")),
        n => Ok(n),
    }
}

fn shut(th: &mut Thread, v: Value) -> PyResult<()> {
    let r = record(th, v)?;
    let fd = fd_of(th, r)?;
    if fd >= 0 {
        r.write(th)?.at(0).set(Some(Value::int_unchecked(-1)));
        close_at_commit(th, fd);
    }
    Ok(())
}

fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    shut(th, args.pos[0])?;
    Ok(Value::NONE)
}

fn del(th: &mut Thread, v: Value) -> PyResult<()> {
    shut(th, v)
}

fn closed(th: &mut Thread, v: Value) -> PyResult {
    let r = record(th, v)?;
    Ok(Value::from_bool(fd_of(th, r)? < 0))
}

fn fileno(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = open(th, args.pos[0])?;
    Ok(th.int(i64::from(fd)))
}

/// An event mask: all 32 bits, either sign.
fn mask(th: &mut Thread, v: Value) -> PyResult<u32> {
    match ops::exact_integer(v).and_then(|n| i64::try_from(&n).ok()) {
        Some(n) => Ok(n as u32),
        None => Ok(ops::integer_arg(th, v)? as u32),
    }
}

fn control(th: &mut Thread, epfd: i32, op: i32, fd: Value, events: u32) -> PyResult {
    let fd = descriptor(th, fd)?;
    let mut e = libc::epoll_event { events, u64: fd as u64 };
    // SAFETY: a filled event.
    match checked(unsafe { libc::epoll_ctl(epfd, op, fd, &mut e) }) {
        Ok(_) => Ok(Value::NONE),
        // A descriptor closed meanwhile has left the set already.
        Err(libc::EBADF) if op == libc::EPOLL_CTL_DEL => Ok(Value::NONE),
        Err(e) => Err(th.io_error(e, None)),
    }
}

fn register(th: &mut Thread, args: Args<'_>) -> PyResult {
    let epfd = open(th, args.pos[0])?;
    let [fd, events] = args.skip(1).bind(th, "register", ["fd", "eventmask"], 1)?;
    let events = match events {
        Some(v) => mask(th, v)?,
        None => (libc::EPOLLIN | libc::EPOLLOUT | libc::EPOLLPRI) as u32,
    };
    control(th, epfd, libc::EPOLL_CTL_ADD, fd.unwrap_or(Value::NONE), events)
}

fn modify(th: &mut Thread, args: Args<'_>) -> PyResult {
    let epfd = open(th, args.pos[0])?;
    let [fd, events] = args.skip(1).bind(th, "modify", ["fd", "eventmask"], 2)?;
    let events = mask(th, events.unwrap_or(Value::NONE))?;
    control(th, epfd, libc::EPOLL_CTL_MOD, fd.unwrap_or(Value::NONE), events)
}

fn unregister(th: &mut Thread, args: Args<'_>) -> PyResult {
    let epfd = open(th, args.pos[0])?;
    let [fd] = args.skip(1).bind(th, "unregister", ["fd"], 1)?;
    control(th, epfd, libc::EPOLL_CTL_DEL, fd.unwrap_or(Value::NONE), 0)
}

fn poll(th: &mut Thread, args: Args<'_>) -> PyResult {
    let epfd = open(th, args.pos[0])?;
    let [timeout, most] = args.skip(1).bind(th, "poll", ["timeout", "maxevents"], 0)?;
    let timeout = match timeout {
        Some(t) => ops::float_arg(th, t)?,
        None => -1.0,
    };
    let timeout = if timeout < 0.0 {
        -1
    } else if timeout * 1000.0 > f64::from(i32::MAX) {
        return Err(th.overflow_error("timeout is too large"));
    } else {
        (timeout * 1000.0) as i32
    };
    let most = match most {
        Some(v) => match ops::int32_arg(th, v)? {
            -1 => 1023,
            n if n < 1 => return Err(th.value_error(format!("maxevents must be greater than 0, got {n}"))),
            n => n,
        },
        None => 1023,
    };
    let result = th.outside(move || {
        let mut events = vec![libc::epoll_event { events: 0, u64: 0 }; most.min(65536) as usize];
        // SAFETY: as many entries as told.
        checked(unsafe { libc::epoll_wait(epfd, events.as_mut_ptr(), events.len() as i32, timeout) })
            .map(|n| events[..n as usize].iter().map(|e| (e.u64 as i32, e.events)).collect::<Vec<_>>())
    })?;
    match result {
        Ok(ready) => {
            let out = th.m.root_vec();
            for (fd, events) in ready {
                let items = [th.int(i64::from(fd)), th.int(i64::from(events))];
                out.push(th.try_tuple(&items)?.bits());
            }
            th.new_list(ops::values(&out))
        }
        Err(e) => Err(failed(th, &exceptions::IO_ERROR, e)),
    }
}
