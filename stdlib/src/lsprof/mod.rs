//! `_lsprof`: what `cProfile` is made of. A profiler keeps, for each function and each pair of caller and callee, how
//! often it was called and how long it took. All of it lies in heap records, so that an abort takes changes back.

mod events;
mod profiler;
mod stats;

use interpreter::PyResult;
use interpreter::Thread;
use interpreter::Value;
use interpreter::native::ModuleDef;
use interpreter::objects as o;

/// `_lsprof`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_lsprof",
    doc: Some("Fast profiler"),
    functions: &[],
    types: &[&profiler::PROFILER],
    init: Some(init),
};

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    crate::ready(th, &[&events::ENTRY, &events::CONTEXT])?;
    for (name, def, n) in [("profiler_entry", &stats::FUNCTION, 6), ("profiler_subentry", &stats::CALL, 5)] {
        let class = o::structseq::ready(th, def, n, n)?;
        o::module::add(th, m, name, class)?;
    }
    Ok(())
}
