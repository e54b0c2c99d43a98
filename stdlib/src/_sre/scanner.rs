//! `SRE_Scanner`: one match after the other.

use super::matched;
use super::pattern::Run;
use super::subject::Subject;
use interpreter::kinds::kind;
use interpreter::layout::PyRecord;
use interpreter::native::{Args, GetSetDef, MethodDef, NO_NEW, TypeDef};
use interpreter::{PyResult, Thread, Value};

/// `_sre.SRE_Scanner`: pattern, string, next place, end, place given at first.
pub static SCANNER: TypeDef = TypeDef {
    module: "_sre",
    flags: NO_NEW,
    methods: &[
        MethodDef::new("match", match_, 0, 0, 0, "The match at the present place, or None."),
        MethodDef::new("search", search, 0, 0, 0, "The next match, or None."),
    ],
    getset: &[GetSetDef {
        name: "pattern",
        get: |_, v| Ok(v.cast::<PyRecord>().and_then(|r| r.unguarded().at(0).get()).unwrap_or(Value::NONE)),
        set: None,
        doc: "",
    }],
    ..TypeDef::new("SRE_Scanner", kind::RECORD)
};

pub fn make(th: &mut Thread, pattern: Value, string: Value, pos: i64, end: i64) -> PyResult {
    let n = Subject::new(th, string)?.len() as i64;
    let (p, e) = (th.int(pos.clamp(0, n)), th.int(end.clamp(0, n)));
    Ok(th.new_record(&SCANNER, &[Some(pattern), Some(string), Some(p), Some(e), Some(p)]))
}

fn step(th: &mut Thread, v: Value, search: bool) -> PyResult {
    let Some(r) = v.cast::<PyRecord>() else { return Ok(Value::NONE) };
    let s = r.write(th)?;
    let at = |i: usize| s.at(i).get().unwrap_or(Value::NONE);
    let (p, string) = (at(0), at(1));
    let number = |v: Value| v.as_small_int().unwrap_or(0);
    let (pos, end, first) = (number(at(2)), number(at(3)), number(at(4)));
    let n = Subject::new(th, string)?.len() as i64;
    if pos > end || pos > n {
        return Ok(Value::NONE);
    }
    let mut run = Run::new(th, p, string, pos, end)?;
    let found = run.next(th, search)?;
    let next = if found {
        run.advance();
        run.pos as i64
    } else {
        pos + 1
    };
    let next = th.int(next);
    r.write(th)?.at(2).set(Some(next));
    if found { Ok(matched::make(th, p, string, &run, first)) } else { Ok(Value::NONE) }
}

fn match_(th: &mut Thread, args: Args<'_>) -> PyResult {
    step(th, args.pos[0], false)
}

fn search(th: &mut Thread, args: Args<'_>) -> PyResult {
    step(th, args.pos[0], true)
}
