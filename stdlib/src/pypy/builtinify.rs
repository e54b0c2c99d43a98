//! `builtinify`: a callable that stands for a function and, as built-in functions do, stays one in a class.

use interpreter::kinds::kind;
use interpreter::layout::PyRecord;
use interpreter::native::{Args, GetSetDef, NO_NEW, TypeDef};
use interpreter::types::slots::SlotTable;
use interpreter::value::Value;
use interpreter::{PyResult, Thread, ops};

/// What `builtinify` makes: a record of the function.
pub(super) static BUILTIN_FUNCTION: TypeDef = TypeDef {
    module: "__pypy__",
    flags: NO_NEW,
    slots: SlotTable { call: Some(call), repr: Some(repr), ..SlotTable::EMPTY },
    getset: &[
        GetSetDef { name: "__name__", get: |th, v| attribute(th, v, "__name__"), set: None, doc: "" },
        GetSetDef { name: "__doc__", get: |th, v| attribute(th, v, "__doc__"), set: None, doc: "" },
        GetSetDef { name: "__module__", get: |th, v| attribute(th, v, "__module__"), set: None, doc: "" },
    ],
    ..TypeDef::new("builtin_function", kind::RECORD)
};

pub(super) fn new(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = args.pos[0];
    if f.cast::<interpreter::layout::PyFunction>().is_none() {
        let n = ops::type_name(f);
        return Err(th.type_error(format!("expected function, got {n} object")));
    }
    Ok(th.new_record(&BUILTIN_FUNCTION, &[Some(f)]))
}

/// The function; it never changes.
fn function(v: Value) -> Value {
    v.cast::<PyRecord>().and_then(|r| r.unguarded().at(0).get()).unwrap_or(Value::NONE)
}

fn call(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    ops::call_args(th, function(v), args)
}

fn attribute(th: &mut Thread, v: Value, name: &str) -> PyResult {
    let n = th.intern(name.as_bytes());
    ops::getattr(th, function(v), n)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let name = attribute(th, v, "__name__")?;
    let text = [b"<built-in function ", th.str_bytes(name), b">"].concat();
    th.try_str(&text)
}
