//! Making strs. The empty str and the 256 strs of one byte are shared: they are interned, and so live for good.

use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use std::sync::atomic::{AtomicU64, Ordering};

static EMPTY: AtomicU64 = AtomicU64::new(0);
static BYTES: [AtomicU64; 256] = [const { AtomicU64::new(0) }; 256];

/// The shared `''`.
#[inline]
pub fn empty(th: &Thread) -> Value {
    shared(th, &EMPTY, b"")
}

/// The shared str of one byte.
#[inline]
pub fn one_byte(th: &Thread, c: u8) -> Value {
    shared(th, &BYTES[c as usize], &[c])
}

#[inline]
fn shared(th: &Thread, cell: &AtomicU64, b: &[u8]) -> Value {
    match Value::from_bits(cell.load(Ordering::Acquire)) {
        Some(v) => v,
        None => {
            let v = th.intern(b);
            cell.store(v.bits(), Ordering::Release);
            v
        }
    }
}

/// A str with these bytes, shared if it is short.
#[inline]
pub fn from_bytes(th: &Thread, b: &[u8]) -> PyResult {
    match b {
        [] => Ok(empty(th)),
        [c] => Ok(one_byte(th, *c)),
        _ => th.try_str(b),
    }
}

/// As [`from_bytes`], or MemoryError.
pub fn from_vec(th: &mut Thread, b: Option<Vec<u8>>) -> PyResult {
    match b {
        Some(b) => from_bytes(th, &b),
        None => Err(th.memory_error()),
    }
}

/// Appends the quoted form of bytes, as `repr` shows them.
pub fn repr_into(b: &[u8], out: &mut Vec<u8>) {
    let quote = if b.contains(&b'\'') && !b.contains(&b'"') { b'"' } else { b'\'' };
    out.reserve(b.len() + 2);
    out.push(quote);
    for &c in b {
        match c {
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\\' => out.extend_from_slice(b"\\\\"),
            c if c == quote => out.extend_from_slice(&[b'\\', c]),
            0x20..=0x7e => out.push(c),
            c => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.extend_from_slice(&[b'\\', b'x', HEX[(c >> 4) as usize], HEX[(c & 15) as usize]]);
            }
        }
    }
    out.push(quote);
}
