//! `Structure`, `Union` and their metaclasses.

use super::data::{self, CDATA, FROM_ADDRESS, FROM_BUFFER, FROM_BUFFER_COPY, FROM_PARAM, IN_DLL, META};
use super::field;
use super::info::{self, Info, Signature, Sort};
use super::layout_fields;
use super::memory::KIND;
use interpreter::layout::{PyTuple, PyType};
use interpreter::native::{Args, TypeDef};
use interpreter::objects::{dict, typeobject};
use interpreter::types::slots::SlotTable;
use interpreter::types::type_of;
use interpreter::{PyResult, Slot, Thread, Value, ops};

/// The metaclass of structures.
pub(super) static STRUCTURE_META: TypeDef = TypeDef {
    module: "_ctypes",
    doc: Some("metatype for the CData Objects"),
    base: Some(&typeobject::TYPE),
    slots: SlotTable {
        new: Some(|th, meta, args| new_type(th, meta, args, Sort::Structure)),
        setattr: Some(set_attribute),
        repeat: Some(data::repeat),
        ..SlotTable::EMPTY
    },
    methods: &[FROM_ADDRESS, FROM_BUFFER, FROM_BUFFER_COPY, IN_DLL, FROM_PARAM],
    ..TypeDef::new("PyCStructType", META)
};

/// The metaclass of unions.
pub(super) static UNION_META: TypeDef = TypeDef {
    module: "_ctypes",
    doc: Some("metatype for the CData Objects"),
    base: Some(&typeobject::TYPE),
    slots: SlotTable {
        new: Some(|th, meta, args| new_type(th, meta, args, Sort::Union)),
        setattr: Some(set_attribute),
        repeat: Some(data::repeat),
        ..SlotTable::EMPTY
    },
    methods: &[FROM_ADDRESS, FROM_BUFFER, FROM_BUFFER_COPY, IN_DLL, FROM_PARAM],
    ..TypeDef::new("UnionType", META)
};

/// `Structure`.
pub(super) static STRUCTURE: TypeDef = TypeDef {
    module: "_ctypes",
    doc: Some("Structure base class"),
    base: Some(&CDATA),
    meta: Some(&STRUCTURE_META),
    slots: SlotTable { new: Some(data::new), init: Some(init), ..SlotTable::EMPTY },
    ..TypeDef::new("Structure", KIND)
};

/// `Union`.
pub(super) static UNION: TypeDef = TypeDef {
    module: "_ctypes",
    doc: Some("Union base class"),
    base: Some(&CDATA),
    meta: Some(&UNION_META),
    slots: SlotTable { new: Some(data::new), init: Some(init), ..SlotTable::EMPTY },
    ..TypeDef::new("Union", KIND)
};

/// The base a class takes its layout from.
fn base_of(class: Value) -> Slot {
    class.cast::<PyType>().and_then(|t| t.unguarded().base.get())
}

fn new_type(th: &mut Thread, meta: Value, args: Args<'_>, sort: Sort) -> PyResult {
    let class = typeobject::new(th, meta, args)?;
    let Some(t) = class.cast::<PyType>() else { return Ok(class) };
    if t.unguarded().annex.get().is_some() {
        return Ok(class);
    }
    let own = t.unguarded().dict.get();
    let name = th.intern(b"_abstract_");
    if dict::get_str(th, own, name)?.is_some() {
        return Ok(class);
    }
    let inherited = match base_of(class).and_then(info::of_class) {
        Some(b) => {
            b.info().set_in_use();
            b.info().inherited()
        }
        None => Info { passed: info::Passed::Parts(Vec::new()), ..Info::new(sort, 0, 1) },
    };
    info::attach(th, class, inherited, None, Signature::default())?;
    let name = th.intern(b"_fields_");
    if let Some(fields) = dict::get_str(th, own, name)? {
        // By the class's metaclass, which may have a way of its own.
        ops::setattr(th, class, name, Some(fields))?;
    }
    Ok(class)
}

/// `__setattr__` of the metaclasses: setting `_fields_` lays the fields out.
fn set_attribute(th: &mut Thread, class: Value, name: Value, x: Slot) -> PyResult<()> {
    typeobject::setattr(th, class, name, x)?;
    if th.str_bytes(name) != b"_fields_" {
        return Ok(());
    }
    let Some(fields) = x else { return Ok(()) };
    let Some(t) = info::of_class(class) else { return Ok(()) };
    let base = base_of(class).and_then(info::of_class);
    layout_fields::lay_out(th, class, t, base, fields)
}

