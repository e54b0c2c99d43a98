//! Fragments made of fragments.

use super::samples::{Samples, Width, error, fragment_argument};
use interpreter::layout::PyTuple;
use interpreter::{Args, PyResult, Raised, Thread, Value, ops};

pub fn mul(th: &mut Thread, args: Args<'_>) -> PyResult {
    let factor = ops::float_arg(th, args.pos[2])?;
    let s = Samples::of(th, "mul", args.pos[0], args.pos[1])?;
    let mut out = Vec::with_capacity(s.bytes.len());
    s.iter().for_each(|n| s.width.put_bounded(&mut out, f64::from(n) * factor));
    th.try_str(&out)
}

pub fn tomono(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (left, right) = (ops::float_arg(th, args.pos[2])?, ops::float_arg(th, args.pos[3])?);
    let s = Samples::of(th, "tomono", args.pos[0], args.pos[1])?;
    if s.len() % 2 != 0 {
        return Err(error(th, "not a whole number of frames"));
    }
    let mut out = Vec::with_capacity(s.bytes.len() / 2);
    for i in (0..s.len()).step_by(2) {
        let x = f64::from(s.get(i)) * left + f64::from(s.get(i + 1)) * right;
        s.width.put_bounded(&mut out, x);
    }
    th.try_str(&out)
}

pub fn tostereo(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (left, right) = (ops::float_arg(th, args.pos[2])?, ops::float_arg(th, args.pos[3])?);
    let s = Samples::of(th, "tostereo", args.pos[0], args.pos[1])?;
    let mut out = Vec::with_capacity(s.bytes.len().saturating_mul(2));
    for n in s.iter() {
        s.width.put_bounded(&mut out, f64::from(n) * left);
        s.width.put_bounded(&mut out, f64::from(n) * right);
    }
    th.try_str(&out)
}

pub fn add(th: &mut Thread, args: Args<'_>) -> PyResult {
    let width = Width::of(th, args.pos[2])?;
    let a = fragment_argument(th, "add", args.pos[0], 1)?;
    let b = fragment_argument(th, "add", args.pos[1], 2)?;
    let a = Samples::whole(th, a, width)?;
    if a.bytes.len() != b.len() {
        return Err(error(th, "Lengths should be the same"));
    }
    let b = Samples { bytes: b, width };
    let mut out = Vec::with_capacity(a.bytes.len());
    for (x, y) in a.iter().zip(b.iter()) {
        width.put_bounded(&mut out, f64::from(x) + f64::from(y));
    }
    th.try_str(&out)
}

pub fn bias(th: &mut Thread, args: Args<'_>) -> PyResult {
    let by = ops::int32_arg(th, args.pos[2])?;
    let s = Samples::of(th, "bias", args.pos[0], args.pos[1])?;
    let mut out = Vec::with_capacity(s.bytes.len());
    s.iter().for_each(|n| s.width.put(&mut out, n.wrapping_add(by)));
    th.try_str(&out)
}

pub fn reverse(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = Samples::of(th, "reverse", args.pos[0], args.pos[1])?;
    let mut out = Vec::with_capacity(s.bytes.len());
    s.iter().rev().for_each(|n| s.width.put(&mut out, n));
    th.try_str(&out)
}

pub fn lin2lin(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = Samples::of(th, "lin2lin", args.pos[0], args.pos[1])?;
    let to = Width::of(th, args.pos[2])?;
    let mut out = Vec::with_capacity(s.len().saturating_mul(to.bytes()));
    s.iter32().for_each(|n| to.put32(&mut out, n));
    th.try_str(&out)
}

fn gcd(a: i32, b: i32) -> i32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cold]
fn bad_state(th: &mut Thread) -> Raised {
    th.type_error("audioop.ratecv: illegal state argument")
}

