//! `seek` and `tell`: positions in text.
//!
//! A position is a *cookie*, one integer: a byte position where the decoder can start, its flags there, how many bytes
//! to feed it then, how many of the characters that come out to skip, and whether to tell it that the input ends.

use super::reading::{decode, set_decoded};
use super::writing::write_pending;
use super::*;
use interpreter::layout::{PyStr, PyTuple, PyUnicode};
use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;

/// See the module text.
#[derive(Default, Clone, Debug, PartialEq, Eq)]
struct Cookie {
    start: i64,
    flags: i32,
    feed: i32,
    skip: i32,
    end: bool,
}

impl Cookie {
    fn to_integer(&self) -> BigInt {
        let mut b = Vec::with_capacity(21);
        b.extend_from_slice(&self.start.to_le_bytes());
        b.extend_from_slice(&self.flags.to_le_bytes());
        b.extend_from_slice(&self.feed.to_le_bytes());
        b.extend_from_slice(&self.skip.to_le_bytes());
        b.push(u8::from(self.end));
        BigInt::from_bytes_le(Sign::Plus, &b)
    }

    /// `None`: too large to be one.
    fn from_integer(n: &BigInt) -> Option<Cookie> {
        let (_, mut b) = n.to_bytes_le();
        if b.len() > 21 {
            return None;
        }
        b.resize(21, 0);
        let word = |i: usize| i32::from_le_bytes([b[i], b[i + 1], b[i + 2], b[i + 3]]);
        let mut start = [0; 8];
        start.copy_from_slice(&b[..8]);
        Some(Cookie {
            start: i64::from_le_bytes(start),
            flags: word(8),
            feed: word(12),
            skip: word(16),
            end: b[20] != 0,
        })
    }
}

/// Puts a decoder into the state it has at a cookie's start.
fn restore(th: &mut Thread, d: Value, c: &Cookie) -> PyResult<()> {
    if c.start == 0 && c.flags == 0 {
        call(th, d, &names::reset, &[])?;
        return Ok(());
    }
    set_state(th, d, c.flags)
}

fn set_state(th: &mut Thread, d: Value, flags: i32) -> PyResult<()> {
    let (empty, flags) = (th.new_str(b""), th.int(i64::from(flags)));
    let s = th.new_tuple(&[empty, flags]);
    call(th, d, &names::setstate, &[s])?;
    Ok(())
}

/// The decoder's buffered bytes and flags.
fn decoder_state(th: &mut Thread, d: Value) -> PyResult<(usize, i32)> {
    let s = call(th, d, &names::getstate, &[])?;
    if let Some([b, f]) = s.payload::<PyTuple>().map(|t| t.get().items())
        && let Some(b) = b.payload::<PyStr>()
        && let Some(f) = ops::exact_integer(*f)
    {
        return Ok((b.len, f.to_i32().unwrap_or(0)));
    }
    Err(th.type_error("illegal decoder state"))
}

fn decoded_length(th: &mut Thread, d: Value, b: &[u8], last: bool) -> PyResult<usize> {
    let s = th.try_str(b)?;
    let r = decode(th, d, s, last)?;
    Ok(r.payload::<PyUnicode>().map_or(0, |u| u.len))
}

pub fn tell(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let b = open(th, v)?;
    if !state::is_set(th, v, SEEKABLE)? {
        return Err(th.io_error_text("underlying stream is not seekable"));
    }
    if !state::is_set(th, v, TELLING)? {
        return Err(th.io_error_text("telling position disabled by next() call"));
    }
    write_pending(th, v)?;
    call(th, v, &names::flush, &[])?;
    let at = call(th, b, &names::tell, &[])?;
    let d = state::value(th, v, DECODER)?;
    let snapshot = state::get(th, v, SNAPSHOT)?.and_then(|s| s.payload::<PyTuple>());
    let Some(snapshot) = snapshot.filter(|_| !d.is_none()) else { return Ok(at) };
    let start = ops::integer_arg(th, at)?;
    let [flags, input] = snapshot.get().items() else { return Err(th.system_error("bad snapshot")) };
    let flags = ops::exact_integer(*flags).and_then(|f| f.to_i32()).unwrap_or(0);
    let input = th.str_bytes(*input);
    let skip = state::number(th, v, USED)? as usize;
    let mut c = Cookie { start: start - input.len() as i64, flags, ..Cookie::default() };
    if skip == 0 {
        return th.long(&c.to_integer());
    }
    let saved = call(th, d, &names::getstate, &[])?;
    let ratio = state::get(th, v, RATIO)?.and_then(interpreter::objects::float::float_value).unwrap_or(0.0);
    let r = locate(th, d, &mut c, input, skip, ratio);
    let kept = match r {
        Ok(()) => None,
        Err(e) => Some(e.catch(th)?),
    };
    call(th, d, &names::setstate, &[saved])?;
    match kept {
        Some(e) => Err(th.reraise(e)),
        None => th.long(&c.to_integer()),
    }
}

