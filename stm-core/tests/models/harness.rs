//! Objects, threads and transactions of the models.
//!
//! Transactions are made, entered and attached on the model's main thread, and travel to the thread that uses them and
//! back: so registration adds nothing to the interleavings, except where it is what a scenario is about.

use stm_core::sync::{Arc, AtomicU64};
use stm_core::{Conflict, Mode, Stm, StmConfig, Transaction, Word};

/// A mutable object of two words. Its address is made up: it only names its mark bytes.
pub struct Object {
    pub address: usize,
    pub stamp: AtomicU64,
    pub words: [Word; 2],
}

impl Object {
    pub fn new(index: usize, stamp: u64) -> Self {
        Object { address: index * 16, stamp: AtomicU64::new(stamp), words: [Word::new(0), Word::new(0)] }
    }
}

pub type Objects = Arc<Vec<Object>>;

/// How many objects and mark bytes there are.
const COUNT: usize = 3;

pub fn stm_with(segments: usize) -> Arc<Stm> {
    Stm::new(StmConfig {
        heap_base: 0,
        heap_len: COUNT * 16,
        segments,
        mode: Mode::AlwaysStm,
        ..StmConfig::default()
    })
    .expect("a runtime")
}

pub fn objects(stamp: u64) -> Objects {
    Arc::new((0..COUNT).map(|i| Object::new(i, stamp)).collect())
}

/// A transaction on its way to its thread.
pub struct Travelling(pub Transaction);
// SAFETY: used by one thread at a time; nothing in it is bound to an OS thread.
unsafe impl Send for Travelling {}

/// A registered, entered and attached transaction.
pub fn attached(stm: &Arc<Stm>) -> Travelling {
    let transaction = Transaction::register(stm);
    transaction.enter();
    transaction.attach();
    Travelling(transaction)
}

/// A registered transaction, still outside.
pub fn outside(stm: &Arc<Stm>) -> Travelling {
    Travelling(Transaction::register(stm))
}

/// Runs `body` on a model thread, which gives the transaction back, outside, for the main thread to drop.
pub fn spawn(
    transaction: Travelling,
    objects: &Objects,
    body: impl FnOnce(&Transaction, &[Object]) + 'static,
) -> loom::thread::JoinHandle<Travelling> {
    let objects = objects.clone();
    loom::thread::spawn(move || {
        let transaction = transaction;
        body(&transaction.0, &objects);
        transaction
    })
}

/// Two attached transactions on two threads; the second is the main thread.
pub fn two(
    stm: &Arc<Stm>,
    objects: &Objects,
    first: impl FnOnce(&Transaction, &[Object]) + 'static,
    second: impl FnOnce(&Transaction, &[Object]),
) {
    let one = attached(stm);
    let two = attached(stm);
    let one = spawn(one, objects, first);
    second(&two.0, objects);
    drop(one.join().unwrap());
    drop(two);
}

pub fn read(t: &Transaction, o: &Object) -> Result<(), Conflict> {
    if t.is_marked(o.address) { Ok(()) } else { t.read_slow(o.address, &o.stamp) }
}

pub fn write(t: &Transaction, o: &Object) -> Result<(), Conflict> {
    if !t.owns(&o.stamp) {
        t.write_slow(o.address, &o.stamp)?;
        t.log_touched(o.address);
        // SAFETY: the stamp is ours.
        unsafe { t.log_undo(o.words.as_ptr(), o.words.len()) };
    }
    Ok(())
}

pub fn get(o: &Object, i: usize) -> u64 {
    // SAFETY: after a barrier; loom checks.
    unsafe { o.words[i].get() }
}

pub fn set(o: &Object, i: usize, value: u64) {
    // SAFETY: after a barrier; loom checks.
    unsafe { o.words[i].set(value) }
}

/// Runs `body` as one transaction, restarted until it commits.
pub fn run<T>(t: &Transaction, mut body: impl FnMut(&Transaction) -> Result<T, Conflict>) -> T {
    loop {
        t.begin();
        match body(t) {
            Ok(value) => {
                t.commit().expect("nothing pending");
                return value;
            }
            Err(Conflict::Abort) => t.rollback(),
            Err(Conflict::Retry) => {
                t.commit().expect("a retry may commit");
                t.wait_for_conflict();
            }
        }
    }
}

/// The same inside an atomic block.
pub fn atomic<T>(t: &Transaction, body: impl FnMut(&Transaction) -> Result<T, Conflict>) -> T {
    t.enter_atomic();
    let value = run(t, body);
    t.leave_atomic();
    value
}

/// Adds one to both words of an object.
pub fn write_pair(t: &Transaction, o: &Object) {
    atomic(t, |t| {
        write(t, o)?;
        let value = get(o, 0) + 1;
        set(o, 0, value);
        set(o, 1, value);
        Ok(())
    })
}

/// Both words are always equal.
pub fn read_pair(t: &Transaction, o: &Object) {
    atomic(t, |t| {
        read(t, o)?;
        let first = get(o, 0);
        read(t, o)?;
        assert_eq!(first, get(o, 1), "torn read");
        Ok(())
    })
}

/// Reads, then writes one more.
pub fn increment(t: &Transaction, o: &Object) {
    atomic(t, |t| {
        read(t, o)?;
        let value = get(o, 0);
        write(t, o)?;
        set(o, 0, value + 1);
        Ok(())
    })
}

/// The word after all threads have joined.
pub fn last(o: &Object, i: usize) -> u64 {
    get(o, i)
}
