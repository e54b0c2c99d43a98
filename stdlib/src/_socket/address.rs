//! Addresses: from Python objects to the kernel's structures and back.

use super::errors::{error, failed, gai};
use super::resolve::{Lookup, lookup};
use crate::arguments::read_only;
use crate::descriptors::errno;
use interpreter::layout::{PyStr, PyTuple, PyUnicode};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};
use std::ffi::{CStr, CString};

/// Room for the address of any family, and how much of it is used.
#[derive(Copy, Clone)]
pub(super) struct Address {
    storage: libc::sockaddr_storage,
    pub len: libc::socklen_t,
}

/// `struct sockaddr_tipc`, which the C library's headers do not have.
#[repr(C)]
#[derive(Copy, Clone)]
struct Tipc {
    family: u16,
    kind: u8,
    scope: i8,
    words: [u32; 3],
}

const TIPC_ADDR_NAMESEQ: u8 = 1;
const TIPC_ADDR_NAME: u8 = 2;
const TIPC_ADDR_ID: u8 = 3;

impl Address {
    /// Empty, with all its room offered.
    pub fn room() -> Address {
        // SAFETY: all zeroes is a valid address of no family.
        let storage = unsafe { std::mem::zeroed() };
        Address { storage, len: size_of::<libc::sockaddr_storage>() as libc::socklen_t }
    }

    /// A copy of one of the kernel's structures.
    fn of<T: Copy>(value: T) -> Address {
        const { assert!(size_of::<T>() <= size_of::<libc::sockaddr_storage>()) };
        let mut a = Address::room();
        // SAFETY: it fits, and the storage is aligned for every address.
        unsafe { (&raw mut a.storage).cast::<T>().write(value) };
        a.len = size_of::<T>() as libc::socklen_t;
        a
    }

    /// The structure seen as that of one family.
    fn seen_as<T: Copy>(&self) -> T {
        const { assert!(size_of::<T>() <= size_of::<libc::sockaddr_storage>()) };
        // SAFETY: it fits, the storage is aligned for every address, and all of it is initialized; `T` is a struct of
        // integers.
        unsafe { (&raw const self.storage).cast::<T>().read() }
    }

    /// A copy of `len` bytes that the C library owns.
    ///
    /// # Safety
    /// `p` points to as many bytes.
    pub unsafe fn copied(p: *const libc::sockaddr, len: libc::socklen_t) -> Address {
        let mut a = Address::room();
        a.len = len.min(a.len);
        // SAFETY: the caller's promise; there is room for as many.
        unsafe {
            std::ptr::copy_nonoverlapping(p.cast::<u8>(), (&raw mut a.storage).cast::<u8>(), a.len as usize);
        }
        a
    }

    pub fn ptr(&self) -> *const libc::sockaddr {
        (&raw const self.storage).cast()
    }

    pub fn ptr_mut(&mut self) -> *mut libc::sockaddr {
        (&raw mut self.storage).cast()
    }

    pub fn family(&self) -> i32 {
        i32::from(self.storage.ss_family)
    }

    /// The bytes in use.
    fn bytes(&self) -> &[u8] {
        let n = (self.len as usize).min(size_of::<libc::sockaddr_storage>());
        // SAFETY: within the storage, all of which is initialized.
        unsafe { std::slice::from_raw_parts((&raw const self.storage).cast::<u8>(), n) }
    }

    /// An internet address with port, and for IPv6 flow label and scope.
    pub fn with_port(mut self, port: u16, flow: u32, scope: u32) -> Address {
        if self.family() == libc::AF_INET6 {
            let mut a: libc::sockaddr_in6 = self.seen_as();
            a.sin6_port = port.to_be();
            a.sin6_flowinfo = flow.to_be();
            a.sin6_scope_id = scope;
            self = Address::of(a);
        } else if self.family() == libc::AF_INET {
            let mut a: libc::sockaddr_in = self.seen_as();
            a.sin_port = port.to_be();
            self = Address::of(a);
        }
        self
    }
}

