//! `unicodedata`: the character database, in its version and in version 3.2.0 (`ucd_3_2_0`).

use interpreter::kinds::kind;
use interpreter::layout::{Chars, PyStr, PyUnicode};
use interpreter::native::{Args, GetSetDef, MethodDef, ModuleDef, NO_NEW, TypeDef};
use interpreter::{PyResult, Slot, Thread, Value, objects as o, ops};
use unidata::{Form, Record, Version};

macro_rules! functions {
    ($($name:literal $f:ident, $min:expr, $max:expr, $doc:literal;)*) => {
        /// The functions of the module (5.2.0).
        static FUNCTIONS: &[MethodDef] = &[ $( MethodDef::new($name, |th, args| $f(th, Version::New, args), $min, $max, interpreter::native::PARSED, $doc), )* ];
        /// The methods of `ucd_3_2_0`.
        static METHODS: &[MethodDef] = &[ $( MethodDef::new($name, |th, args| $f(th, Version::Old, args.skip(1)), $min, $max, interpreter::native::PARSED, $doc), )* ];
    };
}

functions! {
    "decimal" decimal, 1, 2, "decimal(unichr[, default])\n\nThe decimal value of a character.";
    "digit" digit, 1, 2, "digit(unichr[, default])\n\nThe digit value of a character.";
    "numeric" numeric, 1, 2, "numeric(unichr[, default])\n\nThe numeric value of a character, a float.";
    "category" category, 1, 1, "category(unichr)\n\nThe general category of a character.";
    "bidirectional" bidirectional, 1, 1, "bidirectional(unichr)\n\nThe bidirectional class of a character.";
    "combining" combining, 1, 1, "combining(unichr)\n\nThe canonical combining class of a character.";
    "mirrored" mirrored, 1, 1, "mirrored(unichr)\n\n1 for characters that are mirrored in right-to-left text.";
    "east_asian_width" east_asian_width, 1, 1, "east_asian_width(unichr)\n\nThe East Asian width of a character.";
    "decomposition" decomposition, 1, 1, "decomposition(unichr)\n\nThe decomposition mapping of a character.";
    "name" name, 1, 2, "name(unichr[, default])\n\nThe name of a character.";
    "lookup" lookup, 1, 1, "lookup(name)\n\nThe character with a name.";
    "normalize" normalize, 2, 2, "normalize(form, unistr)\n\nThe text in form NFC, NFD, NFKC or NFKD.";
}

/// `unicodedata.UCD`.
pub static UCD: TypeDef = TypeDef {
    module: "unicodedata",
    flags: NO_NEW,
    methods: METHODS,
    getset: &[GetSetDef {
        name: "unidata_version",
        get: |th, _| Ok(th.intern(unidata::VERSIONS[1].as_bytes())),
        set: None,
        doc: "",
    }],
    ..TypeDef::new("UCD", kind::RECORD)
};

/// `unicodedata`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "unicodedata",
    doc: Some("The Unicode Character Database, version 5.2.0."),
    functions: FUNCTIONS,
    types: &[&UCD],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    let old = th.new_record(&UCD, &[]);
    for (name, v) in [("unidata_version", th.intern(unidata::VERSIONS[0].as_bytes())), ("ucd_3_2_0", old)] {
        let name = th.intern(name.as_bytes());
        ops::setattr(th, m, name, Some(v))?;
    }
    Ok(())
}

/// The text of a unicode argument.
fn text<'a>(th: &mut Thread, v: Slot, f: &str, i: usize) -> PyResult<Chars<'a>> {
    let v = v.unwrap_or(Value::NONE);
    match v.payload::<PyUnicode>() {
        Some(u) => Ok(u.get().chars()),
        None => {
            let n = if v.is_none() { "None".into() } else { ops::type_name(v) };
            Err(th.type_error(format!("{f}() argument {i} must be unicode, not {n}")))
        }
    }
}

/// The code point of the first argument.
fn code(th: &mut Thread, args: &Args<'_>, f: &str) -> PyResult<u32> {
    let t = text(th, args.get(0), f, 1)?;
    if t.len() != 1 {
        return Err(th.type_error("need a single Unicode character as parameter"));
    }
    Ok(t.at(0))
}

