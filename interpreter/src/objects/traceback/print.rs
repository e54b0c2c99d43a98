//! Printing exceptions the way `sys.excepthook` does, and reporting those that nobody can catch.
//!
//! The text is written with the `write` method of `sys.stderr`; where there is none, or it fails, to descriptor 2.

use super::{next, place, source};
use crate::layout::{PyStr, PyType, PyUnicode};
use crate::native::{Args, MethodDef};
use crate::objects as o;
use crate::objects::exceptions as exc;
use crate::ops;
use crate::raised::{Caught, PyResult};
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// Entries shown when `sys.tracebacklimit` is not set.
const DEFAULT_LIMIT: usize = 1000;

/// A variable of `sys`.
fn sys_variable(th: &mut Thread, name: &crate::name::Name) -> PyResult<Slot> {
    let Some(sys) = th.rt.sys_dict.get() else { return Ok(None) };
    let n = name.get(th);
    o::dict::get_str(th, sys, n)
}

/// The stream for error output, unless it is missing or None.
fn stderr(th: &mut Thread) -> PyResult<Slot> {
    Ok(sys_variable(th, &crate::names::stderr)?.filter(|f| !f.is_none()))
}

/// Writes to a stream, or to descriptor 2 without one.
fn write(th: &mut Thread, stream: Slot, text: &[u8]) -> PyResult<()> {
    match stream {
        Some(f) => {
            let s = th.try_str(text)?;
            ops::call_method(th, f, &crate::names::write, &[s]).map(drop)
        }
        None => {
            let text = text.to_vec();
            th.outside(move || {
                use std::io::Write;
                // Nowhere is left to report a failure to.
                let _ = std::io::stderr().write_all(&text);
            })
        }
    }
}

/// Writes `str(v)` (or a unicode as it is) to a stream.
fn write_value(th: &mut Thread, stream: Slot, v: Value) -> PyResult<()> {
    match stream {
        Some(f) => ops::call_method(th, f, &crate::names::write, &[v]).map(drop),
        None => {
            let s = ops::str(th, v)?;
            let b = th.str_bytes(s).to_vec();
            write(th, None, &b)
        }
    }
}

/// An error of a step whose failure must not stop the report: any exception is dropped, other unwinds go on.
fn forgive<T>(th: &mut Thread, r: PyResult<T>) -> PyResult<Option<T>> {
    match r {
        Ok(v) => Ok(Some(v)),
        Err(e) => {
            e.catch(th)?;
            Ok(None)
        }
    }
}

/// `traceback.print_tb`'s text: header and entries.
fn print_entries(th: &mut Thread, stream: Slot, tb: Value) -> PyResult<()> {
    let limit = match sys_variable(th, &crate::names::tracebacklimit)?.and_then(ops::int_value) {
        Some(n) if n <= 0 => return Ok(()),
        Some(n) => n as usize,
        None => DEFAULT_LIMIT,
    };
    write(th, stream, b"Traceback (most recent call last):\n")?;
    let mut depth = 0;
    let mut t = Some(tb);
    while let Some(v) = t {
        depth += 1;
        t = next(v);
    }
    let mut t = Some(tb);
    while let Some(v) = t {
        if depth <= limit {
            let (file, line, name) = place(th, v)?;
            let cut = |b: &[u8]| b[..b.len().min(500)].to_vec();
            let mut out = b"  File \"".to_vec();
            out.extend_from_slice(&cut(&file));
            out.extend_from_slice(format!("\", line {line}, in ").as_bytes());
            out.extend_from_slice(&cut(&name));
            out.push(b'\n');
            write(th, stream, &out)?;
            print_source_line(th, stream, &file, line)?;
        }
        depth -= 1;
        t = next(v);
    }
    Ok(())
}

fn print_source_line(th: &mut Thread, stream: Slot, file: &[u8], line: i64) -> PyResult<()> {
    let Some(text) = source::line_on_path(th, file, usize::try_from(line).unwrap_or(0))? else {
        return Ok(());
    };
    let start = text.iter().position(|c| !matches!(c, b' ' | b'\t' | 0x0c)).unwrap_or(text.len());
    let mut out = b"    ".to_vec();
    out.extend_from_slice(&text[start..]);
    if out.last() != Some(&b'\n') {
        out.push(b'\n');
    }
    write(th, stream, &out)
}

/// What a syntax error says about its place.
struct SyntaxPlace {
    message: Value,
    filename: Vec<u8>,
    lineno: i64,
    offset: i64,
    text: Option<Vec<u8>>,
}

/// The place in the attributes of a syntax error; none if they are not usable.
fn syntax_place(th: &mut Thread, v: Value) -> PyResult<Option<SyntaxPlace>> {
    let found = read_syntax_place(th, v);
    Ok(forgive(th, found)?.flatten())
}

