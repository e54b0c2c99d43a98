//! isinstance and issubclass with their hooks.

use super::type_name;
use crate::layout::{PyTuple, PyType};
use crate::names;
use crate::objects as o;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::{is_subtype, type_of};
use crate::value::Value;

/// `isinstance(v, cls)`.
pub fn isinstance(th: &mut Thread, v: Value, cls: Value) -> PyResult<bool> {
    if type_of(v).value() == cls {
        return Ok(true);
    }
    if let Some(t) = cls.payload::<PyTuple>() {
        th.enter_recursive(" in __instancecheck__")?;
        let mut r = Ok(false);
        for c in t.get().items() {
            r = isinstance(th, v, *c);
            if !matches!(r, Ok(false)) {
                break;
            }
        }
        th.leave_recursive();
        return r;
    }
    if o::classobj::is_classobj(cls) {
        return real_isinstance(th, v, cls);
    }
    if type_of(cls).value() == o::typeobject::TYPE.class() {
        return real_isinstance(th, v, cls);
    }
    th.enter_recursive(" in __instancecheck__")?;
    let r = super::call_special(th, cls, &names::__instancecheck__, &[v]);
    th.leave_recursive();
    match r? {
        Some(r) => super::is_true(th, r),
        None => real_isinstance(th, v, cls),
    }
}

/// isinstance without `__instancecheck__`.
pub fn real_isinstance(th: &mut Thread, v: Value, cls: Value) -> PyResult<bool> {
    if o::classobj::is_classobj(cls) && o::instance::is_old_style(v) {
        return Ok(o::classobj::is_subclass(o::instance::class_of(v), cls));
    }
    if let Some(c) = cls.cast::<PyType>() {
        if is_subtype(type_of(v), c) {
            return Ok(true);
        }
        let n = names::__class__.get(th);
        if let Some(k) = super::getattr_opt(th, v, n)?
            && let Some(k) = k.cast::<PyType>()
            && k != type_of(v)
        {
            return Ok(is_subtype(k, c));
        }
        return Ok(false);
    }
    check_class(th, cls, "isinstance() arg 2 must be a class, type, or tuple of classes and types")?;
    let n = names::__class__.get(th);
    match super::getattr_opt(th, v, n)? {
        Some(k) => abstract_subclass(th, k, cls),
        None => Ok(false),
    }
}

/// `issubclass(d, cls)`.
pub fn issubclass(th: &mut Thread, d: Value, cls: Value) -> PyResult<bool> {
    if let Some(t) = cls.payload::<PyTuple>() {
        th.enter_recursive(" in __subclasscheck__")?;
        let mut r = Ok(false);
        for c in t.get().items() {
            r = issubclass(th, d, *c);
            if !matches!(r, Ok(false)) {
                break;
            }
        }
        th.leave_recursive();
        return r;
    }
    if !o::classobj::is_classobj(cls) && type_of(cls).value() != o::typeobject::TYPE.class() {
        th.enter_recursive(" in __subclasscheck__")?;
        let r = super::call_special(th, cls, &names::__subclasscheck__, &[d]);
        th.leave_recursive();
        if let Some(r) = r? {
            return super::is_true(th, r);
        }
    }
    real_issubclass(th, d, cls)
}

/// issubclass without `__subclasscheck__`.
pub fn real_issubclass(th: &mut Thread, d: Value, cls: Value) -> PyResult<bool> {
    if let (Some(a), Some(b)) = (d.cast::<PyType>(), cls.cast::<PyType>()) {
        return Ok(is_subtype(a, b));
    }
    if o::classobj::is_classobj(d) && o::classobj::is_classobj(cls) {
        return Ok(o::classobj::is_subclass(d, cls));
    }
    check_class(th, d, "issubclass() arg 1 must be a class")?;
    check_class(th, cls, "issubclass() arg 2 must be a class or tuple of classes")?;
    abstract_subclass(th, d, cls)
}

/// Something with a tuple `__bases__` counts as a class.
fn check_class(th: &mut Thread, v: Value, msg: &'static str) -> PyResult<()> {
    if o::classobj::is_classobj(v) || v.cast::<PyType>().is_some() {
        return Ok(());
    }
    let n = names::__bases__.get(th);
    match super::getattr_opt(th, v, n)? {
        Some(b) if b.payload::<PyTuple>().is_some() => Ok(()),
        _ => Err(th.type_error(msg)),
    }
}

fn abstract_subclass(th: &mut Thread, d: Value, cls: Value) -> PyResult<bool> {
    if d == cls {
        return Ok(true);
    }
    let n = names::__bases__.get(th);
    let Some(bases) = super::getattr_opt(th, d, n)? else { return Ok(false) };
    let Some(t) = bases.payload::<PyTuple>() else { return Ok(false) };
    th.enter_recursive(" in __subclasscheck__")?;
    let mut r = Ok(false);
    for b in t.get().items() {
        r = abstract_subclass(th, *b, cls);
        if !matches!(r, Ok(false)) {
            break;
        }
    }
    th.leave_recursive();
    r
}

/// TypeError naming what was expected.
pub fn expected(th: &mut Thread, what: &str, v: Value) -> crate::raised::Raised {
    let n = type_name(v);
    th.type_error(format!("expected {what}, got '{n}'"))
}
