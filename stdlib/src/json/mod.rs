//! `_json`: what module `json` leaves to native code. `parse` and `strings` read, `encode` and `escape` write.

mod encode;
mod encoder;
mod escape;
mod parse;
mod scanner;
mod settings;
mod strings;

use interpreter::name::Name;
use interpreter::native::{MethodDef, ModuleDef};
use interpreter::{PyResult, Raised, Thread, Value, import, ops};

/// `_json`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_json",
    doc: Some("json speedups\n"),
    functions: &[
        MethodDef::new(
            "encode_basestring_ascii",
            escape::encode_basestring_ascii,
            1,
            1,
            0,
            "encode_basestring_ascii(basestring) -> str\n\nReturn an ASCII-only JSON representation of a Python string",
        ),
        MethodDef::new(
            "scanstring",
            strings::scanstring,
            2,
            4,
            0,
            "scanstring(basestring, end, encoding, strict=True) -> (str, end)\n\nThe JSON string that begins before end, as unicode, and the place after it.\nNot strict: control characters are let through.",
        ),
    ],
    types: &[],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    crate::ready(th, &[&scanner::SCANNER, &encoder::ENCODER])?;
    for (name, class) in
        [("make_scanner", scanner::SCANNER.class()), ("make_encoder", encoder::ENCODER.class())]
    {
        let name = th.intern(name.as_bytes());
        ops::setattr(th, m, name, Some(class))?;
    }
    Ok(())
}

static ERRMSG: Name = Name::new("errmsg");

/// ValueError with the words that `json.decoder` finds for a place in a text.
#[cold]
fn error_at(th: &mut Thread, message: &str, text: Value, at: usize) -> Raised {
    let r = import::import(th, "json.decoder").and_then(|m| {
        let message = th.new_str(message.as_bytes());
        let at = th.int(at as i64);
        ops::call_method(th, m, &ERRMSG, &[message, text, at])
    });
    match r {
        Ok(m) => th.raise(interpreter::objects::exceptions::VALUE_ERROR.class(), Some(m)),
        Err(e) => e,
    }
}
