//! `_CData`, the base of all C types, and what all their metaclasses offer.

use super::info::{self, CType, Sort};
use super::memory::{self, BASE, OBJECTS, data};
use super::{array, dl, param, refs};
use interpreter::kinds::kind;
use interpreter::layout::{PyStr, PyTuple};
use interpreter::native::{Args, GetSetDef, MethodDef, TypeDef, read_only};
use interpreter::objects as o;
use interpreter::types::slots::SlotTable;
use interpreter::types::type_of;
use interpreter::{PyResult, Thread, Value, buffer, ops};

/// `_CData`.
pub(super) static CDATA: TypeDef = TypeDef {
    module: "_ctypes",
    doc: Some("The base of all C data types."),
    slots: SlotTable {
        hash: Some(|th, _| Err(th.type_error("unhashable type"))),
        buffer: Some(|th, v| {
            let d = data(th, v)?;
            d.for_reading(th)?;
            Ok(d.buffer())
        }),
        items: Some(items),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new("__ctypes_from_outparam__", from_outparam, 0, 0, 0, ""),
        MethodDef::new("__reduce__", reduce, 0, 0, 0, ""),
        MethodDef::new("__setstate__", setstate, 2, 2, 0, ""),
    ],
    getset: &[
        GetSetDef {
            name: "_b_base_",
            get: |th, v| Ok(data(th, v)?.slot(th, BASE)?.unwrap_or(Value::NONE)),
            set: Some(read_only),
            doc: "the base object",
        },
        GetSetDef {
            name: "_b_needsfree_",
            get: |th, v| {
                let d = data(th, v)?;
                Ok(th.int(d.owns() as i64))
            },
            set: Some(read_only),
            doc: "whether the object owns the memory or not",
        },
        GetSetDef {
            name: "_objects",
            get: |th, v| Ok(data(th, v)?.slot(th, OBJECTS)?.unwrap_or(Value::NONE)),
            set: Some(read_only),
            doc: "internal objects tree (NEVER CHANGE THIS OBJECT!)",
        },
    ],
    ..TypeDef::new("_CData", memory::KIND)
};

/// What the memory of an object consists of.
fn items(th: &mut Thread, v: Value) -> PyResult<buffer::Items> {
    let size = data(th, v)?.size;
    let Some(t) = info::of(v) else { return Err(th.type_error("abstract class")) };
    let mut last = t;
    while let (Sort::Array, Some(item)) = (last.info().sort, last.target().and_then(info::of_class)) {
        last = item;
    }
    let whole = std::ptr::eq(last.info(), t.info());
    Ok(buffer::Items {
        format: t.info().format.clone(),
        size: if whole { size } else { last.info().size },
        shape: t.info().shape.clone(),
    })
}

fn from_outparam(_: &mut Thread, args: Args<'_>) -> PyResult {
    Ok(args.pos[0])
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    if info::of(v).is_none_or(|t| t.info().pointers) {
        return Err(th.value_error("ctypes objects containing pointers cannot be pickled"));
    }
    let name = th.intern(b"__dict__");
    let dict = ops::getattr(th, v, name)?;
    let contents = data(th, v)?.all(th)?;
    let contents = th.try_str(contents)?;
    let state = th.try_tuple(&[dict, contents])?;
    let args = th.try_tuple(&[type_of(v).value(), state])?;
    let module = interpreter::import::import(th, "_ctypes")?;
    let name = th.intern(b"_unpickle");
    let unpickle = ops::getattr(th, module, name)?;
    th.try_tuple(&[unpickle, args])
}

fn setstate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [v, dict, contents] = [args.pos[0], args.pos[1], args.pos[2]];
    let Some(s) = contents.payload::<PyStr>().filter(|_| o::dict::is_dict(dict)) else {
        return Err(th.type_error("__setstate__() needs a dict and a string"));
    };
    let d = data(th, v)?;
    let b = s.get().bytes();
    d.write(th, 0, &b[..b.len().min(d.size)])?;
    let name = th.intern(b"__dict__");
    let own = ops::getattr(th, v, name)?;
    o::dict::merge(th, own, dict)?;
    Ok(Value::NONE)
}

/// `_unpickle(class, state)`
pub(super) fn unpickle(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [class, state] = [args.pos[0], args.pos[1]];
    let Some(state) = state.payload::<PyTuple>() else {
        return Err(th.type_error("_unpickle() argument 2 must be tuple"));
    };
    let name = th.intern(b"__new__");
    let new = ops::getattr(th, class, name)?;
    let v = ops::call(th, new, &[class])?;
    let name = th.intern(b"__setstate__");
    let set = ops::getattr(th, v, name)?;
    ops::call(th, set, state.get().items())?;
    Ok(v)
}

/// `__new__` of the types whose instances begin as zero.
pub(super) fn new(th: &mut Thread, class: Value, _: Args<'_>) -> PyResult {
    memory::fresh(th, class)
}

// Methods of all metaclasses. `pos[0]` is the class.
pub(super) const FROM_ADDRESS: MethodDef =
    MethodDef::new("from_address", from_address, 1, 1, 0, "C.from_address(integer) -> C instance");
