//! Solo, GIL and concurrent mode, and the changes between them.

mod mock;
use gc_stm::{HeapConfig, ObjRef, RootFn, RootSource, Tracer, is_young};
use mock::{Thread, heap_and_stm, int, set_word, text, word, write_card};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use stm_core::{Mode, Requests};

struct Global(AtomicU64);
impl RootSource for Global {
    fn trace_roots(&self, t: &mut Tracer) {
        t.word(self.0.load(Ordering::Acquire));
    }
}

fn checked() -> HeapConfig {
    HeapConfig { poison: true, verify: true, nursery: 64 << 10, ..HeapConfig::default() }
}

/// Under a global lock each thread has its own young objects, so handing over publishes, and makes the next
/// write of an object that another thread wrote count again.
#[test]
fn gil_threads_share_through_commits() {
    let (heap, stm) = heap_and_stm(checked(), Mode::Gil);
    let global = Global(AtomicU64::new(0));
    // SAFETY: `global` is declared after the heap but outlives every collection, which threads of the scope make.
    unsafe { heap.add_root_source(RootFn::of(&global)) };
    let gil = Mutex::new(());
    let mut main = Thread::new(&heap, &stm);
    main.m.begin();
    let shared = main.node(8);
    (0..8).for_each(|i| main.set(shared, i, int(0)));
    main.m.make_old_now(shared);
    global.0.store(shared.word(), Ordering::Release);
    main.m.commit().unwrap();
    main.m.tx.leave();
    std::thread::scope(|s| {
        for id in 0..4u64 {
            let (heap, stm, gil, shared) = (&heap, &stm, &gil, shared.word());
            s.spawn(move || {
                let shared = ObjRef::from_word(shared).unwrap();
                let base = 0u64;
                let mut held = gil.lock().unwrap();
                let mut t = Thread::new(heap, stm);
                mock::register_stack(&t, &base, 0);
                for round in 0..400u64 {
                    t.m.begin();
                    for i in 0..8 {
                        if let Some(o) = ObjRef::from_word(t.get(shared, i)) {
                            assert!(!is_young(o), "another thread's private object");
                            let n = t.get(o, 1);
                            let x = ObjRef::from_word(t.get(o, 0)).unwrap();
                            assert_eq!(word(x, 16), n);
                        }
                    }
                    let o = t.node(2);
                    let n = int(id * 1000 + round);
                    let x = t.tuple(&[n]);
                    t.set(o, 0, x.word());
                    t.set(o, 1, n);
                    t.set(shared, ((id + round) % 8) as usize, o.word());
                    for _ in 0..20 {
                        t.node(6);
                    }
                    if round % 7 == id {
                        t.m.collect_minor();
                    }
                    t.m.commit().unwrap();
                    if round % 100 == 99 {
                        t.m.collect_full();
                    }
                    t.m.tx.leave();
                    drop(held);
                    std::thread::yield_now();
                    held = gil.lock().unwrap();
                    t.m.tx.enter();
                }
                drop(t);
                drop(held);
                std::hint::black_box(&base);
            });
        }
    });
    main.m.tx.enter();
    main.m.collect_full();
    main.m.verify_heap_now();
}

/// What was written in solo mode, unmarked and without undo, is published by leaving it.
#[test]
fn leaving_solo_mode() {
    let (heap, stm) = heap_and_stm(checked(), Mode::Stm);
    let mut main = Thread::new(&heap, &stm);
    main.m.begin();
    let shared = main.node(2);
    main.stack.push(shared.word());
    main.m.collect_minor();
    let x = main.tuple(&[int(11)]);
    main.set(shared, 0, x.word());
    assert!(is_young(x));
    main.m.commit().unwrap();
    main.m.leave_solo().unwrap();
    assert!(!is_young(x));
    assert!(!main.m.tx.is_solo());
    std::thread::scope(|s| {
        let (heap, stm, shared) = (&heap, &stm, shared.word());
        s.spawn(move || {
            let shared = ObjRef::from_word(shared).unwrap();
            let mut t = Thread::new(heap, stm);
            t.m.begin();
            let x = ObjRef::from_word(t.get(shared, 0)).unwrap();
            assert_eq!(word(x, 16), int(11));
            let y = t.tuple(&[int(12)]);
            t.set(shared, 1, y.word());
            t.m.commit().unwrap();
            assert!(!is_young(y));
        });
        main.m.tx.leave();
    });
    main.m.tx.enter();
    main.m.begin();
    main.m.collect_full();
    let y = ObjRef::from_word(main.get(shared, 1)).unwrap();
    assert_eq!(word(y, 16), int(12));
    main.m.commit().unwrap();
}

