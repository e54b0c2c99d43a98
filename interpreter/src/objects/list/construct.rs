//! Making and extending lists.

use super::{LIST, storage, this};
use crate::layout::*;
use crate::native::Args;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

pub(super) fn new(th: &mut Thread, class: Value, _args: Args<'_>) -> PyResult {
    let base = th.new_list(&[])?;
    crate::types::wrap_new(th, class, &LIST, base)
}

pub(super) fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let [items] = args.bind(th, "list", ["sequence"], 0)?;
    let l = this(th, v)?;
    storage::replace(th, l, &[])?;
    match items {
        Some(x) => extend(th, l, x),
        None => Ok(()),
    }
}

/// Asks for the length hint of an iterable only for the errors that must show.
pub fn check_hint(th: &mut Thread, x: Value) -> PyResult<()> {
    ops::length_hint(th, x, 8).map(|_| ())
}

/// `l.extend(x)`.
pub(super) fn extend(th: &mut Thread, l: Ref<PyList>, x: Value) -> PyResult<()> {
    if x.cast::<PyTuple>().is_some() || x.cast::<PyList>().is_some() || x.payload::<PyList>() == Some(l) {
        let items = match x.payload::<PyList>() {
            Some(m) => storage::snapshot(th, m)?,
            None => ops::collect(th, x)?,
        };
        let n = storage::len(th, l)?;
        return storage::splice(th, l, n, n, ops::values(&items));
    }
    let it = ops::iter(th, x)?;
    check_hint(th, x)?;
    while let Some(v) = ops::next(th, it)? {
        storage::push(th, l, v)?;
    }
    Ok(())
}
