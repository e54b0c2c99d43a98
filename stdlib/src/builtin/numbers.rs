//! Numbers and characters.

use super::unpack;
use interpreter::layout::{Chars, PyByteArray, PyStr, PyUnicode};
use interpreter::native::Args;
use interpreter::objects as o;
use interpreter::ops;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};
use num_bigint::Sign;

pub(super) fn abs(th: &mut Thread, args: Args<'_>) -> PyResult {
    ops::absolute(th, args.pos[0])
}

pub(super) fn bin(th: &mut Thread, args: Args<'_>) -> PyResult {
    let i = ops::index(th, args.pos[0])?;
    let Some(n) = ops::exact_integer(i) else { return Err(th.type_error("an integer is required")) };
    let sign = if n.sign() == Sign::Minus { "-" } else { "" };
    th.try_str(format!("{sign}0b{}", n.magnitude().to_str_radix(2)).as_bytes())
}

fn based(
    th: &mut Thread,
    v: Value,
    name: &str,
    slot: Option<interpreter::types::slots::UnaryFn>,
) -> PyResult {
    let Some(f) = slot else {
        return Err(th.type_error(format!("{name}() argument can't be converted to {name}")));
    };
    let r = f(th, v)?;
    if r.payload::<PyStr>().is_some() {
        return Ok(r);
    }
    let n = ops::type_name(r);
    Err(th.type_error(format!("__{name}__ returned non-string (type {n})")))
}

pub(super) fn hex(th: &mut Thread, args: Args<'_>) -> PyResult {
    based(th, args.pos[0], "hex", ops::slots_of(args.pos[0]).hex)
}

pub(super) fn oct(th: &mut Thread, args: Args<'_>) -> PyResult {
    based(th, args.pos[0], "oct", ops::slots_of(args.pos[0]).oct)
}

pub(super) fn chr(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::integer_arg(th, args.pos[0])?;
    match u8::try_from(n) {
        Ok(c) => Ok(o::str::one_byte(th, c)),
        Err(_) => Err(th.value_error("chr() arg not in range(256)")),
    }
}

pub(super) fn unichr(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::int32_arg(th, args.pos[0])?;
    match u32::try_from(n) {
        Ok(c) if c < 0x11_0000 => o::unicode::one_char(th, c),
        _ => Err(th.value_error("unichr() arg not in range(0x110000) (wide Python build)")),
    }
}

pub(super) fn ord(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let (len, first) = if let Some(s) = v.payload::<PyStr>() {
        let b = s.get().bytes();
        (b.len(), b.first().map(|c| i64::from(*c)))
    } else if let Some(u) = v.payload::<PyUnicode>() {
        let first = match u.get().chars() {
            Chars::One(c) => c.first().map(|c| i64::from(*c)),
            Chars::Two(c) => c.first().map(|c| i64::from(*c)),
            Chars::Four(c) => c.first().map(|c| i64::from(*c)),
        };
        (u.get().len, first)
    } else if v.payload::<PyByteArray>().is_some()
        && let Some(get) = ops::slots_of(v).buffer
    {
        let b = get(th, v)?;
        (b.len, b.bytes().first().map(|c| i64::from(*c)))
    } else {
        let n = ops::type_name(v);
        return Err(th.type_error(format!("ord() expected string of length 1, but {n} found")));
    };
    match (len, first) {
        (1, Some(c)) => Ok(th.int(c)),
        _ => Err(th.type_error(format!("ord() expected a character, but string of length {len} found"))),
    }
}

pub(super) fn coerce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [a, b] = unpack(th, &args, "coerce", 2)?;
    let (a, b) = (a.unwrap_or(Value::NONE), b.unwrap_or(Value::NONE));
    match ops::coerce(th, a, b)? {
        Some((x, y)) => th.try_tuple(&[x, y]),
        None => Err(th.type_error("number coercion failed")),
    }
}

pub(super) fn divmod(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [a, b] = unpack(th, &args, "divmod", 2)?;
    ops::binary(th, a.unwrap_or(Value::NONE), b.unwrap_or(Value::NONE), &ops::DIVMOD)
}

pub(super) fn pow(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [a, b, c] = unpack(th, &args, "pow", 2)?;
    ops::power(th, a.unwrap_or(Value::NONE), b.unwrap_or(Value::NONE), c.unwrap_or(Value::NONE))
}

pub(super) fn round(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [number, digits] = args.bind(th, "round", ["number", "ndigits"], 1)?;
    let x = ops::float_arg(th, number.unwrap_or(Value::NONE))?;
    let digits = match digits {
        Some(d) => ops::index_clipped(th, d)?,
        None => 0,
    };
    o::float::round(th, x, digits)
}
