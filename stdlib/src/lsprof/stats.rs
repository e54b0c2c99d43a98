//! What a profiler has found, as records.

use super::events::{CALLEES, CALLS, CODE, INLINE, RECURSIVE, TOTAL, number};
use super::profiler;
use interpreter::layout::{PyDict, PyRecord, Ref};
use interpreter::native::{Args, GetSetDef, TypeDef};
use interpreter::objects::structseq::{self, field};
use interpreter::{PyResult, Thread, Value, objects as o, ops};

static FIELDS: [GetSetDef; 6] = [
    field::<0>("code", "code object or built-in function name"),
    field::<1>("callcount", "how many times this was called"),
    field::<2>("reccallcount", "how many times called recursively"),
    field::<3>("totaltime", "total time in this entry"),
    field::<4>("inlinetime", "inline time in this entry (not in subcalls)"),
    field::<5>("calls", "details of the calls"),
];

static CALL_FIELDS: [GetSetDef; 5] = [
    field::<0>("code", "called code object or built-in function name"),
    field::<1>("callcount", "how many times this is called"),
    field::<2>("reccallcount", "how many times this is called recursively"),
    field::<3>("totaltime", "total time spent in this call"),
    field::<4>("inlinetime", "inline time (not in further subcalls)"),
];

/// `_lsprof.profiler_entry`.
pub static FUNCTION: TypeDef = structseq::definition("_lsprof", "profiler_entry", "", &FIELDS);
/// `_lsprof.profiler_subentry`.
pub static CALL: TypeDef = structseq::definition("_lsprof", "profiler_subentry", "", &CALL_FIELDS);

/// The records of the entries in a table.
fn records(th: &mut Thread, table: Value, tick: f64, calls: bool) -> PyResult {
    let out = th.m.root_vec();
    if let Some(t) = table.payload::<PyDict>() {
        let mut pos = 0;
        while let Some((_, e)) = o::dict::next_entry(th, t, &mut pos)? {
            let Some(e) = e.cast::<PyRecord>() else { continue };
            if number(th, e, CALLS)? != 0 {
                out.push(one(th, e, tick, calls)?.bits());
            }
        }
    }
    th.new_list(ops::values(&out))
}

fn one(th: &mut Thread, e: Ref<PyRecord>, tick: f64, calls: bool) -> PyResult {
    let (code, callees) = {
        let r = e.read(th)?;
        (r.at(CODE).get().unwrap_or(Value::NONE), r.at(CALLEES).get())
    };
    let count = th.int(number(th, e, CALLS)?);
    let recursive = th.int(number(th, e, RECURSIVE)?);
    let total = th.float(number(th, e, TOTAL)? as f64 * tick);
    let inline = th.float(number(th, e, INLINE)? as f64 * tick);
    if !calls {
        return structseq::make(th, &CALL, &[code, count, recursive, total, inline]);
    }
    let callees = match callees {
        Some(t) => records(th, t, tick, false)?,
        None => Value::NONE,
    };
    structseq::make(th, &FUNCTION, &[code, count, recursive, total, inline, callees])
}

/// `getstats()`.
pub fn getstats(th: &mut Thread, args: Args<'_>) -> PyResult {
    let tick = profiler::tick(th, args.pos[0])?;
    let r = profiler::record(th, args.pos[0])?;
    let table = r.read(th)?.at(profiler::ENTRIES).get().unwrap_or(Value::NONE);
    records(th, table, tick, true)
}
