//! Scripted schedules: several transactions driven by hand on one OS thread, and what solo and GIL mode promise.

#![cfg(not(loom))]

use std::sync::Arc;
use stm_core::sync::{AtomicU64, Ordering};
use stm_core::{Conflict, Mode, PollOutcome, Requests, Stm, StmConfig, Transaction, Word};

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
        Heap((0..64).map(new).collect())
    }

    fn runtime(&self, mode: Mode, segments: usize) -> Arc<Stm> {
        let start = self.0.as_ptr().expose_provenance();
        let heap_base = start & !0x3fff;
        let heap_len = (start + size_of_val(&*self.0) - heap_base).next_multiple_of(0x4000);
        let slice = std::time::Duration::ZERO;
        Stm::new(StmConfig { heap_base, heap_len, segments, mode, slice, ..StmConfig::default() }).unwrap()
    }

    fn address(&self, i: usize) -> usize {
        assert_eq!(self.0[i].header, 0);
        std::ptr::from_ref(&self.0[i]).expose_provenance()
    }

    fn read(&self, t: &Transaction, i: usize) -> Result<u64, Conflict> {
        // SAFETY: a live object; then marked.
        unsafe {
            t.read(self.address(i))?;
            Ok(self.0[i].words[0].get())
        }
    }

    fn write(&self, t: &Transaction, i: usize, value: u64) -> Result<(), Conflict> {
        let object = &self.0[i];
        if !t.owns(&object.stamp) {
            t.write_slow(self.address(i), &object.stamp)?;
            t.log_touched(self.address(i));
            // SAFETY: the stamp is ours.
            unsafe { t.log_undo(object.words.as_ptr(), 2) };
        }
        // SAFETY: the stamp is ours.
        unsafe { object.words[0].set(value) };
        Ok(())
    }
}

fn entered(stm: &Arc<Stm>) -> Transaction {
    let t = Transaction::register(stm);
    t.enter();
    t
}

#[test]
fn abort_restores_in_reverse() {
    let heap = Heap::new();
    let stm = heap.runtime(Mode::AlwaysStm, 2);
    let t = entered(&stm);
    t.begin();
    heap.write(&t, 0, 1).unwrap();
    t.commit().unwrap();
    t.begin();
    heap.write(&t, 0, 2).unwrap();
    // SAFETY: the stamp is ours.
    unsafe { t.log_undo(heap.0[0].words.as_ptr(), 1) };
    heap.write(&t, 0, 3).unwrap();
    let mut seen = Vec::new();
    t.for_each_undo(|_, old| seen.push(old.to_vec()));
    assert_eq!(seen, [vec![2], vec![1, 0]]);
    let mut written = Vec::new();
    t.for_each_written(|object| written.push(object));
    assert_eq!(written, [heap.address(0)]);
    t.rollback();
    assert_eq!(t.restarts(), 1);
    t.begin();
    assert_eq!(heap.read(&t, 0), Ok(1));
    assert_eq!((t.undo_len(), t.written_len()), (0, 0));
    t.commit().unwrap();
    assert_eq!(t.restarts(), 0);
}

#[test]
fn marks_and_stamps_end_with_the_transaction() {
    let heap = Heap::new();
    let stm = heap.runtime(Mode::AlwaysStm, 2);
    let t = entered(&stm);
    // Over several laps of the mark number.
    for round in 0..1000 {
        t.begin();
        assert!(!t.is_marked(heap.address(1)), "round {round}");
        assert!(!t.owns(&heap.0[1].stamp), "round {round}");
        heap.read(&t, 1).unwrap();
        assert!(t.is_marked(heap.address(1)));
        heap.write(&t, 1, round).unwrap();
        assert!(t.owns(&heap.0[1].stamp));
        if round % 2 == 0 { t.commit().unwrap() } else { t.rollback() }
    }
}

#[test]
fn retry_names_whom_to_wait_for() {
    let heap = Heap::new();
    let stm = heap.runtime(Mode::AlwaysStm, 2);
    let (one, two) = (entered(&stm), entered(&stm));
    one.begin();
    heap.write(&one, 0, 1).unwrap();
    two.begin();
    two.set_retry_ok(true);
    assert_eq!(heap.read(&two, 0), Err(Conflict::Retry));
    assert_eq!(heap.read(&two, 5), Err(Conflict::Retry), "everything refuses until the answer");
    assert_eq!(two.pending(), Some(Conflict::Retry));
    two.commit().unwrap();
    one.commit().unwrap();
    two.wait_for_conflict();
    two.begin();
    assert_eq!(heap.read(&two, 0), Ok(1));
    two.commit().unwrap();
}

