//! `gc`: collections on demand, and looking at the heap.
//!
//! Looking at all objects is done in exclusive mode: no other transaction is live, so what is old is committed
//! (PITFALLS 6). Young objects of other threads are theirs alone and do not show.

mod inspect;

use interpreter::native::{Args, BLOCKS, KEYWORDS, MethodDef, ModuleDef, VARIADIC};
use interpreter::value::Value;
use interpreter::{PyResult, Thread, ops};
use std::sync::atomic::{AtomicI64, Ordering};

/// `gc`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "gc",
    doc: Some("Garbage collection: on demand, on or off, and who refers to whom."),
    functions: &[
        MethodDef::new(
            "collect",
            collect,
            0,
            1,
            BLOCKS | KEYWORDS,
            "collect([generation]) -> number of finalizers and weak references that it found to be due\n\nRuns a full collection, whatever the generation, and what is due after it.",
        ),
        MethodDef::new("enable", enable, 0, 0, 0, "enable()\n\nLets full collections start by themselves."),
        MethodDef::new(
            "disable",
            disable,
            0,
            0,
            0,
            "disable()\n\nKeeps full collections from starting by themselves.",
        ),
        MethodDef::new(
            "isenabled",
            isenabled,
            0,
            0,
            0,
            "isenabled() -> whether full collections start by themselves",
        ),
        MethodDef::new(
            "get_count",
            get_count,
            0,
            0,
            0,
            "get_count() -> (allocations, minor, full collections) so far, as far as they are counted",
        ),
        MethodDef::new(
            "get_threshold",
            get_threshold,
            0,
            0,
            0,
            "get_threshold() -> what set_threshold was given",
        ),
        MethodDef::new(
            "set_threshold",
            set_threshold,
            0,
            VARIADIC,
            0,
            "set_threshold(n[, n1[, n2]])\n\nRemembered; n = 0 is as disable().",
        ),
        MethodDef::new("get_debug", get_debug, 0, 0, 0, "get_debug() -> what set_debug was given"),
        MethodDef::new("set_debug", set_debug, 1, 1, 0, "set_debug(flags)\n\nRemembered."),
        MethodDef::new(
            "get_objects",
            inspect::get_objects,
            0,
            0,
            0,
            "get_objects() -> list of all containers",
        ),
        MethodDef::new(
            "get_referrers",
            inspect::get_referrers,
            0,
            VARIADIC,
            0,
            "get_referrers(*objects) -> list of the containers that refer to one of them",
        ),
        MethodDef::new(
            "get_referents",
            inspect::get_referents,
            0,
            VARIADIC,
            0,
            "get_referents(*objects) -> list of what they refer to",
        ),
        MethodDef::new(
            "is_tracked",
            inspect::is_tracked,
            1,
            1,
            0,
            "is_tracked(object) -> whether it can be part of a cycle",
        ),
    ],
    types: &[],
    init: Some(|th, module| {
        let garbage = th.new_list(&[])?;
        let mut rows = vec![("garbage", garbage)];
        for (name, n) in FLAGS {
            rows.push((name, th.int(n)));
        }
        for (name, v) in rows {
            let n = th.intern(name.as_bytes());
            ops::setattr(th, module, n, Some(v))?;
        }
        Ok(())
    }),
};

const FLAGS: [(&str, i64); 7] = [
    ("DEBUG_STATS", 1),
    ("DEBUG_COLLECTABLE", 2),
    ("DEBUG_UNCOLLECTABLE", 4),
    ("DEBUG_INSTANCES", 8),
    ("DEBUG_OBJECTS", 16),
    ("DEBUG_SAVEALL", 32),
    ("DEBUG_LEAK", 62),
];

static THRESHOLDS: [AtomicI64; 3] = [AtomicI64::new(700), AtomicI64::new(10), AtomicI64::new(10)];
static DEBUG: AtomicI64 = AtomicI64::new(0);

fn collect(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [generation] = args.bind(th, "collect", ["generation"], 0)?;
    if let Some(g) = generation {
        let g = ops::int32_arg(th, g)?;
        if !(0..=2).contains(&g) {
            return Err(th.value_error("invalid generation"));
        }
    }
    // In a transaction of its own, what this one has made and dropped is due as well.
    th.commit_at_once()?;
    th.collect_all(collect);
    let n = interpreter::dead::deliver(th)?;
    Ok(th.int(n as i64))
}

fn enable(th: &mut Thread, _: Args<'_>) -> PyResult {
    th.rt.heap.set_automatic_full(true);
    Ok(Value::NONE)
}

fn disable(th: &mut Thread, _: Args<'_>) -> PyResult {
    th.rt.heap.set_automatic_full(false);
    Ok(Value::NONE)
}

fn isenabled(th: &mut Thread, _: Args<'_>) -> PyResult {
    Ok(Value::from_bool(th.rt.heap.automatic_full()))
}

fn get_count(th: &mut Thread, _: Args<'_>) -> PyResult {
    let s = th.rt.heap.statistics();
    let numbers = [0, s.minor_collections as i64, s.full_collections as i64].map(|n| th.int(n));
    th.try_tuple(&numbers)
}

fn get_threshold(th: &mut Thread, _: Args<'_>) -> PyResult {
    let numbers = [0, 1, 2].map(|i: usize| th.int(THRESHOLDS[i].load(Ordering::Relaxed)));
    th.try_tuple(&numbers)
}

fn set_threshold(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = args.len();
    if n == 0 {
        return Err(th.type_error("function takes at least 1 argument (0 given)"));
    }
    if n > 3 {
        return Err(th.type_error(format!("function takes at most 3 arguments ({n} given)")));
    }
    let mut given = [0; 3];
    for (g, v) in given.iter_mut().zip(args.pos) {
        *g = ops::int32_arg(th, *v)? as i64;
    }
    for (t, g) in THRESHOLDS.iter().zip(&given[..n]) {
        t.store(*g, Ordering::Relaxed);
    }
    th.rt.heap.set_automatic_full(given[0] != 0);
    Ok(Value::NONE)
}

fn get_debug(th: &mut Thread, _: Args<'_>) -> PyResult {
    Ok(th.int(DEBUG.load(Ordering::Relaxed)))
}

fn set_debug(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::int32_arg(th, args.pos[0])?;
    DEBUG.store(n as i64, Ordering::Relaxed);
    Ok(Value::NONE)
}
