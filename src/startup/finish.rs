//! The end: exit status, exit functions, flushing.

use interpreter::objects::{exceptions, file};
use interpreter::value::Value;
use interpreter::{PyResult, Thread, names, ops};
use std::io::Write;
use std::process::ExitCode;

/// What the program's result means for the process. Exceptions are printed.
pub fn status_of(th: &mut Thread, r: PyResult) -> i32 {
    let Err(e) = r else { return 0 };
    let Ok(c) = e.catch(th) else {
        eprintln!("Fatal Python error: a transaction was ended where nothing could begin it again");
        return 1;
    };
    if exceptions::class_matches(th, c.class, exceptions::SYSTEM_EXIT.class()) {
        return exit_status(th, c);
    }
    if let Err(e) = interpreter::objects::traceback::print::report(th, c) {
        // The hook itself called sys.exit.
        return status_of(th, Err(e));
    }
    1
}

/// `SystemExit`: its code, or its text on standard error.
fn exit_status(th: &mut Thread, c: interpreter::raised::Caught) -> i32 {
    let Ok(c) = exceptions::normalize(th, c) else { return 1 };
    let code = match c.value {
        Some(v) => {
            let n = th.intern(b"code");
            match ops::getattr_opt(th, v, n) {
                Ok(Some(x)) => x,
                _ => Value::NONE,
            }
        }
        None => Value::NONE,
    };
    if code.is_none() {
        return 0;
    }
    if let Some(n) = ops::exact_integer(code) {
        return i64::try_from(&n).unwrap_or(-1) as i32;
    }
    if let Ok(Some(err)) = interpreter::eval::build::sys_attribute(th, &names::stderr)
        && !err.is_none()
    {
        let text = file::print_text(th, err, code);
        let newline = th.new_str(b"\n");
        let written = text
            .and_then(|t| file::write_object(th, err, t))
            .and_then(|()| file::write_object(th, err, newline));
        if let Err(e) = written {
            // Nobody is left to tell of a failure here.
            let _ = e.catch(th);
        }
        return 1;
    }
    if let Ok(s) = ops::str(th, code) {
        let mut text = th.str_bytes(s).to_vec();
        text.push(b'\n');
        // As above.
        let _ = std::io::stderr().write_all(&text);
    }
    1
}

/// Runs exit functions, flushes what is buffered, and leaves without waiting for other threads, which stop before the
/// last files are flushed.
pub fn end(th: &mut Thread, status: i32) -> ExitCode {
    let mut status = status;
    if let Err(e) = wait_for_threads(th) {
        status = status.max(status_of(th, Err(e)));
    }
    match interpreter::eval::build::sys_attribute(th, &names::exitfunc) {
        Ok(Some(f)) => {
            let r = ops::call(th, f, &[]);
            if r.is_err() {
                let exits = th.exception_matches(exceptions::SYSTEM_EXIT.class());
                let s = status_of(th, r);
                if exits {
                    status = s;
                }
            }
        }
        Ok(None) => {}
        Err(e) => status = status_of(th, Err(e)),
    }
    for name in [&names::stdout, &names::stderr] {
        if let Ok(Some(f)) = interpreter::eval::build::sys_attribute(th, name)
            && !f.is_none()
        {
            let n = names::flush.get(th);
            let r = match ops::getattr_opt(th, f, n) {
                Ok(Some(m)) => ops::call(th, m, &[]).map(|_| ()),
                Ok(None) => Ok(()),
                Err(e) => Err(e),
            };
            if let Err(e) = r {
                // A closed standard output is not worth a traceback at the very end.
                let _ = e.catch(th);
            }
        }
    }
    if let Err(e) = interpreter::threads::finish::stop_others(th) {
        // The last commit was refused: what it would have shown, nobody sees.
        let _ = e.catch(th);
    }
    if let Err(e) = file::flush_all(th) {
        let _ = e.catch(th);
    }
    // SAFETY: `_exit` ends the process without running destructors other threads may still depend on.
    unsafe { libc::_exit(status & 0xff) }
}

/// `threading._shutdown()`: non-daemon threads are waited for. Some may wait for what only this thread's garbage keeps open, such
/// as the other end of a connection, so that is collected first.
fn wait_for_threads(th: &mut Thread) -> PyResult<()> {
    let n = th.intern(b"threading");
    if let Some(m) = interpreter::import::in_modules(th, n)?
        && !m.is_none()
    {
        if th.m.tx.stm().threads() > 1 {
            let here = 0_usize;
            // SAFETY: what this function and its callers hold lies above `here`; what lies below are left-over words.
            unsafe { th.m.collect_all_from(std::ptr::from_ref(&here).addr()) };
            interpreter::dead::deliver(th)?;
        }
        let f = th.intern(b"_shutdown");
        let f = ops::getattr(th, m, f)?;
        ops::call(th, f, &[])?;
    }
    Ok(())
}
