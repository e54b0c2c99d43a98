//! The objects: records that never change once made, so that they are read without barriers.
//!
//! Dates and datetimes hold their packed fields and (datetimes) their time zone; times the same with no date; deltas hold
//! days and the microseconds of the last day.

use super::civil::{DAY, Fields};
use super::{date::DATE, datetimes::DATETIME, delta::DELTA, time::TIME, tzinfo::TZINFO};
use interpreter::layout::{PyRecord, PyStr};
use interpreter::native::GetSetDef;
use interpreter::types::{is_instance_of, type_of, wrap_new};
use interpreter::{PyResult, Thread, Value, ops};

/// Most days a delta may have, forward or back.
pub const MAX_DELTA_DAYS: i128 = 999_999_999;

fn slot(v: Value, i: usize) -> Option<Value> {
    // Never changed after it was made.
    v.payload::<PyRecord>().and_then(|r| r.unguarded().slots().get(i).and_then(|c| c.get()))
}

fn number(v: Value, i: usize) -> i64 {
    slot(v, i).and_then(Value::as_small_int).unwrap_or(0)
}

/// The fields of a date, a datetime or a time.
pub fn fields(v: Value) -> Fields {
    Fields::unpack(number(v, 0))
}

/// The packed fields, for comparing.
pub fn packed(v: Value) -> i64 {
    number(v, 0)
}

/// The time zone of a datetime or a time; None for dates.
pub fn zone(v: Value) -> Value {
    slot(v, 1).unwrap_or(Value::NONE)
}

/// All microseconds of a delta.
pub fn delta(v: Value) -> i128 {
    i128::from(number(v, 0)) * i128::from(DAY) + i128::from(number(v, 1))
}

pub fn is_date(v: Value) -> bool {
    v.is_obj() && is_instance_of(v, &DATE)
}

pub fn is_datetime(v: Value) -> bool {
    v.is_obj() && is_instance_of(v, &DATETIME)
}

pub fn is_time(v: Value) -> bool {
    v.is_obj() && is_instance_of(v, &TIME)
}

pub fn is_delta(v: Value) -> bool {
    v.is_obj() && is_instance_of(v, &DELTA)
}

pub fn is_tzinfo(v: Value) -> bool {
    v.is_obj() && is_instance_of(v, &TZINFO)
}

/// A date (of a subclass, if `class` is one).
pub fn new_date(th: &mut Thread, class: Value, f: Fields) -> PyResult {
    let base = th.new_record(&DATE, &[Some(Value::int_unchecked(f.date().pack()))]);
    wrap_new(th, class, &DATE, base)
}

/// A datetime (of a subclass, if `class` is one).
pub fn new_datetime(th: &mut Thread, class: Value, f: Fields, zone: Value) -> PyResult {
    let base = th.new_record(&DATETIME, &[Some(Value::int_unchecked(f.pack())), Some(zone)]);
    wrap_new(th, class, &DATETIME, base)
}

/// A time (of a subclass, if `class` is one).
pub fn new_time(th: &mut Thread, class: Value, f: Fields, zone: Value) -> PyResult {
    let f = Fields { year: 0, month: 0, day: 0, ..f };
    let base = th.new_record(&TIME, &[Some(Value::int_unchecked(f.pack())), Some(zone)]);
    wrap_new(th, class, &TIME, base)
}

/// A delta (of a subclass, if `class` is one).
pub fn new_delta(th: &mut Thread, class: Value, micros: i128) -> PyResult {
    let day = i128::from(DAY);
    let days = micros.div_euclid(day);
    if i32::try_from(days).is_err() {
        return Err(th.overflow_error("normalized days too large to fit in a C int"));
    }
    if days.abs() > MAX_DELTA_DAYS {
        return Err(th.overflow_error(format!("days={days}; must have magnitude <= {MAX_DELTA_DAYS}")));
    }
    let parts = [days as i64, micros.rem_euclid(day) as i64].map(|n| Some(Value::int_unchecked(n)));
    let base = th.new_record(&DELTA, &parts);
    wrap_new(th, class, &DELTA, base)
}

/// A delta of the built-in class.
pub fn plain_delta(th: &mut Thread, micros: i128) -> PyResult {
    new_delta(th, DELTA.class(), micros)
}

/// A datetime of the built-in class at a moment, which may be out of range.
pub fn datetime_at(th: &mut Thread, moment: i128, zone: Value) -> PyResult {
    match Fields::of_moment(moment) {
        Some(f) => new_datetime(th, DATETIME.class(), f, zone),
        None => Err(th.overflow_error("date value out of range")),
    }
}

