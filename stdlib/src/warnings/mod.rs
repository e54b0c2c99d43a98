//! The module `_warnings`: what becomes of a warning. Also the handler behind the core's own warnings.
//!
//! The policy lies in Python objects: the module `warnings`, once imported, holds `filters`, `defaultaction`,
//! `onceregistry` and `showwarning`; until then the attributes of this module serve.

mod context;
mod filter;
mod issue;
mod show;

use interpreter::native::{Args, KEYWORDS, MethodDef, ModuleDef};
use interpreter::objects as o;
use interpreter::objects::exceptions as exc;
use interpreter::{PyResult, Slot, Thread, Value, ops};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_warnings",
    doc: Some(
        "_warnings provides basic warning filtering support.\nIt is a helper module to speed up interpreter start-up.",
    ),
    functions: &[
        MethodDef::new(
            "warn",
            warn,
            0,
            3,
            KEYWORDS,
            "Issue a warning, or maybe ignore it or raise an exception.",
        ),
        MethodDef::new(
            "warn_explicit",
            warn_explicit,
            0,
            7,
            KEYWORDS,
            "Low-level interface to warnings functionality.",
        ),
    ],
    types: &[],
    init: Some(init),
};

fn init(th: &mut Thread, module: Value) -> PyResult<()> {
    let filters = filter::initial(th)?;
    o::module::add(th, module, "filters", filters)?;
    let once = th.new_dict();
    o::module::add(th, module, "once_registry", once)?;
    o::module::add_str(th, module, "default_action", b"default")?;
    interpreter::warnings::set_handler(core_warning, warning_at);
    Ok(())
}

/// A variable of module `warnings` if that is loaded, else the one of this module that stands in for it.
fn variable(th: &mut Thread, name: &str, stand_in: &str) -> PyResult<Slot> {
    if let Some(v) = loaded(th, "warnings", name)? {
        return Ok(Some(v));
    }
    loaded(th, "_warnings", stand_in)
}

/// An attribute of a loaded module.
fn loaded(th: &mut Thread, module: &str, name: &str) -> PyResult<Slot> {
    if name.is_empty() {
        return Ok(None);
    }
    let Some(modules) = th.rt.modules.get() else { return Ok(None) };
    let key = th.intern(module.as_bytes());
    let Some(m) = o::dict::get_str(th, modules, key)? else { return Ok(None) };
    let name = th.intern(name.as_bytes());
    ops::getattr_opt(th, m, name)
}

/// The core's way in.
fn core_warning(th: &mut Thread, category: Value, text: &str, stacklevel: i64) -> PyResult<()> {
    if filter::plainly_ignored(th, category)? {
        return Ok(());
    }
    let message = th.try_str(text.as_bytes())?;
    context::warn_at_level(th, message, category, stacklevel)
}

/// The compiler's way in.
fn warning_at(th: &mut Thread, category: Value, text: &str, filename: &[u8], lineno: i64) -> PyResult<()> {
    let message = th.try_str(text.as_bytes())?;
    let filename = th.try_str(filename)?;
    let w = issue::Warning {
        message,
        category,
        filename,
        lineno,
        module: None,
        registry: None,
        source_line: None,
    };
    issue::issue(th, w)
}

fn warn(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [message, category, level] = args.bind(th, "warn", ["message", "category", "stacklevel"], 1)?;
    let message = message.unwrap_or(Value::NONE);
    let level = match level {
        Some(l) => ops::integer_arg(th, l)?,
        None => 1,
    };
    let category = category_of(th, message, category)?;
    context::warn_at_level(th, message, category, level)?;
    Ok(Value::NONE)
}

/// The category of a warning: the class of a warning object, the one given, or UserWarning.
fn category_of(th: &mut Thread, message: Value, given: Slot) -> PyResult {
    if ops::isinstance(th, message, exc::WARNING.class())? {
        let name = interpreter::names::__class__.get(th);
        return ops::getattr(th, message, name);
    }
    let Some(c) = given else { return Ok(exc::USER_WARNING.class()) };
    if !ops::issubclass(th, c, exc::WARNING.class())? {
        return Err(th.value_error("category is not a subclass of Warning"));
    }
    Ok(c)
}

fn warn_explicit(th: &mut Thread, args: Args<'_>) -> PyResult {
    let names = ["message", "category", "filename", "lineno", "module", "registry", "module_globals"];
    let [message, category, filename, lineno, module, registry, globals] =
        args.bind(th, "warn_explicit", names, 4)?;
    let none = Value::NONE;
    let lineno = ops::integer_arg(th, lineno.unwrap_or(none))?;
    let mut w = issue::Warning {
        message: message.unwrap_or(none),
        category: category.unwrap_or(none),
        filename: filename.unwrap_or(none),
        lineno,
        module,
        registry: registry.filter(|r| !r.is_none()),
        source_line: None,
    };
    if let Some(g) = globals.filter(|g| o::dict::is_dict(*g)) {
        w.source_line = context::loader_line(th, g, lineno)?;
    }
    issue::issue(th, w)?;
    Ok(Value::NONE)
}
