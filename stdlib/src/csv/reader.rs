//! `reader`: an iterator over records.

use super::dialect::{self, Format, Quoting};
use super::{ERROR, registry};
use gc_stm::RootVec;
use interpreter::kinds::kind;
use interpreter::layout::{PyRecord, PyStr, PyUnicode, Ref};
use interpreter::native::{Args, GetSetDef, NO_NEW, TypeDef};
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Raised, Slot, Thread, Value, objects as o, ops};

const DIALECT: usize = 0;
const INPUT: usize = 1;
const LINE: usize = 2;

/// The type of readers.
pub static READER: TypeDef = TypeDef {
    module: "_csv",
    doc: Some(
        "CSV reader\n\nReader objects are responsible for reading and parsing tabular data\nin CSV format.\n",
    ),
    flags: NO_NEW,
    slots: SlotTable { iter: Some(|_, v| Ok(v)), next: Some(next), ..SlotTable::EMPTY },
    getset: &[
        GetSetDef {
            name: "dialect",
            get: |th, v| Ok(record(th, v)?.unguarded().at(DIALECT).get().unwrap_or(Value::NONE)),
            set: Some(interpreter::native::read_only),
            doc: "",
        },
        GetSetDef {
            name: "line_num",
            get: |th, v| Ok(record(th, v)?.read(th)?.at(LINE).get().unwrap_or(Value::NONE)),
            set: Some(interpreter::native::read_only),
            doc: "",
        },
    ],
    ..TypeDef::new("reader", kind::RECORD)
};

fn record(th: &mut Thread, v: Value) -> PyResult<Ref<PyRecord>> {
    dialect::record(th, v, "_csv.reader")
}

/// `reader(iterable, dialect='excel', **options)`.
pub fn make(th: &mut Thread, args: Args<'_>) -> PyResult {
    if !(1..=2).contains(&args.len()) {
        let n = args.len();
        let bound = if n == 0 { "at least 1 argument" } else { "at most 2 arguments" };
        return Err(th.type_error(format!("expected {bound}, got {n}")));
    }
    let it = ops::iter(th, args.pos[0])?;
    let d = dialect::make(th, args.get(1), args.kw)?;
    Ok(th.new_record(&READER, &[Some(d), Some(it), Value::from_small_int(0)]))
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum State {
    StartRecord,
    StartField,
    Escaped,
    InField,
    InQuotes,
    EscapedInQuotes,
    QuoteInQuotes,
    AfterEnd,
}

/// A record under way.
struct Parse<'a> {
    f: Format<'a>,
    limit: i64,
    state: State,
    field: Vec<u8>,
    /// The field is a number, since it is not in quotes.
    numeric: bool,
    fields: RootVec,
}

#[cold]
fn error(th: &mut Thread, message: &str) -> Raised {
    th.raise_def(&ERROR, message)
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let r = record(th, v)?;
    let (d, it) = {
        let r = r.unguarded();
        // These two never change.
        (r.at(DIALECT).get().unwrap_or(Value::NONE), r.at(INPUT).get().unwrap_or(Value::NONE))
    };
    let mut p = Parse {
        f: dialect::format(d),
        limit: registry::limit(th)?,
        state: State::StartRecord,
        field: Vec::new(),
        numeric: false,
        fields: th.m.root_vec(),
    };
    loop {
        let Some(line) = ops::next(th, it)? else {
            if p.field.is_empty() && p.state != State::InQuotes {
                return Ok(None);
            }
            if p.f.strict {
                return Err(error(th, "unexpected end of data"));
            }
            p.save(th)?;
            break;
        };
        let line = match line.payload::<PyUnicode>() {
            Some(_) => o::unicode::encode_default(th, line)?,
            None => line,
        };
        let rec = r.write(th)?;
        let n = rec.at(LINE).get().and_then(Value::as_small_int).unwrap_or(0);
        rec.at(LINE).set(Value::from_small_int(n + 1));
        let Some(s) = line.payload::<PyStr>() else {
            let n = ops::type_name(line);
            return Err(th.type_error(format!("expected string or Unicode object, {n} found")));
        };
        p.line(th, s.get().bytes())?;
        if p.state == State::StartRecord {
            break;
        }
    }
    Ok(Some(th.new_list(ops::values(&p.fields))?))
}

