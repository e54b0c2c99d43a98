//! The built-in type `str`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `str`.
pub static STR: TypeDef = TypeDef::new("str", kind::STR);

/// The cached hash of a str.
pub fn hash_of(_th: &crate::thread::Thread, s: crate::layout::Ref<crate::layout::PyStr>) -> i64 {
    use std::sync::atomic::Ordering::Relaxed;
    let h = s.hash.load(Relaxed);
    if h != -1 {
        return h;
    }
    let h = hash_bytes(s.bytes());
    s.hash.store(h, Relaxed);
    h
}

/// The interned str equal to `v`, which must be an exact str.
pub fn intern_value(th: &crate::thread::Thread, v: crate::value::Value) -> crate::value::Value {
    match v.cast::<crate::layout::PyStr>() {
        Some(s) if s.interned.load(std::sync::atomic::Ordering::Acquire) == 0 => th.rt.interned.intern_value(th, v),
        _ => v,
    }
}

/// Python 2.7's string hash.
fn hash_bytes(b: &[u8]) -> i64 {
    let Some(first) = b.first() else { return 0 };
    let mut h = (*first as i64) << 7;
    for c in b {
        h = h.wrapping_mul(1_000_003) ^ *c as i64;
    }
    h ^= b.len() as i64;
    if h == -1 { -2 } else { h }
}
