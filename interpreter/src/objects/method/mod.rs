//! `instancemethod`: a function bound to an instance, or unbound but tied to a class.

use crate::kinds::kind;
use crate::layout::*;
use crate::names;
use crate::native::{Args, GetSetDef, TypeDef};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::lookup;
use crate::types::slots::{CmpOp, SlotTable};
use crate::value::{Slot, Value};

/// `instancemethod`.
pub static METHOD: TypeDef = TypeDef {
    flags: 0,
    doc: Some("instancemethod(function, instance, class)\n\nCreate an instance method object."),
    slots: SlotTable {
        repr: Some(repr),
        call: Some(call),
        hash: Some(hash),
        richcmp: Some(richcmp),
        getattr: Some(getattr),
        descr_get: Some(descr_get),
        new: Some(new),
        ..SlotTable::EMPTY
    },
    getset: &[
        GetSetDef {
            name: "im_func",
            get: |_, v| Ok(parts(v).func),
            set: Some(crate::native::read_only),
            doc: "",
        },
        GetSetDef {
            name: "__func__",
            get: |_, v| Ok(parts(v).func),
            set: Some(crate::native::read_only),
            doc: "",
        },
        GetSetDef {
            name: "im_self",
            get: |_, v| Ok(parts(v).receiver.unwrap_or(Value::NONE)),
            set: Some(crate::native::read_only),
            doc: "",
        },
        GetSetDef {
            name: "__self__",
            get: |_, v| Ok(parts(v).receiver.unwrap_or(Value::NONE)),
            set: Some(crate::native::read_only),
            doc: "",
        },
        GetSetDef {
            name: "im_class",
            get: |_, v| Ok(parts(v).class.unwrap_or(Value::NONE)),
            set: Some(crate::native::read_only),
            doc: "",
        },
    ],
    ..TypeDef::new("instancemethod", kind::METHOD)
};

fn parts<'a>(v: Value) -> &'a PyMethod {
    match v.cast::<PyMethod>() {
        Some(m) => m.get(),
        None => panic!("a method's attribute was asked of something else"),
    }
}

fn new(th: &mut Thread, _class: Value, args: Args<'_>) -> PyResult {
    if !args.kw.is_empty() {
        return Err(th.type_error("instancemethod() does not take keyword arguments"));
    }
    if args.len() < 2 || args.len() > 3 {
        let n = args.len();
        let (w, b) = if n < 2 { ("at least", 2) } else { ("at most", 3) };
        return Err(th.type_error(format!("instancemethod expected {w} {b} arguments, got {n}")));
    }
    if !ops::callable(th, args.pos[0]) {
        return Err(th.type_error("first argument must be callable"));
    }
    let recv = args.get(1).filter(|v| !v.is_none());
    let class = args.get(2).filter(|v| !v.is_none());
    if recv.is_none() && class.is_none() {
        return Err(th.type_error("unbound methods must have non-NULL im_class"));
    }
    Ok(th.new_method(args.pos[0], recv, class))
}

/// Calls a method that the fast paths have not taken.
fn call(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    let m = parts(v);
    if let Some(r) = m.receiver {
        let mut all: smallvec::SmallVec<[Value; 8]> = smallvec::SmallVec::new();
        all.push(r);
        all.extend_from_slice(args.pos);
        return ops::call_args(th, m.func, Args { callee: m.func, pos: &all, kw: args.kw });
    }
    let Some(class) = m.class else { return ops::call_args(th, m.func, args) };
    let ok = match args.get(0) {
        Some(x) => ops::isinstance(th, x, class)?,
        None => false,
    };
    if !ok {
        let f = function_text(th, m.func);
        let c = class_text(th, class);
        let got = match args.get(0) {
            Some(x) => {
                let n = names::__class__.get(th);
                let k = ops::getattr_opt(th, x, n)?.unwrap_or(Value::NONE);
                format!("{} instance", class_text(th, k))
            }
            None => String::from("nothing"),
        };
        return Err(th.type_error(format!(
            "unbound method {f}() must be called with {c} instance as first argument (got {got} instead)"
        )));
    }
    ops::call_args(th, m.func, args)
}

fn name_text(th: &mut Thread, v: Value) -> Option<String> {
    let n = names::__name__.get(th);
    match ops::getattr(th, v, n) {
        Ok(s) if s.payload::<PyStr>().is_some() => Some(lookup::text(th, s)),
        Ok(_) => None,
        Err(e) => {
            // A name that cannot be had is shown as "?".
            let _ = e.catch(th);
            None
        }
    }
}

fn function_text(th: &mut Thread, f: Value) -> String {
    name_text(th, f).unwrap_or_else(|| String::from("?"))
}

fn class_text(th: &mut Thread, c: Value) -> String {
    name_text(th, c).unwrap_or_else(|| String::from("?"))
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let m = parts(v);
    let c = m.class.map_or(String::from("?"), |c| class_text(th, c));
    let f = function_text(th, m.func);
    let text = match m.receiver {
        None => format!("<unbound method {c}.{f}>"),
        Some(r) => format!("<bound method {c}.{f} of {}>", th.repr_text(r)?),
    };
    Ok(th.new_str(text.as_bytes()))
}

fn hash(th: &mut Thread, v: Value) -> PyResult<i64> {
    let m = parts(v);
    let a = match m.receiver {
        Some(r) => ops::hash(th, r)?,
        None => ops::hash(th, Value::NONE)?,
    };
    Ok(a ^ ops::hash(th, m.func)?)
}

fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    let (Some(x), Some(y)) = (a.cast::<PyMethod>(), b.cast::<PyMethod>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if !matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let mut eq = ops::equal(th, x.func, y.func)?;
    if eq {
        eq = match (x.receiver, y.receiver) {
            (Some(p), Some(q)) => ops::equal(th, p, q)?,
            (None, None) => true,
            _ => false,
        };
    }
    Ok(Value::from_bool(eq == (op == CmpOp::Eq)))
}

fn getattr(th: &mut Thread, v: Value, name: Value) -> PyResult {
    let t = crate::types::type_of(v);
    if let Some(d) = lookup::type_lookup(th, t, name) {
        return match ops::slots_of(d).descr_get {
            Some(get) if th.str_bytes(name) != b"__doc__" => get(th, d, Some(v), Some(t.value())),
            _ => ops::getattr(th, parts(v).func, name),
        };
    }
    ops::getattr(th, parts(v).func, name)
}

fn descr_get(th: &mut Thread, d: Value, obj: Slot, ty: Slot) -> PyResult {
    let m = parts(d);
    if m.receiver.is_some() {
        return Ok(d);
    }
    if let (Some(c), Some(t)) = (m.class, ty)
        && !ops::issubclass(th, t, c)?
    {
        return Ok(d);
    }
    let class = ty.or(m.class);
    Ok(th.new_method(m.func, obj, class))
}
