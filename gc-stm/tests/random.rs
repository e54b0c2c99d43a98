//! Random transactions of several threads over a shared graph, with collections anywhere, checked against
//! invariants that any lost write, torn read, early free or missed root breaks, and private data against a
//! shadow copy.

mod mock;
use gc_stm::{Heap, HeapConfig, ObjRef, RootFn, Tracer};
use mock::{Thread, heap_and_stm, int, set_word, word};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use stm_core::{Conflict, Mode, PollOutcome, Stm};

const CELLS: u64 = 24;
const CHECK: u64 = 0x9e37_79b9;

struct Rng(u64);
impl Rng {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

/// Fields of a cell: balance, check, chain, weak reference, large object. Of a link: next, payload, number, check.
struct Shared {
    root: AtomicU64,
}

unsafe fn trace_shared(data: *const (), t: &mut Tracer) {
    // SAFETY: registered with a `Shared` that lives on.
    t.word(unsafe { &*data.cast::<Shared>() }.root.load(Ordering::Acquire));
}

struct Worker<'a> {
    t: Box<Thread>,
    shared: &'a Shared,
    rng: Rng,
    /// What `t.stack` holds: numbers whose tuples are on the stack.
    shadow: Vec<u64>,
    collect_inside: bool,
    can_abort: bool,
}

type R<T = ()> = Result<T, Conflict>;

