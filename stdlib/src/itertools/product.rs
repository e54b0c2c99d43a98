//! `product`: tuple of pools, list of one index per pool, last result (none before the first, None at the end).

use super::filtering::iterator_type;
use super::state::{make, state};
use interpreter::kinds::kind;
use interpreter::layout::{PyList, PyTuple};
use interpreter::native::{Args, TypeDef};
use interpreter::objects::list::{itself, storage};
use interpreter::objects::tuple::{build, from_iterable};
use interpreter::ops;
use interpreter::types::slots::SlotTable;
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread};

iterator_type!(
    /// `itertools.product`.
    PRODUCT, "product", new, next, "product(iterable, ...[, repeat=1]) -> tuples with one item of each iterable, the last one changing fastest");

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let only_keywords = Args { callee: args.callee, pos: &[], kw: args.kw };
    let [repeat] = only_keywords.bind(th, "product", ["repeat"], 0)?;
    let repeat = match repeat {
        Some(v) => ops::integer_arg(th, v)?,
        None => 1,
    };
    if repeat < 0 {
        return Err(th.value_error("repeat argument cannot be negative"));
    }
    let repeat = if args.is_empty() { 0 } else { repeat as usize };
    let n = th.checked_size(args.len().checked_mul(repeat))?;
    let pools = th.m.root_vec();
    for x in if repeat == 0 { &[] } else { args.pos } {
        let p = from_iterable(th, *x)?;
        pools.push(p.bits());
    }
    let once = ops::values(&pools);
    let all = build(th, n, |i| once[i % once.len()])?;
    let indices = storage::build(th, n, |_| Value::int_unchecked(0))?;
    make(th, class, &PRODUCT, &[Some(all), Some(indices), None])
}

fn pool<'a>(pools: &[Value], i: usize) -> &'a [Value] {
    pools[i].cast::<PyTuple>().map_or(&[], |t| t.get().items())
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let s = state(th, v)?;
    let pools = s.tuple(th, 0)?;
    let Some(indices) = s.value(th, 1)?.cast::<PyList>() else { return Ok(None) };
    let result = match s.get(th, 2)? {
        Some(Value::NONE) => return Ok(None),
        None => {
            if (0..pools.len()).any(|i| pool(pools, i).is_empty()) {
                s.set(th, 2, Some(Value::NONE))?;
                return Ok(None);
            }
            build(th, pools.len(), |i| pool(pools, i)[0])?
        }
        Some(_) => {
            // Turn the last wheel on; those at their end go back to the start and turn the one before.
            let mut i = pools.len();
            loop {
                if i == 0 {
                    s.set(th, 2, Some(Value::NONE))?;
                    return Ok(None);
                }
                i -= 1;
                let k = storage::get(th, indices, i)?.map_or(0, Value::small_int_unchecked) + 1;
                if (k as usize) < pool(pools, i).len() {
                    storage::set(th, indices, i, Value::int_unchecked(k))?;
                    break;
                }
                storage::set(th, indices, i, Value::int_unchecked(0))?;
            }
            let at = indices.read(th)?.slots();
            build(th, pools.len(), |i| {
                pool(pools, i)[at[i].get().map_or(0, Value::small_int_unchecked) as usize]
            })?
        }
    };
    s.set(th, 2, Some(result))?;
    Ok(Some(result))
}
