//! The built-in types `weakref`, `weakproxy`, `weakcallableproxy`.
//!
//! A weak reference's referent is the collector's business: it reads 0 once the referent has died, and that is never
//! undone (PITFALLS 14), so reading it needs no barrier. A reference without a callback is shared: asking twice gives the
//! same object, found through the registry.

mod proxy;
mod reference;
mod registry;

pub use proxy::{CALLABLE_PROXY, PROXY, unwrap};
pub use reference::{WEAKREF, arguments};
pub use registry::{count, list};

use crate::layout::*;
use crate::native::TypeDef;
use crate::objects as o;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::types::{flag, type_of};
use crate::value::{Slot, Value};

/// A bare weak reference, unknown to the registry: what the runtime keeps for itself. `v` is a heap object.
pub fn plain(th: &Thread, v: Value) -> Value {
    make(th, v, None, WEAKREF.class()).value()
}

/// What a weak reference (or proxy, or an instance of a subclass) refers to, if that still lives.
pub fn referent(_: &mut Thread, w: Value) -> PyResult<Slot> {
    Ok(target(w))
}

/// See [`referent`].
pub fn target(w: Value) -> Slot {
    w.payload::<PyWeakref>().and_then(|w| w.unguarded().referent.get())
}

/// The shared reference without callback to `v`, made if there is none.
pub fn shared(th: &mut Thread, v: Value, def: &'static TypeDef) -> PyResult {
    check(th, v)?;
    if let Some(w) = registry::find(th, v, def)? {
        return Ok(w);
    }
    let w = make(th, v, None, def.class());
    registry::add(th, v, w)?;
    Ok(w.value())
}

/// A new reference to `v` of an exact built-in type, with a callback.
pub fn with_callback(th: &mut Thread, v: Value, callback: Value, def: &'static TypeDef) -> PyResult {
    check(th, v)?;
    let w = make(th, v, Some(callback), def.class());
    registry::add(th, v, w)?;
    Ok(w.value())
}

/// `__weakref__`: the first reference to `v`, or None.
pub fn first_of(th: &mut Thread, v: Value) -> PyResult {
    let all = list(th, v)?;
    Ok(crate::ops::values(&all).first().copied().unwrap_or(Value::NONE))
}

/// TypeError if objects like `v` cannot be referred to weakly.
fn check(th: &mut Thread, v: Value) -> Result<(), Raised> {
    let t = type_of(v);
    if v.is_obj() && (t.unguarded().flags.get() & flag::HAS_WEAKREF != 0 || is_referable(t.value())) {
        return Ok(());
    }
    let name = full_name(t);
    Err(th.type_error(format!("cannot create weak reference to '{name}' object")))
}

/// Built-in types of the core whose instances can be referred to weakly.
fn is_referable(class: Value) -> bool {
    [
        &o::function::FUNCTION,
        &o::method::METHOD,
        &o::typeobject::TYPE,
        &o::instance::INSTANCE,
        &o::classobj::CLASSOBJ,
        &o::generator::GENERATOR,
        &o::code::CODE,
        &o::set::SET,
        &o::set::FROZENSET,
        &o::file::FILE,
    ]
    .iter()
    .any(|d| d.class() == class)
}

/// The name with the module, as built-in types outside `__builtin__` show it.
fn full_name(t: Ref<PyType>) -> String {
    let def = t.unguarded().layout.get();
    if t.unguarded().flags.get() & flag::HEAP == 0 && def.module != "__builtin__" {
        return format!("{}.{}", def.module, t.name());
    }
    t.name()
}

fn make(th: &Thread, v: Value, callback: Slot, class: Value) -> Ref<PyWeakref> {
    let r: Ref<PyWeakref> = th.alloc_fixed(class.bits(), round16(size_of::<PyWeakref>()));
    let u = r.unguarded();
    u.referent.set(Some(v));
    u.callback.set(callback);
    th.m.register_weak(r.obj());
    r
}
