//! `_ctypes`: C types, C memory, foreign functions.
//!
//! Memory of C data objects is heap bytes, which never move, and so transactional as long as Python alone touches it; all
//! other memory is touched by inevitable transactions only (`memory`). Foreign functions run outside transactions (`call`),
//! and may call Python back (`callback`).
//!
//! - `info`: what is known of a type. `memory`: objects. `refs`: what they keep alive. `codes`, `text`, `long_double`:
//!   simple values. `value`: values in and out of memory.
//! - `data`: the common base. `simple`, `pointer`, `array`, `structure` (with `layout_fields`, `field`), `function`: the
//!   six kinds of type and their metaclasses.
//! - `param`: arguments made ready. `outparams`: parameter flags. `dl`, `errno`, `support`, `functions`: the rest.
//!
//! Checked by `tests/python/test_ctypes_calls.py` and the library's own `ctypes.test`.

mod array;
mod call;
mod callback;
mod codes;
mod data;
mod dl;
mod errno;
mod field;
mod function;
mod functions;
mod info;
mod layout_fields;
mod long_double;
mod memory;
mod outparams;
mod param;
mod pointer;
mod refs;
mod simple;
mod structure;
mod support;
mod text;
mod value;

use interpreter::kinds::kind;
use interpreter::native::{BLOCKS, MethodDef, ModuleDef, NativeFn, TypeDef};
use interpreter::objects::{exceptions, module};
use interpreter::{PyResult, Thread, Value};

/// `ctypes.ArgumentError`.
static ARGUMENT_ERROR: TypeDef = TypeDef {
    module: "ctypes",
    base: Some(&exceptions::EXCEPTION),
    ..TypeDef::new("ArgumentError", kind::INSTANCE)
};

const fn row(name: &'static str, f: NativeFn, min: u16, max: u16, doc: &'static str) -> MethodDef {
    MethodDef::new(name, f, min, max, 0, doc)
}

/// `_ctypes`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_ctypes",
    doc: Some("Create and manipulate C compatible data types in Python."),
    functions: &[
        row("POINTER", pointer::pointer_type, 1, 1, "POINTER(type) -> pointer type"),
        row("PyObj_FromPtr", functions::object_at, 1, 1, ""),
        row("_buffer_info", functions::buffer_info, 1, 1, "Return buffer interface information"),
        row("_unpickle", data::unpickle, 2, 2, ""),
        row("addressof", functions::addressof, 1, 1, "addressof(C instance) -> integer"),
        row("alignment", functions::alignment, 1, 1, "alignment(C type or instance) -> integer"),
        row("byref", param::byref, 1, 2, "byref(C instance[, offset=0]) -> an argument that is its address"),
        row("call_cdeclfunction", call::call_cdeclfunction, 2, 2, ""),
        row("call_function", call::call_function, 2, 2, ""),
        MethodDef::new("dlclose", dl::close, 1, 1, BLOCKS, "dlclose a library"),
        MethodDef::new("dlopen", dl::open, 1, 2, BLOCKS, "dlopen(name, flag=RTLD_NOW) open a shared library"),
        row("dlsym", dl::find, 2, 2, "find symbol in shared library"),
        row("get_errno", errno::get, 0, 0, ""),
        row("pointer", pointer::pointer_to, 1, 1, "pointer(C instance) -> pointer to it"),
        row("resize", functions::resize, 2, 2, "Resize the memory buffer of a ctypes instance"),
        row(
            "set_conversion_mode",
            text::set_conversion_mode,
            2,
            2,
            "set_conversion_mode(encoding, errors) -> former ones",
        ),
        row("set_errno", errno::set, 1, 1, ""),
        row("sizeof", functions::sizeof, 1, 1, "sizeof(C type or instance) -> integer"),
    ],
    types: &[
        &ARGUMENT_ERROR,
        &array::ARRAY,
        &pointer::POINTER,
        &simple::SIMPLE,
        &structure::STRUCTURE,
        &structure::UNION,
    ],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    crate::ready(th, &[&data::CDATA, &field::CFIELD, &param::PARAM, &function::FUNCTION])?;
    module::add(th, m, "CFuncPtr", function::FUNCTION.class())?;
    pointer::add_cache(th, m)?;
    module::add_str(th, m, "__version__", b"1.1.0")?;
    for (name, n) in [
        ("FUNCFLAG_CDECL", call::CDECL),
        ("FUNCFLAG_PYTHONAPI", call::PYTHONAPI),
        ("FUNCFLAG_USE_ERRNO", call::USE_ERRNO),
        ("FUNCFLAG_USE_LASTERROR", 16),
        ("RTLD_GLOBAL", libc::RTLD_GLOBAL as i64),
        ("RTLD_LOCAL", libc::RTLD_LOCAL as i64),
        ("_cast_addr", support::cast as *const () as i64),
        ("_memmove_addr", libc::memmove as *const () as i64),
        ("_memset_addr", libc::memset as *const () as i64),
        ("_string_at_addr", support::string_at as *const () as i64),
        ("_wstring_at_addr", support::wstring_at as *const () as i64),
    ] {
        module::add_int(th, m, name, n)?;
    }
    Ok(())
}
