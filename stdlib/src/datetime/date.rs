//! `date`.

use super::civil::{self, Fields};
use super::clock;
use super::data::*;
use super::text::{self, date_text, time_tuple};
use interpreter::kinds::kind;
use interpreter::name::Name;
use interpreter::native::{Args, CLASS, GetSetDef, KEYWORDS, MethodDef, TypeDef};
use interpreter::types::slots::{CmpOp, SlotTable};
use interpreter::{PyResult, Thread, Value, ops};

pub static ISOFORMAT: Name = Name::new("isoformat");
pub static TIMETUPLE: Name = Name::new("timetuple");
static FROMTIMESTAMP: Name = Name::new("fromtimestamp");

/// `datetime.date`.
pub static DATE: TypeDef = TypeDef {
    module: "datetime",
    doc: Some("date(year, month, day) --> date object"),
    slots: SlotTable {
        new: Some(new),
        repr: Some(|th, v| {
            let f = fields(v);
            let name = class_name(v);
            th.try_str(format!("{name}({}, {}, {})", f.year, f.month, f.day).as_bytes())
        }),
        str: Some(|th, v| ops::call_method(th, v, &ISOFORMAT, &[])),
        hash: Some(|th, v| Ok(hash_state(th, &date_state(fields(v))))),
        richcmp: Some(richcmp),
        add: Some(add),
        sub: Some(subtract),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new(
            "fromtimestamp",
            from_timestamp,
            1,
            1,
            CLASS,
            "timestamp -> local date from a POSIX timestamp (like time.time()).",
        ),
        MethodDef::new(
            "fromordinal",
            from_ordinal,
            1,
            1,
            CLASS,
            "int -> date corresponding to a proleptic Gregorian ordinal.",
        ),
        MethodDef::new(
            "today",
            today,
            0,
            0,
            CLASS,
            "Current date or datetime:  same as self.__class__.fromtimestamp(time.time()).",
        ),
        MethodDef::new("ctime", text::ctime, 0, 0, 0, "Return ctime() style string."),
        MethodDef::new("strftime", strftime, 0, u16::MAX, KEYWORDS, "format -> strftime() style string."),
        MethodDef::new("__format__", text::format, 1, 1, 0, "Formats self with strftime."),
        MethodDef::new(
            "timetuple",
            timetuple,
            0,
            0,
            0,
            "Return time tuple, compatible with time.localtime().",
        ),
        MethodDef::new(
            "isocalendar",
            isocalendar,
            0,
            0,
            0,
            "Return a 3-tuple containing ISO year, week number, and weekday.",
        ),
        MethodDef::new("isoformat", isoformat, 0, 0, 0, "Return string in ISO 8601 format, YYYY-MM-DD."),
        MethodDef::new(
            "isoweekday",
            |th, a| Ok(th.int(civil::weekday(fields(a.pos[0]).ordinal()) + 1)),
            0,
            0,
            0,
            "Return the day of the week represented by the date.\nMonday == 1 ... Sunday == 7",
        ),
        MethodDef::new(
            "toordinal",
            |th, a| Ok(th.int(fields(a.pos[0]).ordinal())),
            0,
            0,
            0,
            "Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1.",
        ),
        MethodDef::new(
            "weekday",
            |th, a| Ok(th.int(civil::weekday(fields(a.pos[0]).ordinal()))),
            0,
            0,
            0,
            "Return the day of the week represented by the date.\nMonday == 0 ... Sunday == 6",
        ),
        MethodDef::new("replace", replace, 0, u16::MAX, KEYWORDS, "Return date with new specified fields."),
        MethodDef::new("__reduce__", reduce, 0, 0, 0, "__reduce__() -> (cls, state)"),
    ],
    getset: &[
        GetSetDef { name: "year", get: |th, v| Ok(th.int(fields(v).year.into())), set: None, doc: "" },
        GetSetDef { name: "month", get: |th, v| Ok(th.int(fields(v).month.into())), set: None, doc: "" },
        GetSetDef { name: "day", get: |th, v| Ok(th.int(fields(v).day.into())), set: None, doc: "" },
    ],
    ..TypeDef::new("date", kind::RECORD)
};

/// Year, month and day as four bytes.
pub fn date_state(f: Fields) -> [u8; 4] {
    [(f.year >> 8) as u8, f.year as u8, f.month as u8, f.day as u8]
}

/// The inverse of [`date_state`]; none if that cannot be.
pub fn date_from_state(b: &[u8]) -> Option<Fields> {
    let &[high, low, month, day, ..] = b else { return None };
    (1..=12).contains(&month).then(|| Fields {
        year: i32::from(high) << 8 | i32::from(low),
        month: month.into(),
        day: day.into(),
        ..Fields::default()
    })
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    if args.len() == 1
        && let Some(f) = state_argument(args.get(0), 4).and_then(date_from_state)
    {
        return new_date(th, class, f);
    }
    let given = args.bind(th, "", ["year", "month", "day"], 3)?;
    let f = date_arguments(th, given, Fields::default())?;
    new_date(th, class, f)
}

fn date_arguments(th: &mut Thread, given: [Option<Value>; 3], mut f: Fields) -> PyResult<Fields> {
    let [year, month, day] = given;
    take(th, year, &mut f.year)?;
    take(th, month, &mut f.month)?;
    take(th, day, &mut f.day)?;
    check_date(th, f)
}

