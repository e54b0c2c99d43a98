//! `Dialect`: how records are written.

use super::registry;
use interpreter::kinds::kind;
use interpreter::layout::{PyRecord, PyStr, PyUnicode};
use interpreter::name::Name;
use interpreter::native::{Args, GetSetDef, TypeDef};
use interpreter::types::slots::SlotTable;
use interpreter::types::{type_of, wrap_new};
use interpreter::{PyResult, Slot, Thread, Value, objects as o, ops};

/// When fields are put in quotes.
#[derive(Copy, Clone, PartialEq, Eq)]
pub enum Quoting {
    Minimal,
    All,
    NonNumeric,
    Never,
}

/// What a reader or writer looks at. The terminator belongs to the dialect object.
#[derive(Copy, Clone)]
pub struct Format<'a> {
    pub delimiter: u8,
    pub doublequote: bool,
    pub escapechar: Option<u8>,
    pub terminator: &'a [u8],
    pub quotechar: Option<u8>,
    pub quoting: Quoting,
    pub skip_space: bool,
    pub strict: bool,
}

static NAMES: [Name; 8] = [
    Name::new("delimiter"),
    Name::new("doublequote"),
    Name::new("escapechar"),
    Name::new("lineterminator"),
    Name::new("quotechar"),
    Name::new("quoting"),
    Name::new("skipinitialspace"),
    Name::new("strict"),
];

macro_rules! member {
    ($name:literal, $i:literal) => {
        GetSetDef {
            name: $name,
            get: |_, v| Ok(slot(v, $i)),
            set: Some(interpreter::native::read_only),
            doc: "",
        }
    };
}

macro_rules! computed {
    ($name:literal, $i:literal) => {
        GetSetDef { name: $name, get: |_, v| Ok(slot(v, $i)), set: None, doc: "" }
    };
}

/// `_csv.Dialect`.
pub static DIALECT: TypeDef = TypeDef {
    module: "_csv",
    doc: Some("CSV dialect\n\nThe Dialect type records CSV dialect options.\n"),
    slots: SlotTable { new: Some(new), ..SlotTable::EMPTY },
    getset: &[
        member!("delimiter", 0),
        member!("doublequote", 1),
        computed!("escapechar", 2),
        computed!("lineterminator", 3),
        computed!("quotechar", 4),
        computed!("quoting", 5),
        member!("skipinitialspace", 6),
        member!("strict", 7),
    ],
    ..TypeDef::new("Dialect", kind::RECORD)
};

/// A slot of a dialect, which never changes after it was made.
fn slot(v: Value, i: usize) -> Value {
    v.payload::<PyRecord>()
        .and_then(|r| r.unguarded().slots().get(i).and_then(|c| c.get()))
        .unwrap_or(Value::NONE)
}

/// The format of a dialect object.
pub fn format<'a>(v: Value) -> Format<'a> {
    let bytes = |i: usize| slot(v, i).payload::<PyStr>().map_or(&[][..], |s| s.get().bytes());
    let flag = |i: usize| slot(v, i).as_small_int().is_some_and(|n| n != 0);
    Format {
        delimiter: bytes(0).first().copied().unwrap_or(b','),
        doublequote: flag(1),
        escapechar: bytes(2).first().copied(),
        terminator: bytes(3),
        quotechar: bytes(4).first().copied(),
        quoting: match slot(v, 5).as_small_int() {
            Some(1) => Quoting::All,
            Some(2) => Quoting::NonNumeric,
            Some(3) => Quoting::Never,
            _ => Quoting::Minimal,
        },
        skip_space: flag(6),
        strict: flag(7),
    }
}

/// A character option: a str of one character; None for none.
fn character(th: &mut Thread, v: Slot, name: &str, default: Option<u8>) -> PyResult {
    let Some(v) = v else {
        return Ok(default.map_or(Value::NONE, |c| th.intern(&[c])));
    };
    if v.is_none() {
        return Ok(v);
    }
    let Some(s) = v.payload::<PyStr>() else {
        let n = ops::type_name(v);
        return Err(th.type_error(format!("\"{name}\" must be string, not {n}")));
    };
    match s.get().bytes() {
        [] => Ok(Value::NONE),
        [c] => Ok(th.intern(&[*c])),
        _ => Err(th.type_error(format!("\"{name}\" must be an 1-character string"))),
    }
}

