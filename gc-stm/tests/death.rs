//! Weak references, finalizers, native payloads: what happens when objects die, and when transactions abort.

mod mock;
use gc_stm::{HAS_WEAKREF, HeapConfig, HeapFull, ObjRef, header, is_young};
use mock::{BYTES, Thread, int, word};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// `HANDLES_DROPPED` is shared by the tests of this file.
static HANDLES: Mutex<()> = Mutex::new(());

fn referent(w: ObjRef) -> u64 {
    word(w, 16)
}

fn end_transaction(t: &mut Thread) {
    t.m.commit().unwrap();
    t.m.begin();
}

#[test]
fn weak_reference_to_young_garbage_is_cleared_by_a_minor_collection() {
    let mut t = Thread::solo();
    let target = t.node(1);
    let kept = t.node(1);
    let callback = t.tuple(&[int(1)]);
    let w = t.weak(target, callback.word());
    let w2 = t.weak(kept, callback.word());
    let w3 = t.weak(target, int(0));
    t.stack.extend([w.word(), w2.word(), w3.word(), kept.word()]);
    assert!(header(target) & HAS_WEAKREF != 0);
    t.m.collect_minor();
    assert_eq!(referent(w), 0);
    assert_eq!(referent(w3), 0);
    assert_eq!(referent(w2), kept.word());
    assert!(t.m.heap().has_dead());
    assert_eq!(t.m.heap().take_dead_weakref(), Some(w));
    assert_eq!(t.m.heap().take_dead_weakref(), None);
    assert!(!t.m.heap().has_dead());
    // And to old garbage by a full one.
    t.stack.pop();
    t.m.collect_minor();
    assert_eq!(referent(w2), kept.word());
    t.m.collect_full();
    assert_eq!(referent(w2), 0);
    assert_eq!(t.m.heap().take_dead_weakref(), Some(w2));
}

#[test]
fn dead_weak_references_have_no_callback() {
    let mut t = Thread::solo();
    for _ in 0..2 {
        let target = t.node(1);
        let callback = t.tuple(&[int(1)]);
        t.weak(target, callback.word());
        t.m.collect_full();
        assert!(!t.m.heap().has_dead());
    }
}

#[test]
fn finalizers_run_outermost_first_and_once() {
    let mut t = Thread::solo();
    let inner = t.node(1);
    t.m.register_finalizable(inner);
    let outer = t.node(1);
    t.m.register_finalizable(outer);
    t.set(outer, 0, inner.word());
    t.m.collect_minor();
    assert!(!t.m.heap().has_dead());
    t.m.collect_full();
    assert_eq!(t.m.heap().take_finalizable(), Some(outer));
    assert_eq!(t.m.heap().take_finalizable(), None);
    // Resurrected: on the stack for a while.
    t.stack.push(outer.word());
    t.m.collect_full();
    assert!(!t.m.heap().has_dead());
    t.stack.pop();
    t.m.collect_full();
    assert_eq!(t.m.heap().take_finalizable(), Some(inner));
    t.m.collect_full();
    assert!(!t.m.heap().has_dead());
    let mut n = 0;
    t.m.for_each_object(|_| n += 1);
    assert_eq!(n, 0);
}

#[test]
fn cycles_of_finalizers_run_each_once() {
    let mut t = Thread::solo();
    let nodes: Vec<ObjRef> = (0..3).map(|_| t.node(1)).collect();
    for i in 0..3 {
        t.set(nodes[i], 0, nodes[(i + 1) % 3].word());
        t.m.register_finalizable(nodes[i]);
    }
    let mut seen = Vec::new();
    for _ in 0..6 {
        t.m.collect_full();
        while let Some(o) = t.m.heap().take_finalizable() {
            seen.push(o);
        }
    }
    assert_eq!(seen, nodes);
}

#[test]
fn weak_references_are_cleared_before_the_finalizer_sees_them() {
    let mut t = Thread::solo();
    let x = t.node(1);
    t.m.register_finalizable(x);
    let w = t.weak(x, t.tuple(&[]).word());
    t.stack.push(w.word());
    t.m.collect_full();
    assert_eq!(referent(w), 0);
    assert_eq!(t.m.heap().take_dead_weakref(), Some(w));
    assert_eq!(t.m.heap().take_finalizable(), Some(x));
}

