//! Reading and writing at a position, searching, flushing.

use super::object::{failed, map};
use crate::arguments::read_only;
use crate::descriptors::checked;
use interpreter::layout::PyStr;
use interpreter::native::Args;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};

pub(super) fn read(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::integer_arg(th, args.pos[1])?;
    let m = map(th, args.pos[0])?;
    let rest = m.len.saturating_sub(m.position);
    let n = usize::try_from(n).unwrap_or(rest).min(rest);
    let s = th.try_str(&m.bytes()[m.position..][..n])?;
    m.set_position(th, m.position + n)?;
    Ok(s)
}

pub(super) fn read_byte(th: &mut Thread, args: Args<'_>) -> PyResult {
    let m = map(th, args.pos[0])?;
    let Some(c) = m.bytes().get(m.position) else {
        return Err(th.value_error("read byte out of range"));
    };
    let s = th.try_str(&[*c])?;
    m.set_position(th, m.position + 1)?;
    Ok(s)
}

pub(super) fn readline(th: &mut Thread, args: Args<'_>) -> PyResult {
    let m = map(th, args.pos[0])?;
    let rest = m.bytes().get(m.position..).unwrap_or(&[]);
    let n = memchr::memchr(b'\n', rest).map_or(rest.len(), |i| i + 1);
    let s = th.try_str(&rest[..n])?;
    m.set_position(th, m.position + n)?;
    Ok(s)
}

pub(super) fn write(th: &mut Thread, args: Args<'_>) -> PyResult {
    let m = map(th, args.pos[0])?;
    let data = read_only(th, args.pos[1], "write", 1)?;
    let data = data.bytes();
    m.writable(th)?;
    if m.position.checked_add(data.len()).is_none_or(|e| e > m.len) {
        return Err(th.value_error("data out of range"));
    }
    m.store(th, m.position, data)?;
    m.set_position(th, m.position + data.len())?;
    Ok(Value::NONE)
}

pub(super) fn write_byte(th: &mut Thread, args: Args<'_>) -> PyResult {
    let m = map(th, args.pos[0])?;
    let v = args.pos[1];
    let Some(&[c]) = v.payload::<PyStr>().map(|s| s.get().bytes()) else {
        let n = if v.is_none() { String::from("None") } else { ops::type_name(v) };
        return Err(th.type_error(format!("write_byte() argument 1 must be char, not {n}")));
    };
    m.writable(th)?;
    if m.position >= m.len {
        return Err(th.value_error("write byte out of range"));
    }
    m.store(th, m.position, &[c])?;
    m.set_position(th, m.position + 1)?;
    Ok(Value::NONE)
}

pub(super) fn seek(th: &mut Thread, args: Args<'_>) -> PyResult {
    let by = ops::integer_arg(th, args.pos[1])?;
    let how = match args.get(2) {
        Some(v) => ops::int32_arg(th, v)?,
        None => 0,
    };
    let m = map(th, args.pos[0])?;
    let from = match how {
        0 => 0,
        1 => m.position as i64,
        2 => m.len as i64,
        _ => return Err(th.value_error("unknown seek type")),
    };
    match from.checked_add(by).and_then(|n| usize::try_from(n).ok()).filter(|n| *n <= m.len) {
        Some(n) => {
            m.set_position(th, n)?;
            Ok(Value::NONE)
        }
        None => Err(th.value_error("seek out of range")),
    }
}

pub(super) fn tell(th: &mut Thread, args: Args<'_>) -> PyResult {
    let m = map(th, args.pos[0])?;
    Ok(th.int(m.position as i64))
}

fn search(th: &mut Thread, args: Args<'_>, function: &str, f: fn(&[u8], &[u8]) -> Option<usize>) -> PyResult {
    let m = map(th, args.pos[0])?;
    let what = read_only(th, args.pos[1], function, 1)?;
    let mut bounds = [m.position as i64, m.len as i64];
    for (i, b) in bounds.iter_mut().enumerate() {
        if let Some(v) = args.get(i + 2) {
            *b = ops::integer_arg(th, v)?;
        }
    }
    let len = m.len as i64;
    let [start, end] = bounds.map(|n| if n < 0 { n.saturating_add(len).max(0) } else { n.min(len) } as usize);
    let found = match m.bytes().get(start..end) {
        Some(part) => f(part, what.bytes()).map(|i| start + i),
        None => None,
    };
    Ok(th.int(found.map_or(-1, |i| i as i64)))
}

pub(super) fn find(th: &mut Thread, args: Args<'_>) -> PyResult {
    search(th, args, "find", memchr::memmem::find)
}

pub(super) fn rfind(th: &mut Thread, args: Args<'_>) -> PyResult {
    search(th, args, "rfind", memchr::memmem::rfind)
}

pub(super) fn shift(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mut n = [0i64; 3];
    for (n, v) in n.iter_mut().zip(&args.pos[1..]) {
        *n = ops::integer_arg(th, *v)?;
    }
    let m = map(th, args.pos[0])?;
    m.writable(th)?;
    let [to, from, count] = n.map(usize::try_from);
    let (Ok(to), Ok(from), Ok(count)) = (to, from, count) else {
        return Err(th.value_error("source, destination, or count out of range"));
    };
    let fits = |at: usize| at.checked_add(count).is_some_and(|e| e <= m.len);
    if !fits(to) || !fits(from) {
        return Err(th.value_error("source, destination, or count out of range"));
    }
    m.store(th, to, &m.bytes()[from..from + count])?;
    Ok(Value::NONE)
}

pub(super) fn flush(th: &mut Thread, args: Args<'_>) -> PyResult {
    let m = map(th, args.pos[0])?;
    let offset = match args.get(1) {
        Some(v) => ops::integer_arg(th, v)?,
        None => 0,
    };
    let size = match args.get(2) {
        Some(v) => ops::integer_arg(th, v)?,
        None => m.len as i64,
    };
    let (Ok(offset), Ok(size)) = (usize::try_from(offset), usize::try_from(size)) else {
        return Err(th.value_error("flush values out of range"));
    };
    if offset.checked_add(size).is_none_or(|e| e > m.len) {
        return Err(th.value_error("flush values out of range"));
    }
    let p = m.pointer(offset);
    // SAFETY: the system checks the range: memory that is gone meanwhile gives an error.
    let done =
        th.outside(move || checked(unsafe { libc::msync(p as *mut libc::c_void, size, libc::MS_SYNC) }))?;
    match done {
        Ok(_) => Ok(th.int(0)),
        Err(e) => Err(failed(th, e)),
    }
}
