//! Frozen modules: those whose code is part of the program. Python 2.7 has the ones by which the mechanism is tested.

use super::add_module;
use super::load::exec_code;
use crate::eval::Mode;
use crate::layout::{PyCode, Ref};
use crate::names;
use crate::objects::{dict, module};
use crate::raised::PyResult;
use crate::source;
use crate::thread::Thread;
use crate::value::Value;

/// A module: name, source text, whether it is a package.
type Frozen = (&'static [u8], &'static [u8], bool);

const HELLO: &[u8] = b"print \"Hello world...\"\n";
const MODULES: [Frozen; 3] =
    [(b"__hello__", HELLO, false), (b"__phello__", HELLO, true), (b"__phello__.spam", HELLO, false)];

fn find(name: &[u8]) -> Option<&'static Frozen> {
    MODULES.iter().find(|m| m.0 == name)
}

/// Whether there is a frozen module of that name.
pub fn is_frozen(name: &[u8]) -> bool {
    find(name).is_some()
}

/// The code of a frozen module.
pub fn code(th: &mut Thread, name: &[u8]) -> PyResult<Option<Ref<PyCode>>> {
    match find(name) {
        Some(m) => source::compile(th, m.1, b"hello.py", Mode::Exec, 0, false).map(Some),
        None => Ok(None),
    }
}

/// Runs a frozen module (its name is interned); nothing if there is none.
pub fn load(th: &mut Thread, name: Value) -> PyResult<Option<Value>> {
    let Some(&(text_name, _, is_package)) = find(th.str_bytes(name)) else { return Ok(None) };
    if is_package {
        let m = add_module(th, name)?;
        let Some(d) = module::dict_of_module(m) else { return Err(th.system_error("not a module")) };
        // The path of its modules is no list: only frozen ones are among them.
        let key = names::__path__.get(th);
        dict::set_str(th, d, key, name)?;
    }
    let Some(code) = code(th, text_name)? else { return Ok(None) };
    exec_code(th, name, code, b"<frozen>").map(Some)
}