#[test]
fn native_payload_is_freed_with_its_object() {
    let _guard = HANDLES.lock();
    let mut t = Thread::solo();
    let before = mock::HANDLES_DROPPED.load(Ordering::Relaxed);
    let dropped = || mock::HANDLES_DROPPED.load(Ordering::Relaxed) - before;
    let kept = t.handle();
    t.stack.push(kept.word());
    for _ in 0..10 {
        t.handle();
    }
    t.m.collect_minor();
    assert_eq!(dropped(), 10);
    t.m.collect_full();
    assert_eq!(dropped(), 10);
    t.stack.pop();
    t.m.collect_minor();
    assert_eq!(dropped(), 10);
    t.m.collect_full();
    assert_eq!(dropped(), 11);
}

/// Pitfall 14a: a weak reference whose contents are in an undo record keeps its referent alive.
#[test]
fn undo_records_keep_weak_referents() {
    let mut t = Thread::concurrent();
    let x = t.node(1);
    let w = t.weak(x, int(0));
    t.stack.extend([w.word(), x.word()]);
    t.m.collect_minor();
    end_transaction(&mut t);
    t.m.write(w).unwrap();
    t.stack.pop();
    t.m.collect_full();
    assert_eq!(referent(w), x.word());
    assert!(t.m.is_object(x.address()));
    t.m.abort();
    t.m.begin();
    assert_eq!(referent(w), x.word());
    t.m.collect_full();
    assert_eq!(referent(w), 0);
}

/// Pitfall 14b, c: what was made in the aborted transaction never was.
#[test]
fn finalizers_and_weak_references_of_an_aborted_transaction() {
    let mut t = Thread::concurrent();
    let old = t.node(1);
    t.m.register_finalizable(old);
    t.stack.push(old.word());
    t.m.collect_minor();
    end_transaction(&mut t);
    let x = t.node(1);
    t.m.register_finalizable(x);
    let y = t.node(1);
    let w = t.weak(y, t.tuple(&[]).word());
    t.stack.push(w.word());
    // In the transaction neither dies.
    t.m.collect_minor();
    t.m.collect_full();
    assert!(!t.m.heap().has_dead());
    assert_eq!(referent(w), y.word());
    t.stack.truncate(1);
    t.m.abort();
    t.m.begin();
    for _ in 0..3 {
        t.m.collect_full();
        assert!(!t.m.heap().has_dead());
    }
    // Unlike what was made before.
    t.stack.clear();
    t.m.collect_full();
    assert_eq!(t.m.heap().take_finalizable(), Some(old));
}

/// What an abort brings back must still be there.
#[test]
fn undo_contents_are_roots() {
    let mut t = Thread::concurrent();
    let a = t.node(2);
    let b = t.tuple(&[int(42)]);
    t.set(a, 0, b.word());
    t.stack.push(a.word());
    t.m.collect_minor();
    end_transaction(&mut t);
    // Old content, young content, and a young object older than the transaction.
    let c = t.node(1);
    let d = t.tuple(&[int(43)]);
    t.set(c, 0, d.word());
    t.stack.push(c.word());
    end_transaction(&mut t);
    assert!(is_young(c) && is_young(d));
    t.set(a, 0, int(0));
    t.set(c, 0, int(0));
    for _ in 0..10_000 {
        t.node(4);
    }
    t.m.collect_minor();
    t.m.collect_full();
    for _ in 0..10_000 {
        t.node(4);
    }
    t.m.abort();
    t.m.begin();
    let b = ObjRef::from_word(t.get(a, 0)).unwrap();
    let d = ObjRef::from_word(t.get(c, 0)).unwrap();
    assert_eq!((word(b, 16), word(d, 16)), (int(42), int(43)));
    t.m.verify_heap_now();
}

#[test]
fn class_changes_are_undone() {
    let mut t = Thread::concurrent();
    let (c1, c2) = (t.node(0), t.node(0));
    let o = t.node(1);
    gc_stm::set_class(o, c1.word());
    t.stack.extend([o.word(), c2.word()]);
    t.m.collect_minor();
    end_transaction(&mut t);
    t.m.write(o).unwrap();
    t.m.log_class(o);
    gc_stm::set_class(o, c2.word());
    t.m.collect_full();
    t.m.abort();
    t.m.begin();
    assert_eq!(gc_stm::class(o), c1.word());
    assert!(t.m.is_object(c1.address()));
}

