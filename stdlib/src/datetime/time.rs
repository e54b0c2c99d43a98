//! `time`: a time of day, perhaps with a time zone.

use super::aware::Offsets;
use super::civil::Fields;
use super::data::*;
use super::date::ISOFORMAT;
use super::datetimes::{end_repr, state_zone, time_state, with_time_state};
use super::text::{self, time_text};
use super::tzinfo::{self, DST, MINUTE, UTCOFFSET, offset, offset_text, offset_value};
use interpreter::kinds::kind;
use interpreter::native::{Args, KEYWORDS, MethodDef, TypeDef};
use interpreter::types::slots::{CmpOp, SlotTable};
use interpreter::{PyResult, Thread, Value, ops};

/// `datetime.time`.
pub static TIME: TypeDef = TypeDef {
    module: "datetime",
    doc: Some(
        "time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object\n\nAll arguments are optional. tzinfo may be None, or an instance of\na tzinfo subclass. The remaining arguments may be ints or longs.\n",
    ),
    slots: SlotTable {
        new: Some(new),
        repr: Some(repr),
        str: Some(|th, v| ops::call_method(th, v, &ISOFORMAT, &[])),
        hash: Some(hash),
        richcmp: Some(richcmp),
        nonzero: Some(nonzero),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new(
            "isoformat",
            isoformat,
            0,
            0,
            0,
            "Return string in ISO 8601 format, HH:MM:SS[.mmmmmm][+HH:MM].",
        ),
        MethodDef::new("strftime", strftime, 0, u16::MAX, KEYWORDS, "format -> strftime() style string."),
        MethodDef::new("__format__", text::format, 1, 1, 0, "Formats self with strftime."),
        MethodDef::new(
            "utcoffset",
            |th, a| offset_value(th, zone(a.pos[0]), &UTCOFFSET, Value::NONE),
            0,
            0,
            0,
            "Return self.tzinfo.utcoffset(self).",
        ),
        MethodDef::new(
            "tzname",
            |th, a| tzinfo::name_of(th, zone(a.pos[0]), Value::NONE),
            0,
            0,
            0,
            "Return self.tzinfo.tzname(self).",
        ),
        MethodDef::new(
            "dst",
            |th, a| offset_value(th, zone(a.pos[0]), &DST, Value::NONE),
            0,
            0,
            0,
            "Return self.tzinfo.dst(self).",
        ),
        MethodDef::new("replace", replace, 0, u16::MAX, KEYWORDS, "Return time with new specified fields."),
        MethodDef::new("__reduce__", reduce, 0, 0, 0, "__reduce__() -> (cls, state)"),
    ],
    getset: &TIME_OF_DAY,
    ..TypeDef::new("time", kind::RECORD)
};

const NAMES: [&str; 5] = ["hour", "minute", "second", "microsecond", "tzinfo"];

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    if (1..=2).contains(&args.len())
        && let Some(b) = state_argument(args.get(0), 6).filter(|b| b[0] < 24)
    {
        let z = state_zone(th, args.get(1))?;
        return new_time(th, class, with_time_state(Fields::default(), b), z);
    }
    let given = args.bind(th, "", NAMES, 0)?;
    let (f, z) = arguments(th, given, Fields::default(), Value::NONE)?;
    new_time(th, class, f, z)
}

fn arguments(
    th: &mut Thread,
    given: [Option<Value>; 5],
    mut f: Fields,
    z: Value,
) -> PyResult<(Fields, Value)> {
    let [hour, minute, second, micro, new_zone] = given;
    take_time(th, [hour, minute, second, micro], &mut f)?;
    checked_time(th, f, new_zone.unwrap_or(z))
}

fn replace(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let given = args.skip(1).bind(th, "replace", NAMES, 0)?;
    let (f, z) = arguments(th, given, fields(v), zone(v))?;
    new_time(th, class_of(v), f, z)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let f = fields(v);
    let text = format!("{}({}, {}", class_name(v), f.hour, f.minute);
    end_repr(th, v, text)
}

fn isoformat(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let text = time_text(fields(v)) + &offset_text(th, zone(v), Value::NONE, ":")?;
    th.try_str(text.as_bytes())
}

fn strftime(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = fields(args.pos[0]);
    let numbers = [1900, 1, 1, f.hour, f.minute, f.second, 0, 1, -1];
    let numbers = numbers.map(|n| Value::int_unchecked(n.into()));
    let tuple = th.new_tuple(&numbers);
    text::strftime(th, args, tuple, Value::NONE)
}

/// Microseconds since midnight UTC of an aware time.
fn utc_time(f: Fields, offset: i64) -> i64 {
    f.time() - offset * MINUTE
}

fn hash(th: &mut Thread, v: Value) -> PyResult<i64> {
    let f = fields(v);
    Ok(match offset(th, zone(v), &UTCOFFSET, Value::NONE)? {
        None => hash_state(th, &time_state(f)),
        // As the naive time that it is in UTC, if that is one.
        Some(n) => match utc_time(f, n) {
            t @ 0..super::civil::DAY => hash_state(th, &time_state(Fields::of_time(t))),
            t => hash_numbers(&[t, 0]),
        },
    })
}

fn nonzero(th: &mut Thread, v: Value) -> PyResult<bool> {
    let f = fields(v);
    let n = offset(th, zone(v), &UTCOFFSET, Value::NONE)?.unwrap_or(0);
    Ok(utc_time(f, n) != 0)
}

fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    if !is_time(b) {
        return match op {
            CmpOp::Eq => Ok(Value::FALSE),
            CmpOp::Ne => Ok(Value::TRUE),
            _ => Err(cannot_compare(th, a, b)),
        };
    }
    let offsets = Offsets::of(th, a, b, true)?;
    if offsets.mixed() {
        return Err(th.type_error("can't compare offset-naive and offset-aware times"));
    }
    let order = (fields(a).time() - offsets.difference()).cmp(&fields(b).time());
    Ok(Value::from_bool(op.holds(order)))
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let s = th.new_str(&time_state(fields(v)));
    let s = if zone(v).is_none() { th.new_tuple(&[s]) } else { th.new_tuple(&[s, zone(v)]) };
    Ok(th.new_tuple(&[class_of(v), s]))
}

/// The limits of the type.
pub fn constants(th: &mut Thread) -> PyResult<()> {
    let (_, last) = super::date::limits();
    let min = new_time(th, TIME.class(), Fields::default(), Value::NONE)?;
    let max = new_time(th, TIME.class(), last, Value::NONE)?;
    let resolution = plain_delta(th, 1)?;
    super::set_constants(th, &TIME, min, max, resolution)
}
