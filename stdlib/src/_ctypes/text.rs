//! Text as C has it, and the conversion between str and unicode that `set_conversion_mode` chooses.

use interpreter::layout::{PyStr, PyUnicode};
use interpreter::native::Args;
use interpreter::{PyResult, Thread, Value, codecs, objects as o, ops};
use parking_lot::Mutex;

/// Encoding and error handler. Changed by inevitable transactions only.
static MODE: Mutex<Option<(String, String)>> = Mutex::new(None);

fn mode() -> (String, String) {
    MODE.lock().clone().unwrap_or_else(|| ("ascii".into(), "strict".into()))
}

/// `set_conversion_mode(encoding, errors) -> (encoding, errors)`
pub(super) fn set_conversion_mode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mut new = [String::new(), String::new()];
    for (i, out) in new.iter_mut().enumerate() {
        let v = args.pos[i];
        *out = match v.payload::<PyStr>() {
            _ if v.is_none() && i == 0 => mode().0,
            Some(s) => String::from_utf8_lossy(s.get().bytes()).into_owned(),
            None => {
                let (n, i) = (ops::type_name(v), i + 1);
                return Err(
                    th.type_error(format!("set_conversion_mode() argument {i} must be string, not {n}"))
                );
            }
        };
    }
    th.become_inevitable()?;
    let [encoding, errors] = new;
    let old = mode();
    *MODE.lock() = Some((encoding, errors));
    let pair = [th.new_str(old.0.as_bytes()), th.new_str(old.1.as_bytes())];
    th.try_tuple(&pair)
}

/// A unicode as str.
pub(super) fn encode(th: &mut Thread, v: Value) -> PyResult {
    let (encoding, errors) = mode();
    codecs::encode_to_str(th, v, Some(&encoding), Some(&errors))
}

/// A unicode, or a str decoded; TypeError in these words for anything else.
pub(super) fn unicode_of(th: &mut Thread, v: Value, expected: &str) -> PyResult {
    if v.payload::<PyUnicode>().is_some() {
        return Ok(v);
    }
    if v.payload::<PyStr>().is_some() {
        let (encoding, errors) = mode();
        return codecs::decode_to_unicode(th, v, Some(&encoding), Some(&errors));
    }
    let n = ops::type_name(v);
    Err(th.type_error(format!("{expected}{n} instance")))
}

/// The characters of a unicode as `wchar_t`, with a null one behind them, in a str.
pub(super) fn wide(th: &mut Thread, u: Value) -> PyResult {
    let mut b = wide_bytes(u);
    b.extend_from_slice(&[0; 4]);
    th.try_str(&b)
}

/// The characters of a unicode as `wchar_t`.
pub(super) fn wide_bytes(u: Value) -> Vec<u8> {
    match u.payload::<PyUnicode>() {
        Some(u) => u.get().chars().iter().flat_map(u32::to_ne_bytes).collect(),
        None => Vec::new(),
    }
}

/// The unicode whose characters lie in `b` as `wchar_t`.
pub(super) fn from_wide(th: &mut Thread, b: &[u8]) -> PyResult {
    let mut out = o::unicode::Builder::with_capacity(b.len() / 4);
    b.chunks_exact(4).for_each(|w| out.push(u32::from_ne_bytes([w[0], w[1], w[2], w[3]]).min(0x10_ffff)));
    out.finish(th)
}

/// The part of wide characters before the first null one.
pub(super) fn up_to_null(b: &[u8]) -> &[u8] {
    let n = b.chunks_exact(4).take_while(|w| **w != [0; 4]).count();
    &b[..n * 4]
}

/// The text at an address, up to a null byte or of a length.
///
/// # Safety
/// It is there.
pub(super) unsafe fn at(th: &mut Thread, address: usize, len: Option<usize>) -> PyResult {
    let p = address as *const u8;
    // SAFETY: the caller's promise.
    let b = unsafe {
        let n = len.unwrap_or_else(|| libc::strlen(p.cast()));
        std::slice::from_raw_parts(p, n)
    };
    o::str::from_bytes(th, b)
}

/// The wide text at an address, up to a null character or of a length in characters.
///
/// # Safety
/// It is there.
pub(super) unsafe fn wide_at(th: &mut Thread, address: usize, len: Option<usize>) -> PyResult {
    let p = address as *const u32;
    // SAFETY: the caller's promise; it may not be aligned.
    let n = len.unwrap_or_else(|| (0..).take_while(|i| unsafe { p.add(*i).read_unaligned() } != 0).count());
    // SAFETY: as above.
    let b = unsafe { std::slice::from_raw_parts(address as *const u8, n * 4) };
    from_wide(th, b)
}
