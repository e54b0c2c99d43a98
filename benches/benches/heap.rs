//! The heap: allocation, barriers through the mutator, minor and full collection.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use gc_stm::{Heap, HeapConfig, Kind, KindInfo, Mutator, ObjRef, RootFn, Tracer, register_kinds};
use std::hint::black_box;
use stm_core::{Mode, Stm, StmConfig, Transaction};

const PAIR: Kind = Kind::stamped(0);
const BOX: Kind = Kind::immutable(1);
const BYTES: Kind = Kind::immutable(2);

unsafe fn pair_size(_: ObjRef) -> usize {
    32
}
unsafe fn pair_trace(o: ObjRef, t: &mut Tracer) {
    // SAFETY: a pair has two fields.
    unsafe { t.words(o.at::<u64>(16), 2) }
}
unsafe fn box_size(_: ObjRef) -> usize {
    16
}
unsafe fn bytes_size(o: ObjRef) -> usize {
    // SAFETY: the length is there.
    17 + unsafe { *o.at::<u64>(8) } as usize
}
unsafe fn nothing(_: ObjRef, _: &mut Tracer) {}

static KINDS: [KindInfo; 3] = [
    KindInfo {
        name: "pair",
        stamped: true,
        size: pair_size,
        trace: pair_trace,
        drop_native: None,
        weak: false,
    },
    KindInfo { name: "box", stamped: false, size: box_size, trace: nothing, drop_native: None, weak: false },
    KindInfo {
        name: "bytes",
        stamped: false,
        size: bytes_size,
        trace: nothing,
        drop_native: None,
        weak: false,
    },
];

#[repr(C)]
struct Thread {
    m: Mutator,
    roots: Vec<u64>,
}

unsafe fn trace_roots(data: *const (), t: &mut Tracer) {
    // SAFETY: registered with a thread that outlives its mutator's use.
    for &w in unsafe { &(*data.cast::<Thread>()).roots } {
        t.word(w);
    }
}

fn thread_with(mode: Mode, config: HeapConfig) -> Box<Thread> {
    register_kinds(&KINDS).expect("one table");
    let heap = Heap::new(config).expect("address space");
    let (heap_base, heap_len) = (heap.heap_base(), heap.heap_len());
    let stm = Stm::new(StmConfig { heap_base, heap_len, mode, ..StmConfig::default() }).expect("marks");
    let tx = Transaction::register(&stm);
    let mut t = Box::new(Thread { m: Mutator::new(&heap, tx), roots: Vec::new() });
    t.m.tx.enter();
    let data: *const Thread = &*t;
    // SAFETY: the box stays where it is, and the mutator goes with it.
    unsafe {
        t.m.register(0);
        t.m.add_root_source(RootFn { data: data.cast(), trace: trace_roots });
    }
    t.m.begin();
    t
}

fn thread(mode: Mode) -> Box<Thread> {
    thread_with(mode, HeapConfig::default())
}

fn pair(t: &Thread, a: u64, b: u64) -> ObjRef {
    let o = t.m.alloc(PAIR, 0, 32);
    // SAFETY: just made.
    unsafe {
        *o.at::<u64>(16) = a;
        *o.at::<u64>(24) = b;
    }
    o
}

fn allocation(c: &mut Criterion) {
    let mut g = c.benchmark_group("alloc");
    const N: usize = 1_000_000;
    g.throughput(Throughput::Elements(N as u64));
    g.sample_size(20);
    for nursery in [1 << 20, 2 << 20, 4 << 20, 8 << 20] {
        let mut t = thread_with(Mode::Stm, HeapConfig { nursery, ..HeapConfig::default() });
        g.bench_function(format!("16 bytes, dead, nursery {}K", nursery >> 10), |b| {
            b.iter(|| {
                for i in 0..N {
                    let o = t.m.alloc(BOX, 0, 16);
                    // SAFETY: just made.
                    unsafe { *o.at::<u64>(8) = i as u64 };
                    if i & 255 == 0 {
                        t.m.safepoint_collect();
                    }
                }
            })
        });
        g.bench_function(format!("32 bytes stamped, dead, nursery {}K", nursery >> 10), |b| {
            b.iter(|| {
                for i in 0..N {
                    black_box(pair(&t, 1, i as u64));
                    if i & 255 == 0 {
                        t.m.safepoint_collect();
                    }
                }
            })
        });
        g.bench_function(
            format!("32 bytes stamped, 1/64 kept for a while, nursery {}K", nursery >> 10),
            |b| {
                b.iter(|| {
                    for i in 0..N {
                        let o = pair(&t, 1, 3);
                        if i & 63 == 0 {
                            if t.roots.len() == 10_000 {
                                t.roots.clear();
                            }
                            t.roots.push(o.word());
                        }
                        if i & 255 == 0 {
                            t.m.safepoint_collect();
                        }
                    }
                })
            },
        );
    }
    g.finish();
}

