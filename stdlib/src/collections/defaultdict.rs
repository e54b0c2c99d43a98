//! `collections.defaultdict`: an instance whose payload is a dict with the factory attached.

use interpreter::kinds::kind;
use interpreter::layout::{PyDict, PyType, Ref};
use interpreter::native::{Args, BASETYPE, GetSetDef, MethodDef, PAYLOAD, TypeDef};
use interpreter::objects::dict::DICT;
use interpreter::objects::instance::allocate;
use interpreter::objects::list::{guarded_repr, not_a};
use interpreter::types::slots::SlotTable;
use interpreter::types::type_of;
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread, ops};

/// `collections.defaultdict`.
pub static DEFAULTDICT: TypeDef = TypeDef {
    module: "collections",
    doc: Some(
        "defaultdict(default_factory[, ...]) -> dict that makes the value of a missing key by calling the factory\n\nThe other arguments are those of dict.",
    ),
    base: Some(&DICT),
    flags: BASETYPE | PAYLOAD,
    slots: SlotTable { repr: Some(repr), new: Some(new), init: Some(init), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new(
            "__missing__",
            missing,
            1,
            1,
            0,
            "Called for a missing key: binds it to what the factory makes.",
        ),
        MethodDef::new("copy", copy, 0, 0, 0, "A defaultdict with the same factory and items."),
        MethodDef::new("__copy__", copy, 0, 0, 0, "A defaultdict with the same factory and items."),
        MethodDef::new("__reduce__", reduce, 0, 0, 0, "How to pickle the defaultdict."),
    ],
    getset: &[GetSetDef {
        name: "default_factory",
        get: |th, v| Ok(factory(th, v)?.unwrap_or(Value::NONE)),
        set: Some(set_factory),
        doc: "What is called for the value of a missing key, or None.",
    }],
    ..TypeDef::new("defaultdict", kind::INSTANCE)
};

fn this(th: &mut Thread, v: Value) -> PyResult<Ref<PyDict>> {
    match v.payload::<PyDict>() {
        Some(d) => Ok(d),
        None => Err(not_a(th, "collections.defaultdict", v)),
    }
}

/// The factory, if it is not None.
fn factory(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let d = this(th, v)?;
    Ok(d.read(th)?.attached().filter(|f| !f.is_none()))
}

fn set_factory(th: &mut Thread, v: Value, f: Slot) -> PyResult<()> {
    let d = this(th, v)?;
    d.write(th)?.attach(f);
    Ok(())
}

fn new(th: &mut Thread, class: Value, _args: Args<'_>) -> PyResult {
    let base = th.new_dict();
    match class.cast::<PyType>() {
        Some(t) => Ok(allocate(th, t, Some(base)).value()),
        None => Err(not_a(th, "type", class)),
    }
}

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let f = args.get(0).filter(|f| !f.is_none());
    if let Some(f) = f
        && !ops::callable(th, f)
    {
        return Err(th.type_error("first argument must be callable or None"));
    }
    set_factory(th, v, f)?;
    match DICT.slots.init {
        Some(dict_init) => dict_init(th, v, args.skip(1)),
        None => Ok(()),
    }
}

fn missing(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (v, key) = (args.pos[0], args.pos[1]);
    let Some(f) = factory(th, v)? else { return Err(th.key_error(key)) };
    let x = ops::call(th, f, &[])?;
    ops::setitem(th, v, key, Some(x))?;
    Ok(x)
}

fn copy(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let f = factory(th, v)?.unwrap_or(Value::NONE);
    ops::call(th, type_of(v).value(), &[f, v])
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let a = match factory(th, v)? {
        Some(f) => th.new_tuple(&[f]),
        None => th.new_tuple(&[]),
    };
    let items = ops::call_method(th, v, &interpreter::names::iteritems, &[])?;
    Ok(th.new_tuple(&[type_of(v).value(), a, Value::NONE, Value::NONE, items]))
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let base = match DICT.slots.repr {
        Some(f) => f(th, v)?,
        None => return Err(not_a(th, "dict", v)),
    };
    let mut out = b"defaultdict(".to_vec();
    match factory(th, v)? {
        None => out.extend_from_slice(b"None"),
        Some(f) => {
            // The factory may be a bound method of this very dict.
            let text = guarded_repr(th, f, "...", |th| ops::repr(th, f))?;
            out.extend_from_slice(th.str_bytes(text));
        }
    }
    out.extend_from_slice(b", ");
    out.extend_from_slice(th.str_bytes(base));
    out.push(b')');
    th.try_str(&out)
}
