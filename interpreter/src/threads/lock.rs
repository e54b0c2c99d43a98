//! `thread.lock`: a heap object under the barriers (DESIGN §9.14).
//!
//! Taking a free lock and giving one back are ordinary writes: they neither commit nor block, and an abort takes them
//! back. Whoever finds the lock taken commits, sleeps on its address, and runs the bytecode again.
//!
//! # Invariants
//! K1. Every transaction that changes the word registers a wake-up for its end, good or bad: an aborted one may have shown
//!     "taken" to a thread that then went to sleep. One sleeper is woken, the first, if the lock is free then.
//! K2. A thread that only looks registers none, or the threads woken would wake each other for ever.
//! K3. Inside `atomic` nobody sleeps on a lock: its holder could never commit the release (STM-API §4).

use super::error;
use crate::kinds::kind;
use crate::layout::*;
use crate::native::{Args, BLOCKS, MethodDef, NO_NEW, RETRY, TypeDef, WEAKREFS};
use crate::objects as o;
use crate::ops;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::value::Value;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use stm_core::Woken;

/// `thread.lock`: one slot, True while taken.
pub static LOCK: TypeDef = TypeDef {
    module: "thread",
    doc: Some(
        "A lock: one thread at a time has it.\n\nacquire() takes it, release() gives it back, locked() tells whether it is taken.\nAny thread may release it. Taking it twice blocks until somebody releases it.",
    ),
    flags: NO_NEW | WEAKREFS,
    methods: METHODS,
    ..TypeDef::new("lock", kind::RECORD)
};

const ACQUIRE: &str = "acquire([wait]) -> bool\n\nTakes the lock. If it is taken, waits for its release, or without wait returns False.";
const RELEASE: &str = "release()\n\nGives the lock back; any thread may do it.";
const LOCKED: &str = "locked() -> bool\n\nWhether the lock is taken.";

const METHODS: &[MethodDef] = &[
    MethodDef::new("acquire", acquire_method, 0, 1, BLOCKS | RETRY, ACQUIRE),
    MethodDef::new("acquire_lock", acquire_method, 0, 1, BLOCKS | RETRY, ACQUIRE),
    MethodDef::new(
        "_py3k_acquire",
        py3k_acquire,
        0,
        2,
        BLOCKS | RETRY | crate::native::KEYWORDS,
        "acquire(blocking=True, timeout=-1), as Python 3 has it",
    ),
    MethodDef::new("release", release_method, 0, 0, RETRY, RELEASE),
    MethodDef::new("release_lock", release_method, 0, 0, RETRY, RELEASE),
    MethodDef::new("locked", locked_method, 0, 0, RETRY, LOCKED),
    MethodDef::new("locked_lock", locked_method, 0, 0, RETRY, LOCKED),
    MethodDef::new("__enter__", acquire_method, 0, 1, BLOCKS | RETRY, ACQUIRE),
    MethodDef::new("__exit__", exit_method, 0, crate::native::VARIADIC, RETRY, RELEASE),
];

/// A free lock.
pub fn new(th: &mut Thread) -> PyResult {
    crate::types::ready::ready(th, &LOCK)?;
    Ok(th.new_record(&LOCK, &[Some(Value::FALSE)]))
}

fn this(th: &mut Thread, v: Value) -> Result<Ref<PyRecord>, Raised> {
    match v.cast::<PyRecord>() {
        Some(r) if crate::types::type_of(v).value() == LOCK.class() => Ok(r),
        _ => Err(o::list::not_a(th, "thread.lock", v)),
    }
}

/// The word, to be looked at without a barrier: what it shows may be undone.
fn word(lock: Ref<PyRecord>) -> usize {
    std::ptr::from_ref(lock.unguarded().at(0)).addr()
}

fn shows_taken(word: usize) -> bool {
    // SAFETY: the slot of a lock that the caller keeps alive; an aligned word that others may be writing.
    unsafe { AtomicU64::from_ptr(word as *mut u64) }.load(Ordering::SeqCst) == Value::TRUE.bits()
}