#[test]
fn a_full_nursery_asks_for_a_collection() {
    let t = Thread::with(HeapConfig { nursery: 128 << 10, ..HeapConfig::default() }, Mode::Stm);
    let mut n = 0;
    while !t.m.tx.poll_needed() {
        t.node(2);
        n += 1;
        assert!(n < 10_000);
    }
    assert!(t.m.collection_wanted());
    assert_eq!(t.m.tx.poll(), stm_core::PollOutcome::Requests(Requests::GC));
    let mut t = t;
    t.m.safepoint_collect();
    assert!(!t.m.collection_wanted());
}

/// Privacy: unpublished objects stay young over commits; published ones are old, with what they reach.
#[test]
fn commit_publishes_what_is_reachable_and_no_more() {
    let mut t = Thread::concurrent();
    let shared = t.node(1);
    t.stack.push(shared.word());
    t.m.collect_minor();
    t.m.commit_and_begin().unwrap();
    let inner = t.tuple(&[]);
    let target = t.node(0);
    let weak = t.weak(target, int(0));
    let outer = t.tuple(&[inner.word(), weak.word()]);
    let private = t.tuple(&[inner.word()]);
    t.stack.push(private.word());
    t.set(shared, 0, outer.word());
    t.m.commit_and_begin().unwrap();
    assert!(!is_young(outer) && !is_young(inner) && !is_young(weak));
    assert!(!is_young(target), "weak edges publish too");
    assert!(is_young(private));
    // A card of an old owner publishes as well.
    let storage = t.storage(2);
    t.set(shared, 0, storage.word());
    t.m.commit_and_begin().unwrap();
    let x = t.tuple(&[]);
    t.m.write(shared).unwrap();
    write_card(&t, shared, storage, 1)[3] = x.word();
    assert!(is_young(x));
    t.m.commit_and_begin().unwrap();
    assert!(!is_young(x));
}

/// An abort gives back everything, cards and raw words included, also after collections in between.
#[test]
fn abort_restores_cards_and_words() {
    let mut t = Thread::concurrent();
    let owner = t.node(1);
    let storage = t.storage(3);
    let raw = t.bytes(&[5; 64]);
    t.set(owner, 0, storage.word());
    let first = t.tuple(&[int(1)]);
    set_word(storage, 16 + 256 + 16, first.word());
    t.stack.extend([owner.word(), raw.word()]);
    t.m.commit_and_begin().unwrap();
    for collect in [false, true] {
        t.m.write(owner).unwrap();
        write_card(&t, owner, storage, 2)[0] = t.tuple(&[int(2)]).word();
        // SAFETY: the eight words of a text of this thread's own.
        unsafe {
            t.m.log_words(raw.at::<u64>(16), 8);
            raw.at::<u8>(20).write(6);
        }
        if collect {
            t.m.collect_minor();
            t.m.collect_full();
        }
        t.m.abort();
        t.m.begin();
        let x = ObjRef::from_word(word(storage, 16 + 256 + 16)).unwrap();
        assert_eq!(x, first);
        assert_eq!(word(x, 16), int(1));
        assert_eq!(text(raw, 8)[4], 5);
    }
}

/// Pitfall 26: the logs of an inevitable transaction hold what is alive and nothing more, however long it lasts.
#[test]
fn logs_of_an_inevitable_transaction_stay_short() {
    let mut t = Thread::concurrent();
    let owner = t.node(2);
    let raw = t.bytes(&[5; 64]);
    t.stack.extend([owner.word(), raw.word()]);
    t.m.collect_minor();
    t.m.commit_and_begin().unwrap();
    t.set(owner, 0, int(1));
    assert_ne!(t.m.tx.undo_len(), 0);
    t.m.tx.become_inevitable().unwrap();
    for turn in 0..if cfg!(miri) { 200 } else { 2000 } {
        // Storage that is written when it is old, and dies with the next turn.
        let storage = t.storage(3);
        t.set(owner, 0, storage.word());
        let node = t.node(1);
        t.set(owner, 1, node.word());
        t.m.collect_minor();
        t.m.write(owner).unwrap();
        write_card(&t, owner, storage, 1)[3] = t.tuple(&[int(turn)]).word();
        // SAFETY: the eight words of a text of this thread's own.
        unsafe { t.m.log_words(raw.at::<u64>(16), 8) };
        t.set(node, 0, t.tuple(&[int(turn)]).word());
        if turn % 100 == 99 {
            t.m.collect_full();
            assert!(t.m.tx.written_len() < 10, "{} objects in the log", t.m.tx.written_len());
            assert!(t.m.logged_ranges() < 10, "{} ranges in the log", t.m.logged_ranges());
            // What is alive is remembered still.
            let (one, two) = (t.tuple(&[int(turn)]), t.tuple(&[int(turn)]));
            write_card(&t, owner, storage, 1)[4] = one.word();
            t.set(node, 0, two.word());
            t.m.collect_minor();
            assert!(!is_young(one) && !is_young(two));
            assert_eq!((word(one, 16), word(two, 16)), (int(turn), int(turn)));
        }
        assert_eq!(t.m.tx.undo_len(), 0);
    }
    t.m.commit_and_begin().unwrap();
    t.m.collect_full();
}

