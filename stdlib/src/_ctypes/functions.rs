//! Functions of the module about types and objects.

use super::codes;
use super::info::{self, Sort};
use super::memory::{data, is_data};
use interpreter::native::Args;
use interpreter::{PyResult, Thread, Value, ops};

/// `sizeof(C type)`, `sizeof(C instance)`
pub(super) fn sizeof(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let n = match info::of_class(v) {
        Some(t) => t.info().size,
        None if is_data(v) => data(th, v)?.size,
        None => return Err(th.type_error("this type has no size")),
    };
    Ok(th.int(n as i64))
}

/// `alignment(C type)`, `alignment(C instance)`
pub(super) fn alignment(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    match info::of_class(v).or_else(|| info::of(v)) {
        Some(t) => Ok(th.int(t.info().align as i64)),
        None => Err(th.type_error("no alignment info")),
    }
}

/// `addressof(C instance)`
pub(super) fn addressof(th: &mut Thread, args: Args<'_>) -> PyResult {
    if !is_data(args.pos[0]) {
        return Err(th.type_error("invalid type"));
    }
    let d = data(th, args.pos[0])?;
    th.integer_i128(d.address as i128)
}

/// `resize(C instance, size)`
pub(super) fn resize(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let size = ops::index_i64(th, args.pos[1], Some(&interpreter::objects::exceptions::OVERFLOW_ERROR))?;
    let Some(t) = info::of(v).filter(|_| is_data(v)) else {
        return Err(th.type_error("excepted ctypes instance"));
    };
    let least = t.info().size;
    let Some(size) = usize::try_from(size).ok().filter(|n| *n >= least) else {
        return Err(th.value_error(format!("minimum size is {least}")));
    };
    let d = data(th, v)?;
    if !d.owns() {
        return Err(th.value_error("Memory cannot be resized because this object doesn't own it"));
    }
    d.resize(th, size)?;
    Ok(Value::NONE)
}

/// `PyObj_FromPtr(address)`: the object whose `id()` that is.
pub(super) fn object_at(th: &mut Thread, args: Args<'_>) -> PyResult {
    match codes::low_bits(args.pos[0]).and_then(Value::from_bits) {
        Some(v) if !v.is_obj() || th.m.is_object(v.bits() as usize) => Ok(v),
        _ => Err(th.value_error("no object has that address")),
    }
}

/// `_buffer_info(C type)`: format, number of dimensions, their lengths.
pub(super) fn buffer_info(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let Some(t) = info::of_class(v).or_else(|| info::of(v)) else {
        return Err(th.type_error("not a ctypes type or object"));
    };
    let i = t.info();
    let shape: &[usize] = if i.sort == Sort::Array { &i.shape } else { &[] };
    let out = th.m.root_vec();
    for n in shape {
        let n = th.long(&(*n).into())?;
        out.push(n.bits());
    }
    let shape = th.try_tuple(ops::values(&out))?;
    let format = th.try_str(i.format.as_bytes())?;
    let n = th.int(ops::values(&out).len() as i64);
    th.try_tuple(&[format, n, shape])
}