fn barriers(c: &mut Criterion) {
    let mut g = c.benchmark_group("barrier");
    for (name, mode) in [("solo", Mode::Stm), ("concurrent", Mode::AlwaysStm)] {
        let mut t = thread(mode);
        for _ in 0..1000 {
            let o = pair(&t, 1, 1);
            t.roots.push(o.word());
        }
        t.m.collect_full();
        t.m.commit().expect("nobody else");
        t.m.begin();
        // SAFETY: roots are objects.
        let objs: Vec<ObjRef> =
            t.roots.iter().map(|&w| unsafe { ObjRef::from_address(w as usize) }).collect();
        g.throughput(Throughput::Elements(1000));
        g.bench_function(format!("{name}: read again"), |b| {
            b.iter(|| {
                for &o in &objs {
                    let _ = black_box(t.m.read(o));
                }
            })
        });
        g.bench_function(format!("{name}: write again"), |b| {
            b.iter(|| {
                for &o in &objs {
                    let _ = black_box(t.m.write(o));
                }
            })
        });
        g.bench_function(format!("{name}: first read of 1000, commit"), |b| {
            b.iter(|| {
                for &o in &objs {
                    let _ = black_box(t.m.read(o));
                }
                t.m.commit().expect("nobody else");
                t.m.begin();
            })
        });
        g.bench_function(format!("{name}: first write of 1000, commit"), |b| {
            b.iter(|| {
                for &o in &objs {
                    let _ = black_box(t.m.write(o));
                }
                t.m.commit().expect("nobody else");
                t.m.begin();
            })
        });
        g.bench_function(format!("{name}: empty transaction"), |b| {
            b.iter(|| t.m.commit_and_begin().expect("nobody else"))
        });
    }
    g.finish();
}

fn list(t: &Thread, n: usize) -> u64 {
    let mut head = 1;
    for i in 0..n {
        head = pair(t, head, (i as u64) << 1 | 1).word();
    }
    head
}

fn collection(c: &mut Criterion) {
    let mut g = c.benchmark_group("collect");
    g.sample_size(20);
    let mut t = thread(Mode::Stm);
    g.bench_function("minor, nothing allocated", |b| b.iter(|| t.m.collect_minor()));
    g.throughput(Throughput::Elements(100_000));
    g.bench_function("minor, 100k pairs survive", |b| {
        let t = std::cell::RefCell::new(&mut t);
        b.iter_batched(
            || {
                let mut t = t.borrow_mut();
                t.roots.clear();
                t.m.collect_full();
                let head = list(&t, 100_000);
                t.roots.push(head);
            },
            |()| t.borrow_mut().m.collect_minor(),
            BatchSize::PerIteration,
        )
    });
    t.roots.clear();
    for n in [100_000, 1_000_000] {
        t.roots.clear();
        for _ in 0..n / 1000 {
            let head = list(&t, 1000);
            t.roots.push(head);
        }
        t.m.collect_full();
        g.throughput(Throughput::Elements(n as u64));
        g.bench_function(format!("full, {n} pairs"), |b| b.iter(|| t.m.collect_full()));
    }
    g.finish();
}

fn start(c: &mut Criterion) {
    let mut g = c.benchmark_group("start");
    g.bench_function("heap, runtime and thread", |b| {
        b.iter(|| {
            let t = thread(Mode::Stm);
            black_box(pair(&t, 1, 1));
        })
    });
    let t = thread(Mode::Stm);
    g.bench_function("large object of 20 KB", |b| {
        let mut t = thread(Mode::Stm);
        b.iter(|| {
            let o = t.m.alloc_large(BYTES, 0, 20_000).expect("room");
            // SAFETY: just made.
            unsafe { *o.at::<u64>(8) = 19_000 };
            t.m.safepoint_collect();
        })
    });
    drop(t);
    g.finish();
}

criterion_group!(benches, allocation, barriers, collection, start);
criterion_main!(benches);
