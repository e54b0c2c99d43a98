//! Calls from the operand stack: callable, positional arguments, then keyword names and values alternating.
//!
//! Python functions, `__init__` of classes and bound methods continue in the same eval loop; natives get a view of
//! the stack. A bound receiver takes the callable's own slot, so that nothing is moved; if the native has to be run
//! again (`Retry`, `Outside`) the slot is put back first. The result goes to `ret`: the callable's slot or one below it.

use super::code::CodeRuntime;
use super::frame::flag;
use super::{generator, push};
use crate::kinds::kind;
use crate::layout::*;
use crate::native::{Args, BLOCKS, RETRY};
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::{flag as tflag, lookup};
use crate::value::{Slot, Value};
use syntax::code::flags as co;

/// A view of operands as values.
///
/// # Safety
/// All `n` slots from `p` hold values and stay there for the call.
#[inline(always)]
unsafe fn view<'a>(p: *mut Slot, n: usize) -> &'a [Value] {
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(p as *const Value, n) }
}

/// Calls what lies at `callable`. `None`: a frame was pushed, the eval loop goes on with it.
pub fn call_stack(
    th: &mut Thread,
    callable: *mut Slot,
    ret: *mut Slot,
    na: usize,
    nk: usize,
) -> PyResult<Slot> {
    // SAFETY: operands by F2.
    let fv = unsafe { (*callable).unwrap_unchecked() };
    // SAFETY: as above.
    let (pos, kw) = unsafe { (view(callable.add(1), na), view(callable.add(1 + na), 2 * nk)) };
    let args = Args { callee: fv, pos, kw };
    let k = fv.kind();
    if k == kind::FUNCTION.index() {
        // SAFETY: the kind was checked.
        let func = unsafe { fv.cast_unchecked::<PyFunction>() };
        // SAFETY: locals may begin after the callable.
        return push_call(th, func, args, unsafe { callable.add(1) }, ret, 0);
    }
    if k == kind::BUILTIN.index() {
        // SAFETY: the kind was checked.
        let b = unsafe { fv.cast_unchecked::<PyBuiltin>() };
        return call_builtin(th, b, callable, args).map(Some);
    }
    if k == kind::METHOD.index() {
        // SAFETY: the kind was checked.
        let m = unsafe { fv.cast_unchecked::<PyMethod>() };
        if let Some(r) = m.receiver {
            if let Some(func) = m.func.cast::<PyFunction>() {
                // SAFETY: the receiver takes the callable's slot.
                let pos = unsafe {
                    *callable = Some(r);
                    view(callable, na + 1)
                };
                let args = Args { callee: m.func, pos, kw };
                let res = push_call(th, func, args, callable, ret, 0);
                if res.is_err() {
                    // SAFETY: put the callable back: the instruction may be run again.
                    unsafe { *callable = Some(fv) };
                }
                return res;
            }
            return ops::call_args(th, fv, args).map(Some);
        }
    }
    if k == kind::TYPE.index() {
        // SAFETY: the kind was checked.
        let t = unsafe { fv.cast_unchecked::<PyType>() };
        if let Some(func) = plain_construction(th, t) {
            return construct(th, t, func, callable, ret, na, kw);
        }
    }
    ops::call_args(th, fv, args).map(Some)
}

/// Pushes a function's frame, or makes its generator.
fn push_call(
    th: &mut Thread,
    func: Ref<PyFunction>,
    args: Args<'_>,
    locals: *mut Slot,
    ret: *mut Slot,
    flags: u32,
) -> PyResult<Slot> {
    let f = push::push_function(th, func, args, locals, ret, flags)?;
    // SAFETY: just pushed.
    let rt: &CodeRuntime = unsafe { &*(*f).rt };
    if rt.flags & co::GENERATOR != 0 {
        return generator::from_frame(th, f).map(Some);
    }
    if th.use_tracing {
        super::trace::call_event(th)?;
    }
    if super::poll::needed(th) {
        super::poll::at_boundary(th)?;
    }
    Ok(None)
}

