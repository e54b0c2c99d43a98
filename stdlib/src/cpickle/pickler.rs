//! `Pickler` objects, `dump` and `dumps`.

use super::errors::{PICKLING_ERROR, pickling_error};
use super::memo::Memo;
use super::opcodes::*;
use super::save::{Note, Saver, numbered};
use interpreter::kinds::kind;
use interpreter::layout::{PyDict, PyList, PyRecord, PyStr, PyTuple, Ref};
use interpreter::native::{Args, GetSetDef, MethodDef, NO_NEW, TypeDef};
use interpreter::{PyResult, Slot, Thread, Value, names, objects as o, ops};

/// The highest protocol there is.
pub const HIGHEST: i32 = 2;

/// Where the pickles go: a file, an object with `write`, None (nowhere); for a list-based pickler its list of strs, of
/// numbers (put) and of tuples of a number (get).
const TARGET: usize = 0;
/// The target's `write`, unless it is a file.
const WRITE: usize = 1;
const MEMO: usize = 2;
const PERSISTENT: usize = 3;
const INST_PERSISTENT: usize = 4;
const PROTOCOL: usize = 5;
const BINARY: usize = 6;
const FAST: usize = 7;
/// True for a list-based pickler.
const LIST_BASED: usize = 8;

/// The type of picklers.
pub static PICKLER: TypeDef = TypeDef {
    module: "cPickle",
    doc: Some("Objects that know how to pickle objects\n"),
    flags: NO_NEW,
    methods: &[
        MethodDef::new(
            "dump",
            dump_method,
            1,
            2,
            0,
            "dump(object) -- Write an object in pickle format to the object's pickle stream",
        ),
        MethodDef::new("clear_memo", clear_memo, 0, 0, 0, "clear_memo() -- Clear the picklers memo"),
        MethodDef::new("getvalue", getvalue, 0, 1, 0, "getvalue() -- Finish picking a list-based pickle"),
    ],
    getset: &[
        GetSetDef {
            name: "persistent_id",
            get: |th, v| match slot(th, v, PERSISTENT)? {
                Some(f) => Ok(f),
                None => Err(th.attribute_error("persistent_id")),
            },
            set: Some(|th, v, x| set_function(th, v, x, PERSISTENT)),
            doc: "",
        },
        GetSetDef {
            name: "inst_persistent_id",
            get: |th, _| {
                Err(th.attribute_error(
                    "attribute 'inst_persistent_id' of 'cPickle.Pickler' objects is not readable",
                ))
            },
            set: Some(|th, v, x| set_function(th, v, x, INST_PERSISTENT)),
            doc: "",
        },
        GetSetDef {
            name: "memo",
            get: |th, v| Ok(slot(th, v, MEMO)?.unwrap_or(Value::NONE)),
            set: Some(set_memo),
            doc: "",
        },
        GetSetDef { name: "PicklingError", get: |_, _| Ok(PICKLING_ERROR.class()), set: None, doc: "" },
        GetSetDef {
            name: "binary",
            get: |th, v| Ok(slot(th, v, BINARY)?.unwrap_or(Value::NONE)),
            set: Some(|th, v, x| set_number(th, v, x, BINARY)),
            doc: "",
        },
        GetSetDef {
            name: "fast",
            get: |th, v| Ok(slot(th, v, FAST)?.unwrap_or(Value::NONE)),
            set: Some(|th, v, x| set_number(th, v, x, FAST)),
            doc: "",
        },
    ],
    ..TypeDef::new("Pickler", kind::RECORD)
};

fn record(th: &mut Thread, v: Value) -> PyResult<Ref<PyRecord>> {
    match v.cast::<PyRecord>() {
        Some(r) => Ok(r),
        None => Err(o::list::not_a(th, "cPickle.Pickler", v)),
    }
}

fn slot(th: &mut Thread, v: Value, i: usize) -> PyResult<Slot> {
    let r = record(th, v)?;
    Ok(r.read(th)?.at(i).get())
}

fn number(th: &mut Thread, v: Value, i: usize) -> PyResult<i64> {
    Ok(slot(th, v, i)?.and_then(Value::as_small_int).unwrap_or(0))
}

fn set(th: &mut Thread, v: Value, i: usize, x: Slot) -> PyResult<()> {
    let r = record(th, v)?;
    r.write(th)?.at(i).set(x);
    Ok(())
}

