//! Where a warning comes from: the Python frame some levels up, and source lines from loaders.

use super::issue::{Warning, issue};
use interpreter::layout::{PyList, PyStr};
use interpreter::objects as o;
use interpreter::{PyResult, Slot, Thread, Value, ops};

/// Issues a warning for the frame `level` levels up; 1 is the running one.
pub(super) fn warn_at_level(th: &mut Thread, message: Value, category: Value, level: i64) -> PyResult<()> {
    let mut f = th.frame;
    let mut up = level;
    while up > 1 && !f.is_null() {
        // SAFETY: the chain of live frames of this thread.
        f = unsafe { (*f).prev };
        up -= 1;
    }
    let (globals, lineno) = if f.is_null() {
        (th.rt.sys_dict.get(), 1)
    } else {
        // SAFETY: a live frame of this thread.
        let globals = unsafe { (*f).globals };
        let frame = o::frame::object_of(th, f);
        let name = th.intern(b"f_lineno");
        let line = ops::getattr(th, frame, name)?;
        (Some(globals), ops::int_value(line).unwrap_or(0))
    };
    let Some(globals) = globals else { return Ok(()) };
    let name = th.intern(b"__warningregistry__");
    let registry = match o::dict::get_str(th, globals, name)? {
        Some(r) => r,
        None => {
            let r = th.new_dict();
            o::dict::set_str(th, globals, name, r)?;
            r
        }
    };
    let name = interpreter::names::__name__.get(th);
    let module = match o::dict::get_str(th, globals, name)? {
        Some(m) => m,
        None => th.intern(b"<string>"),
    };
    let filename = filename(th, globals, module)?;
    let registry = Some(registry).filter(|r| !r.is_none());
    issue(
        th,
        Warning { message, category, filename, lineno, module: Some(module), registry, source_line: None },
    )
}

/// The source file of the module with these globals.
fn filename(th: &mut Thread, globals: Value, module: Value) -> PyResult {
    let name = interpreter::names::__file__.get(th);
    if let Some(f) = o::dict::get_str(th, globals, name)?
        && f.payload::<PyStr>().is_some()
    {
        let b = th.str_bytes(f);
        let tail = b.len().checked_sub(4).map(|i| b[i..].to_ascii_lowercase());
        if matches!(tail.as_deref(), Some(b".pyc" | b".pyo")) {
            return th.try_str(&b[..b.len() - 1]);
        }
        return Ok(f);
    }
    if th.str_bytes(module) == b"__main__" {
        let argv = th.intern(b"argv");
        if let Some(sys) = th.rt.sys_dict.get()
            && let Some(argv) = o::dict::get_str(th, sys, argv)?
            && argv.payload::<PyList>().is_some()
            && ops::len(th, argv)? > 0
        {
            let first = ops::getitem(th, argv, Value::int_unchecked(0))?;
            if ops::is_true(th, first)? {
                return Ok(first);
            }
        }
        return Ok(th.intern(b"__main__"));
    }
    Ok(module)
}

/// The source line as the module's loader gives it.
pub(super) fn loader_line(th: &mut Thread, globals: Value, lineno: i64) -> PyResult<Option<Vec<u8>>> {
    let (loader, name) = (get(th, globals, "__loader__")?, get(th, globals, "__name__")?);
    let (Some(loader), Some(name)) = (loader, name) else { return Ok(None) };
    let method = th.intern(b"get_source");
    let Some(f) = ops::getattr_opt(th, loader, method)? else { return Ok(None) };
    let source = ops::call(th, f, &[name])?;
    if source.is_none() {
        return Ok(None);
    }
    let text = th.str_bytes(source).to_vec();
    let line = usize::try_from(lineno)
        .ok()
        .and_then(|n| n.checked_sub(1))
        .and_then(|n| text.split(|c| *c == b'\n').nth(n));
    match line {
        Some(l) => Ok(Some(l.to_vec())),
        None => Err(th.index_error("list index out of range")),
    }
}

fn get(th: &mut Thread, d: Value, name: &str) -> PyResult<Slot> {
    let n = th.intern(name.as_bytes());
    o::dict::get_str(th, d, n)
}
