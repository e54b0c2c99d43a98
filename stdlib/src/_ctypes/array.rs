//! `Array` and its metaclass.

use super::codes;
use super::data::{self, CDATA, FROM_ADDRESS, FROM_BUFFER, FROM_BUFFER_COPY, FROM_PARAM, IN_DLL, META};
use super::info::{self, CType, Info, Passed, Signature, Sort};
use super::memory::{self, KIND, data};
use super::text;
use super::value::{self, View};
use interpreter::layout::{PySlice, PyStr, PyType, PyUnicode};
use interpreter::native::{Args, GetSetDef, TypeDef};
use interpreter::objects::{self as o, dict, typeobject};
use interpreter::types::modify::set_attribute;
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Slot, Thread, Value, buffer, ops};

/// The metaclass.
pub(super) static ARRAY_META: TypeDef = TypeDef {
    module: "_ctypes",
    doc: Some("metatype for the Array Objects"),
    base: Some(&typeobject::TYPE),
    slots: SlotTable { new: Some(new_type), repeat: Some(data::repeat), ..SlotTable::EMPTY },
    methods: &[FROM_ADDRESS, FROM_BUFFER, FROM_BUFFER_COPY, IN_DLL, FROM_PARAM],
    ..TypeDef::new("PyCArrayType", META)
};

/// `Array`.
pub(super) static ARRAY: TypeDef = TypeDef {
    module: "_ctypes",
    doc: Some("XXX to be provided"),
    base: Some(&CDATA),
    meta: Some(&ARRAY_META),
    slots: SlotTable {
        new: Some(data::new),
        init: Some(init),
        len: Some(|th, v| Ok(data(th, v)?.length)),
        getitem: Some(getitem),
        setitem: Some(setitem),
        getslice: Some(getslice),
        setslice: Some(setslice),
        ..SlotTable::EMPTY
    },
    ..TypeDef::new("Array", KIND)
};

/// Attributes of arrays of characters.
static TEXT: [GetSetDef; 2] = [
    GetSetDef { name: "raw", get: get_raw, set: Some(set_raw), doc: "value" },
    GetSetDef { name: "value", get: get_text, set: Some(set_text), doc: "string value" },
];
/// Attributes of arrays of wide characters.
static WIDE_TEXT: [GetSetDef; 1] =
    [GetSetDef { name: "value", get: get_wide_text, set: Some(set_wide_text), doc: "string value" }];

fn new_type(th: &mut Thread, meta: Value, args: Args<'_>) -> PyResult {
    let class = typeobject::new(th, meta, args)?;
    if info::of_class(class).is_some() {
        return Ok(class);
    }
    let name = th.intern(b"_length_");
    let length = match ops::getattr_opt(th, class, name)? {
        Some(n) if ops::exact_integer(n).is_some() => n,
        _ => {
            return Err(th.attribute_error(
                "class must define a '_length_' attribute, which must be a positive integer",
            ));
        }
    };
    let Some(length) =
        ops::int_value(length).or_else(|| codes::low_bits(length).and_then(|n| i64::try_from(n).ok()))
    else {
        return Err(th.overflow_error("The '_length_' attribute is too large"));
    };
    let name = th.intern(b"_type_");
    let Some(item) = ops::getattr_opt(th, class, name)? else {
        return Err(th.attribute_error("class must define a '_type_' attribute"));
    };
    let Some(t) = info::of_class(item) else {
        return Err(th.type_error("_type_ must have storage info"));
    };
    let i = t.info();
    let bytes = length.unsigned_abs().checked_mul(i.size as u64).filter(|n| *n <= isize::MAX as u64);
    let Some(size) = bytes else { return Err(th.overflow_error("array too large")) };
    let length = length.max(0) as usize;
    let size = if length == 0 { 0 } else { size as usize };
    let mut shape = vec![length];
    shape.extend_from_slice(&i.shape);
    let contents = match (size <= info::IN_REGISTERS, &i.contents) {
        (true, Some(c)) => Passed::Parts(vec![c.clone(); length]),
        (true, None) => Passed::Parts(vec![i.passed.clone(); length]),
        _ => Passed::Block { size, align: i.align },
    };
    let own = Info {
        contents: Some(contents),
        length,
        pointers: i.pointers,
        format: i.format.clone(),
        shape,
        passed: Passed::Simple(b'P'),
        ..Info::new(Sort::Array, size, i.align)
    };
    info::attach(th, class, own, Some(item), Signature::default())?;
    let rows: &'static [GetSetDef] = match (i.sort, i.letter) {
        (Sort::Simple, b'c') => &TEXT,
        (Sort::Simple, b'u') => &WIDE_TEXT,
        _ => &[],
    };
    if let Some(c) = class.cast::<PyType>() {
        for row in rows {
            let d = o::descriptors::new_getset(th, row, class);
            let name = th.intern(row.name.as_bytes());
            set_attribute(th, c, name, Some(d))?;
        }
    }
    Ok(class)
}

