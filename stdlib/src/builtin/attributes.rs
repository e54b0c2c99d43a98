//! Attributes, identity, classes.

use super::evaluate::caller_locals;
use super::unpack;
use interpreter::layout::{PyDict, PyStr};
use interpreter::native::Args;
use interpreter::objects as o;
use interpreter::objects::dict;
use interpreter::ops;
use interpreter::raised::PyResult;
use interpreter::types::{lookup, type_of};
use interpreter::{Slot, Thread, Value, names};

fn required(v: Slot) -> Value {
    v.unwrap_or(Value::NONE)
}

pub(super) fn getattr(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [v, name, default] = unpack(th, &args, "getattr", 2)?;
    let name = ops::attribute_name(th, required(name), "getattr()")?;
    match default {
        None => ops::getattr(th, required(v), name),
        Some(d) => Ok(ops::getattr_opt(th, required(v), name)?.unwrap_or(d)),
    }
}

pub(super) fn hasattr(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [v, name] = unpack(th, &args, "hasattr", 2)?;
    let name = ops::attribute_name(th, required(name), "hasattr()")?;
    match ops::getattr(th, required(v), name) {
        Ok(_) => Ok(Value::TRUE),
        Err(e) => {
            // Every ordinary exception counts as "no", but not a request to stop.
            e.catch_if(th, o::exceptions::EXCEPTION.class())?;
            Ok(Value::FALSE)
        }
    }
}

pub(super) fn setattr(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [v, name, x] = unpack(th, &args, "setattr", 3)?;
    let name = ops::attribute_name(th, required(name), "")?;
    ops::setattr(th, required(v), name, x)?;
    Ok(Value::NONE)
}

pub(super) fn delattr(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [v, name] = unpack(th, &args, "delattr", 2)?;
    let name = ops::attribute_name(th, required(name), "")?;
    ops::setattr(th, required(v), name, None)?;
    Ok(Value::NONE)
}

pub(super) fn callable(th: &mut Thread, args: Args<'_>) -> PyResult {
    Ok(Value::from_bool(ops::callable(th, args.pos[0])))
}

pub(super) fn hash(th: &mut Thread, args: Args<'_>) -> PyResult {
    let h = ops::hash(th, args.pos[0])?;
    Ok(th.int(h))
}

pub(super) fn id(th: &mut Thread, args: Args<'_>) -> PyResult {
    th.integer_i128(i128::from(args.pos[0].bits()))
}

pub(super) fn len(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::len(th, args.pos[0])?;
    Ok(th.int(n as i64))
}

pub(super) fn repr(th: &mut Thread, args: Args<'_>) -> PyResult {
    ops::repr(th, args.pos[0])
}

pub(super) fn intern(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    if v.cast::<PyStr>().is_some() {
        return Ok(o::str::intern_value(th, v));
    }
    if v.payload::<PyStr>().is_some() {
        return Err(th.type_error("can't intern subclass of string"));
    }
    let n = if v.is_none() { String::from("None") } else { ops::type_name(v) };
    Err(th.type_error(format!("intern() argument 1 must be string, not {n}")))
}

pub(super) fn isinstance(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [v, c] = unpack(th, &args, "isinstance", 2)?;
    Ok(Value::from_bool(ops::isinstance(th, required(v), required(c))?))
}

pub(super) fn issubclass(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [d, c] = unpack(th, &args, "issubclass", 2)?;
    Ok(Value::from_bool(ops::issubclass(th, required(d), required(c))?))
}

pub(super) fn format(th: &mut Thread, args: Args<'_>) -> PyResult {
    if args.is_empty() || args.len() > 2 {
        let n = args.len();
        let (word, bound, s) = if n == 0 { ("at least", 1, "") } else { ("at most", 2, "s") };
        return Err(th.type_error(format!("format() takes {word} {bound} argument{s} ({n} given)")));
    }
    let spec = match args.get(1) {
        Some(s) => s,
        None => th.new_str(b""),
    };
    if spec.payload::<PyStr>().is_none() && spec.payload::<interpreter::layout::PyUnicode>().is_none() {
        let n = if spec.is_none() { String::from("NoneType") } else { ops::type_name(spec) };
        return Err(th.type_error(format!("format expects arg 2 to be string or unicode, not {n}")));
    }
    o::str::template::format_value(th, args.pos[0], spec)
}

