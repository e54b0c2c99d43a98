//! `_SimpleCData` and its metaclass: numbers, characters, addresses.

use super::codes::{self, LETTERS};
use super::data::{self, CDATA, FROM_ADDRESS, FROM_BUFFER, FROM_BUFFER_COPY, IN_DLL, META};
use super::info::{self, Info, Passed, Signature, Sort};
use super::memory::{self, KIND, data};
use super::{param, refs, value};
use interpreter::layout::{PyStr, PyType, PyUnicode, Ref};
use interpreter::native::{Args, GetSetDef, KEYWORDS, MethodDef, TypeDef};
use interpreter::objects::{descriptors, typeobject};
use interpreter::types::modify::set_attribute;
use interpreter::types::slots::SlotTable;
use interpreter::types::type_of;
use interpreter::{PyResult, Slot, Thread, Value, ops};

/// The metaclass.
pub(super) static SIMPLE_META: TypeDef = TypeDef {
    module: "_ctypes",
    doc: Some("metatype for the PyCSimpleType Objects"),
    base: Some(&typeobject::TYPE),
    slots: SlotTable { new: Some(new), repeat: Some(data::repeat), ..SlotTable::EMPTY },
    methods: &[
        FROM_ADDRESS,
        FROM_BUFFER,
        FROM_BUFFER_COPY,
        IN_DLL,
        MethodDef::new(
            "from_param",
            from_param,
            1,
            1,
            0,
            "Convert a Python object into a function call parameter.",
        ),
    ],
    ..TypeDef::new("PyCSimpleType", META)
};

/// `_SimpleCData`.
pub(super) static SIMPLE: TypeDef = TypeDef {
    module: "_ctypes",
    doc: Some("XXX to be provided"),
    base: Some(&CDATA),
    meta: Some(&SIMPLE_META),
    slots: SlotTable {
        new: Some(data::new),
        init: Some(init),
        repr: Some(repr),
        nonzero: Some(|th, v| Ok(data(th, v)?.all(th)?.iter().any(|b| *b != 0))),
        ..SlotTable::EMPTY
    },
    methods: &[MethodDef::new("__ctypes_from_outparam__", from_outparam, 0, 0, 0, "")],
    getset: &[GetSetDef { name: "value", get: get_value, set: Some(set_value), doc: "current value" }],
    ..TypeDef::new("_SimpleCData", KIND)
};

/// Methods that types of addresses have instead of the metaclass's.
static CHAR_P: MethodDef = MethodDef::new("from_param", char_p_from_param, 1, 1, KEYWORDS, "");
static WCHAR_P: MethodDef = MethodDef::new("from_param", wchar_p_from_param, 1, 1, KEYWORDS, "");
static VOID_P: MethodDef = MethodDef::new("from_param", void_p_from_param, 1, 1, KEYWORDS, "");

/// Whether a class derives directly from `_SimpleCData`: its values are Python's own then, not objects.
pub(super) fn is_basic(class: Value) -> bool {
    class.cast::<PyType>().and_then(|t| t.unguarded().base.get()).is_some_and(|b| b == SIMPLE.class())
}

/// The letter a new class asks for.
fn letter_of(th: &mut Thread, class: Value) -> PyResult<u8> {
    let name = th.intern(b"_type_");
    let Some(v) = ops::getattr_opt(th, class, name)? else {
        return Err(th.attribute_error("class must define a '_type_' attribute"));
    };
    let text: Vec<u8> = if let Some(s) = v.payload::<PyStr>() {
        s.get().bytes().to_vec()
    } else if let Some(u) = v.payload::<PyUnicode>() {
        u.get().chars().iter().map(|c| u8::try_from(c).unwrap_or(0)).collect()
    } else {
        return Err(th.type_error("class must define a '_type_' string attribute"));
    };
    let &[letter] = &text[..] else {
        return Err(
            th.value_error("class must define a '_type_' attribute which must be a string of length 1")
        );
    };
    if !LETTERS.as_bytes().contains(&letter) {
        return Err(th.attribute_error(format!(
            "class must define a '_type_' attribute which must be\na single character string containing one of '{LETTERS}'."
        )));
    }
    if codes::size(letter).is_none() {
        return Err(th.value_error(format!("_type_ '{}' not supported", letter as char)));
    }
    Ok(letter)
}

