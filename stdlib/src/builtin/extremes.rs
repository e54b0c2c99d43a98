//! `cmp`, `max`, `min`.

use super::unpack;
use interpreter::native::Args;
use interpreter::ops;
use interpreter::raised::PyResult;
use interpreter::types::slots::CmpOp;
use interpreter::{Slot, Thread, Value};

pub(super) fn cmp(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [a, b] = unpack(th, &args, "cmp", 2)?;
    let c = ops::cmp(th, a.unwrap_or(Value::NONE), b.unwrap_or(Value::NONE))?;
    Ok(th.int(i64::from(c)))
}

pub(super) fn max(th: &mut Thread, args: Args<'_>) -> PyResult {
    extreme(th, args, "max", CmpOp::Gt)
}

pub(super) fn min(th: &mut Thread, args: Args<'_>) -> PyResult {
    extreme(th, args, "min", CmpOp::Lt)
}

fn extreme(th: &mut Thread, args: Args<'_>, name: &str, better: CmpOp) -> PyResult {
    let mut key: Slot = None;
    for (k, v) in args.keywords() {
        if th.str_bytes(k) != b"key" || args.kw.len() > 2 {
            return Err(th.type_error(format!("{name}() got an unexpected keyword argument")));
        }
        key = Some(v);
    }
    let it = match args.pos {
        [] => return Err(th.type_error(format!("{name} expected 1 arguments, got 0"))),
        [one] => ops::iter(th, *one)?,
        many => {
            let t = th.try_tuple(many)?;
            ops::iter(th, t)?
        }
    };
    let mut best: Option<(Value, Value)> = None;
    while let Some(x) = ops::next(th, it)? {
        let k = match key {
            Some(f) => ops::call(th, f, &[x])?,
            None => x,
        };
        let replace = match best {
            None => true,
            Some((_, b)) => ops::compare_bool(th, k, b, better)?,
        };
        if replace {
            best = Some((x, k));
        }
    }
    match best {
        Some((x, _)) => Ok(x),
        None => Err(th.value_error(format!("{name}() arg is an empty sequence"))),
    }
}
