//! `itertools`: each iterator is a record whose slots its file describes.

mod chaining;
mod combinatoric;
mod filtering;
mod grouping;
mod infinite;
mod product;
mod slicing;
mod state;
mod tee;

use interpreter::PyResult;
use interpreter::Thread;
use interpreter::native::{MethodDef, ModuleDef};
use interpreter::value::Value;

/// `itertools`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "itertools",
    doc: Some("Iterators as building blocks: endless ones, filters, chains, groups, combinations."),
    functions: &[MethodDef::new(
        "tee",
        tee::tee,
        0,
        interpreter::native::VARIADIC,
        0,
        "tee(iterable, n=2) -> tuple of n independent iterators",
    )],
    types: &[
        &infinite::COUNT,
        &infinite::CYCLE,
        &infinite::REPEAT,
        &filtering::DROPWHILE,
        &filtering::TAKEWHILE,
        &filtering::IFILTER,
        &filtering::IFILTERFALSE,
        &filtering::COMPRESS,
        &filtering::STARMAP,
        &filtering::IMAP,
        &chaining::CHAIN,
        &chaining::IZIP,
        &chaining::IZIP_LONGEST,
        &slicing::ISLICE,
        &grouping::GROUPBY,
        &product::PRODUCT,
        &combinatoric::PERMUTATIONS,
        &combinatoric::COMBINATIONS,
        &combinatoric::COMBINATIONS_WITH_REPLACEMENT,
    ],
    init: Some(init),
};

fn init(th: &mut Thread, _module: Value) -> PyResult<()> {
    crate::ready(th, &[&grouping::GROUPER, &tee::TEE, &tee::TEE_DATA])
}
