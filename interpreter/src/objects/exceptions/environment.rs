//! `EnvironmentError`, `IOError`, `OSError`.

use super::data::{self, ARGS, args_of, object_member};
use super::{Family, PLAIN, base};
use crate::native::{Args, MethodDef};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::Value;

/// `errno`.
pub const ERRNO: usize = 2;
/// `strerror`.
pub const STRERROR: usize = 3;
/// `filename`.
pub const FILENAME: usize = 4;
/// Slots in all.
pub const LEN: usize = 5;

pub(super) const DERIVED: Family = Family { slots: SlotTable { init: Some(init), ..PLAIN.slots }, ..PLAIN };

pub(super) const FAMILY: Family = Family {
    slots: SlotTable { str: Some(str), ..DERIVED.slots },
    methods: &[MethodDef::new("__reduce__", reduce, 0, 0, 0, "")],
    getset: &[
        object_member!("errno", ERRNO, "error number of the C library"),
        object_member!("strerror", STRERROR, "text for the error number"),
        object_member!("filename", FILENAME, "file name of the failing operation"),
    ],
};

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    base::init(th, v, args)?;
    if !(2..=3).contains(&args.len()) {
        return Ok(());
    }
    data::set(th, v, ERRNO, args.get(0))?;
    data::set(th, v, STRERROR, args.get(1))?;
    if let Some(f) = args.get(2) {
        data::set(th, v, FILENAME, Some(f))?;
        // The file name is not among the arguments, so that they unpack in two.
        let two = th.new_tuple(&args.pos[..2]);
        data::set(th, v, ARGS, Some(two))?;
    }
    Ok(())
}

fn str(th: &mut Thread, v: Value) -> PyResult {
    let (errno, strerror, filename) =
        (data::get(th, v, ERRNO)?, data::get(th, v, STRERROR)?, data::get(th, v, FILENAME)?);
    let suffix = match filename {
        Some(f) => Some(ops::repr(th, f)?),
        None if errno.is_some() && strerror.is_some() => None,
        None => return base::str(th, v),
    };
    let n = ops::str(th, errno.unwrap_or(Value::NONE))?;
    let s = ops::str(th, strerror.unwrap_or(Value::NONE))?;
    let mut out = b"[Errno ".to_vec();
    out.extend_from_slice(th.str_bytes(n));
    out.extend_from_slice(b"] ");
    out.extend_from_slice(th.str_bytes(s));
    if let Some(f) = suffix {
        out.extend_from_slice(b": ");
        out.extend_from_slice(th.str_bytes(f));
    }
    th.try_str(&out)
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let t = args_of(th, v)?;
    let a = match (t.get().items(), data::get(th, v, FILENAME)?) {
        ([errno, strerror], Some(f)) => th.new_tuple(&[*errno, *strerror, f]),
        _ => t.value(),
    };
    base::reduced(th, v, a)
}
