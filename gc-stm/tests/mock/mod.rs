//! A tiny object model: nodes that change, tuples that do not, byte strings, weak references, native payloads,
//! carded storage.
#![allow(dead_code)]

use gc_stm::{Heap, HeapConfig, Kind, KindInfo, Mutator, ObjRef, RootFn, Tracer, register_kinds};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use stm_core::{Mode, Stm, StmConfig, Transaction};

pub const NODE: Kind = Kind::stamped(0);
pub const TUPLE: Kind = Kind::immutable(1);
pub const BYTES: Kind = Kind::immutable(2);
pub const WEAKREF: Kind = Kind::stamped(3).weak();
pub const HANDLE: Kind = Kind::stamped(4);
/// len, then cards of: stamp, pad, 14 slots.
pub const STORAGE: Kind = Kind::immutable(5);

pub static HANDLES_DROPPED: AtomicUsize = AtomicUsize::new(0);

/// A word of an object.
///
/// Safe to call for tests only: `o` is an object they made and keep alive, and `at` lies in it.
pub fn word(o: ObjRef, at: usize) -> u64 {
    // SAFETY: see above.
    unsafe { *o.at::<u64>(at) }
}

/// Sets a word of an object, with the same conditions.
pub fn set_word(o: ObjRef, at: usize, w: u64) {
    // SAFETY: see `word`; the caller has written to the object, or it is new.
    unsafe { *o.at::<u64>(at) = w };
}

/// The text of a [`BYTES`] object, with the same conditions.
pub fn text<'a>(o: ObjRef, n: usize) -> &'a [u8] {
    // SAFETY: see `word`; the contents never change.
    unsafe { std::slice::from_raw_parts(o.at::<u8>(16), n) }
}

/// Takes the write barrier of a card of [`STORAGE`], and gives its slots.
#[allow(clippy::mut_from_ref)]
pub fn write_card(t: &Thread, owner: ObjRef, storage: ObjRef, card: usize) -> &mut [u64] {
    let card = storage.at::<u64>(16 + 128 * card);
    // SAFETY: see `word`; a card is a stamp, padding and 14 slots, and the tests hold one at a time.
    unsafe {
        let slots = card.add(2);
        t.m.write_range(owner, &*card.cast::<AtomicU64>(), slots, 14);
        std::slice::from_raw_parts_mut(slots, 14)
    }
}

/// Registers a thread again, so that its native stack is scanned from `above` bytes beyond `base`, a variable of its
/// outermost function.
pub fn register_stack(t: &Thread, base: &u64, above: usize) {
    // SAFETY: the thread stays in its box, and belongs to the native thread that made it.
    unsafe { t.m.register(std::ptr::from_ref(base) as usize + above) };
}

unsafe fn node_size(o: ObjRef) -> usize {
    24 + 8 * word(o, 16) as usize
}
unsafe fn node_trace(o: ObjRef, t: &mut Tracer) {
    // SAFETY: the fields, as many as the object says.
    unsafe { t.words(o.at::<u64>(24), word(o, 16) as usize) }
}
unsafe fn tuple_size(o: ObjRef) -> usize {
    16 + 8 * word(o, 8) as usize
}
unsafe fn tuple_trace(o: ObjRef, t: &mut Tracer) {
    // SAFETY: the items, as many as the object says.
    unsafe { t.words(o.at::<u64>(16), word(o, 8) as usize) }
}
unsafe fn bytes_size(o: ObjRef) -> usize {
    17 + word(o, 8) as usize
}
unsafe fn no_trace(_: ObjRef, _: &mut Tracer) {}
unsafe fn weak_size(_: ObjRef) -> usize {
    32
}
unsafe fn weak_trace(o: ObjRef, t: &mut Tracer) {
    // SAFETY: the callback.
    unsafe { t.words(o.at::<u64>(24), 1) }
}
unsafe fn handle_size(_: ObjRef) -> usize {
    32
}
unsafe fn handle_drop(o: ObjRef) {
    HANDLES_DROPPED.fetch_add(1, Ordering::Relaxed);
    // SAFETY: the box that `Thread::handle` stored; a payload is dropped once.
    drop(unsafe { Box::from_raw(*o.at::<*mut u64>(16)) });
}
unsafe fn storage_size(o: ObjRef) -> usize {
    16 + 128 * word(o, 8) as usize
}
unsafe fn storage_trace(o: ObjRef, t: &mut Tracer) {
    for card in 0..word(o, 8) as usize {
        // SAFETY: the slots of a card, as many cards as the object says.
        unsafe { t.words(o.at::<u64>(16 + 128 * card + 16), 14) };
    }
}

