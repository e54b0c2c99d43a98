//! `timedelta`.

use super::civil::DAY;
use super::data::*;
use interpreter::kinds::kind;
use interpreter::layout::PyLong;
use interpreter::native::{Args, GetSetDef, MethodDef, TypeDef};
use interpreter::types::slots::{CmpOp, SlotTable};
use interpreter::{PyResult, Thread, Value, objects as o, ops};
use num_bigint::BigInt;

/// `datetime.timedelta`.
pub static DELTA: TypeDef = TypeDef {
    module: "datetime",
    doc: Some("Difference between two datetime values."),
    slots: SlotTable {
        new: Some(new),
        repr: Some(repr),
        str: Some(text),
        hash: Some(|_, v| {
            let n = delta(v);
            let day = i128::from(DAY);
            let rest = n.rem_euclid(day) as i64;
            Ok(hash_numbers(&[n.div_euclid(day) as i64, rest / 1_000_000, rest % 1_000_000]))
        }),
        richcmp: Some(richcmp),
        add: Some(|th, a, b| sum(th, a, b, 1)),
        sub: Some(|th, a, b| sum(th, a, b, -1)),
        mul: Some(multiply),
        div: Some(divide),
        floordiv: Some(divide),
        neg: Some(|th, v| plain_delta(th, -delta(v))),
        pos: Some(|th, v| plain_delta(th, delta(v))),
        abs: Some(|th, v| plain_delta(th, delta(v).abs())),
        nonzero: Some(|_, v| Ok(delta(v) != 0)),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new("total_seconds", total_seconds, 0, 0, 0, "Total seconds in the duration."),
        MethodDef::new("__reduce__", reduce, 0, 0, 0, "__reduce__() -> (cls, state)"),
    ],
    getset: &[
        GetSetDef {
            name: "days",
            get: |th, v| Ok(th.int(delta(v).div_euclid(DAY.into()) as i64)),
            set: None,
            doc: "Number of days.",
        },
        GetSetDef {
            name: "seconds",
            get: |th, v| Ok(th.int(delta(v).rem_euclid(DAY.into()) as i64 / 1_000_000)),
            set: None,
            doc: "Number of seconds (>= 0 and less than 1 day).",
        },
        GetSetDef {
            name: "microseconds",
            get: |th, v| Ok(th.int(delta(v).rem_euclid(1_000_000) as i64)),
            set: None,
            doc: "Number of microseconds (>= 0 and less than 1 second).",
        },
    ],
    ..TypeDef::new("timedelta", kind::RECORD)
};

/// Names and factors of the arguments, in the order in which they are given.
const NAMES: [&str; 7] = ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"];
const FACTORS: [i64; 7] = [DAY, 1_000_000, 1, 1000, 60_000_000, 3_600_000_000, 7 * DAY];

/// Half away from zero.
pub fn round_half_away(x: f64) -> f64 {
    if x >= 0.0 { (x + 0.5).floor() } else { (x - 0.5).ceil() }
}

fn too_large(th: &mut Thread) -> interpreter::Raised {
    th.overflow_error("Python int too large to convert to C long")
}

/// A whole float as an integer.
fn whole(th: &mut Thread, x: f64) -> PyResult<i128> {
    if x.is_nan() {
        return Err(th.value_error("cannot convert float NaN to integer"));
    }
    if x.is_infinite() {
        return Err(th.overflow_error("cannot convert float infinity to integer"));
    }
    if x.abs() >= 1e30 { Err(too_large(th)) } else { Ok(x as i128) }
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let given = args.bind(th, "__new__", NAMES, 0)?;
    let (mut total, mut leftover) = (0i128, 0.0);
    // From the smallest unit to the largest.
    for i in [2, 3, 1, 4, 5, 0, 6] {
        let Some(v) = given[i] else { continue };
        let factor = FACTORS[i];
        let added = if let Some(n) = ops::int_value(v) {
            i128::from(n).checked_mul(factor.into())
        } else if let Some(l) = v.payload::<PyLong>() {
            i128::try_from(&l.to_bigint()).ok().and_then(|n| n.checked_mul(factor.into()))
        } else if let Some(x) = o::float::float_value(v) {
            let n = whole(th, x.trunc())?;
            let part = x.fract() * factor as f64;
            leftover += part.fract();
            n.checked_mul(factor.into()).and_then(|n| n.checked_add(part.trunc() as i128))
        } else {
            let n = ops::type_name(v);
            return Err(th.type_error(format!("unsupported type for timedelta {} component: {n}", NAMES[i])));
        };
        total = match added.and_then(|n| total.checked_add(n)) {
            Some(n) => n,
            None => return Err(too_large(th)),
        };
    }
    new_delta(th, class, total + round_half_away(leftover) as i128)
}