/// `__init__`: fields by position, those of bases first, and by name.
fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    if !args.pos.is_empty() {
        let used = set_positional(th, v, type_of(v).value(), args, 0)?;
        if used < args.len() {
            return Err(th.type_error("too many initializers"));
        }
    }
    for (name, x) in args.keywords() {
        ops::setattr(th, v, name, Some(x))?;
    }
    Ok(())
}

/// Sets the fields of a class and its bases from the arguments from `at` on; where it got to.
fn set_positional(th: &mut Thread, v: Value, class: Value, args: Args<'_>, at: usize) -> PyResult<usize> {
    let mut at = at;
    if let Some(base) = base_of(class).filter(|b| info::of_class(*b).is_some()) {
        at = set_positional(th, v, base, args, at)?;
    }
    let Some(t) = class.cast::<PyType>() else { return Ok(at) };
    let name = th.intern(b"_fields_");
    let Some(fields) = dict::get_str(th, t.unguarded().dict.get(), name)? else { return Ok(at) };
    let n = ops::len(th, fields)?;
    for i in 0..n {
        let Some(x) = args.get(at) else { break };
        let i = th.int(i as i64);
        let pair = ops::getitem(th, fields, i)?;
        let name = ops::getitem(th, pair, Value::int_unchecked(0))?;
        if let Some((_, _)) = args.keywords().find(|(k, _)| th.str_bytes(*k) == th.str_bytes(name)) {
            let r = ops::repr(th, name)?;
            let r = String::from_utf8_lossy(th.str_bytes(r)).into_owned();
            return Err(th.type_error(format!("duplicate values for field {r}")));
        }
        ops::setattr(th, v, name, Some(x))?;
        at += 1;
    }
    Ok(at)
}

/// Makes the fields of the anonymous fields of a class its own.
pub(super) fn spread_anonymous(th: &mut Thread, class: Value) -> PyResult<()> {
    let name = th.intern(b"_anonymous_");
    let Some(names) = ops::getattr_opt(th, class, name)? else { return Ok(()) };
    if !ops::is_sequence(names) {
        return Err(th.type_error("_anonymous_ must be a sequence"));
    }
    let names = ops::collect(th, names)?;
    for i in 0..names.len() {
        let Some(name) = names.get(i).and_then(Value::from_bits) else { break };
        let d = ops::getattr(th, class, name)?;
        let Some(f) = field::of(d) else {
            let n = ops::repr(th, name)?;
            let n = String::from_utf8_lossy(th.str_bytes(n)).into_owned();
            return Err(th.attribute_error(format!("{n} is specified in _anonymous_ but not in _fields_")));
        };
        let marked = field::make(th, field::Field { anonymous: true, ..f });
        ops::setattr(th, class, name, Some(marked))?;
        spread(th, class, f, 0)?;
    }
    Ok(())
}

/// Most levels of anonymous fields within each other.
const DEEPEST: usize = 200;

fn spread(th: &mut Thread, class: Value, outer: field::Field, depth: usize) -> PyResult<()> {
    if depth > DEEPEST {
        return Err(th.recursion_error(""));
    }
    let name = th.intern(b"_fields_");
    let fields = ops::getattr(th, outer.class, name)?;
    let fields = ops::collect(th, fields)?;
    for i in 0..fields.len() {
        let Some(pair) = fields.get(i).and_then(Value::from_bits) else { break };
        let name = ops::getitem(th, pair, Value::int_unchecked(0))?;
        let d = ops::getattr(th, outer.class, name)?;
        let Some(f) = field::of(d) else { return Err(th.type_error("unexpected type")) };
        let moved = field::Field { index: f.index + outer.index, offset: f.offset + outer.offset, ..f };
        if f.anonymous {
            spread(th, class, moved, depth + 1)?;
            continue;
        }
        let d = field::make(th, moved);
        ops::setattr(th, class, name, Some(d))?;
    }
    Ok(())
}

/// The pair or triple that declares a field.
pub(super) fn declaration<'a>(v: Value) -> Option<&'a [Value]> {
    v.payload::<PyTuple>().map(|t| t.get().items()).filter(|p| matches!(p.len(), 2 | 3))
}
