//! What an encoder or a scanner was made with: a record that never changes, whose parts are read-only attributes.

use interpreter::layout::PyRecord;
use interpreter::native::{GetSetDef, read_only};
use interpreter::{PyResult, Thread, Value, objects as o};

/// A part of an encoder or a scanner.
pub fn setting(th: &mut Thread, v: Value, i: usize) -> PyResult {
    match v.payload::<PyRecord>() {
        // Never changed after it was made.
        Some(r) => Ok(r.unguarded().at(i).get().unwrap_or(Value::NONE)),
        None => Err(o::list::not_a(th, "JSON encoder or scanner", v)),
    }
}

/// The attribute for part `I`.
pub const fn member<const I: usize>(name: &'static str) -> GetSetDef {
    GetSetDef { name, get: |th, v| setting(th, v, I), set: Some(read_only), doc: name }
}
