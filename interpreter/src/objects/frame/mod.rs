//! `frame`: the view of a Python frame that may outlive it.
//!
//! A frame object refers to a live frame on the value stack only while that frame runs or waits there (`live`), and only
//! for its own thread (PITFALLS 9): another thread that asks gets a copy (threads/foreign.rs). When the frame ends, or its
//! generator is suspended, locals and cells are copied into the object under its write barrier.

mod jump;

use crate::eval::code::line_of;
use crate::eval::frame::{Frame, flag};
use crate::kinds::kind;
use crate::layout::*;
use crate::native::{Args, GetSetDef, MethodDef, NO_NEW, TypeDef};
use crate::objects as o;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

/// `frame`.
pub static FRAME: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable::EMPTY,
    methods: &[MethodDef::new("clear", clear, 0, 0, 0, "")],
    getset: &[
        GetSetDef {
            name: "f_code",
            get: |th, v| Ok(as_frame(th, v)?.read(th)?.code.get().unwrap_or(Value::NONE)),
            set: Some(crate::native::read_only),
            doc: "",
        },
        GetSetDef {
            name: "f_globals",
            get: |th, v| Ok(as_frame(th, v)?.read(th)?.globals.get().unwrap_or(Value::NONE)),
            set: Some(crate::native::read_only),
            doc: "",
        },
        GetSetDef { name: "f_builtins", get: builtins, set: Some(crate::native::read_only), doc: "" },
        GetSetDef { name: "f_back", get: back, set: Some(crate::native::read_only), doc: "" },
        GetSetDef { name: "f_locals", get: locals, set: None, doc: "" },
        GetSetDef { name: "f_lasti", get: lasti, set: Some(crate::native::read_only), doc: "" },
        GetSetDef { name: "f_lineno", get: lineno, set: Some(jump::set_lineno), doc: "" },
        GetSetDef {
            name: "f_trace",
            get: |th, v| Ok(as_frame(th, v)?.read(th)?.trace.get().unwrap_or(Value::NONE)),
            set: Some(set_trace_attr),
            doc: "",
        },
        GetSetDef { name: "f_exc_type", get: |th, v| exc(th, v, 0), set: None, doc: "" },
        GetSetDef { name: "f_exc_value", get: |th, v| exc(th, v, 1), set: None, doc: "" },
        GetSetDef { name: "f_exc_traceback", get: |th, v| exc(th, v, 2), set: None, doc: "" },
        GetSetDef { name: "f_restricted", get: |_, _| Ok(Value::FALSE), set: None, doc: "" },
    ],
    ..TypeDef::new("frame", kind::FRAME)
};

fn as_frame(th: &mut Thread, v: Value) -> PyResult<Ref<PyFrame>> {
    match v.cast::<PyFrame>() {
        Some(f) => Ok(f),
        None => Err(th.type_error("a frame is needed")),
    }
}

/// The frame object of a live frame of this thread, made if need be.
pub fn object_of(th: &mut Thread, f: *mut Frame) -> Value {
    // SAFETY: a live frame of this thread.
    unsafe {
        if let Some(o) = (*f).object {
            return o;
        }
        let r: Ref<PyFrame> = th.alloc_fixed(FRAME.class_bits(), round16(size_of::<PyFrame>()));
        let u = r.unguarded();
        u.code.set(Some((*f).code));
        u.globals.set(Some((*f).globals));
        u.owner.set(th.ident);
        u.live.set(f);
        u.locals.set((*f).namespace());
        (*f).object = Some(r.value());
        r.value()
    }
}

/// The live frame behind a frame object, for its own thread.
fn live(th: &mut Thread, r: Ref<PyFrame>) -> PyResult<Option<*mut Frame>> {
    let u = r.read(th)?;
    let f = u.live.get();
    if f.is_null() || u.owner.get() != th.ident { Ok(None) } else { Ok(Some(f)) }
}

/// As [`live`]; if the frame runs in another thread, the object is brought up to date.
fn look(th: &mut Thread, r: Ref<PyFrame>) -> PyResult<Option<*mut Frame>> {
    let u = r.read(th)?;
    if !u.live.get().is_null() && u.owner.get() != th.ident {
        crate::threads::foreign::refresh(th, u.owner.get())?;
        return Ok(None);
    }
    live(th, r)
}

