//! `_bisect`: searching and inserting in sorted sequences.

use interpreter::layout::PyList;
use interpreter::native::{Args, KEYWORDS, MethodDef, ModuleDef, VARIADIC};
use interpreter::objects::list::storage;
use interpreter::types::slots::CmpOp;
use interpreter::value::Value;
use interpreter::{PyResult, Thread, ops};

/// `_bisect`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_bisect",
    doc: Some("Positions in sorted sequences by bisection."),
    functions: &[
        MethodDef::new(
            "bisect",
            bisect_right,
            0,
            VARIADIC,
            KEYWORDS,
            "bisect(a, x[, lo[, hi]]): the same as bisect_right",
        ),
        MethodDef::new(
            "bisect_right",
            bisect_right,
            0,
            VARIADIC,
            KEYWORDS,
            "bisect_right(a, x[, lo[, hi]]) -> where to insert x into sorted a, after equal items",
        ),
        MethodDef::new(
            "bisect_left",
            bisect_left,
            0,
            VARIADIC,
            KEYWORDS,
            "bisect_left(a, x[, lo[, hi]]) -> where to insert x into sorted a, before equal items",
        ),
        MethodDef::new(
            "insort",
            insort_right,
            0,
            VARIADIC,
            KEYWORDS,
            "insort(a, x[, lo[, hi]]): the same as insort_right",
        ),
        MethodDef::new(
            "insort_right",
            insort_right,
            0,
            VARIADIC,
            KEYWORDS,
            "insort_right(a, x[, lo[, hi]]): inserts x into sorted a, after equal items",
        ),
        MethodDef::new(
            "insort_left",
            insort_left,
            0,
            VARIADIC,
            KEYWORDS,
            "insort_left(a, x[, lo[, hi]]): inserts x into sorted a, before equal items",
        ),
    ],
    types: &[],
    init: None,
};

/// The sequence, the item and the position found.
fn search(th: &mut Thread, args: Args<'_>, name: &str, right: bool) -> PyResult<(Value, Value, i64)> {
    let [a, x, lo, hi] = args.bind(th, name, ["a", "x", "lo", "hi"], 2)?;
    let (a, x) = (a.unwrap_or(Value::NONE), x.unwrap_or(Value::NONE));
    let mut lo = match lo {
        Some(v) => ops::integer_arg(th, v)?,
        None => 0,
    };
    let mut hi = match hi {
        Some(v) => ops::integer_arg(th, v)?,
        None => -1,
    };
    if lo < 0 {
        return Err(th.value_error("lo must be non-negative"));
    }
    if hi == -1 {
        hi = ops::len(th, a)? as i64;
    }
    while lo < hi {
        let mid = lo + (hi - lo) / 2;
        let k = th.int(mid);
        let item = ops::getitem(th, a, k)?;
        let (v, w) = if right { (x, item) } else { (item, x) };
        if ops::compare_bool(th, v, w, CmpOp::Lt)? == right {
            hi = mid;
        } else {
            lo = mid + 1;
        }
    }
    Ok((a, x, lo))
}

fn position(th: &mut Thread, args: Args<'_>, name: &str, right: bool) -> PyResult {
    let (_, _, i) = search(th, args, name, right)?;
    Ok(th.int(i))
}

fn insert(th: &mut Thread, args: Args<'_>, name: &str, right: bool) -> PyResult {
    let (a, x, i) = search(th, args, name, right)?;
    match a.cast::<PyList>() {
        Some(l) => storage::insert(th, l, i as usize, x)?,
        None => {
            let n = th.intern(b"insert");
            let m = ops::getattr(th, a, n)?;
            let i = th.int(i);
            ops::call(th, m, &[i, x])?;
        }
    }
    Ok(Value::NONE)
}

fn bisect_right(th: &mut Thread, args: Args<'_>) -> PyResult {
    position(th, args, "bisect_right", true)
}

fn bisect_left(th: &mut Thread, args: Args<'_>) -> PyResult {
    position(th, args, "bisect_left", false)
}

fn insort_right(th: &mut Thread, args: Args<'_>) -> PyResult {
    insert(th, args, "insort_right", true)
}

fn insort_left(th: &mut Thread, args: Args<'_>) -> PyResult {
    insert(th, args, "insort_left", false)
}
