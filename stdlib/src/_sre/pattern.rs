//! `SRE_Pattern`.

use super::matched;
use super::subject::{Subject, part};
use ::sre::{Pattern, State};
use interpreter::kinds::kind;
use interpreter::layout::{Chars, NativePayload, PyNative};
use interpreter::native::{Args, GetSetDef, KEYWORDS, MethodDef, NO_NEW, TypeDef, WEAKREFS};
use interpreter::{PyResult, Slot, Thread, Value, objects as o, ops};
use parking_lot::Mutex;
use std::any::Any;
use std::mem::ManuallyDrop;

/// `_sre.SRE_Pattern`. The value slot holds (pattern text, group names to numbers, group numbers to names).
pub static PATTERN: TypeDef = TypeDef {
    module: "_sre",
    doc: Some("Compiled regular expression objects"),
    flags: NO_NEW | WEAKREFS,
    methods: &[
        MethodDef::new(
            "match",
            match_,
            0,
            3,
            KEYWORDS,
            "match(string[, pos[, endpos]]) --> match object or None.\n\nMatches at the start of the string.",
        ),
        MethodDef::new(
            "search",
            search,
            0,
            3,
            KEYWORDS,
            "search(string[, pos[, endpos]]) --> match object or None.\n\nThe first place in the string that matches.",
        ),
        MethodDef::new(
            "sub",
            super::replace::sub,
            0,
            3,
            KEYWORDS,
            "sub(repl, string[, count = 0]) --> newstring\n\nThe string with its matches replaced.",
        ),
        MethodDef::new(
            "subn",
            super::replace::subn,
            0,
            3,
            KEYWORDS,
            "subn(repl, string[, count = 0]) --> (newstring, number of subs)\n\nAs sub, with the number of replacements.",
        ),
        MethodDef::new(
            "split",
            super::replace::split,
            0,
            2,
            KEYWORDS,
            "split(string[, maxsplit = 0])  --> list.\n\nThe string cut at its matches.",
        ),
        MethodDef::new(
            "findall",
            findall,
            0,
            3,
            KEYWORDS,
            "findall(string[, pos[, endpos]]) --> list.\n\nAll matches, or their groups.",
        ),
        MethodDef::new(
            "finditer",
            finditer,
            0,
            3,
            KEYWORDS,
            "finditer(string[, pos[, endpos]]) --> iterator.\n\nThe match objects, one after the other.",
        ),
        MethodDef::new("scanner", scanner, 0, 3, KEYWORDS, ""),
        MethodDef::new("__copy__", no_copy, 0, 0, 0, ""),
        MethodDef::new("__deepcopy__", no_copy, 1, 1, 0, ""),
    ],
    getset: &[
        GetSetDef { name: "pattern", get: |_, v| Ok(fact(v, 0)), set: None, doc: "" },
        GetSetDef { name: "flags", get: |th, v| Ok(th.int(compiled(v).flags as i64)), set: None, doc: "" },
        GetSetDef { name: "groups", get: |th, v| Ok(th.int(compiled(v).groups as i64)), set: None, doc: "" },
        GetSetDef { name: "groupindex", get: |_, v| Ok(fact(v, 1)), set: None, doc: "" },
    ],
    ..TypeDef::new("SRE_Pattern", kind::NATIVE)
};

/// The native side: the compiled pattern, and scratch space kept between matches.
pub struct Compiled {
    pattern: Pattern,
    scratch: Mutex<Option<Box<State>>>,
}

impl NativePayload for Compiled {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// A pattern object.
pub fn make(th: &mut Thread, pattern: Pattern, source: Value, groupindex: Value, indexgroup: Value) -> Value {
    let facts = th.new_tuple(&[source, groupindex, indexgroup]);
    let v = th.new_native(&PATTERN, Box::new(Compiled { pattern, scratch: Mutex::new(None) }));
    if let Some(n) = v.cast::<PyNative>() {
        n.unguarded().extra.set(Some(facts));
    }
    v
}

fn native<'a>(v: Value) -> &'a Compiled {
    match v.cast::<PyNative>() {
        Some(n) => {
            let p = n.unguarded().payload.get();
            // SAFETY: instances of the type are made by `make` only, so the payload is a Compiled; it is never
            // replaced, never borrowed mutably, and lives as long as its object.
            unsafe { &*(std::ptr::from_ref::<dyn NativePayload>(&**p) as *const Compiled) }
        }
        // Methods are called on instances only, and the type has no subclasses.
        None => unreachable_pattern(),
    }
}

#[cold]
fn unreachable_pattern() -> ! {
    unreachable!("a pattern's method was called on something else")
}

/// The compiled pattern of a pattern object.
pub fn compiled<'a>(v: Value) -> &'a Pattern {
    &native(v).pattern
}

/// The pattern's text (0), group names (1), names by number (2).
pub fn fact(v: Value, i: usize) -> Value {
    // Set once, before the pattern is handed out.
    let t = v.cast::<PyNative>().and_then(|n| n.unguarded().extra.get()).unwrap_or(Value::NONE);
    super::tuple_items(t).get(i).copied().unwrap_or(Value::NONE)
}

/// A search in progress: pattern, subject, and scratch space borrowed from the pattern.
pub struct Run<'a> {
    native: &'a Compiled,
    pub state: ManuallyDrop<Box<State>>,
    pub subject: Subject<'a>,
    /// Where the next match may begin.
    pub pos: usize,
    pub end: usize,
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        // SAFETY: nobody uses it after this.
        let state = unsafe { ManuallyDrop::take(&mut self.state) };
        if let Some(mut s) = self.native.scratch.try_lock() {
            *s = Some(state);
        }
    }
}

