//! Reading and writing the slots of iterator records.

use interpreter::layout::{PyRecord, PyTuple, Ref};
use interpreter::native::{Args, TypeDef};
use interpreter::objects::list::not_a;
use interpreter::objects::unpack::{expect_args, no_keywords};
use interpreter::types::wrap_new;
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread};

/// An iterator's record.
#[derive(Copy, Clone)]
pub struct State(pub Ref<PyRecord>);

/// The record of an iterator (or of an instance of a subclass).
#[inline]
pub fn state(th: &mut Thread, v: Value) -> PyResult<State> {
    match v.payload::<PyRecord>() {
        Some(r) => Ok(State(r)),
        None => Err(not_a(th, "iterator", v)),
    }
}

impl State {
    #[inline]
    pub fn get(self, th: &Thread, i: usize) -> PyResult<Slot> {
        Ok(self.0.read(th)?.at(i).get())
    }

    /// Slot `i`, which is always set.
    #[inline]
    pub fn value(self, th: &Thread, i: usize) -> PyResult {
        Ok(self.0.read(th)?.at(i).get().unwrap_or(Value::NONE))
    }

    #[inline]
    pub fn set(self, th: &Thread, i: usize, v: Slot) -> PyResult<()> {
        self.0.write(th)?.at(i).set(v);
        Ok(())
    }

    /// A small number; 0 if the slot is empty.
    #[inline]
    pub fn number(self, th: &Thread, i: usize) -> PyResult<i64> {
        Ok(self.0.read(th)?.at(i).get().and_then(interpreter::ops::int_value).unwrap_or(0))
    }

    #[inline]
    pub fn set_number(self, th: &Thread, i: usize, n: i64) -> PyResult<()> {
        let v = th.int(n);
        self.set(th, i, Some(v))
    }

    /// A tuple slot.
    #[inline]
    pub fn tuple<'a>(self, th: &Thread, i: usize) -> PyResult<&'a [Value]> {
        Ok(self.get(th, i)?.and_then(Value::cast::<PyTuple>).map_or(&[], |t| t.get().items()))
    }
}

/// A new iterator of `class`, which is `def`'s or a subclass.
pub fn make(th: &mut Thread, class: Value, def: &TypeDef, slots: &[Slot]) -> PyResult {
    let base = th.new_record(def, slots);
    wrap_new(th, class, def, base)
}

/// Refuses keywords for the type itself (subclasses may take some in `__init__`) and a wrong number of arguments.
pub fn check_args(
    th: &mut Thread,
    class: Value,
    def: &TypeDef,
    args: &Args<'_>,
    min: usize,
    max: usize,
) -> PyResult<()> {
    if class == def.class() {
        no_keywords(th, args, def.name)?;
    }
    expect_args(th, args, 0, def.name, min, max)
}
