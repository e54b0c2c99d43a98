//! `Unpickler` objects, `load` and `loads`.

use super::errors::UNPICKLING_ERROR;
use super::load::Loader;
use super::load_memo::LoadMemo;
use super::source::{Source, methods_of};
use crate::cstringio;
use interpreter::kinds::kind;
use interpreter::layout::{PyDict, PyRecord, PyStr, Ref};
use interpreter::native::{Args, GetSetDef, MethodDef, NO_NEW, TypeDef};
use interpreter::{PyResult, Slot, Thread, Value, objects as o, ops};

const FILE: usize = 0;
/// `read` and `readline` of what is neither a file nor a `cStringIO` reader.
const READ: usize = 1;
const READLINE: usize = 2;
const MEMO: usize = 3;
const PERSISTENT: usize = 4;
const FIND_GLOBAL: usize = 5;

/// The type of unpicklers.
pub static UNPICKLER: TypeDef = TypeDef {
    module: "cPickle",
    doc: Some("Objects that know how to unpickle"),
    flags: NO_NEW,
    methods: &[
        MethodDef::new("load", |th, a| run(th, a.pos[0], false), 0, 0, 0, "load() -- Load a pickle"),
        MethodDef::new(
            "noload",
            |th, a| run(th, a.pos[0], true),
            0,
            0,
            0,
            "noload() -- go through a pickle without making objects or importing modules: it is passed over, and its persistent ids are met",
        ),
    ],
    getset: &[
        GetSetDef {
            name: "persistent_load",
            get: |th, v| function(th, v, PERSISTENT, "persistent_load"),
            set: Some(|th, v, x| set(th, v, PERSISTENT, x)),
            doc: "",
        },
        GetSetDef {
            name: "find_global",
            get: |th, v| function(th, v, FIND_GLOBAL, "find_global"),
            set: Some(|th, v, x| set(th, v, FIND_GLOBAL, x)),
            doc: "",
        },
        GetSetDef { name: "memo", get: |th, v| function(th, v, MEMO, "memo"), set: Some(set_memo), doc: "" },
        GetSetDef { name: "UnpicklingError", get: |_, _| Ok(UNPICKLING_ERROR.class()), set: None, doc: "" },
    ],
    ..TypeDef::new("Unpickler", kind::RECORD)
};

fn record(th: &mut Thread, v: Value) -> PyResult<Ref<PyRecord>> {
    match v.cast::<PyRecord>() {
        Some(r) => Ok(r),
        None => Err(o::list::not_a(th, "cPickle.Unpickler", v)),
    }
}

fn slot(th: &mut Thread, v: Value, i: usize) -> PyResult<Slot> {
    let r = record(th, v)?;
    Ok(r.read(th)?.at(i).get())
}

fn set(th: &mut Thread, v: Value, i: usize, x: Slot) -> PyResult<()> {
    let r = record(th, v)?;
    r.write(th)?.at(i).set(x);
    Ok(())
}

fn function(th: &mut Thread, v: Value, i: usize, name: &'static str) -> PyResult {
    match slot(th, v, i)? {
        Some(f) => Ok(f),
        None => Err(th.attribute_error(name)),
    }
}

fn set_memo(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    match x {
        None => Err(th.type_error("attribute deletion is not supported")),
        Some(d) if o::dict::is_dict(d) => set(th, v, MEMO, x),
        Some(_) => Err(th.type_error("memo must be a dictionary")),
    }
}

/// Checks that a file can be read from; its `read` and `readline` if these are what is called.
fn open(th: &mut Thread, file: Value) -> PyResult<(Slot, Slot)> {
    if o::file::is_file(file) {
        return match o::file::descriptor(file) {
            Some(_) => Ok((None, None)),
            None => Err(th.value_error("I/O operation on closed file")),
        };
    }
    if cstringio::is_reader(file) {
        return Ok((None, None));
    }
    let (read, readline) = methods_of(th, file)?;
    Ok((Some(read), Some(readline)))
}

/// Runs a pickle from what [`open`] has looked at.
fn run_from(
    th: &mut Thread,
    file: Value,
    methods: (Slot, Slot),
    prepare: impl FnOnce(&mut Thread, Source) -> PyResult<Loader>,
) -> PyResult {
    if let (Some(read), Some(readline)) = methods {
        let mut l = prepare(th, Source::methods(read, readline))?;
        return l.run(th);
    }
    if o::file::is_file(file) {
        let mut l = prepare(th, Source::file(file))?;
        return l.run(th);
    }
    let (text, at) = cstringio::reader_contents(th, file)?;
    let mut l = prepare(th, Source::memory(text, at))?;
    let r = l.run(th);
    let place = l.source.place();
    match r {
        Ok(v) => cstringio::move_reader(th, file, place).map(|()| v),
        Err(e) => {
            let caught = e.catch(th)?;
            cstringio::move_reader(th, file, place)?;
            Err(th.reraise(caught))
        }
    }
}

/// `Unpickler(file)`.
pub fn make(th: &mut Thread, args: Args<'_>) -> PyResult {
    let file = args.pos[0];
    let (read, readline) = open(th, file)?;
    let memo = th.new_dict();
    Ok(th.new_record(&UNPICKLER, &[Some(file), read, readline, Some(memo), None, None]))
}

fn run(th: &mut Thread, v: Value, idle: bool) -> PyResult {
    let file = slot(th, v, FILE)?.unwrap_or(Value::NONE);
    let methods = (slot(th, v, READ)?, slot(th, v, READLINE)?);
    run_from(th, file, methods, |th, source| {
        let Some(memo) = slot(th, v, MEMO)?.and_then(|m| m.payload::<PyDict>()) else {
            return Err(th.attribute_error("memo"));
        };
        let mut l = Loader::new(th, source, LoadMemo::Shown(memo));
        l.persistent_load = slot(th, v, PERSISTENT)?;
        l.find_global = slot(th, v, FIND_GLOBAL)?;
        l.idle = idle;
        Ok(l)
    })
}

/// `load(file)`.
pub fn load(th: &mut Thread, args: Args<'_>) -> PyResult {
    let file = args.pos[0];
    let methods = open(th, file)?;
    run_from(th, file, methods, |th, source| {
        let memo = LoadMemo::new(th)?;
        Ok(Loader::new(th, source, memo))
    })
}

/// `loads(string)`.
pub fn loads(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = args.pos[0];
    if s.payload::<PyStr>().is_none() {
        let n = if s.is_none() { "None".to_owned() } else { ops::type_name(s) };
        return Err(th.type_error(format!("loads() argument 1 must be string, not {n}")));
    }
    let memo = LoadMemo::new(th)?;
    Loader::new(th, Source::memory(s, 0), memo).run(th)
}
