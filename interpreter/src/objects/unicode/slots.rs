//! Operators of `unicode`.

use super::{Stored, at_width, from_object, from_units, one_char, text_of, widen, with_chars};
use crate::buffer::Buffer;
use crate::layout::{Chars, PySlice, PyStr, PyUnicode, Ref, form};
use crate::native::Args;
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::text::Char;
use crate::text_sum;
use crate::thread::Thread;
use crate::types::slots::{CmpOp, SlotTable};
use crate::value::Value;
use std::cmp::Ordering;
use std::sync::atomic::Ordering::Relaxed;

pub(super) const UNICODE: SlotTable = SlotTable {
    new: Some(new),
    repr: Some(repr),
    str: Some(str),
    hash: Some(hash),
    richcmp: Some(compare),
    len: Some(len),
    concat: Some(concat),
    repeat: Some(repeat),
    contains: Some(contains),
    getitem: Some(getitem),
    getslice: Some(getslice),
    rem: Some(modulo),
    buffer: Some(buffer),
    ..SlotTable::EMPTY
};

/// The characters of a unicode (or subclass instance).
pub(super) fn chars<'a>(v: Value) -> Chars<'a> {
    match v.payload::<PyUnicode>() {
        Some(u) => u.get().chars(),
        None => Chars::One(&[]),
    }
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [v, e, r] = args.bind(th, "unicode", ["string", "encoding", "errors"], 0)?;
    let (e, r) = (o::str::codec_name(th, e, "unicode", 2)?, o::str::codec_name(th, r, "unicode", 3)?);
    let u = match v {
        None => super::empty(th)?,
        Some(v) if e.is_none() && r.is_none() => super::of_any(th, v)?,
        Some(v) => decode_object(th, v, e.as_deref(), r.as_deref())?,
    };
    if class == super::UNICODE.class() {
        return Ok(u);
    }
    crate::types::wrap_new(th, class, &super::UNICODE, u.base_object())
}

fn decode_object(th: &mut Thread, v: Value, e: Option<&str>, r: Option<&str>) -> PyResult {
    if v.payload::<PyUnicode>().is_some() {
        return Err(th.type_error("decoding Unicode is not supported"));
    }
    let s = if v.payload::<PyStr>().is_some() {
        v.base_object()
    } else if v.payload::<crate::layout::PyByteArray>().is_some() {
        return Err(th.type_error("decoding bytearray is not supported"));
    } else {
        if ops::slots_of(v).buffer.is_none() || !crate::buffer::has_characters(v) {
            let n = ops::type_name(v);
            return Err(th.type_error(format!("coercing to Unicode: need string or buffer, {n} found")));
        }
        let b = crate::buffer::character_buffer(th, v)?;
        o::str::from_bytes(th, b.bytes())?
    };
    crate::codecs::decode_to_unicode(th, s, e, r)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let c = chars(v);
    let quote = if c.iter().any(|c| c == 0x27) && !c.iter().any(|c| c == 0x22) { b'"' } else { b'\'' };
    let mut out = vec![b'u', quote];
    crate::codecs::escape::encode_unicode_escape(c, Some(quote), &mut out);
    out.push(quote);
    th.try_str(&out)
}

fn str(th: &mut Thread, v: Value) -> PyResult {
    let u = v.base_object();
    super::encode_default(th, u)
}

fn hash(th: &mut Thread, v: Value) -> PyResult<i64> {
    let Some(u) = v.payload::<PyUnicode>() else { return Ok(0) };
    let u = u.get();
    let h = u.hash.load(Relaxed);
    if h != -1 {
        return Ok(h);
    }
    let h = with_chars!(u.chars(), |s| numtext::hash::hash_text(s, th.rt.settings.hash_secret));
    u.hash.store(h, Relaxed);
    Ok(h)
}

/// Order by code points.
fn order(a: Chars<'_>, b: Chars<'_>) -> Ordering {
    match (a, b) {
        (Chars::One(a), Chars::One(b)) => a.cmp(b),
        (Chars::Two(a), Chars::Two(b)) => a.cmp(b),
        (Chars::Four(a), Chars::Four(b)) => a.cmp(b),
        (a, b) => a.iter().cmp(b.iter()),
    }
}

