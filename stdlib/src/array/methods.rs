//! Methods of `array`.

use super::item::{load, store, text};
use super::{Array, array, is_array, make};
use interpreter::layout::{PyList, PyUnicode};
use interpreter::native::{Args, MethodDef};
use interpreter::types::is_instance_of;
use interpreter::{PyResult, Thread, Value, objects as o, ops};

pub(super) static METHODS: &[MethodDef] = &[
    MethodDef::new("__copy__", copy, 0, 0, 0, "copy(array)\n\n Return a copy of the array."),
    MethodDef::new("__deepcopy__", copy, 1, 1, 0, "copy(array)\n\n Return a copy of the array."),
    MethodDef::new("__reduce__", reduce, 0, 0, 0, "Return state information for pickling."),
    MethodDef::new("__sizeof__", sizeof, 0, 0, 0, "Size of the array in memory, in bytes."),
    MethodDef::new("append", append, 1, 1, 0, "append(x)\n\nOne item more at the end."),
    MethodDef::new("buffer_info", buffer_info, 0, 0, 0, "buffer_info() -> (address, length)"),
    MethodDef::new("byteswap", byteswap, 0, 0, 0, "byteswap()\n\nReverses the bytes of each item."),
    MethodDef::new("count", count, 1, 1, 0, "count(x)\n\nHow often x occurs."),
    MethodDef::new("extend", extend, 1, 1, 0, "extend(array or iterable)\n\nMore items at the end."),
    MethodDef::new(
        "fromfile",
        fromfile,
        2,
        2,
        0,
        "fromfile(f, n)\n\nReads n items from a file and appends them.",
    ),
    MethodDef::new("fromlist", fromlist, 1, 1, 0, "fromlist(list)\n\nAppends the items of a list."),
    MethodDef::new(
        "fromstring",
        fromstring,
        1,
        1,
        0,
        "fromstring(string)\n\nAppends items from their bytes.",
    ),
    MethodDef::new("fromunicode", fromunicode, 1, 1, 0, "fromunicode(ustr)\n\nAppends characters."),
    MethodDef::new("index", index, 1, 1, 0, "index(x)\n\nThe first place of x."),
    MethodDef::new("insert", insert, 2, 2, 0, "insert(i,x)\n\nOne item more before place i."),
    MethodDef::new("pop", pop, 0, 1, 0, "pop([i])\n\nTakes an item out, the last by default."),
    MethodDef::new("read", fromfile, 2, 2, 0, "read(f, n)\n\nAs fromfile."),
    MethodDef::new("remove", remove, 1, 1, 0, "remove(x)\n\nTakes the first x out."),
    MethodDef::new("reverse", reverse, 0, 0, 0, "reverse()\n\nReverses the order of the items."),
    MethodDef::new("tofile", tofile, 1, 1, 0, "tofile(f)\n\nWrites all items to a file."),
    MethodDef::new("tolist", tolist, 0, 0, 0, "tolist() -> list"),
    MethodDef::new("tostring", tostring, 0, 0, 0, "tostring() -> string\n\nThe items' bytes."),
    MethodDef::new("tounicode", tounicode, 0, 0, 0, "tounicode() -> unicode"),
    MethodDef::new("write", tofile, 1, 1, 0, "write(f)\n\nAs tofile."),
];

/// Appends items given as bytes.
pub fn append_bytes(th: &mut Thread, a: Array, b: &[u8]) -> PyResult<()> {
    if !b.len().is_multiple_of(a.code.size) {
        return Err(th.value_error("string length not a multiple of item size"));
    }
    let n = a.len(th)?;
    a.splice(th, n, 0, b)
}

/// Appends the items of an array of the same kind.
pub fn extend_by_array(th: &mut Thread, a: Array, v: Value) -> PyResult<()> {
    let b = array(th, v)?;
    if a.code != b.code {
        return Err(th.type_error("can only extend with array of same kind"));
    }
    let new = b.bytes(th)?.to_vec();
    append_bytes(th, a, &new)
}

