//! Methods of `datetime`.

use super::civil::Fields;
use super::clock::{self, Moment};
use super::data::*;
use super::date::DATE;
use super::datetimes::{DATETIME, NAMES, arguments, iso_text, state};
use super::text::time_tuple;
use super::time::TIME;
use super::tzinfo::{self, DST, FROMUTC, MINUTE, UTCOFFSET, offset, offset_text, offset_value};
use interpreter::layout::{PyStr, PyTuple};
use interpreter::name::Name;
use interpreter::native::{Args, CLASS, KEYWORDS, MethodDef};
use interpreter::{PyResult, Thread, Value, import, ops};

static STRPTIME: Name = Name::new("_strptime");

pub static METHODS: &[MethodDef] = &[
    MethodDef::new(
        "now",
        now,
        0,
        u16::MAX,
        CLASS | KEYWORDS,
        "[tz] -> new datetime with tz's local day and time.",
    ),
    MethodDef::new("utcnow", utcnow, 0, 0, CLASS, "Return a new datetime representing UTC day and time."),
    MethodDef::new(
        "fromtimestamp",
        from_timestamp,
        0,
        u16::MAX,
        CLASS | KEYWORDS,
        "timestamp[, tz] -> tz's local time from POSIX timestamp.",
    ),
    MethodDef::new(
        "utcfromtimestamp",
        utc_from_timestamp,
        1,
        1,
        CLASS,
        "timestamp -> UTC datetime from a POSIX timestamp (like time.time()).",
    ),
    MethodDef::new(
        "strptime",
        strptime,
        2,
        2,
        CLASS,
        "string, format -> new datetime parsed from a string (like time.strptime()).",
    ),
    MethodDef::new(
        "combine",
        combine,
        0,
        u16::MAX,
        CLASS | KEYWORDS,
        "date, time -> datetime with same date and time fields",
    ),
    MethodDef::new(
        "date",
        |th, a| new_date(th, DATE.class(), fields(a.pos[0])),
        0,
        0,
        0,
        "Return date object with same year, month and day.",
    ),
    MethodDef::new(
        "time",
        |th, a| new_time(th, TIME.class(), fields(a.pos[0]), Value::NONE),
        0,
        0,
        0,
        "Return time object with same time but with tzinfo=None.",
    ),
    MethodDef::new(
        "timetz",
        |th, a| new_time(th, TIME.class(), fields(a.pos[0]), zone(a.pos[0])),
        0,
        0,
        0,
        "Return time object with same time and tzinfo.",
    ),
    MethodDef::new("timetuple", timetuple, 0, 0, 0, "Return time tuple, compatible with time.localtime()."),
    MethodDef::new(
        "utctimetuple",
        utctimetuple,
        0,
        0,
        0,
        "Return UTC time tuple, compatible with time.localtime().",
    ),
    MethodDef::new(
        "isoformat",
        isoformat,
        0,
        u16::MAX,
        KEYWORDS,
        "[sep] -> string in ISO 8601 format, YYYY-MM-DDTHH:MM:SS[.mmmmmm][+HH:MM].\n\nsep is used to separate the year from the time, and defaults to 'T'.",
    ),
    MethodDef::new(
        "utcoffset",
        |th, a| offset_value(th, zone(a.pos[0]), &UTCOFFSET, a.pos[0]),
        0,
        0,
        0,
        "Return self.tzinfo.utcoffset(self).",
    ),
    MethodDef::new(
        "tzname",
        |th, a| tzinfo::name_of(th, zone(a.pos[0]), a.pos[0]),
        0,
        0,
        0,
        "Return self.tzinfo.tzname(self).",
    ),
    MethodDef::new(
        "dst",
        |th, a| offset_value(th, zone(a.pos[0]), &DST, a.pos[0]),
        0,
        0,
        0,
        "Return self.tzinfo.dst(self).",
    ),
    MethodDef::new("replace", replace, 0, u16::MAX, KEYWORDS, "Return datetime with new specified fields."),
    MethodDef::new(
        "astimezone",
        astimezone,
        0,
        u16::MAX,
        KEYWORDS,
        "tz -> convert to local time in new timezone tz\n",
    ),
    MethodDef::new("__reduce__", reduce, 0, 0, 0, "__reduce__() -> (cls, state)"),
];

/// `class(year, month, ..., tzinfo)`.
fn make(th: &mut Thread, class: Value, f: Fields, z: Value) -> PyResult {
    if class == DATETIME.class() {
        return new_datetime(th, class, f, z);
    }
    let int = |n: i32| Value::int_unchecked(n.into());
    let args =
        [int(f.year), int(f.month), int(f.day), int(f.hour), int(f.minute), int(f.second), int(f.micro), z];
    ops::call(th, class, &args)
}

/// A moment in local time, or in a time zone.
fn at(th: &mut Thread, class: Value, m: Moment, z: Value) -> PyResult {
    if z.is_none() {
        let (f, _) = clock::local(th, m)?;
        return make(th, class, f, z);
    }
    let (f, _) = clock::utc(th, m)?;
    let v = make(th, class, f, z)?;
    ops::call_method(th, z, &FROMUTC, &[v])
}

fn present(th: &mut Thread) -> PyResult<Moment> {
    let now = clock::time(th)?;
    clock::argument(th, now)
}

fn now(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [tz] = args.skip(1).bind(th, "now", ["tz"], 0)?;
    let z = check_zone(th, tz)?;
    let m = present(th)?;
    at(th, args.pos[0], m, z)
}

