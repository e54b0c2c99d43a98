//! `collections.deque`: declaration and slots.

use super::deque_iterators::iter;
use super::deque_methods::METHODS;
use super::ring::{Ring, empty_slots};
use interpreter::kinds::kind;
use interpreter::layout::PyRecord;
use interpreter::native::{Args, BASETYPE, GetSetDef, TypeDef, WEAKREFS};
use interpreter::objects::list::{fit_index, guarded_repr, not_a, push_repr, unhashable};
use interpreter::ops;
use interpreter::types::slots::{CmpOp, SlotTable};
use interpreter::types::{is_instance_of, wrap_new};
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread};

/// `collections.deque`.
pub static DEQUE: TypeDef = TypeDef {
    module: "collections",
    flags: BASETYPE | WEAKREFS,
    doc: Some(
        "deque([iterable[, maxlen]]) -> double-ended queue\n\nLike a list, but items come and go at both ends in constant time.",
    ),
    slots: SlotTable {
        repr: Some(repr),
        hash: Some(unhashable),
        richcmp: Some(richcmp),
        iter: Some(iter),
        new: Some(new),
        init: Some(init),
        len: Some(len),
        getitem: Some(getitem),
        setitem: Some(setitem),
        iconcat: Some(iconcat),
        ..SlotTable::EMPTY
    },
    methods: METHODS,
    getset: &[GetSetDef { name: "maxlen", get: maxlen, set: None, doc: "The bound of the length, or None." }],
    ..TypeDef::new("deque", kind::RECORD)
};

/// The ring of a deque.
pub(super) fn this(th: &mut Thread, v: Value) -> PyResult<Ring> {
    match v.payload::<PyRecord>() {
        Some(r) => Ok(Ring(r)),
        None => Err(not_a(th, "collections.deque", v)),
    }
}

fn new(th: &mut Thread, class: Value, _args: Args<'_>) -> PyResult {
    let base = th.new_record(&DEQUE, &empty_slots());
    wrap_new(th, class, &DEQUE, base)
}

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let [items, bound] = args.bind(th, "deque", ["iterable", "maxlen"], 0)?;
    let d = this(th, v)?;
    let bound = match bound.filter(|b| !b.is_none()) {
        Some(b) => {
            let n = ops::integer_arg(th, b)?;
            match usize::try_from(n) {
                Ok(n) => Some(n),
                Err(_) => return Err(th.value_error("maxlen must be non-negative")),
            }
        }
        None => None,
    };
    d.set_maxlen(th, bound)?;
    d.clear(th)?;
    match items {
        Some(x) => extend(th, d, v, x),
        None => Ok(()),
    }
}

/// Appends all items of an iterable at the right end.
pub(super) fn extend(th: &mut Thread, d: Ring, v: Value, x: Value) -> PyResult<()> {
    let x = if x == v {
        let items = ops::collect(th, x)?;
        th.new_list(ops::values(&items))?
    } else {
        x
    };
    let it = ops::iter(th, x)?;
    while let Some(y) = ops::next(th, it)? {
        d.push_right(th, y)?;
    }
    Ok(())
}

fn iconcat(th: &mut Thread, v: Value, x: Value) -> PyResult {
    let d = this(th, v)?;
    extend(th, d, v, x)?;
    Ok(v)
}

fn maxlen(th: &mut Thread, v: Value) -> PyResult {
    let d = this(th, v)?;
    Ok(match d.maxlen(th)? {
        Some(n) => th.int(n as i64),
        None => Value::NONE,
    })
}

fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    let d = this(th, v)?;
    d.len(th)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let d = this(th, v)?;
    guarded_repr(th, v, "[...]", |th| {
        let items = ops::collect(th, v)?;
        let l = th.new_list(ops::values(&items))?;
        let mut out = b"deque(".to_vec();
        push_repr(th, &mut out, l)?;
        if let Some(n) = d.maxlen(th)? {
            out.extend_from_slice(format!(", maxlen={n}").as_bytes());
        }
        out.push(b')');
        th.try_str(&out)
    })
}

/// Position of the index `k`.
fn index(th: &mut Thread, d: Ring, k: Value) -> PyResult<usize> {
    if ops::exact_integer(k).is_none() && ops::slots_of(k).index.is_none() {
        let t = ops::type_name(k);
        return Err(th.type_error(format!("sequence index must be integer, not '{t}'")));
    }
    let i = ops::index_i64(th, k, None)?;
    match fit_index(i, d.len(th)?) {
        Some(i) => Ok(i),
        None => Err(th.index_error("deque index out of range")),
    }
}

fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    let d = this(th, v)?;
    let i = index(th, d, k)?;
    Ok(d.get(th, i)?.unwrap_or(Value::NONE))
}

fn setitem(th: &mut Thread, v: Value, k: Value, x: Slot) -> PyResult<()> {
    let d = this(th, v)?;
    let i = index(th, d, k)?;
    match x {
        Some(x) => d.set(th, i, x),
        None => d.remove(th, i),
    }
}

fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    if !is_instance_of(a, &DEQUE) || !is_instance_of(b, &DEQUE) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (x, y) = (this(th, a)?, this(th, b)?);
    if matches!(op, CmpOp::Eq | CmpOp::Ne) {
        if a == b {
            return Ok(Value::from_bool(op == CmpOp::Eq));
        }
        if x.len(th)? != y.len(th)? {
            return Ok(Value::from_bool(op == CmpOp::Ne));
        }
    }
    let (i, j) = (ops::iter(th, a)?, ops::iter(th, b)?);
    loop {
        let v = ops::next(th, i)?;
        let w = ops::next(th, j)?;
        let (Some(v), Some(w)) = (v, w) else {
            // Whoever still has an item is the longer one.
            return Ok(Value::from_bool(op.holds(v.is_some().cmp(&w.is_some()))));
        };
        if !ops::equal(th, v, w)? {
            return ops::compare_bool(th, v, w, op).map(Value::from_bool);
        }
    }
}
