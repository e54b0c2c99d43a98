//! `_Pointer` and its metaclass, `POINTER` and `pointer`.

use super::data::{self, CDATA, FROM_ADDRESS, FROM_BUFFER, FROM_BUFFER_COPY, IN_DLL, META};
use super::info::{self, CType, Info, Passed, Signature, Sort};
use super::memory::{self, KIND, OBJECTS, data};
use super::value;
use super::{param, refs};
use interpreter::layout::{PyDict, PySlice, PyStr, PyType};
use interpreter::native::{Args, GetSetDef, MethodDef, TypeCell, TypeDef};
use interpreter::objects::{dict, module, typeobject};
use interpreter::types::slots::SlotTable;
use interpreter::types::type_of;
use interpreter::{PyResult, Slot, Thread, Value, objects as o, ops};

/// The metaclass.
pub(super) static POINTER_META: TypeDef = TypeDef {
    module: "_ctypes",
    doc: Some("metatype for the Pointer Objects"),
    base: Some(&typeobject::TYPE),
    slots: SlotTable { new: Some(new_type), repeat: Some(data::repeat), ..SlotTable::EMPTY },
    methods: &[
        FROM_ADDRESS,
        FROM_BUFFER,
        FROM_BUFFER_COPY,
        IN_DLL,
        MethodDef::new(
            "from_param",
            from_param,
            1,
            1,
            0,
            "Convert a Python object into a function call parameter.",
        ),
        MethodDef::new("set_type", set_type, 1, 1, 0, ""),
    ],
    ..TypeDef::new("PyCPointerType", META)
};

/// `_Pointer`.
pub(super) static POINTER: TypeDef = TypeDef {
    module: "_ctypes",
    doc: Some("XXX to be provided"),
    base: Some(&CDATA),
    meta: Some(&POINTER_META),
    slots: SlotTable {
        new: Some(new),
        init: Some(init),
        nonzero: Some(|th, v| Ok(data(th, v)?.pointer(th)? != 0)),
        getitem: Some(getitem),
        setitem: Some(setitem),
        getslice: Some(getslice),
        ..SlotTable::EMPTY
    },
    getset: &[GetSetDef {
        name: "contents",
        get: get_contents,
        set: Some(set_contents),
        doc: "the object this pointer points to (read-write)",
    }],
    ..TypeDef::new("_Pointer", KIND)
};

/// The dict of pointer types by target, once made.
static CACHE: TypeCell = TypeCell::new();

/// `_pointer_type_cache`: made once, for good.
pub(super) fn add_cache(th: &mut Thread, m: Value) -> PyResult<()> {
    let cache = cache(th)?;
    module::add(th, m, "_pointer_type_cache", cache)
}

fn cache(th: &mut Thread) -> PyResult {
    if !CACHE.is_set() {
        th.become_inevitable()?;
        if !CACHE.is_set() {
            let d = th.new_dict();
            th.m.make_old_now(d.obj_unchecked());
            th.rt.roots.lock().push(d);
            CACHE.set(d);
        }
    }
    Ok(Value::from_bits(CACHE.bits()).unwrap_or(Value::NONE))
}

fn attach(th: &mut Thread, class: Value, target: Slot) -> PyResult<()> {
    let format = match target.map(|t| (t, info::of_class(t))) {
        Some((_, Some(t))) => format!("&{}", t.info().whole_format()),
        Some((t, None)) => {
            let text = if t.cast::<PyType>().is_some() {
                "_type_ must have storage info"
            } else {
                "_type_ must be a type"
            };
            return Err(th.type_error(text));
        }
        None => "&B".into(),
    };
    let info = Info {
        length: 1,
        pointers: true,
        format,
        passed: Passed::Simple(b'P'),
        ..Info::new(Sort::Pointer, 8, 8)
    };
    info::attach(th, class, info, target, Signature::default())
}

fn new_type(th: &mut Thread, meta: Value, args: Args<'_>) -> PyResult {
    let own = args.get(2);
    let class = typeobject::new(th, meta, args)?;
    if info::of_class(class).is_some() {
        return Ok(class);
    }
    let name = th.intern(b"_type_");
    let target = match own {
        Some(d) if dict::is_dict(d) => dict::get_str(th, d, name)?,
        _ => None,
    };
    attach(th, class, target)?;
    Ok(class)
}

fn set_type(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (class, target) = (args.pos[0], args.pos[1]);
    attach(th, class, Some(target))?;
    if let Some(t) = class.cast::<PyType>() {
        let name = th.intern(b"_type_");
        interpreter::types::modify::set_attribute(th, t, name, Some(target))?;
    }
    Ok(Value::NONE)
}