fn record(th: &mut Thread, version: Version, args: &Args<'_>, f: &str) -> PyResult<&'static Record> {
    let c = code(th, args, f)?;
    Ok(unidata::record(version, c))
}

/// The value, or the default argument, or ValueError.
fn or_default(th: &mut Thread, v: Slot, args: &Args<'_>, refusal: &'static str) -> PyResult {
    match v.or(args.get(1)) {
        Some(v) => Ok(v),
        None => Err(th.value_error(refusal)),
    }
}

fn decimal(th: &mut Thread, version: Version, args: Args<'_>) -> PyResult {
    let r = record(th, version, &args, "decimal")?;
    let v = r.decimal.map(|d| th.int(d as i64));
    or_default(th, v, &args, "not a decimal")
}

fn digit(th: &mut Thread, version: Version, args: Args<'_>) -> PyResult {
    let r = record(th, version, &args, "digit")?;
    let v = r.digit.map(|d| th.int(d as i64));
    or_default(th, v, &args, "not a digit")
}

fn numeric(th: &mut Thread, version: Version, args: Args<'_>) -> PyResult {
    let r = record(th, version, &args, "numeric")?;
    let v = r.numeric.map(|x| th.float(x));
    or_default(th, v, &args, "not a numeric character")
}

fn category(th: &mut Thread, version: Version, args: Args<'_>) -> PyResult {
    let r = record(th, version, &args, "category")?;
    Ok(th.intern(unidata::CATEGORIES[r.category as usize].as_bytes()))
}

fn bidirectional(th: &mut Thread, version: Version, args: Args<'_>) -> PyResult {
    let r = record(th, version, &args, "bidirectional")?;
    Ok(th.intern(unidata::BIDI_CLASSES[r.bidi as usize].as_bytes()))
}

fn combining(th: &mut Thread, version: Version, args: Args<'_>) -> PyResult {
    let r = record(th, version, &args, "combining")?;
    Ok(th.int(r.combining as i64))
}

fn mirrored(th: &mut Thread, version: Version, args: Args<'_>) -> PyResult {
    let r = record(th, version, &args, "mirrored")?;
    Ok(th.int(r.mirrored as i64))
}

fn east_asian_width(th: &mut Thread, version: Version, args: Args<'_>) -> PyResult {
    let r = record(th, version, &args, "east_asian_width")?;
    Ok(th.intern(unidata::WIDTHS[r.width as usize].as_bytes()))
}

fn decomposition(th: &mut Thread, version: Version, args: Args<'_>) -> PyResult {
    let c = code(th, &args, "decomposition")?;
    o::str::from_bytes(th, unidata::decomposition(version, c).as_bytes())
}

fn name(th: &mut Thread, version: Version, args: Args<'_>) -> PyResult {
    let c = code(th, &args, "name")?;
    let v = unidata::name_of(version, c).map(|n| th.new_str(n.as_bytes()));
    or_default(th, v, &args, "no such name")
}

fn lookup(th: &mut Thread, version: Version, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    if v.payload::<PyStr>().is_none()
        && v.payload::<PyUnicode>().is_none()
        && ops::slots_of(v).buffer.is_none()
    {
        let n = ops::type_name(v);
        return Err(th.type_error(format!("lookup() argument 1 must be string or read-only buffer, not {n}")));
    }
    let b = interpreter::buffer::argument(th, v, "lookup", 1)?.bytes().to_vec();
    let found = std::str::from_utf8(&b).ok().and_then(unidata::code_of);
    match found.filter(|c| version == Version::New || unidata::record(version, *c).category != 0) {
        Some(c) => o::unicode::one_char(th, c),
        None => {
            let name = String::from_utf8_lossy(&b).into_owned();
            let text = th.new_str(format!("undefined character name '{name}'").as_bytes());
            Err(th.key_error(text))
        }
    }
}

fn normalize(th: &mut Thread, version: Version, args: Args<'_>) -> PyResult {
    let form = match args.pos[0].payload::<PyStr>() {
        Some(s) => s.get().bytes().to_vec(),
        None if args.pos[0].payload::<PyUnicode>().is_some() => {
            let s = o::unicode::encode_default(th, args.pos[0])?;
            th.str_bytes(s).to_vec()
        }
        None => {
            let n = ops::type_name(args.pos[0]);
            return Err(th.type_error(format!("normalize() argument 1 must be string, not {n}")));
        }
    };
    let t = text(th, args.get(1), "normalize", 2)?;
    let form = match &form[..] {
        b"NFC" => Form::Nfc,
        b"NFD" => Form::Nfd,
        b"NFKC" => Form::Nfkc,
        b"NFKD" => Form::Nfkd,
        _ if t.is_empty() => return o::unicode::empty(th),
        _ => return Err(th.value_error("invalid normalization form")),
    };
    if let Chars::One(s) = t
        && s.is_ascii()
    {
        return Ok(args.pos[1].base_object());
    }
    let out = unidata::normalize(version, form, t.iter());
    o::unicode::from_units(th, &out)
}