/// Checks year, month and day.
pub fn check_date(th: &mut Thread, f: Fields) -> PyResult<Fields> {
    if !super::civil::YEARS.contains(&f.year) {
        return Err(th.value_error("year is out of range"));
    }
    if !(1..=12).contains(&f.month) {
        return Err(th.value_error("month must be in 1..12"));
    }
    if f.day < 1 || f.day > super::civil::days_in_month(f.year, f.month) {
        return Err(th.value_error("day is out of range for month"));
    }
    Ok(f)
}

/// Checks the time of day.
pub fn check_time(th: &mut Thread, f: Fields) -> PyResult<Fields> {
    let bad = if !(0..24).contains(&f.hour) {
        "hour must be in 0..23"
    } else if !(0..60).contains(&f.minute) {
        "minute must be in 0..59"
    } else if !(0..60).contains(&f.second) {
        "second must be in 0..59"
    } else if !(0..1_000_000).contains(&f.micro) {
        "microsecond must be in 0..999999"
    } else {
        return Ok(f);
    };
    Err(th.value_error(bad))
}

/// A time zone argument: None or a tzinfo.
pub fn check_zone(th: &mut Thread, v: Option<Value>) -> PyResult {
    match v {
        None => Ok(Value::NONE),
        Some(v) if v.is_none() || is_tzinfo(v) => Ok(v),
        Some(v) => {
            let n = ops::type_name(v);
            Err(th
                .type_error(format!("tzinfo argument must be None or of a tzinfo subclass, not type '{n}'")))
        }
    }
}

/// Stores an integer argument in a field, if it is given.
pub fn take(th: &mut Thread, v: Option<Value>, field: &mut i32) -> PyResult<()> {
    if let Some(v) = v {
        *field = ops::int32_arg(th, v)?;
    }
    Ok(())
}

/// Name of a value's class, with its module for built-in ones, as `repr` shows it.
pub fn class_name(v: Value) -> String {
    ops::type_name(v)
}

/// The bytes of a pickled state, if that is what an argument is.
pub fn state_argument<'a>(v: Option<Value>, len: usize) -> Option<&'a [u8]> {
    v?.cast::<PyStr>().map(|s| s.get().bytes()).filter(|b| b.len() == len)
}

/// A hash made of numbers.
pub fn hash_numbers(parts: &[i64]) -> i64 {
    let mut x: u64 = 0x0034_5678;
    let mut mult: u64 = 1_000_003;
    for (i, p) in parts.iter().enumerate() {
        let h = numtext::hash::hash_int(*p) as u64;
        x = (x ^ h).wrapping_mul(mult);
        mult = mult.wrapping_add(82520 + 2 * (parts.len() - i - 1) as u64);
    }
    match x.wrapping_add(97531) as i64 {
        -1 => -2,
        h => h,
    }
}

/// The hash of a date or time: that of its pickled state.
pub fn hash_state(th: &Thread, state: &[u8]) -> i64 {
    numtext::hash::hash_text(state, th.rt.settings.hash_secret)
}

/// What two values of these classes cannot be compared with raises.
pub fn cannot_compare(th: &mut Thread, a: Value, b: Value) -> interpreter::Raised {
    let (a, b) = (class_name(a), class_name(b));
    th.type_error(format!("can't compare {a} to {b}"))
}

/// `type(v)`.
pub fn class_of(v: Value) -> Value {
    type_of(v).value()
}

/// The hour, minute, second and microsecond among the arguments.
pub fn take_time(th: &mut Thread, given: [Option<Value>; 4], f: &mut Fields) -> PyResult<()> {
    for (v, field) in given.into_iter().zip([&mut f.hour, &mut f.minute, &mut f.second, &mut f.micro]) {
        take(th, v, field)?;
    }
    Ok(())
}

/// A time of day and a time zone that can be.
pub fn checked_time(th: &mut Thread, f: Fields, zone: Value) -> PyResult<(Fields, Value)> {
    let f = check_time(th, f)?;
    Ok((f, check_zone(th, Some(zone))?))
}

/// The attributes of what has a time of day.
pub static TIME_OF_DAY: [GetSetDef; 5] = [
    GetSetDef { name: "hour", get: |th, v| Ok(th.int(fields(v).hour.into())), set: None, doc: "" },
    GetSetDef { name: "minute", get: |th, v| Ok(th.int(fields(v).minute.into())), set: None, doc: "" },
    GetSetDef { name: "second", get: |th, v| Ok(th.int(fields(v).second.into())), set: None, doc: "" },
    GetSetDef { name: "microsecond", get: |th, v| Ok(th.int(fields(v).micro.into())), set: None, doc: "" },
    GetSetDef { name: "tzinfo", get: |_, v| Ok(zone(v)), set: None, doc: "" },
];
