//! The lines typed so far.

use super::state::{self, Field};
use crate::arguments::text;
use interpreter::native::Args;
use interpreter::{PyResult, Thread, Value, ops};

pub fn add(th: &mut Thread, args: Args<'_>) -> PyResult {
    let line = text(th, args.pos[0], "add_history", 1)?;
    state::push(th, Field::History, &line)?;
    Ok(Value::NONE)
}

pub fn clear(th: &mut Thread, _: Args<'_>) -> PyResult {
    let empty = th.new_list(&[])?;
    state::set(th, Field::History, empty)?;
    Ok(Value::NONE)
}

pub fn length(th: &mut Thread, _: Args<'_>) -> PyResult {
    let h = state::get(th, Field::History)?;
    let n = ops::len(th, h)?;
    Ok(th.int(n as i64))
}

pub fn item(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = i64::from(ops::int32_arg(th, args.pos[0])?);
    let h = state::get(th, Field::History)?;
    if n < 1 || n as usize > ops::len(th, h)? {
        return Ok(Value::NONE);
    }
    let i = th.int(n - 1);
    ops::getitem(th, h, i)
}

/// A position, counted from 0, at which there is a line.
fn position(th: &mut Thread, v: Value) -> PyResult<Value> {
    let n = i64::from(ops::int32_arg(th, v)?);
    if n < 0 {
        return Err(th.value_error("History index cannot be negative"));
    }
    let h = state::get(th, Field::History)?;
    if n as usize >= ops::len(th, h)? {
        return Err(th.value_error(format!("No history item at position {n}")));
    }
    Ok(th.int(n))
}

pub fn remove(th: &mut Thread, args: Args<'_>) -> PyResult {
    let at = position(th, args.pos[0])?;
    let h = state::get(th, Field::History)?;
    ops::setitem(th, h, at, None)?;
    Ok(Value::NONE)
}

pub fn replace(th: &mut Thread, args: Args<'_>) -> PyResult {
    // The number is judged first, its place only once the line is known to be one.
    ops::int32_arg(th, args.pos[0])?;
    let line = text(th, args.pos[1], "replace_history_item", 2)?;
    let at = position(th, args.pos[0])?;
    let h = state::get(th, Field::History)?;
    let line = th.try_str(&line)?;
    ops::setitem(th, h, at, Some(line))?;
    Ok(Value::NONE)
}

/// A line the user has entered: kept unless it is empty or the same as the last.
pub fn entered(th: &mut Thread, line: &[u8]) -> PyResult<()> {
    let h = state::get(th, Field::History)?;
    let n = ops::len(th, h)?;
    if line.is_empty() {
        return Ok(());
    }
    if n > 0 {
        let i = th.int(n as i64 - 1);
        let last = ops::getitem(th, h, i)?;
        if th.str_bytes(last) == line {
            return Ok(());
        }
    }
    state::push(th, Field::History, line)
}
