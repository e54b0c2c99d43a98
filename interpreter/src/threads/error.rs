//! `thread.error`, which is also `pypystm.error`.

use crate::objects as o;
use crate::ops;
use crate::raised::{PyResult, Raised};
use crate::runtime::Global;
use crate::thread::Thread;

static ERROR: Global = Global::new();

/// The class, made at its first use.
pub fn class(th: &mut Thread) -> PyResult {
    if let Some(c) = ERROR.get() {
        return Ok(c);
    }
    let name = th.intern(b"error");
    let bases = th.new_tuple(&[o::exceptions::EXCEPTION.class()]);
    let dict = th.new_dict();
    let module = th.intern(b"thread");
    let key = crate::names::__module__.get(th);
    o::dict::set_str(th, dict, key, module)?;
    let class = ops::call(th, o::typeobject::TYPE.class(), &[name, bases, dict])?;
    th.m.make_old_now(class.obj_unchecked());
    th.rt.roots.lock().push(class);
    ERROR.set(class);
    Ok(class)
}

/// Raises it.
#[cold]
pub fn raise(th: &mut Thread, text: &str) -> Raised {
    match class(th) {
        Ok(c) => {
            let v = th.new_str(text.as_bytes());
            th.raise(c, Some(v))
        }
        Err(e) => e,
    }
}
