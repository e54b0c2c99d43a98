//! `type`: classes as objects.

use crate::kinds::kind;
use crate::layout::*;
use crate::names;
use crate::native::{Args, GetSetDef, MethodDef, TypeDef};
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::types::{create, flag, is_subtype, lookup, modify, type_of};
use crate::value::{Slot, Value};

/// `type`.
pub static TYPE: TypeDef = TypeDef {
    doc: Some("type(object) -> the object's type\ntype(name, bases, dict) -> a new type"),
    slots: SlotTable {
        repr: Some(repr),
        call: Some(call),
        getattr: Some(getattr),
        setattr: Some(setattr),
        richcmp: Some(richcmp),
        new: Some(new),
        init: Some(init),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new("mro", mro_method, 0, 0, 0, "mro() -> list\nreturn a type's method resolution order"),
        MethodDef::new(
            "__subclasses__",
            subclasses,
            0,
            0,
            0,
            "__subclasses__() -> list of immediate subclasses",
        ),
        MethodDef::new(
            "__instancecheck__",
            instancecheck,
            1,
            1,
            0,
            "__instancecheck__() -> bool\ncheck if an object is an instance",
        ),
        MethodDef::new(
            "__subclasscheck__",
            subclasscheck,
            1,
            1,
            0,
            "__subclasscheck__() -> bool\ncheck if a class is a subclass",
        ),
    ],
    getset: &[
        GetSetDef { name: "__name__", get: get_name, set: Some(set_name), doc: "" },
        GetSetDef { name: "__bases__", get: get_bases, set: Some(set_bases), doc: "" },
        GetSetDef { name: "__base__", get: get_base, set: Some(crate::native::read_only), doc: "" },
        GetSetDef { name: "__mro__", get: get_mro, set: Some(crate::native::read_only), doc: "" },
        GetSetDef { name: "__module__", get: get_module, set: Some(set_module), doc: "" },
        GetSetDef { name: "__dict__", get: get_dict, set: None, doc: "" },
        GetSetDef { name: "__doc__", get: get_doc, set: None, doc: "" },
        GetSetDef { name: "__flags__", get: get_flags, set: Some(crate::native::read_only), doc: "" },
        GetSetDef {
            name: "__basicsize__",
            get: |th, _| Ok(th.int(16)),
            set: Some(crate::native::read_only),
            doc: "",
        },
        GetSetDef { name: "__itemsize__", get: get_itemsize, set: Some(crate::native::read_only), doc: "" },
        GetSetDef {
            name: "__dictoffset__",
            get: get_dictoffset,
            set: Some(crate::native::read_only),
            doc: "",
        },
        GetSetDef {
            name: "__weakrefoffset__",
            get: get_weakrefoffset,
            set: Some(crate::native::read_only),
            doc: "",
        },
        GetSetDef { name: "__abstractmethods__", get: get_abstract, set: Some(set_abstract), doc: "" },
    ],
    ..TypeDef::new("type", kind::TYPE)
};

/// Classes are ordered by address, unless a metaclass has an order of its own.
fn richcmp(_: &mut Thread, a: Value, b: Value, op: crate::types::slots::CmpOp) -> PyResult {
    let types = a.cast::<PyType>().is_some() && b.cast::<PyType>().is_some();
    if !types || ops::slots_of(a).cmp.is_some() || ops::slots_of(b).cmp.is_some() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    Ok(Value::from_bool(op.holds(a.bits().cmp(&b.bits()))))
}

fn as_type(th: &mut Thread, v: Value) -> PyResult<Ref<PyType>> {
    match v.cast::<PyType>() {
        Some(t) => Ok(t),
        None => Err(th.type_error("a type object is needed")),
    }
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let t = as_type(th, v)?;
    let kind = if t.unguarded().flags.get() & flag::HEAP != 0 || is_made_exception(th, v)? {
        "class"
    } else {
        "type"
    };
    let name = match get_module(th, v) {
        Ok(m) if m.payload::<PyStr>().is_some() && th.str_bytes(m) != b"__builtin__" => {
            format!("{}.{}", lookup::text(th, m), t.name())
        }
        Ok(_) => t.name(),
        Err(e) => {
            e.catch(th)?;
            t.name()
        }
    };
    Ok(th.new_str(format!("<{kind} '{name}'>").as_bytes()))
}

