//! The module `time`: clocks, calendar records and their texts, by the C library.

mod calendar;
mod clocks;
mod format;
mod zone;

use interpreter::native::{BLOCKS, MethodDef, ModuleDef, TypeDef, VARIADIC};
use interpreter::objects as o;
use interpreter::objects::structseq::{self, field};
use interpreter::{PyResult, Thread, Value};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "time",
    doc: Some(
        "Clocks, calendar times and their texts.\n\nA moment is a float of seconds since the Epoch, or a record of nine integers (struct_time).",
    ),
    functions: &[
        MethodDef::new(
            "asctime",
            format::asctime,
            0,
            1,
            0,
            "asctime([tuple]) -> string\n\nA time tuple, or the current local time, as 'Sat Jun 06 16:26:11 1998'.",
        ),
        MethodDef::new(
            "clock",
            clocks::clock,
            0,
            0,
            0,
            "clock() -> floating point number\n\nThe CPU time of the process, in seconds.",
        ),
        MethodDef::new(
            "ctime",
            format::ctime,
            0,
            1,
            0,
            "ctime(seconds) -> string\n\nA moment in local time, as asctime() writes it.",
        ),
        MethodDef::new(
            "gmtime",
            calendar::gmtime,
            0,
            1,
            0,
            "gmtime([seconds]) -> struct_time\n\nA moment, or the present, in UTC.",
        ),
        MethodDef::new(
            "localtime",
            calendar::localtime,
            0,
            1,
            0,
            "localtime([seconds]) -> struct_time\n\nA moment, or the present, in local time.",
        ),
        MethodDef::new(
            "mktime",
            calendar::mktime,
            1,
            1,
            0,
            "mktime(tuple) -> floating point number\n\nThe moment of a local time tuple.",
        ),
        MethodDef::new(
            "sleep",
            clocks::sleep,
            1,
            1,
            BLOCKS,
            "sleep(seconds)\n\nDelay execution for a given number of seconds, which may have a fraction.",
        ),
        MethodDef::new(
            "strftime",
            format::strftime,
            1,
            2,
            0,
            "strftime(format[, tuple]) -> string\n\nA time tuple, or the current local time, by a format.",
        ),
        MethodDef::new(
            "strptime",
            strptime,
            0,
            VARIADIC,
            0,
            "strptime(string, format) -> struct_time\n\nThe time tuple in a text, by a format.",
        ),
        MethodDef::new(
            "time",
            clocks::time,
            0,
            0,
            0,
            "time() -> floating point number\n\nThe present, in seconds since the Epoch.",
        ),
        MethodDef::new(
            "tzset",
            zone::tzset_of,
            0,
            0,
            0,
            "tzset()\n\nMakes the environment variable TZ count again.",
        ),
    ],
    types: &[],
    init: Some(init),
};

/// `time.struct_time`.
pub static STRUCT_TIME: TypeDef = structseq::definition(
    "time",
    "struct_time",
    "The time value as returned by gmtime(), localtime(), and strptime(), and\n accepted by asctime(), mktime() and strftime(): nine integers.",
    &[
        field::<0>("tm_year", "year"),
        field::<1>("tm_mon", "month, 1-12"),
        field::<2>("tm_mday", "day of month, 1-31"),
        field::<3>("tm_hour", "hour, 0-23"),
        field::<4>("tm_min", "minute, 0-59"),
        field::<5>("tm_sec", "second, 0-61"),
        field::<6>("tm_wday", "day of week, Monday is 0"),
        field::<7>("tm_yday", "day of year, 1-366"),
        field::<8>("tm_isdst", "1 if summer time is in effect, 0 if not, and -1 if unknown"),
    ],
);

/// Fields of a time record.
const FIELDS: usize = 9;

fn init(th: &mut Thread, module: Value) -> PyResult<()> {
    let class = structseq::ready(th, &STRUCT_TIME, FIELDS, FIELDS)?;
    o::module::add(th, module, "struct_time", class)?;
    // Two-digit years are accepted unless the environment says otherwise.
    let strict = std::env::var_os("PYTHONY2K").is_some_and(|v| !v.is_empty());
    o::module::add_int(th, module, "accept2dyear", !strict as i64)?;
    zone::set(th, module)
}

fn strptime(th: &mut Thread, args: interpreter::Args<'_>) -> PyResult {
    let name = th.intern(b"_strptime");
    let module = interpreter::eval::build::import_module(th, name)?;
    let name = th.intern(b"_strptime_time");
    let f = interpreter::ops::getattr(th, module, name)?;
    interpreter::ops::call(th, f, args.pos)
}

/// A moment in local time; none if the C library refuses.
pub(crate) fn local_time(t: i64) -> Option<libc::tm> {
    calendar::local(t)
}

/// A moment in UTC; none if the C library refuses.
pub(crate) fn utc_time(t: i64) -> Option<libc::tm> {
    calendar::utc(t)
}
