//! Dates and times as text: `strftime`, `ctime`, `__format__`, and the records of module `time`.

use super::civil::{self, Fields};
use super::data::*;
use super::tzinfo::{self, offset_text};
use crate::time::STRUCT_TIME;
use interpreter::layout::{PyStr, PyTuple, PyUnicode};
use interpreter::name::Name;
use interpreter::{Args, PyResult, Thread, Value, import, objects as o, ops};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

pub static STRFTIME: Name = Name::new("strftime");
static REPLACE: Name = Name::new("replace");

/// `time.struct_time` of fields.
pub fn time_tuple(th: &mut Thread, f: Fields, dst: i64) -> PyResult {
    let day = f.ordinal();
    let items = [
        f.year.into(),
        f.month.into(),
        f.day.into(),
        f.hour.into(),
        f.minute.into(),
        f.second.into(),
        civil::weekday(day),
        civil::year_day(f.year, f.month, f.day),
        dst,
    ]
    .map(Value::int_unchecked);
    o::structseq::make(th, &STRUCT_TIME, &items)
}

pub fn ctime(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = fields(args.pos[0]);
    let text = format!(
        "{} {} {:2} {:02}:{:02}:{:02} {:04}",
        DAYS[civil::weekday(f.ordinal()) as usize % 7],
        MONTHS[(f.month - 1).clamp(0, 11) as usize],
        f.day,
        f.hour,
        f.minute,
        f.second,
        f.year
    );
    th.try_str(text.as_bytes())
}

pub fn date_text(f: Fields) -> String {
    format!("{:04}-{:02}-{:02}", f.year, f.month, f.day)
}

pub fn time_text(f: Fields) -> String {
    let text = format!("{:02}:{:02}:{:02}", f.hour, f.minute, f.second);
    if f.micro == 0 { text } else { format!("{text}.{:06}", f.micro) }
}

/// `v.__format__(spec)`: `str(v)`, or `v.strftime(spec)`.
pub fn format(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (v, spec) = (args.pos[0], args.pos[1]);
    let empty = match (spec.payload::<PyStr>(), spec.payload::<PyUnicode>()) {
        (Some(s), _) => s.len == 0,
        (_, Some(u)) => {
            if u.len == 0 {
                let s = ops::str(th, v)?;
                return o::unicode::from_object(th, s);
            }
            false
        }
        _ => {
            let n = ops::type_name(spec);
            return Err(th.value_error(format!("__format__ expects str or unicode, not {n}")));
        }
    };
    if empty { ops::str(th, v) } else { ops::call_method(th, v, &STRFTIME, &[spec]) }
}

/// The bytes of a format argument.
fn format_argument(th: &mut Thread, args: Args<'_>) -> PyResult<Vec<u8>> {
    let [format] = args.skip(1).bind(th, "strftime", ["format"], 1)?;
    let b = interpreter::buffer::argument(th, format.unwrap_or(Value::NONE), "strftime", 1)?;
    Ok(b.bytes().to_vec())
}

/// `strftime(format)` of a value whose time tuple is known; `asker` is what its time zone is asked about.
pub fn strftime(th: &mut Thread, args: Args<'_>, tuple: Value, asker: Value) -> PyResult {
    let v = args.pos[0];
    let format = format_argument(th, args)?;
    let year = match tuple.payload::<PyTuple>().and_then(|t| t.get().items().first().copied()) {
        Some(y) => ops::integer_arg(th, y)?,
        None => return Err(th.type_error("timetuple() must return a tuple")),
    };
    if year < 1900 {
        return Err(th.value_error(format!(
            "year={year} is before 1900; the datetime strftime() methods require year >= 1900"
        )));
    }
    let mut out = Vec::with_capacity(format.len());
    let mut rest = format.iter().copied();
    while let Some(c) = rest.next() {
        if c != b'%' {
            out.push(c);
            continue;
        }
        match rest.next() {
            None => return Err(th.value_error("strftime format ends with raw %")),
            Some(b'z') => out.extend_from_slice(offset_text(th, zone(v), asker, "")?.as_bytes()),
            Some(b'Z') => {
                let name = tzinfo::name_of(th, zone(v), asker)?;
                out.extend_from_slice(&doubled_percents(th, name)?);
            }
            Some(b'f') => out.extend_from_slice(format!("{:06}", fields(v).micro).as_bytes()),
            Some(c) => out.extend_from_slice(&[b'%', c]),
        }
    }
    let m = import::import(th, "time")?;
    let out = th.try_str(&out)?;
    ops::call_method(th, m, &STRFTIME, &[out, tuple])
}

/// The bytes of a name with each `%` doubled; none for None. Strs of subclasses do it themselves.
fn doubled_percents(th: &mut Thread, name: Value) -> PyResult<Vec<u8>> {
    let Some(s) = name.payload::<PyStr>() else { return Ok(Vec::new()) };
    if name.cast::<PyStr>().is_some() {
        return Ok(s
            .get()
            .bytes()
            .iter()
            .flat_map(|c| if *c == b'%' { &b"%%"[..] } else { std::slice::from_ref(c) })
            .copied()
            .collect());
    }
    let (one, two) = (th.intern(b"%"), th.intern(b"%%"));
    let r = ops::call_method(th, name, &REPLACE, &[one, two])?;
    match r.payload::<PyStr>() {
        Some(s) => Ok(s.get().bytes().to_vec()),
        None => Err(th.type_error("tzname.replace() did not return a string")),
    }
}
