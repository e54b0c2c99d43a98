//! `thread`: what module `threading` is built on.

use interpreter::native::{Args, MethodDef, ModuleDef, VARIADIC};
use interpreter::objects::exceptions as exc;
use interpreter::threads::{self, error, live, lock};
use interpreter::value::Value;
use interpreter::{PyResult, Thread, ops};

/// `thread`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "thread",
    doc: Some("Threads and locks, as they are underneath.\nModule 'threading' is the convenient interface."),
    functions: &[
        MethodDef::new("start_new_thread", start_new_thread, 0, VARIADIC, 0, START),
        MethodDef::new("start_new", start_new_thread, 0, VARIADIC, 0, START),
        MethodDef::new("allocate_lock", allocate_lock, 0, 0, 0, "allocate_lock() -> a new lock, free"),
        MethodDef::new("allocate", allocate_lock, 0, 0, 0, "allocate() -> a new lock, free"),
        MethodDef::new(
            "get_ident",
            get_ident,
            0,
            0,
            0,
            "get_ident() -> a non-zero number that no other thread has",
        ),
        MethodDef::new("exit", exit, 0, 0, 0, "exit()\n\nEnds the thread: raises SystemExit."),
        MethodDef::new("exit_thread", exit, 0, 0, 0, "exit_thread()\n\nEnds the thread: raises SystemExit."),
        MethodDef::new(
            "interrupt_main",
            interrupt_main,
            0,
            0,
            0,
            "interrupt_main()\n\nMakes the main thread act as if it got a SIGINT.",
        ),
        MethodDef::new(
            "stack_size",
            stack_size,
            0,
            1,
            0,
            "stack_size([size]) -> size so far\n\nNative stack of threads started from now on; 0: the default.",
        ),
        MethodDef::new(
            "_count",
            count,
            0,
            0,
            0,
            "_count() -> number of threads that this module has started and that have not ended",
        ),
    ],
    types: &[&threads::LOCAL],
    init: Some(|th, module| {
        let e = error::class(th)?;
        let lock_type = interpreter::types::ready::ready(th, &threads::LOCK)?;
        for (name, v) in [("error", e), ("LockType", lock_type)] {
            let n = th.intern(name.as_bytes());
            ops::setattr(th, module, n, Some(v))?;
        }
        Ok(())
    }),
};

const START: &str = "start_new_thread(function, args[, kwargs]) -> identifier\n\nStarts a thread that calls function(*args, **kwargs). It ends when the function returns; an exception other than\nSystemExit is printed.";

fn start_new_thread(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = args.len();
    if n < 2 {
        return Err(th.type_error(format!("start_new_thread expected at least 2 arguments, got {n}")));
    }
    if n > 3 {
        return Err(th.type_error(format!("start_new_thread expected at most 3 arguments, got {n}")));
    }
    let f = args.pos[0];
    if !ops::callable(th, f) {
        return Err(th.type_error("first arg must be callable"));
    }
    if args.pos[1].payload::<interpreter::layout::PyTuple>().is_none() {
        return Err(th.type_error("2nd arg must be a tuple"));
    }
    let kwargs = match args.get(2) {
        Some(d) if interpreter::objects::dict::is_dict(d) => d,
        Some(_) => return Err(th.type_error("optional 3rd arg must be a dictionary")),
        None => Value::NONE,
    };
    let ident = threads::start(th, f, args.pos[1], kwargs)?;
    Ok(th.int(ident as i64))
}

fn allocate_lock(th: &mut Thread, _: Args<'_>) -> PyResult {
    lock::new(th)
}

fn get_ident(th: &mut Thread, _: Args<'_>) -> PyResult {
    Ok(th.int(th.ident as i64))
}

fn exit(th: &mut Thread, _: Args<'_>) -> PyResult {
    Err(th.raise(exc::SYSTEM_EXIT.class(), None))
}

fn interrupt_main(th: &mut Thread, _: Args<'_>) -> PyResult {
    th.at_commit(|_| interpreter::signals::interrupt_main());
    Ok(Value::NONE)
}

fn stack_size(th: &mut Thread, args: Args<'_>) -> PyResult {
    let old = threads::start::stack_size();
    if let Some(v) = args.get(0) {
        let n = ops::index_i64(th, v, Some(&exc::OVERFLOW_ERROR))?;
        if n < 0 {
            return Err(th.value_error("size must be 0 or a positive value"));
        }
        if !threads::start::set_stack_size(n as usize) {
            return Err(th.value_error(format!("size not valid: {n} bytes")));
        }
    }
    Ok(th.int(old as i64))
}

fn count(th: &mut Thread, _: Args<'_>) -> PyResult {
    Ok(th.int(live::started() as i64))
}