impl Worker<'_> {
    fn cell(&mut self) -> ObjRef {
        let i = self.rng.below(CELLS);
        let root = ObjRef::from_word(self.shared.root.load(Ordering::Relaxed)).unwrap();
        ObjRef::from_word(word(root, 16 + 8 * i as usize)).unwrap()
    }
    fn get(&self, o: ObjRef, i: usize) -> R<u64> {
        self.t.m.read(o)?;
        Ok(word(o, 24 + 8 * i))
    }
    fn set(&self, o: ObjRef, i: usize, w: u64) -> R {
        self.t.m.write(o)?;
        set_word(o, 24 + 8 * i, w);
        Ok(())
    }
    fn poll(&mut self) -> R {
        while self.t.m.tx.poll_needed() {
            match self.t.m.tx.poll() {
                PollOutcome::Stop => self.t.m.tx.stop_point(),
                PollOutcome::Abort => return Err(Conflict::Abort),
                _ => break,
            }
        }
        Ok(())
    }
    fn balance(&self, cell: ObjRef) -> R<u64> {
        let b = self.get(cell, 0)?;
        assert_eq!(self.get(cell, 1)?, int((b >> 1) ^ CHECK), "torn cell");
        Ok(b >> 1)
    }
    fn set_balance(&self, cell: ObjRef, b: u64) -> R {
        self.set(cell, 0, int(b))?;
        self.set(cell, 1, int(b ^ CHECK))
    }
    fn check_link(&self, link: ObjRef) -> R<u64> {
        let n = self.get(link, 2)?;
        assert_eq!(self.get(link, 3)?, int((n >> 1) ^ CHECK), "bad link");
        let payload = ObjRef::from_word(self.get(link, 1)?).expect("payload");
        assert_eq!(word(payload, 16), n, "bad payload");
        Ok(n >> 1)
    }
    fn walk(&self, cell: ObjRef) -> R<u64> {
        let mut at = ObjRef::from_word(self.get(cell, 2)?);
        let mut want = None;
        let mut length = 0;
        while let Some(link) = at {
            let n = self.check_link(link)?;
            assert!(want.is_none_or(|w| w == n), "chain out of order");
            want = n.checked_sub(1);
            length += 1;
            at = ObjRef::from_word(self.get(link, 0)?);
        }
        assert!(want.is_none(), "chain cut short");
        Ok(length)
    }
    fn link(&self, n: u64, next: u64) -> R<ObjRef> {
        let payload = self.t.tuple(&[int(n)]);
        let link = self.t.node(4);
        self.set(link, 0, next)?;
        self.set(link, 1, payload.word())?;
        self.set(link, 2, int(n))?;
        self.set(link, 3, int(n ^ CHECK))?;
        Ok(link)
    }

    fn step(&mut self) -> R {
        match self.rng.below(12) {
            0 | 1 => {
                let (a, b) = (self.cell(), self.cell());
                if a != b {
                    let x = self.balance(a)?;
                    let amount = self.rng.below(x.max(1));
                    self.set_balance(a, x - amount.min(x))?;
                    self.poll()?;
                    let y = self.balance(b)?;
                    self.set_balance(b, y + amount.min(x))?;
                }
            }
            2 | 3 => {
                let cell = self.cell();
                let length = self.walk(cell)?;
                let next = if length > 40 { int(0) } else { self.get(cell, 2)? };
                let n = if length > 40 { 0 } else { length };
                let link = self.link(n, next)?;
                self.set(cell, 2, link.word())?;
            }
            4 => {
                let cell = self.cell();
                self.walk(cell)?;
            }
            5 => {
                let n = self.rng.below(1 << 20);
                let o = self.t.tuple(&[int(n)]);
                self.t.stack.push(o.word());
                self.shadow.push(n);
            }
            6 => {
                if self.shadow.len() > 30 {
                    let k = self.rng.below(self.shadow.len() as u64) as usize;
                    self.t.stack.truncate(k);
                    self.shadow.truncate(k);
                }
                for (&w, &n) in self.t.stack.iter().zip(&self.shadow) {
                    let o = ObjRef::from_word(w).unwrap();
                    assert_eq!(word(o, 16), int(n), "private data");
                }
            }
            7 => {
                // A weak reference to the head of some chain.
                let (a, b) = (self.cell(), self.cell());
                if let Some(head) = ObjRef::from_word(self.get(a, 2)?) {
                    let callback =
                        if self.rng.below(2) == 0 { int(0) } else { self.t.tuple(&[int(1)]).word() };
                    let w = self.t.weak(head, callback);
                    self.set(b, 3, w.word())?;
                }
            }
            8 => {
                let cell = self.cell();
                if let Some(w) = ObjRef::from_word(self.get(cell, 3)?) {
                    self.t.m.read(w)?;
                    if let Some(link) = ObjRef::from_word(word(w, 16)) {
                        self.check_link(link)?;
                    }
                }
            }
            9 => {
                let cell = self.cell();
                if self.rng.below(4) == 0 {
                    let x = self.t.tuple(&[int(17)]);
                    let mut items = vec![int(3); 2000];
                    items[1999] = x.word();
                    let big = self.t.tuple(&items);
                    self.set(cell, 4, big.word())?;
                } else if let Some(big) = ObjRef::from_word(self.get(cell, 4)?) {
                    let x = ObjRef::from_word(word(big, 16 + 8 * 1999)).unwrap();
                    assert_eq!(word(x, 16), int(17), "large object");
                }
            }
            10 => {
                let o = self.t.node(2);
                self.t.m.register_finalizable(o);
                if self.rng.below(4) == 0 {
                    self.t.handle();
                }
            }
            _ => {
                for _ in 0..self.rng.below(200) {
                    self.t.node(5);
                }
            }
        }
        Ok(())
    }

    fn transaction(&mut self) -> R {
        for _ in 0..1 + self.rng.below(12) {
            self.step()?;
            self.poll()?;
            if self.collect_inside && self.rng.below(40) == 0 {
                match self.rng.below(6) {
                    0 => self.t.m.collect_full(),
                    _ => self.t.m.collect_minor(),
                }
            }
        }
        // One that cannot abort, because it has done so too often, keeps no undo log.
        let may_abort = self.can_abort && !self.t.m.tx.is_inevitable();
        if may_abort && self.rng.below(10) == 0 { Err(Conflict::Abort) } else { Ok(()) }
    }

    fn run(&mut self, transactions: usize) {
        for _ in 0..transactions {
            let (stack, shadow) = (self.t.stack.clone(), self.shadow.clone());
            self.t.m.begin();
            // The checkpoint is a root.
            let saved = self.t.m.root_vec();
            stack.iter().for_each(|&w| saved.push(w));
            let result = self.transaction().and_then(|()| self.t.m.commit());
            if result.is_err() {
                self.t.m.abort();
                self.t.stack = stack;
                self.shadow = shadow;
            }
            drop(saved);
            self.t.m.safepoint_collect();
            while let Some(w) = self.t.m.heap().take_dead_weakref() {
                assert_eq!(word(w, 16), 0);
            }
            while self.t.m.heap().take_finalizable().is_some() {}
            let _ = self.poll();
        }
    }
}

