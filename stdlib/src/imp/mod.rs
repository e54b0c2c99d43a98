//! `imp`: the import system taken apart.

mod finding;
mod loading;

use interpreter::import::{library, lock, native};
use interpreter::native::{Args, MethodDef, ModuleDef};
use interpreter::objects::module;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, import, ops};

/// Kinds of module.
const PY_SOURCE: i64 = 1;
const PY_COMPILED: i64 = 2;
const C_EXTENSION: i64 = 3;
const PKG_DIRECTORY: i64 = 5;
const C_BUILTIN: i64 = 6;
const PY_FROZEN: i64 = 7;

/// `imp`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "imp",
    doc: Some("The parts of import: finding a module, loading it, the import lock."),
    functions: &[
        MethodDef::new(
            "find_module",
            finding::find_module,
            1,
            2,
            0,
            "find_module(name, [path]) -> (file, filename, (suffix, mode, type))\n\nLooks for a module on a path (by default: built-in modules and sys.path).",
        ),
        MethodDef::new(
            "get_magic",
            get_magic,
            0,
            0,
            0,
            "get_magic() -> string\n\nThe first four bytes of compiled files.",
        ),
        MethodDef::new(
            "get_suffixes",
            finding::get_suffixes,
            0,
            0,
            0,
            "get_suffixes() -> [(suffix, mode, type), ...]",
        ),
        MethodDef::new(
            "load_module",
            loading::load_module,
            4,
            4,
            0,
            "load_module(name, file, filename, (suffix, mode, type)) -> module\n\nLoads what find_module found.",
        ),
        MethodDef::new(
            "load_source",
            loading::load_source,
            2,
            3,
            0,
            "load_source(name, pathname[, file]) -> module",
        ),
        MethodDef::new(
            "load_compiled",
            loading::load_compiled,
            2,
            3,
            0,
            "load_compiled(name, pathname[, file]) -> module",
        ),
        MethodDef::new(
            "load_dynamic",
            loading::load_dynamic,
            2,
            3,
            0,
            "load_dynamic(name, pathname[, file]) -> module",
        ),
        MethodDef::new(
            "load_package",
            loading::load_package,
            2,
            2,
            0,
            "load_package(name, pathname) -> module",
        ),
        MethodDef::new(
            "new_module",
            loading::new_module,
            1,
            1,
            0,
            "new_module(name) -> module\n\nAn empty module, not in sys.modules.",
        ),
        MethodDef::new("reload", reload, 1, 1, 0, "reload(module) -> module"),
        MethodDef::new(
            "acquire_lock",
            acquire_lock,
            0,
            0,
            0,
            "acquire_lock() -> None\n\nTakes the import lock for this thread.",
        ),
        MethodDef::new("release_lock", release_lock, 0, 0, 0, "release_lock() -> None"),
        MethodDef::new("lock_held", lock_held, 0, 0, 0, "lock_held() -> bool"),
        MethodDef::new("init_builtin", init_builtin, 1, 1, 0, "init_builtin(name) -> module or None"),
        MethodDef::new("is_builtin", is_builtin, 1, 1, 0, "is_builtin(name) -> 1, 0 or -1"),
        MethodDef::new(
            "init_frozen",
            init_frozen,
            1,
            1,
            0,
            "init_frozen(name) -> the frozen module of that name, run; None if there is none",
        ),
        MethodDef::new(
            "is_frozen",
            is_frozen,
            1,
            1,
            0,
            "is_frozen(name) -> whether there is a frozen module of that name",
        ),
        MethodDef::new("get_frozen_object", get_frozen_object, 1, 1, 0, "get_frozen_object(name)"),
    ],
    types: &[&library::NULL_IMPORTER],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    for (name, n) in [
        ("SEARCH_ERROR", 0),
        ("PY_SOURCE", PY_SOURCE),
        ("PY_COMPILED", PY_COMPILED),
        ("C_EXTENSION", C_EXTENSION),
        ("PY_RESOURCE", 4),
        ("PKG_DIRECTORY", PKG_DIRECTORY),
        ("C_BUILTIN", C_BUILTIN),
        ("PY_FROZEN", PY_FROZEN),
        ("PY_CODERESOURCE", 8),
        ("IMP_HOOK", 9),
    ] {
        module::add_int(th, m, name, n)?;
    }
    Ok(())
}

/// A module name argument.
fn name_arg(th: &mut Thread, v: Value, function: &str) -> PyResult<Vec<u8>> {
    Ok(crate::posix::calls::string(th, v, function, 1)?.into_bytes())
}

fn get_magic(th: &mut Thread, _: Args<'_>) -> PyResult {
    let mut magic = syntax::marshal::PYC_MAGIC.to_le_bytes().to_vec();
    magic.truncate(2);
    magic.extend_from_slice(b"\r\n");
    th.try_str(&magic)
}

fn reload(th: &mut Thread, args: Args<'_>) -> PyResult {
    import::reload(th, args.pos[0])
}

fn acquire_lock(th: &mut Thread, _: Args<'_>) -> PyResult {
    lock::acquire(th)?;
    Ok(Value::NONE)
}

fn release_lock(th: &mut Thread, _: Args<'_>) -> PyResult {
    if lock::release(th)? { Ok(Value::NONE) } else { Err(th.runtime_error("not holding the import lock")) }
}

fn lock_held(th: &mut Thread, _: Args<'_>) -> PyResult {
    Ok(Value::from_bool(lock::held(th)?))
}

fn init_builtin(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = name_arg(th, args.pos[0], "init_builtin")?;
    let key = th.intern(&name);
    if native::definition(&name).is_some()
        && let Some(m) = import::in_modules(th, key)?
        && module::is_module(m)
    {
        return Ok(m);
    }
    Ok(native::init(th, key)?.unwrap_or(Value::NONE))
}

fn is_builtin(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = name_arg(th, args.pos[0], "is_builtin")?;
    // These three cannot be made again.
    let n = match &name[..] {
        b"__builtin__" | b"sys" | b"exceptions" | b"__main__" if native::definition(&name).is_some() => -1,
        _ if native::definition(&name).is_some() => 1,
        _ => 0,
    };
    Ok(th.int(n))
}

fn init_frozen(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = name_arg(th, args.pos[0], "init_frozen")?;
    let name = th.intern(&name);
    Ok(import::frozen::load(th, name)?.unwrap_or(Value::NONE))
}

fn is_frozen(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = name_arg(th, args.pos[0], "is_frozen")?;
    Ok(Value::from_bool(import::frozen::is_frozen(&name)))
}

fn get_frozen_object(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = name_arg(th, args.pos[0], "get_frozen_object")?;
    if let Some(code) = import::frozen::code(th, &name)? {
        return Ok(code.value());
    }
    let shown = String::from_utf8_lossy(&name).into_owned();
    Err(th.import_error(format!("No such frozen object named {shown}")))
}

/// `(suffix, mode, type)`.
fn description(th: &mut Thread, suffix: &str, mode: &str, kind: i64) -> PyResult {
    let items = [th.try_str(suffix.as_bytes())?, th.try_str(mode.as_bytes())?, th.int(kind)];
    th.try_tuple(&items)
}

/// An int in a tuple.
fn number(v: Value) -> Option<i64> {
    ops::int_value(v)
}
