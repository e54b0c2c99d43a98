//! `__pypy__`: what PyPy offers beyond Python. Its parts (`builders`, `intop`, `os`, `thread`, `time`) are modules of their own,
//! which importing it puts into `sys.modules`.

mod builders;
mod builtinify;
mod bytebuffer;
mod identity;
mod intop;
mod objects;
mod signals;
mod system;

use interpreter::import;
use interpreter::native::{MethodDef, ModuleDef};
use interpreter::objects::module;
use interpreter::{PyResult, Thread, Value};

/// `__pypy__`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "__pypy__",
    doc: Some("What PyPy offers beyond Python."),
    functions: &[
        MethodDef::new(
            "newlist_hint",
            objects::newlist_hint,
            1,
            1,
            0,
            "newlist_hint(n) -> list with room for n items",
        ),
        MethodDef::new(
            "resizelist_hint",
            objects::resizelist_hint,
            2,
            2,
            0,
            "resizelist_hint(list, n): makes room",
        ),
        MethodDef::new(
            "identity_dict",
            identity::new,
            0,
            0,
            0,
            "identity_dict() -> dict that compares keys by identity",
        ),
        MethodDef::new(
            "bytebuffer",
            bytebuffer::new,
            1,
            1,
            0,
            "bytebuffer(n) -> writable buffer of n zero bytes",
        ),
        MethodDef::new(
            "lookup_special",
            objects::lookup_special,
            2,
            2,
            0,
            "lookup_special(obj, name) -> the bound method found on the type, or None",
        ),
        MethodDef::new(
            "internal_repr",
            objects::internal_repr,
            1,
            1,
            0,
            "internal_repr(obj) -> how obj is represented",
        ),
        MethodDef::new("do_what_I_mean", objects::do_what_i_mean, 0, 0, 0, ""),
        MethodDef::new(
            "locals_to_fast",
            objects::locals_to_fast,
            1,
            1,
            0,
            "locals_to_fast(frame): writes frame.f_locals back into its variables",
        ),
        MethodDef::new(
            "builtinify",
            builtinify::new,
            1,
            1,
            0,
            "builtinify(f) -> a callable like f that does not become a method in a class",
        ),
        MethodDef::new(
            "newdict",
            objects::newdict,
            1,
            1,
            0,
            "newdict(kind) -> dict of a kind of representation",
        ),
        MethodDef::new(
            "strategy",
            objects::strategy,
            1,
            1,
            0,
            "strategy(x) -> how a dict, list or set is represented",
        ),
        MethodDef::new(
            "delitem_if_value_is",
            objects::delitem_if_value_is,
            3,
            3,
            0,
            "delitem_if_value_is(d, key, value)",
        ),
        MethodDef::new(
            "add_memory_pressure",
            objects::add_memory_pressure,
            1,
            1,
            0,
            "add_memory_pressure(bytes)",
        ),
        MethodDef::new("set_debug", objects::set_debug, 1, 1, 0, "set_debug(flag): sets __debug__"),
        MethodDef::new("stack_almost_full", objects::stack_almost_full, 0, 0, 0, ""),
        MethodDef::new("_promote", objects::promote, 1, 1, 0, ""),
        MethodDef::new("specialized_zip_2_lists", objects::zip_2_lists, 2, 2, 0, ""),
        MethodDef::new(
            "validate_fd",
            system::validate_fd,
            1,
            1,
            0,
            "validate_fd(fd): OSError if it is not open",
        ),
    ],
    types: &[],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    module::add_int(th, m, "PYC_MAGIC", i64::from(u32::from(syntax::marshal::PYC_MAGIC) | 0x0a0d_0000))?;
    module::add_str(th, m, "cpumodel", std::env::consts::ARCH.as_bytes())?;
    crate::ready(th, &[&identity::IDENTITY_DICT, &bytebuffer::BYTEBUFFER, &builtinify::BUILTIN_FUNCTION])?;
    let modules = import::modules(th)?;
    for def in [&builders::MODULE, &intop::MODULE, &system::OS, &signals::MODULE, &system::TIME] {
        let sub = module::make_native(th, def)?;
        let name = th.intern(def.name.as_bytes());
        interpreter::objects::dict::set(th, modules, name, sub)?;
        module::add(th, m, def.name.trim_start_matches("__pypy__."), sub)?;
    }
    Ok(())
}