pub(super) const FROM_BUFFER: MethodDef = MethodDef::new(
    "from_buffer",
    from_buffer,
    1,
    2,
    0,
    "C.from_buffer(object, offset=0) -> C instance that shares the object's memory",
);
pub(super) const FROM_BUFFER_COPY: MethodDef = MethodDef::new(
    "from_buffer_copy",
    from_buffer_copy,
    1,
    2,
    0,
    "C.from_buffer_copy(object, offset=0) -> C instance with a copy of the object's memory",
);
pub(super) const IN_DLL: MethodDef =
    MethodDef::new("in_dll", in_dll, 2, 2, 0, "C.in_dll(dll, name) -> C instance");
/// Of the metaclasses that have no conversion of their own.
pub(super) const FROM_PARAM: MethodDef = MethodDef::new(
    "from_param",
    from_param,
    1,
    1,
    0,
    "Convert a Python object into a function call parameter.",
);

/// `C * n`
pub(super) fn repeat(th: &mut Thread, class: Value, n: Value) -> PyResult {
    if ops::exact_integer(n).is_none() && ops::slots_of(n).index.is_none() {
        let n = ops::type_name(n);
        return Err(th.type_error(format!("can't multiply sequence by non-int of type '{n}'")));
    }
    let n = ops::index_i64(th, n, Some(&o::exceptions::OVERFLOW_ERROR))?;
    if n < 0 {
        return Err(th.value_error(format!("Array length must be >= 0, not {n}")));
    }
    array::type_of_length(th, class, n as usize)
}

fn from_address(th: &mut Thread, args: Args<'_>) -> PyResult {
    match super::codes::low_bits(args.pos[1]) {
        Some(n) => memory::at_address(th, args.pos[0], n as usize),
        None => Err(th.type_error("integer expected")),
    }
}

/// The part of a buffer from `offset` on, large enough for the type.
fn checked_part(th: &mut Thread, t: CType, len: usize, offset: Option<Value>) -> PyResult<usize> {
    let offset = match offset {
        Some(v) => ops::index_i64(th, v, Some(&o::exceptions::OVERFLOW_ERROR))?,
        None => 0,
    };
    if offset < 0 {
        return Err(th.value_error("offset cannot be negative"));
    }
    let need = t.info().size as i64;
    let rest = len as i64 - offset;
    if need > rest {
        return Err(th.value_error(format!(
            "Buffer size too small ({len} instead of at least {} bytes)",
            need + offset
        )));
    }
    Ok(offset as usize)
}

fn from_buffer(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (class, source) = (args.pos[0], args.pos[1]);
    let t = memory::concrete(th, class)?;
    let what = ops::type_name(source);
    let b = match ops::slots_of(source).buffer {
        Some(f) => f(th, source)?,
        None => return Err(th.type_error("expected a writeable buffer object")),
    };
    if b.readonly {
        let what = if source.payload::<PyStr>().is_some() { "string" } else { &what };
        return Err(th.type_error(format!("Cannot use {what} as modifiable buffer")));
    }
    let offset = checked_part(th, t, b.len, args.get(2))?;
    let v = memory::at_buffer(th, class, &b, offset)?;
    refs::keep(th, v, usize::MAX, source)?;
    Ok(v)
}

fn from_buffer_copy(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (class, source) = (args.pos[0], args.pos[1]);
    let t = memory::concrete(th, class)?;
    if ops::slots_of(source).buffer.is_none() {
        return Err(th.type_error("expected a readable buffer object"));
    }
    let len = buffer::of(th, source)?.len;
    let offset = checked_part(th, t, len, args.get(2))?;
    let b = buffer::of(th, source)?.part(offset, t.info().size);
    memory::fresh_from(th, class, b.bytes())
}

fn in_dll(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [class, library, name] = [args.pos[0], args.pos[1], args.pos[2]];
    memory::concrete(th, class)?;
    let handle = dl::handle_of(th, library)?;
    let Some(s) = name.payload::<PyStr>() else {
        let n = ops::type_name(name);
        return Err(th.type_error(format!("in_dll() argument 2 must be string, not {n}")));
    };
    match dl::symbol(handle, s.get().bytes()) {
        Ok(address) => memory::at_address(th, class, address),
        Err(text) => Err(th.value_error(text)),
    }
}

/// `from_param` of structures, arrays and functions, and what is left to it by the others.
pub(super) fn from_param(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (class, v) = (args.pos[0], args.pos[1]);
    if ops::isinstance(th, v, class)? {
        return Ok(v);
    }
    if let Some(p) = param::of(v) {
        let target = info::of_class(class).and_then(CType::target);
        let object = p.object();
        if let (Some(t), Some(x)) = (target, object)
            && t.cast::<interpreter::layout::PyType>().is_some()
            && ops::isinstance(th, x, t)?
        {
            return Ok(v);
        }
        let (want, got) = (super::value::class_name(class), object.map_or("???".into(), ops::type_name));
        return Err(th.type_error(format!("expected {want} instance instead of pointer to {got}")));
    }
    if let Some(r) = param::by_attribute(th, v, |th, x| from_param(th, Args::positional(&[class, x])))? {
        return Ok(r);
    }
    let (want, got) = (super::value::class_name(class), ops::type_name(v));
    Err(th.type_error(format!("expected {want} instance instead of {got}")))
}

/// The kind of metaclasses.
pub(super) const META: gc_stm::Kind = kind::TYPE;
