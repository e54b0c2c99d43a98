//! `SRE_Match`: a record of the pattern, the string, `pos`, `endpos`, `lastindex`, and the ends of every group.

use super::pattern::{self, Run};
use super::subject::part;
use interpreter::kinds::kind;
use interpreter::layout::PyRecord;
use interpreter::native::{Args, GetSetDef, KEYWORDS, MethodDef, NO_NEW, TypeDef, VARIADIC};
use interpreter::{PyResult, Slot, Thread, Value, ops};

/// `_sre.SRE_Match`.
pub static MATCH: TypeDef = TypeDef {
    module: "_sre",
    doc: Some("The result of re.match() and re.search()."),
    flags: NO_NEW,
    methods: &[
        MethodDef::new(
            "group",
            group,
            0,
            VARIADIC,
            0,
            "group([group1, ...]) -> str or tuple.\n\nWhat some groups matched; by default the whole match.",
        ),
        MethodDef::new("start", start, 0, 1, 0, "start([group=0]) -> int.\n\nWhere a group begins."),
        MethodDef::new("end", end, 0, 1, 0, "end([group=0]) -> int.\n\nWhere a group ends."),
        MethodDef::new("span", span, 0, 1, 0, "span([group]) -> tuple.\n\nWhere a group begins and ends."),
        MethodDef::new(
            "groups",
            groups,
            0,
            1,
            KEYWORDS,
            "groups([default=None]) -> tuple.\n\nAll groups; the default for those that took no part.",
        ),
        MethodDef::new(
            "groupdict",
            groupdict,
            0,
            1,
            KEYWORDS,
            "groupdict([default=None]) -> dict.\n\nThe named groups; the default for those that took no part.",
        ),
        MethodDef::new(
            "expand",
            expand,
            1,
            1,
            0,
            "expand(template) -> str.\n\nThe template with its group references filled in.",
        ),
        MethodDef::new("__copy__", no_copy, 0, 0, 0, ""),
        MethodDef::new("__deepcopy__", no_copy, 1, 1, 0, ""),
    ],
    getset: &[
        GetSetDef { name: "string", get: |_, v| Ok(at(v, 1)), set: None, doc: "" },
        GetSetDef { name: "re", get: |_, v| Ok(at(v, 0)), set: None, doc: "" },
        GetSetDef { name: "pos", get: |_, v| Ok(at(v, 2)), set: None, doc: "" },
        GetSetDef { name: "endpos", get: |_, v| Ok(at(v, 3)), set: None, doc: "" },
        GetSetDef { name: "lastindex", get: |_, v| Ok(at(v, 4)), set: None, doc: "" },
        GetSetDef { name: "lastgroup", get: lastgroup, set: None, doc: "" },
        GetSetDef { name: "regs", get: regs, set: None, doc: "" },
    ],
    ..TypeDef::new("SRE_Match", kind::RECORD)
};

const FIRST: usize = 5;

/// A slot of a match. They never change.
fn at(v: Value, i: usize) -> Value {
    v.cast::<PyRecord>()
        .and_then(|r| r.unguarded().slots().get(i).and_then(|s| s.get()))
        .unwrap_or(Value::NONE)
}

/// The match that a run has just found.
pub fn make(th: &mut Thread, pattern: Value, string: Value, run: &Run<'_>, pos: i64) -> Value {
    let groups = pattern::compiled(pattern).groups;
    let n = run.subject.len() as i64;
    let int = |n: usize| Some(Value::int_unchecked(n as i64));
    let mut slots: smallvec::SmallVec<[Slot; 32]> = smallvec::SmallVec::new();
    slots.push(Some(pattern));
    slots.push(Some(string));
    slots.push(Some(Value::int_unchecked(pos.clamp(0, n))));
    slots.push(int(run.end));
    slots.push(run.state.lastindex().map(|i| Value::int_unchecked(i as i64)));
    for g in 0..=groups {
        let (s, e) = run.state.span(g).map_or((None, None), |(s, e)| (int(s), int(e)));
        slots.push(s);
        slots.push(e);
    }
    th.new_record(&MATCH, &slots)
}

/// The ends of a group; none if it took no part.
fn ends(v: Value, g: usize) -> Option<(usize, usize)> {
    let n = |i| at(v, i).as_small_int().map(|n| n as usize);
    Some((n(FIRST + 2 * g)?, n(FIRST + 2 * g + 1)?))
}

fn groups_of(v: Value) -> usize {
    pattern::compiled(at(v, 0)).groups
}

