//! Structure sequences: tuples whose items have names (`os.stat_result`, `time.struct_time`, `pwd.struct_passwd`, ...).
//!
//! A type is a [`TypeDef`] made with [`definition`], whose `getset` rows are the fields in order, each reading its item
//! with [`field`]; [`ready`] makes it a class and says how many items the tuple shows. Further items are reached by
//! name only. An instance is a `PyInstance` that carries the tuple of visible items, and in its first slot the tuple of
//! the others.

use crate::kinds::kind;
use crate::layout::{PyDict, PyInstance, PyTuple, PyType, Ref};
use crate::native::{Args, GetSetDef, MethodDef, PAYLOAD, TypeDef, read_only};
use crate::objects::{dict, instance, tuple};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::types::{self, type_of};
use crate::value::Value;

/// A field that is item `I` (hidden items are numbered after the visible ones).
pub const fn field<const I: usize>(name: &'static str, doc: &'static str) -> GetSetDef {
    GetSetDef { name, get: item::<I>, set: Some(read_only), doc }
}

/// The declaration of a structure sequence: `module.name`.
pub const fn definition(
    module: &'static str,
    name: &'static str,
    doc: &'static str,
    fields: &'static [GetSetDef],
) -> TypeDef {
    TypeDef {
        module,
        doc: Some(doc),
        base: Some(&tuple::TUPLE),
        flags: PAYLOAD,
        slots: SlotTable { new: Some(new), repr: Some(repr), ..SlotTable::EMPTY },
        methods: METHODS,
        getset: fields,
        ..TypeDef::new(name, kind::INSTANCE)
    }
}

static METHODS: &[MethodDef] = &[MethodDef::new("__reduce__", reduce, 0, 0, 0, "")];

/// The class of a structure sequence with `visible` tuple items out of `total`.
pub fn ready(th: &mut Thread, def: &'static TypeDef, visible: usize, total: usize) -> PyResult {
    let first = def.cell.bits() == 0;
    let class = types::ready::ready(th, def)?;
    if first && let Some(t) = class.cast::<PyType>() {
        let named = def.getset.len();
        for (name, n) in [
            ("n_sequence_fields", visible),
            ("n_fields", total),
            ("n_unnamed_fields", total.saturating_sub(named)),
        ] {
            let (name, n) = (th.intern(name.as_bytes()), th.int(n as i64));
            dict::set_str(th, t.unguarded().dict.get(), name, n)?;
        }
    }
    Ok(class)
}

/// Visible and total number of items of a class.
fn counts(th: &mut Thread, class: Value) -> PyResult<(usize, usize)> {
    let mut out = [0; 2];
    for (n, name) in out.iter_mut().zip(["n_sequence_fields", "n_fields"]) {
        let name = th.intern(name.as_bytes());
        let found =
            class.cast::<PyType>().and_then(|t| dict::get_str_unguarded(t.unguarded().dict.get(), name));
        match found.and_then(Value::as_small_int) {
            Some(v) => *n = v as usize,
            None => return Err(th.system_error("not a structure sequence")),
        }
    }
    Ok((out[0], out[1]))
}

/// An instance with these items, hidden ones included.
pub fn make(th: &mut Thread, def: &'static TypeDef, items: &[Value]) -> PyResult {
    let class = def.class();
    let (visible, _) = counts(th, class)?;
    build(th, class, items, visible)
}

fn build(th: &mut Thread, class: Value, items: &[Value], visible: usize) -> PyResult {
    let Some(t) = class.cast::<PyType>() else { return Err(th.system_error("not a structure sequence")) };
    let shown = th.try_tuple(&items[..visible.min(items.len())])?;
    let hidden = th.try_tuple(items.get(visible..).unwrap_or(&[]))?;
    let r = instance::allocate(th, t, Some(shown));
    // Fresh: nobody else sees it. At least two slots are inline.
    r.unguarded().slots()[0].set(Some(hidden));
    Ok(r.value())
}