/// K1.
fn change(th: &mut Thread, lock: Ref<PyRecord>, to: Value) -> PyResult<()> {
    let l = lock.write(th)?;
    // SAFETY: the slot of a live lock, write-locked.
    unsafe { AtomicU64::from_ptr(word(lock) as *mut u64) }.store(to.bits(), Ordering::SeqCst);
    debug_assert!(l.at(0).get() == Some(to));
    th.wake_at_end(word(lock), |word| !shows_taken(word), Woken::First);
    Ok(())
}

/// Takes the lock if it is free.
pub fn try_acquire(th: &mut Thread, lock: Ref<PyRecord>) -> PyResult<bool> {
    // A look beforehand saves locking the word against its holder (K2).
    if shows_taken(word(lock)) && lock.read(th)?.at(0).get() == Some(Value::TRUE) {
        return Ok(false);
    }
    if lock.write(th)?.at(0).get() == Some(Value::TRUE) {
        return Ok(false);
    }
    change(th, lock, Value::TRUE)?;
    Ok(true)
}

/// Takes the lock, waiting for it, at most until `limit` is over. For natives with BLOCKS and RETRY that have done
/// nothing else.
pub fn acquire(
    th: &mut Thread,
    lock: Ref<PyRecord>,
    blocking: bool,
    limit: Option<Duration>,
) -> PyResult<bool> {
    let mut until: Option<Instant> = None;
    loop {
        if try_acquire(th, lock)? {
            return Ok(true);
        }
        if !blocking {
            return Ok(false);
        }
        if th.m.tx.atomic_depth() > 0 {
            return Err(error::raise(
                th,
                "deadlock: an atomic block tries to acquire a lock that is already acquired",
            ));
        }
        if let Some(d) = limit {
            let end = match until {
                Some(end) => end,
                None => th.outside(move || Instant::now() + d)?,
            };
            until = Some(end);
            if Instant::now() >= end {
                return Ok(false);
            }
        }
        let at = word(lock);
        th.sleep_on(at, move || shows_taken(at), until)?;
    }
}

/// Gives the lock back.
pub fn release(th: &mut Thread, lock: Ref<PyRecord>) -> PyResult<()> {
    if lock.write(th)?.at(0).get() != Some(Value::TRUE) {
        return Err(error::raise(th, "release unlocked lock"));
    }
    change(th, lock, Value::FALSE)
}

fn acquire_method(th: &mut Thread, args: Args<'_>) -> PyResult {
    let lock = this(th, args.pos[0])?;
    let blocking = match args.get(1) {
        Some(v) => ops::int32_arg(th, v)? != 0,
        None => true,
    };
    acquire(th, lock, blocking, None).map(Value::from_bool)
}

/// The largest wait, in microseconds, that the C library's calls could express.
const LONGEST: f64 = 9_223_372_036_854_775_807.0;

fn py3k_acquire(th: &mut Thread, args: Args<'_>) -> PyResult {
    let lock = this(th, args.pos[0])?;
    let [blocking, timeout] = args.skip(1).bind(th, "acquire", ["blocking", "timeout"], 0)?;
    let blocking = match blocking {
        Some(v) => ops::int32_arg(th, v)? != 0,
        None => true,
    };
    let timeout = match timeout {
        Some(v) => ops::float_arg(th, v)?,
        None => -1.0,
    };
    if !blocking && timeout != -1.0 {
        return Err(th.value_error("can't specify a timeout for a non-blocking call"));
    }
    if timeout < 0.0 && timeout != -1.0 {
        return Err(th.value_error("timeout value must be strictly positive"));
    }
    if timeout.is_nan() || timeout * 1e6 > LONGEST {
        return Err(th.overflow_error("timeout value is too large"));
    }
    let limit = (timeout >= 0.0)
        .then(|| Duration::from_micros((timeout * 1e6) as u64).min(Duration::from_secs(1 << 32)));
    acquire(th, lock, blocking, limit).map(Value::from_bool)
}

fn release_method(th: &mut Thread, args: Args<'_>) -> PyResult {
    let lock = this(th, args.pos[0])?;
    release(th, lock)?;
    Ok(Value::NONE)
}

fn exit_method(th: &mut Thread, args: Args<'_>) -> PyResult {
    release_method(th, Args { pos: &args.pos[..1], ..args })
}

fn locked_method(th: &mut Thread, args: Args<'_>) -> PyResult {
    let lock = this(th, args.pos[0])?;
    Ok(lock.read(th)?.at(0).get().unwrap_or(Value::FALSE))
}
