//! From the name in an import statement to modules: `__import__` of 2.7.

use super::{find, in_modules, load, lock, modules};
use crate::layout::PyStr;
use crate::names;
use crate::objects as o;
use crate::objects::dict;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// `__import__(name, globals, locals, fromlist, level)`; `level` -1: implicit relative, then absolute.
pub fn import_module_level(
    th: &mut Thread,
    name: &[u8],
    globals: Slot,
    fromlist: Value,
    level: i64,
) -> PyResult {
    if name.contains(&b'/') {
        return Err(th.import_error("Import by filename is not supported."));
    }
    if let Some(m) = quick(th, name, globals, fromlist, level)? {
        return Ok(m);
    }
    lock::acquire(th)?;
    let r = locked(th, name, globals, fromlist, level);
    if th.unwinding_is_exception_or_idle() && !lock::release(th)? {
        return Err(th.runtime_error("not holding the import lock"));
    }
    r
}

/// A top-level module that is there already and that nobody is importing: no lock, no writes.
fn quick(th: &mut Thread, name: &[u8], globals: Slot, fromlist: Value, level: i64) -> PyResult<Slot> {
    if level > 0 || !fromlist.is_none() || name.is_empty() || name.contains(&b'.') {
        return Ok(None);
    }
    if level < 0 && !outside_packages(th, globals)? {
        return Ok(None);
    }
    if lock::held(th)? {
        return Ok(None);
    }
    let key = th.intern(name);
    Ok(in_modules(th, key)?.filter(|m| !m.is_none()))
}

/// True if the globals say that their module is in no package.
fn outside_packages(th: &mut Thread, globals: Slot) -> PyResult<bool> {
    let Some(g) = globals.filter(|g| dict::is_dict(*g)) else { return Ok(true) };
    let n = names::__package__.get(th);
    match dict::get_str(th, g, n)? {
        Some(p) if p.is_none() => {}
        _ => return Ok(false),
    }
    let n = names::__path__.get(th);
    if dict::get_str(th, g, n)?.is_some() {
        return Ok(false);
    }
    let n = names::__name__.get(th);
    let name = dict::get_str(th, g, n)?;
    Ok(name.is_none_or(|n| !th.str_bytes(n).contains(&b'.')))
}

fn locked(th: &mut Thread, name: &[u8], globals: Slot, fromlist: Value, level: i64) -> PyResult {
    let (parent, mut prefix) = parent_of(th, globals, level)?;
    let mut rest = Some(name);
    let alternative = if level < 0 { Value::NONE } else { parent };
    let head = next(th, parent, alternative, &mut rest, &mut prefix)?;
    let mut tail = head;
    while rest.is_some() {
        tail = next(th, tail, tail, &mut rest, &mut prefix)?;
    }
    if tail.is_none() {
        return Err(th.value_error("Empty module name"));
    }
    let wanted = !fromlist.is_none() && ops::is_true(th, fromlist)?;
    if !wanted {
        return Ok(head);
    }
    ensure_fromlist(th, tail, fromlist, &prefix, false)?;
    Ok(tail)
}

/// The package the importing module is in (or is), and its name; None if there is none or it does not matter.
fn parent_of(th: &mut Thread, globals: Slot, level: i64) -> PyResult<(Value, Vec<u8>)> {
    let nothing = (Value::NONE, Vec::new());
    let Some(g) = globals.filter(|g| dict::is_dict(*g)) else { return Ok(nothing) };
    if level == 0 {
        return Ok(nothing);
    }
    let package_key = names::__package__.get(th);
    let mut name = match dict::get_str(th, g, package_key)? {
        Some(p) if !p.is_none() => {
            if p.payload::<PyStr>().is_none() {
                return Err(th.value_error("__package__ set to non-string"));
            }
            let name = th.str_bytes(p).to_vec();
            if name.is_empty() {
                if level > 0 {
                    return Err(th.value_error("Attempted relative import in non-package"));
                }
                return Ok(nothing);
            }
            name
        }
        _ => {
            let key = names::__name__.get(th);
            let Some(n) = dict::get_str(th, g, key)?.filter(|n| n.payload::<PyStr>().is_some()) else {
                return Ok(nothing);
            };
            let key = names::__path__.get(th);
            let mut name = th.str_bytes(n).to_vec();
            if dict::get_str(th, g, key)?.is_none() {
                match name.iter().rposition(|c| *c == b'.') {
                    Some(i) => name.truncate(i),
                    None if level > 0 => {
                        return Err(th.value_error("Attempted relative import in non-package"));
                    }
                    None => {
                        dict::set_str(th, g, package_key, Value::NONE)?;
                        return Ok(nothing);
                    }
                }
            }
            let v = th.intern(&name);
            dict::set_str(th, g, package_key, v)?;
            name
        }
    };
    for _ in 1..level.max(1) {
        match name.iter().rposition(|c| *c == b'.') {
            Some(i) => name.truncate(i),
            None => return Err(th.value_error("Attempted relative import beyond toplevel package")),
        }
    }
    let key = th.intern(&name);
    match in_modules(th, key)? {
        Some(m) => Ok((m, name)),
        None => {
            let shown = String::from_utf8_lossy(&name).into_owned();
            if level < 1 {
                let text = format!("Parent module '{shown}' not found while handling absolute import");
                crate::warnings::warn(th, &o::exceptions::RUNTIME_WARNING, text, 1)?;
                return Ok(nothing);
            }
            Err(th
                .system_error(format!("Parent module '{shown}' not loaded, cannot perform relative import")))
        }
    }
}

