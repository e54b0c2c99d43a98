//! The eval loop and what belongs to it: frames, calls, names, attributes, generators, unwinding, checkpoints, polls.

pub mod attr;
pub mod build;
pub mod call;
pub mod checkpoint;
pub mod code;
pub mod frame;
pub mod generator;
mod instruction;
pub mod method;
mod method_calls;
pub mod names;
pub mod poll;
pub mod push;
pub mod run;
pub mod trace;
pub mod unwind;
pub mod verify;

use crate::layout::*;
use crate::native::Args;
use crate::objects as o;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use frame::flag;

/// Calls a Python function from native code, in a nested eval loop.
pub fn call_function(th: &mut Thread, f: Value, args: Args<'_>) -> PyResult {
    match f.cast::<PyFunction>() {
        Some(func) => run::call_nested(th, func, args),
        None => Err(th.system_error("call_function needs a function")),
    }
}

/// What source is compiled as.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Mode {
    Exec,
    Eval,
    Single,
}

/// Runs a code object in the given namespaces, in a nested eval loop.
pub fn run_code(th: &mut Thread, code: Ref<PyCode>, globals: Value, locals: Value) -> PyResult {
    th.check_native_stack()?;
    if code.freevars.cast::<PyTuple>().is_some_and(|t| t.len > 0) {
        return Err(th.type_error("code object passed to exec may not contain free variables"));
    }
    if !o::dict::namespace::is_namespace(globals) && o::dict::is_exact(globals) {
        o::dict::namespace::convert_to_namespace(th, globals)?;
    }
    add_builtins(th, globals)?;
    let rt = push::runtime(th, code)?;
    let base = push::stack_top(th);
    if th.depth >= th.rt.recursion_limit()
        || (th.stack_end as usize) < base as usize + (rt.frame_words() + 64) * 8
    {
        return Err(th.recursion_error(""));
    }
    // SAFETY: room was checked.
    unsafe {
        for i in 0..rt.nlocals as usize {
            *base.add(i) = None;
        }
        push::fill_cells(th, rt, Value::NONE, base);
        let f = push::link(th, rt, code.value(), globals, base, base, None, flag::ENTRY | flag::NAMESPACE);
        (*f).names = Some(locals);
        if rt.flags & syntax::code::flags::GENERATOR != 0 {
            return generator::from_frame(th, f);
        }
    }
    if th.use_tracing
        && let Err(e) = trace::call_event(th)
    {
        return run::run_raised(th, e);
    }
    run::run(th)
}

/// Gives a globals dict its `__builtins__`.
fn add_builtins(th: &mut Thread, globals: Value) -> PyResult<()> {
    let n = crate::names::__builtins__.get(th);
    if o::dict::get_str(th, globals, n)?.is_none()
        && let Some(b) = th.rt.builtins.get()
    {
        o::dict::set_str(th, globals, n, b)?;
    }
    Ok(())
}

/// Runs a code object, source string, unicode or open file, as `exec` and `eval` do.
pub fn exec_value(
    th: &mut Thread,
    code: Value,
    globals: Value,
    locals: Value,
    inherited: u32,
    mode: Mode,
) -> PyResult {
    if let Some(c) = code.cast::<PyCode>() {
        return run_code(th, c, globals, locals);
    }
    if o::file::is_file(code) {
        let (text, name) = o::file::read_source(th, code)?;
        let c = crate::source::compile_file(th, &text, &name, mode, inherited)?;
        return run_code(th, c, globals, locals);
    }
    let (source, name, utf8) = if code.payload::<PyUnicode>().is_some() {
        {
            let s = crate::codecs::encode_to_str(th, code, Some("utf-8"), None)?;
            (th.str_bytes(s).to_vec(), b"<string>".to_vec(), true)
        }
    } else if let Some(s) = code.payload::<PyStr>() {
        (s.get().bytes().to_vec(), b"<string>".to_vec(), false)
    } else {
        match crate::types::type_of(code).slots().buffer {
            Some(b) => (b(th, code)?.bytes().to_vec(), b"<string>".to_vec(), false),
            None => {
                return Err(match mode {
                    Mode::Exec => th.type_error("exec: arg 1 must be a string, file, or code object"),
                    _ => th.type_error("eval() arg 1 must be a string or code object"),
                });
            }
        }
    };
    let c = crate::source::compile(th, &source, &name, mode, inherited, utf8)?;
    run_code(th, c, globals, locals)
}
