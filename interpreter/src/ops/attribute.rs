//! Attribute access.

use super::{slots_of, type_name};
use crate::layout::{PyMethod, PyStr};
use crate::name::Name;
use crate::objects as o;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::lookup;
use crate::value::{Slot, Value};

/// `o.name`; `name` is an interned str.
#[inline]
pub fn getattr(th: &mut Thread, v: Value, name: Value) -> PyResult {
    match slots_of(v).getattr {
        Some(f) => {
            // Proxies of proxies of ...
            th.check_native_stack()?;
            f(th, v, name)
        }
        None => lookup::generic_getattr(th, v, name),
    }
}

/// `o.name` for a name the runtime knows.
pub fn getattr_name(th: &mut Thread, v: Value, name: &Name) -> PyResult {
    let n = name.get(th);
    getattr(th, v, n)
}

/// `o.name`, or none if that raises AttributeError.
pub fn getattr_opt(th: &mut Thread, v: Value, name: Value) -> PyResult<Slot> {
    match getattr(th, v, name) {
        Ok(r) => Ok(Some(r)),
        Err(e) => {
            e.catch_if(th, o::exceptions::ATTRIBUTE_ERROR.class())?;
            Ok(None)
        }
    }
}

/// `o.name = v`, or `del o.name` without a value.
pub fn setattr(th: &mut Thread, o: Value, name: Value, v: Slot) -> PyResult<()> {
    match slots_of(o).setattr {
        Some(f) => f(th, o, name, v),
        None => lookup::generic_setattr(th, o, name, v),
    }
}

/// The attribute name given to getattr/setattr/hasattr/delattr: an interned str (unicode is encoded).
pub fn attribute_name(th: &mut Thread, v: Value, function: &str) -> PyResult {
    if v.cast::<PyStr>().is_some() {
        return Ok(o::str::intern_value(th, v));
    }
    if let Some(s) = v.payload::<PyStr>() {
        return Ok(o::str::intern_value(th, s.value()));
    }
    if v.payload::<crate::layout::PyUnicode>().is_some() {
        let s = o::unicode::encode_default(th, v)?;
        return Ok(o::str::intern_value(th, s));
    }
    let n = type_name(v);
    if function.is_empty() {
        return Err(th.type_error(format!("attribute name must be string, not '{n}'")));
    }
    Err(th.type_error(format!("{function}: attribute name must be string")))
}

/// A special method found on the type only (for old-style instances: on the instance), bound to `v`.
pub fn lookup_special(th: &mut Thread, v: Value, name: Value) -> PyResult<Slot> {
    if o::instance::is_old_style(v) {
        return getattr_opt(th, v, name);
    }
    let t = crate::types::type_of(v);
    match lookup::type_lookup(th, t, name) {
        Some(f) => match slots_of(f).descr_get {
            Some(get) => get(th, f, Some(v), Some(t.value())).map(Some),
            None => Ok(Some(f)),
        },
        None => Ok(None),
    }
}

/// Calls a special method found on the type, without making a bound method for plain functions; none if absent.
pub fn call_special(th: &mut Thread, v: Value, name: &Name, args: &[Value]) -> PyResult<Slot> {
    let n = name.get(th);
    if o::instance::is_old_style(v) {
        return match getattr_opt(th, v, n)? {
            Some(m) => super::call(th, m, args).map(Some),
            None => Ok(None),
        };
    }
    let t = crate::types::type_of(v);
    let Some(f) = lookup::type_lookup(th, t, n) else { return Ok(None) };
    if f.kind() == crate::kinds::kind::FUNCTION.index() {
        let mut all: smallvec::SmallVec<[Value; 4]> = smallvec::SmallVec::new();
        all.push(v);
        all.extend_from_slice(args);
        return super::call(th, f, &all).map(Some);
    }
    let m = match slots_of(f).descr_get {
        Some(get) => get(th, f, Some(v), Some(t.value()))?,
        None => f,
    };
    super::call(th, m, args).map(Some)
}

/// Calls `o.name(args)`.
pub fn call_method(th: &mut Thread, v: Value, name: &Name, args: &[Value]) -> PyResult {
    let m = getattr_name(th, v, name)?;
    super::call(th, m, args)
}

/// The function and receiver of a bound method.
pub fn method_parts(v: Value) -> Option<(Value, Value)> {
    let m = v.cast::<PyMethod>()?;
    m.get().receiver.map(|r| (m.get().func, r))
}
