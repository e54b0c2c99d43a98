//! The functions of `sys`.

use interpreter::native::{Args, BLOCKS, MethodDef};
use interpreter::objects::{self as o, exceptions};
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread, codecs, names, ops};
use std::sync::atomic::{AtomicI32, Ordering};

/// The table.
pub static FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "displayhook",
        displayhook,
        1,
        1,
        0,
        "displayhook(object) -> None\n\nPrint an object to sys.stdout and also save it in __builtin__._\n",
    ),
    MethodDef::new(
        "exc_info",
        exc_info,
        0,
        0,
        0,
        "exc_info() -> (type, value, traceback)\n\nInformation about the exception being handled.",
    ),
    MethodDef::new(
        "exc_clear",
        exc_clear,
        0,
        0,
        0,
        "exc_clear() -> None\n\nForget the exception being handled.",
    ),
    MethodDef::new(
        "exit",
        exit,
        0,
        1,
        0,
        "exit([status])\n\nExit the interpreter by raising SystemExit(status).",
    ),
    MethodDef::new(
        "getdefaultencoding",
        |th, _| Ok(th.new_str(codecs::default_encoding().as_bytes())),
        0,
        0,
        0,
        "getdefaultencoding() -> string",
    ),
    MethodDef::new("setdefaultencoding", setdefaultencoding, 1, 1, 0, "setdefaultencoding(encoding)"),
    MethodDef::new(
        "getfilesystemencoding",
        |th, _| Ok(th.new_str(interpreter::paths::filesystem_encoding().as_bytes())),
        0,
        0,
        0,
        "getfilesystemencoding() -> string",
    ),
    MethodDef::new(
        "getrecursionlimit",
        |th, _| Ok(th.int(th.rt.recursion_limit() as i64)),
        0,
        0,
        0,
        "getrecursionlimit()",
    ),
    MethodDef::new("setrecursionlimit", setrecursionlimit, 1, 1, 0, "setrecursionlimit(n)"),
    MethodDef::new(
        "getcheckinterval",
        getcheckinterval,
        0,
        0,
        0,
        "getcheckinterval() -> current check interval; see setcheckinterval().",
    ),
    MethodDef::new("setcheckinterval", setcheckinterval, 1, 1, 0, "setcheckinterval(n)"),
    MethodDef::new(
        "getrefcount",
        getrefcount,
        1,
        1,
        BLOCKS,
        "getrefcount(object) -> integer\n\nThe number of objects that refer to it, plus one for the argument. Nothing is counted while the program runs: this searches the heap.",
    ),
    MethodDef::new(
        "getsizeof",
        getsizeof,
        1,
        2,
        interpreter::native::KEYWORDS,
        "getsizeof(object, default) -> int\n\nReturn the size of object in bytes.",
    ),
    MethodDef::new("_getframe", getframe, 0, 1, 0, "_getframe([depth]) -> frameobject"),
    MethodDef::new("_current_frames", current_frames, 0, 0, 0, "_current_frames() -> dictionary"),
    MethodDef::new("_clear_type_cache", |_, _| Ok(Value::NONE), 0, 0, 0, "_clear_type_cache() -> None"),
    MethodDef::new("settrace", settrace, 1, 1, 0, "settrace(function)"),
    MethodDef::new("gettrace", |th, _| Ok(th.trace_func.unwrap_or(Value::NONE)), 0, 0, 0, "gettrace()"),
    MethodDef::new("setprofile", setprofile, 1, 1, 0, "setprofile(function)"),
    MethodDef::new("getprofile", |th, _| Ok(th.profile_func.unwrap_or(Value::NONE)), 0, 0, 0, "getprofile()"),
    MethodDef::new("call_tracing", call_tracing, 2, 2, 0, "call_tracing(func, args) -> object"),
    MethodDef::new("callstats", |_, _| Ok(Value::NONE), 0, 0, 0, "callstats() -> None"),
    MethodDef::new(
        "getdlopenflags",
        |th, _| Ok(th.int(i64::from(DLOPEN_FLAGS.load(Ordering::Relaxed)))),
        0,
        0,
        0,
        "getdlopenflags() -> int",
    ),
    MethodDef::new("setdlopenflags", setdlopenflags, 1, 1, 0, "setdlopenflags(n) -> None"),
];

fn displayhook(th: &mut Thread, a: Args<'_>) -> PyResult {
    let v = a.pos[0];
    if v.is_none() {
        return Ok(Value::NONE);
    }
    let Some(builtins) = th.rt.builtins.get() else { return Err(th.runtime_error("lost __builtin__")) };
    let underscore = th.intern(b"_");
    o::dict::set_str(th, builtins, underscore, Value::NONE)?;
    let Some(out) = interpreter::eval::build::sys_attribute(th, &names::stdout)? else {
        return Err(th.runtime_error("lost sys.stdout"));
    };
    let text = ops::repr(th, v)?;
    if o::file::soft_space(th, out, false)? {
        let nl = th.new_str(b"\n");
        o::file::write_object(th, out, nl)?;
    }
    o::file::write_object(th, out, text)?;
    let nl = th.new_str(b"\n");
    o::file::write_object(th, out, nl)?;
    o::dict::set_str(th, builtins, underscore, v)?;
    Ok(Value::NONE)
}

