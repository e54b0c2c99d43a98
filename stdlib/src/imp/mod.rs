//! `imp`: the import system's steps, one function each.

use interpreter::import::{self, find, load, lock, native, pyc};
use interpreter::layout::{PyList, PyStr, PyTuple};
use interpreter::native::{Args, MethodDef, ModuleDef};
use interpreter::objects::{file, module};
use interpreter::value::Value;
use interpreter::{PyResult, Thread, ops};

const SEARCH_ERROR: i64 = 0;
const PY_SOURCE: i64 = 1;
const PY_COMPILED: i64 = 2;
const C_EXTENSION: i64 = 3;
const PY_RESOURCE: i64 = 4;
const PKG_DIRECTORY: i64 = 5;
const C_BUILTIN: i64 = 6;
const PY_FROZEN: i64 = 7;
const PY_CODERESOURCE: i64 = 8;
const IMP_HOOK: i64 = 9;

/// `imp`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "imp",
    doc: Some("The steps of an import: finding, loading, the lock."),
    functions: &[
        MethodDef::new("get_magic", get_magic, 0, 0, 0, "get_magic() -> string"),
        MethodDef::new("get_suffixes", get_suffixes, 0, 0, 0, "get_suffixes() -> [(suffix, mode, type), ...]"),
        MethodDef::new("find_module", find_module, 1, 2, 0, "find_module(name, [path]) -> (file, filename, (suffix, mode, type))"),
        MethodDef::new("load_module", load_module, 4, 4, 0, "load_module(name, file, filename, (suffix, mode, type)) -> module"),
        MethodDef::new("load_source", load_source, 2, 3, 0, "load_source(name, pathname[, file]) -> module"),
        MethodDef::new("load_compiled", load_compiled, 2, 3, 0, "load_compiled(name, pathname[, file]) -> module"),
        MethodDef::new("load_package", load_package, 2, 2, 0, "load_package(name, pathname) -> module"),
        MethodDef::new("load_dynamic", load_dynamic, 2, 3, 0, "load_dynamic(name, pathname[, file]) -> module"),
        MethodDef::new("new_module", new_module, 1, 1, 0, "new_module(name) -> module"),
        MethodDef::new("init_builtin", init_builtin, 1, 1, 0, "init_builtin(name) -> module or None"),
        MethodDef::new("is_builtin", is_builtin, 1, 1, 0, "is_builtin(name) -> 1, 0 or -1"),
        MethodDef::new("init_frozen", |_, _| Ok(Value::NONE), 1, 1, 0, "init_frozen(name) -> None"),
        MethodDef::new("is_frozen", |_, _| Ok(Value::FALSE), 1, 1, 0, "is_frozen(name) -> False"),
        MethodDef::new("get_frozen_object", no_frozen, 1, 1, 0, "get_frozen_object(name)"),
        MethodDef::new("acquire_lock", acquire_lock, 0, 0, 0, "acquire_lock() -> None"),
        MethodDef::new("release_lock", release_lock, 0, 0, 0, "release_lock() -> None"),
        MethodDef::new("lock_held", lock_held, 0, 0, 0, "lock_held() -> boolean"),
        MethodDef::new("reload", |th, a: Args<'_>| import::reload(th, a.pos[0]), 1, 1, 0, "reload(module) -> module"),
    ],
    types: &[&import::library::NULL_IMPORTER],
    init: Some(|th, m| {
        for (name, n) in [
            ("SEARCH_ERROR", SEARCH_ERROR),
            ("PY_SOURCE", PY_SOURCE),
            ("PY_COMPILED", PY_COMPILED),
            ("C_EXTENSION", C_EXTENSION),
            ("PY_RESOURCE", PY_RESOURCE),
            ("PKG_DIRECTORY", PKG_DIRECTORY),
            ("C_BUILTIN", C_BUILTIN),
            ("PY_FROZEN", PY_FROZEN),
            ("PY_CODERESOURCE", PY_CODERESOURCE),
            ("IMP_HOOK", IMP_HOOK),
        ] {
            module::add_int(th, m, name, n)?;
        }
        Ok(())
    }),
};

fn description(th: &mut Thread, suffix: &[u8], mode: &[u8], kind: i64) -> PyResult {
    let items = [th.new_str(suffix), th.new_str(mode), th.int(kind)];
    th.try_tuple(&items)
}

fn get_suffixes(th: &mut Thread, _: Args<'_>) -> PyResult {
    let compiled = if th.rt.settings.optimize > 0 { b".pyo" } else { b".pyc" };
    let items = [description(th, b".py", b"U", PY_SOURCE)?, description(th, compiled, b"rb", PY_COMPILED)?];
    th.new_list(&items)
}

/// The bytes of a str argument.
fn text(th: &mut Thread, v: Value, position: usize) -> PyResult<Vec<u8>> {
    match v.payload::<PyStr>() {
        Some(s) => Ok(s.get().bytes().to_vec()),
        None => {
            let n = ops::type_name(v);
            Err(th.type_error(format!("argument {position} must be string, not {n}")))
        }
    }
}

