//! Types: classes, their slots, attribute lookup, and how instances are laid out.

pub mod cache;
pub mod create;
pub mod dispatch;
pub mod lookup;
pub mod modify;
pub mod mro;
pub mod ready;
pub mod shape;
pub mod slots;
pub mod special;
pub mod wrappers;

use crate::layout::*;
use crate::native::Args;
use crate::objects as o;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// The type of any value.
#[inline(always)]
pub fn type_of(v: Value) -> Ref<PyType> {
    let bits = if v.is_obj() {
        gc_stm::class(v.obj_unchecked())
    } else if v.is_tagged_int() {
        o::int::INT.class_bits()
    } else if v.is_flonum() {
        o::float::FLOAT.class_bits()
    } else {
        special_class(v)
    };
    match Value::from_bits(bits) {
        // SAFETY: class words refer to type objects.
        Some(c) => unsafe { c.cast_unchecked() },
        None => internal_object(),
    }
}

#[cold]
fn internal_object() -> ! {
    panic!("an internal object (storage) was handed to Python code")
}

#[inline]
fn special_class(v: Value) -> u64 {
    match v {
        Value::TRUE | Value::FALSE => o::boolean::BOOL.class_bits(),
        Value::NONE => o::none::NONE.class_bits(),
        Value::NOT_IMPLEMENTED => o::none::NOT_IMPLEMENTED.class_bits(),
        _ => o::none::ELLIPSIS.class_bits(),
    }
}

/// True if `a` is `b` or derives from it.
#[inline]
pub fn is_subtype(a: Ref<PyType>, b: Ref<PyType>) -> bool {
    if a == b {
        return true;
    }
    match a.unguarded().mro.get().and_then(|m| m.cast::<PyTuple>()) {
        Some(m) => m.get().items().contains(&b.value()),
        None => {
            // Still under construction: follow the base links.
            let mut t = a.unguarded().base.get();
            while let Some(v) = t {
                if v == b.value() {
                    return true;
                }
                t = v.cast::<PyType>().and_then(|t| t.unguarded().base.get());
            }
            b.value() == o::object::OBJECT.class()
        }
    }
}

/// True if `v` is an instance of the built-in type (or of a subclass).
#[inline]
pub fn is_instance_of(v: Value, def: &crate::native::TypeDef) -> bool {
    let t = type_of(v);
    t.value() == def.class() || Value::cast::<PyType>(def.class()).is_some_and(|b| is_subtype(t, b))
}

/// What a `new` slot returns for the exact base object `base`: itself for the built-in class, else an instance of
/// the subclass that carries it.
pub fn wrap_new(th: &mut Thread, class: Value, def: &crate::native::TypeDef, base: Value) -> PyResult {
    if class == def.class() {
        return Ok(base);
    }
    match class.cast::<PyType>() {
        Some(t) => Ok(o::instance::allocate(th, t, Some(base)).value()),
        None => Err(th.type_error(format!("{}.__new__(X): X is not a type object", def.name))),
    }
}

/// `module.name` for user classes, `name` for built-in ones.
pub fn qualified_name(th: &mut Thread, t: Ref<PyType>) -> String {
    let name = t.name();
    let key = crate::names::__module__.get(th);
    if t.unguarded().flags.get() & flag::HEAP != 0
        && let Some(m) = o::dict::get_str_unguarded(t.unguarded().dict.get(), key)
        && let Some(m) = m.payload::<PyStr>()
        && m.get().bytes() != b"__builtin__"
    {
        return format!("{}.{name}", String::from_utf8_lossy(m.get().bytes()));
    }
    let def = t.unguarded().layout.get();
    if t.unguarded().flags.get() & flag::HEAP == 0
        && def.module != "__builtin__"
        && def.module != "exceptions"
    {
        return format!("{}.{name}", def.module);
    }
    name
}

/// Type flags.
pub mod flag {
    /// Made by a class statement or a call of `type`.
    pub const HEAP: u64 = 1;
    /// May be subclassed.
    pub const BASETYPE: u64 = 2;
    /// Instances have a `__dict__`.
    pub const HAS_DICT: u64 = 4;
    /// Instances can be weakly referenced.
    pub const HAS_WEAKREF: u64 = 8;
    /// Some class along the MRO defines `__del__`.
    pub const HAS_DEL: u64 = 16;
    /// Instances carry a payload of the layout's kind.
    pub const PAYLOAD: u64 = 32;
    /// Cannot be instantiated by calling it.
    pub const NO_NEW: u64 = 64;
    /// Ready: MRO and slots are in place.
    pub const READY: u64 = 128;
    /// Abstract methods remain (`__abstractmethods__`).
    pub const ABSTRACT: u64 = 256;
    /// `__getattribute__` and `__getattr__` are the default: fast paths may be taken.
    pub const PLAIN_GETATTR: u64 = 512;
    /// `__setattr__` and `__delattr__` are the default.
    pub const PLAIN_SETATTR: u64 = 1024;
}

/// True for the unbound methods of built-in types.
pub fn is_method_descriptor(v: Value) -> bool {
    let t = type_of(v).value();
    t == o::descriptors::METHOD_DESCRIPTOR.class() || t == o::descriptors::WRAPPER_DESCRIPTOR.class()
}

/// Checks that the first argument of an unbound built-in method is an instance of its class.
pub fn check_descriptor_self(th: &mut Thread, args: Args<'_>) -> PyResult<()> {
    let Some(b) = args.callee.cast::<PyBuiltin>() else { return Ok(()) };
    let Some(owner) = b.get().owner.and_then(|c| c.cast::<PyType>()) else { return Ok(()) };
    let Some(first) = args.get(0) else {
        return Err(th.type_error(format!(
            "descriptor '{}' of '{}' object needs an argument",
            b.get().def.name,
            owner.name()
        )));
    };
    if is_subtype(type_of(first), owner) {
        return Ok(());
    }
    let n = crate::ops::type_name(first);
    Err(th.type_error(format!(
        "descriptor '{}' requires a '{}' object but received a '{n}'",
        b.get().def.name,
        owner.name()
    )))
}
