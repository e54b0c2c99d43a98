//! `generator` as an object; how it runs is in `eval/generator.rs`.

use crate::eval::generator::{FINISHED, RUNNING, Send, resume};
use crate::kinds::kind;
use crate::layout::*;
use crate::native::{Args, GetSetDef, MethodDef, NO_NEW, TypeDef, read_only};
use crate::objects as o;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::lookup;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

/// `generator`.
pub static GENERATOR: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { repr: Some(repr), iter: Some(|_, v| Ok(v)), next: Some(next), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new(
            "send",
            send,
            1,
            1,
            0,
            "send(arg) -> send 'arg' into generator,\nreturn next yielded value or raise StopIteration.",
        ),
        MethodDef::new(
            "throw",
            throw,
            1,
            3,
            0,
            "throw(typ[,val[,tb]]) -> raise exception in generator,\nreturn next yielded value or raise StopIteration.",
        ),
        MethodDef::new("close", close_method, 0, 0, 0, "close() -> raise GeneratorExit inside generator."),
    ],
    getset: &[
        GetSetDef { name: "gi_frame", get: frame, set: Some(read_only), doc: "" },
        GetSetDef { name: "gi_running", get: running, set: Some(read_only), doc: "" },
        GetSetDef {
            name: "gi_code",
            get: |th, v| Ok(as_generator(th, v)?.read(th)?.code.get().unwrap_or(Value::NONE)),
            set: Some(read_only),
            doc: "",
        },
        GetSetDef {
            name: "__name__",
            get: name,
            set: None,
            doc: "Return the name of the generator's associated code object.",
        },
    ],
    ..TypeDef::new("generator", kind::GENERATOR)
};

fn as_generator(th: &mut Thread, v: Value) -> PyResult<Ref<PyGenerator>> {
    match v.cast::<PyGenerator>() {
        Some(g) => Ok(g),
        None => Err(th.type_error("a generator is needed")),
    }
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let g = as_generator(th, v)?;
    let r = resume(th, g, Send::Value(Value::NONE));
    match r {
        Ok(x) => Ok(x),
        Err(e) => {
            e.catch_if(th, o::exceptions::STOP_ITERATION.class())?;
            Ok(None)
        }
    }
}

fn send(th: &mut Thread, a: Args<'_>) -> PyResult {
    let g = as_generator(th, a.pos[0])?;
    match resume(th, g, Send::Value(a.pos[1]))? {
        Some(v) => Ok(v),
        None => Err(th.stop_iteration()),
    }
}

fn throw(th: &mut Thread, a: Args<'_>) -> PyResult {
    let g = as_generator(th, a.pos[0])?;
    let mut class = a.pos[1];
    let mut value = a.get(2).filter(|v| !v.is_none());
    let tb = a.get(3).filter(|v| !v.is_none());
    if let Some(t) = tb
        && !crate::types::is_instance_of(t, &o::traceback::TRACEBACK)
    {
        return Err(th.type_error("throw() third argument must be a traceback object"));
    }
    if o::exceptions::is_exception_class(class) {
        let c = crate::raised::Caught { class, value, traceback: tb };
        let c = o::exceptions::normalize(th, c)?;
        class = c.class;
        value = c.value;
    } else if o::exceptions::is_exception_instance(class) {
        if value.is_some() {
            return Err(th.type_error("instance exception may not have a separate value"));
        }
        value = Some(class);
        class = o::exceptions::class_of(class);
    } else {
        let n = crate::ops::type_name(class);
        return Err(th.type_error(format!("exceptions must be classes, or instances, not {n}")));
    }
    match resume(th, g, Send::Throw(class, value, tb))? {
        Some(v) => Ok(v),
        None => Err(th.stop_iteration()),
    }
}

fn close_method(th: &mut Thread, a: Args<'_>) -> PyResult {
    let g = as_generator(th, a.pos[0])?;
    close(th, g)?;
    Ok(Value::NONE)
}

/// Raises GeneratorExit inside a suspended generator.
pub fn close(th: &mut Thread, g: Ref<PyGenerator>) -> PyResult<()> {
    if g.read(th)?.state.get() == FINISHED {
        return Ok(());
    }
    match resume(th, g, Send::Throw(o::exceptions::GENERATOR_EXIT.class(), None, None)) {
        Ok(Some(_)) => Err(th.runtime_error("generator ignored GeneratorExit")),
        Ok(None) => Ok(()),
        Err(e) => {
            if th.exception_matches(o::exceptions::GENERATOR_EXIT.class())
                || th.exception_matches(o::exceptions::STOP_ITERATION.class())
            {
                e.catch(th)?;
                return Ok(());
            }
            Err(e)
        }
    }
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let n = name(th, v)?;
    let n = lookup::text(th, n);
    Ok(th.new_str(format!("<generator object {n} at {:#x}>", v.bits()).as_bytes()))
}

fn name(th: &mut Thread, v: Value) -> PyResult {
    let g = as_generator(th, v)?;
    let c = g.read(th)?.code.get().and_then(|c| c.cast::<PyCode>());
    Ok(c.map_or(Value::NONE, |c| c.name))
}

fn running(th: &mut Thread, v: Value) -> PyResult {
    let g = as_generator(th, v)?;
    let s = g.read(th)?.state.get();
    Ok(Value::int_unchecked((s == RUNNING) as i64))
}

fn frame(th: &mut Thread, v: Value) -> PyResult {
    let g = as_generator(th, v)?;
    o::frame::object_of_generator(th, g)
}