/// Whether addresses of the family are known here.
pub(super) fn is_known(family: i32) -> bool {
    matches!(
        family,
        libc::AF_UNIX | libc::AF_NETLINK | libc::AF_INET | libc::AF_INET6 | libc::AF_PACKET | libc::AF_TIPC
    )
}

/// A host name argument as bytes: a str, or unicode in IDNA.
pub(super) fn host_name(th: &mut Thread, v: Value, function: &str, i: usize) -> PyResult<CString> {
    let bytes: &[u8] = if let Some(s) = v.payload::<PyStr>() {
        s.get().bytes()
    } else if v.payload::<PyUnicode>().is_some() {
        let m = ops::getattr_name(th, v, &interpreter::names::encode)?;
        let idna = th.new_str(b"idna");
        let r = ops::call(th, m, &[idna])?;
        th.str_bytes(r)
    } else {
        let n = if v.is_none() { String::from("NoneType") } else { ops::type_name(v) };
        return Err(th.type_error(format!("coercing to Unicode: need string or buffer, {n} found")));
    };
    match CString::new(bytes) {
        Ok(c) => Ok(c),
        Err(_) => {
            let n = ops::type_name(v);
            Err(th.type_error(format!(
                "{function}() argument {i} must be encoded string without null bytes, not {n}"
            )))
        }
    }
}

/// The address of a host: of one family, or of any with `AF_UNSPEC`.
pub(super) fn resolve(th: &mut Thread, name: &CString, family: i32) -> PyResult<Address> {
    let b = name.as_bytes();
    if b == b"<broadcast>" {
        if family != libc::AF_INET && family != libc::AF_UNSPEC {
            return Err(error(th, "address family mismatched"));
        }
        return Ok(inet([255; 4], 0));
    }
    if (family == libc::AF_INET || family == libc::AF_UNSPEC)
        && let Some(a) = dotted(b)
    {
        return Ok(inet(a, 0));
    }
    let passive = b.is_empty();
    let what = if passive {
        Lookup {
            host: None,
            service: CString::new("0").ok(),
            family,
            kind: libc::SOCK_DGRAM,
            protocol: 0,
            flags: libc::AI_PASSIVE,
        }
    } else {
        Lookup { host: Some(name.clone()), service: None, family, kind: 0, protocol: 0, flags: 0 }
    };
    match th.outside(move || lookup(&what))? {
        Ok(found) if passive && found.len() > 1 => Err(error(th, "wildcard resolved to multiple address")),
        Ok(found) => match found.first() {
            Some(f) => Ok(f.address),
            None => Err(gai(th, libc::EAI_NONAME, 0)),
        },
        Err((code, e)) => Err(gai(th, code, e)),
    }
}

/// An IPv4 address in the plain form of four decimal numbers.
fn dotted(b: &[u8]) -> Option<[u8; 4]> {
    let mut out = [0; 4];
    let mut parts = b.split(|c| *c == b'.');
    for o in &mut out {
        let p = parts.next()?;
        if p.is_empty() || p.len() > 3 || !p.iter().all(u8::is_ascii_digit) {
            return None;
        }
        *o = std::str::from_utf8(p).ok()?.parse().ok()?;
    }
    parts.next().is_none().then_some(out)
}

fn inet(a: [u8; 4], port: u16) -> Address {
    // SAFETY: all zeroes is a valid address.
    let mut s: libc::sockaddr_in = unsafe { std::mem::zeroed() };
    s.sin_family = libc::AF_INET as libc::sa_family_t;
    s.sin_addr.s_addr = u32::from_ne_bytes(a);
    s.sin_port = port.to_be();
    Address::of(s)
}

/// The items of an address tuple.
fn tuple<'a>(
    th: &mut Thread,
    v: Value,
    family: &str,
    min: usize,
    max: usize,
    named: bool,
) -> PyResult<&'a [Value]> {
    let Some(t) = v.payload::<PyTuple>() else {
        let n = ops::type_name(v);
        return Err(th.type_error(format!("getsockaddrarg: {family} address must be tuple, not {n}")));
    };
    let items = t.get().items();
    count(th, items.len(), min, max, if named { "getsockaddrarg()" } else { "function" })?;
    Ok(items)
}