/// The number of a group given by number or name.
fn number(th: &mut Thread, v: Value, g: Value) -> PyResult<usize> {
    let mut n = ops::int_value(g);
    if n.is_none() {
        n = match ops::exact_integer(g) {
            Some(n) => i64::try_from(n).ok(),
            None => {
                let names = pattern::fact(at(v, 0), 1);
                match ops::getitem(th, names, g) {
                    Ok(i) => ops::int_value(i),
                    Err(e) => {
                        e.catch(th)?;
                        None
                    }
                }
            }
        };
    }
    match n.and_then(|n| usize::try_from(n).ok()) {
        Some(n) if n <= groups_of(v) => Ok(n),
        _ => Err(th.index_error("no such group")),
    }
}

fn text(th: &mut Thread, v: Value, g: usize, default: Value) -> PyResult {
    match ends(v, g) {
        Some((s, e)) => part(th, at(v, 1), s, e),
        None => Ok(default),
    }
}

fn group(th: &mut Thread, args: Args<'_>) -> PyResult {
    let me = args.pos[0];
    match args.skip(1).pos {
        [] => text(th, me, 0, Value::NONE),
        [g] => {
            let g = number(th, me, *g)?;
            text(th, me, g, Value::NONE)
        }
        many => {
            let out = th.m.root_vec();
            for g in many {
                let g = number(th, me, *g)?;
                out.push(text(th, me, g, Value::NONE)?.bits());
            }
            th.try_tuple(ops::values(&out))
        }
    }
}

fn chosen(th: &mut Thread, args: &Args<'_>) -> PyResult<Option<(usize, usize)>> {
    let g = match args.get(1) {
        Some(g) => number(th, args.pos[0], g)?,
        None => 0,
    };
    Ok(ends(args.pos[0], g))
}

fn start(th: &mut Thread, args: Args<'_>) -> PyResult {
    let e = chosen(th, &args)?;
    Ok(th.int(e.map_or(-1, |e| e.0 as i64)))
}

fn end(th: &mut Thread, args: Args<'_>) -> PyResult {
    let e = chosen(th, &args)?;
    Ok(th.int(e.map_or(-1, |e| e.1 as i64)))
}

fn pair(th: &mut Thread, e: Option<(usize, usize)>) -> Value {
    let (s, e) = e.map_or((-1, -1), |(s, e)| (s as i64, e as i64));
    let items = [th.int(s), th.int(e)];
    th.new_tuple(&items)
}

fn span(th: &mut Thread, args: Args<'_>) -> PyResult {
    let e = chosen(th, &args)?;
    Ok(pair(th, e))
}

fn groups(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [d] = args.skip(1).bind(th, "groups", ["default"], 0)?;
    let out = th.m.root_vec();
    for g in 1..=groups_of(args.pos[0]) {
        out.push(text(th, args.pos[0], g, d.unwrap_or(Value::NONE))?.bits());
    }
    th.try_tuple(ops::values(&out))
}

fn groupdict(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [d] = args.skip(1).bind(th, "groupdict", ["default"], 0)?;
    let me = args.pos[0];
    let out = th.new_dict();
    let names = pattern::fact(at(me, 0), 1);
    let names = ops::collect(th, names)?;
    for name in ops::values(&names) {
        let v = match number(th, me, *name) {
            Ok(g) => text(th, me, g, d.unwrap_or(Value::NONE))?,
            Err(e) => return Err(e),
        };
        ops::setitem(th, out, *name, Some(v))?;
    }
    Ok(out)
}

fn expand(th: &mut Thread, args: Args<'_>) -> PyResult {
    super::call_re(th, "_expand", &[at(args.pos[0], 0), args.pos[0], args.pos[1]])
}

fn no_copy(th: &mut Thread, _: Args<'_>) -> PyResult {
    Err(th.type_error("cannot copy this match object"))
}

fn lastgroup(th: &mut Thread, v: Value) -> PyResult {
    let i = at(v, 4);
    let names = pattern::fact(at(v, 0), 2);
    if i.is_none() || names.is_none() {
        return Ok(Value::NONE);
    }
    match ops::getitem(th, names, i) {
        Ok(n) => Ok(n),
        Err(e) => {
            e.catch(th)?;
            Ok(Value::NONE)
        }
    }
}

fn regs(th: &mut Thread, v: Value) -> PyResult {
    let out = th.m.root_vec();
    for g in 0..=groups_of(v) {
        let e = ends(v, g);
        out.push(pair(th, e).bits());
    }
    th.try_tuple(ops::values(&out))
}
