//! The native modules of the standard library, one folder each. [`MODULES`] lists them once.

pub mod _ast;
pub mod _codecs;
pub mod _ctypes;
pub mod _multiprocessing;
pub mod _socket;
pub mod _sre;
pub mod _struct;
pub mod accounts;
pub mod arguments;
pub mod array;
pub mod audioop;
pub mod binascii;
pub mod bisect;
pub mod builtin;
pub mod bz2;
pub mod cmath;
pub mod collections;
pub mod constants;
pub mod cpickle;
pub mod crypt;
pub mod cstringio;
pub mod csv;
pub mod datetime;
pub mod descriptors;
pub mod digest;
pub mod elementtree;
pub mod errno;
pub mod exceptions;
pub mod expat;
pub mod fcntl;
pub mod functools;
pub mod future_builtins;
pub mod gc;
pub mod grp;
pub mod heapq;
pub mod imp;
pub mod io;
pub mod itertools;
pub mod json;
pub mod locale;
pub mod lsprof;
pub mod marshal;
pub mod math;
pub mod mmap;
pub mod multibyte;
pub mod operator;
pub mod parser;
pub mod posix;
pub mod private;
pub mod pwd;
pub mod pypy;
pub mod pypystm;
pub mod random;
pub mod readline;
pub mod resource;
pub mod select;
pub mod shared;
pub mod signal;
pub mod spwd;
pub mod strop;
pub mod symtable;
pub mod sys;
pub mod syslog;
pub mod termios;
pub mod thread;
pub mod time;
pub mod unicodedata;
pub mod warnings;
pub mod weakref;
pub mod zipimport;
pub mod zlib;

use interpreter::native::{ModuleDef, TypeDef};
use interpreter::{PyResult, Thread};

/// Every native module, importable by its name.
pub static MODULES: &[&ModuleDef] = &[
    &_ast::MODULE,
    &_codecs::MODULE,
    &_ctypes::MODULE,
    &_multiprocessing::MODULE,
    &_socket::MODULE,
    &_sre::MODULE,
    &_struct::MODULE,
    &array::MODULE,
    &audioop::MODULE,
    &binascii::MODULE,
    &bisect::MODULE,
    &builtin::MODULE,
    &bz2::MODULE,
    &cmath::MODULE,
    &collections::MODULE,
    &crypt::MODULE,
    &cpickle::MODULE,
    &cstringio::MODULE,
    &csv::MODULE,
    &digest::HASHLIB,
    &datetime::MODULE,
    &digest::MD5,
    &digest::SHA,
    &digest::SHA256,
    &digest::SHA512,
    &elementtree::MODULE,
    &errno::MODULE,
    &exceptions::MODULE,
    &expat::MODULE,
    &fcntl::MODULE,
    &functools::MODULE,
    &future_builtins::MODULE,
    &gc::MODULE,
    &grp::MODULE,
    &heapq::MODULE,
    &imp::MODULE,
    &io::IO,
    &itertools::MODULE,
    &json::MODULE,
    &lsprof::MODULE,
    &locale::MODULE,
    &marshal::MODULE,
    &math::MODULE,
    &mmap::MODULE,
    &multibyte::CN,
    &multibyte::HK,
    &multibyte::ISO2022,
    &multibyte::JP,
    &multibyte::KR,
    &multibyte::MULTIBYTECODEC,
    &multibyte::TW,
    &operator::MODULE,
    &parser::MODULE,
    &posix::MODULE,
    &pwd::MODULE,
    &pypy::MODULE,
    &pypystm::MODULE,
    &random::RANDOM,
    &readline::MODULE,
    &resource::MODULE,
    &select::MODULE,
    &signal::MODULE,
    &strop::MODULE,
    &symtable::MODULE,
    &spwd::MODULE,
    &sys::MODULE,
    &termios::MODULE,
    &syslog::MODULE,
    &thread::MODULE,
    &time::MODULE,
    &unicodedata::MODULE,
    &warnings::MODULE,
    &weakref::MODULE,
    &zipimport::MODULE,
    &zlib::MODULE,
];

/// What is done to modules of the library once they are loaded, by name.
pub static AFTER_LOAD: &[(&str, interpreter::import::AfterLoad)] = &[("socket", _socket::owners::install)];

/// Makes types ready that a module uses without showing them under a name.
pub(crate) fn ready(th: &mut Thread, types: &[&'static TypeDef]) -> PyResult<()> {
    for t in types {
        interpreter::types::ready::ready(th, t)?;
    }
    Ok(())
}
