//! From a class and a value to an exception instance.
//!
//! An exception in flight may be a class with no value, a single argument or an argument tuple; it becomes an
//! instance only when somebody looks at it.

use super::{base, class_of, is_exception_class, is_exception_instance};
use crate::layout::{PyTuple, PyType};
use crate::ops;
use crate::raised::{Caught, PyResult};
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// Failures while making instances in a row before giving up.
const MAX_REPLACED: usize = 50;

/// An instance of an exception class.
pub fn make(th: &mut Thread, class: Value, args: &[Value]) -> PyResult {
    if let Some(t) = class.cast::<PyType>()
        && base::is_plain(t)
    {
        return base::construct(th, t, args);
    }
    ops::call(th, class, args)
}

/// The instance for a class and a value, by the rules of the `raise` statement: nothing or None means no argument,
/// a tuple is the arguments, an instance of the class is itself.
fn instance(th: &mut Thread, class: Value, value: Slot) -> PyResult {
    let value = value.unwrap_or(Value::NONE);
    if is_exception_instance(value) {
        let own = class_of(value);
        if own == class || ops::issubclass(th, own, class)? {
            return Ok(value);
        }
    }
    if value.is_none() {
        return make(th, class, &[]);
    }
    match value.payload::<PyTuple>() {
        Some(t) => make(th, class, t.get().items()),
        None => make(th, class, &[value]),
    }
}

/// The exception with its value made an instance. A failure to make it becomes the exception.
pub fn normalize(th: &mut Thread, exc: Caught) -> PyResult<Caught> {
    let mut exc = exc;
    for _ in 0..MAX_REPLACED {
        if !is_exception_class(exc.class) {
            return Ok(Caught { value: Some(exc.value.unwrap_or(Value::NONE)), ..exc });
        }
        if let Some(v) = exc.value
            && v.kind() == crate::kinds::kind::INSTANCE.index()
            && class_of(v) == exc.class
        {
            return Ok(exc);
        }
        match instance(th, exc.class, exc.value) {
            Ok(v) => {
                let class = if is_exception_instance(v) { class_of(v) } else { exc.class };
                return Ok(Caught { class, value: Some(v), traceback: exc.traceback });
            }
            Err(e) => {
                let new = e.catch(th)?;
                exc = Caught { traceback: new.traceback.or(exc.traceback), ..new };
            }
        }
    }
    let e = th.recursion_error(" while normalizing an exception");
    e.catch(th)
}
