//! What `copy_reg` keeps for picklers: reduction functions and extension codes.

use interpreter::layout::PyDict;
use interpreter::name::Name;
use interpreter::{PyResult, Slot, Thread, Value, import, objects as o, ops};

static COPY_REG: Name = Name::new("copy_reg");
static DISPATCH_TABLE: Name = Name::new("dispatch_table");
static EXTENSION_REGISTRY: Name = Name::new("_extension_registry");
static INVERTED_REGISTRY: Name = Name::new("_inverted_registry");
static EXTENSION_CACHE: Name = Name::new("_extension_cache");

/// A table of `copy_reg`.
fn table(th: &mut Thread, name: &Name) -> PyResult {
    let key = COPY_REG.get(th);
    let m = match import::in_modules(th, key)? {
        Some(m) if !m.is_none() => m,
        _ => import::load::import(th, "copy_reg")?,
    };
    ops::getattr_name(th, m, name)
}

fn entry(th: &mut Thread, name: &Name, key: Value) -> PyResult<Slot> {
    let t = table(th, name)?;
    match t.payload::<PyDict>() {
        Some(d) => o::dict::get(th, d, key),
        None => Ok(None),
    }
}

/// `copy_reg.dispatch_table`.
pub fn dispatch_table(th: &mut Thread) -> PyResult {
    table(th, &DISPATCH_TABLE)
}

/// The code registered for `(module, name)`.
pub fn extension_code(th: &mut Thread, module: Value, name: Value) -> PyResult<Slot> {
    let key = th.new_tuple(&[module, name]);
    entry(th, &EXTENSION_REGISTRY, key)
}

/// What was registered for a code.
pub fn extension_name(th: &mut Thread, code: Value) -> PyResult<Slot> {
    entry(th, &INVERTED_REGISTRY, code)
}

/// The object found before for a code.
pub fn cached_extension(th: &mut Thread, code: Value) -> PyResult<Slot> {
    entry(th, &EXTENSION_CACHE, code)
}

/// Remembers the object of a code.
pub fn cache_extension(th: &mut Thread, code: Value, v: Value) -> PyResult<()> {
    let t = table(th, &EXTENSION_CACHE)?;
    match t.payload::<PyDict>() {
        Some(d) => o::dict::set(th, d, code, v),
        None => Ok(()),
    }
}
