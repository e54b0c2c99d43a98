//! Minor collections of one thread.

mod mock;
use gc_stm::{ObjRef, is_young};
use mock::{Thread, int, text, word, write_card};

fn follow(t: &Thread, mut o: ObjRef, mut f: impl FnMut(u64)) {
    loop {
        f(t.get(o, 1));
        match ObjRef::from_word(t.get(o, 0)) {
            Some(next) => o = next,
            None => return,
        }
    }
}

fn list(t: &mut Thread, n: u64) {
    let at = t.stack.len();
    t.stack.push(0);
    for i in 0..n {
        let node = t.node(2);
        t.set(node, 0, t.stack[at]);
        t.set(node, 1, int(i));
        t.stack[at] = node.word();
    }
}

#[test]
fn what_roots_reach_survives_and_garbage_goes() {
    for mut t in [Thread::solo(), Thread::concurrent()] {
        list(&mut t, 1000);
        for _ in 0..50_000 {
            t.node(3);
        }
        t.m.collect_minor();
        let head = ObjRef::from_word(t.stack[0]).unwrap();
        assert!(!is_young(head));
        let mut want = 1000;
        follow(&t, head, |v| {
            want -= 1;
            assert_eq!(v, int(want));
        });
        assert_eq!(want, 0);
        let mut n = 0;
        t.m.for_each_object(|_| n += 1);
        assert_eq!(n, 1000);
    }
}

#[test]
fn memory_is_used_again() {
    let mut t = Thread::solo();
    for round in 0..50 {
        for i in 0..20_000 {
            let b = t.bytes(&[7; 40]);
            if i % 1000 == 0 && round % 10 == 0 {
                t.stack.push(b.word());
            }
        }
        t.m.collect_minor();
    }
    let s = t.m.heap().statistics();
    assert!(s.block_bytes < 8 << 20, "{s:?}");
    for &w in &t.stack {
        let o = ObjRef::from_word(w).unwrap();
        assert_eq!(text(o, 40), [7; 40]);
    }
}

#[test]
fn new_memory_is_zero() {
    let mut t = Thread::solo();
    for _ in 0..20 {
        for i in 0..3000usize {
            let n = i % 100;
            let o = t.node(n);
            assert!((0..n).all(|i| t.get(o, i) == 0));
            for i in 0..n {
                t.set(o, i, int(99));
            }
            if i % 17 == 0 {
                t.stack.push(o.word());
            }
        }
        t.m.collect_minor();
        let keep = t.stack.len() / 2;
        t.stack.truncate(keep);
        t.m.collect_full();
    }
}

/// Pitfall 4: an object made old in mid-transaction must be logged at its next write, or what it then refers
/// to is lost in the next minor collection.
#[test]
fn promoted_object_is_logged_again() {
    for mut t in [Thread::solo(), Thread::concurrent()] {
        t.m.tx.enter_atomic();
        let l = t.node(1);
        t.stack.push(l.word());
        t.m.collect_minor();
        assert!(!is_young(l));
        let x = t.tuple(&[int(5)]);
        t.set(l, 0, x.word());
        for _ in 0..3 {
            for _ in 0..100_000 {
                t.node(1);
            }
            t.m.collect_minor();
        }
        let x = ObjRef::from_word(t.get(l, 0)).unwrap();
        assert_eq!(word(x, 16), int(5));
    }
}

/// The same for carded storage.
#[test]
fn card_written_before_and_after_promotion() {
    for mut t in [Thread::solo(), Thread::concurrent()] {
        let owner = t.node(1);
        let s = t.storage(100);
        t.set(owner, 0, s.word());
        t.stack.push(owner.word());
        for round in 0..4u64 {
            for slot in [0usize, 50, 99] {
                let x = t.tuple(&[int(round)]);
                t.m.write(owner).unwrap();
                write_card(&t, owner, s, slot)[round as usize] = x.word();
            }
            t.m.collect_minor();
        }
        for slot in [0usize, 50, 99] {
            for round in 0..4 {
                let x = word(s, 16 + 128 * slot + 16 + 8 * round);
                let x = ObjRef::from_word(x).unwrap();
                assert_eq!(word(x, 16), int(round as u64));
            }
        }
    }
}

