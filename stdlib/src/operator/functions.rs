//! The functions of `operator`.

use interpreter::layout::{PyStr, PyUnicode};
use interpreter::native::{Args, MethodDef, VARIADIC};
use interpreter::objects::instance::is_old_style;
use interpreter::objects::list::repeat_count;
use interpreter::objects::unpack::expect_args;
use interpreter::types::slots::CmpOp;
use interpreter::value::Value;
use interpreter::{PyResult, Thread, ops};

macro_rules! functions {
    (
        unary { $($u:literal $(, $ualias:literal)* => $uf:path;)* }
        binary { $($b:literal $(, $balias:literal)* => $op:expr;)* }
        other { $($o:literal $(, $oalias:literal)* => $of:path;)* }
    ) => {
        pub(super) static FUNCTIONS: &[MethodDef] = &[
            $( MethodDef::new($u, $uf, 1, 1, 0, concat!($u, "(a)")), $( MethodDef::new($ualias, $uf, 1, 1, 0, concat!("Same as ", $u, "(a).")), )* )*
            $( MethodDef::new($b, two!($b, $op), 0, VARIADIC, 0, concat!($b, "(a, b)")),
               $( MethodDef::new($balias, two!($b, $op), 0, VARIADIC, 0, concat!("Same as ", $b, "(a, b).")), )* )*
            $( MethodDef::new($o, $of, 0, VARIADIC, 0, concat!($o, "(...)")), $( MethodDef::new($oalias, $of, 0, VARIADIC, 0, concat!("Same as ", $o, "(...).")), )* )*
        ];
    };
}

/// A native of two arguments.
macro_rules! two {
    ($name:literal, $op:expr) => {
        |th, args| {
            two_args(th, &args, $name)?;
            let f: fn(&mut Thread, Value, Value) -> PyResult = $op;
            f(th, args.pos[0], args.pos[1])
        }
    };
}

