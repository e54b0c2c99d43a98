//! `audioop`: operations on fragments of sound. `samples` reads and writes them, `measure` describes them, `change` and
//! `codes` make others of them.

mod change;
mod codes;
mod measure;
mod samples;

use interpreter::kinds::kind;
use interpreter::native::{MethodDef, ModuleDef, TypeDef};
use interpreter::objects as o;

/// `audioop.error`.
pub static ERROR: TypeDef = TypeDef {
    module: "audioop",
    base: Some(&o::exceptions::EXCEPTION),
    ..TypeDef::new("error", kind::INSTANCE)
};

macro_rules! rows {
    ($($name:literal, $func:path, $min:literal, $max:literal;)*) => {
        &[ $( MethodDef::new($name, $func, $min, $max, 0, "") ),* ]
    };
}

/// `audioop`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "audioop",
    doc: None,
    functions: rows! {
        "add", change::add, 3, 3;
        "adpcm2lin", codes::adpcm2lin, 3, 3;
        "alaw2lin", codes::alaw2lin, 2, 2;
        "avg", measure::avg, 2, 2;
        "avgpp", measure::avgpp, 2, 2;
        "bias", change::bias, 3, 3;
        "cross", measure::cross, 2, 2;
        "findfactor", measure::findfactor, 2, 2;
        "findfit", measure::findfit, 2, 2;
        "findmax", measure::findmax, 2, 2;
        "getsample", measure::getsample, 3, 3;
        "lin2adpcm", codes::lin2adpcm, 3, 3;
        "lin2alaw", codes::lin2alaw, 2, 2;
        "lin2lin", change::lin2lin, 3, 3;
        "lin2ulaw", codes::lin2ulaw, 2, 2;
        "max", measure::max, 2, 2;
        "maxpp", measure::maxpp, 2, 2;
        "minmax", measure::minmax, 2, 2;
        "mul", change::mul, 3, 3;
        "ratecv", change::ratecv, 6, 8;
        "reverse", change::reverse, 2, 2;
        "rms", measure::rms, 2, 2;
        "tomono", change::tomono, 4, 4;
        "tostereo", change::tostereo, 4, 4;
        "ulaw2lin", codes::ulaw2lin, 2, 2;
    },
    types: &[&ERROR],
    init: None,
};
