//! Writing through a buffer.

use super::common::*;
use crate::io::arguments::call_retrying;
use crate::io::state::{self, long};
use crate::io::{errors, names};
use interpreter::native::Args;
use interpreter::objects::{buffer as view, bytearray, exceptions as exc};
use interpreter::{PyResult, Thread, Value, buffer, ops};

/// One write to the raw stream; none if it would block.
fn raw_write(th: &mut Thread, v: Value, b: &[u8]) -> PyResult<Option<usize>> {
    let r = state::value(th, v, RAW)?;
    let s = th.try_str(b)?;
    let m = ops::call(th, view::MEMORYVIEW.class(), &[s])?;
    let n = call_retrying(th, r, &names::write, &[m])?;
    if n.is_none() {
        return Ok(None);
    }
    let n = ops::index_i64(th, n, Some(&exc::VALUE_ERROR))?;
    if n < 0 || n as usize > b.len() {
        let max = b.len();
        return Err(th.io_error_text(format!(
            "raw write() returned invalid length {n} (should have been between 0 and {max})"
        )));
    }
    Ok(Some(n as usize))
}

/// Writes what is pending. On an error the part that was not written stays.
pub fn flush_pending(th: &mut Thread, v: Value) -> PyResult<()> {
    if !is_writable(th, v)? {
        return Ok(());
    }
    loop {
        let b = state::bytes(th, v, WRITE)?.to_vec();
        if b.is_empty() {
            return Ok(());
        }
        match raw_write(th, v, &b)? {
            Some(n) => {
                let s = state::storage(th, v, WRITE)?;
                bytearray::splice(th, s, 0, n, &[])?;
            }
            None => return Err(errors::raise_blocking(th, 0)),
        }
    }
}

/// Adds bytes to those to be written.
fn add(th: &mut Thread, v: Value, b: &[u8]) -> PyResult<()> {
    let s = state::storage(th, v, WRITE)?;
    let n = s.read(th)?.len.get();
    bytearray::splice(th, s, n, 0, b)
}

pub fn flush(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    open(th, v, "flush of closed file")?;
    flush_and_rewind(th, v)?;
    Ok(Value::NONE)
}

pub fn write(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    raw(th, v)?;
    let b = buffer::argument(th, args.pos[1], "write", 1)?.bytes().to_vec();
    open(th, v, "write to closed file")?;
    let size = state::number(th, v, SIZE)? as usize;
    if is_readable(th, v)? {
        go_back(th, v)?;
    }
    let have = pending(th, v)?;
    if b.len() <= size.saturating_sub(have) {
        add(th, v, &b)?;
        return long(th, b.len() as i64);
    }
    if let Err(e) = flush_pending(th, v) {
        let c = e.catch_if(th, errors::BLOCKING_IO_ERROR.class())?;
        // What still fits is taken.
        let room = size.saturating_sub(pending(th, v)?);
        if b.len() <= room {
            add(th, v, &b)?;
            return long(th, b.len() as i64);
        }
        add(th, v, &b[..room])?;
        let c = exc::normalize(th, c)?;
        if let Some(x) = c.value {
            let (n, k) = (th.int(room as i64), names::characters_written.get(th));
            ops::setattr(th, x, k, Some(n))?;
        }
        return Err(th.reraise(c));
    }
    let mut done = 0;
    while b.len() - done > size {
        match raw_write(th, v, &b[done..])? {
            Some(n) => done += n,
            None => {
                let left = b.len() - done;
                let take = left.min(size);
                add(th, v, &b[done..done + take])?;
                done += take;
                if left > size {
                    return Err(errors::raise_blocking(th, done));
                }
                return long(th, b.len() as i64);
            }
        }
        th.native_poll()?;
    }
    add(th, v, &b[done..])?;
    long(th, b.len() as i64)
}