/// The type of arrays of `length` items of type `item`: the same each time.
pub(super) fn type_of_length(th: &mut Thread, item: Value, length: usize) -> PyResult {
    let Some(t) = info::of_class(item) else {
        return Err(th.type_error("_type_ must have storage info"));
    };
    let known = t.arrays(th)?;
    let key = th.int(length as i64);
    if let Some(w) = dict::get(th, known, key)?
        && let Some(class) = o::weakref::referent(th, w)?
    {
        return Ok(class);
    }
    let name = format!("{}_Array_{length}", item.cast::<PyType>().map_or(String::new(), |t| t.name()));
    let name = th.try_str(name.as_bytes())?;
    let bases = th.try_tuple(&[ARRAY.class()])?;
    let ns = th.new_dict();
    for (name, v) in [(&b"_length_"[..], key), (b"_type_", item)] {
        let name = th.intern(name);
        dict::set_str(th, ns, name, v)?;
    }
    let class = ops::call(th, ARRAY_META.class(), &[name, bases, ns])?;
    let w = o::weakref::plain(th, class);
    dict::set(th, known, key, w)?;
    Ok(class)
}

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    for (i, x) in args.pos.iter().enumerate() {
        set_item(th, v, i as i64, *x)?;
    }
    Ok(())
}

fn item_type(th: &mut Thread, v: Value) -> PyResult<(Value, CType)> {
    match info::of(v).and_then(CType::target) {
        Some(item) => Ok((item, memory::concrete(th, item)?)),
        None => Err(th.type_error("abstract class")),
    }
}

fn item(th: &mut Thread, v: Value, i: i64) -> PyResult {
    let n = data(th, v)?.length as i64;
    if i < 0 || i >= n {
        return Err(th.index_error("invalid index"));
    }
    let (item, t) = item_type(th, v)?;
    value::get(th, item, View::Plain, v, i as usize, i as usize * t.info().size)
}

fn set_item(th: &mut Thread, v: Value, i: i64, x: Value) -> PyResult<()> {
    let n = data(th, v)?.length as i64;
    if i < 0 || i >= n {
        return Err(th.index_error("invalid index"));
    }
    let (item, t) = item_type(th, v)?;
    value::set(th, item, View::Plain, v, i as usize, i as usize * t.info().size, x)
}

fn is_index(k: Value) -> bool {
    ops::exact_integer(k).is_some() || ops::slots_of(k).index.is_some()
}

fn index(th: &mut Thread, v: Value, k: Value) -> PyResult<i64> {
    if !is_index(k) {
        return Err(th.type_error("indices must be integers"));
    }
    let i = ops::index_i64(th, k, None)?;
    Ok(if i < 0 { i + data(th, v)?.length as i64 } else { i })
}

fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    if let Some(s) = k.cast::<PySlice>() {
        let len = data(th, v)?.length;
        let (start, _, step, n) = ops::slice_indices(th, s, len)?;
        return items(th, v, start, step, n);
    }
    let i = index(th, v, k)?;
    item(th, v, i)
}

fn clipped(th: &mut Thread, v: Value, i: i64, j: i64) -> PyResult<(i64, i64)> {
    let n = data(th, v)?.length as i64;
    let i = i.clamp(0, n);
    Ok((i, j.clamp(i, n)))
}

fn getslice(th: &mut Thread, v: Value, i: i64, j: i64) -> PyResult {
    let (i, j) = clipped(th, v, i, j)?;
    items(th, v, i, 1, (j - i) as usize)
}

