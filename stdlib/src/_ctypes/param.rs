//! `CArgObject`: an argument made ready for foreign code, by `byref` or `from_param`.

use super::codes::{self, Stored};
use super::memory::{data, is_data};
use interpreter::kinds::kind;
use interpreter::layout::{PyRecord, PyStr};
use interpreter::native::{Args, GetSetDef, NO_NEW, TypeDef, read_only};
use interpreter::types::slots::SlotTable;
use interpreter::types::type_of;
use interpreter::{PyResult, Slot, Thread, Value, ops};
use numtext::float_text::float_repr;

/// `CArgObject`.
pub(super) static PARAM: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { repr: Some(repr), ..SlotTable::EMPTY },
    getset: &[GetSetDef {
        name: "_obj",
        get: |_, v| Ok(of(v).and_then(|p| p.object()).unwrap_or(Value::NONE)),
        set: Some(read_only),
        doc: "the wrapped object",
    }],
    ..TypeDef::new("CArgObject", kind::RECORD)
};

/// Letter of the type it is passed as.
const LETTER: usize = 0;
/// Its bytes, as a str.
const BYTES: usize = 1;
/// What it was made of, and keeps alive.
const OBJECT: usize = 2;

/// A `CArgObject`. It does not change.
#[derive(Copy, Clone)]
pub(super) struct Param<'a>(&'a PyRecord);

impl<'a> Param<'a> {
    pub fn letter(self) -> u8 {
        self.0.at(LETTER).get().and_then(Value::as_small_int).unwrap_or(0) as u8
    }

    pub fn bytes(self) -> &'a [u8] {
        self.0.at(BYTES).get().and_then(|s| s.cast::<PyStr>()).map_or(&[], |s| s.get().bytes())
    }

    pub fn object(self) -> Slot {
        self.0.at(OBJECT).get()
    }
}

/// `v` as a `CArgObject`.
pub(super) fn of<'a>(v: Value) -> Option<Param<'a>> {
    let r = v.cast::<PyRecord>()?;
    (type_of(v).value().bits() == PARAM.class_bits()).then(|| Param(r.unguarded()))
}

/// A parameter of a simple type.
pub(super) fn new(th: &mut Thread, letter: u8, bytes: &[u8], object: Slot) -> PyResult {
    let b = th.try_str(bytes)?;
    Ok(th.new_record(&PARAM, &[Some(Value::int_unchecked(letter as i64)), Some(b), object]))
}

/// A converted value as a parameter.
pub(super) fn of_stored(th: &mut Thread, letter: u8, s: &Stored) -> PyResult {
    new(th, letter, s.bytes(), Some(s.keep))
}

/// `byref(obj[, offset])`
pub(super) fn byref(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let offset = match args.get(1) {
        Some(n) => ops::index_i64(th, n, None)?,
        None => 0,
    };
    if !is_data(v) {
        let n = ops::type_name(v);
        return Err(th.type_error(format!("byref() argument must be a ctypes instance, not '{n}'")));
    }
    let address = (data(th, v)?.address as u64).wrapping_add(offset as u64);
    new(th, b'P', &address.to_ne_bytes(), Some(v))
}

/// What `convert` makes of the `_as_parameter_` of `v`, if it has one.
pub(super) fn by_attribute(
    th: &mut Thread,
    v: Value,
    convert: impl FnOnce(&mut Thread, Value) -> PyResult,
) -> PyResult<Slot> {
    let name = th.intern(b"_as_parameter_");
    let Some(x) = ops::getattr_opt(th, v, name)? else { return Ok(None) };
    th.enter_recursive(" while processing _as_parameter_")?;
    let r = convert(th, x);
    th.leave_recursive();
    r.map(Some)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let Some(p) = of(v) else { return Ok(ops::default_repr(th, v)) };
    let (letter, b) = (p.letter(), p.bytes());
    let mut w = [0; 8];
    let n = b.len().min(8);
    w[..n].copy_from_slice(&b[..n]);
    let n = u64::from_ne_bytes(w);
    let shown = match letter {
        b'b' | b'B' => format!("({})", n as i8),
        b'h' | b'H' => format!("({})", n as i16),
        b'i' | b'I' => format!("({})", n as i32),
        b'l' | b'L' | b'q' | b'Q' => format!("({})", n as i64),
        // Not as 2.7.18, whose buffer some of these overflow, but as all that were mended since.
        b'd' => format!("({})", float_repr(f64::from_bits(n))),
        b'f' => format!("({})", float_repr(f32::from_bits(n as u32).into())),
        b'z' | b'Z' | b'P' => match n {
            0 => "((nil))".into(),
            n => format!("({n:#x})"),
        },
        b'c' => {
            let mut text = b"<cparam 'c' (".to_vec();
            text.push(n as u8);
            text.extend_from_slice(b")>");
            return th.try_str(&text);
        }
        _ => format!("at {:#x}", v.bits()),
    };
    th.try_str(format!("<cparam '{}' {shown}>", letter as char).as_bytes())
}

/// A parameter of the address that a converted value is.
pub(super) fn converted(th: &mut Thread, letter: u8, v: Value) -> PyResult {
    let s = codes::store(th, letter, false, v)?;
    of_stored(th, letter, &s)
}
