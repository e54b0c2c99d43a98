//! Waiting for children.

use super::calls::{checked, int};
use interpreter::native::Args;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};

fn waited(th: &mut Thread, pid: i32, options: i32) -> PyResult {
    let r = th.outside(move || {
        let mut status = 0;
        // SAFETY: room for the status.
        checked(unsafe { libc::waitpid(pid, &mut status, options) }).map(|p| (p, status))
    })?;
    match r {
        Ok((p, s)) => {
            let items = [th.int(p), th.int(i64::from(s))];
            th.try_tuple(&items)
        }
        Err(e) => Err(super::calls::failed(th, e, None)),
    }
}

pub(super) fn wait(th: &mut Thread, _: Args<'_>) -> PyResult {
    waited(th, -1, 0)
}

pub(super) fn waitpid(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (pid, options) = (int(th, args.pos[0])?, int(th, args.pos[1])?);
    waited(th, pid, options)
}

fn with_usage(th: &mut Thread, pid: i32, options: i32) -> PyResult {
    let r = th.outside(move || {
        let mut status = 0;
        // SAFETY: room for the status and the usage.
        unsafe {
            let mut usage: libc::rusage = std::mem::zeroed();
            checked(libc::wait4(pid, &mut status, options, &mut usage)).map(|p| (p, status, usage))
        }
    })?;
    match r {
        Ok((p, s, u)) => {
            let usage = crate::resource::usage(th, &u)?;
            let items = [th.int(p), th.int(i64::from(s)), usage];
            th.try_tuple(&items)
        }
        Err(e) => Err(super::calls::failed(th, e, None)),
    }
}

pub(super) fn wait3(th: &mut Thread, args: Args<'_>) -> PyResult {
    let options = int(th, args.pos[0])?;
    with_usage(th, -1, options)
}

pub(super) fn wait4(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (pid, options) = (int(th, args.pos[0])?, int(th, args.pos[1])?);
    with_usage(th, pid, options)
}

macro_rules! status {
    ($($name:ident: $f:path => bool;)*) => {
        $( pub(super) fn $name(th: &mut Thread, args: Args<'_>) -> PyResult {
            let s = int(th, args.pos[0])?;
            Ok(Value::from_bool($f(s)))
        } )*
    };
    ($($name:ident: $f:path => int;)*) => {
        $( pub(super) fn $name(th: &mut Thread, args: Args<'_>) -> PyResult {
            let s = int(th, args.pos[0])?;
            Ok(th.int(i64::from($f(s))))
        } )*
    };
}

status! {
    coredump: libc::WCOREDUMP => bool;
    ifcontinued: libc::WIFCONTINUED => bool;
    ifexited: libc::WIFEXITED => bool;
    ifsignaled: libc::WIFSIGNALED => bool;
    ifstopped: libc::WIFSTOPPED => bool;
}
status! {
    exitstatus: libc::WEXITSTATUS => int;
    stopsig: libc::WSTOPSIG => int;
    termsig: libc::WTERMSIG => int;
}
