//! Compiling and running code: `compile`, `eval`, `execfile`, `__import__`, `reload`; the caller's variables.

use super::unpack;
use interpreter::eval::{self, Mode};
use interpreter::layout::{PyCode, PyStr, PyUnicode};
use interpreter::native::Args;
use interpreter::objects as o;
use interpreter::objects::dict;
use interpreter::ops;
use interpreter::raised::PyResult;
use interpreter::{Slot, Thread, Value, import as importing, paths, source};
use syntax::code::flags;

/// Globals of the running Python frame.
pub fn caller_globals(th: &mut Thread) -> PyResult {
    if th.frame.is_null() {
        return Err(th.system_error("globals must exist"));
    }
    // SAFETY: the top frame of this thread.
    Ok(unsafe { (*th.frame).globals })
}

/// Locals of the running Python frame.
pub fn caller_locals(th: &mut Thread) -> PyResult {
    if th.frame.is_null() {
        return Err(th.system_error("frame does not exist"));
    }
    let f = th.frame;
    o::frame::locals_dict(th, f)
}

pub(super) fn globals(th: &mut Thread, _: Args<'_>) -> PyResult {
    caller_globals(th)
}

pub(super) fn locals(th: &mut Thread, _: Args<'_>) -> PyResult {
    caller_locals(th)
}

/// Future flags of the running frame's code.
pub(super) fn inherited(th: &Thread) -> u32 {
    if th.frame.is_null() {
        return 0;
    }
    // SAFETY: the top frame of this thread.
    let code = unsafe { (*th.frame).code };
    code.cast::<PyCode>().map_or(0, |c| c.get().flags & flags::FUTURE_MASK)
}

pub(super) fn import(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [name, globals, _locals, list, level] =
        args.bind(th, "__import__", ["name", "globals", "locals", "fromlist", "level"], 1)?;
    let name = name.unwrap_or(Value::NONE);
    let text = if name.payload::<PyUnicode>().is_some() {
        let s = o::unicode::encode_default(th, name)?;
        th.str_bytes(s).to_vec()
    } else if name.payload::<PyStr>().is_some() {
        th.str_bytes(name).to_vec()
    } else {
        let n = if name.is_none() { String::from("None") } else { ops::type_name(name) };
        return Err(th.type_error(format!("__import__() argument 1 must be string, not {n}")));
    };
    if text.contains(&0) {
        return Err(th.type_error("__import__() argument 1 must be string without null bytes, not str"));
    }
    let level = match level {
        Some(v) => i64::from(ops::int32_arg(th, v)?),
        None => -1,
    };
    importing::import_module_level(th, &text, globals, list.unwrap_or(Value::NONE), level)
}

pub(super) fn reload(th: &mut Thread, args: Args<'_>) -> PyResult {
    importing::reload(th, args.pos[0])
}

/// Source text given to compile or eval: the bytes, and whether they are the UTF-8 of a unicode object.
fn source_text(th: &mut Thread, v: Value, message: &str) -> PyResult<(Vec<u8>, bool)> {
    let (text, wide) = if v.payload::<PyUnicode>().is_some() {
        let s = interpreter::codecs::encode_to_str(th, v, Some("utf-8"), None)?;
        (th.str_bytes(s).to_vec(), true)
    } else if let Some(s) = v.payload::<PyStr>() {
        (s.get().bytes().to_vec(), false)
    } else {
        match ops::slots_of(v).buffer {
            Some(get) => (get(th, v)?.bytes().to_vec(), false),
            None => return Err(th.type_error(message.to_owned())),
        }
    };
    Ok((text, wide))
}

/// Bits of `compile`'s flags beside the future ones.
const SOURCE_IS_UTF8: u32 = 0x100;
const DONT_IMPLY_DEDENT: u32 = 0x200;
use crate::_ast::ONLY_AST;

