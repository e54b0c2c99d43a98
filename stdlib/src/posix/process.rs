//! Processes: forking, signals to them, times, randomness.

use super::calls::{call, errno, int, string};
use interpreter::native::Args;
use interpreter::objects::exceptions;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, import, ops};
use std::fs::File;
use std::io::Read;

pub(super) fn system(th: &mut Thread, args: Args<'_>) -> PyResult {
    let c = string(th, args.pos[0], "system", 1)?;
    // SAFETY: a terminated command.
    let n = th.outside(move || unsafe { libc::system(c.as_ptr()) })?;
    Ok(th.int(i64::from(n)))
}

pub(super) fn urandom(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = int(th, args.pos[0])?;
    let Ok(n) = usize::try_from(n) else { return Err(th.value_error("negative argument not allowed")) };
    // From the device, as programs rely on the errors that opening it gives.
    let r = th.outside(move || {
        let mut data: Vec<u8> = Vec::new();
        if data.try_reserve_exact(n).is_err() {
            return Err(libc::ENOMEM);
        }
        let known = |e: std::io::Error| e.raw_os_error().unwrap_or(libc::EIO);
        let mut device = File::open("/dev/urandom").map_err(known)?;
        data.resize(n, 0);
        device.read_exact(&mut data).map_err(known)?;
        Ok(data)
    })?;
    match r {
        Ok(data) => th.try_str(&data),
        Err(libc::ENOMEM) => Err(th.memory_error()),
        Err(e) => Err(super::calls::failed(th, e, None)),
    }
}

pub(super) fn uname(th: &mut Thread, _: Args<'_>) -> PyResult {
    // SAFETY: the call fills the struct with terminated strings.
    unsafe {
        let mut u: libc::utsname = std::mem::zeroed();
        if libc::uname(&mut u) < 0 {
            let e = errno();
            return Err(super::calls::failed(th, e, None));
        }
        let mut items = [Value::NONE; 5];
        for (v, f) in items.iter_mut().zip([&u.sysname, &u.nodename, &u.release, &u.version, &u.machine]) {
            *v = th.new_str(std::ffi::CStr::from_ptr(f.as_ptr()).to_bytes());
        }
        th.try_tuple(&items)
    }
}

pub(super) fn times(th: &mut Thread, _: Args<'_>) -> PyResult {
    // SAFETY: the call fills the struct.
    let (t, elapsed, ticks) = unsafe {
        let mut t: libc::tms = std::mem::zeroed();
        let e = libc::times(&mut t);
        (t, e, libc::sysconf(libc::_SC_CLK_TCK) as f64)
    };
    let items =
        [t.tms_utime, t.tms_stime, t.tms_cutime, t.tms_cstime, elapsed].map(|n| th.float(n as f64 / ticks));
    th.try_tuple(&items)
}

pub(super) fn getloadavg(th: &mut Thread, _: Args<'_>) -> PyResult {
    let mut load = [0f64; 3];
    // SAFETY: room for three numbers.
    if unsafe { libc::getloadavg(load.as_mut_ptr(), 3) } != 3 {
        return Err(th.raise_def(&exceptions::OS_ERROR, "Load averages are unobtainable"));
    }
    let items = load.map(|x| th.float(x));
    th.try_tuple(&items)
}

pub(super) fn nice(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = int(th, args.pos[0])?;
    // SAFETY: errno tells -1 from an error.
    let (r, e) = unsafe {
        *libc::__errno_location() = 0;
        let r = libc::nice(n);
        (r, errno())
    };
    if r == -1 && e != 0 {
        return Err(super::calls::failed(th, e, None));
    }
    Ok(th.int(i64::from(r)))
}

pub(super) fn kill(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (p, s) = (int(th, args.pos[0])?, int(th, args.pos[1])?);
    // SAFETY: plain system call.
    call(th, move || unsafe { libc::kill(p, s) }.into())?;
    // A signal to this very process is taken before the next instruction.
    th.native_poll()?;
    Ok(Value::NONE)
}

pub(super) fn killpg(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (p, s) = (int(th, args.pos[0])?, int(th, args.pos[1])?);
    // SAFETY: plain system call.
    call(th, move || unsafe { libc::killpg(p, s) }.into())?;
    th.native_poll()?;
    Ok(Value::NONE)
}

pub(super) fn abort(_: &mut Thread, _: Args<'_>) -> PyResult {
    std::process::abort()
}

pub(super) fn exit(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = int(th, args.pos[0])?;
    // SAFETY: does not return.
    unsafe { libc::_exit(n) }
}

pub(super) fn strerror(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = int(th, args.pos[0])?;
    th.try_str(interpreter::errors::strerror(n).as_bytes())
}

/// What a forked child does before anything else.
pub fn after_fork_in_child(th: &mut Thread) -> PyResult<()> {
    crate::signal::after_fork(th);
    import::lock::after_fork(th)?;
    interpreter::objects::file::after_fork(th)?;
    let name = th.intern(b"threading");
    if let Some(m) = import::in_modules(th, name)?
        && !m.is_none()
    {
        let n = th.intern(b"_after_fork");
        if let Some(f) = ops::getattr_opt(th, m, n)? {
            ops::call(th, f, &[])?;
        }
    }
    Ok(())
}

/// Forks; the child has put itself in order.
fn forked(th: &mut Thread) -> PyResult<i64> {
    // No module is half imported at the moment of the fork, as the child could not wait for it.
    import::lock::acquire(th)?;
    let forked = th.fork();
    if let Ok(Ok(0)) = forked {
        after_fork_in_child(th)?;
    }
    if forked.is_ok() && !import::lock::release(th)? {
        return Err(th.runtime_error("not holding the import lock"));
    }
    match forked? {
        Ok(pid) => Ok(i64::from(pid)),
        Err(e) => Err(th.os_error(e.raw_os_error().unwrap_or(libc::EAGAIN), None)),
    }
}

pub(super) fn fork(th: &mut Thread, _: Args<'_>) -> PyResult {
    let pid = forked(th)?;
    Ok(th.int(pid))
}

pub(super) fn forkpty(th: &mut Thread, _: Args<'_>) -> PyResult {
    let (master, slave) = match super::terminals::pair() {
        Ok(p) => p,
        Err(e) => return Err(super::calls::failed(th, e, None)),
    };
    let pid = forked(th)?;
    // SAFETY: descriptors of the new terminal; plain system calls.
    unsafe {
        if pid == 0 {
            libc::close(master);
            libc::setsid();
            libc::ioctl(slave, libc::TIOCSCTTY, 0);
            for fd in 0..3 {
                libc::dup2(slave, fd);
            }
            if slave > 2 {
                libc::close(slave);
            }
        } else {
            libc::close(slave);
        }
    }
    let items = [th.int(pid), th.int(if pid == 0 { -1 } else { i64::from(master) })];
    th.try_tuple(&items)
}
