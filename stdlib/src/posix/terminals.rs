//! Terminals.

use super::calls::{call, errno, int};
use interpreter::native::Args;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};

pub(super) fn ttyname(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = int(th, args.pos[0])?;
    let mut name = [0 as libc::c_char; 256];
    // SAFETY: room for the name, terminated on success.
    let text = unsafe {
        let e = libc::ttyname_r(fd, name.as_mut_ptr(), name.len());
        if e != 0 {
            return Err(super::calls::failed(th, e, None));
        }
        std::ffi::CStr::from_ptr(name.as_ptr()).to_bytes().to_vec()
    };
    th.try_str(&text)
}

pub(super) fn ctermid(th: &mut Thread, _: Args<'_>) -> PyResult {
    th.try_str(b"/dev/tty")
}

/// A new pseudo-terminal: master and slave, or an errno.
pub(super) fn pair() -> Result<(i32, i32), i32> {
    let (mut master, mut slave) = (0, 0);
    // SAFETY: room for two descriptors; null for what is not wanted.
    let r = unsafe {
        libc::openpty(
            &mut master,
            &mut slave,
            std::ptr::null_mut(),
            std::ptr::null_mut(),
            std::ptr::null_mut(),
        )
    };
    if r < 0 { Err(errno()) } else { Ok((master, slave)) }
}

pub(super) fn openpty(th: &mut Thread, _: Args<'_>) -> PyResult {
    match pair() {
        Ok((m, s)) => {
            let items = [th.int(i64::from(m)), th.int(i64::from(s))];
            th.try_tuple(&items)
        }
        Err(e) => Err(super::calls::failed(th, e, None)),
    }
}

pub(super) fn tcgetpgrp(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = int(th, args.pos[0])?;
    // SAFETY: plain system call.
    let n = call(th, move || unsafe { libc::tcgetpgrp(fd) }.into())?;
    Ok(th.int(n))
}

pub(super) fn tcsetpgrp(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (fd, p) = (int(th, args.pos[0])?, int(th, args.pos[1])?);
    // SAFETY: plain system call.
    call(th, move || unsafe { libc::tcsetpgrp(fd, p) }.into())?;
    Ok(Value::NONE)
}
