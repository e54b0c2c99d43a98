//! The instructions that are not worth inlining: functions, classes, with, raise, import, exec, print.

use super::frame::{Block, Frame, block};
use super::unwind::{self, Why};
use crate::layout::*;
use crate::names;
use crate::objects as o;
use crate::ops;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::types::lookup;
use crate::value::{Slot, Value};
use gc_stm::RootVec;

/// MAKE_FUNCTION and MAKE_CLOSURE: code on top, closure tuple below it, then the defaults.
pub fn make_function(
    th: &mut Thread,
    f: *mut Frame,
    sp: *mut Slot,
    ndefaults: usize,
    closure: bool,
) -> PyResult {
    // SAFETY: operands by F2.
    let at = |n: usize| unsafe { (*sp.sub(n)).unwrap_unchecked() };
    let code = at(1);
    if code.cast::<PyCode>().is_none() {
        return Err(th.system_error("MAKE_FUNCTION without a code object"));
    }
    let (cells, skip) = if closure { (at(2), 2) } else { (Value::NONE, 1) };
    let defaults = if ndefaults > 0 {
        // SAFETY: operands by F2.
        let items =
            unsafe { std::slice::from_raw_parts(sp.sub(skip + ndefaults) as *const Value, ndefaults) };
        th.try_tuple(items)?
    } else {
        Value::NONE
    };
    // SAFETY: the top frame.
    let globals = unsafe { (*f).globals };
    o::function::make(th, code, globals, defaults, cells)
}

/// Exactly `n` items of an iterable.
pub fn unpack(th: &mut Thread, v: Value, n: usize) -> PyResult<RootVec> {
    let out = th.m.root_vec();
    if v.cast::<PyTuple>().is_some() || v.cast::<PyList>().is_some() {
        ops::extend(th, &out, v)?;
        if out.len() == n {
            return Ok(out);
        }
        if out.len() > n {
            return Err(th.value_error("too many values to unpack"));
        }
        return Err(too_few(th, out.len()));
    }
    let it = ops::iter(th, v)?;
    for _ in 0..n {
        match ops::next(th, it)? {
            Some(x) => out.push(x.bits()),
            None => return Err(too_few(th, out.len())),
        }
    }
    if ops::next(th, it)?.is_some() {
        return Err(th.value_error("too many values to unpack"));
    }
    Ok(out)
}

#[cold]
fn too_few(th: &mut Thread, got: usize) -> Raised {
    let s = if got == 1 { "" } else { "s" };
    th.value_error(format!("need more than {got} value{s} to unpack"))
}

/// SETUP_WITH: replaces the manager by its bound `__exit__`, pushes a block and what `__enter__` gives.
pub fn setup_with(th: &mut Thread, handler: usize) -> PyResult<()> {
    let f = th.frame;
    // SAFETY: the top frame; the manager is on top.
    unsafe {
        let manager = (*(*f).sp.sub(1)).unwrap_unchecked();
        let exit = special_or_attribute_error(th, manager, &names::__exit__)?;
        let enter = special_or_attribute_error(th, manager, &names::__enter__)?;
        let v = super::call::call_restartable(th, enter, &[])?;
        let n = (*f).nblocks as usize;
        if n >= (*(*f).rt).max_blocks as usize {
            return Err(th.system_error("too many nested blocks"));
        }
        *(*f).sp.sub(1) = Some(exit);
        *Frame::blocks(f).add(n) = Block::new(block::WITH, (*f).depth(), handler as u32);
        (*f).nblocks += 1;
        unwind::push(f, v);
    }
    Ok(())
}

fn special_or_attribute_error(th: &mut Thread, v: Value, name: &crate::name::Name) -> PyResult {
    let n = name.get(th);
    match ops::lookup_special(th, v, n)? {
        Some(m) => Ok(m),
        None => {
            if o::instance::is_old_style(v) {
                return ops::getattr(th, v, n);
            }
            Err(th.attribute_error(name.text()))
        }
    }
}

/// WITH_CLEANUP: calls `__exit__`, which lies below what `finally` left, and drops it.
pub fn with_cleanup(th: &mut Thread) -> PyResult<()> {
    let f = th.frame;
    // SAFETY: the top frame; verify.rs guarantees the operands.
    unsafe {
        let at = |n: usize| (*(*f).sp.sub(n)).unwrap_or(Value::NONE);
        let top = at(1);
        let (below, exc): (usize, Option<(Value, Value, Value)>) = if top.is_none() {
            (1, None)
        } else if let Some(n) = top.as_small_int() {
            (if n == Why::Return as i64 || n == Why::Continue as i64 { 2 } else { 1 }, None)
        } else {
            (3, Some((top, at(2), at(3))))
        };
        let exit = at(below + 1);
        let (a, b, c) = exc.unwrap_or((Value::NONE, Value::NONE, Value::NONE));
        let r = super::call::call_restartable(th, exit, &[a, b, c])?;
        let swallow = exc.is_some() && ops::is_true(th, r)?;
        if swallow {
            // The exception and __exit__ make room for "silenced".
            (*f).sp = (*f).sp.sub(below + 1);
            unwind::push(f, Value::int_unchecked(Why::Silenced as i64));
        } else {
            for i in (1..=below).rev() {
                *(*f).sp.sub(i + 1) = *(*f).sp.sub(i);
            }
            (*f).sp = (*f).sp.sub(1);
        }
    }
    Ok(())
}

