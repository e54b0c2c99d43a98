//! Names: globals, namespaces, closures. Globals go through cells cached per instruction (DESIGN §2, granules).

use super::code::CodeRuntime;
use super::frame::Frame;
use crate::layout::*;
use crate::objects::dict::{self, namespace};
use crate::ops;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::types::lookup;
use crate::value::{Slot, Value};
use std::sync::atomic::Ordering;

/// UnboundLocalError for a local.
#[cold]
pub fn unbound_local(th: &mut Thread, rt: &CodeRuntime, i: usize) -> Raised {
    let name = name_of_local(th, rt, i);
    th.unbound_local_error(format!("local variable '{name}' referenced before assignment"))
}

fn name_of_local(th: &mut Thread, _rt: &CodeRuntime, i: usize) -> String {
    // SAFETY: the top frame runs this code.
    let code = unsafe { (*th.frame).code };
    let names = code.cast::<PyCode>().and_then(|c| c.varnames.cast::<PyTuple>());
    names.and_then(|t| t.get().items().get(i).copied()).map_or(String::new(), |n| lookup::text(th, n))
}

/// The `__builtin__` dict a globals dict leads to.
pub fn builtins_of(th: &mut Thread, globals: Value) -> PyResult {
    let n = crate::names::__builtins__.get(th);
    if let Some(b) = dict::get_str(th, globals, n)? {
        if dict::is_dict(b) {
            return Ok(b);
        }
        if let Some(d) = crate::objects::module::dict_of_module(b) {
            return Ok(d);
        }
        // Whoever puts something else there wants no built-in names at all.
        return Ok(th.new_dict());
    }
    match th.rt.builtins.get() {
        Some(b) => Ok(b),
        None => Err(th.system_error("no builtins")),
    }
}

#[inline(always)]
fn cache_index(w: u64) -> usize {
    ((w >> 8) & 0xff_ffff) as usize
}

#[inline(always)]
fn operand(w: u64) -> usize {
    (w >> 32) as usize
}

/// The cache record of an instruction, if filled for this key.
#[inline(always)]
fn record(rt: &CodeRuntime, w: u64, key: Value) -> Option<&CacheRecord> {
    // SAFETY: translation gave every cached instruction its own word.
    let c = unsafe { rt.caches.get_unchecked(cache_index(w)) }.load(Ordering::Acquire);
    if c == 0 {
        return None;
    }
    // SAFETY: caches of global instructions hold cache records only.
    let r = unsafe { &*(c as *const CacheRecord) };
    if r.key == key.bits() { Some(r) } else { None }
}

/// Publishes a cache record (PITFALLS 7: immutable, old, one release store).
fn fill(th: &Thread, rt: &CodeRuntime, w: u64, key: Value, first: Slot, second: Slot) {
    if !th.is_settled(key) {
        return;
    }
    let r: Ref<CacheRecord> = th.alloc_fixed(0, 32);
    // SAFETY: fresh object.
    unsafe {
        let p = r.as_ptr();
        (*p).key = key.bits();
        (*p).first = first;
        (*p).second = second;
    }
    th.m.make_old_now(r.obj());
    rt.caches[cache_index(w)].store(r.value().bits(), Ordering::Release);
}

#[inline(always)]
pub(super) fn cell_value(th: &Thread, c: Value) -> PyResult<Slot> {
    // SAFETY: the records of global instructions hold global cells.
    let c = unsafe { c.cast_unchecked::<GlobalCell>() };
    Ok(c.read_first(th)?.0.content.get())
}

/// LOAD_GLOBAL.
#[inline(always)]
pub fn load_global(th: &mut Thread, f: *mut Frame, rt: &CodeRuntime, w: u64) -> PyResult {
    // SAFETY: the top frame.
    let globals = unsafe { (*f).globals };
    if let Some(r) = record(rt, w, globals) {
        if let Some(c) = r.first
            && let Some(v) = cell_value(th, c)?
        {
            return Ok(v);
        }
        if let Some(c) = r.second
            && let Some(v) = cell_value(th, c)?
        {
            return Ok(v);
        }
    }
    load_global_slow(th, globals, rt, w)
}