/// Items as a list; characters as text.
fn items(th: &mut Thread, v: Value, start: i64, step: i64, n: usize) -> PyResult {
    let (_, t) = item_type(th, v)?;
    let letter = t.info().letter;
    if matches!(letter, b'c' | b'u') && t.info().sort == Sort::Simple {
        let size = t.info().size;
        let all = data(th, v)?.all(th)?;
        let mut out = Vec::with_capacity(n * size);
        for i in 0..n as i64 {
            let at = (start + i * step) as usize * size;
            out.extend_from_slice(all.get(at..at + size).unwrap_or(&[]));
        }
        return if letter == b'c' { th.try_str(&out) } else { text::from_wide(th, &out) };
    }
    let out = th.m.root_vec();
    for i in 0..n as i64 {
        let x = item(th, v, start + i * step)?;
        out.push(x.bits());
        if i % 1024 == 1023 {
            th.native_poll()?;
        }
    }
    th.new_list(ops::values(&out))
}

fn setitem(th: &mut Thread, v: Value, k: Value, x: Slot) -> PyResult<()> {
    let Some(x) = x else { return Err(th.type_error("Array does not support item deletion")) };
    if let Some(s) = k.cast::<PySlice>() {
        let len = data(th, v)?.length;
        let (start, _, step, n) = ops::slice_indices(th, s, len)?;
        return set_items(th, v, start, step, n, x);
    }
    let i = index(th, v, k)?;
    set_item(th, v, i, x)
}

fn setslice(th: &mut Thread, v: Value, i: i64, j: i64, x: Slot) -> PyResult<()> {
    let Some(x) = x else { return Err(th.type_error("Array does not support item deletion")) };
    let (i, j) = clipped(th, v, i, j)?;
    set_items(th, v, i, 1, (j - i) as usize, x)
}

fn set_items(th: &mut Thread, v: Value, start: i64, step: i64, n: usize, x: Value) -> PyResult<()> {
    if ops::len(th, x)? != n {
        return Err(th.value_error("Can only assign sequence of same size"));
    }
    for i in 0..n as i64 {
        let k = th.int(i);
        let y = ops::getitem(th, x, k)?;
        set_item(th, v, start + i * step, y)?;
    }
    Ok(())
}

fn get_raw(th: &mut Thread, v: Value) -> PyResult {
    let b = data(th, v)?.all(th)?;
    th.try_str(b)
}

fn set_raw(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let Some(x) = x else { return Err(th.attribute_error("cannot delete attribute")) };
    let b = buffer::of(th, x)?;
    let d = data(th, v)?;
    if b.len > d.size {
        return Err(th.value_error("string too long"));
    }
    d.write(th, 0, b.bytes())
}

fn get_text(th: &mut Thread, v: Value) -> PyResult {
    let b = data(th, v)?.all(th)?;
    th.try_str(&b[..b.iter().position(|c| *c == 0).unwrap_or(b.len())])
}

fn set_text(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let Some(x) = x else { return Err(th.type_error("can't delete attribute")) };
    let s = if x.payload::<PyUnicode>().is_some() {
        text::encode(th, x)?
    } else if x.payload::<PyStr>().is_some() {
        x
    } else {
        let n = ops::type_name(x);
        return Err(th.type_error(format!("string expected instead of {n} instance")));
    };
    put_text(th, v, th.str_bytes(s), 1)
}

fn get_wide_text(th: &mut Thread, v: Value) -> PyResult {
    let b = data(th, v)?.all(th)?;
    text::from_wide(th, text::up_to_null(b))
}

fn set_wide_text(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let Some(x) = x else { return Err(th.type_error("can't delete attribute")) };
    let u = text::unicode_of(th, x, "unicode string expected instead of ")?;
    put_text(th, v, &text::wide_bytes(u), 4)
}

/// Characters of a width, with a null one behind them if there is room.
fn put_text(th: &mut Thread, v: Value, b: &[u8], width: usize) -> PyResult<()> {
    let d = data(th, v)?;
    if b.len() > d.size {
        return Err(th.value_error("string too long"));
    }
    d.write(th, 0, b)?;
    if b.len() < d.size {
        d.write(th, b.len(), &[0; 4][..width])?;
    }
    Ok(())
}
