//! `CField`: the descriptor of one field of a structure or union.

use super::codes;
use super::info::{self, Sort};
use super::memory::{self, data, is_data};
use super::value::{self, View};
use interpreter::kinds::kind;
use interpreter::layout::{PyRecord, PyType};
use interpreter::native::{GetSetDef, NO_NEW, TypeDef};
use interpreter::types::slots::SlotTable;
use interpreter::types::type_of;
use interpreter::{PyResult, Slot, Thread, Value, ops};

/// `CField`.
pub(super) static CFIELD: TypeDef = TypeDef {
    module: "_ctypes",
    doc: Some("Structure/Union member"),
    flags: NO_NEW,
    slots: SlotTable { repr: Some(repr), descr_get: Some(get), descr_set: Some(set), ..SlotTable::EMPTY },
    getset: &[
        GetSetDef {
            name: "offset",
            get: |th, v| Ok(th.int(of(v).map_or(0, |f| f.offset as i64))),
            set: None,
            doc: "offset in bytes of this field",
        },
        GetSetDef {
            name: "size",
            get: |th, v| {
                let f = of(v);
                Ok(th.int(
                    f.map_or(0, |f| if f.bits > 0 { (f.bits << 16 | f.shift) as i64 } else { f.size as i64 }),
                ))
            },
            set: None,
            doc: "size in bytes of this field",
        },
    ],
    ..TypeDef::new("CField", kind::RECORD)
};

/// A field taken apart. It does not change.
#[derive(Copy, Clone)]
pub(super) struct Field {
    pub class: Value,
    pub index: usize,
    pub offset: usize,
    pub size: usize,
    /// Of a bit field: how many, else 0; and where they begin, from the lowest.
    pub bits: usize,
    pub shift: usize,
    /// Its own fields are fields of the whole.
    pub anonymous: bool,
}

/// The parts of a `CField`.
pub(super) fn of(v: Value) -> Option<Field> {
    let r = v.cast::<PyRecord>().filter(|_| type_of(v).value().bits() == CFIELD.class_bits())?;
    let r = r.unguarded();
    let n = |i: usize| r.at(i).get().and_then(Value::as_small_int).unwrap_or(0) as usize;
    Some(Field {
        class: r.at(0).get()?,
        index: n(1),
        offset: n(2),
        size: n(3),
        bits: n(4),
        shift: n(5),
        anonymous: n(6) != 0,
    })
}

/// The descriptor.
pub(super) fn make(th: &mut Thread, f: Field) -> Value {
    let n = [f.index, f.offset, f.size, f.bits, f.shift, f.anonymous as usize];
    let [a, b, c, d, e, g] = n.map(|n| Some(th.int(n as i64)));
    th.new_record(&CFIELD, &[Some(f.class), a, b, c, d, e, g])
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let Some(f) = of(v) else { return Ok(ops::default_repr(th, v)) };
    let name = f.class.cast::<PyType>().map_or(String::new(), |t| t.name());
    let text = if f.bits > 0 {
        format!("<Field type={name}, ofs={}:{}, bits={}>", f.offset, f.shift, f.bits)
    } else {
        format!("<Field type={name}, ofs={}, size={}>", f.offset, f.size)
    };
    th.try_str(text.as_bytes())
}

/// Arrays of characters are shown as text.
fn view(class: Value) -> View {
    let Some(t) = info::of_class(class).filter(|t| t.info().sort == Sort::Array) else { return View::Plain };
    match t.target().and_then(info::of_class).map(|i| i.info().letter) {
        Some(b'c') => View::Text,
        Some(b'u') => View::WideText,
        _ => View::Plain,
    }
}

fn get(th: &mut Thread, v: Value, instance: Slot, _: Slot) -> PyResult {
    let Some(x) = instance.filter(|x| !x.is_none()) else { return Ok(v) };
    let Some(f) = of(v).filter(|_| is_data(x)) else {
        return Err(th.type_error("not a ctype instance"));
    };
    if f.bits > 0 {
        return get_bits(th, f, x);
    }
    value::get(th, f.class, view(f.class), x, f.index, f.offset)
}

fn set(th: &mut Thread, v: Value, x: Value, new: Slot) -> PyResult<()> {
    let Some(f) = of(v).filter(|_| is_data(x)) else {
        return Err(th.type_error("not a ctype instance"));
    };
    let Some(new) = new else { return Err(th.type_error("can't delete attribute")) };
    if f.bits > 0 {
        return set_bits(th, f, x, new);
    }
    value::set(th, f.class, view(f.class), x, f.index, f.offset, new)
}

/// The word a bit field lies in, lowest byte first, and its letter and byte order.
fn word(th: &mut Thread, f: Field, x: Value) -> PyResult<(u64, u8, bool)> {
    let t = memory::concrete(th, f.class)?;
    let (letter, swapped, size) = (t.info().letter, t.info().swapped, t.info().size);
    let mut b = [0; 8];
    b[..size].copy_from_slice(data(th, x)?.bytes(th, f.offset, size)?);
    if swapped != cfg!(target_endian = "big") {
        b[..size].reverse();
    }
    Ok((u64::from_le_bytes(b), letter, swapped))
}

fn get_bits(th: &mut Thread, f: Field, x: Value) -> PyResult {
    let (w, letter, _) = word(th, f, x)?;
    let low = w >> f.shift;
    let spare = 64 - f.bits as u32;
    let signed = codes::bit_field_sign(letter) == Some(true);
    let n = if signed { ((low << spare) as i64 >> spare) as i128 } else { (low << spare >> spare) as i128 };
    match letter {
        b'I' | b'L' | b'Q' | b'q' => th.long(&n.into()),
        _ => th.integer_i128(n),
    }
}

fn set_bits(th: &mut Thread, f: Field, x: Value, new: Value) -> PyResult<()> {
    let n = codes::masked(th, new)?;
    let (w, _, swapped) = word(th, f, x)?;
    let mask = if f.bits >= 64 { u64::MAX } else { (1 << f.bits) - 1 };
    let w = w & !(mask << f.shift) | (n & mask) << f.shift;
    let size = f.size;
    let mut b = w.to_le_bytes();
    if swapped != cfg!(target_endian = "big") {
        b[..size].reverse();
    }
    data(th, x)?.write(th, f.offset, &b[..size])
}