/// Runs a native on a view of the stack.
fn call_builtin(th: &mut Thread, b: Ref<PyBuiltin>, callable: *mut Slot, args: Args<'_>) -> PyResult {
    let b = b.get();
    let fv = args.callee;
    let reported = th.use_tracing && !crate::types::is_method_descriptor(fv);
    if reported {
        super::trace::c_call(th, fv)?;
    }
    if b.def.flags & (BLOCKS | RETRY) != 0 {
        th.outside.replayable = b.def.flags & BLOCKS != 0 && th.at_owner_loop();
        th.m.tx.set_retry_ok(b.def.flags & RETRY != 0 && th.at_owner_loop());
    }
    let r = match b.receiver {
        Some(recv) => match ops::check_arity(th, b.def, args.pos.len(), !args.kw.is_empty()) {
            Ok(()) => {
                // SAFETY: the receiver takes the callable's slot for the call.
                let pos = unsafe {
                    *callable = Some(recv);
                    view(callable, args.pos.len() + 1)
                };
                let r = (b.def.func)(th, Args { callee: fv, pos, kw: args.kw });
                // SAFETY: put back.
                unsafe { *callable = Some(fv) };
                r
            }
            Err(e) => Err(e),
        },
        None => {
            let skip = if crate::types::is_method_descriptor(fv) {
                crate::types::check_descriptor_self(th, args).map(|()| 1)
            } else {
                Ok(0)
            };
            match skip.and_then(|s| ops::check_arity(th, b.def, args.pos.len() - s, !args.kw.is_empty())) {
                Ok(()) => {
                    th.called_by_loop = (b.def.flags & BLOCKS != 0).then_some(b.def.func);
                    (b.def.func)(th, args)
                }
                Err(e) => Err(e),
            }
        }
    };
    if b.def.flags & (BLOCKS | RETRY) != 0 {
        th.called_by_loop = None;
        th.outside.replayable = false;
        th.m.tx.set_retry_ok(false);
        th.outside.bytecode_done(&r, th.unwind.get());
    }
    if reported {
        return super::trace::c_return(th, fv, r);
    }
    r
}

/// Calls a built-in method found on the class of its receiver, which lies after it. Nothing is reported to trace functions.
#[inline]
pub fn call_method_builtin(
    th: &mut Thread,
    b: Ref<PyBuiltin>,
    callable: *mut Slot,
    na: usize,
    nk: usize,
) -> PyResult {
    let def = b.get().def;
    // SAFETY: operands by F2; the receiver is one more.
    let (pos, kw) = unsafe { (view(callable.add(1), na + 1), view(callable.add(2 + na), 2 * nk)) };
    ops::check_arity(th, def, na, nk != 0)?;
    let args = Args { callee: b.value(), pos, kw };
    if def.flags & (BLOCKS | RETRY) == 0 {
        return (def.func)(th, args);
    }
    th.outside.replayable = def.flags & BLOCKS != 0 && th.at_owner_loop();
    th.m.tx.set_retry_ok(def.flags & RETRY != 0 && th.at_owner_loop());
    let r = (def.func)(th, args);
    th.outside.replayable = false;
    th.m.tx.set_retry_ok(false);
    th.outside.bytecode_done(&r, th.unwind.get());
    r
}

/// Calls for an instruction that has written nothing and called no Python yet: natives that ask for it may have it run
/// again.
pub fn call_restartable(th: &mut Thread, f: Value, args: &[Value]) -> PyResult {
    let flags = f.cast::<PyBuiltin>().map_or(0, |b| b.def.flags & (BLOCKS | RETRY));
    if flags == 0 {
        return ops::call(th, f, args);
    }
    th.outside.replayable = flags & BLOCKS != 0 && th.at_owner_loop();
    th.m.tx.set_retry_ok(flags & RETRY != 0 && th.at_owner_loop());
    let r = ops::call(th, f, args);
    th.outside.replayable = false;
    th.m.tx.set_retry_ok(false);
    th.outside.bytecode_done(&r, th.unwind.get());
    r
}