/// Imports the first part of `rest` below `module`, or else below `alternative`, and takes it off `rest`. `prefix` becomes
/// the full name.
fn next(
    th: &mut Thread,
    module: Value,
    alternative: Value,
    rest: &mut Option<&[u8]>,
    prefix: &mut Vec<u8>,
) -> PyResult {
    let name = rest.unwrap_or(b"");
    if name.is_empty() {
        // from . import x
        *rest = None;
        return Ok(module);
    }
    let (part, after) = match name.iter().position(|c| *c == b'.') {
        Some(i) => (&name[..i], Some(&name[i + 1..])),
        None => (name, None),
    };
    if part.is_empty() {
        return Err(th.value_error("Empty module name"));
    }
    *rest = after;
    let before = prefix.len();
    if before > 0 {
        prefix.push(b'.');
    }
    prefix.extend_from_slice(part);
    let mut found = submodule(th, module, part, prefix)?;
    if found.is_none() && alternative != module {
        found = submodule(th, alternative, part, part)?;
        if !found.is_none() {
            // Known to be absent below the package from now on.
            let (missing, all) = (th.intern(prefix), modules(th)?);
            dict::set_str(th, all, missing, Value::NONE)?;
            *prefix = part.to_vec();
        }
    }
    if found.is_none() {
        let shown = String::from_utf8_lossy(name).into_owned();
        return Err(th.import_error(format!("No module named {shown}")));
    }
    Ok(found)
}

/// The module `full`, which is `part` of package `module` (None: top level); None if there is none.
pub fn submodule(th: &mut Thread, module: Value, part: &[u8], full: &[u8]) -> PyResult {
    let key = th.intern(full);
    if let Some(m) = in_modules(th, key)? {
        return Ok(m);
    }
    let path = if module.is_none() {
        None
    } else {
        let n = names::__path__.get(th);
        match ops::getattr_opt(th, module, n)? {
            Some(p) => Some(p),
            None => return Ok(Value::NONE),
        }
    };
    let Some(found) = find::find_module(th, full, part, path)? else { return Ok(Value::NONE) };
    let m = load::load(th, key, found)?;
    if !module.is_none() {
        let n = th.intern(part);
        // The module may have replaced itself.
        let m = in_modules(th, key)?.unwrap_or(m);
        if let Some(d) = o::module::dict_of_module(module) {
            dict::set_str(th, d, n, m)?;
        } else {
            ops::setattr(th, module, n, Some(m))?;
        }
    }
    Ok(m)
}

/// Imports what `from package import ...` names, if they are modules.
fn ensure_fromlist(
    th: &mut Thread,
    module: Value,
    list: Value,
    prefix: &[u8],
    recursive: bool,
) -> PyResult<()> {
    let n = names::__path__.get(th);
    if ops::getattr_opt(th, module, n)?.is_none() {
        return Ok(());
    }
    let items = ops::collect(th, list)?;
    for i in 0..items.len() {
        let Some(item) = items.get(i).and_then(Value::from_bits) else { continue };
        if item.payload::<PyStr>().is_none() {
            let n = ops::type_name(item);
            return Err(th.type_error(format!("Item in ``from list'' must be str, not {n}")));
        }
        let name = th.str_bytes(item).to_vec();
        if name.first() == Some(&b'*') {
            if !recursive {
                let n = names::__all__.get(th);
                if let Some(all) = ops::getattr_opt(th, module, n)? {
                    ensure_fromlist(th, module, all, prefix, true)?;
                }
            }
            continue;
        }
        let key = th.intern(&name);
        if ops::getattr_opt(th, module, key)?.is_none() {
            let mut full = prefix.to_vec();
            full.push(b'.');
            full.extend_from_slice(&name);
            submodule(th, module, &name, &full)?;
        }
    }
    Ok(())
}
