//! Python functions as C function pointers.
//!
//! A closure of libffi stands for each. Its entry finds the thread that runs the foreign code, makes objects of the
//! arguments, calls, and stores the result. What the function raises is printed and forgotten, as there is nobody to hand it
//! to; `SystemExit`, and the end of the process, go on once foreign code has returned. A panic becomes `SystemError` first.
//!
//! The thunk is made old at once with all it refers to: another thread's foreign code may call it.

use super::info::{self, Passed};
use super::{call, codes};
use interpreter::kinds::kind;
use interpreter::layout::{NativePayload, PyNative, PyTuple, Ref};
use interpreter::native::{NO_NEW, TypeDef};
use interpreter::objects::{exceptions, traceback};
use interpreter::raised::Raised;
use interpreter::types::ready;
use interpreter::{PyResult, Thread, Value, ops, panics, warnings};
use libffi::low::ffi_cif;
use libffi::middle::{Cif, Closure, Type};
use std::any::Any;
use std::ffi::c_void;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What owns a closure.
static THUNK: TypeDef =
    TypeDef { module: "_ctypes", flags: NO_NEW, ..TypeDef::new("CThunkObject", kind::NATIVE) };

/// What a closure knows: the heap object that owns it.
struct Entry {
    thunk: AtomicUsize,
    /// Letter of the result's type; 0: nothing is returned.
    result: u8,
    keeps_errno: bool,
}

struct Thunk {
    /// Before what it refers to, as fields go in this order.
    _closure: Closure<'static>,
    _entry: Box<Entry>,
}

// SAFETY: the closure is called by any thread, and freed by one.
unsafe impl Send for Thunk {}

