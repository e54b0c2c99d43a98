//! `function`.

use crate::kinds::kind;
use crate::layout::*;
use crate::names;
use crate::native::{Args, GetSetDef, TypeDef};
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::lookup;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

const CODE: GetSetDef =
    GetSetDef { name: "func_code", get: |_, v| Ok(fields(v).code.get()), set: Some(set_code), doc: "" };
const GLOBALS: GetSetDef = GetSetDef {
    name: "func_globals",
    get: |_, v| Ok(fields(v).globals.get()),
    set: Some(crate::native::read_only),
    doc: "",
};
const DEFAULTS: GetSetDef = GetSetDef {
    name: "func_defaults",
    get: |_, v| Ok(fields(v).defaults.get()),
    set: Some(set_defaults),
    doc: "",
};
const CLOSURE: GetSetDef = GetSetDef {
    name: "func_closure",
    get: |_, v| Ok(fields(v).closure.get()),
    set: Some(crate::native::read_only),
    doc: "",
};
const NAME: GetSetDef =
    GetSetDef { name: "func_name", get: |_, v| Ok(fields(v).name.get()), set: Some(set_name), doc: "" };
const DOC: GetSetDef =
    GetSetDef { name: "func_doc", get: |_, v| Ok(fields(v).doc.get()), set: Some(set_doc), doc: "" };
const DICT: GetSetDef = GetSetDef { name: "func_dict", get: get_dict, set: Some(set_dict), doc: "" };

const fn renamed(g: GetSetDef, name: &'static str) -> GetSetDef {
    GetSetDef { name, get: g.get, set: g.set, doc: "" }
}

/// `function`.
pub static FUNCTION: TypeDef = TypeDef {
    flags: 0,
    doc: Some(
        "function(code, globals[, name[, argdefs[, closure]]])\n\nCreate a function object from a code object and a dictionary.",
    ),
    slots: SlotTable {
        repr: Some(repr),
        call: Some(crate::eval::call_function),
        getattr: Some(getattr),
        setattr: Some(setattr),
        descr_get: Some(|th, f, obj, ty| Ok(th.new_method(f, obj, ty))),
        new: Some(new),
        ..SlotTable::EMPTY
    },
    getset: &[
        CODE,
        GLOBALS,
        DEFAULTS,
        CLOSURE,
        NAME,
        DOC,
        DICT,
        renamed(CODE, "__code__"),
        renamed(GLOBALS, "__globals__"),
        renamed(DEFAULTS, "__defaults__"),
        renamed(CLOSURE, "__closure__"),
        renamed(NAME, "__name__"),
        renamed(DOC, "__doc__"),
        renamed(DICT, "__dict__"),
        GetSetDef { name: "__module__", get: get_module, set: Some(set_module), doc: "" },
    ],
    ..TypeDef::new("function", kind::FUNCTION)
};

fn fields<'a>(v: Value) -> &'a PyFunction {
    match v.cast::<PyFunction>() {
        Some(f) => f.fields(),
        None => panic!("a function's attribute was asked of something else"),
    }
}

fn as_function(th: &mut Thread, v: Value) -> PyResult<Ref<PyFunction>> {
    match v.cast::<PyFunction>() {
        Some(f) => Ok(f),
        None => Err(th.type_error("a function is needed")),
    }
}

/// A new function object.
pub fn make(th: &mut Thread, code: Value, globals: Value, defaults: Value, closure: Value) -> PyResult {
    let Some(c) = code.cast::<PyCode>() else { return Err(th.type_error("a code object is needed")) };
    let doc = match c.consts.cast::<PyTuple>().and_then(|t| t.get().items().first().copied()) {
        Some(d) if d.payload::<PyStr>().is_some() || d.payload::<PyUnicode>().is_some() => d,
        _ => Value::NONE,
    };
    let key = names::__name__.get(th);
    let module = o::dict::get_str(th, globals, key)?;
    let r: Ref<PyFunction> = th.alloc_fixed(FUNCTION.class_bits(), round16(size_of::<PyFunction>()));
    // SAFETY: fresh object; raw stores, since zeroed cells are not valid values yet.
    unsafe {
        let p = r.as_ptr();
        for (at, v) in [
            (std::ptr::addr_of_mut!((*p).code), code),
            (std::ptr::addr_of_mut!((*p).globals), globals),
            (std::ptr::addr_of_mut!((*p).defaults), defaults),
            (std::ptr::addr_of_mut!((*p).closure), closure),
            (std::ptr::addr_of_mut!((*p).name), c.name),
            (std::ptr::addr_of_mut!((*p).doc), doc),
        ] {
            at.write(std::cell::Cell::new(v));
        }
    }
    r.unguarded().module.set(module);
    Ok(r.value())
}

