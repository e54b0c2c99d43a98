//! Values in and out of C memory, whatever their type.

use super::codes::{self, Stored};
use super::info::{self, CType, Sort};
use super::memory::{self, Data};
use super::{refs, simple, text};
use interpreter::layout::{PyStr, PyTuple, PyUnicode};
use interpreter::raised::Raised;
use interpreter::types::type_of;
use interpreter::{PyResult, Thread, Value, objects::exceptions, ops};

/// How the contents of a field or item are shown.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum View {
    /// As the type says.
    Plain,
    /// An array of characters, as str.
    Text,
    /// An array of wide characters, as unicode.
    WideText,
}

/// The letter by which values of a type are converted; none: they are objects.
pub(super) fn converted(class: Value, t: CType) -> Option<u8> {
    let i = t.info();
    (i.sort == Sort::Simple && simple::is_basic(class)).then_some(i.letter)
}

/// What part `index` of `base`, of type `class` and at an offset of its memory, holds.
pub(super) fn get(
    th: &mut Thread,
    class: Value,
    view: View,
    base: Value,
    index: usize,
    at: usize,
) -> PyResult {
    let d = memory::data(th, base)?;
    let t = memory::concrete(th, class)?;
    let size = t.info().size;
    match view {
        View::Text => {
            let b = d.bytes(th, at, size)?;
            let n = b.iter().position(|c| *c == 0).unwrap_or(size);
            return th.try_str(&b[..n]);
        }
        View::WideText => {
            let b = text::up_to_null(d.bytes(th, at, size)?);
            return text::from_wide(th, b);
        }
        View::Plain => {}
    }
    match converted(class, t) {
        Some(letter) => load(th, &d, at, letter, t.info().swapped),
        None => memory::part(th, class, base, index, d.address + at),
    }
}

/// A simple value within an object's memory. Text that a pointer points to is nobody's here.
pub(super) fn load(th: &mut Thread, d: &Data, at: usize, letter: u8, swapped: bool) -> PyResult {
    if matches!(letter, b'z' | b'Z') {
        th.become_inevitable()?;
    }
    d.for_reading(th)?;
    // SAFETY: within the object; where pointers point to is the program's affair.
    unsafe { codes::load(th, letter, swapped, (d.address + at) as *const u8) }
}

/// Stores `v` as part `index` of `base`, of type `class`, at an offset of its memory.
pub(super) fn set(
    th: &mut Thread,
    class: Value,
    view: View,
    base: Value,
    index: usize,
    at: usize,
    v: Value,
) -> PyResult<()> {
    let t = memory::concrete(th, class)?;
    let keep = match view {
        View::Plain => store(th, class, t, base, at, v)?,
        View::Text => {
            store_text(th, base, at, t.info().size, v)?;
            Value::NONE
        }
        View::WideText => {
            store_wide_text(th, base, at, t.info().size, v)?;
            Value::NONE
        }
    };
    refs::keep(th, base, index, keep)
}

/// Writes; what must be kept alive.
pub(super) fn store(th: &mut Thread, class: Value, t: CType, base: Value, at: usize, v: Value) -> PyResult {
    let i = t.info();
    let letter = (i.sort == Sort::Simple).then_some(i.letter);
    if let Some(letter) = letter
        && !memory::is_data(v)
    {
        let s = codes::store(th, letter, i.swapped, v)?;
        return put(th, base, at, &s);
    }
    if !memory::is_data(v) {
        if let Some(items) = v.payload::<PyTuple>() {
            let made = match ops::call(th, class, items.get().items()) {
                Ok(m) => m,
                Err(e) => {
                    let prefix = format!("({}) ", class_name(class));
                    return Err(extend_error(th, e, &exceptions::RUNTIME_ERROR, &prefix));
                }
            };
            return store(th, class, t, base, at, made);
        }
        if v.is_none() && i.sort == Sort::Pointer {
            memory::data(th, base)?.write(th, at, &[0; 8])?;
            return Ok(Value::NONE);
        }
        let (want, got) = (class_name(class), ops::type_name(v));
        return Err(th.type_error(format!("expected {want} instance, got {got}")));
    }
    if ops::isinstance(th, v, class)? {
        let from = memory::data(th, v)?;
        let b = from.bytes(th, 0, i.size.min(from.size))?;
        memory::data(th, base)?.write(th, at, b)?;
        return refs::kept(th, v);
    }
    let other = info::of(v);
    if i.sort == Sort::Pointer
        && let Some(a) = other
        && a.info().sort == Sort::Array
        && a.target() == t.target()
    {
        let from = memory::data(th, v)?;
        memory::data(th, base)?.write(th, at, &(from.address as u64).to_ne_bytes())?;
        let keep = [refs::kept(th, v)?, v];
        return th.try_tuple(&keep);
    }
    let (got, want) = (type_of(v).name(), class_name(class));
    Err(th.type_error(format!("incompatible types, {got} instance instead of {want} instance")))
}

