//! `float.__getformat__` and `__setformat__`: how C floats and doubles are taken to be stored.
//!
//! Only tests use them. They change process-wide state that is read when packed infinities and NaNs are unpacked.

use crate::native::Args;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use std::sync::atomic::{AtomicBool, Ordering};

/// True: reported as unknown, for double and float.
static UNKNOWN: [AtomicBool; 2] = [AtomicBool::new(false), AtomicBool::new(false)];

const NATIVE: &str = if cfg!(target_endian = "little") { "IEEE, little-endian" } else { "IEEE, big-endian" };
const FOREIGN: &str = if cfg!(target_endian = "little") { "IEEE, big-endian" } else { "IEEE, little-endian" };

/// Whether the format of C doubles (or else floats) is to be taken as unknown: packed special values then mean nothing.
pub fn is_unknown(double: bool) -> bool {
    UNKNOWN[usize::from(!double)].load(Ordering::Relaxed)
}

fn which(th: &mut Thread, v: Value, function: &str) -> PyResult<usize> {
    if v.payload::<crate::layout::PyStr>().is_none() {
        let n = crate::ops::type_name(v);
        return Err(th.type_error(format!("{function}() argument must be string, not {n}")));
    }
    match th.str_bytes(v) {
        b"double" => Ok(0),
        b"float" => Ok(1),
        _ => Err(th.value_error(format!("{function}() argument 1 must be 'double' or 'float'"))),
    }
}

pub(super) fn getformat(th: &mut Thread, args: Args<'_>) -> PyResult {
    let i = which(th, args.pos[1], "__getformat__")?;
    let name = if UNKNOWN[i].load(Ordering::Relaxed) { "unknown" } else { NATIVE };
    Ok(th.new_str(name.as_bytes()))
}

pub(super) fn setformat(th: &mut Thread, args: Args<'_>) -> PyResult {
    let i = which(th, args.pos[1], "__setformat__")?;
    let kind = ["double", "float"][i];
    let unknown = match th.str_bytes(args.pos[2]) {
        b"unknown" => true,
        b if b == NATIVE.as_bytes() => false,
        b if b == FOREIGN.as_bytes() => {
            return Err(th.value_error(format!(
                "can only set {kind} format to 'unknown' or the detected platform value"
            )));
        }
        _ => {
            return Err(th.value_error(
                "__setformat__() argument 2 must be 'unknown', 'IEEE, little-endian' or 'IEEE, big-endian'",
            ));
        }
    };
    UNKNOWN[i].store(unknown, Ordering::Relaxed);
    Ok(Value::NONE)
}