impl Parse<'_> {
    fn line(&mut self, th: &mut Thread, line: &[u8]) -> PyResult<()> {
        let mut i = 0;
        while i < line.len() {
            i += match self.plain_run(&line[i..]) {
                0 => {
                    if line[i] == 0 {
                        return Err(error(th, "line contains NULL byte"));
                    }
                    self.step(th, line[i])?;
                    1
                }
                n => {
                    self.add(th, &line[i..i + n])?;
                    n
                }
            };
        }
        self.step(th, 0)
    }

    /// How many characters at the front of the rest of a line only belong to the field.
    #[inline]
    fn plain_run(&self, rest: &[u8]) -> usize {
        let f = &self.f;
        let special = |c: u8| c == 0 || Some(c) == f.escapechar;
        match self.state {
            State::InField => {
                rest.iter().position(|c| matches!(c, b'\n' | b'\r') || *c == f.delimiter || special(*c))
            }
            State::InQuotes => rest.iter().position(|c| Some(*c) == f.quotechar || special(*c)),
            _ => Some(0),
        }
        .unwrap_or(rest.len())
    }

    fn add(&mut self, th: &mut Thread, b: &[u8]) -> PyResult<()> {
        if (self.field.len() + b.len()) as i64 > self.limit {
            let limit = self.limit;
            return Err(error(th, &format!("field larger than field limit ({limit})")));
        }
        self.field.extend_from_slice(b);
        Ok(())
    }

    fn save(&mut self, th: &mut Thread) -> PyResult<()> {
        let mut v = o::str::from_bytes(th, &self.field)?;
        self.field.clear();
        if std::mem::take(&mut self.numeric) {
            v = ops::call(th, o::float::FLOAT.class(), &[v])?;
        }
        self.fields.push(v.bits());
        Ok(())
    }

    /// The end of a line (`\n`, `\r`) or of what was given (0) after a field.
    fn end_of_field(&mut self, th: &mut Thread, c: u8) -> PyResult<()> {
        self.save(th)?;
        self.state = if c == 0 { State::StartRecord } else { State::AfterEnd };
        Ok(())
    }

    fn step(&mut self, th: &mut Thread, c: u8) -> PyResult<()> {
        let quotes = |me: &Self| Some(c) == me.f.quotechar && c != 0 && me.f.quoting != Quoting::Never;
        let escapes = Some(c) == self.f.escapechar && c != 0;
        match self.state {
            State::StartRecord if c == 0 => {}
            State::StartRecord if matches!(c, b'\n' | b'\r') => self.state = State::AfterEnd,
            State::StartRecord | State::StartField => {
                if matches!(c, b'\n' | b'\r' | 0) {
                    return self.end_of_field(th, c);
                }
                if quotes(self) {
                    self.state = State::InQuotes;
                } else if escapes {
                    self.state = State::Escaped;
                } else if c == b' ' && self.f.skip_space {
                    // Still before the field.
                    self.state = State::StartField;
                } else if c == self.f.delimiter {
                    self.state = State::StartField;
                    return self.save(th);
                } else {
                    self.numeric = self.f.quoting == Quoting::NonNumeric;
                    self.state = State::InField;
                    return self.add(th, &[c]);
                }
            }
            State::Escaped => {
                self.state = State::InField;
                return self.add(th, &[if c == 0 { b'\n' } else { c }]);
            }
            State::InField => {
                if matches!(c, b'\n' | b'\r' | 0) {
                    return self.end_of_field(th, c);
                }
                if escapes {
                    self.state = State::Escaped;
                } else if c == self.f.delimiter {
                    self.state = State::StartField;
                    return self.save(th);
                } else {
                    return self.add(th, &[c]);
                }
            }
            State::InQuotes => {
                if c == 0 {
                } else if escapes {
                    self.state = State::EscapedInQuotes;
                } else if quotes(self) {
                    self.state = if self.f.doublequote { State::QuoteInQuotes } else { State::InField };
                } else {
                    return self.add(th, &[c]);
                }
            }
            State::EscapedInQuotes => {
                self.state = State::InQuotes;
                return self.add(th, &[if c == 0 { b'\n' } else { c }]);
            }
            State::QuoteInQuotes => {
                if quotes(self) {
                    self.state = State::InQuotes;
                    return self.add(th, &[c]);
                }
                if c == self.f.delimiter {
                    self.state = State::StartField;
                    return self.save(th);
                }
                if matches!(c, b'\n' | b'\r' | 0) {
                    return self.end_of_field(th, c);
                }
                if self.f.strict {
                    let (d, q) = (self.f.delimiter as char, self.f.quotechar.unwrap_or(b'"') as char);
                    return Err(error(th, &format!("'{d}' expected after '{q}'")));
                }
                self.state = State::InField;
                return self.add(th, &[c]);
            }
            State::AfterEnd => match c {
                b'\n' | b'\r' => {}
                0 => self.state = State::StartRecord,
                _ => {
                    return Err(error(
                        th,
                        "new-line character seen in unquoted field - do you need to open the file in universal-newline mode?",
                    ));
                }
            },
        }
        Ok(())
    }
}