fn attach(th: &mut Thread, class: Value, letter: u8, swapped: bool) -> PyResult<()> {
    let size = codes::size(letter).unwrap_or(0);
    let order = if swapped == cfg!(target_endian = "little") { '>' } else { '<' };
    let info = Info {
        letter,
        swapped,
        pointers: codes::is_pointer(letter),
        format: format!("{order}{}", codes::format_letter(letter)),
        passed: Passed::Simple(letter),
        ..Info::new(Sort::Simple, size, size)
    };
    info::attach(th, class, info, Some(Value::int_unchecked(letter as i64)), Signature::default())
}

fn new(th: &mut Thread, meta: Value, args: Args<'_>) -> PyResult {
    let class = typeobject::new(th, meta, args)?;
    let Some(t) = class.cast::<PyType>() else { return Ok(class) };
    if t.unguarded().annex.get().is_some() {
        return Ok(class);
    }
    let letter = letter_of(th, class)?;
    attach(th, class, letter, false)?;
    let def = match letter {
        b'z' => Some(&CHAR_P),
        b'Z' => Some(&WCHAR_P),
        b'P' => Some(&VOID_P),
        _ => None,
    };
    if let Some(def) = def
        && is_basic(class)
    {
        let m = th.new_builtin(descriptors::CLASSMETHOD_DESCRIPTOR.class(), def, None, Some(class));
        let name = th.intern(b"from_param");
        set_attribute(th, t, name, Some(m))?;
    }
    if meta == SIMPLE_META.class() && codes::has_twin(letter) {
        add_twin(th, t, letter, args)?;
    }
    Ok(class)
}

/// Makes the type of the other byte order, and lets both know each other.
fn add_twin(th: &mut Thread, t: Ref<PyType>, letter: u8, args: Args<'_>) -> PyResult<()> {
    let big = cfg!(target_endian = "little");
    let name = format!("{}{}", t.name(), if big { "_be" } else { "_le" });
    let name = th.new_str(name.as_bytes());
    let pos = [name, args.pos[1], args.pos[2]];
    let twin = typeobject::new(th, SIMPLE_META.class(), Args::positional(&pos))?;
    attach(th, twin, letter, true)?;
    let Some(other) = twin.cast::<PyType>() else { return Ok(()) };
    let (le, be) = if big { (t.value(), twin) } else { (twin, t.value()) };
    for class in [t, other] {
        for (name, v) in [(&b"__ctype_le__"[..], le), (b"__ctype_be__", be)] {
            let name = th.intern(name);
            set_attribute(th, class, name, Some(v))?;
        }
    }
    Ok(())
}

fn letter(th: &mut Thread, v: Value) -> PyResult<(u8, bool)> {
    match info::of(v) {
        Some(t) => Ok((t.info().letter, t.info().swapped)),
        None => Err(th.type_error("abstract class")),
    }
}

fn get_value(th: &mut Thread, v: Value) -> PyResult {
    let (letter, swapped) = letter(th, v)?;
    let d = data(th, v)?;
    value::load(th, &d, 0, letter, swapped)
}

fn set_value(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let Some(x) = x else { return Err(th.type_error("can't delete attribute")) };
    let (letter, swapped) = letter(th, v)?;
    let s = codes::store(th, letter, swapped, x)?;
    let keep = value::put(th, v, 0, &s)?;
    refs::keep(th, v, 0, keep)
}

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    if args.len() > 1 {
        let n = args.len();
        return Err(th.type_error(format!("__init__ expected at most 1 arguments, got {n}")));
    }
    match args.get(0) {
        Some(x) => set_value(th, v, Some(x)),
        None => Ok(()),
    }
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let class = type_of(v);
    if !is_basic(class.value()) {
        return th.try_str(format!("<{} object at {:#x}>", class.name(), v.bits()).as_bytes());
    }
    let x = get_value(th, v)?;
    let r = ops::repr(th, x)?;
    let mut text = class.name().into_bytes();
    text.push(b'(');
    text.extend_from_slice(th.str_bytes(r));
    text.push(b')');
    th.try_str(&text)
}

