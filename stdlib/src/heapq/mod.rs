//! `_heapq`: lists as binary heaps, the smallest item first.
//!
//! The comparisons may run Python code: every step reads the list again, and a list that changed its length meanwhile
//! is a RuntimeError.

use interpreter::layout::{PyList, PyStr, Ref};
use interpreter::native::{Args, MethodDef, ModuleDef, VARIADIC};
use interpreter::objects::list::{sort_list, storage};
use interpreter::objects::unpack::expect_args;
use interpreter::types::slots::CmpOp;
use interpreter::value::Value;
use interpreter::{PyResult, Thread, names, ops};

/// `_heapq`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_heapq",
    doc: Some(
        "Heaps in lists: every item is at most as large as the two at twice its position plus one and two.",
    ),
    functions: &[
        MethodDef::new(
            "heappush",
            heappush,
            0,
            VARIADIC,
            0,
            "heappush(heap, item): put the item onto the heap",
        ),
        MethodDef::new(
            "heappop",
            heappop,
            1,
            1,
            0,
            "heappop(heap) -> the smallest item, which leaves the heap",
        ),
        MethodDef::new(
            "heappushpop",
            heappushpop,
            0,
            VARIADIC,
            0,
            "heappushpop(heap, item): push the item, then pop the smallest",
        ),
        MethodDef::new(
            "heapreplace",
            heapreplace,
            0,
            VARIADIC,
            0,
            "heapreplace(heap, item): pop the smallest, then push the item",
        ),
        MethodDef::new("heapify", heapify, 1, 1, 0, "heapify(list): make a heap of the list, in place"),
        MethodDef::new(
            "nlargest",
            nlargest,
            2,
            2,
            0,
            "nlargest(n, iterable) -> list of the n largest items, largest first",
        ),
        MethodDef::new(
            "nsmallest",
            nsmallest,
            2,
            2,
            0,
            "nsmallest(n, iterable) -> list of the n smallest items, smallest first",
        ),
    ],
    types: &[],
    init: Some(|th, module| {
        let n = th.intern(b"__about__");
        let text = th.new_str(b"A heap is a list in which heap[k] <= heap[2*k+1] and heap[k] <= heap[2*k+2]; heap[0] is the smallest item.");
        ops::setattr(th, module, n, Some(text))
    }),
};

/// Which item goes to the top.
#[derive(Copy, Clone, PartialEq)]
enum Order {
    Smallest,
    Largest,
}

/// `x < y`; for values without `__lt__` by `<=`.
fn less(th: &mut Thread, x: Value, y: Value) -> PyResult<bool> {
    if let (Some(a), Some(b)) = (x.as_small_int(), y.as_small_int()) {
        return Ok(a < b);
    }
    if x.is_flonum() && y.is_flonum() {
        return Ok(x.flonum_unchecked() < y.flonum_unchecked());
    }
    if let (Some(a), Some(b)) = (x.cast::<PyStr>(), y.cast::<PyStr>()) {
        return Ok(a.get().bytes() < b.get().bytes());
    }
    let name = names::__lt__.get(th);
    let has = match ops::getattr(th, x, name) {
        Ok(_) => true,
        Err(e) => e.catch(th).map(|_| false)?,
    };
    if has { ops::compare_bool(th, x, y, CmpOp::Lt) } else { Ok(!ops::compare_bool(th, y, x, CmpOp::Le)?) }
}

/// True if `x` must be above `y`.
fn above(th: &mut Thread, order: Order, x: Value, y: Value) -> PyResult<bool> {
    match order {
        Order::Smallest => less(th, x, y),
        Order::Largest => less(th, y, x),
    }
}

fn heap_of(th: &mut Thread, v: Value) -> PyResult<Ref<PyList>> {
    match v.payload::<PyList>() {
        Some(l) => Ok(l),
        None => Err(th.type_error("heap argument must be a list")),
    }
}

fn item(th: &mut Thread, l: Ref<PyList>, i: usize) -> PyResult {
    match storage::get(th, l, i)? {
        Some(v) => Ok(v),
        None => Err(th.index_error("index out of range")),
    }
}

fn check_len(th: &mut Thread, l: Ref<PyList>, n: usize) -> PyResult<()> {
    if storage::len(th, l)? == n {
        Ok(())
    } else {
        Err(th.runtime_error("list changed size during iteration"))
    }
}

fn swap(th: &mut Thread, l: Ref<PyList>, i: usize, j: usize) -> PyResult<()> {
    let (x, y) = (item(th, l, i)?, item(th, l, j)?);
    storage::set(th, l, i, y)?;
    storage::set(th, l, j, x)?;
    Ok(())
}

