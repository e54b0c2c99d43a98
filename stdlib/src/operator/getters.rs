//! `itemgetter`: tuple of keys. `attrgetter`: tuple of dotted names. `methodcaller`: name, tuple of arguments, tuple
//! of keyword names and values alternating.

use interpreter::kinds::kind;
use interpreter::layout::{PyRecord, PyTuple};
use interpreter::native::{Args, TypeDef};
use interpreter::objects::list::not_a;
use interpreter::objects::unpack::{expect_args, no_keywords};
use interpreter::types::slots::SlotTable;
use interpreter::types::wrap_new;
use interpreter::value::Value;
use interpreter::{PyResult, Thread, ops};

/// `operator.itemgetter`.
pub static ITEMGETTER: TypeDef = TypeDef {
    module: "operator",
    doc: Some(
        "itemgetter(key, ...) -> callable that takes an object and returns object[key], or a tuple for several keys",
    ),
    flags: 0,
    slots: SlotTable { new: Some(items_new), call: Some(items_call), ..SlotTable::EMPTY },
    ..TypeDef::new("itemgetter", kind::RECORD)
};

/// `operator.attrgetter`.
pub static ATTRGETTER: TypeDef = TypeDef {
    module: "operator",
    doc: Some(
        "attrgetter(name, ...) -> callable that takes an object and returns its attribute, or a tuple for several names; names may be dotted",
    ),
    flags: 0,
    slots: SlotTable { new: Some(attributes_new), call: Some(attributes_call), ..SlotTable::EMPTY },
    ..TypeDef::new("attrgetter", kind::RECORD)
};

/// `operator.methodcaller`.
pub static METHODCALLER: TypeDef = TypeDef {
    module: "operator",
    doc: Some(
        "methodcaller(name, ...) -> callable that takes an object and calls its method with these arguments",
    ),
    flags: 0,
    slots: SlotTable { new: Some(method_new), call: Some(method_call), ..SlotTable::EMPTY },
    ..TypeDef::new("methodcaller", kind::RECORD)
};

/// A tuple slot of a getter; getters never change.
fn parts<'a>(th: &mut Thread, v: Value, i: usize) -> PyResult<&'a [Value]> {
    match v.payload::<PyRecord>() {
        Some(r) => {
            Ok(r.unguarded().at(i).get().and_then(Value::cast::<PyTuple>).map_or(&[], |t| t.get().items()))
        }
        None => Err(not_a(th, "operator", v)),
    }
}

fn items_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    no_keywords(th, &args, "itemgetter")?;
    if args.is_empty() {
        expect_args(th, &args, 0, "itemgetter", 1, 1)?;
    }
    let keys = th.try_tuple(args.pos)?;
    let base = th.new_record(&ITEMGETTER, &[Some(keys)]);
    wrap_new(th, class, &ITEMGETTER, base)
}

fn items_call(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    no_keywords(th, &args, "itemgetter")?;
    expect_args(th, &args, 0, "itemgetter", 1, 1)?;
    let keys = parts(th, v, 0)?;
    if let [k] = *keys {
        return ops::getitem(th, args.pos[0], k);
    }
    let out = th.m.root_vec();
    for k in keys {
        let x = ops::getitem(th, args.pos[0], *k)?;
        out.push(x.bits());
    }
    th.try_tuple(ops::values(&out))
}

fn attributes_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    no_keywords(th, &args, "attrgetter")?;
    if args.is_empty() {
        expect_args(th, &args, 0, "attrgetter", 1, 1)?;
    }
    let names = th.try_tuple(args.pos)?;
    let base = th.new_record(&ATTRGETTER, &[Some(names)]);
    wrap_new(th, class, &ATTRGETTER, base)
}

/// The attribute a dotted name leads to.
fn dotted(th: &mut Thread, v: Value, name: Value) -> PyResult {
    let text: &[u8] = if name.payload::<interpreter::layout::PyStr>().is_some() {
        th.str_bytes(name)
    } else if name.payload::<interpreter::layout::PyUnicode>().is_some() {
        let s = interpreter::objects::unicode::encode_default(th, name)?;
        th.str_bytes(s)
    } else {
        return Err(th.type_error("attribute name must be a string"));
    };
    let text = text.to_vec();
    let mut v = v;
    for part in text.split(|c| *c == b'.') {
        let n = th.intern(part);
        v = ops::getattr(th, v, n)?;
    }
    Ok(v)
}

fn attributes_call(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    no_keywords(th, &args, "attrgetter")?;
    expect_args(th, &args, 0, "attrgetter", 1, 1)?;
    let names = parts(th, v, 0)?;
    if let [n] = *names {
        return dotted(th, args.pos[0], n);
    }
    let out = th.m.root_vec();
    for n in names {
        let x = dotted(th, args.pos[0], *n)?;
        out.push(x.bits());
    }
    th.try_tuple(ops::values(&out))
}

fn method_new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    if args.is_empty() {
        return Err(th.type_error("methodcaller needs at least one argument, the method name"));
    }
    let rest = th.try_tuple(&args.pos[1..])?;
    let kw = th.try_tuple(args.kw)?;
    let base = th.new_record(&METHODCALLER, &[args.get(0), Some(rest), Some(kw)]);
    wrap_new(th, class, &METHODCALLER, base)
}

fn method_call(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    no_keywords(th, &args, "methodcaller")?;
    expect_args(th, &args, 0, "methodcaller", 1, 1)?;
    let (rest, kw) = (parts(th, v, 1)?, parts(th, v, 2)?);
    let name = v.payload::<PyRecord>().and_then(|r| r.unguarded().at(0).get()).unwrap_or(Value::NONE);
    let name = ops::attribute_name(th, name, "")?;
    let m = ops::getattr(th, args.pos[0], name)?;
    ops::call_args(th, m, Args { callee: m, pos: rest, kw })
}