fn exc_info(th: &mut Thread, _: Args<'_>) -> PyResult {
    let t = th.exc_info.map(|v| v.unwrap_or(Value::NONE));
    th.try_tuple(&t)
}

fn exc_clear(th: &mut Thread, _: Args<'_>) -> PyResult {
    th.exc_info = [None; 3];
    Ok(Value::NONE)
}

fn exit(th: &mut Thread, a: Args<'_>) -> PyResult {
    Err(th.raise(exceptions::SYSTEM_EXIT.class(), a.get(0)))
}

fn setdefaultencoding(th: &mut Thread, a: Args<'_>) -> PyResult {
    let name = String::from_utf8_lossy(th.str_bytes(a.pos[0])).into_owned();
    codecs::set_default_encoding(th, &name)?;
    Ok(Value::NONE)
}

fn setrecursionlimit(th: &mut Thread, a: Args<'_>) -> PyResult {
    let n = ops::int32_arg(th, a.pos[0])?;
    if n <= 0 {
        return Err(th.value_error("recursion limit must be positive"));
    }
    th.rt.set_recursion_limit(n as u32);
    Ok(Value::NONE)
}

fn getcheckinterval(th: &mut Thread, _: Args<'_>) -> PyResult {
    let n = th.rt.check_interval.get();
    Ok(th.int(n as i64))
}

fn setcheckinterval(th: &mut Thread, a: Args<'_>) -> PyResult {
    let n = ops::int32_arg(th, a.pos[0])?;
    th.rt.check_interval.set(n as i64);
    Ok(Value::NONE)
}

fn getsizeof(th: &mut Thread, a: Args<'_>) -> PyResult {
    let [v, _default] = a.bind(th, "getsizeof", ["object", "default"], 1)?;
    let v = v.unwrap_or(Value::NONE);
    let n = th.intern(b"__sizeof__");
    match ops::lookup_special(th, v, n)? {
        Some(m) => ops::call(th, m, &[]),
        None => {
            let size = v.as_obj().map_or(8, gc_stm::size_of_object);
            Ok(th.int(size as i64))
        }
    }
}

fn getframe(th: &mut Thread, a: Args<'_>) -> PyResult {
    let mut n = match a.get(0) {
        Some(v) => ops::int32_arg(th, v)?.max(0),
        None => 0,
    };
    let mut f = th.frame;
    while n > 0 && !f.is_null() {
        // SAFETY: the chain of live frames.
        f = unsafe { (*f).prev };
        n -= 1;
    }
    if f.is_null() {
        return Err(th.value_error("call stack is not deep enough"));
    }
    Ok(o::frame::object_of(th, f))
}

/// The top frame of each thread: this one's own, copies of the others'.
fn current_frames(th: &mut Thread, _: Args<'_>) -> PyResult {
    let d = th.new_dict();
    for (ident, frame) in interpreter::threads::foreign::top_frames(th)? {
        let id = th.int(ident as i64);
        if let Some(r) = d.cast() {
            o::dict::set(th, r, id, frame)?;
        }
    }
    if !th.frame.is_null() {
        let f = o::frame::object_of(th, th.frame);
        let id = th.int(th.ident as i64);
        if let Some(r) = d.cast() {
            o::dict::set(th, r, id, f)?;
        }
    }
    Ok(d)
}

fn hook(v: Value) -> Slot {
    if v.is_none() { None } else { Some(v) }
}

fn settrace(th: &mut Thread, a: Args<'_>) -> PyResult {
    th.trace_func = hook(a.pos[0]);
    th.update_tracing();
    Ok(Value::NONE)
}

fn setprofile(th: &mut Thread, a: Args<'_>) -> PyResult {
    th.profile_func = hook(a.pos[0]);
    th.update_tracing();
    Ok(Value::NONE)
}

fn call_tracing(th: &mut Thread, a: Args<'_>) -> PyResult {
    let args = ops::collect(th, a.pos[1])?;
    let kept = th.tracing;
    th.tracing = 0;
    th.update_tracing();
    let r = ops::call(th, a.pos[0], ops::values(&args));
    th.tracing = kept;
    th.update_tracing();
    r
}

fn setdlopenflags(th: &mut Thread, a: Args<'_>) -> PyResult {
    let n = ops::int32_arg(th, a.pos[0])?;
    DLOPEN_FLAGS.store(n, Ordering::Relaxed);
    Ok(Value::NONE)
}

/// What `dlopen` is to be told.
static DLOPEN_FLAGS: AtomicI32 = AtomicI32::new(libc::RTLD_NOW);

fn getrefcount(th: &mut Thread, a: Args<'_>) -> PyResult {
    // What is dropped does not refer any more.
    th.commit_at_once()?;
    th.collect_all(getrefcount);
    let n = a.pos[0].as_obj().map_or(0, |obj| th.m.referrers_of(obj).len());
    Ok(th.int(n as i64 + 1))
}
