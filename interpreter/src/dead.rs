//! What collections found dead: `__del__` methods and weak reference callbacks, called between transactions.

use crate::layout::{PyCode, PyStr, PyWeakref};
use crate::names;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// Runs pending finalizers and weak reference callbacks, and says how many. Their exceptions are printed and dropped.
///
/// What dies while one runs is left for this call's next turn: finalizers inside finalizers would nest without bound.
/// None runs inside the functions of the module `threading` either: its reentrant lock is Python code, and a callback that
/// takes the lock between the two steps that take it would wait for its own thread. A later boundary delivers them.
pub fn deliver(th: &mut Thread) -> PyResult<usize> {
    if th.m.tx.atomic_depth() > 0 || !th.rt.heap.has_dead() || th.delivering || in_threading(th) {
        return Ok(0);
    }
    th.delivering = true;
    let result = deliver_all(th);
    th.delivering = false;
    result
}

/// Whether the innermost frame runs code of `threading.py`.
fn in_threading(th: &Thread) -> bool {
    // SAFETY: the frame of a running thread is null or live.
    let frame = unsafe { th.frame.as_ref() };
    let code = frame.and_then(|f| f.code.cast::<PyCode>());
    let file = code.and_then(|c| c.get().filename.cast::<PyStr>());
    file.is_some_and(|name| {
        let name = name.get().bytes();
        name.rsplit(|c| *c == b'/').next() == Some(b"threading.py")
    })
}

fn deliver_all(th: &mut Thread) -> PyResult<usize> {
    let mut n = 0;
    // What is taken off a queue cannot be put back by an abort (PITFALLS 10), so there must not be one.
    loop {
        th.become_inevitable()?;
        let Some(w) = th.rt.heap.take_dead_weakref() else { break };
        n += 1;
        let v = Value::from_obj(w);
        let Some(r) = v.cast::<PyWeakref>() else { continue };
        let Some(cb) = r.write(th)?.callback.take() else { continue };
        let arg = r.unguarded().holder.get().unwrap_or(v);
        let result = ops::call(th, cb, &[arg]);
        report(th, result, cb)?;
    }
    loop {
        th.become_inevitable()?;
        let Some(o) = th.rt.heap.take_finalizable() else { break };
        n += 1;
        let v = Value::from_obj(o);
        if let Some(g) = v.cast::<crate::layout::PyGenerator>() {
            let r = crate::objects::generator::close(th, g);
            report(th, r.map(|()| Value::NONE), v)?;
            continue;
        }
        let n = names::__del__.get(th);
        if let Some(m) = ops::lookup_special(th, v, n)? {
            let r = ops::call(th, m, &[]);
            report(th, r, m)?;
        }
    }
    Ok(n)
}

impl Thread {
    /// Collects all garbage, on behalf of the native `from`, which holds no reference to any object. If an eval loop has called it
    /// straight away, words left over in the native frames since then keep nothing alive.
    pub fn collect_all(&mut self, from: crate::native::NativeFn) {
        let direct = self.called_by_loop.is_some_and(|f| std::ptr::fn_addr_eq(f, from));
        let low = if direct { self.loop_mark } else { 0 };
        // SAFETY: the mark of the innermost loop, which is still running; a loop keeps what it needs in its frames while it calls
        // a native, since that may ask for the bytecode to be run again.
        unsafe { self.m.collect_all_from(low) };
    }
}

/// Prints "Exception ... ignored" for a result nobody waits for.
fn report(th: &mut Thread, r: PyResult, what: Value) -> PyResult<()> {
    if let Err(e) = r {
        let c = e.catch(th)?;
        crate::objects::traceback::print::write_unraisable(th, c, what)?;
    }
    Ok(())
}
