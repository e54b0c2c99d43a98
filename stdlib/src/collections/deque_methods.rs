//! The methods of `deque`.

use super::deque::{extend as extend_right, this};
use super::deque_iterators;
use interpreter::native::{Args, MethodDef, RETRY};
use interpreter::objects::unpack::expect_args;
use interpreter::ops;
use interpreter::types::type_of;
use interpreter::value::Value;
use interpreter::{PyResult, Thread, names};

pub(super) static METHODS: &[MethodDef] = &[
    MethodDef::new("append", append, 1, 1, RETRY, "Add an item at the right end."),
    MethodDef::new("appendleft", appendleft, 1, 1, RETRY, "Add an item at the left end."),
    MethodDef::new("pop", pop, 0, 0, RETRY, "Take the item at the right end."),
    MethodDef::new("popleft", popleft, 0, 0, RETRY, "Take the item at the left end."),
    MethodDef::new("extend", extend, 1, 1, 0, "Add the items of an iterable at the right end."),
    MethodDef::new(
        "extendleft",
        extendleft,
        1,
        1,
        0,
        "Add the items of an iterable at the left end, one after the other.",
    ),
    MethodDef::new("clear", clear, 0, 0, 0, "Remove all items."),
    MethodDef::new("count", count, 1, 1, 0, "D.count(value) -> number of items equal to value"),
    MethodDef::new("remove", remove, 1, 1, 0, "D.remove(value): delete the first item equal to value"),
    MethodDef::new("reverse", reverse, 0, 0, 0, "Turn the order around in place."),
    MethodDef::new(
        "rotate",
        rotate,
        0,
        1,
        0,
        "Rotate n steps (1) to the right; to the left if n is negative.",
    ),
    MethodDef::new(
        "__reversed__",
        deque_iterators::reversed,
        0,
        0,
        0,
        "An iterator over the items from right to left.",
    ),
    MethodDef::new("__copy__", copy, 0, 0, 0, "A deque with the same items."),
    MethodDef::new("__reduce__", reduce, 0, 0, 0, "How to pickle the deque."),
    MethodDef::new("__sizeof__", sizeof, 0, 0, 0, "Size of the deque in memory, in bytes."),
];

fn append(th: &mut Thread, args: Args<'_>) -> PyResult {
    this(th, args.pos[0])?.push_right(th, args.pos[1])?;
    Ok(Value::NONE)
}

fn appendleft(th: &mut Thread, args: Args<'_>) -> PyResult {
    this(th, args.pos[0])?.push_left(th, args.pos[1])?;
    Ok(Value::NONE)
}

fn pop(th: &mut Thread, args: Args<'_>) -> PyResult {
    match this(th, args.pos[0])?.pop_right(th)? {
        Some(v) => Ok(v),
        None => Err(th.index_error("pop from an empty deque")),
    }
}

fn popleft(th: &mut Thread, args: Args<'_>) -> PyResult {
    match this(th, args.pos[0])?.pop_left(th)? {
        Some(v) => Ok(v),
        None => Err(th.index_error("pop from an empty deque")),
    }
}

fn extend(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = this(th, args.pos[0])?;
    extend_right(th, d, args.pos[0], args.pos[1])?;
    Ok(Value::NONE)
}

fn extendleft(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = this(th, args.pos[0])?;
    let x = if args.pos[0] == args.pos[1] {
        let items = ops::collect(th, args.pos[1])?;
        th.new_list(ops::values(&items))?
    } else {
        args.pos[1]
    };
    let it = ops::iter(th, x)?;
    while let Some(y) = ops::next(th, it)? {
        d.push_left(th, y)?;
    }
    Ok(Value::NONE)
}

fn clear(th: &mut Thread, args: Args<'_>) -> PyResult {
    this(th, args.pos[0])?.clear(th)?;
    Ok(Value::NONE)
}

fn count(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = this(th, args.pos[0])?;
    let before = d.changes(th)?;
    let mut n = 0;
    let mut i = 0;
    while let Some(v) = d.get(th, i)? {
        if ops::equal(th, v, args.pos[1])? {
            n += 1;
        }
        if d.changes(th)? != before {
            return Err(th.runtime_error("deque mutated during iteration"));
        }
        i += 1;
    }
    Ok(th.int(n))
}

fn remove(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = this(th, args.pos[0])?;
    let n = d.len(th)?;
    let mut i = 0;
    while let Some(v) = d.get(th, i)? {
        let same = ops::equal(th, v, args.pos[1])?;
        if d.len(th)? != n {
            return Err(th.index_error("deque mutated during remove()."));
        }
        if same {
            d.remove(th, i)?;
            return Ok(Value::NONE);
        }
        i += 1;
    }
    Err(th.value_error("deque.remove(x): x not in deque"))
}

fn reverse(th: &mut Thread, args: Args<'_>) -> PyResult {
    this(th, args.pos[0])?.reverse(th)?;
    Ok(Value::NONE)
}

fn rotate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let k = match args.get(1) {
        Some(v) => ops::integer_arg(th, v)?,
        None => 1,
    };
    let d = this(th, args.pos[0])?;
    let n = d.len(th)?;
    if n > 1 {
        d.rotate(th, k.rem_euclid(n as i64) as usize)?;
    }
    Ok(Value::NONE)
}

fn copy(th: &mut Thread, args: Args<'_>) -> PyResult {
    expect_args(th, &args, 1, "__copy__", 0, 0)?;
    let v = args.pos[0];
    let class = type_of(v).value();
    match this(th, v)?.maxlen(th)? {
        Some(n) => {
            let n = th.int(n as i64);
            ops::call(th, class, &[v, n])
        }
        None => ops::call(th, class, &[v]),
    }
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let class = type_of(v).value();
    let bound = this(th, v)?.maxlen(th)?;
    let name = names::__dict__.get(th);
    let dict = ops::getattr_opt(th, v, name)?;
    let items = ops::collect(th, v)?;
    let items = th.new_list(ops::values(&items))?;
    let bound = bound.map(|n| th.int(n as i64));
    Ok(match (dict, bound) {
        (None, None) => {
            let a = th.new_tuple(&[items]);
            th.new_tuple(&[class, a])
        }
        (None, Some(n)) => {
            let a = th.new_tuple(&[items, n]);
            th.new_tuple(&[class, a])
        }
        (Some(d), n) => {
            let a = th.new_tuple(&[items, n.unwrap_or(Value::NONE)]);
            th.new_tuple(&[class, a, d])
        }
    })
}

fn sizeof(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = this(th, args.pos[0])?.size(th)?;
    Ok(th.int(n as i64))
}
