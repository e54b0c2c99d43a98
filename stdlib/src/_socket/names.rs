//! Names of this host, of services and of protocols.

use super::errors::{error, failed};
use crate::descriptors::checked;
use crate::posix::calls::string;
use interpreter::native::Args;
use interpreter::raised::PyResult;
use interpreter::{Thread, ops};
use parking_lot::Mutex;
use std::ffi::{CStr, CString};

/// The C library keeps one result for all threads.
static DATABASE: Mutex<()> = Mutex::new(());

pub(super) fn gethostname(th: &mut Thread, _: Args<'_>) -> PyResult {
    let mut buf = [0u8; 1024];
    // SAFETY: room as told, less the last byte, which stays zero.
    if let Err(e) = checked(unsafe { libc::gethostname(buf.as_mut_ptr().cast(), buf.len() - 1) }) {
        return Err(failed(th, e));
    }
    let n = buf.iter().position(|c| *c == 0).unwrap_or(0);
    th.try_str(&buf[..n])
}

fn protocol(th: &mut Thread, args: Args<'_>, function: &str) -> PyResult<Option<CString>> {
    args.get(1).map(|v| string(th, v, function, 2)).transpose()
}

fn or_null(s: &Option<CString>) -> *const libc::c_char {
    s.as_ref().map_or(std::ptr::null(), |s| s.as_ptr())
}

pub(super) fn getservbyname(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = string(th, args.pos[0], "getservbyname", 1)?;
    let proto = protocol(th, args, "getservbyname")?;
    let found = th.outside(move || {
        let _one = DATABASE.lock();
        // SAFETY: terminated strings or null; the result is read under the lock.
        unsafe { libc::getservbyname(name.as_ptr(), or_null(&proto)).as_ref().map(|s| s.s_port) }
    })?;
    match found {
        Some(p) => Ok(th.int(i64::from(u16::from_be(p as u16)))),
        None => Err(error(th, "service/proto not found")),
    }
}

pub(super) fn getservbyport(th: &mut Thread, args: Args<'_>) -> PyResult {
    let port = ops::int32_arg(th, args.pos[0])?;
    let proto = protocol(th, args, "getservbyport")?;
    let Ok(port) = u16::try_from(port) else {
        return Err(th.overflow_error("getservbyport: port must be 0-65535."));
    };
    let found = th.outside(move || {
        let _one = DATABASE.lock();
        // SAFETY: a terminated string or null; the result is read under the lock.
        unsafe {
            libc::getservbyport(i32::from(port.to_be()), or_null(&proto))
                .as_ref()
                .map(|s| CStr::from_ptr(s.s_name).to_bytes().to_vec())
        }
    })?;
    match found {
        Some(n) => th.try_str(&n),
        None => Err(error(th, "port/proto not found")),
    }
}

pub(super) fn getprotobyname(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = string(th, args.pos[0], "getprotobyname", 1)?;
    let found = th.outside(move || {
        let _one = DATABASE.lock();
        // SAFETY: a terminated string; the result is read under the lock.
        unsafe { libc::getprotobyname(name.as_ptr()).as_ref().map(|p| p.p_proto) }
    })?;
    match found {
        Some(n) => Ok(th.int(i64::from(n))),
        None => Err(error(th, "protocol not found")),
    }
}
