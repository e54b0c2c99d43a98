//! Laying frames on the value stack: argument binding as the language defines it.

use super::code::{CodeRuntime, runtime_of};
use super::frame::{FRAME_WORDS, Frame};
use crate::layout::*;
use crate::native::Args;
use crate::objects::dict;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::value::{Slot, Value};
use syntax::code::flags as co;

/// First free word of the value stack.
#[inline(always)]
pub fn stack_top(th: &Thread) -> *mut Slot {
    if th.frame.is_null() {
        th.stack_base
    } else {
        // SAFETY: the top frame is live; F1.
        unsafe { (*th.frame).sp }
    }
}

/// The runtime form of a function's code; SystemError for code that cannot be run.
#[inline(always)]
pub fn runtime(th: &mut Thread, c: Ref<PyCode>) -> Result<&'static CodeRuntime, Raised> {
    match runtime_of(c) {
        Ok(r) => Ok(r),
        Err(e) => Err(th.system_error(e.0)),
    }
}

/// Whether the value stack has room for a frame whose locals begin at `locals`.
#[inline(always)]
fn has_room(th: &Thread, rt: &CodeRuntime, locals: *mut Slot) -> bool {
    (th.stack_end as usize).wrapping_sub(locals as usize) / 8 >= rt.frame_words() + 64
}

/// Checks depth and room for a frame whose locals begin at `locals`.
#[inline(always)]
fn check_room(th: &mut Thread, rt: &CodeRuntime, locals: *mut Slot) -> PyResult<()> {
    if th.depth >= th.rt.recursion_limit() || !has_room(th, rt, locals) {
        return Err(th.recursion_error(""));
    }
    Ok(())
}

/// Writes the frame header after the locals and makes it the top frame. Locals and cells are in place.
///
/// # Safety
/// Room was checked; `locals` lies at or after the current stack top's arguments.
#[inline(always)]
pub unsafe fn link(
    th: &mut Thread,
    rt: &'static CodeRuntime,
    code: Value,
    globals: Value,
    locals: *mut Slot,
    ret: *mut Slot,
    owner: Slot,
    flags: u32,
) -> *mut Frame {
    // SAFETY: the caller's promise.
    unsafe {
        let f = locals.add((rt.nlocals + rt.ncells + rt.nfree) as usize) as *mut Frame;
        let stack = (f as *mut Slot).add(FRAME_WORDS + rt.max_blocks as usize);
        f.write(Frame {
            prev: th.frame,
            locals,
            stack_base: stack,
            sp: stack,
            ret,
            rt,
            ip: rt.instructions.as_ptr().wrapping_sub(1),
            flags,
            nblocks: 0,
            trace_line: -1,
            reported_line: 0,
            code,
            globals,
            names: None,
            object: None,
            owner,
            exc: [None; 3],
        });
        // The caller's operands from here on are the callee's now: its header may lie over some (F2).
        if let Some(caller) = th.frame.as_mut()
            && locals < caller.sp
            && locals >= caller.stack_base
        {
            caller.sp = locals;
        }
        th.frame = f;
        th.depth += 1;
        f
    }
}

/// Puts the defaults of a function after `na` positional arguments at `locals`; false if that cannot complete them (or
/// there are too many).
///
/// # Safety
/// The arguments lie at `locals`, at the end of the operand stack.
#[inline]
pub unsafe fn fill_defaults(
    th: &Thread,
    func: Ref<PyFunction>,
    rt: &CodeRuntime,
    locals: *mut Slot,
    na: usize,
) -> bool {
    let argcount = rt.argcount as usize;
    let Some(defaults) = func.fields().defaults.get().cast::<PyTuple>() else { return false };
    let items = defaults.get().items();
    let Some(missing) = argcount.checked_sub(na).filter(|n| *n <= items.len()) else { return false };
    if !has_room(th, rt, locals) {
        return false;
    }
    for (i, v) in items[items.len() - missing..].iter().enumerate() {
        // SAFETY: there is room for the whole frame.
        unsafe { *locals.add(na + i) = Some(*v) };
    }
    true
}

