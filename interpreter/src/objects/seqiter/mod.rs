//! The built-in types `iterator`, `callable-iterator`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `iterator`.
pub static SEQITER: TypeDef = TypeDef::new("iterator", kind::RECORD);
/// `callable-iterator`.
pub static CALLITER: TypeDef = TypeDef::new("callable-iterator", kind::RECORD);

/// An iterator that indexes a sequence until IndexError.
pub fn new(th: &crate::thread::Thread, seq: crate::value::Value) -> crate::value::Value {
    th.new_record(&SEQITER, &[Some(seq), crate::value::Value::from_small_int(0)])
}