/// The two tuples of an instance.
fn parts(v: Value) -> Option<(Ref<PyTuple>, Ref<PyTuple>)> {
    let i: Ref<PyInstance> = v.cast()?;
    // Both are set before the instance is handed out and never replaced: no barrier.
    let hidden = i.unguarded().slots().first()?.get()?.cast::<PyTuple>()?;
    Some((i.unguarded().payload.get()?.cast::<PyTuple>()?, hidden))
}

fn item<const I: usize>(th: &mut Thread, v: Value) -> PyResult {
    let found = parts(v).and_then(|(a, b)| match I.checked_sub(a.len) {
        None => a.get().items().get(I).copied(),
        Some(i) => b.get().items().get(i).copied(),
    });
    match found {
        Some(x) => Ok(x),
        None => Err(th.type_error("not a structure sequence")),
    }
}

fn names_of(class: Ref<PyType>) -> &'static [GetSetDef] {
    class.unguarded().layout.get().getset
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [seq, extra] = args.bind(th, "structseq", ["sequence", "dict"], 1)?;
    let seq = seq.unwrap_or(Value::NONE);
    let (visible, total) = counts(th, class)?;
    let name = class.cast::<PyType>().map_or(String::new(), |t| types::qualified_name(th, t));
    if ops::slots_of(seq).iter.is_none() && !ops::is_sequence(seq) {
        return Err(th.type_error("constructor requires a sequence"));
    }
    let items = ops::collect(th, seq)?;
    let extra = match extra {
        Some(d) if dict::is_dict(d) => Some(d),
        None => None,
        Some(_) => return Err(th.type_error(format!("{name}() takes a dict as second arg, if any"))),
    };
    let n = items.len();
    if n < visible || n > total {
        let bound = if visible == total {
            format!("a {visible}")
        } else if n < visible {
            format!("an at least {visible}")
        } else {
            format!("an at most {total}")
        };
        return Err(th.type_error(format!("{name}() takes {bound}-sequence ({n}-sequence given)")));
    }
    let Some(t) = class.cast::<PyType>() else { return Err(th.system_error("not a structure sequence")) };
    let unnamed = total - names_of(t).len().min(total);
    for i in n..total {
        let mut v = Value::NONE;
        if let (Some(d), Some(f)) = (extra.and_then(|d| d.payload::<PyDict>()), names_of(t).get(i - unnamed))
        {
            let key = th.intern(f.name.as_bytes());
            v = dict::get(th, d, key)?.unwrap_or(v);
        }
        items.push(v.bits());
    }
    build(th, class, ops::values(&items), visible)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let t = type_of(v);
    let Some((shown, _)) = parts(v) else { return ops::repr(th, v.base_object()) };
    let mut out = types::qualified_name(th, t).into_bytes();
    out.push(b'(');
    for (i, x) in shown.get().items().iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(b", ");
        }
        if let Some(f) = names_of(t).get(i) {
            out.extend_from_slice(f.name.as_bytes());
            out.push(b'=');
        }
        let s = ops::repr(th, *x)?;
        out.extend_from_slice(th.str_bytes(s));
    }
    out.push(b')');
    th.try_str(&out)
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let Some((shown, hidden)) = parts(v) else { return Err(th.type_error("not a structure sequence")) };
    let t = type_of(v);
    let d = th.new_dict();
    let (_, total) = counts(th, t.value())?;
    let unnamed = total - names_of(t).len().min(total);
    for (i, x) in hidden.get().items().iter().enumerate() {
        if let Some(f) = names_of(t).get(shown.len + i - unnamed) {
            let key = th.intern(f.name.as_bytes());
            dict::set_str(th, d, key, *x)?;
        }
    }
    let args = th.try_tuple(&[shown.value(), d])?;
    th.try_tuple(&[t.value(), args])
}
