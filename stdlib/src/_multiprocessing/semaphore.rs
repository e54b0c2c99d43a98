//! `SemLock`: a semaphore of the system, shared with forked processes; as a recursive mutex, or as a semaphore.
//!
//! Taking and releasing are operations outside transactions: what this process has written before it releases is
//! committed by then. A handle stays open as long as some object of this process has it ([`HANDLES`]).

use crate::descriptors::errno;
use interpreter::kinds::kind;
use interpreter::layout::{PyRecord, Ref};
use interpreter::native::{Args, BASETYPE, BLOCKS, CLASS, GetSetDef, KEYWORDS, MethodDef, TypeDef};
use interpreter::raised::{PyResult, Raised};
use interpreter::types::slots::SlotTable;
use interpreter::types::wrap_new;
use interpreter::{Slot, Thread, Value, ops};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::ffi::CString;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Address of the semaphore.
const HANDLE: usize = 0;
const KIND: usize = 1;
const MAXVALUE: usize = 2;
/// How many times it has been taken here, less how many times released.
const COUNT: usize = 3;
/// The thread that took it last.
const OWNER: usize = 4;

const RECURSIVE_MUTEX: i64 = 0;
const SEMAPHORE: i64 = 1;

/// The highest value of a semaphore.
pub(super) const MOST: i32 = i32::MAX;

/// `_multiprocessing.SemLock`.
pub(super) static SEM_LOCK: TypeDef = TypeDef {
    module: "_multiprocessing",
    doc: Some("Semaphore/Mutex type"),
    flags: BASETYPE,
    slots: SlotTable { new: Some(new), del: Some(del), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new("acquire", acquire, 0, 2, BLOCKS | KEYWORDS, "acquire the semaphore/lock"),
        MethodDef::new("release", release, 0, 0, BLOCKS, "release the semaphore/lock"),
        MethodDef::new(
            "_count",
            count,
            0,
            0,
            0,
            "num of `acquire()`s minus num of `release()`s for this process",
        ),
        MethodDef::new("_is_mine", is_mine, 0, 0, 0, "whether the lock is owned by this thread"),
        MethodDef::new("_get_value", get_value, 0, 0, BLOCKS, "get the value of the semaphore"),
        MethodDef::new("_is_zero", is_zero, 0, 0, BLOCKS, "returns whether semaphore has value zero"),
        MethodDef::new("_rebuild", rebuild, 3, 3, CLASS, ""),
        MethodDef::new("_after_fork", after_fork, 0, 0, 0, "rezero the net acquisition count after fork()"),
        MethodDef::new("__enter__", enter, 0, 0, BLOCKS, "enter the semaphore/lock"),
        MethodDef::new("__exit__", exit, 0, 3, BLOCKS, "exit the semaphore/lock"),
    ],
    getset: &[
        GetSetDef { name: "handle", get: handle, set: Some(interpreter::native::read_only), doc: "" },
        GetSetDef { name: "kind", get: member::<KIND>, set: Some(interpreter::native::read_only), doc: "" },
        GetSetDef {
            name: "maxvalue",
            get: member::<MAXVALUE>,
            set: Some(interpreter::native::read_only),
            doc: "",
        },
    ],
    ..TypeDef::new("SemLock", kind::RECORD)
};

/// How many objects have each open semaphore.
static HANDLES: Mutex<Option<HashMap<usize, usize>>> = Mutex::new(None);

/// One more object for a semaphore; false if there is no such semaphore and it is not `new`.
fn keep(handle: usize, new: bool) -> bool {
    let mut table = HANDLES.lock();
    let table = table.get_or_insert_with(HashMap::new);
    match table.get_mut(&handle) {
        Some(n) => *n += 1,
        None if new => {
            table.insert(handle, 1);
        }
        None => return false,
    }
    true
}

