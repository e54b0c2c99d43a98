//! Looking for a module: hooks, native modules, the path.

use super::{native, pyc, sys_get};
use crate::layout::{PyDict, PyList, PyStr, PyUnicode};
use crate::names;
use crate::objects as o;
use crate::objects::dict;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};
use std::fs;

/// What was found.
#[derive(Clone, Debug)]
pub enum Found {
    /// A loader object.
    Hook(Value),
    /// A native module.
    Native,
    Frozen,
    /// A directory with `__init__.py`.
    Package(Vec<u8>),
    Source(Vec<u8>),
    Compiled(Vec<u8>),
}

/// Looks for module `full`, whose last part is `name`, on `path` (none: top level). `None`: not found.
pub fn find_module(th: &mut Thread, full: &[u8], name: &[u8], path: Slot) -> PyResult<Option<Found>> {
    let full_value = th.intern(full);
    if let Some(hooks) = sys_get(th, "meta_path")? {
        let Some(l) = hooks.payload::<PyList>() else {
            return Err(th.runtime_error("sys.meta_path must be a list of import hooks"));
        };
        let snapshot = o::list::storage::snapshot(th, l)?;
        for i in 0..snapshot.len() {
            let Some(hook) = snapshot.get(i).and_then(Value::from_bits) else { continue };
            let find = th.intern(b"find_module");
            let find = ops::getattr(th, hook, find)?;
            let loader = ops::call(th, find, &[full_value, path.unwrap_or(Value::NONE)])?;
            if !loader.is_none() {
                return Ok(Some(Found::Hook(loader)));
            }
        }
    }
    if path.is_none() && native::definition(full).is_some() {
        return Ok(Some(Found::Native));
    }
    // In a frozen package there is nothing else.
    let only_frozen = path.is_some_and(|p| p.payload::<PyStr>().is_some());
    if (path.is_none() || only_frozen) && super::frozen::is_frozen(full) {
        return Ok(Some(Found::Frozen));
    }
    if only_frozen {
        return Ok(None);
    }
    let path = match path {
        Some(p) => p,
        None => sys_get(th, "path")?.unwrap_or(Value::NONE),
    };
    let Some(list) = path.payload::<PyList>() else {
        return Err(th.runtime_error("sys.path must be a list of directory names"));
    };
    let entries = o::list::storage::snapshot(th, list)?;
    for i in 0..entries.len() {
        let Some(entry) = entries.get(i).and_then(Value::from_bits) else { continue };
        let entry = if entry.payload::<PyUnicode>().is_some() {
            let bytes = crate::paths::path_bytes(th, entry)?;
            th.try_str(&bytes)?
        } else if entry.payload::<PyStr>().is_some() {
            entry
        } else {
            continue;
        };
        if th.str_bytes(entry).contains(&0) {
            continue;
        }
        match importer(th, entry)? {
            Some(i) if crate::types::type_of(i).value() == super::library::NULL_IMPORTER.class() => continue,
            Some(i) => {
                let find = th.intern(b"find_module");
                let find = ops::getattr(th, i, find)?;
                let loader = ops::call(th, find, &[full_value])?;
                if !loader.is_none() {
                    return Ok(Some(Found::Hook(loader)));
                }
                // No luck with the hook: the directory itself, if it is one.
            }
            None => {}
        }
        if let Some(f) = in_directory(th, th.str_bytes(entry), name)? {
            return Ok(Some(f));
        }
    }
    Ok(None)
}

/// The importer of a path entry, asked of `sys.path_hooks` once; none: the file system.
pub fn importer(th: &mut Thread, entry: Value) -> PyResult<Slot> {
    let Some(cache) = sys_get(th, "path_importer_cache")?.and_then(|c| c.payload::<PyDict>()) else {
        return Err(th.runtime_error("sys.path_importer_cache must be a dict"));
    };
    if let Some(i) = dict::get(th, cache, entry)? {
        return Ok(Some(i).filter(|i| !i.is_none()));
    }
    let Some(hooks) = sys_get(th, "path_hooks")?.and_then(|c| c.payload::<PyList>()) else {
        return Err(th.runtime_error("sys.path_hooks must be a list of import hooks"));
    };
    dict::set(th, cache, entry, Value::NONE)?;
    let hooks = o::list::storage::snapshot(th, hooks)?;
    let null = super::library::NULL_IMPORTER.class().bits();
    for i in 0..=hooks.len() {
        let Some(hook) = (if i < hooks.len() { hooks.get(i) } else { Some(null) }).and_then(Value::from_bits)
        else {
            continue;
        };
        match ops::call(th, hook, &[entry]) {
            Ok(i) => {
                dict::set(th, cache, entry, i)?;
                return Ok(Some(i));
            }
            Err(e) => {
                e.catch_if(th, o::exceptions::IMPORT_ERROR.class())?;
            }
        }
    }
    Ok(None)
}

/// `directory/name`.
pub fn join(directory: &[u8], name: &[u8]) -> Vec<u8> {
    let mut p = directory.to_vec();
    if !p.is_empty() && p.last() != Some(&b'/') {
        p.push(b'/');
    }
    p.extend_from_slice(name);
    p
}

/// A module in a directory: package, source or compiled file.
pub fn in_directory(th: &mut Thread, directory: &[u8], name: &[u8]) -> PyResult<Option<Found>> {
    let base = join(directory, name);
    if fs::metadata(pyc::path(&base)).is_ok_and(|m| m.is_dir()) {
        let init = join(&base, b"__init__.py");
        let compiled =
            join(&base, if th.rt.settings.optimize > 0 { b"__init__.pyo" } else { b"__init__.pyc" });
        if is_file(&init) || is_file(&compiled) {
            return Ok(Some(Found::Package(base)));
        }
        let shown = String::from_utf8_lossy(&base).into_owned();
        let text = format!("Not importing directory '{shown}': missing __init__.py");
        crate::warnings::warn(th, &o::exceptions::IMPORT_WARNING, text, 1)?;
    }
    let mut source = base.clone();
    source.extend_from_slice(b".py");
    if is_file(&source) {
        return Ok(Some(Found::Source(source)));
    }
    source.push(pyc::suffix(th));
    if is_file(&source) {
        return Ok(Some(Found::Compiled(source)));
    }
    Ok(None)
}

fn is_file(name: &[u8]) -> bool {
    fs::metadata(pyc::path(name)).is_ok_and(|m| !m.is_dir())
}

/// The `__path__` of a module, as a list.
pub fn package_path(th: &mut Thread, m: Value) -> PyResult<Slot> {
    let n = names::__path__.get(th);
    ops::getattr_opt(th, m, n)
}
