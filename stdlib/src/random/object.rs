//! `_random.Random`.

use super::twister::{BYTES, N, Twister, temper};
use interpreter::kinds::kind;
use interpreter::layout::{Bytes, PyRecord, PyTuple, Ref};
use interpreter::native::{Args, MethodDef, TypeDef, VARIADIC};
use interpreter::ops;
use interpreter::types::slots::SlotTable;
use interpreter::types::wrap_new;
use interpreter::{PyResult, Thread, Value};
use num_bigint::{BigInt, Sign};
use num_integer::Integer;

/// `_random.Random`: a record whose only slot refers to the state's bytes.
pub static RANDOM: TypeDef = TypeDef {
    module: "_random",
    doc: Some("Random() -> create a random number generator with its own internal state."),
    slots: SlotTable { new: Some(new), init: Some(init), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new("random", random, 0, 0, 0, "random() -> x in the interval [0, 1)."),
        MethodDef::new("seed", seed_method, 0, VARIADIC, 0, "seed([n]) -> None.  Defaults to current time."),
        MethodDef::new("getstate", getstate, 0, 0, 0, "getstate() -> tuple containing the current state."),
        MethodDef::new("setstate", setstate, 1, 1, 0, "setstate(state) -> None.  Restores generator state."),
        MethodDef::new(
            "getrandbits",
            getrandbits,
            1,
            1,
            0,
            "getrandbits(k) -> x.  Generates a long int with k random bits.",
        ),
        MethodDef::new(
            "jumpahead",
            jumpahead,
            1,
            1,
            0,
            "jumpahead(int) -> None.  Creates a new state from the old one and an integer.",
        ),
    ],
    ..TypeDef::new("Random", kind::RECORD)
};

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let bytes = th.new_bytes(BYTES)?;
    let base = th.new_record(&RANDOM, &[Some(bytes.value())]);
    seed(th, base, args)?;
    wrap_new(th, class, &RANDOM, base)
}

/// `__new__` has seeded the generator; subclasses may pass what they like.
fn init(_: &mut Thread, _: Value, _: Args<'_>) -> PyResult<()> {
    Ok(())
}

/// The state's bytes and the record they belong to.
fn parts(th: &mut Thread, v: Value) -> PyResult<(Ref<PyRecord>, Ref<Bytes>)> {
    if let Some(r) = v.payload::<PyRecord>()
        && let Some(b) = r.unguarded().at(0).get().and_then(|b| b.cast::<Bytes>())
    {
        return Ok((r, b));
    }
    Err(th.type_error("descriptor requires a '_random.Random' object"))
}

fn load(th: &mut Thread, v: Value) -> PyResult<Twister> {
    let (r, b) = parts(th, v)?;
    r.read(th)?;
    // SAFETY: the storage has BYTES bytes, and the read lock keeps others from changing them.
    Ok(Twister::load(unsafe { std::slice::from_raw_parts(b.get().data(), BYTES) }))
}

fn store(th: &mut Thread, v: Value, t: &Twister) -> PyResult<()> {
    let (r, b) = parts(th, v)?;
    r.write(th)?;
    th.log_bytes(b.get(), 0, BYTES);
    // SAFETY: the storage has BYTES bytes, write-locked and logged.
    unsafe { std::ptr::copy_nonoverlapping(t.store().as_ptr(), b.get().data(), BYTES) };
    Ok(())
}

/// The next 32 bits.
fn next(th: &mut Thread, v: Value) -> PyResult<u32> {
    let (r, b) = parts(th, v)?;
    r.write(th)?;
    let words = b.get().data() as *mut u32;
    // SAFETY: the storage holds N + 1 words, 16-byte aligned; write-locked.
    unsafe {
        if *words.add(N) as usize >= N {
            let mut t = load(th, v)?;
            t.refill();
            store(th, v, &t)?;
        }
        let i = *words.add(N) as usize;
        th.log_bytes(b.get(), N * 4, 4);
        *words.add(N) = i as u32 + 1;
        Ok(temper(*words.add(i.min(N - 1))))
    }
}

