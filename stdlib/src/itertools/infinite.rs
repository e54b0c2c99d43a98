//! `count`: next number, step. `cycle`: iterator (none after the first pass), list of items seen, position.
//! `repeat`: object, repetitions left (none: endless).

use super::state::{check_args, make, state};
use interpreter::kinds::kind;
use interpreter::layout::PyList;
use interpreter::native::{Args, MethodDef, TypeDef};
use interpreter::objects::instance::is_old_style;
use interpreter::objects::list::{itself, storage};
use interpreter::ops;
use interpreter::types::slots::SlotTable;
use interpreter::types::type_of;
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread};

/// `itertools.count`.
pub static COUNT: TypeDef = TypeDef {
    module: "itertools",
    doc: Some("count(start=0, step=1) -> start, start + step, start + 2 * step, ..."),
    slots: SlotTable {
        repr: Some(count_repr),
        iter: Some(itself),
        next: Some(count_next),
        new: Some(count_new),
        ..SlotTable::EMPTY
    },
    methods: &[MethodDef::new("__reduce__", count_reduce, 0, 0, 0, "How to pickle the iterator.")],
    ..TypeDef::new("count", kind::RECORD)
};

/// `itertools.cycle`.
pub static CYCLE: TypeDef = TypeDef {
    module: "itertools",
    doc: Some("cycle(iterable) -> its items, then the same again, without end"),
    slots: SlotTable { iter: Some(itself), next: Some(cycle_next), new: Some(cycle_new), ..SlotTable::EMPTY },
    ..TypeDef::new("cycle", kind::RECORD)
};

/// `itertools.repeat`.
pub static REPEAT: TypeDef = TypeDef {
    module: "itertools",
    doc: Some("repeat(object[, times]) -> the object so many times, by default without end"),
    slots: SlotTable {
        repr: Some(repeat_repr),
        iter: Some(itself),
        next: Some(repeat_next),
        new: Some(repeat_new),
        ..SlotTable::EMPTY
    },
    methods: &[MethodDef::new("__length_hint__", repeat_hint, 0, 0, 0, "Items still to come.")],
    ..TypeDef::new("repeat", kind::RECORD)
};

fn is_number(v: Value) -> bool {
    let s = ops::slots_of(v);
    ops::exact_integer(v).is_some() || s.int.is_some() || s.float.is_some() || is_old_style(v)
}

fn count_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [start, step] = args.bind(th, "count", ["start", "step"], 0)?;
    if start.is_some_and(|v| !is_number(v)) || step.is_some_and(|v| !is_number(v)) {
        return Err(th.type_error("a number is required"));
    }
    let start = start.unwrap_or(Value::int_unchecked(0));
    make(th, class, &COUNT, &[Some(start), Some(step.unwrap_or(Value::int_unchecked(1)))])
}

fn count_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let s = state(th, v)?;
    let (now, step) = (s.value(th, 0)?, s.value(th, 1)?);
    if let (Some(a), Some(b)) = (now.as_small_int(), step.as_small_int()) {
        // Two 63-bit numbers: no overflow.
        s.set_number(th, 0, a + b)?;
        return Ok(Some(now));
    }
    let next = ops::binary(th, now, step, &ops::ADD)?;
    s.set(th, 0, Some(next))?;
    Ok(Some(now))
}

/// True for a step that is not shown.
fn is_plain_step(step: Value) -> bool {
    ops::int_value(step) == Some(1) && type_of(step).value() == interpreter::objects::int::INT.class()
}

fn count_repr(th: &mut Thread, v: Value) -> PyResult {
    let s = state(th, v)?;
    let (now, step) = (s.value(th, 0)?, s.value(th, 1)?);
    let now = th.repr_text(now)?;
    if is_plain_step(step) {
        return Ok(th.new_str(format!("count({now})").as_bytes()));
    }
    let step = th.repr_text(step)?;
    Ok(th.new_str(format!("count({now}, {step})").as_bytes()))
}

fn count_reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = state(th, args.pos[0])?;
    let (now, step) = (s.value(th, 0)?, s.value(th, 1)?);
    let a = if is_plain_step(step) { th.new_tuple(&[now]) } else { th.new_tuple(&[now, step]) };
    Ok(th.new_tuple(&[type_of(args.pos[0]).value(), a]))
}

fn cycle_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    check_args(th, class, &CYCLE, &args, 1, 1)?;
    let it = ops::iter(th, args.pos[0])?;
    let saved = th.new_list(&[])?;
    make(th, class, &CYCLE, &[Some(it), Some(saved), Some(Value::int_unchecked(0))])
}

fn cycle_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let s = state(th, v)?;
    let Some(saved) = s.value(th, 1)?.cast::<PyList>() else { return Ok(None) };
    if let Some(it) = s.get(th, 0)? {
        if let Some(x) = ops::next(th, it)? {
            storage::push(th, saved, x)?;
            return Ok(Some(x));
        }
        s.set(th, 0, None)?;
    }
    let n = storage::len(th, saved)?;
    if n == 0 {
        return Ok(None);
    }
    let i = s.number(th, 2)? as usize;
    s.set_number(th, 2, if i + 1 >= n { 0 } else { i as i64 + 1 })?;
    storage::get(th, saved, i)
}

fn repeat_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [object, times] = args.bind(th, "repeat", ["object", "times"], 1)?;
    let left = match times {
        Some(n) => {
            let n = ops::integer_arg(th, n)?.max(0);
            Some(th.int(n))
        }
        None => None,
    };
    make(th, class, &REPEAT, &[object, left])
}

fn repeat_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let s = state(th, v)?;
    if let Some(left) = s.get(th, 1)? {
        let n = ops::int_value(left).unwrap_or(0);
        if n <= 0 {
            return Ok(None);
        }
        s.set_number(th, 1, n - 1)?;
    }
    s.get(th, 0)
}

fn repeat_repr(th: &mut Thread, v: Value) -> PyResult {
    let s = state(th, v)?;
    let (object, left) = (s.value(th, 0)?, s.get(th, 1)?);
    let object = th.repr_text(object)?;
    let text = match left {
        None => format!("repeat({object})"),
        Some(n) => format!("repeat({object}, {})", ops::int_value(n).unwrap_or(0)),
    };
    Ok(th.new_str(text.as_bytes()))
}

fn repeat_hint(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = state(th, args.pos[0])?;
    match s.get(th, 1)? {
        Some(n) => Ok(n),
        None => Err(th.type_error("len() of unsized object")),
    }
}