#[test]
fn older_wounds_younger_in_atomic() {
    let heap = Heap::new();
    let stm = heap.runtime(Mode::AlwaysStm, 2);
    let younger = entered(&stm);
    younger.enter_atomic();
    younger.begin();
    heap.write(&younger, 0, 7).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let older = entered(&stm);
            older.enter_atomic();
            older.begin();
            // Ages are given at the first conflict, to the finder first: so this one is the older.
            assert_eq!(heap.read(&older, 0), Ok(0));
            older.commit().unwrap();
            older.leave_atomic();
            older.leave();
        });
        while younger.poll() != PollOutcome::Abort {
            std::thread::yield_now();
        }
        assert!(younger.is_wounded());
        assert_eq!(younger.commit(), Err(Conflict::Abort), "nothing durable comes after a refusal");
        younger.rollback();
        younger.leave_atomic();
        younger.leave();
    });
    assert_eq!(stm.totals().aborts_wounded, 1);
}

#[test]
fn solo_checks_always_hit_and_writes_are_remembered() {
    let heap = Heap::new();
    let stm = heap.runtime(Mode::Stm, 2);
    let t = entered(&stm);
    t.begin();
    assert!(t.is_solo() && stm.is_solo());
    assert!(t.is_marked(heap.address(0)) && t.is_marked(usize::MAX & !15));
    heap.write(&t, 0, 1).unwrap();
    heap.write(&t, 0, 2).unwrap();
    assert_eq!((t.written_len(), t.undo_len()), (1, 0));
    t.commit().unwrap();
    t.begin();
    heap.write(&t, 0, 3).unwrap();
    assert_eq!(t.written_len(), 1, "the log lives until the collector renews it");
    t.commit().unwrap();
    t.renew();
    t.begin();
    heap.write(&t, 0, 4).unwrap();
    assert_eq!(t.written_len(), 1);
    t.become_inevitable().unwrap();
    t.enter_exclusive().unwrap();
    t.commit().unwrap();
    assert!(!t.is_inevitable() && !t.is_exclusive());
}

#[test]
fn leaving_solo_lets_the_second_thread_in() {
    let heap = Heap::new();
    let stm = heap.runtime(Mode::Stm, 2);
    let t = entered(&stm);
    t.begin();
    heap.write(&t, 0, 1).unwrap();
    t.commit().unwrap();
    let ticket = stm.reserve_thread();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let other = Transaction::new(ticket);
            other.enter();
            other.begin();
            assert!(!other.is_solo());
            assert_eq!(heap.read(&other, 0), Ok(1));
            other.commit().unwrap();
            other.leave();
        });
        t.begin();
        loop {
            // The other thread's attach asks for it, if it comes first.
            if t.poll_needed() && t.poll() == PollOutcome::Requests(Requests::LEAVE_SOLO) {
                break;
            }
            std::thread::yield_now();
        }
        t.commit().unwrap();
        t.leave_solo().unwrap();
        t.begin();
        assert!(!t.is_solo() && !t.is_marked(heap.address(0)));
        t.commit().unwrap();
        t.leave();
    });
    t.enter();
    assert!(t.could_enter_solo() && t.try_enter_solo());
    t.begin();
    assert!(t.is_solo() && t.is_marked(heap.address(3)));
    t.commit().unwrap();
}

#[test]
fn gil_threads_share_one_segment() {
    let heap = Heap::new();
    let stm = heap.runtime(Mode::Gil, 4);
    let (one, two) = (entered(&stm), entered(&stm));
    one.begin();
    heap.write(&one, 0, 1).unwrap();
    one.commit().unwrap();
    two.begin();
    assert!(two.is_marked(heap.address(0)));
    assert!(two.owns(&heap.0[0].stamp), "the first thread's log remembers it");
    two.commit().unwrap();
    // A collection by the second, under the global lock.
    two.renew();
    one.forget_written();
    one.begin();
    assert!(!one.owns(&heap.0[0].stamp));
    heap.write(&one, 0, 2).unwrap();
    assert_eq!(one.written_len(), 1);
    one.commit().unwrap();
    assert!(stm.is_gil());
}

#[test]
fn requests_wait_for_the_end_of_atomic() {
    let heap = Heap::new();
    let stm = heap.runtime(Mode::AlwaysStm, 2);
    let t = entered(&stm);
    t.enter_atomic();
    t.begin();
    t.record().request_poll(Requests::SIGNAL.with(Requests::GC));
    assert!(t.poll_needed());
    assert_eq!(t.poll(), PollOutcome::Requests(Requests::GC));
    assert!(!t.poll_needed(), "put off, not polled again and again");
    t.leave_atomic();
    assert!(t.poll_needed());
    assert_eq!(t.poll(), PollOutcome::Requests(Requests::SIGNAL));
    assert!(!t.poll_needed());
    t.commit().unwrap();
}

