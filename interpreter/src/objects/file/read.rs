//! Reading: `read`, `readline`, `readlines`, `readinto`, iteration.

use super::job::{Want, translate};
use super::mode::Flags;
use super::state::{self, END, FLAGS, NAME, Record, START};
use super::stream;
use crate::layout::PyStr;
use crate::native::Args;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// An open file that may be read; `mixing`: iteration may have read ahead.
fn readable(th: &mut Thread, v: Value, iterating: bool) -> PyResult<Record> {
    let f = state::record(th, v)?;
    state::open_descriptor(th, f)?;
    let r = f.read(th)?;
    let flags = state::flags(r);
    if !flags.has(Flags::READ) {
        return Err(th.io_error_text("File not open for reading"));
    }
    if !iterating && flags.has(Flags::ITERATING) {
        if !state::buffered(r).is_empty() {
            return Err(th.value_error("Mixing iteration and read methods would lose data"));
        }
        let r = f.write(th)?;
        state::set_number(r, FLAGS, flags.without(Flags::ITERATING).0);
    }
    Ok(f)
}

/// What is wanted, out of the buffer alone if it is there.
fn fetch(th: &mut Thread, f: Record, want: Want) -> PyResult {
    let r = f.read(th)?;
    let flags = state::flags(r);
    if !flags.has(Flags::WRITING) && !flags.has(Flags::UNIVERSAL) {
        let b = state::buffered(r);
        let n = match want {
            Want::Line(limit) => match memchr::memchr(b'\n', &b[..b.len().min(limit)]) {
                Some(i) => Some(i + 1),
                None => (limit <= b.len()).then_some(limit),
            },
            Want::Count(n) => (n <= b.len()).then_some(n),
            _ => None,
        };
        if let Some(n) = n {
            let s = th.try_str(&b[..n])?;
            let r = f.write(th)?;
            state::set_number(r, START, state::number(r, START) + n as i64);
            return Ok(s);
        }
    } else if flags.has(Flags::UNIVERSAL)
        && let Want::Line(limit) = want
    {
        let mut now = flags;
        let mut text = Vec::new();
        let n = translate(state::buffered(r), limit, true, &mut now, &mut text);
        if text.last() == Some(&b'\n') || text.len() >= limit {
            let s = th.try_str(&text)?;
            let r = f.write(th)?;
            state::set_number(r, START, state::number(r, START) + n as i64);
            state::set_number(r, FLAGS, now.0);
            return Ok(s);
        }
    }
    let text = stream::read(th, f, want)?;
    th.try_str(&text)
}

/// A count argument; none or negative: no limit.
fn count(th: &mut Thread, v: Slot) -> PyResult<Option<usize>> {
    match v {
        None => Ok(None),
        Some(v) => Ok(usize::try_from(ops::integer_arg(th, v)?).ok()),
    }
}

/// `file.read([size])`.
pub fn read(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = state::record(th, args.pos[0])?;
    state::open_descriptor(th, f)?;
    let f = readable(th, args.pos[0], false)?;
    match count(th, args.get(1))? {
        Some(n) => fetch(th, f, Want::Count(n)),
        None => fetch(th, f, Want::All),
    }
}

/// `file.readline([size])`.
pub fn readline(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = readable(th, args.pos[0], false)?;
    match count(th, args.get(1))? {
        Some(0) => th.try_str(b""),
        Some(n) => fetch(th, f, Want::Line(n)),
        None => fetch(th, f, Want::Line(usize::MAX)),
    }
}

/// `file.readlines([hint])`.
pub fn readlines(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = readable(th, args.pos[0], false)?;
    let hint = count(th, args.get(1))?.filter(|n| *n > 0);
    let lines = th.m.root_vec();
    let push = |th: &mut Thread, text: &[u8]| -> PyResult<()> {
        let mut rest = text;
        while !rest.is_empty() {
            let n = memchr::memchr(b'\n', rest).map_or(rest.len(), |i| i + 1);
            lines.push(th.try_str(&rest[..n])?.bits());
            rest = &rest[n..];
        }
        Ok(())
    };
    match hint {
        None => {
            let text = stream::read(th, f, Want::All)?;
            push(th, &text)?;
        }
        Some(n) => {
            // One block of the hinted size, and the rest of its last line.
            let mut text = stream::read(th, f, Want::Count(n.max(state::DEFAULT_SIZE)))?;
            if !text.is_empty() && text.last() != Some(&b'\n') {
                th.outside.replayable = false;
                text.extend_from_slice(&stream::read(th, f, Want::Line(usize::MAX))?);
            }
            push(th, &text)?;
        }
    }
    th.new_list(ops::values(&lines))
}

/// `file.readinto(buffer)`.
pub fn readinto(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = readable(th, args.pos[0], false)?;
    let Some(target) = args.get(1) else {
        return Err(th.type_error("readinto() takes exactly 1 argument (0 given)"));
    };
    let b = match ops::slots_of(target).buffer {
        Some(get) => get(th, target)?,
        None => {
            let n = ops::type_name(target);
            return Err(th.type_error(format!("argument 1 must be read-write buffer, not {n}")));
        }
    };
    if b.readonly {
        let n = ops::type_name(target);
        return Err(th.type_error(format!("argument 1 must be read-write buffer, not {n}")));
    }
    let text = stream::read(th, f, Want::Count(b.len))?;
    // The read may have committed: ask for the (locked) bytes again.
    let n = crate::buffer::store(th, target, 0, &text)?;
    Ok(th.int(n as i64))
}

/// `file.next()`.
pub fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let f = readable(th, v, true)?;
    let r = f.read(th)?;
    let flags = state::flags(r);
    if !flags.has(Flags::ITERATING) && !flags.has(Flags::UNBUFFERED) {
        let r = f.write(th)?;
        state::set_number(r, FLAGS, flags.with(Flags::ITERATING).0);
    }
    let line = fetch(th, f, Want::Line(usize::MAX))?;
    let empty = line.cast::<PyStr>().is_none_or(|s| s.len == 0);
    if !empty && !flags.has(Flags::UNBUFFERED) {
        // A visit to the descriptor takes the flag off.
        let r = f.read(th)?;
        if !state::flags(r).has(Flags::ITERATING) && state::number(r, END) > state::number(r, START) {
            let r = f.write(th)?;
            state::set_number(r, FLAGS, state::flags(r).with(Flags::ITERATING).0);
        }
    }
    Ok((!empty).then_some(line))
}

/// The rest of a file, for natives.
pub fn read_all(th: &mut Thread, v: Value) -> PyResult<Vec<u8>> {
    let f = readable(th, v, true)?;
    stream::read(th, f, Want::All)
}

/// The next `n` bytes of a file as a str; fewer at its end.
pub fn read_count(th: &mut Thread, v: Value, n: usize) -> PyResult {
    let f = readable(th, v, true)?;
    fetch(th, f, Want::Count(n))
}

/// One line of a file, with its end; empty at the end of the file.
pub fn read_line(th: &mut Thread, v: Value) -> PyResult {
    let f = readable(th, v, true)?;
    fetch(th, f, Want::Line(usize::MAX))
}

/// The rest of a file as program text, and its name (`exec f`).
pub fn read_source(th: &mut Thread, v: Value) -> PyResult<(Vec<u8>, Vec<u8>)> {
    let f = readable(th, v, true)?;
    let name = f.read(th)?.at(NAME).get().unwrap_or(Value::NONE);
    let text = stream::read(th, f, Want::All)?;
    let name = match name.payload::<PyStr>() {
        Some(n) => n.get().bytes().to_vec(),
        None => b"<file>".to_vec(),
    };
    Ok((text, name))
}
