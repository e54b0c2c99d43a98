//! `__pypy__.os`, `__pypy__.time`, and `validate_fd`.

use crate::descriptors::errno;
use interpreter::native::{Args, MethodDef, ModuleDef};
use interpreter::objects::module;
use interpreter::value::Value;
use interpreter::{PyResult, Thread, ops};
use std::os::unix::ffi::OsStrExt;

/// `__pypy__.os`.
pub(super) static OS: ModuleDef = ModuleDef {
    name: "__pypy__.os",
    doc: None,
    functions: &[MethodDef::new(
        "real_getenv",
        real_getenv,
        1,
        1,
        0,
        "real_getenv(name) -> the variable of the process now, whatever os.environ says; or None",
    )],
    types: &[],
    init: None,
};

/// `__pypy__.time`.
pub(super) static TIME: ModuleDef = ModuleDef {
    name: "__pypy__.time",
    doc: None,
    functions: &[
        MethodDef::new("clock_gettime", clock_gettime, 1, 1, 0, "clock_gettime(id) -> seconds on that clock"),
        MethodDef::new(
            "clock_getres",
            clock_getres,
            1,
            1,
            0,
            "clock_getres(id) -> the clock's step in seconds",
        ),
    ],
    types: &[],
    init: Some(|th, m| {
        for (name, id) in CLOCKS {
            module::add_int(th, m, name, i64::from(*id))?;
        }
        Ok(())
    }),
};

const CLOCKS: &[(&str, libc::clockid_t)] = &[
    ("CLOCK_REALTIME", libc::CLOCK_REALTIME),
    ("CLOCK_MONOTONIC", libc::CLOCK_MONOTONIC),
    ("CLOCK_PROCESS_CPUTIME_ID", libc::CLOCK_PROCESS_CPUTIME_ID),
    ("CLOCK_THREAD_CPUTIME_ID", libc::CLOCK_THREAD_CPUTIME_ID),
    #[cfg(target_os = "linux")]
    ("CLOCK_MONOTONIC_RAW", libc::CLOCK_MONOTONIC_RAW),
    #[cfg(target_os = "linux")]
    ("CLOCK_REALTIME_COARSE", libc::CLOCK_REALTIME_COARSE),
    #[cfg(target_os = "linux")]
    ("CLOCK_MONOTONIC_COARSE", libc::CLOCK_MONOTONIC_COARSE),
    #[cfg(target_os = "linux")]
    ("CLOCK_BOOTTIME", libc::CLOCK_BOOTTIME),
];

type ClockFn = unsafe extern "C" fn(libc::clockid_t, *mut libc::timespec) -> libc::c_int;

fn clock(th: &mut Thread, args: Args<'_>, f: ClockFn) -> PyResult {
    let id = ops::int32_arg(th, args.pos[0])?;
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: fills a valid record, or fails.
    if unsafe { f(id, &mut t) } != 0 {
        return Err(th.io_error(errno(), None));
    }
    Ok(th.float(t.tv_sec as f64 + t.tv_nsec as f64 * 1e-9))
}

fn clock_gettime(th: &mut Thread, args: Args<'_>) -> PyResult {
    clock(th, args, libc::clock_gettime)
}

fn clock_getres(th: &mut Thread, args: Args<'_>) -> PyResult {
    clock(th, args, libc::clock_getres)
}

fn real_getenv(th: &mut Thread, args: Args<'_>) -> PyResult {
    if args.pos[0].payload::<interpreter::layout::PyStr>().is_none() {
        let n = ops::type_name(args.pos[0]);
        return Err(th.type_error(format!("expected str, got {n} object")));
    }
    let name = th.str_bytes(args.pos[0]);
    if name.is_empty() || name.contains(&0) || name.contains(&b'=') {
        return Ok(Value::NONE);
    }
    match std::env::var_os(std::ffi::OsStr::from_bytes(name)) {
        Some(v) => th.try_str(v.as_bytes()),
        None => Ok(Value::NONE),
    }
}

pub(super) fn validate_fd(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = ops::int32_arg(th, args.pos[0])?;
    // SAFETY: asks for the flags of a descriptor; a bad one is refused.
    if unsafe { libc::fcntl(fd, libc::F_GETFD) } < 0 {
        return Err(th.os_error(errno(), None));
    }
    Ok(Value::NONE)
}
