//! Names of hosts to addresses and back: the C library's resolver, outside transactions.

use super::address::{Address, count, flow_label, host_name, host_text, resolve, show, word};
use super::errors::{error, failed, gai, host};
use super::wait::Failure;
use crate::descriptors::errno;
use crate::posix::calls::string;
use interpreter::layout::{PyStr, PyTuple};
use interpreter::native::Args;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};
use std::ffi::{CStr, CString};

/// What to ask `getaddrinfo`.
pub(super) struct Lookup {
    pub host: Option<CString>,
    pub service: Option<CString>,
    pub family: i32,
    pub kind: i32,
    pub protocol: i32,
    pub flags: i32,
}

/// One of its answers.
#[derive(Clone)]
pub(super) struct Found {
    pub kind: i32,
    pub protocol: i32,
    pub family: i32,
    pub name: Vec<u8>,
    pub address: Address,
}

/// Asks; the code and the errno otherwise.
pub(super) fn lookup(what: &Lookup) -> Result<Vec<Found>, (i32, i32)> {
    let text = |s: &Option<CString>| s.as_ref().map_or(std::ptr::null(), |s| s.as_ptr());
    let mut out = Vec::new();
    // SAFETY: terminated strings or null, a zeroed hint with numbers; the list is walked until its end and given back.
    unsafe {
        let mut hints: libc::addrinfo = std::mem::zeroed();
        hints.ai_family = what.family;
        hints.ai_socktype = what.kind;
        hints.ai_protocol = what.protocol;
        hints.ai_flags = what.flags;
        let mut list = std::ptr::null_mut();
        let code = libc::getaddrinfo(text(&what.host), text(&what.service), &hints, &mut list);
        if code != 0 {
            return Err((code, errno()));
        }
        let mut at = list;
        while !at.is_null() {
            let a = &*at;
            out.push(Found {
                kind: a.ai_socktype,
                protocol: a.ai_protocol,
                family: a.ai_family,
                name: match a.ai_canonname.is_null() {
                    true => Vec::new(),
                    false => CStr::from_ptr(a.ai_canonname).to_bytes().to_vec(),
                },
                address: Address::copied(a.ai_addr, a.ai_addrlen),
            });
            at = a.ai_next;
        }
        libc::freeaddrinfo(list);
    }
    Ok(out)
}

pub(super) fn getaddrinfo(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mut numbers = [0i32; 4];
    for (i, n) in numbers.iter_mut().enumerate() {
        if let Some(v) = args.get(i + 2) {
            *n = ops::int32_arg(th, v)?;
        }
    }
    let [family, kind, protocol, flags] = numbers;
    let (h, p) = (args.pos[0], args.pos[1]);
    let asked = if h.is_none() {
        None
    } else if h.payload::<PyStr>().is_some() || h.payload::<interpreter::layout::PyUnicode>().is_some() {
        Some(host_name(th, h, "getaddrinfo", 1)?)
    } else {
        return Err(th.type_error("getaddrinfo() argument 1 must be string or None"));
    };
    let service = if ops::exact_integer(p).is_some() {
        CString::new(ops::integer_arg(th, p)?.to_string()).ok()
    } else if let Some(s) = p.payload::<PyStr>() {
        // As C reads it: up to a zero byte.
        CString::new(s.get().bytes().split(|c| *c == 0).next().unwrap_or(&[])).ok()
    } else if p.is_none() {
        None
    } else {
        return Err(error(th, "getaddrinfo() argument 2 must be integer or string"));
    };
    let what = Lookup { host: asked, service, family, kind, protocol, flags };
    let found = match th.outside(move || lookup(&what))? {
        Ok(f) => f,
        Err((code, e)) => return Err(gai(th, code, e)),
    };
    let out = th.m.root_vec();
    for f in &found {
        let address = show(th, -1, &f.address)?;
        let items = [
            th.int(i64::from(f.family)),
            th.int(i64::from(f.kind)),
            th.int(i64::from(f.protocol)),
            th.try_str(&f.name)?,
            address,
        ];
        out.push(th.try_tuple(&items)?.bits());
    }
    th.new_list(ops::values(&out))
}

