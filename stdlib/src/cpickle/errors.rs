//! The exceptions of the module.

use interpreter::kinds::kind;
use interpreter::layout::PyTuple;
use interpreter::native::TypeDef;
use interpreter::raised::Raised;
use interpreter::types::slots::SlotTable;
use interpreter::types::type_of;
use interpreter::{PyResult, Thread, Value, names, objects as o, ops};

/// `cPickle.PickleError`.
pub static PICKLE_ERROR: TypeDef = TypeDef {
    module: "cPickle",
    base: Some(&o::exceptions::EXCEPTION),
    slots: SlotTable { str: Some(text), ..SlotTable::EMPTY },
    ..TypeDef::new("PickleError", kind::INSTANCE)
};

/// `cPickle.PicklingError`.
pub static PICKLING_ERROR: TypeDef =
    TypeDef { module: "cPickle", base: Some(&PICKLE_ERROR), ..TypeDef::new("PicklingError", kind::INSTANCE) };

/// `cPickle.UnpickleableError`.
pub static UNPICKLEABLE_ERROR: TypeDef = TypeDef {
    module: "cPickle",
    base: Some(&PICKLING_ERROR),
    slots: SlotTable { str: Some(unpickleable_text), ..SlotTable::EMPTY },
    ..TypeDef::new("UnpickleableError", kind::INSTANCE)
};

/// `cPickle.UnpicklingError`.
pub static UNPICKLING_ERROR: TypeDef = TypeDef {
    module: "cPickle",
    base: Some(&PICKLE_ERROR),
    ..TypeDef::new("UnpicklingError", kind::INSTANCE)
};

/// `cPickle.BadPickleGet`.
pub static BAD_PICKLE_GET: TypeDef = TypeDef {
    module: "cPickle",
    base: Some(&UNPICKLING_ERROR),
    ..TypeDef::new("BadPickleGet", kind::INSTANCE)
};

/// The first argument of an exception, if there are any.
fn first_argument(th: &mut Thread, v: Value) -> PyResult<Option<Value>> {
    let args = ops::getattr_name(th, v, &names::args)?;
    Ok(args.payload::<PyTuple>().and_then(|t| t.get().items().first().copied()))
}

fn text(th: &mut Thread, v: Value) -> PyResult {
    match first_argument(th, v)? {
        Some(x) => ops::str(th, x),
        None => Ok(th.new_str(b"(what)")),
    }
}

fn unpickleable_text(th: &mut Thread, v: Value) -> PyResult {
    let what = match first_argument(th, v)? {
        Some(x) => {
            let s = ops::str(th, type_of(x).value())?;
            th.str_bytes(s).to_vec()
        }
        None => b"(what)".to_vec(),
    };
    let all = [b"Cannot pickle ".as_slice(), &what, b" objects"].concat();
    th.try_str(&all)
}

/// `PicklingError` with a message in which each `%s` is replaced by the `str` of the next value.
#[cold]
pub fn pickling_error(th: &mut Thread, template: &str, values: &[Value]) -> Raised {
    let mut out = Vec::new();
    let mut rest = values.iter();
    for (i, part) in template.split("%s").enumerate() {
        if i > 0
            && let Some(v) = rest.next()
        {
            match ops::str(th, *v) {
                Ok(s) => out.extend_from_slice(th.str_bytes(s)),
                Err(e) => return e,
            }
        }
        out.extend_from_slice(part.as_bytes());
    }
    let message = th.new_str(&out);
    th.raise(PICKLING_ERROR.class(), Some(message))
}

/// `UnpicklingError` with a message.
#[cold]
pub fn unpickling_error(th: &mut Thread, message: &str) -> Raised {
    th.raise_def(&UNPICKLING_ERROR, message)
}

/// An instruction wants more values than there are.
#[cold]
pub fn underflow(th: &mut Thread) -> Raised {
    unpickling_error(th, "unpickling stack underflow")
}
