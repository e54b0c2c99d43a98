//! Calendar times as text.

use super::calendar::{self, Tm};
use interpreter::layout::{PyStr, PyUnicode};
use interpreter::native::Args;
use interpreter::{PyResult, Thread, Value, ops};

const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The fixed text of a checked record.
fn text(th: &mut Thread, tm: &Tm) -> PyResult {
    let name = |names: &[&'static str], i: i32| names.get(i as usize).copied().unwrap_or("???");
    let s = format!(
        "{} {}{:3} {:02}:{:02}:{:02} {}",
        name(&DAYS, tm.tm_wday),
        name(&MONTHS, tm.tm_mon),
        tm.tm_mday,
        tm.tm_hour,
        tm.tm_min,
        tm.tm_sec,
        tm.tm_year as i64 + 1900
    );
    th.try_str(s.as_bytes())
}

fn present(th: &mut Thread) -> PyResult<Tm> {
    let now = calendar::moment(th, None)?;
    match calendar::local(now) {
        Some(tm) => Ok(tm),
        None => Err(th.value_error("unconvertible time")),
    }
}

pub(super) fn asctime(th: &mut Thread, args: Args<'_>) -> PyResult {
    let tm = match args.get(0) {
        None => present(th)?,
        Some(v) => {
            let mut tm = calendar::from_tuple(th, v)?;
            calendar::check(th, &mut tm)?;
            tm
        }
    };
    text(th, &tm)
}

pub(super) fn ctime(th: &mut Thread, args: Args<'_>) -> PyResult {
    let t = calendar::moment(th, args.get(0))?;
    match calendar::local(t) {
        Some(tm) => text(th, &tm),
        None => Err(th.value_error("unconvertible time")),
    }
}

/// The format as bytes without a zero.
fn format_bytes(th: &mut Thread, v: Value) -> PyResult<Vec<u8>> {
    let bytes = if let Some(s) = v.payload::<PyStr>() {
        s.get().bytes().to_vec()
    } else if v.payload::<PyUnicode>().is_some() {
        let s = ops::str(th, v)?;
        th.str_bytes(s).to_vec()
    } else {
        let n = if v.is_none() { "None".to_owned() } else { ops::type_name(v) };
        return Err(th.type_error(format!("strftime() argument 1 must be string, not {n}")));
    };
    if bytes.contains(&0) {
        let n = ops::type_name(v);
        return Err(
            th.type_error(format!("strftime() argument 1 must be string without null bytes, not {n}"))
        );
    }
    Ok(bytes)
}

pub(super) fn strftime(th: &mut Thread, args: Args<'_>) -> PyResult {
    let format = format_bytes(th, args.pos[0])?;
    let mut tm = match args.get(1) {
        None => present(th)?,
        Some(v) => calendar::from_tuple(th, v)?,
    };
    calendar::check(th, &mut tm)?;
    let Ok(c) = std::ffi::CString::new(format) else { return Err(th.value_error("embedded zero byte")) };
    // An empty result cannot be told from one without room: beyond this size it is empty.
    let enough = 256 * c.as_bytes().len();
    let mut out = vec![0u8; 1024];
    loop {
        // SAFETY: the buffer is as long as told, the format ends with a zero, the record is valid.
        let n = unsafe { libc::strftime(out.as_mut_ptr() as *mut libc::c_char, out.len(), c.as_ptr(), &tm) };
        if n > 0 || out.len() >= enough {
            return th.try_str(&out[..n]);
        }
        out.resize(out.len() * 2, 0);
    }
}
