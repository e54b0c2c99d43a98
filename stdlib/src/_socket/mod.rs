//! `_socket`: what module `socket` is built on.
//!
//! A socket is a record ([`object`]) with its descriptor; -1 once closed. Every system call that may wait runs outside
//! transactions ([`wait`]) on copies of its arguments; its result reaches the heap when the bytecode runs again, so
//! neither a conflict nor a signal's handler loses received bytes or an accepted connection. A descriptor is closed only
//! when the transaction that closed the object has committed (N3).
//!
//! The library's `socket.py` leaves closing to reference counts; [`owners`] counts its owners instead.
//!
//! Checked by CPython's test_socket and the tests of the modules on top of it.

mod address;
mod connect;
mod constants;
mod errors;
mod names;
mod numbers;
mod object;
mod options;
pub(crate) mod owners;
mod resolve;
mod transfer;
mod wait;

use interpreter::native::{BLOCKS, MethodDef, ModuleDef};
use interpreter::objects::module;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};

/// `_socket`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_socket",
    doc: Some("Sockets, and names of hosts and services. Use module socket."),
    functions: &[
        MethodDef::new(
            "fromfd",
            object::fromfd,
            3,
            4,
            BLOCKS,
            "fromfd(fd, family, type[, proto]) -> socket object\n\nA socket for a copy of a descriptor.",
        ),
        MethodDef::new(
            "socketpair",
            object::socketpair,
            0,
            3,
            BLOCKS,
            "socketpair([family[, type[, proto]]]) -> (socket object, socket object)\n\nTwo sockets connected with each other.",
        ),
        MethodDef::new(
            "getdefaulttimeout",
            object::getdefaulttimeout,
            0,
            0,
            0,
            "getdefaulttimeout() -> timeout",
        ),
        MethodDef::new(
            "setdefaulttimeout",
            object::setdefaulttimeout,
            1,
            1,
            BLOCKS,
            "setdefaulttimeout(timeout)",
        ),
        MethodDef::new(
            "getaddrinfo",
            resolve::getaddrinfo,
            2,
            6,
            BLOCKS,
            "getaddrinfo(host, port [, family, socktype, proto, flags])\n    -> list of (family, socktype, proto, canonname, sockaddr)",
        ),
        MethodDef::new(
            "getnameinfo",
            resolve::getnameinfo,
            2,
            2,
            BLOCKS,
            "getnameinfo(sockaddr, flags) --> (host, port)",
        ),
        MethodDef::new(
            "gethostbyname",
            resolve::gethostbyname,
            1,
            1,
            BLOCKS,
            "gethostbyname(host) -> address\n\nThe IPv4 address of a host, as a string.",
        ),
        MethodDef::new(
            "gethostbyname_ex",
            resolve::gethostbyname_ex,
            1,
            1,
            BLOCKS,
            "gethostbyname_ex(host) -> (name, aliaslist, addresslist)",
        ),
        MethodDef::new(
            "gethostbyaddr",
            resolve::gethostbyaddr,
            1,
            1,
            BLOCKS,
            "gethostbyaddr(host) -> (name, aliaslist, addresslist)",
        ),
        MethodDef::new("gethostname", names::gethostname, 0, 0, BLOCKS, "gethostname() -> string"),
        MethodDef::new(
            "getservbyname",
            names::getservbyname,
            1,
            2,
            BLOCKS,
            "getservbyname(servicename[, protocolname]) -> integer",
        ),
        MethodDef::new(
            "getservbyport",
            names::getservbyport,
            1,
            2,
            BLOCKS,
            "getservbyport(port[, protocolname]) -> string",
        ),
        MethodDef::new(
            "getprotobyname",
            names::getprotobyname,
            1,
            1,
            BLOCKS,
            "getprotobyname(name) -> integer",
        ),
        MethodDef::new("ntohs", numbers::swap16::<0>, 1, 1, 0, "ntohs(integer) -> integer"),
        MethodDef::new("htons", numbers::swap16::<1>, 1, 1, 0, "htons(integer) -> integer"),
        MethodDef::new("ntohl", numbers::swap32, 1, 1, 0, "ntohl(integer) -> integer"),
        MethodDef::new("htonl", numbers::swap32, 1, 1, 0, "htonl(integer) -> integer"),
        MethodDef::new("inet_aton", numbers::inet_aton, 1, 1, 0, "inet_aton(string) -> packed 32-bit IP"),
        MethodDef::new("inet_ntoa", numbers::inet_ntoa, 1, 1, 0, "inet_ntoa(packed_ip) -> ip_address_string"),
        MethodDef::new(
            "inet_pton",
            numbers::inet_pton,
            2,
            2,
            0,
            "inet_pton(af, ip) -> packed IP address string",
        ),
        MethodDef::new("inet_ntop", numbers::inet_ntop, 2, 2, 0, "inet_ntop(af, packed_ip) -> string"),
    ],
    types: &[&object::SOCKET],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    crate::ready(th, &[&errors::ERROR, &errors::HERROR, &errors::GAIERROR, &errors::TIMEOUT])?;
    for (name, def) in [
        ("error", &errors::ERROR),
        ("herror", &errors::HERROR),
        ("gaierror", &errors::GAIERROR),
        ("timeout", &errors::TIMEOUT),
        ("SocketType", &object::SOCKET),
    ] {
        module::add(th, m, name, def.class())?;
    }
    module::add(th, m, "has_ipv6", Value::TRUE)?;
    for (name, n) in constants::CONSTANTS {
        module::add_int(th, m, name, *n)?;
    }
    Ok(())
}
