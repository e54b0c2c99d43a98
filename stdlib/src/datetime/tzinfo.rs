//! `tzinfo`, the abstract base of time zones, and asking a time zone.

use super::data::*;
use interpreter::kinds::kind;
use interpreter::layout::{PyDict, PyStr, PyType};
use interpreter::name::Name;
use interpreter::native::{Args, MethodDef, TypeDef};
use interpreter::objects::instance;
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Thread, Value, names, objects as o, ops};

pub static UTCOFFSET: Name = Name::new("utcoffset");
pub static DST: Name = Name::new("dst");
pub static TZNAME: Name = Name::new("tzname");
pub static FROMUTC: Name = Name::new("fromutc");
static GETINITARGS: Name = Name::new("__getinitargs__");

/// Microseconds of a minute.
pub const MINUTE: i64 = 60_000_000;

/// `datetime.tzinfo`.
pub static TZINFO: TypeDef = TypeDef {
    module: "datetime",
    doc: Some("Abstract base class for time zone info objects."),
    slots: SlotTable {
        new: Some(|th, class, _| match class.cast::<PyType>() {
            Some(t) => Ok(instance::allocate(th, t, None).value()),
            None => Err(th.type_error("tzinfo.__new__(X): X is not a type object")),
        }),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new(
            "tzname",
            |th, _| Err(abstract_method(th, "tzname")),
            1,
            1,
            0,
            "datetime -> string name of time zone.",
        ),
        MethodDef::new(
            "utcoffset",
            |th, _| Err(abstract_method(th, "utcoffset")),
            1,
            1,
            0,
            "datetime -> minutes east of UTC (negative for west of UTC).",
        ),
        MethodDef::new(
            "dst",
            |th, _| Err(abstract_method(th, "dst")),
            1,
            1,
            0,
            "datetime -> DST offset in minutes east of UTC.",
        ),
        MethodDef::new("fromutc", fromutc, 1, 1, 0, "datetime in UTC -> datetime in local time."),
        MethodDef::new("__reduce__", reduce, 0, 0, 0, "-> (cls, state)"),
    ],
    ..TypeDef::new("tzinfo", kind::INSTANCE)
};

fn abstract_method(th: &mut Thread, name: &str) -> interpreter::Raised {
    th.not_implemented_error(format!("a tzinfo subclass must implement {name}()"))
}

/// `zone.utcoffset(v)` or `zone.dst(v)` in minutes; none if there is no time zone or it says None.
pub fn offset(th: &mut Thread, zone: Value, name: &Name, v: Value) -> PyResult<Option<i64>> {
    if zone.is_none() {
        return Ok(None);
    }
    let r = ops::call_method(th, zone, name, &[v])?;
    if r.is_none() {
        return Ok(None);
    }
    let what = name.text();
    if !is_delta(r) {
        let n = ops::type_name(r);
        return Err(th.type_error(format!("tzinfo.{what}() must return None or a timedelta, not '{n}'")));
    }
    let micros = delta(r);
    let day = i128::from(super::civil::DAY);
    let minutes = if (-day..day).contains(&micros) {
        if micros % i128::from(MINUTE) != 0 {
            return Err(th.value_error(format!("tzinfo.{what}() must return a whole number of minutes")));
        }
        (micros / i128::from(MINUTE)) as i64
    } else {
        24 * 60
    };
    if minutes.abs() >= 24 * 60 {
        return Err(th.value_error(format!("tzinfo.{what}() returned {minutes}; must be in -1439 .. 1439")));
    }
    Ok(Some(minutes))
}

/// The same as a delta or None, as the methods of datetimes and times give it.
pub fn offset_value(th: &mut Thread, zone: Value, name: &Name, v: Value) -> PyResult {
    match offset(th, zone, name, v)? {
        Some(n) => plain_delta(th, i128::from(n) * i128::from(MINUTE)),
        None => Ok(Value::NONE),
    }
}

/// `zone.tzname(v)`: a str or None.
pub fn name_of(th: &mut Thread, zone: Value, v: Value) -> PyResult {
    if zone.is_none() {
        return Ok(Value::NONE);
    }
    let r = ops::call_method(th, zone, &TZNAME, &[v])?;
    if r.is_none() || r.payload::<PyStr>().is_some() {
        return Ok(r);
    }
    let n = ops::type_name(r);
    Err(th.type_error(format!("tzinfo.tzname() must return None or a string, not '{n}'")))
}

/// `+HH:MM`, with any separator; empty if there is no offset.
pub fn offset_text(th: &mut Thread, zone: Value, v: Value, separator: &str) -> PyResult<String> {
    Ok(match offset(th, zone, &UTCOFFSET, v)? {
        Some(n) => {
            let sign = if n < 0 { '-' } else { '+' };
            format!("{sign}{:02}{separator}{:02}", n.abs() / 60, n.abs() % 60)
        }
        None => String::new(),
    })
}

fn fromutc(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (me, v) = (args.pos[0], args.pos[1]);
    if !is_datetime(v) {
        return Err(th.type_error("fromutc: argument must be a datetime"));
    }
    if zone(v) != me {
        return Err(th.value_error("fromutc: dt.tzinfo is not self"));
    }
    let Some(off) = offset(th, me, &UTCOFFSET, v)? else {
        return Err(th.value_error("fromutc: non-None utcoffset() result required"));
    };
    let Some(dst) = offset(th, me, &DST, v)? else {
        return Err(th.value_error("fromutc: non-None dst() result required"));
    };
    let standard = i128::from(fields(v).moment()) + i128::from((off - dst) * MINUTE);
    let r = datetime_at(th, standard, me)?;
    match offset(th, me, &DST, r)? {
        None => Err(th.value_error("fromutc: tz.dst() gave inconsistent results; cannot convert")),
        Some(0) => Ok(r),
        Some(dst) => datetime_at(th, standard + i128::from(dst * MINUTE), me),
    }
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let name = GETINITARGS.get(th);
    let init = match ops::getattr_opt(th, v, name)? {
        Some(f) => ops::call(th, f, &[])?,
        None => th.new_tuple(&[]),
    };
    let name = names::__getstate__.get(th);
    let state = match ops::getattr_opt(th, v, name)? {
        Some(f) => ops::call(th, f, &[])?,
        None => {
            let name = names::__dict__.get(th);
            match ops::getattr_opt(th, v, name)? {
                Some(d) => match d.payload::<PyDict>() {
                    Some(t) if o::dict::len(th, t)? == 0 => Value::NONE,
                    _ => d,
                },
                None => Value::NONE,
            }
        }
    };
    if state.is_none() {
        return Ok(th.new_tuple(&[class_of(v), init]));
    }
    Ok(th.new_tuple(&[class_of(v), init, state]))
}
