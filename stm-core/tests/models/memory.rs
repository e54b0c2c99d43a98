//! Mark bytes: one stamp each, and clean when memory is used again.

use crate::harness::*;
use stm_core::fault::{SHARED_MARK_BYTE, on};
use stm_core::sync::Ordering;
use stm_core::{Conflict, NO_STAMP, Transaction};

/// An object that a live transaction has read is freed, and its memory becomes another object.
pub fn scrub() {
    let stm = stm_with(2);
    let objects = objects(0);
    let (reader, writer) = (attached(&stm), attached(&stm));
    reader.0.enter_atomic();
    reader.0.begin();
    read(&reader.0, &objects[0]).unwrap();
    writer.0.leave();
    let live = reader.0.stop_the_world(|stopped| stm.live_transactions(stopped));
    writer.0.enter();
    writer.0.attach();
    assert!(stm.any_still_live(&live));
    stm.clear_marks(&live, objects[0].address, 16);
    objects[0].stamp.store(NO_STAMP, Ordering::SeqCst);
    let writer = spawn(writer, &objects, |t, o| write_pair(t, &o[0]));
    let t = &reader.0;
    let look = |t: &Transaction| {
        read(t, &objects[0])?;
        let first = get(&objects[0], 0);
        read(t, &objects[0])?;
        assert_eq!(first, get(&objects[0], 1), "torn read of reused memory");
        Ok(())
    };
    match look(t) {
        Ok(()) => t.commit().unwrap(),
        Err(_) => {
            t.rollback();
            run(t, look);
        }
    }
    t.leave_atomic();
    drop((writer.join().unwrap(), reader));
}

/// Two cards of one storage: reading the first says nothing about the second.
pub fn cards() {
    let stm = stm_with(2);
    let objects = objects(0);
    two(
        &stm,
        &objects,
        |t, o| write_pair(t, &o[1]),
        |t, o| {
            atomic(t, |t| {
                read(t, &o[0])?;
                let second = if on(SHARED_MARK_BYTE) { o[0].address } else { o[1].address };
                if !t.is_marked(second) {
                    t.read_slow(second, &o[1].stamp)?;
                }
                assert_eq!(get(&o[1], 0), get(&o[1], 1), "torn read of a card");
                Ok(())
            })
        },
    );
}

/// Key operations share the table's stamp as readers and lock their card; a whole-table operation takes the table's stamp
/// and then needs no card.
pub fn card_and_whole() {
    let stm = stm_with(2);
    let objects = objects(0);
    let (table, one, two_) = (0, 1, 2);
    let insert = move |t: &Transaction, o: &[Object], card: usize| -> Result<(), Conflict> {
        read(t, &o[table])?;
        write(t, &o[card])?;
        let value = get(&o[card], 0);
        set(&o[card], 0, value + 1);
        Ok(())
    };
    two(
        &stm,
        &objects,
        move |t, o| atomic(t, |t| insert(t, o, one)),
        move |t, o| {
            atomic(t, |t| {
                write(t, &o[table])?;
                // Moves everything from one card to the other, undone by hand if refused: nothing refuses after this.
                let sum = get(&o[one], 0) + get(&o[two_], 0);
                set(&o[one], 0, 0);
                set(&o[two_], 0, sum);
                Ok(())
            });
            atomic(t, |t| insert(t, o, two_));
        },
    );
    assert_eq!(last(&objects[one], 0) + last(&objects[two_], 0), 2);
}
