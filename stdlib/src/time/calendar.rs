//! Calendar records: from moments, from tuples, and back to moments.

use super::{FIELDS, STRUCT_TIME, clocks};
use interpreter::layout::{PyStr, PyUnicode};
use interpreter::native::Args;
use interpreter::objects as o;
use interpreter::raised::Raised;
use interpreter::{PyResult, Slot, Thread, Value, ops};

/// A broken-down time of the C library.
pub(super) type Tm = libc::tm;

/// A record of zeros.
fn empty() -> Tm {
    // SAFETY: integers and a pointer that may be null.
    unsafe { std::mem::zeroed() }
}

/// Whole seconds of a float, cut towards zero.
fn whole_seconds(th: &mut Thread, x: f64) -> PyResult<i64> {
    // A NaN passes here and is refused by the C library's conversion.
    let t = if x.is_nan() { i64::MIN } else { x as i64 };
    let rest = x - t as f64;
    if rest <= -1.0 || rest >= 1.0 {
        return Err(th.value_error("timestamp out of range for platform time_t"));
    }
    Ok(t)
}

/// The moment given, or the present.
pub(super) fn moment(th: &mut Thread, v: Slot) -> PyResult<i64> {
    match v.filter(|v| !v.is_none()) {
        None => Ok(clocks::now().floor() as i64),
        Some(v) => {
            let x = ops::float_arg(th, v)?;
            whole_seconds(th, x)
        }
    }
}

/// A conversion that the C library refused: `ValueError(errno, text)`.
#[cold]
fn refused(th: &mut Thread) -> Raised {
    let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EOVERFLOW);
    let text = interpreter::errors::strerror(errno);
    let args = [th.int(errno as i64), th.new_str(text.as_bytes())];
    let args = th.new_tuple(&args);
    th.raise(o::exceptions::VALUE_ERROR.class(), Some(args))
}

/// A moment in local time; none if the C library refuses.
pub(super) fn local(t: i64) -> Option<Tm> {
    let mut tm = empty();
    // SAFETY: both point to valid records.
    if unsafe { libc::localtime_r(&t, &mut tm) }.is_null() { None } else { Some(tm) }
}

/// A moment in UTC; none if the C library refuses.
pub(super) fn utc(t: i64) -> Option<Tm> {
    let mut tm = empty();
    // SAFETY: both point to valid records.
    if unsafe { libc::gmtime_r(&t, &mut tm) }.is_null() { None } else { Some(tm) }
}

/// The Python record.
fn record(th: &mut Thread, tm: Option<Tm>) -> PyResult {
    let Some(t) = tm else { return Err(refused(th)) };
    let fields: [i64; FIELDS] = [
        t.tm_year as i64 + 1900,
        t.tm_mon as i64 + 1,
        t.tm_mday as i64,
        t.tm_hour as i64,
        t.tm_min as i64,
        t.tm_sec as i64,
        (t.tm_wday as i64 + 6) % 7,
        t.tm_yday as i64 + 1,
        t.tm_isdst as i64,
    ];
    // All fit the word: no heap objects.
    let items = fields.map(Value::int_unchecked);
    o::structseq::make(th, &STRUCT_TIME, &items)
}

pub(super) fn gmtime(th: &mut Thread, args: Args<'_>) -> PyResult {
    let t = moment(th, args.get(0))?;
    record(th, utc(t))
}

pub(super) fn localtime(th: &mut Thread, args: Args<'_>) -> PyResult {
    let t = moment(th, args.get(0))?;
    record(th, local(t))
}

/// Whether two-digit years count.
fn accepts_short_years(th: &mut Thread) -> PyResult<bool> {
    let Some(modules) = th.rt.modules.get() else { return Ok(true) };
    let name = th.intern(b"time");
    let Some(m) = o::dict::get_str(th, modules, name)? else { return Ok(true) };
    let name = th.intern(b"accept2dyear");
    let v = ops::getattr_opt(th, m, name)?;
    Ok(v.and_then(ops::int_value).is_some_and(|n| n != 0))
}

fn full_year(th: &mut Thread, y: i32) -> PyResult<i32> {
    if y >= 1900 {
        return Ok(y);
    }
    if !accepts_short_years(th)? {
        return Err(th.value_error("year >= 1900 required"));
    }
    match y {
        69..=99 => Ok(y + 1900),
        0..=68 => Ok(y + 2000),
        _ => Err(th.value_error("year out of range")),
    }
}

/// A time tuple as a record of the C library.
pub(super) fn from_tuple(th: &mut Thread, v: Value) -> PyResult<Tm> {
    let text = v.payload::<PyStr>().is_some() || v.payload::<PyUnicode>().is_some();
    if text || !ops::is_sequence(v) {
        let n = if v.is_none() { "None".to_owned() } else { ops::type_name(v) };
        return Err(th.type_error(format!("argument must be {FIELDS}-item sequence, not {n}")));
    }
    let n = ops::len(th, v)?;
    if n != FIELDS {
        return Err(th.type_error(format!("argument must be sequence of length {FIELDS}, not {n}")));
    }
    let mut fields = [0i32; FIELDS];
    for (i, f) in fields.iter_mut().enumerate() {
        let i = th.int(i as i64);
        let x = ops::getitem(th, v, i)?;
        *f = ops::int32_arg(th, x)?;
    }
    let [year, mon, mday, hour, min, sec, wday, yday, isdst] = fields;
    let mut tm = empty();
    tm.tm_year = full_year(th, year)?.wrapping_sub(1900);
    tm.tm_mon = mon.wrapping_sub(1);
    tm.tm_mday = mday;
    tm.tm_hour = hour;
    tm.tm_min = min;
    tm.tm_sec = sec;
    tm.tm_wday = wday.wrapping_add(1) % 7;
    tm.tm_yday = yday.wrapping_sub(1);
    tm.tm_isdst = isdst;
    Ok(tm)
}

/// Refuses values that the C library's texts have no room for; zeros for months and days count as ones.
pub(super) fn check(th: &mut Thread, tm: &mut Tm) -> PyResult<()> {
    if tm.tm_mon == -1 {
        tm.tm_mon = 0;
    }
    if tm.tm_mday == 0 {
        tm.tm_mday = 1;
    }
    if tm.tm_yday == -1 {
        tm.tm_yday = 0;
    }
    let bad = if !(0..=11).contains(&tm.tm_mon) {
        "month"
    } else if !(0..=31).contains(&tm.tm_mday) {
        "day of month"
    } else if !(0..=23).contains(&tm.tm_hour) {
        "hour"
    } else if !(0..=59).contains(&tm.tm_min) {
        "minute"
    } else if !(0..=61).contains(&tm.tm_sec) {
        "seconds"
    } else if tm.tm_wday < 0 {
        "day of week"
    } else if !(0..=365).contains(&tm.tm_yday) {
        "day of year"
    } else {
        tm.tm_isdst = tm.tm_isdst.clamp(-1, 1);
        return Ok(());
    };
    Err(th.value_error(format!("{bad} out of range")))
}

pub(super) fn mktime(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mut tm = from_tuple(th, args.pos[0])?;
    // The conversion always sets the day of week, unless it fails.
    tm.tm_wday = -1;
    // SAFETY: a valid record.
    let t = unsafe { libc::mktime(&mut tm) };
    if t == -1 && tm.tm_wday == -1 {
        return Err(th.overflow_error("mktime argument out of range"));
    }
    Ok(th.float(t as f64))
}