#[test]
fn the_heap_limit_is_an_error() {
    let config = HeapConfig { limit: Some(16 << 20), reserve: 256 << 20, ..HeapConfig::default() };
    let mut t = Thread::with(config, stm_core::Mode::Stm);
    assert_eq!(t.m.alloc_large(BYTES, 0, 20 << 20), Err(HeapFull));
    assert_eq!(t.m.alloc_large(BYTES, 0, usize::MAX - 5), Err(HeapFull));
    let mut n = 0;
    while !t.m.take_memory_exhausted() {
        let o = t.node(10);
        t.stack.push(o.word());
        if n % 1000 == 0 {
            t.m.safepoint_collect();
        }
        n += 1;
        assert!(n < 1_000_000, "the limit never showed");
    }
    t.stack.clear();
    t.m.collect_full();
    assert!(!t.m.take_memory_exhausted());
    for i in 0..500_000 {
        t.node(10);
        if i % 1000 == 0 {
            t.m.safepoint_collect();
        }
    }
    assert!(!t.m.take_memory_exhausted(), "{:?}", t.m.heap().statistics());
}

/// Pitfall 13: memory that is freed while a transaction is live must not keep that transaction's read marks.
#[test]
fn read_marks_of_freed_memory_are_cleared() {
    let mut t = Thread::concurrent();
    let neighbour = t.node(1);
    let x = t.node(1);
    t.stack.extend([neighbour.word(), x.word()]);
    t.m.collect_minor();
    t.get(x, 0);
    t.get(neighbour, 0);
    assert!(t.m.tx.is_marked(x.address()));
    t.stack.pop();
    t.m.collect_full();
    assert!(!t.m.is_object(x.address()));
    assert!(!t.m.tx.is_marked(x.address()));
    assert!(t.m.tx.is_marked(neighbour.address()));
}

/// After MemoryError and after the program has dropped what filled the heap, allocation works again, without a
/// collection by hand.
#[test]
fn memory_comes_back_after_the_limit() {
    let config = HeapConfig { limit: Some(16 << 20), reserve: 256 << 20, ..HeapConfig::default() };
    let mut t = Thread::with(config, stm_core::Mode::Stm);
    for _ in 0..3 {
        while !t.m.take_memory_exhausted() {
            let o = t.node(10);
            t.stack.push(o.word());
            t.m.safepoint_collect();
        }
        t.stack.clear();
        for _ in 0..300_000 {
            t.node(10);
            t.m.safepoint_collect();
            assert!(!t.m.take_memory_exhausted());
        }
    }
}

/// A weak reference is its thread's own until it is published: no other thread may clear it or take its callback.
#[test]
fn young_weak_references_of_other_threads_wait_for_their_owner() {
    let (heap, stm) = mock::heap_and_stm(HeapConfig::default(), stm_core::Mode::AlwaysStm);
    let mut main = Thread::new(&heap, &stm);
    let ready = AtomicU64::new(0);
    let collected = AtomicU64::new(0);
    std::thread::scope(|s| {
        let (heap, stm, ready, collected) = (&heap, &stm, &ready, &collected);
        s.spawn(move || {
            let mut t = Thread::new(heap, stm);
            t.m.begin();
            let target = t.node(0);
            t.stack.push(target.word());
            t.m.collect_minor();
            t.stack.clear();
            let w = t.weak(target, t.tuple(&[]).word());
            t.stack.push(w.word());
            end_transaction(&mut t);
            ready.store(1, Ordering::Release);
            while collected.load(Ordering::Acquire) == 0 {
                if t.m.tx.poll_needed() && t.m.tx.poll() == stm_core::PollOutcome::Stop {
                    t.m.tx.stop_point();
                }
            }
            let seen = (is_young(w), referent(w));
            t.m.collect_full();
            let dead = t.m.heap().take_dead_weakref();
            assert_eq!(seen, (true, target.word()));
            assert_eq!((referent(w), dead), (0, Some(w)));
            t.m.commit().unwrap();
        });
        while ready.load(Ordering::Acquire) == 0 {
            std::thread::yield_now();
        }
        main.m.collect_full();
        let early = main.m.heap().has_dead();
        collected.store(1, Ordering::Release);
        main.m.tx.leave();
        assert!(!early);
    });
    main.m.tx.enter();
}
