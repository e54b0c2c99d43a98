//! Methods that change a bytearray, and construction from other forms.

use super::convert::{array, byte, collect};
use super::storage::{new, splice, view};
use crate::layout::PyStr;
use crate::native::Args;
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

pub(super) fn append(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = byte(th, args.pos[1])?;
    let r = array(th, args.pos[0])?;
    let n = r.write(th)?.len.get();
    splice(th, r, n, 0, &[b])?;
    Ok(Value::NONE)
}

pub(super) fn extend(th: &mut Thread, args: Args<'_>) -> PyResult {
    crate::objects::list::check_hint(th, args.pos[1])?;
    let b = collect(th, args.pos[1])?;
    let r = array(th, args.pos[0])?;
    let n = r.write(th)?.len.get();
    splice(th, r, n, 0, &b)?;
    Ok(Value::NONE)
}

pub(super) fn insert(th: &mut Thread, args: Args<'_>) -> PyResult {
    let i = ops::integer_arg(th, args.pos[1])?;
    let b = byte(th, args.pos[2])?;
    let r = array(th, args.pos[0])?;
    let n = r.write(th)?.len.get() as i64;
    let i = if i < 0 { (i + n).max(0) } else { i.min(n) };
    splice(th, r, i as usize, 0, &[b])?;
    Ok(Value::NONE)
}

pub(super) fn pop(th: &mut Thread, args: Args<'_>) -> PyResult {
    let i = match args.get(1) {
        Some(i) => ops::integer_arg(th, i)?,
        None => -1,
    };
    let r = array(th, args.pos[0])?;
    let b = view(th, args.pos[0])?;
    if b.is_empty() {
        return Err(th.index_error("pop from empty bytearray"));
    }
    let j = if i < 0 { i + b.len() as i64 } else { i };
    let Some(c) = usize::try_from(j).ok().and_then(|j| b.get(j).copied()) else {
        return Err(th.index_error("pop index out of range"));
    };
    splice(th, r, j as usize, 1, b"")?;
    Ok(th.int(c as i64))
}

pub(super) fn remove(th: &mut Thread, args: Args<'_>) -> PyResult {
    let c = byte(th, args.pos[1])?;
    let r = array(th, args.pos[0])?;
    match memchr::memchr(c, view(th, args.pos[0])?) {
        Some(i) => splice(th, r, i, 1, b"").map(|()| Value::NONE),
        None => Err(th.value_error("value not found in bytearray")),
    }
}

pub(super) fn reverse(th: &mut Thread, args: Args<'_>) -> PyResult {
    let r = array(th, args.pos[0])?;
    let mut b = view(th, args.pos[0])?.to_vec();
    b.reverse();
    splice(th, r, 0, b.len(), &b)?;
    Ok(Value::NONE)
}

/// `bytearray.fromhex(string)`.
pub(super) fn fromhex(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[1];
    let text = match v.payload::<PyStr>() {
        Some(s) => s.get().bytes().to_vec(),
        None if ops::slots_of(v).buffer.is_some() => {
            crate::buffer::argument(th, v, "fromhex", 1)?.bytes().to_vec()
        }
        None => {
            let n = ops::type_name(v);
            return Err(
                th.type_error(format!("fromhex() argument 1 must be string or read-only buffer, not {n}"))
            );
        }
    };
    let digit = |i: usize| text.get(i).and_then(|c| (*c as char).to_digit(16));
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut i = 0;
    while i < text.len() {
        if text[i] == b' ' {
            i += 1;
            continue;
        }
        match (digit(i), digit(i + 1)) {
            (Some(a), Some(b)) => out.push((a << 4 | b) as u8),
            _ => {
                return Err(
                    th.value_error(format!("non-hexadecimal number found in fromhex() arg at position {i}"))
                );
            }
        }
        i += 2;
    }
    let b = new(th, &out)?;
    if args.pos[0] == super::BYTEARRAY.class() { Ok(b) } else { ops::call(th, args.pos[0], &[b]) }
}

static DICT: crate::name::Name = crate::name::Name::new("__dict__");

/// `__reduce__`: the class, its bytes as Latin-1 text, the instance's dict.
pub(super) fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let me = args.pos[0];
    let class = crate::types::type_of(me).value();
    let b = view(th, me)?;
    let text = o::unicode::from_units(th, b)?;
    let latin = th.intern(b"latin-1");
    let arguments = th.new_tuple(&[text, latin]);
    let name = DICT.get(th);
    let dict = ops::getattr_opt(th, me, name)?.unwrap_or(Value::NONE);
    Ok(th.new_tuple(&[class, arguments, dict]))
}

/// `__alloc__`: bytes now set aside.
pub(super) fn alloc(th: &mut Thread, args: Args<'_>) -> PyResult {
    let r = array(th, args.pos[0])?;
    // As if there were a terminating zero.
    let n = r.read(th)?.storage().map_or(0, |s| s.get().capacity + 1);
    Ok(th.int(n as i64))
}

pub(super) fn sizeof(th: &mut Thread, args: Args<'_>) -> PyResult {
    let r = array(th, args.pos[0])?;
    let n = r.read(th)?.storage().map_or(0, |s| s.get().capacity) + size_of::<crate::layout::PyByteArray>();
    Ok(th.int(n as i64))
}