/// Exceptions of native modules are classes made at run time in CPython, and are called so.
fn is_made_exception(th: &mut Thread, v: Value) -> PyResult<bool> {
    let base = o::exceptions::BASE_EXCEPTION.class();
    if let (Some(t), Some(base)) = (v.cast::<PyType>(), base.cast::<PyType>())
        && is_subtype(t, base)
    {
        return match get_module(th, v) {
            Ok(m) => {
                Ok(m.payload::<PyStr>().is_some()
                    && !matches!(th.str_bytes(m), b"exceptions" | b"__builtin__"))
            }
            Err(e) => {
                e.catch(th)?;
                Ok(false)
            }
        };
    }
    Ok(false)
}

/// `type.__call__`: `__new__`, then `__init__` if that made an instance.
pub fn call(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    let t = as_type(th, v)?;
    if v == TYPE.class() && args.len() == 1 && args.kw.is_empty() {
        return Ok(type_of(args.pos[0]).value());
    }
    let Some(new) = t.slots().new else {
        let n = t.name();
        return Err(th.type_error(format!("cannot create '{n}' instances")));
    };
    if t.unguarded().flags.get() & flag::NO_NEW != 0 {
        let n = t.name();
        return Err(th.type_error(format!("cannot create '{n}' instances")));
    }
    let r = new(th, v, Args { callee: v, ..args })?;
    let made = type_of(r);
    if is_subtype(made, t)
        && let Some(init) = made.slots().init
    {
        init(th, r, Args { callee: v, ..args })?;
    }
    Ok(r)
}

/// `type.__new__`.
pub fn new(th: &mut Thread, meta: Value, args: Args<'_>) -> PyResult {
    if args.len() == 1 && args.kw.is_empty() && meta == TYPE.class() {
        return Ok(type_of(args.pos[0]).value());
    }
    if args.len() + args.kw.len() / 2 != 3 {
        return Err(th.type_error("type() takes 1 or 3 arguments"));
    }
    let [name, bases, dict] =
        args.bind(th, "type", ["name", "bases", "dict"], 3)?.map(|v| v.unwrap_or(Value::NONE));
    if name.payload::<PyStr>().is_none() {
        let n = ops::type_name(name);
        return Err(th.type_error(format!("type() argument 1 must be string, not {n}")));
    }
    let Some(b) = bases.payload::<PyTuple>() else {
        let n = ops::type_name(bases);
        return Err(th.type_error(format!("type() argument 2 must be tuple, not {n}")));
    };
    if !o::dict::is_dict(dict) {
        let n = ops::type_name(dict);
        return Err(th.type_error(format!("type() argument 3 must be dict, not {n}")));
    }
    if th.str_bytes(name).contains(&0) {
        return Err(th.value_error("type name must not contain null characters"));
    }
    let t = create::new_class(th, meta, name, b.get().items(), dict)?;
    Ok(t)
}

fn init(th: &mut Thread, _: Value, args: Args<'_>) -> PyResult<()> {
    if !args.kw.is_empty() {
        return Err(th.type_error("type.__init__() takes no keyword arguments"));
    }
    if args.len() != 1 && args.len() != 3 {
        return Err(th.type_error("type.__init__() takes 1 or 3 arguments"));
    }
    Ok(())
}

