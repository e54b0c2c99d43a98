//! The three standard streams.

use interpreter::objects::file::{Extras, from_descriptor};
use interpreter::objects::module;
use interpreter::value::Value;
use interpreter::{PyResult, Thread};

/// Puts `stdin`, `stdout`, `stderr` and their `__names__` into `sys`. Standard output is line-buffered on a terminal and with `-i`,
/// fully buffered otherwise; standard error is not buffered.
pub fn make_streams(th: &mut Thread, sys: Value, encoding: Option<(&str, Option<&str>)>) -> PyResult<()> {
    for (fd, name, mode) in [(0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")] {
        // SAFETY: the descriptor is only asked what it is.
        let tty = unsafe { libc::isatty(fd) } == 1;
        let buffering = match fd {
            2 => 0,
            _ if th.rt.settings.unbuffered => 0,
            1 if tty || th.rt.settings.interactive => 1,
            _ => -1,
        };
        let extras = Extras { keep_open: true, ..Extras::default() };
        let f = from_descriptor(th, fd, format!("<{name}>").as_bytes(), mode.as_bytes(), buffering, extras)?;
        let chosen = match encoding {
            Some((e, errors)) => Some((String::from(e), errors.map(String::from))),
            None if tty => terminal_encoding().map(|e| (e, None)),
            None => None,
        };
        if let Some((e, errors)) = chosen {
            let e = th.new_str(e.as_bytes());
            let errors = errors.map_or(Value::NONE, |x| th.new_str(x.as_bytes()));
            interpreter::objects::file::set_encoding(th, f, e, errors)?;
        }
        module::add(th, sys, name, f)?;
        module::add(th, sys, &format!("__{name}__"), f)?;
    }
    Ok(())
}

/// The encoding of the user's locale.
fn terminal_encoding() -> Option<String> {
    // SAFETY: plain calls into the C library at start-up, before any other thread exists.
    unsafe {
        libc::setlocale(libc::LC_CTYPE, c"".as_ptr());
        let p = libc::nl_langinfo(libc::CODESET);
        let name =
            if p.is_null() { None } else { Some(std::ffi::CStr::from_ptr(p).to_string_lossy().into_owned()) };
        libc::setlocale(libc::LC_CTYPE, c"C".as_ptr());
        name.filter(|n| !n.is_empty())
    }
}
