//! `chain`: iterator of iterables (none at the end), current iterator. `izip`: tuple of iterators.
//! `izip_longest`: list of iterators (None for those that ended), fill value, number of running ones.

use super::filtering::iterator_type;
use super::state::{make, state};
use interpreter::kinds::kind;
use interpreter::layout::PyList;
use interpreter::native::{Args, CLASS, MethodDef, TypeDef};
use interpreter::objects::exceptions::TYPE_ERROR;
use interpreter::objects::list::{itself, storage};
use interpreter::objects::unpack::no_keywords;
use interpreter::ops;
use interpreter::types::slots::SlotTable;
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread};

/// `itertools.chain`.
pub static CHAIN: TypeDef = TypeDef {
    module: "itertools",
    doc: Some("chain(iterable, ...) -> the items of the first iterable, then those of the next, ..."),
    slots: SlotTable { iter: Some(itself), next: Some(chain_next), new: Some(chain_new), ..SlotTable::EMPTY },
    methods: &[MethodDef::new(
        "from_iterable",
        from_iterable,
        1,
        1,
        CLASS,
        "chain.from_iterable(iterable of iterables): takes them one after the other as they come.",
    )],
    ..TypeDef::new("chain", kind::RECORD)
};

iterator_type!(
    /// `itertools.izip`.
    IZIP, "izip", izip_new, izip_next, "izip(iterable, ...) -> tuples of one item of each iterable, until one ends");
iterator_type!(
    /// `itertools.izip_longest`.
    IZIP_LONGEST, "izip_longest", izip_longest_new, izip_longest_next,
    "izip_longest(iterable, ...[, fillvalue=None]) -> tuples of one item of each iterable, filled up until all end");

fn chain_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    if class == CHAIN.class() {
        no_keywords(th, &args, "chain")?;
    }
    let all = th.try_tuple(args.pos)?;
    let it = ops::iter(th, all)?;
    make(th, class, &CHAIN, &[Some(it), None])
}

fn from_iterable(th: &mut Thread, args: Args<'_>) -> PyResult {
    let it = ops::iter(th, args.pos[1])?;
    make(th, args.pos[0], &CHAIN, &[Some(it), None])
}

fn chain_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let s = state(th, v)?;
    while let Some(source) = s.get(th, 0)? {
        let it = match s.get(th, 1)? {
            Some(it) => it,
            None => {
                let next = match ops::next(th, source) {
                    Ok(Some(x)) => ops::iter(th, x),
                    Ok(None) => {
                        s.set(th, 0, None)?;
                        return Ok(None);
                    }
                    Err(e) => Err(e),
                };
                match next {
                    Ok(it) => {
                        s.set(th, 1, Some(it))?;
                        it
                    }
                    Err(e) => {
                        // An exception ends the chain for good.
                        let c = e.catch(th)?;
                        s.set(th, 0, None)?;
                        return Err(th.reraise(c));
                    }
                }
            }
        };
        if let Some(x) = ops::next(th, it)? {
            return Ok(Some(x));
        }
        s.set(th, 1, None)?;
    }
    Ok(None)
}

/// The iterators of all arguments, kept as roots.
fn iterators(th: &mut Thread, name: &str, args: Args<'_>) -> PyResult<gc_stm::RootVec> {
    let its = th.m.root_vec();
    for (i, x) in args.pos.iter().enumerate() {
        match ops::iter(th, *x) {
            Ok(it) => its.push(it.bits()),
            Err(e) => {
                e.catch_if(th, TYPE_ERROR.class())?;
                return Err(th.type_error(format!("{name} argument #{} must support iteration", i + 1)));
            }
        }
    }
    Ok(its)
}

fn izip_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    if class == IZIP.class() {
        no_keywords(th, &args, "izip")?;
    }
    let its = iterators(th, "izip", args)?;
    let its = th.try_tuple(ops::values(&its))?;
    make(th, class, &IZIP, &[Some(its)])
}

fn izip_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let s = state(th, v)?;
    let its = s.tuple(th, 0)?;
    if let [a, b] = *its {
        let Some(x) = ops::next(th, a)? else { return Ok(None) };
        let Some(y) = ops::next(th, b)? else { return Ok(None) };
        return Ok(Some(th.new_tuple(&[x, y])));
    }
    if its.is_empty() {
        return Ok(None);
    }
    let items = th.m.root_vec();
    for it in its {
        match ops::next(th, *it)? {
            Some(x) => items.push(x.bits()),
            None => return Ok(None),
        }
    }
    th.try_tuple(ops::values(&items)).map(Some)
}

fn izip_longest_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let mut fill = Value::NONE;
    for (k, x) in args.keywords() {
        if th.str_bytes(k) != b"fillvalue" || args.kw.len() != 2 {
            return Err(th.type_error("izip_longest() got an unexpected keyword argument"));
        }
        fill = x;
    }
    let its = iterators(th, "izip_longest", args)?;
    let n = th.int(its.len() as i64);
    let its = th.new_list(ops::values(&its))?;
    make(th, class, &IZIP_LONGEST, &[Some(its), Some(fill), Some(n)])
}

fn izip_longest_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let s = state(th, v)?;
    let Some(its) = s.value(th, 0)?.cast::<PyList>() else { return Ok(None) };
    let fill = s.value(th, 1)?;
    let n = storage::len(th, its)?;
    if n == 0 || s.number(th, 2)? == 0 {
        return Ok(None);
    }
    let items = th.m.root_vec();
    for i in 0..n {
        let it = storage::get(th, its, i)?.unwrap_or(Value::NONE);
        if it.is_none() {
            items.push(fill.bits());
            continue;
        }
        match ops::next(th, it) {
            Ok(Some(x)) => items.push(x.bits()),
            Ok(None) => {
                storage::set(th, its, i, Value::NONE)?;
                let running = s.number(th, 2)? - 1;
                s.set_number(th, 2, running)?;
                if running == 0 {
                    return Ok(None);
                }
                items.push(fill.bits());
            }
            Err(e) => {
                let c = e.catch(th)?;
                s.set_number(th, 2, 0)?;
                return Err(th.reraise(c));
            }
        }
    }
    th.try_tuple(ops::values(&items)).map(Some)
}
