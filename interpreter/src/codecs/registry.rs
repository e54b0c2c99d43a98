//! The codec registry: search functions, found codecs, error callbacks.
//!
//! All three are Python containers behind runtime-wide roots, so that they take part in transactions.

use crate::layout::{PyList, PyTuple};
use crate::name::Name;
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::runtime::Global;
use crate::thread::Thread;
use crate::value::{Slot, Value};
use parking_lot::Mutex;

static SEARCH: Global = Global::new();
static CACHE: Global = Global::new();
static ERRORS: Global = Global::new();
static MAKING: Mutex<()> = Mutex::new(());

/// The container behind a root, made at first use: empty and old before anyone sees it.
fn root(th: &mut Thread, g: &'static Global, make: fn(&Thread) -> PyResult) -> PyResult {
    if let Some(v) = g.get() {
        return Ok(v);
    }
    let v = make(th)?;
    th.m.make_old_now(v.obj_unchecked());
    let _one = MAKING.lock();
    if let Some(v) = g.get() {
        return Ok(v);
    }
    th.rt.roots.lock().push(v);
    g.set(v);
    Ok(v)
}

fn cache(th: &mut Thread) -> PyResult {
    root(th, &CACHE, |th| Ok(th.new_dict()))
}

fn error_table(th: &mut Thread) -> PyResult {
    root(th, &ERRORS, |th| Ok(th.new_dict()))
}

fn search_list(th: &mut Thread) -> PyResult {
    root(th, &SEARCH, |th| th.new_list(&[]))
}

static APPEND: Name = Name::new("append");

/// `codecs.register(search)`.
pub fn register(th: &mut Thread, f: Value) -> PyResult<()> {
    if !ops::callable(th, f) {
        return Err(th.type_error("argument must be callable"));
    }
    need_encodings(th)?;
    let list = search_list(th)?;
    ops::call_method(th, list, &APPEND, &[f])?;
    Ok(())
}

/// The name under which codecs are cached: lower case, spaces as hyphens.
fn normal_name(name: &str) -> Vec<u8> {
    name.bytes().map(|c| if c == b' ' { b'-' } else { c.to_ascii_lowercase() }).collect()
}

static IMPORT: Name = Name::new("__import__");

static ENCODINGS: Name = Name::new("encodings");

/// Imports the library's `encodings` package, which registers its search function, unless that has begun.
fn need_encodings(th: &mut Thread) -> PyResult<()> {
    if let Some(modules) = th.rt.modules.get() {
        let name = ENCODINGS.get(th);
        if o::dict::get_str(th, modules, name)?.is_some() {
            return Ok(());
        }
    }
    let Some(b) = th.rt.builtins.get() else { return Ok(()) };
    let name = IMPORT.get(th);
    if let Some(f) = o::dict::get_str(th, b, name)? {
        let m = th.intern(b"encodings");
        ops::call(th, f, &[m])?;
    }
    Ok(())
}

/// The codec with a name: a 4-tuple.
pub fn lookup(th: &mut Thread, name: &str) -> PyResult {
    let key = normal_name(name);
    let key = th.intern(&key);
    let cache = cache(th)?;
    if let Some(c) = o::dict::get_str(th, cache, key)? {
        return Ok(c);
    }
    need_encodings(th)?;
    let list = search_list(th)?;
    let mut i = 0;
    loop {
        let f = match list.cast::<PyList>() {
            Some(l) => l.read(th)?.slots().get(i).and_then(|s| s.get()),
            None => None,
        };
        let Some(f) = f else { break };
        let r = ops::call(th, f, &[key])?;
        if !r.is_none() {
            if r.payload::<PyTuple>().is_none_or(|t| t.get().items().len() != 4) {
                return Err(th.type_error("codec search functions must return 4-tuples"));
            }
            o::dict::set_str(th, cache, key, r)?;
            return Ok(r);
        }
        i += 1;
    }
    if i == 0 {
        return Err(th.lookup_error("no codec search functions registered: can't find encoding"));
    }
    Err(th.lookup_error(format!("unknown encoding: {name}")))
}

/// `codecs.register_error(name, handler)`.
pub fn register_error(th: &mut Thread, name: Value, f: Value) -> PyResult<()> {
    if !ops::callable(th, f) {
        return Err(th.type_error("handler must be callable"));
    }
    let t = error_table(th)?;
    let name = o::str::intern_value(th, name);
    o::dict::set_str(th, t, name, f)
}

/// A callback registered under a name by Python code.
pub fn registered_error(th: &mut Thread, name: &str) -> PyResult<Slot> {
    let t = error_table(th)?;
    let key = th.intern(name.as_bytes());
    o::dict::get_str(th, t, key)
}

/// `codecs.lookup_error(name)`.
pub fn lookup_error(th: &mut Thread, name: &str) -> PyResult {
    if let Some(f) = registered_error(th, name)? {
        return Ok(f);
    }
    if let Some(def) = super::handler::BUILTIN.iter().find(|d| d.name.strip_suffix("_errors") == Some(name)) {
        let f = th.new_builtin(o::builtin::BUILTIN.class(), def, None, None);
        let t = error_table(th)?;
        let key = th.intern(name.as_bytes());
        o::dict::set_str(th, t, key, f)?;
        return Ok(f);
    }
    Err(th.lookup_error(format!("unknown error handler name '{name}'")))
}
