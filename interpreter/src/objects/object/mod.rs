//! `object`: the base of all new-style classes.

use crate::kinds::kind;
use crate::layout::*;
use crate::names;
use crate::native::{Args, GetSetDef, MethodDef, TypeDef};
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::types::{self, flag, lookup, type_of};
use crate::value::{Slot, Value};

/// `object`.
pub static OBJECT: TypeDef = TypeDef {
    doc: Some("The most base type"),
    slots: SlotTable {
        repr: Some(repr),
        str: Some(ops::repr),
        hash: Some(hash),
        getattr: Some(lookup::generic_getattr),
        setattr: Some(lookup::generic_setattr),
        new: Some(new),
        init: Some(init),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new("__reduce__", reduce, 0, 1, 0, "helper for pickle"),
        MethodDef::new("__reduce_ex__", reduce_ex, 0, 1, 0, "helper for pickle"),
        MethodDef::new("__format__", format, 1, 1, crate::native::PARSED, "default object formatter"),
        MethodDef::new(
            "__sizeof__",
            sizeof,
            0,
            0,
            0,
            "__sizeof__() -> int\nsize of object in memory, in bytes",
        ),
        MethodDef::new(
            "__subclasshook__",
            |_, _| Ok(Value::NOT_IMPLEMENTED),
            0,
            u16::MAX,
            crate::native::CLASS,
            "Abstract classes can override this to customize issubclass().",
        ),
    ],
    getset: &[GetSetDef {
        name: "__class__",
        get: get_class,
        set: Some(set_class),
        doc: "the object's class",
    }],
    ..TypeDef::new("object", kind::INSTANCE)
};

fn repr(th: &mut Thread, v: Value) -> PyResult {
    Ok(ops::default_repr(th, v))
}

/// Identity hash.
pub fn hash(_: &mut Thread, v: Value) -> PyResult<i64> {
    Ok((v.bits() >> 4) as i64)
}

/// True if a class overrides `__new__` or `__init__`, so that object's versions must accept arguments.
fn excess_args(th: &mut Thread, class: Ref<PyType>, args: Args<'_>, in_new: bool) -> PyResult<()> {
    if args.is_empty() && args.kw.is_empty() {
        return Ok(());
    }
    let s = class.slots();
    let own_new = s.new.map(|f| f as usize) != Some(new as *const () as usize);
    let own_init = s.init.map(|f| f as usize) != Some(init as *const () as usize);
    let text = if in_new { "object() takes no parameters" } else { "object.__init__() takes no parameters" };
    if own_new && own_init {
        return crate::warnings::warn(th, &o::exceptions::DEPRECATION_WARNING, text, 1);
    }
    let (here, other) = if in_new { (own_new, own_init) } else { (own_init, own_new) };
    if here || !other { Err(th.type_error(text)) } else { Ok(()) }
}

/// `object.__new__`.
pub fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let Some(t) = class.cast::<PyType>() else {
        return Err(th.type_error("object.__new__(X): X is not a type object"));
    };
    excess_args(th, t, args, true)?;
    if t.unguarded().flags.get() & flag::ABSTRACT != 0 {
        return Err(abstract_error(th, t));
    }
    Ok(o::instance::allocate(th, t, None).value())
}

fn abstract_error(th: &mut Thread, t: Ref<PyType>) -> crate::raised::Raised {
    let n = th.intern(b"__abstractmethods__");
    let names = match o::dict::get_str_unguarded(t.unguarded().dict.get(), n) {
        Some(s) => match ops::collect(th, s) {
            Ok(v) => {
                let mut v: Vec<String> = ops::values(&v).iter().map(|n| lookup::text(th, *n)).collect();
                v.sort();
                v.join(", ")
            }
            Err(e) => return e,
        },
        None => String::new(),
    };
    let n = t.name();
    th.type_error(format!("Can't instantiate abstract class {n} with abstract methods {names}"))
}

/// `object.__init__`.
pub fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    excess_args(th, type_of(v), args, false)
}

fn get_class(_: &mut Thread, v: Value) -> PyResult {
    Ok(type_of(v).value())
}

fn set_class(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let Some(x) = x else { return Err(th.type_error("can't delete __class__ attribute")) };
    let Some(new) = x.cast::<PyType>() else {
        let n = ops::type_name(x);
        return Err(th.type_error(format!("__class__ must be set to new-style class, not '{n}' object")));
    };
    let old = type_of(v);
    let both_heap = old.unguarded().flags.get() & new.unguarded().flags.get() & flag::HEAP != 0;
    if !both_heap {
        return Err(th.type_error("__class__ assignment: only for heap types"));
    }
    let Some(inst) = v.cast::<PyInstance>() else {
        return Err(th.type_error("__class__ assignment: only for heap types"));
    };
    if !same_attributes(old, new) {
        let (a, b) = (new.name(), old.name());
        return Err(th.type_error(format!("__class__ assignment: '{a}' object layout differs from '{b}'")));
    }
    // The attributes move to a dict, which fits any class.
    o::instance::dict_of(th, v)?;
    let i = inst.write(th)?;
    th.m.log_class(inst.obj());
    gc_stm::set_class(inst.obj(), new.value().bits());
    let tree = o::instance::shapes_of(th, new);
    i.shape.set(tree.dict());
    Ok(())
}