fn build(t: &mut Thread, shared: &Shared) {
    t.m.begin();
    let cells: Vec<u64> = (0..CELLS)
        .map(|_| {
            let c = t.node(5);
            t.set(c, 0, int(1000));
            t.set(c, 1, int(1000 ^ CHECK));
            t.set(c, 2, int(0));
            t.set(c, 3, int(0));
            t.set(c, 4, int(0));
            c.word()
        })
        .collect();
    let root = t.tuple(&cells);
    t.m.make_old_now(root);
    shared.root.store(root.word(), Ordering::Release);
    t.m.commit().unwrap();
}

fn run(config: HeapConfig, threads: u64, transactions: usize, collect_inside: bool, seed: u64) {
    let can_abort = true;
    let (heap, stm): (Arc<Heap>, Arc<Stm>) = heap_and_stm(config, Mode::AlwaysStm);
    let shared = Shared { root: AtomicU64::new(0) };
    // SAFETY: `shared` lives until the threads that collect have ended.
    unsafe { heap.add_root_source(RootFn { data: (&raw const shared).cast(), trace: trace_shared }) };
    let mut main = Thread::new(&heap, &stm);
    build(&mut main, &shared);
    main.m.collect_full();
    main.m.tx.leave();
    std::thread::scope(|s| {
        for i in 0..threads {
            let (heap, stm, shared) = (&heap, &stm, &shared);
            s.spawn(move || {
                let base = 0u64;
                let t = Thread::new(heap, stm);
                mock::register_stack(&t, &base, 0);
                let rng = Rng(seed * 7919 + i * 104_729 + 1);
                let mut w = Worker { t, shared, rng, shadow: Vec::new(), collect_inside, can_abort };
                w.run(transactions);
                std::hint::black_box(&base);
            });
        }
    });
    main.m.tx.enter();
    main.m.collect_full();
    main.m.verify_heap_now();
    let mut w = Worker { t: main, shared: &shared, rng: Rng(1), shadow: vec![], collect_inside, can_abort };
    w.t.m.begin();
    let root = ObjRef::from_word(shared.root.load(Ordering::Relaxed)).unwrap();
    let mut sum = 0;
    for i in 0..CELLS {
        let cell = ObjRef::from_word(word(root, 16 + 8 * i as usize)).unwrap();
        sum += w.balance(cell).unwrap();
        w.walk(cell).unwrap();
    }
    assert_eq!(sum, CELLS * 1000);
    w.t.m.commit().unwrap();
}

fn small() -> HeapConfig {
    HeapConfig { nursery: 64 << 10, min_heap: 1 << 20, ..HeapConfig::default() }
}

/// `GC_STM_ROUNDS` makes the runs longer.
fn rounds() -> usize {
    std::env::var("GC_STM_ROUNDS").ok().and_then(|v| v.parse().ok()).unwrap_or(1)
}

#[test]
fn one_thread() {
    for seed in 0..3 {
        run(HeapConfig { poison: true, verify: true, ..small() }, 1, 2000 * rounds(), true, seed);
    }
}

#[test]
fn two_threads() {
    for seed in 0..3 {
        run(HeapConfig { poison: true, ..small() }, 2, 3000 * rounds(), false, seed);
    }
}

#[test]
fn three_threads_collecting_inside_transactions() {
    for seed in 0..3 {
        run(HeapConfig { poison: true, verify: true, ..small() }, 3, 1000 * rounds(), true, seed);
    }
}

#[test]
fn more_threads_than_segments() {
    run(HeapConfig { poison: true, ..small() }, 8, 500 * rounds(), true, 1);
}

#[test]
fn stressed() {
    run(HeapConfig { poison: true, stress_minor: true, ..small() }, 2, 1000 * rounds(), false, 5);
    run(HeapConfig { poison: true, stress_full: true, ..small() }, 2, 300 * rounds(), true, 6);
}

/// One thread in solo mode: nothing is logged for undo, and the log lives from one minor collection to the next.
#[test]
fn solo() {
    let (heap, stm) = heap_and_stm(HeapConfig { poison: true, verify: true, ..small() }, Mode::Stm);
    let shared = Shared { root: AtomicU64::new(0) };
    // SAFETY: `shared` lives until the threads that collect have ended.
    unsafe { heap.add_root_source(RootFn { data: (&raw const shared).cast(), trace: trace_shared }) };
    let mut main = Thread::new(&heap, &stm);
    build(&mut main, &shared);
    let shadow = Vec::new();
    let mut w =
        Worker { t: main, shared: &shared, rng: Rng(77), shadow, collect_inside: true, can_abort: false };
    w.run(4000 * rounds());
    assert!(w.t.m.tx.is_solo());
    w.t.m.verify_heap_now();
}