/// One object less; the last one closes.
fn drop_handle(handle: usize) {
    let mut table = HANDLES.lock();
    let Some(n) = table.as_mut().and_then(|t| t.get_mut(&handle)) else { return };
    *n -= 1;
    if *n == 0 {
        if let Some(t) = table.as_mut() {
            t.remove(&handle);
        }
        // SAFETY: an open semaphore that nobody refers to any more.
        unsafe { libc::sem_close(handle as *mut libc::sem_t) };
    }
}

fn record(th: &mut Thread, v: Value) -> PyResult<Ref<PyRecord>> {
    v.payload::<PyRecord>().ok_or_else(|| th.type_error("a SemLock is needed"))
}

fn number(r: &PyRecord, slot: usize) -> i64 {
    r.at(slot).get().and_then(ops::int_value).unwrap_or(0)
}

/// A record's numbers.
struct Lock {
    record: Ref<PyRecord>,
    handle: usize,
    kind: i64,
    most: i64,
    count: i64,
    mine: bool,
}

fn lock(th: &mut Thread, v: Value) -> PyResult<Lock> {
    let record = record(th, v)?;
    let r = record.read(th)?;
    let count = number(r, COUNT);
    Ok(Lock {
        record,
        handle: number(r, HANDLE) as usize,
        kind: number(r, KIND),
        most: number(r, MAXVALUE),
        count,
        mine: count > 0 && number(r, OWNER) == me(),
    })
}

/// A number for the running thread.
fn me() -> i64 {
    // SAFETY: no preconditions.
    (unsafe { libc::pthread_self() } as i64) & (i64::MAX >> 2)
}

fn set_count(th: &mut Thread, l: &Lock, n: i64) -> PyResult<()> {
    let (n, owner) = (th.int(n), th.int(me()));
    let r = l.record.write(th)?;
    r.at(COUNT).set(Some(n));
    r.at(OWNER).set(Some(owner));
    Ok(())
}

/// OSError for an errno; an interrupted call lets signal handlers run first.
fn failed(th: &mut Thread, e: i32) -> Raised {
    if e == libc::EINTR
        && let Err(r) = th.native_poll()
    {
        return r;
    }
    th.os_error(e, None)
}

fn build(th: &mut Thread, class: Value, handle: usize, kind: i64, most: i64) -> PyResult {
    let items = [handle as i64, kind, most, 0, 0].map(|n| Some(th.int(n)));
    let v = th.new_record(&SEM_LOCK, &items);
    th.m.register_finalizable(v.obj_unchecked());
    wrap_new(th, class, &SEM_LOCK, v)
}

/// A new semaphore, whose name is gone at once: forked processes have it by its address.
fn open(value: i32) -> Result<usize, i32> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("/mp{}-{n}", std::process::id());
        let Ok(name) = CString::new(name) else { return Err(libc::EINVAL) };
        // SAFETY: a terminated name.
        let handle = unsafe {
            libc::sem_open(
                name.as_ptr(),
                libc::O_CREAT | libc::O_EXCL,
                0o600 as libc::c_uint,
                value as libc::c_uint,
            )
        };
        if handle == libc::SEM_FAILED {
            match errno() {
                // Left by a process that had this number before.
                libc::EEXIST => continue,
                e => return Err(e),
            }
        }
        // SAFETY: a terminated name.
        if unsafe { libc::sem_unlink(name.as_ptr()) } < 0 {
            let e = errno();
            // SAFETY: nobody else has it.
            unsafe { libc::sem_close(handle) };
            return Err(e);
        }
        keep(handle as usize, true);
        return Ok(handle as usize);
    }
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let given = args.bind(th, "SemLock", ["kind", "value", "maxvalue"], 3)?;
    let mut numbers = [0; 3];
    for (n, v) in numbers.iter_mut().zip(given) {
        *n = ops::int32_arg(th, v.unwrap_or(Value::NONE))?;
    }
    let [kind, value, most] = numbers;
    if ![RECURSIVE_MUTEX, SEMAPHORE].contains(&i64::from(kind)) {
        return Err(th.value_error("unrecognized kind"));
    }
    match th.outside(move || open(value))? {
        Ok(handle) => build(th, class, handle, i64::from(kind), i64::from(most)),
        Err(e) => Err(failed(th, e)),
    }
}

