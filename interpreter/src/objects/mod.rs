//! The built-in types: one folder each. [`ALL`] lists them once; a type made ready at start-up must be in it.

pub mod boolean;
pub mod buffer;
pub mod builtin;
pub mod bytearray;
pub mod cell;
pub mod classobj;
pub mod code;
pub mod complex;
pub mod descriptors;
pub mod dict;
pub mod enumerate;
pub mod exceptions;
pub mod file;
pub mod float;
pub mod frame;
pub mod function;
pub mod generator;
pub mod instance;
pub mod int;
pub mod list;
pub mod long;
pub mod method;
pub mod module;
pub mod none;
pub mod number;
pub mod object;
pub mod seqiter;
pub mod set;
pub mod slice;
pub mod str;
pub mod structseq;
pub mod traceback;
pub mod tuple;
pub mod typeobject;
pub mod unicode;
pub mod unpack;
pub mod weakref;
pub mod xrange;

use crate::layout::{PyComplex, PyLong};
use crate::native::TypeDef;
use crate::value::Value;

/// Every type made ready at start-up, bases before derived types; exception classes follow in `exceptions::ALL`.
pub static ALL: &[&TypeDef] = &[
    &object::OBJECT,
    &typeobject::TYPE,
    &int::INT,
    &long::LONG,
    &float::FLOAT,
    &complex::COMPLEX,
    &str::BASESTRING,
    &str::STR,
    &unicode::UNICODE,
    &bytearray::BYTEARRAY,
    &bytearray::BYTEARRAY_ITER,
    &tuple::TUPLE,
    &tuple::ITERATOR,
    &list::LIST,
    &list::ITERATOR,
    &list::REVERSE_ITERATOR,
    &dict::DICT,
    &dict::KEY_ITERATOR,
    &dict::VALUE_ITERATOR,
    &dict::ITEM_ITERATOR,
    &dict::KEYS,
    &dict::VALUES,
    &dict::ITEMS,
    &set::SET,
    &set::FROZENSET,
    &set::ITERATOR,
    &slice::SLICE,
    &cell::CELL,
    &method::METHOD,
    &function::FUNCTION,
    &builtin::BUILTIN,
    &code::CODE,
    &generator::GENERATOR,
    &frame::FRAME,
    &descriptors::METHOD_DESCRIPTOR,
    &descriptors::WRAPPER_DESCRIPTOR,
    &descriptors::CLASSMETHOD_DESCRIPTOR,
    &descriptors::METHOD_WRAPPER,
    &descriptors::GETSET_DESCRIPTOR,
    &descriptors::MEMBER_DESCRIPTOR,
    &descriptors::PROPERTY,
    &descriptors::STATICMETHOD,
    &descriptors::CLASSMETHOD,
    &descriptors::SUPER,
    &descriptors::DICTPROXY,
    &module::MODULE,
    &crate::import::library::NULL_IMPORTER,
    &crate::import::library::IMPORTER,
    &classobj::CLASSOBJ,
    &instance::INSTANCE,
    &seqiter::SEQITER,
    &seqiter::CALLITER,
    &traceback::TRACEBACK,
    &xrange::XRANGE,
    &xrange::XRANGE_ITER,
    &enumerate::ENUMERATE,
    &enumerate::REVERSED,
    &buffer::BUFFER,
    &buffer::MEMORYVIEW,
    &weakref::WEAKREF,
    &weakref::PROXY,
    &weakref::CALLABLE_PROXY,
    &file::FILE,
    &boolean::BOOL,
    &none::NONE,
    &none::NOT_IMPLEMENTED,
    &none::ELLIPSIS,
    &exceptions::EXCEPTION_DATA,
];

/// True for values with the number protocol that sort before other types.
pub fn is_number(v: Value) -> bool {
    crate::ops::int_value(v).is_some()
        || float::float_value(v).is_some()
        || v.payload::<PyLong>().is_some()
        || v.payload::<PyComplex>().is_some()
}