/// Copies what outlives the frame into its object: locals, cells, position, the frame below.
fn copy_state(th: &mut Thread, r: Ref<PyFrame>, f: *mut Frame) -> PyResult<()> {
    // SAFETY: a live frame of this thread.
    unsafe {
        let n = (*f).fast_len();
        let items: Vec<Value> = (0..n).map(|i| (*(*f).locals.add(i)).unwrap_or(UNBOUND)).collect();
        let values = th.try_tuple(&items)?;
        let (lasti, line) = ((*f).last_offset(), (*f).line());
        let u = r.write(th)?;
        u.values.set(Some(values));
        u.lasti.set(lasti);
        u.lineno.set(line);
        u.live.set(std::ptr::null_mut());
    }
    Ok(())
}

/// Stands for an unbound local in a saved tuple.
const UNBOUND: Value = Value::UNBOUND;

/// The frame is about to be popped.
pub fn detach(th: &mut Thread, f: *mut Frame) {
    // SAFETY: a live frame of this thread.
    unsafe {
        let Some(r) = (*f).object.and_then(|o| o.cast::<PyFrame>()) else { return };
        let back = (*f).prev;
        let back = if back.is_null() { None } else { Some(object_of(th, back)) };
        let kept = th.set_aside_exception();
        // A conflict here can only be an abort, which the next barrier reports again.
        let ok = copy_state(th, r, f).is_ok() && r.write(th).is_ok();
        if ok {
            r.unguarded().back.set(back);
            th.restore_exception(kept);
        }
    }
}

/// A generator's frame leaves the stack at a yield.
pub fn suspend(th: &mut Thread, fo: Value, f: *mut Frame) {
    if let Some(r) = fo.cast::<PyFrame>()
        && copy_state(th, r, f).is_ok()
    {
        r.unguarded().back.set(None);
    }
}

/// A generator's frame is back on the stack at `f`.
pub fn attach(th: &mut Thread, fo: Value, f: *mut Frame) {
    if let Some(r) = fo.cast::<PyFrame>()
        && let Ok(u) = r.write(th)
    {
        u.live.set(f);
        u.owner.set(th.ident);
        u.values.set(None);
    }
}

/// The frame object of a generator; None when it has finished.
pub fn object_of_generator(th: &mut Thread, g: Ref<PyGenerator>) -> PyResult {
    let u = g.read(th)?;
    if u.state.get() == crate::eval::generator::FINISHED {
        return Ok(Value::NONE);
    }
    if let Some(o) = u.frame_object.get() {
        return Ok(o);
    }
    if u.state.get() == crate::eval::generator::RUNNING {
        let mut f = th.frame;
        // SAFETY: the chain of live frames.
        unsafe {
            while !f.is_null() {
                if (*f).owner == Some(g.value()) {
                    return Ok(object_of(th, f));
                }
                f = (*f).prev;
            }
        }
        return Ok(Value::NONE);
    }
    let (code, globals, ip) = (u.code.get(), u.globals.get(), u.ip.get());
    let values: Vec<Value> = u.values().iter().map(|c| c.get().unwrap_or(UNBOUND)).collect();
    let values = th.try_tuple(&values)?;
    let r: Ref<PyFrame> = th.alloc_fixed(FRAME.class_bits(), round16(size_of::<PyFrame>()));
    let x = r.unguarded();
    x.code.set(code);
    x.globals.set(globals);
    x.owner.set(th.ident);
    x.values.set(Some(values));
    if let Some(c) = code.and_then(|c| c.cast::<PyCode>()) {
        let off = match crate::eval::code::runtime_of(c) {
            Ok(rt) if ip != u32::MAX => rt.offsets.get(ip as usize).map_or(-1, |o| *o as i32),
            _ => -1,
        };
        x.lasti.set(off);
        x.lineno.set(line_of(c.get(), off));
    }
    g.write(th)?.frame_object.set(Some(r.value()));
    Ok(r.value())
}

