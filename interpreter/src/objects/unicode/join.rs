//! join, encode, decode.

use super::slots::{chars, copy_into};
use super::{decode_default, from_object};
use crate::layout::{PyStr, PyUnicode};
use crate::native::Args;
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use gc_stm::RootVec;

pub fn join(th: &mut Thread, args: Args<'_>) -> PyResult {
    let items = o::str::join_sequence(th, args.pos[1])?;
    join_items(th, args.pos[0].base_object(), &items)
}

/// Joins items that are str or unicode, with a unicode between them.
pub fn join_items(th: &mut Thread, sep: Value, items: &RootVec) -> PyResult {
    if items.len() == 1
        && let Some(v) = items.get(0).and_then(Value::from_bits)
        && v.cast::<PyUnicode>().is_some()
    {
        return Ok(v);
    }
    let mut total = 0usize;
    let mut width = if items.len() > 1 { chars(sep).width() } else { 1 };
    for i in 0..items.len() {
        let Some(v) = items.get(i).and_then(Value::from_bits) else { continue };
        if v.payload::<PyUnicode>().is_none() {
            let Some(s) = v.payload::<PyStr>() else {
                let n = ops::type_name(v);
                return Err(
                    th.type_error(format!("sequence item {i}: expected string or Unicode, {n} found"))
                );
            };
            let u = decode_default(th, s.get().bytes())?;
            items.set(i, u.bits());
        }
        let c = chars(items.get(i).and_then(Value::from_bits).unwrap_or(Value::NONE));
        total = total.saturating_add(c.len());
        if i > 0 {
            total = total.saturating_add(chars(sep).len());
        }
        width = width.max(c.width());
    }
    if total > isize::MAX as usize / 8 {
        return Err(th.overflow_error("join() result is too long for a Python string"));
    }
    if total == 0 {
        return super::empty(th);
    }
    if total == 1 {
        let mut b = super::Builder::default();
        for v in ops::values(items) {
            b.push_chars(chars(*v));
        }
        if b.is_empty() {
            b.push_chars(chars(sep));
        }
        return b.finish(th);
    }
    // The widest character may be the separator's alone, and that is there if there are two items.
    let r = th.unicode_of_len(total, width)?;
    let mut at = 0;
    for (i, v) in ops::values(items).iter().enumerate() {
        for c in [if i > 0 { Some(chars(sep)) } else { None }, Some(chars(*v))].into_iter().flatten() {
            // SAFETY: fresh object; the lengths were summed above.
            unsafe { copy_into(c, PyUnicode::data_ptr(r).add(at * width), width) };
            at += c.len();
        }
    }
    Ok(r.value())
}

pub(super) fn encode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [e, r] = args.skip(1).bind(th, "encode", ["encoding", "errors"], 0)?;
    let (e, r) = (o::str::codec_name(th, e, "encode", 1)?, o::str::codec_name(th, r, "encode", 2)?);
    let x = crate::codecs::encode(th, args.pos[0].base_object(), e.as_deref(), r.as_deref())?;
    if x.payload::<PyStr>().is_some() || x.payload::<PyUnicode>().is_some() {
        return Ok(x);
    }
    let n = ops::type_name(x);
    Err(th.type_error(format!("encoder did not return a string/unicode object (type={n})")))
}

pub(super) fn decode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [e, r] = args.skip(1).bind(th, "decode", ["encoding", "errors"], 0)?;
    let (e, r) = (o::str::codec_name(th, e, "decode", 1)?, o::str::codec_name(th, r, "decode", 2)?);
    let x = crate::codecs::decode(th, args.pos[0].base_object(), e.as_deref(), r.as_deref())?;
    if x.payload::<PyStr>().is_some() || x.payload::<PyUnicode>().is_some() {
        return Ok(x);
    }
    let n = ops::type_name(x);
    Err(th.type_error(format!("decoder did not return a string/unicode object (type={n})")))
}

pub(super) fn getnewargs(th: &mut Thread, args: Args<'_>) -> PyResult {
    let u = from_object(th, args.pos[0])?;
    Ok(th.new_tuple(&[u]))
}

pub(super) fn sizeof(th: &mut Thread, args: Args<'_>) -> PyResult {
    let c = chars(args.pos[0]);
    Ok(th.int(PyUnicode::size_for(c.len(), c.width()) as i64))
}