fn parts(v: Value) -> (i64, i64, i64) {
    let n = delta(v);
    let rest = n.rem_euclid(DAY.into()) as i64;
    (n.div_euclid(DAY.into()) as i64, rest / 1_000_000, rest % 1_000_000)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let name = class_name(v);
    let text = match parts(v) {
        (d, 0, 0) => format!("{name}({d})"),
        (d, s, 0) => format!("{name}({d}, {s})"),
        (d, s, us) => format!("{name}({d}, {s}, {us})"),
    };
    th.try_str(text.as_bytes())
}

fn text(th: &mut Thread, v: Value) -> PyResult {
    let (d, s, us) = parts(v);
    let mut text = match d {
        0 => String::new(),
        1 | -1 => format!("{d} day, "),
        _ => format!("{d} days, "),
    };
    text += &format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
    if us != 0 {
        text += &format!(".{us:06}");
    }
    th.try_str(text.as_bytes())
}

fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    if is_delta(b) {
        return Ok(Value::from_bool(op.holds(delta(a).cmp(&delta(b)))));
    }
    match op {
        CmpOp::Eq => Ok(Value::FALSE),
        CmpOp::Ne => Ok(Value::TRUE),
        _ => Err(cannot_compare(th, a, b)),
    }
}

fn sum(th: &mut Thread, a: Value, b: Value, sign: i128) -> PyResult {
    if is_delta(a) && is_delta(b) {
        plain_delta(th, delta(a) + sign * delta(b))
    } else {
        Ok(Value::NOT_IMPLEMENTED)
    }
}

/// An int or a long.
fn integer(v: Value) -> Option<BigInt> {
    ops::exact_integer(v)
}

fn multiply(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (d, n) = if is_delta(a) { (a, b) } else { (b, a) };
    let Some(n) = integer(n).filter(|_| is_delta(d)) else { return Ok(Value::NOT_IMPLEMENTED) };
    match i128::try_from(&n).ok().and_then(|n| n.checked_mul(delta(d))) {
        Some(n) => plain_delta(th, n),
        None if delta(d) == 0 => plain_delta(th, 0),
        None => Err(too_large(th)),
    }
}

fn divide(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let Some(n) = integer(b).filter(|_| is_delta(a)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let d = delta(a);
    match i128::try_from(&n) {
        Ok(0) => Err(th.zero_division_error("integer division or modulo by zero")),
        Ok(n) => {
            let q = d / n;
            plain_delta(th, if d % n != 0 && (d < 0) != (n < 0) { q - 1 } else { q })
        }
        // Larger than any delta.
        Err(_) => {
            let negative = (n.sign() == num_bigint::Sign::Minus) != (d < 0) && d != 0;
            plain_delta(th, if negative { -1 } else { 0 })
        }
    }
}

fn total_seconds(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = delta(args.pos[0]);
    if n.abs() < 1 << 53 {
        return Ok(th.float(n as f64 / 1e6));
    }
    o::long::true_divide(th, &BigInt::from(n), &BigInt::from(1_000_000))
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let (d, s, us) = parts(v);
    let state = [d, s, us].map(Value::int_unchecked);
    let state = th.new_tuple(&state);
    Ok(th.new_tuple(&[class_of(v), state]))
}