/// RAISE_VARARGS.
pub fn raise(th: &mut Thread, sp: *mut Slot, n: usize) -> Raised {
    // SAFETY: operands by F2.
    let at = |n: usize| unsafe { (*sp.sub(n)).unwrap_unchecked() };
    let (class, value, tb) = match n {
        0 => (None, None, None),
        1 => (Some(at(1)), None, None),
        2 => (Some(at(2)), Some(at(1)), None),
        _ => (Some(at(3)), Some(at(2)), Some(at(1))),
    };
    match do_raise(th, class, value, tb) {
        Ok(r) | Err(r) => r,
    }
}

/// The raise statement; all results are unwinds.
pub fn do_raise(th: &mut Thread, class: Slot, value: Slot, tb: Slot) -> Result<Raised, Raised> {
    let Some(mut class) = class else {
        let [c, v, t] = th.exc_info;
        return Ok(match c {
            Some(c) if !c.is_none() => th.raise_again(c, v, t),
            _ => th.type_error(
                "exceptions must be old-style classes or derived from BaseException, not NoneType",
            ),
        });
    };
    let tb = match tb {
        None => None,
        Some(t) if t.is_none() => None,
        Some(t) if crate::types::is_instance_of(t, &o::traceback::TRACEBACK) => Some(t),
        Some(_) => return Ok(th.type_error("raise: arg 3 must be a traceback or None")),
    };
    let value = value.filter(|v| !v.is_none());
    while let Some(t) = class.payload::<PyTuple>() {
        match t.get().items().first() {
            Some(c) => class = *c,
            None => break,
        }
    }
    if o::exceptions::is_exception_class(class) {
        let c = crate::raised::Caught { class, value, traceback: tb };
        let c = o::exceptions::normalize(th, c)?;
        if !o::exceptions::is_exception_class(c.class) {
            return Ok(th.type_error("exceptions must be old-style classes or derived from BaseException"));
        }
        let v = c.value.unwrap_or(Value::NONE);
        if !o::exceptions::is_exception_instance(v) {
            let name = match c.class.cast::<PyType>() {
                Some(t) => t.name(),
                None => th.repr_text(c.class)?,
            };
            let n = ops::type_name(v);
            return Ok(th.type_error(format!(
                "calling {name}() should have returned an instance of BaseException, not '{n}'"
            )));
        }
        return Ok(th.raise_again(c.class, c.value, c.traceback));
    }
    if o::exceptions::is_exception_instance(class) {
        if value.is_some() {
            return Ok(th.type_error("instance exception may not have a separate value"));
        }
        let k = o::exceptions::class_of(class);
        return Ok(th.raise_again(k, Some(class), tb));
    }
    let n = ops::type_name(class);
    Ok(th.type_error(format!("exceptions must be old-style classes or derived from BaseException, not {n}")))
}

/// COMPARE_OP exception match.
pub fn exception_match(th: &mut Thread, exc: Value, classes: Value) -> PyResult<bool> {
    if !o::exceptions::is_exception_class(classes) {
        let all = classes.payload::<PyTuple>();
        for c in all.map_or(std::slice::from_ref(&classes), |t| t.get().items()) {
            if c.payload::<PyStr>().is_some() {
                let text = "catching of string exceptions is deprecated";
                crate::warnings::warn(th, &o::exceptions::DEPRECATION_WARNING, text, 1)?;
            }
        }
    }
    o::exceptions::matches(th, exc, classes)
}

/// IMPORT_NAME: calls `__builtins__.__import__`.
pub fn import_name(th: &mut Thread, f: *mut Frame, name: Value, from: Value, level: Value) -> PyResult {
    // SAFETY: the top frame.
    let (globals, locals) = unsafe { ((*f).globals, (*f).namespace()) };
    let builtins = super::names::builtins_of(th, globals)?;
    let n = names::__import__.get(th);
    let Some(import) = o::dict::get_str(th, builtins, n)? else {
        return Err(th.import_error("__import__ not found"));
    };
    let locals = locals.unwrap_or(Value::NONE);
    if level.as_small_int() == Some(-1) {
        return ops::call(th, import, &[name, globals, locals, from]);
    }
    ops::call(th, import, &[name, globals, locals, from, level])
}

