//! The interactive interpreter, with line editing and history on a terminal.

use crate::options::{Options, Program};
use interpreter::objects::{exceptions, module};
use interpreter::value::Value;
use interpreter::{PyResult, Thread, names, ops, source};
use std::io::{BufRead, Write};
use std::os::unix::ffi::OsStrExt;
use stdlib::readline::session;

/// True if standard input is to be treated as a terminal.
pub fn wanted(options: &Options) -> bool {
    // SAFETY: the descriptor is only asked what it is.
    options.flags.interactive > 0 || unsafe { libc::isatty(0) } == 1
}

/// `-i` and `PYTHONINSPECT`: a prompt after the program has ended, however it did.
pub fn after(th: &mut Thread, options: &Options, status: i32) -> i32 {
    let asked = std::env::var_os("PYTHONINSPECT").is_some_and(|v| !v.is_empty());
    let inspect = options.flags.inspect > 0 || asked && wanted(options);
    if !inspect || matches!(options.program, Program::Stdin) && wanted(options) {
        return status;
    }
    let name = th.intern(b"__main__");
    let d = match interpreter::import::add_module(th, name) {
        Ok(m) => module::dict_of_module(m).unwrap_or(Value::NONE),
        Err(e) => return super::finish::status_of(th, Err(e)),
    };
    let r = prompt_loop(th, d);
    super::finish::status_of(th, r)
}

/// Banner, `PYTHONSTARTUP`, then the loop.
pub fn run(th: &mut Thread, options: &Options, d: Value) -> PyResult {
    let version = match interpreter::import::sys_get(th, "version")? {
        Some(v) => String::from_utf8_lossy(th.str_bytes(v)).into_owned(),
        None => String::new(),
    };
    eprintln!(
        "Python {version} on linux2\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information."
    );
    if let Some(file) = &options.environment.startup
        && let Ok(text) = std::fs::read(file)
    {
        let code = source::compile_file(th, &text, file.as_bytes(), interpreter::eval::Mode::Exec, 0);
        let r = code.and_then(|c| interpreter::eval::run_code(th, c, d, d));
        if r.is_err() {
            let s = super::finish::status_of(th, r);
            if s != 1 {
                return Ok(Value::NONE);
            }
        }
    }
    prompt_loop(th, d)
}

/// What came of a prompt.
enum Typed {
    /// A line with its newline.
    Line(Vec<u8>),
    Interrupted,
    End,
}

/// Reads a line: edited on a terminal, where CPython too imports `readline` for its prompt, else as it comes.
fn line(th: &mut Thread, prompt: &str) -> PyResult<Typed> {
    if session::enabled() && session::on_terminal() {
        return match session::read(th, prompt.as_bytes()) {
            Ok(Some(mut line)) => {
                line.push(b'\n');
                Ok(Typed::Line(line))
            }
            Ok(None) => Ok(Typed::End),
            Err(e) => {
                e.catch_if(th, exceptions::KEYBOARD_INTERRUPT.class())?;
                Ok(Typed::Interrupted)
            }
        };
    }
    let prompt = prompt.to_owned();
    th.outside_now(move || {
        // Where CPython writes it without a terminal; lost if standard error is closed.
        let _ = std::io::stderr().write_all(prompt.as_bytes());
        let mut line = Vec::new();
        match std::io::stdin().lock().read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => Typed::End,
            Ok(_) => Typed::Line(line),
        }
    })
}

/// Turns line editing on for a terminal.
fn import_readline(th: &mut Thread) -> PyResult<()> {
    // SAFETY: the descriptor is only asked what it is.
    if unsafe { libc::isatty(0) } == 1
        && let Err(e) = interpreter::import::import(th, "readline")
    {
        // A program's own module of that name may fail; lines can be read all the same.
        e.catch(th)?;
    }
    Ok(())
}

fn prompt(th: &mut Thread, name: &interpreter::name::Name, default: &str) -> PyResult<String> {
    let n = name.get(th);
    let Some(d) = th.rt.sys_dict.get() else { return Ok(default.into()) };
    let v = match interpreter::objects::dict::get_str(th, d, n)? {
        Some(v) => v,
        None => {
            let v = th.new_str(default.as_bytes());
            interpreter::objects::dict::set_str(th, d, n, v)?;
            v
        }
    };
    let s = ops::str(th, v)?;
    Ok(String::from_utf8_lossy(th.str_bytes(s)).into_owned())
}

/// Reads, compiles, runs and prints until the end of the input.
fn prompt_loop(th: &mut Thread, d: Value) -> PyResult {
    import_readline(th)?;
    let mut future = 0;
    loop {
        let (first, more) = (prompt(th, &names::ps1, ">>> ")?, prompt(th, &names::ps2, "... ")?);
        let mut text: Vec<u8> = Vec::new();
        let mut ended = false;
        let compiled = loop {
            match line(th, if text.is_empty() { &first } else { &more })? {
                Typed::End => {
                    ended = true;
                    if text.iter().all(u8::is_ascii_whitespace) {
                        break None;
                    }
                    break Some(source::compile_interactive(th, &text, b"<stdin>", future, true));
                }
                Typed::Interrupted => {
                    eprintln!("KeyboardInterrupt");
                    break None;
                }
                Typed::Line(line) => {
                    text.extend_from_slice(&line);
                    if text.iter().all(u8::is_ascii_whitespace) {
                        break None;
                    }
                    match source::compile_interactive(th, &text, b"<stdin>", future, false) {
                        Ok(None) => continue,
                        other => break Some(other),
                    }
                }
            }
        };
        if let Some(compiled) = compiled {
            let r = match compiled {
                Ok(Some((code, features))) => {
                    future = features;
                    interpreter::eval::run_code(th, code, d, d)
                }
                Ok(None) => Ok(Value::NONE),
                Err(e) => Err(e),
            };
            if let Err(e) = r {
                if th.exception_matches(exceptions::SYSTEM_EXIT.class()) {
                    return Err(e);
                }
                super::finish::status_of(th, Err(e));
            }
            flush(th);
        }
        if ended {
            eprintln!();
            return Ok(Value::NONE);
        }
    }
}

fn flush(th: &mut Thread) {
    if let Err(e) = interpreter::objects::file::flush_all(th) {
        // The next write reports the same error.
        let _ = e.catch(th);
    }
}