fn same(a: Chars<'_>, b: Chars<'_>) -> bool {
    match (a, b) {
        (Chars::One(a), Chars::One(b)) => a == b,
        (Chars::Two(a), Chars::Two(b)) => a == b,
        (Chars::Four(a), Chars::Four(b)) => a == b,
        // Storage is as narrow as possible, so that texts of different width differ.
        _ => false,
    }
}

fn compare(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    let answer = |x: Chars<'_>, y: Chars<'_>| match op {
        CmpOp::Eq => same(x, y),
        CmpOp::Ne => !same(x, y),
        _ => op.holds(order(x, y)),
    };
    if let (Some(x), Some(y)) = (a.payload::<PyUnicode>(), b.payload::<PyUnicode>()) {
        return Ok(Value::from_bool(answer(x.get().chars(), y.get().chars())));
    }
    let (u, other, left) = if a.payload::<PyUnicode>().is_some() { (a, b, true) } else { (b, a, false) };
    let Some(s) = other.payload::<PyStr>() else {
        if !crate::types::is_instance_of(other, &o::buffer::BUFFER) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let (x, y) = (text_of(th, a)?, text_of(th, b)?);
        return Ok(Value::from_bool(answer(x.get().chars(), y.get().chars())));
    };
    let b = s.get().bytes();
    if b.is_ascii() && crate::codecs::default_is_ascii_based() {
        let (x, y) = (chars(u), Chars::One(b));
        return Ok(Value::from_bool(if left { answer(x, y) } else { answer(y, x) }));
    }
    match super::decode_default(th, b) {
        Ok(d) => {
            let (x, y) = (chars(u), chars(d));
            Ok(Value::from_bool(if left { answer(x, y) } else { answer(y, x) }))
        }
        Err(e) if matches!(op, CmpOp::Eq | CmpOp::Ne) => {
            e.catch_if(th, o::exceptions::UNICODE_DECODE_ERROR.class())?;
            let how = if op == CmpOp::Eq { "equal" } else { "unequal" };
            crate::warnings::warn(
                th,
                &o::exceptions::UNICODE_WARNING,
                format!(
                    "Unicode {how} comparison failed to convert both arguments to Unicode - interpreting them as being unequal"
                ),
                1,
            )?;
            Ok(Value::from_bool(op == CmpOp::Ne))
        }
        Err(e) => Err(e),
    }
}

fn len(_: &mut Thread, v: Value) -> PyResult<usize> {
    Ok(chars(v).len())
}

/// `a + b` where one of them is unicode.
pub fn concat(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = (text_of(th, a)?, text_of(th, b)?);
    if y.get().len == 0 {
        return Ok(x.value());
    }
    if x.get().len == 0 {
        return Ok(y.value());
    }
    let Some(n) = x.get().len.checked_add(y.get().len) else {
        return Err(th.overflow_error("strings are too large to concat"));
    };
    let w = x.get().width.max(y.get().width) as usize;
    if n >= text_sum::LEAST
        && let Some(r) = text_sum::of_unicodes(th, x, y.get(), w)?
    {
        return Ok(r);
    }
    let r = th.unicode_of_len(n, w)?;
    // SAFETY: fresh object with room for both.
    unsafe {
        (*r.as_ptr()).form = form::SUM;
        let p = PyUnicode::data_ptr(r);
        copy_into(x.get().chars(), p, w);
        copy_into(y.get().chars(), p.add(x.get().len * w), w);
    }
    Ok(r.value())
}

/// Stores characters at `p` in `width`, which is at least theirs.
///
/// # Safety
/// There is room for them, aligned to the width.
pub(crate) unsafe fn copy_into(c: Chars<'_>, p: *mut u8, width: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        at_width!(width, C => with_chars!(c, |s| {
            if let Some(t) = C::of_chars(c) {
                std::ptr::copy_nonoverlapping(t.as_ptr(), p as *mut C, t.len());
            } else {
                s.iter().enumerate().for_each(|(i, x)| *(p as *mut C).add(i) = C::of(x.value()));
            }
        }))
    }
}

