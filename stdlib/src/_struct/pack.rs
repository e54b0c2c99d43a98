//! Packing and unpacking one format.

use super::refused;
use interpreter::buffer::{Buffer, argument, writable};
use interpreter::layout::{PyLong, PyStr};
use interpreter::native::Args;
use interpreter::{PyResult, Slot, Thread, Value, objects as o, ops};
use numtext::structure::{self as core, Format};

/// The integer that a value packs as. Beyond `i128` it is the end of that range.
fn integer(th: &mut Thread, v: Value) -> PyResult<i128> {
    if let Some(n) = ops::int_value(v) {
        return Ok(n as i128);
    }
    let v = if v.payload::<PyLong>().is_some() {
        v
    } else if let Some(i) = by_index(th, v)? {
        i
    } else {
        let s = ops::slots_of(v);
        let Some(f) = s.int.or(s.long) else { return Err(refused(th, core::integer_required())) };
        let kind = if o::float::float_value(v).is_some() { "float" } else { "non-integer" };
        let text = format!("integer argument expected, got {kind}");
        interpreter::warnings::warn(th, &o::exceptions::DEPRECATION_WARNING, text, 1)?;
        f(th, v)?
    };
    match ops::exact_integer(v) {
        Some(n) => {
            let low = n.sign() == num_bigint::Sign::Minus;
            Ok(i128::try_from(&n).unwrap_or(if low { i128::MIN } else { i128::MAX }))
        }
        None => Err(refused(th, core::integer_required())),
    }
}

/// What `__index__` gives; none without one, or if that raises TypeError.
fn by_index(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let Some(f) = ops::slots_of(v).index else { return Ok(None) };
    match f(th, v) {
        Ok(i) => Ok(Some(i)),
        Err(e) => {
            e.catch_if(th, o::exceptions::TYPE_ERROR.class())?;
            Ok(None)
        }
    }
}

/// The values as bytes.
fn bytes(th: &mut Thread, f: &Format, values: &[Value]) -> PyResult<Vec<u8>> {
    f.check_count(values.len()).map_err(|e| refused(th, e))?;
    let Some(mut out) = interpreter::text::replace::reserved::<u8>(f.size) else {
        return Err(th.memory_error());
    };
    out.resize(f.size, 0);
    let mut values = values.iter().copied();
    for item in &f.items {
        let unit = |i: usize| item.offset + i * item.size..item.offset + (i + 1) * item.size;
        match item.code {
            b'x' => {}
            b's' | b'p' => {
                let v = values.next().unwrap_or(Value::NONE);
                let Some(s) = v.payload::<PyStr>() else {
                    return Err(refused(th, core::string_required(item.code)));
                };
                core::pack_string(
                    item.code,
                    s.get().bytes(),
                    &mut out[item.offset..item.offset + item.repeat],
                );
            }
            code => {
                for i in 0..item.repeat {
                    let v = values.next().unwrap_or(Value::NONE);
                    let slot = unit(i);
                    let r = match code {
                        b'c' => match v.payload::<PyStr>() {
                            Some(s) => core::pack_char(s.get().bytes(), &mut out[slot]),
                            None => Err(core::char_required()),
                        },
                        b'?' => {
                            let truth = ops::is_true(th, v)?;
                            core::pack_bool(truth, &mut out[slot]);
                            Ok(())
                        }
                        b'f' | b'd' => match ops::float_arg(th, v) {
                            Ok(x) => core::pack_float(f.mode, code, x, &mut out[slot]),
                            Err(e) => {
                                e.catch(th)?;
                                Err(core::float_required())
                            }
                        },
                        _ => {
                            let n = integer(th, v)?;
                            core::pack_int(f.mode, code, n, &mut out[slot])
                        }
                    };
                    r.map_err(|e| refused(th, e))?;
                }
            }
        }
    }
    Ok(out)
}

/// `pack`.
pub fn to_str(th: &mut Thread, f: &Format, values: &[Value]) -> PyResult {
    let b = bytes(th, f, values)?;
    o::str::from_bytes(th, &b)
}

