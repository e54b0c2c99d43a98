//! Parameter flags of prototypes: default values, keywords, parameters that are results.

use super::info::{self, Sort};
use interpreter::layout::{PyStr, PyTuple, PyType};
use interpreter::native::Args;
use interpreter::{PyResult, Slot, Thread, Value, ops};

const IN: i64 = 1;
const OUT: i64 = 2;
/// An input that is zero unless there is a default.
const LCID: i64 = 4;

/// The arguments of a call, and which of them are results too.
#[derive(Default)]
pub(super) struct Built {
    /// A tuple; none: as they were given.
    pub args: Slot,
    /// Bit masks of arguments.
    out: u64,
    in_out: u64,
}

/// One parameter: flags, name, default.
fn parameter(v: Value) -> Option<(i64, Slot, Slot)> {
    let items = v.payload::<PyTuple>()?.get().items();
    if items.is_empty() || items.len() > 3 {
        return None;
    }
    let name = items.get(1).copied().filter(|n| !n.is_none());
    if name.is_some_and(|n| n.payload::<PyStr>().is_none()) {
        return None;
    }
    Some((ops::int_value(items[0])?, name, items.get(2).copied()))
}

/// Checks flags against the argument types they belong to. None: there are no types.
pub(super) fn check(th: &mut Thread, argtypes: Slot, flags: Value) -> PyResult<Slot> {
    let Some(types) = argtypes.and_then(|a| a.cast::<PyTuple>()) else { return Ok(None) };
    let Some(all) = flags.payload::<PyTuple>() else {
        return Err(th.type_error("paramflags must be a tuple or None"));
    };
    if all.len != types.len {
        return Err(th.value_error("paramflags must have the same length as argtypes"));
    }
    for (i, (p, class)) in all.get().items().iter().zip(types.get().items()).enumerate() {
        let Some((flag, _, _)) = parameter(*p) else {
            return Err(th.type_error("paramflags must be a sequence of (int [,string [,value]]) tuples"));
        };
        match flag & (IN | OUT | LCID) {
            OUT if !may_be_out(*class) => {
                let name = class.cast::<PyType>().map_or("???".into(), |t| t.name());
                return Err(
                    th.type_error(format!("'out' parameter {} must be a pointer type, not {name}", i + 1))
                );
            }
            0 | IN | OUT | 3 | 5 => {}
            _ => return Err(th.type_error(format!("paramflag value {flag} not supported"))),
        }
    }
    Ok(Some(flags))
}

fn may_be_out(class: Value) -> bool {
    info::of_class(class).is_some_and(|t| match t.info().sort {
        Sort::Pointer | Sort::Array => true,
        Sort::Simple => b"PzZ".contains(&t.info().letter),
        _ => false,
    })
}

/// The next argument: by position, by name, or the default.
fn next(th: &mut Thread, args: Args<'_>, used: &mut usize, name: Slot, default: Slot) -> PyResult {
    if let Some(v) = args.get(*used) {
        *used += 1;
        return Ok(v);
    }
    if let Some(n) = name
        && let Some((_, v)) = args.keywords().find(|(k, _)| th.str_bytes(*k) == th.str_bytes(n))
    {
        *used += 1;
        return Ok(v);
    }
    match (default, name) {
        (Some(v), _) => Ok(v),
        (None, Some(n)) => {
            let n = String::from_utf8_lossy(th.str_bytes(n)).into_owned();
            Err(th.type_error(format!("required argument '{n}' missing")))
        }
        (None, None) => Err(th.type_error("not enough arguments")),
    }
}

/// What a function is called with.
pub(super) fn build(th: &mut Thread, argtypes: Slot, flags: Slot, args: Args<'_>) -> PyResult<Built> {
    let types = argtypes.and_then(|a| a.payload::<PyTuple>()).map_or(&[][..], |t| t.get().items());
    let Some(flags) = flags.and_then(|f| f.payload::<PyTuple>()).filter(|_| !types.is_empty()) else {
        return Ok(Built::default());
    };
    let mut built = Built::default();
    let all = th.m.root_vec();
    let mut used = 0;
    for (i, class) in types.iter().enumerate() {
        let Some((flag, name, default)) = flags.get().items().get(i).copied().and_then(parameter) else {
            return Err(th.type_error("paramflags must be a sequence of (int [,string [,value]]) tuples"));
        };
        let bit = 1u64.checked_shl(i as u32).unwrap_or(0);
        let v = match flag & (IN | OUT | LCID) {
            5 => default.unwrap_or(Value::int_unchecked(0)),
            0 | IN => next(th, args, &mut used, name, default)?,
            3 => {
                built.out |= bit;
                built.in_out |= bit;
                next(th, args, &mut used, name, default)?
            }
            OUT => {
                built.out |= bit;
                match default {
                    Some(v) => v,
                    None => fresh(th, *class)?,
                }
            }
            _ => return Err(th.value_error(format!("paramflags value {flag} not yet implemented"))),
        };
        all.push(v.bits());
    }
    let given = args.len() + args.kw.len() / 2;
    if given != used {
        return Err(th.type_error(format!("call takes exactly {used} arguments ({given} given)")));
    }
    built.args = Some(th.try_tuple(ops::values(&all))?);
    Ok(built)
}

/// Room for a result: an array, or what a pointer points to.
fn fresh(th: &mut Thread, class: Value) -> PyResult {
    let Some(t) = info::of_class(class) else {
        return Err(th.runtime_error("NULL stgdict unexpected"));
    };
    let of = match (t.info().sort, t.target()) {
        (Sort::Array, _) => class,
        (Sort::Pointer, Some(target)) => target,
        _ => {
            let name = super::value::class_name(class);
            return Err(th.type_error(format!("{name} 'out' parameter must be passed as default value")));
        }
    };
    ops::call(th, of, &[])
}

/// The result of a call: that of the function, or the parameters that are results.
pub(super) fn result(th: &mut Thread, result: Value, built: &Built) -> PyResult {
    let Some(args) = built.args.and_then(|a| a.cast::<PyTuple>()).filter(|_| built.out != 0) else {
        return Ok(result);
    };
    let name = th.intern(b"__ctypes_from_outparam__");
    let out = th.m.root_vec();
    for (i, v) in args.get().items().iter().enumerate().take(64) {
        let bit = 1u64 << i;
        if built.in_out & bit != 0 {
            out.push(v.bits());
        } else if built.out & bit != 0 {
            let f = ops::getattr(th, *v, name)?;
            let r = ops::call(th, f, &[])?;
            out.push(r.bits());
        }
    }
    match ops::values(&out) {
        [one] => Ok(*one),
        all => th.try_tuple(all),
    }
}
