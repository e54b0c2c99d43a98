//! Polling objects: a dict of descriptors and the events wanted, kept in a record.

use super::{ERROR, failed};
use crate::descriptors::{checked, descriptor};
use interpreter::kinds::kind;
use interpreter::layout::{PyDict, PyRecord, Ref};
use interpreter::native::{Args, BLOCKS, MethodDef, NO_NEW, TypeDef};
use interpreter::objects::{dict, float};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};

/// `select.poll` objects.
pub(super) static POLL: TypeDef = TypeDef {
    module: "select",
    flags: NO_NEW,
    methods: &[
        MethodDef::new("register", register, 1, 2, 0, "register(fd [, eventmask] ) -> None"),
        MethodDef::new("modify", modify, 2, 2, 0, "modify(fd, eventmask) -> None"),
        MethodDef::new("unregister", unregister, 1, 1, 0, "unregister(fd) -> None"),
        MethodDef::new("poll", poll, 0, 1, BLOCKS, "poll( [timeout] ) -> list of (fd, event) 2-tuples"),
    ],
    ..TypeDef::new("poll", kind::RECORD)
};

pub(super) fn new(th: &mut Thread, _: Args<'_>) -> PyResult {
    let d = th.new_dict();
    Ok(th.new_record(&POLL, &[Some(d), Some(Value::FALSE)]))
}

/// Whether a thread is in `poll` right now.
const BUSY: usize = 1;

fn record(th: &mut Thread, v: Value) -> PyResult<Ref<PyDict>> {
    if let Some(r) = v.cast::<PyRecord>()
        && let Some(d) = r.unguarded().at(0).get().and_then(|d| d.cast::<PyDict>())
    {
        return Ok(d);
    }
    Err(th.type_error("a polling object is needed"))
}

/// An event mask: sixteen bits.
fn mask(th: &mut Thread, v: Value) -> PyResult {
    let n = ops::integer_arg(th, v)?;
    if n < 0 {
        return Err(th.overflow_error("can't convert negative value to unsigned short"));
    }
    if n > 0xffff {
        return Err(th.overflow_error("Python int too large for C unsigned short"));
    }
    Ok(th.int(n))
}

fn register(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = record(th, args.pos[0])?;
    let fd = descriptor(th, args.pos[1])?;
    let events = match args.get(2) {
        Some(v) => mask(th, v)?,
        None => th.int(i64::from(libc::POLLIN | libc::POLLPRI | libc::POLLOUT)),
    };
    let key = th.int(i64::from(fd));
    dict::set(th, d, key, events)?;
    Ok(Value::NONE)
}

fn modify(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = record(th, args.pos[0])?;
    let fd = descriptor(th, args.pos[1])?;
    let key = th.int(i64::from(fd));
    let events = mask(th, args.pos[2])?;
    if dict::get(th, d, key)?.is_none() {
        return Err(th.io_error(libc::ENOENT, None));
    }
    dict::set(th, d, key, events)?;
    Ok(Value::NONE)
}

fn unregister(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = record(th, args.pos[0])?;
    let fd = descriptor(th, args.pos[1])?;
    let key = th.int(i64::from(fd));
    if dict::delete(th, d, key)? { Ok(Value::NONE) } else { Err(th.key_error(key)) }
}

fn poll(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = record(th, args.pos[0])?;
    let timeout = match args.get(1).filter(|t| !t.is_none()) {
        None => -1,
        Some(t) => match float::float_value(t) {
            Some(x) if x.abs() < f64::from(i32::MAX) => x as i32,
            Some(_) => return Err(th.overflow_error("signed integer is greater than maximum")),
            None if ops::exact_integer(t).is_none() && ops::slots_of(t).int.is_none() => {
                return Err(th.type_error("timeout must be an integer or None"));
            }
            None => ops::int32_arg(th, t)?,
        },
    };
    let mut fds = Vec::new();
    let mut at = 0;
    while let Some((k, v)) = dict::next_entry(th, d, &mut at)? {
        fds.push(libc::pollfd {
            fd: ops::int_value(k).unwrap_or(-1) as i32,
            events: ops::int_value(v).unwrap_or(0) as u16 as i16,
            revents: 0,
        });
    }
    let Some(r) = args.pos[0].cast::<PyRecord>() else {
        return Err(th.type_error("a polling object is needed"));
    };
    if !th.has_outside_result() {
        if r.read(th)?.at(BUSY).get() == Some(Value::TRUE) {
            return Err(th.runtime_error("concurrent poll() invocation"));
        }
        r.write(th)?.at(BUSY).set(Some(Value::TRUE));
    }
    let result = th.outside(move || {
        let mut fds = fds;
        // SAFETY: as many entries as told.
        checked(unsafe { libc::poll(fds.as_mut_ptr(), fds.len() as libc::nfds_t, timeout) })
            .map(|_| fds.iter().map(|p| (p.fd, p.revents as u16)).filter(|p| p.1 != 0).collect::<Vec<_>>())
    })?;
    r.write(th)?.at(BUSY).set(Some(Value::FALSE));
    match result {
        Ok(ready) => {
            let out = th.m.root_vec();
            for (fd, events) in ready {
                let items = [th.int(i64::from(fd)), th.int(i64::from(events))];
                out.push(th.try_tuple(&items)?.bits());
            }
            th.new_list(ops::values(&out))
        }
        Err(e) => Err(failed(th, &ERROR, e)),
    }
}
