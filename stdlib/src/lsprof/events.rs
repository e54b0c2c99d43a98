//! Entering and leaving functions.

use super::profiler::{self, CURRENT, ENTRIES, SUBCALLS};
use interpreter::kinds::kind;
use interpreter::layout::{PyBuiltin, PyDict, PyRecord, PyStr, Ref};
use interpreter::name::Name;
use interpreter::native::{Args, MethodDef, NO_NEW, TypeDef};
use interpreter::types::{lookup, type_of};
use interpreter::{PyResult, Slot, Thread, Value, objects as o, ops};

/// What is known of a function, or of its calls by one caller.
pub static ENTRY: TypeDef =
    TypeDef { module: "_lsprof", flags: NO_NEW, ..TypeDef::new("_entry", kind::RECORD) };
/// A call under way.
pub static CONTEXT: TypeDef =
    TypeDef { module: "_lsprof", flags: NO_NEW, ..TypeDef::new("_context", kind::RECORD) };

// Slots of an entry: code object or text, numbers of calls and of recursive ones among them, ticks with and without
// what was called, calls under way, and the entries of what it calls by their keys.
pub const CODE: usize = 0;
pub const CALLS: usize = 1;
pub const RECURSIVE: usize = 2;
pub const TOTAL: usize = 3;
pub const INLINE: usize = 4;
pub const LEVEL: usize = 5;
pub const CALLEES: usize = 6;

// Slots of a context: entry, key, ticks at its beginning, ticks spent in what it called, the context around it.
const OF: usize = 0;
const KEY: usize = 1;
const BEGUN: usize = 2;
const SPENT: usize = 3;
const AROUND: usize = 4;

static F_CODE: Name = Name::new("f_code");

/// What the thread calls as its profile function, bound to a profiler.
pub static HOOK: MethodDef = MethodDef::new("_event", hook, 3, 3, 0, "");

type Record = Ref<PyRecord>;

pub fn number(th: &Thread, r: Record, i: usize) -> PyResult<i64> {
    Ok(r.read(th)?.at(i).get().and_then(Value::as_small_int).unwrap_or(0))
}

fn add(th: &Thread, r: Record, i: usize, n: i64) -> PyResult<i64> {
    let s = r.write(th)?;
    let n = s.at(i).get().and_then(Value::as_small_int).unwrap_or(0).saturating_add(n);
    s.at(i).set(Value::from_small_int(n));
    Ok(n)
}

fn part(th: &Thread, r: Record, i: usize) -> PyResult<Slot> {
    Ok(r.read(th)?.at(i).get())
}

fn record(v: Slot) -> Option<Record> {
    v.and_then(|v| v.cast::<PyRecord>())
}

fn new_entry(th: &mut Thread, code: Value) -> Value {
    let zero = Value::from_small_int(0);
    th.new_record(&ENTRY, &[Some(code), zero, zero, zero, zero, zero, None])
}

/// The entry of a key in a table, made if need be.
fn entry_in(th: &mut Thread, table: Value, key: Value, code: Value) -> PyResult<Option<Record>> {
    let Some(t) = table.payload::<PyDict>() else { return Ok(None) };
    if let Some(e) = o::dict::get(th, t, key)? {
        return Ok(e.cast::<PyRecord>());
    }
    let e = new_entry(th, code);
    o::dict::set(th, t, key, e)?;
    Ok(e.cast::<PyRecord>())
}

/// The entry for what one entry calls, made if need be.
fn callee_entry(th: &mut Thread, caller: Record, key: Value, code: Value) -> PyResult<Option<Record>> {
    let table = match part(th, caller, CALLEES)? {
        Some(t) => t,
        None => {
            let t = th.new_dict();
            caller.write(th)?.at(CALLEES).set(Some(t));
            t
        }
    };
    entry_in(th, table, key, code)
}

/// How the report names a native function.
fn native_name(th: &mut Thread, v: Value, b: &PyBuiltin) -> PyResult {
    let name = b.def.name;
    match b.receiver {
        None => {
            let module = match b.owner {
                Some(m) if m.payload::<PyStr>().is_some() => {
                    String::from_utf8_lossy(th.str_bytes(m)).into_owned()
                }
                _ => "__builtin__".to_owned(),
            };
            let text = match &module[..] {
                "__builtin__" => format!("<{name}>"),
                _ => format!("<{module}.{name}>"),
            };
            th.try_str(text.as_bytes())
        }
        Some(me) => {
            let key = th.intern(name.as_bytes());
            match lookup::type_lookup(th, type_of(me), key) {
                Some(m) if m != v => ops::repr(th, m),
                _ => th.try_str(format!("<built-in method {name}>").as_bytes()),
            }
        }
    }
}

