//! `BaseException`: construction, texts, attributes, pickling; what all classes inherit.

use super::data::{self, ARGS, MESSAGE, args_of};
use super::{BASE_EXCEPTION, DEPRECATION_WARNING, EXCEPTION_DATA, Family};
use crate::layout::{PyType, PyUnicode, Ref};
use crate::native::{Args, GetSetDef, MethodDef};
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::types::{flag, type_of};
use crate::value::{Slot, Value};
use smallvec::SmallVec;

pub(super) const FAMILY: Family = Family {
    slots: SlotTable {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        str: Some(str),
        getitem: Some(getitem),
        getslice: Some(getslice),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new("__reduce__", reduce, 0, 0, 0, ""),
        MethodDef::new("__setstate__", setstate, 1, 1, 0, ""),
        MethodDef::new("__unicode__", unicode, 0, 0, 0, ""),
    ],
    getset: &[
        GetSetDef { name: "__dict__", get: get_dict, set: Some(set_dict), doc: "" },
        GetSetDef { name: "args", get: get_args, set: Some(set_args), doc: "" },
        GetSetDef { name: "message", get: get_message, set: Some(set_message), doc: "" },
    ],
};

/// A bare instance of an exception class with these arguments, before `__init__`.
pub(super) fn bare(th: &Thread, class: Ref<PyType>, args: Value) -> Value {
    let mut slots: SmallVec<[Slot; 8]> = SmallVec::new();
    slots.resize(data::len_for(class), None);
    slots[ARGS] = Some(args);
    slots[MESSAGE] = Some(th.intern(b""));
    let data = th.new_record(&EXCEPTION_DATA, &slots);
    o::instance::allocate(th, class, Some(data)).value()
}

/// Makes the instance; the arguments are for `__init__`, and a class whose own one does not pass them on has none.
pub(super) fn new(th: &mut Thread, class: Value, _args: Args<'_>) -> PyResult {
    let Some(t) = class.cast::<PyType>() else {
        return Err(th.type_error("exceptions.BaseException.__new__(X): X is not a type object"));
    };
    let none = th.new_tuple(&[]);
    Ok(bare(th, t, none))
}

/// The class name as C declarations give it: with `exceptions.` for the built-in classes.
pub(super) fn full_name(v: Value) -> String {
    let t = type_of(v);
    if t.unguarded().flags.get() & flag::HEAP == 0 { format!("exceptions.{}", t.name()) } else { t.name() }
}

pub(super) fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    if !args.kw.is_empty() {
        let n = full_name(v);
        return Err(th.type_error(format!("{n} does not take keyword arguments")));
    }
    let t = th.try_tuple(args.pos)?;
    data::set(th, v, ARGS, Some(t))?;
    if let [one] = args.pos {
        data::set(th, v, MESSAGE, Some(*one))?;
    }
    Ok(())
}

/// `__str__` of `BaseException`.
pub(super) fn str(th: &mut Thread, v: Value) -> PyResult {
    let args = args_of(th, v)?;
    match args.get().items() {
        [] => Ok(th.intern(b"")),
        [one] => ops::str(th, *one),
        _ => ops::str(th, args.value()),
    }
}

pub(super) fn key_error_str(th: &mut Thread, v: Value) -> PyResult {
    let args = args_of(th, v)?;
    // A lone key is shown by its repr, so that an empty or odd string can be seen.
    match args.get().items() {
        [one] => ops::repr(th, *one),
        _ => str(th, v),
    }
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let args = args_of(th, v)?.value();
    let text = ops::repr(th, args)?;
    let mut out = type_of(v).name().into_bytes();
    out.extend_from_slice(th.str_bytes(text));
    th.try_str(&out)
}

fn unicode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    // A class with its own __str__ decides with that.
    let overridden =
        ops::slots_of(v).str.is_none_or(|f| !std::ptr::fn_addr_eq(f, str as crate::types::slots::UnaryFn));
    let source = if overridden {
        ops::str_or_unicode(th, v)?
    } else {
        let t = args_of(th, v)?;
        match t.get().items() {
            [] => return th.unicode_str(""),
            [one] => *one,
            _ => t.value(),
        }
    };
    if source.cast::<PyUnicode>().is_some() {
        return Ok(source);
    }
    ops::call(th, o::unicode::UNICODE.class(), &[source])
}

fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    let args = args_of(th, v)?.value();
    if ops::slots_of(k).index.is_none() && ops::int_value(k).is_none() {
        let n = ops::type_name(k);
        return Err(th.type_error(format!("sequence index must be integer, not '{n}'")));
    }
    ops::getitem(th, args, k)
}

