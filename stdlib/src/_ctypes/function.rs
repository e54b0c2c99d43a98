//! `CFuncPtr` and its metaclass: foreign functions as objects.

use super::call::{self, Target};
use super::data::{self, CDATA, FROM_ADDRESS, FROM_BUFFER, FROM_BUFFER_COPY, FROM_PARAM, IN_DLL, META};
use super::info::{self, Info, Passed, Signature, Sort};
use super::memory::{self, EXTRA, KIND, data};
use super::{callback, codes, dl, outparams, refs};
use interpreter::layout::{PyStr, PyTuple};
use interpreter::native::{Args, GetSetDef, TypeDef};
use interpreter::objects::typeobject;
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Slot, Thread, Value, ops};

// Slots of the record behind those of all C data. What is not set is the type's.
const RESTYPE: usize = EXTRA;
const ARGTYPES: usize = EXTRA + 1;
const CONVERTERS: usize = EXTRA + 2;
const CHECKER: usize = EXTRA + 3;
const ERRCHECK: usize = EXTRA + 4;
const PARAMFLAGS: usize = EXTRA + 5;

/// The metaclass.
pub(super) static FUNCTION_META: TypeDef = TypeDef {
    module: "_ctypes",
    doc: Some("metatype for C function pointers"),
    base: Some(&typeobject::TYPE),
    slots: SlotTable { new: Some(new_type), repeat: Some(data::repeat), ..SlotTable::EMPTY },
    methods: &[FROM_ADDRESS, FROM_BUFFER, FROM_BUFFER_COPY, IN_DLL, FROM_PARAM],
    ..TypeDef::new("PyCFuncPtrType", META)
};

/// `CFuncPtr`.
pub(super) static FUNCTION: TypeDef = TypeDef {
    module: "_ctypes",
    doc: Some("Function Pointer"),
    base: Some(&CDATA),
    meta: Some(&FUNCTION_META),
    slots: SlotTable {
        new: Some(new),
        call: Some(call_function),
        repr: Some(|th, v| {
            let name = interpreter::types::type_of(v).name();
            th.try_str(format!("<{name} object at {:#x}>", v.bits()).as_bytes())
        }),
        nonzero: Some(|th, v| Ok(data(th, v)?.pointer(th)? != 0)),
        ..SlotTable::EMPTY
    },
    getset: &[
        GetSetDef {
            name: "restype",
            get: get_restype,
            set: Some(set_restype),
            doc: "specify the result type",
        },
        GetSetDef {
            name: "argtypes",
            get: get_argtypes,
            set: Some(set_argtypes),
            doc: "specify the argument types",
        },
        GetSetDef {
            name: "errcheck",
            get: |th, v| Ok(data(th, v)?.slot(th, ERRCHECK)?.unwrap_or(Value::NONE)),
            set: Some(set_errcheck),
            doc: "a function to check for errors",
        },
    ],
    ..TypeDef::new("PyCFuncPtr", KIND)
};

/// The `from_param` methods of argument types: both as tuples.
fn converters(th: &mut Thread, types: Value) -> PyResult<(Value, Value)> {
    let name = th.intern(b"from_param");
    let all = ops::collect(th, types)?;
    let out = th.m.root_vec();
    for i in 0..all.len() {
        let Some(t) = all.get(i).and_then(Value::from_bits) else { break };
        let Some(f) = ops::getattr_opt(th, t, name)? else {
            return Err(th.type_error(format!("item {} in _argtypes_ has no from_param method", i + 1)));
        };
        out.push(f.bits());
    }
    let types = th.try_tuple(ops::values(&all))?;
    let out = th.try_tuple(ops::values(&out))?;
    Ok((types, out))
}

/// A result type and its `_check_retval_`.
fn checked_restype(th: &mut Thread, r: Value, refusal: &'static str) -> PyResult<Slot> {
    if !r.is_none() && info::of_class(r).is_none() && !ops::callable(th, r) {
        return Err(th.type_error(refusal));
    }
    let name = th.intern(b"_check_retval_");
    match info::of_class(r) {
        Some(_) => ops::getattr_opt(th, r, name),
        None => Ok(None),
    }
}

fn new_type(th: &mut Thread, meta: Value, args: Args<'_>) -> PyResult {
    let class = typeobject::new(th, meta, args)?;
    if info::of_class(class).is_some() {
        return Ok(class);
    }
    let attribute = |th: &mut Thread, name: &[u8]| {
        let name = th.intern(name);
        ops::getattr_opt(th, class, name)
    };
    let flags = match attribute(th, b"_flags_")?.and_then(ops::int_value) {
        Some(n) => n,
        None => return Err(th.type_error("class must define _flags_ which must be an integer")),
    };
    let mut s = Signature::default();
    if let Some(types) = attribute(th, b"_argtypes_")? {
        if types.payload::<PyTuple>().is_none() {
            return Err(th.type_error("_argtypes_ must be a sequence of types"));
        }
        let (types, functions) = converters(th, types)?;
        (s.argtypes, s.converters) = (Some(types), Some(functions));
    }
    if let Some(r) = attribute(th, b"_restype_")? {
        s.checker = checked_restype(th, r, "_restype_ must be a type, a callable, or None")?;
        s.restype = Some(r);
    }
    let info = Info {
        length: 1,
        pointers: true,
        flags,
        format: "X{}".into(),
        passed: Passed::Simple(b'P'),
        ..Info::new(Sort::Function, 8, 8)
    };
    info::attach(th, class, info, None, s)?;
    Ok(class)
}

