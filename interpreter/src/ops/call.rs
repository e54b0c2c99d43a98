//! Calling from native code. A Python function called from here runs in a nested eval loop (DESIGN §3: correct
//! everywhere; hot callers are native frames instead).

use super::slots_of;
use crate::kinds::kind;
use crate::layout::{PyBuiltin, PyMethod};
use crate::native::{Args, KEYWORDS, MethodDef, VARIADIC};
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::value::Value;
use smallvec::SmallVec;

/// `f(*args)`.
pub fn call(th: &mut Thread, f: Value, args: &[Value]) -> PyResult {
    call_args(th, f, Args { callee: f, pos: args, kw: &[] })
}

/// `f(*args, **kw)`; the arguments stay alive because the caller's slices lie on a stack.
pub fn call_args(th: &mut Thread, f: Value, mut args: Args<'_>) -> PyResult {
    args.callee = f;
    let k = f.kind();
    if k == kind::FUNCTION.index() {
        return crate::eval::call_function(th, f, args);
    }
    th.check_native_stack()?;
    if k == kind::BUILTIN.index()
        && let Some(b) = f.cast::<PyBuiltin>()
    {
        return call_builtin(th, b, args);
    }
    if k == kind::METHOD.index()
        && let Some(m) = f.cast::<PyMethod>()
        && let Some(r) = m.get().receiver
    {
        let mut all: SmallVec<[Value; 8]> = SmallVec::with_capacity(args.pos.len() + 1);
        all.push(r);
        all.extend_from_slice(args.pos);
        // Values in a spilled SmallVec are also held by the caller's arguments and the method.
        return call_args(th, m.get().func, Args { callee: m.get().func, pos: &all, kw: args.kw });
    }
    match slots_of(f).call {
        Some(c) => {
            th.enter_recursive("")?;
            let r = c(th, f, args);
            th.leave_recursive();
            r
        }
        None => {
            let n = super::type_name(f);
            Err(th.type_error(format!("'{n}' object is not callable")))
        }
    }
}

/// Calls a native: puts the receiver in front, checks the arity of its row.
pub fn call_builtin(th: &mut Thread, b: crate::layout::Ref<PyBuiltin>, args: Args<'_>) -> PyResult {
    let b = b.get();
    match b.receiver {
        Some(r) => {
            let mut all: SmallVec<[Value; 8]> = SmallVec::with_capacity(args.pos.len() + 1);
            all.push(r);
            all.extend_from_slice(args.pos);
            check_arity(th, b.def, args.pos.len(), !args.kw.is_empty())?;
            (b.def.func)(th, Args { callee: args.callee, pos: &all, kw: args.kw })
        }
        None if crate::types::is_method_descriptor(args.callee) => {
            // An unbound method of a built-in type: the first argument is self.
            crate::types::check_descriptor_self(th, args)?;
            check_arity(th, b.def, args.pos.len() - 1, !args.kw.is_empty())?;
            (b.def.func)(th, args)
        }
        None => {
            check_arity(th, b.def, args.pos.len(), !args.kw.is_empty())?;
            (b.def.func)(th, args)
        }
    }
}

/// Raises TypeError in CPython's words if the row does not take that many arguments.
#[inline(always)]
pub fn check_arity(th: &mut Thread, d: &MethodDef, n: usize, kw: bool) -> Result<(), Raised> {
    if n < d.min as usize || (n > d.max as usize && d.max != VARIADIC) || (kw && d.flags & KEYWORDS == 0) {
        return Err(bad_arity(th, d, n, kw));
    }
    Ok(())
}

#[cold]
fn bad_arity(th: &mut Thread, d: &MethodDef, n: usize, kw: bool) -> Raised {
    let name = d.name;
    if d.flags & crate::native::WRAPPER != 0 {
        if kw && d.flags & KEYWORDS == 0 {
            return th.type_error(format!("wrapper {name} doesn't take keyword arguments"));
        }
        match name {
            "__getslice__" | "__setslice__" | "__delslice__" => {
                let min = d.min;
                return th.type_error(format!("function takes exactly {min} arguments ({n} given)"));
            }
            // CPython unpacks these for a function without a name.
            "__setitem__" | "__setattr__" | "__set__" => {
                return th.type_error(format!(" expected {} arguments, got {n}", d.min));
            }
            _ if d.min == d.max => {
                return th.type_error(format!("expected {} arguments, got {n}", d.min));
            }
            _ => {}
        }
    }
    if kw && d.flags & KEYWORDS == 0 {
        return th.type_error(format!("{name}() takes no keyword arguments"));
    }
    let (min, max) = (d.min as usize, d.max as usize);
    if max == 0 {
        return th.type_error(format!("{name}() takes no arguments ({n} given)"));
    }
    if d.flags & crate::native::UNPACKED != 0 {
        let (word, bound) = match n < min {
            _ if min == max => ("", min),
            true => ("at least ", min),
            false => ("at most ", max),
        };
        return th.type_error(format!("{name} expected {word}{bound} arguments, got {n}"));
    }
    if min == max {
        if min == 1 && d.flags & crate::native::PARSED != 0 {
            return th.type_error(format!("{name}() takes exactly 1 argument ({n} given)"));
        }
        if min == 1 {
            return th.type_error(format!("{name}() takes exactly one argument ({n} given)"));
        }
        return th.type_error(format!("{name}() takes exactly {min} arguments ({n} given)"));
    }
    let (word, bound) = if n < min { ("at least", min) } else { ("at most", max) };
    let s = if bound == 1 { "" } else { "s" };
    th.type_error(format!("{name}() takes {word} {bound} argument{s} ({n} given)"))
}

/// `callable(v)`.
pub fn callable(th: &mut Thread, v: Value) -> bool {
    if crate::objects::instance::is_old_style(v) {
        let n = crate::names::__call__.get(th);
        return crate::objects::instance::has_attribute(th, v, n);
    }
    slots_of(v).call.is_some()
}
