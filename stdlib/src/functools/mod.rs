//! `_functools`: partial and reduce.

mod partial;

use interpreter::native::{Args, MethodDef, ModuleDef, VARIADIC};
use interpreter::objects::exceptions::TYPE_ERROR;
use interpreter::objects::unpack::expect_args;
use interpreter::{PyResult, Thread, ops};

/// `_functools`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_functools",
    doc: Some("Functions made of functions."),
    functions: &[MethodDef::new(
        "reduce",
        reduce,
        0,
        VARIADIC,
        0,
        "reduce(function, sequence[, initial]) -> value\n\nfunction(... function(function(initial, s0), s1) ..., sn); without initial it begins with s0.",
    )],
    types: &[&partial::PARTIAL],
    init: None,
};

/// `reduce(function, sequence[, initial])`.
pub fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    expect_args(th, &args, 0, "reduce", 2, 3)?;
    let f = args.pos[0];
    let it = match ops::iter(th, args.pos[1]) {
        Ok(it) => it,
        Err(e) => {
            e.catch_if(th, TYPE_ERROR.class())?;
            return Err(th.type_error("reduce() arg 2 must support iteration"));
        }
    };
    let mut acc = args.get(2);
    while let Some(x) = ops::next(th, it)? {
        acc = Some(match acc {
            Some(a) => ops::call(th, f, &[a, x])?,
            None => x,
        });
    }
    match acc {
        Some(a) => Ok(a),
        None => Err(th.type_error("reduce() of empty sequence with no initial value")),
    }
}
