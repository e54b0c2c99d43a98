//! Iterators that select or map items. `dropwhile`, `takewhile`: function, iterator, flag. `ifilter`,
//! `ifilterfalse`, `starmap`: function, iterator. `compress`: data, selectors. `imap`: function (none for None), tuple
//! of iterators.

use super::state::{check_args, make, state};
use interpreter::kinds::kind;
use interpreter::layout::PyTuple;
use interpreter::native::{Args, TypeDef};
use interpreter::objects::list::itself;
use interpreter::ops;
use interpreter::types::slots::SlotTable;
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread};

macro_rules! iterator_type {
    ($(#[$doc:meta])* $def:ident, $name:literal, $new:ident, $next:ident, $text:literal) => {
        $(#[$doc])*
        pub static $def: TypeDef = TypeDef {
            module: "itertools",
            doc: Some($text),
            slots: SlotTable { iter: Some(itself), next: Some($next), new: Some($new), ..SlotTable::EMPTY },
            ..TypeDef::new($name, kind::RECORD)
        };
    };
}
pub(super) use iterator_type;

iterator_type!(
    /// `itertools.dropwhile`.
    DROPWHILE, "dropwhile", dropwhile_new, dropwhile_next, "dropwhile(predicate, iterable) -> the items from the first that the predicate does not hold for");
iterator_type!(
    /// `itertools.takewhile`.
    TAKEWHILE, "takewhile", takewhile_new, takewhile_next, "takewhile(predicate, iterable) -> the items before the first that the predicate does not hold for");
iterator_type!(
    /// `itertools.ifilter`.
    IFILTER, "ifilter", ifilter_new, ifilter_next, "ifilter(function or None, iterable) -> the items for which the function (for None: the item) is true");
iterator_type!(
    /// `itertools.ifilterfalse`.
    IFILTERFALSE, "ifilterfalse", ifilterfalse_new, ifilterfalse_next, "ifilterfalse(function or None, iterable) -> the items for which the function (for None: the item) is false");
iterator_type!(
    /// `itertools.compress`.
    COMPRESS, "compress", compress_new, compress_next, "compress(data, selectors) -> the items of data whose selector is true");
iterator_type!(
    /// `itertools.starmap`.
    STARMAP, "starmap", starmap_new, starmap_next, "starmap(function, iterable) -> function(*item) for each item");
iterator_type!(
    /// `itertools.imap`.
    IMAP, "imap", imap_new, imap_next, "imap(function, iterable, ...) -> function applied to an item of each iterable, until one ends");

/// Makes an iterator from a function and an iterable.
fn function_and_iterable(th: &mut Thread, class: Value, def: &TypeDef, args: Args<'_>) -> PyResult {
    check_args(th, class, def, &args, 2, 2)?;
    let it = ops::iter(th, args.pos[1])?;
    make(th, class, def, &[args.get(0), Some(it), None])
}

fn dropwhile_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    function_and_iterable(th, class, &DROPWHILE, args)
}

fn dropwhile_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let s = state(th, v)?;
    let (f, it) = (s.value(th, 0)?, s.value(th, 1)?);
    while let Some(x) = ops::next(th, it)? {
        if s.get(th, 2)?.is_some() {
            return Ok(Some(x));
        }
        let good = ops::call(th, f, &[x])?;
        if !ops::is_true(th, good)? {
            s.set(th, 2, Some(Value::TRUE))?;
            return Ok(Some(x));
        }
    }
    Ok(None)
}

fn takewhile_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    function_and_iterable(th, class, &TAKEWHILE, args)
}

fn takewhile_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let s = state(th, v)?;
    if s.get(th, 2)?.is_some() {
        return Ok(None);
    }
    let (f, it) = (s.value(th, 0)?, s.value(th, 1)?);
    let Some(x) = ops::next(th, it)? else { return Ok(None) };
    let good = ops::call(th, f, &[x])?;
    if ops::is_true(th, good)? {
        return Ok(Some(x));
    }
    s.set(th, 2, Some(Value::TRUE))?;
    Ok(None)
}

fn ifilter_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    function_and_iterable(th, class, &IFILTER, args)
}

fn ifilterfalse_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    function_and_iterable(th, class, &IFILTERFALSE, args)
}

fn filter_next(th: &mut Thread, v: Value, wanted: bool) -> PyResult<Slot> {
    let s = state(th, v)?;
    let (f, it) = (s.value(th, 0)?, s.value(th, 1)?);
    let by_truth = f.is_none() || f == interpreter::objects::boolean::BOOL.class();
    while let Some(x) = ops::next(th, it)? {
        let good = if by_truth { x } else { ops::call(th, f, &[x])? };
        if ops::is_true(th, good)? == wanted {
            return Ok(Some(x));
        }
    }
    Ok(None)
}

fn ifilter_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    filter_next(th, v, true)
}

fn ifilterfalse_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    filter_next(th, v, false)
}

fn compress_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [data, selectors] = args.bind(th, "compress", ["data", "selectors"], 2)?;
    let data = ops::iter(th, data.unwrap_or(Value::NONE))?;
    let selectors = ops::iter(th, selectors.unwrap_or(Value::NONE))?;
    make(th, class, &COMPRESS, &[Some(data), Some(selectors)])
}

fn compress_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let s = state(th, v)?;
    let (data, selectors) = (s.value(th, 0)?, s.value(th, 1)?);
    loop {
        let Some(x) = ops::next(th, data)? else { return Ok(None) };
        let Some(good) = ops::next(th, selectors)? else { return Ok(None) };
        if ops::is_true(th, good)? {
            return Ok(Some(x));
        }
    }
}

fn starmap_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    function_and_iterable(th, class, &STARMAP, args)
}

fn starmap_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let s = state(th, v)?;
    let (f, it) = (s.value(th, 0)?, s.value(th, 1)?);
    let Some(x) = ops::next(th, it)? else { return Ok(None) };
    if let Some(t) = x.cast::<PyTuple>() {
        return ops::call(th, f, t.get().items()).map(Some);
    }
    let items = ops::collect(th, x)?;
    ops::call(th, f, ops::values(&items)).map(Some)
}

fn imap_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    if class == IMAP.class() {
        interpreter::objects::unpack::no_keywords(th, &args, "imap")?;
    }
    if args.len() < 2 {
        return Err(th.type_error("imap() must have at least two arguments."));
    }
    let its = th.m.root_vec();
    for x in &args.pos[1..] {
        let it = ops::iter(th, *x)?;
        its.push(it.bits());
    }
    let its = th.try_tuple(ops::values(&its))?;
    make(th, class, &IMAP, &[args.get(0), Some(its)])
}

fn imap_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let s = state(th, v)?;
    let (f, its) = (s.value(th, 0)?, s.tuple(th, 1)?);
    if let [it] = *its
        && !f.is_none()
    {
        return match ops::next(th, it)? {
            Some(x) => ops::call(th, f, &[x]).map(Some),
            None => Ok(None),
        };
    }
    let items = th.m.root_vec();
    for it in its {
        match ops::next(th, *it)? {
            Some(x) => items.push(x.bits()),
            None => return Ok(None),
        }
    }
    if f.is_none() {
        return th.try_tuple(ops::values(&items)).map(Some);
    }
    ops::call(th, f, ops::values(&items)).map(Some)
}