/// The frame of a function called with exactly its positional parameters, which already lie at `locals`.
///
/// # Safety
/// `rt.simple`, and `rt.argcount` arguments lie at `locals`.
#[inline(always)]
pub unsafe fn push_simple(
    th: &mut Thread,
    func: Ref<PyFunction>,
    rt: &'static CodeRuntime,
    locals: *mut Slot,
    ret: *mut Slot,
    flags: u32,
) -> PyResult<()> {
    check_room(th, rt, locals)?;
    let f = func.fields();
    // SAFETY: room was checked.
    unsafe {
        for i in rt.argcount as usize..rt.nlocals as usize {
            *locals.add(i) = None;
        }
        if rt.nfree != 0 {
            fill_free(rt, f.closure.get(), locals);
        }
        link(th, rt, f.code.get(), f.globals.get(), locals, ret, Some(func.value()), flags);
    }
    Ok(())
}

/// The frame of a function for any call. The arguments may lie at `locals` or elsewhere on a stack; they are copied
/// before anything is overwritten.
pub fn push_function(
    th: &mut Thread,
    func: Ref<PyFunction>,
    args: Args<'_>,
    locals: *mut Slot,
    ret: *mut Slot,
    flags: u32,
) -> PyResult<*mut Frame> {
    let f = func.fields();
    // SAFETY: `code` of a function is a code object.
    let code: Ref<PyCode> = unsafe { f.code.get().cast_unchecked() };
    let rt = runtime(th, code)?;
    check_room(th, rt, locals)?;
    let copy: smallvec::SmallVec<[Value; 16]> = args.pos.iter().copied().collect();
    let kw: smallvec::SmallVec<[Value; 16]> = args.kw.iter().copied().collect();
    bind(th, func, rt, &copy, &kw, locals)?;
    fill_cells(th, rt, f.closure.get(), locals);
    // SAFETY: room was checked, locals and cells are in place.
    let frame =
        unsafe { link(th, rt, f.code.get(), f.globals.get(), locals, ret, Some(func.value()), flags) };
    if rt.flags & co::OPTIMIZED == 0 {
        // A class body, or code that was not compiled as a function: names live in a dict.
        let names = if rt.flags & co::NEWLOCALS != 0 { th.new_dict() } else { f.globals.get() };
        // SAFETY: just pushed.
        unsafe {
            (*frame).names = Some(names);
            (*frame).flags |= super::frame::flag::NAMESPACE;
        }
    }
    Ok(frame)
}

/// Makes the cells of a frame and takes over the free variables of its closure.
pub fn fill_cells(th: &Thread, rt: &CodeRuntime, closure: Value, locals: *mut Slot) {
    // SAFETY: room was checked by the caller; cells follow the locals.
    unsafe {
        let cells = locals.add(rt.nlocals as usize);
        for (i, a) in rt.cell_args.iter().enumerate() {
            let init = if *a == u32::MAX { None } else { *locals.add(*a as usize) };
            *cells.add(i) = Some(th.new_cell(init));
        }
        fill_free(rt, closure, locals);
    }
}

/// Takes over the free variables of a closure.
///
/// # Safety
/// Room was checked by the caller.
#[inline]
unsafe fn fill_free(rt: &CodeRuntime, closure: Value, locals: *mut Slot) {
    let t = closure.cast::<PyTuple>();
    for i in 0..rt.nfree as usize {
        // SAFETY: they follow the cells, which follow the locals.
        unsafe {
            *locals.add((rt.nlocals + rt.ncells) as usize + i) =
                t.and_then(|t| t.get().items().get(i).copied());
        }
    }
}