fn new(th: &mut Thread, _class: Value, args: Args<'_>) -> PyResult {
    let [code, globals, name, defaults, closure] =
        args.bind(th, "function", ["code", "globals", "name", "argdefs", "closure"], 2)?;
    let (code, globals) = (code.unwrap_or(Value::NONE), globals.unwrap_or(Value::NONE));
    let Some(c) = code.cast::<PyCode>() else {
        let n = ops::type_name(code);
        return Err(th.type_error(format!("function() argument 1 must be code, not {n}")));
    };
    if !o::dict::is_dict(globals) {
        let n = ops::type_name(globals);
        return Err(th.type_error(format!("function() argument 2 must be dict, not {n}")));
    }
    let defaults = defaults.unwrap_or(Value::NONE);
    if !defaults.is_none() && defaults.payload::<PyTuple>().is_none() {
        return Err(th.type_error("arg 4 (defaults) must be None or tuple"));
    }
    let closure = closure.unwrap_or(Value::NONE);
    let nfree = c.freevars.cast::<PyTuple>().map_or(0, |t| t.len);
    match closure.payload::<PyTuple>() {
        None if !closure.is_none() => return Err(th.type_error("arg 5 (closure) must be None or tuple")),
        None if nfree > 0 => return Err(th.type_error("arg 5 (closure) must be tuple")),
        None => {}
        Some(t) => {
            if t.len != nfree {
                let (n, k) = (lookup::text(th, c.name), t.len);
                return Err(th.value_error(format!("{n} requires closure of length {nfree}, not {k}")));
            }
            if let Some(x) = t.get().items().iter().find(|x| x.cast::<PyCell>().is_none()) {
                let n = ops::type_name(*x);
                return Err(th.type_error(format!("arg 5 (closure) expected cell, found {n}")));
            }
        }
    }
    let f = make(th, code, globals, defaults.base_object(), closure.base_object())?;
    if let Some(n) = name.filter(|n| !n.is_none()) {
        if n.payload::<PyStr>().is_none() {
            return Err(th.type_error("arg 3 (name) must be None or string"));
        }
        fields(f).name.set(n);
    }
    Ok(f)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let n = lookup::text(th, fields(v).name.get());
    Ok(th.new_str(format!("<function {n} at {:#x}>", v.bits()).as_bytes()))
}

/// Read-mostly fields of a public function change in exclusive mode (DESIGN §2).
fn exclusive(th: &mut Thread, f: Ref<PyFunction>) -> PyResult<()> {
    if !th.m.tx.is_solo() && !gc_stm::is_young(f.obj()) {
        if let Err(c) = th.m.tx.enter_exclusive() {
            return Err(th.conflict(c));
        }
        th.m.tx.record().request_own(stm_core::Requests::COMMIT);
    }
    f.write(th)?;
    Ok(())
}

fn set_code(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let f = as_function(th, v)?;
    let Some(c) = x.and_then(|x| x.cast::<PyCode>()) else {
        return Err(th.type_error("__code__ must be set to a code object"));
    };
    let nfree = c.freevars.cast::<PyTuple>().map_or(0, |t| t.len);
    let have = f.fields().closure.get().cast::<PyTuple>().map_or(0, |t| t.len);
    if nfree != have {
        let n = lookup::text(th, f.fields().name.get());
        return Err(
            th.value_error(format!("{n}() requires a code object with {have} free vars, not {nfree}"))
        );
    }
    exclusive(th, f)?;
    f.fields().code.set(c.value());
    Ok(())
}

fn set_defaults(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let f = as_function(th, v)?;
    let x = x.unwrap_or(Value::NONE);
    if !x.is_none() && x.payload::<PyTuple>().is_none() {
        return Err(th.type_error("__defaults__ must be set to a tuple object"));
    }
    exclusive(th, f)?;
    f.fields().defaults.set(x.base_object());
    Ok(())
}

fn set_name(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let f = as_function(th, v)?;
    match x {
        Some(x) if x.payload::<PyStr>().is_some() => {
            f.write(th)?.name.set(x);
            Ok(())
        }
        _ => Err(th.type_error("__name__ must be set to a string object")),
    }
}

fn set_doc(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let f = as_function(th, v)?;
    f.write(th)?.doc.set(x.unwrap_or(Value::NONE));
    Ok(())
}

fn get_module(th: &mut Thread, v: Value) -> PyResult {
    let f = as_function(th, v)?;
    Ok(f.read(th)?.module.get().unwrap_or(Value::NONE))
}

fn set_module(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let f = as_function(th, v)?;
    f.write(th)?.module.set(x);
    Ok(())
}

fn get_dict(th: &mut Thread, v: Value) -> PyResult {
    let f = as_function(th, v)?;
    if let Some(d) = f.read(th)?.dict.get() {
        return Ok(d);
    }
    let d = th.new_dict();
    f.write(th)?.dict.set(Some(d));
    Ok(d)
}

fn set_dict(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let f = as_function(th, v)?;
    match x {
        Some(d) if o::dict::is_dict(d) => {
            f.write(th)?.dict.set(Some(d));
            Ok(())
        }
        Some(_) => Err(th.type_error("setting function's dictionary to a non-dict")),
        None => Err(th.type_error("function's dictionary may not be deleted")),
    }
}

fn getattr(th: &mut Thread, v: Value, name: Value) -> PyResult {
    let f = as_function(th, v)?;
    if let Some(d) = f.read(th)?.dict.get() {
        let t = crate::types::type_of(v);
        let data = lookup::type_lookup(th, t, name).is_some_and(|x| ops::slots_of(x).descr_set.is_some());
        if !data && let Some(x) = o::dict::get_str(th, d, name)? {
            return Ok(x);
        }
    }
    lookup::generic_getattr(th, v, name)
}

fn setattr(th: &mut Thread, v: Value, name: Value, x: Slot) -> PyResult<()> {
    let t = crate::types::type_of(v);
    if let Some(d) = lookup::type_lookup(th, t, name)
        && let Some(set) = ops::slots_of(d).descr_set
    {
        return set(th, d, v, x);
    }
    let d = get_dict(th, v)?;
    match x {
        Some(x) => o::dict::set_str(th, d, name, x),
        None => {
            if o::dict::delete_str(th, d, name)? {
                return Ok(());
            }
            let n = lookup::text(th, name);
            Err(th.attribute_error(n))
        }
    }
}
