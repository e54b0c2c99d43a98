//! Slot functions of classes written in Python: they look up the special method along the MRO and call it.

use super::slots::CmpOp;
use super::{is_subtype, lookup, type_of};
use crate::layout::*;
use crate::name::Name;
use crate::names;
use crate::native::Args;
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// Calls a method that must exist.
fn must(th: &mut Thread, v: Value, name: &Name, args: &[Value]) -> PyResult {
    match ops::call_special(th, v, name, args)? {
        Some(r) => Ok(r),
        None => Err(th.attribute_error(name.text())),
    }
}

/// Calls a method if it exists; NotImplemented otherwise.
fn maybe(th: &mut Thread, v: Value, name: &Name, args: &[Value]) -> PyResult {
    Ok(ops::call_special(th, v, name, args)?.unwrap_or(Value::NOT_IMPLEMENTED))
}

/// True if `b`'s class overrides the method `a`'s class has.
fn overrides(th: &mut Thread, a: Value, b: Value, name: &Name) -> bool {
    let n = name.get(th);
    let (x, y) = (lookup::type_lookup(th, type_of(a), n), lookup::type_lookup(th, type_of(b), n));
    y.is_some() && x != y
}

macro_rules! binary {
    ($($f:ident: $slot:ident, $name:ident, $rname:ident;)*) => { $(
        #[doc = concat!("`", stringify!($name), "` and `", stringify!($rname), "`.")]
        pub fn $f(th: &mut Thread, a: Value, b: Value) -> PyResult {
            let (ta, tb) = (type_of(a), type_of(b));
            let me = |t: Ref<PyType>| t.slots().$slot.map(|f| f as usize) == Some($f as *const () as usize);
            let mut other = ta != tb && me(tb);
            if me(ta) {
                if other && is_subtype(tb, ta) && overrides(th, a, b, &names::$rname) {
                    let r = maybe(th, b, &names::$rname, &[a])?;
                    if r != Value::NOT_IMPLEMENTED {
                        return Ok(r);
                    }
                    other = false;
                }
                let r = maybe(th, a, &names::$name, &[b])?;
                if r != Value::NOT_IMPLEMENTED || ta == tb {
                    return Ok(r);
                }
            }
            if other { maybe(th, b, &names::$rname, &[a]) } else { Ok(Value::NOT_IMPLEMENTED) }
        }
    )* };
}

binary! {
    add: add, __add__, __radd__;
    sub: sub, __sub__, __rsub__;
    mul: mul, __mul__, __rmul__;
    div: div, __div__, __rdiv__;
    rem: rem, __mod__, __rmod__;
    divmod: divmod, __divmod__, __rdivmod__;
    lshift: lshift, __lshift__, __rlshift__;
    rshift: rshift, __rshift__, __rrshift__;
    and: and, __and__, __rand__;
    xor: xor, __xor__, __rxor__;
    or: or, __or__, __ror__;
    floordiv: floordiv, __floordiv__, __rfloordiv__;
    truediv: truediv, __truediv__, __rtruediv__;
}

/// `__pow__` with and without a modulus.
pub fn pow(th: &mut Thread, a: Value, b: Value, c: Value) -> PyResult {
    if c.is_none() {
        return pow2_any(th, a, b);
    }
    if type_of(a).slots().pow.map(|f| f as usize) == Some(pow as *const () as usize) {
        return maybe(th, a, &names::__pow__, &[b, c]);
    }
    Ok(Value::NOT_IMPLEMENTED)
}

fn pow2_any(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (ta, tb) = (type_of(a), type_of(b));
    let me = |t: Ref<PyType>| t.slots().pow.map(|f| f as usize) == Some(pow as *const () as usize);
    let mut other = ta != tb && me(tb);
    if me(ta) {
        if other && is_subtype(tb, ta) && overrides(th, a, b, &names::__rpow__) {
            let r = maybe(th, b, &names::__rpow__, &[a])?;
            if r != Value::NOT_IMPLEMENTED {
                return Ok(r);
            }
            other = false;
        }
        let r = maybe(th, a, &names::__pow__, &[b])?;
        if r != Value::NOT_IMPLEMENTED || ta == tb {
            return Ok(r);
        }
    }
    if other { maybe(th, b, &names::__rpow__, &[a]) } else { Ok(Value::NOT_IMPLEMENTED) }
}

