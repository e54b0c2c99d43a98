//! The methods of `list`.

use super::positions;
use super::{access, construct, iterators, sort, storage, this};
use crate::native::{Args, KEYWORDS, MethodDef, RETRY};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

pub(super) static METHODS: &[MethodDef] = &[
    MethodDef::new("append", append, 1, 1, RETRY, "L.append(object): add the object at the end"),
    MethodDef::new("extend", extend, 1, 1, 0, "L.extend(iterable): add all items at the end"),
    MethodDef::new("insert", insert, 2, 2, RETRY, "L.insert(index, object): put the object before the index"),
    MethodDef::new(
        "pop",
        pop,
        0,
        1,
        RETRY,
        "L.pop([index]) -> item, the last one by default; it leaves the list",
    ),
    MethodDef::new("remove", remove, 1, 1, 0, "L.remove(value): delete the first item equal to value"),
    MethodDef::new("index", index, 1, 3, 0, "L.index(value, [start, [stop]]) -> first position of value"),
    MethodDef::new("count", count, 1, 1, 0, "L.count(value) -> number of items equal to value"),
    MethodDef::new("reverse", reverse, 0, 0, 0, "L.reverse(): turn the order around in place"),
    MethodDef::new(
        "sort",
        sort::sort,
        0,
        3,
        KEYWORDS,
        "L.sort(cmp=None, key=None, reverse=False): stable sort in place",
    ),
    MethodDef::new(
        "__reversed__",
        iterators::reversed,
        0,
        0,
        0,
        "An iterator over the items from the last to the first.",
    ),
    MethodDef::new("__sizeof__", sizeof, 0, 0, 0, "Size of the list in memory, in bytes."),
];

fn append(th: &mut Thread, args: Args<'_>) -> PyResult {
    let l = this(th, args.pos[0])?;
    storage::push(th, l, args.pos[1])?;
    Ok(Value::NONE)
}

fn extend(th: &mut Thread, args: Args<'_>) -> PyResult {
    let l = this(th, args.pos[0])?;
    construct::extend(th, l, args.pos[1])?;
    Ok(Value::NONE)
}

fn insert(th: &mut Thread, args: Args<'_>) -> PyResult {
    let l = this(th, args.pos[0])?;
    let i = positions::index_arg(th, args.pos[1])?;
    let n = storage::len(th, l)?;
    let i = positions::from_end(i, n).min(n as i64) as usize;
    storage::insert(th, l, i, args.pos[2])?;
    Ok(Value::NONE)
}

fn pop(th: &mut Thread, args: Args<'_>) -> PyResult {
    let l = this(th, args.pos[0])?;
    let i = match args.get(1) {
        Some(v) => positions::index_arg(th, v)?,
        None => -1,
    };
    let n = storage::len(th, l)?;
    if n == 0 {
        return Err(th.index_error("pop from empty list"));
    }
    let Some(i) = positions::fit_index(i, n) else { return Err(th.index_error("pop index out of range")) };
    if i + 1 == n
        && let Some(v) = storage::pop_last(th, l)?
    {
        return Ok(v);
    }
    let v = storage::get(th, l, i)?.unwrap_or(Value::NONE);
    storage::splice(th, l, i, i + 1, &[])?;
    Ok(v)
}

fn remove(th: &mut Thread, args: Args<'_>) -> PyResult {
    let l = this(th, args.pos[0])?;
    match access::find(th, l, args.pos[1], 0, i64::MAX)? {
        Some(i) => {
            storage::splice(th, l, i, i + 1, &[])?;
            Ok(Value::NONE)
        }
        None => Err(th.value_error("list.remove(x): x not in list")),
    }
}

fn index(th: &mut Thread, args: Args<'_>) -> PyResult {
    let l = this(th, args.pos[0])?;
    let (start, stop) = positions::search_range(th, args.get(2), args.get(3))?;
    let n = storage::len(th, l)?;
    let (start, stop) = (positions::from_end(start, n), positions::from_end(stop, n));
    match access::find(th, l, args.pos[1], start, stop)? {
        Some(i) => Ok(th.int(i as i64)),
        None => {
            let r = th.repr_text(args.pos[1])?;
            Err(th.value_error(format!("{r} is not in list")))
        }
    }
}

fn count(th: &mut Thread, args: Args<'_>) -> PyResult {
    let l = this(th, args.pos[0])?;
    let mut n = 0;
    let mut i = 0;
    while let Some(v) = storage::get(th, l, i)? {
        if ops::equal(th, v, args.pos[1])? {
            n += 1;
        }
        i += 1;
    }
    Ok(th.int(n))
}

fn reverse(th: &mut Thread, args: Args<'_>) -> PyResult {
    let l = this(th, args.pos[0])?;
    let items = storage::snapshot(th, l)?;
    if items.len() > 1 {
        items.with(|w| w.reverse());
        storage::replace(th, l, ops::values(&items))?;
    }
    Ok(Value::NONE)
}

fn sizeof(th: &mut Thread, args: Args<'_>) -> PyResult {
    let l = this(th, args.pos[0])?;
    let n = l.read(th)?.storage().map_or(0, |s| crate::layout::Storage::size_for(s.capacity));
    Ok(th.int(32 + n as i64))
}
