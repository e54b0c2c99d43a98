//! `_weakref`: weak references and proxies.

use interpreter::layout::PyDict;
use interpreter::native::{Args, MethodDef, ModuleDef, VARIADIC};
use interpreter::objects::{dict, weakref};
use interpreter::value::Value;
use interpreter::{PyResult, Thread, ops};

/// `_weakref`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_weakref",
    doc: Some("Weak-reference support module."),
    functions: &[
        MethodDef::new(
            "proxy",
            proxy,
            0,
            VARIADIC,
            0,
            "proxy(object[, callback]) -> a stand-in for the object that does not keep it alive; callback is called with\nthe proxy when the object is about to go.",
        ),
        MethodDef::new(
            "getweakrefcount",
            getweakrefcount,
            1,
            1,
            0,
            "getweakrefcount(object) -> number of weak references and proxies to it",
        ),
        MethodDef::new(
            "getweakrefs",
            getweakrefs,
            1,
            1,
            0,
            "getweakrefs(object) -> list of the weak references and proxies to it",
        ),
        MethodDef::new(
            "_remove_dead_weakref",
            remove_dead,
            2,
            2,
            0,
            "_remove_dead_weakref(dict, key)\n\nRemoves the key if its value is a weak reference whose object is gone, in one step.",
        ),
    ],
    types: &[],
    init: Some(|th, module| {
        let types = [
            ("ref", &weakref::WEAKREF),
            ("ReferenceType", &weakref::WEAKREF),
            ("ProxyType", &weakref::PROXY),
            ("CallableProxyType", &weakref::CALLABLE_PROXY),
        ];
        for (name, t) in types {
            let n = th.intern(name.as_bytes());
            ops::setattr(th, module, n, Some(t.class()))?;
        }
        Ok(())
    }),
};

fn proxy(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (v, callback) = weakref::arguments(th, args, "proxy")?;
    let def = if ops::callable(th, v) { &weakref::CALLABLE_PROXY } else { &weakref::PROXY };
    match callback {
        None => weakref::shared(th, v, def),
        Some(c) => weakref::with_callback(th, v, c, def),
    }
}

fn getweakrefcount(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = weakref::count(th, args.pos[0])?;
    Ok(th.int(n as i64))
}

fn getweakrefs(th: &mut Thread, args: Args<'_>) -> PyResult {
    let all = weakref::list(th, args.pos[0])?;
    th.new_list(ops::values(&all))
}

fn remove_dead(th: &mut Thread, args: Args<'_>) -> PyResult {
    let Some(d) = args.pos[0].cast::<PyDict>() else {
        let n = ops::type_name(args.pos[0]);
        return Err(th.type_error(format!("_remove_dead_weakref() argument 1 must be dict, not {n}")));
    };
    if let Some(w) = dict::get(th, d, args.pos[1])? {
        if w.payload::<interpreter::layout::PyWeakref>().is_none() {
            return Err(th.type_error("not a weakref"));
        }
        if weakref::target(w).is_none() {
            dict::delete(th, d, args.pos[1])?;
        }
    }
    Ok(Value::NONE)
}
