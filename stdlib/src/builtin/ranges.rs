//! `range`.

use interpreter::native::Args;
use interpreter::objects as o;
use interpreter::ops;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};
use num_bigint::{BigInt, Sign};
use num_traits::{One, ToPrimitive, Zero};

pub(super) fn range(th: &mut Thread, args: Args<'_>) -> PyResult {
    let small = |v: Value| v.as_small_int();
    match args.pos {
        [stop] if small(*stop).is_some() => fill(th, 0, small(*stop).unwrap_or(0), 1),
        [start, stop] if small(*start).is_some() && small(*stop).is_some() => {
            fill(th, small(*start).unwrap_or(0), small(*stop).unwrap_or(0), 1)
        }
        [] => Err(th.type_error("range expected at least 1 arguments, got 0")),
        [_, _, _, _, ..] => {
            let n = args.len();
            Err(th.type_error(format!("range expected at most 3 arguments, got {n}")))
        }
        [stop] => general(th, None, *stop, None),
        [start, stop] => general(th, Some(*start), *stop, None),
        [start, stop, step] => general(th, Some(*start), *stop, Some(*step)),
    }
}

/// An integer argument.
fn integer(th: &mut Thread, v: Value, which: &str) -> PyResult<BigInt> {
    if let Some(n) = ops::exact_integer(v) {
        return Ok(n);
    }
    let float = o::float::float_value(v).is_some();
    if !float && let Some(f) = ops::slots_of(v).int {
        let r = f(th, v)?;
        if let Some(n) = ops::exact_integer(r) {
            return Ok(n);
        }
        return Err(th.type_error("__int__ should return int object"));
    }
    let n = ops::type_name(v);
    Err(th.type_error(format!("range() integer {which} argument expected, got {n}.")))
}

fn general(th: &mut Thread, start: Option<Value>, stop: Value, step: Option<Value>) -> PyResult {
    let lo = match start {
        Some(v) => integer(th, v, "start")?,
        None => BigInt::zero(),
    };
    let hi = integer(th, stop, "end")?;
    let given = step;
    let step = match step {
        Some(v) => integer(th, v, "step")?,
        None => BigInt::one(),
    };
    // Beyond the machine's integers a step is compared as Python compares, which subclasses may define.
    let big = lo.to_i64().is_none() || hi.to_i64().is_none() || step.to_i64().is_none();
    let zero = match given {
        Some(v) if big && ops::exact_integer(v).is_some() => ops::cmp(th, v, th.int(0))? == 0,
        _ => step.is_zero(),
    };
    if zero || step.is_zero() {
        return Err(th.value_error("range() step argument must not be zero"));
    }
    if let (Some(a), Some(b), Some(s)) = (lo.to_i64(), hi.to_i64(), step.to_i64())
        && b.checked_add(s).is_some()
    {
        return fill(th, a, b, s);
    }
    let distance = if step.sign() == Sign::Minus { &lo - &hi } else { &hi - &lo };
    if distance.sign() != Sign::Plus {
        return th.new_list(&[]);
    }
    let count = (distance - 1u32) / step.magnitude().clone().to_bigint_plus() + 1u32;
    let Some(count) = count.to_usize().filter(|n| *n <= isize::MAX as usize / 8) else {
        return Err(th.overflow_error("range() result has too many items"));
    };
    let out = th.m.root_vec();
    let mut n = lo;
    for i in 0..count {
        out.push(th.integer(&n)?.bits());
        n += &step;
        if i % 4096 == 4095 {
            th.native_poll()?;
        }
    }
    th.new_list(ops::values(&out))
}

trait Plus {
    fn to_bigint_plus(self) -> BigInt;
}

impl Plus for num_bigint::BigUint {
    fn to_bigint_plus(self) -> BigInt {
        BigInt::from_biguint(Sign::Plus, self)
    }
}

/// Integers of a machine word.
fn fill(th: &mut Thread, lo: i64, hi: i64, step: i64) -> PyResult {
    let count = if step > 0 && lo < hi {
        (hi.wrapping_sub(lo) as u64 - 1) / step as u64 + 1
    } else if step < 0 && lo > hi {
        (lo.wrapping_sub(hi) as u64 - 1) / step.unsigned_abs() + 1
    } else {
        0
    };
    if count > isize::MAX as u64 / 8 {
        return Err(th.overflow_error("range() result has too many items"));
    }
    let ints: &Thread = th;
    o::list::storage::build(th, count as usize, |i| ints.int(lo.wrapping_add((i as i64).wrapping_mul(step))))
}