/// Appends the items of an iterable, one after the other.
pub fn append_items(th: &mut Thread, a: Array, v: Value) -> PyResult<()> {
    if super::slots::is_plain(v) {
        let items = ops::collect(th, v)?;
        let mut new = Vec::with_capacity(items.len() * a.code.size);
        for x in ops::values(&items) {
            new.extend_from_slice(&store(th, a.code, *x)?);
        }
        return append_bytes(th, a, &new);
    }
    let it = ops::iter(th, v)?;
    while let Some(x) = ops::next(th, it)? {
        let b = store(th, a.code, x)?;
        append_bytes(th, a, &b)?;
    }
    Ok(())
}

/// The items as a list.
pub fn list_of(th: &mut Thread, a: Array) -> PyResult {
    let out = th.m.root_vec();
    let b = a.bytes(th)?.to_vec();
    for x in b.chunks_exact(a.code.size) {
        out.push(load(th, a.code, x)?.bits());
    }
    th.new_list(ops::values(&out))
}

fn copy(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    let b = a.bytes(th)?;
    make(th, a.code, b)
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    let list = list_of(th, a)?;
    let letter = o::str::one_byte(th, a.code.letter);
    let arguments = th.new_tuple(&[letter, list]);
    let class = interpreter::types::type_of(args.pos[0]).value();
    let name = th.intern(b"__dict__");
    let dict = ops::getattr_opt(th, args.pos[0], name)?.unwrap_or(Value::NONE);
    Ok(th.new_tuple(&[class, arguments, dict]))
}

fn sizeof(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    let n = a.bytes(th)?.len() + 64;
    Ok(th.int(n as i64))
}

fn append(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    let b = store(th, a.code, args.pos[1])?;
    append_bytes(th, a, &b)?;
    Ok(Value::NONE)
}

fn buffer_info(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    let b = a.bytes(th)?;
    let items = [th.integer_i128(b.as_ptr() as usize as i128)?, th.int((b.len() / a.code.size) as i64)];
    Ok(th.new_tuple(&items))
}

fn byteswap(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    let mut b = a.bytes(th)?.to_vec();
    b.chunks_exact_mut(a.code.size).for_each(<[u8]>::reverse);
    let n = a.len(th)?;
    a.splice(th, 0, n, &b)?;
    Ok(Value::NONE)
}

fn count(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    let (mut i, mut n) = (0, 0);
    while let Some(x) = a.get(th, i)? {
        n += ops::equal(th, x, args.pos[1])? as i64;
        i += 1;
    }
    Ok(th.int(n))
}

fn extend(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    if is_array(args.pos[1]) {
        extend_by_array(th, a, args.pos[1])?;
    } else {
        append_items(th, a, args.pos[1])?;
    }
    Ok(Value::NONE)
}

fn is_file(v: Value) -> bool {
    v.is_obj() && is_instance_of(v, &o::file::FILE)
}

fn fromfile(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    let n = ops::integer_arg(th, args.pos[2])?;
    if !is_file(args.pos[1]) {
        return Err(th.type_error("arg1 must be open file"));
    }
    let n = n.max(0) as usize;
    let Some(bytes) = n.checked_mul(a.code.size).and_then(|n| i64::try_from(n).ok()) else {
        return Err(th.memory_error());
    };
    let name = th.intern(b"read");
    let read = ops::getattr(th, args.pos[1], name)?;
    let bytes = th.int(bytes);
    let s = ops::call(th, read, &[bytes])?;
    let b = th.str_bytes(s);
    let whole = b.len() / a.code.size;
    append_bytes(th, a, &b[..whole * a.code.size])?;
    if whole < n {
        return Err(th.eof_error("not enough items in file"));
    }
    Ok(Value::NONE)
}

