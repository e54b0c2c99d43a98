//! Old-style instances: every operation asks the instance for the special method, by name.

use super::{INSTANCE, class_of, is_old_style};
use crate::layout::*;
use crate::name::Name;
use crate::names;
use crate::native::{Args, TypeDef};
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::lookup::text;
use crate::types::slots::{CmpOp, SlotTable};
use crate::value::{Slot, Value};

/// The declaration of `instance`.
pub const DEF: TypeDef = TypeDef {
    flags: crate::native::HAS_DICT,
    doc: Some(
        "instance(class[, dict])\n\nCreate an instance without calling its __init__() method.\nThe class must be a classic class.\nIf present, dict must be a dictionary or None.",
    ),
    slots: SlotTable {
        new: Some(new),
        repr: Some(repr),
        str: Some(str),
        hash: Some(hash),
        call: Some(call),
        getattr: Some(getattr),
        setattr: Some(setattr),
        richcmp: Some(richcmp),
        iter: Some(iter),
        next: Some(next),
        add: Some(add),
        sub: Some(sub),
        mul: Some(mul),
        div: Some(div),
        rem: Some(rem),
        divmod: Some(divmod),
        pow: Some(pow),
        lshift: Some(lshift),
        rshift: Some(rshift),
        and: Some(and),
        xor: Some(xor),
        or: Some(or),
        floordiv: Some(floordiv),
        truediv: Some(truediv),
        iadd: Some(iadd),
        isub: Some(isub),
        imul: Some(imul),
        idiv: Some(idiv),
        irem: Some(irem),
        ipow: Some(ipow),
        ilshift: Some(ilshift),
        irshift: Some(irshift),
        iand: Some(iand),
        ixor: Some(ixor),
        ior: Some(ior),
        ifloordiv: Some(ifloordiv),
        itruediv: Some(itruediv),
        neg: Some(neg),
        pos: Some(pos),
        abs: Some(abs),
        invert: Some(invert),
        int: Some(int),
        long: Some(long),
        float: Some(float),
        oct: Some(oct),
        hex: Some(hex),
        index: Some(index),
        nonzero: Some(nonzero),
        coerce: Some(coerce),
        len: Some(len),
        getitem: Some(getitem),
        setitem: Some(setitem),
        contains: Some(contains),
        getslice: Some(getslice),
        setslice: Some(setslice),
        ..SlotTable::EMPTY
    },
    ..TypeDef::new("instance", crate::kinds::kind::INSTANCE)
};

/// A bare instance of an old-style class.
pub fn new_old_style(th: &mut Thread, class: Value) -> PyResult {
    // SAFETY: `instance` is a type.
    let t: Ref<PyType> = unsafe { INSTANCE.class().cast_unchecked() };
    let r = super::allocate(th, t, Some(class));
    let d = th.new_dict();
    r.unguarded().overflow.set(Some(d));
    r.unguarded().shape.set(super::shapes_of(th, t).dict());
    let n = names::__del__.get(th);
    if o::classobj::lookup(class, n).is_some() {
        th.m.register_finalizable(r.obj());
    }
    Ok(r.value())
}

fn new(th: &mut Thread, _class: Value, args: Args<'_>) -> PyResult {
    let [class, dict] = args.bind(th, "instance", ["class", "dict"], 1)?;
    let class = class.unwrap_or(Value::NONE);
    if !o::classobj::is_classobj(class) {
        let n = ops::type_name(class);
        return Err(th.type_error(format!("instance() argument 1 must be classobj, not {n}")));
    }
    let v = new_old_style(th, class)?;
    match dict.filter(|d| !d.is_none()) {
        None => {}
        Some(d) if o::dict::is_dict(d) => super::set_dict(th, v, d)?,
        Some(_) => return Err(th.type_error("instance() second arg must be dictionary or None")),
    }
    Ok(v)
}

/// Attribute of the instance or its class, bound; `__getattr__` is not asked.
pub fn plain(th: &mut Thread, v: Value, name: Value) -> PyResult<Slot> {
    if let Some(x) = super::get_own_attribute(th, v, name)? {
        return Ok(Some(x));
    }
    let class = class_of(v);
    match o::classobj::lookup(class, name) {
        Some(x) => match ops::slots_of(x).descr_get {
            Some(get) => get(th, x, Some(v), Some(class)).map(Some),
            None => Ok(Some(x)),
        },
        None => Ok(None),
    }
}

/// Attribute including `__getattr__`; none if that raises AttributeError.
pub fn find(th: &mut Thread, v: Value, name: Value) -> PyResult<Slot> {
    if let Some(x) = plain(th, v, name)? {
        return Ok(Some(x));
    }
    let key = names::__getattr__.get(th);
    let Some(f) = o::classobj::lookup(class_of(v), key) else { return Ok(None) };
    match ops::call(th, f, &[v, name]) {
        Ok(x) => Ok(Some(x)),
        Err(e) => {
            e.catch_if(th, o::exceptions::ATTRIBUTE_ERROR.class())?;
            Ok(None)
        }
    }
}

