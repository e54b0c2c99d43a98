//! `sys`: the runtime seen from Python.

mod functions;
mod info;
mod streams;

pub use streams::make_streams;

use info::{FLAGS, FLOAT_INFO, LONG_INFO, VERSION_INFO};
use interpreter::native::ModuleDef;
use interpreter::objects::{module, traceback};
use interpreter::value::Value;
use interpreter::{PyResult, Thread};

/// `sys`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "sys",
    doc: Some(
        "This module provides access to some objects used or maintained by the\ninterpreter and to functions that interact strongly with the interpreter.",
    ),
    functions: functions::FUNCTIONS,
    types: &[],
    init: Some(init),
};

/// The version of the language, and of the library in the binary.
pub const VERSION: (i64, i64, i64) = (2, 7, 18);

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    if let Some(d) = module::dict_of_module(m) {
        th.m.make_old_now(d.obj_unchecked());
        th.rt.sys_dict.set(d);
    }
    let set = &th.rt.settings;
    let version = concat!(
        "2.7.18 (",
        env!("CARGO_PKG_VERSION"),
        ", ",
        env!("PYPYSTM_BUILD_DATE"),
        ")\n[PyPy ",
        env!("CARGO_PKG_VERSION"),
        " with STM]"
    );
    for (name, text) in [
        ("version", version),
        ("platform", "linux2"),
        ("byteorder", if cfg!(target_endian = "little") { "little" } else { "big" }),
        ("float_repr_style", "short"),
        (
            "copyright",
            "Copyright (c) the pypy-stm authors.\nThe library: Copyright (c) 2001-2020 Python Software Foundation.",
        ),
    ] {
        module::add_str(th, m, name, text.as_bytes())?;
    }
    let hex = VERSION.0 << 24 | VERSION.1 << 16 | VERSION.2 << 8 | 0xf0;
    for (name, n) in [
        ("maxint", i64::MAX),
        ("maxsize", i64::MAX),
        ("maxunicode", 0x10ffff),
        ("hexversion", hex),
        ("api_version", 1013),
    ] {
        module::add_int(th, m, name, n)?;
    }
    module::add(th, m, "py3kwarning", Value::from_bool(set.py3k_warning))?;
    module::add(th, m, "dont_write_bytecode", Value::from_bool(set.dont_write_bytecode))?;
    info::ready(th)?;
    let final_ = th.intern(b"final");
    let parts = [th.int(VERSION.0), th.int(VERSION.1), th.int(VERSION.2), final_, th.int(0)];
    let v = interpreter::objects::structseq::make(th, &VERSION_INFO, &parts)?;
    module::add(th, m, "version_info", v)?;
    let parts = [th.int(2), th.int(4), th.int(0), final_, th.int(0)];
    let v = interpreter::objects::structseq::make(th, &VERSION_INFO, &parts)?;
    module::add(th, m, "pypy_version_info", v)?;
    let v = info::flags(th)?;
    let v = interpreter::objects::structseq::make(th, &FLAGS, &v)?;
    module::add(th, m, "flags", v)?;
    let v = info::float_info(th);
    let v = interpreter::objects::structseq::make(th, &FLOAT_INFO, &v)?;
    module::add(th, m, "float_info", v)?;
    // The digits programs see (marshal, hashing, conversions): thirty bits in four bytes.
    let v = [th.int(30), th.int(4)];
    let v = interpreter::objects::structseq::make(th, &LONG_INFO, &v)?;
    module::add(th, m, "long_info", v)?;
    let empty = th.new_str(b"");
    let name = th.new_str(b"PyPy");
    let v = th.try_tuple(&[name, empty, empty])?;
    module::add(th, m, "subversion", v)?;
    let (cpython, tag) = (th.new_str(b"CPython"), th.new_str(b""));
    let v = th.try_tuple(&[cpython, tag, tag])?;
    module::add(th, m, "_git", v)?;
    let executable = set.executable.clone();
    module::add_str(th, m, "executable", &executable)?;
    let argv: Vec<Value> = set.argv.iter().map(|a| th.new_str(a)).collect();
    let argv = th.new_list(&argv)?;
    module::add(th, m, "argv", argv)?;
    let options: Vec<Value> = set.warn_options.iter().map(|a| th.new_str(a.as_bytes())).collect();
    let options = th.new_list(&options)?;
    module::add(th, m, "warnoptions", options)?;
    let mut names: Vec<&str> = interpreter::import::native::table().iter().map(|d| d.name).collect();
    names.sort_unstable();
    let names: Vec<Value> = names.into_iter().map(|n| th.new_str(n.as_bytes())).collect();
    let names = th.try_tuple(&names)?;
    module::add(th, m, "builtin_module_names", names)?;
    for name in ["meta_path", "path_hooks", "path"] {
        let l = th.new_list(&[])?;
        module::add(th, m, name, l)?;
    }
    let d = th.new_dict();
    module::add(th, m, "path_importer_cache", d)?;
    let modules = interpreter::import::modules(th)?;
    module::add(th, m, "modules", modules)?;
    let hook = th.new_builtin(
        interpreter::objects::builtin::BUILTIN.class(),
        &traceback::print::EXCEPTHOOK,
        None,
        None,
    );
    module::add(th, m, "excepthook", hook)?;
    module::add(th, m, "__excepthook__", hook)?;
    let name = th.intern(b"displayhook");
    let d = module::get(th, m, name)?.unwrap_or(Value::NONE);
    module::add(th, m, "__displayhook__", d)?;
    Ok(())
}