fn utcnow(th: &mut Thread, args: Args<'_>) -> PyResult {
    let m = present(th)?;
    let (f, _) = clock::utc(th, m)?;
    make(th, args.pos[0], f, Value::NONE)
}

fn from_timestamp(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [stamp, tz] = args.skip(1).bind(th, "fromtimestamp", ["timestamp", "tz"], 1)?;
    let stamp = ops::float_arg(th, stamp.unwrap_or(Value::NONE))?;
    let z = check_zone(th, tz)?;
    let m = Moment::rounded(th, stamp)?;
    at(th, args.pos[0], m, z)
}

fn utc_from_timestamp(th: &mut Thread, args: Args<'_>) -> PyResult {
    let m = clock::argument(th, args.pos[1])?;
    let (f, _) = clock::utc(th, m)?;
    make(th, args.pos[0], f, Value::NONE)
}

fn strptime(th: &mut Thread, args: Args<'_>) -> PyResult {
    for (i, v) in args.pos[1..].iter().enumerate() {
        if v.payload::<PyStr>().is_none() && v.payload::<interpreter::layout::PyUnicode>().is_none() {
            let n = if v.is_none() { "None".to_owned() } else { ops::type_name(*v) };
            return Err(th.type_error(format!("strptime() argument {} must be string, not {n}", i + 1)));
        }
    }
    let m = import::import(th, "_strptime")?;
    let found = ops::call_method(th, m, &STRPTIME, &args.pos[1..3])?;
    let (tuple, micro) = match found.payload::<PyTuple>().map(|t| t.get().items()) {
        Some([tuple, micro]) => (*tuple, *micro),
        _ => return Err(th.value_error("unexpected value from _strptime._strptime")),
    };
    let mut numbers = [0; 7];
    for (i, n) in numbers.iter_mut().take(6).enumerate() {
        let k = th.int(i as i64);
        let x = ops::getitem(th, tuple, k)?;
        *n = ops::int32_arg(th, x)?;
    }
    numbers[6] = ops::int32_arg(th, micro)?;
    let numbers = numbers.map(|n| Value::int_unchecked(n.into()));
    ops::call(th, args.pos[0], &numbers)
}

fn combine(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [d, t] = args.skip(1).bind(th, "combine", ["date", "time"], 2)?;
    let (d, t) = (d.unwrap_or(Value::NONE), t.unwrap_or(Value::NONE));
    let refused = match (is_date(d), is_time(t)) {
        (false, _) => (1, "date", d),
        (_, false) => (2, "time", t),
        _ => {
            let (day, clock) = (fields(d), fields(t));
            let f = Fields { year: day.year, month: day.month, day: day.day, ..clock };
            return make(th, args.pos[0], f, zone(t));
        }
    };
    let (i, what, v) = refused;
    let n = if v.is_none() { "None".to_owned() } else { ops::type_name(v) };
    Err(th.type_error(format!("combine() argument {i} must be datetime.{what}, not {n}")))
}

fn timetuple(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let dst = match offset(th, zone(v), &DST, v)? {
        None => -1,
        Some(n) => i64::from(n != 0),
    };
    time_tuple(th, fields(v), dst)
}

fn utctimetuple(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    // At the ends of time this may give a year that no date has.
    let f = match offset(th, zone(v), &UTCOFFSET, v)? {
        Some(n) => Fields::of_moment_unchecked(fields(v).moment() - n * MINUTE),
        None => fields(v),
    };
    time_tuple(th, f, 0)
}

fn isoformat(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let [separator] = args.skip(1).bind(th, "isoformat", ["sep"], 0)?;
    let c = match separator {
        None => b'T',
        Some(s) => match s.payload::<PyStr>().map(|s| s.get().bytes()) {
            Some([c]) => *c,
            _ => {
                let n = if s.is_none() { "None".to_owned() } else { ops::type_name(s) };
                return Err(th.type_error(format!("isoformat() argument 1 must be char, not {n}")));
            }
        },
    };
    let offset = offset_text(th, zone(v), v, ":")?;
    let mut text = iso_text(fields(v), 'T').into_bytes();
    if let Some(t) = text.get_mut(10) {
        *t = c;
    }
    text.extend_from_slice(offset.as_bytes());
    th.try_str(&text)
}

fn replace(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let given = args.skip(1).bind(th, "replace", NAMES, 0)?;
    let (f, z) = arguments(th, given, fields(v), zone(v))?;
    new_datetime(th, class_of(v), f, z)
}

fn astimezone(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let [tz] = args.skip(1).bind(th, "astimezone", ["tz"], 1)?;
    let tz = tz.unwrap_or(Value::NONE);
    if !is_tzinfo(tz) {
        let n = if tz.is_none() { "None".to_owned() } else { ops::type_name(tz) };
        return Err(th.type_error(format!("astimezone() argument 1 must be datetime.tzinfo, not {n}")));
    }
    let naive = "astimezone() cannot be applied to a naive datetime";
    if zone(v).is_none() {
        return Err(th.value_error(naive));
    }
    if zone(v) == tz {
        return Ok(v);
    }
    let Some(n) = offset(th, zone(v), &UTCOFFSET, v)? else { return Err(th.value_error(naive)) };
    let utc = datetime_at(th, i128::from(fields(v).moment() - n * MINUTE), tz)?;
    ops::call_method(th, tz, &FROMUTC, &[utc])
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let s = th.new_str(&state(fields(v)));
    let s = if zone(v).is_none() { th.new_tuple(&[s]) } else { th.new_tuple(&[s, zone(v)]) };
    Ok(th.new_tuple(&[class_of(v), s]))
}