fn set_function(th: &mut Thread, v: Value, x: Slot, i: usize) -> PyResult<()> {
    if x.is_none() {
        return Err(th.type_error("attribute deletion is not supported"));
    }
    set(th, v, i, x)
}

fn set_memo(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    match x {
        None => Err(th.type_error("attribute deletion is not supported")),
        Some(d) if o::dict::is_dict(d) => set(th, v, MEMO, x),
        Some(_) => Err(th.type_error("memo must be a dictionary")),
    }
}

fn set_number(th: &mut Thread, v: Value, x: Slot, i: usize) -> PyResult<()> {
    let Some(x) = x else { return Err(th.type_error("can't delete numeric/char attribute")) };
    let n = ops::int32_arg(th, x)?;
    set(th, v, i, Value::from_small_int(n.into()))
}

/// A protocol number; negative: the highest.
fn protocol(th: &mut Thread, v: Slot) -> PyResult<i32> {
    let n = match v {
        Some(v) => ops::int32_arg(th, v)?,
        None => 0,
    };
    match n {
        ..0 => Ok(HIGHEST),
        0..=HIGHEST => Ok(n),
        _ => Err(th.value_error(format!(
            "pickle protocol {n} asked for; the highest available protocol is {HIGHEST}"
        ))),
    }
}

/// What takes the pickles written to `file`: its `write`; none for files and None.
fn writer(th: &mut Thread, file: Value) -> PyResult<Slot> {
    if o::file::is_file(file) {
        return match o::file::descriptor(file) {
            Some(_) => Ok(None),
            None => Err(th.value_error("I/O operation on closed file")),
        };
    }
    if file.is_none() {
        return Ok(None);
    }
    let name = names::write.get(th);
    match ops::getattr(th, file, name) {
        Ok(f) => Ok(Some(f)),
        Err(e) => {
            e.catch(th)?;
            Err(th.type_error("argument must have 'write' attribute"))
        }
    }
}

fn deliver(th: &mut Thread, file: Value, write: Slot, bytes: &[u8]) -> PyResult<()> {
    match write {
        Some(f) => {
            let s = th.try_str(bytes)?;
            ops::call(th, f, &[s])?;
            Ok(())
        }
        None if file.is_none() => Ok(()),
        None => o::file::write_bytes(th, file, bytes),
    }
}

/// `dumps(obj, protocol=0)`.
pub fn dumps(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [v, p] = args.bind(th, "dumps", ["obj", "protocol"], 1)?;
    let p = protocol(th, p)?;
    let memo = Memo::new(th);
    let mut s = Saver::new(th, p, memo)?;
    s.dump(th, v.unwrap_or(Value::NONE))?;
    th.try_str(&s.out)
}

/// `dump(obj, file, protocol=0)`.
pub fn dump(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [v, file, p] = args.bind(th, "", ["obj", "file", "protocol"], 2)?;
    let p = protocol(th, p)?;
    let file = file.unwrap_or(Value::NONE);
    let write = writer(th, file)?;
    let memo = Memo::new(th);
    let mut s = Saver::new(th, p, memo)?;
    s.dump(th, v.unwrap_or(Value::NONE))?;
    deliver(th, file, write, &s.out)?;
    Ok(Value::NONE)
}

/// `Pickler(file, protocol=0)`, or `Pickler([protocol])` for one that writes to a list.
pub fn make(th: &mut Thread, args: Args<'_>) -> PyResult {
    let list_based = match args.pos {
        [] => true,
        [p] => ops::int_value(*p).is_some(),
        _ => false,
    };
    let (file, write, p) = if list_based {
        let p = protocol(th, args.get(0))?;
        (th.new_list(&[])?, None, p)
    } else {
        let [file, p] = args.bind(th, "Pickler", ["file", "protocol"], 1)?;
        let p = protocol(th, p)?;
        let file = file.unwrap_or(Value::NONE);
        (file, writer(th, file)?, p)
    };
    let memo = th.new_dict();
    let number = |n: i32| Value::from_small_int(n.into());
    Ok(th.new_record(
        &PICKLER,
        &[
            Some(file),
            write,
            Some(memo),
            None,
            None,
            number(p),
            number((p > 0).into()),
            number(0),
            Some(Value::from_bool(list_based)),
        ],
    ))
}

fn memo_dict(th: &mut Thread, v: Value) -> PyResult<Ref<PyDict>> {
    match slot(th, v, MEMO)?.and_then(|m| m.payload::<PyDict>()) {
        Some(d) => Ok(d),
        None => Err(th.type_error("memo must be a dictionary")),
    }
}