/// The frames before the next one: for each channel the last input and the last output of the filter.
fn rate_state(th: &mut Thread, v: Value, channels: usize) -> PyResult<(i32, Vec<(i32, i32)>)> {
    let Some(t) = v.payload::<PyTuple>() else {
        return Err(th.type_error("state must be a tuple or None"));
    };
    let [d, frames] = *t.get().items() else { return Err(bad_state(th)) };
    let d = ops::int32_arg(th, d)?;
    let Some(frames) = frames.payload::<PyTuple>() else { return Err(bad_state(th)) };
    if frames.len != channels {
        return Err(error(th, "illegal state argument"));
    }
    let mut out = Vec::with_capacity(channels);
    for f in frames.get().items() {
        let Some([a, b]) = f.payload::<PyTuple>().map(|t| t.get().items()) else {
            return Err(th.type_error("ratecv(): illegal state argument"));
        };
        out.push((ops::int32_arg(th, *a)?, ops::int32_arg(th, *b)?));
    }
    Ok((d, out))
}

pub fn ratecv(th: &mut Thread, args: Args<'_>) -> PyResult {
    let width = Width::of(th, args.pos[1])?;
    let mut numbers = [0; 5];
    for (n, v) in numbers.iter_mut().zip([args.get(2), args.get(3), args.get(4), args.get(6), args.get(7)]) {
        *n = match v {
            Some(v) => ops::int32_arg(th, v)?,
            None => -1,
        };
    }
    let [channels, mut from, mut to, a, b] = numbers;
    let (mut a, mut b) = (if args.len() > 6 { a } else { 1 }, if args.len() > 7 { b } else { 0 });
    if channels < 1 {
        return Err(error(th, "# of channels should be >= 1"));
    }
    let channels = channels as usize;
    if channels.saturating_mul(width.bytes()) > i32::MAX as usize {
        return Err(th.overflow_error("width * nchannels too big for a C int"));
    }
    if a < 1 || b < 0 {
        return Err(error(th, "weightA should be >= 1, weightB should be >= 0"));
    }
    let bytes = fragment_argument(th, "ratecv", args.pos[0], 1)?;
    if bytes.len() % (channels * width.bytes()) != 0 {
        return Err(error(th, "not a whole number of frames"));
    }
    if from <= 0 || to <= 0 {
        return Err(error(th, "sampling rate not > 0"));
    }
    let d = gcd(from, to);
    (from, to) = (from / d, to / d);
    let d = gcd(a, b);
    (a, b) = (a / d, b / d);
    let (mut d, mut frames) = match args.pos[5] {
        Value::NONE => (-to, vec![(0, 0); channels]),
        v => rate_state(th, v, channels)?,
    };
    // The state was made by Python code: the argument is asked for again.
    let bytes = fragment_argument(th, "ratecv", args.pos[0], 1)?;
    let s = Samples { bytes, width };
    let mut input = s.iter32();
    let mut left = s.len() / channels;
    let mut out = Vec::with_capacity(bytes.len());
    let mut steps = 0u32;
    loop {
        while d < 0 {
            if left == 0 {
                let out = th.try_str(&out)?;
                let kept = th.m.root_vec();
                for (x, y) in frames {
                    let both = [th.int(x.into()), th.int(y.into())];
                    kept.push(th.new_tuple(&both).bits());
                }
                let kept = th.try_tuple(ops::values(&kept))?;
                let d = th.int(d.into());
                let state = th.new_tuple(&[d, kept]);
                return Ok(th.new_tuple(&[out, state]));
            }
            for f in &mut frames {
                let n = f64::from(input.next().unwrap_or(0));
                let (a, b) = (f64::from(a), f64::from(b));
                *f = (f.1, ((a * n + b * f64::from(f.1)) / (a + b)) as i32);
            }
            left -= 1;
            d = d.saturating_add(to);
        }
        while d >= 0 {
            steps = steps.wrapping_add(1);
            if steps.is_multiple_of(4096) && out.len() > 1 << 31 {
                return Err(th.memory_error());
            }
            for (x, y) in &frames {
                let (back, whole) = (f64::from(d), f64::from(to));
                let n = (f64::from(*x) * back + f64::from(*y) * (whole - back)) / whole;
                width.put32(&mut out, n as i32);
            }
            d -= from;
        }
    }
}