pub(super) fn compile(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [text, filename, mode, given, alone] =
        args.bind(th, "compile", ["source", "filename", "mode", "flags", "dont_inherit"], 3)?;
    let string = |th: &mut Thread, v: Slot, i: usize| {
        let v = v.unwrap_or(Value::NONE);
        if v.payload::<PyUnicode>().is_some() {
            let s = o::unicode::encode_default(th, v)?;
            return Ok(th.str_bytes(s).to_vec());
        }
        match v.payload::<PyStr>() {
            Some(s) if s.get().bytes().contains(&0) => {
                Err(th
                    .type_error(format!("compile() argument {i} must be string without null bytes, not str")))
            }
            Some(s) => Ok(s.get().bytes().to_vec()),
            None => {
                let n = if v.is_none() { String::from("None") } else { ops::type_name(v) };
                Err(th.type_error(format!("compile() argument {i} must be string, not {n}")))
            }
        }
    };
    let filename = string(th, filename, 2)?;
    let mode_text = string(th, mode, 3)?;
    let given = match given {
        Some(v) => ops::int32_arg(th, v)? as u32,
        None => 0,
    };
    let alone = match alone {
        Some(v) => ops::int32_arg(th, v)? != 0,
        None => false,
    };
    let known = flags::FUTURE_MASK | SOURCE_IS_UTF8 | DONT_IMPLY_DEDENT | ONLY_AST | flags::NESTED;
    if given & !known != 0 {
        return Err(th.value_error("compile(): unrecognised flags"));
    }
    let mut future = given & flags::FUTURE_MASK;
    if !alone {
        future |= inherited(th);
    }
    let mode = match &mode_text[..] {
        b"exec" => Mode::Exec,
        b"eval" => Mode::Eval,
        b"single" => Mode::Single,
        _ => return Err(th.value_error("compile() arg 3 must be 'exec', 'eval' or 'single'")),
    };
    let v = text.unwrap_or(Value::NONE);
    let mut f =
        syntax::CompileFlags { future, optimize: th.rt.settings.optimize as u8, ..Default::default() };
    f.parse.dont_imply_dedent = given & DONT_IMPLY_DEDENT != 0;
    f.parse.py3k_warnings = th.rt.settings.py3k_warning;
    if let Some(r) = crate::_ast::compile_tree(th, v, given & ONLY_AST != 0, &filename, mode, &f)? {
        return Ok(r);
    }
    let (text, wide) = source_text(th, v, "expected a readable buffer object")?;
    if text.contains(&0) {
        return Err(th.type_error("compile() expected string without null bytes"));
    }
    f.parse.source_is_utf8 = wide || given & SOURCE_IS_UTF8 != 0;
    if given & ONLY_AST != 0 {
        return crate::_ast::parse(th, &text, &filename, mode, &f);
    }
    let c = source::compile_with(th, &text, &filename, mode, &f)?;
    Ok(source::to_heap(th, &c.code)?.value())
}

/// Globals and locals for `eval` and `execfile`, from the caller where not given.
fn namespaces(th: &mut Thread, globals: Slot, locals: Slot) -> PyResult<(Value, Value)> {
    let live = |v: Slot| v.filter(|v| !v.is_none());
    Ok(match (live(globals), live(locals)) {
        (None, None) => (caller_globals(th)?, caller_locals(th)?),
        (None, Some(l)) => (caller_globals(th)?, l),
        (Some(g), None) => (g, g),
        (Some(g), Some(l)) => (g, l),
    })
}

pub(super) fn eval(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [code, globals, locals] = unpack(th, &args, "eval", 1)?;
    let code = code.unwrap_or(Value::NONE);
    if let Some(l) = locals
        && !l.is_none()
        && !ops::is_mapping(th, l)?
    {
        return Err(th.type_error("locals must be a mapping"));
    }
    if let Some(g) = globals
        && !g.is_none()
        && !dict::is_dict(g)
    {
        return Err(if ops::is_mapping(th, g)? {
            th.type_error("globals must be a real dict; try eval(code, {}, mapping)")
        } else {
            th.type_error("globals must be a dict")
        });
    }
    let (g, l) = namespaces(th, globals, locals)?;
    let code = match code.cast::<PyCode>() {
        Some(c) => {
            if c.get().freevars.cast::<interpreter::layout::PyTuple>().is_some_and(|t| t.len > 0) {
                return Err(th.type_error("code object passed to eval() may not contain free variables"));
            }
            c
        }
        None => {
            let (text, wide) = source_text(th, code, "eval() arg 1 must be a string or code object")?;
            if text.contains(&0) {
                return Err(th.type_error("expected string without null bytes"));
            }
            let start = text.iter().position(|c| !matches!(c, b' ' | b'\t')).unwrap_or(text.len());
            source::compile(th, &text[start..], b"<string>", Mode::Eval, inherited(th), wide)?
        }
    };
    eval::run_code(th, code, g, l)
}

pub(super) fn execfile(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [name, globals, locals] = unpack(th, &args, "execfile", 1)?;
    let name = name.unwrap_or(Value::NONE);
    if let Some(g) = globals
        && !dict::is_dict(g)
    {
        let n = if g.is_none() { String::from("None") } else { ops::type_name(g) };
        return Err(th.type_error(format!("execfile() argument 2 must be dict, not {n}")));
    }
    if let Some(l) = locals
        && !l.is_none()
        && !ops::is_mapping(th, l)?
    {
        return Err(th.type_error("locals must be a mapping"));
    }
    if name.payload::<PyStr>().is_none() && name.payload::<PyUnicode>().is_none() {
        let n = if name.is_none() { String::from("None") } else { ops::type_name(name) };
        return Err(th.type_error(format!("execfile() argument 1 must be string, not {n}")));
    }
    let path = paths::c_path(th, name, "execfile", 1)?;
    let bytes = path.as_bytes().to_vec();
    let read = th.outside(move || {
        std::fs::read(importing::pyc::path(&bytes)).map_err(|e| e.raw_os_error().unwrap_or(libc::EIO))
    })?;
    let text = match read {
        Ok(t) => t,
        Err(e) => return Err(th.io_error(e, Some(name))),
    };
    let (g, l) = namespaces(th, globals, locals)?;
    let code = source::compile_file(th, &text, path.as_bytes(), Mode::Exec, inherited(th))?;
    eval::run_code(th, code, g, l)
}