fn back(th: &mut Thread, v: Value) -> PyResult {
    let r = as_frame(th, v)?;
    if let Some(f) = look(th, r)? {
        // SAFETY: a live frame of this thread.
        let p = unsafe { (*f).prev };
        return Ok(if p.is_null() { Value::NONE } else { object_of(th, p) });
    }
    Ok(r.read(th)?.back.get().unwrap_or(Value::NONE))
}

fn builtins(th: &mut Thread, v: Value) -> PyResult {
    let g = as_frame(th, v)?.read(th)?.globals.get().unwrap_or(Value::NONE);
    crate::eval::names::builtins_of(th, g)
}

fn lasti(th: &mut Thread, v: Value) -> PyResult {
    let r = as_frame(th, v)?;
    let n = match look(th, r)? {
        // SAFETY: a live frame of this thread.
        Some(f) => unsafe { (*f).last_offset() },
        None => r.read(th)?.lasti.get(),
    };
    Ok(th.int(n as i64))
}

fn lineno(th: &mut Thread, v: Value) -> PyResult {
    let r = as_frame(th, v)?;
    let n = match look(th, r)? {
        // SAFETY: a live frame of this thread.
        Some(f) => unsafe {
            // While the frame is traced: the line its trace function was told last.
            match (*f).reported_line {
                n if n > 0 && r.read(th)?.trace.get().is_some_and(|t| !t.is_none()) => n,
                _ => (*f).line(),
            }
        },
        None => r.read(th)?.lineno.get(),
    };
    Ok(th.int(n as i64))
}

fn exc(th: &mut Thread, v: Value, i: usize) -> PyResult {
    let r = as_frame(th, v)?;
    if let Some(f) = look(th, r)? {
        // SAFETY: a live frame of this thread.
        let (flags, exc) = unsafe { ((*f).flags, (*f).exc) };
        return Ok(if flags & flag::EXC_SAVED != 0 { exc[i].unwrap_or(Value::NONE) } else { Value::NONE });
    }
    Ok(r.read(th)?.exc[i].get().unwrap_or(Value::NONE))
}

fn clear(_: &mut Thread, _: Args<'_>) -> PyResult {
    Ok(Value::NONE)
}

/// `f_locals`.
fn locals(th: &mut Thread, v: Value) -> PyResult {
    let r = as_frame(th, v)?;
    if let Some(f) = look(th, r)? {
        return locals_dict(th, f);
    }
    let u = r.read(th)?;
    let (code, values, known) = (u.code.get(), u.values.get(), u.locals.get());
    let Some(c) = code.and_then(|c| c.cast::<PyCode>()) else { return Ok(Value::NONE) };
    if c.flags & syntax::code::flags::OPTIMIZED == 0
        && let Some(d) = known
    {
        return Ok(d);
    }
    let d = match known {
        Some(d) => d,
        None => th.new_dict(),
    };
    if let Some(t) = values.and_then(|t| t.cast::<PyTuple>()) {
        let slots: Vec<Slot> =
            t.get().items().iter().map(|v| if *v == UNBOUND { None } else { Some(*v) }).collect();
        fill(th, c, &slots, d)?;
    }
    r.write(th)?.locals.set(Some(d));
    Ok(d)
}

/// The dict of a live frame's local names, brought up to date.
pub fn locals_dict(th: &mut Thread, f: *mut Frame) -> PyResult {
    // SAFETY: a live frame of this thread.
    unsafe {
        if let Some(d) = (*f).namespace() {
            // A function that is not optimized (`exec`) has fast locals beside its dict.
            if let Some(c) = (*f).code.cast::<PyCode>()
                && c.nlocals > 0
            {
                let slots: Vec<Slot> = (0..(*f).fast_len()).map(|i| *(*f).locals.add(i)).collect();
                fill(th, c, &slots, d)?;
            }
            return Ok(d);
        }
        let fo = object_of(th, f);
        let Some(r) = fo.cast::<PyFrame>() else { return Ok(Value::NONE) };
        let d = match r.read(th)?.locals.get() {
            Some(d) => d,
            None => {
                let d = th.new_dict();
                r.write(th)?.locals.set(Some(d));
                d
            }
        };
        if let Some(c) = (*f).code.cast::<PyCode>() {
            let slots: Vec<Slot> = (0..(*f).fast_len()).map(|i| *(*f).locals.add(i)).collect();
            fill(th, c, &slots, d)?;
        }
        Ok(d)
    }
}

