//! Running the program: `-c`, `-m`, a file, standard input.

use super::{interactive, path};
use crate::options::{Options, Program};
use interpreter::eval::Mode;
use interpreter::objects::module;
use interpreter::value::Value;
use interpreter::{PyResult, Thread, ops, source};
use std::os::unix::ffi::OsStrExt;

/// Runs it in `__main__`.
pub fn run(th: &mut Thread, options: &Options, main: Value) -> PyResult {
    let d = module::dict_of_module(main).unwrap_or(Value::NONE);
    match &options.program {
        Program::Command(text) => {
            path::prepend(th, b"")?;
            let code = source::compile(th, text.as_bytes(), b"<string>", Mode::Exec, 0, false)?;
            interpreter::eval::run_code(th, code, d, d)
        }
        Program::Module(name) => {
            path::prepend(th, b"")?;
            run_module(th, name.as_bytes(), true)
        }
        Program::File(file) => run_file(th, options, file.as_bytes(), d),
        Program::Stdin => {
            path::prepend(th, b"")?;
            if interactive::wanted(options) {
                return interactive::run(th, options, d);
            }
            let mut text = Vec::new();
            use std::io::Read;
            if let Err(e) = std::io::stdin().lock().read_to_end(&mut text) {
                return Err(th.io_error(e.raw_os_error().unwrap_or(libc::EIO), None));
            }
            run_source(th, &text, b"<stdin>", d)
        }
    }
}

/// `runpy` runs modules, packages and archives.
fn run_module(th: &mut Thread, name: &[u8], set_argv: bool) -> PyResult {
    let runpy = interpreter::import::import(th, "runpy")?;
    let f = th.intern(b"_run_module_as_main");
    let f = ops::getattr(th, runpy, f)?;
    let name = th.new_str(name);
    ops::call(th, f, &[name, Value::from_bool(set_argv)])
}

fn run_file(th: &mut Thread, options: &Options, file: &[u8], d: Value) -> PyResult {
    let p = std::path::Path::new(std::ffi::OsStr::from_bytes(file));
    if p.is_dir() {
        // A folder with a __main__ module.
        path::prepend(th, file)?;
        return run_module(th, b"__main__", false);
    }
    let mut text = match std::fs::read(p) {
        Ok(t) => t,
        Err(e) => {
            let code = e.raw_os_error().unwrap_or(libc::EIO);
            let why = interpreter::errors::strerror(code);
            let name = &th.rt.settings.executable;
            let line =
                [&name[..], b": can't open file '", file, format!("': [Errno {code}] {why}\n").as_bytes()]
                    .concat();
            // Nobody is left to tell of a failure here.
            let _ = std::io::Write::write_all(&mut std::io::stderr(), &line);
            return Err(th.raise(
                interpreter::objects::exceptions::SYSTEM_EXIT.class(),
                Some(Value::int_unchecked(2)),
            ));
        }
    };
    if text.starts_with(b"PK\x03\x04") {
        path::prepend(th, file)?;
        return run_module(th, b"__main__", false);
    }
    let real = std::fs::canonicalize(p).unwrap_or_else(|_| p.to_path_buf());
    let folder = if p.is_symlink() { real.parent() } else { p.parent() };
    path::prepend(th, folder.map_or(&b""[..], |f| f.as_os_str().as_bytes()))?;
    if options.flags.skip_first_line {
        let end = text.iter().position(|b| *b == b'\n').unwrap_or(text.len());
        text.drain(..end);
    }
    let key = th.intern(b"__file__");
    let name = th.new_str(file);
    interpreter::objects::dict::set_str(th, d, key, name)?;
    if file.ends_with(b".pyc") || file.ends_with(b".pyo") {
        let code = match interpreter::import::pyc::load_compiled(th, b"__main__", file, &text) {
            Ok(code) => code,
            Err(e) => {
                e.catch(th)?;
                let begins_well = text.len() < 4 || interpreter::import::pyc::has_magic(&text);
                let what = if begins_well { "Bad code object" } else { "Bad magic number" };
                return Err(th.runtime_error(format!("{what} in .pyc file")));
            }
        };
        return interpreter::eval::run_code(th, code, d, d);
    }
    run_source(th, &text, file, d)
}

/// Compiles as a file (positions at its end differ from those of a string) and runs.
fn run_source(th: &mut Thread, text: &[u8], name: &[u8], d: Value) -> PyResult {
    let code = source::compile_file(th, text, name, Mode::Exec, 0)?;
    super::trim::constant_pages();
    interpreter::eval::run_code(th, code, d, d)
}
