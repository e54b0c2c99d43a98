//! The context managers `atomic`, `exclusive_atomic`, `single_transaction`. The depth they count belongs to the thread, and
//! to its checkpoint: an abort puts it back.

use interpreter::kinds::kind;
use interpreter::native::{Args, BLOCKS, MethodDef, NO_NEW, TypeDef};
use interpreter::threads::error;
use interpreter::value::Value;
use interpreter::{PyResult, Thread};

macro_rules! manager {
    ($def:ident, $name:literal, $enter:ident, $exit:ident, $flags:expr, $doc:literal) => {
        static $def: TypeDef = TypeDef {
            module: "pypystm",
            doc: Some($doc),
            flags: NO_NEW,
            methods: &[
                MethodDef::new("__enter__", $enter, 0, 0, $flags, ""),
                MethodDef::new("__exit__", $exit, 0, 3, 0, ""),
            ],
            ..TypeDef::new($name, kind::RECORD)
        };
    };
}

manager!(
    ATOMIC,
    "atomic",
    atomic_enter,
    atomic_exit,
    0,
    "with atomic: the block lies inside one transaction."
);
manager!(
    EXCLUSIVE,
    "exclusive_atomic",
    exclusive_enter,
    atomic_exit,
    0,
    "As atomic, but an error inside another atomic block."
);
manager!(
    SINGLE,
    "single_transaction",
    single_enter,
    single_exit,
    BLOCKS,
    "As atomic, and the block is a transaction of its own."
);

pub(super) const ALL: [(&str, &TypeDef); 3] =
    [("atomic", &ATOMIC), ("exclusive_atomic", &EXCLUSIVE), ("single_transaction", &SINGLE)];

pub(super) fn atomic_enter(th: &mut Thread, _: Args<'_>) -> PyResult {
    th.m.tx.enter_atomic();
    Ok(Value::NONE)
}

pub(super) fn exclusive_enter(th: &mut Thread, _: Args<'_>) -> PyResult {
    if th.m.tx.atomic_depth() > 0 {
        return Err(error::raise(th, "exclusive_atomic block can't be entered inside another atomic block"));
    }
    th.m.tx.enter_atomic();
    Ok(Value::NONE)
}

pub(super) fn atomic_exit(th: &mut Thread, _: Args<'_>) -> PyResult {
    if th.m.tx.atomic_depth() == 0 {
        return Err(error::raise(th, "atomic block left more often than entered"));
    }
    th.m.tx.leave_atomic();
    Ok(Value::NONE)
}

pub(super) fn single_enter(th: &mut Thread, _: Args<'_>) -> PyResult {
    th.commit_and_rerun()?;
    th.m.tx.enter_atomic();
    Ok(Value::NONE)
}

pub(super) fn single_exit(th: &mut Thread, args: Args<'_>) -> PyResult {
    atomic_exit(th, args)?;
    th.commit_soon();
    Ok(Value::NONE)
}
