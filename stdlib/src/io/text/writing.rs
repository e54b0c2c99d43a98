//! Writing text.

use super::construct::written_newline;
use super::*;
use crate::io::newline::code_points;
use interpreter::layout::{PyStr, PyUnicode};
use interpreter::objects::bytearray;

/// Gives the buffer what is pending.
pub fn write_pending(th: &mut Thread, v: Value) -> PyResult<()> {
    let s = state::storage(th, v, PENDING)?;
    let b = state::bytes(th, v, PENDING)?;
    if b.is_empty() {
        return Ok(());
    }
    let data = th.try_str(b)?;
    let n = th.str_bytes(data).len();
    bytearray::splice(th, s, 0, n, &[])?;
    let to = state::value(th, v, BUFFER)?;
    arguments::call_retrying(th, to, &names::write, &[data])?;
    Ok(())
}

pub fn write(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (v, text) = (args.pos[0], args.pos[1]);
    buffer(th, v)?;
    let Some(u) = text.payload::<PyUnicode>() else {
        let n = if text.is_none() { "None".into() } else { ops::type_name(text) };
        return Err(th.type_error(format!("write() argument 1 must be unicode, not {n}")));
    };
    let b = open(th, v)?;
    let encoder = state::value(th, v, ENCODER)?;
    if encoder.is_none() {
        return Err(th.io_error_text("not writable"));
    }
    let count = u.len;
    let by_line = state::is_set(th, v, LINE_BUFFERING)?;
    let nl = written_newline(th, v)?;
    let mut text = text;
    let mut flush = false;
    if by_line || nl.is_some() {
        let s = code_points(text);
        let has_lf = s.contains(&10);
        flush = by_line && (has_lf || s.contains(&13));
        if has_lf && let Some(nl) = nl {
            let mut out = Vec::with_capacity(s.len() + 8);
            for c in s {
                if c == 10 { out.extend(nl.iter().map(|b| u32::from(*b))) } else { out.push(c) }
            }
            text = th.unicode_from(&out)?;
        }
    }
    let bytes = call(th, encoder, &names::encode, &[text])?;
    let Some(bytes) = bytes.payload::<PyStr>() else {
        let n = ops::type_name(bytes);
        return Err(th.type_error(format!("encoder should return a bytes object, not '{n}'")));
    };
    let s = state::storage(th, v, PENDING)?;
    let n = s.read(th)?.len.get();
    bytearray::splice(th, s, n, 0, bytes.get().bytes())?;
    if flush || (n + bytes.len) as i64 > state::number(th, v, CHUNK)? {
        write_pending(th, v)?;
    }
    if flush {
        call(th, b, &names::flush, &[])?;
    }
    state::set(th, v, SNAPSHOT, None)?;
    let decoder = state::value(th, v, DECODER)?;
    if !decoder.is_none() {
        call(th, decoder, &names::reset, &[])?;
    }
    long(th, count as i64)
}

pub fn flush(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let b = open(th, v)?;
    let telling = state::is_set(th, v, SEEKABLE)?;
    state::set_flag(th, v, TELLING, telling)?;
    write_pending(th, v)?;
    call(th, b, &names::flush, &[])
}