/// `type.__getattribute__`.
pub fn getattr(th: &mut Thread, v: Value, name: Value) -> PyResult {
    let t = as_type(th, v)?;
    let meta = type_of(v);
    let on_meta = lookup::type_lookup(th, meta, name);
    if let Some(d) = on_meta {
        let s = ops::slots_of(d);
        if let (Some(get), Some(_)) = (s.descr_get, s.descr_set) {
            return get(th, d, Some(v), Some(meta.value()));
        }
    }
    if let Some(a) = lookup::type_lookup(th, t, name) {
        return match ops::slots_of(a).descr_get {
            Some(get) => get(th, a, None, Some(v)),
            None => Ok(a),
        };
    }
    if let Some(d) = on_meta {
        return match ops::slots_of(d).descr_get {
            Some(get) => get(th, d, Some(v), Some(meta.value())),
            None => Ok(d),
        };
    }
    let (t, n) = (t.name(), lookup::text(th, name));
    Err(th.attribute_error(format!("type object '{t}' has no attribute '{n}'")))
}

/// `type.__setattr__`.
pub fn setattr(th: &mut Thread, v: Value, name: Value, x: Slot) -> PyResult<()> {
    let t = as_type(th, v)?;
    if t.unguarded().flags.get() & flag::HEAP == 0 {
        let n = t.name();
        return Err(th.type_error(format!("can't set attributes of built-in/extension type '{n}'")));
    }
    let meta = type_of(v);
    if let Some(d) = lookup::type_lookup(th, meta, name)
        && let Some(set) = ops::slots_of(d).descr_set
    {
        return set(th, d, v, x);
    }
    if !modify::set_attribute(th, t, name, x)? {
        let n = lookup::text(th, name);
        return Err(th.attribute_error(n));
    }
    Ok(())
}

fn mro_method(th: &mut Thread, a: Args<'_>) -> PyResult {
    let t = as_type(th, a.pos[0])?;
    let bases = match t.unguarded().bases.get().cast::<PyTuple>() {
        Some(b) => b.get().items().to_vec(),
        None => Vec::new(),
    };
    let m = crate::types::mro::linearise(th, t.value(), &bases)?;
    th.new_list(&m)
}

/// The MRO a metaclass's `mro()` asks for.
pub fn custom_mro(th: &mut Thread, t: Ref<PyType>) -> PyResult {
    let Some(r) = ops::call_special(th, t.value(), &names::mro, &[])? else {
        return Err(th.type_error("mro() missing"));
    };
    let items = ops::collect(th, r)?;
    for v in ops::values(&items) {
        if v.cast::<PyType>().is_none() && !o::classobj::is_classobj(*v) {
            let n = ops::type_name(*v);
            return Err(th.type_error(format!("mro() returned a non-class ('{n}')")));
        }
    }
    th.try_tuple(ops::values(&items))
}

fn subclasses(th: &mut Thread, a: Args<'_>) -> PyResult {
    let t = as_type(th, a.pos[0])?;
    let s: Vec<Value> = create::subclasses(th, t)?.into_iter().map(Ref::value).collect();
    th.new_list(&s)
}

fn instancecheck(th: &mut Thread, a: Args<'_>) -> PyResult {
    ops::real_isinstance(th, a.pos[1], a.pos[0]).map(Value::from_bool)
}

fn subclasscheck(th: &mut Thread, a: Args<'_>) -> PyResult {
    ops::real_issubclass(th, a.pos[1], a.pos[0]).map(Value::from_bool)
}

fn get_name(th: &mut Thread, v: Value) -> PyResult {
    Ok(as_type(th, v)?.unguarded().name.get())
}

fn check_heap(th: &mut Thread, v: Value, what: &str, x: Slot) -> PyResult<(Ref<PyType>, Value)> {
    let t = as_type(th, v)?;
    let n = t.name();
    if t.unguarded().flags.get() & flag::HEAP == 0 {
        return Err(th.type_error(format!("can't set {n}.{what}")));
    }
    match x {
        Some(x) => Ok((t, x)),
        None => Err(th.type_error(format!("can't delete {n}.{what}"))),
    }
}