fn class_name(th: &mut Thread, v: Value) -> String {
    match o::typeobject::class_name(th, class_of(v)) {
        Ok(n) => n,
        Err(e) => {
            let _ = e.catch(th);
            String::from("?")
        }
    }
}

fn getattr(th: &mut Thread, v: Value, name: Value) -> PyResult {
    match th.str_bytes(name) {
        b"__dict__" => return super::dict_of(th, v),
        b"__class__" => return Ok(class_of(v)),
        _ => {}
    }
    if let Some(x) = plain(th, v, name)? {
        return Ok(x);
    }
    let key = names::__getattr__.get(th);
    if let Some(f) = o::classobj::lookup(class_of(v), key) {
        return ops::call(th, f, &[v, name]);
    }
    let (c, n) = (class_name(th, v), text(th, name));
    Err(th.attribute_error(format!("{c} instance has no attribute '{n}'")))
}

fn setattr(th: &mut Thread, v: Value, name: Value, x: Slot) -> PyResult<()> {
    match th.str_bytes(name) {
        b"__dict__" => {
            let Some(d) = x.filter(|d| o::dict::is_dict(*d)) else {
                return Err(th.type_error("__dict__ must be set to a dictionary"));
            };
            return super::set_dict(th, v, d);
        }
        b"__class__" => {
            let Some(c) = x.filter(|c| o::classobj::is_classobj(*c)) else {
                return Err(th.type_error("__class__ must be set to a class"));
            };
            if let Some(r) = v.cast::<PyInstance>() {
                r.write(th)?.payload.set(Some(c));
            }
            return Ok(());
        }
        _ => {}
    }
    let hook = if x.is_some() { &names::__setattr__ } else { &names::__delattr__ };
    let key = hook.get(th);
    if let Some(f) = o::classobj::lookup(class_of(v), key) {
        match x {
            Some(x) => ops::call(th, f, &[v, name, x])?,
            None => ops::call(th, f, &[v, name])?,
        };
        return Ok(());
    }
    let d = super::dict_of(th, v)?;
    match x {
        Some(x) => o::dict::set_str(th, d, name, x),
        None => {
            if o::dict::delete_str(th, d, name)? {
                return Ok(());
            }
            let (c, n) = (class_name(th, v), text(th, name));
            Err(th.attribute_error(format!("{c} instance has no attribute '{n}'")))
        }
    }
}

/// Calls a special method of the instance, if it has it.
fn special(th: &mut Thread, v: Value, name: &Name, args: &[Value]) -> PyResult<Slot> {
    let n = name.get(th);
    match find(th, v, n)? {
        Some(m) => ops::call(th, m, args).map(Some),
        None => Ok(None),
    }
}

/// Calls a special method the instance must have.
fn must(th: &mut Thread, v: Value, name: &Name, args: &[Value]) -> PyResult {
    let n = name.get(th);
    let m = getattr(th, v, n)?;
    ops::call(th, m, args)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    if let Some(r) = special(th, v, &names::__repr__, &[])? {
        return Ok(r);
    }
    let n = o::classobj::full_name(th, class_of(v));
    Ok(th.new_str(format!("<{n} instance at {:#x}>", v.bits()).as_bytes()))
}

fn str(th: &mut Thread, v: Value) -> PyResult {
    match special(th, v, &names::__str__, &[])? {
        Some(r) => Ok(r),
        None => repr(th, v),
    }
}

fn hash(th: &mut Thread, v: Value) -> PyResult<i64> {
    if let Some(r) = special(th, v, &names::__hash__, &[])? {
        if let Some(n) = ops::int_value(r) {
            return Ok(if n == -1 { -2 } else { n });
        }
        if r.payload::<PyLong>().is_some() {
            return ops::hash(th, r);
        }
        return Err(th.type_error("__hash__() should return an int"));
    }
    for n in [&names::__eq__, &names::__cmp__] {
        let key = n.get(th);
        if find(th, v, key)?.is_some() {
            return Err(th.type_error("unhashable instance"));
        }
    }
    o::object::hash(th, v)
}

fn call(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    let n = names::__call__.get(th);
    match find(th, v, n)? {
        Some(m) => ops::call_args(th, m, args),
        None => {
            let c = class_name(th, v);
            Err(th.attribute_error(format!("{c} instance has no __call__ method")))
        }
    }
}

fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    const NAMES: [&Name; 6] =
        [&names::__lt__, &names::__le__, &names::__eq__, &names::__ne__, &names::__gt__, &names::__ge__];
    for (x, y, op) in [(a, b, op), (b, a, op.swapped())] {
        if !is_old_style(x) {
            continue;
        }
        let n = NAMES[op as usize].get(th);
        // A descriptor that raises AttributeError counts as none.
        let method = match find(th, x, n) {
            Ok(m) => m,
            Err(e) => {
                e.catch_if(th, o::exceptions::ATTRIBUTE_ERROR.class())?;
                None
            }
        };
        if let Some(m) = method {
            let r = ops::call(th, m, &[y])?;
            if r != Value::NOT_IMPLEMENTED {
                return Ok(r);
            }
        }
    }
    Ok(Value::NOT_IMPLEMENTED)
}

fn iter(th: &mut Thread, v: Value) -> PyResult {
    if let Some(r) = special(th, v, &names::__iter__, &[])? {
        if ops::slots_of(r).next.is_none() {
            let n = ops::type_name(r);
            return Err(th.type_error(format!("__iter__ returned non-iterator of type '{n}'")));
        }
        return Ok(r);
    }
    let n = names::__getitem__.get(th);
    if find(th, v, n)?.is_none() {
        return Err(th.type_error("iteration over non-sequence"));
    }
    Ok(o::seqiter::new(th, v))
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let n = names::next.get(th);
    let Some(m) = find(th, v, n)? else { return Err(th.type_error("instance has no next() method")) };
    let r = ops::call(th, m, &[]);
    ops::absorb_stop(th, r)
}

