//! The built-in type `traceback`: a chain of records, the outermost frame first.
//!
//! The traceback of an exception in flight is in the thread; every frame it leaves puts an entry in front
//! ([`add_frame`]).

pub mod print;
pub mod source;

use crate::eval::frame::Frame;
use crate::kinds::kind;
use crate::layout::{PyCode, PyRecord};
use crate::native::{GetSetDef, NO_NEW, TypeDef, read_only};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// The frame object.
pub const FRAME: usize = 0;
/// Index of the bytecode instruction.
pub const LASTI: usize = 1;
/// Line.
pub const LINENO: usize = 2;
/// The entry of the next inner frame, or None.
pub const NEXT: usize = 3;

/// `traceback`.
pub static TRACEBACK: TypeDef = TypeDef {
    flags: NO_NEW,
    getset: &[
        GetSetDef {
            name: "tb_frame",
            get: |th, v| field(th, v, FRAME),
            set: Some(read_only),
            doc: "the frame",
        },
        GetSetDef {
            name: "tb_lasti",
            get: |th, v| field(th, v, LASTI),
            set: Some(read_only),
            doc: "index of the instruction",
        },
        GetSetDef {
            name: "tb_lineno",
            get: |th, v| field(th, v, LINENO),
            set: Some(read_only),
            doc: "the line",
        },
        GetSetDef {
            name: "tb_next",
            get: |th, v| field(th, v, NEXT),
            set: Some(read_only),
            doc: "the next inner entry",
        },
    ],
    ..TypeDef::new("traceback", kind::RECORD)
};

fn field(_: &mut Thread, v: Value, i: usize) -> PyResult {
    Ok(slot(v, i).unwrap_or(Value::NONE))
}

/// A slot of a traceback; tracebacks never change once made.
fn slot(v: Value, i: usize) -> Slot {
    v.cast::<PyRecord>().and_then(|r| r.unguarded().slots().get(i).and_then(|c| c.get()))
}

/// True for traceback objects.
pub fn is_traceback(v: Value) -> bool {
    v.kind() == kind::RECORD.index() && crate::types::type_of(v).value() == TRACEBACK.class()
}

/// The entry of the next inner frame.
pub fn next(v: Value) -> Slot {
    slot(v, NEXT).filter(|n| is_traceback(*n))
}

/// A traceback entry.
pub fn new_entry(th: &Thread, frame: Value, lasti: Value, lineno: Value, next: Slot) -> Value {
    th.new_record(&TRACEBACK, &[Some(frame), Some(lasti), Some(lineno), Some(next.unwrap_or(Value::NONE))])
}

/// Puts an entry for a live frame in front of the traceback of the exception in flight, unless the frame has just raised
/// it again with a traceback.
pub fn add_frame(th: &mut Thread, f: *mut Frame) -> PyResult<()> {
    if th.unwinding() != crate::raised::Unwind::Exception {
        return Ok(());
    }
    if th.keep_traceback.take() {
        return Ok(());
    }
    let frame = crate::objects::frame::object_of(th, f);
    let next = th.exc[2].get().filter(|t| !t.is_none());
    // SAFETY: the caller names a live frame of this thread.
    let (lasti, lineno) = unsafe { ((*f).last_offset(), (*f).line()) };
    let (lasti, lineno) = (th.int(lasti as i64), th.int(lineno as i64));
    th.exc[2].set(Some(new_entry(th, frame, lasti, lineno, next)));
    Ok(())
}

fn attribute(th: &mut Thread, v: Value, name: &[u8]) -> PyResult {
    let name = th.intern(name);
    ops::getattr(th, v, name)
}

/// File name, line and function name of an entry.
pub fn place(th: &mut Thread, tb: Value) -> PyResult<(Vec<u8>, i64, Vec<u8>)> {
    let frame = slot(tb, FRAME).unwrap_or(Value::NONE);
    let code = attribute(th, frame, b"f_code")?;
    let lineno = slot(tb, LINENO).and_then(ops::int_value).unwrap_or(0);
    Ok(match code.cast::<PyCode>() {
        Some(c) => (th.str_bytes(c.filename).to_vec(), lineno, th.str_bytes(c.name).to_vec()),
        None => (b"?".to_vec(), lineno, b"?".to_vec()),
    })
}