/// For a class whose construction is `object.__new__` plus a Python `__init__`: that function.
#[inline]
fn plain_construction(th: &mut Thread, t: Ref<PyType>) -> Option<Ref<PyFunction>> {
    let u = t.unguarded();
    let flags = u.flags.get();
    if flags & (tflag::HEAP | tflag::PAYLOAD | tflag::ABSTRACT) != tflag::HEAP {
        return None;
    }
    let s = t.slots();
    if s.new.map(|f| f as usize) != Some(o::object::new as *const () as usize)
        || s.init.map(|f| f as usize) != Some(crate::types::dispatch::init as *const () as usize)
        || crate::types::type_of(t.value()).value() != o::typeobject::TYPE.class()
    {
        return None;
    }
    let n = crate::names::__init__.get(th);
    let f = lookup::type_lookup(th, t, n)?.cast::<PyFunction>()?;
    // One with `exec` has a dict of names, which its frame keeps where that of a constructor keeps the instance.
    let code = f.fields().code.get().cast::<PyCode>()?;
    (code.get().flags & co::OPTIMIZED != 0).then_some(f)
}

/// Allocates the instance and pushes the frame of `__init__`.
fn construct(
    th: &mut Thread,
    t: Ref<PyType>,
    func: Ref<PyFunction>,
    callable: *mut Slot,
    ret: *mut Slot,
    na: usize,
    kw: &[Value],
) -> PyResult<Slot> {
    let inst = o::instance::allocate(th, t, None).value();
    // SAFETY: the instance takes the callable's slot.
    let pos = unsafe {
        *callable = Some(inst);
        view(callable, na + 1)
    };
    let args = Args { callee: func.value(), pos, kw };
    match push::push_function(th, func, args, callable, ret, flag::INIT) {
        Ok(f) => {
            // SAFETY: just pushed.
            unsafe {
                (*f).names = Some(inst);
                if (*(*f).rt).flags & co::GENERATOR != 0 {
                    generator::from_frame(th, f)?;
                    *callable = Some(t.value());
                    return Err(th.type_error("__init__() should return None, not 'generator'"));
                }
            }
            if th.use_tracing {
                super::trace::call_event(th)?;
            }
            if super::poll::needed(th) {
                super::poll::at_boundary(th)?;
            }
            Ok(None)
        }
        Err(e) => {
            // SAFETY: put back: the instruction may be run again.
            unsafe { *callable = Some(t.value()) };
            Err(e)
        }
    }
}

/// Calls with `*args` and/or `**kw` on top of the ordinary operands.
pub fn call_extended(
    th: &mut Thread,
    callable: *mut Slot,
    na: usize,
    nk: usize,
    var: bool,
    kw: bool,
) -> PyResult<Slot> {
    // SAFETY: operands by F2.
    let fv = unsafe { (*callable).unwrap_unchecked() };
    // SAFETY: as above.
    let (pos, pairs) = unsafe { (view(callable.add(1), na), view(callable.add(1 + na), 2 * nk)) };
    let extra = 1 + na + 2 * nk;
    let all = th.m.root_vec();
    pos.iter().for_each(|v| all.push(v.bits()));
    if var {
        // SAFETY: as above.
        let star = unsafe { (*callable.add(extra)).unwrap_unchecked() };
        star_arguments(th, fv, star, &all)?;
    }
    let keywords = th.m.root_vec();
    pairs.iter().for_each(|v| keywords.push(v.bits()));
    if kw {
        // SAFETY: as above.
        let star = unsafe { (*callable.add(extra + var as usize)).unwrap_unchecked() };
        double_star_arguments(th, fv, star, &keywords)?;
    }
    let args = Args { callee: fv, pos: ops::values(&all), kw: ops::values(&keywords) };
    if let Some(func) = fv.cast::<PyFunction>() {
        // SAFETY: locals may begin after the callable.
        return push_call(th, func, args, unsafe { callable.add(1) }, callable, 0);
    }
    if let Some(m) = fv.cast::<PyMethod>()
        && let (Some(r), Some(func)) = (m.receiver, m.func.cast::<PyFunction>())
    {
        all.with(|v| v.insert(0, r.bits()));
        let args = Args { callee: m.func, pos: ops::values(&all), kw: args.kw };
        // SAFETY: as above.
        return push_call(th, func, args, unsafe { callable.add(1) }, callable, 0);
    }
    let reported =
        th.use_tracing && fv.cast::<PyBuiltin>().is_some() && !crate::types::is_method_descriptor(fv);
    if reported {
        super::trace::c_call(th, fv)?;
        let r = ops::call_args(th, fv, args);
        return super::trace::c_return(th, fv, r).map(Some);
    }
    ops::call_args(th, fv, args).map(Some)
}

