//! The exceptions of module `socket`.

use super::wait::Failure;
use interpreter::Thread;
use interpreter::kinds::kind;
use interpreter::native::{BASETYPE, HAS_DICT, PAYLOAD, TypeDef};
use interpreter::objects::exceptions as exc;
use interpreter::raised::Raised;
use std::ffi::CStr;

const fn exception(name: &'static str, base: &'static TypeDef) -> TypeDef {
    TypeDef {
        module: "socket",
        base: Some(base),
        flags: BASETYPE | HAS_DICT | PAYLOAD,
        ..TypeDef::new(name, kind::INSTANCE)
    }
}

/// `socket.error`.
pub(super) static ERROR: TypeDef = exception("error", &exc::IO_ERROR);
/// `socket.herror`: an address could not be resolved.
pub(super) static HERROR: TypeDef = exception("herror", &ERROR);
/// `socket.gaierror`: a name could not be resolved.
pub(super) static GAIERROR: TypeDef = exception("gaierror", &ERROR);
/// `socket.timeout`.
pub(super) static TIMEOUT: TypeDef = exception("timeout", &ERROR);

/// `socket.error` for an errno; an interrupted call lets signal handlers run first.
#[cold]
pub(super) fn failed(th: &mut Thread, e: i32) -> Raised {
    if e == libc::EINTR
        && let Err(r) = th.native_poll()
    {
        return r;
    }
    th.environment_error(&ERROR, e, None)
}

/// `socket.error` with a text only.
#[cold]
pub(super) fn error(th: &mut Thread, text: &str) -> Raised {
    th.raise_def(&ERROR, text)
}

/// The exception for what ended a wait.
#[cold]
pub(super) fn raise(th: &mut Thread, f: Failure) -> Raised {
    match f {
        Failure::Errno(e) => failed(th, e),
        Failure::TimedOut => th.raise_def(&TIMEOUT, "timed out"),
    }
}

#[cold]
fn numbered(th: &mut Thread, def: &'static TypeDef, n: i32, text: &[u8]) -> Raised {
    let (n, text) = (th.int(i64::from(n)), th.new_str(text));
    let args = th.new_tuple(&[n, text]);
    th.raise(def.class(), Some(args))
}

/// The exception for a code of `getaddrinfo` or `getnameinfo`; `e` is the errno that came with it.
#[cold]
pub(super) fn gai(th: &mut Thread, code: i32, e: i32) -> Raised {
    if code == libc::EAI_SYSTEM {
        return failed(th, e);
    }
    // SAFETY: gives a constant string for every code.
    let text = unsafe { CStr::from_ptr(libc::gai_strerror(code)) };
    numbered(th, &GAIERROR, code, text.to_bytes())
}

unsafe extern "C" {
    fn hstrerror(code: libc::c_int) -> *const libc::c_char;
}

/// The exception for an `h_errno`.
#[cold]
pub(super) fn host(th: &mut Thread, code: i32) -> Raised {
    // SAFETY: gives a constant string for every code.
    let text = unsafe { CStr::from_ptr(hstrerror(code)) };
    numbered(th, &HERROR, code, text.to_bytes())
}