fn enter(th: &mut Thread, me: Value, key: Value, code: Option<Value>, native: Value) -> PyResult<()> {
    let p = profiler::record(th, me)?;
    let entries = part(th, p, ENTRIES)?.unwrap_or(Value::NONE);
    let known = match entries.payload::<PyDict>() {
        Some(t) => o::dict::get(th, t, key)?,
        None => None,
    };
    let entry = match known {
        Some(e) => e,
        None => {
            let code = match (code, native.cast::<PyBuiltin>()) {
                (Some(c), _) => c,
                (None, Some(b)) => native_name(th, native, b.get())?,
                _ => native,
            };
            match entry_in(th, entries, key, code)? {
                Some(e) => e.value(),
                None => return Ok(()),
            }
        }
    };
    let Some(e) = entry.cast::<PyRecord>() else { return Ok(()) };
    add(th, e, LEVEL, 1)?;
    let around = part(th, p, CURRENT)?;
    if let Some(caller) = record(around)
        && number(th, p, SUBCALLS)? != 0
        && let Some(caller) = record(part(th, caller, OF)?)
    {
        let code = part(th, e, CODE)?.unwrap_or(Value::NONE);
        if let Some(sub) = callee_entry(th, caller, key, code)? {
            add(th, sub, LEVEL, 1)?;
        }
    }
    let zero = Value::from_small_int(0);
    let context = th.new_record(&CONTEXT, &[Some(entry), Some(key), zero, zero, around]);
    p.write(th)?.at(CURRENT).set(Some(context));
    let now = profiler::ticks(th, me)?;
    if let Some(c) = context.cast::<PyRecord>() {
        c.write(th)?.at(BEGUN).set(Value::from_small_int(now));
    }
    Ok(())
}

/// Counts a call that ends.
fn finish(th: &Thread, e: Record, total: i64, inline: i64) -> PyResult<()> {
    if add(th, e, LEVEL, -1)? == 0 {
        add(th, e, TOTAL, total)?;
    } else {
        add(th, e, RECURSIVE, 1)?;
    }
    add(th, e, INLINE, inline)?;
    add(th, e, CALLS, 1)?;
    Ok(())
}

/// Ends the call under way.
fn leave_one(th: &mut Thread, me: Value, context: Record) -> PyResult<()> {
    let p = profiler::record(th, me)?;
    let now = profiler::ticks(th, me)?;
    let total = now - number(th, context, BEGUN)?;
    let inline = total - number(th, context, SPENT)?;
    let around = part(th, context, AROUND)?;
    p.write(th)?.at(CURRENT).set(around);
    if let Some(around) = record(around) {
        add(th, around, SPENT, total)?;
    }
    if let Some(e) = record(part(th, context, OF)?) {
        finish(th, e, total, inline)?;
        if let Some(around) = record(around)
            && number(th, p, SUBCALLS)? != 0
            && let Some(caller) = record(part(th, around, OF)?)
        {
            let key = part(th, context, KEY)?.unwrap_or(Value::NONE);
            let code = part(th, e, CODE)?.unwrap_or(Value::NONE);
            if let Some(sub) = callee_entry(th, caller, key, code)? {
                finish(th, sub, total, inline)?;
            }
        }
    }
    Ok(())
}

fn leave(th: &mut Thread, me: Value, key: Value) -> PyResult<()> {
    let p = profiler::record(th, me)?;
    let Some(context) = record(part(th, p, CURRENT)?) else { return Ok(()) };
    let entries = part(th, p, ENTRIES)?.unwrap_or(Value::NONE);
    let known = match entries.payload::<PyDict>() {
        Some(t) => o::dict::get(th, t, key)?.is_some(),
        None => false,
    };
    if known {
        return leave_one(th, me, context);
    }
    let around = part(th, context, AROUND)?;
    p.write(th)?.at(CURRENT).set(around);
    Ok(())
}

/// Ends all calls under way.
pub fn flush(th: &mut Thread, me: Value) -> PyResult<()> {
    let p = profiler::record(th, me)?;
    while let Some(c) = record(part(th, p, CURRENT)?) {
        leave_one(th, me, c)?;
    }
    Ok(())
}

/// A function's key: the place of its code or of its declaration.
fn key_of(th: &Thread, word: u64) -> Value {
    th.int((word & 0x3fff_ffff_ffff_ffff) as i64)
}

fn hook(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [me, frame, event, arg, ..] = *args.pos else { return Ok(Value::NONE) };
    let event = th.str_bytes(event);
    match event {
        b"call" | b"return" => {
            let code = ops::getattr_name(th, frame, &F_CODE)?;
            let key = key_of(th, code.bits());
            if event == b"call" {
                enter(th, me, key, Some(code), Value::NONE)?;
            } else {
                leave(th, me, key)?;
            }
        }
        b"c_call" | b"c_return" | b"c_exception" if profiler::wants_natives(th, me)? => {
            let Some(b) = arg.cast::<PyBuiltin>() else { return Ok(Value::NONE) };
            let key = key_of(th, std::ptr::from_ref(b.get().def).addr() as u64);
            if event == b"c_call" {
                enter(th, me, key, None, arg)?;
            } else {
                leave(th, me, key)?;
            }
        }
        _ => {}
    }
    Ok(Value::NONE)
}
