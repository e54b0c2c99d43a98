//! join, encode, decode, format.

use crate::layout::{PyList, PyStr, PyTuple, PyUnicode};
use crate::native::Args;
use crate::objects::unicode as u;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};
use gc_stm::RootVec;

/// The items to join.
pub fn items(th: &mut Thread, v: Value) -> PyResult<RootVec> {
    if v.cast::<PyList>().is_none()
        && v.cast::<PyTuple>().is_none()
        && ops::slots_of(v).iter.is_none()
        && !ops::is_sequence(v)
    {
        return Err(th.type_error("can only join an iterable"));
    }
    ops::collect(th, v)
}

pub(super) fn join(th: &mut Thread, args: Args<'_>) -> PyResult {
    let items = items(th, args.pos[1])?;
    let sep = th.str_bytes(args.pos[0]);
    let all = ops::values(&items);
    if let [one] = all
        && one.cast::<PyStr>().is_some()
    {
        return Ok(*one);
    }
    let mut total = 0usize;
    for (i, v) in all.iter().enumerate() {
        let Some(s) = v.payload::<PyStr>() else {
            if v.payload::<PyUnicode>().is_some() {
                let sep = u::from_object(th, args.pos[0])?;
                return u::join::join_items(th, sep, &items);
            }
            let n = ops::type_name(*v);
            return Err(th.type_error(format!("sequence item {i}: expected string, {n} found")));
        };
        total = total.saturating_add(s.get().bytes().len());
        if i > 0 {
            total = total.saturating_add(sep.len());
        }
    }
    if total >= isize::MAX as usize / 2 {
        return Err(th.overflow_error("join() result is too long for a Python string"));
    }
    if total == 0 {
        return Ok(super::empty(th));
    }
    let r = th.str_of_len(total)?;
    // SAFETY: fresh object of that length.
    let out = unsafe { PyStr::bytes_mut(r) };
    let mut at = 0;
    let mut put = |b: &[u8]| {
        out[at..at + b.len()].copy_from_slice(b);
        at += b.len();
    };
    for (i, v) in all.iter().enumerate() {
        if i > 0 && !sep.is_empty() {
            put(sep);
        }
        if let Some(s) = v.payload::<PyStr>() {
            put(s.get().bytes());
        }
    }
    Ok(r.value())
}

/// An `encoding` or `errors` argument: its text, or none.
pub fn codec_name(th: &mut Thread, v: Slot, f: &str, i: usize) -> PyResult<Option<String>> {
    let Some(v) = v else { return Ok(None) };
    let bytes = match v.payload::<PyStr>() {
        Some(s) => s.get().bytes().to_vec(),
        None if v.payload::<PyUnicode>().is_some() => {
            let s = u::encode_default(th, v)?;
            th.str_bytes(s).to_vec()
        }
        None => {
            let n = if v.is_none() { "None".into() } else { ops::type_name(v) };
            return Err(th.type_error(format!("{f}() argument {i} must be string, not {n}")));
        }
    };
    if bytes.contains(&0) {
        return Err(th.type_error(format!("{f}() argument {i} must be string without null bytes, not str")));
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

pub(super) fn encode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [e, r] = args.skip(1).bind(th, "encode", ["encoding", "errors"], 0)?;
    let (e, r) = (codec_name(th, e, "encode", 1)?, codec_name(th, r, "encode", 2)?);
    let x = crate::codecs::encode(th, args.pos[0].base_object(), e.as_deref(), r.as_deref())?;
    if x.payload::<PyStr>().is_some() || x.payload::<PyUnicode>().is_some() {
        return Ok(x);
    }
    let n = ops::type_name(x);
    Err(th.type_error(format!("encoder did not return a string/unicode object (type={n})")))
}

pub(super) fn decode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [e, r] = args.skip(1).bind(th, "decode", ["encoding", "errors"], 0)?;
    let (e, r) = (codec_name(th, e, "decode", 1)?, codec_name(th, r, "decode", 2)?);
    let x = crate::codecs::decode(th, args.pos[0].base_object(), e.as_deref(), r.as_deref())?;
    if x.payload::<PyStr>().is_some() || x.payload::<PyUnicode>().is_some() {
        return Ok(x);
    }
    let n = ops::type_name(x);
    Err(th.type_error(format!("decoder did not return a string/unicode object (type={n})")))
}
