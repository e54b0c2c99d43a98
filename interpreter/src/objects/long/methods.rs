//! Texts, conversions, comparison and attributes of longs.

use super::arithmetic::get;
use super::from_i128;
use crate::layout::PyLong;
use crate::native::{Args, GetSetDef, MethodDef};
use crate::objects::number::{self, small};
use crate::ops::{exact_integer, int_value};
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use numtext::int_text::{self, Int};

pub(super) fn repr(th: &mut Thread, v: Value) -> PyResult {
    th.try_str(int_text::long_repr(&get(v)).as_bytes())
}

pub(super) fn str(th: &mut Thread, v: Value) -> PyResult {
    th.try_str(int_text::int_str(Int::Big(&get(v))).as_bytes())
}

pub(super) fn hash(_: &mut Thread, v: Value) -> PyResult<i64> {
    Ok(numtext::hash::hash_long(&get(v)))
}

pub(super) fn cmp(_: &mut Thread, a: Value, b: Value) -> PyResult<i32> {
    if let (Some(x), Some(y)) = (small(a), small(b)) {
        return Ok(x.cmp(&y) as i32);
    }
    Ok(get(a).cmp(&get(b)) as i32)
}

pub(super) fn nonzero(_: &mut Thread, v: Value) -> PyResult<bool> {
    Ok(v.payload::<PyLong>().is_some_and(|l| l.get().sign != 0))
}

/// An int where it fits.
pub(super) fn int(th: &mut Thread, v: Value) -> PyResult {
    match small(v) {
        Some(n) if i64::try_from(n).is_ok() => Ok(th.int(n as i64)),
        _ => long(th, v),
    }
}

/// The plain long in a long or an instance of a subclass.
pub(super) fn long(th: &mut Thread, v: Value) -> PyResult {
    match v.payload::<PyLong>() {
        Some(l) => Ok(l.value()),
        None => from_i128(th, 0),
    }
}

pub(super) fn float(th: &mut Thread, v: Value) -> PyResult {
    let x = number::long_to_f64(th, &get(v))?;
    Ok(th.float(x))
}

pub(super) fn oct(th: &mut Thread, v: Value) -> PyResult {
    th.try_str(int_text::int_oct(Int::Big(&get(v))).as_bytes())
}

pub(super) fn hex(th: &mut Thread, v: Value) -> PyResult {
    th.try_str(int_text::int_hex(Int::Big(&get(v))).as_bytes())
}

pub(super) fn coerce(th: &mut Thread, a: Value, b: Value) -> PyResult<Option<(Value, Value)>> {
    if let Some(n) = int_value(b) {
        return Ok(Some((a, from_i128(th, n as i128)?)));
    }
    Ok(exact_integer(b).map(|_| (a, b)))
}

fn same(th: &mut Thread, args: Args<'_>) -> PyResult {
    long(th, args.pos[0])
}

fn bit_length(th: &mut Thread, args: Args<'_>) -> PyResult {
    from_bits(th, get(args.pos[0]).bits())
}

fn from_bits(th: &mut Thread, n: u64) -> PyResult {
    Ok(th.int(n as i64))
}

fn format(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = get(args.pos[0]);
    number::format(th, args, "long", |spec, locale| numtext::format::format_int(Int::Big(&n), spec, locale))
}

fn getnewargs(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = long(th, args.pos[0])?;
    Ok(th.new_tuple(&[n]))
}

fn sizeof(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = args.pos[0].payload::<PyLong>().map_or(0, |l| l.get().digits().len());
    Ok(th.int(PyLong::size_for(n) as i64))
}

pub(super) const METHODS: &[MethodDef] = &[
    MethodDef::new("__format__", format, 1, 1, crate::native::PARSED, ""),
    MethodDef::new("__getnewargs__", getnewargs, 0, 0, 0, ""),
    MethodDef::new("__sizeof__", sizeof, 0, 0, 0, "Returns size in memory, in bytes"),
    MethodDef::new("__trunc__", same, 0, 0, 0, "Truncating an Integral returns itself."),
    MethodDef::new(
        "bit_length",
        bit_length,
        0,
        0,
        0,
        "long.bit_length() -> int or long\n\nBits needed for the magnitude in binary.",
    ),
    MethodDef::new("conjugate", same, 0, 0, 0, "The number itself."),
];

pub(super) const GETSET: &[GetSetDef] = &[
    GetSetDef { name: "real", get: long, set: None, doc: "the real part of a complex number" },
    GetSetDef {
        name: "imag",
        get: |th, _| from_i128(th, 0),
        set: None,
        doc: "the imaginary part of a complex number",
    },
    GetSetDef {
        name: "numerator",
        get: long,
        set: None,
        doc: "the numerator of a rational number in lowest terms",
    },
    GetSetDef {
        name: "denominator",
        get: |th, _| from_i128(th, 1),
        set: None,
        doc: "the denominator of a rational number in lowest terms",
    },
];