fn rebuild(th: &mut Thread, args: Args<'_>) -> PyResult {
    let handle = ops::integer_arg(th, args.pos[1])? as usize;
    let (kind, most) = (ops::int32_arg(th, args.pos[2])?, ops::int32_arg(th, args.pos[3])?);
    if !keep(handle, false) {
        return Err(th.os_error(libc::EINVAL, None));
    }
    build(th, args.pos[0], handle, i64::from(kind), i64::from(most))
}

fn del(th: &mut Thread, v: Value) -> PyResult<()> {
    let l = lock(th, v)?;
    if l.handle != 0 {
        let zero = th.int(0);
        l.record.write(th)?.at(HANDLE).set(Some(zero));
        let handle = l.handle;
        th.at_commit(move |_| drop_handle(handle));
    }
    Ok(())
}

fn handle(th: &mut Thread, v: Value) -> PyResult {
    let l = lock(th, v)?;
    th.long(&num_bigint::BigInt::from(l.handle))
}

fn member<const I: usize>(th: &mut Thread, v: Value) -> PyResult {
    let r = record(th, v)?;
    Ok(r.read(th)?.at(I).get().unwrap_or(Value::NONE))
}

/// How long to wait for a semaphore.
#[derive(Copy, Clone)]
enum Patience {
    None,
    /// Until this much after the epoch.
    Until(Duration),
    Endless,
}

/// Takes a semaphore; an errno.
fn take(handle: usize, patience: Patience) -> i32 {
    let s = handle as *mut libc::sem_t;
    // SAFETY: an open semaphore, as an object has it.
    let r = unsafe {
        match patience {
            Patience::None => libc::sem_trywait(s),
            Patience::Endless => libc::sem_wait(s),
            Patience::Until(t) => {
                let t = libc::timespec {
                    tv_sec: t.as_secs().min(i64::MAX as u64) as libc::time_t,
                    tv_nsec: t.subsec_nanos().into(),
                };
                libc::sem_timedwait(s, &t)
            }
        }
    };
    if r < 0 { errno() } else { 0 }
}

fn acquire_for(th: &mut Thread, v: Value, block: bool, timeout: Slot) -> PyResult {
    let l = lock(th, v)?;
    if l.kind == RECURSIVE_MUTEX && l.mine {
        set_count(th, &l, l.count + 1)?;
        return Ok(Value::TRUE);
    }
    let timeout = match timeout.filter(|t| !t.is_none()) {
        Some(t) => Some(ops::float_arg(th, t)?.max(0.0)),
        None => None,
    };
    let patience = match (block, timeout) {
        (false, _) => Patience::None,
        (true, None) => Patience::Endless,
        (true, Some(seconds)) => {
            let Ok(wait) = Duration::try_from_secs_f64(seconds) else {
                return Err(th.overflow_error("timeout is too large"));
            };
            // One moment for all runs of this bytecode.
            let now = th.outside(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())?;
            now.checked_add(wait).map_or(Patience::Endless, Patience::Until)
        }
    };
    let handle = l.handle;
    loop {
        match th.outside(move || take(handle, patience))? {
            0 => break,
            libc::EAGAIN | libc::ETIMEDOUT => return Ok(Value::FALSE),
            libc::EINTR => th.native_poll()?,
            e => return Err(failed(th, e)),
        }
    }
    // Others may have changed the record while this thread waited.
    let l = lock(th, v)?;
    set_count(th, &l, l.count + 1)?;
    Ok(Value::TRUE)
}

