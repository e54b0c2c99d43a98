//! From options to a finished process: the runtime, `sys`, `site`, the program, and the end.

mod finish;
mod interactive;
mod path;
mod program;
mod settings;
mod trim;

use crate::options::Options;
use interpreter::objects::module;
use interpreter::panics;
use interpreter::value::Value;
use interpreter::{PyResult, Thread};
use std::process::ExitCode;

/// Runs what the options ask for.
pub fn run(options: &Options) -> ExitCode {
    let heap = settings::heap(options);
    let mut th = match interpreter::start::start(settings::settings(options), heap) {
        Ok(th) => th,
        Err(e) => {
            eprintln!("pypy-stm: cannot start: {e}");
            return ExitCode::from(70);
        }
    };
    let th = &mut *th;
    trim::constant_pages();
    panics::fatal(|| {
        let status = match panics::guarded(th, |th| start(th, options)) {
            Ok(main) => {
                let result = panics::guarded(th, |th| program::run(th, options, main));
                finish::status_of(th, result)
            }
            Err(e) => finish::status_of(th, Err(e)),
        };
        let status = interactive::after(th, options, status);
        finish::end(th, status)
    })
}

/// Everything up to the program itself; gives `__main__`.
fn start(th: &mut Thread, options: &Options) -> PyResult {
    interpreter::types::ready::start(th)?;
    trim::constant_pages();
    let modules = th.new_dict();
    th.m.make_old_now(modules.obj_unchecked());
    th.rt.modules.set(modules);
    let prefix = path::prefix(options);
    path::register_library(&prefix);
    interpreter::import::native::register(stdlib::MODULES);
    interpreter::import::after::register(stdlib::AFTER_LOAD);
    let builtin = native(th, "__builtin__")?;
    if let Some(d) = module::dict_of_module(builtin) {
        th.m.make_old_now(d.obj_unchecked());
        th.rt.builtins.set(d);
    }
    th.m.make_old_now(builtin.obj_unchecked());
    th.rt.builtins_module.set(builtin);
    native(th, "exceptions")?;
    let sys = native(th, "sys")?;
    path::set(th, sys, options, &prefix)?;
    path::add_hook(th, sys)?;
    interpreter::import::lock::start(th);
    let encoding = options.environment.io_encoding.as_ref().map(|v| v.to_string_lossy().into_owned());
    let encoding = encoding.as_deref().map(|v| match v.split_once(':') {
        Some((e, errors)) => (e, Some(errors)),
        None => (v, None),
    });
    stdlib::sys::make_streams(th, sys, encoding)?;
    native(th, "_warnings")?;
    if interpreter::import::native::definition(b"signal").is_some() {
        native(th, "signal")?;
    }
    let name = th.intern(b"__main__");
    let main = interpreter::import::add_module(th, name)?;
    let builtins = th.rt.builtins_module.get().unwrap_or(Value::NONE);
    module::add(th, main, "__builtins__", builtins)?;
    if !th.rt.settings.warn_options.is_empty() {
        interpreter::import::import(th, "warnings")?;
    }
    trim::constant_pages();
    if options.flags.no_site == 0 {
        interpreter::import::import(th, "site")?;
        trim::constant_pages();
    }
    Ok(main)
}

fn native(th: &mut Thread, name: &str) -> PyResult {
    let n = th.intern(name.as_bytes());
    match interpreter::import::native::init(th, n)? {
        Some(m) => Ok(m),
        None => Err(th.import_error(format!("no native module named {name}"))),
    }
}
