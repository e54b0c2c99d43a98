//! `type(name, bases, dict)`: making classes.

use super::special::SPECIALS;
use super::{dispatch, flag, is_subtype, lookup, mro, type_of};
use crate::layout::*;
use crate::names;
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use std::sync::atomic::Ordering;

/// Makes a new class of metaclass `meta`.
pub fn new_class(th: &mut Thread, meta: Value, name: Value, bases: &[Value], ns: Value) -> PyResult {
    // The most derived metaclass wins.
    let mut winner: Ref<PyType> = match meta.cast::<PyType>() {
        Some(t) => t,
        None => return Err(th.type_error("metaclass is not a type")),
    };
    for b in bases {
        let t = type_of(*b);
        if t.value() == o::classobj::CLASSOBJ.class() || is_subtype(winner, t) {
            continue;
        }
        if is_subtype(t, winner) {
            winner = t;
            continue;
        }
        return Err(th.type_error(
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
        ));
    }
    if winner.value() != meta {
        let own = winner.slots().new.map(|f| f as usize);
        if own != Some(o::typeobject::new as *const () as usize)
            && let Some(f) = winner.slots().new
        {
            let b = th.try_tuple(bases)?;
            let args = [name, b, ns];
            return f(th, winner.value(), crate::native::Args::positional(&args));
        }
    }
    let object = [o::object::OBJECT.class()];
    let bases: &[Value] = if bases.is_empty() { &object } else { bases };
    let base = best_base(th, bases)?;
    let slot_names = read_slots(th, name, ns, base)?;
    let t = allocate(th, winner, base, name, bases)?;
    let u = t.unguarded();
    let dict = names_of(th, ns)?;
    u.dict.set(dict);
    let mut flags = flag::HEAP
        | flag::BASETYPE
        | (base.unguarded().flags.get()
            & (flag::HAS_DICT | flag::HAS_WEAKREF | flag::PAYLOAD | flag::HAS_DEL));
    if base.unguarded().flags.get() & flag::HEAP == 0 && has_payload(base) {
        flags |= flag::PAYLOAD;
    }
    for b in bases {
        if let Some(b) = b.cast::<PyType>() {
            flags |= b.unguarded().flags.get() & (flag::HAS_DICT | flag::HAS_WEAKREF | flag::HAS_DEL);
        } else {
            flags |= flag::HAS_DICT | flag::HAS_WEAKREF;
        }
    }
    match &slot_names {
        None => flags |= flag::HAS_DICT | flag::HAS_WEAKREF,
        Some(s) => flags |= s.flags,
    }
    u.flags.set(flags);
    let inherited: Vec<Value> = match base.unguarded().slot_names.get().and_then(|s| s.cast::<PyTuple>()) {
        Some(s) => s.get().items().to_vec(),
        None => Vec::new(),
    };
    let mut all = inherited;
    if let Some(s) = &slot_names {
        for n in ops::values(&s.names) {
            let index = Value::int_unchecked(all.len() as i64);
            all.push(*n);
            let member =
                th.new_record(&o::descriptors::MEMBER_DESCRIPTOR, &[Some(*n), Some(index), Some(t.value())]);
            o::dict::set_str(th, dict, *n, member)?;
        }
    }
    if !all.is_empty() {
        u.slot_names.set(Some(th.try_tuple(&all)?));
    }
    for (has, name, row) in [
        (flag::HAS_DICT, &names::__dict__, &o::object::DICT_GETSET),
        (flag::HAS_WEAKREF, &names::__weakref__, &o::object::WEAKREF_GETSET),
    ] {
        let name = name.get(th);
        // The first class along the line whose instances have one says how it is reached.
        if flags & has != 0
            && lookup::type_lookup(th, base, name).is_none()
            && o::dict::get_str(th, dict, name)?.is_none()
        {
            let d = o::descriptors::new_getset(th, row, t.value());
            o::dict::set_str(th, dict, name, d)?;
        }
    }
    set_defaults(th, t, dict)?;
    let order = order_of(th, t, bases)?;
    u.mro.set(Some(order));
    update_slots(th, t);
    u.flags.set(u.flags.get() | flag::READY);
    for b in bases {
        if let Some(b) = b.cast::<PyType>() {
            add_subclass(th, b, t)?;
        }
    }
    Ok(t.value())
}

