//! Items: the twelve type codes.

use interpreter::layout::{PyLong, PyStr, PyUnicode};
use interpreter::{PyResult, Thread, Value, objects as o, ops};

/// A type code and the size of its items.
#[derive(Copy, Clone, PartialEq, Eq)]
pub struct Code {
    pub letter: u8,
    pub size: usize,
}

/// The type code with a letter.
pub fn code(letter: u8) -> Option<Code> {
    let size = match letter {
        b'c' | b'b' | b'B' => 1,
        b'h' | b'H' => 2,
        b'u' | b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'd' => 8,
        _ => return None,
    };
    Some(Code { letter, size })
}

/// Refuses integers outside a range, in words for either side.
fn within(th: &mut Thread, n: i64, low: i64, high: i64, what: &str) -> PyResult<i64> {
    if n < low {
        return Err(th.overflow_error(format!("{what} is less than minimum")));
    }
    if n > high {
        return Err(th.overflow_error(format!("{what} is greater than maximum")));
    }
    Ok(n)
}

/// The bytes of an item.
pub fn store(th: &mut Thread, code: Code, v: Value) -> PyResult<smallvec::SmallVec<[u8; 8]>> {
    let n = match code.letter {
        b'c' => match v.payload::<PyStr>().map(|s| s.get().bytes()) {
            Some([c]) => *c as i64,
            _ => return Err(th.type_error("array item must be char")),
        },
        b'u' => match v.payload::<PyUnicode>() {
            Some(u) if u.get().len == 1 => u.get().chars().at(0) as i64,
            _ => return Err(th.type_error("array item must be unicode character")),
        },
        b'f' => return Ok((ops::float_arg(th, v)? as f32).to_ne_bytes().as_slice().into()),
        b'd' => return Ok(ops::float_arg(th, v)?.to_ne_bytes().as_slice().into()),
        b'L' | b'I' if v.payload::<PyLong>().is_some() => return store_long(th, code, v),
        letter => {
            let n = ops::integer_arg(th, v)?;
            match letter {
                b'b' => {
                    within(th, n, i16::MIN.into(), i16::MAX.into(), "signed short integer")?;
                    within(th, n, i8::MIN.into(), i8::MAX.into(), "signed char")?
                }
                b'B' => within(th, n, 0, u8::MAX.into(), "unsigned byte integer")?,
                b'h' => within(th, n, i16::MIN.into(), i16::MAX.into(), "signed short integer")?,
                b'H' => {
                    within(th, n, i32::MIN.into(), i32::MAX.into(), "signed integer")?;
                    within(th, n, 0, u16::MAX.into(), "unsigned short")?
                }
                b'i' => within(th, n, i32::MIN.into(), i32::MAX.into(), "signed integer")?,
                b'I' => within(th, n, 0, u32::MAX.into(), "unsigned int")?,
                b'L' => within(th, n, 0, i64::MAX, "unsigned long")?,
                _ => n,
            }
        }
    };
    Ok(n.to_ne_bytes()[..code.size].into())
}

/// An unsigned item given as a long.
fn store_long(th: &mut Thread, code: Code, v: Value) -> PyResult<smallvec::SmallVec<[u8; 8]>> {
    let n = v.payload::<PyLong>().map(|l| l.get().to_bigint()).unwrap_or_default();
    if n.sign() == num_bigint::Sign::Minus {
        return Err(th.overflow_error("can't convert negative value to unsigned long"));
    }
    let Ok(n) = u64::try_from(&n) else { return Err(th.overflow_error("long int too large to convert")) };
    if code.letter == b'I' && n > u32::MAX as u64 {
        return Err(th.overflow_error("unsigned int is greater than maximum"));
    }
    Ok(n.to_ne_bytes()[..code.size].into())
}

/// The value of an item.
pub fn load(th: &mut Thread, code: Code, b: &[u8]) -> PyResult {
    let mut w = [0; 8];
    w[..code.size].copy_from_slice(&b[..code.size]);
    let n = u64::from_ne_bytes(w);
    Ok(match code.letter {
        b'c' => o::str::one_byte(th, b[0]),
        b'u' => return o::unicode::one_char(th, (n as u32).min(0x10_ffff)),
        b'b' => th.int(n as i8 as i64),
        b'h' => th.int(n as i16 as i64),
        b'i' => th.int(n as i32 as i64),
        b'l' => th.int(n as i64),
        b'I' | b'L' => return th.long(&n.into()),
        b'f' => th.float(f32::from_bits(n as u32) as f64),
        b'd' => th.float(f64::from_bits(n)),
        _ => th.int(n as i64),
    })
}

/// The items of a text array as unicode.
pub fn text(th: &mut Thread, b: &[u8]) -> PyResult {
    let mut out = o::unicode::Builder::with_capacity(b.len() / 4);
    b.chunks_exact(4).for_each(|w| out.push(u32::from_ne_bytes([w[0], w[1], w[2], w[3]]).min(0x10_ffff)));
    out.finish(th)
}
