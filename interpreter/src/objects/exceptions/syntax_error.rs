//! `SyntaxError` and its subclasses.

use super::data::{self, object_member};
use super::{Family, PLAIN, base};
use crate::layout::{PyStr, PyTuple};
use crate::native::Args;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::Value;

/// `msg`.
pub const MSG: usize = 2;
/// `filename`.
pub const FILENAME: usize = 3;
/// `lineno`.
pub const LINENO: usize = 4;
/// `offset`.
pub const OFFSET: usize = 5;
/// `text`.
pub const TEXT: usize = 6;
/// `print_file_and_line`.
pub const PRINT: usize = 7;
/// Slots in all.
pub const LEN: usize = 8;

pub(super) const DERIVED: Family = Family { slots: SlotTable { init: Some(init), ..PLAIN.slots }, ..PLAIN };

pub(super) const FAMILY: Family = Family {
    slots: SlotTable { str: Some(str), ..DERIVED.slots },
    methods: &[],
    getset: &[
        object_member!("msg", MSG, "what is wrong"),
        object_member!("filename", FILENAME, "name of the file"),
        object_member!("lineno", LINENO, "line, from 1"),
        object_member!("offset", OFFSET, "column, from 1"),
        object_member!("text", TEXT, "the line"),
        object_member!("print_file_and_line", PRINT, "whether the place is shown"),
    ],
};

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    base::init(th, v, args)?;
    let Some(msg) = args.get(0) else { return Ok(()) };
    data::set(th, v, MSG, Some(msg))?;
    if args.len() != 2 {
        return Ok(());
    }
    let info = base::tuple_from(th, args.pos[1])?;
    let items = info.cast::<PyTuple>().map_or(&[][..], |t| t.get().items());
    let [filename, lineno, offset, text] = items else {
        return Err(th.index_error("tuple index out of range"));
    };
    for (slot, x) in [(FILENAME, filename), (LINENO, lineno), (OFFSET, offset), (TEXT, text)] {
        data::set(th, v, slot, Some(*x))?;
    }
    Ok(())
}

fn str(th: &mut Thread, v: Value) -> PyResult {
    let msg = data::get_or_none(th, v, MSG)?;
    let text = ops::str(th, msg)?;
    let filename = data::get(th, v, FILENAME)?.and_then(|f| f.payload::<PyStr>());
    // Only a plain int counts as a line number.
    let lineno = data::get(th, v, LINENO)?
        .filter(|n| crate::types::type_of(*n).value() == crate::objects::int::INT.class())
        .and_then(ops::int_value);
    let mut out = th.str_bytes(text).to_vec();
    let base_name = |f: &[u8]| f.rsplit(|c| *c == b'/').next().unwrap_or(f).to_vec();
    match (filename, lineno) {
        (None, None) => return Ok(text),
        (Some(f), Some(n)) => {
            out.extend_from_slice(b" (");
            out.extend_from_slice(&base_name(f.get().bytes()));
            out.extend_from_slice(format!(", line {n})").as_bytes());
        }
        (Some(f), None) => {
            out.extend_from_slice(b" (");
            out.extend_from_slice(&base_name(f.get().bytes()));
            out.push(b')');
        }
        (None, Some(n)) => out.extend_from_slice(format!(" (line {n})").as_bytes()),
    }
    th.try_str(&out)
}
