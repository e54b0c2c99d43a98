//! Running what was found.

use super::find::{self, Found};
use super::{add_module, after, in_modules, lock, native, package, pyc, remove_module};
use crate::eval;
use crate::layout::{PyCode, Ref};
use crate::names;
use crate::objects as o;
use crate::objects::{dict, module};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};
use std::fs;

/// Loads module `name` (interned).
pub fn load(th: &mut Thread, name: Value, found: Found) -> PyResult {
    match found {
        Found::Hook(loader) => {
            let n = th.intern(b"load_module");
            let f = ops::getattr(th, loader, n)?;
            ops::call(th, f, &[name])
        }
        Found::Native => match native::init(th, name)? {
            Some(m) => Ok(m),
            None => {
                let shown = String::from_utf8_lossy(th.str_bytes(name)).into_owned();
                Err(th.import_error(format!("Purported builtin module {shown} not found")))
            }
        },
        Found::Frozen => match super::frozen::load(th, name)? {
            Some(m) => Ok(m),
            None => {
                let shown = String::from_utf8_lossy(th.str_bytes(name)).into_owned();
                Err(th.import_error(format!("Purported frozen module {shown} not found")))
            }
        },
        Found::Package(path) => load_package(th, name, &path),
        Found::Source(path) => {
            let (code, file) = pyc::load_source(th, &path)?;
            exec_code(th, name, code, &file)
        }
        Found::Compiled(path) => {
            let bytes = match fs::read(pyc::path(&path)) {
                Ok(b) => b,
                Err(e) => return Err(th.io_error(e.raw_os_error().unwrap_or(libc::EIO), None)),
            };
            let code = pyc::load_compiled(th, th.str_bytes(name), &path, &bytes)?;
            exec_code(th, name, code, &path)
        }
    }
}

/// A package in a directory.
pub fn load_package(th: &mut Thread, name: Value, path: &[u8]) -> PyResult {
    let m = add_module(th, name)?;
    let Some(d) = module::dict_of_module(m) else { return Err(th.system_error("not a module")) };
    let file = th.try_str(path)?;
    let list = th.new_list(&[file])?;
    let key = names::__file__.get(th);
    dict::set_str(th, d, key, file)?;
    let key = names::__path__.get(th);
    dict::set_str(th, d, key, list)?;
    match find::in_directory(th, path, b"__init__")? {
        Some(f) => load(th, name, f),
        None => Ok(m),
    }
}

/// Runs a module's code in the module of that name; what `sys.modules` holds afterwards.
pub fn exec_code(th: &mut Thread, name: Value, code: Ref<PyCode>, file: &[u8]) -> PyResult {
    let m = add_module(th, name)?;
    let Some(d) = module::dict_of_module(m) else { return Err(th.system_error("not a module")) };
    let key = names::__builtins__.get(th);
    if dict::get_str(th, d, key)?.is_none()
        && let Some(b) = th.rt.builtins.get()
    {
        dict::set_str(th, d, key, b)?;
    }
    let file = th.try_str(file)?;
    let key = names::__file__.get(th);
    dict::set_str(th, d, key, file)?;
    run_in(th, name, code, d)
}

/// Runs code in a module's dict; a failure takes the module out of `sys.modules`.
pub fn run_in(th: &mut Thread, name: Value, code: Ref<PyCode>, d: Value) -> PyResult {
    if let Err(e) = eval::run_code(th, code, d, d) {
        if !th.unwinding_is_exception_or_idle() {
            return Err(e);
        }
        let c = e.catch(th)?;
        remove_module(th, name)?;
        return Err(th.reraise(c));
    }
    match in_modules(th, name)? {
        Some(m) => {
            after::run(th, name, m)?;
            Ok(m)
        }
        None => {
            let shown = String::from_utf8_lossy(th.str_bytes(name)).into_owned();
            Err(th.import_error(format!("Loaded module {shown} not found in sys.modules")))
        }
    }
}