/// TypeError unless between `min` and `max` items were given.
pub(super) fn count(th: &mut Thread, given: usize, min: usize, max: usize, what: &str) -> PyResult<()> {
    if (min..=max).contains(&given) {
        return Ok(());
    }
    let (word, n) = if min == max {
        ("exactly", min)
    } else if given < min {
        ("at least", min)
    } else {
        ("at most", max)
    };
    let s = if n == 1 { "" } else { "s" };
    Err(th.type_error(format!("{what} takes {word} {n} argument{s} ({given} given)")))
}

fn port(th: &mut Thread, v: Value) -> PyResult<i32> {
    ops::int32_arg(th, v)
}

fn checked_port(th: &mut Thread, n: i32) -> PyResult<u16> {
    u16::try_from(n).map_err(|_| th.overflow_error("getsockaddrarg: port must be 0-65535."))
}

/// A flow label, which has 20 bits.
pub(super) fn flow_label(th: &mut Thread, n: u32) -> PyResult<u32> {
    if n > 0xfffff {
        return Err(th.overflow_error("getsockaddrarg: flowinfo must be 0-1048575."));
    }
    Ok(n)
}

/// An unsigned 32-bit argument, taken as it comes.
pub(super) fn word(th: &mut Thread, v: Value) -> PyResult<u32> {
    match ops::exact_integer(v) {
        Some(n) => {
            use num_traits::ToPrimitive;
            let low = &n & num_bigint::BigInt::from(u32::MAX);
            Ok(low.to_u32().unwrap_or(0))
        }
        None => Ok(ops::integer_arg(th, v)? as u32),
    }
}

/// The address argument of a socket of `family` with descriptor `fd`.
pub(super) fn parse(th: &mut Thread, fd: i32, family: i32, v: Value) -> PyResult<Address> {
    match family {
        libc::AF_UNIX => unix(th, v),
        libc::AF_NETLINK => {
            let t = tuple(th, v, "AF_NETLINK", 2, 2, true)?;
            let (pid, groups) = (word(th, t[0])?, word(th, t[1])?);
            // SAFETY: all zeroes is a valid address.
            let mut a: libc::sockaddr_nl = unsafe { std::mem::zeroed() };
            a.nl_family = libc::AF_NETLINK as libc::sa_family_t;
            a.nl_pid = pid;
            a.nl_groups = groups;
            Ok(Address::of(a))
        }
        libc::AF_INET => {
            let t = tuple(th, v, "AF_INET", 2, 2, true)?;
            let host = host_name(th, t[0], "getsockaddrarg", 1)?;
            let n = port(th, t[1])?;
            let a = resolve(th, &host, libc::AF_INET)?;
            let n = checked_port(th, n)?;
            Ok(a.with_port(n, 0, 0))
        }
        libc::AF_INET6 => {
            let t = tuple(th, v, "AF_INET6", 2, 4, false)?;
            let host = host_name(th, t[0], "getsockaddrarg", 1)?;
            let n = port(th, t[1])?;
            let flow = t.get(2).map_or(Ok(0), |v| word(th, *v))?;
            let scope = t.get(3).map_or(Ok(0), |v| word(th, *v))?;
            let a = resolve(th, &host, libc::AF_INET6)?;
            let n = checked_port(th, n)?;
            let flow = flow_label(th, flow)?;
            Ok(a.with_port(n, flow, scope))
        }
        libc::AF_PACKET => packet(th, fd, v),
        libc::AF_TIPC => {
            let t = tuple(th, v, "AF_TIPC", 4, 5, false)?;
            let kind = word(th, t[0])?;
            let mut words = [0; 3];
            for (w, v) in words.iter_mut().zip(&t[1..4]) {
                *w = word(th, *v)?;
            }
            let scope = t.get(4).map_or(Ok(2), |v| word(th, *v))?;
            // An address by id is (node, reference) in Python, reference first in the structure.
            let words = match kind as u8 {
                TIPC_ADDR_NAMESEQ => words,
                TIPC_ADDR_NAME => [words[0], words[1], 0],
                TIPC_ADDR_ID => [words[1], words[0], 0],
                _ => return Err(th.type_error("Invalid address type")),
            };
            Ok(Address::of(Tipc {
                family: libc::AF_TIPC as u16,
                kind: kind as u8,
                scope: scope as i8,
                words,
            }))
        }
        _ => Err(error(th, "getsockaddrarg: bad family")),
    }
}

