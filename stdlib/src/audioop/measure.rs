//! Numbers that describe fragments.

use super::samples::{Samples, Width, error, fragment_argument};
use interpreter::{Args, PyResult, Thread, Value, ops};

pub fn getsample(th: &mut Thread, args: Args<'_>) -> PyResult {
    let i = ops::integer_arg(th, args.pos[2])?;
    let s = Samples::of(th, "getsample", args.pos[0], args.pos[1])?;
    match usize::try_from(i) {
        Ok(i) if i < s.len() => Ok(th.int(s.get(i).into())),
        _ => Err(error(th, "Index out of range")),
    }
}

pub fn max(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = Samples::of(th, "max", args.pos[0], args.pos[1])?;
    let n = s.iter().map(|n| i64::from(n).abs()).max().unwrap_or(0);
    Ok(th.int(n))
}

pub fn minmax(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = Samples::of(th, "minmax", args.pos[0], args.pos[1])?;
    let min = s.iter().min().unwrap_or(i32::MAX);
    let max = s.iter().max().unwrap_or(i32::MIN);
    let both = [th.int(min.into()), th.int(max.into())];
    Ok(th.new_tuple(&both))
}

pub fn avg(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = Samples::of(th, "avg", args.pos[0], args.pos[1])?;
    if s.len() == 0 {
        return Ok(th.int(0));
    }
    let sum: f64 = s.iter().map(f64::from).sum();
    Ok(th.int((sum / s.len() as f64).floor() as i64))
}

pub fn rms(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = Samples::of(th, "rms", args.pos[0], args.pos[1])?;
    if s.len() == 0 {
        return Ok(th.int(0));
    }
    let sum: f64 = s.iter().map(|n| f64::from(n) * f64::from(n)).sum();
    Ok(th.int((sum / s.len() as f64).sqrt() as i64))
}

/// Calls `f` with the height of each rise and fall between two extremes.
fn peaks(s: Samples<'_>, mut f: impl FnMut(i64)) {
    let mut previous = i64::from(s.get(0));
    let mut falling = None;
    let mut extreme: Option<i64> = None;
    for n in s.iter().map(i64::from) {
        if n == previous {
            continue;
        }
        let now = n < previous;
        if falling == Some(!now) {
            if let Some(e) = extreme {
                f((previous - e).abs());
            }
            extreme = Some(previous);
        }
        falling = Some(now);
        previous = n;
    }
}

pub fn maxpp(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = Samples::of(th, "maxpp", args.pos[0], args.pos[1])?;
    let mut max = 0;
    peaks(s, |n| max = max.max(n));
    Ok(th.int(max))
}

pub fn avgpp(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = Samples::of(th, "avgpp", args.pos[0], args.pos[1])?;
    let (mut sum, mut count) = (0.0, 0);
    peaks(s, |n| {
        sum += n as f64;
        count += 1;
    });
    Ok(th.int(if count == 0 { 0 } else { (sum / f64::from(count)) as i64 }))
}

pub fn cross(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = Samples::of(th, "cross", args.pos[0], args.pos[1])?;
    let mut crossings = -1;
    let mut below = None;
    for n in s.iter() {
        if below != Some(n < 0) {
            crossings += 1;
            below = Some(n < 0);
        }
    }
    Ok(th.int(crossings))
}

/// A fragment of two-byte samples.
fn words<'a>(th: &mut Thread, name: &str, v: Value, i: usize) -> PyResult<Samples<'a>> {
    let bytes = fragment_argument(th, name, v, i)?;
    if bytes.len() % 2 != 0 {
        return Err(error(th, "Strings should be even-sized"));
    }
    Ok(Samples { bytes, width: Width::Two })
}

/// Sum of the products of `n` samples, of `a` from a place on.
fn product(a: Samples<'_>, from: usize, b: Samples<'_>, n: usize) -> f64 {
    (0..n).map(|i| f64::from(a.get(from + i)) * f64::from(b.get(i))).sum()
}

fn part(s: Samples<'_>, from: usize) -> Samples<'_> {
    Samples { bytes: s.bytes.get(from * 2..).unwrap_or(&[]), width: s.width }
}

pub fn findfit(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = words(th, "findfit", args.pos[0], 1)?;
    let r = words(th, "findfit", args.pos[1], 2)?;
    if a.len() < r.len() {
        return Err(error(th, "First sample should be longer"));
    }
    let n = r.len();
    let own = product(r, 0, r, n);
    let mut power = product(a, 0, a, n);
    let misfit = |power: f64, common: f64| (own * power - common * common) / power;
    let mut best = (misfit(power, product(a, 0, r, n)), 0);
    for j in 1..=a.len() - n {
        if j % 1024 == 0 {
            th.native_poll()?;
        }
        let (out, new) = (f64::from(a.get(j - 1)), f64::from(a.get(j + n - 1)));
        power += new * new - out * out;
        let now = misfit(power, product(a, j, r, n));
        if now < best.0 {
            best = (now, j);
        }
    }
    let factor = product(a, best.1, r, n) / own;
    let both = [th.int(best.1 as i64), th.float(factor)];
    Ok(th.new_tuple(&both))
}

pub fn findfactor(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = words(th, "findfactor", args.pos[0], 1)?;
    let r = words(th, "findfactor", args.pos[1], 2)?;
    if a.len() != r.len() {
        return Err(error(th, "Samples should be same size"));
    }
    Ok(th.float(product(a, 0, r, r.len()) / product(r, 0, r, r.len())))
}

pub fn findmax(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::integer_arg(th, args.pos[1])?;
    let a = words(th, "findmax", args.pos[0], 1)?;
    let Some(n) = usize::try_from(n).ok().filter(|n| *n <= a.len()) else {
        return Err(error(th, "Input sample should be longer"));
    };
    let mut power = product(a, 0, a, n);
    let mut best = (power, 0);
    for j in 1..=a.len() - n {
        let (out, new) = (f64::from(a.get(j - 1)), f64::from(part(a, j).get(n.wrapping_sub(1))));
        power += new * new - out * out;
        if power > best.0 {
            best = (power, j);
        }
    }
    Ok(th.int(best.1 as i64))
}
