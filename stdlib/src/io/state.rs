//! The state of a stream: slots of a record beneath the instance. Each class names its slots in its own file.

use interpreter::kinds::kind;
use interpreter::layout::{PyByteArray, PyRecord, PyType, Ref};
use interpreter::native::{NO_NEW, TypeDef};
use interpreter::objects::{bytearray, instance};
use interpreter::types::flag;
use interpreter::{PyResult, Slot, Thread, Value};
use num_bigint::BigInt;

/// The type of the records; never seen by programs.
pub static STREAM_STATE: TypeDef = TypeDef { flags: NO_NEW, ..TypeDef::new("stream_state", kind::RECORD) };

/// A bare instance of a stream class, with `n` empty slots. `finalize`: collections close it when it dies.
pub fn allocate(th: &mut Thread, class: Value, n: usize, finalize: bool) -> PyResult {
    let Some(t) = class.cast::<PyType>() else {
        return Err(th.type_error("__new__(X): X is not a type object"));
    };
    let empty: smallvec::SmallVec<[Slot; 32]> = smallvec::smallvec![None; n];
    let record = if n > 0 { Some(th.new_record(&STREAM_STATE, &empty)) } else { None };
    let v = instance::allocate(th, t, record);
    let flags = t.unguarded().flags.get();
    if (finalize || flags & flag::HEAP != 0) && flags & flag::HAS_DEL == 0 {
        th.m.register_finalizable(v.obj());
    }
    Ok(v.value())
}

fn record(th: &mut Thread, v: Value) -> PyResult<Ref<PyRecord>> {
    match v.payload::<PyRecord>() {
        Some(r) => Ok(r),
        None => Err(th.type_error("not an initialized stream")),
    }
}

/// Slot `i`.
pub fn get(th: &mut Thread, v: Value, i: usize) -> PyResult<Slot> {
    let r = record(th, v)?.read(th)?;
    Ok(r.slots().get(i).and_then(|c| c.get()))
}

/// Slot `i`, None if it is empty.
pub fn value(th: &mut Thread, v: Value, i: usize) -> PyResult {
    Ok(get(th, v, i)?.unwrap_or(Value::NONE))
}

/// Sets slot `i`.
pub fn set(th: &mut Thread, v: Value, i: usize, x: Slot) -> PyResult<()> {
    let r = record(th, v)?.write(th)?;
    if let Some(c) = r.slots().get(i) {
        c.set(x);
    }
    Ok(())
}

/// A number kept in a slot; 0 if it is empty.
pub fn number(th: &mut Thread, v: Value, i: usize) -> PyResult<i64> {
    Ok(get(th, v, i)?.and_then(Value::as_small_int).unwrap_or(0))
}

/// Keeps a number of at most 62 bits in a slot.
pub fn set_number(th: &mut Thread, v: Value, i: usize, n: i64) -> PyResult<()> {
    let n = Value::from_small_int(n);
    set(th, v, i, n)
}

/// A flag kept in a slot.
pub fn is_set(th: &mut Thread, v: Value, i: usize) -> PyResult<bool> {
    Ok(get(th, v, i)? == Some(Value::TRUE))
}

/// Keeps a flag in a slot.
pub fn set_flag(th: &mut Thread, v: Value, i: usize, b: bool) -> PyResult<()> {
    set(th, v, i, Some(Value::from_bool(b)))
}

/// The bytearray in a slot.
pub fn storage(th: &mut Thread, v: Value, i: usize) -> PyResult<Ref<PyByteArray>> {
    match get(th, v, i)?.and_then(|b| b.cast::<PyByteArray>()) {
        Some(b) => Ok(b),
        None => Err(th.value_error("I/O operation on uninitialized object")),
    }
}

/// The bytes of the bytearray in a slot; they must not be kept across a commit point.
pub fn bytes<'a>(th: &mut Thread, v: Value, i: usize) -> PyResult<&'a [u8]> {
    let b = storage(th, v, i)?;
    bytearray::view(th, b.value())
}

/// A `long`, as most counts and positions of streams are.
pub fn long(th: &mut Thread, n: i64) -> PyResult {
    th.long(&BigInt::from(n))
}
