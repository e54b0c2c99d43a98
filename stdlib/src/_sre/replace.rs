//! `sub`, `subn`, `split`.

use super::matched;
use super::pattern::{Run, compiled};
use super::subject::part;
use interpreter::layout::{PyStr, PyUnicode};
use interpreter::native::Args;
use interpreter::{PyResult, Thread, Value, objects as o, ops};

pub fn sub(th: &mut Thread, args: Args<'_>) -> PyResult {
    substitute(th, args, "sub").map(|(v, _)| v)
}

pub fn subn(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (v, n) = substitute(th, args, "subn")?;
    let n = th.int(n);
    Ok(th.new_tuple(&[v, n]))
}

/// What replaces a match.
#[derive(Copy, Clone)]
enum Filter {
    Literal(Value),
    Call(Value),
}

/// A template without backslashes stands for itself; others are parsed by the library.
fn filter(th: &mut Thread, pattern: Value, repl: Value) -> PyResult<Filter> {
    if ops::callable(th, repl) {
        return Ok(Filter::Call(repl));
    }
    let literal = if let Some(s) = repl.payload::<PyStr>() {
        !s.get().bytes().contains(&b'\\')
    } else if let Some(u) = repl.payload::<PyUnicode>() {
        !u.get().chars().iter().any(|c| c == 0x5c)
    } else {
        false
    };
    if literal {
        return Ok(Filter::Literal(repl));
    }
    let f = super::call_re(th, "_subx", &[pattern, repl])?;
    Ok(if ops::callable(th, f) { Filter::Call(f) } else { Filter::Literal(f) })
}

fn substitute(th: &mut Thread, args: Args<'_>, f: &str) -> PyResult<(Value, i64)> {
    let [repl, string, count] = args.skip(1).bind(th, f, ["repl", "string", "count"], 2)?;
    let (repl, string) = (repl.unwrap_or(Value::NONE), string.unwrap_or(Value::NONE));
    let count = match count {
        Some(c) => ops::integer_arg(th, c)?,
        None => 0,
    };
    let filter = filter(th, args.pos[0], repl)?;
    let mut run = Run::new(th, args.pos[0], string, 0, i64::MAX)?;
    if let (Filter::Literal(l), Some(s)) = (filter, string.payload::<PyStr>())
        && let Some(l) = l.payload::<PyStr>()
    {
        return substitute_bytes(th, &mut run, s.value(), l.get().bytes(), count);
    }
    let out = th.m.root_vec();
    let (mut done, mut n) = (0, 0i64);
    while count == 0 || n < count {
        if !run.next(th, true)? {
            break;
        }
        let (s, e) = (run.state.start, run.state.end);
        if done < s {
            out.push(part(th, string, done, s)?.bits());
        } else if done == s && s == e && n > 0 {
            // An empty match right after the last one does not count.
            run.advance();
            continue;
        }
        let item = match filter {
            Filter::Literal(l) => l,
            Filter::Call(f) => {
                let m = matched::make(th, args.pos[0], string, &run, 0);
                ops::call(th, f, &[m])?
            }
        };
        if !item.is_none() {
            out.push(item.bits());
        }
        done = e;
        n += 1;
        run.advance();
    }
    let end = run.end;
    drop(run);
    if n == 0 && done == 0 && (string.cast::<PyStr>().is_some() || string.cast::<PyUnicode>().is_some()) {
        return Ok((string, 0));
    }
    if done < end {
        out.push(part(th, string, done, end)?.bits());
    }
    let joiner = part(th, string, 0, 0)?;
    if out.is_empty() {
        return Ok((joiner, n));
    }
    let list = th.new_list(ops::values(&out))?;
    let name = th.intern(b"join");
    let join = ops::getattr(th, joiner, name)?;
    Ok((ops::call(th, join, &[list])?, n))
}

/// The common case: a str searched, a str put in.
fn substitute_bytes(
    th: &mut Thread,
    run: &mut Run<'_>,
    string: Value,
    new: &[u8],
    count: i64,
) -> PyResult<(Value, i64)> {
    let text = th.str_bytes(string);
    let mut out: Vec<u8> = Vec::new();
    let (mut done, mut n) = (0, 0i64);
    while count == 0 || n < count {
        if !run.next(th, true)? {
            break;
        }
        let (s, e) = (run.state.start, run.state.end);
        if done == s && s == e && n > 0 {
            run.advance();
            continue;
        }
        if n == 0 {
            out.reserve(text.len() + new.len());
        }
        out.extend_from_slice(&text[done..s]);
        out.extend_from_slice(new);
        done = e;
        n += 1;
        run.advance();
    }
    if n == 0 {
        return Ok((string, 0));
    }
    out.extend_from_slice(&text[done..]);
    Ok((o::str::from_bytes(th, &out)?, n))
}

pub fn split(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [mut string, most, alias] = args.skip(1).bind(th, "split", ["string", "maxsplit", "source"], 0)?;
    if string.is_none() {
        string = alias;
    }
    let Some(string) = string else {
        return Err(th.type_error("Required argument 'string' (pos 1) not found"));
    };
    let most = match most {
        Some(m) => ops::integer_arg(th, m)?,
        None => 0,
    };
    let mut run = Run::new(th, args.pos[0], string, 0, i64::MAX)?;
    let groups = compiled(args.pos[0]).groups;
    let out = th.m.root_vec();
    let (mut last, mut n) = (0, 0i64);
    while most == 0 || n < most {
        if !run.next(th, true)? {
            break;
        }
        let (s, e) = (run.state.start, run.state.end);
        if s == e {
            if last == run.end {
                break;
            }
            run.advance();
            continue;
        }
        out.push(part(th, string, last, s)?.bits());
        for g in 1..=groups {
            let v = match run.state.span(g) {
                Some((s, e)) => part(th, string, s, e)?,
                None => Value::NONE,
            };
            out.push(v.bits());
        }
        n += 1;
        last = e;
        run.pos = e;
    }
    let end = run.end;
    out.push(part(th, string, last, end)?.bits());
    th.new_list(ops::values(&out))
}
