//! `sys.settrace` and `sys.setprofile` events.

use super::frame::{Frame, flag};
use crate::layout::PyCode;
use crate::objects as o;
use crate::ops;
use crate::raised::{PyResult, Raised, Unwind};
use crate::thread::Thread;
use crate::value::{Slot, Value};

fn live(v: Slot) -> Option<Value> {
    v.filter(|v| !v.is_none())
}

/// Which of the two functions is called.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Kind {
    Trace,
    Profile,
}

/// Calls a trace or profile function; one that raises is called no more.
fn call_hook(th: &mut Thread, kind: Kind, hook: Value, f: *mut Frame, event: &str, arg: Value) -> PyResult {
    let r = call_quietly(th, hook, f, event, arg);
    if r.is_err() && th.unwinding() == Unwind::Exception {
        match kind {
            Kind::Trace => {
                th.trace_func = None;
                let fo = o::frame::object_of(th, f);
                let kept = th.set_aside_exception();
                o::frame::set_trace(th, fo, Value::NONE)?;
                th.restore_exception(kept);
            }
            Kind::Profile => th.profile_func = None,
        }
        th.update_tracing();
    }
    r
}

/// Calls a trace or profile function with events switched off.
fn call_quietly(th: &mut Thread, hook: Value, f: *mut Frame, event: &str, arg: Value) -> PyResult {
    let frame = o::frame::object_of(th, f);
    let event = th.intern(event.as_bytes());
    th.tracing += 1;
    th.use_tracing = false;
    let r = ops::call(th, hook, &[frame, event, arg]);
    th.tracing -= 1;
    th.update_tracing();
    r
}

impl Thread {
    /// Sets `use_tracing` from the two functions.
    pub fn update_tracing(&mut self) {
        let on = self.tracing == 0 && (live(self.trace_func).is_some() || live(self.profile_func).is_some());
        if on != self.use_tracing {
            self.use_tracing = on;
            // The loop notices at its next poll.
            self.ticks = 0;
        }
    }
}

/// A frame was pushed.
pub fn call_event(th: &mut Thread) -> PyResult<()> {
    let f = th.frame;
    if let Some(hook) = live(th.trace_func) {
        let r = call_hook(th, Kind::Trace, hook, f, "call", Value::NONE)?;
        let fo = o::frame::object_of(th, f);
        o::frame::set_trace(th, fo, r)?;
    }
    if let Some(hook) = live(th.profile_func) {
        call_hook(th, Kind::Profile, hook, f, "call", Value::NONE)?;
    }
    Ok(())
}

/// A frame returns, yields (with a value) or is left by an exception (without).
pub fn return_event(th: &mut Thread, v: Slot) -> PyResult<()> {
    let f = th.frame;
    if live(th.trace_func).is_some()
        && let Some(hook) = o::frame::trace_of(th, f)?
    {
        // An exception in flight must survive the call.
        let kept = if v.is_none() { Some(th.set_aside_exception()) } else { None };
        let r = call_hook(th, Kind::Trace, hook, f, "return", v.unwrap_or(Value::NONE));
        if let Some(k) = kept {
            th.restore_exception(k);
        }
        if v.is_some() {
            r?;
        } else if let Err(e) = r {
            drop_error(e);
        }
    }
    if let Some(hook) = live(th.profile_func) {
        let kept = if v.is_none() { Some(th.set_aside_exception()) } else { None };
        let r = call_hook(th, Kind::Profile, hook, f, "return", v.unwrap_or(Value::NONE));
        if let Some(k) = kept {
            th.restore_exception(k);
        }
        if v.is_some() {
            r?;
        } else if let Err(e) = r {
            drop_error(e);
        }
    }
    Ok(())
}

/// The hook's own error gives way to the exception already in flight, which the thread still records.
fn drop_error(e: Raised) {
    let _ = e;
}

/// An exception passes the top frame.
pub fn exception_event(th: &mut Thread, r: Raised) -> Raised {
    let f = th.frame;
    if live(th.trace_func).is_none() {
        return r;
    }
    let hook = match o::frame::trace_of(th, f) {
        Ok(Some(h)) => h,
        _ => return r,
    };
    let c = match r.catch(th) {
        Ok(c) => c,
        Err(r) => return r,
    };
    let c = match o::exceptions::normalize(th, c) {
        Ok(c) => c,
        Err(r) => return r,
    };
    let arg = th.new_tuple(&[c.class, c.value.unwrap_or(Value::NONE), c.traceback.unwrap_or(Value::NONE)]);
    match call_hook(th, Kind::Trace, hook, f, "exception", arg) {
        Ok(_) => th.reraise(c),
        Err(e) => e,
    }
}

/// True if the instruction at `ip`, about to run, begins a line or was reached by a jump backwards.
///
/// # Safety
/// `f` is the top frame and `ip` one of its instructions.
pub unsafe fn line_is_due(f: *mut Frame, ip: *const std::sync::atomic::AtomicU64) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        let rt = &*(*f).rt;
        let i = ip.offset_from(rt.instructions.as_ptr()) as usize;
        let before = std::mem::replace(&mut (*f).trace_line, i as i32);
        let due = (i as i32) < before || rt.line_starts.get(i).copied().unwrap_or(false);
        if due && let Some(c) = (*f).code.cast::<PyCode>() {
            (*f).reported_line = super::code::line_of(c.get(), rt.offsets[i] as i32);
        }
        due
    }
}

/// A new line of the top frame is about to run.
pub fn line_event(th: &mut Thread) -> PyResult<()> {
    let f = th.frame;
    if live(th.trace_func).is_none() {
        return Ok(());
    }
    if let Some(hook) = o::frame::trace_of(th, f)? {
        // SAFETY: the top frame.
        unsafe { (*f).flags |= flag::TRACED };
        let called = call_hook(th, Kind::Trace, hook, f, "line", Value::NONE);
        // SAFETY: the top frame again.
        unsafe { (*f).flags &= !flag::TRACED };
        match called {
            Ok(r) => {
                let fo = o::frame::object_of(th, f);
                if !r.is_none() {
                    o::frame::set_trace(th, fo, r)?;
                }
            }
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// A native is about to be called.
pub fn c_call(th: &mut Thread, callee: Value) -> PyResult<()> {
    if let Some(hook) = live(th.profile_func) {
        let f = th.frame;
        call_hook(th, Kind::Profile, hook, f, "c_call", callee)?;
    }
    Ok(())
}

/// A native has returned.
pub fn c_return(th: &mut Thread, callee: Value, r: PyResult) -> PyResult {
    let Some(hook) = live(th.profile_func) else { return r };
    let f = th.frame;
    match r {
        Ok(v) => {
            call_hook(th, Kind::Profile, hook, f, "c_return", callee)?;
            Ok(v)
        }
        Err(e) => {
            let c = e.catch(th)?;
            call_hook(th, Kind::Profile, hook, f, "c_exception", callee)?;
            Err(th.reraise(c))
        }
    }
}