/// `pack_into(buffer, offset, values...)`.
pub fn into(th: &mut Thread, f: &Format, args: &[Value]) -> PyResult {
    let missing = match args.len() {
        0 => Some("pack_into expected buffer argument"),
        1 => Some("pack_into expected offset argument"),
        _ => None,
    };
    if let Some(m) = missing {
        return Err(th.raise_def(&super::ERROR, m));
    }
    let (wanted, given) = (f.values(), args.len() - 2);
    if wanted != given {
        return Err(th.raise_def(
            &super::ERROR,
            format!("pack_into expected {wanted} items for packing (got {given})"),
        ));
    }
    if let Err(e) = writable(th, args[0], "") {
        e.catch(th)?;
        let n = ops::type_name(args[0]);
        return Err(th.type_error(format!("argument must be read-write buffer, not {n}")));
    }
    let offset = ops::integer_arg(th, args[1])?;
    let b = bytes(th, f, &args[2..])?;
    let target = writable(th, args[0], "argument must be read-write buffer")?;
    let at = f.check_buffer(target.len, offset, "pack_into").map_err(|e| refused(th, e))?;
    target.write(th, at, &b)?;
    Ok(Value::NONE)
}

fn values(th: &mut Thread, f: &Format, b: &[u8]) -> PyResult {
    let out = th.m.root_vec();
    for item in &f.items {
        match item.code {
            b'x' => {}
            b's' | b'p' => {
                let text = core::unpack_string(item.code, &b[item.offset..item.offset + item.repeat]);
                out.push(o::str::from_bytes(th, text)?.bits());
            }
            code => {
                for i in 0..item.repeat {
                    let unit = &b[item.offset + i * item.size..][..item.size];
                    let v = match code {
                        b'c' => o::str::one_byte(th, unit[0]),
                        b'?' => Value::from_bool(unit[0] != 0),
                        b'f' | b'd' => {
                            let x = core::unpack_float(f.mode, code, unit);
                            if !x.is_finite()
                                && f.mode != core::Mode::Native
                                && o::float::is_unknown(code == b'd')
                            {
                                let text = "can't unpack IEEE 754 special value on non-IEEE platform";
                                return Err(th.value_error(text));
                            }
                            th.float(x)
                        }
                        _ => {
                            let n = core::unpack_int(f.mode, code, unit);
                            th.integer_i128(n)?
                        }
                    };
                    out.push(v.bits());
                }
            }
        }
    }
    th.try_tuple(ops::values(&out))
}

/// `unpack(string)`.
pub fn unpack(th: &mut Thread, f: &Format, v: Value) -> PyResult {
    let b = if v.payload::<PyStr>().is_some() {
        Buffer::of_bytes(v, th.str_bytes(v))
    } else if ops::slots_of(v).buffer.is_some() {
        argument(th, v, "unpack", 1)?
    } else {
        let n = f.size;
        return Err(th.raise_def(&super::ERROR, format!("unpack requires a string argument of length {n}")));
    };
    f.check_length(b.len).map_err(|e| refused(th, e))?;
    let copy;
    let bytes = if b.readonly {
        b.bytes()
    } else {
        copy = b.bytes().to_vec();
        &copy
    };
    values(th, f, bytes)
}

/// `unpack_from(buffer[, offset])`.
pub fn unpack_from(th: &mut Thread, f: &Format, args: Args<'_>) -> PyResult {
    let [buffer, offset] = args.bind(th, "unpack_from", ["buffer", "offset"], 1)?;
    let offset = match offset {
        Some(o) => ops::integer_arg(th, o)?,
        None => 0,
    };
    let b = argument(th, buffer.unwrap_or(Value::NONE), "unpack_from", 1)?;
    let at = f.check_buffer(b.len, offset, "unpack_from").map_err(|e| refused(th, e))?;
    let bytes = b.bytes()[at..at + f.size].to_vec();
    values(th, f, &bytes)
}