/// The dict of a class with that namespace. Names that came as unicode, from a module with `unicode_literals`, become
/// str: look-ups go by str.
fn names_of(th: &mut Thread, ns: Value) -> PyResult {
    let all = o::dict::copy_plain(th, ns)?;
    let mut pos = 0;
    loop {
        match o::dict::next_entry(th, all, &mut pos)? {
            None => return Ok(all),
            Some((k, _)) if k.payload::<PyUnicode>().is_some() => break,
            Some(_) => {}
        }
    }
    let dict = th.new_dict();
    pos = 0;
    while let Some((mut k, v)) = o::dict::next_entry(th, all, &mut pos)? {
        if k.payload::<PyUnicode>().is_some() {
            k = match o::unicode::encode_default(th, k) {
                Ok(s) => th.intern(th.str_bytes(s)),
                Err(e) => {
                    e.catch(th)?;
                    k
                }
            };
        }
        o::dict::set(th, dict, k, v)?;
    }
    Ok(dict)
}

/// The MRO of a class with these bases: what its metaclass says, as a tuple.
pub fn order_of(th: &mut Thread, t: Ref<PyType>, bases: &[Value]) -> PyResult {
    let meta = type_of(t.value());
    if meta.value() != o::typeobject::TYPE.class() && defines(th, meta, &names::mro) {
        return o::typeobject::custom_mro(th, t);
    }
    let order = mro::linearise(th, t.value(), bases)?;
    th.try_tuple(&order)
}

/// True if a metaclass overrides a method of `type`.
fn defines(th: &mut Thread, meta: Ref<PyType>, name: &crate::name::Name) -> bool {
    let n = name.get(th);
    // SAFETY: TYPE is ready.
    let base: Ref<PyType> = unsafe { o::typeobject::TYPE.class().cast_unchecked() };
    lookup::type_lookup(th, meta, n) != lookup::type_lookup(th, base, n)
}

/// True for built-in types whose subclasses carry a base object.
fn has_payload(base: Ref<PyType>) -> bool {
    let d = base.unguarded().layout.get();
    !std::ptr::eq(d, &o::object::OBJECT) && !std::ptr::eq(d, &o::module::MODULE)
}

fn allocate(
    th: &mut Thread,
    meta: Ref<PyType>,
    base: Ref<PyType>,
    name: Value,
    bases: &[Value],
) -> PyResult<Ref<PyType>> {
    let size = round16(size_of::<PyType>());
    // Instances of metaclasses written in Python are type objects too; their own attributes live in the class dict.
    let t: Ref<PyType> = th.alloc_fixed(meta.value().bits(), size);
    th.m.register_native(t.obj(), 256);
    let bases = th.try_tuple(bases)?;
    // SAFETY: fresh object; raw stores, since zeroed cells are not valid values yet.
    unsafe {
        let p = t.as_ptr();
        std::ptr::addr_of_mut!((*p).layout).write(std::cell::Cell::new(base.unguarded().layout.get()));
        std::ptr::addr_of_mut!((*p).name).write(std::cell::Cell::new(name));
        std::ptr::addr_of_mut!((*p).dict).write(std::cell::Cell::new(Value::NONE));
        std::ptr::addr_of_mut!((*p).bases).write(std::cell::Cell::new(bases));
    }
    t.unguarded().base.set(Some(base.value()));
    t.unguarded().version.store(0, Ordering::Relaxed);
    Ok(t)
}

/// The base that decides the layout of instances.
pub fn best_base(th: &mut Thread, bases: &[Value]) -> PyResult<Ref<PyType>> {
    let mut best: Option<Ref<PyType>> = None;
    for b in bases {
        let Some(t) = b.cast::<PyType>() else {
            if o::classobj::is_classobj(*b) {
                continue;
            }
            return Err(th.type_error("bases must be types"));
        };
        if t.unguarded().flags.get() & flag::BASETYPE == 0 {
            let n = t.name();
            return Err(th.type_error(format!("type '{n}' is not an acceptable base type")));
        }
        best = match best {
            None => Some(t),
            Some(w) => match (extends(t, w), extends(w, t)) {
                (_, true) => Some(w),
                (true, false) => Some(t),
                _ => return Err(th.type_error("multiple bases have instance lay-out conflict")),
            },
        };
    }
    match best {
        Some(t) => Ok(t),
        None if bases.iter().any(|b| o::classobj::is_classobj(*b)) => {
            Err(th.type_error("a new-style class can't have only classic bases"))
        }
        None => Err(th.type_error("bases must be types")),
    }
}

