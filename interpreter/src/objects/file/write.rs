//! Writing: `write`, `writelines`, `flush`.

use super::mode::Flags;
use super::state::{self, END, FLAGS, Record, SIZE, START};
use super::stream;
use crate::layout::{PyStr, PyUnicode};
use crate::native::Args;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

fn writable(th: &mut Thread, v: Value) -> PyResult<Record> {
    let f = state::record(th, v)?;
    state::open_descriptor(th, f)?;
    if !state::flags(f.read(th)?).has(Flags::WRITE) {
        return Err(th.io_error_text("File not open for writing"));
    }
    Ok(f)
}

/// Writes bytes: into the buffer, or through it when it is full or a line ends.
pub(super) fn put(th: &mut Thread, f: Record, data: &[u8]) -> PyResult<()> {
    if data.is_empty() {
        return Ok(());
    }
    let r = f.read(th)?;
    let flags = state::flags(r);
    let held = if flags.has(Flags::WRITING) { state::number(r, END) as usize } else { 0 };
    // In the second run of this bytecode the buffer has been taken out already: on to the result.
    let through = th.has_outside_result()
        || flags.has(Flags::UNBUFFERED)
        || held + data.len() > state::number(r, SIZE) as usize
        || (flags.has(Flags::BY_LINE) && memchr::memrchr(b'\n', data).is_some());
    if through {
        return stream::flush(th, f, data);
    }
    // After bytes read ahead the descriptor's position has to go back first.
    let behind = !flags.has(Flags::WRITING) && state::number(r, END) > state::number(r, START);
    if behind || stream::busy_elsewhere(th, f)? {
        return stream::flush(th, f, data);
    }
    let r = f.write(th)?;
    if !flags.has(Flags::WRITING) {
        state::set_number(r, START, 0);
        state::set_number(r, END, 0);
    }
    state::set_number(r, FLAGS, state::flags(r).with(Flags::WRITING).without(Flags::ITERATING).0);
    state::append(th, r, data)
}

/// Writes bytes to a file object.
pub fn write_bytes(th: &mut Thread, v: Value, data: &[u8]) -> PyResult<()> {
    let f = writable(th, v)?;
    put(th, f, data)
}

/// Text or buffer as bytes to be written: unicode is encoded in text mode, and is refused otherwise only by encoding.
fn bytes_of<'a>(th: &mut Thread, v: Value) -> PyResult<std::borrow::Cow<'a, [u8]>> {
    if let Some(s) = v.payload::<PyStr>() {
        return Ok(s.get().bytes().into());
    }
    if v.payload::<PyUnicode>().is_some() {
        let s = crate::objects::unicode::encode_default(th, v)?;
        return Ok(th.str_bytes(s).into());
    }
    match ops::slots_of(v).buffer {
        Some(get) => Ok(get(th, v)?.bytes().to_vec().into()),
        None => Err(th.type_error("expected a string or other character buffer object")),
    }
}

/// `file.write(text)`.
pub fn write(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = writable(th, args.pos[0])?;
    let Some(v) = args.get(1) else {
        return Err(th.type_error("write() takes exactly 1 argument (0 given)"));
    };
    let binary = state::flags(f.read(th)?).has(Flags::BINARY);
    // Text goes through the stream's encoding, if it has one.
    let v = if !binary && v.payload::<PyUnicode>().is_some() { super::print::encoded(th, f, v)? } else { v };
    let data = bytes_of(th, v)?;
    put(th, f, &data)?;
    // What follows is not the next item of a print statement.
    if super::state::number(f.read(th)?, super::state::SOFTSPACE) != 0 {
        super::state::set_number(f.write(th)?, super::state::SOFTSPACE, 0);
    }
    Ok(Value::NONE)
}

/// `file.writelines(lines)`.
pub fn writelines(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = writable(th, args.pos[0])?;
    let lines = args.pos[1];
    let it = match ops::iter(th, lines) {
        Ok(it) => it,
        Err(e) => {
            e.catch_if(th, crate::objects::exceptions::TYPE_ERROR.class())?;
            return Err(th.type_error("writelines() requires an iterable argument"));
        }
    };
    let mut all = Vec::new();
    while let Some(line) = ops::next(th, it)? {
        let ok = line.payload::<PyStr>().is_some() || line.payload::<PyUnicode>().is_some();
        if !ok && ops::slots_of(line).buffer.is_none() {
            put(th, f, &all)?;
            return Err(th.type_error("writelines() argument must be a sequence of strings"));
        }
        let data = bytes_of(th, line)?;
        all.extend_from_slice(&data);
        if all.len() > 1 << 20 {
            // The iterator has run Python already: no replay.
            th.outside.replayable = false;
            state::open_descriptor(th, f)?;
            put(th, f, &all)?;
            all.clear();
        }
    }
    state::open_descriptor(th, f)?;
    th.outside.replayable = false;
    put(th, f, &all)?;
    Ok(Value::NONE)
}

/// `file.flush()`.
pub fn flush(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = state::record(th, args.pos[0])?;
    state::open_descriptor(th, f)?;
    if th.has_outside_result() || state::flags(f.read(th)?).has(Flags::WRITING) {
        stream::flush(th, f, &[])?;
    }
    Ok(Value::NONE)
}