functions! {
    unary {
        "neg", "__neg__" => neg;
        "pos", "__pos__" => pos;
        "abs", "__abs__" => abs;
        "inv", "__inv__" => invert;
        "invert", "__invert__" => invert;
        "not_", "__not__" => not;
        "truth" => truth;
        "index", "__index__" => index;
        "isCallable" => is_callable;
        "isNumberType" => is_number_type;
        "isSequenceType" => is_sequence_type;
        "isMappingType" => is_mapping_type;
    }
    binary {
        "add", "__add__" => |th, a, b| ops::binary(th, a, b, &ops::ADD);
        "sub", "__sub__" => |th, a, b| ops::binary(th, a, b, &ops::SUB);
        "mul", "__mul__" => |th, a, b| ops::binary(th, a, b, &ops::MUL);
        "div", "__div__" => |th, a, b| ops::binary(th, a, b, &ops::DIV);
        "floordiv", "__floordiv__" => |th, a, b| ops::binary(th, a, b, &ops::FLOORDIV);
        "truediv", "__truediv__" => |th, a, b| ops::binary(th, a, b, &ops::TRUEDIV);
        "mod", "__mod__" => |th, a, b| ops::binary(th, a, b, &ops::REM);
        "lshift", "__lshift__" => |th, a, b| ops::binary(th, a, b, &ops::LSHIFT);
        "rshift", "__rshift__" => |th, a, b| ops::binary(th, a, b, &ops::RSHIFT);
        "and_", "__and__" => |th, a, b| ops::binary(th, a, b, &ops::AND);
        "xor", "__xor__" => |th, a, b| ops::binary(th, a, b, &ops::XOR);
        "or_", "__or__" => |th, a, b| ops::binary(th, a, b, &ops::OR);
        "pow", "__pow__" => |th, a, b| ops::power(th, a, b, Value::NONE);
        "iadd", "__iadd__" => |th, a, b| ops::inplace(th, a, b, &ops::ADD);
        "isub", "__isub__" => |th, a, b| ops::inplace(th, a, b, &ops::SUB);
        "imul", "__imul__" => |th, a, b| ops::inplace(th, a, b, &ops::MUL);
        "idiv", "__idiv__" => |th, a, b| ops::inplace(th, a, b, &ops::DIV);
        "ifloordiv", "__ifloordiv__" => |th, a, b| ops::inplace(th, a, b, &ops::FLOORDIV);
        "itruediv", "__itruediv__" => |th, a, b| ops::inplace(th, a, b, &ops::TRUEDIV);
        "imod", "__imod__" => |th, a, b| ops::inplace(th, a, b, &ops::REM);
        "ilshift", "__ilshift__" => |th, a, b| ops::inplace(th, a, b, &ops::LSHIFT);
        "irshift", "__irshift__" => |th, a, b| ops::inplace(th, a, b, &ops::RSHIFT);
        "iand", "__iand__" => |th, a, b| ops::inplace(th, a, b, &ops::AND);
        "ixor", "__ixor__" => |th, a, b| ops::inplace(th, a, b, &ops::XOR);
        "ior", "__ior__" => |th, a, b| ops::inplace(th, a, b, &ops::OR);
        "ipow", "__ipow__" => ops::inplace_power;
        "lt", "__lt__" => |th, a, b| ops::rich_compare(th, a, b, CmpOp::Lt);
        "le", "__le__" => |th, a, b| ops::rich_compare(th, a, b, CmpOp::Le);
        "eq", "__eq__" => |th, a, b| ops::rich_compare(th, a, b, CmpOp::Eq);
        "ne", "__ne__" => |th, a, b| ops::rich_compare(th, a, b, CmpOp::Ne);
        "gt", "__gt__" => |th, a, b| ops::rich_compare(th, a, b, CmpOp::Gt);
        "ge", "__ge__" => |th, a, b| ops::rich_compare(th, a, b, CmpOp::Ge);
        "is_" => |_, a, b| Ok(Value::from_bool(a == b));
        "is_not" => |_, a, b| Ok(Value::from_bool(a != b));
        "concat", "__concat__" => concat;
        "iconcat", "__iconcat__" => iconcat;
        "repeat", "__repeat__" => repeat;
        "irepeat", "__irepeat__" => irepeat;
        "contains", "__contains__" => |th, a, b| ops::contains(th, a, b).map(Value::from_bool);
        "sequenceIncludes" => |th, a, b| ops::contains(th, a, b).map(Value::from_bool);
        "indexOf" => index_of;
        "countOf" => count_of;
        "getitem", "__getitem__" => ops::getitem;
        "delitem", "__delitem__" => |th, a, b| ops::setitem(th, a, b, None).map(|()| Value::NONE);
    }
    other {
        "setitem", "__setitem__" => setitem;
        "getslice", "__getslice__" => getslice;
        "setslice", "__setslice__" => setslice;
        "delslice", "__delslice__" => delslice;
        "_compare_digest" => compare_digest;
    }
}

/// Checks for two arguments. The names in the messages are those of 2.7's C functions.
fn two_args(th: &mut Thread, args: &Args<'_>, name: &str) -> PyResult<()> {
    match name {
        _ if args.len() == 2 => Ok(()),
        "repeat" | "irepeat" => {
            let n = args.len();
            Err(th.type_error(format!("op_{name}() takes exactly 2 arguments ({n} given)")))
        }
        "pow" | "ipow" | "is_" | "is_not" | "indexOf" | "countOf" | "sequenceIncludes" => {
            expect_args(th, args, 0, name, 2, 2)
        }
        _ => expect_args(th, args, 0, &format!("op_{name}"), 2, 2),
    }
}

fn neg(th: &mut Thread, args: Args<'_>) -> PyResult {
    ops::negative(th, args.pos[0])
}

fn pos(th: &mut Thread, args: Args<'_>) -> PyResult {
    ops::positive(th, args.pos[0])
}

