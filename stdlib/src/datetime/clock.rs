//! The present, and timestamps as fields.

use super::civil::{Fields, YEARS};
use super::delta::round_half_away;
use interpreter::name::Name;
use interpreter::{PyResult, Thread, Value, import, ops};

static TIME: Name = Name::new("time");

/// `time.time()`, which programs may have replaced.
pub fn time(th: &mut Thread) -> PyResult {
    let m = import::import(th, "time")?;
    ops::call_method(th, m, &TIME, &[])
}

/// A timestamp: whole seconds and microseconds.
#[derive(Copy, Clone)]
pub struct Moment {
    seconds: i64,
    micros: i64,
}

impl Moment {
    /// Seconds cut towards zero.
    pub fn whole(th: &mut Thread, x: f64) -> PyResult<Moment> {
        let seconds = if x.is_nan() { i64::MIN } else { x as i64 };
        let rest = x - seconds as f64;
        if x.is_nan() || rest <= -1.0 || rest >= 1.0 {
            return Err(th.value_error("timestamp out of range for platform time_t"));
        }
        Ok(Moment { seconds, micros: 0 })
    }

    /// Rounded to microseconds.
    pub fn rounded(th: &mut Thread, x: f64) -> PyResult<Moment> {
        let Moment { mut seconds, .. } = Moment::whole(th, x)?;
        let mut micros = round_half_away((x - seconds as f64) * 1e6) as i64;
        if micros < 0 {
            seconds = seconds.saturating_sub(1);
            micros += 1_000_000;
        }
        if micros == 1_000_000 {
            seconds = seconds.saturating_add(1);
            micros = 0;
        }
        Ok(Moment { seconds, micros })
    }
}

/// Fields in local time, and whether daylight saving time is on.
pub fn local(th: &mut Thread, m: Moment) -> PyResult<(Fields, i32)> {
    finish(th, crate::time::local_time(m.seconds), m)
}

/// Fields in UTC.
pub fn utc(th: &mut Thread, m: Moment) -> PyResult<(Fields, i32)> {
    finish(th, crate::time::utc_time(m.seconds), m)
}

fn finish(th: &mut Thread, tm: Option<libc::tm>, m: Moment) -> PyResult<(Fields, i32)> {
    let Some(tm) = tm else {
        return Err(th.value_error("timestamp out of range for platform localtime()/gmtime() function"));
    };
    let year = tm.tm_year.saturating_add(1900);
    if !YEARS.contains(&year) {
        return Err(th.value_error("year is out of range"));
    }
    let f = Fields {
        year,
        month: tm.tm_mon + 1,
        day: tm.tm_mday,
        hour: tm.tm_hour,
        minute: tm.tm_min,
        // A leap second has no place.
        second: tm.tm_sec.min(59),
        micro: m.micros as i32,
    };
    Ok((f, tm.tm_isdst))
}

/// The argument as a timestamp rounded to microseconds.
pub fn argument(th: &mut Thread, v: Value) -> PyResult<Moment> {
    let x = ops::float_arg(th, v)?;
    Moment::rounded(th, x)
}
