//! Connections: both ends, their addresses, and files on top.

use super::address::{Address, is_known, parse, show};
use super::errors::{error, failed, raise};
use super::object::{Socket, copy, make, socket};
use super::wait::{Failure, Outcome, connected, operate};
use crate::descriptors::{checked, errno};
use crate::posix::calls::string;
use interpreter::native::Args;
use interpreter::objects::file::{self, Extras};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};

/// The socket, if its addresses are known here.
fn addressed(th: &mut Thread, v: Value) -> PyResult<Socket> {
    let s = socket(th, v)?;
    if is_known(s.family) { Ok(s) } else { Err(error(th, "getsockaddrlen: bad family")) }
}

pub(super) fn accept(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = addressed(th, args.pos[0])?;
    let r = th.outside(move || {
        operate(s.fd, false, s.timeout, || {
            let mut a = Address::room();
            // SAFETY: room for the address as told.
            let fd = unsafe { libc::accept(s.fd, a.ptr_mut(), &mut a.len) };
            if fd < 0 { Err(errno()) } else { Ok((fd, a)) }
        })
    })?;
    match r {
        Ok((fd, a)) => {
            let new = make(th, fd, [s.family, s.kind, s.protocol])?;
            let address = show(th, s.fd, &a)?;
            th.try_tuple(&[new, address])
        }
        Err(f) => Err(raise(th, f)),
    }
}

/// The socket and the address argument.
fn with_address(th: &mut Thread, args: Args<'_>) -> PyResult<(Socket, Address)> {
    let s = socket(th, args.pos[0])?;
    let a = parse(th, s.fd, s.family, args.pos[1])?;
    Ok((s, a))
}

pub(super) fn bind(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (s, a) = with_address(th, args)?;
    // SAFETY: a filled address of that length.
    match th.outside(move || checked(unsafe { libc::bind(s.fd, a.ptr(), a.len) }))? {
        Ok(_) => Ok(Value::NONE),
        Err(e) => Err(failed(th, e)),
    }
}

/// Connects; an errno, 0 for success.
fn establish(s: Socket, a: Address) -> Outcome<i32> {
    // SAFETY: a filled address of that length.
    if unsafe { libc::connect(s.fd, a.ptr(), a.len) } == 0 {
        return Ok(0);
    }
    match errno() {
        libc::EINPROGRESS if s.timeout > 0.0 => connected(s.fd, s.timeout),
        e => Ok(e),
    }
}

pub(super) fn connect(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (s, a) = with_address(th, args)?;
    match th.outside(move || establish(s, a))? {
        Ok(0) => Ok(Value::NONE),
        Ok(e) => Err(failed(th, e)),
        Err(f) => Err(raise(th, f)),
    }
}

pub(super) fn connect_ex(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (s, a) = with_address(th, args)?;
    let e = match th.outside(move || establish(s, a))? {
        Ok(e) | Err(Failure::Errno(e)) => e,
        Err(Failure::TimedOut) => libc::EWOULDBLOCK,
    };
    if e == libc::EINTR {
        th.native_poll()?;
    }
    Ok(th.int(i64::from(e)))
}

pub(super) fn listen(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::int32_arg(th, args.pos[1])?.max(0);
    let s = socket(th, args.pos[0])?;
    // SAFETY: plain system call.
    match th.outside(move || checked(unsafe { libc::listen(s.fd, n) }))? {
        Ok(_) => Ok(Value::NONE),
        Err(e) => Err(failed(th, e)),
    }
}

pub(super) fn shutdown(th: &mut Thread, args: Args<'_>) -> PyResult {
    let how = ops::int32_arg(th, args.pos[1])?;
    let s = socket(th, args.pos[0])?;
    // SAFETY: plain system call.
    match th.outside(move || checked(unsafe { libc::shutdown(s.fd, how) }))? {
        Ok(_) => Ok(Value::NONE),
        Err(e) => Err(failed(th, e)),
    }
}

type NameFn = unsafe extern "C" fn(i32, *mut libc::sockaddr, *mut libc::socklen_t) -> i32;

fn name(th: &mut Thread, v: Value, f: NameFn) -> PyResult {
    let s = addressed(th, v)?;
    let mut a = Address::room();
    // SAFETY: room for the address as told.
    if let Err(e) = checked(unsafe { f(s.fd, a.ptr_mut(), &mut a.len) }) {
        return Err(failed(th, e));
    }
    show(th, s.fd, &a)
}

pub(super) fn getsockname(th: &mut Thread, args: Args<'_>) -> PyResult {
    name(th, args.pos[0], libc::getsockname)
}

pub(super) fn getpeername(th: &mut Thread, args: Args<'_>) -> PyResult {
    name(th, args.pos[0], libc::getpeername)
}

/// A real file for a copy of the descriptor.
pub(super) fn makefile(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mode = match args.get(1) {
        Some(m) => string(th, m, "makefile", 1)?.into_bytes(),
        None => b"r".to_vec(),
    };
    let buffering = match args.get(2) {
        Some(b) => ops::int32_arg(th, b)?,
        None => -1,
    };
    let s = socket(th, args.pos[0])?;
    if !matches!(mode.first(), Some(b'r' | b'w' | b'a')) {
        return Err(failed(th, libc::EINVAL));
    }
    let fd = copy(th, s.fd)?;
    file::from_descriptor(th, fd, b"<socket>", &mode, buffering, Extras::default())
}
