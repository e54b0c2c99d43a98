//! Byte orders, and addresses as text and as bytes.

use super::errors::{error, failed};
use crate::arguments::read_only;
use crate::posix::calls::string;
use interpreter::layout::PyLong;
use interpreter::native::Args;
use interpreter::raised::PyResult;
use interpreter::{Thread, ops};
use std::net::Ipv4Addr;

/// `ntohs`, `htons`: 16 bits of a C int. `N` tells the two apart in nothing but their address.
pub(super) fn swap16<const N: u8>(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::int32_arg(th, args.pos[0])?;
    if n < 0 {
        return Err(th.overflow_error("can't convert negative number to unsigned long"));
    }
    Ok(th.int(i64::from((n as u16).to_be())))
}

/// `ntohl`, `htonl`: 32 bits; the result is a long.
pub(super) fn swap32(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let n = if let Some(n) = ops::int_value(v)
        && v.payload::<PyLong>().is_none()
    {
        if n < 0 {
            return Err(th.overflow_error("can't convert negative number to unsigned long"));
        }
        n as u32
    } else if let Some(l) = v.payload::<PyLong>() {
        let l = l.to_bigint();
        if l.sign() == num_bigint::Sign::Minus {
            return Err(th.overflow_error("can't convert negative value to unsigned long"));
        }
        match u64::try_from(&l) {
            Err(_) => return Err(th.overflow_error("long int too large to convert")),
            Ok(n) => match u32::try_from(n) {
                Ok(n) => n,
                Err(_) => return Err(th.overflow_error("long int larger than 32 bits")),
            },
        }
    } else {
        let n = ops::type_name(v);
        return Err(th.type_error(format!("expected int/long, {n} found")));
    };
    th.long(&num_bigint::BigInt::from(n.to_be()))
}

pub(super) fn inet_aton(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = string(th, args.pos[0], "inet_aton", 1)?;
    let mut a = libc::in_addr { s_addr: 0 };
    // SAFETY: a terminated string, room for the result.
    if unsafe { inet_aton_c(s.as_ptr(), &mut a) } == 0 {
        return Err(error(th, "illegal IP address string passed to inet_aton"));
    }
    th.try_str(&a.s_addr.to_ne_bytes())
}

unsafe extern "C" {
    #[link_name = "inet_aton"]
    fn inet_aton_c(text: *const libc::c_char, to: *mut libc::in_addr) -> libc::c_int;
    #[link_name = "inet_pton"]
    fn inet_pton_c(af: libc::c_int, text: *const libc::c_char, to: *mut libc::c_void) -> libc::c_int;
    #[link_name = "inet_ntop"]
    fn inet_ntop_c(
        af: libc::c_int,
        from: *const libc::c_void,
        to: *mut libc::c_char,
        room: libc::socklen_t,
    ) -> *const libc::c_char;
}

pub(super) fn inet_ntoa(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = read_only(th, args.pos[0], "inet_ntoa", 1)?;
    let Ok(b) = <[u8; 4]>::try_from(b.bytes()) else {
        return Err(error(th, "packed IP wrong length for inet_ntoa"));
    };
    th.try_str(Ipv4Addr::from(b).to_string().as_bytes())
}

pub(super) fn inet_pton(th: &mut Thread, args: Args<'_>) -> PyResult {
    let af = ops::int32_arg(th, args.pos[0])?;
    let s = string(th, args.pos[1], "inet_pton", 2)?;
    let mut out = [0u8; 16];
    // SAFETY: a terminated string, room for the longest address.
    match unsafe { inet_pton_c(af, s.as_ptr(), out.as_mut_ptr().cast()) } {
        n if n < 0 => {
            let e = crate::descriptors::errno();
            Err(failed(th, e))
        }
        0 => Err(error(th, "illegal IP address string passed to inet_pton")),
        _ if af == libc::AF_INET => th.try_str(&out[..4]),
        _ => th.try_str(&out),
    }
}

pub(super) fn inet_ntop(th: &mut Thread, args: Args<'_>) -> PyResult {
    let af = ops::int32_arg(th, args.pos[0])?;
    let b = read_only(th, args.pos[1], "inet_ntop", 2)?;
    let want = match af {
        libc::AF_INET => 4,
        libc::AF_INET6 => 16,
        _ => return Err(th.value_error(format!("unknown address family {af}"))),
    };
    let b = b.bytes();
    if b.len() != want {
        return Err(th.value_error("invalid length of packed IP address string"));
    }
    let mut out = [0u8; 64];
    // SAFETY: an address of the family's length, room for its longest text, which ends with a zero byte.
    let text = unsafe {
        if inet_ntop_c(af, b.as_ptr().cast(), out.as_mut_ptr().cast(), out.len() as libc::socklen_t).is_null()
        {
            let e = crate::descriptors::errno();
            return Err(failed(th, e));
        }
        std::ffi::CStr::from_ptr(out.as_ptr().cast())
    };
    th.try_str(text.to_bytes())
}