fn random(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = next(th, args.pos[0])? >> 5;
    let b = next(th, args.pos[0])? >> 6;
    Ok(th.float((f64::from(a) * 67_108_864.0 + f64::from(b)) * (1.0 / 9_007_199_254_740_992.0)))
}

fn seed_method(th: &mut Thread, args: Args<'_>) -> PyResult {
    seed(th, args.pos[0], args.skip(1))?;
    Ok(Value::NONE)
}

/// Seeds from an int, a long (their absolute values), the hash of anything else, or the time.
fn seed(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    if args.len() > 1 {
        return Err(th.type_error(format!("seed expected at most 1 arguments, got {}", args.len())));
    }
    let n = match args.get(0) {
        None => return store(th, v, &Twister::from_number(now())),
        Some(a) if a.is_none() => return store(th, v, &Twister::from_number(now())),
        Some(a) => match ops::exact_integer(a) {
            Some(n) => n,
            None => BigInt::from(ops::hash(th, a)? as u64),
        },
    };
    let key = match n.sign() {
        Sign::NoSign => vec![0],
        _ => n.magnitude().to_u32_digits(),
    };
    store(th, v, &Twister::from_key(&key))
}

/// Seconds since the epoch.
fn now() -> u32 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs() as u32)
}

fn getstate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let t = load(th, args.pos[0])?;
    let out = th.m.root_vec();
    for w in t.words.iter().copied().chain([t.index as u32]) {
        out.push(th.long(&BigInt::from(w))?.bits());
    }
    th.try_tuple(ops::values(&out))
}

/// A state word given by Python.
fn word(th: &mut Thread, v: Value) -> PyResult<u64> {
    match ops::exact_integer(v) {
        Some(n) if n.sign() == Sign::Minus => {
            Err(th.overflow_error("can't convert negative value to unsigned long"))
        }
        Some(n) => match u64::try_from(&n) {
            Ok(n) => Ok(n),
            Err(_) => Err(th.overflow_error("long int too large to convert")),
        },
        None => Err(th.type_error("an integer is required")),
    }
}

fn setstate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let Some(t) = args.pos[1].payload::<PyTuple>() else {
        return Err(th.type_error("state vector must be a tuple"));
    };
    if t.len != N + 1 {
        return Err(th.value_error("state vector is the wrong size"));
    }
    let mut s = Twister { words: [0; N], index: 0 };
    for i in 0..N {
        s.words[i] = word(th, t.get().items()[i])? as u32;
    }
    let index = match ops::exact_integer(t.get().items()[N]) {
        Some(n) => i64::try_from(&n).unwrap_or(-1),
        None => return Err(th.type_error("an integer is required")),
    };
    if !(0..=N as i64).contains(&index) {
        return Err(th.value_error("invalid state"));
    }
    s.index = index as usize;
    store(th, args.pos[0], &s)?;
    Ok(Value::NONE)
}

fn getrandbits(th: &mut Thread, args: Args<'_>) -> PyResult {
    let k = ops::int32_arg(th, args.pos[1])?;
    if k <= 0 {
        return Err(th.value_error("number of bits must be greater than zero"));
    }
    let mut left = k as u32;
    let mut digits: Vec<u32> = Vec::new();
    if digits.try_reserve_exact(left.div_ceil(32) as usize).is_err() {
        return Err(th.memory_error());
    }
    while left > 0 {
        let r = next(th, args.pos[0])?;
        digits.push(if left < 32 { r >> (32 - left) } else { r });
        left = left.saturating_sub(32);
        if digits.len().is_multiple_of(4096) {
            th.native_poll()?;
        }
    }
    th.long(&BigInt::from_slice(Sign::Plus, &digits))
}

fn jumpahead(th: &mut Thread, args: Args<'_>) -> PyResult {
    let Some(n) = ops::exact_integer(args.pos[1]) else {
        let t = ops::type_name(args.pos[1]);
        return Err(th.type_error(format!("jumpahead requires an integer, not '{t}'")));
    };
    let mut t = load(th, args.pos[0])?;
    t.jump(|i| usize::try_from(n.mod_floor(&BigInt::from(i))).unwrap_or(0));
    store(th, args.pos[0], &t)?;
    Ok(Value::NONE)
}
