//! Dialects by name, and the limit of field sizes: one heap record for the process, so that an abort takes changes back.

use super::dialect;
use interpreter::kinds::kind;
use interpreter::layout::{PyDict, PyRecord, PyStr, PyUnicode, Ref};
use interpreter::native::{Args, NO_NEW, TypeDef};
use interpreter::runtime::Global;
use interpreter::{PyResult, Thread, Value, objects as o, ops};

static STATE: Global = Global::new();
static STATE_TYPE: TypeDef =
    TypeDef { module: "_csv", flags: NO_NEW, ..TypeDef::new("_state", kind::RECORD) };

const DIALECTS: usize = 0;
const LIMIT: usize = 1;

fn state(th: &mut Thread) -> PyResult<Ref<PyRecord>> {
    let v = match STATE.get() {
        Some(v) => v,
        None => {
            crate::ready(th, &[&STATE_TYPE])?;
            let d = th.new_dict();
            let v = th.new_record(&STATE_TYPE, &[Some(d), Value::from_small_int(128 * 1024)]);
            th.m.make_old_now(v.obj_unchecked());
            th.rt.roots.lock().push(v);
            STATE.set(v);
            v
        }
    };
    match v.cast::<PyRecord>() {
        Some(r) => Ok(r),
        None => Err(th.system_error("no state of _csv")),
    }
}

/// Names to dialects.
pub fn dialects(th: &mut Thread) -> PyResult {
    let s = state(th)?;
    Ok(s.read(th)?.at(DIALECTS).get().unwrap_or(Value::NONE))
}

fn table(th: &mut Thread) -> PyResult<Ref<PyDict>> {
    match dialects(th)?.payload::<PyDict>() {
        Some(d) => Ok(d),
        None => Err(th.system_error("no state of _csv")),
    }
}

/// Longest field that is read.
pub fn limit(th: &mut Thread) -> PyResult<i64> {
    let s = state(th)?;
    Ok(s.read(th)?.at(LIMIT).get().and_then(Value::as_small_int).unwrap_or(0))
}

/// The dialect of a name.
pub fn find(th: &mut Thread, name: Value) -> PyResult {
    let t = table(th)?;
    match o::dict::get(th, t, name)? {
        Some(d) => Ok(d),
        None => Err(th.raise_def(&super::ERROR, "unknown dialect")),
    }
}

pub fn list(th: &mut Thread, _: Args<'_>) -> PyResult {
    let t = table(th)?;
    let keys = o::dict::copy(th, t)?;
    let keys = ops::collect(th, keys)?;
    th.new_list(ops::values(&keys))
}

pub fn register(th: &mut Thread, args: Args<'_>) -> PyResult {
    if !(1..=2).contains(&args.len()) {
        let (n, bound) = (args.len(), if args.is_empty() { "at least 1" } else { "at most 2" });
        let s = if args.is_empty() { "" } else { "s" };
        return Err(th.type_error(format!("expected {bound} argument{s}, got {n}")));
    }
    let name = args.pos[0];
    if name.payload::<PyStr>().is_none() && name.payload::<PyUnicode>().is_none() {
        return Err(th.type_error("dialect name must be a string or unicode"));
    }
    let d = dialect::make(th, args.get(1), args.kw)?;
    let t = table(th)?;
    o::dict::set(th, t, name, d)?;
    Ok(Value::NONE)
}

pub fn unregister(th: &mut Thread, args: Args<'_>) -> PyResult {
    let t = table(th)?;
    if o::dict::delete(th, t, args.pos[0])? {
        return Ok(Value::NONE);
    }
    Err(th.raise_def(&super::ERROR, "unknown dialect"))
}

pub fn get(th: &mut Thread, args: Args<'_>) -> PyResult {
    find(th, args.pos[0])
}

pub fn field_size_limit(th: &mut Thread, args: Args<'_>) -> PyResult {
    let old = limit(th)?;
    if let Some(v) = args.get(0) {
        let is_integer = ops::int_value(v).is_some() || v.payload::<interpreter::layout::PyLong>().is_some();
        if !is_integer {
            return Err(th.type_error("limit must be an integer"));
        }
        let n = ops::integer_arg(th, v)?;
        let s = state(th)?;
        s.write(th)?.at(LIMIT).set(Value::from_small_int(n));
    }
    Ok(th.int(old))
}