/// Writes a converted value; what must be kept alive.
pub(super) fn put(th: &mut Thread, base: Value, at: usize, s: &Stored) -> PyResult {
    memory::data(th, base)?.write(th, at, s.bytes())?;
    Ok(s.keep)
}

/// Text into an array of characters that is a field or item.
fn store_text(th: &mut Thread, base: Value, at: usize, room: usize, v: Value) -> PyResult<()> {
    let s = if v.payload::<PyUnicode>().is_some() {
        text::encode(th, v)?
    } else if v.payload::<PyStr>().is_some() {
        v
    } else {
        let n = ops::type_name(v);
        return Err(th.type_error(format!("expected string or Unicode object, {n} found")));
    };
    let b = th.str_bytes(s);
    if b.len() > room {
        let n = b.len();
        return Err(th.value_error(format!("string too long ({n}, maximum length {room})")));
    }
    let d = memory::data(th, base)?;
    d.write(th, at, b)?;
    if b.len() < room {
        d.write(th, at + b.len(), &[0])?;
    }
    Ok(())
}

fn store_wide_text(th: &mut Thread, base: Value, at: usize, room: usize, v: Value) -> PyResult<()> {
    let u = text::unicode_of(th, v, "unicode string expected instead of ")?;
    let b = text::wide_bytes(u);
    if b.len() > room {
        let (n, room) = (b.len() / 4, room / 4);
        return Err(th.value_error(format!("string too long ({n}, maximum length {room})")));
    }
    let d = memory::data(th, base)?;
    d.write(th, at, &b)?;
    if b.len() < room {
        d.write(th, at + b.len(), &[0; 4])?;
    }
    Ok(())
}

/// The name of a class, as messages show it: types of this module with the module's.
pub(super) fn class_name(class: Value) -> String {
    match class.cast::<interpreter::layout::PyType>() {
        Some(t) => {
            let def = t.unguarded().layout.get();
            if def.class_bits() == class.bits() { format!("{}.{}", def.module, t.name()) } else { t.name() }
        }
        None => String::from("???"),
    }
}

/// Raises `def` instead of the exception in flight, with its class and text behind `prefix`.
pub(super) fn extend_error(
    th: &mut Thread,
    e: Raised,
    def: &'static interpreter::native::TypeDef,
    prefix: &str,
) -> Raised {
    match describe(th, e) {
        Ok(text) => {
            let mut all = prefix.as_bytes().to_vec();
            all.extend_from_slice(&text);
            let v = th.new_str(&all);
            th.raise(def.class(), Some(v))
        }
        Err(e) => e,
    }
}

/// `class: text` of the exception in flight, which is caught.
fn describe(th: &mut Thread, e: Raised) -> Result<Vec<u8>, Raised> {
    let c = e.catch(th)?;
    let c = exceptions::normalize(th, c)?;
    let class = ops::str(th, c.class)?;
    let mut out = th.str_bytes(class).to_vec();
    let text = ops::str(th, c.value.unwrap_or(Value::NONE));
    out.extend_from_slice(b": ");
    match text {
        Ok(t) => out.extend_from_slice(th.str_bytes(t)),
        Err(e) => {
            e.catch(th)?;
            out.extend_from_slice(b"???");
        }
    }
    Ok(out)
}

/// Whether a class is one of this module's pointer or array types over characters of a letter.
pub(super) fn is_text_target(t: CType, letter: u8) -> bool {
    matches!(t.info().sort, Sort::Pointer | Sort::Array)
        && t.target().and_then(info::of_class).is_some_and(|i| i.info().letter == letter)
}