/// Binds arguments to parameters (language reference 5.3.4), writing all locals.
fn bind(
    th: &mut Thread,
    func: Ref<PyFunction>,
    rt: &CodeRuntime,
    pos: &[Value],
    kw: &[Value],
    locals: *mut Slot,
) -> PyResult<()> {
    let f = func.fields();
    let argcount = rt.argcount as usize;
    let nlocals = rt.nlocals as usize;
    let has_var = rt.flags & co::VARARGS != 0;
    let has_kw = rt.flags & co::VARKEYWORDS != 0;
    let ndefaults = f.defaults.get().cast::<PyTuple>().map_or(0, |t| t.len);
    let nkw = kw.len() / 2;
    if pos.len() > argcount && !has_var {
        return Err(wrong_count(th, func, argcount, ndefaults, pos.len() + nkw, false, rt.flags));
    }
    let take = pos.len().min(argcount);
    let put = |i: usize, v: Slot| {
        debug_assert!(i < nlocals);
        // SAFETY: `locals` has room for `nlocals` slots.
        unsafe { *locals.add(i) = v }
    };
    for (i, v) in pos[..take].iter().enumerate() {
        put(i, Some(*v));
    }
    for i in take..nlocals {
        put(i, None);
    }
    let mut at = argcount;
    if has_var {
        let rest = th.try_tuple(&pos[take..])?;
        put(at, Some(rest));
        at += 1;
    }
    let kwdict = if has_kw {
        let d = th.new_dict();
        put(at, Some(d));
        Some(d)
    } else {
        None
    };
    if nkw > 0 {
        if argcount == 0 && !has_var && !has_kw {
            let n = String::from_utf8_lossy(th.str_bytes(f.name.get())).into_owned();
            let given = pos.len() + nkw;
            return Err(th.type_error(format!("{n}() takes no arguments ({given} given)")));
        }
        // SAFETY: `code` of a function is a code object.
        let code: Ref<PyCode> = unsafe { f.code.get().cast_unchecked() };
        let names = code.get().varnames.cast::<PyTuple>();
        let params: &[Value] = names.map_or(&[], |t| &t.get().items()[..argcount.min(t.len)]);
        for p in kw.chunks_exact(2) {
            let (name, v) = (p[0], p[1]);
            if name.payload::<PyStr>().is_none() && name.payload::<PyUnicode>().is_none() {
                let n = th.str_bytes(f.name.get());
                return Err(
                    th.type_error(format!("{}() keywords must be strings", String::from_utf8_lossy(n)))
                );
            }
            let key = crate::native::keyword_name(th, name);
            let found = params
                .iter()
                .position(|q| *q == name)
                .or_else(|| params.iter().position(|q| th.str_bytes(*q) == &*key));
            match (found, kwdict) {
                (Some(i), _) => {
                    // SAFETY: i < argcount <= nlocals.
                    if unsafe { (*locals.add(i)).is_some() } {
                        let n = String::from_utf8_lossy(th.str_bytes(f.name.get())).into_owned();
                        return Err(th.type_error(format!(
                            "{n}() got multiple values for keyword argument '{}'",
                            String::from_utf8_lossy(&key)
                        )));
                    }
                    put(i, Some(v));
                }
                (None, Some(d)) => dict::set(th, d, name, v)?,
                (None, None) => {
                    let n = String::from_utf8_lossy(th.str_bytes(f.name.get())).into_owned();
                    let k = String::from_utf8_lossy(&key).into_owned();
                    return Err(th.type_error(format!("{n}() got an unexpected keyword argument '{k}'")));
                }
            }
        }
    }
    if pos.len() < argcount {
        let required = argcount.saturating_sub(ndefaults);
        // SAFETY: i < argcount <= nlocals.
        let missing = (0..required).any(|i| unsafe { (*locals.add(i)).is_none() });
        if missing {
            // SAFETY: as above.
            let given = (0..argcount).filter(|i| unsafe { (*locals.add(*i)).is_some() }).count();
            return Err(wrong_count(th, func, argcount, ndefaults, given, true, rt.flags));
        }
        if let Some(t) = f.defaults.get().cast::<PyTuple>() {
            for (j, v) in t.get().items().iter().enumerate() {
                let i = required + j;
                // SAFETY: as above.
                if i < argcount && unsafe { (*locals.add(i)).is_none() } {
                    put(i, Some(*v));
                }
            }
        }
    }
    Ok(())
}

/// Too many arguments, or (`missing`) too few.
#[cold]
fn wrong_count(
    th: &mut Thread,
    func: Ref<PyFunction>,
    argcount: usize,
    ndefaults: usize,
    given: usize,
    missing: bool,
    flags: u32,
) -> Raised {
    let n = String::from_utf8_lossy(th.str_bytes(func.fields().name.get())).into_owned();
    if argcount == 0 && flags & (co::VARARGS | co::VARKEYWORDS) == 0 {
        return th.type_error(format!("{n}() takes no arguments ({given} given)"));
    }
    let (word, bound) = match missing {
        _ if ndefaults == 0 && flags & co::VARARGS == 0 => ("exactly", argcount),
        true => ("at least", argcount.saturating_sub(ndefaults)),
        false => ("at most", argcount),
    };
    let s = if bound == 1 { "" } else { "s" };
    th.type_error(format!("{n}() takes {word} {bound} argument{s} ({given} given)"))
}
