//! What programs have set, in one list of the heap.

use super::DELIMITERS;
use interpreter::layout::{PyList, PyStr, Ref};
use interpreter::objects as o;
use interpreter::runtime::Global;
use interpreter::{PyResult, Thread, Value, ops};

/// Places in the list.
#[derive(Clone, Copy)]
pub enum Field {
    Completer,
    StartupHook,
    PreInputHook,
    DisplayHook,
    Delimiters,
    /// A list of str.
    History,
    /// `set_history_length`.
    FileLength,
    /// The line being edited.
    Line,
    /// Text inserted that the editor has not seen.
    Inserted,
    Begin,
    End,
    CompletionType,
    /// Lines of init files that are in force, a list of str.
    Bindings,
    /// The name of the last init file.
    InitFile,
}

static STATE: Global = Global::new();

/// Makes the list, when the module is first imported.
pub fn create(th: &mut Thread) -> PyResult<()> {
    if STATE.get().is_some() {
        return Ok(());
    }
    let empty = th.intern(b"");
    let zero = th.int(0);
    let delimiters = th.intern(DELIMITERS);
    let history = th.new_list(&[])?;
    let bindings = th.new_list(&[])?;
    let all = th.int(-1);
    let none = Value::NONE;
    let list = th.new_list(&[
        none, none, none, none, delimiters, history, all, empty, empty, zero, zero, zero, bindings, none,
    ])?;
    th.m.make_old_now(list.obj_unchecked());
    th.rt.roots.lock().push(list);
    STATE.set(list);
    Ok(())
}

fn list(th: &mut Thread) -> PyResult<Ref<PyList>> {
    match STATE.get().and_then(|l| l.cast::<PyList>()) {
        Some(l) => Ok(l),
        None => Err(th.runtime_error("readline is not imported")),
    }
}

/// A field.
pub fn get(th: &mut Thread, field: Field) -> PyResult {
    let l = list(th)?;
    Ok(o::list::storage::get(th, l, field as usize)?.unwrap_or(Value::NONE))
}

/// Sets a field.
pub fn set(th: &mut Thread, field: Field, v: Value) -> PyResult<()> {
    let l = list(th)?;
    o::list::storage::set(th, l, field as usize, v)?;
    Ok(())
}

/// Sets a field to an int.
pub fn set_int(th: &mut Thread, field: Field, n: usize) -> PyResult<()> {
    let n = th.int(n as i64);
    set(th, field, n)
}

/// Sets a field to a str.
pub fn set_text(th: &mut Thread, field: Field, text: &[u8]) -> PyResult<()> {
    let s = th.try_str(text)?;
    set(th, field, s)
}

/// The bytes of a field that holds a str.
pub fn text(th: &mut Thread, field: Field) -> PyResult<Vec<u8>> {
    let v = get(th, field)?;
    Ok(v.payload::<PyStr>().map_or(Vec::new(), |s| s.get().bytes().to_vec()))
}

/// A field that holds a list of str.
pub fn lines(th: &mut Thread, field: Field) -> PyResult<Vec<Vec<u8>>> {
    let v = get(th, field)?;
    let mut out = Vec::new();
    for i in 0..ops::len(th, v)? {
        let i = th.int(i as i64);
        let line = ops::getitem(th, v, i)?;
        out.push(th.str_bytes(line).to_vec());
    }
    Ok(out)
}

/// Adds a str to a field that holds a list.
pub fn push(th: &mut Thread, field: Field, line: &[u8]) -> PyResult<()> {
    let l = get(th, field)?;
    let s = th.try_str(line)?;
    o::list::push(th, l, s)
}
