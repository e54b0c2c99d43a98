//! Sending and receiving.

use super::address::{Address, is_known, parse, show};
use super::errors::{error, raise};
use super::object::{Socket, socket};
use super::wait::{Failure, Outcome, operate};
use crate::descriptors::errno;
use interpreter::layout::PyStr;
use interpreter::native::Args;
use interpreter::raised::PyResult;
use interpreter::{Slot, Thread, Value, buffer, ops, signals};
use std::sync::Arc;

/// Bytes to be sent. Those of a str are not copied: it never changes or moves, and the caller's argument keeps it alive.
#[derive(Clone)]
enum Data {
    Shared(*const u8, usize),
    Copied(Arc<[u8]>),
}

// SAFETY: see the type; nobody writes the bytes.
unsafe impl Send for Data {}

impl Data {
    fn bytes(&self) -> &[u8] {
        match self {
            // SAFETY: see the type; an empty view has a pointer that is not null.
            Data::Shared(p, n) => unsafe { std::slice::from_raw_parts(*p, *n) },
            Data::Copied(b) => b,
        }
    }
}

/// A "string or buffer" argument.
fn data(th: &mut Thread, v: Value, function: &str) -> PyResult<Data> {
    let b = buffer::argument(th, v, function, 1)?;
    let kept = v.payload::<PyStr>().is_some() || b.owner == v;
    if kept && b.owner.cast::<PyStr>().is_some() && b.len > 0 {
        return Ok(Data::Shared(b.ptr, b.len));
    }
    Ok(Data::Copied(b.bytes().into()))
}

fn flags(th: &mut Thread, v: Slot) -> PyResult<i32> {
    v.map_or(Ok(0), |v| ops::int32_arg(th, v))
}

/// A number of bytes that is not negative.
fn size(th: &mut Thread, v: Slot, function: &str) -> PyResult<usize> {
    let n = match v {
        Some(v) => ops::int32_arg(th, v)?,
        None => 0,
    };
    usize::try_from(n).map_err(|_| th.value_error(format!("negative buffersize in {function}")))
}

/// Received bytes.
type Received = Outcome<Vec<u8>>;

/// One `recv` of up to `n` bytes.
fn receive(s: Socket, n: usize, flags: i32) -> Received {
    let mut out: Vec<u8> = Vec::new();
    if out.try_reserve_exact(n).is_err() {
        return Err(Failure::Errno(libc::ENOMEM));
    }
    operate(s.fd, false, s.timeout, || {
        // SAFETY: room for `n` bytes.
        let got = unsafe { libc::recv(s.fd, out.as_mut_ptr().cast(), n, flags) };
        if got < 0 { Err(errno()) } else { Ok(got as usize) }
    })
    .map(|got| {
        // SAFETY: the call filled them; with MSG_TRUNC it tells of more than there was room for.
        unsafe { out.set_len(got.min(n)) };
        out
    })
}

/// One `recvfrom` of up to `n` bytes, and where they came from.
fn receive_from(s: Socket, n: usize, flags: i32) -> Outcome<(Vec<u8>, Address)> {
    let mut out: Vec<u8> = Vec::new();
    if out.try_reserve_exact(n).is_err() {
        return Err(Failure::Errno(libc::ENOMEM));
    }
    operate(s.fd, false, s.timeout, || {
        let mut a = Address::room();
        // SAFETY: room for `n` bytes and for the address as told.
        let got = unsafe { libc::recvfrom(s.fd, out.as_mut_ptr().cast(), n, flags, a.ptr_mut(), &mut a.len) };
        if got < 0 { Err(errno()) } else { Ok((got as usize, a)) }
    })
    .map(|(got, a)| {
        // SAFETY: as in `receive`.
        unsafe { out.set_len(got.min(n)) };
        (out, a)
    })
}

pub(super) fn recv(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::int32_arg(th, args.pos[1])?;
    let flags = flags(th, args.get(2))?;
    let Ok(n) = usize::try_from(n) else {
        return Err(th.value_error("negative buffersize in recv"));
    };
    let s = socket(th, args.pos[0])?;
    match th.outside(move || receive(s, n, flags))? {
        Ok(b) => th.try_str(&b),
        Err(f) => Err(raise(th, f)),
    }
}

pub(super) fn recvfrom(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::int32_arg(th, args.pos[1])?;
    let flags = flags(th, args.get(2))?;
    let Ok(n) = usize::try_from(n) else {
        return Err(th.value_error("negative buffersize in recvfrom"));
    };
    let s = known(th, args.pos[0])?;
    match th.outside(move || receive_from(s, n, flags))? {
        Ok((b, a)) => {
            let address = show(th, s.fd, &a)?;
            let text = th.try_str(&b)?;
            th.try_tuple(&[text, address])
        }
        Err(f) => Err(raise(th, f)),
    }
}

fn known(th: &mut Thread, v: Value) -> PyResult<Socket> {
    let s = socket(th, v)?;
    if is_known(s.family) { Ok(s) } else { Err(error(th, "getsockaddrlen: bad family")) }
}

