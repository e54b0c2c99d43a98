//! Getting, setting and deleting by key, and walking the entries: what the runtime calls on exact dicts.

use super::namespace;
use super::table::{self, Cursor, Step, pack_hash};
use crate::layout::*;
use crate::objects::str::hash_of;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// What can be taken for a dict: a reference to one, or a value that is one or an instance of a subclass.
pub trait DictLike: Copy {
    /// The dict itself; SystemError if it is none.
    fn dict(self, th: &mut Thread) -> PyResult<Ref<PyDict>>;
}

impl DictLike for Ref<PyDict> {
    #[inline(always)]
    fn dict(self, _: &mut Thread) -> PyResult<Ref<PyDict>> {
        Ok(self)
    }
}

impl DictLike for Value {
    #[inline(always)]
    fn dict(self, th: &mut Thread) -> PyResult<Ref<PyDict>> {
        match self.payload::<PyDict>() {
            Some(d) => Ok(d),
            None => Err(th.system_error("bad argument to internal function: a dict is required")),
        }
    }
}

/// The value of entry `e`.
#[inline(always)]
pub(super) fn value_at(th: &Thread, d: Ref<PyDict>, e: usize) -> PyResult<Slot> {
    let t = d.read(th)?;
    let raw = table::raw_value_at(t, e);
    if table::is_namespace(t) { namespace::content(th, raw) } else { Ok(raw) }
}

/// `d[key]`, or none.
#[inline]
pub fn get(th: &mut Thread, d: impl DictLike, key: Value) -> PyResult<Slot> {
    let d = d.dict(th)?;
    let h = ops::hash(th, key)?;
    get_hashed(th, d, key, h)
}

/// `d[key]` for a key whose hash is known.
#[inline]
pub fn get_hashed(th: &mut Thread, d: Ref<PyDict>, key: Value, hash: i64) -> PyResult<Slot> {
    match table::find(th, d, key, hash)? {
        Some(e) => value_at(th, d, e),
        None => Ok(None),
    }
}

/// `d[key] = v`.
#[inline]
pub fn set(th: &mut Thread, d: impl DictLike, key: Value, v: Value) -> PyResult<()> {
    let d = d.dict(th)?;
    let h = ops::hash(th, key)?;
    set_hashed(th, d, key, h, v)
}

/// `d[key] = v` for a key whose hash is known.
#[inline]
pub fn set_hashed(th: &mut Thread, d: Ref<PyDict>, key: Value, hash: i64, v: Value) -> PyResult<()> {
    // Without barrier: whichever way is taken looks again under one.
    if !table::is_namespace(d.unguarded()) {
        d.write(th)?;
    }
    let found = table::find(th, d, key, hash)?;
    if table::is_namespace(d.read(th)?) {
        return match found {
            Some(e) => match namespace::cell_at(d.read(th)?, e) {
                Some(c) => namespace::store(th, d.value(), c, v),
                None => Ok(()),
            },
            None => namespace::append(th, d, pack_hash(hash), key, v),
        };
    }
    match found {
        Some(e) => table::set_raw_value(th, d, e, v),
        None => table::append(th, d, pack_hash(hash), key, v),
    }
}

/// Removes a key and returns what it was bound to.
pub fn pop_hashed(th: &mut Thread, d: Ref<PyDict>, key: Value, hash: i64) -> PyResult<Slot> {
    let Some(e) = table::find(th, d, key, hash)? else { return Ok(None) };
    let v = value_at(th, d, e)?;
    if v.is_some() {
        remove_entry(th, d, e)?;
    }
    Ok(v)
}

/// Removes a key and returns what it was bound to.
pub fn pop(th: &mut Thread, d: impl DictLike, key: Value) -> PyResult<Slot> {
    let d = d.dict(th)?;
    let h = ops::hash(th, key)?;
    pop_hashed(th, d, key, h)
}

/// Removes entry `e`, which is live.
pub(super) fn remove_entry(th: &Thread, d: Ref<PyDict>, e: usize) -> PyResult<()> {
    let t = d.read(th)?;
    if table::is_namespace(t) {
        if let Some(c) = namespace::cell_at(t, e) {
            namespace::unbind(th, d.value(), c)?;
        }
        return Ok(());
    }
    table::remove(th, d, e)
}

/// `del d[key]`; false if absent.
pub fn delete(th: &mut Thread, d: impl DictLike, key: Value) -> PyResult<bool> {
    let d = d.dict(th)?;
    Ok(pop(th, d, key)?.is_some())
}

/// `key in d`.
#[inline]
pub fn contains(th: &mut Thread, d: impl DictLike, key: Value) -> PyResult<bool> {
    let d = d.dict(th)?;
    Ok(get(th, d, key)?.is_some())
}

/// `d.setdefault(key, v)`: what the key is bound to afterwards.
pub fn setdefault(th: &mut Thread, d: Ref<PyDict>, key: Value, v: Value) -> PyResult {
    let h = ops::hash(th, key)?;
    // One search, whose comparisons are over before the item is added: nobody can add the key in between.
    match table::find(th, d, key, h)? {
        Some(e) => match value_at(th, d, e)? {
            Some(x) => Ok(x),
            None => set_hashed(th, d, key, h, v).map(|()| v),
        },
        None => {
            if table::is_namespace(d.read(th)?) {
                namespace::append(th, d, pack_hash(h), key, v)?;
            } else {
                table::append(th, d, pack_hash(h), key, v)?;
            }
            Ok(v)
        }
    }
}

/// `len(d)`.
#[inline]
pub fn len(th: &Thread, d: Ref<PyDict>) -> PyResult<usize> {
    Ok(d.read(th)?.live.get())
}

