//! `pypystm`: atomic blocks, and what belongs to transactions.

mod blocks;
mod clock;

use interpreter::native::{Args, BLOCKS, MethodDef, ModuleDef, VARIADIC};
use interpreter::threads::{self, error};
use interpreter::value::Value;
use interpreter::{PyResult, Thread, ops};
use std::sync::atomic::{AtomicI64, Ordering};

/// `pypystm`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "pypystm",
    doc: Some("Atomic blocks: what is done inside one, other threads see all at once."),
    functions: &[
        MethodDef::new(
            "is_atomic",
            is_atomic,
            0,
            0,
            0,
            "is_atomic() -> depth of atomic blocks around the call; 0 outside",
        ),
        MethodDef::new(
            "hint_commit_soon",
            hint_commit_soon,
            0,
            0,
            BLOCKS,
            "hint_commit_soon()\n\nOutside atomic blocks, ends the transaction and begins another.",
        ),
        MethodDef::new(
            "getsegmentlimit",
            getsegmentlimit,
            0,
            0,
            0,
            "getsegmentlimit() -> how many threads run at the same time at most",
        ),
        MethodDef::new("count", count, 0, 0, 0, "count() -> a positive int that no other call gives"),
        MethodDef::new("time", clock::time, 0, 0, 0, "time() -> seconds since the epoch, without conflicts"),
        MethodDef::new(
            "clock",
            clock::clock,
            0,
            0,
            0,
            "clock() -> processor time of the process in seconds, without conflicts",
        ),
        MethodDef::new(
            "_totals",
            totals,
            0,
            0,
            0,
            "_totals() -> dict of counts of what the transactions of all threads have done",
        ),
        MethodDef::new("_atomic_enter", blocks::atomic_enter, 0, VARIADIC, 0, ""),
        MethodDef::new("_exclusive_atomic_enter", blocks::exclusive_enter, 0, VARIADIC, 0, ""),
        MethodDef::new("_atomic_exit", blocks::atomic_exit, 0, VARIADIC, 0, ""),
        MethodDef::new("_single_transaction_enter", blocks::single_enter, 0, VARIADIC, BLOCKS, ""),
        MethodDef::new("_single_transaction_exit", blocks::single_exit, 0, VARIADIC, 0, ""),
    ],
    types: &[],
    init: Some(|th, module| {
        let e = error::class(th)?;
        let local = interpreter::types::ready::ready(th, &threads::LOCAL)?;
        let mut rows = vec![("error", e), ("local", local)];
        for (name, def) in blocks::ALL {
            interpreter::types::ready::ready(th, def)?;
            rows.push((name, th.new_record(def, &[])));
        }
        for (name, v) in rows {
            let n = th.intern(name.as_bytes());
            ops::setattr(th, module, n, Some(v))?;
        }
        Ok(())
    }),
};

fn is_atomic(th: &mut Thread, _: Args<'_>) -> PyResult {
    Ok(th.int(th.m.tx.atomic_depth() as i64))
}

fn hint_commit_soon(th: &mut Thread, _: Args<'_>) -> PyResult {
    th.commit_and_rerun()?;
    Ok(Value::NONE)
}

fn getsegmentlimit(th: &mut Thread, _: Args<'_>) -> PyResult {
    let n = if th.rt.settings.gil { 1 } else { th.m.tx.stm().segments() };
    Ok(th.int(n as i64))
}

fn totals(th: &mut Thread, _: Args<'_>) -> PyResult {
    let t = th.m.tx.stm().totals();
    let d = th.new_dict();
    for (name, n) in t.rows() {
        let (name, n) = (th.intern(name.as_bytes()), th.int(n as i64));
        interpreter::objects::dict::set_str(th, d, name, n)?;
    }
    Ok(d)
}

fn count(th: &mut Thread, _: Args<'_>) -> PyResult {
    // Not transactional: a number taken by an attempt that is aborted is lost.
    static COUNT: AtomicI64 = AtomicI64::new(0);
    Ok(th.int(COUNT.fetch_add(1, Ordering::Relaxed) + 1))
}