fn from_outparam(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    if is_basic(type_of(v).value()) { get_value(th, v) } else { Ok(v) }
}

fn from_param(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (class, v) = (args.pos[0], args.pos[1]);
    if ops::isinstance(th, v, class)? {
        return Ok(v);
    }
    let t = memory::concrete(th, class)?;
    match codes::store(th, t.info().letter, t.info().swapped, v) {
        Ok(s) => return param::of_stored(th, t.info().letter, &s),
        Err(e) => {
            e.catch(th)?;
        }
    }
    by_attribute(th, class, v, from_param)
}

/// By `_as_parameter_`, or not at all.
fn by_attribute(
    th: &mut Thread,
    class: Value,
    v: Value,
    convert: fn(&mut Thread, Args<'_>) -> PyResult,
) -> PyResult {
    match param::by_attribute(th, v, |th, x| convert(th, Args::positional(&[class, x])))? {
        Some(r) => Ok(r),
        None => Err(th.type_error("wrong type")),
    }
}

fn is_text(v: Value) -> bool {
    v.payload::<PyStr>().is_some() || v.payload::<PyUnicode>().is_some()
}

/// `from_param` of `c_char_p` and `c_wchar_p`: text, and what points to characters.
fn text_from_param(
    th: &mut Thread,
    args: Args<'_>,
    (letter, item): (u8, u8),
    again: fn(&mut Thread, Args<'_>) -> PyResult,
) -> PyResult {
    let (class, v) = (args.pos[0], args.pos[1]);
    if v.is_none() {
        return Ok(v);
    }
    if is_text(v) {
        return param::converted(th, letter, v);
    }
    if ops::isinstance(th, v, class)? {
        return Ok(v);
    }
    if info::of(v).is_some_and(|t| value::is_text_target(t, item)) {
        return Ok(v);
    }
    if let Some(p) = param::of(v)
        && let Some(x) = p.object()
        && info::of(x).is_some_and(|t| t.info().letter == item)
    {
        return Ok(v);
    }
    by_attribute(th, class, v, again)
}

fn char_p_from_param(th: &mut Thread, args: Args<'_>) -> PyResult {
    text_from_param(th, args, (b'z', b'c'), char_p_from_param)
}

fn wchar_p_from_param(th: &mut Thread, args: Args<'_>) -> PyResult {
    text_from_param(th, args, (b'Z', b'u'), wchar_p_from_param)
}

fn void_p_from_param(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (class, v) = (args.pos[0], args.pos[1]);
    if v.is_none() {
        return Ok(v);
    }
    if codes::low_bits(v).is_some() {
        return param::converted(th, b'P', v);
    }
    if v.payload::<PyStr>().is_some() {
        return param::converted(th, b'z', v);
    }
    if v.payload::<PyUnicode>().is_some() {
        return param::converted(th, b'Z', v);
    }
    if ops::isinstance(th, v, class)? {
        return Ok(v);
    }
    if let Some(t) = info::of(v) {
        match t.info().sort {
            Sort::Array | Sort::Pointer => return Ok(v),
            Sort::Function => {
                let address = data(th, v)?.pointer(th)? as u64;
                return param::new(th, b'P', &address.to_ne_bytes(), Some(v));
            }
            Sort::Simple if matches!(t.info().letter, b'z' | b'Z') => {
                let address = data(th, v)?.pointer(th)? as u64;
                return param::new(th, b'Z', &address.to_ne_bytes(), Some(v));
            }
            _ => {}
        }
    }
    if param::of(v).is_some_and(|p| p.letter() == b'P') {
        return Ok(v);
    }
    by_attribute(th, class, v, void_p_from_param)
}
