//! `thread._local`: attributes that each thread has for itself.
//!
//! The object holds a dict of dicts, one per thread identifier, so that the values die with the object; each thread keeps
//! a list of weak references to the objects it has used, and takes its dicts out when it ends.

use crate::kinds::kind;
use crate::layout::*;
use crate::names;
use crate::native::{Args, BASETYPE, TypeDef, WEAKREFS};
use crate::objects as o;
use crate::ops;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::types::{lookup, type_of};
use crate::value::{Slot, Value};

/// `thread._local`: a record of the dict of dicts, and the arguments for `__init__`: positional and keyword ones.
pub static LOCAL: TypeDef = TypeDef {
    module: "thread",
    doc: Some("Thread-local data"),
    flags: BASETYPE | WEAKREFS,
    slots: SlotTable { new: Some(new), getattr: Some(getattr), setattr: Some(setattr), ..SlotTable::EMPTY },
    ..TypeDef::new("_local", kind::RECORD)
};

const DICTS: usize = 0;
const POSITIONAL: usize = 1;
const KEYWORDS: usize = 2;

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    if !has_own_init(class) && (!args.is_empty() || !args.kw.is_empty()) {
        return Err(th.type_error("Initialization arguments are not supported"));
    }
    let dicts = th.new_dict();
    let pos = th.try_tuple(args.pos)?;
    let kw = th.try_tuple(args.kw)?;
    let base = th.new_record(&LOCAL, &[Some(dicts), Some(pos), Some(kw)]);
    let v = crate::types::wrap_new(th, class, &LOCAL, base)?;
    add_dict(th, v, base)?;
    Ok(v)
}

/// Whether instances of the class are initialised by more than `object.__init__`.
fn has_own_init(class: Value) -> bool {
    let plain = LOCAL.class().cast::<PyType>().and_then(|t| t.slots().init);
    match (class.cast::<PyType>().and_then(|t| t.slots().init), plain) {
        (Some(a), Some(b)) => !std::ptr::fn_addr_eq(a, b),
        (a, b) => a.is_some() != b.is_some(),
    }
}

fn record(th: &mut Thread, v: Value) -> Result<Ref<PyRecord>, Raised> {
    match v.payload::<PyRecord>() {
        Some(r) => Ok(r),
        None => Err(o::list::not_a(th, "thread._local", v)),
    }
}

fn dicts(th: &mut Thread, v: Value) -> Result<Ref<PyDict>, Raised> {
    // The slots are set when the object is made and never again.
    match record(th, v)?.unguarded().at(DICTS).get().and_then(|d| d.cast::<PyDict>()) {
        Some(d) => Ok(d),
        None => Err(th.system_error("thread-local data lost")),
    }
}

fn key(th: &Thread) -> Value {
    th.int(th.ident as i64)
}

/// Gives the running thread an empty dict of `v`.
fn add_dict(th: &mut Thread, v: Value, _base: Value) -> PyResult {
    let d = th.new_dict();
    let all = dicts(th, v)?;
    let k = key(th);
    o::dict::set(th, all, k, d)?;
    let used = match th.dict.and_then(|l| l.cast::<PyList>()) {
        Some(l) => l,
        None => {
            let l = th.new_list(&[])?;
            th.dict = Some(l);
            match l.cast::<PyList>() {
                Some(l) => l,
                None => return Err(th.system_error("thread-local data lost")),
            }
        }
    };
    let n = used.read(th)?.len.get();
    if n >= 64 && n.is_power_of_two() {
        let kept = th.m.root_vec();
        used.read(th)?
            .slots()
            .iter()
            .filter_map(|s| s.get())
            .filter(|w| o::weakref::target(*w).is_some())
            .for_each(|w| kept.push(w.bits()));
        o::list::storage::replace(th, used, ops::values(&kept))?;
    }
    let w = o::weakref::plain(th, v);
    o::list::push(th, used, w)?;
    Ok(d)
}

/// The running thread's dict of `v`; at the first use in a thread, `__init__` runs again.
pub fn dict(th: &mut Thread, v: Value) -> PyResult {
    let all = dicts(th, v)?;
    let k = key(th);
    if let Some(d) = o::dict::get(th, all, k)? {
        return Ok(d);
    }
    let base = record(th, v)?;
    let d = add_dict(th, v, base.value())?;
    if has_own_init(type_of(v).value())
        && let Some(init) = type_of(v).slots().init
    {
        let tuple = |i: usize| base.unguarded().at(i).get().and_then(|t| t.cast::<PyTuple>());
        let pos = tuple(POSITIONAL).map_or(&[][..], |t| t.get().items());
        let kw = tuple(KEYWORDS).map_or(&[][..], |t| t.get().items());
        if let Err(e) = init(th, v, Args { callee: v, pos, kw }) {
            let c = e.catch(th)?;
            o::dict::delete(th, all, k)?;
            return Err(th.reraise(c));
        }
    }
    Ok(d)
}

fn getattr(th: &mut Thread, v: Value, name: Value) -> PyResult {
    let d = dict(th, v)?;
    if name == names::__dict__.get(th) {
        return Ok(d);
    }
    let t = type_of(v);
    let found = lookup::type_lookup(th, t, name);
    if let Some(a) = found {
        let s = ops::slots_of(a);
        if let (Some(get), Some(_)) = (s.descr_get, s.descr_set) {
            return get(th, a, Some(v), Some(t.value()));
        }
    }
    if let Some(x) = o::dict::get_str(th, d, name)? {
        return Ok(x);
    }
    if let Some(a) = found {
        return match ops::slots_of(a).descr_get {
            Some(get) => get(th, a, Some(v), Some(t.value())),
            None => Ok(a),
        };
    }
    let (t, n) = (shown(v), lookup::text(th, name));
    Err(th.attribute_error(format!("'{t}' object has no attribute '{n}'")))
}

/// The type's name in messages.
fn shown(v: Value) -> String {
    let t = type_of(v);
    if t.value() == LOCAL.class() { String::from("thread._local") } else { t.name() }
}

fn setattr(th: &mut Thread, v: Value, name: Value, x: Slot) -> PyResult<()> {
    let d = dict(th, v)?;
    if name == names::__dict__.get(th) {
        let t = shown(v);
        return Err(th.attribute_error(format!("'{t}' object attribute '__dict__' is read-only")));
    }
    let t = type_of(v);
    if let Some(a) = lookup::type_lookup(th, t, name)
        && let Some(set) = ops::slots_of(a).descr_set
    {
        return set(th, a, v, x);
    }
    match x {
        Some(x) => o::dict::set_str(th, d, name, x),
        None => {
            if o::dict::delete_str(th, d, name)? {
                return Ok(());
            }
            let n = lookup::text(th, name);
            Err(th.attribute_error(n))
        }
    }
}

/// The thread ends: takes its dicts out of all objects it has used.
pub fn forget(th: &mut Thread) -> PyResult<()> {
    let Some(used) = th.dict.take().and_then(|l| l.cast::<PyList>()) else { return Ok(()) };
    let items = o::list::storage::snapshot(th, used)?;
    let k = key(th);
    for w in ops::values(&items) {
        if let Some(v) = o::weakref::target(*w) {
            let all = dicts(th, v)?;
            o::dict::delete(th, all, k)?;
        }
    }
    Ok(())
}