/// True if instances of `a` can stand where instances of `b` are expected, as far as memory goes.
fn extends(a: Ref<PyType>, b: Ref<PyType>) -> bool {
    solid_base(a).is_none_or_extends(solid_base(b))
}

/// The class that last added something to the layout: a built-in type, or a class with `__slots__`.
fn solid_base(t: Ref<PyType>) -> Solid {
    let mut t = t;
    loop {
        let u = t.unguarded();
        let Some(base) = u.base.get().and_then(|b| b.cast::<PyType>()) else { return Solid(None) };
        let own = u.slot_names.get().and_then(|s| s.cast::<PyTuple>()).map_or(0, |s| s.len);
        let below = base.unguarded().slot_names.get().and_then(|s| s.cast::<PyTuple>()).map_or(0, |s| s.len);
        let is_module = std::ptr::eq(u.layout.get(), &o::module::MODULE);
        let built_in = u.flags.get() & flag::HEAP == 0;
        if own > below || (built_in && (is_module || (has_payload(t) && !same_layout(t, base)))) {
            return Solid(Some(t));
        }
        t = base;
    }
}

fn same_layout(a: Ref<PyType>, b: Ref<PyType>) -> bool {
    // Exception classes differ in what their payload record holds, but most add nothing.
    if let Some(root) = o::exceptions::BASE_EXCEPTION.class().cast::<PyType>()
        && is_subtype(a, root)
        && is_subtype(b, root)
    {
        return o::exceptions::data::len_for(a) == o::exceptions::data::len_for(b);
    }
    let (x, y) = (a.unguarded().layout.get(), b.unguarded().layout.get());
    let new = |d: &crate::native::TypeDef| d.slots.new.map(|f| f as usize);
    let init = |d: &crate::native::TypeDef| d.slots.init.map(|f| f as usize);
    x.kind == y.kind && (new(x).is_none() || new(x) == new(y)) && init(x) == init(y)
}

struct Solid(Option<Ref<PyType>>);

impl Solid {
    fn is_none_or_extends(self, other: Solid) -> bool {
        match (self.0, other.0) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(a), Some(b)) => is_subtype(a, b),
        }
    }
}

struct SlotNames {
    names: gc_stm::RootVec,
    flags: u64,
}

/// `__slots__` of a class body.
fn read_slots(th: &mut Thread, class: Value, ns: Value, base: Ref<PyType>) -> PyResult<Option<SlotNames>> {
    let key = names::__slots__.get(th);
    let Some(slots) = o::dict::get_str(th, ns, key)? else { return Ok(None) };
    let names = th.m.root_vec();
    if slots.payload::<PyStr>().is_some() || slots.payload::<PyUnicode>().is_some() {
        names.push(slots.bits());
    } else {
        ops::extend(th, &names, slots)?;
    }
    let layout = base.unguarded().layout.get();
    if !names.is_empty()
        && [kind_of(&o::long::LONG), kind_of(&o::str::STR), kind_of(&o::tuple::TUPLE)]
            .contains(&(layout as *const _))
    {
        let n = base.name();
        return Err(th.type_error(format!("nonempty __slots__ not supported for subtype of '{n}'")));
    }
    let mut flags = 0;
    let base_flags = base.unguarded().flags.get();
    let mut out: Vec<Value> = Vec::new();
    for i in 0..names.len() {
        let Some(n) = names.get(i).and_then(Value::from_bits) else { continue };
        if n.payload::<PyStr>().is_none() && n.payload::<PyUnicode>().is_none() {
            let t = ops::type_name(n);
            return Err(th.type_error(format!("__slots__ items must be strings, not '{t}'")));
        }
        let n = ops::attribute_name(th, n, "")?;
        let text = th.str_bytes(n);
        let ok = !text.is_empty()
            && !text[0].is_ascii_digit()
            && text.iter().all(|c| *c == b'_' || c.is_ascii_alphanumeric());
        if !ok {
            return Err(th.type_error("__slots__ must be identifiers"));
        }
        if n == names::__dict__.get(th) {
            if base_flags & flag::HAS_DICT != 0 || flags & flag::HAS_DICT != 0 {
                return Err(th.type_error("__dict__ slot disallowed: we already got one"));
            }
            flags |= flag::HAS_DICT;
            continue;
        }
        if n == names::__weakref__.get(th) {
            if base_flags & flag::HAS_WEAKREF != 0 || flags & flag::HAS_WEAKREF != 0 {
                return Err(th.type_error(
                    "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0",
                ));
            }
            flags |= flag::HAS_WEAKREF;
            continue;
        }
        let n = mangle(th, class, n);
        if !out.contains(&n) {
            out.push(n);
        }
    }
    out.sort_by(|a, b| th.str_bytes(*a).cmp(th.str_bytes(*b)));
    names.truncate(0);
    out.iter().for_each(|n| names.push(n.bits()));
    Ok(Some(SlotNames { names, flags }))
}