/// A growing list leaves storage behind whose cards are in the log: it dies all the same.
#[test]
fn storage_left_behind_dies_though_it_was_written() {
    let mut t = Thread::solo();
    let owner = t.node(1);
    t.stack.push(owner.word());
    for round in 0..20u64 {
        let s = t.storage(100);
        t.set(owner, 0, s.word());
        for slot in [0usize, 50, 99] {
            let x = t.tuple(&[int(round)]);
            t.m.write(owner).unwrap();
            write_card(&t, owner, s, slot)[0] = x.word();
        }
    }
    t.m.collect_minor();
    assert_eq!(t.m.heap().statistics().large_bytes, 16 << 10);
    let s = ObjRef::from_word(t.get(owner, 0)).unwrap();
    for slot in [0usize, 50, 99] {
        let x = ObjRef::from_word(word(s, 16 + 128 * slot + 16)).unwrap();
        assert_eq!(word(x, 16), int(19));
    }
}

#[test]
fn large_objects() {
    let mut t = Thread::solo();
    let keep = t.node(100_000);
    t.set(keep, 99_999, int(3));
    t.stack.push(keep.word());
    for _ in 0..100 {
        let b = t.bytes(&vec![1; 300_000]);
        assert!(is_young(b));
        t.m.safepoint_collect();
    }
    t.m.collect_minor();
    assert!(!is_young(keep));
    let inner = t.tuple(&[int(9)]);
    t.set(keep, 5, inner.word());
    t.m.collect_minor();
    assert_eq!(t.get(keep, 99_999), int(3));
    assert_eq!(ObjRef::from_word(t.get(keep, 5)), Some(inner));
    assert!(t.m.heap().statistics().large_bytes < 1 << 20);
    t.stack.clear();
    t.m.collect_full();
    assert_eq!(t.m.heap().statistics().large_bytes, 0);
}

#[test]
fn root_vectors_are_roots() {
    let mut t = Thread::solo();
    let a = t.m.root_vec();
    let b = t.m.root_vec();
    for i in 0..100 {
        a.push(t.tuple(&[int(i)]).word());
        b.push(t.tuple(&[int(1000 + i)]).word());
    }
    t.m.collect_minor();
    drop(a);
    let c = t.m.root_vec();
    c.push(t.tuple(&[int(77)]).word());
    t.m.collect_full();
    for i in 0..100 {
        let o = ObjRef::from_word(b.get(i).unwrap()).unwrap();
        assert_eq!(word(o, 16), int(1000 + i as u64));
    }
    let o = ObjRef::from_word(c.get(0).unwrap()).unwrap();
    assert_eq!(word(o, 16), int(77));
}

/// An object's interior pointer, and its address in a form that is none. Of the address itself no trace is left.
#[inline(never)]
fn hidden_text(t: &mut Thread) -> (usize, usize) {
    let o = t.bytes(b"on the stack only");
    (o.at::<u8>(20) as usize, o.address() ^ usize::MAX)
}

#[inline(never)]
fn overwrite_stack() {
    std::hint::black_box(&mut [1u8; 4096]);
}

#[inline(never)]
fn on_native_stack(t: &mut Thread) {
    let (interior, hidden) = hidden_text(t);
    overwrite_stack();
    std::hint::black_box(&interior);
    t.m.collect_minor();
    t.m.collect_full();
    std::hint::black_box(&interior);
    // SAFETY: the address of the object, hidden from the scan; what keeps the object is the interior pointer.
    let o = unsafe { ObjRef::from_address(hidden ^ usize::MAX) };
    assert!(t.m.is_object(o.address()));
    assert_eq!(text(o, 17), b"on the stack only");
}

#[test]
fn native_stack_is_scanned_with_interior_pointers() {
    let mut t = Thread::solo();
    let base = 0u64;
    mock::register_stack(&t, &base, 64);
    on_native_stack(&mut t);
    std::hint::black_box(&base);
}
