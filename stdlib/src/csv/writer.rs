//! `writer`: sequences as records.

use super::ERROR;
use super::dialect::{self, Format, Quoting};
use interpreter::kinds::kind;
use interpreter::layout::{PyRecord, PyStr, Ref};
use interpreter::native::{Args, GetSetDef, MethodDef, NO_NEW, TypeDef};
use interpreter::{PyResult, Raised, Thread, Value, names, objects as o, ops};

const DIALECT: usize = 0;
const WRITE: usize = 1;

/// The type of writers.
pub static WRITER: TypeDef = TypeDef {
    module: "_csv",
    doc: Some(
        "CSV writer\n\nWriter objects are responsible for generating tabular data\nin CSV format from sequence input.\n",
    ),
    flags: NO_NEW,
    methods: &[
        MethodDef::new(
            "writerow",
            |th, a| row(th, a.pos[0], a.pos[1]),
            1,
            1,
            0,
            "writerow(sequence)\n\nWrite a sequence as a record. Its non-string elements are converted to strings.",
        ),
        MethodDef::new(
            "writerows",
            rows,
            1,
            1,
            0,
            "writerows(sequence of sequences)\n\nWrite each of them as a record.",
        ),
    ],
    getset: &[GetSetDef {
        name: "dialect",
        get: |th, v| Ok(record(th, v)?.unguarded().at(DIALECT).get().unwrap_or(Value::NONE)),
        set: Some(interpreter::native::read_only),
        doc: "",
    }],
    ..TypeDef::new("writer", kind::RECORD)
};

fn record(th: &mut Thread, v: Value) -> PyResult<Ref<PyRecord>> {
    dialect::record(th, v, "_csv.writer")
}

#[cold]
fn error(th: &mut Thread, message: &str) -> Raised {
    th.raise_def(&ERROR, message)
}

/// `writer(file, dialect='excel', **options)`.
pub fn make(th: &mut Thread, args: Args<'_>) -> PyResult {
    if !(1..=2).contains(&args.len()) {
        let n = args.len();
        let bound = if n == 0 { "at least 1 argument" } else { "at most 2 arguments" };
        return Err(th.type_error(format!("expected {bound}, got {n}")));
    }
    let name = names::write.get(th);
    let found = match ops::getattr(th, args.pos[0], name) {
        Ok(f) => Some(f),
        Err(e) => {
            e.catch(th)?;
            None
        }
    };
    let write = match found {
        Some(f) if ops::callable(th, f) => f,
        _ => return Err(th.type_error("argument 1 must have a \"write\" method")),
    };
    let d = dialect::make(th, args.get(1), args.kw)?;
    Ok(th.new_record(&WRITER, &[Some(d), Some(write)]))
}

fn rows(th: &mut Thread, args: Args<'_>) -> PyResult {
    let it = match ops::iter(th, args.pos[1]) {
        Ok(it) => it,
        Err(e) => {
            e.catch(th)?;
            return Err(th.type_error("writerows() argument must be iterable"));
        }
    };
    while let Some(x) = ops::next(th, it)? {
        row(th, args.pos[0], x)?;
    }
    Ok(Value::NONE)
}

/// Writes one record, and gives what `write` gave.
fn row(th: &mut Thread, v: Value, x: Value) -> PyResult {
    let r = record(th, v)?.unguarded();
    // These two never change.
    let d = r.at(DIALECT).get().unwrap_or(Value::NONE);
    let write = r.at(WRITE).get().unwrap_or(Value::NONE);
    let f = dialect::format(d);
    if !ops::is_sequence(x) {
        return Err(error(th, "sequence expected"));
    }
    let items = match ops::slots_of(x).iter {
        Some(_) if x.kind() == kind::LIST.index() || x.kind() == kind::TUPLE.index() => ops::collect(th, x)?,
        _ => {
            let all = th.m.root_vec();
            for i in 0..ops::len(th, x)? {
                let i = th.int(i as i64);
                all.push(ops::getitem(th, x, i)?.bits());
            }
            all
        }
    };
    let n = items.len();
    let mut out = Vec::with_capacity(n * 8);
    for i in 0..n {
        let item = ops::values(&items)[i];
        let quoted = match f.quoting {
            Quoting::All => true,
            Quoting::NonNumeric => {
                let s = ops::slots_of(item);
                s.int.is_none() && s.float.is_none()
            }
            _ => false,
        };
        let text = match item.payload::<PyStr>() {
            Some(_) => item,
            None if item.is_none() => o::str::empty(th),
            None if o::float::float_value(item).is_some() => ops::repr(th, item)?,
            None => ops::str(th, item)?,
        };
        if i > 0 {
            out.push(f.delimiter);
        }
        if let Err(message) = field(&f, th.str_bytes(text), quoted, n == 1, &mut out) {
            return Err(error(th, message));
        }
    }
    out.extend_from_slice(f.terminator);
    let s = th.try_str(&out)?;
    ops::call(th, write, &[s])
}

/// Appends a field; `alone`: it is the only one of the record, and may not be empty without quotes.
fn field(
    f: &Format<'_>,
    text: &[u8],
    mut quoted: bool,
    alone: bool,
    out: &mut Vec<u8>,
) -> Result<(), &'static str> {
    let special = |c: u8| {
        c == f.delimiter
            || c == f.escapechar.unwrap_or(0)
            || c == f.quotechar.unwrap_or(0)
            || c == 0
            || f.terminator.contains(&c)
    };
    if text.is_empty() && alone {
        if f.quoting == Quoting::Never {
            return Err("single empty field record must be quoted");
        }
        quoted = true;
    }
    let from = out.len();
    for &c in text {
        if special(c) {
            let mut escape = f.quoting == Quoting::Never;
            if !escape {
                if c == f.quotechar.unwrap_or(0) {
                    if f.doublequote {
                        out.push(c);
                    } else {
                        escape = true;
                    }
                }
                if !escape {
                    quoted = true;
                }
            }
            if escape {
                match f.escapechar {
                    Some(e) => out.push(e),
                    None => return Err("need to escape, but no escapechar set"),
                }
            }
        }
        out.push(c);
    }
    if quoted {
        let q = f.quotechar.unwrap_or(0);
        out.insert(from, q);
        out.push(q);
    }
    Ok(())
}