/// Writes locals, cells and free variables into a dict; unbound ones are removed.
fn fill(th: &mut Thread, c: Ref<PyCode>, slots: &[Slot], d: Value) -> PyResult<()> {
    let nlocals = c.nlocals as usize;
    let put = |th: &mut Thread, name: Value, v: Slot| match v {
        Some(v) => o::dict::set_str(th, d, name, v),
        None => o::dict::delete_str(th, d, name).map(|_| ()),
    };
    let names = |t: Value| t.cast::<PyTuple>().map_or(Vec::new(), |t| t.get().items().to_vec());
    for (i, n) in names(c.varnames).into_iter().take(nlocals).enumerate() {
        put(th, n, slots.get(i).copied().flatten())?;
    }
    let mut at = nlocals;
    let free_shown = c.flags & syntax::code::flags::OPTIMIZED != 0;
    for (group, shown) in [(c.cellvars, true), (c.freevars, free_shown)] {
        for n in names(group) {
            let cell = slots.get(at).copied().flatten().and_then(|v| v.cast::<PyCell>());
            at += 1;
            if !shown {
                continue;
            }
            let v = match cell {
                Some(c) => c.read(th)?.content.get(),
                None => None,
            };
            put(th, n, v)?;
        }
    }
    Ok(())
}

/// Writes a dict back into the locals and cells of a live frame; absent names become unbound if `clear`.
pub fn locals_to_fast(th: &mut Thread, f: *mut Frame, d: Value, clear: bool) -> PyResult<()> {
    // SAFETY: a live frame of this thread.
    unsafe {
        let Some(c) = (*f).code.cast::<PyCode>() else { return Ok(()) };
        let names = |t: Value| t.cast::<PyTuple>().map_or(Vec::new(), |t| t.get().items().to_vec());
        let nlocals = c.nlocals as usize;
        for (i, n) in names(c.varnames).into_iter().take(nlocals).enumerate() {
            let v = o::dict::get_str(th, d, n)?;
            if v.is_some() || clear {
                *(*f).locals.add(i) = v;
            }
        }
        let mut at = nlocals;
        for n in names(c.cellvars).into_iter().chain(names(c.freevars)) {
            let v = o::dict::get_str(th, d, n)?;
            if (v.is_some() || clear)
                && let Some(cell) = (*(*f).locals.add(at)).and_then(|x| x.cast::<PyCell>())
            {
                cell.write(th)?.content.set(v);
            }
            at += 1;
        }
    }
    Ok(())
}

/// Writes `f_locals` of a frame object back into the frame's variables, if the frame is live in this thread.
pub fn write_back_locals(th: &mut Thread, v: Value) -> PyResult<()> {
    let r = as_frame(th, v)?;
    // A frame below the checkpoint's watermark is not saved: what is written into it cannot be taken back.
    th.become_inevitable()?;
    if let Some(f) = live(th, r)?
        && let Some(d) = r.read(th)?.locals.get()
    {
        locals_to_fast(th, f, d, true)?;
    }
    Ok(())
}

fn set_trace_attr(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    set_trace(th, v, x.unwrap_or(Value::NONE))
}

/// Sets `f_trace`.
pub fn set_trace(th: &mut Thread, v: Value, x: Value) -> PyResult<()> {
    let r = as_frame(th, v)?;
    r.write(th)?.trace.set(if x.is_none() { None } else { Some(x) });
    Ok(())
}

/// `f_trace` of a live frame.
pub fn trace_of(th: &mut Thread, f: *mut Frame) -> PyResult<Slot> {
    // SAFETY: a live frame of this thread.
    match unsafe { (*f).object }.and_then(|o| o.cast::<PyFrame>()) {
        Some(r) => Ok(r.read(th)?.trace.get()),
        None => Ok(None),
    }
}
