//! `make_encoder`: an object that is called with a value and gives pieces of JSON text.

use super::encode::Encoding;
use super::settings::{member, setting};
use interpreter::kinds::kind;
use interpreter::layout::PyBuiltin;
use interpreter::native::{Args, TypeDef};
use interpreter::objects::dict::is_dict;
use interpreter::types::slots::SlotTable;
use interpreter::types::wrap_new;
use interpreter::{PyResult, Slot, Thread, Value, ops};

/// The arguments, in order of the slots.
const NAMES: [&str; 9] = [
    "markers",
    "default",
    "encoder",
    "indent",
    "key_separator",
    "item_separator",
    "sort_keys",
    "skipkeys",
    "allow_nan",
];

/// `_json.Encoder`.
pub static ENCODER: TypeDef = TypeDef {
    module: "_json",
    doc: Some("_iterencode(obj, _current_indent_level) -> iterable"),
    slots: SlotTable { new: Some(new), call: Some(call), ..SlotTable::EMPTY },
    getset: &[
        member::<0>("markers"),
        member::<1>("default"),
        member::<2>("encoder"),
        member::<3>("indent"),
        member::<4>("key_separator"),
        member::<5>("item_separator"),
        member::<6>("sort_keys"),
        member::<7>("skipkeys"),
    ],
    ..TypeDef::new("Encoder", kind::RECORD)
};

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let mut parts: [Slot; 9] = args.bind(th, "make_encoder", NAMES, 9)?;
    let markers = parts[0].unwrap_or(Value::NONE);
    if !markers.is_none() && !is_dict(markers) {
        let n = ops::type_name(markers);
        return Err(th.type_error(format!("make_encoder() argument 1 must be dict or None, not {n}")));
    }
    let allow_nan = parts[8].unwrap_or(Value::NONE);
    parts[8] = Some(Value::from_bool(ops::is_true(th, allow_nan)?));
    let base = th.new_record(&ENCODER, &parts);
    wrap_new(th, class, &ENCODER, base)
}

fn call(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    let [value, level] = args.bind(th, "_iterencode", ["obj", "_current_indent_level"], 2)?;
    ops::integer_arg(th, level.unwrap_or(Value::NONE))?;
    let encoder = setting(th, v, 2)?;
    let fast = encoder.cast::<PyBuiltin>().is_some_and(|b| {
        std::ptr::fn_addr_eq(
            b.get().def.func,
            super::escape::encode_basestring_ascii as interpreter::native::NativeFn,
        )
    });
    let (sort_keys, skip_keys) = (setting(th, v, 6)?, setting(th, v, 7)?);
    let mut e = Encoding {
        out: Vec::new(),
        pieces: th.m.root_vec(),
        check_circles: !setting(th, v, 0)?.is_none(),
        open: Vec::new(),
        default: setting(th, v, 1)?,
        encoder: (!fast).then_some(encoder),
        key_separator: setting(th, v, 4)?,
        item_separator: setting(th, v, 5)?,
        sort_keys: ops::is_true(th, sort_keys)?,
        skip_keys: ops::is_true(th, skip_keys)?,
        allow_nan: setting(th, v, 8)? == Value::TRUE,
        steps: 0,
    };
    e.value(th, value.unwrap_or(Value::NONE))?;
    e.finish(th)
}