#[test]
fn fork_leaves_the_child_a_working_heap() {
    let (heap, stm) = heap_and_stm(checked(), Mode::AlwaysStm);
    let mut main = Thread::new(&heap, &stm);
    let (to_main, from_thread) = std::sync::mpsc::channel();
    let (to_thread, go_on) = std::sync::mpsc::channel::<()>();
    std::thread::scope(|s| {
        let (heap, stm) = (&heap, &stm);
        s.spawn(move || {
            let mut t = Thread::new(heap, stm);
            t.m.begin();
            for _ in 0..1000 {
                let o = t.node(3);
                t.stack.push(o.word());
            }
            t.m.commit().unwrap();
            t.m.tx.leave();
            to_main.send(()).unwrap();
            go_on.recv().unwrap();
            t.m.tx.enter();
        });
        from_thread.recv().unwrap();
        main.m.begin();
        let keep = main.tuple(&[int(4)]);
        main.stack.push(keep.word());
        let guard = main.m.tx.fork_prepare().unwrap();
        let heap_guard = heap.fork_prepare();
        // SAFETY: both guards are held; the child uses only what they cover.
        let pid = unsafe { libc_fork() };
        if pid == 0 {
            // The child: allocate, collect, and say how it went by its exit code.
            heap.fork_child(heap_guard, &main.m);
            main.m.tx.fork_child(guard);
            let ok = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                main.m.commit().unwrap();
                main.m.begin();
                for _ in 0..20_000 {
                    main.node(3);
                }
                main.m.collect_full();
                let mut n = 0;
                main.m.for_each_object(|_| n += 1);
                assert_eq!(n, 1);
                main.m.verify_heap_now();
            }))
            .is_ok();
            // SAFETY: plain call.
            unsafe { _exit(if ok { 0 } else { 1 }) };
        }
        drop(heap_guard);
        main.m.tx.fork_parent(guard);
        main.m.commit().unwrap();
        let mut status = 0;
        // SAFETY: plain call, with room for the status.
        unsafe { waitpid(pid, &mut status, 0) };
        assert_eq!(status, 0);
        to_thread.send(()).unwrap();
        main.m.tx.leave();
    });
    main.m.tx.enter();
    main.m.collect_full();
}

unsafe extern "C" {
    #[link_name = "fork"]
    fn libc_fork() -> i32;
    fn _exit(code: i32) -> !;
    fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
}

/// What a thread left behind before it went outside is no root.
#[test]
fn garbage_of_threads_outside_is_collected() {
    let (heap, stm) = heap_and_stm(checked(), Mode::AlwaysStm);
    let mut main = Thread::new(&heap, &stm);
    let (ready, wait) = std::sync::mpsc::channel();
    let (go_on, done) = std::sync::mpsc::channel::<()>();
    std::thread::scope(|s| {
        let (heap, stm) = (&heap, &stm);
        s.spawn(move || {
            let base = 0u64;
            let mut t = Thread::new(heap, stm);
            mock::register_stack(&t, &base, 0);
            t.m.begin();
            let keep = t.tuple(&[int(1)]);
            t.stack.push(keep.word());
            for i in 0..1000 {
                let o = t.node(1);
                t.set(o, 0, int(i));
            }
            t.m.commit().unwrap();
            t.m.tx.leave();
            ready.send(()).unwrap();
            done.recv().unwrap();
            t.m.tx.enter();
            t.m.begin();
            assert_eq!(word(keep, 16), int(1));
            for _ in 0..10_000 {
                t.node(2);
            }
            t.m.commit().unwrap();
            t.m.collect_full();
            assert_eq!(word(keep, 16), int(1));
            std::hint::black_box(&base);
        });
        wait.recv().unwrap();
        main.m.collect_full();
        let mut n = 0;
        main.m.for_each_object(|_| n += 1);
        // One, and what the other native stack may show by chance.
        assert!((1..20).contains(&n), "{n} objects");
        go_on.send(()).unwrap();
        main.m.tx.leave();
    });
    main.m.tx.enter();
}
