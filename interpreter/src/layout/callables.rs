//! Layouts of code, functions, natives, methods, cells, generators and frame objects.

use super::{Header, Ref, Stamped, heap_object, round16, slot_bits, trace_slots};
use crate::eval::code::CodeRuntime;
use crate::native::MethodDef;
use crate::value::{Slot, Value};
use gc_stm::{ObjRef, Tracer};
use std::cell::Cell;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

/// `code`. The runtime form (wordcode, caches, counters) is made at the first execution.
#[repr(C)]
pub struct PyCode {
    pub header: Header,
    pub runtime: AtomicPtr<CodeRuntime>,
    pub argcount: u32,
    pub nlocals: u32,
    pub stacksize: u32,
    pub flags: u32,
    pub firstlineno: i32,
    /// Loop back-edges and entries counted for the JIT; racy on purpose.
    pub hotness: AtomicU32,
    /// str
    pub code: Value,
    /// Tuples.
    pub consts: Value,
    pub names: Value,
    pub varnames: Value,
    pub freevars: Value,
    pub cellvars: Value,
    /// str
    pub filename: Value,
    pub name: Value,
    pub lnotab: Value,
}
heap_object!(PyCode, CODE, Immutable);

impl PyCode {
    /// # Safety
    /// `obj` is a code object.
    pub unsafe fn size(_: ObjRef) -> usize {
        round16(size_of::<PyCode>())
    }
    /// # Safety
    /// `obj` is a code object.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        let c = unsafe { &*(obj.address() as *const PyCode) };
        for v in [c.code, c.consts, c.names, c.varnames, c.freevars, c.cellvars, c.filename, c.name, c.lnotab]
        {
            t.word(v.bits());
        }
        let rt = c.runtime.load(Ordering::Acquire);
        if !rt.is_null() {
            // SAFETY: set once to a leaked box, freed in drop_native.
            unsafe { (*rt).trace(t) };
        }
    }
    /// # Safety
    /// `obj` is a dead code object.
    pub unsafe fn drop_native(obj: ObjRef) {
        // SAFETY: the caller's promise.
        let rt = unsafe { (*(obj.address() as *const PyCode)).runtime.load(Ordering::Acquire) };
        if !rt.is_null() {
            // SAFETY: made by Box::into_raw, and nobody runs the code of a dead object.
            drop(unsafe { Box::from_raw(rt) });
        }
    }
}

/// `function`. `code`, `defaults`, `globals` and `closure` are read without barriers and change only in
/// exclusive mode once the function is public.
#[repr(C)]
pub struct PyFunction {
    pub header: Stamped,
    pub code: Cell<Value>,
    pub globals: Cell<Value>,
    /// Tuple or None.
    pub defaults: Cell<Value>,
    /// Tuple of cells or None.
    pub closure: Cell<Value>,
    pub name: Cell<Value>,
    pub doc: Cell<Value>,
    pub module: Cell<Slot>,
    pub dict: Cell<Slot>,
}
heap_object!(PyFunction, FUNCTION, Mutable);

impl PyFunction {
    /// # Safety
    /// `obj` is a function.
    pub unsafe fn size(_: ObjRef) -> usize {
        round16(size_of::<PyFunction>())
    }
    /// # Safety
    /// `obj` is a function.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        let f = unsafe { &*(obj.address() as *const PyFunction) };
        for v in [&f.code, &f.globals, &f.defaults, &f.closure, &f.name, &f.doc] {
            t.word(v.get().bits());
        }
        t.word(slot_bits(&f.module));
        t.word(slot_bits(&f.dict));
    }
}

/// `builtin_function_or_method`, `method_descriptor`, `wrapper_descriptor`, `method-wrapper`, ...: the class says which.
#[repr(C)]
pub struct PyBuiltin {
    pub header: Header,
    pub def: &'static MethodDef,
    /// The bound object.
    pub receiver: Slot,
    /// Class of a descriptor, or name of the module of a function.
    pub owner: Slot,
}
heap_object!(PyBuiltin, BUILTIN, Immutable);

