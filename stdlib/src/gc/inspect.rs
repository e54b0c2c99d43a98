//! All objects, and the references between them, without the storage that containers keep for themselves.

use gc_stm::ObjRef;
use interpreter::kinds::kind;
use interpreter::layout::{PyDict, PyTuple};
use interpreter::native::Args;
use interpreter::objects::dict;
use interpreter::value::Value;
use interpreter::{PyResult, Thread, ops};
use std::collections::HashSet;

/// Kinds that belong to one object and never show.
fn is_internal(o: ObjRef) -> bool {
    let k = gc_stm::kind(o);
    [kind::STORAGE, kind::BYTES, kind::ROOM, kind::CACHE, kind::GLOBAL_CELL].iter().any(|i| i.index() == k)
        || gc_stm::class(o) == 0
}

/// Kinds that refer to nothing.
fn is_leaf(o: ObjRef) -> bool {
    let k = gc_stm::kind(o);
    [kind::INT, kind::FLOAT, kind::LONG, kind::COMPLEX, kind::STR, kind::UNICODE, kind::BYTEARRAY]
        .iter()
        .any(|i| i.index() == k)
}

/// What `o` refers to, through its own storage; its class is left out unless it is one made by a class statement.
fn referents(th: &Thread, o: ObjRef, out: &mut Vec<ObjRef>) {
    let mut pending = vec![o];
    let mut seen = HashSet::new();
    while let Some(p) = pending.pop() {
        let own = p == o;
        for r in th.m.referents_of(p) {
            if r == o || (!own && gc_stm::class(p) as usize == r.address()) {
                if r == o {
                    out.push(r);
                }
                continue;
            }
            if is_internal(r) {
                if seen.insert(r.address()) {
                    pending.push(r);
                }
            } else {
                out.push(r);
            }
        }
    }
}

fn exclusive(th: &mut Thread) -> PyResult<()> {
    if let Err(c) = th.m.tx.enter_exclusive() {
        return Err(th.conflict(c));
    }
    th.commit_soon();
    Ok(())
}

fn list(th: &mut Thread, found: Vec<ObjRef>) -> PyResult {
    let out = th.m.root_vec();
    found.iter().for_each(|o| out.push(Value::from_obj(*o).bits()));
    drop(found);
    th.new_list(ops::values(&out))
}

pub(super) fn get_objects(th: &mut Thread, _: Args<'_>) -> PyResult {
    exclusive(th)?;
    th.m.collect_minor();
    th.m.collect_full();
    let mut found = Vec::new();
    th.m.for_each_object(|o| {
        if !is_internal(o) && !is_leaf(o) {
            found.push(o);
        }
    });
    list(th, found)
}

pub(super) fn get_referrers(th: &mut Thread, args: Args<'_>) -> PyResult {
    exclusive(th)?;
    th.m.collect_minor();
    th.m.collect_full();
    let targets: HashSet<usize> = args.pos.iter().filter_map(|v| v.as_obj()).map(|o| o.address()).collect();
    let mut all = Vec::new();
    th.m.for_each_object(|o| {
        if !is_internal(o) && !is_leaf(o) {
            all.push(o);
        }
    });
    let mut to = Vec::new();
    all.retain(|o| {
        to.clear();
        referents(th, *o, &mut to);
        to.iter().any(|r| targets.contains(&r.address()))
    });
    list(th, all)
}

pub(super) fn get_referents(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mut found = Vec::new();
    for v in args.pos {
        if let Some(o) = v.as_obj() {
            th.read_barrier_if_mutable(o)?;
            referents(th, o, &mut found);
            let class = gc_stm::class(o) as usize;
            let built_in =
                interpreter::types::type_of(*v).unguarded().flags.get() & interpreter::types::flag::HEAP == 0;
            found.retain(|r| !built_in || r.address() != class);
        }
    }
    list(th, found)
}

pub(super) fn is_tracked(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    tracked(th, v).map(Value::from_bool)
}

/// As CPython does it: atoms are not, exact dicts only when something in them is, the empty tuple is not.
fn tracked(th: &mut Thread, v: Value) -> PyResult<bool> {
    let Some(o) = v.as_obj() else { return Ok(false) };
    if is_leaf(o) {
        return Ok(false);
    }
    if let Some(d) = v.cast::<PyDict>()
        && gc_stm::kind(o) == kind::DICT.index()
    {
        let mut pos = 0;
        while let Some((k, x)) = dict::next_entry(th, d, &mut pos)? {
            if may_be_tracked(k) || may_be_tracked(x) {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if let Some(t) = v.cast::<PyTuple>() {
        return Ok(t.len > 0);
    }
    Ok(ops::type_name(v) != "object" || gc_stm::kind(o) != kind::RECORD.index())
}

fn may_be_tracked(v: Value) -> bool {
    v.as_obj().is_some_and(|o| !is_leaf(o))
}
