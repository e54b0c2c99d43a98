//! The list of filters: which action a warning meets.

use super::{loaded, variable};
use interpreter::layout::{PyStr, PyTuple};
use interpreter::objects as o;
use interpreter::objects::exceptions as exc;
use interpreter::{PyResult, Slot, Thread, Value, ops};

/// The filters at start-up, by the command line's options.
pub(super) fn initial(th: &mut Thread) -> PyResult {
    let s = &th.rt.settings;
    let quiet = !s.py3k_warning && s.division_warning == 0;
    let bytes_action = match s.bytes_warning {
        0 => "ignore",
        1 => "default",
        _ => "error",
    };
    let rows = [
        (quiet, "ignore", &exc::DEPRECATION_WARNING),
        (true, "ignore", &exc::PENDING_DEPRECATION_WARNING),
        (true, "ignore", &exc::IMPORT_WARNING),
        (true, bytes_action, &exc::BYTES_WARNING),
    ];
    let list = th.new_list(&[])?;
    let append = interpreter::names::append.get(th);
    for (wanted, action, category) in rows {
        if wanted {
            let action = th.intern(action.as_bytes());
            let t =
                th.new_tuple(&[action, Value::NONE, category.class(), Value::NONE, Value::int_unchecked(0)]);
            let f = ops::getattr(th, list, append)?;
            ops::call(th, f, &[t])?;
        }
    }
    Ok(list)
}

/// The five fields of filter `i` (tuple, fields), or none past the end.
fn entry(th: &mut Thread, filters: Value, i: i64) -> PyResult<Option<(Value, [Value; 5])>> {
    if i as usize >= ops::len(th, filters)? {
        return Ok(None);
    }
    let i_value = th.int(i);
    let item = ops::getitem(th, filters, i_value)?;
    match item.payload::<PyTuple>().map(|t| t.get().items()) {
        Some(&[a, b, c, d, e]) => Ok(Some((item, [a, b, c, d, e]))),
        _ => Err(th.value_error(format!("_warnings.filters item {i} isn't a 5-tuple"))),
    }
}

fn filters(th: &mut Thread) -> PyResult<Slot> {
    let own = loaded(th, "_warnings", "filters")?;
    let f = match loaded(th, "warnings", "filters")? {
        Some(f) => {
            // Kept for when the attribute is gone.
            if own != Some(f) {
                keep(th, f)?;
            }
            f
        }
        None => match own {
            Some(f) => f,
            None => return Ok(None),
        },
    };
    if f.payload::<interpreter::layout::PyList>().is_none() {
        return Err(th.value_error("_warnings.filters must be a list"));
    }
    Ok(Some(f))
}

/// Makes a list of filters the one of this module.
fn keep(th: &mut Thread, filters: Value) -> PyResult<()> {
    let Some(modules) = th.rt.modules.get() else { return Ok(()) };
    let name = th.intern(b"_warnings");
    match o::dict::get_str(th, modules, name)? {
        Some(m) => {
            let name = th.intern(b"filters");
            ops::setattr(th, m, name, Some(filters))
        }
        None => Ok(()),
    }
}

/// True if the first filter for the category ignores it whatever else it says: nothing needs to be looked at then.
pub(super) fn plainly_ignored(th: &mut Thread, category: Value) -> PyResult<bool> {
    let Some(list) = filters(th)? else { return Ok(false) };
    let mut i = 0;
    while let Some((_, [action, message, cat, module, lineno])) = entry(th, list, i)? {
        i += 1;
        if !exc::class_matches(th, category, cat) {
            continue;
        }
        let plain = message.is_none() && module.is_none() && ops::int_value(lineno) == Some(0);
        return Ok(plain && action.payload::<PyStr>().is_some_and(|s| s.get().bytes() == b"ignore"));
    }
    Ok(false)
}

/// Whether a filter's pattern (None or something with `match`) fits a text.
fn fits(th: &mut Thread, pattern: Value, text: Value) -> PyResult<bool> {
    if pattern.is_none() {
        return Ok(true);
    }
    let name = th.intern(b"match");
    let f = ops::getattr(th, pattern, name)?;
    let r = ops::call(th, f, &[text])?;
    ops::is_true(th, r)
}

/// The action for a warning, and the filter that says so.
pub(super) fn action(
    th: &mut Thread,
    category: Value,
    text: Value,
    lineno: i64,
    module: Value,
) -> PyResult<(Value, Value)> {
    if let Some(list) = filters(th)? {
        let mut i = 0;
        while let Some((item, [action, message, cat, mod_pattern, line])) = entry(th, list, i)? {
            i += 1;
            let good_message = fits(th, message, text)?;
            let good_module = fits(th, mod_pattern, module)?;
            let good_category = ops::issubclass(th, category, cat)?;
            let line = ops::integer_arg(th, line)?;
            if good_message && good_module && good_category && (line == 0 || line == lineno) {
                if action.payload::<PyStr>().is_none() {
                    let n = ops::type_name(action);
                    return Err(th.type_error(format!("action must be a string, not '{n}'")));
                }
                return Ok((action, item));
            }
        }
    }
    match variable(th, "defaultaction", "default_action")? {
        Some(a) if a.payload::<PyStr>().is_none() => {
            let n = ops::type_name(a);
            Err(th.type_error(format!("_warnings.defaultaction must be a string, not '{n}'")))
        }
        Some(a) => Ok((a, Value::NONE)),
        None => Err(th.value_error("_warnings.defaultaction not found")),
    }
}
