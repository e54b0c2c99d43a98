//! `datetime`: declaration, construction, comparison, arithmetic.

use super::aware::Offsets;
use super::civil::{self, Fields};
use super::data::*;
use super::date::{self, DATE, date_from_state, date_state};
use super::datetime_methods::METHODS;
use super::text::{date_text, time_text};
use super::tzinfo::{MINUTE, UTCOFFSET, offset};
use interpreter::kinds::kind;
use interpreter::native::{Args, TypeDef};
use interpreter::types::slots::{CmpOp, SlotTable};
use interpreter::{PyResult, Thread, Value, ops};

/// `datetime.datetime`.
pub static DATETIME: TypeDef = TypeDef {
    module: "datetime",
    base: Some(&DATE),
    doc: Some(
        "datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])\n\nThe year, month and day arguments are required. tzinfo may be None, or an\ninstance of a tzinfo subclass. The remaining arguments may be ints or longs.",
    ),
    slots: SlotTable {
        new: Some(new),
        repr: Some(repr),
        str: Some(|th, v| {
            let space = th.intern(b" ");
            ops::call_method(th, v, &date::ISOFORMAT, &[space])
        }),
        hash: Some(hash),
        richcmp: Some(richcmp),
        add: Some(add),
        sub: Some(subtract),
        ..SlotTable::EMPTY
    },
    methods: METHODS,
    getset: &TIME_OF_DAY,
    ..TypeDef::new("datetime", kind::RECORD)
};

/// The arguments of construction and `replace`.
pub const NAMES: [&str; 8] = ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo"];

/// The time of day as six bytes.
pub fn time_state(f: Fields) -> [u8; 6] {
    let us = f.micro;
    [f.hour as u8, f.minute as u8, f.second as u8, (us >> 16) as u8, (us >> 8) as u8, us as u8]
}

/// Sets the time of day from six bytes.
pub fn with_time_state(f: Fields, b: &[u8]) -> Fields {
    let at = |i: usize| i32::from(b.get(i).copied().unwrap_or(0));
    Fields { hour: at(0), minute: at(1), second: at(2), micro: at(3) << 16 | at(4) << 8 | at(5), ..f }
}

/// The ten bytes of a pickled datetime, and its time zone.
pub fn state(f: Fields) -> [u8; 10] {
    let mut b = [0; 10];
    b[..4].copy_from_slice(&date_state(f));
    b[4..].copy_from_slice(&time_state(f));
    b
}

/// The time zone in a pickled state.
pub fn state_zone(th: &mut Thread, v: Option<Value>) -> PyResult {
    match v {
        Some(z) if !z.is_none() && !is_tzinfo(z) => Err(th.type_error("bad tzinfo state arg")),
        z => Ok(z.unwrap_or(Value::NONE)),
    }
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    if (1..=2).contains(&args.len())
        && let Some(b) = state_argument(args.get(0), 10)
        && let Some(f) = date_from_state(b)
    {
        let z = state_zone(th, args.get(1))?;
        return new_datetime(th, class, with_time_state(f, &b[4..]), z);
    }
    let given = args.bind(th, "", NAMES, 3)?;
    let (f, z) = arguments(th, given, Fields::default(), Value::NONE)?;
    new_datetime(th, class, f, z)
}

/// Fields and time zone from arguments, with defaults for those not given.
pub fn arguments(
    th: &mut Thread,
    given: [Option<Value>; 8],
    mut f: Fields,
    z: Value,
) -> PyResult<(Fields, Value)> {
    let [year, month, day, hour, minute, second, micro, new_zone] = given;
    take(th, year, &mut f.year)?;
    take(th, month, &mut f.month)?;
    take(th, day, &mut f.day)?;
    take_time(th, [hour, minute, second, micro], &mut f)?;
    let f = check_date(th, f)?;
    checked_time(th, f, new_zone.unwrap_or(z))
}

/// The end of a repr: seconds and microseconds if there are any, and the time zone.
pub fn end_repr(th: &mut Thread, v: Value, mut text: String) -> PyResult {
    let f = fields(v);
    if f.second != 0 || f.micro != 0 {
        text += &format!(", {}", f.second);
    }
    if f.micro != 0 {
        text += &format!(", {}", f.micro);
    }
    if zone(v).is_none() {
        text.push(')');
        return th.try_str(text.as_bytes());
    }
    let r = ops::repr(th, zone(v))?;
    let all = [text.as_bytes(), b", tzinfo=", th.str_bytes(r), b")"].concat();
    th.try_str(&all)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let f = fields(v);
    let text = format!("{}({}, {}, {}, {}, {}", class_name(v), f.year, f.month, f.day, f.hour, f.minute);
    end_repr(th, v, text)
}

/// ISO text without offset.
pub fn iso_text(f: Fields, separator: char) -> String {
    format!("{}{separator}{}", date_text(f), time_text(f))
}

fn hash(th: &mut Thread, v: Value) -> PyResult<i64> {
    Ok(match offset(th, zone(v), &UTCOFFSET, v)? {
        None => hash_state(th, &state(fields(v))),
        Some(n) => {
            let m = fields(v).moment() - n * MINUTE;
            let rest = m.rem_euclid(civil::DAY);
            hash_numbers(&[m.div_euclid(civil::DAY), rest / 1_000_000, rest % 1_000_000])
        }
    })
}

fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    if !is_datetime(b) {
        if !is_date(b) && date::has_timetuple(th, b)? {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        return match op {
            CmpOp::Eq => Ok(Value::FALSE),
            CmpOp::Ne => Ok(Value::TRUE),
            _ => Err(cannot_compare(th, a, b)),
        };
    }
    let offsets = Offsets::of(th, a, b, false)?;
    if offsets.mixed() {
        return Err(th.type_error("can't compare offset-naive and offset-aware datetimes"));
    }
    let order = if offsets.difference() == 0 {
        packed(a).cmp(&packed(b))
    } else {
        (fields(a).moment() - offsets.difference()).cmp(&fields(b).moment())
    };
    Ok(Value::from_bool(op.holds(order)))
}

fn moved(th: &mut Thread, v: Value, by: i128) -> PyResult {
    datetime_at(th, i128::from(fields(v).moment()) + by, zone(v))
}

fn add(th: &mut Thread, a: Value, b: Value) -> PyResult {
    match (is_datetime(a), is_datetime(b)) {
        (true, _) if is_delta(b) => moved(th, a, delta(b)),
        (_, true) if is_delta(a) => moved(th, b, delta(a)),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn subtract(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if !is_datetime(a) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    if is_delta(b) {
        return moved(th, a, -delta(b));
    }
    if !is_datetime(b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let offsets = Offsets::of(th, a, b, false)?;
    if offsets.mixed() {
        return Err(th.type_error("can't subtract offset-naive and offset-aware datetimes"));
    }
    let d = fields(a).moment() - fields(b).moment() - offsets.difference();
    plain_delta(th, d.into())
}

/// The limits of the type.
pub fn constants(th: &mut Thread) -> PyResult<()> {
    let (min, max) = date::limits();
    let min = new_datetime(th, DATETIME.class(), min, Value::NONE)?;
    let max = new_datetime(th, DATETIME.class(), max, Value::NONE)?;
    let resolution = plain_delta(th, 1)?;
    super::set_constants(th, &DATETIME, min, max, resolution)
}
