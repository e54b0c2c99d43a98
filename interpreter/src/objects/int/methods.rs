//! Texts, conversions, comparison and attributes of ints.

use crate::native::{Args, GetSetDef, MethodDef};
use crate::objects as o;
use crate::objects::number;
use crate::ops::int_value;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use numtext::int_text::{self, Int};

fn get(v: Value) -> i64 {
    int_value(v).unwrap_or(0)
}

pub(super) fn repr(th: &mut Thread, v: Value) -> PyResult {
    let mut buffer = [0u8; 24];
    Ok(th.new_str(decimal(get(v), &mut buffer)))
}

/// Decimal digits at the end of a buffer.
fn decimal(n: i64, buffer: &mut [u8; 24]) -> &[u8] {
    let mut m = n.unsigned_abs();
    let mut at = buffer.len();
    loop {
        at -= 1;
        buffer[at] = b'0' + (m % 10) as u8;
        m /= 10;
        if m == 0 {
            break;
        }
    }
    if n < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    &buffer[at..]
}

pub(super) fn hash(_: &mut Thread, v: Value) -> PyResult<i64> {
    Ok(numtext::hash::hash_int(get(v)))
}

pub(super) fn cmp(_: &mut Thread, a: Value, b: Value) -> PyResult<i32> {
    Ok(get(a).cmp(&get(b)) as i32)
}

pub(super) fn nonzero(_: &mut Thread, v: Value) -> PyResult<bool> {
    Ok(get(v) != 0)
}

pub(super) fn int(th: &mut Thread, v: Value) -> PyResult {
    Ok(th.int(get(v)))
}

pub(super) fn long(th: &mut Thread, v: Value) -> PyResult {
    o::long::from_i128(th, get(v) as i128)
}

pub(super) fn float(th: &mut Thread, v: Value) -> PyResult {
    Ok(th.float(get(v) as f64))
}

pub(super) fn oct(th: &mut Thread, v: Value) -> PyResult {
    th.try_str(int_text::int_oct(Int::Small(get(v))).as_bytes())
}

pub(super) fn hex(th: &mut Thread, v: Value) -> PyResult {
    th.try_str(int_text::int_hex(Int::Small(get(v))).as_bytes())
}

pub(super) fn coerce(_: &mut Thread, a: Value, b: Value) -> PyResult<Option<(Value, Value)>> {
    Ok(int_value(b).map(|_| (a, b)))
}

fn same(th: &mut Thread, args: Args<'_>) -> PyResult {
    int(th, args.pos[0])
}

fn bit_length(th: &mut Thread, args: Args<'_>) -> PyResult {
    Ok(th.int(64 - get(args.pos[0]).unsigned_abs().leading_zeros() as i64))
}

fn format(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = get(args.pos[0]);
    number::format(th, args, "int", |spec, locale| numtext::format::format_int(Int::Small(n), spec, locale))
}

fn getnewargs(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = int(th, args.pos[0])?;
    Ok(th.new_tuple(&[n]))
}

pub(super) const METHODS: &[MethodDef] = &[
    MethodDef::new("__format__", format, 1, 1, crate::native::PARSED, ""),
    MethodDef::new("__getnewargs__", getnewargs, 0, 0, 0, ""),
    MethodDef::new("__trunc__", same, 0, 0, 0, "Truncating an Integral returns itself."),
    MethodDef::new(
        "bit_length",
        bit_length,
        0,
        0,
        0,
        "int.bit_length() -> int\n\nBits needed for the magnitude in binary.",
    ),
    MethodDef::new("conjugate", same, 0, 0, 0, "The number itself."),
];

pub(super) const GETSET: &[GetSetDef] = &[
    GetSetDef { name: "real", get: int, set: None, doc: "the real part of a complex number" },
    GetSetDef {
        name: "imag",
        get: |_, _| Ok(Value::int_unchecked(0)),
        set: None,
        doc: "the imaginary part of a complex number",
    },
    GetSetDef {
        name: "numerator",
        get: int,
        set: None,
        doc: "the numerator of a rational number in lowest terms",
    },
    GetSetDef {
        name: "denominator",
        get: |_, _| Ok(Value::int_unchecked(1)),
        set: None,
        doc: "the denominator of a rational number in lowest terms",
    },
];

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn decimals() {
        for n in [0, 7, -7, i64::MIN, i64::MAX, 1000] {
            assert_eq!(decimal(n, &mut [0; 24]), n.to_string().as_bytes());
        }
    }
}