fn read_syntax_place(th: &mut Thread, v: Value) -> PyResult<Option<SyntaxPlace>> {
    use crate::names;
    let message = ops::getattr_name(th, v, &names::msg)?;
    let filename = ops::getattr_name(th, v, &names::filename)?;
    let filename = match filename.payload::<PyStr>() {
        Some(s) => s.get().bytes().to_vec(),
        None if filename.is_none() => b"<string>".to_vec(),
        None => return Ok(None),
    };
    let lineno = ops::getattr_name(th, v, &names::lineno)?;
    let lineno = ops::integer_arg(th, lineno)?;
    let offset = ops::getattr_name(th, v, &names::offset)?;
    let offset = if offset.is_none() { -1 } else { ops::integer_arg(th, offset)? };
    let text = ops::getattr_name(th, v, &names::text)?;
    let text = match text.payload::<PyStr>() {
        Some(s) => Some(s.get().bytes().to_vec()),
        None if text.is_none() => None,
        None => return Ok(None),
    };
    Ok(Some(SyntaxPlace { message, filename, lineno, offset, text }))
}

/// The offending line and a caret below column `offset` (none if that is -1).
fn caret_text(mut text: &[u8], mut offset: i64) -> Vec<u8> {
    if offset >= 0 {
        if offset > 0 && offset as usize == text.len() && text.last() == Some(&b'\n') {
            offset -= 1;
        }
        while let Some(nl) = memchr::memchr(b'\n', text) {
            if nl as i64 >= offset {
                break;
            }
            offset -= nl as i64 + 1;
            text = &text[nl + 1..];
        }
        while matches!(text.first(), Some(b' ' | b'\t')) {
            text = &text[1..];
            offset -= 1;
        }
    }
    let mut out = b"    ".to_vec();
    out.extend_from_slice(text);
    if text.last() != Some(&b'\n') {
        out.push(b'\n');
    }
    if offset != -1 {
        out.extend_from_slice(b"    ");
        out.extend(std::iter::repeat_n(b' ', (offset - 1).clamp(0, 1 << 20) as usize));
        out.extend_from_slice(b"^\n");
    }
    out
}

/// The dotted name of an exception class as reports show it: `exceptions.` is left out.
fn class_text(th: &mut Thread, class: Value) -> PyResult<Vec<u8>> {
    let module = ops::getattr_name(th, class, &crate::names::__module__);
    let mut out = match forgive(th, module)? {
        None => b"<unknown>".to_vec(),
        Some(m) => match m.payload::<PyStr>().map(|s| s.get().bytes().to_vec()) {
            Some(m) if m != b"exceptions" => [&m[..], b"."].concat(),
            _ => Vec::new(),
        },
    };
    let name = match class.cast::<PyType>() {
        Some(t) => t.name().into_bytes(),
        None => {
            let n = ops::getattr_name(th, class, &crate::names::__name__);
            match forgive(th, n)? {
                Some(n) => th.str_bytes(n).to_vec(),
                None => b"<unknown>".to_vec(),
            }
        }
    };
    out.extend_from_slice(name.rsplit(|c| *c == b'.').next().unwrap_or(&name));
    Ok(out)
}

/// Prints an exception to `sys.stderr`: traceback, place of a syntax error, class and text.
pub fn print_exception(th: &mut Thread, class: Value, value: Slot, tb: Slot) -> PyResult<()> {
    let stream = match stderr(th)? {
        Some(f) => Some(f),
        None if th.rt.sys_dict.get().is_some() && sys_variable(th, &crate::names::stderr)?.is_none() => {
            return write(th, None, b"lost sys.stderr\n");
        }
        // None as the stream silences the report.
        None if th.rt.sys_dict.get().is_some() => return Ok(()),
        None => None,
    };
    let r = print_to(th, stream, class, value, tb);
    forgive(th, r)?;
    Ok(())
}

/// Prints an exception to a stream.
pub fn print_to(th: &mut Thread, stream: Slot, class: Value, value: Slot, tb: Slot) -> PyResult<()> {
    if let Some(t) = tb.filter(|t| super::is_traceback(*t)) {
        print_entries(th, stream, t)?;
    }
    let mut value = value.unwrap_or(Value::NONE);
    let marker = crate::names::print_file_and_line.get(th);
    if ops::getattr_opt(th, value, marker)?.is_some()
        && let Some(p) = syntax_place(th, value)?
    {
        let mut out = b"  File \"".to_vec();
        out.extend_from_slice(&p.filename);
        out.extend_from_slice(format!("\", line {}\n", p.lineno).as_bytes());
        if let Some(t) = &p.text {
            out.extend_from_slice(&caret_text(t, p.offset));
        }
        write(th, stream, &out)?;
        value = p.message;
    }
    if exc::is_exception_class(class) {
        let name = class_text(th, class)?;
        write(th, stream, &name)?;
    } else {
        write_value(th, stream, class)?;
    }
    if !value.is_none() {
        let s = ops::str_or_unicode(th, value);
        match forgive(th, s)? {
            None => write(th, stream, b": <exception str() failed>")?,
            Some(s) => {
                let empty = s.payload::<PyStr>().is_some_and(|s| s.get().bytes().is_empty());
                let r = if empty {
                    Ok(())
                } else {
                    write(th, stream, b": ").and_then(|()| write_text(th, stream, s))
                };
                forgive(th, r)?;
            }
        }
    }
    write(th, stream, b"\n")
}

