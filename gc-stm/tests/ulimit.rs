//! Scarce address space (`ulimit -v`): the heap takes what it can get and leaves room for others. A process of
//! its own, because the limit holds for all of it.

mod mock;
use gc_stm::HeapConfig;
use mock::Thread;

#[repr(C)]
struct Limit {
    soft: u64,
    hard: u64,
}

unsafe extern "C" {
    fn setrlimit(resource: i32, limit: *const Limit) -> i32;
}

#[test]
fn the_reservation_shrinks_to_what_there_is() {
    const ADDRESS_SPACE: i32 = 9;
    let limit = Limit { soft: 2 << 30, hard: 2 << 30 };
    // SAFETY: a limit in the C library's layout.
    assert_eq!(unsafe { setrlimit(ADDRESS_SPACE, &limit) }, 0);
    let mut t = Thread::with(HeapConfig::default(), stm_core::Mode::AlwaysStm);
    let room = t.m.heap().heap_len();
    assert!((128 << 20..2 << 30).contains(&room), "{room}");
    // There is room for other things.
    let other = vec![1u8; 256 << 20];
    assert_eq!(other[other.len() - 1], 1);
    for _ in 0..100_000 {
        t.node(5);
    }
    t.m.collect_full();
    t.m.commit().unwrap();
}