fn abs(th: &mut Thread, args: Args<'_>) -> PyResult {
    ops::absolute(th, args.pos[0])
}

fn invert(th: &mut Thread, args: Args<'_>) -> PyResult {
    ops::invert(th, args.pos[0])
}

fn not(th: &mut Thread, args: Args<'_>) -> PyResult {
    Ok(Value::from_bool(!ops::is_true(th, args.pos[0])?))
}

fn truth(th: &mut Thread, args: Args<'_>) -> PyResult {
    Ok(Value::from_bool(ops::is_true(th, args.pos[0])?))
}

fn index(th: &mut Thread, args: Args<'_>) -> PyResult {
    ops::index(th, args.pos[0])
}

fn is_callable(th: &mut Thread, args: Args<'_>) -> PyResult {
    Ok(Value::from_bool(ops::callable(th, args.pos[0])))
}

fn is_number_type(_: &mut Thread, args: Args<'_>) -> PyResult {
    let s = ops::slots_of(args.pos[0]);
    Ok(Value::from_bool(s.int.is_some() || s.float.is_some() || is_old_style(args.pos[0])))
}

/// True for an old-style instance with `__getitem__`; none for other values.
fn old_style_item(th: &mut Thread, v: Value) -> PyResult<Option<bool>> {
    if !is_old_style(v) {
        return Ok(None);
    }
    let n = interpreter::names::__getitem__.get(th);
    Ok(Some(ops::getattr_opt(th, v, n)?.is_some()))
}

fn is_sequence_type(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    Ok(Value::from_bool(match old_style_item(th, v)? {
        Some(b) => b,
        None => ops::is_sequence(v),
    }))
}

fn is_mapping_type(th: &mut Thread, args: Args<'_>) -> PyResult {
    ops::is_mapping(th, args.pos[0]).map(Value::from_bool)
}

fn not_sequence(th: &mut Thread, v: Value, what: &str) -> interpreter::Raised {
    let n = ops::type_name(v);
    th.type_error(format!("'{n}' object can't be {what}"))
}

fn concat(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if let Some(f) = ops::slots_of(a).concat {
        return f(th, a, b);
    }
    if ops::is_sequence(a) && ops::is_sequence(b) {
        let r = ops::binary_number(th, a, b, &ops::ADD)?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(r);
        }
    }
    Err(not_sequence(th, a, "concatenated"))
}

fn iconcat(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let s = ops::slots_of(a);
    if let Some(f) = s.iconcat.or(s.concat) {
        return f(th, a, b);
    }
    if ops::is_sequence(a) && ops::is_sequence(b) {
        return ops::inplace(th, a, b, &ops::ADD);
    }
    Err(not_sequence(th, a, "concatenated"))
}

fn repeat(th: &mut Thread, a: Value, n: Value) -> PyResult {
    let n = Value::from_small_int(ops::integer_arg(th, n)?).unwrap_or(n);
    if let Some(f) = ops::slots_of(a).repeat {
        return f(th, a, n);
    }
    if ops::is_sequence(a) {
        let r = ops::binary_number(th, a, n, &ops::MUL)?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(r);
        }
    }
    Err(not_sequence(th, a, "repeated"))
}

fn irepeat(th: &mut Thread, a: Value, n: Value) -> PyResult {
    ops::integer_arg(th, n)?;
    let s = ops::slots_of(a);
    if let Some(f) = s.irepeat.or(s.repeat) {
        repeat_count(th, n)?;
        return f(th, a, n);
    }
    if ops::is_sequence(a) {
        return ops::inplace(th, a, n, &ops::MUL);
    }
    Err(not_sequence(th, a, "repeated"))
}

/// An iterator to search in.
fn searchable(th: &mut Thread, a: Value) -> PyResult {
    match ops::iter(th, a) {
        Ok(it) => Ok(it),
        Err(e) => {
            e.catch_if(th, interpreter::objects::exceptions::TYPE_ERROR.class())?;
            let n = ops::type_name(a);
            Err(th.type_error(format!("argument of type '{n}' is not iterable")))
        }
    }
}

