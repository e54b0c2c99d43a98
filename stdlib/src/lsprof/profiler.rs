//! `Profiler`.

use super::{events, stats};
use interpreter::kinds::kind;
use interpreter::layout::{PyRecord, Ref};
use interpreter::native::{Args, KEYWORDS, MethodDef, TypeDef};
use interpreter::types::slots::SlotTable;
use interpreter::types::wrap_new;
use interpreter::{PyResult, Thread, Value, objects as o, ops};

/// Entries by key.
pub const ENTRIES: usize = 0;
/// The innermost call under way.
pub const CURRENT: usize = 1;
/// Function that tells the time, or None.
const TIMER: usize = 2;
/// Seconds of one tick of that function; 0: it gives seconds.
const UNIT: usize = 3;
const ENABLED: usize = 4;
/// Calls are kept for each caller too.
pub const SUBCALLS: usize = 5;
/// Native functions count.
const BUILTINS: usize = 6;

/// `_lsprof.Profiler`.
pub static PROFILER: TypeDef = TypeDef {
    module: "_lsprof",
    doc: Some(
        "Profiler(custom_timer=None, time_unit=None, subcalls=True, builtins=True)\n\nBuilds a profiler object using the specified timer function.\nThe default timer is a fast built-in one based on real time.\nFor custom timer functions returning integers, time_unit can\nbe a float specifying a scale (i.e. how long each integer unit\nis, in seconds).\n",
    ),
    slots: SlotTable { new: Some(new), init: Some(init), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new(
            "getstats",
            stats::getstats,
            0,
            0,
            0,
            "getstats() -> list of profiler_entry objects\n\nEach has the code, the numbers of calls, the times, and a list of profiler_subentry objects, or None.",
        ),
        MethodDef::new(
            "enable",
            enable,
            0,
            u16::MAX,
            KEYWORDS,
            "enable(subcalls=True, builtins=True)\n\nStart collecting profiling information.",
        ),
        MethodDef::new("disable", disable, 0, 0, 0, "disable()\n\nStop collecting profiling information.\n"),
        MethodDef::new(
            "clear",
            clear,
            0,
            0,
            0,
            "clear()\n\nClear all profiling information collected so far.\n",
        ),
    ],
    ..TypeDef::new("Profiler", kind::RECORD)
};

pub fn record(th: &mut Thread, v: Value) -> PyResult<Ref<PyRecord>> {
    match v.payload::<PyRecord>() {
        Some(r) => Ok(r),
        None => Err(o::list::not_a(th, "_lsprof.Profiler", v)),
    }
}

fn flag(b: bool) -> Option<Value> {
    Value::from_small_int(b.into())
}

fn new(th: &mut Thread, class: Value, _: Args<'_>) -> PyResult {
    let entries = th.new_dict();
    let zero = th.float(0.0);
    let base = th
        .new_record(&PROFILER, &[Some(entries), None, None, Some(zero), flag(false), flag(true), flag(true)]);
    wrap_new(th, class, &PROFILER, base)
}

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let [timer, unit, subcalls, builtins] =
        args.bind(th, "Profiler", ["timer", "timeunit", "subcalls", "builtins"], 0)?;
    let unit = match unit {
        Some(u) => ops::float_arg(th, u)?,
        None => 0.0,
    };
    let unit = th.float(unit);
    let r = record(th, v)?;
    r.write(th)?.at(TIMER).set(timer.filter(|t| !t.is_none()));
    r.write(th)?.at(UNIT).set(Some(unit));
    set_flags(th, v, subcalls, builtins)
}

fn set_flags(th: &mut Thread, v: Value, subcalls: Option<Value>, builtins: Option<Value>) -> PyResult<()> {
    for (i, given) in [(SUBCALLS, subcalls), (BUILTINS, builtins)] {
        if let Some(x) = given {
            let b = ops::int32_arg(th, x)? != 0;
            let r = record(th, v)?;
            r.write(th)?.at(i).set(flag(b));
        }
    }
    Ok(())
}

fn is_set(th: &mut Thread, v: Value, i: usize) -> PyResult<bool> {
    let r = record(th, v)?;
    Ok(r.read(th)?.at(i).get().and_then(Value::as_small_int).is_some_and(|n| n != 0))
}

/// Whether native functions count.
pub fn wants_natives(th: &mut Thread, v: Value) -> PyResult<bool> {
    is_set(th, v, BUILTINS)
}

fn enable(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let [subcalls, builtins] = args.skip(1).bind(th, "enable", ["subcalls", "builtins"], 0)?;
    set_flags(th, v, subcalls, builtins)?;
    let r = record(th, v)?;
    r.write(th)?.at(ENABLED).set(flag(true));
    let hook = th.new_builtin(o::builtin::BUILTIN.class(), &events::HOOK, Some(v), None);
    th.profile_func = Some(hook);
    th.update_tracing();
    Ok(Value::NONE)
}

fn disable(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let r = record(th, v)?;
    r.write(th)?.at(ENABLED).set(flag(false));
    th.profile_func = None;
    th.update_tracing();
    events::flush(th, v)?;
    Ok(Value::NONE)
}

fn clear(th: &mut Thread, args: Args<'_>) -> PyResult {
    let entries = th.new_dict();
    let r = record(th, args.pos[0])?;
    r.write(th)?.at(ENTRIES).set(Some(entries));
    Ok(Value::NONE)
}

/// The timer and the seconds of a tick.
fn timer(th: &mut Thread, v: Value) -> PyResult<(Option<Value>, f64)> {
    let r = record(th, v)?;
    let r = r.read(th)?;
    let unit = r.at(UNIT).get().and_then(o::float::float_value).unwrap_or(0.0);
    Ok((r.at(TIMER).get(), unit))
}

/// Ticks of the clock of the machine, and of timers that give seconds.
const NANOSECONDS: f64 = 1e9;

/// The present in ticks.
pub fn ticks(th: &mut Thread, v: Value) -> PyResult<i64> {
    let Some((f, unit)) = Some(timer(th, v)?).and_then(|(f, u)| f.map(|f| (f, u))) else {
        static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        let start = START.get_or_init(std::time::Instant::now);
        return Ok(start.elapsed().as_nanos() as i64);
    };
    // Events are off while the timer runs.
    match read(th, f, unit) {
        Ok(n) => Ok(n),
        Err(e) => {
            let c = e.catch(th)?;
            o::traceback::print::write_unraisable(th, c, f)?;
            Ok(0)
        }
    }
}

/// What a timer says, in ticks.
fn read(th: &mut Thread, f: Value, unit: f64) -> PyResult<i64> {
    let now = ops::call(th, f, &[])?;
    if unit > 0.0 {
        return ops::integer_arg(th, now);
    }
    let now = ops::float_arg(th, now)?;
    Ok((now * NANOSECONDS) as i64)
}

/// Seconds of a tick.
pub fn tick(th: &mut Thread, v: Value) -> PyResult<f64> {
    let (f, unit) = timer(th, v)?;
    Ok(if f.is_some() && unit > 0.0 { unit } else { 1.0 / NANOSECONDS })
}