fn set_name(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let (t, x) = check_heap(th, v, "__name__", x)?;
    if x.payload::<PyStr>().is_none() {
        let (n, k) = (t.name(), ops::type_name(x));
        return Err(th.type_error(format!("can only assign string to {n}.__name__, not '{k}'")));
    }
    if th.str_bytes(x).contains(&0) {
        return Err(th.value_error("type name must not contain null characters"));
    }
    modify::exclusive(th, t)?;
    t.unguarded().name.set(x);
    Ok(())
}

fn get_bases(th: &mut Thread, v: Value) -> PyResult {
    Ok(as_type(th, v)?.unguarded().bases.get())
}

fn set_bases(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let (t, x) = check_heap(th, v, "__bases__", x)?;
    let n = t.name();
    let Some(b) = x.payload::<PyTuple>() else {
        let k = ops::type_name(x);
        return Err(th.type_error(format!("can only assign tuple to {n}.__bases__, not {k}")));
    };
    if b.len == 0 {
        return Err(th.type_error(format!("can only assign non-empty tuple to {n}.__bases__, not ()")));
    }
    for c in b.get().items() {
        if let Some(c) = c.cast::<PyType>() {
            if is_subtype(c, t) {
                return Err(th.type_error("a __bases__ item causes an inheritance cycle"));
            }
        } else if !o::classobj::is_classobj(*c) {
            let k = ops::type_name(*c);
            return Err(
                th.type_error(format!("{n}.__bases__ must be tuple of old- or new-style classes, not '{k}'"))
            );
        }
    }
    let base = create::best_base(th, b.get().items())?;
    let old = t.unguarded().base.get().and_then(|b| b.cast::<PyType>());
    if !std::ptr::eq(base.unguarded().layout.get(), t.unguarded().layout.get()) {
        let old = old.map_or(String::new(), Ref::name);
        let new = base.name();
        return Err(
            th.type_error(format!("__bases__ assignment: '{new}' object layout differs from '{old}'"))
        );
    }
    modify::exclusive(th, t)?;
    let u = t.unguarded();
    let (old_bases, old_base) = (u.bases.get(), u.base.get());
    u.bases.set(b.value());
    u.base.set(Some(base.value()));
    let before = th.m.root_vec();
    if let Err(e) = relinearise(th, t, &before) {
        // All as it was: no class may keep an order that belongs to bases it does not have.
        for pair in ops::values(&before).chunks_exact(2) {
            if let Some(c) = pair[0].cast::<PyType>() {
                c.unguarded().mro.set(Some(pair[1]));
            }
        }
        u.bases.set(old_bases);
        u.base.set(old_base);
        return Err(e);
    }
    for c in b.get().items() {
        if let Some(c) = c.cast::<PyType>() {
            create::add_subclass(th, c, t)?;
        }
    }
    modify::changed(th, t, true)
}

/// Computes the MROs of a class and its subclasses anew. `before` gets the classes and their former MROs.
fn relinearise(th: &mut Thread, t: Ref<PyType>, before: &gc_stm::RootVec) -> PyResult<()> {
    modify::exclusive(th, t)?;
    if let Some(old) = t.unguarded().mro.get() {
        before.push(t.value().bits());
        before.push(old.bits());
    }
    let bases = match t.unguarded().bases.get().cast::<PyTuple>() {
        Some(b) => b.get().items(),
        None => &[],
    };
    let order = create::order_of(th, t, bases)?;
    t.unguarded().mro.set(Some(order));
    for s in create::subclasses(th, t)? {
        relinearise(th, s, before)?;
    }
    Ok(())
}

fn get_base(th: &mut Thread, v: Value) -> PyResult {
    Ok(as_type(th, v)?.unguarded().base.get().unwrap_or(Value::NONE))
}

fn get_mro(th: &mut Thread, v: Value) -> PyResult {
    Ok(as_type(th, v)?.unguarded().mro.get().unwrap_or(Value::NONE))
}