impl PyBuiltin {
    /// # Safety
    /// `obj` is a builtin.
    pub unsafe fn size(_: ObjRef) -> usize {
        round16(size_of::<PyBuiltin>())
    }
    /// # Safety
    /// `obj` is a builtin.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        let b = unsafe { &*(obj.address() as *const PyBuiltin) };
        t.word(b.receiver.map_or(0, Value::bits));
        t.word(b.owner.map_or(0, Value::bits));
    }
}

/// `getset_descriptor`: a computed attribute of a built-in type.
#[repr(C)]
pub struct PyGetSet {
    pub header: Header,
    pub def: &'static crate::native::GetSetDef,
    /// The class it was declared in.
    pub owner: Value,
}
heap_object!(PyGetSet, GETSET, Immutable);

impl PyGetSet {
    /// # Safety
    /// `obj` is a getset descriptor.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise; the word may still be zero.
        t.word(unsafe { *(std::ptr::addr_of!((*(obj.address() as *const PyGetSet)).owner) as *const u64) });
    }
}

/// `instancemethod`.
#[repr(C)]
pub struct PyMethod {
    pub header: Header,
    pub func: Value,
    pub receiver: Slot,
    pub class: Slot,
}
heap_object!(PyMethod, METHOD, Immutable);

impl PyMethod {
    /// # Safety
    /// `obj` is a method.
    pub unsafe fn size(_: ObjRef) -> usize {
        round16(size_of::<PyMethod>())
    }
    /// # Safety
    /// `obj` is a method.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        let m = unsafe { &*(obj.address() as *const PyMethod) };
        t.word(m.func.bits());
        t.word(m.receiver.map_or(0, Value::bits));
        t.word(m.class.map_or(0, Value::bits));
    }
}

/// `cell` of a closure, and the cell of one global name.
#[repr(C)]
pub struct PyCell {
    pub header: Stamped,
    pub content: Cell<Slot>,
}
heap_object!(PyCell, CELL, Mutable);

impl PyCell {
    /// # Safety
    /// `obj` is a cell.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        t.word(slot_bits(unsafe { &(*(obj.address() as *const PyCell)).content }));
    }
}

/// The cell of one name in a namespace dict.
#[repr(transparent)]
pub struct GlobalCell(pub PyCell);
heap_object!(GlobalCell, GLOBAL_CELL, Mutable);

/// `generator`: its frame rests here between resumptions and is copied to the value stack by a resumption
/// (PITFALLS 8).
#[repr(C)]
pub struct PyGenerator {
    pub header: Stamped,
    pub code: Cell<Slot>,
    pub globals: Cell<Slot>,
    pub builtins: Cell<Slot>,
    pub frame_object: Cell<Slot>,
    /// Saved `sys.exc_info` of the frame.
    pub exc: [Cell<Slot>; 3],
    /// 0 created, 1 suspended, 2 running, 3 finished.
    pub state: Cell<u32>,
    /// Instruction to continue at.
    pub ip: Cell<u32>,
    pub nblocks: Cell<u32>,
    /// Values on the operand stack.
    pub depth: Cell<u32>,
    /// Words for locals, cells and operand stack, then block-stack words.
    pub nvalues: usize,
    pub nwords: usize,
}
heap_object!(PyGenerator, GENERATOR, Mutable);

impl PyGenerator {
    pub fn size_for(nwords: usize) -> usize {
        round16(size_of::<PyGenerator>() + nwords * 8 + 1)
    }
    /// # Safety
    /// `obj` is a generator.
    pub unsafe fn size(obj: ObjRef) -> usize {
        // SAFETY: the caller's promise.
        PyGenerator::size_for(unsafe { (*(obj.address() as *const PyGenerator)).nwords })
    }
    /// # Safety
    /// `obj` is a generator.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        let g = unsafe { &*(obj.address() as *const PyGenerator) };
        for s in [&g.code, &g.globals, &g.builtins, &g.frame_object] {
            t.word(slot_bits(s));
        }
        trace_slots(&g.exc, t);
        trace_slots(g.values(), t);
    }
    /// Locals, cells, then operand stack; what is beyond the depth is `None`.
    #[inline(always)]
    pub fn values(&self) -> &[Cell<Slot>] {
        // SAFETY: `nvalues <= nwords` slots follow the struct.
        unsafe {
            std::slice::from_raw_parts(
                (self as *const PyGenerator as *const u8).add(size_of::<PyGenerator>()) as *const Cell<Slot>,
                self.nvalues,
            )
        }
    }
    /// Block-stack words.
    #[inline(always)]
    pub fn block_words(&self) -> &[Cell<u64>] {
        // SAFETY: `nwords - nvalues` words follow the values.
        unsafe {
            std::slice::from_raw_parts(
                (self as *const PyGenerator as *const u8).add(size_of::<PyGenerator>() + self.nvalues * 8)
                    as *const Cell<u64>,
                self.nwords - self.nvalues,
            )
        }
    }
}

