//! Reading through a buffer.

use super::common::*;
use crate::io::arguments::{self, call_retrying};
use crate::io::{base, fileio, names, state};
use interpreter::layout::PyStr;
use interpreter::native::Args;
use interpreter::objects::{buffer, bytearray, exceptions as exc};
use interpreter::{PyResult, Slot, Thread, Value, ops};

/// One read of the raw stream of at most `n` bytes; none if it would block.
pub fn raw_read(th: &mut Thread, v: Value, n: usize) -> PyResult<Option<Vec<u8>>> {
    let r = state::value(th, v, RAW)?;
    if fileio::is_exact(r) {
        return fileio::read_once(th, r, n);
    }
    let mut zeros: Vec<u8> = Vec::new();
    if zeros.try_reserve_exact(n).is_err() {
        return Err(th.memory_error());
    }
    zeros.resize(n, 0);
    let b = bytearray::new(th, &zeros)?;
    let view = ops::call(th, buffer::MEMORYVIEW.class(), &[b])?;
    let got = call_retrying(th, r, &names::readinto, &[view])?;
    if got.is_none() {
        return Ok(None);
    }
    let got = ops::index_i64(th, got, Some(&exc::VALUE_ERROR))?;
    let bytes = bytearray::view(th, b)?;
    if got < 0 || got as usize > n.min(bytes.len()) {
        return Err(th.io_error_text(format!(
            "raw readinto() returned invalid length {got} (should have been between 0 and {n})"
        )));
    }
    Ok(Some(bytes[..got as usize].to_vec()))
}

/// Reads once, so that more lies ahead; how much more, none if it would block.
fn fill(th: &mut Thread, v: Value) -> PyResult<Option<usize>> {
    let size = state::number(th, v, SIZE)? as usize;
    let have = ahead(th, v)?;
    let room = if have.len() < size { size - have.len() } else { size };
    let Some(new) = raw_read(th, v, room)? else { return Ok(None) };
    let n = new.len();
    let have = ahead(th, v)?;
    if n > 0 {
        let s = if have.is_empty() { th.try_str(&new)? } else { th.try_str(&[have, &new].concat())? };
        state::set(th, v, READ, Some(s))?;
        state::set_number(th, v, READ_POS, 0)?;
    }
    Ok(Some(n))
}

/// Hands out so many of the bytes read ahead.
fn take<'a>(th: &mut Thread, v: Value, n: usize) -> PyResult<&'a [u8]> {
    let b = ahead(th, v)?;
    let n = n.min(b.len());
    let at = state::number(th, v, READ_POS)?;
    state::set_number(th, v, READ_POS, at + n as i64)?;
    Ok(&b[..n])
}

/// Before any read: what is to be written goes first.
fn prepare(th: &mut Thread, v: Value) -> PyResult<()> {
    if is_writable(th, v)? && pending(th, v)? > 0 {
        flush_and_rewind(th, v)?;
    }
    Ok(())
}

pub fn read(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    raw(th, v)?;
    let n = arguments::size(th, args.get(1))?;
    if n < -1 {
        return Err(th.value_error("read length must be positive or -1"));
    }
    open(th, v, "read of closed file")?;
    prepare(th, v)?;
    if n == -1 {
        return read_all(th, v);
    }
    let n = n as usize;
    if n <= ahead(th, v)?.len() {
        let b = take(th, v, n)?;
        return th.try_str(b);
    }
    read_generic(th, v, n)
}

fn read_all(th: &mut Thread, v: Value) -> PyResult {
    let left = ahead(th, v)?.len();
    let mut out = take(th, v, left)?.to_vec();
    drop_read(th, v)?;
    let r = state::value(th, v, RAW)?;
    let had_any = !out.is_empty();
    let mut first = true;
    loop {
        let data = call_retrying(th, r, &names::read, &[])?;
        let end = match data.payload::<PyStr>() {
            Some(s) if s.len > 0 => {
                if out.try_reserve(s.len).is_err() {
                    return Err(th.memory_error());
                }
                out.extend_from_slice(s.get().bytes());
                false
            }
            Some(_) => true,
            None if data.is_none() => true,
            None => return Err(th.type_error("read() should return bytes")),
        };
        if end {
            // Nothing at all: the raw stream's own answer, which may be None.
            return if first && !had_any { Ok(data) } else { th.try_str(&out) };
        }
        first = false;
    }
}

fn read_generic(th: &mut Thread, v: Value, n: usize) -> PyResult {
    let size = state::number(th, v, SIZE)? as usize;
    let left = ahead(th, v)?.len();
    let mut out = take(th, v, left)?.to_vec();
    drop_read(th, v)?;
    let answer = |th: &mut Thread, out: &[u8], blocked: bool| {
        if blocked && out.is_empty() { Ok(Value::NONE) } else { th.try_str(out) }
    };
    // Whole blocks bypass the buffer.
    while n - out.len() >= size {
        let whole = size * ((n - out.len()) / size);
        match raw_read(th, v, whole)? {
            Some(b) if !b.is_empty() => out.extend_from_slice(&b),
            r => return answer(th, &out, r.is_none()),
        }
    }
    while out.len() < n {
        match fill(th, v)? {
            Some(1..) => {
                let b = take(th, v, n - out.len())?;
                out.extend_from_slice(b);
            }
            r => return answer(th, &out, r.is_none()),
        }
    }
    th.try_str(&out)
}

pub fn read1(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    raw(th, v)?;
    let n = ops::integer_arg(th, args.pos[1])?;
    if n < 0 {
        return Err(th.value_error("read length must be positive"));
    }
    open(th, v, "read of closed file")?;
    if n == 0 {
        return Ok(th.intern(b""));
    }
    prepare(th, v)?;
    if ahead(th, v)?.is_empty() {
        fill(th, v)?;
    }
    let b = take(th, v, n as usize)?;
    th.try_str(b)
}

pub fn peek(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    raw(th, v)?;
    if let Some(n) = args.get(1) {
        ops::integer_arg(th, n)?;
    }
    base::check_closed(th, v)?;
    prepare(th, v)?;
    if ahead(th, v)?.is_empty() {
        fill(th, v)?;
    }
    let b = ahead(th, v)?;
    th.try_str(b)
}

pub fn readline(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    raw(th, v)?;
    let limit = arguments::size(th, args.get(1))?;
    line(th, v, limit)
}

fn line(th: &mut Thread, v: Value, limit: i64) -> PyResult {
    open(th, v, "readline of closed file")?;
    prepare(th, v)?;
    let limit = if limit < 0 { usize::MAX } else { limit as usize };
    let mut out: Vec<u8> = Vec::new();
    loop {
        let b = ahead(th, v)?;
        let room = limit - out.len();
        let b = &b[..b.len().min(room)];
        let end = memchr::memchr(b'\n', b).map(|i| i + 1);
        let part = take(th, v, end.unwrap_or(b.len()))?;
        if out.is_empty() && (end.is_some() || part.len() == room) {
            return th.try_str(part);
        }
        out.extend_from_slice(part);
        if end.is_some() || out.len() >= limit {
            break;
        }
        if !matches!(fill(th, v)?, Some(1..)) {
            break;
        }
    }
    th.try_str(&out)
}

pub fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let class = interpreter::types::type_of(v).value();
    if class == super::BUFFERED_READER.class() || class == super::BUFFERED_RANDOM.class() {
        let l = alone(th, v, |th| line(th, v, -1))?;
        return Ok(if th.str_bytes(l).is_empty() { None } else { Some(l) });
    }
    base::next_line(th, v)
}