fn kind_of(d: &'static crate::native::TypeDef) -> *const crate::native::TypeDef {
    d
}

/// `__x` in the `__slots__` of class `C` is `_C__x`.
fn mangle(th: &Thread, class: Value, n: Value) -> Value {
    let text = th.str_bytes(n);
    if !text.starts_with(b"__") || text.ends_with(b"__") {
        return n;
    }
    let class = th.str_bytes(class);
    let cut = class.iter().take_while(|c| **c == b'_').count();
    if cut == class.len() {
        return n;
    }
    let mut m = vec![b'_'];
    m.extend_from_slice(&class[cut..]);
    m.extend_from_slice(text);
    th.intern(&m)
}

/// `__module__`, `__doc__`, static `__new__`.
fn set_defaults(th: &mut Thread, _t: Ref<PyType>, dict: Value) -> PyResult<()> {
    let n = names::__module__.get(th);
    if o::dict::get_str(th, dict, n)?.is_none() && !th.frame.is_null() {
        // SAFETY: the top frame.
        let globals = unsafe { (*th.frame).globals };
        let key = names::__name__.get(th);
        if let Some(m) = o::dict::get_str(th, globals, key)? {
            o::dict::set_str(th, dict, n, m)?;
        }
    }
    let n = names::__doc__.get(th);
    if o::dict::get_str(th, dict, n)?.is_none() {
        o::dict::set_str(th, dict, n, Value::NONE)?;
    }
    let n = names::__new__.get(th);
    if let Some(f) = o::dict::get_str(th, dict, n)?
        && f.cast::<PyFunction>().is_some()
    {
        let s = th.new_record(&o::descriptors::STATICMETHOD, &[Some(f)]);
        o::dict::set_str(th, dict, n, s)?;
    }
    Ok(())
}

/// Fills the slots of a class from the special methods along its MRO.
pub fn update_slots(th: &mut Thread, t: Ref<PyType>) {
    let u = t.unguarded();
    let mut table = match u.base.get().and_then(|b| b.cast::<PyType>()) {
        Some(b) => *b.slots(),
        None => return,
    };
    let mut i = 0;
    while i < SPECIALS.len() {
        let slot = SPECIALS[i].slot;
        let rows = SPECIALS[i..].iter().take_while(|r| r.slot == slot).count();
        let group = &SPECIALS[i..i + rows];
        i += rows;
        let mut native: Option<Ref<PyType>> = None;
        let mut python = false;
        let mut found = false;
        for r in group {
            let n = th.intern(r.def.name.as_bytes());
            let Some(f) = lookup::type_lookup_uncached(t, n) else { continue };
            found = true;
            match native_owner(f, r) {
                Some(owner) => {
                    if native.is_some_and(|o| (r.get)(o.slots()) != (r.get)(owner.slots())) {
                        python = true;
                    }
                    native = native.or(Some(owner));
                }
                None => python = true,
            }
        }
        // __getattr__ makes the dispatcher necessary too.
        if group[0].def.name == "__getattribute__" {
            let n = names::__getattr__.get(th);
            if lookup::type_lookup_uncached(t, n).is_some() {
                python = true;
            }
        }
        let r = &group[0];
        if python {
            (r.dispatch)(&mut table);
        } else if let Some(o) = native {
            (r.copy)(&mut table, o.slots());
        } else if !found {
            (r.clear)(&mut table);
        }
    }
    // `__hash__ = None`.
    let n = names::__hash__.get(th);
    if lookup::type_lookup_uncached(t, n).is_some_and(Value::is_none) {
        table.hash = Some(dispatch::unhashable);
    }
    // `__iter__` absent but `__getitem__` present is handled by ops::iter.
    sequence_slots(th, t, &mut table);
    let n = names::__new__.get(th);
    table.new = match lookup::type_lookup_uncached(t, n) {
        Some(f) => match f.cast::<PyBuiltin>() {
            Some(b) if b.def.name == "__new__" => {
                b.receiver.and_then(|c| c.cast::<PyType>()).and_then(|c| c.slots().new)
            }
            _ => Some(dispatch::new),
        },
        None => None,
    };
    let flags = u.flags.get();
    let mut flags = flags & !(flag::PLAIN_GETATTR | flag::PLAIN_SETATTR);
    // SAFETY: OBJECT is ready.
    let object: Ref<PyType> = unsafe { o::object::OBJECT.class().cast_unchecked() };
    if table.getattr.map(|f| f as usize) == object.slots().getattr.map(|f| f as usize) {
        flags |= flag::PLAIN_GETATTR;
    }
    if table.setattr.map(|f| f as usize) == object.slots().setattr.map(|f| f as usize) {
        flags |= flag::PLAIN_SETATTR;
    }
    let n = names::__del__.get(th);
    if lookup::type_lookup_uncached(t, n).is_some() {
        flags |= flag::HAS_DEL;
    }
    u.flags.set(flags);
    u.slots.set(table);
}