impl NativePayload for Thunk {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// A thunk for `f`, and the address to call it by. `argtypes` is a tuple.
pub(super) fn make(
    th: &mut Thread,
    f: Value,
    argtypes: Value,
    restype: Value,
    flags: i64,
) -> PyResult<(Value, usize)> {
    ready::ready(th, &THUNK)?;
    let mut types = Vec::new();
    for class in argtypes.payload::<PyTuple>().map_or(&[][..], |t| t.get().items()) {
        match info::of_class(*class) {
            Some(t) => types.push(call::ffi_type(&t.info().passed)),
            None => types.push(Type::pointer()),
        }
    }
    let (result, letter) = if restype.is_none() {
        (Type::void(), 0)
    } else {
        match info::of_class(restype).map(|t| t.info()).filter(|i| i.sort == info::Sort::Simple) {
            Some(i) => (call::ffi_type(&Passed::Simple(i.letter)), i.letter),
            None => return Err(th.type_error("invalid result type for callback function")),
        }
    };
    let entry = Box::new(Entry {
        thunk: AtomicUsize::new(0),
        result: letter,
        keeps_errno: flags & call::USE_ERRNO != 0,
    });
    // SAFETY: the entry is dropped after the closure that refers to it.
    let known: &'static Entry = unsafe { &*std::ptr::from_ref(&*entry) };
    let closure = Closure::new::<Entry, c_void>(Cif::new(types, result), enter, known);
    let address = *closure.code_ptr() as usize;
    let thunk = th.new_native(&THUNK, Box::new(Thunk { _closure: closure, _entry: entry }));
    let parts = th.try_tuple(&[f, argtypes, restype])?;
    if let Some(n) = thunk.cast::<PyNative>() {
        n.unguarded().extra.set(Some(parts));
    }
    // Relaxed: whoever calls has got the address since.
    known.thunk.store(thunk.bits() as usize, Ordering::Relaxed);
    th.m.make_old_now(thunk.obj_unchecked());
    Ok((thunk, address))
}

/// What foreign code calls.
unsafe extern "C" fn enter(_: &ffi_cif, result: &mut c_void, args: *const *const c_void, entry: &Entry) {
    let out = std::ptr::from_mut(result).cast::<u8>();
    let room = match entry.result {
        0 => 0,
        b'g' => 16,
        _ => 8,
    };
    // SAFETY: room for the result as libffi has it: at least a word.
    unsafe { std::ptr::write_bytes(out, 0, room) };
    let here = call::current();
    if here.is_null() {
        let text = b"pypy-stm: a C thread that Python did not start called a ctypes callback: it returns 0\n";
        // SAFETY: plain call.
        unsafe { libc::write(2, text.as_ptr().cast(), text.len()) };
        return;
    }
    // SAFETY: set by the call that runs on this very thread further out, which waits.
    let th = unsafe { &mut *here };
    if entry.keeps_errno {
        super::errno::swap();
    }
    th.called_back(|th| {
        // SAFETY: the arguments are as the closure's types say.
        let r = panics::guarded(th, |th| unsafe { serve(th, entry, out, args) });
        if let Err(e) = r {
            forgive(th, e);
        }
    });
    if entry.keeps_errno {
        super::errno::swap();
    }
}

/// Calls the function.
///
/// # Safety
/// `args` and `out` are as the entry's types say.
unsafe fn serve(th: &mut Thread, entry: &Entry, out: *mut u8, args: *const *const c_void) -> PyResult<()> {
    let Some(thunk) = Value::from_bits(entry.thunk.load(Ordering::Relaxed) as u64) else { return Ok(()) };
    // SAFETY: the thunk lives as long as the closure.
    let thunk: Ref<PyNative> = unsafe { thunk.cast_unchecked() };
    let parts = thunk.unguarded().extra.get().and_then(|e| e.cast::<PyTuple>());
    let Some(&[f, argtypes, _]) = parts.map(|p| p.get().items()) else { return Ok(()) };
    let values = th.m.root_vec();
    for (i, class) in argtypes.payload::<PyTuple>().map_or(&[][..], |t| t.get().items()).iter().enumerate() {
        let Some(t) = info::of_class(*class) else {
            return Err(th.type_error("cannot build parameter"));
        };
        // SAFETY: the caller's promise.
        let v = unsafe { call::value_at(th, *class, t, (*args.add(i)).cast()) }?;
        values.push(v.bits());
    }
    let r = ops::call(th, f, ops::values(&values))?;
    if entry.result == 0 {
        return Ok(());
    }
    let s = codes::store(th, entry.result, false, r)?;
    let b = s.bytes();
    let n = b.len();
    let mut word = [0u8; 8];
    word[..n.min(8)].copy_from_slice(&b[..n.min(8)]);
    // Small integers are returned as whole words.
    if matches!(entry.result, b'b' | b'h' | b'i') && word[n - 1] & 0x80 != 0 && cfg!(target_endian = "little")
    {
        word[n..].fill(0xff);
    }
    // SAFETY: the caller's promise.
    unsafe {
        std::ptr::copy_nonoverlapping(word.as_ptr(), out, 8);
        if n > 8 {
            std::ptr::copy_nonoverlapping(b.as_ptr(), out, n);
        }
    }
    if entry.result != b'O' && !s.keep.is_none() {
        // Nobody will ever know when it is not needed any more.
        th.m.make_old_now(s.keep.obj_unchecked());
        th.rt.roots.lock().push(s.keep);
        warnings::warn(th, &exceptions::RUNTIME_WARNING, "memory leak in callback function.", 1)?;
    }
    Ok(())
}

/// Prints what a function raised.
fn forgive(th: &mut Thread, e: Raised) {
    let Ok(c) = e.catch(th) else { return };
    if exceptions::class_matches(th, c.class, exceptions::SYSTEM_EXIT.class()) {
        // Found once foreign code has returned.
        let _word_is_left = th.reraise(c);
        return;
    }
    if let Err(e) = traceback::print::report(th, c) {
        let _word_is_left_or_taken = e.catch(th);
    }
}