/// Appends the items of `*args`.
fn star_arguments(th: &mut Thread, f: Value, star: Value, out: &gc_stm::RootVec) -> PyResult<()> {
    match ops::extend(th, out, star) {
        Ok(()) => Ok(()),
        Err(e) => {
            // As CPython: whatever TypeError comes is taken to say that it cannot be iterated over, but for a generator's.
            if star.cast::<PyGenerator>().is_some() {
                return Err(e);
            }
            e.catch_if(th, o::exceptions::TYPE_ERROR.class())?;
            let (name, t) = (function_name(th, f), ops::type_name(star));
            Err(th.type_error(format!("{name} argument after * must be an iterable, not {t}")))
        }
    }
}

/// Appends the pairs of `**kw`.
fn double_star_arguments(th: &mut Thread, f: Value, star: Value, out: &gc_stm::RootVec) -> PyResult<()> {
    let d = if o::dict::is_dict(star) {
        star
    } else {
        let n = crate::names::keys.get(th);
        if ops::getattr_opt(th, star, n)?.is_none() {
            let (name, t) = (function_name(th, f), ops::type_name(star));
            return Err(th.type_error(format!("{name} argument after ** must be a mapping, not {t}")));
        }
        let d = th.new_dict();
        o::dict::merge(th, d, star)?;
        d
    };
    let mut at = 0;
    let given = out.len() / 2;
    while let Some((k, v)) = o::dict::next_entry(th, d, &mut at)? {
        if k.payload::<PyStr>().is_none() && k.payload::<PyUnicode>().is_none() {
            let name = function_name(th, f);
            return Err(th.type_error(format!("{name} keywords must be strings")));
        }
        for i in 0..given {
            if let Some(n) = out.get(2 * i).and_then(Value::from_bits)
                && crate::native::keyword_name(th, n) == crate::native::keyword_name(th, k)
            {
                let (name, key) = (function_name(th, f), lookup::text(th, k));
                return Err(th.type_error(format!("{name} got multiple values for keyword argument '{key}'")));
            }
        }
        out.push(k.bits());
        out.push(v.bits());
    }
    Ok(())
}

/// `name()` as messages show a callable.
pub fn function_name(th: &mut Thread, f: Value) -> String {
    let text = |v: Value| {
        v.cast::<PyStr>().map_or(String::new(), |s| String::from_utf8_lossy(s.get().bytes()).into_owned())
    };
    if let Some(x) = f.cast::<PyFunction>() {
        return format!("{}()", text(x.fields().name.get()));
    }
    if let Some(m) = f.cast::<PyMethod>() {
        return function_name(th, m.func);
    }
    if let Some(b) = f.cast::<PyBuiltin>() {
        return format!("{}()", b.def.name);
    }
    if let Some(t) = f.cast::<PyType>() {
        return format!("{} object", t.name());
    }
    let t = ops::type_name(f);
    format!("{t} object")
}

impl Thread {
    /// Whether the running eval loop owns the checkpoint, so that an instruction of it may be run again.
    #[inline]
    pub fn at_owner_loop(&self) -> bool {
        self.checkpoint.loop_depth == self.loop_depth
    }
}