/// `+` and `*` of sequence types reach their slots under the number names: a class that overrides `__add__` must not
/// inherit the native concatenation.
fn sequence_slots(th: &mut Thread, t: Ref<PyType>, table: &mut super::slots::SlotTable) {
    let overridden = |th: &mut Thread, name: &str| {
        let n = th.intern(name.as_bytes());
        lookup::type_lookup_uncached(t, n).is_some_and(|f| f.cast::<PyBuiltin>().is_none())
    };
    if table.concat.is_some() {
        if overridden(th, "__add__") {
            table.concat = None;
        } else {
            table.add = native_add(table.add, dispatch::add as *const () as usize);
        }
    }
    if table.repeat.is_some() {
        if overridden(th, "__mul__") || overridden(th, "__rmul__") {
            table.repeat = None;
        } else {
            table.mul = native_add(table.mul, dispatch::mul as *const () as usize);
        }
    }
    if table.iconcat.is_some() && overridden(th, "__iadd__") {
        table.iconcat = None;
    }
    if table.irepeat.is_some() && overridden(th, "__imul__") {
        table.irepeat = None;
    }
}

fn native_add(f: Option<super::slots::BinaryFn>, dispatcher: usize) -> Option<super::slots::BinaryFn> {
    f.filter(|f| *f as usize != dispatcher)
}

/// For a wrapper of a built-in type's slot found under the row's own name: the type it belongs to.
fn native_owner(f: Value, r: &super::special::Special) -> Option<Ref<PyType>> {
    let b = f.cast::<PyBuiltin>()?;
    if b.def.name != r.def.name || type_of(f).value() != o::descriptors::WRAPPER_DESCRIPTOR.class() {
        return None;
    }
    b.owner.and_then(|c| c.cast::<PyType>())
}

/// Records a direct subclass (weakly).
pub fn add_subclass(th: &mut Thread, base: Ref<PyType>, sub: Ref<PyType>) -> PyResult<()> {
    // Under the barrier, unlike what else there is of a class: another transaction may just be making the list.
    let list = match base.read(th)?.subclasses.get() {
        Some(l) => l,
        None => {
            let l = th.new_list(&[])?;
            let b = base.write(th)?;
            b.subclasses.set(Some(l));
            l
        }
    };
    let w = o::weakref::plain(th, sub.value());
    match list.cast::<PyList>() {
        Some(l) => o::list::push(th, l, w),
        None => Ok(()),
    }
}

/// The direct subclasses still alive.
pub fn subclasses(th: &mut Thread, t: Ref<PyType>) -> PyResult<Vec<Ref<PyType>>> {
    let Some(l) = t.read(th)?.subclasses.get().and_then(|l| l.cast::<PyList>()) else {
        return Ok(Vec::new());
    };
    let items: Vec<Value> = l.read(th)?.slots().iter().filter_map(|s| s.get()).collect();
    let mut out = Vec::new();
    for w in items {
        if let Some(v) = o::weakref::referent(th, w)?
            && let Some(c) = v.cast::<PyType>()
            // It may have got other bases since.
            && c.unguarded().bases.get().cast::<PyTuple>().is_some_and(|b| b.get().items().contains(&t.value()))
            && !out.contains(&c)
        {
            out.push(c);
        }
    }
    Ok(out)
}