/// The buffer argument of `recv_into` and `recvfrom_into`, how much to receive at most, and flags.
fn target(
    th: &mut Thread,
    args: Args<'_>,
    function: &str,
    too_small: &'static str,
) -> PyResult<(Value, usize, i32)> {
    let [b, n, f] = args.skip(1).bind(th, function, ["buffer", "nbytes", "flags"], 1)?;
    let b = b.unwrap_or(Value::NONE);
    let room = match ops::slots_of(b).buffer {
        Some(get) => Some(get(th, b)?).filter(|b| !b.readonly).map(|b| b.len),
        None => None,
    };
    let Some(room) = room else {
        let t = if b.is_none() { String::from("None") } else { ops::type_name(b) };
        return Err(th.type_error(format!("{function}() argument 1 must be read-write buffer, not {t}")));
    };
    let n = size(th, n, function)?;
    let f = flags(th, f)?;
    if n > room {
        return Err(th.value_error(too_small));
    }
    Ok((b, if n == 0 { room } else { n }, f))
}

pub(super) fn recv_into(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (to, n, flags) = target(th, args, "recv_into", "buffer too small for requested bytes")?;
    let s = socket(th, args.pos[0])?;
    match th.outside(move || receive(s, n, flags))? {
        Ok(b) => {
            buffer::store(th, to, 0, &b)?;
            Ok(th.int(b.len() as i64))
        }
        Err(f) => Err(raise(th, f)),
    }
}

pub(super) fn recvfrom_into(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (to, n, flags) =
        target(th, args, "recvfrom_into", "nbytes is greater than the length of the buffer")?;
    let s = known(th, args.pos[0])?;
    match th.outside(move || receive_from(s, n, flags))? {
        Ok((b, a)) => {
            buffer::store(th, to, 0, &b)?;
            let address = show(th, s.fd, &a)?;
            let n = th.int(b.len() as i64);
            th.try_tuple(&[n, address])
        }
        Err(f) => Err(raise(th, f)),
    }
}

/// One `send`.
fn transmit(s: Socket, b: &[u8], flags: i32) -> Outcome<usize> {
    operate(s.fd, true, s.timeout, || {
        // SAFETY: the slice is valid memory.
        let n = unsafe { libc::send(s.fd, b.as_ptr().cast(), b.len(), flags) };
        if n < 0 { Err(errno()) } else { Ok(n as usize) }
    })
}

pub(super) fn send(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = data(th, args.pos[1], "send")?;
    let flags = flags(th, args.get(2))?;
    let s = socket(th, args.pos[0])?;
    match th.outside(move || transmit(s, d.bytes(), flags))? {
        Ok(n) => Ok(th.int(n as i64)),
        Err(f) => Err(raise(th, f)),
    }
}

/// Sends until all is sent (none), something fails, or a signal's handler may have to run; and how much was sent.
fn transmit_all(s: Socket, b: &[u8], flags: i32) -> (usize, Option<Failure>) {
    let mut done = 0;
    loop {
        match transmit(s, &b[done..], flags) {
            Ok(n) => done += n,
            Err(f) => return (done, Some(f)),
        }
        if done >= b.len() {
            return (done, None);
        }
        if signals::waiting() {
            return (done, Some(Failure::Errno(libc::EINTR)));
        }
    }
}

pub(super) fn sendall(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = data(th, args.pos[1], "sendall")?;
    let flags = flags(th, args.get(2))?;
    let s = socket(th, args.pos[0])?;
    let mut done = 0;
    loop {
        let d = d.clone();
        let (n, end) = th.outside(move || transmit_all(s, &d.bytes()[done..], flags))?;
        done += n;
        match end {
            None => return Ok(Value::NONE),
            // The handler runs; unless it raises, the rest is sent.
            Some(Failure::Errno(libc::EINTR)) => th.native_poll()?,
            Some(f) => return Err(raise(th, f)),
        }
    }
}

pub(super) fn sendto(th: &mut Thread, args: Args<'_>) -> PyResult {
    let given = args.len() - 1;
    let (f, to) = match given {
        2 => (None, args.pos[2]),
        3 => (args.get(2), args.pos[3]),
        _ => return Err(th.type_error(format!("sendto() takes 2 or 3 arguments ({given} given)"))),
    };
    let d = data(th, args.pos[1], "sendto")?;
    let flags = flags(th, f)?;
    let s = socket(th, args.pos[0])?;
    let a = parse(th, s.fd, s.family, to)?;
    let sent = th.outside(move || {
        let b = d.bytes();
        operate(s.fd, true, s.timeout, || {
            // SAFETY: valid memory and a filled address of that length.
            let n = unsafe { libc::sendto(s.fd, b.as_ptr().cast(), b.len(), flags, a.ptr(), a.len) };
            if n < 0 { Err(errno()) } else { Ok(n as usize) }
        })
    })?;
    match sent {
        Ok(n) => Ok(th.int(n as i64)),
        Err(f) => Err(raise(th, f)),
    }
}
