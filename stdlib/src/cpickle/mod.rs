//! `cPickle`: objects as bytes and back, protocols 0 to 2.
//!
//! `save`, `save_objects` write what `load`, `load_objects` run; `pickler` and `unpickler` are what programs see.

mod errors;
mod load;
mod load_memo;
mod load_objects;
mod memo;
mod opcodes;
mod pickler;
mod save;
mod save_objects;
mod source;
mod tables;
mod unpickler;

use interpreter::native::{KEYWORDS, MethodDef, ModuleDef};
use interpreter::{PyResult, Thread, Value, objects as o};

/// `cPickle`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "cPickle",
    doc: Some("C implementation and optimization of the Python pickle module."),
    functions: &[
        MethodDef::new(
            "dump",
            pickler::dump,
            0,
            u16::MAX,
            KEYWORDS,
            "dump(obj, file, protocol=0) -- Write an object in pickle format to the given file.",
        ),
        MethodDef::new(
            "dumps",
            pickler::dumps,
            0,
            u16::MAX,
            KEYWORDS,
            "dumps(obj, protocol=0) -- Return a string containing an object in pickle format.",
        ),
        MethodDef::new("load", unpickler::load, 1, 1, 0, "load(file) -- Load a pickle from the given file"),
        MethodDef::new(
            "loads",
            unpickler::loads,
            1,
            1,
            0,
            "loads(string) -- Load a pickle from the given string",
        ),
        MethodDef::new(
            "Pickler",
            pickler::make,
            0,
            u16::MAX,
            KEYWORDS,
            "Pickler(file, protocol=0) -- Create a pickler.\n\nProtocol 0 is text, 1 is binary, 2 knows new-style classes; a negative number means the highest. Without a file, getvalue() returns what was written.",
        ),
        MethodDef::new("Unpickler", unpickler::make, 1, 1, 0, "Unpickler(file) -- Create an unpickler."),
    ],
    types: &[
        &errors::PICKLE_ERROR,
        &errors::PICKLING_ERROR,
        &errors::UNPICKLEABLE_ERROR,
        &errors::UNPICKLING_ERROR,
        &errors::BAD_PICKLE_GET,
    ],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    crate::ready(th, &[&pickler::PICKLER, &unpickler::UNPICKLER])?;
    // Its tables belong to picklers: it is imported with the module, as programs expect.
    tables::dispatch_table(th)?;
    o::module::add_str(th, m, "__version__", b"1.71")?;
    o::module::add_str(th, m, "format_version", b"2.0")?;
    o::module::add_int(th, m, "HIGHEST_PROTOCOL", pickler::HIGHEST.into())?;
    let formats: Vec<_> = ["1.0", "1.1", "1.2", "1.3", "2.0"].map(|s| th.intern(s.as_bytes())).into();
    let formats = th.new_list(&formats)?;
    o::module::add(th, m, "compatible_formats", formats)
}
