//! `operator`: the operators as functions, and functions that fetch items, attributes and methods.

mod functions;
mod getters;

use interpreter::native::ModuleDef;

/// `operator`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "operator",
    doc: Some("The operators of the language as functions, under their names and as special methods."),
    functions: functions::FUNCTIONS,
    types: &[&getters::ITEMGETTER, &getters::ATTRGETTER, &getters::METHODCALLER],
    init: None,
};
