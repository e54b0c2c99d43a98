//! Stopping the world, being outside, and sleeping on locks.

use crate::harness::*;
use stm_core::sync::{Arc, AtomicU64, Ordering};
use stm_core::{PollOutcome, Transaction};

fn poll(t: &Transaction) {
    while t.poll_needed() {
        match t.poll() {
            PollOutcome::Stop => t.stop_point(),
            _ => return,
        }
    }
}

/// Words belong to whoever runs; the stopper may look at them because nobody else does.
fn touch(o: &Object) {
    let value = get(o, 0);
    set(o, 0, value + 1);
}

/// A thread that comes in from outside, runs, and goes out again, against a stop.
pub fn stop() {
    let stm = stm_with(2);
    let objects = objects(0);
    let (runner, stopper) = (outside(&stm), attached(&stm));
    let runner = spawn(runner, &objects, |t, o| {
        t.enter();
        touch(&o[0]);
        poll(t);
        touch(&o[0]);
        t.leave();
    });
    stopper.0.stop_the_world(|stopped| {
        assert_eq!(stopped.threads().len(), 2);
        touch(&objects[0]);
    });
    stopper.0.leave();
    drop((runner.join().unwrap(), stopper));
    assert_eq!(last(&objects[0], 0), 3);
}

/// Two threads stop the world at the same time: one after the other.
pub fn two_stops() {
    let stm = stm_with(2);
    let objects = objects(0);
    let body = |t: &Transaction, o: &[Object]| {
        t.stop_the_world(|_| touch(&o[0]));
        t.leave();
    };
    two(&stm, &objects, body, body);
    assert_eq!(last(&objects[0], 0), 2);
}

/// One closes the gate, one stops the world, with transactions beginning: all end.
pub fn stop_and_gate() {
    let stm = stm_with(2);
    let objects = objects(0);
    two(
        &stm,
        &objects,
        |t, o| {
            run(t, |t| {
                t.enter_exclusive()?;
                touch(&o[0]);
                Ok(())
            });
            t.leave();
        },
        |t, o| {
            t.stop_the_world(|_| touch(&o[1]));
            run(t, |_| {
                touch(&o[0]);
                Ok(())
            });
            t.leave();
        },
    );
    assert_eq!(last(&objects[0], 0), 2);
}

/// A thread that waits for a lock stops there, its transaction live.
pub fn stop_in_wait() {
    let stm = stm_with(2);
    let objects = objects(0);
    two(
        &stm,
        &objects,
        |t, o| {
            increment(t, &o[0]);
            t.leave();
        },
        |t, o| {
            atomic(t, |t| {
                write(t, &o[0])?;
                t.stop_the_world(|_| ());
                let value = get(&o[0], 0);
                set(&o[0], 0, value + 1);
                Ok(())
            });
            t.leave();
        },
    );
    assert_eq!(last(&objects[0], 0), 2);
}

/// A lock: an object with its state in an atomic word, which sleepers validate.
struct Lock {
    object: usize,
    taken: AtomicU64,
}

fn is_free(address: usize) -> bool {
    // SAFETY: the address of a lock's word, which outlives its users.
    unsafe { &*std::ptr::with_exposed_provenance::<AtomicU64>(address) }.load(Ordering::Acquire) == 0
}

impl Lock {
    fn key(&self) -> usize {
        std::ptr::from_ref(&self.taken).expose_provenance()
    }

    fn wake_at_end(&self, t: &Transaction) {
        t.wake_at_end(self.key(), is_free, stm_core::Woken::First);
    }

    /// Blocks until taken, as Python's `acquire` outside atomic does.
    fn acquire(&self, t: &Transaction, o: &[Object]) {
        loop {
            let got = run(t, |t| {
                read(t, &o[self.object])?;
                if self.taken.load(Ordering::Relaxed) != 0 {
                    return Ok(false);
                }
                t.write_slow(o[self.object].address, &o[self.object].stamp)?;
                self.wake_at_end(t);
                self.taken.store(1, Ordering::Relaxed);
                Ok(true)
            });
            if got {
                return;
            }
            let _ = t.park(self.key(), || self.taken.load(Ordering::Acquire) != 0, None);
        }
    }

    fn release(&self, t: &Transaction, o: &[Object]) {
        run(t, |t| {
            t.write_slow(o[self.object].address, &o[self.object].stamp)?;
            self.wake_at_end(t);
            self.taken.store(0, Ordering::Release);
            Ok(())
        })
    }
}

/// The lock is released, then taken in a transaction that aborts. The other thread, which saw it taken and on its way to
/// sleep sees it taken again, is woken by the abort.
pub fn lock_and_abort() {
    let stm = stm_with(2);
    let objects = objects(0);
    let lock = Arc::new(Lock { object: 0, taken: AtomicU64::new(1) });
    let other = lock.clone();
    two(
        &stm,
        &objects,
        move |t, o| {
            other.release(t, o);
            t.begin();
            let taken = read(t, &o[0]).is_ok() && other.taken.load(Ordering::Relaxed) == 0;
            if taken && t.write_slow(o[0].address, &o[0].stamp).is_ok() {
                other.wake_at_end(t);
                other.taken.store(1, Ordering::Relaxed);
                t.undo();
                other.taken.store(0, Ordering::Release);
                t.finish_abort();
            } else {
                t.rollback();
            }
            t.leave();
        },
        |t, o| {
            lock.acquire(t, o);
            t.leave();
        },
    );
}

/// The holder releases while another goes to sleep: no wake-up is lost.
pub fn lock_handed_on() {
    let stm = stm_with(2);
    let objects = objects(0);
    let lock = Arc::new(Lock { object: 0, taken: AtomicU64::new(1) });
    let other = lock.clone();
    two(
        &stm,
        &objects,
        move |t, o| {
            other.release(t, o);
            t.leave();
        },
        |t, o| {
            lock.acquire(t, o);
            t.leave();
        },
    );
}

/// Two wait for the lock of a third, each of them to take it and give it back in one transaction: the one woken wakes the
/// other.
pub fn lock_chain() {
    let stm = stm_with(3);
    let objects = objects(0);
    let lock = Arc::new(Lock { object: 0, taken: AtomicU64::new(1) });
    let use_it = |lock: Arc<Lock>| {
        move |t: &Transaction, o: &[Object]| {
            loop {
                let got = run(t, |t| {
                    read(t, &o[0])?;
                    if lock.taken.load(Ordering::Relaxed) != 0 {
                        return Ok(false);
                    }
                    t.write_slow(o[0].address, &o[0].stamp)?;
                    lock.wake_at_end(t);
                    Ok(true)
                });
                if got {
                    break;
                }
                let _ = t.park(lock.key(), || lock.taken.load(Ordering::Acquire) != 0, None);
            }
            t.leave();
        }
    };
    let (one, two, three) = (attached(&stm), attached(&stm), attached(&stm));
    let one = spawn(one, &objects, use_it(lock.clone()));
    let two = spawn(two, &objects, use_it(lock.clone()));
    lock.release(&three.0, &objects);
    three.0.leave();
    drop(one.join().unwrap());
    drop(two.join().unwrap());
    drop(three);
}
