//! Which exceptions an `except` clause catches.

use super::{BASE_EXCEPTION, TYPE_ERROR};
use crate::layout::{PyTuple, PyType};
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::{is_subtype, type_of};
use crate::value::Value;

/// True if an exception of class (or instance) `exc` is matched by `class` in an except clause, without hooks.
pub fn class_matches(_th: &Thread, exc: Value, class: Value) -> bool {
    if exc == class {
        return true;
    }
    match (exc.cast::<PyType>(), class.cast::<PyType>()) {
        (Some(a), Some(b)) => is_subtype(a, b),
        _ => {
            o::classobj::is_classobj(exc)
                && o::classobj::is_classobj(class)
                && o::classobj::is_subclass(exc, class)
        }
    }
}

/// Old-style classes and subclasses of `BaseException`.
pub fn is_exception_class(v: Value) -> bool {
    if o::classobj::is_classobj(v) {
        return true;
    }
    match (v.cast::<PyType>(), BASE_EXCEPTION.class().cast::<PyType>()) {
        (Some(t), Some(b)) => is_subtype(t, b),
        _ => false,
    }
}

/// Old-style instances and instances of `BaseException`.
pub fn is_exception_instance(v: Value) -> bool {
    o::instance::is_old_style(v) || crate::types::is_instance_of(v, &BASE_EXCEPTION)
}

/// The class of an exception instance.
pub fn class_of(v: Value) -> Value {
    if o::instance::is_old_style(v) { o::instance::class_of(v) } else { type_of(v).value() }
}

/// The test of an except clause: `exc` is a class or an instance, `class` a class or a tuple of such (nested too).
/// A failing `__subclasscheck__` is reported and means no.
pub fn matches(th: &mut Thread, exc: Value, class: Value) -> PyResult<bool> {
    if exc == class {
        return Ok(true);
    }
    if let Some(t) = class.payload::<PyTuple>() {
        th.check_native_stack()?;
        for c in t.get().items() {
            if matches(th, exc, *c)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let exc = if is_exception_instance(exc) { class_of(exc) } else { exc };
    if !is_exception_class(exc) || !is_exception_class(class) {
        return Ok(exc == class);
    }
    let plain = o::typeobject::TYPE.class();
    if class.cast::<PyType>().is_none() || type_of(class).value() == plain {
        return Ok(class_matches(th, exc, class));
    }
    match ops::issubclass(th, exc, class) {
        Ok(b) => Ok(b),
        Err(e) => {
            let c = e.catch(th)?;
            o::traceback::print::write_unraisable(th, c, exc)?;
            Ok(false)
        }
    }
}

/// `TypeError` for what `raise` does not take.
#[cold]
pub fn bad_raise(th: &mut Thread, v: Value) -> crate::raised::Raised {
    let n = ops::type_name(v);
    let msg = format!("exceptions must be old-style classes or derived from BaseException, not {n}");
    th.raise_def(&TYPE_ERROR, msg)
}