fn from_param(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (class, v) = (args.pos[0], args.pos[1]);
    if v.is_none() {
        return Ok(v);
    }
    if let Some(target) = info::of_class(class).and_then(CType::target) {
        if ops::isinstance(th, v, target)? {
            return param::byref(th, Args::positional(&[v]));
        }
        if let Some(t) = info::of(v)
            && matches!(t.info().sort, Sort::Pointer | Sort::Array)
            && let Some(own) = t.target()
            && ops::issubclass(th, own, target)?
        {
            return Ok(v);
        }
    }
    data::from_param(th, args)
}

fn new(th: &mut Thread, class: Value, _: Args<'_>) -> PyResult {
    if info::of_class(class).and_then(CType::target).is_none() {
        return Err(th.type_error("Cannot create instance: has no _type_"));
    }
    memory::fresh(th, class)
}

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    if args.len() > 1 {
        let n = args.len();
        return Err(th.type_error(format!("POINTER() takes at most 1 argument ({n} given)")));
    }
    match args.get(0) {
        Some(x) => set_contents(th, v, Some(x)),
        None => Ok(()),
    }
}

fn target(th: &mut Thread, v: Value) -> PyResult {
    match info::of(v).and_then(CType::target) {
        Some(t) => Ok(t),
        None => Err(th.type_error("Pointer does not have a _type_")),
    }
}

/// The address it holds; ValueError for the null pointer.
fn address(th: &mut Thread, v: Value) -> PyResult<usize> {
    match data(th, v)?.pointer(th)? {
        0 => Err(th.value_error("NULL pointer access")),
        n => Ok(n),
    }
}

/// Among the objects that a pointer keeps alive, the one whose memory an address lies in. It is looked for among a few.
fn known(th: &mut Thread, v: Value, at: usize) -> PyResult<Slot> {
    let d = data(th, v)?;
    let Some(objects) = d.slot(th, OBJECTS)?.and_then(|o| o.cast::<PyDict>()) else { return Ok(None) };
    let mut position = 0;
    for _ in 0..8 {
        let Some((_, x)) = dict::next_entry(th, objects, &mut position)? else { break };
        if memory::is_data(x) {
            let d = data(th, x)?;
            if (d.address..d.address + d.size).contains(&at) {
                return Ok(Some(x));
            }
        }
    }
    Ok(None)
}

fn get_contents(th: &mut Thread, v: Value) -> PyResult {
    let at = address(th, v)?;
    let target = target(th, v)?;
    let known = known(th, v, at)?;
    memory::pointee(th, target, v, 0, at, known)
}

fn set_contents(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let Some(x) = x else { return Err(th.type_error("Pointer does not support item deletion")) };
    let target = target(th, v)?;
    if !memory::is_data(x) || !ops::isinstance(th, x, target)? {
        let (want, got) = (value::class_name(target), ops::type_name(x));
        return Err(th.type_error(format!("expected {want} instead of {got}")));
    }
    let to = data(th, x)?.address as u64;
    data(th, v)?.write(th, 0, &to.to_ne_bytes())?;
    refs::keep(th, v, 1, x)?;
    let kept = refs::kept(th, x)?;
    refs::keep(th, v, 0, kept)
}

/// Item `i`, as an object for the memory it lies in: a stand-in that reading and writing go through.
fn place(th: &mut Thread, v: Value, i: i64) -> PyResult<(Value, Value)> {
    let at = address(th, v)?;
    let target = target(th, v)?;
    let size = memory::concrete(th, target)?.info().size as i64;
    let at = (at as i64).wrapping_add(i.wrapping_mul(size)) as usize;
    let known = known(th, v, at)?;
    Ok((target, memory::pointee(th, target, v, i as usize, at, known)?))
}

fn item(th: &mut Thread, v: Value, i: i64) -> PyResult {
    let (target, place) = place(th, v, i)?;
    let t = memory::concrete(th, target)?;
    match value::converted(target, t) {
        Some(letter) => {
            let d = data(th, place)?;
            value::load(th, &d, 0, letter, t.info().swapped)
        }
        None => Ok(place),
    }
}

fn is_index(k: Value) -> bool {
    ops::exact_integer(k).is_some() || ops::slots_of(k).index.is_some()
}

fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    if let Some(s) = k.cast::<PySlice>() {
        return slice(th, v, s.get().start, s.get().stop, s.get().step);
    }
    if !is_index(k) {
        return Err(th.type_error("Pointer indices must be integer"));
    }
    let i = ops::index_i64(th, k, None)?;
    item(th, v, i)
}