#[cold]
#[inline(never)]
fn load_global_slow(th: &mut Thread, globals: Value, rt: &CodeRuntime, w: u64) -> PyResult {
    let name = rt.names.get().items()[operand(w)];
    let found = if namespace::is_namespace(globals) {
        let builtins = builtins_of(th, globals)?;
        let g = namespace::global_cell(th, globals, name, true)?;
        let b = if namespace::is_namespace(builtins) {
            namespace::global_cell(th, builtins, name, false)?
        } else {
            None
        };
        if let Some(g) = g {
            fill(th, rt, w, globals, Some(g.value()), b.map(Ref::value));
            match g.read(th)?.0.content.get() {
                Some(v) => Some(v),
                None => match b {
                    Some(b) => b.read(th)?.0.content.get(),
                    None => dict::get_str(th, builtins, name)?,
                },
            }
        } else {
            dict::get_str(th, builtins, name)?
        }
    } else {
        match dict::get_str(th, globals, name)? {
            Some(v) => Some(v),
            None => {
                let builtins = builtins_of(th, globals)?;
                dict::get_str(th, builtins, name)?
            }
        }
    };
    match found {
        Some(v) => Ok(v),
        None => {
            let n = lookup::text(th, name);
            Err(th.name_error(format!("global name '{n}' is not defined")))
        }
    }
}

/// STORE_GLOBAL.
pub fn store_global(th: &mut Thread, f: *mut Frame, rt: &CodeRuntime, w: u64, v: Value) -> PyResult<()> {
    // SAFETY: the top frame.
    let globals = unsafe { (*f).globals };
    store_in(th, globals, rt, w, v)
}

fn store_in(th: &mut Thread, d: Value, rt: &CodeRuntime, w: u64, v: Value) -> PyResult<()> {
    if let Some(r) = record(rt, w, d)
        && let Some(c) = r.first
    {
        // SAFETY: the records of global instructions hold global cells.
        let c = unsafe { c.cast_unchecked::<GlobalCell>() };
        c.write_first(th)?;
        return namespace::store(th, d, c, v);
    }
    let name = rt.names.get().items()[operand(w)];
    if namespace::is_namespace(d)
        && let Some(c) = namespace::global_cell(th, d, name, true)?
    {
        fill(th, rt, w, d, Some(c.value()), None);
        return namespace::store(th, d, c, v);
    }
    dict::set_str(th, d, name, v)
}

/// DELETE_GLOBAL.
pub fn delete_global(th: &mut Thread, f: *mut Frame, rt: &CodeRuntime, i: usize) -> PyResult<()> {
    // SAFETY: the top frame.
    let globals = unsafe { (*f).globals };
    let name = rt.names.get().items()[i];
    if dict::delete_str(th, globals, name)? {
        return Ok(());
    }
    let n = lookup::text(th, name);
    Err(th.name_error(format!("global name '{n}' is not defined")))
}

/// LOAD_NAME.
pub fn load_name(th: &mut Thread, f: *mut Frame, rt: &CodeRuntime, w: u64) -> PyResult {
    // SAFETY: the top frame.
    let (names, globals) = unsafe { ((*f).names, (*f).globals) };
    let name = rt.names.get().items()[operand(w)];
    match names {
        Some(d) if d == globals => {}
        Some(d) if dict::is_exact(d) => {
            if let Some(v) = dict::get_str(th, d, name)? {
                return Ok(v);
            }
        }
        Some(m) => match ops::getitem(th, m, name) {
            Ok(v) => return Ok(v),
            Err(e) => {
                e.catch_if(th, crate::objects::exceptions::KEY_ERROR.class())?;
            }
        },
        None => return Err(th.system_error("no locals when loading a name")),
    }
    match load_global(th, f, rt, w) {
        Ok(v) => Ok(v),
        Err(e) => {
            e.catch_if(th, crate::objects::exceptions::NAME_ERROR.class())?;
            let n = lookup::text(th, name);
            Err(th.name_error(format!("name '{n}' is not defined")))
        }
    }
}

