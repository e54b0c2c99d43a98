//! Transactions under random schedules: serializability, conservation, opacity, progress, exclusive state.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use stress_tests::arena::{Arena, Session};
use stress_tests::history;
use stress_tests::mix::{Mix, live};
use stress_tests::plan::Plan;

/// Random histories of all kinds of transactions have a serial explanation.
fn serializable(name: &str, objects: usize, segments: usize, threads: usize, mix: Mix) {
    let plan = Plan::from_environment(name);
    let arena = Arena::new(objects, segments);
    let histories: Vec<_> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads)
            .map(|thread| {
                let (arena, plan, mix) = (&arena, &plan, &mix);
                scope.spawn(move || live(arena, plan, thread, mix))
            })
            .collect();
        handles.into_iter().map(|h| h.join().expect("a worker")).collect()
    });
    let all: Vec<_> = histories.into_iter().flatten().collect();
    let versions = history::check(&all).unwrap_or_else(|wrong| panic!("{name}, seed {}: {wrong}", plan.seed));
    println!("{name}: {} transactions, {versions} versions, {:?}", all.len(), arena.stm.totals());
    assert!(all.len() > threads, "no progress");
}

#[test]
fn two_threads_few_objects() {
    serializable("two_threads_few_objects", 4, 2, 2, Mix::default());
}

#[test]
fn more_threads_than_segments() {
    serializable("more_threads_than_segments", 16, 2, 5, Mix::default());
}

#[test]
fn many_segments() {
    serializable("many_segments", 64, 16, 16, Mix { steps: 20, ..Mix::default() });
}

#[test]
fn all_atomic() {
    serializable("all_atomic", 8, 4, 4, Mix { atomic: 1, ..Mix::default() });
}

#[test]
fn token_and_gate() {
    serializable("token_and_gate", 8, 3, 4, Mix { inevitable: 2, exclusive: 3, stop: 20, ..Mix::default() });
}

/// Money is moved; every audit, also one inside a transaction that will abort, finds the sum it began with.
#[test]
fn bank() {
    const ACCOUNTS: usize = 32;
    const START: u64 = 1000;
    let plan = Plan::from_environment("bank");
    let mut arena = Arena::new(ACCOUNTS, 4);
    {
        let session = Session::new(&arena);
        session.atomic(|s| (0..ACCOUNTS).try_for_each(|a| s.set(a, 0, START)));
        session.transaction.leave();
    }
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (arena, stop) = (&arena, &stop);
            let mut random = plan.random(thread);
            scope.spawn(move || {
                let session = Session::new(arena);
                while !stop.load(Ordering::Relaxed) {
                    if thread == 0 || random.one_in(50) {
                        session.atomic(|s| {
                            let mut sum = 0;
                            for account in 0..ACCOUNTS {
                                sum += s.get(account, 0)?;
                                s.poll()?;
                            }
                            assert_eq!(sum, ACCOUNTS as u64 * START, "an audit sees half a transfer");
                            Ok(())
                        });
                    } else {
                        let (from, to) = (random.below(ACCOUNTS), random.below(ACCOUNTS));
                        let amount = random.below(10) as u64;
                        session.atomic(|s| {
                            let balance = s.get(from, 0)?;
                            if balance >= amount && from != to {
                                s.set(from, 0, balance - amount)?;
                                s.poll()?;
                                let other = s.get(to, 0)?;
                                s.set(to, 0, other + amount)?;
                            }
                            Ok(())
                        });
                    }
                }
                session.transaction.leave();
            });
        }
        std::thread::sleep(plan.length);
        stop.store(true, Ordering::Relaxed);
    });
    let arena = Arc::get_mut(&mut arena).expect("all sessions have ended");
    let sum: u64 = (0..ACCOUNTS).map(|a| arena.last(a, 0)).sum();
    assert_eq!(sum, ACCOUNTS as u64 * START);
}

/// A shared counter outside atomic, one opcode each: no increment is lost and nobody aborts.
#[test]
fn shared_counter_without_aborts() {
    let plan = Plan::from_environment("shared_counter_without_aborts");
    let mut arena = Arena::new(1, 4);
    let total = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let (arena, stop, total) = (&arena, &stop, &total);
            scope.spawn(move || {
                let session = Session::new(arena);
                let mut mine = 0;
                while !stop.load(Ordering::Relaxed) {
                    session.run(
                        |s| {
                            s.transaction.set_retry_ok(true);
                            let value = s.get(0, 0)?;
                            s.lock(0)?;
                            s.transaction.set_retry_ok(false);
                            s.set(0, 0, value + 1)
                        },
                        |_| (),
                    );
                    mine += 1;
                    if mine % 64 == 0 && session.transaction.wants_handover() {
                        std::thread::yield_now();
                    }
                }
                session.transaction.leave();
                total.fetch_add(mine, Ordering::Relaxed);
            });
        }
        std::thread::sleep(plan.length);
        stop.store(true, Ordering::Relaxed);
    });
    let totals = arena.stm.totals();
    println!("shared_counter: {} increments, {totals:?}", total.load(Ordering::Relaxed));
    let expected = total.load(Ordering::Relaxed);
    assert_eq!(Arc::get_mut(&mut arena).expect("all sessions have ended").last(0, 0), expected);
    let aborts = totals.aborts_wounded;
    assert!(aborts * 20 <= expected, "{aborts} aborts for {expected} increments");
}

/// One long atomic block against a stream of short inevitable ones: it ends.
#[test]
fn long_block_is_not_starved() {
    let plan = Plan::from_environment("long_block_is_not_starved");
    let arena = Arena::new(200, 3);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for thread in 0..2 {
            let (arena, done) = (&arena, &done);
            let mut random = plan.random(thread);
            scope.spawn(move || {
                let session = Session::new(arena);
                while !done.load(Ordering::Relaxed) {
                    let object = random.below(200);
                    session.atomic(|s| {
                        s.transaction.become_inevitable()?;
                        let value = s.get(object, 0)?;
                        s.set(object, 0, value + 1)
                    });
                }
                session.transaction.leave();
            });
        }
        let session = Session::new(&arena);
        for _ in 0..20 {
            session.atomic(|s| {
                let mut sum = 0;
                for object in 0..200 {
                    sum += s.get(object, 0)?;
                    s.poll()?;
                }
                s.set(0, 1, sum)
            });
        }
        session.transaction.leave();
        done.store(true, Ordering::Relaxed);
    });
}

/// State that is read without barriers and changes in exclusive mode only.
#[test]
fn exclusive_state() {
    let plan = Plan::from_environment("exclusive_state");
    let arena = Arena::new(8, 3);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (arena, stop) = (&arena, &stop);
            let mut random = plan.random(thread);
            scope.spawn(move || {
                let session = Session::new(arena);
                while !stop.load(Ordering::Relaxed) {
                    let change = random.one_in(100);
                    session.run(
                        |s| {
                            if change {
                                s.transaction.enter_exclusive()?;
                                let value = s.peek(0, 0) + 1;
                                (0..8).for_each(|object| s.poke(object, 0, value));
                                return Ok(());
                            }
                            let value = s.peek(0, 0);
                            for object in 1..8 {
                                assert_eq!(value, s.peek(object, 0), "half of an exclusive change");
                            }
                            // Asked to come soon or wounded: end here.
                            s.poll().map(|_| ())
                        },
                        |_| (),
                    );
                }
                session.transaction.leave();
            });
        }
        std::thread::sleep(plan.length);
        stop.store(true, Ordering::Relaxed);
    });
}
