//! Operators of `array`.

use super::item::{code, load, store, text};
use super::{ARRAY, Array, array, is_array, make};
use interpreter::buffer::Buffer;
use interpreter::layout::{PyByteArray, PyList, PySlice, PyStr, PyTuple, PyUnicode};
use interpreter::native::Args;
use interpreter::text::replace::reserved;
use interpreter::types::slots::{CmpOp, SlotTable};
use interpreter::{PyResult, Slot, Thread, Value, objects as o, ops};

pub(super) const SLOTS: SlotTable = SlotTable {
    new: Some(new),
    repr: Some(repr),
    hash: Some(o::list::unhashable),
    richcmp: Some(compare),
    len: Some(len),
    iter: Some(super::iter::iter),
    concat: Some(concat),
    iconcat: Some(iconcat),
    repeat: Some(repeat),
    irepeat: Some(irepeat),
    contains: Some(contains),
    getitem: Some(getitem),
    setitem: Some(setitem),
    getslice: Some(getslice),
    setslice: Some(setslice),
    buffer: Some(buffer),
    ..SlotTable::EMPTY
};

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    if !args.kw.is_empty() && class == ARRAY.class() {
        return Err(th.type_error("array.array() does not take keyword arguments"));
    }
    if args.is_empty() || args.len() > 2 {
        let (n, word, k) = if args.is_empty() { (0, "at least", 1) } else { (args.len(), "at most", 2) };
        let s = if k == 1 { "" } else { "s" };
        return Err(th.type_error(format!("array() takes {word} {k} argument{s} ({n} given)")));
    }
    let letter = if let Some(s) = args.pos[0].payload::<PyStr>() {
        if let [c] = s.get().bytes() { Some(*c) } else { None }
    } else {
        let u = args.pos[0].payload::<PyUnicode>().filter(|u| u.get().len == 1);
        u.map(|u| u8::try_from(u.get().chars().at(0)).unwrap_or(0))
    };
    let Some(letter) = letter else {
        let n = ops::type_name(args.pos[0]);
        return Err(th.type_error(format!(
            "array() argument 1 or typecode must be char (string or ascii-unicode with length 1), not {n}"
        )));
    };
    let Some(code) = code(letter) else {
        return Err(th.value_error("bad typecode (must be c, b, B, u, h, H, i, I, l, L, f or d)"));
    };
    let v = make(th, code, b"")?;
    if let Some(x) = args.get(1) {
        let a = array(th, v)?;
        fill(th, a, x)?;
    }
    interpreter::types::wrap_new(th, class, &ARRAY, v)
}

fn fill(th: &mut Thread, a: Array, x: Value) -> PyResult<()> {
    if let Some(s) = x.payload::<PyStr>() {
        return super::methods::append_bytes(th, a, s.get().bytes());
    }
    if x.payload::<PyByteArray>().is_some() {
        let b = o::bytearray::view(th, x)?.to_vec();
        return super::methods::append_bytes(th, a, &b);
    }
    if let Some(u) = x.payload::<PyUnicode>()
        && a.code.letter == b'u'
    {
        let b: Vec<u8> = u.get().chars().iter().flat_map(u32::to_ne_bytes).collect();
        return a.splice(th, 0, 0, &b);
    }
    super::methods::append_items(th, a, x)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let a = array(th, v)?;
    let b = a.bytes(th)?;
    let letter = a.code.letter as char;
    if b.is_empty() {
        return th.try_str(format!("array('{letter}')").as_bytes());
    }
    let inner = match a.code.letter {
        b'c' => o::str::from_bytes(th, b)?,
        b'u' => text(th, b)?,
        _ => super::methods::list_of(th, a)?,
    };
    let inner = ops::repr(th, inner)?;
    let mut out = format!("array('{letter}', ").into_bytes();
    out.extend_from_slice(th.str_bytes(inner));
    out.push(b')');
    th.try_str(&out)
}