#[test]
fn memory_of_a_dead_object_has_no_marks() {
    let heap = Heap::new();
    let stm = heap.runtime(Mode::AlwaysStm, 2);
    let t = entered(&stm);
    t.begin();
    heap.read(&t, 3).unwrap();
    let live = t.stop_the_world(|stopped| {
        assert_eq!(stm.trim_marks(stopped), 0, "a live transaction keeps its marks");
        #[cfg(not(miri))]
        assert!(stm.mark_memory(stopped) > 0);
        stm.live_transactions(stopped)
    });
    assert!(stm.any_still_live(&live));
    stm.clear_marks(&live, heap.address(3), 32);
    assert!(!t.is_marked(heap.address(3)));
    t.commit().unwrap();
    assert!(!stm.any_still_live(&live));
    assert!(t.stop_the_world(|stopped| stm.trim_marks(stopped)) > 0);
    t.begin();
    assert!(!t.is_marked(heap.address(3)));
    heap.read(&t, 3).unwrap();
    t.commit().unwrap();
}

#[test]
fn stopped_threads_show_their_stacks() {
    let heap = Heap::new();
    let stm = heap.runtime(Mode::AlwaysStm, 2);
    let t = entered(&stm);
    let (ready, finish) = (AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let other = entered(&stm);
            let marker = 0u8;
            other.set_user(std::ptr::from_ref(&marker).cast_mut().cast());
            ready.store(1, Ordering::SeqCst);
            while finish.load(Ordering::SeqCst) == 0 {
                if other.poll_needed() && other.poll() == PollOutcome::Stop {
                    other.stop_point();
                }
                std::thread::yield_now();
            }
            other.leave();
        });
        while ready.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        t.stop_the_world(|stopped| {
            let other = stopped.threads().iter().find(|r| r.id() != stopped.stopper().id()).unwrap();
            let top = other.stack_top();
            // The marker lives in a frame above the published top, on the same stack.
            #[cfg(not(miri))]
            assert!(top < other.user().addr() && other.user().addr() - top < 1 << 20);
            let _ = top;
        });
        finish.store(1, Ordering::SeqCst);
    });
    assert_eq!(stm.threads(), 1);
}

#[test]
fn segments_go_round() {
    let heap = Heap::new();
    let stm = heap.runtime(Mode::AlwaysStm, 1);
    let rounds = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let t = entered(&stm);
                for _ in 0..50 {
                    t.begin();
                    let value = heap.read(&t, 0).unwrap();
                    heap.write(&t, 0, value + 1).unwrap();
                    t.commit().unwrap();
                    rounds.fetch_add(1, Ordering::Relaxed);
                }
                t.leave();
            });
        }
    });
    let t = entered(&stm);
    t.begin();
    assert_eq!(heap.read(&t, 0), Ok(200));
    t.commit().unwrap();
    assert_eq!(stm.segments_used(), 1);
    assert_eq!(stm.totals().commits, 201);
}

/// Daemons in all states, one of them inevitable in a call that does not return: the process can end.
#[cfg(not(miri))]
#[test]
fn shutting_down_stops_daemons() {
    let heap: &'static Heap = Box::leak(Box::new(Heap::new()));
    let stm = heap.runtime(Mode::AlwaysStm, 3);
    let outside = Arc::new(AtomicU64::new(0));
    let stuck = (stm.clone(), outside.clone());
    // These threads never end: they stay behind when the test process exits.
    std::thread::spawn(move || {
        let t = entered(&stuck.0);
        t.enter_atomic();
        t.begin();
        t.become_inevitable().unwrap();
        heap.write(&t, 0, 1).unwrap();
        t.leave();
        stuck.1.store(1, Ordering::SeqCst);
        loop {
            std::thread::park();
        }
    });
    while outside.load(Ordering::SeqCst) == 0 {
        std::thread::yield_now();
    }
    for i in 1..4 {
        let stm = stm.clone();
        std::thread::spawn(move || {
            let t = entered(&stm);
            loop {
                t.begin();
                match heap.write(&t, i % 2 + 1, 5) {
                    Ok(()) => t.commit().unwrap(),
                    Err(_) => t.rollback(),
                }
                while t.poll_needed() {
                    if t.poll() == PollOutcome::Stop {
                        t.stop_point();
                    }
                }
            }
        });
    }
    std::thread::sleep(std::time::Duration::from_millis(20));
    let t = entered(&stm);
    assert!(t.shut_down(std::time::Duration::from_secs(20)));
    t.begin();
    for i in 0..3 {
        heap.write(&t, i, 9).unwrap();
    }
    t.become_inevitable().unwrap();
    t.enter_exclusive().unwrap();
    t.commit().unwrap();
    t.stop_the_world(|stopped| assert_eq!(stopped.threads().len(), 5));
    t.begin();
    assert_eq!(heap.read(&t, 0), Ok(9));
    t.commit().unwrap();
    std::mem::forget(t);
}

