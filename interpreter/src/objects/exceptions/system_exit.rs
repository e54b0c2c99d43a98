//! `SystemExit`.

use super::data::{self, object_member};
use super::{Family, PLAIN, base};
use crate::native::Args;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::Value;

/// `code`.
pub const CODE: usize = 2;
/// Slots in all.
pub const LEN: usize = 3;

pub(super) const FAMILY: Family = Family {
    slots: SlotTable { init: Some(init), ..PLAIN.slots },
    methods: &[],
    getset: &[object_member!("code", CODE, "the exit status or what to print")],
};

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    base::init(th, v, args)?;
    match args.pos {
        [] => Ok(()),
        [one] => data::set(th, v, CODE, Some(*one)),
        _ => {
            let all = data::args_of(th, v)?.value();
            data::set(th, v, CODE, Some(all))
        }
    }
}
