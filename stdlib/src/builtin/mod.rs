//! `__builtin__`: the functions every module sees, the built-in types, the exceptions, and the constants.

mod arguments;
mod attributes;
mod evaluate;
mod extremes;
mod functional;
mod numbers;
mod output;
mod ranges;
mod sequences;

pub(crate) use arguments::unpack;
pub use evaluate::{caller_globals, caller_locals};

use interpreter::native::{
    BLOCKS, KEYWORDS, MethodDef, ModuleDef, NativeFn, PARSED, VARIADIC, plain_row as row,
};
use interpreter::objects as o;
use interpreter::objects::module;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};

const fn with_keywords(name: &'static str, func: NativeFn, doc: &'static str) -> MethodDef {
    MethodDef::new(name, func, 0, VARIADIC, KEYWORDS, doc)
}

static FUNCTIONS: &[MethodDef] = &[
    with_keywords(
        "__import__",
        evaluate::import,
        "__import__(name, globals={}, locals={}, fromlist=[], level=-1) -> module\n\nImports a module; this is what the import statement calls.",
    ),
    row("abs", numbers::abs, 1, 1, "abs(number) -> number\n\nThe absolute value."),
    row(
        "all",
        functional::all,
        1,
        1,
        "all(iterable) -> bool\n\nWhether all items are true; True if there are none.",
    ),
    row(
        "any",
        functional::any,
        1,
        1,
        "any(iterable) -> bool\n\nWhether any item is true; False if there are none.",
    ),
    row(
        "apply",
        functional::apply,
        0,
        VARIADIC,
        "apply(object[, args[, kwargs]]) -> value\n\nCalls a callable with a tuple and a dict: object(*args, **kwargs) does the same.",
    ),
    row("bin", numbers::bin, 1, 1, "bin(number) -> string\n\nThe binary representation of an int or long."),
    row(
        "callable",
        attributes::callable,
        1,
        1,
        "callable(object) -> bool\n\nWhether the object can be called (classes can, and instances with __call__).",
    ),
    MethodDef::new(
        "chr",
        numbers::chr,
        1,
        1,
        PARSED,
        "chr(i) -> character\n\nThe string of one character with ordinal i; 0 <= i < 256.",
    ),
    row(
        "cmp",
        extremes::cmp,
        0,
        VARIADIC,
        "cmp(x, y) -> integer\n\nNegative if x<y, zero if x==y, positive if x>y.",
    ),
    row(
        "coerce",
        numbers::coerce,
        0,
        VARIADIC,
        "coerce(x, y) -> (x1, y1)\n\nThe two numbers converted to a common type, as arithmetic does.",
    ),
    with_keywords(
        "compile",
        evaluate::compile,
        "compile(source, filename, mode[, flags[, dont_inherit]]) -> code object\n\nCompiles source text (or a syntax tree) for exec or eval: mode is 'exec', 'eval' or 'single'.",
    ),
    row(
        "delattr",
        attributes::delattr,
        0,
        VARIADIC,
        "delattr(object, name)\n\nDeletes an attribute: del object.name.",
    ),
    row(
        "dir",
        attributes::dir,
        0,
        VARIADIC,
        "dir([object]) -> list of strings\n\nThe names in the current scope, or the attributes of an object that can be found.",
    ),
    row("divmod", numbers::divmod, 0, VARIADIC, "divmod(x, y) -> (quotient, remainder)"),
    row(
        "eval",
        evaluate::eval,
        0,
        VARIADIC,
        "eval(source[, globals[, locals]]) -> value\n\nEvaluates an expression, given as a string or code object.",
    ),
    row(
        "execfile",
        evaluate::execfile,
        1,
        3,
        "execfile(filename[, globals[, locals]])\n\nRuns a Python script.",
    ),
    row(
        "filter",
        functional::filter,
        0,
        VARIADIC,
        "filter(function or None, sequence) -> list, tuple, or string\n\nThe items for which the function is true (or that are true, if it is None).",
    ),
    row(
        "format",
        attributes::format,
        0,
        VARIADIC,
        "format(value[, format_spec]) -> string\n\nvalue.__format__(format_spec)",
    ),
    row(
        "getattr",
        attributes::getattr,
        0,
        VARIADIC,
        "getattr(object, name[, default]) -> value\n\nAn attribute by name; the default, if given, when there is none.",
    ),
    row(
        "globals",
        evaluate::globals,
        0,
        0,
        "globals() -> dictionary\n\nThe global variables of the current scope.",
    ),
    row(
        "hasattr",
        attributes::hasattr,
        0,
        VARIADIC,
        "hasattr(object, name) -> bool\n\nWhether getattr(object, name) succeeds.",
    ),
    row("hash", attributes::hash, 1, 1, "hash(object) -> integer\n\nEqual objects have equal hashes."),
    row(
        "hex",
        numbers::hex,
        1,
        1,
        "hex(number) -> string\n\nThe hexadecimal representation of an int or long.",
    ),
    row(
        "id",
        attributes::id,
        1,
        1,
        "id(object) -> integer\n\nThe identity of an object, unique among objects that exist.",
    ),
    MethodDef::new(
        "input",
        output::input,
        0,
        VARIADIC,
        0,
        "input([prompt]) -> value\n\neval(raw_input(prompt))",
    ),
    MethodDef::new(
        "intern",
        attributes::intern,
        1,
        1,
        PARSED,
        "intern(string) -> string\n\nThe one interned string with this value.",
    ),
    row(
        "isinstance",
        attributes::isinstance,
        0,
        VARIADIC,
        "isinstance(object, class-or-type-or-tuple) -> bool",
    ),
    row(
        "issubclass",
        attributes::issubclass,
        0,
        VARIADIC,
        "issubclass(C, B) -> bool\n\nWhether class C derives from B, or from any class of a tuple.",
    ),
    row(
        "iter",
        functional::iter,
        0,
        VARIADIC,
        "iter(collection) -> iterator\niter(callable, sentinel) -> iterator",
    ),
    row("len", attributes::len, 1, 1, "len(object) -> integer\n\nThe number of items."),
    row(
        "locals",
        evaluate::locals,
        0,
        0,
        "locals() -> dictionary\n\nThe local variables of the current scope; changing it may not change them.",
    ),
    row(
        "map",
        functional::map,
        0,
        VARIADIC,
        "map(function, sequence[, sequence, ...]) -> list\n\nThe results of calling the function on the items; short sequences are filled up with None.",
    ),
    with_keywords(
        "max",
        extremes::max,
        "max(iterable[, key=func]) -> value\nmax(a, b, c, ...[, key=func]) -> value",
    ),
    with_keywords(
        "min",
        extremes::min,
        "min(iterable[, key=func]) -> value\nmin(a, b, c, ...[, key=func]) -> value",
    ),
    row(
        "next",
        functional::next,
        0,
        VARIADIC,
        "next(iterator[, default])\n\nThe next item; the default, if given, at the end.",
    ),
    row("oct", numbers::oct, 1, 1, "oct(number) -> string\n\nThe octal representation of an int or long."),
    MethodDef::new(
        "open",
        output::open,
        0,
        VARIADIC,
        KEYWORDS | BLOCKS,
        "open(name[, mode[, buffering]]) -> file object\n\nOpens a file; see file.__doc__.",
    ),
    row("ord", numbers::ord, 1, 1, "ord(c) -> integer\n\nThe ordinal of a character."),
    row(
        "pow",
        numbers::pow,
        0,
        VARIADIC,
        "pow(x, y[, z]) -> number\n\nx**y, or (x**y) % z done efficiently.",
    ),
    with_keywords(
        "print",
        output::print,
        "print(value, ..., sep=' ', end='\\n', file=sys.stdout)\n\nPrints the values; the keyword arguments say what comes between, after, and where to.",
    ),
    row(
        "range",
        ranges::range,
        0,
        VARIADIC,
        "range(stop) -> list of integers\nrange(start, stop[, step]) -> list of integers",
    ),
    MethodDef::new(
        "raw_input",
        output::raw_input,
        0,
        VARIADIC,
        0,
        "raw_input([prompt]) -> string\n\nA line of standard input, without its end; EOFError at the end.",
    ),
    row(
        "reduce",
        functional::reduce,
        0,
        VARIADIC,
        "reduce(function, sequence[, initial]) -> value\n\nCombines the items from left to right with a function of two arguments.",
    ),
    row(
        "reload",
        evaluate::reload,
        1,
        1,
        "reload(module) -> module\n\nRuns the module's code again, in the same module.",
    ),
    row("repr", attributes::repr, 1, 1, "repr(object) -> string\n\nThe canonical text of an object."),
    with_keywords(
        "round",
        numbers::round,
        "round(number[, ndigits]) -> floating point number\n\nRounds to so many digits after the point (0 by default; may be negative).",
    ),
    row(
        "setattr",
        attributes::setattr,
        0,
        VARIADIC,
        "setattr(object, name, value)\n\nSets an attribute: object.name = value.",
    ),
    with_keywords(
        "sorted",
        sequences::sorted,
        "sorted(iterable, cmp=None, key=None, reverse=False) --> new sorted list",
    ),
    row(
        "sum",
        sequences::sum,
        0,
        VARIADIC,
        "sum(sequence[, start]) -> value\n\nThe sum of numbers, plus start (0 by default).",
    ),
    MethodDef::new(
        "unichr",
        numbers::unichr,
        1,
        1,
        PARSED,
        "unichr(i) -> Unicode character\n\nThe unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.",
    ),
    row(
        "vars",
        attributes::vars,
        0,
        VARIADIC,
        "vars([object]) -> dictionary\n\nlocals(), or object.__dict__.",
    ),
    row(
        "zip",
        sequences::zip,
        0,
        VARIADIC,
        "zip(seq1 [, seq2 [...]]) -> [(seq1[0], seq2[0] ...), (...)]\n\nList of tuples of the items at the same place; as long as the shortest sequence.",
    ),
];

