//! Modules made of native code: known by name from a table that the layer above registers.

use crate::native::ModuleDef;
use crate::objects::{dict, module};
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};
use std::sync::OnceLock;

static TABLE: OnceLock<&'static [&'static ModuleDef]> = OnceLock::new();

/// Registers the native modules; the first call counts.
pub fn register(modules: &'static [&'static ModuleDef]) {
    let _ = TABLE.set(modules);
}

/// All native modules.
pub fn table() -> &'static [&'static ModuleDef] {
    TABLE.get().copied().unwrap_or(&[])
}

/// The declaration of a native module.
pub fn definition(name: &[u8]) -> Option<&'static ModuleDef> {
    table().iter().copied().find(|d| d.name.as_bytes() == name)
}

/// Makes (or makes again, from the copy kept at the first time) a native module and puts it into `sys.modules`.
pub fn init(th: &mut Thread, name: Value) -> PyResult<Slot> {
    let Some(def) = definition(th.str_bytes(name)) else { return Ok(None) };
    let modules = super::modules(th)?;
    let key = th.intern(format!("native:{}", def.name).as_bytes());
    let kept = kept(th)?;
    if let Some(old) = dict::get_str(th, kept, key)? {
        // Imported before and dropped from sys.modules: a module with the same contents as after its first import.
        let m = super::add_module(th, name)?;
        let d = crate::ops::getattr_name(th, m, &crate::names::__dict__)?;
        let update = crate::ops::getattr_name(th, d, &crate::names::update)?;
        crate::ops::call(th, update, &[old])?;
        return Ok(Some(m));
    }
    // Modules keep what they make in places that outlive an abort.
    th.become_inevitable()?;
    let m = module::make_native(th, def)?;
    dict::set_str(th, modules, name, m)?;
    let d = crate::ops::getattr_name(th, m, &crate::names::__dict__)?;
    if let Some(d) = d.payload::<crate::layout::PyDict>() {
        let copy = dict::copy(th, d)?;
        dict::set_str(th, kept, key, copy)?;
    }
    Ok(Some(m))
}

/// Dict of the first contents of native modules.
fn kept(th: &mut Thread) -> PyResult {
    static KEPT: crate::runtime::Global = crate::runtime::Global::new();
    if let Some(d) = KEPT.get() {
        return Ok(d);
    }
    th.become_inevitable()?;
    let d = th.new_dict();
    th.m.make_old_now(d.obj_unchecked());
    th.rt.roots.lock().push(d);
    KEPT.set(d);
    Ok(d)
}
