//! The time zone: `timezone`, `altzone`, `daylight`, `tzname`.

use super::{calendar, clocks};
use interpreter::native::Args;
use interpreter::objects as o;
use interpreter::{PyResult, Thread, Value};

unsafe extern "C" {
    fn tzset();
}

/// Seconds of a mean year.
const YEAR: i64 = (365 * 24 + 6) * 3600;

/// Offset west of UTC and name of the zone at a moment.
fn at(t: i64) -> (i64, Vec<u8>) {
    match calendar::local(t) {
        Some(tm) if !tm.tm_zone.is_null() => {
            // SAFETY: the zone's name is a terminated string of the C library.
            let name = unsafe { std::ffi::CStr::from_ptr(tm.tm_zone) };
            (-tm.tm_gmtoff, name.to_bytes()[..name.to_bytes().len().min(9)].to_vec())
        }
        _ => (0, b"   ".to_vec()),
    }
}

/// Sets the module's variables from the C library's current zone: looked at in January and July of this year.
pub(super) fn set(th: &mut Thread, module: Value) -> PyResult<()> {
    let january = (clocks::now() as i64).div_euclid(YEAR) * YEAR;
    let (winter, winter_name) = at(january);
    let (summer, summer_name) = at(january + YEAR / 2);
    // South of the equator January is in summer.
    let (zone, alt, names) = if winter < summer {
        (summer, winter, [summer_name, winter_name])
    } else {
        (winter, summer, [winter_name, summer_name])
    };
    o::module::add_int(th, module, "timezone", zone)?;
    o::module::add_int(th, module, "altzone", alt)?;
    o::module::add_int(th, module, "daylight", (winter != summer) as i64)?;
    let names = [th.try_str(&names[0])?, th.try_str(&names[1])?];
    let names = th.try_tuple(&names)?;
    o::module::add(th, module, "tzname", names)
}

fn tzset_native() {
    // SAFETY: reads the environment; Python code that changes it meanwhile in another thread races as in C.
    unsafe { tzset() }
}

/// `time.tzset()`.
pub(super) fn tzset_of(th: &mut Thread, _: Args<'_>) -> PyResult {
    tzset_native();
    let Some(modules) = th.rt.modules.get() else { return Ok(Value::NONE) };
    let name = th.intern(b"time");
    if let Some(m) = o::dict::get_str(th, modules, name)? {
        set(th, m)?;
    }
    Ok(Value::NONE)
}