fn get_module(th: &mut Thread, v: Value) -> PyResult {
    let t = as_type(th, v)?;
    if t.unguarded().flags.get() & flag::HEAP != 0 {
        let n = names::__module__.get(th);
        return match o::dict::get_str(th, t.unguarded().dict.get(), n)? {
            Some(m) => Ok(m),
            None => Err(th.attribute_error("__module__")),
        };
    }
    Ok(th.intern(t.unguarded().layout.get().module.as_bytes()))
}

fn set_module(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let (t, x) = check_heap(th, v, "__module__", x)?;
    let n = names::__module__.get(th);
    modify::set_attribute(th, t, n, Some(x)).map(|_| ())
}

fn get_dict(th: &mut Thread, v: Value) -> PyResult {
    let d = as_type(th, v)?.unguarded().dict.get();
    Ok(th.new_record(&o::descriptors::DICTPROXY, &[Some(d)]))
}

fn get_doc(th: &mut Thread, v: Value) -> PyResult {
    let t = as_type(th, v)?;
    if t.unguarded().flags.get() & flag::HEAP == 0 {
        return Ok(t.unguarded().layout.get().doc.map_or(Value::NONE, |d| th.new_str(d.as_bytes())));
    }
    let n = names::__doc__.get(th);
    match o::dict::get_str(th, t.unguarded().dict.get(), n)? {
        Some(d) => match ops::slots_of(d).descr_get {
            Some(get) => get(th, d, None, Some(v)),
            None => Ok(d),
        },
        None => Ok(Value::NONE),
    }
}

fn get_flags(th: &mut Thread, v: Value) -> PyResult {
    let f = as_type(th, v)?.unguarded().flags.get();
    let mut out = 1 << 12;
    if f & flag::HEAP != 0 {
        out |= 1 << 9;
    }
    if f & flag::BASETYPE != 0 {
        out |= 1 << 10;
    }
    if f & flag::ABSTRACT != 0 {
        out |= 1 << 20;
    }
    Ok(th.int(out))
}

/// Bytes per item of the types whose instances hold their items themselves.
fn get_itemsize(th: &mut Thread, v: Value) -> PyResult {
    let kind = as_type(th, v)?.unguarded().layout.get().kind;
    let size = match kind {
        k if k == kind::TUPLE => size_of::<Value>(),
        k if k == kind::LONG => size_of::<u32>(),
        k if k == kind::STR => 1,
        _ => 0,
    };
    Ok(th.int(size as i64))
}

fn get_dictoffset(th: &mut Thread, v: Value) -> PyResult {
    let f = as_type(th, v)?.unguarded().flags.get();
    Ok(th.int(if f & flag::HAS_DICT != 0 { 32 } else { 0 }))
}

fn get_weakrefoffset(th: &mut Thread, v: Value) -> PyResult {
    let f = as_type(th, v)?.unguarded().flags.get();
    Ok(th.int(if f & flag::HAS_WEAKREF != 0 { 40 } else { 0 }))
}

fn get_abstract(th: &mut Thread, v: Value) -> PyResult {
    let t = as_type(th, v)?;
    let n = th.intern(b"__abstractmethods__");
    match o::dict::get_str(th, t.unguarded().dict.get(), n)? {
        Some(x) if v != TYPE.class() => Ok(x),
        _ => Err(th.attribute_error("__abstractmethods__")),
    }
}

fn set_abstract(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let t = as_type(th, v)?;
    let n = th.intern(b"__abstractmethods__");
    let abstract_now = match x {
        Some(x) => ops::is_true(th, x)?,
        None => false,
    };
    if !modify::set_attribute(th, t, n, x)? {
        return Err(th.attribute_error("__abstractmethods__"));
    }
    let f = t.unguarded().flags.get() & !flag::ABSTRACT;
    t.unguarded().flags.set(if abstract_now { f | flag::ABSTRACT } else { f });
    Ok(())
}

/// `__name__` of a class of either kind.
pub fn class_name(th: &mut Thread, c: Value) -> PyResult<String> {
    let n = ops::getattr_name(th, c, &names::__name__)?;
    Ok(String::from_utf8_lossy(th.str_bytes(n)).into_owned())
}
