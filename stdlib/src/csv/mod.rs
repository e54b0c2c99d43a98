//! `_csv`: records of comma-separated values. `dialect` says how they are written, `reader` and `writer` do it.

mod dialect;
mod reader;
mod registry;
mod writer;

use interpreter::kinds::kind;
use interpreter::native::{KEYWORDS, MethodDef, ModuleDef, TypeDef};
use interpreter::{PyResult, Thread, Value, objects as o};

/// `_csv.Error`.
pub static ERROR: TypeDef = TypeDef {
    module: "_csv",
    base: Some(&o::exceptions::EXCEPTION),
    ..TypeDef::new("Error", kind::INSTANCE)
};

/// `_csv`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_csv",
    doc: Some("CSV parsing and writing.\n"),
    functions: &[
        MethodDef::new(
            "reader",
            reader::make,
            0,
            u16::MAX,
            KEYWORDS,
            "reader(iterable [, dialect='excel'] [, formatting parameters]) -- an iterator over the records in the strings that the iterable gives: each a list of strings",
        ),
        MethodDef::new(
            "writer",
            writer::make,
            0,
            u16::MAX,
            KEYWORDS,
            "writer(file [, dialect='excel'] [, formatting parameters]) -- an object whose writerow and writerows write sequences as records to a file",
        ),
        MethodDef::new("list_dialects", registry::list, 0, 0, 0, "Return a list of all know dialect names."),
        MethodDef::new(
            "register_dialect",
            registry::register,
            0,
            u16::MAX,
            KEYWORDS,
            "Create a mapping from a string name to a dialect class.",
        ),
        MethodDef::new(
            "unregister_dialect",
            registry::unregister,
            1,
            1,
            0,
            "Delete the name/dialect mapping associated with a string name.",
        ),
        MethodDef::new(
            "get_dialect",
            registry::get,
            1,
            1,
            0,
            "Return the dialect instance associated with name.",
        ),
        MethodDef::new(
            "field_size_limit",
            registry::field_size_limit,
            0,
            1,
            0,
            "Sets an upper limit on parsed fields, and returns the limit that was in place before.",
        ),
    ],
    types: &[&ERROR, &dialect::DIALECT],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    crate::ready(th, &[&reader::READER, &writer::WRITER])?;
    let dialects = registry::dialects(th)?;
    o::module::add(th, m, "_dialects", dialects)?;
    o::module::add_str(th, m, "__version__", b"1.0")?;
    for (i, name) in ["QUOTE_MINIMAL", "QUOTE_ALL", "QUOTE_NONNUMERIC", "QUOTE_NONE"].iter().enumerate() {
        o::module::add_int(th, m, name, i as i64)?;
    }
    Ok(())
}