/// `import name` for natives: the module itself, also for dotted names. Goes through `__import__` of the builtins.
pub fn import(th: &mut Thread, name: &str) -> PyResult {
    let globals = th.rt.builtins.get();
    let list = th.intern(b"*");
    let list = th.new_tuple(&[list]);
    let n = names::__import__.get(th);
    let hook = match globals {
        Some(b) => dict::get_str(th, b, n)?,
        None => None,
    };
    let key = th.intern(name.as_bytes());
    match hook {
        Some(f) => {
            let empty = th.new_dict();
            let zero = th.int(0);
            ops::call(th, f, &[key, empty, empty, list, zero])?;
        }
        None => {
            package::import_module_level(th, name.as_bytes(), None, list, 0)?;
        }
    }
    match in_modules(th, key)? {
        Some(m) if !m.is_none() => Ok(m),
        _ => Err(th.import_error(format!("No module named {name}"))),
    }
}

/// `reload(module)`.
pub fn reload(th: &mut Thread, m: Value) -> PyResult {
    if !module::is_module(m) {
        return Err(th.type_error("reload() argument must be module"));
    }
    let n = names::__name__.get(th);
    let Some(name) = module::get(th, m, n)?.filter(|n| n.payload::<crate::layout::PyStr>().is_some()) else {
        return Err(th.system_error("nameless module"));
    };
    let full = th.str_bytes(name).to_vec();
    let shown = String::from_utf8_lossy(&full).into_owned();
    let key = th.intern(&full);
    if in_modules(th, key)? != Some(m) {
        return Err(th.import_error(format!("reload(): module {shown} not in sys.modules")));
    }
    let mut part = &full[..];
    let mut path: Slot = None;
    if let Some(i) = full.iter().rposition(|c| *c == b'.') {
        let parent = th.intern(&full[..i]);
        part = &full[i + 1..];
        match in_modules(th, parent)? {
            Some(p) => path = find::package_path(th, p)?,
            None => {
                let shown = String::from_utf8_lossy(&full[..i]).into_owned();
                return Err(th.import_error(format!("reload(): parent {shown} not in sys.modules")));
            }
        }
    }
    // A module that reloads itself gets what is there.
    let reloading = reloading(th)?;
    if let Some(m) = dict::get_str(th, reloading, key)? {
        return Ok(m);
    }
    dict::set_str(th, reloading, key, m)?;
    lock::acquire(th)?;
    let r = reload_locked(th, key, &full, part, path, m);
    if th.unwinding_is_exception_or_idle() {
        let aside = th.set_aside_exception();
        dict::delete_str(th, reloading, key)?;
        th.restore_exception(aside);
    }
    if th.unwinding_is_exception_or_idle() {
        lock::release(th)?;
    }
    r
}

fn reload_locked(th: &mut Thread, key: Value, full: &[u8], part: &[u8], path: Slot, m: Value) -> PyResult {
    let Some(found) = find::find_module(th, full, part, path)? else {
        let shown = String::from_utf8_lossy(part).into_owned();
        return Err(th.import_error(format!("No module named {shown}")));
    };
    match load(th, key, found) {
        Ok(m) => Ok(m),
        Err(e) => {
            if !th.unwinding_is_exception_or_idle() {
                return Err(e);
            }
            // The module stays, with what it has.
            let c = e.catch(th)?;
            let all = super::modules(th)?;
            dict::set_str(th, all, key, m)?;
            Err(th.reraise(c))
        }
    }
}

/// Sets a module's `__loader__`, as importers do.
pub fn set_loader(th: &mut Thread, m: Value, loader: Value) -> PyResult<()> {
    let n = names::__loader__.get(th);
    match o::module::dict_of_module(m) {
        Some(d) => dict::set_str(th, d, n, loader),
        None => Ok(()),
    }
}

/// Modules being reloaded, by name.
fn reloading(th: &mut Thread) -> PyResult {
    static RELOADING: crate::runtime::Global = crate::runtime::Global::new();
    if let Some(d) = RELOADING.get() {
        return Ok(d);
    }
    let d = th.new_dict();
    th.m.make_old_now(d.obj_unchecked());
    th.rt.roots.lock().push(d);
    RELOADING.set(d);
    Ok(d)
}
