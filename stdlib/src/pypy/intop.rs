//! `__pypy__.intop`: arithmetic of machine words.

use interpreter::native::{Args, MethodDef, ModuleDef};
use interpreter::{PyResult, Thread, ops};

/// `__pypy__.intop`.
pub(super) static MODULE: ModuleDef = ModuleDef {
    name: "__pypy__.intop",
    doc: None,
    functions: &[
        MethodDef::new("int_add", |th, a| binary(th, a, i64::wrapping_add), 2, 2, 0, "a + b, wrapped around"),
        MethodDef::new("int_sub", |th, a| binary(th, a, i64::wrapping_sub), 2, 2, 0, "a - b, wrapped around"),
        MethodDef::new("int_mul", |th, a| binary(th, a, i64::wrapping_mul), 2, 2, 0, "a * b, wrapped around"),
        MethodDef::new(
            "int_floordiv",
            |th, a| divide(th, a, i64::wrapping_div),
            2,
            2,
            0,
            "a / b, rounded to zero",
        ),
        MethodDef::new(
            "int_mod",
            |th, a| divide(th, a, i64::wrapping_rem),
            2,
            2,
            0,
            "what int_floordiv leaves",
        ),
        MethodDef::new("int_lshift", |th, a| shift(th, a, |x, n| x << n), 2, 2, 0, "a << b, wrapped around"),
        MethodDef::new(
            "int_rshift",
            |th, a| shift(th, a, |x, n| x >> n),
            2,
            2,
            0,
            "a >> b, keeping the sign",
        ),
        MethodDef::new(
            "uint_rshift",
            |th, a| shift(th, a, |x, n| ((x as u64) >> n) as i64),
            2,
            2,
            0,
            "a >> b of the word without sign",
        ),
        MethodDef::new("int_mulmod", mulmod, 3, 3, 0, "(a * b) % c without overflow"),
    ],
    types: &[],
    init: None,
};

fn binary(th: &mut Thread, args: Args<'_>, f: fn(i64, i64) -> i64) -> PyResult {
    let (a, b) = (ops::integer_arg(th, args.pos[0])?, ops::integer_arg(th, args.pos[1])?);
    Ok(th.int(f(a, b)))
}

fn divide(th: &mut Thread, args: Args<'_>, f: fn(i64, i64) -> i64) -> PyResult {
    if ops::integer_arg(th, args.pos[1])? == 0 {
        return Err(th.zero_division_error("integer division or modulo by zero"));
    }
    binary(th, args, f)
}

fn shift(th: &mut Thread, args: Args<'_>, f: fn(i64, u32) -> i64) -> PyResult {
    let (a, n) = (ops::integer_arg(th, args.pos[0])?, ops::integer_arg(th, args.pos[1])?);
    match u32::try_from(n) {
        Ok(n) if n < 64 => Ok(th.int(f(a, n))),
        _ => Err(th.value_error("shift count out of range")),
    }
}

fn mulmod(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mut n = [0; 3];
    for (n, v) in n.iter_mut().zip(args.pos) {
        *n = ops::integer_arg(th, *v)?;
    }
    let [a, b, c] = n.map(i128::from);
    if c == 0 {
        return Err(th.zero_division_error("integer division or modulo by zero"));
    }
    let r = (a * b) % c;
    th.integer_i128(if r != 0 && (r < 0) != (c < 0) { r + c } else { r })
}
