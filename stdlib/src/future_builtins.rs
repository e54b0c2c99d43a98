//! `future_builtins`: built-in functions as the next major version of the language has them.

use crate::itertools;
use interpreter::layout::PyLong;
use interpreter::native::{MethodDef, ModuleDef};
use interpreter::{Args, PyResult, Thread, Value, objects as o, ops};
use num_bigint::{BigInt, Sign};

/// `future_builtins`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "future_builtins",
    doc: Some(
        "Functions that are builtins in Python 3.0, but conflict with builtins of Python 2.x.\n\nascii(arg): the representation of an object. hex(arg), oct(arg): of an integer.\nfilter, map, zip: the iterators of itertools.\n\nThe typical use is to replace the builtins of a module:\n\nfrom future_builtins import ascii, filter, map, hex, oct, zip\n",
    ),
    functions: &[
        MethodDef::new(
            "hex",
            |th, a| in_base(th, a, 16, "0x"),
            1,
            1,
            0,
            "hex(number) -> string\n\nReturn the hexadecimal representation of an integer or long integer.",
        ),
        MethodDef::new(
            "oct",
            |th, a| in_base(th, a, 8, "0o"),
            1,
            1,
            0,
            "oct(number) -> string\n\nReturn the octal representation of an integer or long integer.",
        ),
        MethodDef::new(
            "ascii",
            |th, a| ops::repr(th, a.pos[0]),
            1,
            1,
            0,
            "ascii(object) -> string\n\nReturn the same as repr().",
        ),
    ],
    types: &[],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    for (name, own) in [("map", "imap"), ("filter", "ifilter"), ("zip", "izip")] {
        let iterators = interpreter::import::import(th, itertools::MODULE.name)?;
        let own = th.intern(own.as_bytes());
        let class = ops::getattr(th, iterators, own)?;
        o::module::add(th, m, name, class)?;
    }
    Ok(())
}

fn in_base(th: &mut Thread, args: Args<'_>, base: u32, prefix: &str) -> PyResult {
    let v = ops::index(th, args.pos[0])?;
    let n = match (ops::int_value(v), v.payload::<PyLong>()) {
        (Some(n), _) => BigInt::from(n),
        (_, Some(l)) => l.to_bigint(),
        _ => return Err(th.type_error("an integer is required")),
    };
    let sign = if n.sign() == Sign::Minus { "-" } else { "" };
    let text = format!("{sign}{prefix}{}", n.magnitude().to_str_radix(base));
    th.try_str(text.as_bytes())
}
