//! A tiny object model: nodes that change, tuples that do not, byte strings, weak references, native payloads,
//! carded storage.
#![allow(dead_code)]

use gc_stm::{Heap, HeapConfig, Kind, KindInfo, Mutator, ObjRef, RootFn, Tracer, register_kinds};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use stm_core::{Mode, Stm, StmConfig, Transaction};

pub const NODE: Kind = Kind::stamped(0);
pub const TUPLE: Kind = Kind::immutable(1);
pub const BYTES: Kind = Kind::immutable(2);
pub const WEAKREF: Kind = Kind::stamped(3).weak();
pub const HANDLE: Kind = Kind::stamped(4);
/// len, then cards of: stamp, pad, 14 slots.
pub const STORAGE: Kind = Kind::immutable(5);

pub static HANDLES_DROPPED: AtomicUsize = AtomicUsize::new(0);

unsafe fn node_size(o: ObjRef) -> usize {
    24 + 8 * unsafe { *o.at::<u64>(16) } as usize
}
unsafe fn node_trace(o: ObjRef, t: &mut Tracer) {
    unsafe { t.words(o.at::<u64>(24), *o.at::<u64>(16) as usize) }
}
unsafe fn tuple_size(o: ObjRef) -> usize {
    16 + 8 * unsafe { *o.at::<u64>(8) } as usize
}
unsafe fn tuple_trace(o: ObjRef, t: &mut Tracer) {
    unsafe { t.words(o.at::<u64>(16), *o.at::<u64>(8) as usize) }
}
unsafe fn bytes_size(o: ObjRef) -> usize {
    17 + unsafe { *o.at::<u64>(8) } as usize
}
unsafe fn no_trace(_: ObjRef, _: &mut Tracer) {}
unsafe fn weak_size(_: ObjRef) -> usize {
    32
}
unsafe fn weak_trace(o: ObjRef, t: &mut Tracer) {
    unsafe { t.words(o.at::<u64>(24), 1) }
}
unsafe fn handle_size(_: ObjRef) -> usize {
    32
}
unsafe fn handle_drop(o: ObjRef) {
    HANDLES_DROPPED.fetch_add(1, Ordering::Relaxed);
    drop(unsafe { Box::from_raw(*o.at::<*mut u64>(16)) });
}
unsafe fn storage_size(o: ObjRef) -> usize {
    16 + 128 * unsafe { *o.at::<u64>(8) } as usize
}
unsafe fn storage_trace(o: ObjRef, t: &mut Tracer) {
    unsafe {
        for card in 0..*o.at::<u64>(8) as usize {
            t.words(o.at::<u64>(16 + 128 * card + 16), 14);
        }
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
        unsafe { *o.at::<u64>(16) = fields as u64 };
        o
    }
    pub fn tuple(&self, items: &[u64]) -> ObjRef {
        let o = self.m.alloc_sized(TUPLE, 0, 16 + 8 * items.len()).unwrap();
        unsafe { *o.at::<u64>(8) = items.len() as u64 };
        for (i, &w) in items.iter().enumerate() {
            unsafe { *o.at::<u64>(16 + 8 * i) = w };
        }
        o
    }
    pub fn bytes(&self, text: &[u8]) -> ObjRef {
        let o = self.m.alloc_sized(BYTES, 0, 17 + text.len()).unwrap();
        unsafe {
            *o.at::<u64>(8) = text.len() as u64;
            std::ptr::copy_nonoverlapping(text.as_ptr(), o.at::<u8>(16), text.len());
        }
        o
    }
    pub fn weak(&self, target: ObjRef, callback: u64) -> ObjRef {
        let o = self.m.alloc(WEAKREF, 0, 32);
        unsafe {
            *o.at::<u64>(16) = target.word();
            *o.at::<u64>(24) = callback;
        }
        self.m.register_weak(o);
        o
    }
    pub fn handle(&self) -> ObjRef {
        let o = self.m.alloc(HANDLE, 0, 32);
        unsafe { *o.at::<*mut u64>(16) = Box::into_raw(Box::new(7)) };
        self.m.register_native(o, 8);
        o
    }
    pub fn storage(&self, cards: usize) -> ObjRef {
        let o = self.m.alloc_sized(STORAGE, 0, 16 + 128 * cards).unwrap();
        unsafe { *o.at::<u64>(8) = cards as u64 };
        o
    }
    pub fn get(&self, o: ObjRef, i: usize) -> u64 {
        self.m.read(o).unwrap();
        unsafe { *o.at::<u64>(24 + 8 * i) }
    }
    pub fn set(&self, o: ObjRef, i: usize, w: u64) {
        self.m.write(o).unwrap();
        unsafe { *o.at::<u64>(24 + 8 * i) = w };
    }
}
