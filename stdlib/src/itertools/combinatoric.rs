//! `permutations`, `combinations`, `combinations_with_replacement`: pool, list of indices into it, length of the
//! results, state (none before the first result, True while running, None at the end); `permutations` keeps a list of
//! cycles, too.

use super::filtering::iterator_type;
use super::state::{State, make, state};
use interpreter::kinds::kind;
use interpreter::layout::PyList;
use interpreter::native::{Args, TypeDef};
use interpreter::objects::list::{itself, storage};
use interpreter::objects::tuple::{build, from_iterable};
use interpreter::ops;
use interpreter::types::slots::SlotTable;
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread};

const POOL: usize = 0;
const INDICES: usize = 1;
const LENGTH: usize = 2;
const PHASE: usize = 3;
const CYCLES: usize = 4;

iterator_type!(
    /// `itertools.permutations`.
    PERMUTATIONS, "permutations", permutations_new, permutations_next, "permutations(iterable[, r]) -> all arrangements of r of the items (all)");
iterator_type!(
    /// `itertools.combinations`.
    COMBINATIONS, "combinations", combinations_new, combinations_next, "combinations(iterable, r) -> all selections of r of the items, in their order");
iterator_type!(
    /// `itertools.combinations_with_replacement`.
    COMBINATIONS_WITH_REPLACEMENT, "combinations_with_replacement", repeated_new, repeated_next,
    "combinations_with_replacement(iterable, r) -> all selections of r of the items, in their order, where an item may come again");

/// The result length: an argument that is not negative.
fn length(th: &mut Thread, r: Slot, default: usize) -> PyResult<usize> {
    let Some(r) = r else { return Ok(default) };
    let r = ops::integer_arg(th, r)?;
    match usize::try_from(r) {
        Ok(r) => th.checked_size(Some(r)),
        Err(_) => Err(th.value_error("r must be non-negative")),
    }
}

fn done(stopped: bool) -> Slot {
    if stopped { Some(Value::NONE) } else { None }
}

fn permutations_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [items, r] = args.bind(th, "permutations", ["iterable", "r"], 1)?;
    let pool = from_iterable(th, items.unwrap_or(Value::NONE))?;
    let n = ops::len(th, pool)?;
    let r = length(th, r.filter(|r| !r.is_none()), n)?;
    let stopped = r > n;
    let indices = storage::build(th, n, |i| Value::int_unchecked(i as i64))?;
    let cycles = storage::build(th, if stopped { 0 } else { r }, |i| Value::int_unchecked((n - i) as i64))?;
    let slots = [Some(pool), Some(indices), Some(th.int(r as i64)), done(stopped), Some(cycles)];
    make(th, class, &PERMUTATIONS, &slots)
}

fn combinations_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [items, r] = args.bind(th, "combinations", ["iterable", "r"], 2)?;
    let pool = from_iterable(th, items.unwrap_or(Value::NONE))?;
    let (n, r) = (ops::len(th, pool)?, length(th, r, 0)?);
    let stopped = r > n;
    let indices = storage::build(th, if stopped { 0 } else { r }, |i| Value::int_unchecked(i as i64))?;
    let slots = [Some(pool), Some(indices), Some(th.int(r as i64)), done(stopped)];
    make(th, class, &COMBINATIONS, &slots)
}

fn repeated_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [items, r] = args.bind(th, "combinations_with_replacement", ["iterable", "r"], 2)?;
    let pool = from_iterable(th, items.unwrap_or(Value::NONE))?;
    let (n, r) = (ops::len(th, pool)?, length(th, r, 0)?);
    let stopped = n == 0 && r > 0;
    let indices = storage::build(th, if stopped { 0 } else { r }, |_| Value::int_unchecked(0))?;
    let slots = [Some(pool), Some(indices), Some(th.int(r as i64)), done(stopped)];
    make(th, class, &COMBINATIONS_WITH_REPLACEMENT, &slots)
}

/// A list of numbers.
#[derive(Copy, Clone)]
struct Numbers(interpreter::layout::Ref<PyList>);

impl Numbers {
    fn of(th: &Thread, s: State, slot: usize) -> PyResult<Option<Numbers>> {
        Ok(s.get(th, slot)?.and_then(Value::cast::<PyList>).map(Numbers))
    }
    fn get(self, th: &Thread, i: usize) -> PyResult<usize> {
        Ok(storage::get(th, self.0, i)?.map_or(0, Value::small_int_unchecked) as usize)
    }
    fn set(self, th: &Thread, i: usize, n: usize) -> PyResult<()> {
        storage::set(th, self.0, i, Value::int_unchecked(n as i64)).map(|_| ())
    }
}

/// Moves to the next result: false when there is none.
type Turn = fn(&mut Thread, State, Numbers, usize, usize) -> PyResult<bool>;

fn next_with(th: &mut Thread, v: Value, turn: Turn) -> PyResult<Slot> {
    let s = state(th, v)?;
    let pool = s.tuple(th, POOL)?;
    let r = s.number(th, LENGTH)? as usize;
    let Some(indices) = Numbers::of(th, s, INDICES)? else { return Ok(None) };
    match s.get(th, PHASE)? {
        Some(Value::NONE) => return Ok(None),
        None => s.set(th, PHASE, Some(Value::TRUE))?,
        Some(_) => {
            if !turn(th, s, indices, pool.len(), r)? {
                s.set(th, PHASE, Some(Value::NONE))?;
                return Ok(None);
            }
        }
    }
    let at = indices.0.read(th)?.slots();
    build(th, r, |i| pool[at[i].get().map_or(0, Value::small_int_unchecked) as usize]).map(Some)
}

fn permutations_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    next_with(th, v, |th, s, indices, n, r| {
        let Some(cycles) = Numbers::of(th, s, CYCLES)? else { return Ok(false) };
        for i in (0..r).rev() {
            let c = cycles.get(th, i)? - 1;
            if c > 0 {
                cycles.set(th, i, c)?;
                let (x, y) = (indices.get(th, i)?, indices.get(th, n - c)?);
                indices.set(th, i, y)?;
                indices.set(th, n - c, x)?;
                return Ok(true);
            }
            // The cycle is through: its index goes to the end.
            let first = indices.get(th, i)?;
            for j in i..n - 1 {
                let x = indices.get(th, j + 1)?;
                indices.set(th, j, x)?;
            }
            indices.set(th, n - 1, first)?;
            cycles.set(th, i, n - i)?;
        }
        Ok(false)
    })
}

fn combinations_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    next_with(th, v, |th, _, indices, n, r| {
        for i in (0..r).rev() {
            let x = indices.get(th, i)?;
            if x < i + n - r {
                for j in i..r {
                    indices.set(th, j, x + 1 + j - i)?;
                }
                return Ok(true);
            }
        }
        Ok(false)
    })
}

fn repeated_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    next_with(th, v, |th, _, indices, n, r| {
        for i in (0..r).rev() {
            let x = indices.get(th, i)?;
            if x + 1 < n {
                for j in i..r {
                    indices.set(th, j, x + 1)?;
                }
                return Ok(true);
            }
        }
        Ok(false)
    })
}
