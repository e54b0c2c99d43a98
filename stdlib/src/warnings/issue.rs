//! Issuing one warning whose place is known.

use super::{filter, loaded, show, variable};
use interpreter::kinds::kind;
use interpreter::layout::{PyDict, Ref};
use interpreter::objects as o;
use interpreter::objects::exceptions as exc;
use interpreter::{PyResult, Slot, Thread, Value, ops};

/// A warning and its place.
pub(super) struct Warning {
    pub message: Value,
    pub category: Value,
    pub filename: Value,
    pub lineno: i64,
    /// Name of the module; by default made from the file name.
    pub module: Slot,
    /// Dict of the warnings already given.
    pub registry: Slot,
    pub source_line: Option<Vec<u8>>,
}

/// The module's name as the file name tells it.
fn module_name(th: &mut Thread, filename: Value) -> PyResult {
    if !ops::is_true(th, filename)? {
        return th.try_str(b"<unknown>");
    }
    let name = th.str_bytes(filename);
    match name.strip_suffix(b".py") {
        Some(stem) => th.try_str(stem),
        None => Ok(filename),
    }
}

/// Whether the registry already has the key; with `set` it has from now on.
fn already(th: &mut Thread, registry: Ref<PyDict>, key: Value, set: bool) -> PyResult<bool> {
    if let Some(v) = o::dict::get(th, registry, key)? {
        return ops::is_true(th, v);
    }
    if set {
        o::dict::set(th, registry, key, Value::TRUE)?;
    }
    Ok(false)
}

pub(super) fn issue(th: &mut Thread, w: Warning) -> PyResult<()> {
    let registry = match w.registry {
        None => None,
        Some(r) => match r.payload::<PyDict>() {
            Some(d) => Some(d),
            None => return Err(th.type_error("'registry' must be a dict or None")),
        },
    };
    let module = match w.module {
        Some(m) => m,
        None => module_name(th, w.filename)?,
    };
    let (text, category, message) = if ops::isinstance(th, w.message, exc::WARNING.class())? {
        let text = ops::str(th, w.message)?;
        let class = interpreter::names::__class__.get(th);
        (text, ops::getattr(th, w.message, class)?, w.message)
    } else {
        (w.message, w.category, ops::call(th, w.category, &[w.message])?)
    };
    let lineno = th.int(w.lineno);
    let key = th.new_tuple(&[text, category, lineno]);
    if let Some(r) = registry
        && already(th, r, key, false)?
    {
        return Ok(());
    }
    let (action, item) = filter::action(th, category, text, w.lineno, module)?;
    let action_text = th.str_bytes(action).to_vec();
    if action_text == b"error" {
        return Err(th.raise(category, Some(message)));
    }
    if action_text != b"always" {
        if let Some(r) = registry {
            o::dict::set(th, r, key, Value::TRUE)?;
        }
        let place = th.new_tuple(&[text, category]);
        let seen = match &action_text[..] {
            b"ignore" => true,
            b"once" => {
                let once = match registry {
                    Some(r) => Some(r),
                    None => match variable(th, "onceregistry", "once_registry")? {
                        None => None,
                        Some(d) => match d.payload::<PyDict>() {
                            Some(d) => Some(d),
                            None => {
                                let n = ops::type_name(d);
                                return Err(th.type_error(format!(
                                    "_warnings.onceregistry must be a dict, not '{n}'"
                                )));
                            }
                        },
                    },
                };
                match once {
                    Some(d) => already(th, d, place, true)?,
                    None => false,
                }
            }
            b"module" => match registry {
                Some(r) => already(th, r, place, true)?,
                None => false,
            },
            b"default" => false,
            _ => {
                let shown = th.repr_text(item)?;
                let action = String::from_utf8_lossy(&action_text).into_owned();
                return Err(th.runtime_error(format!(
                    "Unrecognized action ({action}) in warnings.filters:\n {shown}"
                )));
            }
        };
        if seen {
            return Ok(());
        }
    }
    let Some(f) = loaded(th, "warnings", "showwarning")? else {
        return show::show(th, w.filename, w.lineno, text, category, w.source_line.as_deref());
    };
    if f.kind() != kind::FUNCTION.index() && f.kind() != kind::METHOD.index() {
        return Err(th.type_error("warnings.showwarning() must be set to a function or method"));
    }
    ops::call(th, f, &[message, category, w.filename, lineno])?;
    Ok(())
}