fn getslice(th: &mut Thread, v: Value, i: i64, j: i64) -> PyResult {
    let args = args_of(th, v)?;
    let items = args.get().items();
    let clip = |n: i64| n.clamp(0, items.len() as i64) as usize;
    let (i, j) = (clip(i), clip(j));
    th.try_tuple(if i < j { &items[i..j] } else { &[] })
}

/// The instance's `__dict__`, if it has attributes of its own.
pub(super) fn own_dict(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let d = o::instance::dict_of(th, v)?;
    Ok(if ops::len(th, d)? == 0 { None } else { Some(d) })
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let a = args_of(th, v)?.value();
    reduced(th, v, a)
}

/// `(class, args[, __dict__])`.
pub(super) fn reduced(th: &mut Thread, v: Value, args: Value) -> PyResult {
    let class = type_of(v).value();
    Ok(match own_dict(th, v)? {
        Some(d) => th.new_tuple(&[class, args, d]),
        None => th.new_tuple(&[class, args]),
    })
}

fn setstate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (v, state) = (args.pos[0], args.pos[1]);
    if state.is_none() {
        return Ok(Value::NONE);
    }
    let Some(d) = state.payload::<crate::layout::PyDict>() else {
        return Err(th.type_error("state is not a dictionary"));
    };
    let mut pos = 0;
    while let Some(e) = o::dict::next_entry(th, d, &mut pos)? {
        let name = ops::attribute_name(th, e.0, "")?;
        ops::setattr(th, v, name, Some(e.1))?;
    }
    Ok(Value::NONE)
}

fn get_dict(th: &mut Thread, v: Value) -> PyResult {
    o::instance::dict_of(th, v)
}

fn set_dict(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    match x {
        None => Err(th.type_error("__dict__ may not be deleted")),
        Some(d) if o::dict::is_dict(d) => o::instance::set_dict(th, v, d),
        Some(_) => Err(th.type_error("__dict__ must be a dictionary")),
    }
}

fn get_args(th: &mut Thread, v: Value) -> PyResult {
    Ok(args_of(th, v)?.value())
}

fn set_args(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let Some(x) = x else { return Err(th.type_error("args may not be deleted")) };
    let t = tuple_from(th, x)?;
    data::set(th, v, ARGS, Some(t))
}

/// A tuple of the items of any iterable; a tuple is kept as it is.
pub(super) fn tuple_from(th: &mut Thread, x: Value) -> PyResult {
    if type_of(x).value() == o::tuple::TUPLE.class() {
        return Ok(x);
    }
    let items = ops::collect(th, x)?;
    th.try_tuple(ops::values(&items))
}

fn get_message(th: &mut Thread, v: Value) -> PyResult {
    let name = crate::names::message.get(th);
    // An explicit assignment lives in the __dict__ and is not deprecated.
    if let Some(m) = o::instance::get_own_attribute(th, v, name)? {
        return Ok(m);
    }
    match data::get(th, v, MESSAGE)? {
        None => Err(th.attribute_error("message attribute was deleted")),
        Some(m) => {
            crate::warnings::warn(
                th,
                &DEPRECATION_WARNING,
                "BaseException.message has been deprecated as of Python 2.6",
                1,
            )?;
            Ok(m)
        }
    }
}

fn set_message(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let name = crate::names::message.get(th);
    if x.is_none() {
        if o::instance::get_own_attribute(th, v, name)?.is_some() {
            o::instance::set_own_attribute(th, v, name, None)?;
        }
        return data::set(th, v, MESSAGE, None);
    }
    o::instance::set_own_attribute(th, v, name, x)?;
    Ok(())
}

/// True if the class constructs its instances exactly as `BaseException` does, so that native code may do it.
pub(super) fn is_plain(class: Ref<PyType>) -> bool {
    use crate::types::slots::{InitFn, NewFn};
    let s = class.slots();
    type_of(class.value()).value() == o::typeobject::TYPE.class()
        && s.new.is_some_and(|f| std::ptr::fn_addr_eq(f, new as NewFn))
        && s.init.is_some_and(|f| std::ptr::fn_addr_eq(f, init as InitFn))
        && crate::types::is_subtype(class, BASE_EXCEPTION.class().cast::<PyType>().unwrap_or(class))
}

/// An instance of a plain class.
pub(super) fn construct(th: &mut Thread, class: Ref<PyType>, args: &[Value]) -> PyResult {
    let t = th.try_tuple(args)?;
    let v = bare(th, class, t);
    if let [one] = args {
        data::set(th, v, MESSAGE, Some(*one))?;
    }
    Ok(v)
}