/// Moves the item at `pos` towards `start` as far as it must go.
fn sift_down(th: &mut Thread, l: Ref<PyList>, order: Order, start: usize, mut pos: usize) -> PyResult<()> {
    let n = storage::len(th, l)?;
    let x = item(th, l, pos)?;
    while pos > start {
        let parent = (pos - 1) / 2;
        let y = item(th, l, parent)?;
        let up = above(th, order, x, y)?;
        check_len(th, l, n)?;
        if !up {
            break;
        }
        swap(th, l, pos, parent)?;
        pos = parent;
    }
    Ok(())
}

/// Moves the item at `pos` down to a leaf, then up to where it belongs.
fn sift_up(th: &mut Thread, l: Ref<PyList>, order: Order, start: usize) -> PyResult<()> {
    let n = storage::len(th, l)?;
    item(th, l, start)?;
    let mut pos = start;
    while pos < n / 2 {
        let mut child = 2 * pos + 1;
        if child + 1 < n {
            let (x, y) = (item(th, l, child)?, item(th, l, child + 1)?);
            if !above(th, order, x, y)? {
                child += 1;
            }
            check_len(th, l, n)?;
        }
        swap(th, l, pos, child)?;
        pos = child;
    }
    sift_down(th, l, order, start, pos)
}

fn heappush(th: &mut Thread, args: Args<'_>) -> PyResult {
    expect_args(th, &args, 0, "heappush", 2, 2)?;
    let l = heap_of(th, args.pos[0])?;
    storage::push(th, l, args.pos[1])?;
    let n = storage::len(th, l)?;
    sift_down(th, l, Order::Smallest, 0, n - 1)?;
    Ok(Value::NONE)
}

fn heappop(th: &mut Thread, args: Args<'_>) -> PyResult {
    let l = heap_of(th, args.pos[0])?;
    let Some(last) = storage::pop_last(th, l)? else { return Err(th.index_error("index out of range")) };
    if storage::len(th, l)? == 0 {
        return Ok(last);
    }
    let top = item(th, l, 0)?;
    storage::set(th, l, 0, last)?;
    sift_up(th, l, Order::Smallest, 0)?;
    Ok(top)
}

fn heapreplace(th: &mut Thread, args: Args<'_>) -> PyResult {
    expect_args(th, &args, 0, "heapreplace", 2, 2)?;
    let l = heap_of(th, args.pos[0])?;
    let top = item(th, l, 0)?;
    storage::set(th, l, 0, args.pos[1])?;
    sift_up(th, l, Order::Smallest, 0)?;
    Ok(top)
}

fn heappushpop(th: &mut Thread, args: Args<'_>) -> PyResult {
    expect_args(th, &args, 0, "heappushpop", 2, 2)?;
    let l = heap_of(th, args.pos[0])?;
    let x = args.pos[1];
    let Some(top) = storage::get(th, l, 0)? else { return Ok(x) };
    if !less(th, top, x)? {
        return Ok(x);
    }
    let top = item(th, l, 0)?;
    storage::set(th, l, 0, x)?;
    sift_up(th, l, Order::Smallest, 0)?;
    Ok(top)
}

fn make_heap(th: &mut Thread, l: Ref<PyList>, order: Order) -> PyResult<()> {
    let n = storage::len(th, l)?;
    for i in (0..n / 2).rev() {
        sift_up(th, l, order, i)?;
    }
    Ok(())
}

fn heapify(th: &mut Thread, args: Args<'_>) -> PyResult {
    let l = heap_of(th, args.pos[0])?;
    make_heap(th, l, Order::Smallest)?;
    Ok(Value::NONE)
}

/// The `n` items of an iterable that a heap of the given order pushes out last, sorted.
fn best(th: &mut Thread, args: Args<'_>, order: Order) -> PyResult {
    let n = ops::integer_arg(th, args.pos[0])?;
    let it = ops::iter(th, args.pos[1])?;
    let heap = th.new_list(&[])?;
    let Some(l) = heap.cast::<PyList>() else { return Ok(heap) };
    let mut i = 0;
    while i < n {
        let Some(x) = ops::next(th, it)? else { break };
        storage::push(th, l, x)?;
        i += 1;
    }
    if storage::len(th, l)? > 0 && i == n {
        make_heap(th, l, order)?;
        while let Some(x) = ops::next(th, it)? {
            let top = item(th, l, 0)?;
            if above(th, order, top, x)? {
                storage::set(th, l, 0, x)?;
                sift_up(th, l, order, 0)?;
            }
        }
    }
    sort_list(th, l, None, None, false)?;
    if order == Order::Smallest {
        let items = storage::snapshot(th, l)?;
        items.with(|w| w.reverse());
        storage::replace(th, l, ops::values(&items))?;
    }
    Ok(heap)
}

fn nlargest(th: &mut Thread, args: Args<'_>) -> PyResult {
    best(th, args, Order::Smallest)
}

fn nsmallest(th: &mut Thread, args: Args<'_>) -> PyResult {
    best(th, args, Order::Largest)
}