impl<'a> Run<'a> {
    pub fn new(th: &mut Thread, pattern: Value, string: Value, pos: i64, end: i64) -> PyResult<Run<'a>> {
        let subject = Subject::new(th, string)?;
        let n = subject.len() as i64;
        let native = native(pattern);
        let old = native.scratch.try_lock().and_then(|mut s| s.take());
        let state = ManuallyDrop::new(old.unwrap_or_else(|| Box::new(State::new(&native.pattern))));
        Ok(Run { native, state, subject, pos: pos.clamp(0, n) as usize, end: end.clamp(0, n) as usize })
    }

    /// Looks for the next match, from `pos` on or at `pos` only.
    pub fn next(&mut self, th: &mut Thread, search: bool) -> PyResult<bool> {
        if self.pos > self.end {
            return Ok(false);
        }
        let (p, st, pos, end) = (&self.native.pattern, &mut self.state, self.pos, self.end);
        let mut poll = || th.native_poll();
        macro_rules! go {
            ($s:expr) => {
                if search {
                    ::sre::search(p, st, &$s[..end], pos, &mut poll)
                } else {
                    ::sre::match_at(p, st, &$s[..end], pos, &mut poll)
                }
            };
        }
        match &self.subject {
            Subject::Bytes(b) => go!(b),
            Subject::Copy(b) => go!(b),
            Subject::Words(w) => go!(w),
            Subject::Unicode(Chars::One(s)) => go!(s),
            Subject::Unicode(Chars::Two(s)) => go!(s),
            Subject::Unicode(Chars::Four(s)) => go!(s),
        }
    }

    /// Moves past the match just found; past one character if it was empty.
    pub fn advance(&mut self) {
        self.pos = if self.state.end == self.state.start { self.state.end + 1 } else { self.state.end };
    }
}

/// `string`, `pos` and `endpos`; the string may go by another name.
pub fn search_arguments(
    th: &mut Thread,
    args: &Args<'_>,
    f: &str,
    other: &str,
) -> PyResult<(Value, i64, i64)> {
    let [mut s, pos, end, alias] = args.skip(1).bind(th, f, ["string", "pos", "endpos", other], 0)?;
    if s.is_none() {
        s = alias;
    }
    let Some(s) = s else { return Err(th.type_error("Required argument 'string' (pos 1) not found")) };
    let number = |th: &mut Thread, v: Slot, d: i64| match v {
        Some(v) => ops::integer_arg(th, v),
        None => Ok(d),
    };
    Ok((s, number(th, pos, 0)?, number(th, end, i64::MAX)?))
}

fn one(th: &mut Thread, args: Args<'_>, f: &str, search: bool) -> PyResult {
    let (string, pos, end) = search_arguments(th, &args, f, "pattern")?;
    let mut run = Run::new(th, args.pos[0], string, pos, end)?;
    if !run.next(th, search)? {
        return Ok(Value::NONE);
    }
    Ok(matched::make(th, args.pos[0], string, &run, pos))
}

fn match_(th: &mut Thread, args: Args<'_>) -> PyResult {
    one(th, args, "match", false)
}

fn search(th: &mut Thread, args: Args<'_>) -> PyResult {
    one(th, args, "search", true)
}

fn findall(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (string, pos, end) = search_arguments(th, &args, "findall", "source")?;
    let mut run = Run::new(th, args.pos[0], string, pos, end)?;
    let groups = compiled(args.pos[0]).groups;
    let out = th.m.root_vec();
    while run.next(th, true)? {
        let item = match groups {
            0 => part(th, string, run.state.start, run.state.end)?,
            1 => group_or_empty(th, string, &run, 1)?,
            _ => {
                let all = th.m.root_vec();
                for g in 1..=groups {
                    all.push(group_or_empty(th, string, &run, g)?.bits());
                }
                th.try_tuple(ops::values(&all))?
            }
        };
        out.push(item.bits());
        run.advance();
    }
    th.new_list(ops::values(&out))
}

fn group_or_empty(th: &mut Thread, string: Value, run: &Run<'_>, g: usize) -> PyResult {
    let (s, e) = run.state.span(g).unwrap_or((0, 0));
    part(th, string, s, e)
}

fn finditer(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (string, pos, end) = search_arguments(th, &args, "finditer", "source")?;
    let s = super::scanner::make(th, args.pos[0], string, pos, end)?;
    let name = th.intern(b"search");
    let f = ops::getattr(th, s, name)?;
    Ok(o::seqiter::new_callable(th, f, Value::NONE))
}

fn scanner(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (string, pos, end) = search_arguments(th, &args, "scanner", "pattern")?;
    super::scanner::make(th, args.pos[0], string, pos, end)
}

fn no_copy(th: &mut Thread, _: Args<'_>) -> PyResult {
    Err(th.type_error("cannot copy this pattern object"))
}
