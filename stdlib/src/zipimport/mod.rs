//! `zipimport`: modules in zip archives.

mod archive;
mod importer;
mod methods;

pub use importer::IMPORTER;

use interpreter::errors::Text;
use interpreter::kinds::kind;
use interpreter::native::{ModuleDef, TypeDef};
use interpreter::objects::{self as o, module};
use interpreter::{Raised, Thread};

/// `zipimport.ZipImportError`.
pub static ERROR: TypeDef = TypeDef {
    module: "zipimport",
    base: Some(&o::exceptions::IMPORT_ERROR),
    ..TypeDef::new("ZipImportError", kind::INSTANCE)
};

/// `ZipImportError`. The importer is among `sys.path_hooks` before anybody imports the module.
fn refuse<'a>(th: &mut Thread, words: impl Into<Text<'a>>) -> Raised {
    match crate::ready(th, &[&ERROR]) {
        Ok(()) => th.raise_def(&ERROR, words),
        Err(e) => e,
    }
}

/// `zipimport`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "zipimport",
    doc: Some(
        "Import from zip archives: zipimporter, an importer of sys.path_hooks for entries that name an archive or a folder\nin one; ZipImportError; _zip_directory_cache, what is known of the archives seen so far.",
    ),
    functions: &[],
    types: &[&ERROR, &IMPORTER],
    init: Some(|th, m| {
        let cache = importer::cache(th)?;
        module::add(th, m, "_zip_directory_cache", cache)
    }),
};