fn flag(th: &mut Thread, v: Slot, default: bool) -> PyResult<Slot> {
    let b = match v {
        Some(v) => ops::is_true(th, v)?,
        None => default,
    };
    Ok(Value::from_small_int(b.into()))
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [dialect, mut p0, mut p1, mut p2, mut p3, mut p4, mut p5, mut p6, mut p7] = args.bind(
        th,
        "",
        [
            "dialect",
            "delimiter",
            "doublequote",
            "escapechar",
            "lineterminator",
            "quotechar",
            "quoting",
            "skipinitialspace",
            "strict",
        ],
        0,
    )?;
    let mut parts = [&mut p0, &mut p1, &mut p2, &mut p3, &mut p4, &mut p5, &mut p6, &mut p7];
    if let Some(mut d) = dialect.filter(|d| !d.is_none()) {
        if d.payload::<PyStr>().is_some() || d.payload::<PyUnicode>().is_some() {
            d = registry::find(th, d)?;
        }
        if type_of(d).value() == DIALECT.class() && parts.iter().all(|p| p.is_none()) {
            return Ok(d);
        }
        for (p, name) in parts.iter_mut().zip(&NAMES) {
            if p.is_none() {
                **p = match ops::getattr_name(th, d, name) {
                    Ok(v) => Some(v),
                    Err(e) => {
                        e.catch(th)?;
                        None
                    }
                };
            }
        }
    }
    let delimiter = character(th, p0, "delimiter", Some(b','))?;
    let doublequote = flag(th, p1, true)?;
    let escapechar = character(th, p2, "escapechar", None)?;
    let terminator = match p3 {
        None => th.intern(b"\r\n"),
        Some(v) if v.is_none() || v.payload::<PyStr>().is_some() => v,
        Some(_) => return Err(th.type_error("\"lineterminator\" must be a string")),
    };
    let quotechar = character(th, p4, "quotechar", Some(b'"'))?;
    let mut quoting = match p5 {
        None => 0,
        Some(q) => match ops::int_value(q) {
            Some(n) => n,
            None => return Err(th.type_error("\"quoting\" must be an integer")),
        },
    };
    let skip_space = flag(th, p6, false)?;
    let strict = flag(th, p7, false)?;
    if !(0..=3).contains(&quoting) {
        return Err(th.type_error("bad \"quoting\" value"));
    }
    if delimiter.is_none() {
        return Err(th.type_error("\"delimiter\" must be an 1-character string"));
    }
    if p4 == Some(Value::NONE) && p5.is_none() {
        quoting = 3;
    }
    if quoting != 3 && quotechar.is_none() {
        return Err(th.type_error("quotechar must be set if quoting enabled"));
    }
    if terminator.is_none() {
        return Err(th.type_error("lineterminator must be set"));
    }
    let base = th.new_record(
        &DIALECT,
        &[
            Some(delimiter),
            doublequote,
            Some(escapechar),
            Some(terminator),
            Some(quotechar),
            Value::from_small_int(quoting),
            skip_space,
            strict,
        ],
    );
    wrap_new(th, class, &DIALECT, base)
}

/// `Dialect(dialect, **options)`, as readers, writers and the registry ask for it.
pub fn make(th: &mut Thread, dialect: Slot, kw: &[Value]) -> PyResult {
    let pos = dialect.as_slice();
    ops::call_args(th, DIALECT.class(), Args { callee: DIALECT.class(), pos, kw })
}

/// The payload of a reader or writer, or the error that it is none.
pub fn record(th: &mut Thread, v: Value, what: &str) -> PyResult<interpreter::layout::Ref<PyRecord>> {
    match v.payload::<PyRecord>() {
        Some(r) => Ok(r),
        None => Err(o::list::not_a(th, what, v)),
    }
}
