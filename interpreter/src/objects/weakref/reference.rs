//! `weakref`: calling, comparing, hashing, and construction with subclasses.

use crate::kinds::kind;
use crate::layout::*;
use crate::native::{Args, TypeDef};
use crate::objects as o;
use crate::ops;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::types::slots::{CmpOp, SlotTable};
use crate::types::type_of;
use crate::value::{Slot, Value};

/// `weakref`.
pub static WEAKREF: TypeDef = TypeDef {
    slots: SlotTable {
        repr: Some(repr),
        hash: Some(hash),
        call: Some(call),
        richcmp: Some(richcmp),
        new: Some(new),
        init: Some(init),
        ..SlotTable::EMPTY
    },
    ..TypeDef::new("weakref", kind::WEAKREF)
};

/// Object and callback out of the arguments of `__new__` or `__init__`.
pub fn arguments(th: &mut Thread, args: Args<'_>, name: &str) -> Result<(Value, Slot), Raised> {
    let n = args.len();
    match args.get(0) {
        Some(v) if n <= 2 => Ok((v, args.get(1).filter(|c| !c.is_none()))),
        Some(_) => Err(th.type_error(format!("{name} expected at most 2 arguments, got {n}"))),
        None => Err(th.type_error(format!("{name} expected at least 1 arguments, got {n}"))),
    }
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let (v, callback) = arguments(th, args, "__new__")?;
    if class == WEAKREF.class() {
        return match callback {
            None => super::shared(th, v, &WEAKREF),
            Some(c) => super::with_callback(th, v, c, &WEAKREF),
        };
    }
    super::check(th, v)?;
    let Some(t) = class.cast::<PyType>() else {
        return Err(th.type_error("weakref.__new__(X): X is not a type object"));
    };
    let w = super::make(th, v, callback, WEAKREF.class());
    let instance = o::instance::allocate(th, t, Some(w.value())).value();
    // The reference lives as long as its instance and no longer: they refer to each other.
    w.unguarded().holder.set(Some(instance));
    super::registry::add(th, v, w)?;
    Ok(instance)
}

fn init(th: &mut Thread, _: Value, args: Args<'_>) -> PyResult<()> {
    if !args.kw.is_empty() {
        return Err(th.type_error("ref() does not take keyword arguments"));
    }
    arguments(th, args, "__init__").map(|_| ())
}

fn call(th: &mut Thread, w: Value, args: Args<'_>) -> PyResult {
    let n = args.len() + args.kw.len() / 2;
    if n > 0 {
        return Err(th.type_error(format!("__call__() takes at most 0 arguments ({n} given)")));
    }
    Ok(super::target(w).unwrap_or(Value::NONE))
}

fn hash(th: &mut Thread, w: Value) -> PyResult<i64> {
    let Some(r) = w.payload::<PyWeakref>() else { return Err(o::list::not_a(th, "weakref", w)) };
    if let Some(h) = r.read(th)?.hash.get().and_then(ops::int_value) {
        return Ok(h);
    }
    let Some(v) = super::target(w) else { return Err(th.type_error("weak object has gone away")) };
    let h = ops::hash(th, v)?;
    let kept = th.int(h);
    r.write(th)?.hash.set(Some(kept));
    Ok(h)
}

fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    if !matches!(op, CmpOp::Eq | CmpOp::Ne) || !is_reference(a) || !is_reference(b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    match (super::target(a), super::target(b)) {
        (Some(x), Some(y)) => ops::rich_compare(th, x, y, op),
        _ => Ok(Value::from_bool((a == b) == (op == CmpOp::Eq))),
    }
}

/// A `weakref` or an instance of a subclass; proxies are not.
fn is_reference(v: Value) -> bool {
    crate::types::is_instance_of(v, &WEAKREF)
}

fn repr(th: &mut Thread, w: Value) -> PyResult {
    let at = w.bits();
    let Some(v) = super::target(w) else {
        return Ok(th.new_str(format!("<weakref at {at:#x}; dead>").as_bytes()));
    };
    let n = crate::names::__name__.get(th);
    let name = match ops::getattr_opt(th, v, n) {
        Ok(n) => n,
        Err(e) => {
            e.catch(th)?;
            None
        }
    };
    let t = super::full_name(type_of(v));
    let text = match name.filter(|n| n.payload::<PyStr>().is_some()) {
        Some(n) => {
            let n = String::from_utf8_lossy(th.str_bytes(n)).into_owned();
            format!("<weakref at {at:#x}; to '{t}' at {:#x} ({n})>", v.bits())
        }
        None => format!("<weakref at {at:#x}; to '{t}' at {:#x}>", v.bits()),
    };
    Ok(th.new_str(text.as_bytes()))
}
