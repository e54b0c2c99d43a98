//! The built-in types `basestring` and `str`.
//!
//! - `make`: making strs; shared strs of length 0 and 1.
//! - `slots`: operators. `methods`: the method table, with `find`, `cut`, `fill`, `case`, `join`, `codec`.
//! - `arguments`: what text arguments may be. Where an argument is unicode, the unicode method takes over.

mod arguments;
pub mod case;
mod cut;
mod fill;
mod find;
mod join;
mod make;
mod methods;
pub mod percent;
mod slots;
pub mod template;

pub use arguments::{Text, promote, slice_bound, slice_range, text_argument, text_or_none};
pub use cut::max_split;
pub use fill::tab_size;
pub use join::{codec_name, items as join_sequence};
pub use make::{empty, from_bytes, from_vec, one_byte, repr_into};
pub use slots::{cannot_multiply, concat, repeat_count};

use crate::kinds::kind;
use crate::native::TypeDef;

/// `basestring`: the abstract base of `str` and `unicode`.
pub static BASESTRING: TypeDef = TypeDef {
    doc: Some("Abstract base class of str and unicode: it cannot be instantiated."),
    slots: slots::BASESTRING,
    ..TypeDef::new("basestring", kind::STR)
};

/// `str`.
pub static STR: TypeDef = TypeDef {
    doc: Some("str(object='') -> string\n\nA readable text for the object; a str is returned as it is."),
    base: Some(&BASESTRING),
    slots: slots::STR,
    methods: methods::METHODS,
    ..TypeDef::new("str", kind::STR)
};

/// The cached hash of a str.
pub fn hash_of(th: &crate::thread::Thread, s: crate::layout::Ref<crate::layout::PyStr>) -> i64 {
    use std::sync::atomic::Ordering::Relaxed;
    let h = s.hash.load(Relaxed);
    if h != -1 {
        return h;
    }
    let h = numtext::hash::hash_text(s.bytes(), th.rt.settings.hash_secret);
    s.hash.store(h, Relaxed);
    h
}

/// The interned str equal to `v`, which must be an exact str.
pub fn intern_value(th: &crate::thread::Thread, v: crate::value::Value) -> crate::value::Value {
    match v.cast::<crate::layout::PyStr>() {
        Some(s) if s.interned.load(std::sync::atomic::Ordering::Acquire) == 0 => {
            th.rt.interned.intern_value(th, v)
        }
        _ => v,
    }
}