fn repeat(th: &mut Thread, v: Value, n: Value) -> PyResult {
    let n = o::str::repeat_count(th, n)?;
    let c = chars(v);
    if n == 1 {
        return Ok(v.base_object());
    }
    if n == 0 || c.is_empty() {
        return super::empty(th);
    }
    let w = c.width();
    let Some(total) = c.len().checked_mul(n).filter(|t| *t < isize::MAX as usize / w) else {
        return Err(th.overflow_error("repeated string is too long"));
    };
    let r = th.unicode_of_len(total, w)?;
    // SAFETY: fresh object of that size.
    unsafe {
        let p = PyUnicode::data_ptr(r);
        copy_into(c, p, w);
        let (mut done, all) = (c.len() * w, total * w);
        while done < all {
            let k = done.min(all - done);
            std::ptr::copy_nonoverlapping(p, p.add(done), k);
            done += k;
        }
    }
    Ok(r.value())
}

/// `x in v` where one of them is unicode.
pub fn contains(th: &mut Thread, v: Value, x: Value) -> PyResult<bool> {
    let (w, t) = (text_of(th, x)?, text_of(th, v)?);
    Ok(with_chars!(t.get().chars(), |s| match widen(w.get().chars()) {
        Some(w) => crate::text::search::find_in(s, &w, 0, i64::MAX, false).is_some(),
        None => false,
    }))
}

fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    let c = chars(v);
    let i = match k.as_small_int() {
        Some(i) => i,
        None => {
            if let Some(s) = k.cast::<PySlice>() {
                return extended_slice(th, v, s);
            }
            if ops::exact_integer(k).is_none() && ops::slots_of(k).index.is_none() {
                return Err(th.type_error("string indices must be integers"));
            }
            ops::index_i64(th, k, None)?
        }
    };
    let j = if i < 0 { i + c.len() as i64 } else { i };
    if j < 0 || j as usize >= c.len() {
        return Err(th.index_error("string index out of range"));
    }
    one_char(th, c.at(j as usize))
}

/// A part as a unicode.
pub(super) fn part(th: &Thread, c: Chars<'_>, r: std::ops::Range<usize>) -> PyResult {
    with_chars!(c, |s| from_units(th, &s[r]))
}

fn extended_slice(th: &mut Thread, v: Value, s: Ref<PySlice>) -> PyResult {
    let c = chars(v);
    let (start, _, step, n) = ops::slice_indices(th, s, c.len())?;
    if step == 1 {
        let start = (start as usize).min(c.len());
        return if n == c.len() { Ok(v.base_object()) } else { part(th, c, start..start + n) };
    }
    with_chars!(c, |s| {
        let out: Vec<_> = (0..n as i64).map(|k| s[(start + k * step) as usize]).collect();
        from_units(th, &out)
    })
}

fn getslice(th: &mut Thread, v: Value, i: i64, j: i64) -> PyResult {
    let c = chars(v);
    let i = i.max(0) as usize;
    let j = (j.max(0) as usize).min(c.len());
    if i == 0 && j == c.len() {
        return Ok(v.base_object());
    }
    if i >= j {
        return super::empty(th);
    }
    part(th, c, i..j)
}

fn modulo(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if a.payload::<PyUnicode>().is_none() {
        // `str % x` with a unicode on the right is str's business.
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let u = from_object(th, a)?;
    o::str::percent::format_unicode(th, u, b)
}

/// The raw storage of a wide build: four bytes a character. A copy is made for narrower ones.
fn buffer(th: &mut Thread, v: Value) -> PyResult<Buffer> {
    let bytes: Vec<u8> = chars(v).iter().flat_map(u32::to_ne_bytes).collect();
    let s = o::str::from_bytes(th, &bytes)?;
    let b = th.str_bytes(s);
    Ok(Buffer::of_bytes(s, b))
}