/// STORE_NAME.
pub fn store_name(th: &mut Thread, f: *mut Frame, rt: &CodeRuntime, w: u64, v: Value) -> PyResult<()> {
    // SAFETY: the top frame.
    match unsafe { (*f).names } {
        Some(d) if dict::is_exact(d) => {
            // SAFETY: the top frame.
            if d == unsafe { (*f).globals } {
                return store_in(th, d, rt, w, v);
            }
            let name = rt.names.get().items()[operand(w)];
            dict::set_str(th, d, name, v)
        }
        Some(m) => {
            let name = rt.names.get().items()[operand(w)];
            ops::setitem(th, m, name, Some(v))
        }
        None => Err(th.system_error("no locals found when storing a name")),
    }
}

/// DELETE_NAME.
pub fn delete_name(th: &mut Thread, f: *mut Frame, rt: &CodeRuntime, i: usize) -> PyResult<()> {
    let name = rt.names.get().items()[i];
    // SAFETY: the top frame.
    let Some(d) = (unsafe { (*f).names }) else {
        return Err(th.system_error("no locals when deleting a name"));
    };
    let gone = if dict::is_exact(d) {
        dict::delete_str(th, d, name)?
    } else {
        match ops::setitem(th, d, name, None) {
            Ok(()) => true,
            Err(e) => {
                e.catch_if(th, crate::objects::exceptions::KEY_ERROR.class())?;
                false
            }
        }
    };
    if gone {
        return Ok(());
    }
    let n = lookup::text(th, name);
    Err(th.name_error(format!("name '{n}' is not defined")))
}

/// The cell at a cell index.
#[inline(always)]
fn cell(f: *mut Frame, rt: &CodeRuntime, i: usize) -> Option<Ref<PyCell>> {
    // SAFETY: translation checked the index; the top frame.
    unsafe { (*(*f).locals.add(rt.nlocals as usize + i)).and_then(|v| v.cast::<PyCell>()) }
}

/// LOAD_DEREF.
#[inline]
pub fn load_deref(th: &mut Thread, f: *mut Frame, rt: &CodeRuntime, i: usize) -> PyResult {
    if let Some(c) = cell(f, rt, i)
        && let Some(v) = c.read_first(th)?.content.get()
    {
        return Ok(v);
    }
    Err(unbound_deref(th, rt, i))
}

#[cold]
fn unbound_deref(th: &mut Thread, rt: &CodeRuntime, i: usize) -> Raised {
    // SAFETY: the top frame.
    let code = unsafe { (*th.frame).code }.cast::<PyCode>();
    let ncells = rt.ncells as usize;
    let name = code.and_then(|c| {
        let (t, i) = if i < ncells { (c.cellvars, i) } else { (c.freevars, i - ncells) };
        t.cast::<PyTuple>().and_then(|t| t.get().items().get(i).copied())
    });
    let name = name.map_or(String::new(), |n| lookup::text(th, n));
    if i < ncells {
        return th.unbound_local_error(format!("local variable '{name}' referenced before assignment"));
    }
    th.name_error(format!("free variable '{name}' referenced before assignment in enclosing scope"))
}

/// STORE_DEREF.
#[inline]
pub fn store_deref(th: &mut Thread, f: *mut Frame, rt: &CodeRuntime, i: usize, v: Value) -> PyResult<()> {
    match cell(f, rt, i) {
        Some(c) => {
            c.write_first(th)?.content.set(Some(v));
            Ok(())
        }
        None => Err(th.system_error("cell missing")),
    }
}
