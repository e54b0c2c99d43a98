//! `datetime`: dates, times, differences, and the base of time zones.
//!
//! `civil` is the calendar, `data` the objects, `tzinfo` and `aware` what time zones say, `text` the texts.

mod aware;
mod civil;
mod clock;
mod data;
mod date;
mod datetime_methods;
mod datetimes;
mod delta;
mod text;
mod time;
mod tzinfo;

use interpreter::layout::PyType;
use interpreter::native::{ModuleDef, TypeDef};
use interpreter::{PyResult, Thread, Value, import, objects as o};

/// `datetime`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "datetime",
    doc: Some("Fast implementation of the datetime type."),
    functions: &[],
    types: &[&date::DATE, &datetimes::DATETIME, &time::TIME, &delta::DELTA, &tzinfo::TZINFO],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    // Its records of times are made here.
    import::import(th, "time")?;
    let most = data::MAX_DELTA_DAYS * i128::from(civil::DAY);
    let min = data::plain_delta(th, -most)?;
    let max = data::plain_delta(th, most + i128::from(civil::DAY) - 1)?;
    let resolution = data::plain_delta(th, 1)?;
    set_constants(th, &delta::DELTA, min, max, resolution)?;
    date::constants(th)?;
    datetimes::constants(th)?;
    time::constants(th)?;
    o::module::add_int(th, m, "MINYEAR", (*civil::YEARS.start()).into())?;
    o::module::add_int(th, m, "MAXYEAR", (*civil::YEARS.end()).into())
}

/// The attributes `min`, `max` and `resolution` of a type that nobody has seen yet.
fn set_constants(th: &mut Thread, def: &TypeDef, min: Value, max: Value, resolution: Value) -> PyResult<()> {
    let Some(t) = def.class().cast::<PyType>() else { return Ok(()) };
    for (name, v) in [("min", min), ("max", max), ("resolution", resolution)] {
        let name = th.intern(name.as_bytes());
        o::dict::set_str(th, t.unguarded().dict.get(), name, v)?;
    }
    Ok(())
}
