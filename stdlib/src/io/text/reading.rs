//! Reading text.

use super::construct::line_ends;
use super::writing::write_pending;
use super::*;
use crate::io::newline::{self, check_decoded, code_points};
use interpreter::layout::{PyTuple, PyUnicode};

/// Replaces the decoded characters.
pub fn set_decoded(th: &mut Thread, v: Value, text: Slot) -> PyResult<()> {
    state::set(th, v, DECODED, text)?;
    state::set_number(th, v, USED, 0)
}

/// Characters decoded and not handed out.
fn left(th: &mut Thread, v: Value) -> PyResult<Vec<u32>> {
    let used = state::number(th, v, USED)? as usize;
    match state::get(th, v, DECODED)?.and_then(|d| d.payload::<PyUnicode>()) {
        Some(u) => {
            let cs = u.get().chars();
            Ok(cs.slice(used.min(cs.len())..cs.len()).iter().collect())
        }
        None => Ok(Vec::new()),
    }
}

/// Hands out at most `n` characters.
fn take(th: &mut Thread, v: Value, n: usize) -> PyResult<Vec<u32>> {
    let mut s = left(th, v)?;
    s.truncate(n);
    let used = state::number(th, v, USED)?;
    state::set_number(th, v, USED, used + s.len() as i64)?;
    Ok(s)
}

/// Runs the stream's decoder.
pub fn decode(th: &mut Thread, decoder: Value, input: Value, last: bool) -> PyResult {
    if newline::is_exact(decoder) {
        return newline::decode(th, decoder, input, last);
    }
    let r = call(th, decoder, &names::decode, &[input, Value::from_bool(last)])?;
    check_decoded(th, r)
}

/// The decoder of a stream that can be read.
fn decoder(th: &mut Thread, v: Value) -> PyResult {
    let d = state::value(th, v, DECODER)?;
    if d.is_none() {
        return Err(th.io_error_text("not readable"));
    }
    Ok(d)
}

/// Decodes the next chunk; false at the end.
fn read_chunk(th: &mut Thread, v: Value) -> PyResult<bool> {
    let d = decoder(th, v)?;
    let telling = state::is_set(th, v, TELLING)?;
    let mut before = None;
    if telling {
        let s = call(th, d, &names::getstate, &[])?;
        match s.payload::<PyTuple>().map(|t| t.get().items()) {
            Some([buffer, flags]) => before = Some((*buffer, *flags)),
            _ => return Err(th.type_error("illegal decoder state")),
        }
    }
    let b = state::value(th, v, BUFFER)?;
    let (name, word) =
        if state::is_set(th, v, HAS_READ1)? { (&names::read1, "read1") } else { (&names::read, "read") };
    let n = state::number(th, v, CHUNK)?;
    let n = th.int(n);
    let input = arguments::call_retrying(th, b, name, &[n])?;
    let bytes = arguments::expect_bytes(
        th,
        input,
        |n| format!("underlying {word}() should have returned a bytes object, not '{n}'"),
        false,
    )?;
    let end = bytes.is_empty();
    let text = decode(th, d, input, end)?;
    let count = text.payload::<PyUnicode>().map_or(0, |u| u.len);
    set_decoded(th, v, Some(text))?;
    let ratio = if count > 0 { bytes.len() as f64 / count as f64 } else { 0.0 };
    let ratio = th.float(ratio);
    state::set(th, v, RATIO, Some(ratio))?;
    if let Some((kept, flags)) = before {
        let kept = arguments::expect_bytes(th, kept, |_| "illegal decoder state".into(), false)?;
        let fed = if kept.is_empty() { input } else { th.try_str(&[kept, bytes].concat())? };
        let s = th.new_tuple(&[flags, fed]);
        state::set(th, v, SNAPSHOT, Some(s))?;
    }
    Ok(!end || count > 0)
}

pub fn read(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    buffer(th, v)?;
    let n = arguments::size(th, args.get(1))?;
    let b = open(th, v)?;
    let d = decoder(th, v)?;
    write_pending(th, v)?;
    if n < 0 {
        let input = call(th, b, &names::read, &[])?;
        let rest = if input.is_none() { Value::NONE } else { decode(th, d, input, true)? };
        let mut s = take(th, v, usize::MAX)?;
        let whole = s.is_empty() && !rest.is_none();
        s.extend(code_points(rest));
        set_decoded(th, v, None)?;
        state::set(th, v, SNAPSHOT, None)?;
        return if whole { Ok(rest) } else { th.unicode_from(&s) };
    }
    let n = n as usize;
    let mut out = take(th, v, n)?;
    while out.len() < n && read_chunk(th, v)? {
        let more = take(th, v, n - out.len())?;
        out.extend(more);
    }
    th.unicode_from(&out)
}

fn line(th: &mut Thread, v: Value, limit: i64) -> PyResult {
    open(th, v)?;
    write_pending(th, v)?;
    let ends = line_ends(th, v)?;
    let limit = if limit < 0 { usize::MAX } else { limit as usize };
    let mut out: Vec<u32> = Vec::new();
    // Characters of `out` that need not be searched again.
    let mut searched = 0;
    loop {
        let here = left(th, v)?;
        if here.is_empty() {
            if out.len() >= limit {
                break;
            }
            if !read_chunk(th, v)? {
                set_decoded(th, v, None)?;
                state::set(th, v, SNAPSHOT, None)?;
                break;
            }
            continue;
        }
        let had = out.len();
        out.extend_from_slice(&here);
        let found = ends.find(&out[searched..]);
        let end = match found {
            Ok(n) => Some(searched + n),
            Err(n) => {
                searched += n;
                None
            }
        };
        let cut = match end {
            Some(e) => e.min(limit),
            None if out.len() >= limit => limit,
            None => {
                take(th, v, here.len())?;
                continue;
            }
        };
        // What was taken of the earlier pieces stays taken: a line end never lies before the new piece.
        take(th, v, cut.saturating_sub(had))?;
        out.truncate(cut.max(had));
        break;
    }
    th.unicode_from(&out)
}

pub fn readline(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    buffer(th, v)?;
    let limit = arguments::size(th, args.get(1))?;
    line(th, v, limit)
}

pub fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    buffer(th, v)?;
    state::set_flag(th, v, TELLING, false)?;
    let exact = interpreter::types::type_of(v).value() == TEXT_IO_WRAPPER.class();
    let l = if exact { line(th, v, -1)? } else { call(th, v, &names::readline, &[])? };
    match l.payload::<PyUnicode>() {
        Some(u) if u.len == 0 => {
            let seekable = state::is_set(th, v, SEEKABLE)?;
            state::set_flag(th, v, TELLING, seekable)?;
            Ok(None)
        }
        Some(_) => Ok(Some(l)),
        None => {
            let n = ops::type_name(l);
            Err(th.io_error_text(format!("readline() should have returned an str object, not '{n}'")))
        }
    }
}
