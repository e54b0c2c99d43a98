//! Native methods that expose slots: `int.__add__` and the like.
//!
//! The slot is that of the class the descriptor was found in (`args.callee`'s owner), so that calling a base class's
//! method on an instance of a subclass does what the base class does.

use super::slots::{CmpOp, SlotTable};
use super::type_of;
use crate::layout::*;
use crate::native::Args;
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// The slots of the class the wrapper belongs to.
fn slots(a: &Args<'_>) -> &'static SlotTable {
    match a.callee.cast::<PyBuiltin>().and_then(|b| b.owner).and_then(|c| c.cast::<PyType>()) {
        Some(t) => t.slots(),
        None => type_of(a.pos[0]).slots(),
    }
}

macro_rules! unary {
    ($($f:ident $slot:ident)*) => { $(
        /// Wraps the slot of that name.
        pub fn $f(th: &mut Thread, a: Args<'_>) -> PyResult {
            match slots(&a).$slot { Some(f) => f(th, a.pos[0]), None => Ok(Value::NOT_IMPLEMENTED) }
        }
    )* };
}
unary! { repr repr str str iter iter neg neg pos pos abs abs invert invert int int long long float float oct oct hex hex index index }

macro_rules! binary {
    ($($f:ident $r:ident $slot:ident)*) => { $(
        /// Wraps the slot of that name.
        pub fn $f(th: &mut Thread, a: Args<'_>) -> PyResult {
            match slots(&a).$slot { Some(f) => f(th, a.pos[0], a.pos[1]), None => Ok(Value::NOT_IMPLEMENTED) }
        }
        /// The same with operands exchanged.
        pub fn $r(th: &mut Thread, a: Args<'_>) -> PyResult {
            match slots(&a).$slot { Some(f) => f(th, a.pos[1], a.pos[0]), None => Ok(Value::NOT_IMPLEMENTED) }
        }
    )* };
}
binary! {
    sub rsub sub div rdiv div rem rrem rem divmod rdivmod divmod
    lshift rlshift lshift rshift rrshift rshift and rand and xor rxor xor or ror or
    floordiv rfloordiv floordiv truediv rtruediv truediv
    num_add num_radd add num_mul num_rmul mul
    isub isub2 isub idiv idiv2 idiv irem irem2 irem ilshift ilshift2 ilshift irshift irshift2 irshift
    iand iand2 iand ixor ixor2 ixor ior ior2 ior ifloordiv ifloordiv2 ifloordiv itruediv itruediv2 itruediv
    getitem getitem2 getitem
}

/// `__add__`: the number slot, else concatenation.
pub fn add(th: &mut Thread, a: Args<'_>) -> PyResult {
    let s = slots(&a);
    match s.add.or(s.concat) {
        Some(f) => f(th, a.pos[0], a.pos[1]),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `__mul__`: the number slot, else repetition.
pub fn mul(th: &mut Thread, a: Args<'_>) -> PyResult {
    let s = slots(&a);
    match s.mul.or(s.repeat) {
        Some(f) => f(th, a.pos[0], a.pos[1]),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `__rmul__`: the number slot with operands exchanged, else repetition.
pub fn rmul(th: &mut Thread, a: Args<'_>) -> PyResult {
    let s = slots(&a);
    match (s.mul, s.repeat) {
        (Some(f), _) => f(th, a.pos[1], a.pos[0]),
        (None, Some(f)) => f(th, a.pos[0], a.pos[1]),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `__iadd__`.
pub fn iadd(th: &mut Thread, a: Args<'_>) -> PyResult {
    let s = slots(&a);
    match s.iadd.or(s.iconcat) {
        Some(f) => f(th, a.pos[0], a.pos[1]),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `__imul__`.
pub fn imul(th: &mut Thread, a: Args<'_>) -> PyResult {
    let s = slots(&a);
    match s.imul.or(s.irepeat) {
        Some(f) => f(th, a.pos[0], a.pos[1]),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `__pow__`.
pub fn pow(th: &mut Thread, a: Args<'_>) -> PyResult {
    match slots(&a).pow {
        Some(f) => f(th, a.pos[0], a.pos[1], a.get(2).unwrap_or(Value::NONE)),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `__rpow__`.
pub fn rpow(th: &mut Thread, a: Args<'_>) -> PyResult {
    match slots(&a).pow {
        Some(f) => f(th, a.pos[1], a.pos[0], a.get(2).unwrap_or(Value::NONE)),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `__ipow__`.
pub fn ipow(th: &mut Thread, a: Args<'_>) -> PyResult {
    match slots(&a).ipow {
        Some(f) => f(th, a.pos[0], a.pos[1], Value::NONE),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `__hash__`.
pub fn hash(th: &mut Thread, a: Args<'_>) -> PyResult {
    match slots(&a).hash {
        Some(f) => f(th, a.pos[0]).map(|h| th.int(h)),
        None => ops::hash(th, a.pos[0]).map(|h| th.int(h)),
    }
}

/// `__call__`.
pub fn call(th: &mut Thread, a: Args<'_>) -> PyResult {
    match slots(&a).call {
        Some(f) => f(th, a.pos[0], a.skip(1)),
        None => Err(th.type_error("object is not callable")),
    }
}

/// `__getattribute__`.
pub fn getattribute(th: &mut Thread, a: Args<'_>) -> PyResult {
    let n = ops::attribute_name(th, a.pos[1], "")?;
    match slots(&a).getattr {
        Some(f) => f(th, a.pos[0], n),
        None => super::lookup::generic_getattr(th, a.pos[0], n),
    }
}

/// `__setattr__`.
pub fn setattr(th: &mut Thread, a: Args<'_>) -> PyResult {
    set_attribute(th, &a, Some(a.pos[2]))
}

/// `__delattr__`.
pub fn delattr(th: &mut Thread, a: Args<'_>) -> PyResult {
    set_attribute(th, &a, None)
}

fn set_attribute(th: &mut Thread, a: &Args<'_>, x: Slot) -> PyResult {
    let n = ops::attribute_name(th, a.pos[1], "")?;
    // "Can't apply this __setattr__": object's setattr may not be used to get round a built-in type's own.
    let own = slots(a).setattr;
    let t = type_of(a.pos[0]);
    let mut base = Some(t.value());
    while let Some(b) = base.and_then(|b| b.cast::<PyType>()) {
        if b.unguarded().flags.get() & super::flag::HEAP == 0 {
            if b.slots().setattr.map(|f| f as usize) != own.map(|f| f as usize) {
                let n = b.name();
                let what = if x.is_some() { "__setattr__" } else { "__delattr__" };
                let me =
                    match a.callee.cast::<PyBuiltin>().and_then(|b| b.owner).and_then(|c| c.cast::<PyType>())
                    {
                        Some(t) => t.name(),
                        None => String::from("object"),
                    };
                return Err(
                    th.type_error(format!("can't apply this {what} to {n} object").replace("{me}", &me))
                );
            }
            break;
        }
        base = b.unguarded().base.get();
    }
    match own {
        Some(f) => f(th, a.pos[0], n, x)?,
        None => super::lookup::generic_setattr(th, a.pos[0], n, x)?,
    }
    Ok(Value::NONE)
}

macro_rules! compare {
    ($($f:ident $op:ident)*) => { $(
        /// Wraps the rich comparison slot.
        pub fn $f(th: &mut Thread, a: Args<'_>) -> PyResult {
            match slots(&a).richcmp { Some(f) => f(th, a.pos[0], a.pos[1], CmpOp::$op), None => Ok(Value::NOT_IMPLEMENTED) }
        }
    )* };
}
compare! { lt Lt le Le eq Eq ne Ne gt Gt ge Ge }

/// `__cmp__`.
pub fn cmp(th: &mut Thread, a: Args<'_>) -> PyResult {
    let (ta, tb) = (type_of(a.pos[0]), type_of(a.pos[1]));
    let own = slots(&a).cmp;
    if tb.slots().cmp.map(|f| f as usize) != own.map(|f| f as usize) && !super::is_subtype(tb, ta) {
        let (x, y) = (ta.name(), tb.name());
        return Err(th.type_error(format!("{x}.__cmp__(x,y) requires y to be a '{x}', not a '{y}'")));
    }
    match own {
        Some(f) => f(th, a.pos[0], a.pos[1]).map(|c| Value::int_unchecked(c.signum() as i64)),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `next`.
pub fn next(th: &mut Thread, a: Args<'_>) -> PyResult {
    match slots(&a).next {
        Some(f) => match f(th, a.pos[0])? {
            Some(v) => Ok(v),
            None => Err(th.stop_iteration()),
        },
        None => Err(th.type_error("object is not an iterator")),
    }
}

/// `__get__`.
pub fn descr_get(th: &mut Thread, a: Args<'_>) -> PyResult {
    let obj = a.get(1).filter(|v| !v.is_none());
    let ty = a.get(2).filter(|v| !v.is_none());
    if obj.is_none() && ty.is_none() {
        return Err(th.type_error("__get__(None, None) is invalid"));
    }
    match slots(&a).descr_get {
        Some(f) => f(th, a.pos[0], obj, ty),
        None => Ok(a.pos[0]),
    }
}

/// `__set__`.
pub fn descr_set(th: &mut Thread, a: Args<'_>) -> PyResult {
    if let Some(f) = slots(&a).descr_set {
        f(th, a.pos[0], a.pos[1], Some(a.pos[2]))?;
    }
    Ok(Value::NONE)
}

/// `__delete__`.
pub fn descr_delete(th: &mut Thread, a: Args<'_>) -> PyResult {
    if let Some(f) = slots(&a).descr_set {
        f(th, a.pos[0], a.pos[1], None)?;
    }
    Ok(Value::NONE)
}

/// `__init__`.
pub fn init(th: &mut Thread, a: Args<'_>) -> PyResult {
    if let Some(f) = slots(&a).init {
        f(th, a.pos[0], a.skip(1))?;
    }
    Ok(Value::NONE)
}

/// A class's name as C declares it: with the module for built-in ones outside `__builtin__`.
fn c_name(t: Ref<PyType>) -> String {
    let module = t.unguarded().layout.get().module;
    if t.unguarded().flags.get() & super::flag::HEAP == 0 && module != "__builtin__" {
        format!("{module}.{}", t.name())
    } else {
        t.name()
    }
}

/// `__new__`: the first argument is the class.
pub fn new(th: &mut Thread, a: Args<'_>) -> PyResult {
    let owner = a.callee.cast::<PyBuiltin>().and_then(|b| b.receiver).and_then(|c| c.cast::<PyType>());
    // The receiver (the type the function belongs to) is pos[0]; the class asked for is pos[1].
    let Some(own) = owner else { return Err(th.type_error("object.__new__(): not enough arguments")) };
    let name = c_name(own);
    let Some(class) = a.get(1) else {
        return Err(th.type_error(format!("{name}.__new__(): not enough arguments")));
    };
    let Some(t) = class.cast::<PyType>() else {
        let n = ops::type_name(class);
        return Err(th.type_error(format!("{name}.__new__(X): X is not a type object ({n})")));
    };
    if !super::is_subtype(t, own) {
        let n = c_name(t);
        return Err(th.type_error(format!("{name}.__new__({n}): {n} is not a subtype of {name}")));
    }
    // The nearest built-in base decides which __new__ is safe.
    let layout = t.unguarded().layout.get();
    if (layout.slots.new.is_some() || layout.flags & crate::native::NO_NEW != 0)
        && layout.class() != own.value()
        && own.slots().new.map(|f| f as usize)
            != Value::cast::<PyType>(layout.class()).and_then(|l| l.slots().new).map(|f| f as usize)
    {
        let (n, l) = (t.name(), layout.name);
        return Err(th.type_error(format!("{name}.__new__({n}) is not safe, use {l}.__new__()")));
    }
    match own.slots().new {
        Some(f) => f(th, class, Args { callee: a.callee, pos: &a.pos[2..], kw: a.kw }),
        None => Err(th.type_error(format!("cannot create '{name}' instances"))),
    }
}

/// `__nonzero__`.
pub fn nonzero(th: &mut Thread, a: Args<'_>) -> PyResult {
    match slots(&a).nonzero {
        Some(f) => f(th, a.pos[0]).map(Value::from_bool),
        None => ops::is_true(th, a.pos[0]).map(Value::from_bool),
    }
}

/// `__len__`.
pub fn len(th: &mut Thread, a: Args<'_>) -> PyResult {
    match slots(&a).len {
        Some(f) => f(th, a.pos[0]).map(|n| th.int(n as i64)),
        None => Err(th.type_error("object has no len()")),
    }
}

/// `__coerce__`.
pub fn coerce(th: &mut Thread, a: Args<'_>) -> PyResult {
    match slots(&a).coerce {
        Some(f) => match f(th, a.pos[0], a.pos[1])? {
            Some((x, y)) => th.try_tuple(&[x, y]),
            None => Ok(Value::NOT_IMPLEMENTED),
        },
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `__setitem__`.
pub fn setitem(th: &mut Thread, a: Args<'_>) -> PyResult {
    if let Some(f) = slots(&a).setitem {
        f(th, a.pos[0], a.pos[1], Some(a.pos[2]))?;
    }
    Ok(Value::NONE)
}

/// `__delitem__`.
pub fn delitem(th: &mut Thread, a: Args<'_>) -> PyResult {
    if let Some(f) = slots(&a).setitem {
        f(th, a.pos[0], a.pos[1], None)?;
    }
    Ok(Value::NONE)
}

/// `__contains__`.
pub fn contains(th: &mut Thread, a: Args<'_>) -> PyResult {
    match slots(&a).contains {
        Some(f) => f(th, a.pos[0], a.pos[1]).map(Value::from_bool),
        None => ops::contains(th, a.pos[0], a.pos[1]).map(Value::from_bool),
    }
}

/// Bounds given to a method are taken as they are: only the slice operator adds the length to negative ones.
fn bounds(th: &mut Thread, a: &Args<'_>) -> PyResult<(i64, i64)> {
    Ok((ops::integer_arg(th, a.pos[1])?, ops::integer_arg(th, a.pos[2])?))
}

/// `__getslice__`.
pub fn getslice(th: &mut Thread, a: Args<'_>) -> PyResult {
    let (i, j) = bounds(th, &a)?;
    match slots(&a).getslice {
        Some(f) => f(th, a.pos[0], i, j),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `__setslice__`.
pub fn setslice(th: &mut Thread, a: Args<'_>) -> PyResult {
    let (i, j) = bounds(th, &a)?;
    if let Some(f) = slots(&a).setslice {
        f(th, a.pos[0], i, j, Some(a.pos[3]))?;
    }
    Ok(Value::NONE)
}

/// `__delslice__`.
pub fn delslice(th: &mut Thread, a: Args<'_>) -> PyResult {
    let (i, j) = bounds(th, &a)?;
    if let Some(f) = slots(&a).setslice {
        f(th, a.pos[0], i, j, None)?;
    }
    Ok(Value::NONE)
}

/// `__del__`.
pub fn del(th: &mut Thread, a: Args<'_>) -> PyResult {
    if let Some(f) = slots(&a).del {
        f(th, a.pos[0])?;
    }
    Ok(Value::NONE)
}

const _: fn() = || {
    let _ = o::ALL;
};