fn compare(th: &mut Thread, x: Value, y: Value, op: CmpOp) -> PyResult {
    if !is_array(x) || !is_array(y) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = (array(th, x)?, array(th, y)?);
    let (n, m) = (a.len(th)?, b.len(th)?);
    if n != m && matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(Value::from_bool(op == CmpOp::Ne));
    }
    for i in 0..n.min(m) {
        let (Some(p), Some(q)) = (a.get(th, i)?, b.get(th, i)?) else { break };
        if !ops::equal(th, p, q)? {
            return match op {
                CmpOp::Eq => Ok(Value::FALSE),
                CmpOp::Ne => Ok(Value::TRUE),
                _ => ops::rich_compare(th, p, q, op),
            };
        }
    }
    Ok(Value::from_bool(op.holds(n.cmp(&m))))
}

fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    array(th, v)?.len(th)
}

fn concat(th: &mut Thread, x: Value, y: Value) -> PyResult {
    if !is_array(y) {
        let n = ops::type_name(y);
        return Err(th.type_error(format!("can only append array (not \"{n}\") to array")));
    }
    let (a, b) = (array(th, x)?, array(th, y)?);
    if a.code != b.code {
        return Err(th.type_error("bad argument type for built-in operation"));
    }
    let all = [a.bytes(th)?, b.bytes(th)?].concat();
    make(th, a.code, &all)
}

fn iconcat(th: &mut Thread, x: Value, y: Value) -> PyResult {
    if !is_array(y) {
        let n = ops::type_name(y);
        return Err(th.type_error(format!("can only extend array with array (not \"{n}\")")));
    }
    let a = array(th, x)?;
    super::methods::extend_by_array(th, a, y)?;
    Ok(x)
}

fn repeated(th: &mut Thread, a: Array, n: Value) -> PyResult<Vec<u8>> {
    let n = o::str::repeat_count(th, n)?;
    let b = a.bytes(th)?;
    match b.len().checked_mul(n).and_then(reserved::<u8>) {
        Some(mut out) => {
            for _ in 0..if b.is_empty() { 0 } else { n } {
                out.extend_from_slice(b);
            }
            Ok(out)
        }
        None => Err(th.memory_error()),
    }
}

fn repeat(th: &mut Thread, v: Value, n: Value) -> PyResult {
    let a = array(th, v)?;
    let b = repeated(th, a, n)?;
    make(th, a.code, &b)
}

fn irepeat(th: &mut Thread, v: Value, n: Value) -> PyResult {
    let a = array(th, v)?;
    let b = repeated(th, a, n)?;
    let n = a.len(th)?;
    a.splice(th, 0, n, &b)?;
    Ok(v)
}

fn contains(th: &mut Thread, v: Value, x: Value) -> PyResult<bool> {
    let a = array(th, v)?;
    let mut i = 0;
    while let Some(y) = a.get(th, i)? {
        if ops::equal(th, y, x)? {
            return Ok(true);
        }
        i += 1;
    }
    Ok(false)
}

fn is_index(k: Value) -> bool {
    ops::exact_integer(k).is_some() || ops::slots_of(k).index.is_some()
}

fn place(th: &mut Thread, a: Array, k: Value, refusal: &'static str) -> PyResult<usize> {
    let i = ops::index_i64(th, k, None)?;
    let n = a.len(th)? as i64;
    let j = if i < 0 { i + n } else { i };
    if j < 0 || j >= n {
        return Err(th.index_error(refusal));
    }
    Ok(j as usize)
}

fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    let a = array(th, v)?;
    if let Some(s) = k.cast::<PySlice>() {
        let n = a.len(th)?;
        let (start, _, step, n) = ops::slice_indices(th, s, n)?;
        let (b, size) = (a.bytes(th)?, a.code.size);
        let mut out = Vec::with_capacity(n * size);
        for i in 0..n as i64 {
            let at = (start + i * step) as usize * size;
            out.extend_from_slice(b.get(at..at + size).unwrap_or(b""));
        }
        return make(th, a.code, &out);
    }
    if !is_index(k) {
        return Err(th.type_error("array indices must be integers"));
    }
    let i = place(th, a, k, "array index out of range")?;
    let (b, size) = (a.bytes(th)?, a.code.size);
    match b.get(i * size..(i + 1) * size) {
        Some(x) => load(th, a.code, x),
        None => Err(th.index_error("array index out of range")),
    }
}

