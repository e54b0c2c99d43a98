//! `syslog`: messages to the system's log.
//!
//! The C library keeps the pointer to the program's name that `openlog` got, so the name stays here for as long.

use crate::constants::{add_all, c_constants};
use crate::posix::calls::string;
use interpreter::layout::{PyList, PyStr};
use interpreter::native::{Args, BLOCKS, KEYWORDS, MethodDef, ModuleDef, VARIADIC};
use interpreter::objects::list;
use interpreter::raised::{PyResult, Raised};
use interpreter::{Slot, Thread, Value, import, ops};
use parking_lot::Mutex;
use std::ffi::CString;

/// `syslog`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "syslog",
    doc: None,
    functions: &[
        MethodDef::new(
            "openlog",
            openlog,
            0,
            3,
            BLOCKS | KEYWORDS,
            "openlog([ident[, logoption[, facility]]])",
        ),
        MethodDef::new("closelog", closelog, 0, 0, BLOCKS, "closelog()"),
        MethodDef::new("syslog", syslog, 0, VARIADIC, BLOCKS, "syslog([priority,] message)"),
        MethodDef::new("setlogmask", setlogmask, 1, 1, BLOCKS, "setlogmask(maskpri) -> previous mask"),
        MethodDef::new("LOG_MASK", log_mask, 1, 1, 0, "LOG_MASK(pri) -> mask of one priority"),
        MethodDef::new("LOG_UPTO", log_upto, 1, 1, 0, "LOG_UPTO(pri) -> mask of this and higher priorities"),
    ],
    types: &[],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    add_all(
        th,
        m,
        c_constants![
            LOG_EMERG LOG_ALERT LOG_CRIT LOG_ERR LOG_WARNING LOG_NOTICE LOG_INFO LOG_DEBUG LOG_PID LOG_CONS
            LOG_NDELAY LOG_NOWAIT LOG_PERROR LOG_KERN LOG_USER LOG_MAIL LOG_DAEMON LOG_AUTH LOG_LPR LOG_LOCAL0
            LOG_LOCAL1 LOG_LOCAL2 LOG_LOCAL3 LOG_LOCAL4 LOG_LOCAL5 LOG_LOCAL6 LOG_LOCAL7 LOG_SYSLOG LOG_CRON
            LOG_UUCP LOG_NEWS
        ],
    )?;
    Ok(())
}

/// What has been opened: the name the C library points to, or none at all.
struct Log {
    open: bool,
    name: Option<CString>,
}

static LOG: Mutex<Log> = Mutex::new(Log { open: false, name: None });

/// Opens the log under a name. The old name is given up only once the library has the new one.
fn open(name: Option<CString>, options: i32, facility: i32) {
    let mut log = LOG.lock();
    // SAFETY: a terminated string that lives in LOG from now on, or null.
    unsafe { libc::openlog(name.as_ref().map_or(std::ptr::null(), |n| n.as_ptr()), options, facility) };
    log.name = name;
    log.open = true;
}

/// The program's name: the last part of `sys.argv[0]`.
fn program(th: &mut Thread) -> PyResult<Option<CString>> {
    let sys = import::import(th, "sys")?;
    let argv = th.intern(b"argv");
    let Some(l) = ops::getattr_opt(th, sys, argv)?.and_then(|l| l.payload::<PyList>()) else {
        return Ok(None);
    };
    let Some(first) = list::storage::get(th, l, 0)? else { return Ok(None) };
    let Some(s) = first.payload::<PyStr>() else { return Ok(None) };
    let last = s.get().bytes().rsplit(|c| *c == b'/').next().unwrap_or(&[]);
    Ok(CString::new(last).ok().filter(|n| !n.is_empty()))
}

fn openlog(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [ident, options, facility] = args.bind(th, "openlog", ["ident", "logoption", "facility"], 0)?;
    let number = |th: &mut Thread, v: Slot, default: i32| match v {
        Some(v) => ops::integer_arg(th, v).map(|n| n as i32),
        None => Ok(default),
    };
    let name = match ident {
        Some(v) if v.payload::<PyStr>().is_none() => {
            let n = if v.is_none() { String::from("None") } else { ops::type_name(v) };
            return Err(th.type_error(format!("openlog() argument 1 must be string, not {n}")));
        }
        Some(v) => Some(string(th, v, "openlog", 1)?),
        None => program(th)?,
    };
    let options = number(th, options, 0)?;
    let facility = number(th, facility, libc::LOG_USER)?;
    th.outside(move || open(name, options, facility))?;
    Ok(Value::NONE)
}

fn closelog(th: &mut Thread, _: Args<'_>) -> PyResult {
    th.outside(|| {
        let mut log = LOG.lock();
        if log.open {
            // SAFETY: forgets the name before it goes.
            unsafe { libc::closelog() };
            *log = Log { open: false, name: None };
        }
    })?;
    Ok(Value::NONE)
}

fn misused(th: &mut Thread) -> Raised {
    th.type_error("[priority,] message string")
}

fn syslog(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (priority, message) = match args.pos {
        [m] => (libc::LOG_INFO, *m),
        [p, m] if ops::exact_integer(*p).is_some() => (ops::integer_arg(th, *p)? as i32, *m),
        _ => return Err(misused(th)),
    };
    if message.payload::<PyStr>().is_none() && message.payload::<interpreter::layout::PyUnicode>().is_none() {
        return Err(misused(th));
    }
    let message = string(th, message, "syslog", 1)?;
    let name = program(th)?;
    th.outside(move || {
        if !LOG.lock().open {
            open(name, 0, libc::LOG_USER);
        }
        let _held = LOG.lock();
        // SAFETY: a constant format and the terminated string it asks for.
        unsafe { libc::syslog(priority, c"%s".as_ptr(), message.as_ptr()) };
    })?;
    Ok(Value::NONE)
}

fn setlogmask(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mask = ops::integer_arg(th, args.pos[0])? as i32;
    // SAFETY: plain call.
    let old = th.outside(move || unsafe { libc::setlogmask(mask) })?;
    Ok(th.int(i64::from(old)))
}

fn log_mask(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::integer_arg(th, args.pos[0])?;
    Ok(th.int(i64::from(1i32.wrapping_shl(n as u32))))
}

fn log_upto(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::integer_arg(th, args.pos[0])?;
    Ok(th.int(i64::from(1i32.wrapping_shl((n as u32).wrapping_add(1)).wrapping_sub(1))))
}