fn list_of(th: &mut Thread, v: Value) -> PyResult<Option<Ref<PyList>>> {
    if slot(th, v, LIST_BASED)? != Some(Value::TRUE) {
        return Ok(None);
    }
    Ok(slot(th, v, TARGET)?.and_then(|l| l.cast::<PyList>()))
}

fn dump_method(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let get = match args.get(2) {
        Some(g) => ops::int32_arg(th, g)? != 0,
        None => false,
    };
    let memo = Memo::Shown(memo_dict(th, v)?);
    let p = number(th, v, PROTOCOL)? as i32;
    let mut s = Saver::new(th, p, memo)?;
    s.bin = number(th, v, BINARY)? != 0;
    s.fast = number(th, v, FAST)? != 0;
    s.persistent_id = slot(th, v, PERSISTENT)?;
    s.inst_persistent_id = slot(th, v, INST_PERSISTENT)?;
    let list = list_of(th, v)?;
    if list.is_some() && s.bin {
        s.notes = Some(Vec::new());
    }
    s.dump(th, args.pos[1])?;
    match list {
        Some(l) => keep(th, l, &s)?,
        None => {
            let (file, write) = (slot(th, v, TARGET)?, slot(th, v, WRITE)?);
            deliver(th, file.unwrap_or(Value::NONE), write, &s.out)?;
        }
    }
    if get { value(th, v, true) } else { Ok(v) }
}

/// Appends what was written to the list of a list-based pickler.
fn keep(th: &mut Thread, l: Ref<PyList>, s: &Saver) -> PyResult<()> {
    let mut from = 0;
    for (at, note) in s.notes.iter().flatten() {
        if *at > from {
            let text = th.try_str(&s.out[from..*at])?;
            o::list::storage::push(th, l, text)?;
            from = *at;
        }
        let entry = match note {
            Note::Put(n) => th.int(*n),
            Note::Get(n) => {
                let n = th.int(*n);
                th.new_tuple(&[n])
            }
        };
        o::list::storage::push(th, l, entry)?;
    }
    let text = th.try_str(&s.out[from..])?;
    o::list::storage::push(th, l, text)
}

fn clear_memo(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = memo_dict(th, args.pos[0])?;
    o::dict::clear(th, d)?;
    Ok(Value::NONE)
}

fn getvalue(th: &mut Thread, args: Args<'_>) -> PyResult {
    let clear = match args.get(1) {
        Some(c) => ops::int32_arg(th, c)? != 0,
        None => true,
    };
    value(th, args.pos[0], clear)
}

/// What a list-based pickler has written, without the puts that no get refers to.
fn value(th: &mut Thread, v: Value, clear: bool) -> PyResult {
    let Some(l) = list_of(th, v)? else {
        return Err(pickling_error(th, "Attempt to getvalue() a non-list-based pickler", &[]));
    };
    let memo = memo_dict(th, v)?;
    let most = o::dict::len(th, memo)?;
    let parts = o::list::storage::snapshot(th, l)?;
    let mut wanted = vec![false; most + 1];
    for x in ops::values(&parts) {
        let (n, get) = match (ops::int_value(*x), x.payload::<PyTuple>().map(|t| t.get().items())) {
            (Some(n), _) => (n, false),
            (_, Some([n])) => (ops::int_value(*n).unwrap_or(-1), true),
            _ => continue,
        };
        match usize::try_from(n).ok().filter(|n| *n > 0).and_then(|n| wanted.get_mut(n)) {
            Some(w) => *w |= get,
            None => return Err(pickling_error(th, "Invalid get data", &[])),
        }
    }
    let mut out = Vec::new();
    for x in ops::values(&parts) {
        if let Some(s) = x.payload::<PyStr>() {
            out.extend_from_slice(s.get().bytes());
        } else if let Some(n) = ops::int_value(*x) {
            if usize::try_from(n).is_ok_and(|n| wanted.get(n) == Some(&true)) {
                numbered(&mut out, BINPUT, LONG_BINPUT, n);
            }
        } else if let Some([n]) = x.payload::<PyTuple>().map(|t| t.get().items()) {
            numbered(&mut out, BINGET, LONG_BINGET, ops::int_value(*n).unwrap_or(0));
        }
    }
    if clear {
        o::dict::clear(th, memo)?;
        o::list::storage::replace(th, l, &[])?;
    }
    th.try_str(&out)
}