/// Half of a binary operation: coercion first, then the method.
fn half(
    th: &mut Thread,
    v: Value,
    w: Value,
    name: &Name,
    op: fn(&mut Thread, Value, Value) -> PyResult,
    swapped: bool,
) -> PyResult {
    if !is_old_style(v) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let key = names::__coerce__.get(th);
    if let Some(c) = find(th, v, key)? {
        let r = ops::call(th, c, &[w])?;
        if !r.is_none() && r != Value::NOT_IMPLEMENTED {
            let Some(t) = r.payload::<PyTuple>().filter(|t| t.len == 2) else {
                return Err(th.type_error("coercion should return None or 2-tuple"));
            };
            let (x, y) = (t.get().items()[0], t.get().items()[1]);
            if is_old_style(x) {
                let n = name.get(th);
                return match find(th, x, n)? {
                    Some(m) => ops::call(th, m, &[y]),
                    None => Ok(Value::NOT_IMPLEMENTED),
                };
            }
            return if swapped { op(th, y, x) } else { op(th, x, y) };
        }
    }
    let n = name.get(th);
    match find(th, v, n)? {
        Some(m) => ops::call(th, m, &[w]),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

macro_rules! binary {
    ($($f:ident $name:ident $rname:ident $op:ident;)*) => { $(
        fn $f(th: &mut Thread, a: Value, b: Value) -> PyResult {
            let op = |th: &mut Thread, x: Value, y: Value| ops::binary(th, x, y, &ops::$op);
            let r = half(th, a, b, &names::$name, op, false)?;
            if r != Value::NOT_IMPLEMENTED {
                return Ok(r);
            }
            half(th, b, a, &names::$rname, op, true)
        }
    )* };
}
binary! {
    add __add__ __radd__ ADD; sub __sub__ __rsub__ SUB; mul __mul__ __rmul__ MUL; div __div__ __rdiv__ DIV;
    rem __mod__ __rmod__ REM; divmod __divmod__ __rdivmod__ DIVMOD; lshift __lshift__ __rlshift__ LSHIFT;
    rshift __rshift__ __rrshift__ RSHIFT; and __and__ __rand__ AND; xor __xor__ __rxor__ XOR; or __or__ __ror__ OR;
    floordiv __floordiv__ __rfloordiv__ FLOORDIV; truediv __truediv__ __rtruediv__ TRUEDIV;
}

macro_rules! inplace {
    ($($f:ident $name:ident $op:ident;)*) => { $(
        fn $f(th: &mut Thread, a: Value, b: Value) -> PyResult {
            half(th, a, b, &names::$name, |th, x, y| ops::inplace(th, x, y, &ops::$op), false)
        }
    )* };
}
inplace! {
    iadd __iadd__ ADD; isub __isub__ SUB; imul __imul__ MUL; idiv __idiv__ DIV; irem __imod__ REM;
    ilshift __ilshift__ LSHIFT; irshift __irshift__ RSHIFT; iand __iand__ AND; ixor __ixor__ XOR; ior __ior__ OR;
    ifloordiv __ifloordiv__ FLOORDIV; itruediv __itruediv__ TRUEDIV;
}

fn pow(th: &mut Thread, a: Value, b: Value, c: Value) -> PyResult {
    if !c.is_none() {
        if is_old_style(a) {
            return must(th, a, &names::__pow__, &[b, c]);
        }
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let op = |th: &mut Thread, x: Value, y: Value| ops::power(th, x, y, Value::NONE);
    let r = half(th, a, b, &names::__pow__, op, false)?;
    if r != Value::NOT_IMPLEMENTED {
        return Ok(r);
    }
    half(th, b, a, &names::__rpow__, op, true)
}

fn ipow(th: &mut Thread, a: Value, b: Value, _: Value) -> PyResult {
    half(th, a, b, &names::__ipow__, |th, x, y| ops::power(th, x, y, Value::NONE), false)
}

macro_rules! unary {
    ($($f:ident $name:ident;)*) => { $( fn $f(th: &mut Thread, v: Value) -> PyResult { must(th, v, &names::$name, &[]) } )* };
}
unary! { neg __neg__; pos __pos__; abs __abs__; invert __invert__; float __float__; oct __oct__; hex __hex__; long_only __long__; int_only __int__; index_only __index__; }

fn int(th: &mut Thread, v: Value) -> PyResult {
    let n = names::__int__.get(th);
    if find(th, v, n)?.is_none() {
        let t = names::__trunc__.get(th);
        let m = getattr(th, v, t)?;
        return ops::call(th, m, &[]);
    }
    int_only(th, v)
}

fn long(th: &mut Thread, v: Value) -> PyResult {
    let n = names::__long__.get(th);
    if find(th, v, n)?.is_none() { int(th, v) } else { long_only(th, v) }
}

fn index(th: &mut Thread, v: Value) -> PyResult {
    let n = names::__index__.get(th);
    if find(th, v, n)?.is_none() {
        return Err(th.type_error("object cannot be interpreted as an index"));
    }
    index_only(th, v)
}

fn nonzero(th: &mut Thread, v: Value) -> PyResult<bool> {
    for n in [&names::__nonzero__, &names::__len__] {
        if let Some(r) = special(th, v, n, &[])? {
            let Some(k) = ops::int_value(r) else {
                return Err(th.type_error("__nonzero__ should return an int"));
            };
            if k < 0 {
                return Err(th.value_error("__nonzero__ should return >= 0"));
            }
            return Ok(k != 0);
        }
    }
    Ok(true)
}

fn coerce(th: &mut Thread, a: Value, b: Value) -> PyResult<Option<(Value, Value)>> {
    if !is_old_style(a) {
        return Ok(None);
    }
    match special(th, a, &names::__coerce__, &[b])? {
        None => Ok(None),
        Some(r) if r.is_none() || r == Value::NOT_IMPLEMENTED => Ok(None),
        Some(r) => match r.payload::<PyTuple>() {
            Some(t) if t.len == 2 => Ok(Some((t.get().items()[0], t.get().items()[1]))),
            _ => Err(th.type_error("coercion should return None or 2-tuple")),
        },
    }
}

fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    let r = must(th, v, &names::__len__, &[])?;
    match ops::int_value(r) {
        Some(n) if n >= 0 => Ok(n as usize),
        Some(_) => Err(th.value_error("__len__() should return >= 0")),
        None => Err(th.type_error("__len__() should return an int")),
    }
}

fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    must(th, v, &names::__getitem__, &[k])
}

fn setitem(th: &mut Thread, v: Value, k: Value, x: Slot) -> PyResult<()> {
    match x {
        Some(x) => must(th, v, &names::__setitem__, &[k, x])?,
        None => must(th, v, &names::__delitem__, &[k])?,
    };
    Ok(())
}

fn contains(th: &mut Thread, v: Value, x: Value) -> PyResult<bool> {
    if let Some(r) = special(th, v, &names::__contains__, &[x])? {
        return ops::is_true(th, r);
    }
    let it = match ops::iter(th, v) {
        Ok(it) => it,
        Err(e) => {
            e.catch_if(th, o::exceptions::TYPE_ERROR.class())?;
            return Err(th.type_error("argument of type 'instance' is not iterable"));
        }
    };
    while let Some(y) = ops::next(th, it)? {
        if ops::equal(th, y, x)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn getslice(th: &mut Thread, v: Value, i: i64, j: i64) -> PyResult {
    let (a, b) = (th.int(i), th.int(j));
    match special(th, v, &names::__getslice__, &[a, b])? {
        Some(r) => Ok(r),
        None => {
            let s = th.new_slice(a, b, Value::NONE);
            getitem(th, v, s)
        }
    }
}

fn setslice(th: &mut Thread, v: Value, i: i64, j: i64, x: Slot) -> PyResult<()> {
    let (a, b) = (th.int(i), th.int(j));
    let r = match x {
        Some(x) => special(th, v, &names::__setslice__, &[a, b, x])?,
        None => special(th, v, &names::__delslice__, &[a, b])?,
    };
    if r.is_some() {
        return Ok(());
    }
    let s = th.new_slice(a, b, Value::NONE);
    setitem(th, v, s, x)
}
