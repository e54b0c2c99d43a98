//! Descriptors sent to other processes, and addresses of buffers.

use crate::descriptors::errno;
use interpreter::native::Args;
use interpreter::raised::{PyResult, Raised};
use interpreter::{Thread, Value, ops};

/// Room for one control message with a descriptor.
#[repr(C)]
union Control {
    _header: libc::cmsghdr,
    bytes: [u8; 64],
}

fn failed(th: &mut Thread, e: i32) -> Raised {
    if e == libc::EINTR
        && let Err(r) = th.native_poll()
    {
        return r;
    }
    th.os_error(e, None)
}

/// Calls `f` with a message of one byte and room for one descriptor.
fn with_message<R>(f: impl FnOnce(&mut libc::msghdr) -> R) -> R {
    let mut byte = [0u8; 1];
    let mut data = libc::iovec { iov_base: byte.as_mut_ptr().cast(), iov_len: 1 };
    let mut control = Control { bytes: [0; 64] };
    // SAFETY: all zeroes is an empty message.
    let mut m: libc::msghdr = unsafe { std::mem::zeroed() };
    m.msg_iov = &mut data;
    m.msg_iovlen = 1;
    m.msg_control = (&raw mut control).cast();
    // SAFETY: plain arithmetic; less than the room there is.
    m.msg_controllen = unsafe { libc::CMSG_SPACE(size_of::<libc::c_int>() as u32) } as _;
    f(&mut m)
}

pub(super) fn sendfd(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (to, fd) = (ops::int32_arg(th, args.pos[0])?, ops::int32_arg(th, args.pos[1])?);
    let sent = th.outside(move || {
        with_message(|m| {
            // SAFETY: a message with room for one control message of this size; valid for the call.
            unsafe {
                let c = libc::CMSG_FIRSTHDR(m);
                (*c).cmsg_level = libc::SOL_SOCKET;
                (*c).cmsg_type = libc::SCM_RIGHTS;
                (*c).cmsg_len = libc::CMSG_LEN(size_of::<libc::c_int>() as u32) as _;
                libc::CMSG_DATA(c).cast::<libc::c_int>().write_unaligned(fd);
                if libc::sendmsg(to, m, 0) < 0 { errno() } else { 0 }
            }
        })
    })?;
    if sent == 0 { Ok(Value::NONE) } else { Err(failed(th, sent)) }
}

pub(super) fn recvfd(th: &mut Thread, args: Args<'_>) -> PyResult {
    let from = ops::int32_arg(th, args.pos[0])?;
    let got = th.outside(move || {
        with_message(|m| {
            // SAFETY: a message with room as told; a control message is looked at only where there is one.
            unsafe {
                if libc::recvmsg(from, m, 0) < 0 {
                    return Err(errno());
                }
                let c = libc::CMSG_FIRSTHDR(m);
                if c.is_null()
                    || ((*c).cmsg_len as usize) < libc::CMSG_LEN(size_of::<libc::c_int>() as u32) as usize
                    || (*c).cmsg_level != libc::SOL_SOCKET
                    || (*c).cmsg_type != libc::SCM_RIGHTS
                {
                    return Ok(None);
                }
                Ok(Some(libc::CMSG_DATA(c).cast::<libc::c_int>().read_unaligned()))
            }
        })
    })?;
    match got {
        Ok(Some(fd)) => Ok(th.int(i64::from(fd))),
        Ok(None) => Err(th.runtime_error("No file descriptor received")),
        Err(e) => Err(failed(th, e)),
    }
}

pub(super) fn address_of_buffer(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let found = match ops::slots_of(v).buffer {
        Some(get) => Some(get(th, v)?),
        None => None,
    };
    match found {
        Some(b) if b.readonly => Err(th.type_error("Cannot use string as modifiable buffer")),
        Some(b) => {
            let items = [th.int(b.ptr as usize as i64), th.int(b.len as i64)];
            th.try_tuple(&items)
        }
        None => Err(th.type_error("expected a writeable buffer object")),
    }
}
