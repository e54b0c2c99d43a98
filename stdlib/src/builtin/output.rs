//! `print`, `raw_input`, `input`, `open`.

use super::evaluate;
use super::unpack;
use crate::readline::session;
use interpreter::layout::{PyStr, PyUnicode};
use interpreter::native::Args;
use interpreter::objects as o;
use interpreter::ops;
use interpreter::raised::PyResult;
use interpreter::{Slot, Thread, Value, import, names};

pub(super) fn open(th: &mut Thread, args: Args<'_>) -> PyResult {
    let class = o::file::FILE.class();
    ops::call_args(th, class, Args { callee: class, ..args })
}

fn is_text(v: Value) -> bool {
    v.payload::<PyStr>().is_some() || v.payload::<PyUnicode>().is_some()
}

pub(super) fn print(th: &mut Thread, args: Args<'_>) -> PyResult {
    let options = Args { callee: args.callee, pos: &[], kw: args.kw };
    let [sep, end, file] = options.bind(th, "print", ["sep", "end", "file"], 0)?;
    let live = |v: Slot| v.filter(|v| !v.is_none());
    let (sep, end) = (live(sep), live(end));
    let file = match live(file) {
        Some(f) => f,
        None => match import::sys_get(th, "stdout")? {
            None => return Err(th.runtime_error("lost sys.stdout")),
            Some(f) if f.is_none() => return Ok(Value::NONE),
            Some(f) => f,
        },
    };
    for (v, name) in [(sep, "sep"), (end, "end")] {
        if let Some(v) = v
            && !is_text(v)
        {
            let n = ops::type_name(v);
            return Err(th.type_error(format!("{name} must be None, str or unicode, not {n}")));
        }
    }
    let wide = args.pos.iter().copied().chain(sep).chain(end).any(|v| v.payload::<PyUnicode>().is_some());
    let text = |th: &mut Thread, given: Slot, default: &str| match given {
        Some(v) => Ok(v),
        None if wide => th.unicode_str(default),
        None => th.try_str(default.as_bytes()),
    };
    let sep = text(th, sep, " ")?;
    let end = text(th, end, "\n")?;
    for (i, v) in args.pos.iter().enumerate() {
        if i > 0 {
            write(th, file, sep)?;
        }
        write(th, file, *v)?;
    }
    write(th, file, end)?;
    Ok(Value::NONE)
}

/// The text of a value, written: unicode stays unicode except for files.
fn write(th: &mut Thread, file: Value, v: Value) -> PyResult<()> {
    let t = if v.payload::<PyUnicode>().is_some() && !o::file::is_file(file) {
        v
    } else {
        o::file::print_text(th, file, v)?
    };
    o::file::write_object(th, file, t)
}

/// A standard stream.
fn stream(th: &mut Thread, name: &str) -> PyResult {
    match import::sys_get(th, name)? {
        Some(f) if !f.is_none() => Ok(f),
        _ => Err(th.runtime_error(format!("[raw_]input: lost sys.{name}"))),
    }
}

pub(super) fn raw_input(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [prompt] = unpack(th, &args, "[raw_]input", 0)?;
    let (input, output) = (stream(th, "stdin")?, stream(th, "stdout")?);
    if o::file::soft_space(th, output, false)? {
        let s = th.new_str(b" ");
        o::file::write_object(th, output, s)?;
    }
    if session::enabled()
        && o::file::descriptor(input) == Some(0)
        && o::file::descriptor(output) == Some(1)
        && session::on_terminal()
    {
        o::file::flush_one(th, output)?;
        let prompt = match prompt {
            Some(p) => {
                let s = ops::str(th, p)?;
                th.str_bytes(s).to_vec()
            }
            None => Vec::new(),
        };
        return match session::read(th, &prompt)? {
            Some(line) => th.try_str(&line),
            None => Err(th.raise(o::exceptions::EOF_ERROR.class(), None)),
        };
    }
    if let Some(p) = prompt {
        let t = if p.payload::<PyUnicode>().is_some() && !o::file::is_file(output) {
            p
        } else {
            o::file::print_text(th, output, p)?
        };
        o::file::write_object(th, output, t)?;
    }
    if o::file::is_file(output) {
        o::file::flush_one(th, output)?;
    } else if let Some(f) = {
        let n = names::flush.get(th);
        ops::getattr_opt(th, output, n)?
    } && let Err(e) = ops::call(th, f, &[])
    {
        e.catch(th)?;
    }
    let line = if o::file::is_file(input) {
        o::file::read_line(th, input)?
    } else {
        ops::call_method(th, input, &names::readline, &[])?
    };
    if let Some(u) = line.payload::<PyUnicode>() {
        if u.get().len == 0 {
            return Err(th.eof_error("EOF when reading a line"));
        }
        let newline = th.unicode_str("\n")?;
        let ends = th.intern(b"endswith");
        let ends = ops::getattr(th, line, ends)?;
        let ends = ops::call(th, ends, &[newline])?;
        if ops::is_true(th, ends)? {
            let len = u.get().len as i64;
            let end = th.int(len - 1);
            return ops::get_slice(th, line, None, Some(end));
        }
        return Ok(line);
    }
    let Some(s) = line.payload::<PyStr>() else {
        return Err(th.type_error("object.readline() returned non-string"));
    };
    match s.get().bytes() {
        [] => Err(th.eof_error("EOF when reading a line")),
        [rest @ .., b'\n'] => th.try_str(rest),
        all => th.try_str(all),
    }
}

pub(super) fn input(th: &mut Thread, args: Args<'_>) -> PyResult {
    let line = raw_input(th, args)?;
    let text = th.str_bytes(line).to_vec();
    let text: &[u8] = text.trim_ascii_start();
    let (g, l) = (evaluate::caller_globals(th)?, evaluate::caller_locals(th)?);
    let future = evaluate::inherited(th);
    let mode = interpreter::eval::Mode::Eval;
    let code = interpreter::source::compile(th, text, b"<string>", mode, future, false)?;
    interpreter::eval::run_code(th, code, g, l)
}
