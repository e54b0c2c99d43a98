//! What becomes bytes: integers, one-byte strs, exporters, iterables.

use crate::buffer::Buffer;
use crate::layout::{PyByteArray, PyStr, PyUnicode, Ref};
use crate::native::Args;
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// The bytearray in a value.
pub fn array(th: &mut Thread, v: Value) -> PyResult<Ref<PyByteArray>> {
    match v.payload::<PyByteArray>() {
        Some(r) => Ok(r),
        None => {
            let n = ops::type_name(v);
            Err(th.type_error(format!("a bytearray is required, not '{n}'")))
        }
    }
}

/// One byte.
pub fn byte(th: &mut Thread, v: Value) -> PyResult<u8> {
    if let Some(n) = v.as_small_int() {
        return u8::try_from(n).map_err(|_| th.value_error("byte must be in range(0, 256)"));
    }
    if let Some(s) = v.payload::<PyStr>() {
        return match s.get().bytes() {
            [c] => Ok(*c),
            _ => Err(th.value_error("string must be of size 1")),
        };
    }
    if ops::exact_integer(v).is_none() && ops::slots_of(v).index.is_none() {
        return Err(th.type_error("an integer or string of size 1 is required"));
    }
    let n = ops::index_clipped(th, v)?;
    u8::try_from(n).map_err(|_| th.value_error("byte must be in range(0, 256)"))
}

/// An argument of a method: the bytes of an exporter.
pub fn exported(th: &mut Thread, v: Value) -> PyResult<Buffer> {
    if v.payload::<PyUnicode>().is_none()
        && let Some(f) = ops::slots_of(v).buffer
    {
        return f(th, v);
    }
    let n = ops::type_name(v);
    Err(th.type_error(format!("Type {n} doesn't support the buffer API")))
}

/// The bytes of an exporter or an iterable of bytes, copied.
pub fn collect(th: &mut Thread, v: Value) -> PyResult<Vec<u8>> {
    // Exporters of packed items (arrays) are taken item by item, as in 2.7.
    let packed = ops::slots_of(v).iter.is_some() && v.payload::<PyByteArray>().is_none();
    if v.payload::<PyUnicode>().is_none() && ops::slots_of(v).buffer.is_some() && !packed {
        return Ok(exported(th, v)?.bytes().to_vec());
    }
    let mut out = Vec::new();
    let it = ops::iter(th, v)?;
    while let Some(x) = ops::next(th, it)? {
        out.push(byte(th, x)?);
    }
    Ok(out)
}

/// `bytearray.__init__`.
pub fn init(th: &mut Thread, me: Value, args: Args<'_>) -> PyResult<()> {
    let [v, e, r] = args.bind(th, "bytearray", ["source", "encoding", "errors"], 0)?;
    let (e, r) = (o::str::codec_name(th, e, "bytearray", 2)?, o::str::codec_name(th, r, "bytearray", 3)?);
    let coded = e.is_some() || r.is_some();
    let content = match v {
        None if coded => return Err(th.type_error("encoding or errors without sequence argument")),
        None => Vec::new(),
        Some(v) if v.payload::<PyUnicode>().is_some() => {
            if e.is_none() {
                return Err(th.type_error("unicode argument without an encoding"));
            }
            let s = crate::codecs::encode(th, v.base_object(), e.as_deref(), r.as_deref())?;
            exported(th, s)?.bytes().to_vec()
        }
        Some(v) if v.payload::<PyStr>().is_some() => th.str_bytes(v).to_vec(),
        Some(_) if coded => return Err(th.type_error("encoding or errors without a string argument")),
        Some(v) => {
            let Some(n) = count(th, v)? else {
                let b = collect(th, v)?;
                return replace_all(th, me, &b);
            };
            if n < 0 {
                return Err(th.value_error("negative count"));
            }
            match crate::text::replace::reserved(n as usize) {
                Some(mut b) => {
                    b.resize(n as usize, 0);
                    b
                }
                None => return Err(th.memory_error()),
            }
        }
    };
    replace_all(th, me, &content)
}

/// The number of zeros that an integer asks for; none for what is no integer.
fn count(th: &mut Thread, v: Value) -> PyResult<Option<i64>> {
    if ops::exact_integer(v).is_none() && ops::slots_of(v).index.is_none() {
        return Ok(None);
    }
    match ops::index_i64(th, v, Some(&o::exceptions::OVERFLOW_ERROR)) {
        Ok(n) => Ok(Some(n)),
        Err(e) => {
            e.catch_if(th, o::exceptions::TYPE_ERROR.class())?;
            Ok(None)
        }
    }
}

fn replace_all(th: &mut Thread, me: Value, b: &[u8]) -> PyResult<()> {
    let a = array(th, me)?;
    let n = a.read(th)?.len.get();
    super::splice(th, a, 0, n, b)
}
