//! Real threads on the composite lock: exclusion, forced switches, and nobody left behind.

use gil_compat::Gil;
use std::cell::UnsafeCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

struct Shared {
    gil: Gil,
    inside: AtomicUsize,
    count: UnsafeCell<u64>,
}
// SAFETY: `count` is touched by the owner of the lock.
unsafe impl Sync for Shared {}

fn critical(s: &Shared) {
    assert_eq!(s.inside.fetch_add(1, Ordering::SeqCst), 0, "two owners");
    // SAFETY: the lock is held.
    unsafe { *s.count.get() += 1 };
    assert_eq!(s.inside.fetch_sub(1, Ordering::SeqCst), 1);
}

#[test]
fn one_owner_at_a_time() {
    let s = Arc::new(Shared { gil: Gil::held(), inside: AtomicUsize::new(0), count: UnsafeCell::new(0) });
    let threads: Vec<_> = (0..6u64)
        .map(|n| {
            let s = s.clone();
            std::thread::spawn(move || {
                let mut random = n * 77 + 1;
                s.gil.acquire();
                for _ in 0..4000 {
                    critical(&s);
                    random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    match random >> 60 {
                        0..=7 => {
                            s.gil.release();
                            if random >> 59 & 1 == 1 {
                                std::thread::yield_now();
                            }
                            s.gil.acquire();
                        }
                        8 => {
                            s.gil.yield_to_waiting();
                        }
                        _ => {}
                    }
                }
                s.gil.release();
            })
        })
        .collect();
    s.gil.release();
    for t in threads {
        t.join().expect("no thread fails");
    }
    s.gil.acquire();
    // SAFETY: the lock is held.
    assert_eq!(unsafe { *s.count.get() }, 24_000);
}

#[test]
fn yielding_switches() {
    let gil = Arc::new(Gil::held());
    let turns = Arc::new(AtomicUsize::new(0));
    let done = Arc::new(AtomicBool::new(false));
    let other = {
        let (gil, turns, done) = (gil.clone(), turns.clone(), done.clone());
        std::thread::spawn(move || {
            gil.acquire();
            while !done.load(Ordering::SeqCst) {
                turns.fetch_add(1, Ordering::SeqCst);
                while !gil.is_wanted() && !done.load(Ordering::SeqCst) {
                    gil.release();
                    std::thread::yield_now();
                    gil.acquire();
                    turns.fetch_add(1, Ordering::SeqCst);
                }
                gil.yield_to_waiting();
            }
            gil.release();
        })
    };
    for _ in 0..200 {
        while !gil.is_wanted() {
            std::thread::yield_now();
        }
        assert!(gil.yield_to_waiting());
    }
    assert!(turns.load(Ordering::SeqCst) >= 200, "the other thread got its turns");
    done.store(true, Ordering::SeqCst);
    gil.release();
    other.join().expect("no thread fails");
}

#[test]
fn nobody_waits_when_nobody_waits() {
    let gil = Gil::held();
    assert!(!gil.yield_to_waiting());
    gil.release();
    gil.acquire();
    gil.release();
}