fn find_module(th: &mut Thread, a: Args<'_>) -> PyResult {
    let name = text(th, a.pos[0], 1)?;
    let path = a.get(1).filter(|p| !p.is_none());
    if path.is_none() && native::definition(&name).is_some() {
        let d = description(th, b"", b"", C_BUILTIN)?;
        let shown = th.new_str(&name);
        return th.try_tuple(&[Value::NONE, shown, d]);
    }
    let path = match path {
        Some(p) => Some(p),
        None => import::sys_get(th, "path")?,
    };
    let Some(list) = path.and_then(|p| p.payload::<PyList>()) else {
        return Err(th.runtime_error("sys.path must be a list of directory names"));
    };
    let entries = ops::collect(th, list.value())?;
    for v in ops::values(&entries) {
        let Some(s) = v.payload::<PyStr>() else { continue };
        let Some(found) = find::in_directory(th, s.get().bytes(), &name)? else { continue };
        let (path, suffix, mode, kind): (Vec<u8>, &[u8], &[u8], i64) = match found {
            find::Found::Package(p) => (p, b"", b"", PKG_DIRECTORY),
            find::Found::Source(p) => (p, b".py", b"U", PY_SOURCE),
            find::Found::Compiled(p) => (p, b".pyc", b"rb", PY_COMPILED),
            find::Found::Native | find::Found::Hook(_) => continue,
        };
        let shown = th.new_str(&path);
        let opened = if kind == PKG_DIRECTORY { Value::NONE } else { file::open(th, shown, mode, -1)? };
        let d = description(th, suffix, mode, kind)?;
        return th.try_tuple(&[opened, shown, d]);
    }
    // The library in the binary has no files to open: its modules load by name.
    let full = String::from_utf8_lossy(&name).into_owned();
    Err(th.import_error(format!("No module named {full}")))
}

fn load_module(th: &mut Thread, a: Args<'_>) -> PyResult {
    let name = text(th, a.pos[0], 1)?;
    let path = match a.pos[2].payload::<PyStr>() {
        Some(s) => s.get().bytes().to_vec(),
        None => Vec::new(),
    };
    let Some(d) = a.pos[3].payload::<PyTuple>().filter(|t| t.len == 3) else {
        return Err(th.type_error("load_module() argument 4 must be 3-item sequence"));
    };
    let kind = ops::integer_arg(th, d.get().items()[2])?;
    let key = th.intern(&name);
    let found = match kind {
        PY_SOURCE => find::Found::Source(path),
        PY_COMPILED => find::Found::Compiled(path),
        PKG_DIRECTORY => find::Found::Package(path),
        C_BUILTIN => find::Found::Native,
        _ => {
            let shown = String::from_utf8_lossy(&name).into_owned();
            return Err(th.import_error(format!("Don't know how to import {shown} (type code {kind})")));
        }
    };
    load::load(th, key, found)
}

fn load_source(th: &mut Thread, a: Args<'_>) -> PyResult {
    let (name, path) = (text(th, a.pos[0], 1)?, text(th, a.pos[1], 2)?);
    let key = th.intern(&name);
    let (code, shown) = pyc::load_source(th, &path)?;
    import::exec_code(th, key, code, &shown)
}

fn load_compiled(th: &mut Thread, a: Args<'_>) -> PyResult {
    let (name, path) = (text(th, a.pos[0], 1)?, text(th, a.pos[1], 2)?);
    let key = th.intern(&name);
    load::load(th, key, find::Found::Compiled(path))
}

fn load_package(th: &mut Thread, a: Args<'_>) -> PyResult {
    let (name, path) = (text(th, a.pos[0], 1)?, text(th, a.pos[1], 2)?);
    let key = th.intern(&name);
    load::load_package(th, key, &path)
}

fn load_dynamic(th: &mut Thread, a: Args<'_>) -> PyResult {
    let path = String::from_utf8_lossy(&text(th, a.pos[1], 2)?).into_owned();
    Err(th.import_error(format!("{path}: extension modules for the C API cannot be loaded")))
}

fn new_module(th: &mut Thread, a: Args<'_>) -> PyResult {
    let name = text(th, a.pos[0], 1)?;
    module::new_module(th, &name)
}

fn init_builtin(th: &mut Thread, a: Args<'_>) -> PyResult {
    let name = text(th, a.pos[0], 1)?;
    let key = th.intern(&name);
    Ok(native::init(th, key)?.unwrap_or(Value::NONE))
}

fn is_builtin(th: &mut Thread, a: Args<'_>) -> PyResult {
    let name = text(th, a.pos[0], 1)?;
    let n = match native::definition(&name) {
        None => 0,
        // These cannot be initialised again.
        Some(_) if [&b"sys"[..], b"__builtin__", b"exceptions"].contains(&&name[..]) => -1,
        Some(_) => 1,
    };
    Ok(th.int(n))
}

fn no_frozen(th: &mut Thread, a: Args<'_>) -> PyResult {
    let name = String::from_utf8_lossy(&text(th, a.pos[0], 1)?).into_owned();
    Err(th.import_error(format!("No such frozen object named {name}")))
}

fn acquire_lock(th: &mut Thread, _: Args<'_>) -> PyResult {
    lock::acquire(th)?;
    Ok(Value::NONE)
}

fn release_lock(th: &mut Thread, _: Args<'_>) -> PyResult {
    if lock::release(th)? {
        return Ok(Value::NONE);
    }
    Err(th.runtime_error("not holding the import lock"))
}

fn lock_held(th: &mut Thread, _: Args<'_>) -> PyResult {
    lock::held(th).map(Value::from_bool)
}

fn get_magic(th: &mut Thread, _: Args<'_>) -> PyResult {
    let mut bytes = syntax::marshal::PYC_MAGIC.to_le_bytes().to_vec();
    bytes.extend_from_slice(b"\r\n");
    th.try_str(&bytes)
}