pub static KINDS: [KindInfo; 6] = [
    KindInfo {
        name: "node",
        stamped: true,
        size: node_size,
        trace: node_trace,
        drop_native: None,
        weak: false,
    },
    KindInfo {
        name: "tuple",
        stamped: false,
        size: tuple_size,
        trace: tuple_trace,
        drop_native: None,
        weak: false,
    },
    KindInfo {
        name: "bytes",
        stamped: false,
        size: bytes_size,
        trace: no_trace,
        drop_native: None,
        weak: false,
    },
    KindInfo {
        name: "weakref",
        stamped: true,
        size: weak_size,
        trace: weak_trace,
        drop_native: None,
        weak: true,
    },
    KindInfo {
        name: "handle",
        stamped: true,
        size: handle_size,
        trace: no_trace,
        drop_native: Some(handle_drop),
        weak: false,
    },
    KindInfo {
        name: "storage",
        stamped: false,
        size: storage_size,
        trace: storage_trace,
        drop_native: None,
        weak: false,
    },
];

pub fn int(n: u64) -> u64 {
    n << 1 | 1
}

/// One thread: a mutator and a value stack.
#[repr(C)]
pub struct Thread {
    pub m: Mutator,
    pub stack: Vec<u64>,
}

unsafe fn trace_stack(data: *const (), t: &mut Tracer) {
    // SAFETY: registered with a `Thread` in a box, which unregisters when it is dropped.
    let thread = unsafe { &*data.cast::<Thread>() };
    for &w in &thread.stack {
        t.word(w);
    }
}

pub fn heap_and_stm(config: HeapConfig, mode: Mode) -> (Arc<Heap>, Arc<Stm>) {
    register_kinds(&KINDS).unwrap();
    let heap = Heap::new(config).unwrap();
    let stm = Stm::new(StmConfig {
        heap_base: heap.heap_base(),
        heap_len: heap.heap_len(),
        segments: 4,
        mode,
        ..StmConfig::default()
    })
    .unwrap();
    (heap, stm)
}

impl Thread {
    /// Entered, with no transaction begun.
    pub fn new(heap: &Arc<Heap>, stm: &Arc<Stm>) -> Box<Thread> {
        let tx = Transaction::register(stm);
        let t = Box::new(Thread { m: Mutator::new(heap, tx), stack: Vec::new() });
        t.m.tx.enter();
        // SAFETY: the thread stays in its box, and belongs to the native thread that made it.
        unsafe {
            t.m.register(0);
            let data: *const Thread = &*t;
            t.m.add_root_source(RootFn { data: data.cast(), trace: trace_stack });
        }
        t
    }

    pub fn solo() -> Box<Thread> {
        Thread::with(HeapConfig { poison: true, verify: true, ..HeapConfig::default() }, Mode::Stm)
    }

    pub fn concurrent() -> Box<Thread> {
        Thread::with(HeapConfig { poison: true, verify: true, ..HeapConfig::default() }, Mode::AlwaysStm)
    }

    pub fn with(config: HeapConfig, mode: Mode) -> Box<Thread> {
        let (heap, stm) = heap_and_stm(config, mode);
        let mut t = Thread::new(&heap, &stm);
        t.m.begin();
        t
    }

    pub fn node(&self, fields: usize) -> ObjRef {
        let o = self.m.alloc_sized(NODE, 0, 24 + 8 * fields).unwrap();
        set_word(o, 16, fields as u64);
        o
    }
    pub fn tuple(&self, items: &[u64]) -> ObjRef {
        let o = self.m.alloc_sized(TUPLE, 0, 16 + 8 * items.len()).unwrap();
        set_word(o, 8, items.len() as u64);
        for (i, &w) in items.iter().enumerate() {
            set_word(o, 16 + 8 * i, w);
        }
        o
    }
    pub fn bytes(&self, text: &[u8]) -> ObjRef {
        let o = self.m.alloc_sized(BYTES, 0, 17 + text.len()).unwrap();
        set_word(o, 8, text.len() as u64);
        // SAFETY: a new object with room for the text.
        unsafe {
            std::ptr::copy_nonoverlapping(text.as_ptr(), o.at::<u8>(16), text.len());
        }
        o
    }
    pub fn weak(&self, target: ObjRef, callback: u64) -> ObjRef {
        let o = self.m.alloc(WEAKREF, 0, 32);
        set_word(o, 16, target.word());
        set_word(o, 24, callback);
        self.m.register_weak(o);
        o
    }
    pub fn handle(&self) -> ObjRef {
        let o = self.m.alloc(HANDLE, 0, 32);
        // SAFETY: a new object with room for the pointer.
        unsafe { *o.at::<*mut u64>(16) = Box::into_raw(Box::new(7)) };
        self.m.register_native(o, 8);
        o
    }
    pub fn storage(&self, cards: usize) -> ObjRef {
        let o = self.m.alloc_sized(STORAGE, 0, 16 + 128 * cards).unwrap();
        set_word(o, 8, cards as u64);
        o
    }
    pub fn get(&self, o: ObjRef, i: usize) -> u64 {
        self.m.read(o).unwrap();
        word(o, 24 + 8 * i)
    }
    pub fn set(&self, o: ObjRef, i: usize, w: u64) {
        self.m.write(o).unwrap();
        set_word(o, 24 + 8 * i, w);
    }
}