fn acquire(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [block, timeout] = args.skip(1).bind(th, "acquire", ["block", "timeout"], 0)?;
    let block = match block {
        Some(b) => ops::integer_arg(th, b)? != 0,
        None => true,
    };
    acquire_for(th, args.pos[0], block, timeout)
}

fn enter(th: &mut Thread, args: Args<'_>) -> PyResult {
    acquire_for(th, args.pos[0], true, None)
}

/// The value of a semaphore.
fn value_of(handle: usize) -> Result<i32, i32> {
    let mut n = 0;
    // SAFETY: an open semaphore, as an object has it.
    if unsafe { libc::sem_getvalue(handle as *mut libc::sem_t, &mut n) } < 0 { Err(errno()) } else { Ok(n) }
}

/// What came of a release.
#[derive(Copy, Clone)]
enum Released {
    Yes,
    TooOften,
    Errno(i32),
}

fn post(handle: usize, kind: i64, most: i64) -> Released {
    if kind != RECURSIVE_MUTEX {
        match value_of(handle) {
            Ok(n) if i64::from(n) >= most => return Released::TooOften,
            Ok(_) => {}
            Err(e) => return Released::Errno(e),
        }
    }
    // SAFETY: an open semaphore, as an object has it.
    if unsafe { libc::sem_post(handle as *mut libc::sem_t) } < 0 {
        Released::Errno(errno())
    } else {
        Released::Yes
    }
}

fn release(th: &mut Thread, args: Args<'_>) -> PyResult {
    let l = lock(th, args.pos[0])?;
    // The count goes down, and that is committed, before another thread can take the lock. In the second run of this
    // bytecode that has been done.
    if !th.has_outside_result() {
        if l.kind == RECURSIVE_MUTEX && !l.mine {
            return Err(th.assertion_error("attempt to release recursive lock not owned by thread"));
        }
        add_count(th, args.pos[0], -1)?;
        if l.kind == RECURSIVE_MUTEX && l.count > 1 {
            return Ok(Value::NONE);
        }
    }
    let (handle, kind, most) = (l.handle, l.kind, l.most);
    match th.outside(move || post(handle, kind, most))? {
        Released::Yes => Ok(Value::NONE),
        Released::TooOften => {
            add_count(th, args.pos[0], 1)?;
            Err(th.value_error("semaphore or lock released too many times"))
        }
        Released::Errno(e) => {
            add_count(th, args.pos[0], 1)?;
            Err(failed(th, e))
        }
    }
}

fn add_count(th: &mut Thread, v: Value, by: i64) -> PyResult<()> {
    let l = lock(th, v)?;
    let n = th.int(l.count.saturating_add(by));
    l.record.write(th)?.at(COUNT).set(Some(n));
    Ok(())
}

fn exit(th: &mut Thread, args: Args<'_>) -> PyResult {
    release(th, args)
}

fn count(th: &mut Thread, args: Args<'_>) -> PyResult {
    let l = lock(th, args.pos[0])?;
    Ok(th.int(l.count))
}

fn is_mine(th: &mut Thread, args: Args<'_>) -> PyResult {
    let l = lock(th, args.pos[0])?;
    Ok(Value::from_bool(l.mine))
}

fn value(th: &mut Thread, v: Value) -> PyResult<i32> {
    let handle = lock(th, v)?.handle;
    match th.outside(move || value_of(handle))? {
        Ok(n) => Ok(n.max(0)),
        Err(e) => Err(failed(th, e)),
    }
}

fn get_value(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = value(th, args.pos[0])?;
    Ok(th.int(i64::from(n)))
}

fn is_zero(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = value(th, args.pos[0])?;
    Ok(Value::from_bool(n == 0))
}

fn after_fork(th: &mut Thread, args: Args<'_>) -> PyResult {
    let r = record(th, args.pos[0])?;
    let zero = th.int(0);
    r.write(th)?.at(COUNT).set(Some(zero));
    Ok(Value::NONE)
}
