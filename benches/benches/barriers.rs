//! What each barrier and each end of a transaction costs, against a plain access and a mutex.
//!
//! Every figure isolates one operation on objects that are in the first-level cache, 1000 of them per iteration (divide by
//! 1000). `cargo bench -p benches --bench barriers`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use stm_core::sync::{AtomicU64, Ordering};
use stm_core::{Mode, Stm, StmConfig, Transaction, Word};

const COUNT: usize = 1000;

#[repr(C, align(16))]
struct Object {
    header: u64,
    stamp: AtomicU64,
    words: [Word; 2],
}

struct Heap(Box<[Object]>);

impl Heap {
    fn new() -> Heap {
        let new = |_| Object { header: 0, stamp: AtomicU64::new(0), words: [Word::new(0), Word::new(0)] };
        Heap((0..COUNT).map(new).collect())
    }

    fn runtime(&self, mode: Mode, segments: usize) -> Arc<Stm> {
        let start = self.0.as_ptr().expose_provenance();
        let heap_base = start & !0x3fff;
        let heap_len = (start + size_of_val(&*self.0) - heap_base).next_multiple_of(0x4000);
        Stm::new(StmConfig { heap_base, heap_len, segments, mode, ..StmConfig::default() })
            .expect("address space for mark tables")
    }
}

fn entered(stm: &Arc<Stm>) -> Transaction {
    let t = Transaction::register(stm);
    t.enter();
    t
}

#[inline(always)]
fn read(t: &Transaction, o: &Object) -> u64 {
    let address = std::ptr::from_ref(o).addr();
    if !t.is_marked(address) {
        t.read_slow(address, &o.stamp).expect("no conflict");
    }
    // SAFETY: marked.
    unsafe { o.words[0].get() }
}

#[inline(always)]
fn write(t: &Transaction, o: &Object, value: u64) {
    if !t.owns(&o.stamp) {
        let address = std::ptr::from_ref(o).addr();
        t.write_slow(address, &o.stamp).expect("no conflict");
        t.log_touched(address);
        // SAFETY: the stamp is ours.
        unsafe { t.log_undo(o.words.as_ptr(), 2) };
    }
    // SAFETY: the stamp is ours.
    unsafe { o.words[0].set(value) };
}

fn commit(t: &Transaction) {
    t.commit().expect("no conflict");
}

fn again(t: &Transaction) {
    t.commit_and_begin().expect("no conflict");
}

fn reads(c: &mut Criterion) {
    let heap = Heap::new();
    let mut group = c.benchmark_group("read");
    group.throughput(Throughput::Elements(COUNT as u64));
    group.bench_function("plain", |b| {
        b.iter(|| {
            heap.0.iter().fold(0, |sum, o| {
                // SAFETY: one thread.
                sum ^ black_box(unsafe { o.words[0].get() })
            })
        })
    });
    for (name, mode) in [("marked", Mode::AlwaysStm), ("solo", Mode::Stm)] {
        let stm = heap.runtime(mode, 2);
        let t = entered(&stm);
        t.begin();
        heap.0.iter().for_each(|o| _ = black_box(read(&t, o)));
        group.bench_function(name, |b| {
            b.iter(|| heap.0.iter().fold(0, |sum, o| sum ^ black_box(read(&t, o))))
        });
        commit(&t);
    }
    let stm = heap.runtime(Mode::AlwaysStm, 2);
    let t = entered(&stm);
    t.begin();
    group.bench_function("first in its transaction", |b| {
        b.iter(|| {
            again(&t);
            heap.0.iter().fold(0, |sum, o| sum ^ black_box(read(&t, o)))
        })
    });
    commit(&t);
    group.finish();
}

fn writes(c: &mut Criterion) {
    let heap = Heap::new();
    let mut group = c.benchmark_group("write");
    group.throughput(Throughput::Elements(COUNT as u64));
    group.bench_function("plain", |b| {
        b.iter(|| {
            heap.0.iter().for_each(|o| {
                // SAFETY: one thread.
                unsafe { black_box(o).words[0].set(1) }
            })
        })
    });
    for (name, mode) in [("owned", Mode::AlwaysStm), ("solo", Mode::Stm)] {
        let stm = heap.runtime(mode, 2);
        let t = entered(&stm);
        t.begin();
        heap.0.iter().for_each(|o| write(&t, o, 0));
        group.bench_function(name, |b| b.iter(|| heap.0.iter().for_each(|o| write(&t, black_box(o), 1))));
        commit(&t);
    }
    let stm = heap.runtime(Mode::AlwaysStm, 2);
    let t = entered(&stm);
    t.begin();
    group.bench_function("first in its transaction, with undo", |b| {
        b.iter(|| {
            again(&t);
            heap.0.iter().for_each(|o| write(&t, black_box(o), 1))
        })
    });
    commit(&t);
    group.finish();
}