/// The child has one thread; threads, queues and locks of the parent are forgotten.
#[cfg(all(unix, not(miri)))]
#[test]
fn a_forked_child_goes_on_alone() {
    let heap = Heap::new();
    let stm = heap.runtime(Mode::AlwaysStm, 2);
    let stop = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let t = entered(&stm);
                while stop.load(Ordering::Relaxed) == 0 {
                    t.begin();
                    let done = (|| {
                        let value = heap.read(&t, 0)?;
                        heap.write(&t, 0, value + 1)?;
                        heap.write(&t, 1, value + 1)
                    })();
                    match done {
                        Ok(()) => t.commit().unwrap(),
                        Err(_) => t.rollback(),
                    }
                    while t.poll_needed() {
                        if t.poll() == PollOutcome::Stop {
                            t.stop_point();
                        }
                    }
                }
                t.leave();
            });
        }
        let t = entered(&stm);
        for _ in 0..10 {
            t.begin();
            let Ok(guard) = t.fork_prepare() else {
                t.rollback();
                continue;
            };
            // SAFETY: the child only runs what follows and leaves by `_exit`.
            let child = unsafe { libc::fork() };
            if child == 0 {
                t.fork_child(guard);
                // SAFETY: exclusive.
                let same = unsafe { heap.0[0].words[0].get() == heap.0[1].words[0].get() };
                t.commit().unwrap();
                for _ in 0..1000 {
                    t.begin();
                    let value = heap.read(&t, 0).unwrap();
                    heap.write(&t, 0, value + 1).unwrap();
                    t.commit().unwrap();
                }
                t.stop_the_world(|_| ());
                let alone = stm.threads() == 1;
                // SAFETY: ends the child at once.
                unsafe { libc::_exit(if same && alone { 0 } else { 1 }) };
            }
            t.fork_parent(guard);
            t.commit().unwrap();
            let mut status = -1;
            t.leave();
            // SAFETY: waits for our own child.
            unsafe { libc::waitpid(child, &mut status, 0) };
            t.enter();
            assert_eq!(status, 0, "the child fails");
        }
        stop.store(1, Ordering::Relaxed);
        t.leave();
    });
}

/// Two threads that do nothing but write one object keep it for a turn each, instead of passing it on after every write.
#[cfg(not(miri))]
#[test]
fn a_contended_object_is_kept_for_a_turn() {
    const WRITES: u64 = 100_000;
    let heap = Heap::new();
    let stm = heap.runtime(Mode::AlwaysStm, 2);
    let started = std::sync::Barrier::new(2);
    let increment = |t: &Transaction| {
        let object = &heap.0[0];
        if !t.owns(&object.stamp) {
            t.set_retry_ok(true);
            let locked = t.write_slow(heap.address(0), &object.stamp);
            t.set_retry_ok(false);
            locked?;
            t.log_touched(heap.address(0));
            // SAFETY: the stamp is ours.
            unsafe { t.log_undo(object.words.as_ptr(), 2) };
        }
        // SAFETY: the stamp is ours.
        unsafe { object.words[0].set(object.words[0].get() + 1) };
        Ok(())
    };
    let body = || {
        let t = entered(&stm);
        t.attach();
        started.wait();
        t.begin();
        // Committed, and in the running transaction.
        let (mut done, mut new) = (0, 0);
        while done + new < WRITES {
            let mut outcome = match increment(&t) {
                Ok(()) => {
                    new += 1;
                    PollOutcome::Nothing
                }
                Err(Conflict::Abort) => PollOutcome::Abort,
                Err(Conflict::Retry) => {
                    t.commit().unwrap();
                    done += std::mem::take(&mut new);
                    t.wait_for_conflict();
                    t.begin();
                    continue;
                }
            };
            if t.soon_is_put_off() && new % 32 == 0 {
                t.look_again();
            }
            if outcome == PollOutcome::Nothing && t.poll_needed() {
                outcome = t.poll();
            }
            match outcome {
                PollOutcome::Stop => t.stop_point(),
                PollOutcome::Abort => {
                    new = 0;
                    t.rollback();
                    t.begin();
                }
                PollOutcome::CommitSoon => {
                    t.commit_and_begin().unwrap();
                    done += std::mem::take(&mut new);
                }
                _ => (),
            }
        }
        t.commit().unwrap();
        t.leave();
    };
    std::thread::scope(|scope| {
        scope.spawn(body);
        scope.spawn(body);
    });
    let totals = stm.totals();
    assert!(totals.waits < WRITES / 5, "{totals:?}");
    let t = entered(&stm);
    t.begin();
    assert_eq!(heap.read(&t, 0), Ok(2 * WRITES));
    t.commit().unwrap();
}
