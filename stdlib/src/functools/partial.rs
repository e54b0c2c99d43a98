//! `functools.partial`: an instance with attributes whose payload is a record of function, arguments, keywords.

use interpreter::kinds::kind;
use interpreter::layout::{PyDict, PyRecord, PyTuple, PyType, Ref};
use interpreter::native::{
    Args, BASETYPE, GetSetDef, HAS_DICT, MethodDef, PAYLOAD, TypeDef, WEAKREFS, read_only,
};
use interpreter::objects::dict::{self, is_dict};
use interpreter::objects::instance::{allocate, dict_of, set_dict};
use interpreter::objects::list::not_a;
use interpreter::types::slots::SlotTable;
use interpreter::types::type_of;
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread, ops};

/// `functools.partial`.
pub static PARTIAL: TypeDef = TypeDef {
    module: "functools",
    doc: Some(
        "partial(function, *args, **keywords) -> callable that passes these arguments before those it is called with",
    ),
    flags: BASETYPE | HAS_DICT | PAYLOAD | WEAKREFS,
    slots: SlotTable { new: Some(new), call: Some(call), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new("__reduce__", reduce, 0, 0, 0, "How to pickle the object."),
        MethodDef::new("__setstate__", setstate, 1, 1, 0, "Takes the state that __reduce__ gave."),
    ],
    getset: &[
        GetSetDef { name: "func", get: |th, v| part(th, v, 0), set: Some(read_only), doc: "The function." },
        GetSetDef {
            name: "args",
            get: |th, v| part(th, v, 1),
            set: Some(read_only),
            doc: "Its first arguments.",
        },
        GetSetDef {
            name: "keywords",
            get: |th, v| part(th, v, 2),
            set: Some(read_only),
            doc: "Its keyword arguments.",
        },
        GetSetDef { name: "__dict__", get: dict_of, set: Some(replace_dict), doc: "" },
    ],
    ..TypeDef::new("partial", kind::INSTANCE)
};

fn record(th: &mut Thread, v: Value) -> PyResult<Ref<PyRecord>> {
    match v.payload::<PyRecord>() {
        Some(r) => Ok(r),
        None => Err(not_a(th, "functools.partial", v)),
    }
}

fn part(th: &mut Thread, v: Value, i: usize) -> PyResult {
    let r = record(th, v)?;
    Ok(r.read(th)?.at(i).get().unwrap_or(Value::NONE))
}

fn replace_dict(th: &mut Thread, v: Value, d: Slot) -> PyResult<()> {
    match d {
        None => Err(th.type_error("a partial object's dictionary may not be deleted")),
        Some(d) if is_dict(d) => set_dict(th, v, d),
        Some(_) => Err(th.type_error("setting partial object's dictionary to a non-dict")),
    }
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let Some(f) = args.get(0) else {
        return Err(th.type_error("type 'partial' takes at least one argument"));
    };
    if !ops::callable(th, f) {
        return Err(th.type_error("the first argument must be callable"));
    }
    let rest = th.try_tuple(&args.pos[1..])?;
    let kw = th.new_dict();
    for (k, x) in args.keywords() {
        dict::set(th, kw, k, x)?;
    }
    let base = th.new_record(&PARTIAL, &[Some(f), Some(rest), Some(kw)]);
    match class.cast::<PyType>() {
        Some(t) => Ok(allocate(th, t, Some(base)).value()),
        None => Err(not_a(th, "type", class)),
    }
}

fn call(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    let (f, first, kw) = (part(th, v, 0)?, part(th, v, 1)?, part(th, v, 2)?);
    let all = th.m.root_vec();
    if let Some(t) = first.payload::<PyTuple>() {
        t.get().items().iter().for_each(|x| all.push(x.bits()));
    }
    args.pos.iter().for_each(|x| all.push(x.bits()));
    let empty = match kw.payload::<PyDict>() {
        Some(d) => dict::len(th, d)? == 0,
        None => true,
    };
    if empty {
        return ops::call_args(th, f, Args { callee: f, pos: ops::values(&all), kw: args.kw });
    }
    let merged = dict::copy_plain(th, kw)?;
    for (k, x) in args.keywords() {
        dict::set(th, merged, k, x)?;
    }
    let words = th.m.root_vec();
    let mut pos = 0;
    while let Some((k, x)) = dict::next_entry(th, merged, &mut pos)? {
        words.push(k.bits());
        words.push(x.bits());
    }
    ops::call_args(th, f, Args { callee: f, pos: ops::values(&all), kw: ops::values(&words) })
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let (f, first, kw) = (part(th, v, 0)?, part(th, v, 1)?, part(th, v, 2)?);
    let own = dict_of(th, v)?;
    let own = match own.payload::<PyDict>() {
        Some(d) if dict::len(th, d)? == 0 => Value::NONE,
        _ => own,
    };
    let a = th.new_tuple(&[f]);
    let state = th.new_tuple(&[f, first, kw, own]);
    Ok(th.new_tuple(&[type_of(v).value(), a, state]))
}

fn setstate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let parts = match args.pos[1].payload::<PyTuple>() {
        Some(t) => t.get().items(),
        None => &[],
    };
    let [f, first, kw, own] = *parts else { return Err(th.type_error("invalid partial state")) };
    if !ops::callable(th, f) || first.payload::<PyTuple>().is_none() || !(kw.is_none() || is_dict(kw)) {
        return Err(th.type_error("invalid partial state"));
    }
    // Exact tuple and dict, whatever subclasses were given.
    let first = match (first.cast::<PyTuple>(), first.payload::<PyTuple>()) {
        (None, Some(t)) => th.try_tuple(t.get().items())?,
        _ => first,
    };
    let kw = match kw {
        Value::NONE => th.new_dict(),
        d if dict::is_exact(d) => d,
        d => dict::copy_plain(th, d)?,
    };
    let r = record(th, v)?;
    let rec = r.write(th)?;
    rec.at(0).set(Some(f));
    rec.at(1).set(Some(first));
    rec.at(2).set(Some(kw));
    if own.is_none() {
        let d = th.new_dict();
        set_dict(th, v, d)?;
    } else {
        replace_dict(th, v, Some(own))?;
    }
    Ok(Value::NONE)
}
