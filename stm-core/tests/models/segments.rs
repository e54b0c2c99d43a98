//! Segments: mark numbers that wrap, first use, reuse by another thread, handing over.

use crate::harness::*;
use stm_core::stamp::HINT_ALL;

/// A writer while the reader's mark number wraps.
pub fn wrap() {
    let stm = stm_with(2);
    let objects = objects(HINT_ALL);
    two(
        &stm,
        &objects,
        |t, o| write_pair(t, &o[0]),
        |t, o| {
            for _ in 0..4 {
                read_pair(t, &o[0]);
            }
        },
    );
}

/// Marks of the previous lap do not satisfy the reader's fast path.
pub fn wrap_reader() {
    let stm = stm_with(2);
    let objects = objects(HINT_ALL);
    two(
        &stm,
        &objects,
        |t, o| write_pair(t, &o[0]),
        |t, o| {
            read_pair(t, &o[0]);
            for _ in 0..2 {
                t.begin();
                t.commit().unwrap();
            }
            read_pair(t, &o[0]);
        },
    );
}

/// A reader whose segment is used for the first time while the writer counts segments.
pub fn late_segment() {
    let stm = stm_with(2);
    let objects = objects(HINT_ALL);
    let writer = attached(&stm);
    let reader = outside(&stm);
    let reader = spawn(reader, &objects, |t, o| {
        t.enter();
        read_pair(t, &o[0]);
    });
    write_pair(&writer.0, &objects[0]);
    drop((reader.join().unwrap(), writer));
}

/// A thread that takes over a segment continues its sequence: stamps of the former owner stay dead.
pub fn segment_reuse() {
    let stm = stm_with(2);
    let objects = objects(0);
    // Segment 1 ends with a stamp of its first sequence on the object.
    let former = attached(&stm);
    write_pair(&former.0, &objects[0]);
    drop(former);
    two(
        &stm,
        &objects,
        |t, o| {
            // Were the stamp taken for the running transaction's, there would be no undo record.
            t.begin();
            if write(t, &o[0]).is_ok() {
                set(&o[0], 0, 7);
            }
            t.rollback();
        },
        |t, o| read_pair(t, &o[0]),
    );
}

/// Marks set by the former owner are cleared at the wrap that the next owner meets.
pub fn dirty_list() {
    let stm = stm_with(2);
    let objects = objects(HINT_ALL);
    let former = attached(&stm);
    read_pair(&former.0, &objects[0]);
    drop(former);
    let reader = attached(&stm);
    let writer = attached(&stm);
    let writer = spawn(writer, &objects, |t, o| write_pair(t, &o[0]));
    for _ in 0..2 {
        reader.0.begin();
        reader.0.commit().unwrap();
    }
    read_pair(&reader.0, &objects[0]);
    drop((writer.join().unwrap(), reader));
}

/// One segment for two threads: the second sleeps until the first gives it back.
pub fn handover() {
    let stm = stm_with(1);
    let objects = objects(0);
    let (one, two) = (outside(&stm), outside(&stm));
    let body = |t: &stm_core::Transaction, o: &[Object]| {
        t.enter();
        increment(t, &o[0]);
        t.leave();
    };
    let one = spawn(one, &objects, body);
    body(&two.0, &objects);
    drop((one.join().unwrap(), two));
    assert_eq!(last(&objects[0], 0), 2);
}