fn index_of(th: &mut Thread, a: Value, x: Value) -> PyResult {
    let it = searchable(th, a)?;
    let mut i = 0;
    while let Some(y) = ops::next(th, it)? {
        if ops::equal(th, x, y)? {
            return Ok(th.int(i));
        }
        i += 1;
    }
    Err(th.value_error("sequence.index(x): x not in sequence"))
}

fn count_of(th: &mut Thread, a: Value, x: Value) -> PyResult {
    let it = searchable(th, a)?;
    let mut n = 0;
    while let Some(y) = ops::next(th, it)? {
        if ops::equal(th, x, y)? {
            n += 1;
        }
    }
    Ok(th.int(n))
}

fn setitem(th: &mut Thread, args: Args<'_>) -> PyResult {
    expect_args(th, &args, 0, "op_setitem", 3, 3)?;
    ops::setitem(th, args.pos[0], args.pos[1], args.get(2))?;
    Ok(Value::NONE)
}

/// Checks the number of arguments in the words of `PyArg_ParseTuple`, and that the bounds are integers.
fn slice_args(th: &mut Thread, args: &Args<'_>, name: &str, n: usize) -> PyResult<()> {
    if args.len() != n {
        let given = args.len();
        return Err(th.type_error(format!("{name}() takes exactly {n} arguments ({given} given)")));
    }
    for v in &args.pos[1..3] {
        interpreter::objects::list::index_arg(th, *v)?;
    }
    Ok(())
}

fn getslice(th: &mut Thread, args: Args<'_>) -> PyResult {
    slice_args(th, &args, "getslice", 3)?;
    ops::get_slice(th, args.pos[0], args.get(1), args.get(2))
}

fn setslice(th: &mut Thread, args: Args<'_>) -> PyResult {
    slice_args(th, &args, "setslice", 4)?;
    ops::set_slice(th, args.pos[0], args.get(1), args.get(2), args.get(3))?;
    Ok(Value::NONE)
}

fn delslice(th: &mut Thread, args: Args<'_>) -> PyResult {
    slice_args(th, &args, "delslice", 3)?;
    ops::set_slice(th, args.pos[0], args.get(1), args.get(2), None)?;
    Ok(Value::NONE)
}

/// Equality in a time that depends on the length only.
fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    let mut diff = (a.len() != b.len()) as u8;
    for (i, x) in b.iter().enumerate() {
        diff |= x ^ a.get(i).copied().unwrap_or(!x);
    }
    std::hint::black_box(diff) == 0
}

fn digest_bytes(th: &mut Thread, v: Value) -> PyResult<Vec<u8>> {
    if let Some(s) = v.payload::<PyStr>() {
        return Ok(s.get().bytes().to_vec());
    }
    if let Some(f) = ops::slots_of(v).buffer
        && v.payload::<PyUnicode>().is_none()
    {
        let b = f(th, v)?;
        return Ok(b.bytes().to_vec());
    }
    let n = ops::type_name(v);
    Err(th.type_error(format!("'{n}' does not have the buffer interface")))
}

fn compare_digest(th: &mut Thread, args: Args<'_>) -> PyResult {
    if args.len() != 2 {
        let n = args.len();
        return Err(th.type_error(format!("compare_digest() takes exactly 2 arguments ({n} given)")));
    }
    let (a, b) = (args.pos[0], args.pos[1]);
    if a.payload::<PyUnicode>().is_some() && b.payload::<PyUnicode>().is_some() {
        return ops::equal(th, a, b).map(Value::from_bool);
    }
    let x = digest_bytes(th, a)?;
    let y = digest_bytes(th, b)?;
    Ok(Value::from_bool(same_bytes(&x, &y)))
}
