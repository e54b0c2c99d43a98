//! The simple types: one letter each, their sizes, and values to bytes and back.
//!
//! [`store`] may run Python code and touches no memory; [`load`] reads memory and runs nothing.

use super::text;
use interpreter::layout::{PyLong, PyStr, PyUnicode};
use interpreter::{PyResult, Thread, Value, objects as o, ops};
use num_traits::ToPrimitive;

/// The letters `_type_` may be, as the message lists them.
pub(super) const LETTERS: &str = "cbBhHiIlLdfuzZqQPXOv?g";

/// Size, and alignment too, of a type; none for letters that are no type here.
pub(super) fn size(letter: u8) -> Option<usize> {
    Some(match letter {
        b'c' | b'b' | b'B' | b'?' => 1,
        b'h' | b'H' => 2,
        b'i' | b'I' | b'f' | b'u' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'd' | b'z' | b'Z' | b'P' | b'O' => 8,
        b'g' => 16,
        _ => return None,
    })
}

/// Whether the type has a twin of the other byte order.
pub(super) fn has_twin(letter: u8) -> bool {
    b"hHiIlLqQfd".contains(&letter)
}

/// Whether values are addresses.
pub(super) fn is_pointer(letter: u8) -> bool {
    b"zZPO".contains(&letter)
}

/// Whether bit fields of the type are allowed, and if so whether they are signed.
pub(super) fn bit_field_sign(letter: u8) -> Option<bool> {
    match letter {
        b'b' | b'h' | b'i' | b'l' | b'q' | b'c' | b'u' => Some(true),
        b'B' | b'H' | b'I' | b'L' | b'Q' => Some(false),
        _ => None,
    }
}

/// The letter of `struct`'s format of fixed sizes.
pub(super) fn format_letter(letter: u8) -> char {
    match letter {
        b'l' => 'q',
        b'L' => 'Q',
        c => c as char,
    }
}

/// A value as bytes, and what must be kept alive while they are in use (None: nothing).
pub(super) struct Stored {
    bytes: [u8; 16],
    len: usize,
    pub keep: Value,
}

impl Stored {
    fn new(bytes: &[u8]) -> Stored {
        let mut s = Stored { bytes: [0; 16], len: bytes.len(), keep: Value::NONE };
        s.bytes[..bytes.len()].copy_from_slice(bytes);
        s
    }

    fn word(n: u64, len: usize) -> Stored {
        Stored::new(&n.to_ne_bytes()[..len])
    }