macro_rules! simple_binary {
    ($($f:ident: $name:ident;)*) => { $(
        #[doc = concat!("`", stringify!($name), "`.")]
        pub fn $f(th: &mut Thread, a: Value, b: Value) -> PyResult { maybe(th, a, &names::$name, &[b]) }
    )* };
}

simple_binary! {
    iadd: __iadd__; isub: __isub__; imul: __imul__; idiv: __idiv__; irem: __imod__; ilshift: __ilshift__;
    irshift: __irshift__; iand: __iand__; ixor: __ixor__; ior: __ior__; ifloordiv: __ifloordiv__; itruediv: __itruediv__;
}

/// `__ipow__`.
pub fn ipow(th: &mut Thread, a: Value, b: Value, _c: Value) -> PyResult {
    maybe(th, a, &names::__ipow__, &[b])
}

macro_rules! unary {
    ($($f:ident: $name:ident;)*) => { $(
        #[doc = concat!("`", stringify!($name), "`.")]
        pub fn $f(th: &mut Thread, a: Value) -> PyResult { must(th, a, &names::$name, &[]) }
    )* };
}

unary! {
    neg: __neg__; pos: __pos__; abs: __abs__; invert: __invert__; int: __int__; long: __long__; float: __float__;
    oct: __oct__; hex: __hex__; index: __index__;
}

/// `__repr__`.
pub fn repr(th: &mut Thread, v: Value) -> PyResult {
    match ops::call_special(th, v, &names::__repr__, &[])? {
        Some(r) => Ok(r),
        None => Ok(ops::default_repr(th, v)),
    }
}

/// `__str__`.
pub fn str(th: &mut Thread, v: Value) -> PyResult {
    match ops::call_special(th, v, &names::__str__, &[])? {
        Some(r) => Ok(r),
        None => ops::repr(th, v),
    }
}

/// `__hash__`, or `__eq__`/`__cmp__` without one.
pub fn hash(th: &mut Thread, v: Value) -> PyResult<i64> {
    let n = names::__hash__.get(th);
    match ops::lookup_special(th, v, n)? {
        Some(m) if !m.is_none() => {
            let r = ops::call(th, m, &[])?;
            if let Some(n) = ops::int_value(r) {
                return Ok(if n == -1 { -2 } else { n });
            }
            // As a long hashes: a subclass could define its hash by this very method.
            if r.payload::<PyLong>().is_some()
                && let Some(f) = o::long::LONG.slots.hash
            {
                return f(th, r);
            }
            Err(th.type_error("an integer is required"))
        }
        _ => unhashable(th, v),
    }
}

/// The hash slot of a class with `__hash__ = None`.
pub fn unhashable(th: &mut Thread, v: Value) -> PyResult<i64> {
    let n = ops::type_name(v);
    Err(th.type_error(format!("unhashable type: '{n}'")))
}

/// `__call__`.
pub fn call(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    let n = names::__call__.get(th);
    match ops::lookup_special(th, v, n)? {
        Some(m) => ops::call_args(th, m, args),
        None => {
            let n = ops::type_name(v);
            Err(th.type_error(format!("'{n}' object is not callable")))
        }
    }
}

/// `__getattribute__`, then `__getattr__` when it raises AttributeError.
pub fn getattr(th: &mut Thread, v: Value, name: Value) -> PyResult {
    let n = names::__getattribute__.get(th);
    let t = type_of(v);
    let r = match lookup::type_lookup(th, t, n) {
        Some(f) if is_generic_getattribute(f) => lookup::generic_getattr(th, v, name),
        Some(_) => must(th, v, &names::__getattribute__, &[name]),
        None => lookup::generic_getattr(th, v, name),
    };
    match r {
        Ok(x) => Ok(x),
        Err(e) => {
            let g = names::__getattr__.get(th);
            if lookup::type_lookup(th, t, g).is_none() {
                return Err(e);
            }
            e.catch_if(th, o::exceptions::ATTRIBUTE_ERROR.class())?;
            must(th, v, &names::__getattr__, &[name])
        }
    }
}

