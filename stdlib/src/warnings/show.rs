//! Showing a warning while module `warnings` is not there to do it.

use interpreter::objects as o;
use interpreter::{PyResult, Thread, Value, ops};

pub(super) fn show(
    th: &mut Thread,
    filename: Value,
    lineno: i64,
    text: Value,
    category: Value,
    source: Option<&[u8]>,
) -> PyResult<()> {
    let Some(sys) = th.rt.sys_dict.get() else { return Ok(()) };
    let name = interpreter::names::stderr.get(th);
    let Some(stream) = o::dict::get_str(th, sys, name)?.filter(|s| !s.is_none()) else { return Ok(()) };
    let class = interpreter::names::__name__.get(th);
    let class = ops::getattr(th, category, class)?;
    let shown = ops::str(th, text)?;
    let file = ops::str(th, filename)?;
    let mut out = th.str_bytes(file).to_vec();
    out.extend_from_slice(format!(":{lineno}: ").as_bytes());
    out.extend_from_slice(th.str_bytes(class));
    out.extend_from_slice(b": ");
    out.extend_from_slice(th.str_bytes(shown));
    out.push(b'\n');
    let line = match source {
        Some(l) => Some(l.to_vec()),
        None => {
            let file = th.str_bytes(file).to_vec();
            o::traceback::source::line_on_path(th, &file, usize::try_from(lineno).unwrap_or(0))?
        }
    };
    if let Some(l) = line {
        let start = l.iter().position(|c| !matches!(c, b' ' | b'\t' | 0x0c)).unwrap_or(l.len());
        out.extend_from_slice(b"  ");
        out.extend_from_slice(&l[start..]);
        if out.last() != Some(&b'\n') {
            out.push(b'\n');
        }
    }
    let out = th.try_str(&out)?;
    // A stream that cannot take it loses the warning, not the program.
    if let Err(e) = ops::call_method(th, stream, &interpreter::names::write, &[out]) {
        e.catch(th)?;
    }
    Ok(())
}
