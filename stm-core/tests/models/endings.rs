//! Waiting with held stamps, aborts, and wounds that race with commits.

use crate::harness::*;
use stm_core::{Conflict, PollOutcome, Transaction};

fn bump(t: &Transaction, o: &Object) -> Result<(), Conflict> {
    write(t, o)?;
    let value = get(o, 0);
    set(o, 0, value + 1);
    Ok(())
}

/// Two atomic blocks take two objects in opposite order: one is wounded, both end.
pub fn cross() {
    let stm = stm_with(2);
    let objects = objects(0);
    let both = |a: usize, b: usize| {
        move |t: &Transaction, o: &[Object]| {
            atomic(t, |t| {
                bump(t, &o[a])?;
                bump(t, &o[b])
            })
        }
    };
    two(&stm, &objects, both(0, 1), both(1, 0));
    assert_eq!((last(&objects[0], 0), last(&objects[1], 0)), (2, 2));
}

/// The same outside atomic, where the holder could commit soon but is itself waiting in mid-bytecode.
pub fn cross_boundary() {
    let stm = stm_with(2);
    let objects = objects(0);
    let both = |a: usize, b: usize| {
        move |t: &Transaction, o: &[Object]| {
            run(t, |t| {
                bump(t, &o[a])?;
                bump(t, &o[b])
            })
        }
    };
    two(&stm, &objects, both(0, 1), both(1, 0));
    assert_eq!((last(&objects[0], 0), last(&objects[1], 0)), (2, 2));
}

/// Nobody sees what an aborted transaction wrote.
pub fn abort_restores() {
    let stm = stm_with(2);
    let objects = objects(0);
    two(
        &stm,
        &objects,
        |t, o| {
            t.begin();
            if write(t, &o[0]).is_ok() {
                set(&o[0], 0, 7);
            }
            t.rollback();
        },
        |t, o| read_pair(t, &o[0]),
    );
}

/// A writer that was wounded while it waited for a reader comes back: the reader must still be found.
pub fn abort_keeps_hint() {
    let stm = stm_with(2);
    let objects = objects(2);
    two(
        &stm,
        &objects,
        |t, o| {
            let mut first = true;
            atomic(t, |t| {
                if std::mem::take(&mut first) {
                    write(t, &o[1])?;
                }
                write(t, &o[0])?;
                let value = get(&o[0], 0) + 1;
                set(&o[0], 0, value);
                set(&o[0], 1, value);
                Ok(())
            })
        },
        |t, o| {
            atomic(t, |t| {
                read(t, &o[0])?;
                let value = get(&o[0], 0);
                write(t, &o[1])?;
                assert_eq!((value, value), (get(&o[0], 0), get(&o[0], 1)), "a read value changed");
                Ok(())
            })
        },
    );
}

/// A wound meant for a transaction that commits meanwhile does not hit the next one, which conflicts with nobody.
pub fn wound_and_commit() {
    let stm = stm_with(2);
    let objects = objects(0);
    two(
        &stm,
        &objects,
        |t, o| {
            atomic(t, |t| {
                // Older: conflicts give ages in this order.
                write(t, &o[0])
            })
        },
        |t, o| {
            t.enter_atomic();
            run(t, |t| write(t, &o[0]));
            t.begin();
            let alone = write(t, &o[1]);
            assert!(alone.is_ok() && !t.is_wounded(), "a later transaction was wounded");
            if t.poll_needed() {
                assert_ne!(t.poll(), PollOutcome::Abort);
            }
            t.commit().unwrap();
            t.leave_atomic();
        },
    );
}

/// A shared counter outside atomic: the opcode retries instead of waiting with locks; no abort, nothing lost.
pub fn retry_counter() {
    let stm = stm_with(2);
    let objects = objects(0);
    let count = |t: &Transaction, o: &[Object]| {
        run(t, |t| {
            t.set_retry_ok(true);
            read(t, &o[0])?;
            let value = get(&o[0], 0);
            write(t, &o[0])?;
            t.set_retry_ok(false);
            set(&o[0], 0, value + 1);
            Ok(())
        })
    };
    two(&stm, &objects, count, count);
    assert_eq!(last(&objects[0], 0), 2);
}
