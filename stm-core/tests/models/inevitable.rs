//! The token, the gate, and wounds that meet them.

use crate::harness::*;
use stm_core::{Conflict, Transaction, Word};

fn bump(t: &Transaction, o: &Object) -> Result<(), Conflict> {
    write(t, o)?;
    let value = get(o, 0);
    set(o, 0, value + 1);
    Ok(())
}

/// An inevitable transaction never aborts, whatever the other does.
pub fn inevitable() {
    let stm = stm_with(2);
    let objects = objects(0);
    two(
        &stm,
        &objects,
        |t, o| {
            atomic(t, |t| {
                bump(t, &o[0])?;
                t.become_inevitable()?;
                assert!(bump(t, &o[1]).is_ok(), "an inevitable transaction was refused");
                Ok(())
            })
        },
        |t, o| {
            atomic(t, |t| {
                bump(t, &o[1])?;
                bump(t, &o[0])
            })
        },
    );
    assert_eq!((last(&objects[0], 0), last(&objects[1], 0)), (2, 2));
}

pub fn two_inevitable() {
    let stm = stm_with(2);
    let objects = objects(0);
    let both = |a: usize, b: usize| {
        move |t: &Transaction, o: &[Object]| {
            atomic(t, |t| {
                bump(t, &o[a])?;
                t.become_inevitable()?;
                assert!(bump(t, &o[b]).is_ok(), "an inevitable transaction was refused");
                Ok(())
            })
        }
    };
    two(&stm, &objects, both(0, 1), both(1, 0));
}

/// A waiter for the token is wounded by a third while the holder hands the token to it: it must pass it on.
pub fn token_cancelled() {
    let stm = stm_with(3);
    let objects = objects(0);
    let (wounder, holder, waiter) = (attached(&stm), attached(&stm), attached(&stm));
    // The waiter holds object 0; the holder has the token.
    waiter.0.enter_atomic();
    waiter.0.begin();
    write(&waiter.0, &objects[0]).unwrap();
    holder.0.begin();
    holder.0.become_inevitable().unwrap();
    let wounder = spawn(wounder, &objects, |t, o| {
        atomic(t, |t| bump(t, &o[0]));
        run(t, |t| t.become_inevitable());
    });
    let holder = spawn(holder, &objects, |t, _| t.commit().unwrap());
    let t = &waiter.0;
    match t.become_inevitable() {
        Ok(()) => t.commit().unwrap(),
        Err(_) => t.rollback(),
    }
    t.leave_atomic();
    drop((wounder.join().unwrap(), holder.join().unwrap(), waiter));
}

/// Two plain cells changed in one exclusive transaction: another transaction, which uses no barrier, sees both or none.
pub fn exclusive() {
    let stm = stm_with(2);
    let objects = objects(0);
    two(
        &stm,
        &objects,
        |t, o| {
            run(t, |t| {
                t.enter_exclusive()?;
                // SAFETY: exclusive; loom checks.
                unsafe { o[0].words[0].set(1) };
                // Asked again: nothing more to do.
                t.enter_exclusive()?;
                // SAFETY: as above.
                unsafe { o[0].words[1].set(1) };
                Ok(())
            })
        },
        |t, o| {
            run(t, |_| {
                let look = |word: &Word| {
                    // SAFETY: barrier-free state changes only in exclusive mode; loom checks.
                    unsafe { word.get() }
                };
                assert_eq!(look(&o[0].words[0]), look(&o[0].words[1]), "half of an exclusive change");
                Ok(())
            })
        },
    );
}

pub fn two_exclusive() {
    let stm = stm_with(2);
    let objects = objects(0);
    let change = |t: &Transaction, o: &[Object]| {
        atomic(t, |t| {
            t.enter_exclusive()?;
            let value = get(&o[0], 0);
            set(&o[0], 0, value + 1);
            Ok(())
        })
    };
    two(&stm, &objects, change, change);
    assert_eq!(last(&objects[0], 0), 2);
}