fn signature(v: Value) -> Signature {
    info::of(v).map(|t| t.signature()).unwrap_or_default()
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let t = memory::concrete(th, class)?;
    let Some(first) = args.get(0) else { return memory::fresh(th, class) };
    if args.len() <= 2 && first.payload::<PyTuple>().is_some() {
        return from_library(th, class, first, args.get(1));
    }
    if args.len() == 1
        && let Some(n) = codes::low_bits(first)
    {
        return memory::fresh_from(th, class, &n.to_ne_bytes());
    }
    if args.len() > 1 {
        let n = args.len();
        return Err(th.type_error(format!("function takes exactly 1 argument ({n} given)")));
    }
    if !ops::callable(th, first) {
        return Err(th.type_error("argument must be callable or integer function address"));
    }
    let s = t.signature();
    let Some(argtypes) = s.argtypes else {
        return Err(th.type_error("cannot construct instance of this class: no argtypes"));
    };
    let restype = s.restype.unwrap_or(Value::NONE);
    let (thunk, address) = callback::make(th, first, argtypes, restype, t.info().flags)?;
    let v = memory::fresh_from(th, class, &(address as u64).to_ne_bytes())?;
    refs::keep(th, v, 0, thunk)?;
    Ok(v)
}

/// `((name, library)[, paramflags])`
fn from_library(th: &mut Thread, class: Value, pair: Value, paramflags: Slot) -> PyResult {
    let items = pair.payload::<PyTuple>().map_or(&[][..], |t| t.get().items());
    let &[name, library] = items else {
        let n = items.len();
        return Err(th.type_error(format!("function takes exactly 2 arguments ({n} given)")));
    };
    let name = if name.payload::<interpreter::layout::PyUnicode>().is_some() {
        interpreter::objects::unicode::encode_default(th, name)?
    } else {
        name
    };
    let handle = dl::handle_of(th, library)?;
    let Some(text) = name.payload::<PyStr>() else {
        return Err(th.type_error("function name must be string or integer"));
    };
    let address = match dl::symbol(handle, text.get().bytes()) {
        Ok(a) => a,
        Err(text) => return Err(th.attribute_error(text)),
    };
    let argtypes = memory::concrete(th, class)?.signature().argtypes;
    let paramflags = match paramflags.filter(|p| !p.is_none()) {
        Some(p) => outparams::check(th, argtypes, p)?,
        None => None,
    };
    let v = memory::fresh_from(th, class, &(address as u64).to_ne_bytes())?;
    data(th, v)?.set_slot(th, PARAMFLAGS, paramflags)?;
    refs::keep(th, v, 0, library)?;
    Ok(v)
}

fn get_restype(th: &mut Thread, v: Value) -> PyResult {
    let own = data(th, v)?.slot(th, RESTYPE)?;
    Ok(own.or(signature(v).restype).unwrap_or(Value::NONE))
}

fn set_restype(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let d = data(th, v)?;
    let checker = match x {
        Some(r) => checked_restype(th, r, "restype must be a type, a callable, or None")?,
        None => None,
    };
    d.set_slot(th, CHECKER, checker)?;
    d.set_slot(th, RESTYPE, x)
}

fn get_argtypes(th: &mut Thread, v: Value) -> PyResult {
    let own = data(th, v)?.slot(th, ARGTYPES)?;
    Ok(own.or(signature(v).argtypes).unwrap_or(Value::NONE))
}

fn set_argtypes(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let d = data(th, v)?;
    let Some(types) = x.filter(|x| !x.is_none()) else {
        d.set_slot(th, ARGTYPES, None)?;
        return d.set_slot(th, CONVERTERS, None);
    };
    if !ops::is_sequence(types) {
        return Err(th.type_error("_argtypes_ must be a sequence of types"));
    }
    let (_, functions) = converters(th, types)?;
    // What was set is what one sees.
    d.set_slot(th, ARGTYPES, Some(types))?;
    d.set_slot(th, CONVERTERS, Some(functions))
}

fn set_errcheck(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let x = x.filter(|x| !x.is_none());
    if let Some(f) = x
        && !ops::callable(th, f)
    {
        return Err(th.type_error("the errcheck attribute must be callable"));
    }
    data(th, v)?.set_slot(th, ERRCHECK, x)
}

fn call_function(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    let d = data(th, v)?;
    let Some(t) = info::of(v) else { return Err(th.type_error("abstract class")) };
    let s = t.signature();
    let own = |th: &mut Thread, slot| d.slot(th, slot);
    let restype = own(th, RESTYPE)?;
    let checker = if restype.is_some() { own(th, CHECKER)? } else { s.checker };
    let restype = restype.or(s.restype);
    let argtypes = own(th, ARGTYPES)?.or(s.argtypes);
    let converters = own(th, CONVERTERS)?.or(s.converters);
    let errcheck = own(th, ERRCHECK)?;
    let paramflags = own(th, PARAMFLAGS)?;
    let address = d.pointer(th)?;
    let built = outparams::build(th, argtypes, paramflags, args)?;
    let pos = match built.args.and_then(|a| a.cast::<PyTuple>()) {
        Some(t) => t.get().items(),
        None => args.pos,
    };
    if let Some(c) = converters.and_then(|c| c.cast::<PyTuple>()) {
        let (need, got) = (c.len, pos.len());
        if need > got {
            let s = if need == 1 { "" } else { "s" };
            return Err(
                th.type_error(format!("this function takes at least {need} argument{s} ({got} given)"))
            );
        }
    }
    let target = Target { address, flags: t.info().flags, converters, restype, checker };
    let result = call::call(th, target, pos)?;
    if let Some(f) = errcheck {
        let all = match built.args {
            Some(a) => a,
            None => th.try_tuple(args.pos)?,
        };
        let seen = ops::call(th, f, &[result, v, all])?;
        if seen != all {
            return Ok(seen);
        }
    }
    outparams::result(th, result, &built)
}