/// IMPORT_FROM.
pub fn import_from(th: &mut Thread, module: Value, name: Value) -> PyResult {
    match ops::getattr(th, module, name) {
        Ok(v) => Ok(v),
        Err(e) => {
            e.catch_if(th, o::exceptions::ATTRIBUTE_ERROR.class())?;
            let n = lookup::text(th, name);
            Err(th.import_error(format!("cannot import name {n}")))
        }
    }
}

/// IMPORT_STAR.
pub fn import_star(th: &mut Thread, f: *mut Frame, module: Value) -> PyResult<()> {
    // SAFETY: the top frame.
    let target = match unsafe { (*f).namespace() } {
        Some(d) => d,
        None => o::frame::locals_dict(th, f)?,
    };
    let key = names::__all__.get(th);
    let all = match ops::getattr_opt(th, module, key)? {
        Some(a) => ops::collect(th, a)?,
        None => {
            let key = names::__dict__.get(th);
            let Some(d) = ops::getattr_opt(th, module, key)? else {
                return Err(th.import_error("from-import-* object has no __dict__ and no __all__"));
            };
            let keys = ops::call_method(th, d, &names::keys, &[])?;
            let keys = ops::collect(th, keys)?;
            keys.with(|k| k.retain(|w| !is_private(*w)));
            keys
        }
    };
    for i in 0..all.len() {
        let Some(n) = all.get(i).and_then(Value::from_bits) else { continue };
        let n = ops::attribute_name(th, n, "")?;
        let v = ops::getattr(th, module, n)?;
        if o::dict::is_exact(target) {
            o::dict::set_str(th, target, n, v)?;
        } else {
            ops::setitem(th, target, n, Some(v))?;
        }
    }
    // SAFETY: the top frame.
    if unsafe { (*f).namespace() }.is_none() {
        o::frame::locals_to_fast(th, f, target, false)?;
    }
    Ok(())
}

fn is_private(w: u64) -> bool {
    Value::from_bits(w)
        .and_then(|v| v.cast::<PyStr>())
        .is_some_and(|s| s.get().bytes().first() == Some(&b'_'))
}

/// EXEC_STMT.
pub fn exec(th: &mut Thread, f: *mut Frame, code: Value, globals: Value, locals: Value) -> PyResult<()> {
    let (mut code, mut globals, mut locals) = (code, globals, locals);
    if let Some(t) = code.payload::<PyTuple>()
        && globals.is_none()
        && locals.is_none()
        && (2..=3).contains(&t.len)
    {
        let items = t.get().items();
        code = items[0];
        globals = items[1];
        locals = items.get(2).copied().unwrap_or(Value::NONE);
    }
    let mut fast = false;
    if globals.is_none() {
        // SAFETY: the top frame.
        globals = unsafe { (*f).globals };
        if locals.is_none() {
            // A function with exec has a dict of names too, but its variables lie in the frame.
            // SAFETY: the top frame.
            let names = unsafe { (*f).namespace().filter(|_| (*f).fast_len() == 0) };
            locals = match names {
                Some(d) => d,
                None => {
                    fast = true;
                    o::frame::locals_dict(th, f)?
                }
            };
        }
    } else if locals.is_none() {
        locals = globals;
    }
    if !o::dict::is_dict(globals) {
        return Err(th.type_error("exec: arg 2 must be a dictionary or None"));
    }
    if !o::dict::is_dict(locals) && !ops::is_mapping(th, locals)? {
        return Err(th.type_error("exec: arg 3 must be a mapping or None"));
    }
    // SAFETY: the top frame.
    let inherited = unsafe { (*(*f).rt).flags } & syntax::code::flags::FUTURE_MASK;
    super::exec_value(th, code, globals, locals, inherited, super::Mode::Exec)?;
    if fast {
        o::frame::locals_to_fast(th, f, locals, false)?;
    }
    Ok(())
}