/// Writes text; a unicode the stream cannot take is dropped, as with any error of the stream.
fn write_text(th: &mut Thread, stream: Slot, s: Value) -> PyResult<()> {
    if s.payload::<PyUnicode>().is_some() {
        let encoded = ops::str(th, s)?;
        return write_value(th, stream, encoded);
    }
    write_value(th, stream, s)
}

/// Writes to `sys.stderr`, whose own errors are dropped.
pub fn write_stderr(th: &mut Thread, text: &[u8]) -> PyResult<()> {
    let stream = stderr(th)?;
    let r = write(th, stream, text);
    forgive(th, r)?;
    Ok(())
}

/// Reports an exception nobody can catch (`__del__`, callbacks): `Exception ... in ... ignored`.
pub fn write_unraisable(th: &mut Thread, c: Caught, context: Value) -> PyResult<()> {
    let stream = match stderr(th)? {
        Some(f) => f,
        None => return Ok(()),
    };
    let r = unraisable_text(th, c, context).and_then(|t| write(th, Some(stream), &t));
    forgive(th, r)?;
    Ok(())
}

fn unraisable_text(th: &mut Thread, c: Caught, context: Value) -> PyResult<Vec<u8>> {
    let mut out = b"Exception ".to_vec();
    if exc::is_exception_class(c.class) {
        let name = class_text(th, c.class)?;
        out.extend_from_slice(&name);
    } else {
        let s = ops::str(th, c.class)?;
        out.extend_from_slice(th.str_bytes(s));
    }
    if let Some(v) = c.value.filter(|v| !v.is_none()) {
        out.extend_from_slice(b": ");
        let s = ops::repr(th, v);
        match forgive(th, s)? {
            Some(s) => out.extend_from_slice(th.str_bytes(s)),
            None => out.extend_from_slice(b"<exception repr() failed>"),
        }
    }
    out.extend_from_slice(b" in ");
    let s = ops::repr(th, context);
    match forgive(th, s)? {
        Some(s) => out.extend_from_slice(th.str_bytes(s)),
        None => out.extend_from_slice(b"<object repr() failed>"),
    }
    out.extend_from_slice(b" ignored\n");
    Ok(out)
}

/// `sys.excepthook`.
pub static EXCEPTHOOK: MethodDef = MethodDef::new(
    "excepthook",
    excepthook,
    3,
    3,
    0,
    "excepthook(exctype, value, traceback) -> None\n\nPrint an exception and its traceback to sys.stderr.",
);

fn excepthook(th: &mut Thread, args: Args<'_>) -> PyResult {
    let tb = Some(args.pos[2]).filter(|t| !t.is_none());
    print_exception(th, args.pos[0], Some(args.pos[1]), tb)?;
    Ok(Value::NONE)
}

/// What happens to an exception that leaves the program: `sys.last_*` are set and `sys.excepthook` is called.
/// SystemExit is the caller's business.
pub fn report(th: &mut Thread, c: Caught) -> PyResult<()> {
    let c = exc::normalize(th, c)?;
    let (value, tb) = (c.value.unwrap_or(Value::NONE), c.traceback.unwrap_or(Value::NONE));
    if let Some(sys) = th.rt.sys_dict.get() {
        for (name, v) in [
            (&crate::names::last_type, c.class),
            (&crate::names::last_value, value),
            (&crate::names::last_traceback, tb),
        ] {
            let n = name.get(th);
            o::dict::set_str(th, sys, n, v)?;
        }
    }
    let Some(hook) = sys_variable(th, &crate::names::excepthook)? else {
        let stream = stderr(th)?;
        write(th, stream, b"sys.excepthook is missing\n")?;
        return print_exception(th, c.class, c.value, c.traceback);
    };
    if let Err(e) = ops::call(th, hook, &[c.class, value, tb]) {
        let second = e.catch(th)?;
        if exc::class_matches(th, second.class, exc::SYSTEM_EXIT.class()) {
            return Err(th.reraise(second));
        }
        let second = exc::normalize(th, second)?;
        let stream = stderr(th)?;
        let r = write(th, stream, b"Error in sys.excepthook:\n");
        forgive(th, r)?;
        print_exception(th, second.class, second.value, second.traceback)?;
        let r = write(th, stream, b"\nOriginal exception was:\n");
        forgive(th, r)?;
        print_exception(th, c.class, c.value, c.traceback)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::caret_text;

    #[test]
    fn carets() {
        assert_eq!(caret_text(b"  if x\n", 7), b"    if x\n       ^\n");
        assert_eq!(caret_text(b"abc", -1), b"    abc\n");
        assert_eq!(caret_text(b"a\nbcd\n", 4), b"    bcd\n     ^\n");
    }
}