/// First writes of objects that others have read, with that many segments to look through.
fn write_after_readers(c: &mut Criterion) {
    let mut group = c.benchmark_group("write after readers");
    group.throughput(Throughput::Elements(COUNT as u64));
    for segments in [2, 12, 64] {
        let heap = Heap::new();
        let stm = heap.runtime(Mode::AlwaysStm, segments);
        let all: Vec<Transaction> = (0..segments).map(|_| entered(&stm)).collect();
        all.iter().for_each(|t| t.attach());
        let writer = &all[0];
        group.bench_function(format!("{segments} segments"), |b| {
            b.iter_custom(|rounds| {
                let mut time = std::time::Duration::ZERO;
                for _ in 0..rounds {
                    for reader in &all[1..] {
                        reader.begin();
                        heap.0.iter().for_each(|o| _ = black_box(read(reader, o)));
                        commit(reader);
                    }
                    writer.begin();
                    let start = Instant::now();
                    heap.0.iter().for_each(|o| write(writer, o, 1));
                    time += start.elapsed();
                    commit(writer);
                }
                time
            })
        });
    }
    group.finish();
}

fn ends(c: &mut Criterion) {
    let heap = Heap::new();
    let stm = heap.runtime(Mode::AlwaysStm, 2);
    let t = entered(&stm);
    let mut group = c.benchmark_group("transaction");
    group.bench_function("begin, commit", |b| {
        b.iter(|| {
            t.begin();
            commit(&t);
        })
    });
    t.begin();
    group.bench_function("commit and begin in one", |b| b.iter(|| again(&t)));
    commit(&t);
    group.bench_function("begin, write, abort", |b| {
        b.iter(|| {
            t.begin();
            write(&t, &heap.0[0], 7);
            t.rollback();
            // Else the fourth would wait for the token.
            t.begin();
            commit(&t);
        })
    });
    group.bench_function("begin, become inevitable, commit", |b| {
        b.iter(|| {
            t.begin();
            t.become_inevitable().expect("no conflict");
            commit(&t);
        })
    });
    group.bench_function("leave, enter, begin, commit", |b| {
        b.iter(|| {
            t.leave();
            t.enter();
            t.begin();
            commit(&t);
        })
    });
    group.bench_function("five objects read and written", |b| {
        b.iter(|| {
            t.begin();
            for o in &heap.0[..5] {
                let value = read(&t, o);
                write(&t, o, value + 1);
            }
            commit(&t);
        })
    });
    let mutex = Mutex::new(0u64);
    group.bench_function("mutex lock, unlock", |b| b.iter(|| *mutex.lock().expect("not poisoned") += 1));
    let word = AtomicU64::new(0);
    group.bench_function("atomic add", |b| b.iter(|| word.fetch_add(1, Ordering::SeqCst)));
    group.bench_function("poll", |b| b.iter(|| black_box(&t).poll_needed()));
    group.finish();
}

/// Two threads with objects of their own, against one: transactions of 100 reads and 100 writes.
fn scaling(c: &mut Criterion) {
    let mut group = c.benchmark_group("disjoint transactions");
    for threads in [1, 2] {
        let heap = Heap::new();
        let stm = heap.runtime(Mode::AlwaysStm, threads);
        group.throughput(Throughput::Elements(threads as u64));
        group.bench_function(format!("{threads} threads"), |b| {
            b.iter_custom(|rounds| {
                let start = Instant::now();
                std::thread::scope(|scope| {
                    for thread in 0..threads {
                        let (heap, stm) = (&heap, &stm);
                        scope.spawn(move || {
                            let t = entered(stm);
                            let mine = &heap.0[thread * 500..thread * 500 + 100];
                            for _ in 0..rounds {
                                t.begin();
                                for o in mine {
                                    let value = read(&t, o);
                                    write(&t, o, value + 1);
                                }
                                commit(&t);
                            }
                            t.leave();
                        });
                    }
                });
                start.elapsed()
            })
        });
    }
    group.finish();
    let heap = Heap::new();
    black_box(heap.0[0].header);
}

criterion_group!(benches, reads, writes, write_after_readers, ends, scaling);
criterion_main!(benches);