/// BUILD_CLASS.
pub fn class(th: &mut Thread, name: Value, bases: Value, dict: Value) -> PyResult {
    let key = names::__metaclass__.get(th);
    let meta = match if o::dict::is_dict(dict) { o::dict::get_str(th, dict, key)? } else { None } {
        Some(m) => m,
        None => {
            let first = bases.cast::<PyTuple>().and_then(|t| t.get().items().first().copied());
            match first {
                Some(b) => {
                    let n = names::__class__.get(th);
                    match ops::getattr_opt(th, b, n)? {
                        Some(c) => c,
                        None => crate::types::type_of(b).value(),
                    }
                }
                None => {
                    // SAFETY: the top frame.
                    let globals = unsafe { (*th.frame).globals };
                    match o::dict::get_str(th, globals, key)? {
                        Some(m) => m,
                        None => o::classobj::CLASSOBJ.class(),
                    }
                }
            }
        }
    };
    match ops::call(th, meta, &[name, bases, dict]) {
        Ok(c) => Ok(c),
        Err(e) => {
            if !th.exception_matches(o::exceptions::TYPE_ERROR.class()) {
                return Err(e);
            }
            let mut c = e.catch(th)?;
            c = o::exceptions::normalize(th, c)?;
            let plain = c.class == o::exceptions::TYPE_ERROR.class();
            let text = match c.value {
                Some(v) if plain => {
                    let s = ops::str(th, v)?;
                    String::from_utf8_lossy(th.str_bytes(s)).into_owned()
                }
                _ => return Err(th.reraise(c)),
            };
            let msg = th.new_str(format!("Error when calling the metaclass bases\n    {text}").as_bytes());
            Err(th.raise_with_traceback(c.class, Some(msg), c.traceback))
        }
    }
}

/// PRINT_EXPR: `sys.displayhook(v)`.
pub fn print_expr(th: &mut Thread, v: Value) -> PyResult<()> {
    let Some(hook) = sys_attribute(th, &names::displayhook)? else {
        return Err(th.runtime_error("lost sys.displayhook"));
    };
    ops::call(th, hook, &[v])?;
    Ok(())
}

/// `sys.NAME`.
pub fn sys_attribute(th: &mut Thread, name: &crate::name::Name) -> PyResult<Slot> {
    let n = name.get(th);
    match th.rt.sys_dict.get() {
        Some(d) => o::dict::get_str(th, d, n),
        None => Ok(None),
    }
}

fn target(th: &mut Thread, to: Slot) -> PyResult {
    match to {
        Some(f) if !f.is_none() => Ok(f),
        _ => match sys_attribute(th, &names::stdout)? {
            Some(f) => Ok(f),
            None => Err(th.runtime_error("lost sys.stdout")),
        },
    }
}

/// PRINT_ITEM and PRINT_ITEM_TO.
pub fn print_item(th: &mut Thread, v: Value, to: Slot) -> PyResult<()> {
    let f = target(th, to)?;
    let space = o::file::soft_space(th, f, false)?;
    // Text first: it may run Python; then one write, so that threads do not tear an item from its space.
    let text = if v.payload::<PyUnicode>().is_some() && !o::file::is_file(f) {
        v
    } else {
        o::file::print_text(th, f, v)?
    };
    if space {
        let s = th.new_str(b" ");
        o::file::write_object(th, f, s)?;
    }
    let ends_line = o::file::ends_with_space_other_than_blank(th, text);
    o::file::write_object(th, f, text)?;
    if !ends_line {
        o::file::soft_space(th, f, true)?;
    }
    Ok(())
}

/// PRINT_NEWLINE and PRINT_NEWLINE_TO.
pub fn print_newline(th: &mut Thread, to: Slot) -> PyResult<()> {
    let f = target(th, to)?;
    let s = th.new_str(b"\n");
    o::file::write_object(th, f, s)?;
    o::file::soft_space(th, f, false)?;
    Ok(())
}

/// LIST_APPEND.
pub fn list_append(th: &mut Thread, l: Value, v: Value) -> PyResult<()> {
    match l.cast::<PyList>() {
        Some(l) => o::list::push(th, l, v),
        None => Err(th.system_error("LIST_APPEND needs a list")),
    }
}

/// SET_ADD.
pub fn set_add(th: &mut Thread, s: Value, v: Value) -> PyResult<()> {
    match s.cast::<PySet>() {
        Some(s) => o::set::add(th, s, v),
        None => Err(th.system_error("SET_ADD needs a set")),
    }
}

/// A set of these values.
pub fn set_of(th: &mut Thread, items: &[Value]) -> PyResult {
    let s = o::set::new_set(th, &o::set::SET);
    for v in items {
        o::set::add(th, s, *v)?;
    }
    Ok(s.value())
}

/// A frozenset of these values.
pub fn frozenset_of(th: &mut Thread, items: &[Value]) -> PyResult {
    let s = o::set::new_set(th, &o::set::FROZENSET);
    for v in items {
        o::set::add(th, s, *v)?;
    }
    Ok(s.value())
}

/// `__builtin__.__import__(name)`, for natives: the module of a name without dots.
pub fn import_module(th: &mut Thread, name: Value) -> PyResult {
    let n = names::__import__.get(th);
    let found = match th.rt.builtins.get() {
        Some(b) => o::dict::get_str(th, b, n)?,
        None => None,
    };
    match found {
        Some(f) => ops::call(th, f, &[name]),
        None => Err(th.import_error("__import__ not found")),
    }
}