fn unix(th: &mut Thread, v: Value) -> PyResult<Address> {
    let text = if v.payload::<PyUnicode>().is_some() {
        interpreter::objects::unicode::encode_default(th, v)?
    } else {
        v
    };
    let b = match (text.payload::<PyStr>(), ops::slots_of(text).buffer) {
        (Some(s), _) => s.get().bytes(),
        (None, Some(get)) if get(th, text)?.readonly => get(th, text)?.bytes(),
        (None, found) => {
            let n = if v.is_none() { String::from("None") } else { ops::type_name(v) };
            let what = if found.is_some() { "pinned buffer" } else { "read-only character buffer" };
            return Err(th.type_error(format!("argument must be string or {what}, not {n}")));
        }
    };
    // SAFETY: all zeroes is a valid address.
    let mut a: libc::sockaddr_un = unsafe { std::mem::zeroed() };
    a.sun_family = libc::AF_UNIX as libc::sa_family_t;
    // Names that begin with a zero byte are not in the file system and need no end.
    let room = if b.first() == Some(&0) { a.sun_path.len() } else { a.sun_path.len() - 1 };
    if b.len() > room {
        return Err(error(th, "AF_UNIX path too long"));
    }
    for (to, from) in a.sun_path.iter_mut().zip(b) {
        *to = *from as libc::c_char;
    }
    let mut out = Address::of(a);
    out.len = (std::mem::offset_of!(libc::sockaddr_un, sun_path) + b.len()) as libc::socklen_t;
    Ok(out)
}

fn packet(th: &mut Thread, fd: i32, v: Value) -> PyResult<Address> {
    let t = tuple(th, v, "AF_PACKET", 2, 5, false)?;
    let name = crate::posix::calls::string(th, t[0], "getsockaddrarg", 1)?;
    let protocol = ops::int32_arg(th, t[1])?;
    let kind = t.get(2).map_or(Ok(0), |v| ops::int32_arg(th, *v))?;
    let hardware = t.get(3).map_or(Ok(0), |v| ops::int32_arg(th, *v))?;
    let address = match t.get(4) {
        Some(v) => Some(read_only(th, *v, "getsockaddrarg", 5)?),
        None => None,
    };
    let address = address.as_ref().map_or(&[][..], |b| b.bytes());
    if address.len() > 8 {
        return Err(th.value_error("Hardware address must be 8 bytes or less"));
    }
    let Ok(protocol) = u16::try_from(protocol) else {
        return Err(th.overflow_error("getsockaddrarg: protoNumber must be 0-65535."));
    };
    // SAFETY: a zeroed request with a terminated name; the socket's own descriptor.
    let index = unsafe {
        let mut r: libc::ifreq = std::mem::zeroed();
        let room = r.ifr_name.len() - 1;
        for (to, from) in r.ifr_name[..room].iter_mut().zip(name.as_bytes()) {
            *to = *from as libc::c_char;
        }
        if libc::ioctl(fd, libc::SIOCGIFINDEX as _, &mut r) < 0 {
            let e = errno();
            return Err(failed(th, e));
        }
        r.ifr_ifru.ifru_ifindex
    };
    // SAFETY: all zeroes is a valid address.
    let mut a: libc::sockaddr_ll = unsafe { std::mem::zeroed() };
    a.sll_family = libc::AF_PACKET as u16;
    a.sll_protocol = protocol.to_be();
    a.sll_ifindex = index;
    a.sll_pkttype = kind as u8;
    a.sll_hatype = hardware as u16;
    a.sll_halen = address.len() as u8;
    a.sll_addr[..address.len()].copy_from_slice(address);
    Ok(Address::of(a))
}

