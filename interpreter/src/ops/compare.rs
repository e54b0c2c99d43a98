//! Rich comparison, three-way comparison, equality, hash.
//!
//! The order in which slots are tried is CPython 2.7's: rich comparison with the subclass first, then `cmp` of a
//! common type, then coercion, then the default order by type.

use super::slots_of;
use crate::layout::*;
use crate::objects as o;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::CmpOp;
use crate::types::{is_subtype, type_of};
use crate::value::Value;
use std::cmp::Ordering;

/// `a op b`: any object.
pub fn rich_compare(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    if let (Some(x), Some(y)) = (a.as_small_int(), b.as_small_int()) {
        return Ok(Value::from_bool(op.holds(x.cmp(&y))));
    }
    th.enter_recursive(" in cmp")?;
    let r = rich_compare_slow(th, a, b, op);
    th.leave_recursive();
    r
}

fn rich_compare_slow(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    let (ta, tb) = (type_of(a), type_of(b));
    if ta == tb && !o::instance::is_old_style(a) {
        if let Some(f) = ta.slots().richcmp {
            let r = f(th, a, b, op)?;
            if r != Value::NOT_IMPLEMENTED {
                return Ok(r);
            }
        }
        if let Some(f) = ta.slots().cmp {
            let c = f(th, a, b)?;
            return Ok(Value::from_bool(op.holds(c.cmp(&0))));
        }
    }
    if let Some(r) = try_rich(th, a, b, op)? {
        return Ok(r);
    }
    let c = three_way_fallback(th, a, b)?;
    Ok(Value::from_bool(op.holds(c.cmp(&0))))
}

/// Tries the rich-comparison slots of both sides.
fn try_rich(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult<Option<Value>> {
    let (ta, tb) = (type_of(a), type_of(b));
    let (fa, fb) = (ta.slots().richcmp, tb.slots().richcmp);
    let mut tried_b = false;
    if ta != tb
        && is_subtype(tb, ta)
        && let Some(f) = fb
    {
        tried_b = true;
        let r = f(th, b, a, op.swapped())?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(Some(r));
        }
    }
    if let Some(f) = fa {
        let r = f(th, a, b, op)?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(Some(r));
        }
    }
    if !tried_b && let Some(f) = fb {
        let r = f(th, b, a, op.swapped())?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(Some(r));
        }
    }
    Ok(None)
}

/// Three-way comparison without the rich slots.
fn three_way_fallback(th: &mut Thread, a: Value, b: Value) -> PyResult<i32> {
    match try_three_way(th, a, b)? {
        Some(c) => Ok(c),
        None => Ok(default_three_way(a, b)),
    }
}

/// The three-way comparison that the operands define, if they do.
fn try_three_way(th: &mut Thread, a: Value, b: Value) -> PyResult<Option<i32>> {
    // Old-style instances coerce first and decide with their own __cmp__ on either side.
    if o::instance::is_old_style(a) || o::instance::is_old_style(b) {
        return o::instance::compare(th, a, b);
    }
    let address = |f: Option<crate::types::slots::CmpFn>| f.map_or(0, |f| f as usize);
    let of = |v: Value| type_of(v).slots().cmp;
    if let Some(f) = of(a)
        && address(of(b)) == f as usize
    {
        return f(th, a, b).map(Some);
    }
    let python = crate::types::dispatch::cmp as *const () as usize;
    if address(of(a)) == python || address(of(b)) == python {
        return crate::types::dispatch::cmp(th, a, b).map(Some);
    }
    if let Some((x, y)) = super::coerce(th, a, b)?
        && let Some(f) = of(x)
        && address(of(y)) == f as usize
    {
        return f(th, x, y).map(Some);
    }
    Ok(None)
}

/// Order of values that say nothing themselves: None first, numbers next, then by type name, then address.
fn default_three_way(a: Value, b: Value) -> i32 {
    if a == b {
        return 0;
    }
    let (ta, tb) = (type_of(a), type_of(b));
    if ta == tb {
        return if a.bits() < b.bits() { -1 } else { 1 };
    }
    if a.is_none() {
        return -1;
    }
    if b.is_none() {
        return 1;
    }
    let number = |v: Value| {
        let s = type_of(v).slots();
        o::is_number(v) || s.int.is_some() || s.float.is_some()
    };
    let name = |v: Value| if number(v) { String::new() } else { type_of(v).name() };
    match name(a).cmp(&name(b)) {
        Ordering::Equal if o::instance::is_old_style(a) => -1,
        Ordering::Equal if o::instance::is_old_style(b) => 1,
        Ordering::Less => -1,
        Ordering::Greater => 1,
        Ordering::Equal => {
            if ta.value().bits() < tb.value().bits() {
                -1
            } else {
                1
            }
        }
    }
}

/// `cmp(a, b)`.
pub fn cmp(th: &mut Thread, a: Value, b: Value) -> PyResult<i32> {
    if a == b {
        return Ok(0);
    }
    if let (Some(x), Some(y)) = (a.as_small_int(), b.as_small_int()) {
        return Ok(x.cmp(&y) as i32);
    }
    th.enter_recursive(" in cmp")?;
    let r = cmp_slow(th, a, b);
    th.leave_recursive();
    r
}

fn cmp_slow(th: &mut Thread, a: Value, b: Value) -> PyResult<i32> {
    let (ta, tb) = (type_of(a), type_of(b));
    if ta == tb
        && let Some(f) = ta.slots().cmp
    {
        let c = f(th, a, b)?;
        if c != 2 {
            return Ok(c);
        }
    }
    for (op, c) in [(CmpOp::Eq, 0), (CmpOp::Lt, -1), (CmpOp::Gt, 1)] {
        if ta.slots().richcmp.is_none() && tb.slots().richcmp.is_none() {
            break;
        }
        if let Some(r) = try_rich(th, a, b, op)?
            && super::is_true(th, r)?
        {
            return Ok(c);
        }
    }
    three_way_fallback(th, a, b)
}

/// `a == b` as a truth value; identical objects are equal (as containers compare).
#[inline]
pub fn equal(th: &mut Thread, a: Value, b: Value) -> PyResult<bool> {
    if a == b {
        return Ok(true);
    }
    if let (Some(x), Some(y)) = (a.cast::<PyStr>(), b.cast::<PyStr>())
        && type_of(a) == type_of(b)
    {
        return Ok(x.get().bytes() == y.get().bytes());
    }
    if a.is_tagged_int() && b.is_tagged_int() {
        return Ok(false);
    }
    let r = rich_compare(th, a, b, CmpOp::Eq)?;
    super::is_true(th, r)
}

/// `a op b` as a truth value.
pub fn compare_bool(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult<bool> {
    if a == b {
        match op {
            CmpOp::Eq => return Ok(true),
            CmpOp::Ne => return Ok(false),
            _ => {}
        }
    }
    let r = rich_compare(th, a, b, op)?;
    super::is_true(th, r)
}

/// `hash(v)`.
#[inline]
pub fn hash(th: &mut Thread, v: Value) -> PyResult<i64> {
    if let Some(n) = v.as_small_int() {
        return Ok(if n == -1 { -2 } else { n });
    }
    if let Some(s) = v.cast::<PyStr>() {
        return Ok(o::str::hash_of(th, s));
    }
    match slots_of(v).hash {
        Some(f) => {
            th.check_native_stack()?;
            f(th, v)
        }
        None => {
            let name = super::type_name(v);
            Err(th.type_error(format!("unhashable type: '{name}'")))
        }
    }
}
