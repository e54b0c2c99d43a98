//! `__pypy__.thread`: which threads handle signals, and what module `pypystm` has of transactions.

use interpreter::import;
use interpreter::kinds::kind;
use interpreter::native::{Args, MethodDef, ModuleDef, NO_NEW, TypeDef, VARIADIC};
use interpreter::objects::module;
use interpreter::threads::error;
use interpreter::value::Value;
use interpreter::{PyResult, Thread, ops};

/// `__pypy__.thread`.
pub(super) static MODULE: ModuleDef = ModuleDef {
    name: "__pypy__.thread",
    doc: None,
    functions: &[
        MethodDef::new("_signals_enter", enter, 0, VARIADIC, 0, ""),
        MethodDef::new("_signals_exit", exit, 0, VARIADIC, 0, ""),
    ],
    types: &[],
    init: Some(init),
};

static SIGNALS_ENABLED: TypeDef = TypeDef {
    module: "__pypy__.thread",
    doc: Some("with signals_enabled: handlers of signals may run in this thread."),
    flags: NO_NEW,
    methods: &[
        MethodDef::new("__enter__", enter, 0, 0, 0, ""),
        MethodDef::new("__exit__", exit, 0, 3, 0, ""),
    ],
    ..TypeDef::new("signals_enabled", kind::RECORD)
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    crate::ready(th, &[&SIGNALS_ENABLED])?;
    let manager = th.new_record(&SIGNALS_ENABLED, &[]);
    module::add(th, m, "signals_enabled", manager)?;
    let name = th.intern(b"pypystm");
    let stm = match import::in_modules(th, name)? {
        Some(stm) => stm,
        None => import::native::init(th, name)?.unwrap_or(Value::NONE),
    };
    for name in ["atomic", "error", "exclusive_atomic", "getsegmentlimit", "hint_commit_soon", "is_atomic"] {
        let key = th.intern(name.as_bytes());
        let v = ops::getattr(th, stm, key)?;
        module::add(th, m, name, v)?;
    }
    Ok(())
}

fn enter(th: &mut Thread, _: Args<'_>) -> PyResult {
    interpreter::signals::enable(th)?;
    Ok(Value::NONE)
}

fn exit(th: &mut Thread, _: Args<'_>) -> PyResult {
    if !interpreter::signals::disable(th)? {
        return Err(error::raise(th, "cannot disable signals in thread not enabled for signals"));
    }
    Ok(Value::NONE)
}