pub(super) fn getnameinfo(th: &mut Thread, args: Args<'_>) -> PyResult {
    let flags = ops::int32_arg(th, args.pos[1])?;
    let Some(t) = args.pos[0].payload::<PyTuple>() else {
        return Err(th.type_error("getnameinfo() argument 1 must be a tuple"));
    };
    let t = t.get().items();
    count(th, t.len(), 2, 4, "function")?;
    if t[0].payload::<PyStr>().is_none() && t[0].payload::<interpreter::layout::PyUnicode>().is_none() {
        let n = if t[0].is_none() { String::from("None") } else { ops::type_name(t[0]) };
        return Err(th.type_error(format!("argument 1 must be string, not {n}")));
    }
    let name = string(th, t[0], "getnameinfo", 1)?;
    let port = ops::int32_arg(th, t[1])?;
    let flow = t.get(2).map_or(Ok(0), |v| word(th, *v))?;
    let scope = t.get(3).map_or(Ok(0), |v| word(th, *v))?;
    let flow = flow_label(th, flow)?;
    let what = Lookup {
        host: Some(name),
        service: CString::new(port.to_string()).ok(),
        family: libc::AF_UNSPEC,
        kind: libc::SOCK_DGRAM,
        protocol: 0,
        flags: 0,
    };
    let found = match th.outside(move || lookup(&what))? {
        Ok(f) => f,
        Err((code, e)) => return Err(gai(th, code, e)),
    };
    let [only] = &found[..] else {
        return Err(error(th, "sockaddr resolved to multiple addresses"));
    };
    let mut a = only.address;
    if a.family() == libc::AF_INET && t.len() != 2 {
        return Err(error(th, "IPv4 sockaddr must be 2 tuple"));
    }
    if a.family() == libc::AF_INET6 {
        a = a.with_port(port as u16, flow, scope);
    }
    match th.outside(move || name_info(&a, flags))? {
        Ok((h, s)) => {
            let items = [th.try_str(&h)?, th.try_str(&s)?];
            th.try_tuple(&items)
        }
        Err((code, e)) => Err(gai(th, code, e)),
    }
}

type Names = (Vec<u8>, Vec<u8>);

fn name_info(a: &Address, flags: i32) -> Result<Names, (i32, i32)> {
    let (mut h, mut s) = ([0 as libc::c_char; 1025], [0 as libc::c_char; 32]);
    // SAFETY: an address of that length, room as told; terminated strings come back.
    unsafe {
        let code = libc::getnameinfo(
            a.ptr(),
            a.len,
            h.as_mut_ptr(),
            h.len() as libc::socklen_t,
            s.as_mut_ptr(),
            s.len() as libc::socklen_t,
            flags,
        );
        if code != 0 {
            return Err((code, errno()));
        }
        Ok((CStr::from_ptr(h.as_ptr()).to_bytes().to_vec(), CStr::from_ptr(s.as_ptr()).to_bytes().to_vec()))
    }
}

/// The host argument of the old functions.
fn old_host(th: &mut Thread, v: Value, function: &str) -> PyResult<CString> {
    if v.payload::<PyStr>().is_none() && v.payload::<interpreter::layout::PyUnicode>().is_none() {
        let n = if v.is_none() { String::from("None") } else { ops::type_name(v) };
        return Err(th.type_error(format!("{function}() argument 1 must be string, not {n}")));
    }
    host_name(th, v, function, 1)
}

pub(super) fn gethostbyname(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = old_host(th, args.pos[0], "gethostbyname")?;
    let a = resolve(th, &name, libc::AF_INET)?;
    host_text(th, &a)
}

unsafe extern "C" {
    fn gethostbyname_r(
        name: *const libc::c_char,
        ret: *mut libc::hostent,
        buf: *mut libc::c_char,
        len: libc::size_t,
        result: *mut *mut libc::hostent,
        error: *mut libc::c_int,
    ) -> libc::c_int;
    fn gethostbyaddr_r(
        address: *const libc::c_void,
        length: libc::socklen_t,
        family: libc::c_int,
        ret: *mut libc::hostent,
        buf: *mut libc::c_char,
        len: libc::size_t,
        result: *mut *mut libc::hostent,
        error: *mut libc::c_int,
    ) -> libc::c_int;
}

/// A `hostent`, copied.
#[derive(Clone)]
struct Host {
    name: Vec<u8>,
    aliases: Vec<Vec<u8>>,
    family: i32,
    addresses: Vec<Vec<u8>>,
}

