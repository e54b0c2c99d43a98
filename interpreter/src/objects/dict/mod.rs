//! The built-in type `dict`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `dict`.
pub static DICT: TypeDef = TypeDef::new("dict", kind::DICT);

use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// True for dicts and instances of dict subclasses.
pub fn is_dict(v: Value) -> bool {
    v.payload::<crate::layout::PyDict>().is_some()
}

/// `d[name]` for an interned name, without barrier or hooks: class dicts, which are read-mostly.
pub fn get_str_unguarded(_d: Value, _name: Value) -> Slot {
    None
}

/// `d[name]` for a str key.
pub fn get_str(_th: &mut Thread, _d: Value, _name: Value) -> PyResult<Slot> {
    Ok(None)
}

/// `d[name] = v` for a str key.
pub fn set_str(_th: &mut Thread, _d: Value, _name: Value, _v: Value) -> PyResult<()> {
    Ok(())
}

/// `del d[name]`; false if absent.
pub fn delete_str(_th: &mut Thread, _d: Value, _name: Value) -> PyResult<bool> {
    Ok(false)
}
