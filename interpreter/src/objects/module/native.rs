//! Modules made from the tables of native code.

use super::{MODULE, dict_of_module, new_module};
use crate::names;
use crate::native::ModuleDef;
use crate::objects::{builtin, dict};
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::ready;
use crate::value::Value;

/// The module a table declares: functions, types, then whatever its `init` adds.
pub fn make_native(th: &mut Thread, def: &'static ModuleDef) -> PyResult {
    let m = new_module(th, def.name.as_bytes())?;
    let name = th.intern(def.name.as_bytes());
    if let Some(doc) = def.doc {
        let (key, doc) = (names::__doc__.get(th), th.new_str(doc.as_bytes()));
        let d = module_dict(th, m)?;
        dict::set_str(th, d, key, doc)?;
    }
    for f in def.functions {
        let v = th.new_builtin(builtin::BUILTIN.class(), f, None, Some(name));
        add(th, m, f.name, v)?;
    }
    for t in def.types {
        add_type(th, m, t)?;
    }
    if let Some(init) = def.init {
        init(th, m)?;
    }
    Ok(m)
}

fn module_dict(th: &mut Thread, m: Value) -> PyResult {
    match dict_of_module(m) {
        Some(d) => Ok(d),
        None => Err(th.system_error(format!("not a {}", MODULE.name))),
    }
}

/// `m.name = v`.
pub fn add(th: &mut Thread, m: Value, name: &str, v: Value) -> PyResult<()> {
    let d = module_dict(th, m)?;
    let n = th.intern(name.as_bytes());
    dict::set_str(th, d, n, v)
}

/// `m.name = n`.
pub fn add_int(th: &mut Thread, m: Value, name: &str, n: i64) -> PyResult<()> {
    let v = th.int(n);
    add(th, m, name, v)
}

/// `m.name = s`.
pub fn add_str(th: &mut Thread, m: Value, name: &str, s: &[u8]) -> PyResult<()> {
    let v = th.new_str(s);
    add(th, m, name, v)
}

/// Adds a type under the last part of its name, made ready if need be.
pub fn add_type(th: &mut Thread, m: Value, def: &'static crate::native::TypeDef) -> PyResult<()> {
    let class = ready::ready(th, def)?;
    let name = def.name.rsplit('.').next().unwrap_or(def.name);
    add(th, m, name, class)
}
