//! Finding elements: plain tags here, paths by `ElementPath`.

use super::element::{TAG, TEXT, children};
use super::{ITER, ITERTEXT, get, path_function};
use interpreter::layout::{PyStr, PyUnicode};
use interpreter::native::Args;
use interpreter::{PyResult, Slot, Thread, Value, ops};

/// A path that is more than a tag.
fn is_path(v: Value) -> bool {
    let mut inside = false;
    let mut special = |c: u32| match c {
        0x7b => {
            inside = true;
            false
        }
        0x7d => {
            inside = false;
            false
        }
        // / * [ @ .
        0x2f | 0x2a | 0x5b | 0x40 | 0x2e => !inside,
        _ => false,
    };
    if let Some(s) = v.payload::<PyStr>() {
        return s.get().bytes().iter().any(|c| special(u32::from(*c)));
    }
    if let Some(u) = v.payload::<PyUnicode>() {
        return u.get().chars().iter().any(special);
    }
    // Whatever it is, `ElementPath` says what is wrong with it.
    true
}

/// The children with a tag, up to `limit`.
fn matching(th: &mut Thread, v: Value, tag: Value, limit: usize) -> PyResult<gc_stm::RootVec> {
    let out = th.m.root_vec();
    let mut i = 0;
    while ops::values(&out).len() < limit {
        // Comparing tags may run Python, which may change the children.
        let Some(c) = children(th, v)? else { break };
        if i >= ops::len(th, c)? {
            break;
        }
        let k = th.int(i as i64);
        let child = ops::getitem(th, c, k)?;
        let own = get(th, child, TAG)?.unwrap_or(Value::NONE);
        if ops::equal(th, own, tag)? {
            out.push(child.bits());
        }
        i += 1;
    }
    Ok(out)
}

fn by_path(th: &mut Thread, function: &str, args: &[Slot]) -> PyResult {
    let f = path_function(th, function)?;
    let args: smallvec::SmallVec<[Value; 4]> = args.iter().map(|a| a.unwrap_or(Value::NONE)).collect();
    ops::call(th, f, &args)
}

fn spaced(namespaces: Slot) -> bool {
    namespaces.is_some_and(|n| !n.is_none())
}

pub(super) fn find(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let [path, namespaces] = args.skip(1).bind(th, "find", ["path", "namespaces"], 1)?;
    let path = path.unwrap_or(Value::NONE);
    if is_path(path) || spaced(namespaces) {
        return by_path(th, "find", &[Some(v), Some(path), namespaces]);
    }
    let found = matching(th, v, path, 1)?;
    Ok(ops::values(&found).first().copied().unwrap_or(Value::NONE))
}

pub(super) fn findtext(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let [path, default, namespaces] =
        args.skip(1).bind(th, "findtext", ["path", "default", "namespaces"], 1)?;
    let path = path.unwrap_or(Value::NONE);
    if is_path(path) || spaced(namespaces) {
        return by_path(th, "findtext", &[Some(v), Some(path), default, namespaces]);
    }
    let found = matching(th, v, path, 1)?;
    match ops::values(&found).first() {
        Some(e) => match get(th, *e, TEXT)? {
            Some(t) if !t.is_none() => Ok(t),
            _ => Ok(th.new_str(b"")),
        },
        None => Ok(default.unwrap_or(Value::NONE)),
    }
}

pub(super) fn findall(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let [path, namespaces] = args.skip(1).bind(th, "findall", ["path", "namespaces"], 1)?;
    let path = path.unwrap_or(Value::NONE);
    if is_path(path) || spaced(namespaces) {
        return by_path(th, "findall", &[Some(v), Some(path), namespaces]);
    }
    let found = matching(th, v, path, usize::MAX)?;
    th.new_list(ops::values(&found))
}

pub(super) fn iterfind(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [path, namespaces] = args.skip(1).bind(th, "iterfind", ["path", "namespaces"], 1)?;
    by_path(th, "iterfind", &[Some(args.pos[0]), path, namespaces])
}

pub(super) fn iter(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [tag] = args.skip(1).bind(th, "iter", ["tag"], 0)?;
    match ITER.get() {
        Some(f) => ops::call(th, f, &[args.pos[0], tag.unwrap_or(Value::NONE)]),
        None => Err(th.runtime_error("iter helper not found")),
    }
}

pub(super) fn itertext(th: &mut Thread, args: Args<'_>) -> PyResult {
    match ITERTEXT.get() {
        Some(f) => ops::call(th, f, &args.pos[..1]),
        None => Err(th.runtime_error("itertext helper not found")),
    }
}