/// The host part of an internet address as text.
pub(super) fn host_text(th: &mut Thread, a: &Address) -> PyResult {
    let mut buf = [0 as libc::c_char; 1025];
    // SAFETY: an address of that length, room for the text.
    let code = unsafe {
        libc::getnameinfo(
            a.ptr(),
            a.len,
            buf.as_mut_ptr(),
            buf.len() as libc::socklen_t,
            std::ptr::null_mut(),
            0,
            libc::NI_NUMERICHOST,
        )
    };
    if code != 0 {
        let e = errno();
        return Err(gai(th, code, e));
    }
    // SAFETY: a terminated string.
    th.try_str(unsafe { CStr::from_ptr(buf.as_ptr()) }.to_bytes())
}

/// An address as Python sees it; `fd`: a socket of that family.
pub(super) fn show(th: &mut Thread, fd: i32, a: &Address) -> PyResult {
    if a.len == 0 {
        return Ok(Value::NONE);
    }
    let items = match a.family() {
        libc::AF_INET => {
            let s: libc::sockaddr_in = a.seen_as();
            let host = host_text(th, a)?;
            return th.try_tuple(&[host, th.int(i64::from(u16::from_be(s.sin_port)))]);
        }
        libc::AF_INET6 => {
            let s: libc::sockaddr_in6 = a.seen_as();
            let host = host_text(th, a)?;
            [
                host,
                th.int(i64::from(u16::from_be(s.sin6_port))),
                th.int(i64::from(u32::from_be(s.sin6_flowinfo))),
                th.int(i64::from(s.sin6_scope_id)),
            ]
        }
        libc::AF_UNIX => {
            let path = a.bytes().get(std::mem::offset_of!(libc::sockaddr_un, sun_path)..).unwrap_or(&[]);
            let path = match path.first() {
                Some(0) => path,
                _ => path.split(|c| *c == 0).next().unwrap_or(&[]),
            };
            return th.try_str(path);
        }
        libc::AF_NETLINK => {
            let s: libc::sockaddr_nl = a.seen_as();
            return th.try_tuple(&[th.int(i64::from(s.nl_pid)), th.int(i64::from(s.nl_groups))]);
        }
        libc::AF_PACKET => return show_packet(th, fd, a),
        libc::AF_TIPC => {
            let s: Tipc = a.seen_as();
            let [x, y, z] = match s.kind {
                TIPC_ADDR_NAMESEQ => s.words,
                TIPC_ADDR_NAME => [s.words[0], s.words[1], s.words[1]],
                TIPC_ADDR_ID => [s.words[1], s.words[0], 0],
                _ => return Err(th.type_error("Invalid address type")),
            };
            let items = [i64::from(s.kind), i64::from(x), i64::from(y), i64::from(z), i64::from(s.scope)]
                .map(|n| th.int(n));
            return th.try_tuple(&items);
        }
        f => {
            let data = a.bytes().get(2..16).unwrap_or(&[]);
            let data = data.split(|c| *c == 0).next().unwrap_or(&[]);
            let data = th.try_str(data)?;
            return th.try_tuple(&[th.int(i64::from(f)), data]);
        }
    };
    th.try_tuple(&items)
}

fn show_packet(th: &mut Thread, fd: i32, a: &Address) -> PyResult {
    let s: libc::sockaddr_ll = a.seen_as();
    // SAFETY: a zeroed request; the name that comes back is terminated, or was empty before.
    let name = unsafe {
        let mut r: libc::ifreq = std::mem::zeroed();
        r.ifr_ifru.ifru_ifindex = s.sll_ifindex;
        if s.sll_ifindex != 0 && libc::ioctl(fd, libc::SIOCGIFNAME as _, &mut r) == 0 {
            CStr::from_ptr(r.ifr_name.as_ptr()).to_bytes().to_vec()
        } else {
            Vec::new()
        }
    };
    let address = &s.sll_addr[..usize::from(s.sll_halen).min(s.sll_addr.len())];
    let items = [
        th.try_str(&name)?,
        th.int(i64::from(u16::from_be(s.sll_protocol))),
        th.int(i64::from(s.sll_pkttype)),
        th.int(i64::from(s.sll_hatype)),
        th.try_str(address)?,
    ];
    th.try_tuple(&items)
}