fn slice(th: &mut Thread, v: Value, start: Value, stop: Value, step: Value) -> PyResult {
    let step = if step.is_none() { 1 } else { ops::index_i64(th, step, Some(&o::exceptions::VALUE_ERROR))? };
    if step == 0 {
        return Err(th.value_error("slice step cannot be zero"));
    }
    let start = if start.is_none() {
        if step < 0 {
            return Err(th.value_error("slice start is required for step < 0"));
        }
        0
    } else {
        ops::index_i64(th, start, Some(&o::exceptions::VALUE_ERROR))?
    };
    if stop.is_none() {
        return Err(th.value_error("slice stop is required"));
    }
    let stop = ops::index_i64(th, stop, Some(&o::exceptions::VALUE_ERROR))?;
    let span = if step > 0 { stop as i128 - start as i128 } else { start as i128 - stop as i128 };
    let n = if span <= 0 { 0 } else { (span - 1) / (step as i128).abs() + 1 };
    items(th, v, start, step, n)
}

fn getslice(th: &mut Thread, v: Value, i: i64, j: i64) -> PyResult {
    items(th, v, i, 1, (j as i128 - i as i128).max(0))
}

/// `n` items as a list; characters as text.
fn items(th: &mut Thread, v: Value, start: i64, step: i64, n: i128) -> PyResult {
    let Ok(n) = usize::try_from(n) else { return Err(th.memory_error()) };
    if n > isize::MAX as usize / 16 {
        return Err(th.memory_error());
    }
    let target = target(th, v)?;
    let letter = memory::concrete(th, target)?.info().letter;
    if matches!(letter, b'c' | b'u') {
        let size = if letter == b'c' { 1 } else { 4 };
        th.check_room(n * size)?;
        let mut out = Vec::new();
        if n > 0 {
            let at = address(th, v)?;
            th.become_inevitable()?;
            for i in 0..n as i64 {
                let p = (at as i64).wrapping_add((start + i * step).wrapping_mul(size as i64)) as *const u8;
                // SAFETY: where pointers point to is the program's affair.
                out.extend_from_slice(unsafe { std::slice::from_raw_parts(p, size) });
            }
        }
        return if letter == b'c' { th.try_str(&out) } else { super::text::from_wide(th, &out) };
    }
    th.check_room(n.saturating_mul(8))?;
    let out = th.m.root_vec();
    for i in 0..n as i64 {
        let x = item(th, v, start + i * step)?;
        out.push(x.bits());
        if i % 1024 == 1023 {
            th.native_poll()?;
        }
    }
    th.new_list(ops::values(&out))
}

fn setitem(th: &mut Thread, v: Value, k: Value, x: Slot) -> PyResult<()> {
    let Some(x) = x else { return Err(th.type_error("Pointer does not support item deletion")) };
    if !is_index(k) {
        return Err(th.type_error("Pointer indices must be integer"));
    }
    let i = ops::index_i64(th, k, None)?;
    let (target, place) = place(th, v, i)?;
    let t = memory::concrete(th, target)?;
    let keep = value::store(th, target, t, place, 0, x)?;
    refs::keep(th, v, i as usize, keep)
}

/// `POINTER(class)`
pub(super) fn pointer_type(th: &mut Thread, args: Args<'_>) -> PyResult {
    let of = args.pos[0];
    let cache = cache(th)?;
    if let Some(class) = dict::get(th, cache, of)? {
        return Ok(class);
    }
    let ns = th.new_dict();
    let name = if let Some(s) = of.payload::<PyStr>() {
        String::from_utf8_lossy(s.get().bytes()).into_owned()
    } else if let Some(t) = of.cast::<PyType>() {
        let n = th.intern(b"_type_");
        dict::set_str(th, ns, n, of)?;
        t.name()
    } else {
        return Err(th.type_error("must be a ctypes type"));
    };
    let name = th.try_str(format!("LP_{name}").as_bytes())?;
    let bases = th.try_tuple(&[POINTER.class()])?;
    let class = ops::call(th, POINTER_META.class(), &[name, bases, ns])?;
    // An incomplete type is found by its address, until it gets its target.
    let key = if of.payload::<PyStr>().is_some() { id_of(th, class)? } else { of };
    dict::set(th, cache, key, class)?;
    Ok(class)
}

/// As `id()` gives it.
fn id_of(th: &mut Thread, v: Value) -> PyResult {
    th.integer_i128(v.bits() as i128)
}

/// `pointer(object)`
pub(super) fn pointer_to(th: &mut Thread, args: Args<'_>) -> PyResult {
    let class = type_of(args.pos[0]).value();
    let t = pointer_type(th, Args::positional(&[class]))?;
    ops::call(th, t, &[args.pos[0]])
}