    fn kept(address: usize, keep: Value) -> Stored {
        Stored { keep, ..Stored::word(address as u64, 8) }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// The low 64 bits of an integer or of what `__int__` gives.
pub(super) fn masked(th: &mut Thread, v: Value) -> PyResult<u64> {
    if o::float::float_value(v).is_some() {
        return Err(th.type_error("int expected instead of float"));
    }
    if let Some(n) = low_bits(v) {
        return Ok(n);
    }
    if let Some(f) = ops::slots_of(v).int {
        let r = f(th, v)?;
        if let Some(n) = low_bits(r) {
            return Ok(n);
        }
    }
    Err(th.type_error("an integer is required"))
}

/// The low 64 bits of an int or long.
pub(super) fn low_bits(v: Value) -> Option<u64> {
    if let Some(n) = ops::int_value(v) {
        return Some(n as u64);
    }
    let l = v.payload::<PyLong>()?;
    let d = l.get().digits();
    let n = d.first().copied().unwrap_or(0) as u64 | (d.get(1).copied().unwrap_or(0) as u64) << 32;
    Some(if l.get().sign < 0 { n.wrapping_neg() } else { n })
}

fn number(th: &mut Thread, v: Value) -> PyResult<f64> {
    if let Some(l) = v.payload::<PyLong>() {
        return match l.get().to_bigint().to_f64().filter(|x| x.is_finite()) {
            Some(x) => Ok(x),
            None => Err(th.overflow_error("long int too large to convert to float")),
        };
    }
    ops::float_arg(th, v)
}

/// The bytes of a value of a type.
pub(super) fn store(th: &mut Thread, letter: u8, swapped: bool, v: Value) -> PyResult<Stored> {
    let mut s = match letter {
        b'c' => match v.payload::<PyStr>().map(|s| s.get().bytes()) {
            Some(&[c]) => Stored::new(&[c]),
            _ => return Err(th.type_error("one character string expected")),
        },
        b'?' => Stored::new(&[ops::is_true(th, v)? as u8]),
        b'f' => {
            let x = number(th, v)?;
            Stored::new(&(x as f32).to_ne_bytes())
        }
        b'd' => Stored::new(&number(th, v)?.to_ne_bytes()),
        b'g' => Stored::new(&super::long_double::to_bytes(number(th, v)?)),
        b'u' => {
            let u = text::unicode_of(th, v, "unicode string expected instead of ")?;
            match u.payload::<PyUnicode>().filter(|u| u.get().len == 1) {
                Some(u) => Stored::word(u.get().chars().at(0) as u64, 4),
                None => return Err(th.type_error("one character unicode string expected")),
            }
        }
        b'z' => store_text(th, v)?,
        b'Z' => store_wide_text(th, v)?,
        b'O' => Stored::kept(v.bits() as usize, v),
        b'P' if v.is_none() => Stored::word(0, 8),
        b'P' => match low_bits(v) {
            Some(n) => Stored::word(n, 8),
            None => return Err(th.type_error("cannot be converted to pointer")),
        },
        _ => {
            let n = masked(th, v)?;
            Stored::word(n, size(letter).unwrap_or(8).min(8))
        }
    };
    if swapped {
        s.bytes[..s.len].reverse();
    }
    Ok(s)
}

/// A `char *`.
fn store_text(th: &mut Thread, v: Value) -> PyResult<Stored> {
    if v.is_none() {
        return Ok(Stored::word(0, 8));
    }
    if let Some(s) = v.payload::<PyStr>() {
        // Strings have a null byte behind them, and do not move.
        return Ok(Stored::kept(s.get().bytes().as_ptr() as usize, v));
    }
    if v.payload::<PyUnicode>().is_some() {
        let s = text::encode(th, v)?;
        return Ok(Stored::kept(th.str_bytes(s).as_ptr() as usize, s));
    }
    match low_bits(v) {
        Some(n) => Ok(Stored::word(n, 8)),
        None => {
            let n = ops::type_name(v);
            Err(th.type_error(format!("string or integer address expected instead of {n} instance")))
        }
    }
}

/// A `wchar_t *`. What is kept is a str that holds the characters as C has them.
fn store_wide_text(th: &mut Thread, v: Value) -> PyResult<Stored> {
    if v.is_none() {
        return Ok(Stored::word(0, 8));
    }
    if let Some(n) = low_bits(v) {
        return Ok(Stored::word(n, 8));
    }
    let u = text::unicode_of(th, v, "unicode string or integer address expected instead of ")?;
    let wide = text::wide(th, u)?;
    let address = th.str_bytes(wide).as_ptr() as usize;
    // The text is what one sees of it.
    let keep = th.try_tuple(&[u, wide])?;
    Ok(Stored::kept(address, keep))
}

/// The value of a type that lies at `p`.
///
/// # Safety
/// As many bytes as the type has are readable there; of a text pointer, the text too.
pub(super) unsafe fn load(th: &mut Thread, letter: u8, swapped: bool, p: *const u8) -> PyResult {
    let n = size(letter).unwrap_or(8);
    let mut b = [0u8; 16];
    // SAFETY: the caller's promise.
    unsafe { std::ptr::copy_nonoverlapping(p, b.as_mut_ptr(), n) };
    if swapped {
        b[..n].reverse();
    }
    let w = u64::from_ne_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]);
    Ok(match letter {
        b'c' => o::str::one_byte(th, b[0]),
        b'b' => th.int(w as i8 as i64),
        b'h' => th.int(w as i16 as i64),
        b'i' => th.int(w as i32 as i64),
        b'l' => th.int(w as i64),
        b'B' | b'H' => th.int(w as i64),
        b'I' | b'L' | b'Q' => return th.long(&w.into()),
        b'q' => return th.long(&(w as i64).into()),
        b'?' => Value::from_bool(b[0] != 0),
        b'f' => th.float(f32::from_bits(w as u32) as f64),
        b'd' => th.float(f64::from_bits(w)),
        b'g' => th.float(super::long_double::from_bytes(b)),
        b'u' => return o::unicode::one_char(th, (w as u32).min(0x10_ffff)),
        b'z' if w == 0 => Value::NONE,
        // SAFETY: the caller's promise.
        b'z' => return unsafe { text::at(th, w as usize, None) },
        b'Z' if w == 0 => Value::NONE,
        // SAFETY: the caller's promise.
        b'Z' => return unsafe { text::wide_at(th, w as usize, None) },
        b'P' if w == 0 => Value::NONE,
        b'P' => return th.integer_i128(w as i128),
        _ => match Value::from_bits(w) {
            Some(v) => v,
            None => return Err(th.value_error("PyObject is NULL")),
        },
    })
}