fn getslice(th: &mut Thread, v: Value, i: i64, j: i64) -> PyResult {
    let a = array(th, v)?;
    let n = a.len(th)? as i64;
    let i = i.clamp(0, n);
    let j = j.clamp(i, n);
    let b = &a.bytes(th)?[i as usize * a.code.size..j as usize * a.code.size];
    make(th, a.code, b)
}

/// The bytes of the array assigned to a slice.
fn assigned(th: &mut Thread, a: Array, x: Slot) -> PyResult<Vec<u8>> {
    let Some(x) = x else { return Ok(Vec::new()) };
    if !is_array(x) {
        let n = ops::type_name(x);
        return Err(th.type_error(format!("can only assign array (not \"{n}\") to array slice")));
    }
    let b = array(th, x)?;
    if a.code != b.code {
        return Err(th.type_error("bad argument type for built-in operation"));
    }
    Ok(b.bytes(th)?.to_vec())
}

fn setslice(th: &mut Thread, v: Value, i: i64, j: i64, x: Slot) -> PyResult<()> {
    let a = array(th, v)?;
    let new = assigned(th, a, x)?;
    let n = a.len(th)? as i64;
    let i = i.clamp(0, n);
    let j = j.clamp(i, n);
    a.splice(th, i as usize, (j - i) as usize, &new)
}

fn setitem(th: &mut Thread, v: Value, k: Value, x: Slot) -> PyResult<()> {
    let a = array(th, v)?;
    if let Some(s) = k.cast::<PySlice>() {
        let new = assigned(th, a, x)?;
        let n = a.len(th)?;
        let (start, stop, step, n) = ops::slice_indices(th, s, n)?;
        if step == 1 {
            return a.splice(th, start as usize, (stop.max(start) - start) as usize, &new);
        }
        return set_extended(th, a, start, step, n, x.is_none(), &new);
    }
    if !is_index(k) {
        return Err(th.type_error("array indices must be integer"));
    }
    let i = place(th, a, k, "array assignment index out of range")?;
    match x {
        None => a.splice(th, i, 1, b""),
        Some(x) => {
            let b = store(th, a.code, x)?;
            a.splice(th, i, 1, &b)
        }
    }
}

fn set_extended(
    th: &mut Thread,
    a: Array,
    start: i64,
    step: i64,
    n: usize,
    delete: bool,
    new: &[u8],
) -> PyResult<()> {
    let size = a.code.size;
    let mut all = a.bytes(th)?.to_vec();
    let count = all.len() / size;
    let places: Vec<usize> =
        (0..n as i64).map(|i| (start + i * step) as usize).filter(|i| *i < count).collect();
    if delete {
        let mut gone = vec![false; count];
        places.iter().for_each(|i| gone[*i] = true);
        let kept =
            all.chunks_exact(size).zip(&gone).filter(|(_, g)| !**g).flat_map(|(b, _)| b.iter().copied());
        let kept: Vec<u8> = kept.collect();
        return a.splice(th, 0, count, &kept);
    }
    if new.len() != n * size {
        let k = new.len() / size;
        return Err(
            th.value_error(format!("attempt to assign array of size {k} to extended slice of size {n}"))
        );
    }
    for (i, b) in places.iter().zip(new.chunks_exact(size)) {
        all[i * size..(i + 1) * size].copy_from_slice(b);
    }
    a.splice(th, 0, count, &all)
}

fn buffer(th: &mut Thread, v: Value) -> PyResult<Buffer> {
    let a = array(th, v)?;
    interpreter::buffer::of(th, a.store)
}

/// True for the sequences whose items are taken as they are now.
pub(super) fn is_plain(v: Value) -> bool {
    v.cast::<PyList>().is_some() || v.cast::<PyTuple>().is_some()
}