fn is_generic_getattribute(f: Value) -> bool {
    f.cast::<PyBuiltin>()
        .is_some_and(|b| b.owner == Some(o::object::OBJECT.class()) && b.def.name == "__getattribute__")
}

/// `__setattr__` and `__delattr__`.
pub fn setattr(th: &mut Thread, v: Value, name: Value, x: Slot) -> PyResult<()> {
    match x {
        Some(x) => must(th, v, &names::__setattr__, &[name, x])?,
        None => must(th, v, &names::__delattr__, &[name])?,
    };
    Ok(())
}

const COMPARISONS: [&Name; 6] =
    [&names::__lt__, &names::__le__, &names::__eq__, &names::__ne__, &names::__gt__, &names::__ge__];

/// `__lt__` and the others.
pub fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    maybe(th, a, COMPARISONS[op as usize], &[b])
}

/// `__cmp__` of either side, else the order of addresses.
pub fn cmp(th: &mut Thread, a: Value, b: Value) -> PyResult<i32> {
    for (x, y, sign) in [(a, b, 1), (b, a, -1)] {
        if type_of(x).slots().cmp.map(|f| f as usize) != Some(cmp as *const () as usize) {
            continue;
        }
        if let Some(r) = ops::call_special(th, x, &names::__cmp__, &[y])?
            && r != Value::NOT_IMPLEMENTED
        {
            let Some(c) = ops::int_value(r) else {
                return Err(match r.payload::<PyLong>() {
                    Some(_) => th.overflow_error("Python int too large to convert to C long"),
                    None => th.type_error("an integer is required"),
                });
            };
            return Ok(sign * c.signum() as i32);
        }
    }
    Ok(if a.bits() < b.bits() { -1 } else { (a != b) as i32 })
}

/// `__iter__`, else iteration by index.
pub fn iter(th: &mut Thread, v: Value) -> PyResult {
    if let Some(r) = ops::call_special(th, v, &names::__iter__, &[])? {
        return Ok(r);
    }
    let n = names::__getitem__.get(th);
    if lookup::type_lookup(th, type_of(v), n).is_some() {
        return Ok(o::seqiter::new(th, v));
    }
    let n = ops::type_name(v);
    Err(th.type_error(format!("'{n}' object is not iterable")))
}

/// `next`.
pub fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let r = must(th, v, &names::next, &[]);
    ops::absorb_stop(th, r)
}

/// `__get__`.
pub fn descr_get(th: &mut Thread, d: Value, obj: Slot, ty: Slot) -> PyResult {
    let (a, b) = (obj.unwrap_or(Value::NONE), ty.unwrap_or(Value::NONE));
    match ops::call_special(th, d, &names::__get__, &[a, b])? {
        Some(r) => Ok(r),
        None => Ok(d),
    }
}

/// `__set__` and `__delete__`.
pub fn descr_set(th: &mut Thread, d: Value, obj: Value, x: Slot) -> PyResult<()> {
    match x {
        Some(x) => must(th, d, &names::__set__, &[obj, x])?,
        None => must(th, d, &names::__delete__, &[obj])?,
    };
    Ok(())
}

/// `__init__`.
pub fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let n = names::__init__.get(th);
    let Some(m) = ops::lookup_special(th, v, n)? else { return Ok(()) };
    let r = ops::call_args(th, m, args)?;
    if !r.is_none() {
        let n = ops::type_name(r);
        return Err(th.type_error(format!("__init__() should return None, not '{n}'")));
    }
    Ok(())
}

/// `__new__`.
pub fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let f = ops::getattr_name(th, class, &names::__new__)?;
    let mut all: smallvec::SmallVec<[Value; 8]> = smallvec::SmallVec::new();
    all.push(class);
    all.extend_from_slice(args.pos);
    ops::call_args(th, f, Args { callee: f, pos: &all, kw: args.kw })
}

