//! `load_module` and its kinds.

use super::{C_BUILTIN, C_EXTENSION, PKG_DIRECTORY, PY_COMPILED, PY_FROZEN, PY_SOURCE, name_arg, number};
use interpreter::import::{library, load, native, pyc};
use interpreter::layout::{PyStr, PyTuple};
use interpreter::native::Args;
use interpreter::objects::{file, module};
use interpreter::raised::PyResult;
use interpreter::{Slot, Thread, Value, eval, import, ops, paths, source};

pub(super) fn new_module(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = name_arg(th, args.pos[0], "new_module")?;
    module::new_module(th, &name)
}

/// A file argument; none if absent.
fn file_arg(th: &mut Thread, v: Slot, function: &str) -> PyResult<Slot> {
    match v {
        None => Ok(None),
        Some(f) if file::is_file(f) => Ok(Some(f)),
        Some(f) => {
            let n = if f.is_none() { String::from("None") } else { ops::type_name(f) };
            Err(th.type_error(format!("{function}() argument 3 must be file, not {n}")))
        }
    }
}

/// Source at a path, or from an open file when the path names nothing that can be looked at again.
fn source_at(th: &mut Thread, key: Value, path: &[u8], f: Slot) -> PyResult {
    if let Some(m) = library::load_path(th, key, path)? {
        return Ok(m);
    }
    if std::fs::metadata(pyc::path(path)).is_ok_and(|m| m.is_file()) {
        let (code, name) = pyc::load_source(th, path)?;
        return load::exec_code(th, key, code, &name);
    }
    let text = match f {
        Some(f) => file::read_all(th, f)?,
        None => {
            let shown = th.try_str(path)?;
            let f = file::open(th, shown, b"U", -1)?;
            file::read_all(th, f)?
        }
    };
    let code = source::compile_file(th, &text, path, eval::Mode::Exec, 0)?;
    load::exec_code(th, key, code, path)
}

pub(super) fn load_source(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = name_arg(th, args.pos[0], "load_source")?;
    let path = paths::path_bytes(th, args.pos[1])?;
    let f = file_arg(th, args.get(2), "load_source")?;
    let key = th.intern(&name);
    if f.is_none()
        && library::load_path_exists(&path).is_none()
        && std::fs::metadata(pyc::path(&path)).is_err()
    {
        // Says why.
        file::open(th, args.pos[1], b"U", -1)?;
    }
    source_at(th, key, &path, f)
}

fn compiled_at(th: &mut Thread, name: &[u8], path: &[u8], f: Slot) -> PyResult {
    let bytes = match f {
        Some(f) => file::read_all(th, f)?,
        None => {
            let shown = th.try_str(path)?;
            let f = file::open(th, shown, b"rb", -1)?;
            file::read_all(th, f)?
        }
    };
    let code = pyc::load_compiled(th, name, path, &bytes)?;
    let key = th.intern(name);
    load::exec_code(th, key, code, path)
}

pub(super) fn load_compiled(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = name_arg(th, args.pos[0], "load_compiled")?;
    let path = paths::path_bytes(th, args.pos[1])?;
    let f = file_arg(th, args.get(2), "load_compiled")?;
    compiled_at(th, &name, &path, f)
}

pub(super) fn load_dynamic(th: &mut Thread, args: Args<'_>) -> PyResult {
    name_arg(th, args.pos[0], "load_dynamic")?;
    let path = paths::path_bytes(th, args.pos[1])?;
    if std::fs::metadata(pyc::path(&path)).is_err() {
        let shown = String::from_utf8_lossy(&path).into_owned();
        return Err(
            th.import_error(format!("{shown}: cannot open shared object file: No such file or directory"))
        );
    }
    Err(th.import_error("extension modules written in C cannot be loaded"))
}

pub(super) fn load_package(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = name_arg(th, args.pos[0], "load_package")?;
    let path = paths::path_bytes(th, args.pos[1])?;
    let key = th.intern(&name);
    if let Some(m) = library::load_path(th, key, &path)? {
        return Ok(m);
    }
    load::load_package(th, key, &path)
}

pub(super) fn load_module(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = name_arg(th, args.pos[0], "load_module")?;
    let f = args.pos[1];
    let Some(d) = args.pos[3].payload::<PyTuple>() else {
        let n = ops::type_name(args.pos[3]);
        return Err(th.type_error(format!("load_module() argument 4 must be 3-item sequence, not {n}")));
    };
    let [_, mode, kind] = *d.get().items() else {
        let n = d.len;
        return Err(th.type_error(format!("load_module() argument 4 must be sequence of length 3, not {n}")));
    };
    let (Some(kind), true) = (number(kind), mode.payload::<PyStr>().is_some()) else {
        return Err(th.type_error("an integer is required"));
    };
    let mode_text = th.str_bytes(mode).to_vec();
    if let Some(first) = mode_text.first()
        && (!matches!(first, b'r' | b'U') || mode_text.contains(&b'+'))
    {
        let shown = String::from_utf8_lossy(&mode_text).into_owned();
        return Err(th.value_error(format!("invalid file open mode {shown}")));
    }
    let file = if f.is_none() {
        None
    } else if file::is_file(f) {
        Some(f)
    } else {
        return Err(th.value_error("load_module arg#2 should be a file or None"));
    };
    let path = paths::path_bytes(th, args.pos[2])?;
    let key = th.intern(&name);
    let shown = String::from_utf8_lossy(&name).into_owned();
    match kind {
        PY_SOURCE | PY_COMPILED if file.is_none() => {
            Err(th.value_error(format!("file object required for import (type code {kind})")))
        }
        PY_SOURCE => source_at(th, key, &path, file),
        PY_COMPILED => compiled_at(th, &name, &path, file),
        PKG_DIRECTORY => match library::load_path(th, key, &path)? {
            Some(m) => Ok(m),
            None => load::load_package(th, key, &path),
        },
        C_BUILTIN => {
            let real = th.intern(if path.is_empty() { &name } else { &path });
            match native::init(th, real)? {
                Some(_) => match import::in_modules(th, key)? {
                    Some(m) => Ok(m),
                    None => Err(th.import_error(format!("builtin module {shown} not properly initialized"))),
                },
                None => Err(th.import_error(format!("Purported builtin module {shown} not found"))),
            }
        }
        PY_FROZEN => {
            let real = th.intern(if path.is_empty() { &name } else { &path });
            match import::frozen::load(th, real)? {
                Some(m) => Ok(m),
                None => Err(th.import_error(format!("Purported frozen module {shown} not found"))),
            }
        }
        C_EXTENSION => Err(th.import_error("extension modules written in C cannot be loaded")),
        n => Err(th.import_error(format!("Don't know how to import {shown} (type code {n})"))),
    }
}
