//! The built-in type `module`.
//!
//! A module is an instance in dict mode from the start: its `__dict__` is a namespace dict, so that compiled code
//! finds the cells of its globals once. The dict is never replaced.

mod native;

pub use native::{add, add_int, add_str, add_type, make_native};

use crate::kinds::kind;
use crate::layout::{PyInstance, PyStr, PyType, Ref};
use crate::names;
use crate::native::{Args, BASETYPE, GetSetDef, HAS_DICT, TypeDef};
use crate::objects::{dict, instance};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::types::{lookup, wrap_new};
use crate::value::{Slot, Value};

/// `module`.
pub static MODULE: TypeDef = TypeDef {
    doc: Some(
        "module(name[, doc])\n\nCreate a module object.\nThe name must be a string; the optional doc argument can have any type.",
    ),
    flags: BASETYPE | HAS_DICT,
    slots: SlotTable {
        repr: Some(repr),
        getattr: Some(getattr),
        setattr: Some(setattr),
        new: Some(new),
        init: Some(init),
        ..SlotTable::EMPTY
    },
    getset: &[GetSetDef {
        name: "__dict__",
        get: get_dict,
        set: Some(crate::native::read_only),
        doc: "The module's namespace.",
    }],
    ..TypeDef::new("module", kind::INSTANCE)
};

/// A bare instance of a module class, with its namespace.
fn allocate(th: &Thread, class: Ref<PyType>) -> Value {
    let r = instance::allocate(th, class, None);
    let i = r.unguarded();
    // Fresh: nobody else sees it. Dict mode for good.
    i.overflow.set(Some(dict::namespace::new_namespace(th)));
    i.shape.set(i.shape.get().as_dict());
    r.value()
}

/// A module with `__name__`, `__doc__` and `__package__`, in no table yet.
pub fn new_module(th: &mut Thread, name: &[u8]) -> PyResult {
    let name = th.intern(name);
    let Some(class) = MODULE.class().cast::<PyType>() else { return Err(th.system_error("no module type")) };
    let m = allocate(th, class);
    set_up(th, m, name, Value::NONE)?;
    let (package, d) = (names::__package__.get(th), get_dict(th, m)?);
    dict::set_str(th, d, package, Value::NONE)?;
    Ok(m)
}

fn set_up(th: &mut Thread, m: Value, name: Value, doc: Value) -> PyResult<()> {
    let d = get_dict(th, m)?;
    let key = names::__name__.get(th);
    dict::set_str(th, d, key, name)?;
    let key = names::__doc__.get(th);
    dict::set_str(th, d, key, doc)
}

/// True for modules and instances of module subclasses.
pub fn is_module(v: Value) -> bool {
    v.cast::<PyInstance>().is_some() && crate::types::is_instance_of(v, &MODULE)
}

/// The `__dict__` of a module; none for anything else.
pub fn dict_of_module(v: Value) -> Slot {
    if !is_module(v) {
        return None;
    }
    // Set before the module is handed out and never replaced: no barrier.
    v.cast::<PyInstance>().and_then(|i| i.unguarded().overflow.get())
}

/// `m.name` in the module's own dict.
pub fn get(th: &mut Thread, m: Value, name: Value) -> PyResult<Slot> {
    match dict_of_module(m) {
        Some(d) => dict::get_str(th, d, name),
        None => Ok(None),
    }
}

fn get_dict(th: &mut Thread, v: Value) -> PyResult {
    match dict_of_module(v) {
        Some(d) => Ok(d),
        None => Err(th.attribute_error("__dict__")),
    }
}

fn new(th: &mut Thread, class: Value, _args: Args<'_>) -> PyResult {
    match class.cast::<PyType>() {
        Some(t) => Ok(allocate(th, t)),
        None => wrap_new(th, class, &MODULE, Value::NONE),
    }
}

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let [name, doc] = args.bind(th, "module.__init__", ["name", "doc"], 1)?;
    let name = name.unwrap_or(Value::NONE);
    if name.payload::<PyStr>().is_none() {
        let n = if name.is_none() { String::from("None") } else { ops::type_name(name) };
        return Err(th.type_error(format!("module.__init__() argument 1 must be string, not {n}")));
    }
    set_up(th, v, name, doc.unwrap_or(Value::NONE))
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let key = names::__name__.get(th);
    let name = get(th, v, key)?.filter(|n| n.payload::<PyStr>().is_some());
    let key = names::__file__.get(th);
    let file = get(th, v, key)?.filter(|n| n.payload::<PyStr>().is_some());
    let mut out = b"<module '".to_vec();
    out.extend_from_slice(name.map_or(b"?", |n| th.str_bytes(n)));
    match file {
        Some(f) => {
            out.extend_from_slice(b"' from '");
            out.extend_from_slice(th.str_bytes(f));
            out.extend_from_slice(b"'>");
        }
        None => out.extend_from_slice(b"' (built-in)>"),
    }
    th.try_str(&out)
}

/// As the general look-up, but the module's dict comes before what is no data descriptor without asking the type
/// first for plain modules: `module` itself has few names, all of them special.
fn getattr(th: &mut Thread, v: Value, name: Value) -> PyResult {
    let special = th.str_bytes(name).starts_with(b"__");
    if !special
        && crate::types::type_of(v).value() == MODULE.class()
        && let Some(x) = get(th, v, name)?
    {
        return Ok(x);
    }
    match lookup::generic_getattr(th, v, name) {
        Ok(x) => Ok(x),
        Err(e) => {
            if crate::types::type_of(v).value() != MODULE.class()
                || !th.exception_matches(crate::objects::exceptions::ATTRIBUTE_ERROR.class())
            {
                return Err(e);
            }
            e.catch(th)?;
            if let Some(x) = handled_exception(th, v, name) {
                return Ok(x);
            }
            let n = lookup::text(th, name);
            Err(th.attribute_error(format!("'module' object has no attribute '{n}'")))
        }
    }
}

/// `sys.exc_type`, `sys.exc_value`, `sys.exc_traceback`: parts of what `sys.exc_info()` gives this thread.
fn handled_exception(th: &mut Thread, v: Value, name: Value) -> Slot {
    if th.rt.sys_dict.get() != dict_of_module(v) {
        return None;
    }
    let text = th.str_bytes(name);
    let i = [b"exc_type".as_slice(), b"exc_value", b"exc_traceback"].iter().position(|n| *n == text)?;
    Some(th.exc_info[i].unwrap_or(Value::NONE))
}

fn setattr(th: &mut Thread, v: Value, name: Value, x: Slot) -> PyResult<()> {
    let t = crate::types::type_of(v);
    if lookup::type_lookup(th, t, name).is_some() {
        return lookup::generic_setattr(th, v, name, x);
    }
    let d = get_dict(th, v)?;
    match x {
        Some(x) => dict::set_str(th, d, name, x),
        None => {
            if dict::delete_str(th, d, name)? {
                return Ok(());
            }
            let n = lookup::text(th, name);
            Err(th.attribute_error(n))
        }
    }
}