fn replace(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let given = args.skip(1).bind(th, "replace", ["year", "month", "day"], 0)?;
    let f = date_arguments(th, given, fields(v))?;
    new_date(th, class_of(v), f)
}

fn from_timestamp(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = ops::float_arg(th, args.pos[1])?;
    let m = clock::Moment::whole(th, x)?;
    let (f, _) = clock::local(th, m)?;
    call_with_date(th, args.pos[0], f)
}

/// `class(year, month, day)`.
fn call_with_date(th: &mut Thread, class: Value, f: Fields) -> PyResult {
    let parts = [f.year, f.month, f.day].map(|n| Value::int_unchecked(n.into()));
    ops::call(th, class, &parts)
}

fn from_ordinal(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::int32_arg(th, args.pos[1])?;
    if n < 1 {
        return Err(th.value_error("ordinal must be >= 1"));
    }
    if i64::from(n) > *civil::ORDINALS.end() {
        return Err(th.value_error("year is out of range"));
    }
    let (year, month, day) = civil::from_ordinal(n.into());
    call_with_date(th, args.pos[0], Fields { year, month, day, ..Fields::default() })
}

fn today(th: &mut Thread, args: Args<'_>) -> PyResult {
    let now = clock::time(th)?;
    ops::call_method(th, args.pos[0], &FROMTIMESTAMP, &[now])
}

fn strftime(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let tuple = ops::call_method(th, v, &TIMETUPLE, &[])?;
    text::strftime(th, args, tuple, v)
}

fn timetuple(th: &mut Thread, args: Args<'_>) -> PyResult {
    time_tuple(th, fields(args.pos[0]), -1)
}

fn isocalendar(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = fields(args.pos[0]);
    let today = f.ordinal();
    let mut year = f.year;
    let mut start = civil::iso_year_start(year);
    if today < start {
        year -= 1;
        start = civil::iso_year_start(year);
    } else if today >= civil::iso_year_start(year + 1) {
        year += 1;
        start = civil::iso_year_start(year);
    }
    let days = today - start;
    let parts = [i64::from(year), days / 7 + 1, days % 7 + 1].map(Value::int_unchecked);
    Ok(th.new_tuple(&parts))
}

fn isoformat(th: &mut Thread, args: Args<'_>) -> PyResult {
    th.try_str(date_text(fields(args.pos[0])).as_bytes())
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let state = th.new_str(&date_state(fields(v)));
    let state = th.new_tuple(&[state]);
    Ok(th.new_tuple(&[class_of(v), state]))
}

fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    if is_date(b) {
        let date = |v: Value| fields(v).date().pack();
        return Ok(Value::from_bool(op.holds(date(a).cmp(&date(b)))));
    }
    if has_timetuple(th, b)? {
        // The other side wants to decide.
        return Ok(Value::NOT_IMPLEMENTED);
    }
    match op {
        CmpOp::Eq => Ok(Value::FALSE),
        CmpOp::Ne => Ok(Value::TRUE),
        _ => Err(cannot_compare(th, a, b)),
    }
}

/// Whether a value of another type asks for control over comparisons.
pub fn has_timetuple(th: &mut Thread, v: Value) -> PyResult<bool> {
    let name = TIMETUPLE.get(th);
    match ops::getattr(th, v, name) {
        Ok(_) => Ok(true),
        Err(e) => {
            e.catch(th)?;
            Ok(false)
        }
    }
}

/// A date so many days later.
fn moved(th: &mut Thread, v: Value, days: i64) -> PyResult {
    let n = fields(v).ordinal() + days;
    if !civil::ORDINALS.contains(&n) {
        return Err(th.overflow_error("date value out of range"));
    }
    let (year, month, day) = civil::from_ordinal(n);
    new_date(th, DATE.class(), Fields { year, month, day, ..Fields::default() })
}

fn delta_days(v: Value) -> i64 {
    delta(v).div_euclid(civil::DAY.into()) as i64
}

fn add(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if is_datetime(a) || is_datetime(b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    match (is_date(a), is_date(b)) {
        (true, _) if is_delta(b) => moved(th, a, delta_days(b)),
        (_, true) if is_delta(a) => moved(th, b, delta_days(a)),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn subtract(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if is_datetime(a) || is_datetime(b) || !is_date(a) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    if is_date(b) {
        let days = fields(a).ordinal() - fields(b).ordinal();
        return plain_delta(th, i128::from(days) * i128::from(civil::DAY));
    }
    if is_delta(b) {
        return moved(th, a, -delta_days(b));
    }
    Ok(Value::NOT_IMPLEMENTED)
}

/// The limits of the type.
pub fn constants(th: &mut Thread) -> PyResult<()> {
    let (min, max) = limits();
    let min = new_date(th, DATE.class(), min)?;
    let max = new_date(th, DATE.class(), max)?;
    let day = plain_delta(th, civil::DAY.into())?;
    super::set_constants(th, &DATE, min, max, day)
}

/// First and last moment.
pub fn limits() -> (Fields, Fields) {
    let (first, last) = (*civil::YEARS.start(), *civil::YEARS.end());
    (
        Fields { year: first, month: 1, day: 1, ..Fields::default() },
        Fields { year: last, month: 12, day: 31, hour: 23, minute: 59, second: 59, micro: 999_999 },
    )
}
