//! Functions of `__pypy__` about objects and how they are represented.

use interpreter::layout::{PyDict, PyList, PyUnicode};
use interpreter::native::Args;
use interpreter::objects::{self as o, dict};
use interpreter::value::Value;
use interpreter::{PyResult, Thread, ops};

pub(super) fn newlist_hint(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::integer_arg(th, args.pos[0])?;
    if n < 0 {
        return Err(th.value_error("length hint must be positive"));
    }
    // Lists grow by shares of their size; the hint changes nothing that can be seen.
    th.new_list(&[])
}

pub(super) fn resizelist_hint(th: &mut Thread, args: Args<'_>) -> PyResult {
    if args.pos[0].payload::<PyList>().is_none() {
        return Err(th.type_error("arg 1 must be a 'list'"));
    }
    ops::integer_arg(th, args.pos[1])?;
    Ok(Value::NONE)
}

pub(super) fn lookup_special(th: &mut Thread, args: Args<'_>) -> PyResult {
    if o::instance::is_old_style(args.pos[0]) {
        return Err(th.type_error("this doesn't do what you want on old-style classes"));
    }
    Ok(ops::lookup_special(th, args.pos[0], args.pos[1])?.unwrap_or(Value::NONE))
}

pub(super) fn internal_repr(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let text = match v.as_obj() {
        Some(obj) => {
            let layout = gc_stm::info_of(obj).name;
            format!("<{layout} of class {} at {:#x}>", ops::type_name(v), v.bits())
        }
        None if v.is_tagged_int() => format!("<tagged int {}>", v.small_int_unchecked()),
        None if v.is_flonum() => format!("<tagged float {:?}>", v.flonum_unchecked()),
        None => format!("<constant {v:?}>"),
    };
    th.try_str(text.as_bytes())
}

pub(super) fn do_what_i_mean(th: &mut Thread, _: Args<'_>) -> PyResult {
    Ok(th.int(42))
}

pub(super) fn locals_to_fast(th: &mut Thread, args: Args<'_>) -> PyResult {
    o::frame::write_back_locals(th, args.pos[0])?;
    Ok(Value::NONE)
}

pub(super) fn newdict(th: &mut Thread, args: Args<'_>) -> PyResult {
    match th.str_bytes(args.pos[0]) {
        b"module" => Ok(dict::namespace::new_namespace(th)),
        b"instance" | b"kwargs" | b"strdict" => Ok(th.new_dict()),
        kind => {
            let kind = String::from_utf8_lossy(kind).into_owned();
            Err(th.type_error(format!("unknown type of dict {kind}")))
        }
    }
}

pub(super) fn strategy(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let what = if dict::is_dict(v) {
        "Dict"
    } else if v.payload::<PyList>().is_some() {
        "List"
    } else if v.payload::<interpreter::layout::PySet>().is_some() {
        "Set"
    } else {
        return Err(th.type_error("expecting dict or list or set object"));
    };
    let name = if dict::namespace::is_namespace(v) {
        "ModuleDictStrategy".into()
    } else if ops::len(th, v)? == 0 {
        format!("Empty{what}Strategy")
    } else {
        format!("Object{what}Strategy")
    };
    th.try_str(name.as_bytes())
}

/// Deletes a key if its value is that very object.
pub(super) fn delitem_if_value_is(th: &mut Thread, args: Args<'_>) -> PyResult {
    let Some(d) = args.pos[0].payload::<PyDict>() else { return Err(th.type_error("expected a dict")) };
    if dict::get(th, d, args.pos[1])? == Some(args.pos[2]) {
        dict::delete(th, d, args.pos[1])?;
    }
    Ok(Value::NONE)
}

pub(super) fn add_memory_pressure(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::integer_arg(th, args.pos[0])?;
    if let Ok(n) = usize::try_from(n) {
        th.rt.heap.add_pressure(n);
    }
    Ok(Value::NONE)
}

pub(super) fn set_debug(th: &mut Thread, args: Args<'_>) -> PyResult {
    let on = ops::is_true(th, args.pos[0])?;
    if let Some(b) = th.rt.builtins_module.get() {
        o::module::add(th, b, "__debug__", Value::from_bool(on))?;
    }
    Ok(Value::NONE)
}

pub(super) fn stack_almost_full(th: &mut Thread, _: Args<'_>) -> PyResult {
    Ok(Value::from_bool(th.stack_almost_full()))
}

/// A value the compiler is to take for constant; text cannot be.
pub(super) fn promote(th: &mut Thread, args: Args<'_>) -> PyResult {
    if args.pos[0].payload::<PyUnicode>().is_some() {
        return Err(th.type_error("promoting unicode unsupported"));
    }
    Ok(args.pos[0])
}

pub(super) fn zip_2_lists(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (Some(a), Some(b)) = (args.pos[0].cast::<PyList>(), args.pos[1].cast::<PyList>()) else {
        return Err(th.type_error("expected two exact lists"));
    };
    let (a, b) = (ops::collect(th, a.value())?, ops::collect(th, b.value())?);
    let out = th.new_list(&[])?;
    for (x, y) in ops::values(&a).iter().zip(ops::values(&b)) {
        let pair = th.new_tuple(&[*x, *y]);
        o::list::push(th, out, pair)?;
    }
    Ok(out)
}
