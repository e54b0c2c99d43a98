//! `pyexpat`: XML parsers that call handlers.
//!
//! A parser is a record of its handlers and of a private state (see `private`): the parser proper, the text that waits in
//! the buffer, and the settings. Events are pulled one by one and handed to Python between two looks at the state.

mod constants;
mod dispatch;
mod object;
mod settings;
mod strings;
pub mod xml;

use interpreter::kinds::kind;
use interpreter::native::{KEYWORDS, MethodDef, ModuleDef, TypeDef, VARIADIC};
use interpreter::objects as o;

pub use dispatch::encoding_table;
pub use object::PARSER;

/// The words of an error.
pub fn error_words(code: u8) -> &'static str {
    constants::words(code).unwrap_or("unknown error")
}

/// `xml.parsers.expat.ExpatError`.
pub static ERROR: TypeDef = TypeDef {
    module: "xml.parsers.expat",
    base: Some(&o::exceptions::EXCEPTION),
    ..TypeDef::new("ExpatError", kind::INSTANCE)
};

/// `pyexpat`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "pyexpat",
    doc: Some("XML parsers that report as Expat does."),
    functions: &[
        MethodDef::new(
            "ParserCreate",
            object::parser_create,
            0,
            VARIADIC,
            KEYWORDS,
            "ParserCreate([encoding[, namespace_separator]]) -> parser\n\nA new XML parser.",
        ),
        MethodDef::new(
            "ErrorString",
            constants::error_string,
            1,
            1,
            0,
            "ErrorString(errno) -> string\n\nThe words for an error's number.",
        ),
    ],
    types: &[&ERROR],
    init: Some(constants::fill),
};