fn tofile(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    if !is_file(args.pos[1]) {
        return Err(th.type_error("arg must be open file"));
    }
    let b = a.bytes(th)?;
    let s = o::str::from_bytes(th, b)?;
    let name = th.intern(b"write");
    let write = ops::getattr(th, args.pos[1], name)?;
    ops::call(th, write, &[s])?;
    Ok(Value::NONE)
}

fn fromlist(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    if args.pos[1].payload::<PyList>().is_none() {
        return Err(th.type_error("arg must be list"));
    }
    let items = ops::collect(th, args.pos[1])?;
    let mut new = Vec::with_capacity(items.len() * a.code.size);
    for x in ops::values(&items) {
        new.extend_from_slice(&store(th, a.code, *x)?);
    }
    append_bytes(th, a, &new)?;
    Ok(Value::NONE)
}

fn fromstring(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    if args.pos[0].base_object() == args.pos[1].base_object() {
        return Err(th.value_error("array.fromstring(x): x cannot be self"));
    }
    let b = interpreter::buffer::argument(th, args.pos[1], "fromstring", 1)?.bytes().to_vec();
    append_bytes(th, a, &b)?;
    Ok(Value::NONE)
}

fn fromunicode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    let Some(u) = args.pos[1].payload::<PyUnicode>() else {
        let n = ops::type_name(args.pos[1]);
        return Err(th.type_error(format!("fromunicode() argument 1 must be unicode, not {n}")));
    };
    if a.code.letter != b'u' {
        return Err(th.value_error("fromunicode() may only be called on type 'u' arrays"));
    }
    let b: Vec<u8> = u.get().chars().iter().flat_map(u32::to_ne_bytes).collect();
    append_bytes(th, a, &b)?;
    Ok(Value::NONE)
}

fn find(th: &mut Thread, a: Array, x: Value) -> PyResult<Option<usize>> {
    let mut i = 0;
    while let Some(y) = a.get(th, i)? {
        if ops::equal(th, y, x)? {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

fn index(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    match find(th, a, args.pos[1])? {
        Some(i) => Ok(th.int(i as i64)),
        None => Err(th.value_error("array.index(x): x not in list")),
    }
}

fn insert(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    let i = ops::integer_arg(th, args.pos[1])?;
    let b = store(th, a.code, args.pos[2])?;
    let n = a.len(th)? as i64;
    let i = if i < 0 { (i + n).max(0) } else { i.min(n) };
    a.splice(th, i as usize, 0, &b)?;
    Ok(Value::NONE)
}

fn pop(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    let i = match args.get(1) {
        Some(i) => ops::integer_arg(th, i)?,
        None => -1,
    };
    let n = a.len(th)? as i64;
    if n == 0 {
        return Err(th.index_error("pop from empty array"));
    }
    let j = if i < 0 { i + n } else { i };
    if j < 0 || j >= n {
        return Err(th.index_error("pop index out of range"));
    }
    let x = a.get(th, j as usize)?.unwrap_or(Value::NONE);
    a.splice(th, j as usize, 1, b"")?;
    Ok(x)
}

fn remove(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    match find(th, a, args.pos[1])? {
        Some(i) => a.splice(th, i, 1, b"").map(|()| Value::NONE),
        None => Err(th.value_error("array.remove(x): x not in list")),
    }
}

fn reverse(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    let b = a.bytes(th)?;
    let new: Vec<u8> = b.chunks_exact(a.code.size).rev().flatten().copied().collect();
    let n = a.len(th)?;
    a.splice(th, 0, n, &new)?;
    Ok(Value::NONE)
}

fn tolist(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    list_of(th, a)
}

fn tostring(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = array(th, args.pos[0])?.bytes(th)?;
    o::str::from_bytes(th, b)
}

fn tounicode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let a = array(th, args.pos[0])?;
    if a.code.letter != b'u' {
        return Err(th.value_error("tounicode() may only be called on type 'u' arrays"));
    }
    let b = a.bytes(th)?;
    text(th, b)
}