/// `__builtin__`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "__builtin__",
    doc: Some(
        "Built-in functions, exceptions, and other objects.\n\nNoteworthy: None is the `nil' object; Ellipsis represents `...' in slices.",
    ),
    functions: FUNCTIONS,
    types: &[
        &o::str::BASESTRING,
        &o::boolean::BOOL,
        &o::buffer::BUFFER,
        &o::bytearray::BYTEARRAY,
        &o::descriptors::CLASSMETHOD,
        &o::complex::COMPLEX,
        &o::dict::DICT,
        &o::enumerate::ENUMERATE,
        &o::file::FILE,
        &o::float::FLOAT,
        &o::set::FROZENSET,
        &o::int::INT,
        &o::list::LIST,
        &o::long::LONG,
        &o::buffer::MEMORYVIEW,
        &o::object::OBJECT,
        &o::descriptors::PROPERTY,
        &o::enumerate::REVERSED,
        &o::set::SET,
        &o::slice::SLICE,
        &o::descriptors::STATICMETHOD,
        &o::str::STR,
        &o::descriptors::SUPER,
        &o::tuple::TUPLE,
        &o::typeobject::TYPE,
        &o::unicode::UNICODE,
        &o::xrange::XRANGE,
    ],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    for (name, v) in [
        ("None", Value::NONE),
        ("Ellipsis", Value::ELLIPSIS),
        ("NotImplemented", Value::NOT_IMPLEMENTED),
        ("False", Value::FALSE),
        ("True", Value::TRUE),
        ("bytes", o::str::STR.class()),
    ] {
        module::add(th, m, name, v)?;
    }
    let debug = Value::from_bool(th.rt.settings.optimize == 0);
    module::add(th, m, "__debug__", debug)?;
    for d in o::exceptions::ALL {
        module::add_type(th, m, d)?;
    }
    Ok(())
}