/// Names of the slots of a class's instances, those of its bases included.
fn slot_names<'a>(t: Ref<PyType>) -> &'a [Value] {
    t.unguarded().slot_names.get().and_then(|s| s.cast::<PyTuple>()).map_or(&[], |s| s.get().items())
}

/// The class above or at `t` that last added something to its instances, with its base.
fn last_to_add(mut t: Ref<PyType>) -> (Ref<PyType>, Option<Ref<PyType>>) {
    let own = |t: Ref<PyType>| t.unguarded().flags.get() & (flag::HAS_DICT | flag::HAS_WEAKREF);
    loop {
        let Some(base) = t.unguarded().base.get().and_then(|b| b.cast::<PyType>()) else { return (t, None) };
        let heap = t.unguarded().flags.get() & flag::HEAP != 0;
        if !heap || own(t) != own(base) || slot_names(t).len() != slot_names(base).len() {
            return (t, Some(base));
        }
        t = base;
    }
}

/// Whether instances of two classes keep the same attributes in the same places.
fn same_attributes(a: Ref<PyType>, b: Ref<PyType>) -> bool {
    let ((x, xb), (y, yb)) = (last_to_add(a), last_to_add(b));
    let own = |t: Ref<PyType>| t.unguarded().flags.get() & (flag::HAS_DICT | flag::HAS_WEAKREF);
    x.value() == y.value()
        || (xb.map(Ref::value) == yb.map(Ref::value) && own(x) == own(y) && slot_names(x) == slot_names(y))
}

/// `copy_reg._reduce_ex` and `copy_reg.__newobj__` do the work.
fn reduce_with(th: &mut Thread, v: Value, protocol: i64) -> PyResult {
    let copy_reg = th.intern(b"copy_reg");
    let m = crate::eval::build::import_module(th, copy_reg)?;
    if protocol < 2 {
        let n = th.intern(b"_reduce_ex");
        let f = ops::getattr(th, m, n)?;
        let p = th.int(protocol);
        return ops::call(th, f, &[v, p]);
    }
    reduce2(th, v, m)
}

/// Protocol 2: `(copy_reg.__newobj__, (cls,) + args, state, listitems, dictitems)`.
fn reduce2(th: &mut Thread, v: Value, copy_reg: Value) -> PyResult {
    if ops::slots_of(v).new.is_none() {
        let n = ops::type_name(v);
        return Err(th.type_error(format!("can't pickle {n} objects")));
    }
    let class = ops::getattr_name(th, v, &names::__class__)?;
    let args = match ops::call_special(th, v, &names::__getnewargs__, &[])? {
        Some(a) => match a.payload::<PyTuple>() {
            Some(_) => ops::collect(th, a)?,
            None => {
                let n = ops::type_name(a);
                return Err(th.type_error(format!("__getnewargs__ should return a tuple, not '{n}'")));
            }
        },
        None => th.m.root_vec(),
    };
    args.with(|w| w.insert(0, class.bits()));
    let args = th.try_tuple(ops::values(&args))?;
    let n = names::__getstate__.get(th);
    let state = match ops::getattr_opt(th, v, n)? {
        Some(g) => ops::call(th, g, &[])?,
        None => default_state(th, v, class, copy_reg)?,
    };
    let list = if v.payload::<PyList>().is_some() { ops::iter(th, v)? } else { Value::NONE };
    let dict =
        if o::dict::is_dict(v) { ops::call_method(th, v, &names::iteritems, &[])? } else { Value::NONE };
    let n = th.intern(b"__newobj__");
    let newobj = ops::getattr(th, copy_reg, n)?;
    th.try_tuple(&[newobj, args, state, list, dict])
}

fn default_state(th: &mut Thread, v: Value, class: Value, copy_reg: Value) -> PyResult {
    let n = names::__dict__.get(th);
    let d = ops::getattr_opt(th, v, n)?.unwrap_or(Value::NONE);
    let n = th.intern(b"_slotnames");
    let f = ops::getattr(th, copy_reg, n)?;
    let slotnames = ops::call(th, f, &[class])?;
    if slotnames.is_none() {
        return Ok(d);
    }
    let slotnames = ops::collect(th, slotnames)?;
    if slotnames.is_empty() {
        return Ok(d);
    }
    let slots = th.new_dict();
    let mut any = false;
    for i in 0..slotnames.len() {
        let Some(n) = slotnames.get(i).and_then(Value::from_bits) else { continue };
        let n = ops::attribute_name(th, n, "")?;
        if let Some(x) = ops::getattr_opt(th, v, n)? {
            o::dict::set(th, slots, n, x)?;
            any = true;
        }
    }
    if any { th.try_tuple(&[d, slots]) } else { Ok(d) }
}

