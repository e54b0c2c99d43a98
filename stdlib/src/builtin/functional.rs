//! Functions over iterables: `all`, `any`, `apply`, `filter`, `iter`, `map`, `next`, `reduce`.

use super::unpack;
use interpreter::layout::{PyDict, PyStr, PyTuple, PyUnicode};
use interpreter::native::Args;
use interpreter::objects as o;
use interpreter::ops;
use interpreter::raised::PyResult;
use interpreter::{Slot, Thread, Value};
use smallvec::SmallVec;

pub(super) fn all(th: &mut Thread, args: Args<'_>) -> PyResult {
    let it = ops::iter(th, args.pos[0])?;
    while let Some(x) = ops::next(th, it)? {
        if !ops::is_true(th, x)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

pub(super) fn any(th: &mut Thread, args: Args<'_>) -> PyResult {
    let it = ops::iter(th, args.pos[0])?;
    while let Some(x) = ops::next(th, it)? {
        if ops::is_true(th, x)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

pub(super) fn apply(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [f, pos, kw] = unpack(th, &args, "apply", 1)?;
    let f = f.unwrap_or(Value::NONE);
    let items = match pos {
        None => th.m.root_vec(),
        Some(p) => {
            if p.payload::<PyTuple>().is_none() && !ops::is_sequence(p) {
                let n = ops::type_name(p);
                return Err(th.type_error(format!("apply() arg 2 expected sequence, found {n}")));
            }
            ops::collect(th, p)?
        }
    };
    let pairs = th.m.root_vec();
    if let Some(kw) = kw {
        let Some(d) = kw.payload::<PyDict>() else {
            let n = ops::type_name(kw);
            return Err(th.type_error(format!("apply() arg 3 expected dictionary, found {n}")));
        };
        let mut at = 0;
        while let Some((k, v)) = o::dict::next_entry(th, d, &mut at)? {
            if k.payload::<PyStr>().is_none() {
                return Err(th.type_error("keywords must be strings"));
            }
            pairs.push(k.bits());
            pairs.push(v.bits());
        }
    }
    ops::call_args(th, f, Args { callee: f, pos: ops::values(&items), kw: ops::values(&pairs) })
}

pub(super) fn iter(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [v, sentinel] = unpack(th, &args, "iter", 1)?;
    let v = v.unwrap_or(Value::NONE);
    match sentinel {
        None => ops::iter(th, v),
        Some(_) if !ops::callable(th, v) => Err(th.type_error("iter(v, w): v must be callable")),
        Some(s) => Ok(o::seqiter::new_callable(th, v, s)),
    }
}

pub(super) fn next(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [it, default] = unpack(th, &args, "next", 1)?;
    let it = it.unwrap_or(Value::NONE);
    if ops::slots_of(it).next.is_none() {
        let n = ops::type_name(it);
        return Err(th.type_error(format!("{n} object is not an iterator")));
    }
    match (ops::next(th, it)?, default) {
        (Some(x), _) => Ok(x),
        (None, Some(d)) => Ok(d),
        (None, None) => Err(th.stop_iteration()),
    }
}

/// Whether an item passes: the function's verdict, or its own.
fn passes(th: &mut Thread, f: Value, plain: bool, x: Value) -> PyResult<bool> {
    if plain {
        return ops::is_true(th, x);
    }
    let r = ops::call(th, f, &[x])?;
    ops::is_true(th, r)
}

pub(super) fn filter(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [f, seq] = unpack(th, &args, "filter", 2)?;
    let (f, seq) = (f.unwrap_or(Value::NONE), seq.unwrap_or(Value::NONE));
    let plain = f.is_none() || f == o::boolean::BOOL.class();
    if seq.payload::<PyStr>().is_some() || seq.payload::<PyUnicode>().is_some() {
        return filter_text(th, f, plain, seq);
    }
    let tuple = seq.payload::<PyTuple>().is_some();
    let out = th.m.root_vec();
    if tuple {
        let n = ops::len(th, seq)?;
        let subclass = seq.cast::<PyTuple>().is_none();
        for i in 0..n {
            let x = if subclass {
                let i = th.int(i as i64);
                ops::getitem(th, seq, i)?
            } else {
                match seq.payload::<PyTuple>().and_then(|t| t.get().items().get(i).copied()) {
                    Some(x) => x,
                    None => break,
                }
            };
            if passes(th, f, plain, x)? {
                out.push(x.bits());
            }
        }
        return th.try_tuple(ops::values(&out));
    }
    let it = ops::iter(th, seq)?;
    o::list::check_hint(th, seq)?;
    while let Some(x) = ops::next(th, it)? {
        if passes(th, f, plain, x)? {
            out.push(x.bits());
        }
    }
    th.new_list(ops::values(&out))
}

/// `filter` on text gives text. Only exact strings are passed through unlooked-at; a subclass's items are asked for.
fn filter_text(th: &mut Thread, f: Value, plain: bool, seq: Value) -> PyResult {
    let exact = seq.cast::<PyStr>().is_some() || seq.cast::<PyUnicode>().is_some();
    if plain && exact {
        return Ok(seq);
    }
    let unicode = seq.payload::<PyUnicode>().is_some();
    let what = if unicode { "unicode" } else { "str" };
    let n = ops::len(th, seq)?;
    let out = th.m.root_vec();
    for i in 0..n {
        let i = th.int(i as i64);
        let c = ops::getitem(th, seq, i)?;
        if passes(th, f, plain, c)? {
            let fits =
                if unicode { c.payload::<PyUnicode>().is_some() } else { c.payload::<PyStr>().is_some() };
            if !fits {
                return Err(th.type_error(format!(
                    "can't filter {what} to {what}: __getitem__ returned different type"
                )));
            }
            out.push(c.bits());
        }
    }
    let list = th.new_list(ops::values(&out))?;
    let empty = if unicode { o::unicode::empty(th)? } else { o::str::empty(th) };
    let join = th.intern(b"join");
    let join = ops::getattr(th, empty, join)?;
    ops::call(th, join, &[list])
}

pub(super) fn map(th: &mut Thread, args: Args<'_>) -> PyResult {
    if args.len() < 2 {
        return Err(th.type_error("map() requires at least two args"));
    }
    let f = args.pos[0];
    let seqs = &args.pos[1..];
    if f.is_none() && seqs.len() == 1 {
        let items = ops::collect(th, seqs[0])?;
        return th.new_list(ops::values(&items));
    }
    // A list or tuple may change under the calls: iterators, as for anything else.
    let its = th.m.root_vec();
    for (i, s) in seqs.iter().enumerate() {
        match ops::iter(th, *s) {
            Ok(it) => {
                its.push(it.bits());
                o::list::check_hint(th, *s)?;
            }
            Err(e) => {
                let text = format!("argument {} to map() must support iteration", i + 2);
                return Err(not_iterable(th, e, *s, &text));
            }
        }
    }
    let out = th.m.root_vec();
    let mut live: SmallVec<[bool; 4]> = SmallVec::from_elem(true, its.len());
    let mut steps = 0u32;
    loop {
        let items = th.m.root_vec();
        let mut any = false;
        for i in 0..its.len() {
            let mut x: Slot = None;
            if live[i] {
                x = ops::next(th, ops::values(&its)[i])?;
                live[i] = x.is_some();
                any |= x.is_some();
            }
            items.push(x.unwrap_or(Value::NONE).bits());
        }
        if !any {
            break;
        }
        let r = if f.is_none() {
            th.try_tuple(ops::values(&items))?
        } else {
            ops::call(th, f, ops::values(&items))?
        };
        out.push(r.bits());
        steps = steps.wrapping_add(1);
        if steps.is_multiple_of(1024) {
            th.native_poll()?;
        }
    }
    th.new_list(ops::values(&out))
}

/// A TypeError for something that cannot be iterated over gives way to a clearer one.
fn not_iterable(th: &mut Thread, e: interpreter::Raised, v: Value, text: &str) -> interpreter::Raised {
    if ops::slots_of(v).iter.is_some() || ops::is_sequence(v) {
        return e;
    }
    match e.catch_if(th, o::exceptions::TYPE_ERROR.class()) {
        Ok(_) => th.type_error(text.to_owned()),
        Err(e) => e,
    }
}

pub(super) fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [f, seq, initial] = unpack(th, &args, "reduce", 2)?;
    let (f, seq) = (f.unwrap_or(Value::NONE), seq.unwrap_or(Value::NONE));
    let it = match ops::iter(th, seq) {
        Ok(it) => it,
        Err(e) => {
            e.catch_if(th, o::exceptions::TYPE_ERROR.class())?;
            return Err(th.type_error("reduce() arg 2 must support iteration"));
        }
    };
    let mut result = initial;
    while let Some(x) = ops::next(th, it)? {
        result = Some(match result {
            None => x,
            Some(r) => ops::call(th, f, &[r, x])?,
        });
    }
    match result {
        Some(r) => Ok(r),
        None => Err(th.type_error("reduce() of empty sequence with no initial value")),
    }
}