/// `__nonzero__`, else `__len__`.
pub fn nonzero(th: &mut Thread, v: Value) -> PyResult<bool> {
    if let Some(r) = ops::call_special(th, v, &names::__nonzero__, &[])? {
        if r.is_bool() {
            return Ok(r == Value::TRUE);
        }
        // Exact ints only: a subclass could decide its truth by this very method.
        return match ops::int_value(r) {
            Some(n) if type_of(r).value() == o::int::INT.class() => Ok(n != 0),
            _ => {
                let n = ops::type_name(r);
                Err(th.type_error(format!("__nonzero__ should return bool or int, returned {n}")))
            }
        };
    }
    match ops::call_special(th, v, &names::__len__, &[])? {
        Some(r)
            if [o::int::INT.class(), o::long::LONG.class(), o::boolean::BOOL.class()]
                .contains(&type_of(r).value()) =>
        {
            ops::is_true(th, r)
        }
        Some(r) => {
            let n = ops::type_name(r);
            Err(th.type_error(format!("__len__ should return int, returned {n}")))
        }
        None => Ok(true),
    }
}

/// `__len__`.
pub fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    let r = must(th, v, &names::__len__, &[])?;
    let n = match ops::int_value(r) {
        Some(n) => n,
        None => length_of_long(th, r)?,
    };
    usize::try_from(n).map_err(|_| th.value_error("__len__() should return >= 0"))
}

/// A length that is no int.
#[cold]
fn length_of_long(th: &mut Thread, r: Value) -> PyResult<i64> {
    let r = match ops::slots_of(r).int {
        Some(f) if r.payload::<PyLong>().is_none() => f(th, r)?,
        _ => r,
    };
    match ops::exact_integer(r).map(i64::try_from) {
        Some(Ok(n)) => Ok(n),
        Some(Err(_)) => Err(th.overflow_error("long int too large to convert to int")),
        None => Err(th.type_error("an integer is required")),
    }
}

/// `__coerce__`.
pub fn coerce(th: &mut Thread, a: Value, b: Value) -> PyResult<Option<(Value, Value)>> {
    let Some(r) = ops::call_special(th, a, &names::__coerce__, &[b])? else { return Ok(None) };
    if r.is_none() || r == Value::NOT_IMPLEMENTED {
        return Ok(None);
    }
    match r.payload::<PyTuple>() {
        Some(t) if t.len == 2 => Ok(Some((t.get().items()[0], t.get().items()[1]))),
        _ => Err(th.type_error("__coerce__ didn't return a 2-tuple")),
    }
}

/// `__getitem__`.
pub fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    must(th, v, &names::__getitem__, &[k])
}

/// `__setitem__` and `__delitem__`.
pub fn setitem(th: &mut Thread, v: Value, k: Value, x: Slot) -> PyResult<()> {
    match x {
        Some(x) => must(th, v, &names::__setitem__, &[k, x])?,
        None => must(th, v, &names::__delitem__, &[k])?,
    };
    Ok(())
}

/// `__contains__`, else a search by iteration.
pub fn contains(th: &mut Thread, v: Value, x: Value) -> PyResult<bool> {
    if let Some(r) = ops::call_special(th, v, &names::__contains__, &[x])? {
        return ops::is_true(th, r);
    }
    let it = ops::iter(th, v)?;
    while let Some(y) = ops::next(th, it)? {
        if ops::equal(th, y, x)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `__getslice__`.
pub fn getslice(th: &mut Thread, v: Value, i: i64, j: i64) -> PyResult {
    let (i, j) = (th.int(i), th.int(j));
    must(th, v, &names::__getslice__, &[i, j])
}

/// `__setslice__` and `__delslice__`.
pub fn setslice(th: &mut Thread, v: Value, i: i64, j: i64, x: Slot) -> PyResult<()> {
    let (i, j) = (th.int(i), th.int(j));
    match x {
        Some(x) => must(th, v, &names::__setslice__, &[i, j, x])?,
        None => must(th, v, &names::__delslice__, &[i, j])?,
    };
    Ok(())
}

/// `__del__`.
pub fn del(th: &mut Thread, v: Value) -> PyResult<()> {
    must(th, v, &names::__del__, &[])?;
    Ok(())
}