/// `frame`: the view of a Python frame that outlives it.
#[repr(C)]
pub struct PyFrame {
    pub header: Stamped,
    /// The live frame on its thread's value stack, or null.
    pub live: Cell<*mut crate::eval::frame::Frame>,
    /// Identity of the thread the live frame belongs to.
    pub owner: Cell<u64>,
    pub code: Cell<Slot>,
    pub globals: Cell<Slot>,
    pub builtins: Cell<Slot>,
    pub back: Cell<Slot>,
    /// Dict made for `f_locals`.
    pub locals: Cell<Slot>,
    /// Copies of locals and cells once the frame has ended: a tuple.
    pub values: Cell<Slot>,
    pub trace: Cell<Slot>,
    pub exc: [Cell<Slot>; 3],
    pub lasti: Cell<i32>,
    pub lineno: Cell<i32>,
}
heap_object!(PyFrame, FRAME, Mutable);

impl PyFrame {
    /// # Safety
    /// `obj` is a frame object.
    pub unsafe fn size(_: ObjRef) -> usize {
        round16(size_of::<PyFrame>())
    }
    /// # Safety
    /// `obj` is a frame object.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        let f = unsafe { &*(obj.address() as *const PyFrame) };
        for s in [&f.code, &f.globals, &f.builtins, &f.back, &f.locals, &f.values, &f.trace] {
            t.word(slot_bits(s));
        }
        trace_slots(&f.exc, t);
    }
}

/// An inline-cache record: immutable, made old before it is published (PITFALLS 7).
#[repr(C)]
pub struct CacheRecord {
    pub header: Header,
    /// Not a reference: shape or version id, shifted left by one with bit 0 set.
    pub key: u64,
    pub first: Slot,
    pub second: Slot,
}
heap_object!(CacheRecord, CACHE, Immutable);

impl CacheRecord {
    /// # Safety
    /// `obj` is a cache record.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        let r = unsafe { &*(obj.address() as *const CacheRecord) };
        t.word(r.key);
        t.word(r.first.map_or(0, Value::bits));
        t.word(r.second.map_or(0, Value::bits));
    }
}

/// Native state outside the heap (hash contexts, compiled patterns, parsers). No undo record can hold it (PITFALLS 15): so
/// it is not changed once it is made, and an operation that changes it makes a new one in a new object, or is done by an
/// inevitable transaction.
pub trait NativePayload: Send {
    fn as_any(&mut self) -> &mut dyn std::any::Any;
}

/// A heap object that owns a [`NativePayload`], and one value slot beside it.
#[repr(C)]
pub struct PyNative {
    pub header: Stamped,
    pub payload: Cell<*mut Box<dyn NativePayload>>,
    pub extra: Cell<Slot>,
}
heap_object!(PyNative, NATIVE, Mutable);

impl PyNative {
    /// # Safety
    /// `obj` is a native object.
    pub unsafe fn size(_: ObjRef) -> usize {
        round16(size_of::<PyNative>())
    }
    /// # Safety
    /// `obj` is a native object.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        t.word(slot_bits(unsafe { &(*(obj.address() as *const PyNative)).extra }));
    }
    /// # Safety
    /// `obj` is a dead native object.
    pub unsafe fn drop_native(obj: ObjRef) {
        // SAFETY: the caller's promise.
        let p = unsafe { (*(obj.address() as *const PyNative)).payload.get() };
        if !p.is_null() {
            // SAFETY: made by Box::into_raw at allocation.
            drop(unsafe { Box::from_raw(p) });
        }
    }
}

impl Ref<PyFunction> {
    /// The read-mostly fields, without a barrier.
    #[inline(always)]
    pub fn fields<'a>(self) -> &'a PyFunction {
        self.unguarded()
    }
}