/// Finds a cookie for the position `skip` characters into what decoding `input` gives. Uses the decoder.
fn locate(th: &mut Thread, d: Value, c: &mut Cookie, input: &[u8], skip: usize, ratio: f64) -> PyResult<()> {
    let mut skip = skip;
    // A guess from the number of bytes per character, made smaller until the decoder rests there with an empty buffer.
    let mut bytes = ((ratio * skip as f64) as usize).min(input.len());
    let mut back = 1usize;
    loop {
        if bytes == 0 {
            restore(th, d, c)?;
            break;
        }
        restore(th, d, c)?;
        let n = decoded_length(th, d, &input[..bytes], false)?;
        if n <= skip {
            let (held, flags) = decoder_state(th, d)?;
            if held == 0 {
                c.flags = flags;
                skip -= n;
                break;
            }
            bytes = bytes.saturating_sub(held);
            back = 1;
        } else {
            bytes = bytes.saturating_sub(back);
            back = back.saturating_mul(2);
        }
    }
    c.start += bytes as i64;
    c.skip = skip as i32;
    if skip == 0 {
        return Ok(());
    }
    // Byte by byte; the last place where the decoder rests is where the cookie starts.
    let mut n = 0usize;
    for (i, _) in input.iter().enumerate().skip(bytes) {
        n += decoded_length(th, d, &input[i..i + 1], false)?;
        c.feed += 1;
        let (held, flags) = decoder_state(th, d)?;
        if held == 0 && n <= skip {
            c.start += i64::from(c.feed);
            skip -= n;
            c.flags = flags;
            c.feed = 0;
            n = 0;
        }
        if n >= skip {
            c.skip = skip as i32;
            return Ok(());
        }
    }
    n += decoded_length(th, d, &[], true)?;
    c.end = true;
    if n < skip {
        return Err(th.io_error_text("can't reconstruct logical file position"));
    }
    c.skip = skip as i32;
    Ok(())
}

pub fn seek(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    buffer(th, v)?;
    let mut to = args.pos[1];
    let whence = arguments::int(th, args.get(2), 0)?;
    let b = open(th, v)?;
    if !state::is_set(th, v, SEEKABLE)? {
        return Err(th.io_error_text("underlying stream is not seekable"));
    }
    let zero = th.int(0);
    match whence {
        0 => {}
        1 => {
            if !ops::equal(th, to, zero)? {
                return Err(th.io_error_text("can't do nonzero cur-relative seeks"));
            }
            call(th, v, &names::flush, &[])?;
            to = call(th, v, &names::tell, &[])?;
        }
        2 => {
            if !ops::equal(th, to, zero)? {
                return Err(th.io_error_text("can't do nonzero end-relative seeks"));
            }
            call(th, v, &names::flush, &[])?;
            set_decoded(th, v, None)?;
            state::set(th, v, SNAPSHOT, None)?;
            let d = state::value(th, v, DECODER)?;
            if !d.is_none() {
                call(th, d, &names::reset, &[])?;
            }
            let two = th.int(2);
            return call(th, b, &names::seek, &[zero, two]);
        }
        _ => return Err(th.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
    }
    if ops::compare_bool(th, to, zero, interpreter::types::slots::CmpOp::Lt)? {
        let r = th.repr_text(to)?;
        return Err(th.value_error(format!("negative seek position {r}")));
    }
    call(th, v, &names::flush, &[])?;
    let number = match ops::exact_integer(to) {
        Some(n) => n,
        None => {
            let n = ops::call(th, interpreter::objects::long::LONG.class(), &[to])?;
            ops::exact_integer(n).unwrap_or_default()
        }
    };
    let Some(c) = Cookie::from_integer(&number) else {
        return Err(th.overflow_error("int too big to convert"));
    };
    let start = th.int(c.start);
    call(th, b, &names::seek, &[start])?;
    set_decoded(th, v, None)?;
    state::set(th, v, SNAPSHOT, None)?;
    let d = state::value(th, v, DECODER)?;
    if !d.is_none() {
        restore(th, d, &c)?;
    }
    let flags = th.int(i64::from(c.flags));
    let mut fed = th.new_str(b"");
    if c.skip > 0 {
        let n = th.int(i64::from(c.feed));
        fed = call(th, b, &names::read, &[n])?;
        arguments::expect_bytes(
            th,
            fed,
            |n| format!("underlying read() should have returned a bytes object, not '{n}'"),
            false,
        )?;
        if d.is_none() {
            return Err(th.io_error_text("not readable"));
        }
        let s = th.new_tuple(&[flags, fed]);
        state::set(th, v, SNAPSHOT, Some(s))?;
        let text = decode(th, d, fed, c.end)?;
        set_decoded(th, v, Some(text))?;
        if (text.payload::<PyUnicode>().map_or(0, |u| u.len) as i64) < i64::from(c.skip) {
            return Err(th.io_error_text("can't restore logical file position"));
        }
        state::set_number(th, v, USED, i64::from(c.skip))?;
    } else {
        let s = th.new_tuple(&[flags, fed]);
        state::set(th, v, SNAPSHOT, Some(s))?;
    }
    let e = state::value(th, v, ENCODER)?;
    if !e.is_none() {
        if c.start == 0 && c.flags == 0 {
            call(th, e, &names::reset, &[])?;
        } else {
            call(th, e, &names::setstate, &[zero])?;
        }
    }
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_round_trip() {
        for c in [
            Cookie::default(),
            Cookie { start: 123, ..Cookie::default() },
            Cookie { start: 1 << 40, flags: 3, feed: 7, skip: 2, end: true },
        ] {
            assert_eq!(Cookie::from_integer(&c.to_integer()), Some(c));
        }
        assert_eq!(Cookie::from_integer(&(BigInt::from(1) << 200)), None);
    }
}
