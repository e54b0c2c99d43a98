//! The built-in type `frame`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `frame`.
pub static FRAME: TypeDef = TypeDef::new("frame", kind::FRAME);

/// The frame object of a live frame of this thread, made at the first look.
pub fn object_of(th: &mut crate::thread::Thread, f: *mut crate::eval::frame::Frame) -> crate::value::Value {
    use crate::layout::PyFrame;
    // SAFETY: the caller names a live frame of this thread.
    let live = unsafe { &mut *f };
    if let Some(o) = live.object {
        return o;
    }
    let size = crate::layout::round16(size_of::<PyFrame>());
    let r: crate::layout::Ref<PyFrame> = th.alloc_fixed(FRAME.class_bits(), size);
    let o = r.unguarded();
    o.live.set(f);
    o.owner.set(th.ident);
    o.code.set(Some(live.code));
    o.globals.set(Some(live.globals));
    o.builtins.set(Some(live.builtins));
    live.object = Some(r.value());
    r.value()
}
