//! Reader against writer: no torn read, no lost update, no write skew, for every state of the reader hint.

use crate::harness::*;
use stm_core::stamp::HINT_ALL;

fn torn(hint: u64) {
    let stm = stm_with(2);
    let objects = objects(hint);
    two(&stm, &objects, |t, o| write_pair(t, &o[0]), |t, o| read_pair(t, &o[0]));
}
pub fn torn_none() {
    torn(0);
}
pub fn torn_writer() {
    torn(1);
}
pub fn torn_reader() {
    torn(2);
}
pub fn torn_all() {
    torn(HINT_ALL);
}

pub fn lost_update() {
    let stm = stm_with(2);
    let objects = objects(0);
    two(&stm, &objects, |t, o| increment(t, &o[0]), |t, o| increment(t, &o[0]));
    assert_eq!(last(&objects[0], 0), 2);
}

fn skewed(hint: u64) {
    let stm = stm_with(2);
    let objects = objects(hint);
    let one_of_two = |mine: usize| {
        move |t: &stm_core::Transaction, o: &[Object]| {
            atomic(t, |t| {
                read(t, &o[0])?;
                read(t, &o[1])?;
                if get(&o[0], 0) + get(&o[1], 0) == 0 {
                    write(t, &o[mine])?;
                    set(&o[mine], 0, 1);
                }
                Ok(())
            })
        }
    };
    two(&stm, &objects, one_of_two(0), one_of_two(1));
    assert_eq!(last(&objects[0], 0) + last(&objects[1], 0), 1, "write skew");
}
pub fn skew() {
    skewed(HINT_ALL);
}
pub fn skew_unread() {
    skewed(0);
}

/// The hint goes from writer to reader to writer.
pub fn chain() {
    let stm = stm_with(2);
    let objects = objects(0);
    two(
        &stm,
        &objects,
        |t, o| {
            write_pair(t, &o[0]);
            read_pair(t, &o[0]);
        },
        |t, o| {
            read_pair(t, &o[0]);
            write_pair(t, &o[0]);
        },
    );
    assert_eq!(last(&objects[0], 1), 2);
}

pub fn three() {
    let stm = stm_with(3);
    let objects = objects(0);
    let transactions = [attached(&stm), attached(&stm), attached(&stm)];
    let [one, two, three] = transactions;
    let one = spawn(one, &objects, |t, o| write_pair(t, &o[0]));
    let two = spawn(two, &objects, |t, o| increment(t, &o[1]));
    read_pair(&three.0, &objects[0]);
    increment(&three.0, &objects[1]);
    drop((one.join().unwrap(), two.join().unwrap(), three));
    assert_eq!(last(&objects[1], 0), 2);
}