pub(super) fn vars(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [v] = unpack(th, &args, "vars", 0)?;
    let Some(v) = v else { return caller_locals(th) };
    let n = names::__dict__.get(th);
    match ops::getattr_opt(th, v, n)? {
        Some(d) => Ok(d),
        None => Err(th.type_error("vars() argument must have __dict__ attribute")),
    }
}

pub(super) fn dir(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [v] = unpack(th, &args, "dir", 0)?;
    let names = match v {
        None => {
            let d = caller_locals(th)?;
            let keys = ops::call_method(th, d, &names::keys, &[])?;
            if keys.payload::<interpreter::layout::PyList>().is_none() {
                let n = ops::type_name(keys);
                return Err(
                    th.type_error(format!("dir(): expected keys() of locals to be a list, not '{n}'"))
                );
            }
            keys
        }
        Some(v) => of_object(th, v)?,
    };
    if let Some(l) = names.payload::<interpreter::layout::PyList>() {
        o::list::sort_list(th, l, None, None, false)?;
    }
    Ok(names)
}

/// The unsorted names of an object: what `__dir__` says, or what can be found.
fn of_object(th: &mut Thread, v: Value) -> PyResult {
    let n = names::__dir__.get(th);
    if let Some(f) = ops::lookup_special(th, v, n)? {
        let r = ops::call(th, f, &[])?;
        if r.payload::<interpreter::layout::PyList>().is_some() {
            return Ok(r);
        }
        let n = ops::type_name(r);
        return Err(th.type_error(format!("__dir__() must return a list, not {n}")));
    }
    let all = th.new_dict();
    let dict_name = names::__dict__.get(th);
    if o::module::is_module(v) {
        let d = ops::getattr(th, v, dict_name)?;
        if !dict::is_dict(d) {
            let name = module_name(th, v)?;
            return Err(th.type_error(format!("{name}.__dict__ is not a dictionary")));
        }
        return ops::call_method(th, d, &names::keys, &[]);
    }
    if is_class(v) {
        merge_class(th, all, v)?;
    } else {
        if let Some(d) = ops::getattr_opt(th, v, dict_name)?
            && dict::is_dict(d)
        {
            merge(th, all, d)?;
        }
        for n in [&names::__members__, &names::__methods__] {
            let n = n.get(th);
            if let Some(list) = ops::getattr_opt(th, v, n)?
                && list.payload::<interpreter::layout::PyList>().is_some()
            {
                let items = ops::collect(th, list)?;
                for i in 0..items.len() {
                    let item = ops::values(&items)[i];
                    if item.payload::<PyStr>().is_some() {
                        dict::set(th, all, item, Value::NONE)?;
                    }
                }
            }
        }
        let n = names::__class__.get(th);
        if let Some(c) = ops::getattr_opt(th, v, n)? {
            merge_class(th, all, c)?;
        }
    }
    ops::call_method(th, all, &names::keys, &[])
}

fn module_name(th: &mut Thread, m: Value) -> PyResult<String> {
    let n = names::__name__.get(th);
    Ok(o::module::get(th, m, n)?.map_or(String::from("?"), |n| lookup::text(th, n)))
}

fn is_class(v: Value) -> bool {
    v.cast::<interpreter::layout::PyType>().is_some() || type_of(v).value() == o::classobj::CLASSOBJ.class()
}

fn merge(th: &mut Thread, into: Value, from: Value) -> PyResult<()> {
    match into.payload::<PyDict>() {
        Some(d) => dict::update(th, d, from),
        None => Ok(()),
    }
}

/// The names of a class and of its bases.
fn merge_class(th: &mut Thread, all: Value, class: Value) -> PyResult<()> {
    th.enter_recursive("")?;
    let r = merge_class_inner(th, all, class);
    th.leave_recursive();
    r
}

fn merge_class_inner(th: &mut Thread, all: Value, class: Value) -> PyResult<()> {
    let n = names::__dict__.get(th);
    if let Some(d) = ops::getattr_opt(th, class, n)? {
        merge(th, all, d)?;
    }
    let n = names::__bases__.get(th);
    if let Some(bases) = ops::getattr_opt(th, class, n)?
        && ops::is_sequence(bases)
    {
        let bases = ops::collect(th, bases)?;
        for i in 0..bases.len() {
            merge_class(th, all, ops::values(&bases)[i])?;
        }
    }
    Ok(())
}