fn protocol_of(th: &mut Thread, a: &Args<'_>) -> PyResult<i64> {
    match a.get(1) {
        Some(p) => ops::integer_arg(th, p),
        None => Ok(0),
    }
}

fn reduce(th: &mut Thread, a: Args<'_>) -> PyResult {
    let p = protocol_of(th, &a)?;
    reduce_with(th, a.pos[0], p)
}

fn reduce_ex(th: &mut Thread, a: Args<'_>) -> PyResult {
    let p = protocol_of(th, &a)?;
    let v = a.pos[0];
    let n = names::__reduce__.get(th);
    let f = ops::getattr(th, v, n)?;
    let class = ops::getattr_name(th, v, &names::__class__)?;
    let own = ops::getattr(th, class, n)?;
    let base = ops::getattr(th, OBJECT.class(), n)?;
    if own != base {
        return ops::call(th, f, &[]);
    }
    reduce_with(th, v, p)
}

fn format(th: &mut Thread, a: Args<'_>) -> PyResult {
    let (v, spec) = (a.pos[0], a.pos[1]);
    let s = as_text(th, v, spec)?;
    ops::call_special(th, s, &names::__format__, &[spec]).map(|r| r.unwrap_or(s))
}

/// What stands for an object without a format of its own: its text, of the kind of the specification.
pub fn as_text(th: &mut Thread, v: Value, spec: Value) -> PyResult {
    let (s, len) = if let Some(u) = spec.payload::<PyUnicode>() {
        (ops::call(th, o::unicode::UNICODE.class(), &[v])?, u.get().len)
    } else if let Some(b) = spec.payload::<PyStr>() {
        (ops::str(th, v)?, b.get().len)
    } else {
        return Err(th.type_error("argument to __format__ must be unicode or str"));
    };
    if len > 0 {
        let text = "object.__format__ with a non-empty format string is deprecated";
        crate::warnings::warn(th, &o::exceptions::PENDING_DEPRECATION_WARNING, text, 1)?;
    }
    Ok(s)
}

fn sizeof(th: &mut Thread, a: Args<'_>) -> PyResult {
    let n = match a.pos[0].as_obj() {
        Some(obj) => gc_stm::size_of_object(obj),
        None => 8,
    };
    Ok(th.int(n as i64))
}

/// The `__dict__` descriptor of classes whose instances have one. Where a built-in base has its own (classes, modules),
/// that one decides.
pub static DICT_GETSET: GetSetDef = GetSetDef {
    name: "__dict__",
    get: |th, v| match built_in_dict(th, v) {
        Some(d) => match ops::slots_of(d).descr_get {
            Some(get) => get(th, d, Some(v), Some(type_of(v).value())),
            None => Err(no_dict(th, v)),
        },
        None => o::instance::dict_of(th, v),
    },
    set: Some(set_instance_dict),
    doc: "dictionary for instance variables (if defined)",
};

fn set_instance_dict(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    if let Some(d) = built_in_dict(th, v) {
        return match ops::slots_of(d).descr_set {
            Some(set) => set(th, d, v, x),
            None => Err(no_dict(th, v)),
        };
    }
    match x {
        Some(d) if o::dict::is_dict(d) => o::instance::set_dict(th, v, d),
        Some(d) => {
            let n = ops::type_name(d);
            Err(th.type_error(format!("__dict__ must be set to a dictionary, not a '{n}'")))
        }
        // Deleting it leaves an empty one.
        None => {
            let d = th.new_dict();
            o::instance::set_dict(th, v, d)
        }
    }
}

/// The `__dict__` descriptor of the nearest built-in base, if that has one.
fn built_in_dict(th: &mut Thread, v: Value) -> Slot {
    let mut t = type_of(v);
    while t.unguarded().flags.get() & flag::HEAP != 0 {
        t = t.unguarded().base.get().and_then(|b| b.cast::<PyType>())?;
    }
    let n = names::__dict__.get(th);
    lookup::type_lookup(th, t, n)
}

fn no_dict(th: &mut Thread, v: Value) -> crate::raised::Raised {
    let n = ops::type_name(v);
    th.type_error(format!("this __dict__ descriptor does not support '{n}' objects"))
}

/// The `__weakref__` descriptor.
pub static WEAKREF_GETSET: GetSetDef = GetSetDef {
    name: "__weakref__",
    get: |th, v| o::weakref::first_of(th, v),
    set: None,
    doc: "list of weak references to the object (if defined)",
};

/// See [`types`].
pub fn is_exact(v: Value) -> bool {
    types::type_of(v).value() == OBJECT.class()
}
