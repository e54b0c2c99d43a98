//! `select`: waiting for descriptors.

mod classic;
mod epoll;
mod poll;

use interpreter::kinds::kind;
use interpreter::native::{BLOCKS, MethodDef, ModuleDef, TypeDef};
use interpreter::objects::{exceptions, module};
use interpreter::raised::{PyResult, Raised};
use interpreter::{Thread, Value};

/// `select.error`.
static ERROR: TypeDef =
    TypeDef { module: "select", base: Some(&exceptions::EXCEPTION), ..TypeDef::new("error", kind::INSTANCE) };

/// `select`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "select",
    doc: Some("Waiting until descriptors can be read or written."),
    functions: &[
        MethodDef::new(
            "select",
            classic::select,
            3,
            4,
            BLOCKS,
            "select(rlist, wlist, xlist[, timeout]) -> (rlist, wlist, xlist)\n\nWaits until one of the descriptors is ready; the lists say which are.",
        ),
        MethodDef::new("poll", poll::new, 0, 0, 0, "poll() -> polling object"),
    ],
    types: &[&ERROR, &epoll::EPOLL],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    interpreter::types::ready::ready(th, &poll::POLL)?;
    for (name, n) in [
        ("POLLIN", libc::POLLIN as i64),
        ("POLLPRI", libc::POLLPRI as i64),
        ("POLLOUT", libc::POLLOUT as i64),
        ("POLLERR", libc::POLLERR as i64),
        ("POLLHUP", libc::POLLHUP as i64),
        ("POLLNVAL", libc::POLLNVAL as i64),
        ("POLLRDNORM", libc::POLLRDNORM as i64),
        ("POLLRDBAND", libc::POLLRDBAND as i64),
        ("POLLWRNORM", libc::POLLWRNORM as i64),
        ("POLLWRBAND", libc::POLLWRBAND as i64),
        ("POLLMSG", 0x400),
        ("EPOLLIN", libc::EPOLLIN as i64),
        ("EPOLLOUT", libc::EPOLLOUT as i64),
        ("EPOLLPRI", libc::EPOLLPRI as i64),
        ("EPOLLERR", libc::EPOLLERR as i64),
        ("EPOLLHUP", libc::EPOLLHUP as i64),
        ("EPOLLET", i64::from(libc::EPOLLET as u32)),
        ("EPOLLONESHOT", libc::EPOLLONESHOT as i64),
        ("EPOLLRDNORM", libc::EPOLLRDNORM as i64),
        ("EPOLLRDBAND", libc::EPOLLRDBAND as i64),
        ("EPOLLWRNORM", libc::EPOLLWRNORM as i64),
        ("EPOLLWRBAND", libc::EPOLLWRBAND as i64),
        ("EPOLLMSG", libc::EPOLLMSG as i64),
        ("PIPE_BUF", libc::PIPE_BUF as i64),
    ] {
        module::add_int(th, m, name, n)?;
    }
    Ok(())
}

/// `select.error` for an errno; an interrupted call lets signal handlers run first.
fn failed(th: &mut Thread, def: &'static TypeDef, e: i32) -> Raised {
    if e == libc::EINTR
        && let Err(r) = th.native_poll()
    {
        return r;
    }
    th.environment_error(def, e, None)
}