/// Calls one of the functions above with enough room; the `h_errno` otherwise.
fn host_entry(
    mut f: impl FnMut(
        *mut libc::hostent,
        *mut libc::c_char,
        usize,
        *mut *mut libc::hostent,
        *mut libc::c_int,
    ) -> libc::c_int,
) -> Result<Host, i32> {
    let mut buf: Vec<libc::c_char> = vec![0; 16384];
    loop {
        let mut code = 0;
        let mut found = std::ptr::null_mut();
        // SAFETY: a zeroed struct of pointers, filled by the call.
        let mut h: libc::hostent = unsafe { std::mem::zeroed() };
        if f(&mut h, buf.as_mut_ptr(), buf.len(), &mut found, &mut code) == libc::ERANGE
            && buf.len() < 1 << 20
        {
            buf.resize(buf.len() * 2, 0);
            continue;
        }
        if found.is_null() {
            return Err(code);
        }
        // SAFETY: a filled struct: terminated strings, lists that end with null, addresses of the told length.
        return unsafe {
            let list = |mut p: *mut *mut libc::c_char, len: Option<usize>| {
                let mut out = Vec::new();
                while !p.is_null() && !(*p).is_null() {
                    out.push(match len {
                        None => CStr::from_ptr(*p).to_bytes().to_vec(),
                        Some(n) => std::slice::from_raw_parts((*p).cast::<u8>(), n).to_vec(),
                    });
                    p = p.add(1);
                }
                out
            };
            Ok(Host {
                name: CStr::from_ptr(h.h_name).to_bytes().to_vec(),
                aliases: list(h.h_aliases, None),
                family: h.h_addrtype,
                addresses: list(h.h_addr_list, Some(h.h_length.max(0) as usize)),
            })
        };
    }
}

/// (name, aliases, addresses)
fn triple(th: &mut Thread, h: Result<Host, i32>, wanted: i32) -> PyResult {
    let h = match h {
        Ok(h) => h,
        Err(code) => return Err(host(th, code)),
    };
    if h.family != wanted {
        return Err(super::errors::raise(th, Failure::Errno(libc::EAFNOSUPPORT)));
    }
    let aliases = th.m.root_vec();
    for a in &h.aliases {
        aliases.push(th.try_str(a)?.bits());
    }
    let addresses = th.m.root_vec();
    for a in &h.addresses {
        let text = if let Ok(a) = <[u8; 4]>::try_from(&a[..]) {
            std::net::Ipv4Addr::from(a).to_string()
        } else if let Ok(a) = <[u8; 16]>::try_from(&a[..]) {
            std::net::Ipv6Addr::from(a).to_string()
        } else {
            return Err(failed(th, libc::EAFNOSUPPORT));
        };
        addresses.push(th.try_str(text.as_bytes())?.bits());
    }
    let items =
        [th.try_str(&h.name)?, th.new_list(ops::values(&aliases))?, th.new_list(ops::values(&addresses))?];
    th.try_tuple(&items)
}

pub(super) fn gethostbyname_ex(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = old_host(th, args.pos[0], "gethostbyname_ex")?;
    // A name that cannot be resolved is a gaierror.
    resolve(th, &name, libc::AF_INET)?;
    let h = th.outside(move || {
        host_entry(|h, buf, len, found, code| {
            // SAFETY: a terminated name; the rest as the caller has made it.
            unsafe { gethostbyname_r(name.as_ptr(), h, buf, len, found, code) }
        })
    })?;
    triple(th, h, libc::AF_INET)
}

pub(super) fn gethostbyaddr(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = old_host(th, args.pos[0], "gethostbyaddr")?;
    let a = resolve(th, &name, libc::AF_UNSPEC)?;
    let family = a.family();
    let h = th.outside(move || {
        let (at, len) = match a.family() {
            libc::AF_INET => (4, 4),
            libc::AF_INET6 => (8, 16),
            _ => return Err(0),
        };
        host_entry(|h, buf, room, found, code| {
            // SAFETY: the address proper lies at that offset of either structure; the rest as the caller has made it.
            unsafe {
                let p = a.ptr().cast::<u8>().add(at);
                gethostbyaddr_r(p.cast(), len, a.family(), h, buf, room, found, code)
            }
        })
    })?;
    triple(th, h, family)
}
