//! `_collections`: deque and defaultdict.

mod defaultdict;
mod deque;
mod deque_iterators;
mod deque_methods;
mod ring;

use interpreter::PyResult;
use interpreter::Thread;
use interpreter::native::ModuleDef;
use interpreter::value::Value;

/// `_collections`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_collections",
    doc: Some("Double-ended queues and dicts with default values."),
    functions: &[],
    types: &[&deque::DEQUE, &defaultdict::DEFAULTDICT],
    init: Some(init),
};

fn init(th: &mut Thread, _module: Value) -> PyResult<()> {
    crate::ready(th, &[&deque_iterators::ITERATOR, &deque_iterators::REVERSE_ITERATOR])
}
