//! `select`: waiting for descriptors.

mod classic;
mod epoll;
mod poll;

use crate::constants::{add_all, c_constants};
use interpreter::kinds::kind;
use interpreter::native::{BLOCKS, MethodDef, ModuleDef, TypeDef};
use interpreter::objects::exceptions;
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
    add_all(
        th,
        m,
        c_constants![
            POLLIN POLLPRI POLLOUT POLLERR POLLHUP POLLNVAL POLLRDNORM POLLRDBAND POLLWRNORM POLLWRBAND
            EPOLLIN EPOLLOUT EPOLLPRI EPOLLERR EPOLLHUP EPOLLONESHOT EPOLLRDNORM EPOLLRDBAND EPOLLWRNORM
            EPOLLWRBAND EPOLLMSG PIPE_BUF;
            "POLLMSG" = 0x400,
            "EPOLLET" = i64::from(libc::EPOLLET as u32),
        ],
    )?;
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