/// `d.clear()`.
pub fn clear(th: &Thread, d: Ref<PyDict>) -> PyResult<()> {
    if table::is_namespace(d.read(th)?) { namespace::clear(th, d) } else { table::clear(th, d) }
}

/// One live entry.
#[derive(Copy, Clone)]
pub struct Entry {
    pub key: Value,
    pub value: Value,
    /// Low 63 bits, sign-extended.
    pub hash: i64,
}

/// The first live entry at or after position `pos`, which moves past it. Positions survive changes of values and
/// deletions; after growth they may name other entries, never memory outside.
#[inline]
pub fn walk(th: &Thread, d: Ref<PyDict>, pos: &mut usize) -> PyResult<Option<Entry>> {
    let t = d.read(th)?;
    let ns = table::is_namespace(t);
    let s = table::slots(t);
    let used = t.used.get();
    while *pos < used {
        let at = &s[*pos * table::STRIDE..*pos * table::STRIDE + table::STRIDE];
        *pos += 1;
        let Some(key) = at[1].get() else { continue };
        let v = if ns { namespace::content(th, at[2].get())? } else { at[2].get() };
        if let Some(value) = v {
            return Ok(Some(Entry { key, value, hash: at[0].get().map_or(0, Value::small_int_unchecked) }));
        }
    }
    Ok(None)
}

/// The key and value of the first live entry at or after position `pos`, which moves past it.
pub fn next_entry(th: &mut Thread, d: impl DictLike, pos: &mut usize) -> PyResult<Option<(Value, Value)>> {
    let d = d.dict(th)?;
    Ok(walk(th, d, pos)?.map(|e| (e.key, e.value)))
}

/// A new plain dict with the items of a dict (or of an instance of a subclass).
pub fn copy_plain(th: &mut Thread, d: Value) -> PyResult {
    let d = d.dict(th)?;
    copy(th, d)
}

/// The last live entry and its number.
pub(super) fn last_entry(th: &Thread, d: Ref<PyDict>) -> PyResult<Option<(usize, Value, Value)>> {
    let t = d.read(th)?;
    let mut e = t.used.get();
    while e > 0 {
        e -= 1;
        if let Some(k) = table::key_at(t, e)
            && let Some(v) = value_at(th, d, e)?
        {
            return Ok(Some((e, k, v)));
        }
    }
    Ok(None)
}

/// A new exact dict with the same items; a plain one even if `d` is a namespace dict.
pub fn copy(th: &Thread, d: Ref<PyDict>) -> PyResult {
    let v = th.new_dict();
    let Some(to) = v.cast::<PyDict>() else { return Ok(v) };
    if !table::is_namespace(d.read(th)?) {
        table::copy_into(th, d, to)?;
        return Ok(v);
    }
    table::reserve(th, to, len(th, d)?)?;
    let mut pos = 0;
    while let Some(x) = walk(th, d, &mut pos)? {
        table::append(th, to, pack_hash(x.hash), x.key, x.value)?;
    }
    Ok(v)
}

/// An empty dict with room for `n` entries.
pub fn with_capacity(th: &Thread, n: usize) -> PyResult {
    let v = th.new_dict();
    if n > 0
        && let Some(d) = v.cast::<PyDict>()
    {
        table::reserve(th, d, n)?;
    }
    Ok(v)
}

/// `d[name]` for an exact str, without barrier or hooks: class dicts, which are read-mostly.
#[inline]
pub fn get_str_unguarded(d: Value, name: Value) -> Slot {
    let (d, s) = (d.payload::<PyDict>()?, name.cast::<PyStr>()?);
    let t = d.unguarded();
    let hash = s.hash.load(std::sync::atomic::Ordering::Relaxed);
    let value = |e: usize| {
        let raw = table::raw_value_at(t, e);
        if !table::is_namespace(t) {
            return raw;
        }
        raw.and_then(Value::cast::<GlobalCell>).and_then(|c| c.unguarded().0.content.get())
    };
    if hash == -1 {
        // Never hashed, which needs the thread: rare enough for a scan.
        let same = |k: Value| k == name || k.cast::<PyStr>().is_some_and(|k| k.bytes() == s.bytes());
        return (0..t.used.get()).find(|e| table::key_at(t, *e).is_some_and(same)).and_then(value);
    }
    let h = pack_hash(hash);
    let mut cur = Cursor::start(t, h);
    loop {
        match table::step(t, name, h, &mut cur) {
            Step::Found(e) => return value(e),
            Step::Absent => return None,
            // A key of another type with the same hash: class dicts are looked up by name only.
            Step::Ask(..) => {}
        }
    }
}

/// `d[name]` for an exact str.
#[inline]
pub fn get_str(th: &mut Thread, d: Value, name: Value) -> PyResult<Slot> {
    let Some(r) = d.payload::<PyDict>() else { return Ok(None) };
    match name.cast::<PyStr>() {
        Some(s) => {
            let h = hash_of(th, s);
            get_hashed(th, r, name, h)
        }
        None => get(th, r, name),
    }
}

/// `d[name] = v` for an exact str.
#[inline]
pub fn set_str(th: &mut Thread, d: Value, name: Value, v: Value) -> PyResult<()> {
    let Some(r) = d.payload::<PyDict>() else { return Ok(()) };
    set(th, r, name, v)
}

/// `del d[name]`; false if absent.
pub fn delete_str(th: &mut Thread, d: Value, name: Value) -> PyResult<bool> {
    let Some(r) = d.payload::<PyDict>() else { return Ok(false) };
    delete(th, r, name)
}
