//! Python handlers: a list with one item per signal, None where Python never set one.

use interpreter::layout::PyList;
use interpreter::native::Args;
use interpreter::objects::{self as o, exceptions, module};
use interpreter::ops;
use interpreter::raised::PyResult;
use interpreter::runtime::Global;
use interpreter::signals;
use interpreter::{Slot, Thread, Value};

static HANDLERS: Global = Global::new();

fn handler_of(th: &mut Thread, n: i32) -> PyResult<Slot> {
    let Some(l) = HANDLERS.get().and_then(|l| l.cast::<PyList>()) else { return Ok(None) };
    o::list::storage::get(th, l, n as usize)
}

fn keep(th: &mut Thread, n: i32, v: Value) -> PyResult<()> {
    if let Some(l) = HANDLERS.get().and_then(|l| l.cast::<PyList>()) {
        o::list::storage::set(th, l, n as usize, v)?;
    }
    Ok(())
}

/// The action now in force, for signals Python has not touched.
fn disposition(n: i32) -> libc::sighandler_t {
    // SAFETY: asks only; a zeroed sigaction is valid.
    unsafe {
        let mut old: libc::sigaction = std::mem::zeroed();
        if libc::sigaction(n, std::ptr::null(), &mut old) < 0 { libc::SIG_ERR } else { old.sa_sigaction }
    }
}

/// Sets the C action.
fn set_action(n: i32, action: libc::sighandler_t) -> bool {
    // SAFETY: the handler is async-signal-safe (G1); the struct is filled here.
    unsafe {
        let mut new: libc::sigaction = std::mem::zeroed();
        new.sa_sigaction = action;
        libc::sigemptyset(&mut new.sa_mask);
        libc::sigaction(n, &new, std::ptr::null_mut()) == 0
    }
}

/// Fills the table from the process's state, and makes Ctrl-C a KeyboardInterrupt.
pub(super) fn start(th: &mut Thread, m: Value) -> PyResult<()> {
    let out = th.m.root_vec();
    for n in 0..signals::COUNT as i32 {
        let v = match if n == 0 { libc::SIG_ERR } else { disposition(n) } {
            libc::SIG_DFL => th.int(0),
            libc::SIG_IGN => th.int(1),
            _ => Value::NONE,
        };
        out.push(v.bits());
    }
    let list = th.new_list(ops::values(&out))?;
    th.m.make_old_now(list.obj_unchecked());
    th.rt.roots.lock().push(list);
    HANDLERS.set(list);
    signals::set_hook(run_handler);
    if th.is_main {
        signals::set_main(th);
        for n in [libc::SIGPIPE, libc::SIGXFSZ] {
            set_action(n, libc::SIG_IGN);
            let one = th.int(1);
            keep(th, n, one)?;
        }
        if disposition(libc::SIGINT) == libc::SIG_DFL {
            let key = th.intern(b"default_int_handler");
            if let Some(f) = module::get(th, m, key)? {
                keep(th, libc::SIGINT, f)?;
                set_action(libc::SIGINT, signals::on_signal as *const () as libc::sighandler_t);
            }
        }
    }
    Ok(())
}

/// Calls the Python handler of a signal.
fn run_handler(th: &mut Thread, n: i32) -> PyResult<()> {
    let Some(f) = handler_of(th, n)? else { return Ok(()) };
    if !ops::callable(th, f) {
        return Ok(());
    }
    let number = th.int(i64::from(n));
    let top = th.frame;
    let frame = if top.is_null() { Value::NONE } else { o::frame::object_of(th, top) };
    ops::call(th, f, &[number, frame])?;
    Ok(())
}

fn number(th: &mut Thread, v: Value) -> PyResult<i32> {
    let n = ops::int32_arg(th, v)?;
    if n < 1 || n >= signals::COUNT as i32 {
        return Err(th.value_error("signal number out of range"));
    }
    Ok(n)
}

pub(super) fn signal(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::int32_arg(th, args.pos[0])?;
    if !th.is_main {
        return Err(th.value_error("signal only works in main thread"));
    }
    if n < 1 || n >= signals::COUNT as i32 {
        return Err(th.value_error("signal number out of range"));
    }
    let f = args.pos[1];
    let action = match ops::int_value(f) {
        Some(0) => libc::SIG_DFL,
        Some(1) => libc::SIG_IGN,
        _ if ops::callable(th, f) => signals::on_signal as *const () as libc::sighandler_t,
        _ => {
            return Err(
                th.type_error("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
            );
        }
    };
    let old = handler_of(th, n)?.unwrap_or(Value::NONE);
    if !set_action(n, action) {
        let e = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EINVAL);
        let text = th.new_str(interpreter::errors::strerror(e).as_bytes());
        let e = th.int(i64::from(e));
        let pair = th.new_tuple(&[e, text]);
        return Err(th.raise(exceptions::RUNTIME_ERROR.class(), Some(pair)));
    }
    keep(th, n, f)?;
    Ok(old)
}

pub(super) fn getsignal(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = number(th, args.pos[0])?;
    Ok(handler_of(th, n)?.unwrap_or(Value::NONE))
}

pub(super) fn siginterrupt(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = number(th, args.pos[0])?;
    let flag = ops::int32_arg(th, args.pos[1])?;
    // SAFETY: reads the action and puts it back with one flag changed.
    let r = unsafe {
        let mut a: libc::sigaction = std::mem::zeroed();
        if libc::sigaction(n, std::ptr::null(), &mut a) < 0 {
            -1
        } else {
            if flag != 0 {
                a.sa_flags &= !libc::SA_RESTART;
            } else {
                a.sa_flags |= libc::SA_RESTART;
            }
            libc::sigaction(n, &a, std::ptr::null_mut())
        }
    };
    if r < 0 {
        let e = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EINVAL);
        let text = th.new_str(interpreter::errors::strerror(e).as_bytes());
        let e = th.int(i64::from(e));
        let pair = th.new_tuple(&[e, text]);
        return Err(th.raise(exceptions::RUNTIME_ERROR.class(), Some(pair)));
    }
    Ok(Value::NONE)
}

pub(super) fn set_wakeup_fd(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = ops::int32_arg(th, args.pos[0])?;
    if !th.is_main {
        return Err(th.value_error("set_wakeup_fd only works in main thread"));
    }
    if fd != -1 {
        // SAFETY: asks about a descriptor; a zeroed stat is valid.
        let bad = unsafe {
            let mut st: libc::stat = std::mem::zeroed();
            libc::fstat(fd, &mut st) < 0
        };
        if bad {
            return Err(th.value_error("invalid fd"));
        }
    }
    Ok(th.int(i64::from(signals::set_wakeup(fd))))
}

pub(super) fn default_int_handler(th: &mut Thread, _: Args<'_>) -> PyResult {
    Err(th.raise(exceptions::KEYBOARD_INTERRUPT.class(), None))
}

/// In a forked child: this thread is the one that handles signals, and nothing has arrived for it yet.
pub fn after_fork(th: &mut Thread) {
    signals::forget();
    th.is_main = true;
    signals::set_main(th);
}
