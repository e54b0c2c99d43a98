//! `array`: homogeneous numbers, packed.
//!
//! An array is a record of its type code and a bytearray that holds its items in the machine's form; so growing,
//! undo and the buffer protocol are the bytearray's.
//!
//! - `item`: values to bytes and back, one type code at a time. `slots`: operators. `methods`: the rest.

mod item;
mod iter;
mod methods;
mod slots;

use interpreter::kinds::kind;
use interpreter::layout::{PyByteArray, PyRecord, Ref};
use interpreter::native::{BASETYPE, GetSetDef, ModuleDef, TypeDef, WEAKREFS};
use interpreter::types::is_instance_of;
use interpreter::{PyResult, Thread, Value, objects as o, ops};
use item::Code;

/// `array.array`.
pub static ARRAY: TypeDef = TypeDef {
    module: "array",
    doc: Some(
        "array(typecode [, initializer]) -> array\n\nAn array of items of one kind: c b B u h H i I l L f d.",
    ),
    flags: BASETYPE | WEAKREFS,
    slots: slots::SLOTS,
    methods: methods::METHODS,
    getset: &[
        GetSetDef {
            name: "typecode",
            get: |th, v| array(th, v).map(|a| o::str::one_byte(th, a.code.letter)),
            set: None,
            doc: "the typecode character used to create the array",
        },
        GetSetDef {
            name: "itemsize",
            get: |th, v| array(th, v).map(|a| th.int(a.code.size as i64)),
            set: None,
            doc: "the size, in bytes, of one array item",
        },
    ],
    ..TypeDef::new("array", kind::RECORD)
};

/// `array`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "array",
    doc: Some("Arrays of numbers and characters, packed as in C."),
    functions: &[],
    types: &[&ARRAY, &iter::ARRAY_ITER],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    let name = th.intern(b"ArrayType");
    ops::setattr(th, m, name, Some(ARRAY.class()))?;
    let name = th.intern(b"arrayiterator");
    if ops::getattr_opt(th, m, name)?.is_some() {
        ops::setattr(th, m, name, None)?;
    }
    Ok(())
}

/// An array taken apart.
#[derive(Copy, Clone)]
struct Array {
    code: Code,
    /// The bytearray of its items.
    store: Value,
}

/// True for arrays.
fn is_array(v: Value) -> bool {
    v.is_obj() && is_instance_of(v, &ARRAY)
}

/// The parts of an array. They never change.
fn array(th: &mut Thread, v: Value) -> PyResult<Array> {
    if is_array(v)
        && let Some(r) = v.payload::<PyRecord>()
        && let (Some(code), Some(store)) = (r.unguarded().at(0).get(), r.unguarded().at(1).get())
        && let Some(code) = code.as_small_int().and_then(|c| item::code(c as u8))
    {
        return Ok(Array { code, store });
    }
    let n = ops::type_name(v);
    Err(th.type_error(format!("an array is required, not {n}")))
}

/// An array of a code with these bytes.
fn make(th: &mut Thread, code: Code, b: &[u8]) -> PyResult {
    let store = o::bytearray::new(th, b)?;
    Ok(th.new_record(&ARRAY, &[Some(Value::int_unchecked(code.letter as i64)), Some(store)]))
}

impl Array {
    /// The bytes; valid until the next commit point.
    fn bytes<'a>(self, th: &mut Thread) -> PyResult<&'a [u8]> {
        o::bytearray::view(th, self.store)
    }

    fn len(self, th: &mut Thread) -> PyResult<usize> {
        Ok(self.bytes(th)?.len() / self.code.size)
    }

    /// Item `i`; none beyond the end.
    fn get(self, th: &mut Thread, i: usize) -> PyResult<Option<Value>> {
        let n = self.code.size;
        match self.bytes(th)?.chunks_exact(n).nth(i) {
            Some(b) => item::load(th, self.code, b).map(Some),
            None => Ok(None),
        }
    }

    /// Replaces items `at..at + removed` by the items in `new`.
    fn splice(self, th: &mut Thread, at: usize, removed: usize, new: &[u8]) -> PyResult<()> {
        let n = self.code.size;
        let store: Option<Ref<PyByteArray>> = self.store.cast();
        match store {
            Some(s) => o::bytearray::splice(th, s, at.saturating_mul(n), removed.saturating_mul(n), new),
            None => Ok(()),
        }
    }
}
